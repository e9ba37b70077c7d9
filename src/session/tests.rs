//! Scenarios and properties of whole sessions, with a clock that jumps from deadline to deadline.

use std::sync::Arc;

use proptest::prelude::*;

use super::digest::Digest;
use super::event::*;
use super::plan::Earlier;
use super::record::{Close, Record};
use super::time::SessionTime;
use super::*;
use crate::config::{Config, Source};
use crate::protocol::quantity::Length;
use crate::protocol::{Side, Work};

/// A person in front of a session, with a clock of their own.
struct Gym {
    session: Session,
    now: SessionTime,
    events: Vec<Event>,
    cues: Vec<(SessionTime, Cue)>,
}

const LEAD_IN: Seconds = Seconds::from_millis(3_000);

fn built_in(id: &str) -> Arc<Protocol> {
    Config::built_in().protocols[id].clone()
}

fn changed(id: &str, toml: &str) -> Arc<Protocol> {
    let file = Source { name: "test.toml".to_owned(), text: toml.to_owned() };
    Config::load(vec![file]).unwrap_or_else(|refusal| panic!("{refusal}")).protocols[id].clone()
}

impl Gym {
    fn enter(protocol: Arc<Protocol>, pacing: Pacing) -> Gym {
        let session = Session::begin(protocol, Arc::default(), LEAD_IN, pacing);
        Gym { session, now: SessionTime::ZERO, events: Vec::new(), cues: Vec::new() }
    }

    /// At the warm-up's first set-up, past the safety questions.
    fn warmed_up(pacing: Pacing) -> Gym {
        let mut gym = Gym::enter(built_in("warm-up"), pacing);
        gym.answer("none").go();
        gym
    }

    fn say(&mut self, input: Input) -> &mut Gym {
        for output in self.session.step(self.now, input) {
            match output {
                Output::Record(event) => self.events.push(event),
                Output::Cue(at, cue, _) => self.cues.push((at, cue)),
            }
        }
        self
    }

    fn go(&mut self) -> &mut Gym {
        self.say(Input::Go)
    }

    fn answer(&mut self, option: &str) -> &mut Gym {
        self.say(Input::Answer(Answer::Option(option.to_owned())))
    }

    fn rate(&mut self, number: u8) -> &mut Gym {
        self.say(Input::Answer(Answer::Scale(number)))
    }

    fn gap(&mut self, mm: i32) -> &mut Gym {
        self.say(Input::Measure(Reading::Gap(Length::from_mm(mm))))
    }

    fn wait(&mut self, millis: u64) -> &mut Gym {
        let end = self.now.plus_millis(millis);
        while let Some(due) = self.session.deadline().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.say(Input::Tick);
        }
        self.now = end;
        self
    }

    /// Lets time pass until only the person can go on.
    fn rest(&mut self) -> &mut Gym {
        while let Some(due) = self.session.deadline() {
            self.now = self.now.max(due);
            self.say(Input::Tick);
        }
        self
    }

    fn stage(&self) -> Stage {
        self.session.stage().expect("the session is under way")
    }

    fn step_id(&self) -> &str {
        &self.session.protocol().steps[self.stage().step].id
    }

    fn reps(&self) -> u16 {
        self.session.record().reps(self.stage())
    }

    /// From a set-up or countdown to the end of the set's lead.
    fn start_set(&mut self) -> &mut Gym {
        while !matches!(self.session.run(), Run::Phase { .. }) {
            self.go();
        }
        self
    }

    /// Counts `reps` reps by key, each two seconds forward and waiting for the hold.
    fn lunge(&mut self, reps: u16) -> &mut Gym {
        for _ in 0..reps {
            self.wait(2_000).go().wait(5_000);
        }
        self
    }

    /// Does whatever is asked, training every set to its top.
    fn finish(&mut self) -> &mut Gym {
        for _ in 0..10_000 {
            let Some(stage) = self.session.stage() else { return self };
            let work = self.session.protocol().steps[stage.step].work.clone();
            match (stage.part, work) {
                (Part::Set, _) if self.session.program_leads() => self.wait(10_000),
                (Part::Set, _) => self.wait(2_000).go(),
                (Part::Whole, Work::Ask { question, .. }) => match question.option.first() {
                    Some((id, _)) => self.answer(&id.clone()),
                    None => self.rate(0),
                },
                (Part::Whole, Work::Measure { .. }) => self.gap(0),
                _ => self.go(),
            };
        }
        panic!("the session does not end: {:?} {:?}", self.session.stage(), self.session.run())
    }

    fn facts(&self) -> Vec<&Fact> {
        self.events.iter().map(|event| &event.fact).collect()
    }

    fn rep_times(&self) -> Vec<u64> {
        let rep = |event: &Event| matches!(event.fact, Fact::RepCompleted { .. }).then_some(event.at.millis());
        self.events.iter().filter_map(rep).collect()
    }
}

