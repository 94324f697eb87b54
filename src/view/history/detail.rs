//! One entry in full: what was done, what happened, what to do, what to say, and what can be done here.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::{
    FailureKind, HistoryRow, Intent, OpState, Phrase, Remains, Settled, VerificationStatus, Was,
    catalogue, console, phrase, untrusted,
};
use crate::keymap::{Action, Place};
use crate::model::Model;

use super::super::advice::{advice, advice_on, reference};
use super::super::frame::Frame;
use super::super::message::both_clocks;
use super::super::outcome::search_line;
use super::super::paper::{Paper, Piece, Weight};
use super::super::theme::{Look, Role};
use super::super::verify::on_file;
use super::super::words::{self, State};

/// Draws the marked entry.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let mut paper = Paper::new(look, area.width);
    let history = &model.history;
    let rows: Vec<&HistoryRow> = history.shown().entry(history.selected).collect();
    let Some(newest) = rows.first() else { return };
    if history.deleting.is_some() {
        paper.section(Weight::Vital).marked(
            Role::Needs,
            phrase!(
                "Delete this entry from the history of this computer? y deletes it, Esc keeps it."
            ),
        );
    }
    heading(&mut paper, model, look, &rows);
    timeline(&mut paper, model, &rows, 8);
    departure(&mut paper, model, newest);
    body(&mut paper, newest);
    if let Some(compared) = rows.iter().find_map(|row| row.on_file()) {
        let compared = on_file(&paper, compared);
        let section = paper.section(Weight::Important);
        section.labelled(phrase!("On file"), vec![compared]);
    }
    let lost = rows.iter().find(|row| model.elsewhere(row).is_some());
    if let Intent::Unreadable(left) = &newest.operation.intent {
        remains(&mut paper, newest, left);
    } else if lost.is_none() {
        what_happened(&mut paper, model, &rows);
    }
    search_line(&mut paper, model, lost.unwrap_or(newest).operation.id);
    lookup(&mut paper, newest);
    // Beside the list they are the list's keys that act.
    if history.detail {
        let whose = model.marked_of_another().filter(|_| lost.is_none());
        offers(&mut paper, model, newest, whose);
    }
    identifiers(&mut paper, &rows);
    paper.draw(frame, area);
}

fn heading(paper: &mut Paper, model: &Model, look: Look, rows: &[&HistoryRow]) {
    let history = &model.history;
    let to = rows.iter().find_map(|row| row.operation.intent.to());
    let unreadable = rows.iter().any(|row| row.operation.intent.is_unreadable());
    let to = match &to {
        None if unreadable => look.say(phrase!("not readable")),
        to => words::recipient(to.as_ref(), history.is_revealed(history.selected)),
    };
    let to = look.text(&to);
    let (role, state) = words::entry_at(model, rows);
    let heading = vec![
        paper.span(Role::Strong, Phrase::verbatim(&to)),
        paper.state(role, &state),
    ];
    paper.section(Weight::Vital).flow(heading);
    let ticket = history.shown().ticket(history.selected);
    let agent = rows
        .iter()
        .rev()
        .find_map(|row| row.operation.agent.as_deref());
    let mut pieces: Vec<Span> = Vec::new();
    if let Some(ticket) = ticket {
        pieces.push(paper.span(
            Role::Plain,
            phrase!("ticket {ticket}", ticket = ticket.as_str()),
        ));
    }
    if let Some(agent) = agent {
        let agent = untrusted::visible(agent);
        pieces.push(paper.span(Role::Plain, phrase!("agent {agent}", agent = agent)));
    }
    if let Some(account) = model.other_account_of(rows) {
        let account = phrase!("under account {account}", account = account);
        pieces.push(paper.state(Role::Needs, &account));
    }
    if !pieces.is_empty() {
        paper.flow(pieces);
    }
}

