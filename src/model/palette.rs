//! All actions by name: type a part of one, Enter does it. What cannot be done from where the agent is
//! stands in the list all the same, after what can, and says where it is done.

use crate::domain::{Language, Phrase};
use crate::keymap::{Action, Binding, Keymap, Place};
use crate::text;

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
    /// The language in which actions have their names.
    pub language: Language,
    demo: bool,
}

/// A line of the list.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// What is done, and by which key.
    pub binding: &'static Binding,
    /// It can be done from where the agent is.
    pub here: bool,
}

impl Palette {
    /// Over these places.
    pub fn new(places: Vec<Place>, keymap: Keymap, language: Language, demo: bool) -> Self {
        Self {
            filter: Field::line(),
            marked: 0,
            places,
            keymap,
            language,
            demo,
        }
    }

    /// What fits what is typed, the best first.
    pub fn entries(&self) -> Vec<Entry> {
        let here = self.keymap.in_force(&self.places);
        let mut entries: Vec<Entry> = here
            .into_iter()
            .filter(|binding| binding.action != Action::Palette)
            .filter_map(|binding| self.on_this_desk(binding))
            .map(|binding| Entry {
                binding,
                here: true,
            })
            .collect();
        // What became of a text is left for good: what can be done with one is found in the history, too.
        let (left, others): (Vec<Place>, Vec<Place>) = Place::ALL
            .iter()
            .partition(|place| **place == Place::MessageDone);
        let elsewhere = others
            .iter()
            .chain(&left)
            .filter(|place| is_on_a_pane(**place))
            .flat_map(|&place| self.keymap.of(place))
            .filter(|binding| !is_movement(binding.action))
            .filter_map(|binding| self.on_this_desk(binding));
        for binding in elsewhere {
            let known = entries.iter().any(|entry| {
                entry.binding.action == binding.action
                    && (entry.here || entry.binding.hint == binding.hint)
            });
            if !known {
                entries.push(Entry {
                    binding,
                    here: false,
                });
            }
        }
        let wanted = fold(self.filter.text().trim());
        let mut found: Vec<(u8, Entry)> = entries
            .into_iter()
            .filter_map(|entry| Some((self.distance(&wanted, entry.binding)?, entry)))
            .collect();
        found.sort_by_key(|(distance, entry)| (*distance, !entry.here));
        found.into_iter().map(|(_, entry)| entry).collect()
    }

    /// What a key does here: at work there is no pretend phone, and no tour; their keys do something else.
    fn on_this_desk(&self, binding: &'static Binding) -> Option<&'static Binding> {
        match binding.action {
            Action::ShowPhone if !self.demo => self
                .keymap
                .of(Place::Always)
                .find(|binding| binding.action == Action::Doctor),
            Action::TourCard if !self.demo => None,
            _ => Some(binding),
        }
    }

    /// How far what is typed is from the words of an action; none where it is not in them at all.
    fn distance(&self, wanted: &str, binding: &Binding) -> Option<u8> {
        if wanted.is_empty() {
            return Some(0);
        }
        let said = |english| fold(&self.language.say(&Phrase::of(english)));
        let (name, help) = (said(binding.hint), said(binding.help));
        let begins_a_word = |text: &str| text.split(' ').any(|word| word.starts_with(wanted));
        let tests = [
            name.starts_with(wanted),
            begins_a_word(&name),
            name.contains(wanted),
            begins_a_word(&help),
            help.contains(wanted),
            is_scattered_in(wanted, &name),
        ];
        let first = tests.iter().position(|&fits| fits)?;
        u8::try_from(first).ok()
    }

    /// The marked line.
    pub fn chosen(&self) -> Option<Entry> {
        self.entries().get(self.marked).copied()
    }

    /// Moves the mark.
    pub fn mark(&mut self, forward: bool) {
        let last = self.entries().len().saturating_sub(1);
        self.marked = if forward {
            (self.marked + 1).min(last)
        } else {
            self.marked.saturating_sub(1)
        };
    }
}

/// Small letters without accents, as people type them in a hurry.
pub fn fold(text: &str) -> String {
    text::ascii(text).to_lowercase()
}

/// All its letters are there, in this order.
fn is_scattered_in(wanted: &str, text: &str) -> bool {
    let mut rest = text.chars();
    wanted.chars().all(|c| rest.any(|other| other == c))
}

/// Questions and pages that lie over the desk, and the first run, have actions of their own time only.
fn is_on_a_pane(place: Place) -> bool {
    !matches!(
        place,
        Place::Help
            | Place::Palette
            | Place::QuitQuestion
            | Place::SignOutQuestion
            | Place::Phone
            | Place::Welcome
            | Place::Paste
            | Place::SetupBusy
            | Place::Pick
            | Place::You
            | Place::Introduction
            | Place::Keep
            | Place::Keeping
            | Place::SetupDone
            | Place::Note
            | Place::SureQuestion
            | Place::WithdrawQuestion
            | Place::Card
            | Place::KeepFailed
    )
}

/// To be done where one is, and of no use by name.
fn is_movement(action: Action) -> bool {
    matches!(
        action,
        Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::First
            | Action::Last
            | Action::Back
            | Action::Yes
            | Action::Palette
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn palette(places: &[Place], typed: &str) -> Palette {
        let mut palette = Palette::new(places.to_vec(), Keymap::default(), Language::English, true);
        palette.filter.insert(typed);
        palette
    }

    #[test]
    fn every_action_of_the_desk_is_in_the_list_wherever_the_agent_is() {
        let places = [Place::To, Place::Desk, Place::Always];
        let entries = palette(&places, "").entries();
        for binding in Keymap::default().bindings() {
            if is_on_a_pane(binding.place) && !is_movement(binding.action) {
                assert!(
                    entries
                        .iter()
                        .any(|entry| entry.binding.action == binding.action),
                    "{:?}",
                    binding.action
                );
            }
        }
        let first_elsewhere = entries.iter().position(|entry| !entry.here).unwrap();
        assert!(entries[first_elsewhere..].iter().all(|entry| !entry.here));
    }

    #[test]
    fn the_best_match_stands_first() {
        let code = [Place::Code, Place::Desk, Place::Always];
        for (typed, action) in [
            ("call", Action::CallInstead),
            ("QUIT", Action::Quit),
            ("whats", Action::WhatsAppInstead),
            ("sett", Action::GoSettings),
        ] {
            let entries = palette(&code, typed).entries();
            assert_eq!(entries[0].binding.action, action, "{typed}");
        }
        assert!(palette(&code, "zebra crossing").entries().is_empty());
    }

    #[test]
    fn what_cannot_be_done_here_says_so() {
        let entries = palette(&[Place::To, Place::Desk, Place::Always], "show number").entries();
        assert_eq!(entries[0].binding.action, Action::Reveal);
        assert!(!entries[0].here && entries[0].binding.place == Place::History);
    }

    #[test]
    fn accents_need_not_be_typed() {
        assert_eq!(fold("Übersicht Änderung é"), "ubersicht anderung e");
    }
}
