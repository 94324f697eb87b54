//! All actions by name: type a part of one, Enter does it.

use crate::keymap::{Action, Binding, Keymap, Place};

use super::field::Field;

/// The list, on top of the desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Palette {
    /// What is typed.
    pub filter: Field,
    /// The line that is marked.
    pub marked: usize,
    /// The places that were in force when it was opened.
    pub places: Vec<Place>,
    keymap: Keymap,
}

impl Palette {
    /// Over these places.
    pub fn new(places: Vec<Place>, keymap: Keymap) -> Self {
        Self {
            filter: Field::line(),
            marked: 0,
            places,
            keymap,
        }
    }

    /// What can be done from where the agent is, and fits what is typed.
    pub fn bindings(&self) -> Vec<&'static Binding> {
        let filter = self.filter.text().to_lowercase();
        self.keymap
            .in_force(&self.places)
            .into_iter()
            .filter(|binding| binding.action != Action::Palette)
            .filter(|binding| {
                binding.hint.to_lowercase().contains(&filter)
                    || binding.help.to_lowercase().contains(&filter)
            })
            .collect()
    }

    /// The marked action.
    pub fn chosen(&self) -> Option<Action> {
        self.bindings()
            .get(self.marked)
            .map(|binding| binding.action)
    }

    /// Moves the mark.
    pub fn mark(&mut self, forward: bool) {
        let last = self.bindings().len().saturating_sub(1);
        self.marked = if forward {
            (self.marked + 1).min(last)
        } else {
            self.marked.saturating_sub(1)
        };
    }
}
