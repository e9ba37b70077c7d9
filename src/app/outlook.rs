//! What follows from the past for the first pages. It is found once after the past was taken in, and not at every picture:
//! it goes through every protocol and every training day.

use std::cell::OnceCell;
use std::sync::Arc;

use jiff::civil::Date;

use super::App;
use crate::config::Config;
use crate::kept::Past;
use crate::progress::Weeks;
use crate::protocol::Protocol;
use crate::session::earlier::Earlier;
use crate::session::plan::{self, Plan};
use crate::session::record::Record;

/// What is told and offered on the first pages.
#[derive(Clone, Debug)]
pub(crate) struct Outlook {
    /// How long a session will take, in minutes, for each protocol in the order of the configuration.
    minutes: Vec<u64>,
    /// The places of the protocols that earlier answers suggest, beside those of the home screen.
    suggested: Vec<usize>,
    /// Training up to today.
    weeks: Weeks,
}

impl Outlook {
    fn of(config: &Config, past: &Past, today: Date) -> Outlook {
        let lately = Record::after(Earlier::clone(&past.earlier));
        let is_suggested = |protocol: &Protocol| {
            let plan = Plan { protocol, record: &lately };
            protocol.suggestion.as_ref().is_some_and(|suggestion| plan.holds(&suggestion.when, None))
        };
        let protocols = config.protocols.values();
        Outlook {
            minutes: protocols.clone().map(|protocol| plan::planned_minutes(protocol, &past.earlier)).collect(),
            suggested: protocols
                .enumerate()
                .skip(config.at_home)
                .filter_map(|(place, protocol)| is_suggested(protocol).then_some(place))
                .collect(),
            weeks: past.habit.weeks(today, &config.progress),
        }
    }
}

impl App {
    /// Has what follows from the past found anew, after it, the day or the configuration changed.
    pub(super) fn look_ahead(&mut self) {
        self.outlook = OnceCell::new();
    }

    fn outlook(&self) -> &Outlook {
        self.outlook.get_or_init(|| Outlook::of(&self.config, &self.past, self.today.date()))
    }

    /// How long a session with `protocol` will take, rounded up to minutes.
    pub fn planned_minutes(&self, protocol: &Protocol) -> u64 {
        let place = self.config.protocols.get_index_of(&protocol.id);
        place.and_then(|place| self.outlook().minutes.get(place)).copied().unwrap_or_default()
    }

    /// Whether something spoke against training today.
    pub fn is_stopped(&self) -> bool {
        self.past.stopped == Some(self.today.date())
    }

    /// The protocols beside those of the home screen that earlier answers suggest, and why: none while something speaks
    /// against training, or where there was enough of it today.
    pub fn suggested(&self) -> impl Iterator<Item = (&Arc<Protocol>, &str)> {
        let suggested = if self.is_stopped() || self.has_done_enough() { &[] } else { &self.outlook().suggested[..] };
        suggested.iter().filter_map(|place| {
            let (_, protocol) = self.config.protocols.get_index(*place)?;
            Some((protocol, protocol.suggestion.as_ref()?.reason.as_str()))
        })
    }

    /// Training up to today.
    pub fn weeks(&self) -> Weeks {
        self.outlook().weeks
    }
}
