//! Learning what a remote or a pedal sends.

use super::{Action, Bindings, Key, Misbound};

/// The actions that are asked for, the most needed first.
pub const WANTED: [Action; 6] =
    [Action::Go, Action::NextLine, Action::Pause, Action::Back, Action::EndSet, Action::Ouch];

/// What became of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taught {
    /// It gives the action from now on.
    Learnt,
    /// It gave the action already.
    Known,
    /// It always does something else.
    Reserved,
    /// A plain terminal can't tell it from this key.
    Alike(Key),
    /// It does this already where both could be meant.
    Taken(Action),
}

/// The bindings, while keys are added to them.
#[derive(Clone, Debug)]
pub struct Learner {
    bindings: Bindings,
    changed: Vec<Action>,
}

impl Learner {
    /// What is known before.
    pub fn new(bindings: Bindings) -> Learner {
        Learner { bindings, changed: Vec::new() }
    }

    /// The bindings as they are now.
    pub fn bindings(&self) -> &Bindings {
        &self.bindings
    }

    /// Adds `key` to the keys of `action`, unless it would mean two things.
    pub fn teach(&mut self, action: Action, key: Key) -> Taught {
        let mut tried = self.bindings.clone();
        let Some(keys) = tried.keys_mut(action) else { return Taught::Reserved };
        if keys.contains(&key) {
            return Taught::Known;
        }
        keys.push(key);
        let last = keys.len() - 1;
        for wrong in tried.misbound() {
            match wrong {
                Misbound::Reserved(one, at) if one == action && at == last => return Taught::Reserved,
                Misbound::Alike(one, at, other) if one == action && at == last => return Taught::Alike(other),
                Misbound::Taken(one, at, other) if one == action && at == last => return Taught::Taken(other),
                // The pair may be told from the other side.
                Misbound::Taken(one, _, other) if other == action => return Taught::Taken(one),
                _ => {}
            }
        }
        self.bindings = tried;
        if !self.changed.contains(&action) {
            self.changed.push(action);
        }
        Taught::Learnt
    }

    /// What has changed: each action's name in TOML, and the names of all its keys.
    pub fn changes(&self) -> Vec<(String, Vec<String>)> {
        let all = self.bindings.all();
        let keys = |action: &Action| {
            let found = all.iter().find(|(other, ..)| other == action);
            found.map_or_else(Vec::new, |(.., keys)| keys.iter().map(|key| String::from(*key)).collect())
        };
        self.changed.iter().map(|action| (self.bindings.name(*action), keys(action))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn key(name: &str) -> Key {
        name.parse().unwrap()
    }

    #[test]
    fn a_key_is_learnt_unless_it_would_mean_two_things() {
        let mut learner = Learner::new(Config::built_in().keys);
        for (action, name, taught) in [
            (Action::Go, "f9", Taught::Learnt),
            (Action::Go, "f9", Taught::Known),
            (Action::Back, "f9", Taught::Taken(Action::Go)),
            (Action::Go, "b", Taught::Taken(Action::Pause)),
            (Action::Ouch, "space", Taught::Taken(Action::Go)),
            (Action::Pause, "7", Taught::Reserved),
            (Action::Go, ".", Taught::Reserved),
            (Action::Pause, "ctrl-c", Taught::Reserved),
            (Action::Pause, "ctrl-m", Taught::Alike(key("enter"))),
            (Action::Pause, "f10", Taught::Learnt),
        ] {
            assert_eq!(learner.teach(action, key(name)), taught, "{action:?} {name}");
        }
        let changes = learner.changes();
        assert_eq!(changes[0], ("go".to_owned(), ["space", "enter", "pagedown", "f9"].map(str::to_owned).to_vec()));
        assert_eq!(changes[1].0, "pause");
        assert_eq!(changes.len(), 2);
        assert!(learner.bindings().misbound().is_empty());
    }
}
