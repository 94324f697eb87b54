//! What a typed line means: keys and pastes, as if they had been pressed on the screen.
//!
//! An empty line is Enter. A number or a letter takes what was offered by it; the name of a key presses
//! it; the words of an offer do it; where a list is asked about, a number takes its row. Everything else is data for the field that waits, as a paste is, so
//! that a line can never send by itself. Where any text is data, a command has a colon before it.

use crate::keymap::{Chord, Key, Place};
use crate::model::{Click, Event, Model, Pasted};
use crate::view::{self, Look, lines};

use super::spoken::{has_begun, numbered};

/// What the line stands for; nothing where it means nothing here.
pub fn events(model: &Model, look: Look, line: &str) -> Vec<Event> {
    let look = view::spoken(model, look);
    let line = line.trim_end_matches(['\r', '\n']);
    let places = model.places();
    let place = places.first().copied();
    let any_text = place == Some(Place::Body);
    let word = line.trim();
    if word.is_empty() {
        return vec![press(Chord::plain(Key::Enter))];
    }
    if let Some(row) = picked(model, word) {
        return row;
    }
    let command = word.strip_prefix(':').map(str::trim);
    let meant = if any_text {
        command
    } else {
        Some(command.unwrap_or(word))
    };
    if let Some(chord) = meant.and_then(|word| chord(model, look, &places, word)) {
        return vec![press(chord)];
    }
    match place {
        // A line after another one, as it was typed.
        Some(Place::Body) if !model.compose.body.is_empty() => {
            vec![paste("\n"), paste(line)]
        }
        // There is nothing to lose by going on, and nothing is sent by it.
        Some(Place::MessageTo | Place::Code) => {
            vec![paste(word), press(Chord::plain(Key::Enter))]
        }
        Some(Place::Welcome) => vec![paste(line)],
        Some(place) if place.takes_text() => vec![paste(line)],
        _ => Vec::new(),
    }
}

/// What is typed may be the keys to an account, so that it must not stay on the screen: they are asked for, or
/// it is not known yet whether they will be.
pub fn may_be_secret(model: &Model) -> bool {
    match model.places().first() {
        Some(Place::Welcome | Place::Paste) => true,
        _ => !has_begun(model),
    }
}

/// The row of a list that is taken by its number: a click marks it where it is not marked, and takes it.
fn picked(model: &Model, word: &str) -> Option<Vec<Event>> {
    let number: usize = word.parse().ok()?;
    let row = number
        .checked_sub(1)
        .filter(|row| *row < model.rows_to_pick())?;
    let is_marked = model
        .setup
        .as_ref()
        .is_none_or(|setup| setup.marked() == Some(row));
    let click = Event::Clicked(Click::Row(row));
    Some(if model.overlay.is_some() || is_marked {
        vec![click]
    } else {
        vec![click.clone(), click]
    })
}

/// The key behind a word: what was offered by number or letter, a key by its name, an offer by its words.
fn chord(model: &Model, look: Look, places: &[Place], word: &str) -> Option<Chord> {
    let offers = lines::offers(model);
    let offered = numbered(&offers)
        .into_iter()
        .find(|(name, _)| name == word)
        .map(|(_, offer)| offer.chord);
    let named = || {
        let chord = Chord::parse(word)?;
        model.setting.keymap.resolve(places, chord).map(|_| chord)
    };
    let by_words = || {
        model
            .setting
            .keymap
            .in_force(places)
            .into_iter()
            .find(|binding| {
                let hint = look.say(crate::domain::Phrase::of(binding.hint));
                hint.eq_ignore_ascii_case(word) || binding.hint.eq_ignore_ascii_case(word)
            })
            .map(|binding| binding.chords[0])
    };
    let help = || matches!(word, "h" | "?").then_some(Chord::plain(Key::F(1)));
    offered.or_else(named).or_else(by_words).or_else(help)
}

fn press(chord: Chord) -> Event {
    Event::Key { chord, held: false }
}

fn paste(text: &str) -> Event {
    Event::Pasted(Pasted(text.to_owned().into()))
}
