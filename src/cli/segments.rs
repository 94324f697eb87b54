//! `tuilio segments`: what a text on standard input would cost, counted as it is.

use serde::Serialize;

use crate::domain::phrase;
use crate::domain::sms_text::SmsText;

use super::input;
use super::output::Report;
use super::session::said;

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Counted {
    encoding: Option<&'static str>,
    segments: Option<usize>,
    chars: Option<usize>,
    units: Option<usize>,
    first_costly: Option<Costly>,
}

#[derive(Debug, Serialize)]
struct Costly {
    char: String,
    line: usize,
    column: usize,
}

/// Counts it.
pub fn run() -> Report<Counted> {
    let text = match input::whole(&phrase!("the text")) {
        Ok(text) => text,
        Err(exit) => return exit.into(),
    };
    let count = SmsText::count(&text);
    let mut lines = vec![said(&phrase!(
        "{encoding}, segments: {segments}, characters: {characters}, units: {units}",
        encoding = count.encoding.as_str(),
        segments = count.segments,
        characters = count.chars,
        units = count.units
    ))];
    if let Some(costly) = &count.first_costly {
        lines.push(said(&phrase!(
            "{character} on line {line}, column {column} makes it {encoding}",
            character = format!("{:?}", costly.char),
            line = costly.line,
            column = costly.column,
            encoding = count.encoding.as_str()
        )));
    }
    let fields = Counted {
        encoding: Some(count.encoding.as_str()),
        segments: Some(count.segments),
        chars: Some(count.chars),
        units: Some(count.units),
        first_costly: count.first_costly.map(|costly| Costly {
            char: costly.char,
            line: costly.line,
            column: costly.column,
        }),
    };
    Report::done(fields, lines)
}
