//! Menus over a session that stands still, and where each of their lines leads.

use super::cursor::step;
use super::{App, Effect, Overlay, Screen};
use crate::keymap::Action;
use crate::session::event::{Part, Relief};
use crate::session::{Input, Run};

/// A line of a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuLine {
    /// Go on.
    Resume,
    /// Take a rep back.
    Undo,
    /// End the set here.
    EndSet,
    /// Skip the set, of which nothing was done.
    Skip,
    /// It hurts, or pinches.
    Hurts,
    /// Leave.
    Leave,
    /// Deal with pain this way.
    Relief(Relief),
    /// Stay in the session.
    Stay,
    /// The answer that called for advice was a slip.
    TakeBack,
    /// Leave, and keep the session for later.
    KeepForLater,
    /// End the session here.
    EndHere,
    /// Keep the session that is open.
    Keep,
    /// Remove the session that is open.
    Remove,
    /// Go on without saving.
    Unsaved,
    /// Leave the program.
    Quit,
}

/// The lines that end a set: one of them is there.
const ENDS_SET: [MenuLine; 2] = [MenuLine::EndSet, MenuLine::Skip];

impl App {
    /// The lines of the menu that is open, if one is.
    pub fn menu_lines(&self) -> Vec<MenuLine> {
        if let Some(Overlay::Leave { .. }) = self.overlay {
            let mut lines = vec![MenuLine::Stay, MenuLine::KeepForLater, MenuLine::EndHere];
            let is_advised = matches!(&self.screen, Screen::Session(sitting) if sitting.session.advice().is_some());
            if is_advised {
                lines.insert(1, MenuLine::TakeBack);
            }
            return lines;
        }
        if let Some(Overlay::Remove { .. }) = self.overlay {
            return vec![MenuLine::Keep, MenuLine::Remove];
        }
        if let Some(Overlay::Trouble { .. }) = self.overlay {
            return vec![MenuLine::Unsaved, MenuLine::Quit];
        }
        let Screen::Session(sitting) = &self.screen else { return Vec::new() };
        let session = &sitting.session;
        let stage = session.stage();
        match session.run() {
            Run::Hurt => {
                // Between sets the ankle that hurts is not the one of the open stage.
                let place = session.record().hurting();
                let again = place.is_some_and(|place| session.record().was_repositioned(place.step, place.side));
                // What ends something keeps its digit, be a change of position offered or not, and stands first: a hasty key
                // must not lead on.
                let reposition = (!again).then_some(Relief::Reposition);
                let ends = [Relief::EndExercise, Relief::EndSession];
                ends.into_iter().chain(reposition).chain([Relief::Slip]).map(MenuLine::Relief).collect()
            }
            Run::Paused { .. } => {
                let in_set = stage.is_some_and(|stage| stage.part == Part::Set);
                let reps = stage.map_or(0, |stage| session.record().reps(stage));
                let mut lines = vec![MenuLine::Resume];
                // Nobody in pain looks for a line far down.
                lines.extend(session.set_of_pain().is_some().then_some(MenuLine::Hurts));
                if in_set {
                    lines.extend(match reps {
                        0 => vec![MenuLine::Skip],
                        _ => vec![MenuLine::Undo, MenuLine::EndSet],
                    });
                }
                lines.push(MenuLine::Leave);
                lines
            }
            _ => Vec::new(),
        }
    }

    /// Whether `action`, one that a pause can offer, does something in this one.
    pub(super) fn can_while_paused(&self, action: Action) -> bool {
        let Screen::Session(sitting) = &self.screen else { return false };
        match action {
            Action::EndSet => self.menu_lines().iter().any(|line| ENDS_SET.contains(line)),
            Action::Skip => sitting.session.can_skip(),
            Action::Ouch => sitting.session.set_of_pain().is_some(),
            _ => true,
        }
    }

    pub(super) fn session_menu(&mut self, action: Action) -> Vec<Effect> {
        let lines = self.menu_lines();
        let Screen::Session(sitting) = &mut self.screen else { return Vec::new() };
        let hurt = *sitting.session.run() == Run::Hurt;
        let line = match action {
            Action::Up | Action::Down => {
                step(&mut sitting.menu, action, lines.len());
                None
            }
            Action::Digit(digit) => usize::from(digit).checked_sub(1).and_then(|index| lines.get(index)).copied(),
            Action::Go | Action::Right => lines.get(sitting.menu).copied(),
            // A presenter remote has no key but this one to choose with.
            Action::Back | Action::Left => {
                sitting.menu = (sitting.menu + 1) % lines.len().max(1);
                None
            }
            Action::Pause if !hurt => Some(MenuLine::Resume),
            Action::Skip if !hurt => Some(MenuLine::Skip),
            Action::EndSet if !hurt => lines.iter().copied().find(|line| ENDS_SET.contains(line)),
            Action::Ouch if !hurt => return self.tell(Input::Ouch),
            _ => None,
        };
        match line {
            None => Vec::new(),
            Some(MenuLine::Resume) => self.tell(Input::Go),
            // The line may be gone then, and nothing that ends the set comes to stand in its place.
            Some(MenuLine::Undo) => {
                sitting.menu = 0;
                self.tell(Input::Back)
            }
            Some(MenuLine::EndSet) => self.tell(Input::EndSet),
            Some(MenuLine::Skip) => self.tell(Input::Skip),
            Some(MenuLine::Hurts) => self.tell(Input::Ouch),
            Some(MenuLine::Relief(relief)) => self.tell(Input::Relieve(relief)),
            Some(_) => {
                self.overlay = Some(Overlay::Leave { cursor: 0 });
                Vec::new()
            }
        }
    }

    /// A key on a choice that lies over the screen.
    pub(super) fn overlay_menu(&mut self, action: Action, mut cursor: usize) -> Vec<Effect> {
        let lines = self.menu_lines();
        step(&mut cursor, action, lines.len());
        let trouble = matches!(self.overlay, Some(Overlay::Trouble { .. }));
        self.overlay = match self.overlay {
            Some(Overlay::Leave { .. }) => Some(Overlay::Leave { cursor }),
            Some(Overlay::Remove { .. }) => Some(Overlay::Remove { cursor }),
            _ => Some(Overlay::Trouble { cursor }),
        };
        let line = match action {
            Action::Digit(digit) => usize::from(digit).checked_sub(1).and_then(|index| lines.get(index)),
            Action::Go | Action::Right => lines.get(cursor),
            // Asking to leave where leaving is asked about takes the question back.
            Action::Quit if trouble => Some(&MenuLine::Quit),
            Action::Back | Action::Left | Action::Pause | Action::Quit => lines.first(),
            _ => None,
        };
        let Some(line) = line else { return Vec::new() };
        match line {
            MenuLine::KeepForLater | MenuLine::Quit => vec![Effect::Quit],
            MenuLine::EndHere => {
                self.overlay = None;
                self.tell(Input::End)
            }
            MenuLine::TakeBack => {
                self.overlay = None;
                self.tell(Input::Back)
            }
            MenuLine::Remove => {
                self.overlay = None;
                self.remove_opened()
            }
            _ => {
                self.overlay = None;
                Vec::new()
            }
        }
    }
}
