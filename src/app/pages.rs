//! Pages to learn from, and the list of keys.

use super::cursor::{TURN, step};
use super::{App, Effect, Overlay, Screen};
use crate::config::LearnAt;
use crate::keymap::{Action, Context};
use crate::protocol::Exercise;
use crate::session::event::Part;

impl App {
    /// The kind of screen that is open, as far as pages to learn from belong to it.
    pub(super) fn learn_place(&self) -> Option<LearnAt> {
        let Screen::Session(sitting) = &self.screen else { return None };
        let exercise = sitting.session.exercise();
        // What is told there is how to choose and tie a band.
        let has_band = |exercise: &Exercise| exercise.figure.as_ref().is_none_or(|figure| figure.band.is_some());
        let with_band = exercise.is_some_and(has_band).then_some(LearnAt::Setup);
        match sitting.context() {
            Context::Plan => Some(LearnAt::Plan),
            Context::Summary | Context::SummaryOn => Some(LearnAt::Summary),
            Context::Measure => Some(LearnAt::Test),
            Context::SetUp => with_band,
            Context::Read => Some(LearnAt::Test),
            Context::ReadOn => match sitting.session.stage()?.part {
                Part::Plan => Some(LearnAt::Plan),
                Part::Setup => with_band,
                _ => Some(LearnAt::Test),
            },
            _ => None,
        }
    }

    /// A key on a page to learn from.
    pub(super) fn turn_page(&mut self, action: Action, page: usize, mut top: usize) -> Vec<Effect> {
        let count = self.config.learn.len().max(1);
        let is_read = self.context() == Context::Learn;
        let open = |page| Some(Overlay::Learn { page, top: 0, below: false });
        self.overlay = match action {
            Action::Go if !is_read => Some(Overlay::Learn { page, top: top + TURN, below: true }),
            // Read to its end; who has no other key than this one is not kept here.
            Action::Go if page + 1 == count => None,
            Action::Right | Action::Go => open((page + 1) % count),
            Action::Left => open((page + count - 1) % count),
            Action::Up | Action::Down => {
                step(&mut top, action, usize::MAX);
                Some(Overlay::Learn { page, top, below: !is_read })
            }
            _ => None,
        };
        Vec::new()
    }

    pub(super) fn help(&mut self, action: Action, top: usize, about: Context, must: bool) -> Vec<Effect> {
        self.overlay = match action {
            Action::Up => Some(Overlay::Help { top: top.saturating_sub(1), about, must }),
            Action::Down => Some(Overlay::Help { top: top + 1, about, must }),
            _ => None,
        };
        Vec::new()
    }
}
