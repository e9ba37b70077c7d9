//! When a rep counts, by key and at a tempo, and how a set ends.

use super::*;

#[test]
fn by_key_the_rep_counts_when_the_hold_has_ended() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.go().rest();
    assert_eq!(gym.session.deadline(), None, "a set counted by key waits for the key, however long");
    gym.wait(60_000).go();
    let pressed = gym.now;
    gym.wait(1_999);
    assert_eq!(gym.reps(), 0);
    gym.wait(1);
    assert_eq!(gym.reps(), 1);
    assert_eq!(gym.rep_times(), [pressed.plus_millis(2_000).millis()]);
}

#[test]
fn by_key_the_rep_of_the_second_exercise_counts_when_the_way_backward_has_ended() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.say(Input::Skip);
    assert_eq!(gym.step_id(), "behind-band");
    gym.start_set().go();
    let pressed = gym.now;
    gym.wait(4_999);
    assert_eq!(gym.reps(), 0);
    gym.wait(1);
    assert_eq!(gym.rep_times(), [pressed.millis() + 5_000]);
}

#[test]
fn a_key_during_the_hold_changes_nothing_and_on_the_way_back_begins_the_next_hold() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().go().wait(500).go().go();
    assert!(matches!(gym.session.run(), Run::Phase { index: 1, .. }));
    gym.wait(1_500);
    assert!(matches!(gym.session.run(), Run::Phase { index: 2, .. }));
    gym.wait(700).go();
    assert!(matches!(gym.session.run(), Run::Phase { index: 1, .. }));
    gym.wait(2_000);
    assert_eq!(gym.reps(), 2);
}

#[test]
fn every_counted_rep_is_heard_once_and_the_last_with_the_end_of_the_set() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().start_set();
    let before = gym.cues.len();
    gym.rest();
    let told = |wanted: &[Cue]| gym.cues[before..].iter().filter(|(_, cue)| wanted.contains(cue)).count();
    let reps = gym.rep_times().len();
    assert_eq!((told(&[Cue::Rep, Cue::Enough]), told(&[Cue::Enough])), (reps, reps / 15), "of {reps}");

    let of_a_rep = [Cue::Hold, Cue::Rep, Cue::Back, Cue::Forward];
    let cues: Vec<Cue> = gym.cues[before..].iter().map(|(_, cue)| *cue).take(4).collect();
    assert_eq!(cues, of_a_rep, "one start and one end of the hold");
}

#[test]
fn a_hold_after_a_hold_is_told_from_its_beginning() {
    let toml = "[exercise.wall-lean]\nreps = [3, 3]\nsides = \"both\"\nrounds = 1\n";
    let mut gym = Gym::enter(changed("wall-lean", toml), Pacing::Paced);
    gym.answer("none");
    gym.start_set();
    let before = gym.cues.len();
    gym.rest();
    let cues: Vec<Cue> = gym.cues[before..].iter().map(|(_, cue)| *cue).collect();
    assert_eq!(cues, [Cue::Rep, Cue::HoldEnd, Cue::Rep, Cue::HoldEnd, Cue::SetDone, Cue::Finished]);
}

#[test]
fn the_set_ends_by_itself_at_the_top_of_the_range_and_says_when_it_is_enough() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(15);
    assert_eq!(gym.stage().part, Part::ChangeOver);
    let enough: Vec<_> = gym.cues.iter().filter(|(_, cue)| *cue == Cue::Enough).collect();
    assert_eq!(enough.len(), 1);
    assert_eq!(enough[0].0.millis(), gym.rep_times()[9]);
    let set = Stage { part: Part::Set, side: Some(Side::Left), ..gym.stage() };
    assert_eq!(gym.session.record().closed(set), Some(Close::Set(SetEnd::Full)));
}

