//! All that is wrong is told at once, and nothing that goes away when something else is mended.

use super::*;

/// A file that is right.
const RIGHT: &str = r#"
[settings]
units = "cm"
volume = 80
protocols = ["ankle", "mine"]
keep-awake = true
theme = "dark"

[keys]
skip = ["s"]
pause = ["p"]

[question.mood]
title = "Mood"
ask = "How much time is there?"
[question.mood.option.little]
label = "Ten minutes"
[question.mood.option.enough]
label = "Half an hour"

[question.pain.scale]
stop-from = 6

[exercise.mine]
title = "Mine"
goal = "To be wrong"
setup = ["Stand.", "Look at the {side} foot."]
sides = "each"
reps = [8, 12]
rounds = 2
most-rounds = 3
get-ready = 5
rest = 10
[exercise.mine.figure]
start = "kneel"
[exercise.mine.phase.out]
name = "Out"
tell = "Slowly"
seconds = 2
cue = "forward"
[exercise.mine.phase.hold]
name = "Hold"
tell = "Stay"
seconds = 3
hold = true
cue = "hold"
pose = "lunge"

[protocol.mine]
title = "Mine"
summary = "Mine"
[protocol.mine.step.mood]
kind = "ask"
question = "mood"
[protocol.mine.step.breath]
kind = "rest"
title = "Breathe"
seconds = 30
[protocol.mine.step.pain]
kind = "ask"
question = "pain"
[protocol.mine.step.work]
kind = "exercise"
exercise = "mine"
when = [{ step = "mood", is = ["enough"] }]
[protocol.mine.step.more]
kind = "exercise"
exercise = "front-band"
when = [{ step = "pain", at-least = 2 }]
[protocol.mine.step.word]
kind = "note"
title = "Done"
text = ["Short is fine."]
"#;

/// Lines of the file, each with what somebody may have written in its place. Each makes one problem, told at that line.
const WRONG: &[(&str, &str)] = &[
    ("units = \"cm\"", "units = cm"),
    ("volume = 80", "volum = 80"),
    ("protocols = [\"ankle\", \"mine\"]", "protocols = [\"ankle\", \"mind\"]"),
    ("keep-awake = true", "keep-awake = yes"),
    ("theme = \"dark\"", "theme = \"drak\""),
    ("skip = [\"s\"]", "skip = [\"q\"]"),
    ("pause = [\"p\"]", "pause = [\"spce\"]"),
    ("[question.mood.option.little]", "[question.mood.option.little"),
    ("[question.mood.option.enough]", "[question.mood.options.enough]"),
    ("stop-from = 6", "stop-from = 60"),
    ("title = \"Mine\"\ngoal", "titel = \"Mine\"\ngoal"),
    ("setup = [\"Stand.\", \"Look at the {side} foot.\"]", "setup = [\"Stand.\", \"Look at the {sid} foot.\"]"),
    ("reps = [8, 12]", "reps = [8, 12"),
    ("sides = \"each\"", "sides = \"eahc\""),
    ("rounds = 2", "rounds = 20"),
    ("rounds = 2", "rounds = 4"),
    ("rest = 10", "resst = 10"),
    ("start = \"kneel\"", "start = \"kneeling\""),
    ("tell = \"Slowly\"", "tell = \"\""),
    ("seconds = 2", "seconds = 2,5"),
    ("seconds = 2", "length = 2"),
    ("seconds = 3", "seconds = 0"),
    ("cue = \"hold\"", "cue = \"hodl\""),
    ("pose = \"lunge\"", "pose = \"lung\""),
    ("[exercise.mine]", "[exercises.mine]"),
    ("[exercise.mine.phase.hold]", "[exercise.mine.phases.hold]"),
    ("kind = \"rest\"", "kind = \"rst\""),
    ("question = \"mood\"", "question = \"moods\""),
    ("question = \"pain\"", "question: \"pain\""),
    ("seconds = 30", "seconds = 9000"),
    ("seconds = 30", "duration = 30"),
    ("exercise = \"mine\"", "exercse = \"mine\""),
    ("exercise = \"mine\"", "exercise = \"min\""),
    ("is = [\"enough\"]", "is = [\"enuogh\"]"),
    ("is = [\"enough\"]", "isnt = [\"enough\"]"),
    ("{ step = \"mood\"", "{ step = \"mod\""),
    ("at-least = 2", "at-least = 20"),
    ("text = [\"Short is fine.\"]", "text = \"Short is fine.\""),
    ("kind = \"note\"", "kind note"),
    ("[keys]", "keys"),
    ("[question.pain.scale]", "question.pain.scale"),
    ("[exercise.mine.phase.hold]", "exercise.mine.phase.hold]"),
    ("[question.mood.option.enough]", "[question.omod.option.enough]"),
    ("[protocol.mine.step.mood]", "[protocol.mien.step.mood]"),
    ("[protocol.mine.step.work]", "[protocol.mien.step.work]"),
    ("[question.pain.scale]", "[question.pian.scale]"),
];

