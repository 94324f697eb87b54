//! States in words: each one a meaning and a word, the same on every pane.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::domain::catalogue;
use crate::domain::operation::Delivery;
use crate::domain::outcome::Approval;
use crate::domain::overslept::is_overslept;
use crate::domain::verification::MAX_CHECKS;
use crate::domain::{
    Failure, FailureKind, HistoryRow, Intent, MessageStatus, OpState, Phrase, Recipient, Settled,
    Timestamp, VerificationChannel, VerificationStatus, phrase,
};
use crate::model::Model;

use super::theme::Role;

/// A state: its meaning, and a word or a few.
pub type State = (Role, Phrase);

/// A channel, in a word.
pub fn channel(channel: &VerificationChannel) -> Phrase {
    match channel {
        VerificationChannel::Sms => phrase!("SMS"),
        VerificationChannel::Call => phrase!("call"),
        VerificationChannel::WhatsApp => phrase!("WhatsApp"),
        VerificationChannel::Email => phrase!("email"),
        VerificationChannel::Other(word) => foreign(word),
    }
}

/// The state of a text.
pub fn message(status: &MessageStatus, error_code: Option<u32>) -> State {
    match status {
        MessageStatus::Scheduled => (Role::Working, phrase!("Scheduled")),
        MessageStatus::Accepted | MessageStatus::Queued | MessageStatus::Sending => {
            (Role::Working, phrase!("On its way"))
        }
        MessageStatus::Sent => (Role::Done, phrase!("Sent")),
        MessageStatus::Delivered => (Role::Done, phrase!("Delivered")),
        MessageStatus::Read => (Role::Done, phrase!("Read")),
        MessageStatus::Undelivered | MessageStatus::Failed => {
            let word = error_code.map_or_else(
                || phrase!("Not delivered"),
                |code| phrase!("Not delivered, {code}", code = code),
            );
            (Role::Needs, word)
        }
        MessageStatus::Canceled => (Role::Wrong, phrase!("Cancelled")),
        MessageStatus::Receiving | MessageStatus::Received => (Role::Done, phrase!("Received")),
        MessageStatus::Other(word) => (Role::Working, foreign(word)),
    }
}

/// What is known of the arrival of a code: by text, or by call in a call's own words.
pub fn delivery(delivery: &Delivery) -> State {
    match delivery.call.as_deref() {
        None => message(&delivery.status, delivery.error_code),
        Some("queued") => (Role::Working, phrase!("Call queued")),
        Some("ringing") => (Role::Working, phrase!("It is ringing")),
        Some("in-progress") => (Role::Done, phrase!("Answered, the code is being spoken")),
        Some("completed") => (Role::Done, phrase!("Call answered")),
        Some("busy") => (Role::Needs, phrase!("The line was busy")),
        Some("no-answer") => (Role::Needs, phrase!("Nobody answered")),
        Some("failed") => (Role::Needs, phrase!("The call failed")),
        Some("canceled") => (Role::Wrong, phrase!("The call was cancelled")),
        Some(word) => (Role::Working, foreign(word)),
    }
}

/// The code certainly did not arrive.
pub fn is_lost(delivery: &Delivery) -> bool {
    matches!(
        delivery.status,
        MessageStatus::Undelivered | MessageStatus::Failed | MessageStatus::Canceled
    )
}

/// The state of one operation, as this desk can tell it: what is not known is not always looked for here.
pub fn row_at(model: &Model, one: &HistoryRow) -> State {
    match one.state.failure() {
        Some(failure) if model.elsewhere(one).is_some() => {
            let title = &catalogue::for_failure(failure).title;
            (Role::Unknown, Phrase::of(title))
        }
        _ => row(one, model.now),
    }
}

/// The same of an entry.
pub fn entry_at(model: &Model, rows: &[&HistoryRow]) -> State {
    let state = entry(model, rows);
    let mut lost = rows.iter().filter(|one| model.elsewhere(one).is_some());
    match lost.find(|one| row(one, model.now) == state) {
        Some(one) => row_at(model, one),
        None => state,
    }
}

/// The state of an entry of the history: its rows, newest first.
fn entry(model: &Model, rows: &[&HistoryRow]) -> State {
    let now = model.now;
    let Some(&newest) = rows.first() else {
        return (Role::Plain, Phrase::of(""));
    };
    if let Intent::Text(_) | Intent::Unreadable(_) = newest.operation.intent {
        return row(newest, now);
    }
    // An end is final, wherever it is written; a refused try on a check that is still open is not its state.
    let is_over = |row: &HistoryRow| matches!(&row.state, OpState::Settled(Settled::Verification { status, .. }) if !status.is_open());
    let decisive = rows
        .iter()
        .copied()
        .find(|row| is_over(row))
        .or_else(|| {
            let is_done =
                |row: &&HistoryRow| !matches!(row.state, OpState::Refused(_) | OpState::NotSent(_));
            rows.iter().copied().find(is_done)
        })
        .unwrap_or(newest);
    match &decisive.state {
        OpState::Settled(Settled::Verification {
            status: VerificationStatus::Approved,
            ..
        }) if !decisive.operation.intent.is_unreadable() => approved(model, rows),
        OpState::Settled(Settled::Verification {
            status: VerificationStatus::Pending,
            ..
        }) => {
            let wrong = rows.iter().filter(|row| row.was_wrong_code()).count();
            let expires = rows.iter().find_map(|row| expiry(row));
            let arrival = rows.iter().find_map(|row| match &row.state {
                OpState::Settled(Settled::Verification {
                    delivery: Some(delivery),
                    ..
                }) => Some(delivery),
                _ => None,
            });
            match (expires, arrival, wrong) {
                (Some(at), _, _) if now >= at => match rows.iter().find(|row| row.may_be_right()) {
                    Some(check) => row(check, now),
                    None => (Role::Wrong, phrase!("Expired")),
                },
                (_, _, n) if n >= MAX_CHECKS as usize => (Role::Wrong, phrase!("Five wrong codes")),
                (_, _, 1) => (Role::Working, phrase!("Waiting, 1 wrong code")),
                (_, _, n) if n > 1 => (Role::Working, phrase!("Waiting, {n} wrong codes", n = n)),
                (_, Some(arrival), _) if is_lost(arrival) => delivery(arrival),
                (
                    _,
                    Some(Delivery {
                        status: MessageStatus::Delivered,
                        ..
                    }),
                    _,
                ) => (Role::Working, phrase!("Waiting, delivered")),
                _ => (Role::Working, phrase!("Waiting for the code")),
            }
        }
        _ => row(decisive, now),
    }
}

