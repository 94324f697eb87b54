//! The history pane: one line an entry, and one entry in full.

use super::frame::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::{HistoryRow, Intent, OpState, Settled, catalogue, untrusted};
use crate::layout;
use crate::model::{Click, Model};
use crate::text;

use super::advice::{advice, reference};
use super::outcome::search_line;
use super::paper::{Paper, Weight};
use super::theme::{Look, Role};
use super::words;

/// Draws the pane.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    if model.history.is_empty() {
        let mut paper = Paper::new(look, area.width);
        paper
            .section(Weight::Vital)
            .text(Role::Strong, "Nothing was sent yet.");
        paper.section(Weight::Useful).text(
            Role::Plain,
            "F7 checks a phone, F6 sends a text. Both appear here with what became of them.",
        );
        paper.draw(frame, area);
    } else if model.history.detail {
        detail(frame, model, look, area);
    } else {
        list(frame, model, look, area);
    }
}

fn list(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let room = usize::from(layout::history_rows(model.room())).max(1);
    let selected = model.history.selected;
    let first = selected
        .saturating_sub(room.saturating_sub(1).max(room / 2))
        .min(model.history.len().saturating_sub(room));
    let shown = model.history.revealed_until.is_some();
    let count = if model.history.has_more() {
        format!("{}+", model.history.len())
    } else {
        model.history.len().to_string()
    };
    let hidden = if shown {
        "numbers shown"
    } else {
        "numbers hidden"
    };
    let heading = columns(look, area.width, " ", "Time", "What", "To", "By") + "State";
    let mut lines = vec![
        Line::from(Span::styled(
            format!(
                "   {count} {}, newest first, {hidden}",
                if count == "1" { "entry" } else { "entries" }
            ),
            look.style(Role::Dim),
        )),
        Line::from(Span::styled(heading, look.style(Role::Strong))),
    ];
    for at in first..model.history.len().min(first + room) {
        let row = Rect {
            y: area.y + lines.len() as u16,
            height: 1,
            ..area
        };
        frame.clickable(row.intersection(area), Click::Row(at));
        lines.push(entry_line(
            model,
            look,
            area.width,
            at,
            at == selected,
            shown,
        ));
    }
    let list_height = lines.len() as u16;
    frame.render_widget(Paragraph::new(lines), area);
    if area.height > list_height + 4 {
        let under = Rect {
            y: area.y + list_height + 1,
            height: area.height - list_height - 1,
            ..area
        };
        let mut paper = Paper::new(look, area.width);
        let rows: Vec<&HistoryRow> = model.history.entry(selected).collect();
        timeline(&mut paper, model, &rows, 3);
        paper.draw(frame, under);
    }
}

fn columns(
    look: Look,
    width: u16,
    mark: &str,
    time: &str,
    what: &str,
    to: &str,
    by: &str,
) -> String {
    let to_width = if width >= 76 { 20 } else { 16 };
    look.text(&format!(
        " {} {} {} {} {} ",
        text::pad(mark, 1),
        text::pad(time, 7),
        text::pad(what, 7),
        text::pad(&text::truncate(to, to_width), to_width),
        text::pad(&text::truncate(by, 8), 8)
    ))
}

fn entry_line(
    model: &Model,
    look: Look,
    width: u16,
    at: usize,
    marked: bool,
    in_full: bool,
) -> Line<'static> {
    let rows: Vec<&HistoryRow> = model.history.entry(at).collect();
    let Some(newest) = rows.first() else {
        return Line::default();
    };
    let (role, state) = words::entry(&rows, model.now);
    let start = rows.last().unwrap_or(newest);
    let to = rows.iter().find_map(|row| row.operation.intent.to());
    let (what, by) = match &start.operation.intent {
        Intent::Text(_) => ("text", "SMS".to_owned()),
        Intent::LookUp { .. } => ("lookup", String::new()),
        intent => (
            "verify",
            rows.iter()
                .find_map(|row| channel(row))
                .unwrap_or_else(|| channel_of(intent)),
        ),
    };
    let mark = if marked { look.mark(Role::Focus) } else { " " };
    let left = columns(
        look,
        width,
        mark,
        &words::when(newest.operation.at, model.now, &model.setting.zone),
        what,
        &words::recipient(to.as_ref(), in_full),
        &by,
    );
    let style = if marked && !look.color {
        ratatui::style::Style::new().reversed()
    } else if marked {
        look.style(Role::Focus)
    } else {
        look.style(Role::Plain)
    };
    let room = usize::from(width).saturating_sub(text::width(&left) + 1);
    let glyph = look.mark(role);
    let state = look.say(state);
    let state = format!("{glyph}{}{state}", if glyph.is_empty() { "" } else { " " });
    let state = look.text(&text::truncate(&state, room));
    Line::from(vec![
        Span::styled(left, style),
        Span::styled(state, look.style(role)),
    ])
}