#[test]
fn a_whole_session_of_both_stiff_ankles_runs_from_the_first_question_to_the_end() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    assert_eq!(gym.step_id(), "safety");
    gym.answer("none").rate(2);
    assert_eq!((gym.step_id(), gym.stage().side), ("wall", Some(Side::Left)));
    gym.gap(20).gap(50);
    assert_eq!(gym.step_id(), "squat");
    gym.answer("lift");
    assert_eq!((gym.step_id(), gym.stage().side), ("feel", Some(Side::Left)));
    gym.answer("back").answer("front");
    assert_eq!(gym.stage().part, Part::Plan);
    assert_eq!(gym.session.plan().first_side(), Side::Right, "the stiffer side starts");
    gym.go();
    assert_eq!((gym.step_id(), gym.stage().side), ("roll", Some(Side::Left)), "rolling is for the tight calf alone");
    gym.finish();
    let sets: Vec<_> =
        gym.events.iter().filter(|event| matches!(event.fact, Fact::SetEnded { how: SetEnd::Full, .. })).collect();
    assert_eq!(sets.len(), 2 + 4 + 4);
    assert_eq!(gym.session.record().ending(), Some(Ending::Finished));
    assert_eq!(Record::of(&gym.events), *gym.session.record(), "the record is the fold of its events");
}

#[test]
fn a_round_is_one_ankle_then_the_other_with_rest_before_the_next() {
    let gym = Gym::warmed_up(Pacing::Counted);
    let parts: Vec<_> = gym
        .session
        .plan()
        .stages()
        .iter()
        .filter(|stage| stage.step == gym.stage().step)
        .map(|stage| (stage.part, stage.side, stage.round))
        .collect();
    let (left, right) = (Some(Side::Left), Some(Side::Right));
    assert_eq!(
        parts,
        [
            (Part::Plan, None, 0),
            (Part::Setup, left, 0),
            (Part::Set, left, 1),
            (Part::ChangeOver, right, 1),
            (Part::Set, right, 1),
            (Part::Rest, left, 2),
            (Part::Set, left, 2),
            (Part::ChangeOver, right, 2),
            (Part::Set, right, 2),
        ]
    );
}

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
fn pain_is_answered_by_a_warning() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().start_set().say(Input::Ouch);
    assert_eq!(gym.cues.last(), Some(&(gym.now, Cue::Warning)));
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
fn back_takes_a_rep_back_and_after_a_set_takes_the_set_up_again() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(3).say(Input::Back);
    assert_eq!(gym.reps(), 2);
    gym.lunge(13);
    assert_eq!(gym.stage().part, Part::ChangeOver);
    gym.say(Input::Back);
    assert_eq!((gym.stage().part, gym.stage().side, gym.reps()), (Part::Set, Some(Side::Left), 14));
    gym.start_set().lunge(1);
    assert_eq!(gym.stage().part, Part::ChangeOver, "the change-over is open again");
}

