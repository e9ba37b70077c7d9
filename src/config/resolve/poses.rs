//! Figures and the poses that they name.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Resolver;
use crate::config::Definitions;
use crate::protocol::figure::Pose;

/// Gives every figure the poses that it names, so that it needs no configuration.
pub fn copy(definitions: &mut Definitions) {
    let known = &definitions.pose;
    let named = |names: Vec<&String>| -> IndexMap<String, Pose> {
        names.into_iter().filter_map(|name| Some((name.clone(), *known.get(name)?))).collect()
    };
    for exercise in definitions.exercise.values_mut().map(Arc::make_mut) {
        if let Some(figure) = &mut exercise.figure {
            let phases = exercise.phase.values().filter_map(|phase| phase.pose.as_ref());
            figure.poses = named(std::iter::once(&figure.start).chain(phases).collect());
        }
    }
    for figure in definitions.test.values_mut().filter_map(|test| Arc::make_mut(test).figure.as_mut()) {
        figure.poses = named(vec![&figure.start, &figure.reach]);
    }
}

impl Resolver<'_> {
    pub fn figures(&mut self) {
        for (id, exercise) in &self.definitions.exercise {
            if let Some(figure) = &exercise.figure {
                self.known_pose(&["exercise", id, "figure", "start"], &figure.start);
            }
            for (phase_id, phase) in &exercise.phase {
                let [at, to_and_fro] = ["pose", "to-and-fro"].map(|key| ["exercise", id, "phase", phase_id, key]);
                let Some(pose) = &phase.pose else {
                    if phase.to_and_fro.is_some() {
                        let label = "expected `pose` beside it, the one that the figure goes to";
                        self.problem(&[&to_and_fro, &at], "to and fro between what?", label);
                    }
                    continue;
                };
                self.known_pose(&at, pose);
                if exercise.figure.is_none() && self.definitions.pose.contains_key(pose) {
                    let label = format!("expected a table `exercise.{id}.figure` with the pose at the `start`");
                    self.problem(&[&at, &["exercise", id, "figure"]], "a pose without a figure", label);
                }
            }
        }
        for (id, test) in &self.definitions.test {
            if let Some(figure) = &test.figure {
                self.known_pose(&["test", id, "figure", "start"], &figure.start);
                self.known_pose(&["test", id, "figure", "reach"], &figure.reach);
            }
        }
    }

    fn known_pose(&mut self, path: &[&str], name: &str) {
        if !self.definitions.pose.contains_key(name) {
            self.unknown(&[path, &["pose", name]], "pose", name, self.definitions.pose.keys().map(String::as_str));
        }
    }
}
