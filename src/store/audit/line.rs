//! A line of the audit, what is said in it, and its hash.
//!
//! The hash is taken over the JSON array of everything else in the line, in the order of the export, so
//! that no two different lines have the same text, and so that anyone can take it again with the tools of
//! any language. Only words of ours and of Twilio's that we know get in: what Twilio may write freely does
//! not, since it could name somebody.

use rusqlite::Row;
use serde::Serialize;

use super::key::{Key, plain};
use crate::domain::remains::UNREADABLE;
use crate::domain::{
    AuditNumber, FailureKind, HistoryRow, Intent, MessageStatus, OpState, Settled,
    VerificationStatus,
};
use crate::store::StoreError;

/// The hash before the first line.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// An operation was written down, before anything was sent.
    Intended,
    /// Its outcome was written down, or news of it.
    Settled,
    /// Its process had ended before an answer came.
    Recovered,
    /// Its outcome was not known, and it was found at Twilio.
    Adopted,
    /// It was deleted from the history, by hand.
    Deleted,
    /// It was deleted from the history, for its age.
    Forgotten,
    /// It stood in the history before there was an audit.
    Carried,
    /// From here on the hashes are made with a key.
    Keyed,
    /// A person took the record as it is, after it had been put back.
    Accepted,
    /// What comes after was read of a damaged history, which is kept aside.
    Rescued,
}

impl Event {
    fn word(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Settled => "settled",
            Self::Recovered => "recovered",
            Self::Adopted => "adopted",
            Self::Deleted => "deleted",
            Self::Forgotten => "forgotten",
            Self::Carried => "carried",
            Self::Keyed => "keyed",
            Self::Accepted => "accepted",
            Self::Rescued => "rescued",
        }
    }
}

/// What a line says besides its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub event: Event,
    pub operation: Option<String>,
    pub kind: Option<String>,
    pub state: Option<String>,
    pub outcome: Option<String>,
    pub sid: Option<String>,
    pub error: Option<u32>,
}

impl Entry {
    /// About the chain itself.
    pub fn of_chain(event: Event) -> Self {
        Self {
            event,
            operation: None,
            kind: None,
            state: None,
            outcome: None,
            sid: None,
            error: None,
        }
    }

    /// About the file that the history before this one is kept as.
    pub fn of_aside(name: &str) -> Self {
        Self {
            outcome: Some(name.to_owned()),
            ..Self::of_chain(Event::Rescued)
        }
    }

    /// About an operation as it then stands.
    pub fn of(event: Event, row: &HistoryRow) -> Self {
        let (outcome, sid, error) = match &row.state {
            OpState::Intended => (None, None, None),
            OpState::Settled(Settled::Text {
                sid,
                status,
                error_code,
                ..
            }) => (
                Some(of_text(status).to_owned()),
                Some(sid.to_string()),
                *error_code,
            ),
            OpState::Settled(Settled::Verification {
                sid,
                status,
                delivery,
                ..
            }) => {
                let status = of_verification(status);
                let outcome = match delivery {
                    Some(delivery) => format!("{status}, code {}", of_text(&delivery.status)),
                    None => status.to_owned(),
                };
                let error = delivery.as_ref().and_then(|delivery| delivery.error_code);
                (Some(outcome), Some(sid.to_string()), error)
            }
            OpState::Settled(Settled::Lookup { valid, .. }) => {
                let word = if *valid { "valid" } else { "not valid" };
                (Some(word.to_owned()), None, None)
            }
            OpState::NotSent(failure) | OpState::Refused(failure) | OpState::Unknown(failure) => (
                Some(of_failure(failure.kind).to_owned()),
                None,
                failure.code,
            ),
        };
        let sid = match &row.operation.intent {
            Intent::Unreadable(remains) => sid.or_else(|| remains.sid.clone()),
            _ => sid,
        };
        Self {
            event,
            operation: Some(row.operation.id.to_string()),
            kind: Some(row.operation.intent.kind().to_owned()),
            state: Some(row.state.word().to_owned()),
            outcome,
            sid,
            error,
        }
    }
}

fn of_text(status: &MessageStatus) -> &str {
    match status {
        MessageStatus::Other(_) => "other",
        known => known.as_str(),
    }
}

fn of_verification(status: &VerificationStatus) -> &str {
    match status {
        VerificationStatus::Other(_) => "other",
        known => known.as_str(),
    }
}

fn of_failure(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::InvalidRecipient => "invalid_recipient",
        FailureKind::InvalidCode => "invalid_code",
        FailureKind::Refused => "refused",
        FailureKind::NotFound => "not_found",
        FailureKind::RateLimit => "rate_limit",
        FailureKind::Credentials => "credentials",
        FailureKind::NotSent => "not_sent",
        FailureKind::NoAnswer => "no_answer",
        FailureKind::NoTrace => "no_trace",
        FailureKind::OutcomeUnknown => "outcome_unknown",
        FailureKind::Store => "store",
        FailureKind::Vault => "vault",
        FailureKind::Policy => "policy",
        FailureKind::Internal => "internal",
    }
}

