//! What there is to train, and what a protocol amounts to.

use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use crate::config::Config;
use crate::config::sound::Sound;
use crate::protocol::Protocol;
use crate::session::earlier::Earlier;
use crate::session::event::{Part, Stage};
use crate::session::plan;
use crate::session::rehearsal::Rehearsal;
use crate::session::time::SessionTime;
use crate::text::{fill, pad};

/// A line a protocol: name, length, title, summary.
pub fn list(config: &Config) -> String {
    let wide = |width: fn(&Protocol) -> usize| config.protocols.values().map(|protocol| width(protocol)).max();
    let (id, title) = (wide(|protocol| protocol.id.width()), wide(|protocol| protocol.title.width()));
    let (id, title) = (id.unwrap_or(0), title.unwrap_or(0));
    let line = |protocol: &Arc<Protocol>| {
        let minutes = plan::planned_minutes(protocol, &Earlier::default());
        format!("{}  {minutes:>3} min  {}  {}\n", pad(&protocol.id, id), pad(&protocol.title, title), protocol.summary)
    };
    config.protocols.values().map(line).collect()
}

/// Something that is due in a preview.
pub struct Moment {
    /// When, in the session's time.
    pub at: SessionTime,
    /// What is printed then.
    pub text: String,
}

/// What `protocol` amounts to for somebody who needs all of it, led by the program: each part with its beginning and its
/// length, and at the end the whole; with each sound, where `cues` asks for them.
pub fn preview(config: &Config, protocol: &Arc<Protocol>, cues: bool) -> Vec<Moment> {
    let rehearsal = Rehearsal::of(protocol);
    let mut moments: Vec<Moment> = Vec::new();
    for (stage, start, end) in &rehearsal.parts {
        let length = clock(end.millis().saturating_sub(start.millis()));
        let text = format!("{:>7}  {:>6}  {}\n", clock(start.millis()), length, part(config, protocol, *stage));
        moments.push(Moment { at: *start, text });
    }
    if cues {
        let sounds = rehearsal.cues.iter().map(|(at, cue)| Moment {
            at: *at,
            text: format!("{:>7}             ♪ {}\n", clock(at.millis()), Sound::key(*cue)),
        });
        moments.extend(sounds);
        moments.sort_by_key(|moment| moment.at);
    }
    let total = format!("{:>7}  {}\n", clock(rehearsal.length().millis()), config.words.summary.title);
    moments.push(Moment { at: rehearsal.length(), text: total });
    let seen = |step: usize| rehearsal.parts.iter().any(|(stage, ..)| stage.step == step);
    let unseen = (0..protocol.steps.len()).filter(|step| !seen(*step));
    moments.extend(unseen.map(|step| {
        let title = protocol.steps[step].work.title();
        Moment {
            at: rehearsal.length(), text: format!("{:>15}  {title} · {}\n", "–", config.words.common.conditional)
        }
    }));
    moments
}

/// A part in words: "Band in front · left · round 1 · 10–15 reps".
fn part(config: &Config, protocol: &Protocol, stage: Stage) -> String {
    let words = &config.words;
    let mut parts = vec![match stage.part {
        Part::Plan => words.plan.title.clone(),
        _ => protocol.steps[stage.step].work.title().to_owned(),
    }];
    parts.extend(stage.side.map(|side| words.common.side(Some(side)).to_owned()));
    match (stage.part, protocol.exercise(stage.step)) {
        (Part::Set, Some(exercise)) => {
            parts.push(fill(&words.common.round, &[("n", &stage.round.to_string())]));
            if exercise.reps.high() > 1 {
                parts.push(fill(&words.common.reps_count, &[("n", &exercise.reps.to_string())]));
            }
        }
        (Part::ChangeOver, _) => parts.push(words.train.change_over.clone()),
        (Part::Rest, _) => parts.push(words.train.rest.clone()),
        (Part::Setup, _) => parts.push(words.train.get_ready.clone()),
        _ => {}
    }
    parts.join(" · ")
}

/// Milliseconds as minutes and seconds.
fn clock(millis: u64) -> String {
    let seconds = millis / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Source;

    #[test]
    fn the_list_has_a_line_a_protocol() {
        insta::assert_snapshot!(list(&Config::built_in()));
    }

    #[test]
    fn a_preview_has_a_line_a_part_and_its_total() {
        let config = Config::built_in();
        let text = |cues| -> String {
            preview(&config, &config.protocols["heel-lifts"], cues).into_iter().map(|moment| moment.text).collect()
        };
        insta::assert_snapshot!(text(false));
        assert!(text(true).contains("♪ forward"));
    }

    #[test]
    fn a_preview_of_a_routine_that_begins_with_a_rest_has_its_time() {
        let text = "[protocol.own]\ntitle = \"Own\"\nsummary = \"o\"\n\
                    [protocol.own.step.still]\nkind = \"rest\"\ntitle = \"Still\"\nseconds = 20\n"
            .to_owned();
        let config = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]).unwrap();
        let lines = preview(&config, &config.protocols["own"], false);
        assert_eq!(lines[0].text, "   0:00    0:20  Still\n");
        assert_eq!(lines[1].at.millis(), 20_000);
    }

    #[test]
    fn a_protocol_without_steps_of_its_own_length_ends_at_once() {
        let config = Config::built_in();
        let last = preview(&config, &config.protocols["retest"], true).pop().unwrap();
        assert_eq!(last.at.millis(), 10_000 + 2 * 40_000, "a question and two tests");
    }
}
