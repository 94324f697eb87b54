//! The message pane: whom, what, the review, and what became of it.

use super::frame::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::place::Place;
use crate::domain::sms_text::Count;
use crate::domain::{
    OpId, OpState, PhoneNumber, Phrase, Settled, Timestamp, catalogue, phrase, untrusted,
};
use crate::layout;
use crate::model::Model;
use crate::model::compose::Stage;
use crate::text;

use super::advice::{advice, reference};
use super::outcome::search_line;
use super::paper::{Paper, Weight};
use super::theme::{Look, Role};
use super::verify::read_back;
use super::words;

/// Draws the pane.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let mut paper = Paper::new(look, area.width);
    match &model.compose.stage {
        Stage::To | Stage::Body => writing(&mut paper, model, area),
        Stage::Review { caution, scroll } => {
            review(&mut paper, model, caution.as_ref(), *scroll);
        }
        Stage::Out {
            op,
            to,
            since,
            state,
        } => out(&mut paper, model, *op, to, *since, state),
    }
    paper.draw(frame, area);
}

fn writing(paper: &mut Paper, model: &Model, area: Rect) {
    let compose = &model.compose;
    let on_to = compose.stage == Stage::To;
    paper.section(Weight::Vital).field(
        "To",
        on_to,
        compose.to.text(),
        compose.to.cursor(),
        "number, typed or pasted",
    );
    let (role, sentence) = read_back(model, &compose.reading);
    if !sentence.is_empty() && (compose.complaint.is_none() || !on_to) {
        paper.labelled_marked("", role, &sentence);
    }
    let from = paper.look().text(&sender(model));
    paper
        .section(Weight::Important)
        .labelled("From", vec![Span::raw(from)]);
    body(
        paper,
        model,
        usize::from(area.height).saturating_sub(8).clamp(2, 12),
    );
    if let Some(complaint) = &compose.complaint {
        paper
            .section(Weight::Vital)
            .labelled_marked("", Role::Wrong, complaint);
    }
    counter(paper, &compose.count());
    if let Some(number) = compose.number()
        && let Some(before) = last_text(model, number)
    {
        paper
            .section(Weight::Useful)
            .labelled_text("Before", Role::Plain, &before);
    }
    paper.section(Weight::Extra).text(
        Role::Dim,
        "First Enter shows the review. Second Enter sends.",
    );
}

/// The text with its cursor, as many lines of it as there is room for.
fn body(paper: &mut Paper, model: &Model, room: usize) {
    let compose = &model.compose;
    let focused = compose.stage == Stage::Body;
    let shown = compose.body.text();
    let width = paper.text_width().saturating_sub(1);
    let lines = text::wrap(shown, width);
    let cursor = compose.body.cursor();
    let (row, column) = text::locate(shown, &lines, cursor);
    let first = row
        .saturating_sub(room.saturating_sub(1))
        .min(lines.len().saturating_sub(1));
    paper.section(Weight::Vital);
    for (n, line) in lines.iter().enumerate().skip(first).take(room) {
        let label = if n == first { "Text" } else { "" };
        let shown_line = paper
            .look()
            .text(&untrusted::visible(&shown[line.shown.clone()]));
        let spans = vec![Span::raw(shown_line)];
        paper.focus_line(label, focused && n == first, spans);
        if focused && n == row {
            paper.cursor_at(Paper::text_column() + column);
        }
    }
    if lines.is_empty() {
        paper.focus_line("Text", focused, Vec::new());
        if focused {
            paper.cursor_at(Paper::text_column());
        }
    }
}

fn sender(model: &Model) -> String {
    match (&model.connection, &model.connect_failure) {
        (Some(connection), _) => connection.sender.as_ref().map_or_else(
            || "none: ask your lead for a number or a Messaging Service".to_owned(),
            |sender| sender.name.visible(),
        ),
        (None, Some(failure)) => failure.message.clone(),
        (None, None) => "connecting".to_owned(),
    }
}

/// How many texts it makes, and which character makes it cost more.
fn counter(paper: &mut Paper, count: &Count) {
    let texts = if count.segments == 1 {
        "1 text".to_owned()
    } else {
        format!("{} texts", count.segments)
    };
    let letters = match &count.first_costly {
        None => "plain letters",
        Some(_) => "with special letters",
    };
    let role = if count.segments > 1 {
        Role::Needs
    } else {
        Role::Done
    };
    let line = format!("{texts} · {} characters left in it · {letters}", count.left);
    paper
        .section(Weight::Vital)
        .labelled_marked("", role, &line);
    if let Some(costly) = &count.first_costly {
        let plain = if costly.plain.is_some() {
            " Ctrl-T puts plain ones."
        } else {
            ""
        };
        let sentence = format!(
            "{} on line {}, column {} makes the text cost more: 70 instead of 160 characters in one.{plain}",
            named(&costly.char, paper.look().ascii),
            costly.line,
            costly.column
        );
        paper.labelled_marked("", Role::Needs, &sentence);
    }
}

/// A character that a reader can tell from its plain look-alike, also where only ASCII is drawn.
fn named(cluster: &str, ascii: bool) -> String {
    match cluster.chars().next() {
        Some(c) if ascii => format!("U+{:04X}", u32::from(c)),
        _ => untrusted::visible(cluster),
    }
}