/// What was done one after another, oldest first.
pub fn timeline(paper: &mut Paper, model: &Model, rows: &[&HistoryRow], most: usize) {
    paper.section(Weight::Vital);
    let skipped = rows.len().saturating_sub(most);
    let read_back = rows.iter().any(|row| !is_send(row) && is_approved(row));
    let may_be_approved = rows.iter().any(|row| row.may_be_right());
    for row in rows.iter().rev().skip(skipped) {
        // It may have been read back in another window, and stands there. What has ended by then, by a line of
        // its own, did not expire either.
        let ended_below = (is_approved(row) && read_back)
            || is_ended_by_another(row, rows.iter().copied())
            || (is_open(row) && may_be_approved);
        let (role, state) = if is_send(row) && ended_below {
            (Role::Done, phrase!("Sent"))
        } else if is_approved(row) && !row.operation.intent.is_unreadable() {
            words::approved(model, rows)
        } else {
            done(row).unwrap_or_else(|| words::row_at(model, row))
        };
        let did = match &row.operation.intent {
            Intent::Text(_) => phrase!("text"),
            Intent::VerifyStart(_) => phrase!("code"),
            Intent::VerifyCheck { .. } => phrase!("check"),
            Intent::VerifyCancel { .. } => phrase!("stop"),
            Intent::LookUp { .. } => phrase!("lookup"),
            Intent::Unreadable(remains) => was(remains),
        };
        let did = paper.look().say(did);
        let did = crate::text::pad(&did, 12.max(crate::text::width(&did)));
        let at = row.operation.at;
        let zone = &model.setting.zone;
        let time = if at >= model.midnight() {
            words::time(at, zone)
        } else {
            let day = words::when(at, model.now, zone);
            format!("{day} {}", words::time(at, zone))
        };
        let mut pieces: Vec<Span> = vec![paper.state(role, &state)];
        if let OpState::Settled(Settled::Verification {
            delivery: Some(delivery),
            ..
        }) = &row.state
        {
            let (role, word) = words::delivery(delivery);
            let mut arrived = paper.state(role, &word);
            if let Some(carrier) = &delivery.carrier {
                let whole = format!("{} · {}", arrived.content, carrier.visible());
                arrived.content = paper.look().text(&whole).into();
            }
            pieces.push(arrived);
        }
        let first = Span::raw(format!("{time}  {did}"));
        pieces.insert(0, first);
        paper.flow(pieces);
    }
}

/// What has simply been done needs no more than that beside its name.
fn done(row: &HistoryRow) -> Option<State> {
    let OpState::Settled(Settled::Verification { status, .. }) = &row.state else {
        return None;
    };
    match (&row.operation.intent, status) {
        (Intent::VerifyCancel { .. }, VerificationStatus::Canceled) => {
            Some((Role::Done, phrase!("Done")))
        }
        _ => None,
    }
}

/// When a text leaves that waits for its time at Twilio, or for when one was meant that does not.
fn departure(paper: &mut Paper, model: &Model, newest: &HistoryRow) {
    let Intent::Text(text) = &newest.operation.intent else {
        return;
    };
    let Some(at) = text.send_at else {
        return;
    };
    let (label, role) = match model.scheduled(newest.operation.id) {
        Some(_) => (phrase!("Leaves"), Role::Strong),
        None => (phrase!("Meant for"), Role::Plain),
    };
    paper.labelled_text(label, role, both_clocks(model, &text.to, at));
}

fn body(paper: &mut Paper, newest: &HistoryRow) {
    let body = match &newest.operation.intent {
        Intent::Text(message) => &message.body,
        Intent::Unreadable(Remains {
            body: Some(body), ..
        }) => body,
        _ => return,
    };
    paper.section(Weight::Important);
    paper.quoted(phrase!("Text"), Role::Plain, &body.visible_lines());
}

/// What an entry was that cannot be read any more.
fn was(remains: &Remains) -> Phrase {
    match remains.was {
        Some(Was::Text) => phrase!("text"),
        Some(Was::Start) => phrase!("code"),
        Some(Was::Check) => phrase!("check"),
        Some(Was::Cancel) => phrase!("stop"),
        Some(Was::LookUp) => phrase!("lookup"),
        None => Phrase::of("?"),
    }
}

