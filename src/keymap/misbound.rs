//! Bindings that leave an action without a key, or a key with two meanings.

use std::collections::HashSet;

use super::context::Context;
use super::{Action, Bindings, Key};

/// What is wrong with a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbound {
    /// The action has no key.
    None(Action),
    /// This key of the action, by its place in the list, always does something else.
    Reserved(Action, usize),
    /// This key of the action can't be told from the other key in a plain terminal.
    Alike(Action, usize, Key),
    /// This key of the action does the other one somewhere where both are offered.
    Taken(Action, usize, Action),
}

/// Whether `key` always does something else than `action`, wherever that is offered.
fn is_reserved(action: Action, key: &Key) -> bool {
    // Where lengths are typed nothing is paused: what remotes have for a black screen is free for that.
    let is_point = key.is_decimal_point() && action != Action::Pause && Context::Measure.has(action);
    key.digit().is_some() || is_point || ['c', 'z', 'l'].map(Key::ctrl).contains(key)
}

impl Bindings {
    /// Everything that would leave an action without a key, or a key with two meanings.
    pub fn misbound(&self) -> Vec<Misbound> {
        let all = self.all();
        let mut wrong = Vec::new();
        for (action, _, keys) in &all {
            if keys.is_empty() {
                wrong.push(Misbound::None(*action));
            }
            let reserved = keys.iter().enumerate().filter(|(_, key)| is_reserved(*action, key));
            wrong.extend(reserved.map(|(index, _)| Misbound::Reserved(*action, index)));
            let alike = keys.iter().enumerate().filter_map(|(index, key)| Some((index, key.alike()?)));
            wrong.extend(alike.map(|(index, other)| Misbound::Alike(*action, index, other)));
        }
        for (index, (one, _, keys)) in all.iter().enumerate() {
            for (other, _, other_keys) in &all[..index] {
                let both = |context: &Context| context.has(*one) && context.has(*other);
                if Context::ALL.iter().any(both) {
                    let other_keys: HashSet<&Key> = other_keys.iter().collect();
                    // A key that is taken in any case is told of once.
                    let is_free = |action: Action, key: &Key| !is_reserved(action, key);
                    let shared = keys
                        .iter()
                        .enumerate()
                        .filter(|(_, key)| other_keys.contains(key) && is_free(*one, key) && is_free(*other, key));
                    wrong.extend(shared.map(|(at, _)| Misbound::Taken(*one, at, *other)));
                }
            }
        }
        wrong
    }
}
