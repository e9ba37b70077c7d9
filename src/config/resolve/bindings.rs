//! Keys and sounds: an action without a key, a key for two things, a cue that can't be played.

use super::Resolver;
use crate::config::report::{Origin, Problem};
use crate::config::sound::{self, Sound};
use crate::keymap::{Action, Misbound};

impl Resolver<'_> {
    pub fn sounds(&mut self) {
        for (cue, tone) in self.definitions.sound.tones() {
            let key = Sound::key(cue);
            let path = ["sound", &key, "notes"];
            if tone.notes.is_empty() {
                let label = "expected at least one; `level = 0` makes a cue silent";
                self.problem(&[&path], "a sound without notes", label);
            }
            let glide = tone.notes.iter().position(|note| note.to.is_some() && note.hz.is_none());
            if let Some(at) = glide.map(|at| at.to_string()) {
                let [from, to] = ["hz", "to"].map(|key| ["sound", path[1], "notes", &at, key]);
                let label = "expected `hz` beside it, where the glide to `to` starts";
                self.problem(&[&to, &from], "a glide from nowhere", label);
            }
            if tone.ms() > sound::LONGEST_MS {
                let lengths: Vec<String> = (0..tone.notes.len()).map(|at| at.to_string()).collect();
                let lengths: Vec<[&str; 5]> = lengths.iter().map(|at| ["sound", &key, "notes", at, "ms"]).collect();
                let mut reads: Vec<&[&str]> = vec![&path];
                reads.extend(lengths.iter().map(<[&str; 5]>::as_slice));
                let label = format!("expected at most {} ms in all", sound::LONGEST_MS);
                self.problem(&reads, "a sound too long", label);
            }
        }
    }

    pub fn keys(&mut self) {
        let keys = &self.definitions.keys;
        let mut shared = Vec::new();
        for wrong in keys.misbound() {
            match wrong {
                Misbound::None(action) => {
                    let name = keys.name(action);
                    let path = ["keys", &name];
                    self.problem(&[&path], format!("no key for `{name}`"), "expected at least one key");
                }
                Misbound::Reserved(action, at) => {
                    let label = "digits choose and type, `.` and `,` type lengths, and Ctrl-C, Ctrl-Z and Ctrl-L are the same everywhere";
                    self.key(action, at, "this key is taken", label);
                }
                Misbound::Alike(action, at, other) => {
                    let other = String::from(other);
                    let label = format!("a plain terminal can't tell it from `{other}`: name that, or another key");
                    self.key(action, at, "this key is another one", &label);
                }
                Misbound::Taken(action, at, other) => self.taken(action, at, other, &mut shared),
            }
        }
        for Shared { origin, key, names: ids } in shared {
            let names: Vec<String> = ids.iter().map(|name| format!("`{name}`")).collect();
            let (last, others) = names.split_last().map_or(("", Vec::new()), |(last, others)| (last, others.to_vec()));
            let label = format!("{} and {last} are offered on the same screen, each with `{key}`", others.join(", "));
            let others = |name: &String| {
                let all = self.definitions.keys.all();
                let keys = all.iter().find(|(other, ..)| self.definitions.keys.name(*other) == *name);
                let keys = keys.into_iter().flat_map(|(.., keys)| keys.iter()).map(|key| String::from(*key));
                let keys: Vec<String> = keys.filter(|other| *other != key).map(|key| format!("{key:?}")).collect();
                (!keys.is_empty()).then(|| format!("{name} = [{}]", keys.join(", ")))
            };
            let help = match ids.iter().find_map(others) {
                Some(line) => format!("take another key, or write below [keys]: {line}"),
                None => format!("leave `{key}` out of all but one of these lists under [keys]"),
            };
            self.problems.push(Problem::new(origin, "one key for two things", label).help(help));
        }
    }

    fn key(&mut self, action: Action, at: usize, title: &str, label: &str) {
        let (name, at) = (self.definitions.keys.name(action), at.to_string());
        self.problem(&[&["keys", &name, &at]], title, label);
    }

    /// Adds to `shared` a key of `action`, by its place in the list, that is one of `other` as well: each key is
    /// told of once.
    fn taken(&self, action: Action, at: usize, other: Action, shared: &mut Vec<Shared>) {
        let all = self.definitions.keys.all();
        let of = |action| all.iter().find(|(known, ..)| *known == action).map_or(&[][..], |(.., keys)| keys);
        let Some(key) = of(action).get(at) else { return };
        let place = of(other).iter().position(|other| other == key).unwrap_or_default().to_string();
        let [one, two] = [action, other].map(|action| self.definitions.keys.name(action));
        let Some(origin) = self.place(&[&["keys", &one, &at.to_string()], &["keys", &two, &place]]) else { return };
        let key = String::from(*key);
        let known = match shared.iter().position(|shared| shared.key == key) {
            Some(known) => known,
            None => {
                shared.push(Shared { origin, key, names: Vec::new() });
                shared.len() - 1
            }
        };
        for name in [two, one] {
            if !shared[known].names.contains(&name) {
                shared[known].names.push(name);
            }
        }
    }
}

/// A key of several actions that are offered together.
struct Shared {
    origin: Origin,
    key: String,
    names: Vec<String>,
}
