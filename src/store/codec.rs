//! Rows to values and back, without loss: what is written is read back equal.
//!
//! Columns hold what queries ask for; the rest travels as JSON in `intent` and `outcome`, in the shapes
//! of [`super::shape`].

mod mend;
mod salvage;
mod state;

use rusqlite::{Params, Row, ToSql};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub(super) use self::salvage::as_text;
use self::state::encode_state;
pub use self::state::is_open;
use super::error::StoreError;
use super::shape::{StoredIntent, StoredKey, StoredSender, StoredVerification};
use crate::domain::verification::{Compared, EmailAddress, NewVerification};
use crate::domain::{
    AuditNumber, HistoryRow, Intent, NewMessage, OpId, Operation, PhoneNumber, Recipient, Remains,
    Sender, Ticket, Timestamp, Untrusted, VerificationChannel, VerificationKey, Was,
};

/// The columns of a row, in the order of [`Stored::from_row`]; [`LINE`] comes after them.
pub const PLAIN: &str = "row, session, seq, at, kind, recipient, body, intent, state, sid, status, open, outcome, updated_at, account, ticket, agent, home, skew_seconds, print";

/// The last line of the audit about a row.
pub const LINE: &str = "(SELECT number FROM audit WHERE operation = session || '-' || seq ORDER BY number DESC LIMIT 1) AS line,
    (SELECT hash FROM audit WHERE operation = session || '-' || seq ORDER BY number DESC LIMIT 1)";

/// Writes a row; SQLite gives it its place.
pub const INSERT: &str = "INSERT INTO operations
    (session, seq, at, kind, recipient, body, intent, state, sid, status, open, outcome, updated_at,
     account, ticket, agent, home, skew_seconds, print)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";

/// How many bytes of a hash make a print.
const PRINT: usize = 8;

/// A row as it stands in the file.
pub struct Stored {
    row: i64,
    session: u32,
    seq: u32,
    at: String,
    pub kind: String,
    recipient: Option<String>,
    body: Option<String>,
    intent: String,
    pub state: String,
    pub sid: Option<String>,
    pub status: Option<String>,
    pub open: bool,
    pub outcome: Option<String>,
    pub updated_at: String,
    account: Option<String>,
    ticket: Option<String>,
    agent: Option<String>,
    home: Option<String>,
    skew_seconds: Option<i64>,
    print: Option<String>,
    audit: Option<(i64, String)>,
}

impl Stored {
    /// How many columns that are.
    pub const WIDTH: usize = 22;

