//! Keys that come faster than anybody types: a paste from a terminal that knows no brackets for it, or
//! the terminal's answer to a question of ours.
//!
//! A key waits for `PAUSE` to see whether it is alone, which nobody notices, and never longer than
//! `WINDOW`. More than `TYPED` characters in that time may be a paste, in which no letter is a command
//! and no Enter is an Enter. Once the terminal has put a paste in brackets, they are not: whatever comes
//! without brackets was typed there, by a scanner or a macro. It cannot be asked whether it knows them:
//! the library keeps the answer (DECRPM) back, and all keys with it until one ends in `c` or `u`.

use std::time::{Duration, Instant};

use secrecy::zeroize::Zeroizing;

use crate::keymap::{Chord, Key};
use crate::model::{Event, Pasted};

/// How many characters may be typed within the window.
const TYPED: usize = 8;
/// The window.
const WINDOW: Duration = Duration::from_millis(20);
/// After so long without another one, the keys were typed.
const PAUSE: Duration = Duration::from_millis(3);

/// The keys of the moment.
#[derive(Debug, Default)]
pub struct Burst {
    keys: Vec<(Chord, bool)>,
    began: Option<Instant>,
    last: Option<Instant>,
    brackets: bool,
}

impl Burst {
    /// The terminal has put a paste in brackets, as it will all others.
    pub fn knows_brackets(&mut self) {
        self.brackets = true;
    }

    /// A key came in.
    pub fn take(&mut self, chord: Chord, held: bool, at: Instant) {
        self.began.get_or_insert(at);
        self.last = Some(at);
        self.keys.push((chord, held));
    }

    /// When it is known what the keys are; never where there are none.
    pub fn due(&self) -> Option<Instant> {
        let (began, last) = (self.began?, self.last?);
        Some(if self.is_paste() {
            last + WINDOW
        } else {
            (last + PAUSE).min(began + WINDOW)
        })
    }

    /// The keys have come to an end: what they were.
    pub fn release(&mut self) -> Vec<Event> {
        let mut answers = Vec::new();
        while let Some(dark) = self.answer() {
            answers.push(Event::Background { dark });
        }
        let paste = self.is_paste();
        let keys = std::mem::take(&mut self.keys);
        (self.began, self.last) = (None, None);
        if paste {
            // Made at its whole size: text that is moved to grow leaves a copy behind.
            let mut text = Zeroizing::new(String::with_capacity(keys.len() * 4));
            text.extend(keys.into_iter().filter_map(|(chord, _)| character(chord)));
            answers.push(Event::Burst(Pasted(text)));
        } else {
            let key = |(chord, held)| Event::Key { chord, held };
            answers.extend(keys.into_iter().map(key));
        }
        answers
    }

    fn is_paste(&self) -> bool {
        if self.brackets {
            return false;
        }
        let characters = self.keys.iter();
        characters
            .filter(|(chord, held)| !held && character(*chord).is_some())
            .count()
            > TYPED
    }

    /// Cuts the terminal's answer about its background out of the keys: `Alt-]`, `11;rgb:…`, and an end.
    fn answer(&mut self) -> Option<bool> {
        let start = self.find(0, |chord| chord == Chord::alt(Key::Char(']')))?;
        let end = self.find(start, |chord| {
            chord == Chord::alt(Key::Char('\\')) || chord == Chord::ctrl('g')
        })?;
        let text: String = self.keys[start + 1..end]
            .iter()
            .filter_map(|(chord, _)| chord.text())
            .collect();
        let dark = is_dark(text.strip_prefix("11;")?)?;
        self.keys.drain(start..=end);
        Some(dark)
    }

    fn find(&self, from: usize, wanted: impl Fn(Chord) -> bool) -> Option<usize> {
        let keys = self.keys.iter().enumerate().skip(from);
        keys.into_iter()
            .find(|(_, (chord, _))| wanted(*chord))
            .map(|(at, _)| at)
    }
}

/// The character that a key stands for within a paste.
fn character(chord: Chord) -> Option<char> {
    match chord.key {
        Key::Enter => Some('\n'),
        Key::Tab => Some('\t'),
        // A line feed comes as the key that types it.
        _ if chord == Chord::ctrl('j') => Some('\n'),
        _ => chord.text(),
    }
}