#[test]
fn a_paced_set_needs_no_hand_from_its_first_rep_to_the_other_ankle() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().wait(5_000 + 15 * 6_000);
    assert_eq!(gym.stage().part, Part::ChangeOver);
    assert_eq!(gym.rep_times().len(), 15);
    gym.wait(25_000 + 5_000);
    assert!(matches!(gym.session.run(), Run::Phase { index: 0, .. }));
    assert_eq!(gym.stage().side, Some(Side::Right));
}

#[test]
fn a_key_ends_a_paced_set_from_the_low_end_on_and_pauses_it_before() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().wait(5_000 + 3 * 6_000).go();
    assert!(matches!(gym.session.run(), Run::Paused { why: PauseReason::Asked, .. }));
    gym.go().wait(3_000 + 7 * 6_000);
    assert_eq!(gym.reps(), 10);
    gym.go();
    assert!(gym.facts().iter().any(|fact| matches!(fact, Fact::SetEnded { how: SetEnd::Enough, .. })));
}

#[test]
fn thirty_minutes_of_phases_end_at_their_planned_millisecond() {
    let protocol = changed(
        "warm-up",
        "[exercise.front-band]\nreps = [100, 100]\nrounds = 2\nget-ready = 5\n\
         [exercise.front-band.phase.forward]\nseconds = 1.7\n\
         [exercise.front-band.phase.hold]\nseconds = 1.3\n\
         [exercise.front-band.phase.back]\nseconds = 1.9",
    );
    let mut gym = Gym::enter(protocol, Pacing::Paced);
    gym.answer("none").go().go();
    // A clock that is always a little late, as a real one is.
    let mut late = 0;
    while gym.now.millis() < 30 * 60_000 {
        let Some(due) = gym.session.deadline() else { break };
        late = (late * 7 + 13) % 40;
        gym.now = due.plus_millis(late);
        gym.say(Input::Tick);
    }
    assert!(gym.now.millis() >= 30 * 60_000);
    let mut expected = Vec::new();
    let mut begin = 5_000;
    while expected.len() < gym.rep_times().len() {
        expected.extend((0..100).map(|rep| begin + rep * 4_900 + 3_000));
        let between = if (expected.len() / 100) % 2 == 1 { 25_000 } else { 45_000 };
        begin += 100 * 4_900 + between + 5_000;
    }
    expected.truncate(gym.rep_times().len());
    assert!(expected.len() > 300, "{}", expected.len());
    assert_eq!(gym.rep_times(), expected);
}

#[test]
fn a_full_set_that_is_paused_hurt_or_left_on_its_last_way_back_gets_no_further_rep() {
    let full = || {
        let mut gym = Gym::warmed_up(Pacing::Counted);
        gym.start_set().lunge(14).go().wait(2_500);
        assert_eq!(gym.reps(), 15);
        gym
    };
    let mut paused = full();
    paused.say(Input::Pause).go();
    let mut slipped = full();
    slipped.say(Input::Ouch).say(Input::Relieve(Relief::Slip));
    let mut left = full();
    left.session = Session::resume(left.session.protocol().clone(), LEAD_IN, Pacing::Counted, &left.events);
    left.go();
    for gym in [paused, slipped, left] {
        assert_eq!(gym.stage().part, Part::ChangeOver);
        assert_eq!(gym.rep_times().len(), 15);
    }
}

#[test]
fn a_full_set_is_full_however_its_last_way_back_is_cut_short() {
    for input in [Input::EndSet, Input::Skip, Input::End, Input::Go] {
        let mut gym = Gym::warmed_up(Pacing::Counted);
        gym.start_set().lunge(14).go().wait(2_500);
        let set = gym.stage();
        gym.say(input.clone());
        assert_eq!(gym.session.record().closed(set), Some(Close::Set(SetEnd::Full)), "{input:?}");
    }
}

#[test]
fn a_key_on_the_way_backward_does_not_count_the_rep_early() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.say(Input::Skip);
    gym.start_set().go().wait(2_100).go().go();
    assert_eq!(gym.reps(), 0);
    gym.wait(2_900);
    assert_eq!(gym.reps(), 1);
}