    /// Reads [`PLAIN`] and [`LINE`].
    pub fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            row: row.get(0)?,
            session: row.get(1)?,
            seq: row.get(2)?,
            at: row.get(3)?,
            kind: row.get(4)?,
            recipient: row.get(5)?,
            body: row.get(6)?,
            intent: row.get(7)?,
            state: row.get(8)?,
            sid: row.get(9)?,
            status: row.get(10)?,
            open: row.get(11)?,
            outcome: row.get(12)?,
            updated_at: row.get(13)?,
            account: row.get(14)?,
            ticket: row.get(15)?,
            agent: row.get(16)?,
            home: row.get(17)?,
            skew_seconds: row.get(18)?,
            print: row.get(19)?,
            // A line that cannot be read is told by a look at the audit, and hides no operation.
            audit: row.get(20).ok().zip(row.get(21).ok()),
        })
    }

    /// The values of [`INSERT`].
    pub fn params(&self) -> impl Params + '_ {
        let values: [&dyn ToSql; 19] = [
            &self.session,
            &self.seq,
            &self.at,
            &self.kind,
            &self.recipient,
            &self.body,
            &self.intent,
            &self.state,
            &self.sid,
            &self.status,
            &self.open,
            &self.outcome,
            &self.updated_at,
            &self.account,
            &self.ticket,
            &self.agent,
            &self.home,
            &self.skew_seconds,
            &self.print,
        ];
        values
    }

    /// A value as a row.
    pub fn encode(value: &HistoryRow) -> Result<Self, StoreError> {
        let Operation {
            id,
            intent,
            at,
            account,
            home,
            ticket,
            agent,
            skew_seconds,
        } = &value.operation;
        let (sid, status, open, outcome) = encode_state(&value.state);
        let sid = match intent {
            // It is nobody else's.
            Intent::Unreadable(remains) => sid.or_else(|| remains.sid.clone()),
            _ => sid,
        };
        let mut stored = Self {
            row: value.row,
            session: id.session,
            seq: id.seq,
            at: at.to_string(),
            kind: intent.kind().to_owned(),
            recipient: intent.to().map(|to| to.as_str().to_owned()),
            body: match intent {
                Intent::Text(message) => Some(message.body.raw().to_owned()),
                Intent::Unreadable(remains) => {
                    remains.body.as_ref().map(|body| body.raw().to_owned())
                }
                _ => None,
            },
            intent: to_json(&encode_intent(intent))?,
            state: value.state.word().to_owned(),
            sid,
            status,
            open,
            outcome: outcome.as_ref().map(to_json).transpose()?,
            updated_at: value.updated_at.to_string(),
            account: account.as_ref().map(ToString::to_string),
            ticket: ticket.as_ref().map(ToString::to_string),
            agent: agent.clone(),
            home: home.clone(),
            // A clock that is centuries off tells nothing, and would make the row unreadable.
            skew_seconds: skew_seconds.filter(|&seconds| may_be_ahead(seconds)),
            print: None,
            audit: None,
        };
        stored.print = Some(stored.printed()?);
        Ok(stored)
    }

    /// A row as a value.
    pub fn decode(self) -> Result<HistoryRow, StoreError> {
        let row = self.row;
        self.decoded()
            .ok_or_else(|| StoreError::damaged(format!("row {row} cannot be read")))
    }

    /// A print of what was asked for, of which none changes after it was written, and of that with its number.
    fn printed(&self) -> Result<String, StoreError> {
        let asked = self.print_of_what_was_asked()?;
        let numbered = print_of(&(self.session, self.seq, &asked))?;
        Ok(asked + &numbered)
    }

    fn print_of_what_was_asked(&self) -> Result<String, StoreError> {
        print_of(&(
            (
                &self.at,
                &self.kind,
                &self.recipient,
                &self.body,
                &self.intent,
            ),
            (&self.account, &self.ticket, &self.agent, &self.home),
            self.skew_seconds,
        ))
    }

    /// Whether it is what was written, where that can be told.
    fn is_as_printed(&self) -> bool {
        let print = self.print.as_ref();
        print.is_none_or(|print| self.printed().is_ok_and(|now| now == *print))
    }

    /// The same but for its number, which may be known by its neighbours.
    fn asks_as_printed(&self) -> bool {
        let Some(print) = self.print.as_ref() else {
            return true;
        };
        self.print_of_what_was_asked()
            .is_ok_and(|asked| print.starts_with(&asked))
    }

    fn decoded(self) -> Option<HistoryRow> {
        if !self.is_as_printed() {
            return None;
        }
        Some(HistoryRow {
            row: self.row,
            operation: Operation {
                id: OpId {
                    session: self.session,
                    seq: self.seq,
                },
                intent: self.decode_intent()?,
                at: reckonable(self.at.parse().ok()?)?,
                account: match &self.account {
                    Some(account) => Some(account.parse().ok()?),
                    None => None,
                },
                ticket: match &self.ticket {
                    Some(ticket) => Some(Ticket::parse(ticket).ok()?),
                    None => None,
                },
                agent: self.agent.clone(),
                home: self.home.clone(),
                skew_seconds: match self.skew_seconds {
                    Some(seconds) if !may_be_ahead(seconds) => return None,
                    seconds => seconds,
                },
            },
            state: self.decode_state()?,
            updated_at: reckonable(self.updated_at.parse().ok()?)?,
            audit: self
                .audit
                .as_ref()
                .map(|(number, hash)| AuditNumber::new(*number, hash)),
        })
    }

    fn decode_intent(&self) -> Option<Intent> {
        let to = match &self.recipient {
            Some(text) => Some(recipient(text)?),
            None => None,
        };
        Some(match serde_json::from_str(&self.intent).ok()? {
            StoredIntent::Text {
                sender,
                validity_seconds,
                send_at,
                smart_encoded,
            } => Intent::Text(NewMessage {
                to: match to? {
                    Recipient::Phone(number) => number,
                    Recipient::Email(_) => return None,
                },
                sender: match sender {
                    StoredSender::Number(text) => {
                        Sender::Number(PhoneNumber::from_e164(&text).ok()?)
                    }
                    StoredSender::Name(text) => Sender::Name(text),
                    StoredSender::Service(text) => Sender::Service(text.parse().ok()?),
                },
                body: Untrusted::new(self.body.clone()?),
                validity_seconds,
                send_at: match send_at {
                    Some(at) => Some(reckonable(at)?),
                    None => None,
                },
                smart_encoded,
            }),
            StoredIntent::VerifyStart {
                service,
                channel,
                locale,
                send_digits,
                tags,
                on_file,
            } => Intent::VerifyStart(NewVerification {
                service: service.parse().ok()?,
                to: to?,
                channel: VerificationChannel::from_wire(&channel),
                locale,
                send_digits,
                tags,
                on_file: on_file.as_deref().and_then(Compared::parse),
            }),
            StoredIntent::VerifyCheck(one) => Intent::VerifyCheck {
                service: one.service.parse().ok()?,
                key: one.key.decode()?,
                to: if one.recipient_known { Some(to?) } else { None },
            },
            StoredIntent::VerifyCancel(one) => Intent::VerifyCancel {
                service: one.service.parse().ok()?,
                key: one.key.decode()?,
                to: if one.recipient_known { Some(to?) } else { None },
            },
            StoredIntent::LookUp { line_type } => Intent::LookUp {
                number: match to? {
                    Recipient::Phone(number) => number,
                    Recipient::Email(_) => return None,
                },
                line_type,
            },
            StoredIntent::Unreadable {
                was,
                channel,
                sid,
                service,
            } => Intent::Unreadable(Remains {
                was: was.as_deref().and_then(Was::parse),
                to,
                body: self.body.clone().map(Untrusted::new),
                channel: channel.as_deref().map(VerificationChannel::from_wire),
                sid,
                service: service.and_then(|service| service.parse().ok()),
            }),
        })
    }
}