/// Whether a colour such as `rgb:ffff/ffff/ffff` is a dark one, by the eye's weights.
fn is_dark(colour: &str) -> Option<bool> {
    let colour = colour
        .strip_prefix("rgb:")
        .or_else(|| colour.strip_prefix("rgba:"))?;
    let parts: Vec<f64> = colour
        .split('/')
        .map(|part| {
            let most = 16_u32.checked_pow(part.len() as u32)?.checked_sub(1)?;
            let value = u32::from_str_radix(part, 16).ok()?;
            (most > 0).then(|| f64::from(value) / f64::from(most))
        })
        .collect::<Option<_>>()?;
    let [red, green, blue, ..] = parts[..] else {
        return None;
    };
    Some(0.299 * red + 0.587 * green + 0.114 * blue < 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn burst(text: &str, gap: Duration) -> (Burst, Instant) {
        let began = Instant::now();
        let mut burst = Burst::default();
        let mut at = began;
        for c in text.chars() {
            let chord = match c {
                '\r' => Chord::plain(Key::Enter),
                '\n' => Chord::ctrl('j'),
                c => Chord::plain(Key::Char(c)),
            };
            burst.take(chord, false, at);
            at += gap;
        }
        (burst, began)
    }

    fn pasted(events: &[Event]) -> Option<&str> {
        match events {
            [Event::Burst(pasted)] => Some(&pasted.0),
            _ => None,
        }
    }

    #[test]
    fn more_than_eight_keys_at_once_are_a_paste_in_which_enter_is_a_line_end() {
        for text in ["415 555 0123\r", "rcxwe\nrcxwe", "123456789"] {
            let (mut burst, _) = burst(text, Duration::ZERO);
            let events = burst.release();
            let expected = text.replace('\r', "\n");
            assert_eq!(pasted(&events), Some(expected.as_str()));
            assert_eq!(burst.due(), None);
        }
    }

    #[test]
    fn eight_keys_at_once_are_typed() {
        let (mut burst, began) = burst("4829131\r", Duration::ZERO);
        assert_eq!(burst.due(), Some(began + PAUSE));
        let events = burst.release();
        assert_eq!(events.len(), 8);
        assert!(
            events
                .iter()
                .all(|event| matches!(event, Event::Key { .. }))
        );
    }

    #[test]
    fn where_pastes_come_in_brackets_whatever_comes_without_was_typed() {
        let (mut burst, began) = burst("4155550123\r", Duration::ZERO);
        burst.knows_brackets();
        assert_eq!(burst.due(), Some(began + PAUSE));
        for _ in 0..2 {
            let events = burst.release();
            assert_eq!(events.len(), 11, "{events:?}");
            let enter = Chord::plain(Key::Enter);
            let held = false;
            assert_eq!(events[10], Event::Key { chord: enter, held });
            // It is known from then on.
            for c in "4155550123".chars() {
                burst.take(Chord::plain(Key::Char(c)), false, began);
            }
            burst.take(enter, false, began);
        }
    }

    #[test]
    fn a_key_waits_no_longer_than_the_window() {
        let (burst, began) = burst("12345678", Duration::from_micros(2700));
        assert_eq!(burst.due(), Some(began + WINDOW));
    }

    #[test]
    fn many_arrows_at_once_are_arrows() {
        let mut burst = Burst::default();
        for _ in 0..30 {
            burst.take(Chord::plain(Key::Down), false, Instant::now());
        }
        assert_eq!(burst.release().len(), 30);
    }

    fn answered(burst: &mut Burst, text: &str, end: Chord) {
        let at = Instant::now();
        burst.take(Chord::alt(Key::Char(']')), false, at);
        for c in text.chars() {
            burst.take(Chord::plain(Key::Char(c)), false, at);
        }
        burst.take(end, false, at);
    }

    #[test]
    fn the_answer_about_the_background_is_no_key_and_eats_none() {
        let bell = Chord::ctrl('g');
        let string = Chord::alt(Key::Char('\\'));
        for (text, end, dark) in [
            ("11;rgb:0000/0000/0000", string, true),
            ("11;rgb:ffff/ffff/ffff", bell, false),
            ("11;rgb:fd/f6/e3", string, false),
            ("11;rgba:2828/2c2c/3434/ffff", bell, true),
        ] {
            let (mut burst, _) = burst("41", Duration::ZERO);
            answered(&mut burst, text, end);
            burst.take(Chord::plain(Key::Char('5')), false, Instant::now());
            let events = burst.release();
            assert_eq!(events.len(), 4, "{events:?}");
            assert_eq!(events[0], Event::Background { dark });
        }
    }

    #[test]
    fn what_only_looks_like_an_answer_stays_what_it_was() {
        for text in ["11;rgb:zz/zz/zz", "52;c;aGk=", "11;rgb:12"] {
            let mut burst = Burst::default();
            answered(&mut burst, text, Chord::ctrl('g'));
            let events = burst.release();
            assert!(
                !events
                    .iter()
                    .any(|event| matches!(event, Event::Background { .. }))
            );
        }
    }
}
