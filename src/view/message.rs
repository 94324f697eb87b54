//! The message pane: whom, what, the review, and what became of it.

mod out;
mod review;
pub mod thread;
mod writing;

use jiff::tz::TimeZone;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::message::TRIAL_PREFIX;
use crate::domain::place::Place;
use crate::domain::sms_text::Count;
use crate::domain::{PhoneNumber, Phrase, Timestamp, phrase, untrusted};
use crate::model::Model;
use crate::model::compose::Stage;

use super::frame::Frame;
use super::paper::{Paper, Weight};
use super::theme::{Look, Role};
use super::words;

/// Draws the pane.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let mut paper = Paper::new(look, area.width);
    match &model.compose.stage {
        Stage::To | Stage::Ticket | Stage::Body => writing::write(&mut paper, model, area),
        Stage::Search { part, marked } => writing::search(&mut paper, model, part, *marked, area),
        Stage::Review {
            cautions, scroll, ..
        } => review::write(&mut paper, model, cautions, *scroll),
        Stage::Later { when } => review::when(&mut paper, model, when),
        Stage::Held { .. } => review::held(&mut paper, model),
        Stage::Out {
            op,
            to,
            since,
            state,
        } => out::write(&mut paper, model, *op, to, *since, state),
    }
    paper.draw(frame, area);
}

/// Who the text comes from, or why nobody.
fn sender(model: &Model) -> Phrase {
    match (&model.connection, &model.connect_failure) {
        (Some(connection), _) => connection.sender.as_ref().map_or_else(
            || phrase!("none known: paste it together with the keys"),
            |sender| Phrase::verbatim(sender.name.visible()),
        ),
        // Where the complaint says why, it is said.
        (None, Some(failure)) if model.compose.complaint == Some(failure.phrase()) => {
            phrase!("not connected")
        }
        (None, Some(failure)) => failure.phrase(),
        (None, None) => phrase!("connecting"),
    }
}

fn from(paper: &mut Paper, model: &Model) {
    let from = paper.span(Role::Plain, sender(model));
    paper.labelled(phrase!("From"), vec![from]);
}

/// How many texts it makes, and which character makes it cost more. The key puts plain letters.
fn counter(paper: &mut Paper, model: &Model, key: &str, weight: Weight) {
    let trial = model.is_trial();
    let count = model.compose.count(trial);
    let plain = model.compose.plain_count(trial);
    let (used, room) = last_one(&count);
    let letters = if count.first_costly.is_none() {
        phrase!("plain letters")
    } else {
        phrase!("with special letters")
    };
    let line = if count.segments == 1 {
        phrase!(
            "1 text · {used} of {room} characters · {letters}",
            used = used,
            room = room,
            letters = letters
        )
    } else {
        phrase!(
            "{n} texts · {used} of {room} characters in the last one · {letters}",
            n = count.segments,
            used = used,
            room = room,
            letters = letters
        )
    };
    paper
        .section(weight)
        .labelled_marked(Phrase::of(""), costs(&count), line);
    if trial {
        paper.labelled_text(
            Phrase::of(""),
            Role::Dim,
            phrase!(
                "{n} of them stand before every text of a trial account: \"{words}\"",
                n = TRIAL_PREFIX.len(),
                words = TRIAL_PREFIX.trim_end()
            ),
        );
    }
    costly(paper, &count, &plain, key);
    paper.or_shorter(|paper| in_brief(paper, &count, &plain, key));
}

/// The same where rows are few: how many, how full, and the key.
fn in_brief(paper: &mut Paper, count: &Count, plain: &Count, key: &str) {
    let (used, room) = last_one(count);
    let line = if count.segments == 1 {
        phrase!(
            "1 text · {used} of {room} characters",
            used = used,
            room = room
        )
    } else {
        phrase!(
            "{n} texts · {used} of {room} in the last one",
            n = count.segments,
            used = used,
            room = room
        )
    };
    paper.labelled_marked(Phrase::of(""), costs(count), line);
    match &count.first_costly {
        Some(first) if first.plain.is_some() => {
            let sign = named(&first.char, paper.look().ascii);
            let sentence = phrase!("{sign} on line {line}.", sign = sign, line = first.line);
            paper.labelled_marked(Phrase::of(""), Role::Needs, replaced(sentence, key));
        }
        _ => costly(paper, count, plain, key),
    }
}

