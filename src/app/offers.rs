//! What there is to do on the screen that is open, as the bar and the list of keys tell it.

use super::{App, Correcting, HomeLine, Opened, Overlay, Screen, Sitting};
use crate::keymap::{Action, Context, Offer};

/// What the key that goes on does on lines of the first screen that start nothing.
static GO_ON: Offer = (Action::Go, |labels| &labels.go_on);
static FILE: Offer = (Action::Go, |labels| &labels.file);
static OPEN: Offer = (Action::Go, |labels| &labels.open);

/// What there is to do in `context`, where `must` says that the open question can't be skipped, and `one_button` that one
/// button does it all.
fn offers_of(context: Context, must: bool, one_button: bool) -> impl Iterator<Item = &'static Offer> {
    let button = if one_button { context.one_button() } else { &[] };
    let replaced = move |action: &Action| button.iter().any(|(other, _)| other == action);
    let others = context.offers().iter().filter(move |(action, _)| !(must && *action == Action::Skip));
    let (go, rest): (Vec<_>, Vec<_>) =
        others.filter(move |(action, _)| !replaced(action)).partition(|(action, _)| *action == Action::Go);
    go.into_iter().chain(button).chain(rest)
}

impl App {
    /// What there is to do now, the most needed first.
    pub fn offers(&self) -> impl Iterator<Item = &'static Offer> {
        // In a hold the key that goes on has nothing to do yet; the list of keys has it in any case.
        let holds = self.context() == Context::Counted
            && matches!(&self.screen, Screen::Session(sitting) if !sitting.session.key_goes_on());
        let offers = self.offers_in(self.context(), self.must_answer());
        let is_idle = |action| match action {
            Action::Go | Action::Right => holds,
            // Who has arrows needs no other key.
            Action::NextLine => !self.presenter,
            _ => false,
        };
        let mut offers: Vec<_> = offers.filter(|(action, _)| !is_idle(*action)).collect();
        // What is likely comes behind the key that goes on: the other key of a remote, and leaving where the plan warns.
        let sitting = if let Screen::Session(sitting) = &self.screen { Some(sitting) } else { None };
        let [warns, is_enough] =
            [Sitting::is_warned, Sitting::has_enough].map(|is| sitting.is_some_and(|sitting| is(sitting)));
        offers.sort_by_key(|(action, _)| match action {
            Action::Go => 0,
            Action::NextLine => 1,
            Action::Quit if warns => 1,
            Action::EndSet if is_enough => 1,
            _ => 2,
        });
        let of_line = self.offer_of_line();
        offers.into_iter().filter_map(move |offer| match (offer.0, of_line) {
            (Action::Go, Some(of_line)) => Some(of_line),
            (Action::Right, Some(_)) => None,
            _ => Some(offer),
        })
    }

    /// What the key that goes on does on the chosen line of the first screen, where that starts nothing.
    fn offer_of_line(&self) -> Option<&'static Offer> {
        let (None, Screen::Home { cursor }) = (&self.overlay, &self.screen) else { return None };
        match self.home_lines().into_iter().nth(*cursor)? {
            HomeLine::Continue(_) => Some(&GO_ON),
            HomeLine::File(_) => Some(&FILE),
            HomeLine::All | HomeLine::Learn => Some(&OPEN),
            HomeLine::Start(_) | HomeLine::Suggested(..) => None,
        }
    }

    /// The same in another `context`, where `must` says that the open question can't be skipped.
    pub fn offers_in(&self, context: Context, must: bool) -> impl Iterator<Item = &'static Offer> {
        let offers = offers_of(context, must, self.config.settings.one_button);
        offers.filter(move |(action, _)| match action {
            Action::TakeOver => self.can_take_over(),
            action => self.does(context, *action),
        })
    }

    /// Whether `action`, which `context` can offer, does something in it now.
    fn does(&self, context: Context, action: Action) -> bool {
        match (context, action) {
            (Context::Paused, _) => self.can_while_paused(action),
            (Context::ReadOn, Action::Skip) => {
                matches!(&self.screen, Screen::Session(sitting) if sitting.session.can_skip())
            }
            (Context::SoundCheck | Context::FirstSounds, Action::Back | Action::Left | Action::Down) => {
                matches!(&self.screen, Screen::SoundCheck(check) if check.played)
            }
            (Context::Opened, Action::Correct) => {
                matches!(&self.screen, Screen::Opened(opened) if opened.has_results())
            }
            (Context::Correct, Action::Pause | Action::Quit | Action::Back) => {
                let correcting = |opened: &Opened| opened.correcting.as_ref().is_some_and(Correcting::is_changed);
                let is_changed = matches!(&self.screen, Screen::Opened(opened) if correcting(opened));
                is_changed == (action == Action::Back)
            }
            (Context::LeftOpen, Action::EndSet | Action::Remove | Action::Correct) => !self.shared,
            // Asking to leave where leaving is asked about takes the question back, as other keys do.
            (Context::Choice, Action::Quit) => matches!(self.overlay, Some(Overlay::Trouble { .. })),
            _ => true,
        }
    }

    /// Whether there is an open question that can't be skipped.
    pub(super) fn must_answer(&self) -> bool {
        matches!(&self.screen, Screen::Session(sitting) if sitting.must_answer())
    }
}
