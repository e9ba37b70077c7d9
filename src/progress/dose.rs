//! More is not better: an ankle made too lax is no gain.

use crate::protocol::Exercise;

/// Whether `rounds` rounds of an exercise, with as many reps as its range allows, are more than its cap.
pub fn is_above_cap(exercise: &Exercise, rounds: u8) -> bool {
    exercise.cap.is_some_and(|cap| rounds > 0 && (rounds > cap.rounds || exercise.reps.high() > cap.reps))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::protocol::Cap;
    use crate::protocol::quantity::RepRange;

    #[test]
    fn the_cap_is_reached_by_reps_or_by_rounds() {
        let ankle = Config::built_in().protocols["ankle"].clone();
        let step = ankle.steps.iter().position(|step| step.id == "front-band").unwrap();
        let mut band = ankle.exercise(step).unwrap().clone();
        assert_eq!(band.cap, Some(Cap { reps: 15, rounds: 2 }), "10-15 reps, 1-2 rounds");
        assert!(!is_above_cap(&band, 0) && !is_above_cap(&band, 2));
        assert!(is_above_cap(&band, 3));
        band.reps = RepRange::new(10, 16).unwrap();
        assert!(is_above_cap(&band, 1));
        assert!(!is_above_cap(&band, 0), "left out");
        band.cap = None;
        assert!(!is_above_cap(&band, 9));
    }
}
