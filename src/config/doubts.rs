//! What is not known of a configuration because something in it is wrong. A problem that builds on it could go away when
//! that is mended, and is not told.

use std::collections::{HashMap, HashSet};

use super::tree::Node;

/// Values of a configuration that are not known, by the keys that lead to them; numbers index lists.
#[derive(Clone, Debug, Default)]
pub struct Doubts {
    unknown: HashSet<String>,
    /// Tables that may hold more than was seen, each with the index of the problem that told so.
    open: HashMap<String, Option<usize>>,
    misspelt: Vec<Misspelt>,
}

/// A table under a name that was most likely meant to be another.
#[derive(Clone, Debug)]
struct Misspelt {
    meant: Vec<String>,
    holds: Vec<String>,
}

/// A path in one piece: no name has a line feed in it.
fn joined(path: &[impl AsRef<str>]) -> String {
    path.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("\n")
}

impl Doubts {
    /// The value at `path`, and all below it, is not known.
    pub fn doubt(&mut self, path: &[impl AsRef<str>]) {
        self.unknown.insert(joined(path));
    }

    /// The table at `path` may hold more than was seen, as the problem with this index tells.
    pub fn open(&mut self, path: &[impl AsRef<str>], problem: Option<usize>) {
        self.open.insert(joined(path), problem);
    }

    /// Something that holds these names was most likely meant to stand at the path `meant`.
    pub fn misspelt(&mut self, meant: Vec<String>, holds: Vec<String>) {
        self.misspelt.push(Misspelt { meant, holds });
    }

    /// Takes what was misspelt as unknown where `tree`, all files laid on each other, would have it: of a table that is
    /// there under its right name as well, only what the misspelt one holds.
    pub fn settle(&mut self, tree: &Node) {
        for Misspelt { meant, holds } in std::mem::take(&mut self.misspelt) {
            if holds.is_empty() || !tree.has(&meant) {
                self.doubt(&meant);
            }
            for name in holds {
                self.doubt(&[meant.as_slice(), &[name]].concat());
            }
        }
    }

    /// Whether what stands at `path` is not known.
    pub fn cover(&self, path: &[impl AsRef<str>]) -> bool {
        !self.unknown.is_empty() && (0..=path.len()).any(|end| self.unknown.contains(&joined(&path[..end])))
    }

    /// Whether something at `path`, or above or below it, is not known.
    pub fn touch(&self, path: &[&str]) -> bool {
        let below = joined(path) + "\n";
        self.cover(path) || self.unknown.iter().chain(self.open.keys()).any(|other| other.starts_with(&below))
    }

    /// Whether the table at `path` may hold more than was seen, and the index of the problem that told so, if one did.
    pub fn opened(&self, path: &[impl AsRef<str>]) -> Option<Option<usize>> {
        self.open.get(&joined(path)).copied()
    }

    /// Whether nothing at `path` may be meant so: what is there is not known, or it is missing in `tree` from a table that
    /// may hold more than was seen.
    pub fn void(&self, path: &[&str], tree: &Node) -> bool {
        let missing = || !tree.has(path) && (0..path.len()).any(|end| self.opened(&path[..end]).is_some());
        self.cover(path) || (!self.open.is_empty() && missing())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::syntax;

    #[test]
    fn what_is_below_an_unknown_value_is_unknown_and_what_is_above_or_beside_it_is_known() {
        let mut doubts = Doubts::default();
        doubts.doubt(&["exercise", "mine", "phase"]);
        for (path, unknown) in [
            (&["exercise", "mine", "phase"][..], true),
            (&["exercise", "mine", "phase", "hold", "seconds"], true),
            (&["exercise", "mine"], false),
            (&["exercise", "mine", "rounds"], false),
            (&[], false),
        ] {
            assert_eq!(doubts.cover(path), unknown, "{path:?}");
        }
    }

    #[test]
    fn of_a_table_that_may_hold_more_only_what_is_missing_is_unknown() {
        let tree = syntax::parse(0, "[step]\nkind = 1\n", &mut Vec::new());
        let mut doubts = Doubts::default();
        doubts.open(&["step"], None);
        assert!(!doubts.void(&["step", "kind"], &tree) && doubts.void(&["step", "seconds"], &tree));
    }

    #[test]
    fn of_a_misspelt_table_that_is_there_under_its_right_name_only_what_it_holds_is_unknown() {
        let tree = syntax::parse(0, "[exercise]\n", &mut Vec::new());
        let mut doubts = Doubts::default();
        doubts.misspelt(vec!["exercise".to_owned()], vec!["mine".to_owned()]);
        doubts.misspelt(vec!["question".to_owned()], vec!["mine".to_owned()]);
        doubts.settle(&tree);
        assert!(doubts.cover(&["exercise", "mine"]) && !doubts.cover(&["exercise", "other"]));
        assert!(doubts.cover(&["question", "other"]));
    }
}
