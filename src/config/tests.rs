//! Whole messages for wrong files, and what right ones amount to.
#![expect(clippy::disallowed_methods, reason = "files are made to be read")]

mod at_once;

use super::*;
use crate::protocol::quantity::RepRange;

fn source(text: &str) -> Source {
    Source { name: "config.toml".to_owned(), text: text.to_owned() }
}

fn refusal(text: &str) -> String {
    match Config::load(vec![source(text)]) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(refusal) => refusal.to_string(),
    }
}

fn accepted(text: &str) -> Config {
    Config::load(vec![source(text)]).unwrap_or_else(|refusal| panic!("{refusal}"))
}

#[test]
fn the_built_in_configuration_fits_its_own_schema() {
    let config = accepted("");
    let ids: Vec<_> = config.protocols.keys().map(String::as_str).collect();
    assert_eq!(ids[..config.at_home], ["ankle", "warm-up"]);
    assert!(ids.len() > 10, "routines beside them: {ids:?}");
}

#[test]
fn reps_alone_are_a_whole_configuration() {
    let config = accepted("[exercise.front-band]\nreps = [8, 12]\n");
    let trained = |id: &str| {
        let protocol = &config.protocols[id];
        (0..protocol.steps.len())
            .filter_map(|step| protocol.exercise(step))
            .map(|exercise| exercise.reps)
            .collect::<Vec<_>>()
    };
    let (changed, usual) = (RepRange::new(8, 12).unwrap(), RepRange::new(10, 15).unwrap());
    assert_eq!(trained("warm-up"), [changed, usual]);
    assert_eq!(trained("ankle")[1..], [changed, usual]);
}

#[test]
fn a_protocol_of_ones_own_is_on_the_home_screen_after_those_wanted_there() {
    let skeleton = include_str!("../../assets/skeleton.toml").replace("{name}", "mine");
    let config = accepted(&skeleton);
    assert_eq!(config.protocols.keys().take(config.at_home).collect::<Vec<_>>(), ["ankle", "warm-up", "mine"]);
    let wanted = accepted(&format!("[settings]\nprotocols = [\"mine\"]\n{skeleton}"));
    assert_eq!(wanted.protocols.keys().take(wanted.at_home).collect::<Vec<_>>(), ["mine"]);
}

#[test]
fn the_files_to_begin_with_are_right_and_every_line_of_the_starter_counts_when_it_is_asked_to() {
    let starter = include_str!("../../assets/starter.toml");
    accepted(starter);
    let lines = starter.lines().filter(|line| line.starts_with("# ") && line.contains(['=', '[']));
    let lines: Vec<&str> = lines.map(|line| &line[2..]).filter(|line| !line.contains('`')).collect();
    let config = accepted(&format!("[settings]\n{}", lines.join("\n")));
    assert_eq!((config.settings.units, config.progress.weekly_goal), (Unit::In, 3));
}

#[test]
fn a_figure_holds_the_poses_that_it_names() {
    let config = accepted("[pose.lunge]\nknee = 70\n[exercise.front-band.phase.hold]\npose = \"kneel\"\n");
    let protocol = &config.protocols["warm-up"];
    let exercise = (0..protocol.steps.len()).find_map(|step| protocol.exercise(step)).unwrap();
    let figure = exercise.figure.as_ref().unwrap();
    assert_eq!(figure.poses.keys().collect::<Vec<_>>(), ["lunge", "lunge-forward", "kneel"]);
    assert_eq!((figure.poses["lunge"].knee, figure.poses["lunge"].ankle), (70.0, 4.0), "one angle changes alone");
}

#[test]
fn a_stored_protocol_keeps_its_poses_and_one_from_before_there_were_any_still_loads() {
    let stored = serde_json::to_value(&*Config::built_in().protocols["ankle"]).unwrap();
    let again: Protocol = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(again, *Config::built_in().protocols["ankle"]);
    fn forget(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(object) => {
                ["figure", "pose", "to-and-fro"].iter().for_each(|key| drop(object.remove(*key)));
                object.values_mut().for_each(forget);
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(forget),
            _ => {}
        }
    }
    let mut before = stored;
    forget(&mut before);
    assert!(!before.to_string().contains("lunge-forward"));
    let before: Protocol = serde_json::from_value(before).unwrap();
    let exercises = (0..before.steps.len()).filter_map(|step| before.exercise(step));
    assert!(exercises.into_iter().all(|exercise| exercise.figure.is_none() && exercise.movement(0, false).is_none()));
}