/// Characters in the last of the texts, and how many that one holds.
fn last_one(count: &Count) -> (usize, usize) {
    let used = count.per_segment_units.last().copied().unwrap_or(0);
    (used, used + count.left)
}

/// More than one text costs more.
fn costs(count: &Count) -> Role {
    if count.segments > 1 {
        Role::Needs
    } else {
        Role::Done
    }
}

/// The key puts a plain character for the one that costs.
fn replaced(sentence: Phrase, key: &str) -> Phrase {
    phrase!(
        "{sentence} {key} puts a plain one.",
        sentence = sentence,
        key = key
    )
}

/// The first character that costs, and what it costs.
fn costly(paper: &mut Paper, count: &Count, plain: &Count, key: &str) {
    let Some(costly) = &count.first_costly else {
        return;
    };
    let sign = named(&costly.char, paper.look().ascii);
    let sentence =
        if count.segments > plain.segments || costly.plain.is_none() && count.segments > 1 {
            phrase!(
                "{sign} on line {line} makes this {n} texts.",
                sign = sign,
                line = costly.line,
                n = count.segments
            )
        } else {
            phrase!(
                "{sign} on line {line} leaves room for 70 characters in a text, not for 160.",
                sign = sign,
                line = costly.line
            )
        };
    let sentence = if costly.plain.is_some() {
        replaced(sentence, key)
    } else {
        sentence
    };
    paper.labelled_marked(Phrase::of(""), Role::Needs, sentence);
}

/// A character that a reader can tell from its plain look-alike, also where only ASCII is drawn; one that
/// nobody can see has only its number.
fn named(cluster: &str, ascii: bool) -> String {
    match cluster.chars().next() {
        Some(c) if ascii || untrusted::has_hidden(cluster) || c.is_whitespace() => {
            format!("U+{:04X}", u32::from(c))
        }
        _ => untrusted::visible(cluster),
    }
}

/// The last text to the number and what became of it.
fn before(paper: &mut Paper, model: &Model, number: &PhoneNumber) {
    let Some(row) = model.texts_to(number).next() else {
        return;
    };
    let (_, state) = words::row_at(model, row);
    paper.section(Weight::Useful).labelled_text(
        phrase!("Before"),
        Role::Plain,
        phrase!(
            "last text to this number {when}: {state}",
            when = when(row.operation.at, model.now, &model.setting.zone),
            state = state
        ),
    );
}

/// A time of the last days, as one says it.
fn when(at: Timestamp, now: Timestamp, zone: &TimeZone) -> Phrase {
    let (then, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let time = then.strftime("%H:%M").to_string();
    if then.date() == today.date() {
        Phrase::verbatim(time)
    } else if today.date().yesterday().ok() == Some(then.date()) {
        phrase!("yesterday {time}", time = time)
    } else {
        Phrase::verbatim(then.strftime("%Y-%m-%d %H:%M").to_string())
    }
}

/// A time to come, by the customer's clock and by ours.
pub fn both_clocks(model: &Model, number: &PhoneNumber, at: Timestamp) -> Phrase {
    let ours = at.to_zoned(model.setting.zone.clone());
    let there = Place::of(number).and_then(|place| place.local_time(at));
    match there {
        Some(there) if there.datetime() != ours.datetime() => {
            let form = if there.date() == ours.date() {
                "%H:%M"
            } else {
                "%Y-%m-%d %H:%M"
            };
            phrase!(
                "{there} there, {here} here",
                there = there.strftime("%Y-%m-%d %H:%M").to_string(),
                here = ours.strftime(form).to_string()
            )
        }
        Some(_) => phrase!(
            "{time}, here and there",
            time = ours.strftime("%Y-%m-%d %H:%M").to_string()
        ),
        None => phrase!(
            "{time} by our clock",
            time = ours.strftime("%Y-%m-%d %H:%M").to_string()
        ),
    }
}

/// Keys and what they do, as many as there is room for.
fn keys(paper: &mut Paper, weight: Weight, keys: &[(&str, Phrase)]) {
    let pieces: Vec<Span<'static>> = keys
        .iter()
        .map(|(key, what)| {
            let what = paper.look().say(what);
            paper.span(Role::Plain, Phrase::verbatim(format!("{key}  {what}")))
        })
        .collect();
    paper.section(weight).flow(pieces);
}
