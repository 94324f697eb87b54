//! What a click and the wheel do. A click on a key is that key; a click on a row marks it, and a second
//! one opens it; a click on a field brings the attention there. Nothing happens by hovering or dragging,
//! and nothing can be clicked that no key does.

use crate::domain::phrase;
use crate::keymap::{Action, Place};

use super::effect::Effect;
use super::event::Click;
use super::{Choice, Model, Overlay, Pane, compose};

impl Model {
    pub(super) fn clicked(&mut self, click: &Click) -> Vec<Effect> {
        match *click {
            Click::Press(chord) => self.key(chord, false),
            Click::Row(at) => self.clicked_row(at),
            Click::Field(place) => self.clicked_field(place),
        }
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub(super) fn turn_mouse(&mut self) -> Vec<Effect> {
        self.setting.mouse = !self.setting.mouse;
        self.notify(if self.setting.mouse {
            phrase!("The mouse works here again: click on keys, rows and fields.")
        } else {
            phrase!("The mouse is the terminal's: select text with it. F12 takes it back.")
        });
        // Elsewhere it is freed for a moment; here it is a choice.
        if self.places().first() == Some(&Place::Settings) {
            return self.keep_setting(Choice::Mouse(self.setting.mouse));
        }
        Vec::new()
    }

    /// The wheel does what the arrows do, where they move through something.
    pub(super) fn scrolled(&mut self, down: bool) -> Vec<Effect> {
        let scrolls = self.places().first().is_some_and(|place| place.scrolls());
        if !scrolls {
            return Vec::new();
        }
        self.act(if down { Action::Down } else { Action::Up })
    }

    fn clicked_row(&mut self, at: usize) -> Vec<Effect> {
        match &mut self.overlay {
            Some(Overlay::Palette(palette)) => {
                palette.marked = at;
                return self.act(Action::Submit);
            }
            Some(Overlay::Numbers(_)) => {
                self.take_number(at);
                return Vec::new();
            }
            Some(_) => return Vec::new(),
            None => {}
        }
        if let Some(setup) = &mut self.setup {
            if setup.marked() == Some(at) {
                return self.act(Action::Submit);
            }
            setup.mark_row(at);
            return Vec::new();
        }
        if self.pane == Pane::Settings {
            return self.clicked_profile(at);
        }
        if self.pane != Pane::History || self.history.detail || self.history.deleting.is_some() {
            return Vec::new();
        }
        if self.history.selected == at {
            return self.act(Action::Submit);
        }
        self.mark_entry(at)
    }

    fn clicked_field(&mut self, place: Place) -> Vec<Effect> {
        if self.overlay.is_some() || self.setup.is_some() {
            return Vec::new();
        }
        match (self.pane, place, &self.compose.stage) {
            (Pane::Verify, place, _) => {
                self.verify.focus_on(place, &self.setting.default_country);
            }
            (Pane::Message, Place::Body, compose::Stage::To) => {
                self.compose.to_body(&self.setting.default_country);
            }
            (Pane::Message, Place::MessageTo, compose::Stage::Body) => self.compose.back(),
            _ => {}
        }
        Vec::new()
    }
}