#[test]
fn a_set_that_the_program_leads_is_full_with_its_last_rep_also_where_a_key_ends_it_on_the_way_back() {
    let ended = |reps: u16| {
        let mut gym = Gym::warmed_up(Pacing::Paced);
        gym.go().start_set();
        let set = gym.stage();
        while gym.reps() < reps {
            let due = gym.session.deadline().unwrap();
            gym.wait(due.since(gym.now));
        }
        gym.wait(500).go();
        gym.session.record().closed(set)
    };
    assert_eq!(ended(14), Some(Close::Set(SetEnd::Enough)));
    assert_eq!(ended(15), Some(Close::Set(SetEnd::Full)));
}

#[test]
fn a_set_that_is_ended_before_its_first_rep_is_no_training() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.go().say(Input::EndSet);
    assert!(!gym.session.was_trained(), "in the countdown");
    gym.start_set().say(Input::Skip);
    assert!(!gym.session.was_trained(), "in the first rep, which was skipped");
    gym.start_set().say(Input::EndSet);
    assert!(gym.session.was_trained(), "in the first rep");
}

#[test]
fn a_rest_of_its_own_is_gone_back_over_to_what_wanted_the_person() {
    let protocol = changed(
        "own",
        "[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n\
         [protocol.own.step.word]\nkind = \"note\"\ntitle = \"A word\"\ntext = [\"t\"]\n\
         [protocol.own.step.breath]\nkind = \"rest\"\ntitle = \"Breathe\"\nseconds = 20\n\
         [protocol.own.step.last]\nkind = \"note\"\ntitle = \"Last\"\ntext = [\"t\"]\n",
    );
    let mut gym = Gym::enter(protocol, Pacing::Counted);
    gym.go().wait(20_000);
    assert_eq!(gym.step_id(), "last");
    gym.say(Input::Back);
    assert_eq!(gym.step_id(), "word");
}

#[test]
fn a_test_that_was_skipped_is_not_expected_again_after_the_exercises() {
    let protocol = built_in("ankle");
    let wall = protocol.steps.iter().position(|step| step.id == "wall").unwrap();
    let estimate = |gym: &Gym| gym.session.plan().estimate(None);
    let mut gym = Gym::enter(protocol, Pacing::Counted);
    gym.answer("none").rate(0);
    assert_eq!(gym.stage().step, wall);
    let before = estimate(&gym);
    gym.say(Input::Skip);
    let one = before - estimate(&gym);
    gym.say(Input::Skip);
    let both = before - estimate(&gym);
    let measure = super::super::plan::MEASURE_MILLIS;
    assert_eq!((one, both), (2 * measure, 4 * measure), "each with its repetition");
}

/// At the beginning of a hold that is all of its set: the set, and how long it is held, in milliseconds.
fn leaning() -> (Gym, Stage, u64) {
    let mut gym = Gym::enter(built_in("wall-lean"), Pacing::Paced);
    gym.answer("none").go().start_set();
    let (set, whole) = (gym.stage(), gym.session.run().whole().unwrap());
    (gym, set, whole)
}

#[test]
fn a_hold_that_is_all_of_its_set_goes_on_after_a_pause_with_what_was_left_of_it() {
    let (mut gym, set, whole) = leaning();
    gym.wait(whole - 4_000).say(Input::Pause).wait(60_000).go().wait(1_000).say(Input::Pause).wait(9_000).go();
    // The countdown can be cut short.
    gym.wait(1_000).go().wait(3_999);
    assert_eq!(
        (gym.stage(), gym.session.run().left(gym.now)),
        (set, Some(1)),
        "four seconds, however often it was paused"
    );
    gym.wait(1);
    assert_eq!(gym.session.record().closed(set), Some(Close::Set(SetEnd::Full)));
    // A rep of a lunge begins anew, as it was left.
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().start_set().wait(1_000).say(Input::Pause).go().wait(LEAD_IN.millis());
    assert!(matches!(gym.session.run(), Run::Phase { index: 0, began, .. } if *began == gym.now));
}

