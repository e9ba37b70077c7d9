//! The words of the program itself, as far as they are not part of a protocol: every one from TOML.
//!
//! A word in braces, like `{rep}`, is replaced by its value.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::cue::Cue;
use crate::protocol::Side;
use crate::protocol::quantity::{Notation, Unit};
use crate::text::fill;

/// A table of texts, from which each group of words is made. A derived `Deserialize` for every group would make the program
/// larger by a twentieth, and an error at each text by a hundredth.
struct Texts {
    table: BTreeMap<String, String>,
    missing: Option<String>,
}

impl Texts {
    /// The text of a field.
    #[inline(never)]
    fn take(&mut self, field: &str) -> String {
        let key = field.replace('_', "-");
        self.table.remove(&key).unwrap_or_else(|| {
            self.missing.get_or_insert(key);
            String::new()
        })
    }

    /// Whether there was a text for each field that was asked for, and no other.
    fn end(self) -> Result<(), String> {
        match (self.missing, self.table.keys().next()) {
            (Some(key), _) => Err(format!("missing field `{key}`")),
            (None, Some(key)) => Err(format!("unknown field `{key}`")),
            (None, None) => Ok(()),
        }
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $group:ident $field:ident { $($word:ident),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[expect(missing_docs, reason = "the word itself, in config.example.toml, says what it is")]
            #[derive(Clone, Debug, Serialize, JsonSchema)]
            #[serde(rename_all = "kebab-case", deny_unknown_fields)]
            pub struct $group { $(pub $word: String,)* }

            impl TryFrom<Texts> for $group {
                type Error = String;

                fn try_from(mut texts: Texts) -> Result<$group, String> {
                    let words = $group { $($word: texts.take(stringify!($word)),)* };
                    texts.end().map(|()| words)
                }
            }

            impl<'de> Deserialize<'de> for $group {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$group, D::Error> {
                    let table = BTreeMap::deserialize(deserializer)?;
                    $group::try_from(Texts { table, missing: None }).map_err(D::Error::custom)
                }
            }
        )*

        /// All words, by the part of the program that says them.
        #[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        #[schemars(extend("translatable" = true))]
        pub struct Words {
            $($(#[$doc])* pub $field: $group,)*
        }
    };
}

words! {
    /// What a key does, one or two words each, for the help.
    Keys keys {
        learn, page, open, list, file, note, correct, remove, save, cancel,
        start, choose, more, history, help, quit, home, take, back, skip, skip_exercise, change, scroll, units, ready, end, mistake, begin, now,
        pause, undo, end_set, skip_set, ouch, mute, louder, quieter, count, go_on, close, leave, suspend, redraw, digits, digits_typed, delete_typed, distance, next_line, next_line_or_back, sound_check, next_sound, once_more, not_heard, without_sounds, take_over,
    }
    /// Keys, as they are called on the screen; those with one sign are called by it.
    KeyNames key_names {
        space, enter, tab, backspace, esc, insert, delete, home, end, pageup, pagedown, ctrl, alt, shift,
    }
    /// Sides, numbers, and the marks around every screen.
    Common common {
        decimal, date, left, right, both, left_ankle, right_ankle, both_ankles, minute, minutes, seconds, round, round_count,
        rounds_count, rep_count, reps_count, conditional, next, too_small, no_sound, remote, no_voice, muted, volume, not_saved, more_above, more_below,
        edited, edit_wrong, edit_taken, edit_taken_plan, edit_later,
    }
    /// The home screen.
    Home home { stopped_today, title, tagline, planned, unfinished, unfinished_detail, advice, shared, torn, rescued, lost, file, suggested, all, first_screen, learn, source }
    /// Questions and tests.
    Ask ask {
        type_gap, type_reach, typed_empty, typed_wrong, reads_touch, reads_judged, reads_farthest, reads_gap, reads_reach,
        stop_title, stop_end, stop_title_trained, stop_end_trained, stop_one_button, stop_one_button_trained,
    }
    /// The plan.
    Plan plan { title, sides, only, pacing, counted, paced, dose, left_out, above_cap, outlook, outlook_one }
    /// Set-up lists.
    Read read { then_counted, then_paced, then_measured }
    /// The training screens.
    Train train {
        get_ready, rep_of, reps_of, enough, full, press_at_end, change_over, rest, rest_then, rest_then_both, set_over,
        round_of, paused, paused_why, paused_hold, paused_still, repositioning, pain_free, paused_at, slept, returned, hurt_title, hurt, hurt_again, stop_rules, stop_short,
        time_left, heel_down, heels_down,
    }
    /// The menus over a session that stands still.
    Menu menu {
        resume, undo, end_set, skip, hurts, leave, reposition, end_exercise, end_session, slip, quit_title, quit_text, quit_text_unsaved,
        quit_stay, take_back, quit_keep, quit_lose, quit_end, trouble_title, trouble_text, trouble_go_on, trouble_leave,
    }
    /// The summary.
    Summary summary {
        title, done, advised, advised_trained, pain, pain_in_set, early, set, hold_set, full, enough, short, skipped, stopped, repositioned, put_right, not_done, left_out, change,
        only_once, no_clear_change, possibly_more, possibly_less, more, less, touches_now, touched_before,
        other_form, touches_both, by_eye, same_by_eye, usual, watch, before_exercise,
        asymmetric, at_least, at_least_less, advice, scale_same, scale_more, scale_less, scale_once, scale_after,
    }
    /// Progress over weeks.
    Progress progress {
        title, none, this_week, streak, streak_forgiven, total_one, total, enough_one, enough, latest, since_first,
        since_last, plateau, over_weeks, legend, days_title, days_legend, of_goal, months, weekdays,
    }
    /// One session in full.
    Opened opened {
        note, answers, again, correct_title, correct_text, note_title, note_text, remove_title, remove_text, keep, remove, refused,
    }
    /// The sound check.
    SoundCheck sound_check { title, begin, before, number, asked, all_heard, to_home, to_session, device, missing, remote, unheard }
    /// What `dorsi doctor` tells.
    Doctor doctor {
        dorsi, terminal, config, sessions, voice, sound,
        unknown_terminal, no_screen, screen, screen_too_small, size_unknown, no_colours, true_colours, many_colours, few_colours,
        config_own, config_built_in, config_unread, sessions_none, sessions_kept, voice_on, voice_gone, voice_missing, voice_off, voice_none,
        remote, sound_on, sound_none, no_answer, without_sound, plays, ask, heard,
        unheard, turn_up, choose_output, wake, levels, flashes,
    }
    /// What `dorsi keys learn` asks and tells.
    LearnKeys learn_keys { ask, now, as_it_is, known, reserved, alike, taken, given_up, unchanged, written }
    /// What each cue means.
    Cues cues { pip, go, forward, hold, hold_end, back, rep, enough, set_done, change_sides, rest_over, finished, warning }
    /// What a voice says.
    Voice voice { set, last_set, hold_set, last_hold_set, range, change_sides, rest, next, rep, paused, finished }
    /// The list of sessions so far.
    History history { title, empty, finished, advised, pain, early, unfinished, with_pain }
    /// The page for a physiotherapist, and the heads of the table of sessions.
    Report report {
        language, title, lead, name, question, glance, period, period_value, sessions, sessions_value, none, endings, reps, reps_value, left_out, left_out_value,
        test, test_lead, test_error, test_apart, plateau, side, first, latest, change, chart_of, target, error_band, gap, reach, touch, by_eye,
        per_week, per_week_lead, scale_lead, scale_mixed, before, after,
        exercises, exercise, sets, sets_full, sets_enough, sets_short, sets_skipped, sets_pain, reps_done,
        answers, answers_lead, asked, answered, times, last,
        notes, latest_sessions, earlier_sessions, date, session, tested, tested_several, rated_several, ending, ending_pain, ending_repositioned, distances, marks,
        meaning, meaning_distance, meaning_error, meaning_forms, meaning_day, meaning_usual, meaning_pain, meaning_reps,
        made_by,
    }
    /// The list of keys.
    Help help { title, everywhere }
}

impl Words {
    /// How lengths are written in `unit`, in this language.
    pub fn notation(&self, unit: Unit) -> Notation {
        Notation { unit, decimal: self.decimal() }
    }

    /// A number with one decimal, in this language.
    pub fn tenths(&self, number: f64) -> String {
        format!("{number:.1}").replace('.', self.decimal().encode_utf8(&mut [0; 4]))
    }

    /// `day` in this language.
    pub fn date(&self, day: Date) -> String {
        let values = [
            ("year", day.year().to_string()),
            ("month", format!("{:02}", day.month())),
            ("day", format!("{:02}", day.day())),
        ];
        fill(&self.common.date, &values)
    }

    /// `moment` in this language, to the minute.
    pub fn moment(&self, moment: DateTime) -> String {
        format!("{} {:02}:{:02}", self.date(moment.date()), moment.hour(), moment.minute())
    }

    fn decimal(&self) -> char {
        self.common.decimal.chars().next().unwrap_or('.')
    }
}

impl Common {
    /// "Left ankle", or both.
    pub fn ankle(&self, side: Option<Side>) -> &str {
        match side {
            Some(Side::Left) => &self.left_ankle,
            Some(Side::Right) => &self.right_ankle,
            None => &self.both_ankles,
        }
    }

    /// "left", or both.
    pub fn side(&self, side: Option<Side>) -> &str {
        match side {
            Some(Side::Left) => &self.left,
            Some(Side::Right) => &self.right,
            None => &self.both,
        }
    }
}

impl Cues {
    /// What `cue` means.
    pub fn of(&self, cue: Cue) -> &str {
        match cue {
            Cue::Pip => &self.pip,
            Cue::Go => &self.go,
            Cue::Forward => &self.forward,
            Cue::Hold => &self.hold,
            Cue::HoldEnd => &self.hold_end,
            Cue::Back => &self.back,
            Cue::Rep => &self.rep,
            Cue::Enough => &self.enough,
            Cue::SetDone => &self.set_done,
            Cue::ChangeSides => &self.change_sides,
            Cue::RestOver => &self.rest_over,
            Cue::Finished => &self.finished,
            Cue::Warning => &self.warning,
        }
    }
}
