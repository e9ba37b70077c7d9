//! What was recorded wrongly in an earlier session, while it is put right.

use super::draft::{LONGEST_GAP, LONGEST_REACH};
use crate::protocol::Protocol;
use crate::protocol::quantity::{Length, Unit};
use crate::session::Session;
use crate::session::event::{Answer, Correction, Part, Reading, SetEnd, Stage};

/// A session's results while they are put right.
#[derive(Clone, Debug, PartialEq)]
pub struct Correcting {
    /// Every result, in the order of the session.
    pub results: Vec<Recorded>,
    /// The one that is chosen.
    pub cursor: usize,
}

/// A result that can be put right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recorded {
    /// Where.
    pub stage: Stage,
    /// What was recorded.
    pub was: Correction,
    /// What is so.
    pub now: Correction,
}

/// Every result of a session that can be put right.
pub(super) fn results(session: &Session) -> impl Iterator<Item = Recorded> {
    let (protocol, record) = (session.protocol(), session.record());
    (0..protocol.steps.len()).flat_map(move |step| {
        let whole = move |side| Stage { step, part: Part::Whole, side, round: 0 };
        let readings = record.readings(step).map(move |(side, it)| (whole(side), Correction::Reading(it)));
        let scales = record.answers(step).filter_map(move |(side, answer)| match answer {
            Answer::Scale(number) => Some((whole(side), Correction::Scale(*number))),
            Answer::Option(_) => None,
        });
        let sets = record.sets(step).into_iter();
        let sets =
            sets.map(|(stage, (reps, how))| (stage, Correction::Reps { reps, how: how.unwrap_or(SetEnd::Short) }));
        readings.chain(scales).chain(sets).map(|(stage, is)| Recorded { stage, was: is, now: is })
    })
}

impl Correcting {
    /// Whether something is put right that is not saved yet.
    pub fn is_changed(&self) -> bool {
        self.results.iter().any(|result| result.now != result.was)
    }

    /// Has the chosen result, or else the last that was changed, be what it was again; whether there is one.
    pub(super) fn take_back(&mut self) -> bool {
        let is_changed = |result: &Recorded| result.now != result.was;
        let chosen = Some(self.cursor).filter(|cursor| self.results.get(*cursor).is_some_and(is_changed));
        let Some(place) = chosen.or_else(|| self.results.iter().rposition(is_changed)) else { return false };
        self.cursor = place;
        self.results[place].now = self.results[place].was;
        true
    }
}

