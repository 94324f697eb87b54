//! The table itself: each pane's keys in a file of its own.
//!
//! Within a place, the order is the order of the footer: what matters most stands first, and what does
//! not fit is dropped whole, from the end.

mod desk;
mod history;
mod message;
mod over;
mod settings;
mod setup;
mod verify;

use super::action::Action;
use super::chord::{Chord, Key};
use super::place::Place;

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds.
    pub place: Place,
    /// The keys, the one to show first.
    pub chords: &'static [Chord],
    /// What they do.
    pub action: Action,
    /// Two or three words for the footer.
    pub hint: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
}

const fn bind(
    place: Place,
    chords: &'static [Chord],
    action: Action,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding {
        place,
        chords,
        action,
        hint,
        help,
    }
}

const ENTER: Chord = Chord::plain(Key::Enter);
const ESC: Chord = Chord::plain(Key::Esc);
const TAB: Chord = Chord::plain(Key::Tab);
const BACK_TAB: Chord = Chord::plain(Key::BackTab);
const UP: Chord = Chord::plain(Key::Up);
const DOWN: Chord = Chord::plain(Key::Down);
const PAGE_UP: Chord = Chord::plain(Key::PageUp);
const PAGE_DOWN: Chord = Chord::plain(Key::PageDown);
const HOME: Chord = Chord::plain(Key::Home);
const END: Chord = Chord::plain(Key::End);
const DELETE: Chord = Chord::plain(Key::Delete);

const fn key(c: char) -> Chord {
    Chord::plain(Key::Char(c))
}

const fn f(n: u8) -> Chord {
    Chord::plain(Key::F(n))
}

/// The panes, in the order in which footer, help, palette and README show their keys.
const PANES: [&[Binding]; 7] = [
    verify::KEYS,
    message::KEYS,
    history::KEYS,
    settings::KEYS,
    setup::KEYS,
    over::KEYS,
    desk::KEYS,
];

/// All bindings.
pub const TABLE: &[Binding] = &joined();

const LENGTH: usize = {
    let (mut length, mut pane) = (0, 0);
    while pane < PANES.len() {
        length += PANES[pane].len();
        pane += 1;
    }
    length
};

const fn joined() -> [Binding; LENGTH] {
    let mut all = [PANES[0][0]; LENGTH];
    let (mut at, mut pane) = (0, 0);
    while pane < PANES.len() {
        let mut row = 0;
        while row < PANES[pane].len() {
            all[at] = PANES[pane][row];
            row += 1;
            at += 1;
        }
        pane += 1;
    }
    all
}
