//! Which line of a text a place is in, found without going through the text for each place.

/// The lines of a text.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The places of the line feeds.
    ends: Vec<usize>,
}

impl Lines {
    /// The lines of `text`.
    pub fn of(text: &str) -> Lines {
        Lines { ends: text.match_indices('\n').map(|(at, _)| at).collect() }
    }

    /// The number, from 1, of the line that byte `at` is in, and the byte at which it begins.
    pub fn around(&self, at: usize) -> (usize, usize) {
        let before = self.ends.partition_point(|end| *end < at);
        (before + 1, before.checked_sub(1).map_or(0, |line| self.ends[line] + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_in_the_line_that_its_byte_is_in() {
        let lines = Lines::of("ab\n\ncd");
        let found = [0, 2, 3, 4, 6, 99].map(|at| lines.around(at));
        assert_eq!(found, [(1, 0), (1, 0), (2, 3), (3, 4), (3, 4), (3, 4)]);
        assert_eq!(Lines::of("").around(0), (1, 0));
    }
}