#[test]
fn back_in_the_first_hold_takes_that_lunge_back_and_nothing_else() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().go().wait(300).say(Input::Back);
    assert!(matches!(gym.session.run(), Run::Phase { index: 0, ends: None, .. }));
    assert_eq!(gym.stage().part, Part::Set);
}

#[test]
fn back_on_a_question_opens_the_one_before_and_forgets_its_answer() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(3).say(Input::Back);
    assert_eq!(gym.step_id(), "pain-before");
    gym.say(Input::Back);
    assert_eq!(gym.step_id(), "safety");
    gym.say(Input::Back);
    assert_eq!(gym.step_id(), "safety");
    assert_eq!(gym.session.record().answers(gym.stage().step).count(), 0);
}

#[test]
fn pausing_in_a_hold_begins_that_rep_again_after_the_lead_in() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().wait(5_000 + 6_000 + 3_000).say(Input::Pause).wait(600_000);
    assert_eq!(gym.reps(), 1);
    gym.say(Input::Pause);
    let resumed = gym.now;
    gym.wait(3_000 + 4_000);
    assert_eq!(gym.rep_times()[1], resumed.millis() + 3_000 + 4_000);
}

#[test]
fn pausing_a_rest_keeps_what_was_left_of_it() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(15).wait(10_000).say(Input::Pause).wait(99_000).say(Input::Pause);
    let left = gym.session.deadline().unwrap().since(gym.now);
    // The last rep's way back ended one second before `lunge` did.
    assert_eq!(left, 25_000 - 10_000 - 1_000);
}

#[test]
fn a_skipped_set_is_recorded_as_skipped_with_the_reps_that_were_done() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(4);
    let set = gym.stage();
    gym.say(Input::Skip);
    assert_eq!(gym.session.record().closed(set), Some(Close::Set(SetEnd::Skipped)));
    assert_eq!(gym.session.record().reps(set), 4);
}

#[test]
fn safety_questions_cannot_be_skipped() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.say(Input::Skip).say(Input::Go).say(Input::EndSet).say(Input::Pause).say(Input::Pause);
    assert_eq!(gym.step_id(), "safety");
}

#[test]
fn a_yes_to_a_safety_question_ends_with_advice_unless_it_was_a_slip() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("calf");
    assert!(gym.session.advice().unwrap().contains("doctor"));
    gym.say(Input::Back);
    assert_eq!(gym.session.advice(), None);
    gym.answer("injury").say(Input::Skip);
    assert!(gym.session.advice().is_some());
    gym.go();
    assert_eq!(gym.session.record().ending(), Some(Ending::Advised));
    assert_eq!(gym.rep_times().len(), 0);
}

#[test]
fn strong_pain_before_training_ends_with_advice() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(6);
    assert!(gym.session.advice().is_some());
    gym.say(Input::Back).rate(5);
    assert_eq!(gym.session.advice(), None);
}

#[test]
fn strong_pain_after_training_is_recorded_and_answered_on_the_summary() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(1);
    while gym.step_id() != "pain-after" {
        gym.say(Input::Skip).say(Input::Go);
    }
    gym.rate(8);
    assert_eq!(gym.session.record().ending(), Some(Ending::Finished));
    let advice: Vec<_> =
        gym.session.protocol().remarks.iter().filter(|remark| gym.session.plan().holds(&remark.when, None)).collect();
    assert!(advice.iter().any(|remark| remark.text.contains("pain of 4 or more")), "{advice:?}");
}

#[test]
fn the_whole_safety_screen_is_asked_once_and_then_only_when_something_changed() {
    let protocol = built_in("ankle");
    let begin = |answers: &[(&str, &str)]| {
        let earlier: Earlier =
            answers.iter().map(|(question, option)| (question.to_string(), option.to_string())).collect();
        let session = Session::begin(protocol.clone(), Arc::new(earlier), LEAD_IN, Pacing::Counted);
        Gym { session, now: SessionTime::ZERO, events: Vec::new(), cues: Vec::new() }
    };
    let mut known = begin(&[("safety", "none")]);
    assert_eq!(known.step_id(), "changed");
    known.answer("no");
    assert_eq!(known.step_id(), "pain-before");
    known.say(Input::Back).answer("yes");
    assert_eq!(known.step_id(), "safety");
    assert_eq!(begin(&[("safety", "calf")]).step_id(), "safety", "a yes last time is asked again");
}