/// What of an entry is lost, how it stands for Twilio, and what can be done about it.
fn remains(paper: &mut Paper, row: &HistoryRow, remains: &Remains) {
    paper
        .section(Weight::Vital)
        .marked(Role::Unknown, remains.lost())
        .text(
            Role::Plain,
            phrase!("The history was damaged. What could be read of this stands here."),
        );
    let word = match &row.state {
        OpState::Settled(Settled::Text { status, .. }) => Some(status.as_str()),
        OpState::Settled(Settled::Verification { status, .. }) => Some(status.as_str()),
        _ => None,
    };
    if let Some(word) = word {
        paper.section(Weight::Important).labelled_text(
            phrase!("Twilio said"),
            Role::Plain,
            Phrase::verbatim(untrusted::visible(word)),
        );
    }
    if matches!(row.state, OpState::Unknown(_)) && !row.operation.intent.leaves_trace() {
        paper.section(Weight::Important).text(
            Role::Plain,
            phrase!("It cannot be looked up from here: Twilio's own name for it is not readable either. Look in Twilio's console for what went out at that time; then delete this entry."),
        );
    }
}

fn what_happened(paper: &mut Paper, model: &Model, rows: &[&HistoryRow]) {
    // What was tried after an approval says nothing about it.
    if rows.iter().any(|row| is_approved(row)) {
        return;
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
    let failed = rows
        .iter()
        .copied()
        .find(|row| row.state.failure().is_some());
    if let Some(row) = failed
        && is_lost_without_a_send(row)
    {
        return lost(paper, row);
    }
    let entry = match (failure, code) {
        (Some(failure), _) => catalogue::for_failure(failure),
        (None, Some(code)) => catalogue::entry(code),
        (None, None) => return,
    };
    let is_send =
        |row: &&HistoryRow| matches!(row.operation.intent, Intent::Text(_)) || is_send(row);
    let meaning = match (failure, failed.filter(is_send)) {
        // What was not stopped or not checked was not meant to be sent.
        (Some(failure), None)
            if failure.kind == FailureKind::NotSent && !failure.is_overslept() =>
        {
            phrase!("Twilio could not be reached.")
        }
        _ => Phrase::of(&entry.meaning),
    };
    paper
        .section(Weight::Important)
        .labelled_text(phrase!("Happened"), Role::Plain, meaning);
    let Some(failure) = failure else {
        return advice(paper, entry, None);
    };
    let at = failed.map(|row| row.updated_at);
    advice_on(paper, model, failure, at, None);
    reference(paper, failure);
}

/// It is not known what came of it, and nothing was to go out by it.
fn is_lost_without_a_send(row: &HistoryRow) -> bool {
    matches!(row.state, OpState::Unknown(_))
        && matches!(
            row.operation.intent,
            Intent::VerifyCheck { .. } | Intent::VerifyCancel { .. }
        )
}

/// What is said of a check or a stop whose answer was lost. The words of the catalogue are about messages.
fn lost(paper: &mut Paper, row: &HistoryRow) {
    let is_check = matches!(row.operation.intent, Intent::VerifyCheck { .. });
    let (meaning, todo) = if is_check {
        (
            phrase!("The line dropped while the code was checked. It may have been approved."),
            phrase!(
                "Rely on it only once it says Approved. It is looked up at Twilio, and you are told what came of it."
            ),
        )
    } else {
        (
            phrase!("The line dropped while the check was being stopped."),
            phrase!(
                "Take the code for one that still works. It is looked up at Twilio, and you are told what came of it."
            ),
        )
    };
    paper
        .section(Weight::Important)
        .labelled_text(phrase!("Happened"), Role::Plain, meaning);
    paper
        .section(Weight::Useful)
        .labelled_text(phrase!("What to do"), Role::Plain, todo);
    if is_check {
        paper.say(phrase!("One moment, please."), None);
    }
    if let Some(failure) = row.state.failure() {
        reference(paper, failure);
    }
}

fn is_send(row: &HistoryRow) -> bool {
    matches!(row.operation.intent, Intent::VerifyStart(_))
}

/// Whether the verification of a row that knows it only as open is over, as one of these says.
fn is_ended_by_another<'a>(
    row: &HistoryRow,
    mut rows: impl Iterator<Item = &'a HistoryRow>,
) -> bool {
    let of = |row: &HistoryRow| match &row.state {
        OpState::Settled(Settled::Verification { sid, status, .. }) => {
            Some((sid.clone(), status.is_open()))
        }
        _ => None,
    };
    let Some((open, true)) = of(row) else {
        return false;
    };
    rows.any(|other| of(other).is_some_and(|(sid, is_open)| sid == open && !is_open))
}

