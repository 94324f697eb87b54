//! What has to hold after each step, each by a name.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use tuilio::domain::{OpId, OpState};
use tuilio::keymap::{Chord, Key};
use tuilio::layout::Size;
use tuilio::model::check::Stage as CheckStage;
use tuilio::model::compose::Stage;
use tuilio::model::{Event, Model, Pane, Stamped};
use tuilio::view::{self, Look};

use crate::codes;
use crate::intents::Elsewhere;
use crate::ledger::{Ledger, Row, approved};
use crate::office::Office;
use crate::picture;
use crate::step::{self, PEOPLE};

/// Looks at everything.
pub fn hold(office: &mut Office, step: usize) {
    on_screen(office, step);
    on_disk(office);
    if step % 3 == 2 {
        office.audit();
    }
    if step.is_multiple_of(5) {
        esc_leads_home(office);
    }
}

/// One size, one look: it can be drawn, and nothing is on it that must not be.
fn on_screen(office: &mut Office, step: usize) {
    let (width, height) = step::size(&mut office.eyes);
    let Some(seat) = office.seat() else { return };
    let (desk, secrets) = (&seat.desk, office.secrets.lock().unwrap());
    let model = Model {
        size: Size { width, height },
        ..desk.model.clone()
    };
    let (buffer, cursor) = picture::draw(&model, desk.look);
    let mut ledger = office.ledger.lock().unwrap();
    let harmless = |cell: &ratatui::buffer::Cell| cell.symbol().chars().all(picture::is_harmless);
    if let Some(cell) = buffer.content().iter().find(|cell| !harmless(cell)) {
        ledger.broken(
            "nothing steers the terminal",
            format!("{:?} at {width}x{height}", cell.symbol()),
        );
    }
    if cursor.is_some_and(|cursor| cursor.x >= width || cursor.y >= height) {
        ledger.broken(
            "the cursor is on the screen",
            format!("{cursor:?} at {width}x{height}"),
        );
    }
    let screen = picture::rows(&buffer).join("\n");
    ledger.saw(&screen);
    let mut buffer = buffer;
    codes::wipe_their_places(&model, desk.look, &mut buffer);
    let elsewhere = picture::rows(&buffer).join("\n");
    if let Some(found) = secrets.found_in(&elsewhere) {
        ledger.broken(
            "no secret and no code on the screen",
            format!("{found}:\n{screen}"),
        );
    }
    let masked = model.pane == Pane::History
        && model.overlay.is_none()
        && model.setup.is_none()
        && model.history.revealed_until().is_none()
        && model.history.filter.is_none();
    if masked && let Some(number) = full_number(&elsewhere) {
        ledger.broken(
            "numbers of the history are masked",
            format!("{number}:\n{screen}"),
        );
    }
    let mut texts = vec![view::title(&model, Look::default())];
    texts.extend(desk.copied.iter().cloned());
    if step % 8 == 7 {
        texts.push(format!("{:?}", desk.model));
    }
    for text in texts {
        if let Some(found) = secrets.found_in(&text) {
            ledger.broken(
                "no secret and no code in Debug, title and clipboard",
                format!("{found} in {text}"),
            );
        }
        if let Some(number) = full_number(&text) {
            ledger.broken(
                "no full number in Debug, title and clipboard",
                format!("{number} in {text}"),
            );
        }
    }
}

fn full_number(text: &str) -> Option<&'static str> {
    PEOPLE.iter().copied().find(|number| {
        let national = &number[2..];
        let (area, rest) = national.split_at(3);
        let (exchange, line) = rest.split_at(3);
        text.contains(national)
            || text.contains(&format!("{area} {exchange} {line}"))
            || text.contains(&format!("{area}) {exchange}-{line}"))
    })
}

