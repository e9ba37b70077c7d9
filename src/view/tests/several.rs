//! A person with several tests of their own: each is told under its own name.

use super::lookback::{desk_of, weeks};
use super::*;

/// A wall test of both ankles and one of a person's own, and nothing else.
const TWO_TESTS: &str = r#"
    [settings]
    protocols = ["mine"]
    sound-check = false
    [test.barefoot]
    title = "Barefoot test"
    setup = ["Shoes off."]
    ask = "How close?"
    toe-distance = "12 cm"
    possible-change = "1 cm"
    real-change = "2.5 cm"
    watch-difference = "2 cm"
    asymmetric-difference = "3 cm"
    [test.barefoot.band.any]
    label = "any"
    [test.barefoot.answer.touches]
    label = "Touches"
    gap = "0 in"
    [protocol.mine]
    title = "Mine"
    summary = "Two tests"
    [protocol.mine.step.wall]
    kind = "measure"
    test = "wall"
    sides = "each"
    [protocol.mine.step.barefoot]
    kind = "measure"
    test = "barefoot"
    sides = "each"
"#;

#[test]
fn the_weeks_of_each_test_on_the_summary_have_its_title_and_only_ankles_that_were_tested() {
    let config = mine(TWO_TESTS);
    let mut lines = weeks();
    for line in &mut lines {
        let own = line.digest.readings.clone().into_iter().map(|mut measured| {
            measured.test = "barefoot".to_owned();
            measured
        });
        line.digest.readings.extend(own.collect::<Vec<_>>());
    }
    let mut desk = desk_of(Desk::of(config, Past::default()), lines);
    desk.press("space space 1 space 1 space 1 s");
    let shown = desk.picture((80, 60));
    let weeks = &shown[shown.find("Over the weeks").unwrap_or_else(|| panic!("{shown}"))..];
    let place = |what: &str| weeks.find(what).unwrap_or_else(|| panic!("{what}: {weeks}"));
    assert!(place("Wall test") < place("Right ankle") && place("Right ankle") < place("Barefoot test"), "{weeks}");
    assert_eq!(weeks.matches("Left ankle").count(), 2, "{weeks}");
    assert_eq!(weeks.matches("Right ankle").count(), 1, "the other was not tested barefoot: {weeks}");
}