#[test]
fn take_back_throws_away_nothing_that_was_held() {
    let (mut gym, _, whole) = leaning();
    gym.wait(whole - 10_000).say(Input::Back);
    assert_eq!(*gym.session.run(), Run::Paused { why: PauseReason::Asked, left: Some(10_000) });
}

#[test]
fn take_back_in_the_countdown_to_the_rest_of_a_hold_throws_none_of_it_away() {
    let (mut gym, set, whole) = leaning();
    gym.wait(whole - 4_000).say(Input::Pause).wait(60_000).go().wait(1_000).say(Input::Back);
    let paused = Run::Paused { why: PauseReason::Asked, left: Some(4_000) };
    assert_eq!((gym.stage(), *gym.session.run()), (set, paused));
    gym.go().wait(LEAD_IN.millis() + 4_000);
    assert_eq!(gym.session.record().closed(set), Some(Close::Set(SetEnd::Full)));
}

#[test]
fn back_in_a_hold_takes_back_that_rep_and_none_that_has_counted() {
    for (pacing, rep) in [(Pacing::Counted, 2_000), (Pacing::Paced, 6_000)] {
        let mut gym = Gym::warmed_up(pacing);
        gym.start_set();
        match pacing {
            Pacing::Counted => gym.lunge(3).go(),
            Pacing::Paced => gym.wait(3 * rep + 2_500),
        };
        assert!(matches!(gym.session.run(), Run::Phase { index: 1, .. }), "{pacing:?}: {:?}", gym.session.run());
        gym.wait(300).say(Input::Back);
        assert_eq!(gym.reps(), 3, "{pacing:?}");
        assert!(!matches!(gym.session.run(), Run::Phase { index: 1, .. }), "{pacing:?}");
        gym.say(Input::Back);
        assert_eq!(gym.reps(), 2, "{pacing:?}");
    }
}

#[test]
fn back_in_a_rep_of_one_phase_takes_that_back_once_it_is_under_way() {
    for (millis, reps) in [(300, 2), (2_000, 3)] {
        let mut gym = Gym::enter(built_in("circles"), Pacing::Paced);
        gym.answer("none").go().start_set();
        let rep = gym.session.run().whole().unwrap();
        gym.wait(3 * rep + millis);
        assert_eq!(gym.reps(), 3);
        gym.say(Input::Back);
        assert_eq!(gym.reps(), reps, "{millis} ms into the fourth");
    }
}

#[test]
fn back_from_a_page_to_a_finished_set_stands_still_there_and_loses_no_rep() {
    // The last set before the re-test.
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(1).gap(50).gap(50);
    for _ in 0..500 {
        match (gym.step_id(), gym.session.run()) {
            ("wall-again", _) => break,
            (_, Run::Phase { .. }) => gym.lunge(1),
            (_, Run::Still) if gym.session.question().is_some() => gym.say(Input::Skip),
            _ => gym.go(),
        };
    }
    assert_eq!(gym.step_id(), "wall-again");
    let done = gym.session.plan().stages().into_iter().rfind(|stage| stage.part == Part::Set).unwrap();
    let reps = gym.session.record().reps(done);
    assert!(reps > 10);
    gym.say(Input::Back);
    assert_eq!((gym.stage(), gym.reps(), gym.session.deadline()), (done, reps, None));
    assert_eq!(*gym.session.run(), Run::Paused { why: PauseReason::Asked, left: None });
    gym.go();
    assert_eq!((gym.step_id(), gym.session.record().reps(done)), ("wall-again", reps), "it was full");
    // From there a rep can be taken back after all.
    gym.say(Input::Back).say(Input::Back);
    assert_eq!((gym.stage(), gym.reps()), (done, reps - 1));
}

