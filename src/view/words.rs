//! States in words: each one a meaning and a word, the same on every pane.

use jiff::tz::TimeZone;

use crate::domain::catalogue;
use crate::domain::operation::Delivery;
use crate::domain::verification::MAX_CHECKS;
use crate::domain::{
    HistoryRow, Intent, MessageStatus, OpState, Recipient, Settled, Timestamp, VerificationChannel,
    VerificationStatus,
};

use super::theme::Role;

/// A state: its meaning, and a word or a few.
pub type State = (Role, String);

/// A channel, in a word.
pub fn channel(channel: &VerificationChannel) -> &str {
    match channel {
        VerificationChannel::Sms => "SMS",
        VerificationChannel::Call => "call",
        VerificationChannel::WhatsApp => "WhatsApp",
        VerificationChannel::Email => "email",
        VerificationChannel::Other(word) => word,
    }
}

/// The state of a text.
pub fn message(status: &MessageStatus, error_code: Option<u32>) -> State {
    match status {
        MessageStatus::Scheduled => (Role::Working, "Scheduled".into()),
        MessageStatus::Accepted | MessageStatus::Queued | MessageStatus::Sending => {
            (Role::Working, "On its way".into())
        }
        MessageStatus::Sent => (Role::Done, "Sent".into()),
        MessageStatus::Delivered => (Role::Done, "Delivered".into()),
        MessageStatus::Read => (Role::Done, "Read".into()),
        MessageStatus::Undelivered | MessageStatus::Failed => {
            (Role::Needs, reason("Not delivered", error_code))
        }
        MessageStatus::Canceled => (Role::Wrong, "Cancelled".into()),
        MessageStatus::Receiving | MessageStatus::Received => (Role::Done, "Received".into()),
        MessageStatus::Other(word) => (Role::Working, crate::domain::untrusted::visible(word)),
    }
}

/// What is known of the arrival of a code.
pub fn delivery(delivery: &Delivery) -> State {
    message(&delivery.status, delivery.error_code)
}

/// The state of an entry of the history: its rows, newest first.
pub fn entry(rows: &[&HistoryRow], now: Timestamp) -> State {
    let Some(&newest) = rows.first() else {
        return (Role::Plain, String::new());
    };
    if let Intent::Text(_) = newest.operation.intent {
        return row(newest, now);
    }
    // A refused try on a check that is still open is not the state of the check.
    let decisive = rows
        .iter()
        .copied()
        .find(|row| !matches!(row.state, OpState::Refused(_) | OpState::NotSent(_)))
        .unwrap_or(newest);
    match &decisive.state {
        OpState::Settled(Settled::Verification {
            status: VerificationStatus::Pending,
            ..
        }) => {
            let wrong = rows
                .iter()
                .filter(|row| matches!(row.operation.intent, Intent::VerifyCheck { .. }))
                .count();
            let expires = rows.iter().find_map(|row| expiry(row));
            let arrival = rows.iter().find_map(|row| match &row.state {
                OpState::Settled(Settled::Verification {
                    delivery: Some(delivery),
                    ..
                }) => Some(delivery),
                _ => None,
            });
            match (expires, arrival, wrong) {
                (Some(at), _, _) if now >= at => (Role::Wrong, "Expired".into()),
                (_, _, n) if n >= MAX_CHECKS as usize => (Role::Wrong, "Five wrong codes".into()),
                (_, _, 1) => (Role::Working, "Waiting, 1 wrong code".into()),
                (_, _, n) if n > 1 => (Role::Working, format!("Waiting, {n} wrong codes")),
                (_, Some(arrival), _)
                    if matches!(
                        arrival.status,
                        MessageStatus::Undelivered | MessageStatus::Failed
                    ) =>
                {
                    delivery(arrival)
                }
                (
                    _,
                    Some(Delivery {
                        status: MessageStatus::Delivered,
                        ..
                    }),
                    _,
                ) => (Role::Working, "Waiting, delivered".into()),
                _ => (Role::Working, "Waiting for the code".into()),
            }
        }
        _ => row(decisive, now),
    }
}

/// The state of one operation.
pub fn row(row: &HistoryRow, now: Timestamp) -> State {
    match &row.state {
        OpState::Intended => (Role::Working, "Sending".into()),
        OpState::Unknown(_) => (Role::Unknown, "Not known, checking".into()),
        OpState::NotSent(_) => (Role::Needs, "Not sent".into()),
        OpState::Refused(failure) => (Role::Needs, catalogue::for_failure(failure).title.clone()),
        OpState::Settled(Settled::Text {
            status, error_code, ..
        }) => message(status, *error_code),
        OpState::Settled(Settled::Lookup { valid: true, .. }) => (Role::Done, "Exists".into()),
        OpState::Settled(Settled::Lookup { valid: false, .. }) => {
            (Role::Wrong, "Cannot exist".into())
        }
        OpState::Settled(Settled::Verification {
            status, expires_at, ..
        }) => match status {
            VerificationStatus::Pending
                if matches!(row.operation.intent, Intent::VerifyCheck { .. }) =>
            {
                (Role::Wrong, "Wrong code".into())
            }
            VerificationStatus::Pending if expires_at.is_some_and(|at| now >= at) => {
                (Role::Wrong, "Expired".into())
            }
            VerificationStatus::Pending => (Role::Done, "Code sent".into()),
            VerificationStatus::Approved => (Role::Done, "Approved".into()),
            VerificationStatus::Canceled => (Role::Wrong, "Stopped".into()),
            VerificationStatus::MaxAttemptsReached => (Role::Wrong, "Five wrong codes".into()),
            VerificationStatus::Expired | VerificationStatus::Deleted => {
                (Role::Wrong, "Expired".into())
            }
            VerificationStatus::Failed => (Role::Needs, "Failed".into()),
            VerificationStatus::Other(word) => {
                (Role::Working, crate::domain::untrusted::visible(word))
            }
        },
    }
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

fn reason(word: &str, error_code: Option<u32>) -> String {
    error_code.map_or_else(|| word.to_owned(), |code| format!("{word}, {code}"))
}

fn expiry(row: &HistoryRow) -> Option<Timestamp> {
    match &row.state {
        OpState::Settled(Settled::Verification { expires_at, .. }) => *expires_at,
        _ => None,
    }
}