#[test]
fn windows_files_load() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, "\u{feff}[settings]\r\n\tunits = \"in\"\r\n").unwrap();
    let config = Config::load(vec![read(&path).unwrap()]).unwrap();
    assert_eq!(config.settings.units, Unit::In);
}

#[test]
fn a_list_of_keys_replaces_that_list_and_no_other() {
    let config = accepted("[keys]\npause = [\"f2\"]\n");
    assert_eq!(config.keys.pause, ["f2".parse().unwrap()]);
    assert_eq!(config.keys.go, Config::built_in().keys.go);
}

#[test]
fn text_cannot_carry_escape_sequences() {
    let config = accepted("[protocol.ankle]\ntitle = \"A\\u001b[31m\\u202eB\"\n");
    assert_eq!(config.protocols["ankle"].title, "A[31mB");
}

#[test]
fn files_that_are_no_configuration_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let told = || read(&path).unwrap_err().to_string();
    assert!(told().contains("config.toml"), "{}", told());
    std::fs::write(&path, vec![b'#'; MAX_BYTES as usize + 1]).unwrap();
    assert!(told().contains("larger than 256 KB"), "{}", told());
    std::fs::write(&path, b"# fine\n# \xff\n").unwrap();
    assert!(told().contains("line 2 is not UTF-8"), "{}", told());
}

#[test]
fn a_protocol_of_too_many_steps_or_phases_is_refused() {
    let step = |number| format!("[protocol.ankle.step.s{number}]\nkind = \"exercise\"\nexercise = \"front-band\"\n");
    let steps = |count| (0..count).map(step).collect::<String>();
    assert!(refusal(&steps(120)).contains("expected at most 100 steps"));
    let most = "[exercise.front-band]\nreps = [1, 100]\nmost-rounds = 10\n";
    assert!(refusal(&(steps(4) + most)).contains("expected at most 20000 phases"));
    let longest = accepted(&(steps(2) + most));
    assert!(crate::session::rehearsal::Rehearsal::of(&longest.protocols["ankle"]).ended);
}

#[test]
fn more_than_a_thousand_problems_are_told_as_a_thousand_and_more() {
    let wrong: String = (0..1_500).map(|number| format!("key-{number} = 1\n")).collect();
    assert!(refusal(&wrong).ends_with("1000 problems and more"));
}

#[test]
fn what_was_meant_is_found_among_thousands_of_names() {
    let others: Vec<String> = (0..5_000).map(|number| format!("something-else-{number}")).collect();
    let names = others.iter().map(String::as_str).chain(["dark"]);
    assert_eq!(report::near("drak", names.clone()), Some("dark"));
    assert_eq!(report::near(&"d".repeat(1_000_000), names), None, "nobody misspells so long a name");
}

macro_rules! wrong {
    ($($name:ident: $text:expr;)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(stringify!($name), refusal($text));
            }
        )*
    };
}

#[test]
fn every_example_of_the_documents_is_right_and_runs_to_its_end() {
    let mut examples = 0;
    for document in [include_str!("../../docs/protocols.md"), include_str!("../../README.md")] {
        for block in document.split("```toml\n").skip(1) {
            let text = block.split("```").next().unwrap_or_default();
            let config = match document.starts_with("# Writing a routine") {
                true => Config::load(Files { routines: vec![source(text)], ..Files::default() }).unwrap(),
                false => accepted(text),
            };
            let built_in = Config::built_in();
            for protocol in config.protocols.values().filter(|it| !built_in.protocols.contains_key(&it.id)) {
                assert!(crate::session::rehearsal::Rehearsal::of(protocol).ended, "{}", protocol.id);
            }
            examples += 1;
        }
    }
    assert!(examples >= 6, "the documents have examples");
}

