//! What stands beside the pane in wide terminals: what is known of the number, what to keep in mind, who
//! waits too, and what was done lately.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::place::Place;
use crate::domain::{HistoryRow, Intent, OpState, Phrase, Recipient, Settled, phrase};
use crate::model::Model;
use crate::model::verify::ago;

use super::frame::Frame;
use super::paper::{Paper, Weight};
use super::theme::{Look, Role};
use super::{verify, words};

/// Draws the column.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let area = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(1),
        ..area
    };
    let mut paper = Paper::new(look, area.width);
    this_number(&mut paper, model);
    waiting(&mut paper, model);
    keep_in_mind(&mut paper);
    lately(&mut paper, model);
    paper.draw(frame, area);
}

/// What is known of the number on screen.
fn this_number(paper: &mut Paper, model: &Model) {
    let check = model.verify.check();
    let Some(to) = check.map_or_else(
        || model.verify.reading.recipient(),
        |check| Some(check.to.clone()),
    ) else {
        return;
    };
    let heading = match to {
        Recipient::Phone(_) => phrase!("This number"),
        Recipient::Email(_) => phrase!("This address"),
    };
    paper.section(Weight::Vital).text(Role::Strong, heading);
    if let Recipient::Phone(number) = &to
        && let Some(place) = Place::of(number)
    {
        paper.labelled_text(phrase!("Country"), Role::Plain, place.name());
    }
    if let Some(line) = line(model.history.rows(), &to) {
        paper.labelled_text(phrase!("Line"), Role::Plain, line);
    }
    let verdict = check.map_or(model.verify.on_file.verdict, |check| check.on_file);
    if let Some(verdict) = verdict {
        let verdict = verify::on_file(paper, verdict);
        paper.labelled(phrase!("On file"), vec![verdict]);
    }
    // The check on screen is not its own past.
    let now = check.map(|check| check.started_at);
    let before = |row: &HistoryRow| now.is_none_or(|now| row.operation.at < now);
    for (label, is_text) in [(phrase!("Last check"), false), (phrase!("Last text"), true)] {
        let of_kind = |row: &HistoryRow| {
            row.operation.intent.to().as_ref() == Some(&to)
                && matches!(row.operation.intent, Intent::Text(_)) == is_text
                && !matches!(row.operation.intent, Intent::LookUp { .. })
                && before(row)
        };
        let last = (0..model.history.len()).find_map(|at| {
            let rows: Vec<&HistoryRow> = model.history.entry(at).collect();
            of_kind(rows.first()?).then_some(rows)
        });
        if let Some(rows) = last {
            let (role, state) = words::entry(&rows, model.now);
            let when = paper.span(Role::Plain, ago(model.now, rows[0].operation.at));
            let state = paper.state(role, state);
            paper.labelled(label, vec![when, Span::raw(", "), state]);
        }
    }
}

/// The kind of line and the network, as a lookup or a delivery told last.
fn line(rows: &[HistoryRow], to: &Recipient) -> Option<Phrase> {
    let mut kind = None;
    let mut network = None;
    for row in rows {
        if row.operation.intent.to().as_ref() != Some(to) {
            continue;
        }
        match &row.state {
            OpState::Settled(Settled::Lookup {
                line_type, carrier, ..
            }) => {
                kind = kind.or(line_type.as_deref());
                network = network.or(carrier.as_ref());
            }
            OpState::Settled(Settled::Verification {
                delivery: Some(delivery),
                ..
            }) => network = network.or(delivery.carrier.as_ref()),
            _ => {}
        }
    }
    let kind = kind.map(|kind| match kind {
        "mobile" => phrase!("mobile"),
        "landline" => phrase!("landline"),
        "fixedVoip" | "nonFixedVoip" => phrase!("internet telephone"),
        "tollFree" => phrase!("toll-free"),
        other => Phrase::from(crate::domain::untrusted::visible(other)),
    });
    match (kind, network.map(crate::domain::Untrusted::visible)) {
        (Some(kind), Some(network)) => {
            Some(phrase!("{kind}, {network}", kind = kind, network = network))
        }
        (Some(kind), None) => Some(kind),
        (None, network) => network.map(Phrase::from),
    }
}

fn waiting(paper: &mut Paper, model: &Model) {
    let key = verify::key_for_others(model);
    for (n, check) in model.verify.others_waiting().enumerate() {
        let mut spans = verify::other(paper, model, check);
        if n == 0 {
            spans.push(Span::raw(format!("  {key}")));
            paper
                .section(Weight::Vital)
                .text(Role::Strong, phrase!("Waiting too"));
        }
        paper.line(spans);
    }
}

fn keep_in_mind(paper: &mut Paper) {
    paper
        .section(Weight::Useful)
        .text(Role::Strong, phrase!("Keep in mind"));
    for line in [
        phrase!(
            "The caller must have called us, or you called the number on file. Otherwise stop (F2)."
        ),
        phrase!("You never read a code out. The customer reads it to you."),
        phrase!(
            "Pressure, hurry, a new number, \"just this once\": press F3 for the refusal script."
        ),
    ] {
        paper.section(Weight::Extra).text(Role::Plain, line);
    }
}

fn lately(paper: &mut Paper, model: &Model) {
    if model.history.is_empty() {
        return;
    }
    paper
        .section(Weight::Extra)
        .text(Role::Strong, phrase!("Lately"));
    for at in 0..model.history.len().min(8) {
        let rows: Vec<&HistoryRow> = model.history.entry(at).collect();
        let Some(newest) = rows.first() else {
            continue;
        };
        let (role, state) = words::entry(&rows, model.now);
        let to = words::recipient(newest.operation.intent.to().as_ref(), false);
        let when = words::when(newest.operation.at, model.now, &model.setting.zone);
        paper.line(vec![
            paper.span(Role::Plain, format!("{when}  ")),
            paper.span(Role::Plain, format!("{to}  ")),
            paper.state(role, state),
        ]);
    }
}