/// The state of one operation.
pub fn row(row: &HistoryRow, now: Timestamp) -> State {
    if row.operation.intent.is_unreadable() {
        return match &row.state {
            OpState::Unknown(_) => (Role::Unknown, phrase!("Not known, not readable")),
            // How it stands for Twilio proves nothing of whom nobody can read.
            _ => (Role::Unknown, phrase!("Not readable")),
        };
    }
    match &row.state {
        OpState::Intended => (Role::Working, phrase!("Sending")),
        OpState::Unknown(_) => (Role::Unknown, phrase!("Not known, checking")),
        OpState::NotSent(_) => not_done(row),
        OpState::Refused(failure) if waited(row, failure, now) => not_done(row),
        OpState::Refused(failure) => (
            Role::Needs,
            Phrase::of(&catalogue::for_failure(failure).title),
        ),
        OpState::Settled(Settled::Text {
            status, error_code, ..
        }) => message(status, *error_code),
        OpState::Settled(Settled::Lookup { valid: true, .. }) => (Role::Done, phrase!("Exists")),
        OpState::Settled(Settled::Lookup { valid: false, .. }) => {
            (Role::Wrong, phrase!("Cannot exist"))
        }
        OpState::Settled(Settled::Verification {
            status, expires_at, ..
        }) => match status {
            VerificationStatus::Pending if row.was_wrong_code() => {
                (Role::Wrong, phrase!("Wrong code"))
            }
            VerificationStatus::Pending
                if matches!(row.operation.intent, Intent::VerifyCheck { .. }) =>
            {
                (Role::Unknown, phrase!("No answer came"))
            }
            VerificationStatus::Pending if expires_at.is_some_and(|at| now >= at) => {
                (Role::Wrong, phrase!("Expired"))
            }
            VerificationStatus::Pending => (Role::Done, phrase!("Sent")),
            VerificationStatus::Approved => approval(Approval::of(&[row], std::iter::empty())),
            VerificationStatus::Canceled => (Role::Wrong, phrase!("Stopped")),
            VerificationStatus::MaxAttemptsReached => (Role::Wrong, phrase!("Five wrong codes")),
            VerificationStatus::Expired => (Role::Wrong, phrase!("Expired")),
            VerificationStatus::Deleted => (Role::Wrong, phrase!("Closed elsewhere")),
            VerificationStatus::Failed => (Role::Needs, phrase!("Failed")),
            VerificationStatus::Other(word) => (Role::Working, foreign(word)),
        },
    }
}

/// The state of a verification that is approved, by its rows.
pub fn approved(model: &Model, rows: &[&HistoryRow]) -> State {
    approval(Approval::of(rows, model.known_rows()))
}

fn approval(approval: Approval) -> State {
    let word = match approval {
        Approval::Here => phrase!("Approved"),
        Approval::NotKnown => phrase!("Approved, not known by whom"),
        Approval::Elsewhere => phrase!("Approved elsewhere"),
    };
    (Role::Done, word)
}

fn not_done(row: &HistoryRow) -> State {
    let word = match row.operation.intent {
        Intent::VerifyCancel { .. } => phrase!("Not stopped"),
        Intent::VerifyCheck { .. } => phrase!("Not checked"),
        Intent::LookUp { .. } => phrase!("Not looked up"),
        _ => phrase!("Not sent"),
    };
    (Role::Needs, word)
}

/// Whether the wait that Twilio asked for is over, and too long ago for anything to come of it by itself.
fn waited(row: &HistoryRow, failure: &Failure, now: Timestamp) -> bool {
    let wait = failure
        .retry_after
        .filter(|_| failure.kind == FailureKind::RateLimit);
    wait.is_some_and(|n| is_overslept(row.updated_at + SignedDuration::from_secs(n.into()), now))
}

/// Whom, masked or in full.
pub fn recipient(to: Option<&Recipient>, in_full: bool) -> String {
    match to {
        None => "—".to_owned(),
        Some(Recipient::Phone(number)) if in_full => number.grouped(),
        Some(Recipient::Email(address)) if in_full => {
            crate::domain::untrusted::visible(address.as_str())
        }
        Some(to) => to.masked(),
    }
}

/// A time of day, or a day where it was not today.
pub fn when(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (then, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    if then.date() == today.date() {
        then.strftime("%H:%M").to_string()
    } else {
        then.strftime("%d %b").to_string()
    }
}

/// A time of day with seconds.
pub fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// A time of day.
pub fn hour(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

fn foreign(word: &str) -> Phrase {
    Phrase::verbatim(crate::domain::untrusted::visible(word))
}

fn expiry(row: &HistoryRow) -> Option<Timestamp> {
    match &row.state {
        OpState::Settled(Settled::Verification { expires_at, .. }) => *expires_at,
        _ => None,
    }
}
