//! A key press as the rest of the program knows it.
//!
//! The only place that names the terminal library's keys. Releases never become a chord, so that Windows,
//! which reports them, does not double every key. `Debug` hides what is typed: it may be a code.

use std::fmt;

use crate::domain::untrusted::visible;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those on the keys")]
pub enum Key {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// A key with Ctrl or Alt, or without. Shift is part of the character.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
}

impl Chord {
    /// A bare key.
    pub const fn plain(key: Key) -> Self {
        Self {
            key,
            ctrl: false,
            alt: false,
        }
    }

    /// A letter with Ctrl, as lower case.
    pub const fn ctrl(letter: char) -> Self {
        Self {
            key: Key::Char(letter),
            ctrl: true,
            alt: false,
        }
    }

    /// A key with Alt.
    pub const fn alt(key: Key) -> Self {
        Self {
            key,
            ctrl: false,
            alt: true,
        }
    }

    /// The character that it types, if it types one.
    pub fn text(self) -> Option<char> {
        match self.key {
            Key::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// From the terminal's event, with whether the key is being held. None for releases and for keys that
    /// nobody binds.
    pub fn from_terminal(event: KeyEvent) -> Option<(Self, bool)> {
        let held = match event.kind {
            KeyEventKind::Press => false,
            KeyEventKind::Repeat => true,
            KeyEventKind::Release => return None,
        };
        let key = match event.code {
            KeyCode::Char(c) if event.modifiers.contains(KeyModifiers::CONTROL) => {
                Key::Char(c.to_ascii_lowercase())
            }
            KeyCode::Char(c) => Key::Char(c),
            KeyCode::Enter => Key::Enter,
            KeyCode::Esc => Key::Esc,
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Key::BackTab,
            KeyCode::Tab => Key::Tab,
            KeyCode::BackTab => Key::BackTab,
            KeyCode::Backspace => Key::Backspace,
            KeyCode::Delete => Key::Delete,
            KeyCode::Left => Key::Left,
            KeyCode::Right => Key::Right,
            KeyCode::Up => Key::Up,
            KeyCode::Down => Key::Down,
            KeyCode::Home => Key::Home,
            KeyCode::End => Key::End,
            KeyCode::PageUp => Key::PageUp,
            KeyCode::PageDown => Key::PageDown,
            KeyCode::F(n) => Key::F(n),
            _ => return None,
        };
        let chord = Self {
            key,
            ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
            alt: event.modifiers.contains(KeyModifiers::ALT),
        };
        Some((chord, held))
    }

    /// From its name, such as `Ctrl-Q`, `F4`, `Enter` or `r`.
    pub fn parse(name: &str) -> Option<Self> {
        if let Some(rest) = name.strip_prefix("Ctrl-").filter(|rest| !rest.is_empty()) {
            let bare = Self::parse(rest)?;
            let Key::Char(c) = bare.key else {
                return None;
            };
            return Some(Self {
                alt: bare.alt,
                ..Self::ctrl(c.to_ascii_lowercase())
            });
        }
        if let Some(rest) = name.strip_prefix("Alt-").filter(|rest| !rest.is_empty()) {
            return Some(Self {
                alt: true,
                ..Self::parse(rest)?
            });
        }
        let key = match name {
            "Enter" => Key::Enter,
            "Esc" => Key::Esc,
            "Tab" => Key::Tab,
            "Shift-Tab" => Key::BackTab,
            "Backspace" => Key::Backspace,
            "Delete" => Key::Delete,
            "Left" => Key::Left,
            "Right" => Key::Right,
            "Up" => Key::Up,
            "Down" => Key::Down,
            "Home" => Key::Home,
            "End" => Key::End,
            "PageUp" => Key::PageUp,
            "PageDown" => Key::PageDown,
            "Space" => Key::Char(' '),
            _ => {
                let mut chars = name.chars();
                let first = chars.next()?;
                match chars.as_str() {
                    // It stands in the footer, so it can be seen.
                    "" if visible(name) == name => Key::Char(first),
                    number if first == 'F' => {
                        Key::F(number.parse().ok().filter(|n| (1..=24).contains(n))?)
                    }
                    _ => return None,
                }
            }
        };
        Some(Self::plain(key))
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        match self.key {
            Key::Char(' ') => f.write_str("Space"),
            Key::Char(c) if self.ctrl => write!(f, "{}", c.to_ascii_uppercase()),
            Key::Char(c) => write!(f, "{c}"),
            Key::BackTab => f.write_str("Shift-Tab"),
            Key::F(n) => write!(f, "F{n}"),
            key => write!(f, "{key:?}"),
        }
    }
}

impl fmt::Debug for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.text().is_some() {
            f.write_str("[a character]")
        } else {
            fmt::Display::fmt(self, f)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_a_round_trip() {
        for name in [
            "Ctrl-Q",
            "F12",
            "Enter",
            "Shift-Tab",
            "r",
            "?",
            "Alt-Enter",
            "PageDown",
            "Space",
            "/",
            "Ctrl-Alt-K",
            "Ctrl-Space",
        ] {
            assert_eq!(
                Chord::parse(name).map(|chord| chord.to_string()).as_deref(),
                Some(name)
            );
        }
        for name in [
            "",
            "Ctrl-",
            "Ctrl-QQ",
            "F0",
            "F99",
            "Nope",
            "Alt-",
            "Ctrl-F4",
            "\u{1b}",
            "Ctrl-\u{202e}",
            "\u{2029}",
        ] {
            assert_eq!(Chord::parse(name), None, "{name}");
        }
    }

    #[test]
    fn a_release_is_no_key_and_a_held_key_says_so() {
        let event = |kind| KeyEvent {
            kind,
            ..KeyEvent::new(KeyCode::Char('r'), KeyModifiers::NONE)
        };
        assert_eq!(Chord::from_terminal(event(KeyEventKind::Release)), None);
        assert_eq!(
            Chord::from_terminal(event(KeyEventKind::Press)).map(|(_, held)| held),
            Some(false)
        );
        assert_eq!(
            Chord::from_terminal(event(KeyEventKind::Repeat)).map(|(_, held)| held),
            Some(true)
        );
    }

    #[test]
    fn debug_never_shows_what_is_typed() {
        assert_eq!(format!("{:?}", Chord::parse("7").unwrap()), "[a character]");
        assert_eq!(format!("{:?}", Chord::parse("Ctrl-Q").unwrap()), "Ctrl-Q");
    }
}
