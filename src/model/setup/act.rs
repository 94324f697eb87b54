//! What a key does in the first run, and on the pages for the admin that it opens.

use crate::domain::connection::NamedService;
use crate::keymap::Action;

use super::super::effect::Effect;
use super::super::{Model, Overlay};
use super::note::Note;

impl Model {
    pub(in crate::model) fn act_on_setup(&mut self, action: Action) -> Vec<Effect> {
        let Some(setup) = &mut self.setup else {
            return Vec::new();
        };
        match action {
            Action::Submit => setup.submit(),
            Action::SessionOnly => setup.session_only(),
            Action::Demo => vec![Effect::StartDemo],
            Action::Down | Action::Up => {
                setup.mark(action == Action::Down);
                Vec::new()
            }
            Action::Back => {
                if !setup.back() && setup.from_desk {
                    self.setup = None;
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// The Verify service that is being looked at, or is in use.
    pub fn noted_service(&self) -> Option<&NamedService> {
        match &self.setup {
            Some(setup) => setup.service(),
            None => self.connection.as_ref()?.verify_service.as_ref(),
        }
    }

    /// Opens the page about the Verify service that is being looked at.
    pub(in crate::model) fn open_safety(&mut self) {
        if let Some(service) = self.noted_service().cloned() {
            self.overlay = Some(Overlay::Note {
                note: Note::Safety(service),
                scroll: 0,
            });
        }
    }

    /// Opens the recipe of a narrow key.
    pub(in crate::model) fn open_recipe(&mut self) {
        self.overlay = Some(Overlay::Note {
            note: Note::Recipe,
            scroll: 0,
        });
    }
}
