//! What stands beside the pane in wide terminals: what is known of the number, what to keep in mind, who
//! waits too, and what was done lately.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::place::Place;
use crate::domain::tally::Weather;
use crate::domain::{HistoryRow, Intent, Phrase, Recipient, Untrusted, phrase};
use crate::model::compose::Stage;
use crate::model::lookup;
use crate::model::verify::ago;
use crate::model::{Click, Model, Pane};
use crate::text;

use super::frame::Frame;
use super::paper::{Paper, Weight};
use super::theme::{Look, Role};
use super::{verify, words};

/// So many networks are shown.
const MOST_NETWORKS: usize = 4;
/// Columns of the name of one.
const CARRIER: usize = 18;

/// Draws the column.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let area = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(1),
        ..area
    };
    let mut paper = Paper::new(look, area.width);
    let network = this_number(&mut paper, model);
    weather(&mut paper, model, network);
    waiting(&mut paper, model);
    keep_in_mind(&mut paper);
    lately(&mut paper, model, usize::from(area.height));
    paper.draw(frame, area);
}

/// What is known of the number on screen; its network, where that is known.
fn this_number<'a>(paper: &mut Paper, model: &'a Model) -> Option<&'a Untrusted> {
    let writes = model.pane == Pane::Message;
    let check = model.verify.check().filter(|_| !writes);
    let to = match (check, &model.compose.stage) {
        (Some(check), _) => check.to.clone(),
        (None, Stage::Out { to, .. }) if writes => Recipient::Phone(to.clone()),
        (None, _) if writes => model.compose.reading.recipient()?,
        (None, _) => model.verify.reading.recipient()?,
    };
    let heading = match to {
        Recipient::Phone(_) => phrase!("This number"),
        Recipient::Email(_) => phrase!("This address"),
    };
    paper.section(Weight::Vital).text(Role::Strong, heading);
    if let Recipient::Phone(number) = &to
        && let Some(place) = Place::of(number)
    {
        paper.labelled_text(phrase!("Country"), Role::Plain, place.phrase());
    }
    let (kind, network) = model.line_of(&to);
    if let Some(line) = lookup::line(kind, network) {
        paper.labelled_text(phrase!("Line"), Role::Plain, line);
    }
    let verdict = check.map_or(model.verify.on_file.verdict, |check| check.on_file);
    if let Some(verdict) = verdict.filter(|_| !writes) {
        let verdict = verify::on_file(paper, verdict);
        paper.labelled(phrase!("On file"), vec![verdict]);
    }
    // The check on screen is not its own past.
    let now = check.map(|check| check.started_at);
    let is_past = |row: &HistoryRow| now.is_none_or(|now| row.operation.at < now);
    let back = model.history.known_of(&to);
    let of_screen = |wanted: fn(&Intent) -> bool| {
        (0..model.history.len())
            .map(|at| model.history.entry(at).collect::<Vec<_>>())
            .find(|rows| {
                rows.last().is_some_and(|row| {
                    let intent = &row.operation.intent;
                    wanted(intent) && intent.to().as_ref() == Some(&to) && is_past(row)
                })
            })
    };
    let checked = back
        .map(|back| back.check.iter().collect::<Vec<_>>())
        .filter(|rows| rows.last().is_some_and(|row| is_past(row)))
        .or_else(|| of_screen(|intent| matches!(intent, Intent::VerifyStart(_))));
    let text = back
        .and_then(|back| Some(vec![back.texts.first()?]))
        .or_else(|| of_screen(|intent| matches!(intent, Intent::Text(_))));
    for (label, rows) in [
        (phrase!("Last check"), checked),
        (phrase!("Last text"), text),
    ] {
        let Some(rows) = rows else { continue };
        let Some(first) = rows.last() else { continue };
        let (role, state) = words::entry_at(model, &rows);
        let when = paper.span(Role::Plain, ago(model.now, first.operation.at));
        let word = paper.state(role, &state);
        let gap = Span::raw(", ");
        let columns: usize = when.width() + gap.width() + word.width();
        if columns <= paper.text_width() {
            paper.labelled(label, vec![when, gap, word]);
        } else {
            paper
                .labelled(label, vec![when])
                .labelled_marked(Phrase::of(""), role, state);
        }
    }
    network
}