#[test]
fn a_set_that_is_ended_in_the_countdown_to_its_first_rep_is_skipped() {
    for input in [Input::EndSet, Input::End] {
        let mut gym = Gym::warmed_up(Pacing::Counted);
        gym.go().wait(1_000);
        assert!(matches!(gym.session.run(), Run::Lead { .. }));
        let set = gym.stage();
        gym.say(input);
        assert_eq!(gym.session.record().closed(set), Some(Close::Set(SetEnd::Skipped)));
    }
}

#[test]
fn a_hold_that_the_machine_slept_through_is_held_anew() {
    let (mut gym, _, whole) = leaning();
    gym.now = gym.now.plus_millis(3_600_000);
    gym.say(Input::Tick);
    assert_eq!(*gym.session.run(), Run::Paused { why: PauseReason::Slept, left: None });
    gym.go().wait(LEAD_IN.millis());
    assert_eq!((gym.reps(), gym.session.run().left(gym.now)), (0, Some(whole)));
}

#[test]
fn a_rest_that_is_all_but_over_goes_on_after_a_pause_with_the_lead_in() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(15).wait(25_000 - 1_000 - 500).say(Input::Pause).wait(9_000).say(Input::Pause);
    assert_eq!(gym.session.run().left(gym.now), Some(LEAD_IN.millis()));
    assert_eq!(gym.session.run().whole(), Some(25_000), "of the whole rest, as the bar shows it");
}

#[test]
fn a_rep_taken_back_while_the_program_leads_begins_anew_after_the_lead_in() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().start_set().wait(6_000 + 900).say(Input::Back);
    assert_eq!(gym.reps(), 0);
    assert!(matches!(gym.session.run(), Run::Lead { .. }));
    gym.wait(LEAD_IN.millis());
    assert!(matches!(gym.session.run(), Run::Phase { index: 0, began, .. } if *began == gym.now));
}

#[test]
fn the_end_of_a_set_says_whether_the_band_goes_to_the_other_ankle() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(15);
    let last = |gym: &Gym| gym.cues.last().unwrap().1;
    assert_eq!((gym.stage().part, last(&gym)), (Part::ChangeOver, Cue::ChangeSides));
    gym.say(Input::Skip);
    assert_eq!(last(&gym), Cue::RestOver, "a rest that is skipped is over, and heard to be");
    gym.start_set().lunge(15);
    assert_eq!((gym.stage().part, last(&gym)), (Part::Rest, Cue::SetDone));
}

#[test]
fn the_cues_of_a_set_are_of_its_ankle() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    for (side, until) in [(Side::Left, 5_000 + 15 * 6_000 - 1), (Side::Right, 30_000 + 15 * 6_000 - 1)] {
        gym.go();
        let upcoming = gym.session.upcoming(gym.now.plus_millis(until));
        assert!(upcoming.len() > 45 && upcoming.iter().all(|(.., of)| *of == Some(side)), "{upcoming:?}");
        gym.wait(5_000 + 15 * 6_000);
    }
}

#[test]
fn to_the_last_rep_of_a_set_there_is_a_rep_to_come() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().start_set().wait(14 * 6_000);
    assert_eq!(gym.reps(), 14);
    let before = gym.session.plan().estimate(None);
    gym.say(Input::EndSet);
    assert_eq!(before - gym.session.plan().estimate(None), 6_000, "and no time to get ready");
}

#[test]
fn a_rest_before_the_same_ankle_changes_none() {
    let mut gym = Gym::enter(built_in("warm-up"), Pacing::Counted);
    gym.answer("none");
    let choices = Choices { only: Some(Side::Right), ..gym.session.choices() };
    gym.say(Input::Choose(choices)).start_set().lunge(15);
    assert_eq!(gym.stage().part, Part::Rest);
    assert!(!gym.session.changes_ankles(gym.stage()));
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(15);
    assert!(gym.session.changes_ankles(gym.stage()));
}
