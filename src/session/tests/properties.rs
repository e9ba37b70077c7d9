//! What holds whatever is pressed, and whenever.

use proptest::prelude::*;

use super::*;

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
        earlier in proptest::option::of(proptest::sample::select(vec!["none", "calf"])),
    ) {
        let short_sets = "[exercise.front-band]\nreps = [1, 2]\n[exercise.behind-band]\nreps = [2, 2]\n";
        let protocol = if short { changed(protocol, short_sets) } else { built_in(protocol) };
        let earlier = earlier.map(|option| Chosen::of("safety", None, option)).into_iter().collect();
        let mut gym = Gym::enter_after(&earlier, protocol, Pacing::Counted);
        for (input, pause) in script {
            gym.say(input).wait(pause);
            for stage in gym.session.plan().stages() {
                let high = gym.session.protocol().exercise(stage.step).map_or(0, |exercise| exercise.reps.high());
                prop_assert!(gym.session.record().reps(stage) <= high);
            }
            if gym.session.record().ending().is_none() {
                prop_assert_eq!(gym.session.stage(), gym.session.plan().current(), "where its events lead to");
            }
        }
        for fact in gym.facts() {
            if let Fact::RepCompleted { stage, rep } = fact {
                let high = gym.session.protocol().exercise(stage.step).map_or(0, |exercise| exercise.reps.high());
                prop_assert!(*rep <= high, "rep {} of {}", rep, high);
            }
        }
        if gym.events.is_empty() {
            return Ok(());
        }
        prop_assert_eq!(&Record::of(&gym.events), gym.session.record());
        prop_assert!(gym.events.is_sorted_by_key(|event| event.at));
        let written = serde_json::to_string(&gym.events).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Vec<Event>>(&written).unwrap(), &gym.events);
        let resumed = Session::resume(gym.session.protocol().clone(), LEAD_IN, Pacing::Counted, &gym.events);
        prop_assert_eq!(resumed.stage(), gym.session.stage());
        prop_assert_eq!(resumed.plan().stages(), gym.session.plan().stages());
        let mut ended = Vec::new();
        for event in &gym.events {
            match &event.fact {
                // Pain of which is told after the end is a word on the set that was done.
                Fact::SetEnded { stage, how: SetEnd::Pain } => ended.push(*stage),
                Fact::SetEnded { stage, .. } => {
                    prop_assert!(!ended.contains(stage), "a set ends once: {:?}", gym.events);
                    ended.push(*stage);
                }
                Fact::Reopened { stage } => ended.retain(|other| other != stage),
                _ => {}
            }
        }
    }
}