fn encode_intent(intent: &Intent) -> StoredIntent {
    let one = |service: &crate::domain::sid::VerifyServiceSid, key: &VerificationKey, known| {
        StoredVerification {
            service: service.to_string(),
            key: StoredKey::encode(key),
            recipient_known: known,
        }
    };
    match intent {
        Intent::Text(message) => StoredIntent::Text {
            sender: match &message.sender {
                Sender::Number(number) => StoredSender::Number(number.e164().to_owned()),
                Sender::Name(name) => StoredSender::Name(name.clone()),
                Sender::Service(sid) => StoredSender::Service(sid.to_string()),
            },
            validity_seconds: message.validity_seconds,
            send_at: message.send_at,
            smart_encoded: message.smart_encoded,
        },
        Intent::VerifyStart(verification) => StoredIntent::VerifyStart {
            service: verification.service.to_string(),
            channel: verification.channel.as_str().to_owned(),
            locale: verification.locale.clone(),
            send_digits: verification.send_digits.clone(),
            tags: verification.tags.clone(),
            on_file: verification
                .on_file
                .map(|compared| compared.word().to_owned()),
        },
        Intent::VerifyCheck { service, key, to } => {
            StoredIntent::VerifyCheck(one(service, key, to.is_some()))
        }
        Intent::VerifyCancel { service, key, to } => {
            StoredIntent::VerifyCancel(one(service, key, to.is_some()))
        }
        Intent::LookUp { line_type, .. } => StoredIntent::LookUp {
            line_type: *line_type,
        },
        Intent::Unreadable(remains) => StoredIntent::Unreadable {
            was: remains.was.map(|was| was.word().to_owned()),
            channel: remains.channel.as_ref().map(|way| way.as_str().to_owned()),
            sid: remains.sid.clone(),
            service: remains.service.as_ref().map(ToString::to_string),
        },
    }
}

/// A moment so near that nothing that is reckoned from it leaves the calendar: no other was ever written.
pub(super) fn reckonable(at: Timestamp) -> Option<Timestamp> {
    /// The years -1000 and 9000.
    const NEAR: std::ops::Range<i64> = -93_724_128_000..221_845_392_000;
    NEAR.contains(&at.as_second()).then_some(at)
}

/// What a clock may be ahead: nothing that is reckoned with two of them from a reckonable moment leaves the calendar.
fn may_be_ahead(seconds: i64) -> bool {
    /// Some 475 years.
    const MOST: u64 = 15_000_000_000;
    seconds.unsigned_abs() <= MOST
}

/// A number is told from an address by its form alone: an address has an @.
fn recipient(text: &str) -> Option<Recipient> {
    PhoneNumber::from_e164(text)
        .map(Recipient::Phone)
        .or_else(|_| EmailAddress::parse(text).map(Recipient::Email))
        .ok()
}

impl StoredKey {
    fn encode(key: &VerificationKey) -> Self {
        match key {
            VerificationKey::Sid(sid) => Self::Sid(sid.to_string()),
            VerificationKey::To(to) => Self::To(to.as_str().to_owned()),
        }
    }

    fn decode(self) -> Option<VerificationKey> {
        Some(match self {
            Self::Sid(text) => VerificationKey::Sid(text.parse().ok()?),
            Self::To(text) => VerificationKey::To(recipient(&text)?),
        })
    }
}

fn print_of(value: &impl Serialize) -> Result<String, StoreError> {
    let digest = Sha256::digest(to_json(value)?.as_bytes());
    let hex = digest.iter().take(PRINT).map(|byte| format!("{byte:02x}"));
    Ok(hex.collect())
}

fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Broken(Box::new(error)))
}

#[cfg(test)]
mod tests;
