//! The table `[keys]`: which keys do what, everywhere or in one place.
//!
//! `call_instead = "k"` changes an action wherever it has keys; in a table of a place, such as
//! `[keys.code]`, there alone. The first of several keys is the one that is shown.

use std::ops::Range;
use std::path::Path;

use serde::Deserializer;
use serde::de::IgnoredAny;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
use super::error::line_of;
use crate::domain::untrusted::visible;
use crate::keymap::{Action, Change, Chord, Keymap, Place};

/// It is read by [`keymap`], which knows lines.
pub fn read_apart<'de, D: Deserializer<'de>>(from: D) -> Result<Keymap, D::Error> {
    serde::Deserialize::deserialize(from).map(|_: IgnoredAny| Keymap::default())
}

/// What is wrong, and where.
type Mistake = (Range<usize>, String);

/// The keys that a file puts in force.
pub fn keymap(path: &Path, text: &str) -> Result<Keymap, ConfigError> {
    let unreadable = |(span, message): Mistake| ConfigError::Unreadable {
        path: path.to_owned(),
        line: line_of(text, Some(span)),
        message: visible(&message),
    };
    let table =
        DeTable::parse(text).map_err(|error| ConfigError::unreadable(path, text, &error))?;
    let Some(keys) = table.get_ref().get("keys") else {
        return Ok(Keymap::default());
    };
    let mut changes: Vec<(Change, Range<usize>)> = Vec::new();
    let of_table = |value: &Spanned<DeValue>| {
        let what = "this is a table such as [keys] or [keys.code]".to_owned();
        unreadable((value.span(), what))
    };
    let keys_table = keys.get_ref().as_table().ok_or_else(|| of_table(keys))?;
    for (name, value) in keys_table {
        if let Some(place) = Place::named(name.get_ref()) {
            let within = value.get_ref().as_table().ok_or_else(|| of_table(value))?;
            for (name, value) in within {
                changes.push(change(Some(place), name, value).map_err(unreadable)?);
            }
        } else {
            changes.push(change(None, name, value).map_err(unreadable)?);
        }
    }
    let only: Vec<Change> = changes.iter().map(|(change, _)| change.clone()).collect();
    Keymap::with(&only).map_err(|(at, clash)| {
        let span = changes
            .get(at)
            .map_or(keys.span(), |(_, span)| span.clone());
        unreadable((span, clash.to_string()))
    })
}

fn change<S: AsRef<str>>(
    place: Option<Place>,
    name: &Spanned<S>,
    value: &Spanned<DeValue>,
) -> Result<(Change, Range<usize>), Mistake> {
    let word = name.get_ref().as_ref();
    let Some(action) = Action::named(word) else {
        let what = match place {
            None => format!("there is no action or place {word}: tuilio keys lists them"),
            Some(_) => format!("there is no action {word}: tuilio keys lists them"),
        };
        return Err((name.span(), what));
    };
    let chords = match value.get_ref() {
        DeValue::Array(keys) => keys.iter().map(chord).collect::<Result<_, _>>()?,
        _ => vec![chord(value)?],
    };
    let change = Change {
        place,
        action,
        chords,
    };
    Ok((change, name.span()))
}

fn chord(value: &Spanned<DeValue>) -> Result<Chord, Mistake> {
    let chord = value.get_ref().as_str().and_then(Chord::parse);
    chord.ok_or_else(|| {
        let what = "a key is written as in Ctrl-K, F4, Enter or k".to_owned();
        (value.span(), what)
    })
}