#[test]
fn two_normal_ankles_need_no_triage_and_get_told_so() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(0).gap(0).gap(0).answer("down");
    assert_eq!(gym.stage().part, Part::Plan);
    let when = &gym.session.protocol().remarks[0].when;
    assert!(gym.session.plan().holds(when, None));
    gym.say(Input::Back).say(Input::Back).gap(1).answer("down");
    assert_eq!(gym.step_id(), "feel");
    assert!(!gym.session.plan().holds(&gym.session.protocol().remarks[0].when, None));
}

#[test]
fn a_test_of_one_side_only_is_no_clean_bill() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(0).gap(0).say(Input::Skip).answer("down");
    assert_eq!(gym.stage().part, Part::Plan);
    assert!(!gym.session.plan().holds(&gym.session.protocol().remarks[0].when, None));
}

#[test]
fn ouch_stops_at_once_and_offers_a_change_of_position_only_once() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().wait(5_000 + 6_000 + 2_500).say(Input::Ouch);
    assert_eq!(gym.session.deadline(), None);
    gym.wait(30_000);
    assert_eq!(gym.reps(), 1, "nothing moves while it hurts");
    gym.say(Input::Relieve(Relief::Reposition))
        .wait(5_000 + 1_000)
        .say(Input::Ouch)
        .say(Input::Relieve(Relief::Reposition));
    assert_eq!(*gym.session.run(), Run::Hurt, "the second time it is not offered");
    gym.say(Input::Relieve(Relief::EndExercise));
    let left_again = gym.session.plan().stages().iter().any(|stage| {
        stage.side == Some(Side::Left) && stage.part == Part::Set && stage.round == 2 && stage.step == gym.stage().step
    });
    assert!(!left_again, "this exercise is over for the ankle that hurts");
    assert_eq!((gym.stage().part, gym.stage().side), (Part::ChangeOver, Some(Side::Right)));
}

#[test]
fn ending_the_session_for_pain_keeps_the_reps_and_says_why() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(2).say(Input::Ouch).say(Input::Relieve(Relief::EndSession));
    assert_eq!(gym.session.record().ending(), Some(Ending::Pain));
    assert_eq!(gym.rep_times().len(), 2);
    assert!(gym.facts().iter().any(|fact| matches!(fact, Fact::SetEnded { how: SetEnd::Pain, .. })));
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
    left.session =
        Session::resume(left.session.protocol().clone(), Arc::default(), LEAD_IN, Pacing::Counted, &left.events);
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
fn the_retest_does_not_turn_the_order_of_the_ankles_round() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(0).gap(20).gap(20).answer("down").answer("unsure").answer("unsure");
    while gym.step_id() != "wall-again" {
        match gym.stage().part {
            Part::Plan | Part::Setup => gym.go(),
            _ => gym.say(Input::Skip),
        };
    }
    gym.gap(0).gap(10);
    assert_eq!(gym.step_id(), "pain-after");
}

#[test]
fn back_after_ending_an_exercise_for_pain_takes_the_set_up_again_whole() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(3);
    let set = gym.stage();
    gym.say(Input::Ouch).say(Input::Relieve(Relief::EndExercise));
    assert_eq!(gym.stage().part, Part::ChangeOver);
    gym.say(Input::Back);
    assert_eq!((gym.stage(), gym.reps()), (set, 3));
}

#[test]
fn ouch_between_sets_is_about_the_ankle_just_trained() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(15).say(Input::Ouch).say(Input::Relieve(Relief::EndExercise));
    assert_eq!((gym.stage().part, gym.stage().side), (Part::ChangeOver, Some(Side::Right)));
    let step = gym.stage().step;
    assert!(gym.session.record().is_painful(step, Some(Side::Left)));
    assert!(!gym.session.record().is_painful(step, Some(Side::Right)));
}