fn is_open(row: &HistoryRow) -> bool {
    matches!(&row.state, OpState::Settled(Settled::Verification { status, .. }) if status.is_open())
}

fn is_approved(row: &HistoryRow) -> bool {
    matches!(
        row.state,
        OpState::Settled(Settled::Verification {
            status: VerificationStatus::Approved,
            ..
        })
    )
}

fn lookup(paper: &mut Paper, newest: &HistoryRow) {
    let OpState::Settled(Settled::Lookup {
        country,
        line_type,
        carrier,
        ..
    }) = &newest.state
    else {
        return;
    };
    let words = [
        country.as_deref().map(untrusted::visible),
        line_type.as_deref().map(untrusted::visible),
        carrier.as_ref().map(crate::domain::Untrusted::visible),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    if !words.is_empty() {
        paper.section(Weight::Important).labelled_text(
            phrase!("Line"),
            Role::Plain,
            Phrase::verbatim(words.join(", ")),
        );
    }
}

/// The keys that help here, as they do what they say; and whose it is, where not all of them do.
fn offers(paper: &mut Paper, model: &Model, newest: &HistoryRow, whose: Option<Phrase>) {
    let place = model.history.place();
    let is_text = matches!(newest.operation.intent, Intent::Text(_));
    let mut pieces: Vec<Piece> = Vec::new();
    if place == Place::DetailUnknown && model.offers(Action::Yes) {
        pieces.push(paper.key(place, Action::Yes, phrase!("send once more")));
    }
    if model.may_withdraw(newest.operation.id) && model.offers(Action::Withdraw) {
        pieces.push(paper.key(place, Action::Withdraw, phrase!("withdraw it")));
    }
    if model.evidence_of_marked().is_some() {
        pieces.push(paper.key(place, Action::Copy, phrase!("copy evidence")));
    }
    let may_begin = !newest.operation.intent.is_unreadable() && model.offers(Action::Again);
    pieces.extend(may_begin.then(|| {
        if is_text {
            paper.key(place, Action::Again, phrase!("write it again"))
        } else {
            paper.key(place, Action::Again, phrase!("check again"))
        }
    }));
    if !is_text && may_begin {
        pieces.push(paper.key(place, Action::AgainByCall, phrase!("call again")));
    }
    if console::address(newest).is_some() {
        pieces.push(paper.key(place, Action::Console, phrase!("copy its Console link")));
    }
    if whose.is_some() || !pieces.is_empty() {
        paper.section(Weight::Useful);
    }
    if let Some(whose) = whose {
        paper.text(Role::Plain, whose);
    }
    if !pieces.is_empty() {
        paper.flow(pieces);
    }
}

fn identifiers(paper: &mut Paper, rows: &[&HistoryRow]) {
    let sid = rows
        .iter()
        .find_map(|row| match (&row.state, &row.operation.intent) {
            (OpState::Settled(Settled::Text { sid, .. }), _) => Some(sid.as_str().to_owned()),
            (OpState::Settled(Settled::Verification { sid, .. }), _) => {
                Some(sid.as_str().to_owned())
            }
            (_, Intent::Unreadable(remains)) => remains.sid.as_deref().map(untrusted::visible),
            _ => None,
        });
    if let Some(sid) = sid {
        paper
            .section(Weight::Extra)
            .text(Role::Dim, Phrase::verbatim(&sid));
    }
    if let Some(address) = rows.first().and_then(|row| console::address(row)) {
        paper.link(&address);
    }
}