/// What the history says is what is so, and each operation has somebody who looks after it.
fn on_disk(office: &Office) {
    let now = office.now();
    let mut ledger = office.ledger.lock().unwrap();
    let rows = ledger.on_disk();
    ledger.saw(
        &rows
            .iter()
            .map(|(op, row)| (op.to_string(), row.clone()))
            .collect::<Vec<_>>(),
    );
    let before = std::mem::replace(&mut ledger.rows, rows.clone());
    for (op, row) in &before {
        match rows.get(op) {
            None if !row.is_settled() => {
                ledger.broken(
                    "no unsettled operation disappears",
                    format!("{op} was {row:?}"),
                );
            }
            Some(later) if row.is_settled() && !later.is_settled() => {
                ledger.broken(
                    "what is settled stays so",
                    format!("{op} was {row:?} and is {later:?}"),
                );
            }
            _ => {}
        }
    }
    let in_rows = rows
        .values()
        .filter(|row| row.kind == "verify_check" && row.status.as_deref() == Some("approved"))
        .map(|row| row.sid.clone().unwrap_or_default());
    let shown = office.desks().flat_map(|desk| &desk.model.verify.checks);
    let on_screen = shown
        .filter(|check| matches!(check.stage, CheckStage::Approved { .. }))
        .map(|check| {
            check
                .sid
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default()
        });
    for sid in in_rows.chain(on_screen) {
        if ledger.approved.contains(&sid) {
            continue;
        }
        ledger.approved = office.with_world(|world| approved(world, now));
        if !ledger.approved.contains(&sid) {
            ledger.broken("what is called approved is approved at Twilio", sid);
        }
    }
    for (op, row) in &rows {
        credited(&mut ledger, *op, row);
        if before.get(op) != Some(row) {
            changed(
                &mut ledger,
                before.get(op).map(|row| row.state.as_str()),
                row,
            );
        }
        truthful(&mut ledger, &rows, *op, row);
        accounted(office, &mut ledger, *op, row);
    }
}

/// An approval is that of the check which has it, or came while that was under way and had no answer.
fn credited(ledger: &mut Ledger, op: OpId, row: &Row) {
    let is_approval = row.kind == "verify_check" && row.status.as_deref() == Some("approved");
    let sid = row.sid.as_ref().filter(|_| is_approval);
    let Some((by, at)) = sid.and_then(|sid| ledger.approved_by.get(sid).copied()) else {
        return;
    };
    if by == op {
        return;
    }
    ledger.counters.count("approvals of another check");
    let asked = ledger.truths[&op].at;
    if at < asked - WHILE_CHECKED || at > asked + WHILE_CHECKED {
        let what = format!("{op} of {asked} has that of {by}, {at}");
        ledger.broken(
            "an approval is credited to the check that it came from",
            what,
        );
    }
}

fn changed(ledger: &mut Ledger, before: Option<&str>, row: &Row) {
    match (before, row.state.as_str()) {
        (_, "unknown") => ledger.counters.count("not known"),
        (Some("unknown"), "settled") => ledger.counters.count("not known, then found"),
        (Some("unknown"), "not_sent") => ledger.counters.count("not known, then not sent"),
        _ => {}
    }
    if row.kind == "verify_check" && row.status.as_deref() == Some("approved") {
        ledger.counters.count("checks approved");
    }
}

/// The end of the number of whom a colleague checks as well.
const SHARED: &str = "••04";
/// So far apart a check and an approval may be that is taken for its own.
const WHILE_CHECKED: SignedDuration = SignedDuration::from_secs(7);