#[test]
fn pain_between_two_sets_is_on_record_with_the_set_before_it() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(15);
    assert_eq!(gym.stage().part, Part::ChangeOver);
    gym.say(Input::Ouch).say(Input::Relieve(Relief::EndExercise));
    let digest = Digest::of(gym.session.protocol(), gym.session.record());
    let sets: Vec<_> = digest.sets.iter().map(|set| (set.side, set.reps, set.how)).collect();
    assert_eq!(sets, [(Some(Side::Left), 15, Some(SetEnd::Pain))]);
    let left = |stage: &Stage| stage.part == Part::Set && stage.side == Some(Side::Left);
    let step = gym.stage().step;
    let of_the_left = gym.session.plan().stages().into_iter().filter(|stage| stage.step == step && left(stage));
    assert_eq!(of_the_left.count(), 1, "no further set of that ankle");
}

#[test]
fn a_session_that_is_left_at_its_advice_ends_as_advised() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("injury");
    assert!(gym.session.advice().is_some());
    gym.say(Input::End);
    assert_eq!(gym.session.record().ending(), Some(Ending::Advised));
}

#[test]
fn an_edited_pacing_counts_until_the_plan_is_chosen() {
    for (is_chosen, pacing) in [(false, Pacing::Paced), (true, Pacing::Counted)] {
        let mut gym = Gym::enter(built_in("warm-up"), Pacing::Counted);
        gym.answer("none");
        if is_chosen {
            let choices = gym.session.choices();
            gym.say(Input::Choose(choices));
        }
        assert!(gym.session.take_over(built_in("warm-up"), LEAD_IN, Pacing::Paced));
        assert_eq!(gym.session.choices().pacing, pacing, "chosen: {is_chosen}");
    }
}

#[test]
fn a_scale_that_is_asked_of_each_ankle_is_kept_by_ankle() {
    let protocol = changed(
        "own",
        "[question.stiff]\ntitle = \"Stiff\"\nask = \"How stiff?\"\n\
         [question.stiff.scale]\nlow = 0\nhigh = 10\nlow-label = \"l\"\nhigh-label = \"h\"\nnotable-change = 2\n\
         [protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n\
         [protocol.own.step.before]\nkind = \"ask\"\nquestion = \"stiff\"\nsides = \"each\"\n\
         [protocol.own.step.after]\nkind = \"ask\"\nquestion = \"stiff\"\nsides = \"each\"\nrepeats = \"before\"\n",
    );
    let mut gym = Gym::enter(protocol, Pacing::Counted);
    gym.rate(5).rate(2).rate(3).rate(7);
    let digest = Digest::of(gym.session.protocol(), gym.session.record());
    let told = [(Some(Side::Left), "5 → 3".to_owned()), (Some(Side::Right), "2 → 7".to_owned())];
    assert_eq!(crate::phrase::rated(&digest), told);
}

#[test]
fn pain_that_was_reported_is_not_forgotten_by_leaving() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(2).say(Input::Ouch);
    let mut resumed =
        Session::resume(gym.session.protocol().clone(), Arc::default(), LEAD_IN, Pacing::Counted, &gym.events);
    assert_eq!(*resumed.run(), Run::Hurt);
    resumed.step(gym.now, Input::Pause);
    resumed.step(gym.now, Input::Back);
    assert_eq!(*resumed.run(), Run::Hurt, "only an answer goes on");
    resumed.step(gym.now, Input::End);
    assert_eq!(resumed.record().ending(), Some(Ending::Pain));
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
fn a_skipped_rest_is_recorded_as_skipped_and_one_cut_short_as_done() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().say(Input::EndSet);
    let rest = gym.stage();
    gym.say(Input::Skip);
    assert_eq!(gym.session.record().closed(rest), Some(Close::Skipped));
    gym.say(Input::EndSet);
    let rest = gym.stage();
    gym.go();
    assert_eq!(gym.session.record().closed(rest), Some(Close::Done));
}

