//! What became of an operation, in a word or two for other programs: the screen's words, where Twilio's own
//! say too little.
//!
//! Twilio calls a code *pending* that was wrong, has expired or was stopped since. What is said here is what
//! the desk shows, in English and never changing, so that a spreadsheet and the screen agree.

use std::collections::BTreeMap;

use super::sid::VerificationSid;
use super::{HistoryRow, Intent, MessageStatus, OpState, Settled, Timestamp, VerificationStatus};

/// How the verifications of some rows ended, where their rows say so.
#[derive(Debug, Default)]
pub struct Ends<'a>(BTreeMap<&'a VerificationSid, &'a VerificationStatus>);

impl<'a> Ends<'a> {
    /// Of these rows, in any order: nothing follows an end.
    pub fn of(rows: &'a [HistoryRow]) -> Self {
        let readable = rows
            .iter()
            .filter(|row| !row.operation.intent.is_unreadable());
        let ended = readable.filter_map(|row| match &row.state {
            OpState::Settled(Settled::Verification { sid, status, .. }) if !status.is_open() => {
                Some((sid, status))
            }
            _ => None,
        });
        Self(ended.collect())
    }

    /// What became of the operation of a row.
    pub fn outcome(&self, row: &HistoryRow, now: Timestamp) -> String {
        if row.operation.intent.is_unreadable() {
            // How it stands for Twilio has a field of its own.
            let word = match &row.state {
                OpState::Settled(_) => "not readable",
                OpState::Intended | OpState::Unknown(_) => "not readable, not known",
                OpState::NotSent(_) => "not readable, not sent",
                OpState::Refused(_) => "not readable, refused",
            };
            return word.to_owned();
        }
        let word = match &row.state {
            OpState::Intended => "sending",
            OpState::Unknown(_) => "not known",
            OpState::NotSent(_) if matches!(row.operation.intent, Intent::LookUp { .. }) => {
                "not looked up"
            }
            OpState::NotSent(_) => "not sent",
            OpState::Refused(_) => "refused",
            OpState::Settled(Settled::Lookup { valid: true, .. }) => "exists",
            OpState::Settled(Settled::Lookup { valid: false, .. }) => "cannot exist",
            OpState::Settled(Settled::Text { status, .. }) => return status.as_str().to_owned(),
            OpState::Settled(Settled::Verification {
                sid,
                status,
                expires_at,
                delivery,
                ..
            }) => {
                let is_check = matches!(row.operation.intent, Intent::VerifyCheck { .. });
                let arrived = delivery.as_ref().map(|delivery| &delivery.status);
                let ended = self.0.get(sid).copied().filter(|_| !is_check);
                match (ended.unwrap_or(status), arrived) {
                    _ if row.has_no_answer() => "no answer came",
                    _ if row.was_wrong_code() => "wrong code",
                    (VerificationStatus::Pending, Some(MessageStatus::Undelivered)) => {
                        "undelivered"
                    }
                    (VerificationStatus::Pending, Some(MessageStatus::Failed)) => "failed",
                    (VerificationStatus::Pending, _) if expires_at.is_some_and(|at| now >= at) => {
                        "expired"
                    }
                    (VerificationStatus::Pending, Some(MessageStatus::Delivered)) => "delivered",
                    (VerificationStatus::Pending, _) => "code sent",
                    (VerificationStatus::Approved, _) => "approved",
                    (VerificationStatus::Canceled, _) => "stopped",
                    (VerificationStatus::MaxAttemptsReached, _) => "five wrong codes",
                    (VerificationStatus::Expired, _) => "expired",
                    (VerificationStatus::Deleted, _) => "closed elsewhere",
                    (VerificationStatus::Failed, _) => "failed",
                    (VerificationStatus::Other(word), _) => return word.clone(),
                }
            }
        };
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::operation::Delivery;
    use crate::domain::verification::NewVerification;
    use crate::domain::{
        OpId, Operation, PhoneNumber, Recipient, VerificationChannel, VerificationKey,
    };

    const MADE: Timestamp = Timestamp::UNIX_EPOCH;

    fn start(status: VerificationStatus, arrived: Option<MessageStatus>) -> HistoryRow {
        let to = Recipient::Phone(PhoneNumber::from_e164("+14155550123").unwrap());
        let service = format!("VA{:032x}", 1).parse().unwrap();
        let delivery = arrived.map(|status| Delivery {
            status,
            error_code: None,
            attempt: None,
            call: None,
            carrier: None,
        });
        HistoryRow {
            row: 1,
            operation: Operation {
                id: OpId { session: 1, seq: 1 },
                intent: Intent::VerifyStart(NewVerification::new(
                    service,
                    to,
                    VerificationChannel::Sms,
                )),
                at: MADE,
                account: None,
                home: None,
                ticket: None,
                agent: None,
                skew_seconds: None,
            },
            state: OpState::Settled(Settled::Verification {
                sid: format!("VE{:032x}", 1).parse().unwrap(),
                status,
                channel: VerificationChannel::Sms,
                sends: Some(1),
                expires_at: Some(MADE + jiff::SignedDuration::from_mins(10)),
                delivery,
                approved_at: None,
            }),
            updated_at: MADE,
            audit: None,
        }
    }

    fn check(status: VerificationStatus) -> HistoryRow {
        let mut row = start(status, None);
        if let (
            Intent::VerifyStart(start),
            OpState::Settled(Settled::Verification { sid, sends, .. }),
        ) = (row.operation.intent.clone(), &mut row.state)
        {
            *sends = None;
            row.operation.intent = Intent::VerifyCheck {
                service: start.service,
                key: VerificationKey::Sid(sid.clone()),
                to: Some(start.to),
            };
        }
        row
    }

    #[test]
    fn what_twilio_calls_pending_has_the_word_that_the_screen_has() {
        use VerificationStatus::{Approved, Canceled, Pending};
        for (rows, minutes, words) in [
            (vec![start(Pending, None)], 0, vec!["code sent"]),
            (vec![start(Pending, None)], 10, vec!["expired"]),
            (
                vec![start(Pending, Some(MessageStatus::Delivered))],
                0,
                vec!["delivered"],
            ),
            (
                vec![start(Pending, Some(MessageStatus::Undelivered))],
                10,
                vec!["undelivered"],
            ),
            (
                vec![check(Approved), check(Pending), start(Pending, None)],
                10,
                vec!["approved", "wrong code", "approved"],
            ),
            (vec![start(Canceled, None)], 0, vec!["stopped"]),
        ] {
            let now = MADE + jiff::SignedDuration::from_mins(minutes);
            let ends = Ends::of(&rows);
            let said: Vec<String> = rows.iter().map(|row| ends.outcome(row, now)).collect();
            assert_eq!(said, words);
        }
    }
}