/// The line and the title of each problem of `text`.
fn told(text: &str) -> Vec<(usize, String)> {
    match Config::load(vec![source(text)]) {
        Ok(_) => Vec::new(),
        Err(refusal) => refusal.places().map(|(_, (line, _), _, problem)| (line, problem.title.clone())).collect(),
    }
}

fn line_of(part: &str) -> usize {
    let at = RIGHT.find(part).unwrap_or_else(|| panic!("{part:?} is a line of the file"));
    RIGHT[..at].lines().count() + usize::from(RIGHT[..at].ends_with('\n'))
}

#[test]
fn one_mistake_is_one_problem_at_its_line() {
    assert_eq!(told(RIGHT), []);
    for (right, wrong) in WRONG {
        let said = refusal(&RIGHT.replacen(right, wrong, 1));
        let told = told(&RIGHT.replacen(right, wrong, 1));
        assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [line_of(right)], "{wrong}\n{said}");
    }
}

#[test]
fn many_mistakes_are_told_as_the_ones_that_they_are() {
    let alone: Vec<_> = WRONG.iter().map(|(right, wrong)| told(&RIGHT.replacen(right, wrong, 1))).collect();
    for first in 0..WRONG.len() {
        let mut expected = Vec::new();
        let mut text = RIGHT.to_owned();
        let mut taken: Vec<&(&str, &str)> = Vec::new();
        for (mistake, alone) in WRONG.iter().zip(&alone).cycle().skip(first).take(WRONG.len()) {
            let (right, wrong) = mistake;
            // A table whose head is wrong hides what it holds.
            let is_apart = taken.iter().all(|(other, _)| line_of(other) != line_of(right)) && !right.starts_with('[');
            if is_apart && !taken.iter().any(|(_, other)| builds_on(other, wrong)) {
                text = text.replacen(right, wrong, 1);
                taken.push(mistake);
                expected.extend(alone.clone());
            }
        }
        expected.sort();
        let mut found = told(&text);
        found.sort();
        assert_eq!(found, expected, "{text}");
        assert!(found.len() > 20, "{found:?}");
    }
}

/// Whether what is wrong in one of the two can only be known when the other is mended.
fn builds_on(wrong: &str, other: &str) -> bool {
    let pairs = [
        ("question = \"moods\"", "is = [\"enuogh\"]"),
        ("question: \"pain\"", "at-least = 20"),
        ("{ step = \"mod\"", "is = [\"enuogh\"]"),
        ("duration = 30", "kind = \"rst\""),
    ];
    pairs.iter().any(|(one, two)| (wrong, other) == (*one, *two) || (wrong, other) == (*two, *one))
}

#[test]
fn a_file_that_is_no_toml_hides_nothing_of_the_others() {
    let skeleton = include_str!("../../../assets/skeleton.toml").replace("{name}", "mine");
    let text = skeleton.replacen("seconds = 2", "seconds = 0", 1);
    let routine = Source { name: "protocols/mine.toml".to_owned(), text };
    let own = source("[settings]\nunits = \"\"\"cm\n");
    let refusal = Config::load(Files { routines: vec![routine], own: vec![own], ..Files::default() }).unwrap_err();
    let titles: Vec<&str> = refusal.problems.iter().map(|problem| problem.title.as_str()).collect();
    assert_eq!(titles, ["wrong value for `seconds`", "a text without its end"], "{refusal}");
}
