//! What a routine may hold, a file in the folder `protocols` that may come from somebody else: things of its own, and nothing
//! that changes what is there without it.

use std::collections::HashMap;

use super::Source;
use super::doubts::Doubts;
use super::lines::Lines;
use super::report::{MOST, Origin, Problem};
use super::tree::{Node, Value};

/// The tables in which everything has a name, so that a routine can add to them.
pub const ADDED_TO: [&str; 7] = ["test", "question", "pose", "exercise", "protocol", "theme", "learn"];

/// The tables that are one for all routines.
pub const SHARED: [&str; 6] = ["settings", "progress", "keys", "sound", "voice", "words"];

/// Where a person's own changes belong.
const ELSEWHERE: &str = "put it into the file that `dorsi config path` names";

/// Takes out of `layer`, a routine, what is one for all routines, and appends to `problems` that it was there.
pub fn without_shared(layer: &mut Node, problems: &mut Vec<Problem>) {
    let command = ["voice", "command"];
    if layer.has(&command) {
        let label = "only your own configuration may have anything run";
        let problem = Problem::new(layer.locate(&command), "a command in a routine", label);
        problems.push(problem.help(format!("leave it out, or {ELSEWHERE}")));
    }
    let has_command = layer.has(&command);
    let Value::Table(entries) = &mut layer.value else { return };
    entries.retain(|key, entry| {
        let is_shared = SHARED.contains(&key.as_str());
        if is_shared && !(has_command && key == "voice") {
            let title = format!("`{key}` in a routine");
            let problem = Problem::new(entry.key.clone(), title, "it would hold for every other routine as well");
            problems.push(problem.help(format!("leave it out, or {ELSEWHERE}")));
        }
        !is_shared
    });
}

/// Takes out of the `routines` what `built_in`, or one of them before, has under the same name, and appends to `problems` that
/// it was there, unless it is the same in both.
pub fn without_known(
    routines: &mut [Node],
    built_in: &[Node],
    sources: &[Source],
    problems: &mut Vec<Problem>,
    doubts: &mut Doubts,
) {
    let mut known: HashMap<[String; 2], (Origin, toml::Value)> = HashMap::new();
    for routine in routines {
        let Value::Table(tables) = &mut routine.value else { continue };
        for (table, entry) in tables.iter_mut().filter(|(table, _)| ADDED_TO.contains(&table.as_str())) {
            let Value::Table(things) = &mut entry.node.value else { continue };
            things.retain(|name, thing| {
                let path = [table.as_str(), name];
                let builtin = built_in.iter().find_map(|layer| layer.at(&path));
                let value = thing.node.to_toml();
                let key = [table.clone(), name.clone()];
                let problem = match (builtin, known.get(&key)) {
                    (Some(other), _) => (other.to_toml() != value).then(|| changes(&thing.key, path)),
                    (None, Some((other, known))) => {
                        (*known != value).then(|| twice(&thing.key, path, &sources[other.source], other))
                    }
                    (None, None) => {
                        known.insert(key, (thing.key.clone(), value));
                        return true;
                    }
                };
                if let Some(problem) = problem.filter(|_| problems.len() <= MOST) {
                    doubts.doubt(&path);
                    problems.push(problem);
                }
                false
            });
        }
    }
}

/// Something built in under the same name.
fn changes(origin: &Origin, [table, name]: [&str; 2]) -> Problem {
    let label = format!("this {table} is built in, and a routine can't change it for all others");
    let problem = Problem::new(origin.clone(), format!("`{name}` is there already"), label);
    problem.help(format!("give it another name, or {ELSEWHERE}"))
}

/// Something in the routine `source`, at `other`, under the same name.
fn twice(origin: &Origin, [table, name]: [&str; 2], source: &Source, other: &Origin) -> Problem {
    let (line, _) = Lines::of(&source.text).around(other.span.start);
    let label = format!("another {table} has this name: {}, line {line}", source.name);
    let problem = Problem::new(origin.clone(), format!("`{name}` is there twice"), label);
    problem.help("give one of the two another name, or leave one of them out")
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Files, Source};

    const MINE: &str = include_str!("../../assets/skeleton.toml");

    fn load(routines: &[(&str, &str)], own: &str) -> Result<Config, String> {
        let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
        let routines = routines.iter().map(|(name, text)| source(&format!("protocols/{name}.toml"), text)).collect();
        let files = Files { routines, own: vec![source("config.toml", own)], ..Files::default() };
        Config::load(files).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn a_routine_changes_nothing_that_is_there_without_it() {
        let text = "settings.volume = 5\n[keys]\nskip = [\"f2\"]\n[exercise.front-band]\nreps = [1, 2]\n";
        insta::assert_snapshot!("changing_routine", load(&[("gift", text)], "").unwrap_err());
        assert!(load(&[("gift", "")], text).is_ok(), "their own configuration does");
    }

    #[test]
    fn of_two_things_of_one_name_in_two_routines_both_places_are_told() {
        let mine = MINE.replace("{name}", "mine");
        let other = mine.replace("reps = [8, 10]", "reps = [2, 3]");
        insta::assert_snapshot!("routines_of_one_name", load(&[("mine", &mine), ("other", &other)], "").unwrap_err());
    }

    #[test]
    fn two_routines_can_hold_the_same_and_ones_own_configuration_changes_what_a_routine_has() {
        let question = "[question.effort]\ntitle = \"Effort\"\nask = \"How hard?\"\n\
                        option.a.label = \"Easy\"\noption.b.label = \"Hard\"\n";
        let [one, two] = ["one", "two"].map(|name| MINE.replace("{name}", name) + question);
        let change = "[exercise.two]\nreps = [3, 4]\n";
        let config = load(&[("one", &one), ("two", &two)], change).unwrap_or_else(|told| panic!("{told}"));
        let reps = |id: &str| config.protocols[id].exercise(2).unwrap().reps.to_string();
        assert_eq!((reps("one"), reps("two")), ("8–10".to_owned(), "3–4".to_owned()));
    }

    #[test]
    fn what_builds_on_a_name_that_is_there_twice_is_not_told_as_well() {
        let question =
            |option: &str| format!("[question.q]\ntitle = \"Q\"\nask = \"?\"\noption.{option}.label = \"A\"\n");
        let protocol = "[protocol.p]\ntitle = \"P\"\nsummary = \"P\"\nstep.q = { kind = \"ask\", question = \"q\" }\n\
                        step.n = { kind = \"note\", title = \"N\", text = [\"N\"], when = [{ step = \"q\", is = [\"b\"] }] }\n";
        let told = load(&[("a", &question("a")), ("b", &(question("b") + protocol))], "").unwrap_err();
        assert!(told.contains("`q` is there twice") && told.ends_with("\n1 problem"), "{told}");
    }
}