impl Recorded {
    /// Changes the result by a step, up or down, as far as it makes sense.
    pub(super) fn change(&mut self, protocol: &Protocol, up: bool, unit: Unit) {
        self.now = match self.now {
            Correction::Reps { reps, .. } => {
                let Some(exercise) = protocol.exercise(self.stage.step) else { return };
                let (low, high) = (exercise.reps.low(), exercise.reps.high());
                let reps = if up { (reps + 1).min(high) } else { reps.saturating_sub(1) };
                let how = match (self.was, reps) {
                    (Correction::Reps { how: was @ SetEnd::Pain, .. }, _) => was,
                    // A set with reps was none that was skipped.
                    (Correction::Reps { how: was @ SetEnd::Skipped, .. }, 0) => was,
                    (_, reps) if reps >= high => SetEnd::Full,
                    (_, reps) if reps >= low => SetEnd::Enough,
                    _ => SetEnd::Short,
                };
                Correction::Reps { reps, how }
            }
            Correction::Scale(number) => {
                let question = protocol.question(self.stage.step);
                let Some(scale) = question.and_then(|question| question.scale.as_ref()) else { return };
                let number = if up { number.saturating_add(1) } else { number.saturating_sub(1) };
                Correction::Scale(number.clamp(scale.low, scale.high))
            }
            Correction::Reading(reading) => {
                let Some(test) = protocol.test(self.stage.step) else { return };
                // By the last digit that is shown.
                let moved = |length: Length, least: Length, most: Length| {
                    let tenths = (length.in_unit(unit) * 10.0).round() + if up { 1.0 } else { -1.0 };
                    let next = Length::typed(&format!("{:.1}", tenths.max(0.0) / 10.0), unit);
                    next.unwrap_or(Length::ZERO).clamp(least, most)
                };
                Correction::Reading(match reading {
                    // What was judged by eye was one of the answers, and stays one.
                    Reading::Judged(gap) => {
                        let gaps = test.answer.values().map(|answer| answer.gap);
                        let next = if up {
                            gaps.filter(|next| *next > gap).min()
                        } else {
                            gaps.filter(|next| *next < gap).max()
                        };
                        Reading::Judged(next.unwrap_or(gap))
                    }
                    Reading::Gap(gap) => Reading::Gap(moved(gap, Length::ZERO, LONGEST_GAP)),
                    // A test can be taken further from the wall than anybody reaches.
                    Reading::Reach(reach) => {
                        let most = LONGEST_REACH.max(test.toe_distance);
                        Reading::Reach(moved(reach, Length::from_mm(1), most))
                    }
                })
            }
        };
        // Back where it was, it is as it was, to the last digit that is not shown.
        if let (Correction::Reading(was), Correction::Reading(now)) = (self.was, self.now)
            && let (Reading::Gap(was), Reading::Gap(now)) | (Reading::Reach(was), Reading::Reach(now)) = (was, now)
            && was.number(unit) == now.number(unit)
        {
            self.now = self.was;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Source};
    use crate::protocol::Side;

    #[test]
    fn a_reach_can_be_put_right_however_far_from_the_wall_the_test_is_taken() {
        let text = "[test.wall]\ntoe-distance = \"70 cm\"\n".to_owned();
        let config = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap();
        let protocol = &config.protocols["ankle"];
        let step = (0..protocol.steps.len()).find(|step| protocol.test(*step).is_some()).unwrap();
        let stage = Stage { step, part: Part::Whole, side: None, round: 0 };
        for (was, up, now) in [
            ("11 cm", true, "11.1 cm"),
            ("8 cm", false, "7.9 cm"),
            ("70 cm", true, "70 cm"),
            ("70 cm", false, "69.9 cm"),
            ("1 mm", false, "1 mm"),
        ] {
            let was = Correction::Reading(Reading::Reach(was.parse().unwrap()));
            let mut recorded = Recorded { stage, was, now: was };
            recorded.change(protocol, up, Unit::Cm);
            assert_eq!(recorded.now, Correction::Reading(Reading::Reach(now.parse().unwrap())));
        }
        let was = Correction::Reading(Reading::Gap("38 mm".parse().unwrap()));
        let mut recorded = Recorded { stage, was, now: was };
        for (up, shown) in [(true, "1.6"), (true, "1.7"), (false, "1.6"), (false, "1.5")] {
            recorded.change(protocol, up, Unit::In);
            let Correction::Reading(Reading::Gap(gap)) = recorded.now else { panic!("{recorded:?}") };
            assert_eq!(gap.number(Unit::In), shown, "each press is seen");
        }
        assert_eq!(recorded.now, was, "to the tenth of a millimetre");
    }

    #[test]
    fn how_a_set_ended_follows_its_reps_but_where_it_hurt() {
        let protocol = &Config::built_in().protocols["ankle"];
        let step = protocol.steps.iter().position(|step| step.id == "front-band").unwrap();
        let stage = Stage { step, part: Part::Set, side: Some(Side::Left), round: 1 };
        for (reps, how, up, so) in [
            (9, SetEnd::Short, true, SetEnd::Enough),
            (10, SetEnd::Enough, false, SetEnd::Short),
            (14, SetEnd::Enough, true, SetEnd::Full),
            (15, SetEnd::Full, false, SetEnd::Enough),
            (15, SetEnd::Full, true, SetEnd::Full),
            (14, SetEnd::Pain, true, SetEnd::Pain),
            (0, SetEnd::Skipped, true, SetEnd::Short),
            (9, SetEnd::Skipped, true, SetEnd::Enough),
        ] {
            let was = Correction::Reps { reps, how };
            let mut recorded = Recorded { stage, was, now: was };
            recorded.change(protocol, up, Unit::Cm);
            let Correction::Reps { reps: now, how } = recorded.now else { panic!("{recorded:?}") };
            assert_eq!((now, how), (if up { (reps + 1).min(15) } else { reps - 1 }, so), "{was:?}");
        }
        let was = Correction::Reps { reps: 0, how: SetEnd::Skipped };
        let mut recorded = Recorded { stage, was, now: was };
        recorded.change(protocol, true, Unit::Cm);
        recorded.change(protocol, false, Unit::Cm);
        assert_eq!(recorded.now, was, "without a rep it is skipped again");
    }

    #[test]
    fn a_gap_by_eye_goes_from_each_answer_to_the_next() {
        let protocol = &Config::built_in().protocols["ankle"];
        let step = (0..protocol.steps.len()).find(|step| protocol.test(*step).is_some()).unwrap();
        let stage = Stage { step, part: Part::Whole, side: None, round: 0 };
        let judged = |gap: &str| Correction::Reading(Reading::Judged(gap.parse().unwrap()));
        for (was, up, now) in [
            ("0 in", true, "1 in"),
            ("1 in", true, "2 in"),
            ("2 in", true, "2 in"),
            ("2 in", false, "1 in"),
            ("0 in", false, "0 in"),
        ] {
            let mut recorded = Recorded { stage, was: judged(was), now: judged(was) };
            recorded.change(protocol, up, Unit::In);
            assert_eq!(recorded.now, judged(now), "from {was}");
        }
    }
}
