//! A text field: what is typed, and where the cursor stands.
//!
//! Our own and small, because the model is compared and cloned, and the fields of the widget crates
//! cannot be compared, carry styles, and keep control characters of a paste. The cursor moves by
//! grapheme. It may hold a number, a text or a secret: `Debug` shows the length alone, and what goes is
//! wiped.

use std::fmt;

use secrecy::zeroize::{Zeroize, Zeroizing};
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::sms_text::without_controls;
use crate::domain::untrusted::is_invisible;
use crate::keymap::{Chord, Key};

/// Nothing that is typed or pasted into one line is longer: a number, an address, a word of a filter.
const MOST_IN_A_LINE: usize = 400;
/// Nothing that is written or pasted into several lines is: twelve times the longest text, or a whole letter
/// with keys in it.
const MOST: usize = 20_000;

/// A field of one or several lines.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Field {
    text: Zeroizing<String>,
    cursor: usize,
    lines: bool,
}

impl Field {
    /// An empty field of one line.
    pub fn line() -> Self {
        Self::default()
    }

    /// An empty field of several lines.
    pub fn lines() -> Self {
        Self {
            lines: true,
            ..Self::default()
        }
    }

    /// What is in it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The byte before which the cursor stands.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Puts another text in, cursor at its end.
    pub fn set(&mut self, text: &str) {
        self.text.zeroize();
        self.cursor = 0;
        self.insert(text);
    }

    /// Empties it; what was in it is gone from the memory, too.
    pub fn clear(&mut self) {
        self.set("");
    }

    /// Puts the cursor before a byte, or before the character that it belongs to.
    pub fn move_to(&mut self, at: usize) {
        self.cursor = self.text.floor_char_boundary(at);
    }

    /// Takes a piece out and puts the cursor there.
    pub fn cut(&mut self, piece: std::ops::Range<usize>) {
        if self.text.get(piece.clone()).is_some() {
            self.remove(piece.start, piece.end);
        }
    }

    /// Types or pastes at the cursor. Control characters are dropped; line breaks stay in a field of
    /// several lines and become a space in a field of one, and those at the end of a paste are dropped.
    pub fn insert(&mut self, text: &str) {
        let text = Zeroizing::new(without_controls(text));
        let text = if text.chars().count() > 1 {
            text.trim_end_matches('\n')
        } else {
            &text
        };
        let most = if self.lines { MOST } else { MOST_IN_A_LINE };
        let room = most.saturating_sub(self.text.chars().count());
        let clean = text
            .chars()
            // What hides or reorders has no place in a number, an address or a word.
            .filter(|&c| self.lines || !is_invisible(c))
            .map(|c| if c == '\n' && !self.lines { ' ' } else { c })
            .take(room);
        // Made whole and put in the place of the other: text that is moved to grow leaves a copy behind.
        let (before, after) = self.text.split_at(self.cursor);
        let mut grown = Zeroizing::new(String::with_capacity(self.text.len() + text.len()));
        grown.push_str(before);
        grown.extend(clean);
        let cursor = grown.len();
        grown.push_str(after);
        self.cursor = cursor;
        self.text = grown;
    }

    /// Edits it by a key; whether the key meant anything here.
    pub fn edit(&mut self, chord: Chord) -> bool {
        match (chord.key, chord.ctrl, chord.alt) {
            (Key::Char(c), false, false) => self.insert(c.encode_utf8(&mut [0; 4])),
            (Key::Backspace, false, false) => self.remove(self.before(self.cursor), self.cursor),
            (Key::Delete, false, false) => self.remove(self.cursor, self.after(self.cursor)),
            (Key::Char('w'), true, false) | (Key::Backspace, _, _) => {
                self.remove(self.word_before(), self.cursor);
            }
            (Key::Char('u'), true, false) => self.remove(self.line_start(), self.cursor),
            (Key::Left, false, false) => self.cursor = self.before(self.cursor),
            (Key::Right, false, false) => self.cursor = self.after(self.cursor),
            (Key::Left, _, _) => self.cursor = self.word_before(),
            (Key::Right, _, _) => self.cursor = self.word_after(),
            (Key::Home, _, _) | (Key::Char('a'), true, false) => self.cursor = self.line_start(),
            (Key::End, _, _) | (Key::Char('e'), true, false) => self.cursor = self.line_end(),
            (Key::Up, false, false) if self.lines => self.up(),
            (Key::Down, false, false) if self.lines => self.down(),
            _ => return false,
        }
        true
    }

