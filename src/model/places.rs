//! Where the agent's attention is, so that a key means what the screen says.

use crate::domain::Phrase;
use crate::keymap::Place;
use crate::layout;

use super::{Model, Overlay, Pane};

impl Model {
    /// Why the last order did nothing, where the page on screen says so until something else is typed.
    pub fn complaint(&self) -> Option<&Phrase> {
        if self.overlay.is_some() {
            return None;
        }
        if let Some(setup) = &self.setup {
            return setup.problem.as_ref();
        }
        match self.pane {
            Pane::Verify if self.verify.shown.is_some() => None,
            Pane::Verify => self.verify.complaint.as_ref(),
            Pane::Message => self.compose.complaint.as_ref(),
            Pane::History => self.history.complaint(),
            Pane::Settings => self.settings.introduction.as_ref()?.problem.as_ref(),
        }
    }

    /// Where the agent's attention is, innermost first.
    pub fn places(&self) -> Vec<Place> {
        let overlay = self.overlay.as_ref().map(|overlay| match overlay {
            Overlay::Help { .. } => Place::Help,
            Overlay::Palette(_) => Place::Palette,
            Overlay::Quit => Place::QuitQuestion,
            Overlay::SignOut => Place::SignOutQuestion,
            Overlay::ForgetAll => Place::ForgetQuestion,
            Overlay::Sure(_) => Place::SureQuestion,
            Overlay::Withdraw(_) => Place::WithdrawQuestion,
            Overlay::Numbers(_) => Place::Numbers,
            Overlay::LookUp(_) => Place::LookUpQuestion,
            Overlay::Replies { .. } => Place::Replies,
            Overlay::Note { .. } => Place::Note,
            Overlay::Phone => Place::Phone,
            Overlay::Tour { .. } => Place::TourCard,
            Overlay::Card { .. } => Place::Card,
        });
        if layout::is_too_small(self.size) {
            // Nothing is shown, so nothing may be done but leaving.
            return vec![Place::Always];
        }
        if self.lock.is_closed() && self.overlay != Some(Overlay::Quit) {
            return vec![Place::Locked];
        }
        match (overlay, &self.setup) {
            (Some(place), _) => vec![place, Place::Always],
            (None, Some(setup)) => vec![setup.place(), Place::Always],
            (None, None) => {
                let places = match self.pane {
                    Pane::Verify => self.verify.places(),
                    // Over an empty text digits take a template; everything else is as in any text.
                    _ if self.pane_place() == Place::EmptyText => {
                        vec![Place::EmptyText, Place::Body]
                    }
                    _ => vec![self.pane_place()],
                };
                let mut places = self.with_tour(places);
                places.extend([Place::Desk, Place::Always]);
                places
            }
        }
    }

    /// The place of the pane on screen, whatever lies over it.
    pub fn pane_place(&self) -> Place {
        match self.pane {
            Pane::Verify => self.verify.place(),
            Pane::Message => self.compose.place(),
            Pane::History => self.history.place(),
            Pane::Settings if self.settings.introduction.is_some() => Place::Introduction,
            Pane::Settings => Place::Settings,
        }
    }
}