#[test]
fn a_refusal_fits_the_screen_and_tells_at_least_one_problem() {
    let wrong: String = (0..500).map(|number| format!("key-{number} = 1\n")).collect();
    let long_line = format!("x = [{}]\n", "1, ".repeat(100_000));
    let many_lines = format!("[settings]\nunits = \"\"\"\n{}\"\"\"\n", "x\n".repeat(1_000));
    for text in [wrong.clone(), format!("{long_line}{wrong}"), many_lines, "[".repeat(10_000)] {
        let Err(refusal) = Config::load(vec![source(&text)]) else { panic!("accepted") };
        for colour in [false, true] {
            let said = refusal.render(colour);
            assert!(said.lines().count() <= 20 && said.ends_with("nothing was started"), "{said}");
            assert!(said.contains("config.toml") && said.len() < 10_000, "{} bytes", said.len());
        }
    }
    let told = Config::load(vec![source(&wrong)]).unwrap_err();
    assert!(told.report(false).matches("unknown key").count() == 500, "all of them are told when asked for");
}

wrong! {
    empty_text: "[exercise.front-band]\ntitle = \"  \"\n";
    text_without_end: &format!("[words.home]\ntagline = \"{}\"\n", "long ".repeat(500));
    unknown_word_in_braces: "[words.train]\nrep-of = \"{repp} / {range}\"\n";
    word_in_braces_where_none_is: "[protocol.ankle]\ntitle = \"{side} ankle\"\n";
    word_in_braces_in_a_list: "[exercise.front-band]\nsetup = [\"Band on the {ankle}\"]\n";
    suggested_without_a_reason: "[protocol.retest]\nsuggest-when = [{ earlier = \"feel\", is = [\"back\"] }]\n";
    suggested_by_a_step_of_its_own: "[protocol.retest]\nsuggest = \"x\"\nsuggest-when = [{ step = \"wall\", is = [\"normal\"] }]\n";
    unclosed_list: "[settings]\nprotocols = [\"ankle\"\nunits = \"cm\"\n";
    no_value: "[settings]\nunits =\n";
    same_key_twice: "[settings]\nunits = \"cm\"\nunits = \"in\"\n";
    unknown_setting: "[settings]\nunit = \"cm\"\n";
    unknown_section: "[exercises.front-band]\nreps = [8, 12]\n";
    unknown_key_far_from_all: "[settings]\nwallpaper = \"blue\"\n";
    misspelt_exercise: "[exercise.front-bnd]\nreps = [8, 12]\n";
    misspelt_choice: "[settings]\npacing = \"pased\"\n";
    reps_upside_down: "[exercise.front-band]\nreps = [12, 8]\n";
    reps_of_one_number: "[exercise.front-band]\nreps = 10\n";
    reps_without_end: "[exercise.front-band]\nreps = [10, 99999]\n";
    rounds_above_the_most: "[exercise.front-band]\nrounds = 3\n";
    negative_seconds: "[settings]\nlead-in = -1\n";
    seconds_that_are_no_number: "[exercise.front-band.phase.hold]\nseconds = nan\n";
    seconds_as_text: "[exercise.front-band]\nrest = \"45 s\"\n";
    number_beyond_all_bounds: "[settings]\nvolume = 99999999999999999999\n";
    a_date: "[settings]\nlead-in = 2026-11-21\n";
    a_table_for_a_number: "[settings.volume]\npercent = 3\n";
    length_without_unit: "[test.wall]\ntoe-distance = \"4\"\n";
    bands_out_of_order: "[test.wall.band.abnormal]\nup-to = \"0 in\"\n";
    thresholds_out_of_order: "[test.wall]\npossible-change = \"3 cm\"\n";
    unknown_key_name: "[keys]\npause = [\"spacebar\"]\n";
    nothing_to_start: "[settings]\nprotocols = []\n";
    unknown_protocol: "[settings]\nprotocols = [\"ankel\"]\n";
    step_without_its_exercise: "[protocol.ankle.step.more]\nkind = \"exercise\"\n";
    step_with_another_kinds_key: "[protocol.ankle.step.more]\nkind = \"exercise\"\nexercise = \"front-band\"\nseconds = 3\n";
    step_of_an_unknown_exercise: "[protocol.ankle.step.more]\nkind = \"exercise\"\nexercise = \"front-bands\"\n";
    condition_on_a_step_that_is_not_there: "[protocol.ankle.step.front-band]\nwhen = [{ step = \"wal\", is = [\"normal\"] }]\n";
    condition_on_itself: "[protocol.ankle.step.squat]\nwhen = [{ step = \"squat\", is = [\"lift\"] }]\n";
    condition_on_a_later_step: "[protocol.ankle.step.squat]\nwhen = [{ step = \"feel\", is = [\"back\"] }]\n";
    condition_on_a_step_without_answer: "[protocol.ankle.step.wall-again]\nwhen = [{ step = \"front-band\", is = [\"done\"] }]\n";
    condition_on_an_outcome_that_is_not_there: "[protocol.ankle.step.front-band]\nwhen = [{ step = \"wall\", is = [\"bad\"] }]\n";
    condition_without_demand: "[protocol.ankle.step.front-band]\nwhen = [{ step = \"wall\" }]\n";
    condition_without_subject: "[protocol.ankle.step.front-band]\nwhen = [{ is = [\"normal\"] }]\n";
    number_asked_of_words: "[protocol.ankle.step.front-band]\nwhen = [{ step = \"squat\", at-least = 3 }]\n";
    unknown_pose: "[exercise.front-band.phase.back]\npose = \"lung\"\n";
    pose_of_a_test_that_is_not_there: "[test.wall.figure]\nreach = \"kneeling\"\n";
    pose_without_a_figure: "[exercise.hops]\ntitle = \"Hops\"\ngoal = \"Hop\"\nsetup = []\nsides = \"both\"\nreps = [1, 2]\nrounds = 1\nmost-rounds = 1\nget-ready = 1\nchange-over = 1\nchange-over-tell = \"\"\nrest = 1\n[exercise.hops.phase.up]\nname = \"Up\"\ntell = \"Hop\"\nseconds = 1\ncue = \"forward\"\npose = \"lunge\"\n";
    to_and_fro_of_nothing: "[exercise.front-band.phase.hold]\nto-and-fro = 2\n";
    knee_that_bends_backward: "[pose.lunge]\nknee = -20\n";
    misspelt_joint: "[pose.lunge]\nkne = 20\n";
    poses_written_where_they_are_named: "[exercise.front-band.figure.poses.lunge]\nknee = 20\n";
    question_with_options_and_scale: "[question.pain.option.yes]\nlabel = \"Yes\"\n";
    question_without_answers: "[question.mood]\ntitle = \"Mood\"\nask = \"How are you?\"\n";
    scale_that_is_empty: "[question.pain.scale]\nlow = 10\n";
    half_a_stop: "[question.squat.option.down]\nlabel = \"x\"\n[question.mood]\ntitle = \"Mood\"\nask = \"?\"\nscale = { low = 0, high = 3, low-label = \"a\", high-label = \"b\", notable-change = 1, stop-from = 2 }\n";
    two_phases_that_count: "[exercise.front-band.phase.back]\ncounts = true\n";
    control_characters: "[settings]\n\"un\\u001b[31mits\" = \"cm\"\n";
    hold_that_waits: "[exercise.front-band.phase.hold]\nwait = true\n";
    most_rounds_below_the_rounds: "[exercise.front-band]\nmost-rounds = 1\n";
    names_that_begin_with_a_sign: "[question.feel.option.\"\"]\nlabel = \"None\"\n[protocol.\"=1+1\"]\ntitle = \"Sum\"\n";
    more_rounds_than_the_most: "[exercise.front-band]\nrounds = 5\nmost-rounds = 1\n[exercise.behind-band]\nrounds = 7\n";
    real_change_below_the_possible: "[test.wall]\nreal-change = \"0.5 cm\"\n";
    action_without_key: "[keys]\ngo = []\n";
    list_of_tables_for_named_ones: "[[protocol.ankle.step]]\nkind = \"rest\"\n";
    table_without_its_name: "[exercise]\nreps = [8, 12]\nrounds = 2\n";
    values_in_the_wrong_clothes: "[exercise.front-band]\nreps = \"8-12\"\nrest = \"1 min\"\n[settings]\nstereo = \"yes\"\nvolume = \"80%\"\ncolours = 256\n[keys]\npause = [\"Ctrl+P\"]\nskip = \"s\"\n[protocol.ankle.step.squat]\nwhen = { earlier = \"safety\", is = [\"none\"] }\n";
    key_of_another_table: "reps = [8, 12]\n[protocol.ankle.step.front-band]\nrounds = 3\n";
    name_with_a_space: "[exercise.front band]\nreps = [8, 12]\n";
    lines_of_other_languages: "// mine\n[settings]\nunits = 'cm';\nstereo = True\nprotocols = [ankle, warm-up]\nlead-in = 2,5\n[exercise.front-band]\nreps = 8-12\ntitle = “Band”\n";
    lines_with_a_slip: "[exercise.front-band]\nsetup = [\"one\", \"two\"\n\"three\"]\nreps = [8 12]\nrest = 1:30\ntitle = \"A \\ b\"\n[settings]\nvolume = 050\nunits = \"cm\" \"in\"\n[protocol.ankle.step.squat]\nwhen = [{ step = \"wall\" is = [\"normal\"] }]\n";
    reps_in_other_writing: "[exercise.front-band]\nreps = 8:12\nrest = 10:30\n[exercise.behind-band]\nreps = (8, 12)\nrest = 30-45\n[exercise.calf-roll]\nreps = 10:15\n";
    slips_of_the_pen: "[settings]\nvolume = 50'\nlead-in = .5\nprotocols = \"ankle\", \"warm-up\"\nstereo\u{a0}= true\n[exercise.front-band]\ntitle = \"say \"cm\"\"\n[exercise/front-band]\nrest = 1,000\n";
    keys_without_their_heading: "rounds = 3\nunits = \"in\"\ntheme = \"dark\"\nwallpaper = 3\n";
    keys_by_other_names: "[keys]\ngo = [\"Spacebar\"]\nback = [\"page-up\", \"PgUp\"]\npause = [\"Escape\", \"Ctrl + Shift + Del\"]\nskip = [\"Return\", \"entr\"]\nend-set = [\"play/pause\", \"altgr-x\"]\nhelp = [\"F36\"]\n";
    bare_words_where_none_fits: "[settings]\nvolume = loud\npacing = pased\nlead-in = 3x\nunits = inch\n[exercise.front-band]\ntitle = 5 lunges\nrest = 30 kg\nrounds = three\nsides = leftt\n[theme.dark]\nhold = yelow\n";
    comments_of_other_languages: "My settings for the clinic\n[settings]\nvolume = 50 // louder\nlead-in = 3;\nstereo = true -- both\npacing => \"paced\"\nunits == \"cm\"\n";
    printed_signs: "[exercise front-band]\nrounds = 1\n[pose.lunge]\nankle = −5\n[exercise.calf-roll]\nsetup = [“Eins”, “Zwei”]\ntitle = “Wade\"\ntip = \"unten”\n";
    lengths_and_colours_as_elsewhere: "[test.wall]\ntoe-distance = 4\"\npossible-change = \"1 inch\"\n[theme.dark]\nhold = \"e8ecf1\"\naccent = \"#fff\"\nback = \"Bright Yellow\"\n[settings]\nunits = \"inch\"\n";
    item_of_another_kind: "[voice]\ncommand = [\"espeak-ng\", \"-s\", 120]\n[protocol.ankle.step.wall]\nkind = \"test\"\n";
    advice_on_the_plan_that_comes_too_late: "[protocol.ankle.remark.late]\nplace = \"plan\"\ntext = \"Sore\"\nwhen = [{ step = \"pain-after\", at-least = 4 }]\n";
    a_theme_of_one_colour: "[theme.dark]\nbackground = \"white\"\ntext = \"white\"\nwarning = \"white\"\n";
    lines_of_windows: "[settings]\r\nvolume = loud\r\n[exercise.front-band]\r\nsetup = [\r\n  one,\r\n]\r\n";
    condition_on_a_question_for_its_step: "[protocol.ankle.step.front-band]\nwhen = [{ step = \"pain\", at-least = 3 }]\n";
    condition_in_words_of_its_own: "[protocol.ankle.step.front-band]\nwhen = [{ question = \"feel\", is = [\"back\"] }]\n";
    protocol_without_steps: "[protocol.mine]\ntitle = \"Mine\"\nsummary = \"Mine\"\n";
    two_beginnings_of_one_thing_each: "[exercise.calf-a]\ntitle = \"A\"\n[exercise.calf-b]\ntitle = \"B\"\n[exercise.calf-b.phase.out]\nname = \"Out\"\n";
    key_for_three_things: "[keys]\ngo = [\"s\"]\nskip = [\"s\"]\nmute = [\"s\"]\n";
    scale_cut_below_its_stop: "[question.pain.scale]\nhigh = 5\n";
    question_changed_under_its_conditions: "[protocol.ankle.step.feel]\nquestion = \"pain\"\n";
    test_changed_under_its_repetition: "[protocol.ankle.step.wall]\nsides = \"both\"\n";
    text_without_quotes: "[settings]\nunits = in\n";
    colon_for_an_equals_sign: "[exercise.front-band]\nreps: [8, 12]\nrest 30\n";
    text_of_lines_without_its_end: "[settings]\nunits = \"\"\"cm\nvolum = 3\n";
    table_twice: "[exercise.front-band]\nreps = [8, 12]\n[settings]\nunits = \"in\"\n[exercise.front-band]\nrounds = 1\n";
    key_for_two_things: "[keys]\nskip = [\"space\"]\n";
    key_that_is_taken: "[keys]\nouch = [\"1\"]\nup = [\"ctrl-c\"]\ngo = [\"space\", \",\"]\nnext-line = [\".\"]\n";
    key_that_is_another_one: "[keys]\npause = [\"p\", \"ctrl-m\"]\nnote = [\"ctrl-[\"]\n";
    retest_of_something_else: "[protocol.ankle.step.wall-again]\nrepeats = \"pain-before\"\n";
    stop_off_the_scale: "[question.pain.scale]\nstop-from = 50\n";
    number_of_an_earlier_session: "[protocol.ankle.step.front-band]\nwhen = [{ earlier = \"pain\", at-least = 3 }]\n";
    outcomes_of_an_empty_list: "[protocol.ankle.step.front-band]\nwhen = [{ step = \"squat\", is = [] }]\n";
    shape_and_meaning_at_once: "[settings]\nunit = \"cm\"\nlead-in = -1\n[exercise.front-band]\nrounds = 3\n[protocol.ankle.step.front-band]\nwhen = [{ step = \"wal\", is = [\"normal\"] }]\n";
    many_problems_at_once: "[settings]\nunit = \"cm\"\nlead-in = 99\n[exercise.front-band]\nreps = [0, 8]\n[keys]\ngo = \"space\"\n";
}

