//! What the audit of a damaged history tells of its operations.
//!
//! A line without a key counts where its hash is its own. The key of one that has a key is not at hand while a history
//! is opened: such a line counts where the lines beside it have its hash, and what it tells is looked up at Twilio
//! before anybody relies on it.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::domain::message::MessageStatus;
use crate::domain::operation::Delivery;
use crate::domain::{
    Failure, OpId, OpState, Settled, Timestamp, VerificationChannel, VerificationStatus,
};
use crate::store::audit::{Event, Line, SELECT, failure_kind};
use crate::store::codec::reckonable;

/// What it tells of an operation.
#[derive(Debug, Clone)]
pub struct Told {
    /// The line that tells of it first.
    pub first: i64,
    /// When it was begun.
    pub begun: Option<Timestamp>,
    /// The line that tells of it last.
    pub last: Line,
}

impl Told {
    /// When it was begun, and when it was told of last. What was carried into the audit began earlier.
    pub fn times(&self) -> [Option<Timestamp>; 2] {
        let last = (!self.last.is(Event::Carried)).then(|| time(&self.last));
        [self.begun, last.flatten()]
    }

    /// It was deleted since.
    pub fn is_gone(&self) -> bool {
        self.last.removes()
    }

    /// How it stands.
    pub fn state(&self) -> Option<OpState> {
        let line = &self.last;
        let error_code = line.error_code.as_ref().and_then(|code| code.parse().ok());
        let outcome = line.outcome.as_deref();
        let failure = || {
            let kind = failure_kind(outcome?)?;
            let mut failure = Failure::new(kind, "What came of it is told by the audit alone.");
            failure.code = error_code;
            Some(failure)
        };
        Some(match line.state.as_deref()? {
            "intended" => OpState::Intended,
            "not_sent" => OpState::NotSent(failure()?),
            "refused" => OpState::Refused(failure()?),
            "unknown" => OpState::Unknown(failure()?),
            "settled" => OpState::Settled(match line.sid.as_deref() {
                None => Settled::Lookup {
                    valid: match outcome? {
                        "valid" => true,
                        "not valid" => false,
                        _ => return None,
                    },
                    validation_errors: Vec::new(),
                    country: None,
                    line_type: None,
                    carrier: None,
                },
                Some(sid) if sid.starts_with("VE") => {
                    let (status, arrived) = match outcome?.split_once(", code ") {
                        Some((status, arrived)) => (status, Some(arrived)),
                        None => (outcome?, None),
                    };
                    Settled::Verification {
                        sid: sid.parse().ok()?,
                        status: VerificationStatus::from_wire(status),
                        channel: VerificationChannel::Other("not readable".to_owned()),
                        sends: None,
                        expires_at: None,
                        delivery: arrived.map(|word| Delivery {
                            status: MessageStatus::from_wire(word),
                            error_code,
                            attempt: None,
                            call: None,
                            carrier: None,
                        }),
                        approved_at: None,
                    }
                }
                Some(sid) => Settled::Text {
                    sid: sid.parse().ok()?,
                    status: MessageStatus::from_wire(outcome?),
                    error_code,
                    segments: None,
                },
            }),
            _ => return None,
        })
    }
}

/// All that it tells, by operation; nothing where there is none.
pub fn all(connection: &Connection) -> BTreeMap<OpId, Told> {
    let lines = lines(connection);
    let mut told: BTreeMap<OpId, Told> = BTreeMap::new();
    for (number, line) in &lines {
        let Some(op) = line.operation_id.as_deref().and_then(operation) else {
            continue;
        };
        if !is_to_be_believed(line, &lines) {
            continue;
        }
        let known = told.entry(op).or_insert_with(|| Told {
            first: *number,
            begun: None,
            last: line.clone(),
        });
        if line.is(Event::Intended) {
            known.begun = time(line);
        }
        known.last = line.clone();
    }
    told
}

/// From the newest back, and from the oldest on, each up to the damage.
fn lines(connection: &Connection) -> BTreeMap<i64, Line> {
    let mut lines = BTreeMap::new();
    for order in ["DESC", "ASC"] {
        let question = format!("{SELECT} WHERE number > 0 ORDER BY number {order}");
        let Ok(mut found) = connection.prepare(&question) else {
            continue;
        };
        let Ok(mut found) = found.query([]) else {
            continue;
        };
        while let Ok(Some(row)) = found.next() {
            if let Ok(line) = Line::from_row(row) {
                lines.insert(line.number, line);
            }
        }
    }
    lines
}

fn is_to_be_believed(line: &Line, lines: &BTreeMap<i64, Line>) -> bool {
    if line.key.is_none() {
        return line.sealed(None).is_ok_and(|hash| hash == line.hash);
    }
    let beside = |by: i64| line.number.checked_add(by).and_then(|at| lines.get(&at));
    beside(-1).is_none_or(|before| before.hash == line.previous)
        && beside(1).is_none_or(|after| after.previous == line.hash)
}

fn time(line: &Line) -> Option<Timestamp> {
    line.at.parse().ok().and_then(reckonable)
}

/// As [`OpId`] shows itself.
fn operation(text: &str) -> Option<OpId> {
    let (session, seq) = text.split_once('-')?;
    Some(OpId {
        session: session.parse().ok()?,
        seq: seq.parse().ok()?,
    })
}