fn channel(row: &HistoryRow) -> Option<String> {
    match &row.state {
        OpState::Settled(Settled::Verification { channel, .. }) => {
            Some(words::channel(channel).to_string())
        }
        _ => None,
    }
}

fn channel_of(intent: &Intent) -> String {
    match intent {
        Intent::VerifyStart(start) => words::channel(&start.channel).to_string(),
        _ => String::new(),
    }
}

/// What was done one after another, oldest first.
fn timeline(paper: &mut Paper, model: &Model, rows: &[&HistoryRow], most: usize) {
    paper.section(Weight::Vital);
    let skipped = rows.len().saturating_sub(most);
    for row in rows.iter().rev().skip(skipped) {
        let (role, state) = words::row(row, model.now);
        let did = match &row.operation.intent {
            Intent::Text(_) => "text",
            Intent::VerifyStart(_) => "code sent",
            Intent::VerifyCheck { .. } => "code checked",
            Intent::VerifyCancel { .. } => "check stopped",
            Intent::LookUp { .. } => "looked up",
        };
        let time = words::time(row.operation.at, &model.setting.zone);
        let mut spans = vec![
            Span::raw(format!("{time}  {did:<14}")),
            paper.state(role, &state),
        ];
        if let OpState::Settled(Settled::Verification {
            delivery: Some(delivery),
            ..
        }) = &row.state
        {
            let (role, word) = words::delivery(delivery);
            spans.push(Span::raw("   "));
            spans.push(paper.state(role, &word));
        }
        paper.line(spans);
    }
}

fn detail(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let mut paper = Paper::new(look, area.width);
    let rows: Vec<&HistoryRow> = model.history.entry(model.history.selected).collect();
    let Some(newest) = rows.first() else { return };
    let in_full = model.history.revealed_until.is_some();
    let to = look.text(&words::recipient(
        rows.iter()
            .find_map(|row| row.operation.intent.to())
            .as_ref(),
        in_full,
    ));
    let (role, state) = words::entry(&rows, model.now);
    let heading = vec![
        paper.span(Role::Strong, &to),
        Span::raw("   "),
        paper.state(role, &state),
    ];
    paper.section(Weight::Vital).line(heading);
    timeline(&mut paper, model, &rows, 8);
    if let Intent::Text(message) = &newest.operation.intent {
        paper.section(Weight::Important);
        for (n, line) in untrusted::visible_lines(message.body.raw())
            .iter()
            .enumerate()
        {
            paper.labelled_text(
                if n == 0 { "Text" } else { "" },
                Role::Plain,
                if line.is_empty() { " " } else { line },
            );
        }
    }
    let failure = rows.iter().find_map(|row| row.state.failure());
    let code = rows.iter().find_map(|row| match &row.state {
        OpState::Settled(Settled::Text { error_code, .. }) => *error_code,
        OpState::Settled(Settled::Verification {
            delivery: Some(delivery),
            ..
        }) => delivery.error_code,
        _ => None,
    });
    match (failure, code) {
        (Some(failure), _) => {
            let entry = catalogue::for_failure(failure);
            paper
                .section(Weight::Important)
                .labelled_text("Happened", Role::Plain, &entry.meaning);
            advice(&mut paper, entry, None);
            reference(&mut paper, failure);
        }
        (None, Some(code)) => {
            let entry = catalogue::entry(code);
            paper
                .section(Weight::Important)
                .labelled_text("Happened", Role::Plain, &entry.meaning);
            advice(&mut paper, entry, None);
        }
        (None, None) => {}
    }
    search_line(&mut paper, model, newest.operation.id);
    let sid = rows.iter().find_map(|row| match &row.state {
        OpState::Settled(Settled::Text { sid, .. }) => Some(sid.as_str().to_owned()),
        OpState::Settled(Settled::Verification { sid, .. }) => Some(sid.as_str().to_owned()),
        _ => None,
    });
    if let Some(sid) = sid {
        paper.section(Weight::Extra).text(Role::Dim, &sid);
    }
    paper.draw(frame, area);
}