fn truthful(ledger: &mut Ledger, rows: &BTreeMap<OpId, Row>, op: OpId, row: &Row) {
    let Some(truth) = ledger.truths.get(&op).cloned() else {
        return ledger.broken("every row was asked for", format!("{op}: {row:?}"));
    };
    let ours = match row.kind.as_str() {
        "text" => truth.stored.iter().any(|sid| !sid.starts_with("VL")),
        "verify_start" => truth.stored.iter().any(|sid| sid.starts_with("VL")),
        _ => false,
    };
    let instead = |settled| ledger.another_like(op, &truth, rows, settled);
    let credited = rows.values().filter(|other| other.sid == row.sid).count();
    let (stands_in, is_stood_in_for) = (instead(false) && credited == 1, instead(true));
    let is_nobodys = row
        .sid
        .as_ref()
        .is_some_and(|sid| !ledger.owners.contains_key(sid));
    let from_elsewhere = is_nobodys && credited == 1 && ledger.may_be_from_elsewhere(&truth);
    match (row.kind.as_str(), row.state.as_str()) {
        ("text", "settled") if !ours && stands_in => {
            ledger.counters.count("one of two twins is credited");
        }
        ("verify_start", "settled") if !ours && instead(false) => {}
        // A colleague at a desk of another history sends codes to this one too: nobody can tell them apart.
        ("verify_start", "settled")
            if !ours && (ledger.has_colleague || truth.content.contains(SHARED)) =>
        {
            ledger
                .counters
                .count("a colleague's code is taken for a lost one");
        }
        // Of three with the same words, one of another machine, each is credited once.
        ("text", "settled")
            if !ours && credited == 1 && ledger.has_given_way(row, &truth, rows) =>
        {
            ledger.counters.count("one of two twins is credited");
        }
        ("text", "settled") if !ours && from_elsewhere => {
            ledger
                .counters
                .count("that of another machine is taken for a lost one");
        }
        (_, "not_sent") if ours && is_stood_in_for => {}
        ("text" | "verify_start", "not_sent" | "refused") if ours => ledger.broken(
            "nothing that Twilio stored is called not sent",
            format!(
                "{op} ({}) is {row:?} and is there as {:?}",
                truth.content, truth.stored
            ),
        ),
        ("text", "settled") if !ours => {
            let owner = row.sid.as_ref().and_then(|sid| ledger.owners.get(sid));
            let what = format!(
                "{op} ({}) is {row:?}, which is that of {owner:?}",
                truth.content
            );
            ledger.broken("nothing that Twilio did not store is called sent", what);
        }
        ("verify_start", "settled")
            if !ours && !matches!(row.status.as_deref(), Some("approved")) =>
        {
            ledger.broken(
                "nothing that Twilio did not store is called sent",
                format!("{op} ({}) is {row:?}", truth.content),
            );
        }
        _ => {}
    }
}

/// What is open is looked after by the program that began it, while it runs.
fn accounted(office: &Office, ledger: &mut Ledger, op: OpId, row: &Row) {
    if row.is_settled() {
        return;
    }
    let owner = office
        .seats
        .iter()
        .flatten()
        .find(|seat| tuilio::store::Journal::session(&seat.desk.store) == op.session);
    let Some(model) = owner.map(|seat| &seat.desk.model) else {
        return;
    };
    let connected = model.connection.is_some();
    let looked_after = match row.state.as_str() {
        // Of this one the outcome could not be written down; the next start looks it up.
        "intended" => model.operations.is_open(op) || ledger.unwritten.contains(&op),
        _ => !connected || model.searches.of(op).is_some() || row.kind == "lookup",
    };
    if !looked_after {
        ledger.broken(
            "every open operation is looked after",
            format!("{op}: {row:?}"),
        );
    }
}

