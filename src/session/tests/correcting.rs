//! What is put right afterwards changes results, and nothing that was decided by what was known then.

use super::*;
use crate::protocol::Place;

/// An ankle session at its plan, with the left ankle the stiffer one.
fn at_the_plan() -> Gym {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(0).gap(30).gap(20).answer("down").answer("unsure").answer("unsure");
    assert_eq!(gym.stage().part, Part::Plan);
    gym
}

/// The reading of the wall test on `side` put right, at the end of what happened so far.
fn put_right(gym: &Gym, side: Side, mm: i32) -> Event {
    let step = gym.session.protocol().steps.iter().position(|step| step.id == "wall").unwrap();
    let stage = Stage { step, part: Part::Whole, side: Some(side), round: 0 };
    let to = Correction::Reading(Reading::Gap(Length::from_mm(mm)));
    Event { at: gym.session.record().last(), fact: Fact::Corrected { stage, to } }
}

#[test]
fn a_reading_put_right_after_the_end_leaves_the_order_and_what_was_skipped_as_it_was() {
    let mut gym = at_the_plan();
    gym.go().say(Input::Skip).say(Input::End);
    let before = gym.session.plan().stages();
    let setup = *before.iter().find(|stage| stage.part == Part::Setup).unwrap();
    assert_eq!((setup.side, gym.session.record().closed(setup)), (Some(Side::Left), Some(Close::Skipped)));
    let events = [put_right(&gym, Side::Left, 10)];
    gym.session.correct(&events);
    assert_eq!(gym.session.plan().stages(), before);
    let log: Vec<Event> = gym.events.iter().chain(&events).cloned().collect();
    let read = Session::resume(gym.session.protocol().clone(), LEAD_IN, Pacing::Counted, &log);
    assert_eq!(read.plan().stages(), before, "nor when it is read back");
    assert_eq!(
        Digest::of(read.protocol(), read.record()).readings[0].distance,
        Length::from_mm(0).plus("9.16 cm".parse().unwrap())
    );
}

#[test]
fn an_exercise_that_was_done_stays_where_a_reading_put_right_would_have_spared_it() {
    let protocol = changed(
        "own",
        "[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n\
         [protocol.own.step.wall]\nkind = \"measure\"\ntest = \"wall\"\nsides = \"each\"\n\
         [protocol.own.step.front]\nkind = \"exercise\"\nexercise = \"front-band\"\n\
         when = [{ step = \"wall\", is = [\"abnormal\", \"very-abnormal\"] }]\n\
         [protocol.own.remark.short]\nplace = \"summary\"\ntext = \"s\"\n\
         when = [{ step = \"wall\", is = [\"abnormal\", \"very-abnormal\"] }]\n",
    );
    let mut gym = Gym::enter(protocol, Pacing::Counted);
    gym.gap(20).gap(0).go().go();
    gym.start_set().lunge(3).say(Input::End);
    let exercises = |session: &Session| session.plan().exercises().count();
    let remarks = |session: &Session| {
        let remarks = session.protocol().remarks.iter().filter(|remark| remark.place == Place::Summary);
        remarks.filter(|remark| session.plan().holds(&remark.when, None)).count()
    };
    assert_eq!((exercises(&gym.session), remarks(&gym.session)), (1, 1));
    let sets = gym.session.plan().stages();
    gym.session.correct(&[put_right(&gym, Side::Left, 0)]);
    assert_eq!((exercises(&gym.session), gym.session.plan().stages()), (1, sets), "it was trained all the same");
    assert_eq!(remarks(&gym.session), 0, "what is said of it goes by what is so");
}

#[test]
fn a_reading_put_right_in_a_session_left_open_does_not_turn_an_exercise_round_that_has_begun() {
    let mut gym = at_the_plan();
    gym.go().go();
    while gym.stage().side != Some(Side::Right) || gym.stage().part != Part::Set {
        gym.say(Input::Skip);
    }
    let (here, set_up) = (gym.stage(), gym.session.plan().stages());
    let log: Vec<Event> = gym.events.iter().cloned().chain([put_right(&gym, Side::Left, 10)]).collect();
    let resumed = Session::resume(gym.session.protocol().clone(), LEAD_IN, Pacing::Counted, &log);
    assert_eq!(resumed.stage(), Some(here));
    let of_here = |stages: Vec<Stage>| stages.into_iter().filter(|stage| stage.step == here.step).collect::<Vec<_>>();
    assert_eq!(of_here(resumed.plan().stages()), of_here(set_up));
    let ahead = resumed.plan().stages().into_iter().find(|stage| stage.step > here.step && stage.part == Part::Setup);
    assert_eq!(ahead.unwrap().side, Some(Side::Right), "what lies ahead goes by what is so");
}
