//! Scenarios and properties of whole sessions, with a clock that jumps from deadline to deadline.

mod ankles;
mod correcting;
mod properties;
mod reps;
mod safety;

use std::sync::Arc;

use super::digest::Digest;
use super::earlier::{Chosen, Earlier};
use super::event::*;
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
        Gym::enter_after(&Earlier::default(), protocol, pacing)
    }

    /// Somebody who answered this in earlier sessions.
    fn enter_after(earlier: &Earlier, protocol: Arc<Protocol>, pacing: Pacing) -> Gym {
        let session = Session::begin(protocol, earlier, LEAD_IN, pacing);
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
    let begins = gym.session.plan().begins_with(&gym.session.choices());
    gym.go();
    assert_eq!((gym.step_id(), gym.stage().side), ("roll", Some(Side::Left)), "rolling is for the tight calf alone");
    assert_eq!(begins, Some(Side::Left), "as the plan says");
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
fn a_set_that_is_skipped_is_one_of_which_nothing_was_done() {
    for (reps, how) in [(0, SetEnd::Skipped), (4, SetEnd::Short), (10, SetEnd::Enough)] {
        let mut gym = Gym::warmed_up(Pacing::Counted);
        gym.start_set().lunge(reps);
        let set = gym.stage();
        gym.say(Input::Skip);
        assert_eq!(gym.session.record().closed(set), Some(Close::Set(how)), "after {reps} reps");
        assert_eq!(gym.session.record().reps(set), reps);
    }
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
fn a_session_that_is_over_stays_as_it_was_trained() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.say(Input::End);
    let edited = changed("warm-up", "[protocol.warm-up]\ntitle = \"Evening\"\n[exercise.behind-band]\nreps = [5, 6]\n");
    assert!(!gym.session.take_over(edited, LEAD_IN, Pacing::Counted));
    assert_eq!(*gym.session.protocol(), built_in("warm-up"));
}

#[test]
fn what_is_taken_or_asked_for_the_first_time_after_exercise_is_on_record_as_such() {
    let protocol = changed(
        "own",
        "[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n\
         [protocol.own.step.front]\nkind = \"exercise\"\nexercise = \"front-band\"\n\
         [protocol.own.step.wall]\nkind = \"measure\"\ntest = \"wall\"\n\
         [protocol.own.step.pain]\nkind = \"ask\"\nquestion = \"pain\"\n",
    );
    for (reps, is_late) in [(2, true), (0, false)] {
        let mut gym = Gym::enter(protocol.clone(), Pacing::Counted);
        gym.go().go().start_set().lunge(reps);
        while gym.step_id() != "wall" {
            gym.say(Input::Skip);
        }
        gym.gap(20).rate(2);
        let digest = Digest::of(gym.session.protocol(), gym.session.record());
        assert_eq!((digest.readings[0].again, digest.scales[0].again), (is_late, is_late), "{reps} reps");
        let told = &crate::phrase::tested(&digest, crate::protocol::quantity::Unit::Cm.into())[0].numbers;
        assert_eq!(told, if is_late { "→ 8.2" } else { "8.2" });
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
    let told = crate::phrase::rated(&digest).into_iter().map(|told| (told.of.to_owned(), told.side, told.numbers));
    let of = |side, numbers: &str| ("stiff".to_owned(), Some(side), numbers.to_owned());
    assert_eq!(told.collect::<Vec<_>>(), [of(Side::Left, "5 → 3"), of(Side::Right, "2 → 7")]);
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
fn a_session_that_begins_with_a_rest_begins_with_its_countdown() {
    let begun = |before: &str, seconds: u64| {
        let toml = format!(
            "[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n{before}\
             [protocol.own.step.still]\nkind = \"rest\"\ntitle = \"Still\"\nseconds = {seconds}\n"
        );
        Gym::enter(changed("own", &toml), Pacing::Counted)
    };
    let unasked = "[protocol.own.step.asked]\nkind = \"ask\"\nquestion = \"pain\"\n\
                   when = [{ earlier = \"safety\", is = [\"calf\"] }]\n";
    for (before, seconds) in [("", 20), (unasked, 20), ("", 0)] {
        let mut gym = begun(before, seconds);
        assert_eq!((gym.step_id(), gym.session.deadline()), ("still", Some(SessionTime::from_millis(seconds * 1_000))));
        assert!(gym.events.is_empty(), "a session in which nothing happened is none");
        gym.rest();
        assert_eq!(gym.session.record().ending(), Some(Ending::Finished));
        assert_eq!(gym.now.millis(), seconds * 1_000);
    }
}

#[test]
fn a_set_that_waits_for_a_key_is_paused_by_a_sleep_too() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.go().wait(5_000);
    assert_eq!(gym.session.deadline(), None, "it waits for the far end");
    gym.say(Input::Slept);
    assert!(matches!(gym.session.run(), Run::Paused { why: PauseReason::Slept, .. }));
    let facts = gym.events.len();
    gym.say(Input::Slept);
    assert_eq!(gym.events.len(), facts, "once");
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
    let resumed = Session::resume(gym.session.protocol().clone(), LEAD_IN, Pacing::Paced, &gym.events);
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