/// Esc, again and again, leads to the place where the next customer is asked for, and loses nothing.
fn esc_leads_home(office: &Office) {
    let Some(seat) = office.seat() else { return };
    let mut model = seat.desk.model.clone();
    if model.setup.is_some() || model.lock.is_closed() || tuilio::layout::is_too_small(model.size) {
        return;
    }
    // One that waits to be sent has sent nothing: Esc gives the waiting up, and says so.
    let unfinished = |model: &Model| {
        let checks = model.verify.checks.iter();
        let begun = checks.filter(|check| !matches!(check.stage, CheckStage::Paused { .. }));
        begun.filter(|check| check.is_unfinished()).count()
    };
    let (checks, body) = (unfinished(&model), model.compose.body.text().to_owned());
    let was_out = matches!(model.compose.stage, Stage::Out { .. });
    let mut ledger = office.ledger.lock().unwrap();
    for _ in 0..12 {
        let event = Event::Key {
            chord: Chord::plain(Key::Esc),
            held: false,
        };
        let effects = model.update(Stamped {
            at: model.now,
            event,
        });
        if effects.iter().any(|effect| {
            matches!(
                effect,
                tuilio::model::Effect::Intend { .. } | tuilio::model::Effect::Quit
            )
        }) {
            ledger.broken("Esc sends nothing and never quits", format!("{effects:?}"));
        }
    }
    let home = model.overlay.is_none()
        && matches!(model.pane, Pane::Verify | Pane::Message)
        && (model.pane != Pane::Verify
            || (model.verify.shown.is_none() && model.verify.question.is_none()))
        && (model.pane != Pane::Message
            || matches!(model.compose.stage, Stage::To | Stage::Out { .. }));
    if !home {
        ledger.broken(
            "Esc leads home",
            format!("{:?} {:?} {:?}", model.pane, model.overlay, model.places()),
        );
    }
    if unfinished(&model) != checks {
        ledger.broken("Esc loses no check", format!("{checks} before"));
    }
    if !was_out && model.compose.body.text() != body {
        ledger.broken("Esc loses no draft", format!("{} characters", body.len()));
    }
    ledger.counters.count("Esc led home");
}

/// After quiet time in a healthy world nothing is open any more.
pub fn everything_has_an_outcome(office: &mut Office) {
    on_disk(office);
    office.audit();
    let mut ledger = office.ledger.lock().unwrap();
    for (op, row) in ledger.on_disk() {
        if row.state == "unknown" && may_be_in_doubt(&ledger, op) {
            ledger.counters.count("in doubt for good");
        } else if !row.is_settled() {
            let content = ledger.truths.get(&op).map(|truth| truth.content.clone());
            ledger.broken(
                "everything comes to an outcome",
                format!("{op} ({content:?}): {row:?}"),
            );
        }
    }
    let sent: Vec<_> = ledger
        .truths
        .iter()
        .filter(|(_, truth)| truth.stored.len() == 1)
        .map(|(op, truth)| (*op, truth.clone()))
        .collect();
    let rows = ledger.on_disk();
    for (op, truth) in sent {
        if !rows.contains_key(&op)
            && !ledger.rows.contains_key(&op)
            && !ledger.deleted.contains(&op)
        {
            ledger.broken("no send is lost", format!("{op} ({})", truth.content));
        }
    }
    for desk in office.desks() {
        for check in &desk.model.verify.checks {
            if matches!(check.stage, CheckStage::Unknown { op, .. } if !may_be_in_doubt(&ledger, op))
            {
                ledger.broken(
                    "everything comes to an outcome on screen",
                    format!("{:?}", check.stage),
                );
            }
        }
        if let Stage::Out {
            state: OpState::Unknown(_) | OpState::Intended,
            op,
            ..
        } = desk.model.compose.stage
            && !may_be_in_doubt(&ledger, op)
        {
            ledger.broken("everything comes to an outcome on screen", op.to_string());
        }
    }
}

/// The same of somebody else may leave it in doubt for good: then a person decides.
fn may_be_in_doubt(ledger: &Ledger, op: OpId) -> bool {
    ledger.truths.get(&op).is_some_and(|truth| {
        let words = |elsewhere: &Elsewhere| Some(&elsewhere.words) == truth.words.as_ref();
        ledger.elsewhere.iter().any(words) || ledger.has_colleague || truth.content.contains(SHARED)
    })
}

/// A desk that is left alone comes to rest, but for looks at what is in doubt for good.
pub fn rests(office: &Office) {
    let mut ledger = office.ledger.lock().unwrap();
    let in_doubt = ledger.counters.of("in doubt for good") > 0;
    for desk in office.desks() {
        let looks = desk.model.searches.deadline().filter(|_| in_doubt);
        if let Some(at) = desk.model.deadline()
            && Some(at) != looks
        {
            ledger.broken(
                "a desk left alone comes to rest",
                format!("{at}:\n{}", desk.screen()),
            );
        }
    }
}