/// The kind of failure that a line has this word for.
pub fn failure_kind(word: &str) -> Option<FailureKind> {
    [
        FailureKind::InvalidRecipient,
        FailureKind::InvalidCode,
        FailureKind::Refused,
        FailureKind::NotFound,
        FailureKind::RateLimit,
        FailureKind::Credentials,
        FailureKind::NotSent,
        FailureKind::NoAnswer,
        FailureKind::NoTrace,
        FailureKind::OutcomeUnknown,
        FailureKind::Store,
        FailureKind::Vault,
        FailureKind::Policy,
        FailureKind::Internal,
    ]
    .into_iter()
    .find(|kind| of_failure(*kind) == word)
}

/// A line as it stands in the file and in the export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its place: the first line is 1.
    pub number: i64,
    /// When, by the clock of this machine.
    pub at: String,
    /// What happened.
    pub event: String,
    /// The operation, as session-seq.
    pub operation_id: Option<String>,
    /// What was asked for.
    pub kind: Option<String>,
    /// The state of the operation after the event.
    pub state: Option<String>,
    /// Twilio's word for how it stands, or the kind of the failure.
    pub outcome: Option<String>,
    /// Twilio's name for it.
    pub sid: Option<String>,
    /// Twilio's error code.
    pub error_code: Option<String>,
    /// The name of the key that the hash was made with.
    pub key: Option<String>,
    /// The hash of the line before.
    pub previous: String,
    /// The hash of this line.
    pub hash: String,
}

/// Reads lines, in the order of [`Line::from_row`].
pub const SELECT: &str = "SELECT number, at, event, operation, kind, state, outcome, sid, error, key, previous, hash FROM audit";

/// Writes a line.
pub const INSERT: &str = "INSERT INTO audit
    (number, at, event, operation, kind, state, outcome, sid, error, key, previous, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

impl Line {
    /// The line that comes after `last`, sealed with the key where there is one.
    pub fn after(
        last: &Point,
        entry: Entry,
        at: String,
        key: Option<&Key>,
    ) -> Result<Self, StoreError> {
        let mut line = Self {
            number: last.number.saturating_add(1),
            at,
            event: entry.event.word().to_owned(),
            operation_id: entry.operation,
            kind: entry.kind,
            state: entry.state,
            outcome: entry.outcome,
            sid: entry.sid,
            error_code: entry.error.map(|code| code.to_string()),
            key: key.map(|key| key.name().to_owned()),
            previous: last.hash.clone(),
            hash: String::new(),
        };
        line.hash = line.sealed(key)?;
        Ok(line)
    }

    /// The hash that it should have.
    pub fn sealed(&self, key: Option<&Key>) -> Result<String, StoreError> {
        let text = serde_json::to_string(&(
            self.number,
            &self.at,
            &self.event,
            &self.operation_id,
            &self.kind,
            &self.state,
            &self.outcome,
            &self.sid,
            &self.error_code,
            &self.key,
            &self.previous,
        ))
        .map_err(|error| StoreError::Broken(error.into()))?;
        Ok(key.map_or_else(|| plain(&text), |key| key.seal(&text)))
    }

    /// Reads `SELECT`.
    pub fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let error: Option<i64> = row.get(8)?;
        Ok(Self {
            number: row.get(0)?,
            at: row.get(1)?,
            event: row.get(2)?,
            operation_id: row.get(3)?,
            kind: row.get(4)?,
            state: row.get(5)?,
            outcome: row.get(6)?,
            sid: row.get(7)?,
            error_code: error.map(|code| code.to_string()),
            key: row.get(9)?,
            previous: row.get(10)?,
            hash: row.get(11)?,
        })
    }

    /// How it is quoted.
    pub fn quoted(&self) -> AuditNumber {
        AuditNumber::new(self.number, &self.hash)
    }

    /// The point in the chain that it makes.
    pub fn point(&self) -> Point {
        Point {
            number: self.number,
            hash: self.hash.clone(),
        }
    }

    /// Whether it says the same of its operation.
    pub fn says(&self, entry: &Entry) -> bool {
        self.kind == entry.kind
            && self.state == entry.state
            && self.outcome == entry.outcome
            && self.sid == entry.sid
            && self.error_code == entry.error.map(|code| code.to_string())
    }

    /// Whether it says the same of its operation as another line.
    pub fn agrees(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.state == other.state
            && self.outcome == other.outcome
            && self.sid == other.sid
            && self.error_code == other.error_code
    }

    /// Whether it is of this event.
    pub fn is(&self, event: Event) -> bool {
        event.word() == self.event
    }

    /// Whether nobody can read any more what its operation was.
    pub fn is_unreadable(&self) -> bool {
        self.kind.as_deref() == Some(UNREADABLE)
    }

    /// Whether its operation is gone from the history since.
    pub fn removes(&self) -> bool {
        self.is(Event::Deleted) || self.is(Event::Forgotten)
    }
}

/// A place in the chain: up to here it was so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The number of a line; 0 is before the first.
    pub number: i64,
    /// Its hash.
    pub hash: String,
}

impl Point {
    /// As the keyring keeps it.
    pub fn to_text(&self) -> String {
        format!("{} {}", self.number, self.hash)
    }

    /// Reads what [`Point::to_text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, hash) = text.split_once(' ')?;
        let is_hash =
            hash.len() == START.len() && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then_some(Self {
            number: number.parse().ok()?,
            hash: hash.to_owned(),
        })
    }
}

impl Default for Point {
    fn default() -> Self {
        Self {
            number: 0,
            hash: START.to_owned(),
        }
    }
}
