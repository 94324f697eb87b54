//! What a terminal sends: keys, pastes, answers to questions, and what becomes of them in a field.

use std::time::{Duration, Instant};

use crossterm::event::{
    Event as Terminal, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};
use tuilio::keymap::{Chord, Key};
use tuilio::model::Event;
use tuilio::model::field::Field;
use tuilio::runtime::burst::Burst;
use tuilio::runtime::input::of_terminal;

use super::tape::Tape;

const CODES: &[KeyCode] = &[
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Backspace,
    KeyCode::Delete,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::F(1),
    KeyCode::F(12),
    KeyCode::F(255),
    KeyCode::Null,
    KeyCode::Insert,
    KeyCode::CapsLock,
    KeyCode::Menu,
];

fn key(tape: &mut Tape) -> KeyEvent {
    let code = match tape.byte() {
        n @ 0..=20 => CODES[usize::from(n)],
        n @ 21..=31 => KeyCode::Char(char::from(n)),
        n @ 32..=126 => KeyCode::Char(char::from(n)),
        _ => KeyCode::Char(char::from_u32(tape.number() as u32 % 0x11_0000).unwrap_or('\u{fffd}')),
    };
    let how = tape.byte();
    let modifiers = if how < 160 {
        KeyModifiers::NONE
    } else {
        KeyModifiers::from_bits_truncate(how)
    };
    let kind = match how % 16 {
        1 => KeyEventKind::Release,
        2 => KeyEventKind::Repeat,
        _ => KeyEventKind::Press,
    };
    KeyEvent {
        kind,
        ..KeyEvent::new(code, modifiers)
    }
}

/// What a key types in a paste.
fn typed(chord: Chord) -> Option<char> {
    match chord.key {
        Key::Enter => Some('\n'),
        Key::Tab => Some('\t'),
        Key::Char('j') if chord.ctrl && !chord.alt => Some('\n'),
        _ => chord.text(),
    }
}

/// Keys that come faster than anybody types are one paste, in which no letter is a command; and whatever
/// comes, it is a key or a paste, once, and `Debug` shows no character of it.
pub fn input(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let began = Instant::now();
    let mut at = began;
    let mut burst = Burst::default();
    let mut chords: Vec<(Chord, bool)> = Vec::new();
    while !tape.is_empty() && chords.len() < 400 {
        if tape.byte() > 250 {
            settle(&mut burst, &mut chords);
            other(&mut tape);
            continue;
        }
        at += Duration::from_micros(u64::from(tape.byte()) * 20);
        if burst.due().is_some_and(|due| due <= at) {
            settle(&mut burst, &mut chords);
        }
        if let Some((chord, held)) = Chord::from_terminal(key(&mut tape)) {
            burst.take(chord, held, at);
            chords.push((chord, held));
            let due = burst.due().unwrap();
            assert!(due > at && due <= at + Duration::from_millis(20));
        }
    }
    settle(&mut burst, &mut chords);
}

fn settle(burst: &mut Burst, chords: &mut Vec<(Chord, bool)>) {
    let events = burst.release();
    assert_eq!(burst.due(), None);
    let chords = std::mem::take(chords);
    let pressed = chords
        .iter()
        .filter(|(chord, held)| !held && typed(*chord).is_some())
        .count();
    let answers = events
        .iter()
        .filter(|event| matches!(event, Event::Background { .. }))
        .count();
    let keys = events
        .iter()
        .filter(|event| matches!(event, Event::Key { .. }))
        .count();
    let pastes: Vec<&str> = events
        .iter()
        .filter_map(|event| match event {
            Event::Burst(pasted) => Some(pasted.0.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(answers + keys + pastes.len(), events.len());
    assert!(
        keys == 0 || pastes.is_empty(),
        "a paste is data, never keys"
    );
    if answers == 0 {
        assert_eq!(pastes.len(), usize::from(pressed > 8));
        if let [text] = pastes[..] {
            let all: String = chords
                .iter()
                .filter_map(|(chord, _)| typed(*chord))
                .collect();
            assert_eq!(text, all, "nothing of a paste is lost");
        } else {
            assert_eq!(keys, chords.len(), "no key is lost");
        }
    }
    let debug = format!("{events:?}");
    let quoted = chords
        .iter()
        .filter_map(|(chord, _)| chord.text())
        .any(|c| debug.contains(&format!("Char({c:?})")));
    assert!(!quoted, "{debug}");
}

fn other(tape: &mut Tape) {
    let mouse = |kind| {
        Terminal::Mouse(MouseEvent {
            kind,
            column: 3,
            row: 4,
            modifiers: KeyModifiers::NONE,
        })
    };
    let event = match tape.choice(8) {
        0 => Terminal::Paste(tape.text()),
        1 => Terminal::Resize(tape.number() as u16, tape.number() as u16),
        2 => Terminal::FocusLost,
        3 => Terminal::FocusGained,
        4 => mouse(MouseEventKind::Down(MouseButton::Left)),
        5 => mouse(MouseEventKind::Down(MouseButton::Right)),
        6 => mouse(MouseEventKind::ScrollDown),
        _ => mouse(MouseEventKind::Moved),
    };
    let paste = match &event {
        Terminal::Paste(text) => Some(text.clone()),
        _ => None,
    };
    match (of_terminal(event), paste) {
        (Some(Event::Pasted(pasted)), Some(text)) => {
            assert_eq!(pasted.0.as_str(), text);
            assert_eq!(
                format!("{pasted:?}"),
                format!("[{} characters]", text.chars().count())
            );
        }
        (event, paste) => assert!(paste.is_none() && !matches!(event, Some(Event::Key { .. }))),
    }
}

/// A field holds text without controls, its cursor stands between two characters, and it has an end.
pub fn field(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let lines = tape.byte() % 2 == 1;
    let mut field = if lines { Field::lines() } else { Field::line() };
    let most = if lines { 20_000 } else { 400 };
    let mut steps = 0;
    while !tape.is_empty() && steps < 300 {
        steps += 1;
        match tape.choice(8) {
            0 => field.insert(&tape.text()),
            1 => field.insert(&tape.text().repeat(usize::from(tape.byte()))),
            2 => field.set(&tape.text()),
            3 => field.clear(),
            4 => field.move_to(usize::from(tape.byte())),
            _ => {
                if let Some((chord, _)) = Chord::from_terminal(key(&mut tape)) {
                    field.edit(chord);
                }
            }
        }
        let text = field.text();
        assert!(text.is_char_boundary(field.cursor()) && field.cursor() <= text.len());
        // A long text is read whole now and then: what stands wrong in it stays there.
        if text.len() > 2_000 && steps % 32 != 0 && !tape.is_empty() {
            continue;
        }
        assert!(
            text.chars().count() <= most,
            "{} characters",
            text.chars().count()
        );
        let wrong = text
            .chars()
            .find(|&c| c.is_control() && !(lines && c == '\n'));
        assert_eq!(wrong, None, "{text:?}");
        if !lines {
            super::chars::assert_harmless(text, "a field of one line");
        }
        let length = text.chars().count();
        assert_eq!(format!("{field:?}"), format!("[{length} characters]"));
    }
}
