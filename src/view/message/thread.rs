//! The thread with a customer: what was sent, what was answered, the newest at the end.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::{Intent, PhoneNumber, Phrase, phrase, untrusted};
use crate::model::thread::Line;
use crate::model::{Model, compose};
use crate::text;
use crate::view::frame::Frame;
use crate::view::paper::{Paper, Weight};
use crate::view::theme::{Look, Role};
use crate::view::words;

use super::when;

/// Rows of one text; a longer one is cut, and the review or the history shows it whole.
const ROWS: usize = 12;
/// Rows that stand around it: the headings, and what is said under it.
const AROUND: usize = 4;

/// In the column beside the pane.
pub fn draw_beside(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let area = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(1),
        ..area
    };
    draw(frame, model, look, area, 0);
}

/// The page of its own, with so many of the newest texts scrolled away.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect, scroll: usize) {
    let mut paper = Paper::new(look, area.width);
    if let Some(number) = model.compose.number() {
        write(&mut paper, model, number, usize::from(area.height), scroll);
    }
    paper.draw(frame, area);
}

fn write(paper: &mut Paper, model: &Model, number: &PhoneNumber, height: usize, scroll: usize) {
    paper
        .section(Weight::Vital)
        .text(Role::Strong, phrase!("With this customer"));
    let lines = model.thread_with(number);
    if lines.is_empty() {
        let word = if model.thread.read || model.thread.failure.is_some() {
            phrase!("Nothing was sent or answered yet.")
        } else {
            phrase!("Reading the replies")
        };
        paper.section(Weight::Vital).text(Role::Dim, word);
    }
    // From the newest back, as many as there is room for.
    let mut room = height.saturating_sub(6).max(3);
    let mut shown = Vec::new();
    for line in lines
        .iter()
        .rev()
        .skip(scroll.min(lines.len().saturating_sub(1)))
    {
        let rows = body(line, paper, height);
        let needed = rows.len() + 2;
        if needed > room && !shown.is_empty() {
            break;
        }
        room = room.saturating_sub(needed);
        shown.push((line, rows));
    }
    for (line, rows) in shown.into_iter().rev() {
        let zone = &model.setting.zone;
        paper.section(Weight::Important);
        match line {
            Line::Ours(row) => {
                let (role, state) = words::row_at(model, row);
                let heading = phrase!(
                    "We, {when}: {state}",
                    when = when(row.operation.at, model.now, zone),
                    state = state
                );
                paper.marked(role, heading);
            }
            Line::Theirs(reply) => {
                let heading = phrase!("Answer, {when}", when = when(reply.at, model.now, zone));
                paper.text(Role::Strong, heading);
            }
        }
        for row in rows {
            let indent = Span::raw("  ").into();
            paper.line(vec![indent, paper.words(Role::Plain, &row)]);
        }
    }
    if let Some(failure) = &model.thread.failure {
        paper.section(Weight::Useful).marked(
            Role::Needs,
            phrase!("Replies could not be read: {why}", why = failure.phrase()),
        );
    }
    if matches!(model.thread.opt_word(number), Some((_, true))) {
        paper.section(Weight::Important).marked(
            Role::Needs,
            phrase!("The customer wants no more texts. They text START to undo it."),
        );
    }
}

/// What a text says, in rows that fit, with nothing in it that could move a cursor. Read out, it is whole.
fn body(line: &Line, paper: &Paper, height: usize) -> Vec<String> {
    let raw = match line {
        Line::Ours(row) => match &row.operation.intent {
            Intent::Text(text) => text.body.raw(),
            _ => "",
        },
        Line::Theirs(reply) => reply.body.raw(),
    };
    let lines = untrusted::visible_lines(raw);
    if paper.is_read_out() {
        return lines;
    }
    let mut rows = compose::rows(&lines, paper.line_width().saturating_sub(2));
    let most = ROWS.min(height.saturating_sub(AROUND)).max(1);
    if rows.len() > most {
        rows.truncate(most - 1);
        rows.push("…".to_owned());
    }
    rows
}

/// The newest answer, where a text is out and nothing stands beside it.
pub fn newest(paper: &mut Paper, model: &Model, number: &PhoneNumber) {
    let Some(reply) = model.thread.with(number).last() else {
        return;
    };
    let when = when(reply.at, model.now, &model.setting.zone);
    paper.section(Weight::Important);
    if paper.is_read_out() {
        let heading = phrase!("Answer, {when}", when = when);
        paper.quoted(heading, Role::Strong, &reply.body.visible_lines());
    } else {
        let said = phrase!(
            "{when}: {text}",
            when = when,
            text = text::truncate(&reply.body.visible(), 140).as_ref()
        );
        paper.labelled_text(phrase!("Answer"), Role::Strong, said);
    }
    paper.labelled_text(
        Phrase::of(""),
        Role::Dim,
        phrase!("t shows the whole thread."),
    );
}