    fn remove(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }

    fn before(&self, at: usize) -> usize {
        self.text[..at]
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(start, _)| start)
    }

    fn after(&self, at: usize) -> usize {
        self.text[at..]
            .graphemes(true)
            .next()
            .map_or(at, |grapheme| at + grapheme.len())
    }

    fn word_before(&self) -> usize {
        self.text[..self.cursor]
            .unicode_word_indices()
            .next_back()
            .map_or(0, |(start, _)| start)
    }

    fn word_after(&self) -> usize {
        self.text[self.cursor..]
            .unicode_word_indices()
            .next()
            .map_or(self.text.len(), |(start, word)| {
                self.cursor + start + word.len()
            })
    }

    fn line_start(&self) -> usize {
        self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        self.text[self.cursor..]
            .find('\n')
            .map_or(self.text.len(), |at| self.cursor + at)
    }

    fn up(&mut self) {
        let start = self.line_start();
        if start == 0 {
            self.cursor = 0;
            return;
        }
        let column = self.text[start..self.cursor].graphemes(true).count();
        self.cursor = start - 1;
        self.move_to_column(column);
    }

    fn down(&mut self) {
        let column = self.text[self.line_start()..self.cursor]
            .graphemes(true)
            .count();
        let end = self.line_end();
        if end == self.text.len() {
            self.cursor = end;
            return;
        }
        self.cursor = end + 1;
        self.move_to_column(column);
    }

    fn move_to_column(&mut self, column: usize) {
        let (start, end) = (self.line_start(), self.line_end());
        self.cursor = self.text[start..end]
            .grapheme_indices(true)
            .nth(column)
            .map_or(end, |(at, _)| start + at);
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} characters]", self.text.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn typed(field: &mut Field, keys: &[&str]) {
        for name in keys {
            field.edit(Chord::parse(name).unwrap());
        }
    }

    #[test]
    fn it_edits_by_grapheme_and_by_word() {
        let mut field = Field::line();
        field.insert("one e\u{301} two");
        typed(&mut field, &["Ctrl-W", "Backspace", "Backspace"]);
        assert_eq!(field.text(), "one ");
        typed(&mut field, &["Home", "x", "Delete", "End", "y"]);
        assert_eq!(field.text(), "xne y");
        typed(&mut field, &["Ctrl-U"]);
        assert!(field.is_empty());
    }

    #[test]
    fn a_paste_into_one_line_stays_one_line_and_loses_its_control_sequences() {
        let mut field = Field::line();
        field.insert("+1 415\t555\r\n0123\u{1b}[31m\n");
        assert_eq!(field.text(), "+1 415 555 0123");
    }

    #[test]
    fn up_and_down_keep_the_column() {
        let mut field = Field::lines();
        field.insert("first line\nab\nthird line");
        typed(&mut field, &["Up", "Up", "X"]);
        assert_eq!(field.text(), "fiXrst line\nab\nthird line");
        typed(&mut field, &["Down", "Down", "Y"]);
        assert_eq!(field.text(), "fiXrst line\nab\nthYird line");
    }

    #[test]
    fn debug_shows_no_text() {
        let mut field = Field::line();
        field.insert("+14155550123");
        assert_eq!(format!("{field:?}"), "[12 characters]");
    }

    proptest! {
        #[test]
        fn the_cursor_always_stands_between_characters(keys in proptest::collection::vec(0_usize..14, 0..60), text in "\\PC{0,12}") {
            let names = ["a", "é", "Left", "Right", "Home", "End", "Up", "Down", "Backspace", "Delete", "Ctrl-W", "Ctrl-U", "Ctrl-A", "Ctrl-E"];
            let mut field = Field::lines();
            for key in keys {
                field.edit(Chord::parse(names[key]).unwrap());
                field.insert(&text);
                field.insert("\n");
                prop_assert!(field.text().is_char_boundary(field.cursor()));
            }
        }
    }
}