/// How codes arrived on the networks in the last hour; that of the number on screen stands first.
fn weather(paper: &mut Paper, model: &Model, network: Option<&Untrusted>) {
    let all = model.history.weather();
    let (this, others): (Vec<&Weather>, Vec<&Weather>) =
        all.iter().partition(|line| Some(&line.carrier) == network);
    if all.is_empty() {
        return;
    }
    let heading = if this.is_empty() {
        phrase!("Codes read back in the last hour")
    } else {
        phrase!("Read back on this network, last hour")
    };
    paper.section(Weight::Useful).text(Role::Strong, heading);
    for line in this.iter().chain(&others).take(MOST_NETWORKS) {
        let way = paper.look().say(words::channel(&line.channel));
        let counted = phrase!(
            "{way}  {n} of {all}",
            way = way,
            n = line.read_back,
            all = line.sends
        );
        let carrier = paper.look().text(&line.carrier.visible());
        let counted = paper.look().say(counted);
        // A long name does not touch what stands after it.
        let columns = CARRIER.max(text::width(&carrier) + 2);
        let counted = format!("{}{counted}", text::pad(&carrier, columns));
        let mut spans = vec![paper.span(Role::Plain, Phrase::verbatim(counted))];
        if let Some(instead) = line.instead(all) {
            let way = paper.look().say(words::channel(&instead.channel));
            spans.push(paper.state(Role::Needs, phrase!("slow, {way} works", way = way)));
        } else if line.is_bad() {
            spans.push(paper.state(Role::Needs, phrase!("slow")));
        }
        paper.flow(spans);
    }
}

fn waiting(paper: &mut Paper, model: &Model) {
    let key = verify::key_for_others(model);
    for (n, check) in model.others_waiting().enumerate() {
        let mut pieces = verify::other(paper, model, check);
        if n == 0 {
            pieces.extend(key.map(|key| Span::raw(key.to_string())));
            paper
                .section(Weight::Vital)
                .text(Role::Strong, phrase!("Waiting too"));
        }
        paper.flow(pieces);
        if let Some(key) = key.filter(|_| n == 0) {
            paper.clickable(Click::Press(key));
        }
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

/// The newest entries, as many as there is room for under all else.
fn lately(paper: &mut Paper, model: &Model, height: usize) {
    // A blank line stands above each section, and over the first.
    let room = height.saturating_sub(usize::from(paper.height()) + 2);
    if model.history.is_empty() || room < 2 {
        return;
    }
    let above = paper.lines();
    paper
        .section(Weight::Extra)
        .text(Role::Strong, phrase!("Lately"));
    let idle = model.verify.shown.is_none() && model.verify.to.is_empty();
    if let Some(today) = verify::today(paper.look(), model).filter(|_| !idle) {
        paper.text(Role::Plain, Phrase::verbatim(today));
    }
    for at in 0..model.history.len().min(8) {
        let rows: Vec<&HistoryRow> = model.history.entry(at).collect();
        let Some(newest) = rows.first() else {
            continue;
        };
        let (role, state) = words::entry_at(model, &rows);
        let to = words::recipient(newest.operation.intent.to().as_ref(), false);
        let when = words::when(newest.operation.at, model.now, &model.setting.zone);
        let pieces = vec![
            paper.span(Role::Plain, Phrase::verbatim(format!("{when}  {to}"))),
            paper.state(role, state),
        ];
        let rows = if paper.is_one_line(&pieces) { 1 } else { 2 };
        if paper.lines() - above + rows > room {
            break;
        }
        paper.flow(pieces);
    }
}