#[test]
fn a_machine_that_slept_finds_the_session_paused() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().wait(5_000 + 6_000);
    let (reps, before) = (gym.rep_times().len(), gym.cues.len());
    gym.now = gym.now.plus_millis(3_600_000);
    gym.say(Input::Tick);
    assert!(matches!(gym.session.run(), Run::Paused { why: PauseReason::Slept, .. }));
    assert_eq!(gym.rep_times().len(), reps);
    assert_eq!(gym.cues[before..], [(gym.now, Cue::Warning)], "a word of it, and no burst of what was missed");
}

#[test]
fn being_early_is_harmless() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go();
    let (before, deadline) = (gym.events.len(), gym.session.deadline());
    gym.now = gym.now.plus_millis(500);
    gym.say(Input::Tick).say(Input::Tick);
    assert_eq!((gym.events.len(), gym.session.deadline()), (before, deadline));
}

#[test]
fn a_session_taken_up_again_is_paused_at_the_start_of_its_rep() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(6).go().wait(700);
    let resumed = Session::resume(gym.session.protocol().clone(), Arc::default(), LEAD_IN, Pacing::Paced, &gym.events);
    assert_eq!(resumed.stage(), gym.session.stage());
    assert_eq!(resumed.pacing(), Pacing::Counted, "as it was chosen then");
    assert!(matches!(resumed.run(), Run::Paused { why: PauseReason::Returned, .. }));
    assert_eq!(resumed.record().reps(resumed.stage().unwrap()), 6);
    gym.session = resumed;
    gym.go().wait(3_000).lunge(9);
    assert_eq!(gym.stage().part, Part::ChangeOver);
}

#[test]
fn the_plan_decides_sides_rounds_and_what_is_left_out() {
    let mut gym = Gym::enter(built_in("warm-up"), Pacing::Counted);
    gym.answer("none");
    let mut choices = gym.session.choices();
    let [front, behind]: [usize; 2] = choices.rounds.keys().copied().collect::<Vec<_>>().try_into().unwrap();
    choices.only = Some(Side::Right);
    choices.rounds.insert(front, 1);
    choices.rounds.insert(behind, 0);
    choices.pacing = Pacing::Paced;
    gym.say(Input::Choose(choices));
    let sets: Vec<_> = gym.session.plan().stages().into_iter().filter(|stage| stage.part == Part::Set).collect();
    assert_eq!(sets, [Stage { step: front, part: Part::Set, side: Some(Side::Right), round: 1 }]);
    assert_eq!(gym.session.pacing(), Pacing::Paced);
}

#[test]
fn every_built_in_protocol_runs_to_its_end() {
    for (id, protocol) in Config::built_in().protocols {
        for pacing in [Pacing::Counted, Pacing::Paced] {
            let mut gym = Gym::enter(protocol.clone(), pacing);
            gym.finish();
            assert_eq!(gym.session.record().ending(), Some(Ending::Finished), "{id}");
        }
    }
}

#[test]
fn the_retest_covers_the_sides_that_were_tested() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(0).say(Input::Skip).gap(30).answer("down").answer("unsure");
    let again = gym.session.protocol().steps.iter().position(|step| step.id == "wall-again").unwrap();
    let sides: Vec<_> =
        gym.session.plan().stages().into_iter().filter(|stage| stage.step == again).map(|stage| stage.side).collect();
    assert_eq!(sides, [Some(Side::Right)]);
}

