//! What is asked before training, and what happens when it hurts.

use super::*;

#[test]
fn pain_is_answered_by_a_warning() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().start_set().say(Input::Ouch);
    assert_eq!(gym.cues.last(), Some(&(gym.now, Cue::Warning)));
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
fn strong_pain_between_two_exercises_ends_with_advice_though_it_was_asked_before() {
    let step = |id: &str, text: &str| format!("[protocol.own.step.{id}]\n{text}\n");
    let toml = [
        "[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n".to_owned(),
        step("before", "kind = \"ask\"\nquestion = \"pain\""),
        step("middle", "kind = \"ask\"\nquestion = \"pain\"\nrepeats = \"before\""),
        step("exercise", "kind = \"exercise\"\nexercise = \"front-band\""),
        step("after", "kind = \"ask\"\nquestion = \"pain\"\nrepeats = \"before\""),
    ];
    let mut gym = Gym::enter(changed("own", &toml.concat()), Pacing::Counted);
    gym.rate(0).rate(6);
    assert!(gym.session.advice().is_some(), "an exercise follows");
    gym.say(Input::Back).rate(2);
    while gym.step_id() != "after" {
        match gym.stage().part {
            Part::Plan | Part::Setup => gym.go(),
            _ => gym.say(Input::Skip),
        };
    }
    gym.rate(9);
    assert!(gym.session.advice().is_none(), "nothing follows");
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
        let earlier: Earlier = answers.iter().map(|(question, option)| Chosen::of(question, None, option)).collect();
        Gym::enter_after(&earlier, protocol.clone(), Pacing::Counted)
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
fn a_list_that_was_called_for_stays_due_until_it_was_gone_through() {
    let protocol = built_in("warm-up");
    let mut earlier = Earlier::from_iter([Chosen::of("safety", None, "none")]);
    for (answers, asked_next) in [
        (&["yes"][..], "safety"),
        // A later "no" does not take back what was called for then.
        (&["no"], "safety"),
        (&["no"], "safety"),
        (&["no", "none"], "front-band"),
        (&["no"], "front-band"),
        // Gone through at once, it is due no more either.
        (&["yes", "none"], "front-band"),
        (&["no"], "front-band"),
        (&["yes"], "safety"),
        (&["yes", "none"], "front-band"),
        (&["no"], "front-band"),
    ] {
        let mut gym = Gym::enter_after(&earlier, protocol.clone(), Pacing::Counted);
        answers.iter().for_each(|option| _ = gym.answer(option));
        assert_eq!(gym.step_id(), asked_next, "{answers:?}");
        gym.say(Input::End);
        gym.session.plan().passed_on().into_iter().for_each(|chosen| earlier.answer(chosen));
    }
}

#[test]
fn a_question_that_is_called_for_on_some_ankles_is_settled_once_it_was_answered_on_each_of_them() {
    let question = |id: &str| {
        format!(
            "[question.{id}]\ntitle = \"{id}\"\nask = \"{id}?\"\n[question.{id}.option.no]\nlabel = \"No\"\n[question.{id}.option.yes]\nlabel = \"Yes\"\n"
        )
    };
    let begin = |first: &str, then: &str, earlier: &Earlier| {
        let toml = format!(
            "{}{}[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n\
             [protocol.own.step.sore]\nkind = \"ask\"\nquestion = \"sore\"\n{first}\
             [protocol.own.step.look]\nkind = \"ask\"\nquestion = \"look\"\n{then}\
             when-any = [{{ earlier = \"sore\", is = [\"yes\"] }}, {{ step = \"sore\", is = [\"yes\"] }}]\n\
             [protocol.own.step.word]\nkind = \"note\"\ntitle = \"A word\"\ntext = [\"t\"]\n",
            question("sore"),
            question("look"),
        );
        Gym::enter_after(earlier, changed("own", &toml), Pacing::Counted)
    };
    let each = "sides = \"each\"\n";
    // Asked on each ankle, and looked at once; the other way round; and both on each ankle.
    for (first, then, sore, looks, is_due) in [
        (each, "", &["yes", "no"][..], &["yes"][..], false),
        ("", each, &["yes"], &["yes"], true),
        ("", each, &["yes"], &["yes", "yes"], false),
        (each, each, &["yes", "yes"], &["yes"], true),
        (each, each, &["yes", "yes"], &["yes", "no"], false),
    ] {
        let mut gym = begin(first, then, &Earlier::default());
        sore.iter().chain(looks).for_each(|option| _ = gym.answer(option));
        while gym.step_id() != "word" {
            gym.say(Input::Skip);
        }
        let earlier: Earlier = gym.session.plan().passed_on().into_iter().collect();
        let mut next = begin(first, then, &earlier);
        sore.iter().for_each(|_| _ = next.answer("no"));
        assert_eq!(next.step_id() == "look", is_due, "{first}{then}{sore:?} {looks:?}");
        // Whatever else asks for the answer knows it.
        let known = earlier.to("sore", None).filter(|chosen| chosen.option_for(None) == Some("yes")).count();
        assert_eq!(known, sore.iter().filter(|option| **option == "yes").count());
    }
}

#[test]
fn what_was_known_when_a_session_began_is_on_record_with_its_first_fact() {
    let earlier: Earlier =
        [Chosen::of("safety", None, "none"), Chosen::of("feel", None, "front")].into_iter().collect();
    let mut gym = Gym::enter_after(&earlier, built_in("box-squat"), Pacing::Counted);
    assert!(gym.events.is_empty(), "a session in which nothing happened is none");
    gym.answer("no").wait(1_000).go();
    let safety = [Chosen::of("safety", None, "none")].into_iter().collect();
    assert_eq!(gym.events[0].fact, Fact::Recalled { answers: safety }, "only what it asks for");
    assert_eq!(gym.facts().into_iter().filter(|fact| matches!(fact, Fact::Recalled { .. })).count(), 1);
    let resumed = Session::resume(gym.session.protocol().clone(), LEAD_IN, Pacing::Counted, &gym.events);
    assert_eq!(resumed.plan().stages(), gym.session.plan().stages());
    assert_eq!(resumed.stage(), gym.session.stage(), "whatever was answered since in another session");
}

#[test]
fn what_was_recalled_is_no_damage_where_an_edit_asks_for_it_no_longer() {
    let toml = "
        [protocol.warm-up.remark.front]
        place = \"summary\"
        text = \"Front.\"
        when = [{ earlier = \"feel\", is = [\"front\"] }]
    ";
    let earlier = [Chosen::of("feel", None, "front")].into_iter().collect();
    let mut gym = Gym::enter_after(&earlier, changed("warm-up", toml), Pacing::Counted);
    gym.answer("none");
    assert!(matches!(gym.events[0].fact, Fact::Recalled { .. }));
    assert!(gym.session.take_over(built_in("warm-up"), LEAD_IN, Pacing::Counted));
    for event in &gym.events {
        assert_eq!(check::fact(gym.session.protocol(), &event.fact), Ok(()));
    }
}

#[test]
fn what_was_answered_of_an_ankle_is_asked_for_by_ankle() {
    let toml = "
        [protocol.ankle.step.front-band]
        when = [{ earlier = \"feel\", is = [\"front\"] }]
        [protocol.ankle.step.behind-band]
        when = [{ earlier = \"feel\", all = [\"front\"] }]
    ";
    let (left, right) = (Some(Side::Left), Some(Side::Right));
    let trained = |answers: &[(Option<Side>, &str)]| {
        let earlier = answers.iter().map(|(side, option)| Chosen::of("feel", *side, option)).collect();
        let gym = Gym::enter_after(&earlier, changed("ankle", toml), Pacing::Counted);
        let plan = gym.session.plan();
        let sides = |id: &str| {
            let step = plan.protocol.steps.iter().position(|step| step.id == id).unwrap();
            plan.sides_that_apply(step).collect::<Vec<_>>()
        };
        (sides("front-band"), sides("behind-band"))
    };
    assert_eq!(trained(&[(left, "front"), (right, "back")]), (vec![left], vec![left]));
    assert_eq!(trained(&[(None, "front")]), (vec![left, right], vec![left, right]), "asked once, it holds for each");
    assert_eq!(trained(&[]), (vec![], vec![]));
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
fn what_hurt_and_was_gone_on_with_in_another_position_is_in_the_digest_with_its_set_alone() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    let hurt = gym.start_set().stage();
    gym.lunge(2).say(Input::Ouch).say(Input::Relieve(Relief::Reposition)).go().wait(3_000);
    let slipped = gym.lunge(13).start_set().stage();
    gym.say(Input::Ouch).say(Input::Relieve(Relief::Slip)).wait(3_000).lunge(15);
    let digest = Digest::of(gym.session.protocol(), gym.session.record());
    let of = |stage: Stage| digest.sets.iter().find(|set| (set.side, set.round) == (stage.side, stage.round)).unwrap();
    assert_eq!((of(hurt).how, of(hurt).repositioned), (Some(SetEnd::Full), true));
    assert_eq!((of(slipped).how, of(slipped).repositioned), (Some(SetEnd::Full), false), "a slip of the finger");
    assert!(digest.has_painful_set());
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
fn a_set_that_was_over_when_it_hurt_is_on_record_as_the_one_for_which_the_session_ended() {
    for input in [Input::Relieve(Relief::EndSession), Input::End] {
        let mut gym = Gym::warmed_up(Pacing::Counted);
        gym.start_set();
        let set = gym.stage();
        gym.lunge(15);
        assert_eq!(
            (gym.stage().part, gym.session.record().closed(set)),
            (Part::ChangeOver, Some(Close::Set(SetEnd::Full)))
        );
        gym.say(Input::Ouch).say(input);
        let record = gym.session.record();
        assert_eq!((record.ending(), record.closed(set)), (Some(Ending::Pain), Some(Close::Set(SetEnd::Pain))));
        assert_eq!(record.reps(set), 15);
    }
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
fn between_two_sets_pain_is_of_the_next_ankle_where_the_other_one_has_ended() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(2).say(Input::Ouch).say(Input::Relieve(Relief::EndExercise));
    assert_eq!(gym.stage().part, Part::ChangeOver);
    let step = gym.stage().step;
    gym.say(Input::Ouch);
    assert_eq!(gym.session.record().hurting().and_then(|stage| stage.side), Some(Side::Right));
    gym.say(Input::Relieve(Relief::EndExercise));
    assert!(gym.session.record().is_painful(step, Some(Side::Right)));
    assert_ne!(gym.stage().step, step, "neither ankle goes on with it");
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
fn pain_that_was_reported_is_not_forgotten_by_leaving() {
    let mut gym = Gym::warmed_up(Pacing::Counted);
    gym.start_set().lunge(2).say(Input::Ouch);
    let mut resumed = Session::resume(gym.session.protocol().clone(), LEAD_IN, Pacing::Counted, &gym.events);
    assert_eq!(*resumed.run(), Run::Hurt);
    resumed.step(gym.now, Input::Pause);
    resumed.step(gym.now, Input::Back);
    assert_eq!(*resumed.run(), Run::Hurt, "only an answer goes on");
    resumed.step(gym.now, Input::End);
    assert_eq!(resumed.record().ending(), Some(Ending::Pain));
}

#[test]
fn an_answer_that_ends_in_advice_is_passed_on_whatever_else_would_have_been_asked() {
    let ask = |id: &str, question: &str, when: &str| {
        format!("[protocol.own.step.{id}]\nkind = \"ask\"\nquestion = \"{question}\"\n{when}\n")
    };
    let toml = [
        "[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n".to_owned(),
        ask("safety", "safety", "required = true"),
        ask("feel", "feel", "when = [{ earlier = \"safety\", is = [\"none\"] }]"),
    ];
    let earlier = Earlier::from_iter([Chosen::of("safety", None, "none")]);
    let mut gym = Gym::enter_after(&earlier, changed("own", &toml.concat()), Pacing::Counted);
    gym.answer("calf");
    assert_eq!(gym.session.plan().passed_on(), [Chosen::of("safety", None, "calf")]);
}

#[test]
fn a_set_that_was_ended_for_pain_and_is_taken_up_again_stands_still_and_keeps_the_pain() {
    let mut gym = Gym::warmed_up(Pacing::Paced);
    gym.go().wait(5_000 + 6_000 + 2_500);
    let hurt = gym.stage();
    gym.say(Input::Ouch).say(Input::Relieve(Relief::EndExercise)).wait(3_000);
    assert_eq!(gym.stage().part, Part::ChangeOver);
    gym.say(Input::Back);
    assert_eq!((gym.stage(), gym.session.deadline()), (hurt, None), "nothing moves by itself");
    assert!(matches!(gym.session.run(), Run::Paused { why: PauseReason::Repositioning, .. }));
    gym.go().wait(LEAD_IN.millis()).say(Input::EndSet);
    let digest = Digest::of(gym.session.protocol(), gym.session.record());
    let set = digest.sets.iter().find(|set| (set.side, set.round) == (hurt.side, hurt.round)).unwrap();
    assert_eq!((set.how, set.repositioned, set.reps), (Some(SetEnd::Short), true, 1));
    assert!(digest.has_painful_set());
}

#[test]
fn back_to_an_ankle_that_hurt_on_the_way_to_it_stands_where_its_events_lead_to() {
    let protocol = changed(
        "own",
        "[exercise.front-band]\nrounds = 1\n[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n\
         [protocol.own.step.front]\nkind = \"exercise\"\nexercise = \"front-band\"\n\
         [protocol.own.step.word]\nkind = \"note\"\ntitle = \"A word\"\ntext = [\"t\"]\n",
    );
    let mut gym = Gym::enter(protocol, Pacing::Counted);
    gym.go().start_set().lunge(2).say(Input::Ouch).say(Input::Relieve(Relief::EndExercise));
    assert_eq!((gym.stage().part, gym.stage().side), (Part::ChangeOver, Some(Side::Right)));
    gym.say(Input::Ouch).say(Input::Relieve(Relief::EndExercise));
    assert_eq!(gym.step_id(), "word");
    gym.say(Input::Back);
    let set = gym.stage();
    assert_eq!((set.part, set.side, gym.session.plan().current()), (Part::Set, Some(Side::Right), Some(set)));
    let resumed = Session::resume(gym.session.protocol().clone(), LEAD_IN, Pacing::Counted, &gym.events);
    assert_eq!(resumed.stage(), Some(set));
    gym.go().wait(LEAD_IN.millis()).lunge(15);
    assert_eq!((gym.session.record().closed(set), gym.step_id()), (Some(Close::Set(SetEnd::Full)), "word"));
}

#[test]
fn pain_of_four_after_exercise_is_answered_and_of_three_is_not() {
    let protocol = built_in("ankle");
    for (number, told) in [(3, 0), (4, 1)] {
        let mut gym = Gym::enter(protocol.clone(), Pacing::Counted);
        gym.answer("none").rate(1);
        while gym.step_id() != "pain-after" {
            gym.say(Input::Skip).say(Input::Go);
        }
        gym.rate(number);
        let plan = gym.session.plan();
        let of_pain = protocol.remarks.iter().filter(|remark| remark.text.contains("pain of 4 or more"));
        assert_eq!(of_pain.filter(|remark| plan.holds(&remark.when, None)).count(), told, "{number}");
    }
}

#[test]
fn strong_pain_before_training_is_no_pain_from_it() {
    let mut gym = Gym::enter(built_in("ankle"), Pacing::Counted);
    gym.answer("none").rate(6).go();
    let digest = Digest::of(gym.session.protocol(), gym.session.record());
    assert_eq!((digest.ending, digest.too_much), (Some(Ending::Advised), false));
}

#[test]
fn what_holds_for_all_ankles_does_not_hold_by_what_is_known_of_one() {
    let toml = "
        [protocol.warm-up.remark.front]
        place = \"summary\"
        text = \"Front.\"
        when = [{ earlier = \"feel\", all = [\"front\"] }]
    ";
    let (left, right) = (Some(Side::Left), Some(Side::Right));
    for (answers, holds) in [
        (&[(left, "front")][..], false),
        (&[(left, "front"), (right, "back")], false),
        (&[(left, "front"), (right, "front")], true),
        (&[(None, "front")], true),
    ] {
        let earlier = answers.iter().map(|(side, option)| Chosen::of("feel", *side, option)).collect();
        let gym = Gym::enter_after(&earlier, changed("warm-up", toml), Pacing::Counted);
        let remark = gym.session.protocol().remarks.iter().find(|remark| remark.text == "Front.").unwrap();
        assert_eq!(gym.session.plan().holds(&remark.when, None), holds, "{answers:?}");
    }
}
