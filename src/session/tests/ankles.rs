//! Which ankles are tested and trained, and which of them first.

use super::*;

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
fn the_retest_covers_the_sides_that_were_tested() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(0).say(Input::Skip).gap(30).answer("down").answer("unsure");
    let again = gym.session.protocol().steps.iter().position(|step| step.id == "wall-again").unwrap();
    let sides: Vec<_> =
        gym.session.plan().stages().into_iter().filter(|stage| stage.step == again).map(|stage| stage.side).collect();
    assert_eq!(sides, [Some(Side::Right)]);
}

#[test]
fn the_ankle_that_was_tested_alone_trains_first() {
    for (side, other) in [(Side::Left, Side::Right), (Side::Right, Side::Left)] {
        let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
        gym.answer("none").rate(0);
        for _ in 0..2 {
            let is_tested = gym.stage().side == Some(side);
            if is_tested {
                gym.gap(0)
            } else {
                gym.say(Input::Skip)
            };
        }
        assert_eq!(gym.session.plan().first_side(), side, "of the {other:?} nothing is known");
    }
}

#[test]
fn a_retest_between_two_exercises_does_not_turn_the_second_round() {
    let step = |id: &str, text: &str| format!("[protocol.own.step.{id}]\n{text}\n");
    let toml = [
        "[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n".to_owned(),
        step("wall", "kind = \"measure\"\ntest = \"wall\"\nsides = \"each\""),
        step("front", "kind = \"exercise\"\nexercise = \"front-band\""),
        step("again", "kind = \"measure\"\ntest = \"wall\"\nsides = \"each\"\nrepeats = \"wall\""),
        step("behind", "kind = \"exercise\"\nexercise = \"behind-band\""),
    ];
    let mut gym = Gym::enter(changed("own", &toml.concat()), Pacing::Counted);
    gym.gap(20).gap(20).go().go();
    while gym.step_id() != "again" {
        gym.say(Input::Skip);
    }
    gym.gap(0).gap(20);
    assert_eq!((gym.step_id(), gym.stage().side), ("behind", Some(Side::Left)));
}

#[test]
fn one_ankle_alone_leaves_what_is_done_with_both_as_it_is() {
    let toml = "[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n\
         [protocol.own.step.both]\nkind = \"exercise\"\nexercise = \"wall-lean\"\n\
         [protocol.own.step.each]\nkind = \"exercise\"\nexercise = \"front-band\"\n\
         [exercise.wall-lean]\nsides = \"both\"\nrounds = 1\n[exercise.front-band]\nrounds = 1\n";
    let mut gym = Gym::enter(changed("own", toml), Pacing::Counted);
    let choices = Choices { only: Some(Side::Right), ..gym.session.choices() };
    gym.say(Input::Choose(choices));
    let sets = gym.session.plan().stages().into_iter().filter(|stage| stage.part == Part::Set);
    assert_eq!(sets.map(|set| set.side).collect::<Vec<_>>(), [None, Some(Side::Right)]);
}

#[test]
fn a_test_of_one_side_only_is_no_clean_bill() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(0).gap(0).say(Input::Skip).answer("down");
    assert_eq!(gym.stage().part, Part::Plan);
    assert!(!gym.session.plan().holds(&gym.session.protocol().remarks[0].when, None));
}