fn any_input() -> impl Strategy<Value = Input> {
    let option =
        proptest::sample::select(vec!["none", "calf", "no", "yes", "down", "lift", "back", "front", "nonsense"]);
    let relief =
        proptest::sample::select(vec![Relief::Reposition, Relief::EndExercise, Relief::EndSession, Relief::Slip]);
    prop_oneof![
        8 => Just(Input::Go),
        2 => Just(Input::Back),
        2 => Just(Input::Pause),
        1 => Just(Input::Skip),
        1 => Just(Input::EndSet),
        1 => Just(Input::Ouch),
        1 => relief.prop_map(Input::Relieve),
        4 => option.prop_map(|id| Input::Answer(Answer::Option(id.to_owned()))),
        2 => (0..12u8).prop_map(|number| Input::Answer(Answer::Scale(number))),
        3 => (0..80).prop_map(|mm| Input::Measure(Reading::Gap(Length::from_mm(mm)))),
        1 => (0..4u8, 0..3usize).prop_map(|(rounds, only)| Input::Choose(Choices {
            only: [None, Some(Side::Left), Some(Side::Right)][only],
            rounds: (0..16).map(|step| (step, rounds)).collect(),
            pacing: Pacing::Paced,
        })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// Waiting in pieces of any size gives the same events and cues as waiting at once.
    #[test]
    fn slicing_a_wait_changes_nothing(
        script in proptest::collection::vec((any_input(), 0..20_000u64), 1..60),
        slices in proptest::collection::vec(1..1_900u64, 1..20),
        paced: bool,
    ) {
        let pacing = if paced { Pacing::Paced } else { Pacing::Counted };
        let mut smooth = Gym::enter(built_in("ankle"), pacing);
        let mut sliced = Gym::enter(built_in("ankle"), pacing);
        let mut slice = slices.iter().cycle();
        for (input, pause) in script {
            smooth.say(input.clone()).wait(pause);
            sliced.say(input);
            let end = sliced.now.plus_millis(pause);
            while sliced.now < end {
                sliced.now = sliced.now.plus_millis(*slice.next().unwrap()).min(end);
                sliced.say(Input::Tick);
            }
        }
        prop_assert_eq!(smooth.events, sliced.events);
        prop_assert_eq!(smooth.cues, sliced.cues);
    }

    /// Whatever is pressed whenever: no panic, no rep beyond the range, and the record is the fold of the events.
    #[test]
    fn any_input_at_any_time_keeps_the_books_right(
        script in proptest::collection::vec((any_input(), 0..30_000u64), 1..200),
        protocol in proptest::sample::select(vec!["ankle", "warm-up"]),
        short: bool,
    ) {
        let short_sets = "[exercise.front-band]\nreps = [1, 2]\n[exercise.behind-band]\nreps = [2, 2]\n";
        let protocol = if short { changed(protocol, short_sets) } else { built_in(protocol) };
        let mut gym = Gym::enter(protocol, Pacing::Counted);
        for (input, pause) in script {
            gym.say(input).wait(pause);
            for stage in gym.session.plan().stages() {
                let high = gym.session.protocol().exercise(stage.step).map_or(0, |exercise| exercise.reps.high());
                prop_assert!(gym.session.record().reps(stage) <= high);
            }
        }
        for fact in gym.facts() {
            if let Fact::RepCompleted { stage, rep } = fact {
                let high = gym.session.protocol().exercise(stage.step).map_or(0, |exercise| exercise.reps.high());
                prop_assert!(*rep <= high, "rep {} of {}", rep, high);
            }
        }
        prop_assert_eq!(&Record::of(&gym.events), gym.session.record());
        prop_assert!(gym.events.is_sorted_by_key(|event| event.at));
        let written = serde_json::to_string(&gym.events).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Vec<Event>>(&written).unwrap(), &gym.events);
        let resumed = Session::resume(gym.session.protocol().clone(), Arc::default(), LEAD_IN, Pacing::Counted, &gym.events);
        prop_assert_eq!(resumed.stage(), gym.session.stage());
        for pair in gym.events.windows(2) {
            if let [Fact::SetEnded { stage: one, .. }, Fact::SetEnded { stage: two, .. }] = [&pair[0].fact, &pair[1].fact] {
                prop_assert_ne!(one, two, "a set ends once");
            }
        }
    }
}