fn last_text(model: &Model, number: &PhoneNumber) -> Option<String> {
    let row = model.history.rows().iter().find(|row| matches!(&row.operation.intent, crate::domain::Intent::Text(text) if text.to == *number))?;
    let (_, state) = words::row(row, model.now);
    Some(format!(
        "last text to this number: {}, {}",
        words::when(row.operation.at, model.now, &model.setting.zone),
        state.to_string().to_lowercase()
    ))
}

fn review(paper: &mut Paper, model: &Model, caution: Option<&Phrase>, scroll: usize) {
    let compose = &model.compose;
    let Some(number) = compose.number() else {
        return;
    };
    paper
        .section(Weight::Vital)
        .text(Role::Strong, "Send this text?");
    let place = Place::of(number);
    let there = place
        .as_ref()
        .and_then(|place| place.local_time(model.now))
        .map(|time| format!(" · about {} there", time.strftime("%H:%M")))
        .unwrap_or_default();
    let to = paper.span(Role::Strong, number.grouped());
    paper.section(Weight::Vital).labelled("To", vec![to]);
    paper.labelled_text(
        "",
        Role::Plain,
        format!(
            "{}{there}",
            place.map(|place| place.name()).unwrap_or_default()
        ),
    );
    let from = paper.look().text(&sender(model));
    paper.labelled("From", vec![Span::raw(from)]);
    reviewed_text(paper, model, scroll);
    counter(paper, &compose.count());
    if let Some(before) = last_text(model, number) {
        paper
            .section(Weight::Useful)
            .labelled_text("Before", Role::Plain, &before);
    }
    match caution {
        Some(caution) => paper
            .section(Weight::Vital)
            .marked(Role::Needs, caution)
            .text(Role::Plain, "y  yes, send it      Esc  no, go back"),
        None => paper
            .section(Weight::Important)
            .text(Role::Plain, "Enter  send      Esc  back to the text"),
    };
}

/// The whole text can be read, a window of it at a time.
fn reviewed_text(paper: &mut Paper, model: &Model, scroll: usize) {
    let (width, room) = layout::review_text(model.size);
    let body = model.compose.body.text();
    let rows = text::wrap(body, width);
    let first = scroll.min(rows.len().saturating_sub(room));
    paper.section(Weight::Vital);
    for (n, row) in rows.iter().enumerate().skip(first).take(room) {
        let label = if n == first { "Text" } else { "" };
        let shown = untrusted::visible(&body[row.shown.clone()]);
        let shown = paper.look().text(&shown);
        paper.labelled(label, vec![Span::raw(shown)]);
    }
    if rows.len() > room {
        let last = (first + room).min(rows.len());
        let sentence = format!(
            "rows {} to {last} of {}: Down and Up show the rest",
            first + 1,
            rows.len()
        );
        paper.labelled_text("", Role::Needs, &sentence);
    }
}

fn out(
    paper: &mut Paper,
    model: &Model,
    op: OpId,
    to: &PhoneNumber,
    since: Timestamp,
    state: &OpState,
) {
    let row = model.history.row(op);
    let (role, word) = match (state, row) {
        (OpState::Unknown(_), _) => (
            Role::Unknown,
            phrase!("Not known. The line dropped while sending. It may have gone out."),
        ),
        (_, Some(row)) => words::row(row, model.now),
        (_, None) => (Role::Working, phrase!("Sending")),
    };
    let seconds = model.now.duration_since(since).as_secs();
    let waited = if *state == OpState::Intended && seconds >= 1 {
        format!(" {seconds} s")
    } else {
        String::new()
    };
    paper
        .section(Weight::Vital)
        .marked(role, format!("{word}{waited}"));
    let to = paper.span(Role::Strong, to.grouped());
    paper.section(Weight::Vital).labelled("To", vec![to]);
    let body = untrusted::visible(model.compose.body.text());
    let shown = paper
        .look()
        .text(&text::truncate(&body, paper.text_width()));
    paper.labelled("Text", vec![Span::raw(shown)]);
    match state {
        OpState::Unknown(_) => search_line(paper, model, op),
        OpState::NotSent(failure) | OpState::Refused(failure) => {
            let entry = catalogue::for_failure(failure);
            paper
                .section(Weight::Important)
                .text(Role::Plain, &entry.meaning);
            advice(paper, entry, None);
            reference(paper, failure);
            paper.section(Weight::Useful).text(
                Role::Plain,
                "e  take number and text back into the fields      n  next text",
            );
        }
        OpState::Settled(Settled::Text {
            error_code: Some(code),
            ..
        }) => {
            let entry = catalogue::entry(*code);
            paper
                .section(Weight::Important)
                .text(Role::Plain, &entry.meaning);
            advice(paper, entry, None);
        }
        OpState::Settled(Settled::Text { status, .. }) if status.is_final() => {}
        OpState::Settled(_) | OpState::Intended => {
            paper.section(Weight::Useful).text(
                Role::Dim,
                "The state follows by itself, here and in the history.",
            );
        }
    }
}