#[test]
fn wrong_looks_are_refused_with_what_was_meant() {
    for (text, told) in [
        ("[settings]\ntheme = \"drak\"\n", "did you mean `dark`?"),
        ("[settings]\ncolours = \"265\"\n", "did you mean `256`?"),
        ("[settings]\nglyphs = \"utf\"\n", "expected one of \"auto\", \"unicode\", \"ascii\""),
        ("[theme.dark]\naccent = \"#12345\"\n", "expected a colour"),
        ("[theme.dark]\naccnt = \"red\"\n", "did you mean `accent`?"),
        ("[theme.mine]\naccent = \"red\"\n", "`mine` is not complete"),
    ] {
        let refusal = refusal(text);
        assert!(refusal.contains(told) && refusal.contains("config.toml:"), "{text}\n{refusal}");
    }
}

#[test]
fn a_theme_can_be_changed_in_one_colour_or_made_anew() {
    use crate::theme::terminal::Ability;
    let look = |text: &str, light| accepted(text).look(Ability { light, ..Ability::default() });
    let light = "[settings]\ntheme = \"light\"\n";
    assert_eq!(look("", true), look(light, false), "the terminal is light");
    assert_eq!(look(light, true), look(light, false), "a name outdoes the terminal");
    assert_ne!(look("", false), look("[theme.dark]\nhold = \"yellow\"\n", false));
    let config = accepted("[theme.dark]\nhold = \"yellow\"\n");
    let built_in = Config::built_in();
    assert_eq!(config.themes["dark"].accent, built_in.themes["dark"].accent);
}
