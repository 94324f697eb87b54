//! What a rescue makes of a row of which a part says what cannot be.
//!
//! A time that cannot be read is told by what stands next to it, and what came of the operation is then not known, so
//! that it is looked up. A byte that no text can have is an ASCII one whose highest bit has turned over. Where it cannot
//! be read whom it was for or what was asked, what is left of it goes on and says so.

use rusqlite::Row;

use super::{Stored, may_be_ahead, recipient, reckonable, to_json};
use crate::domain::sid::{MessageSid, VerificationSid};
use crate::domain::{
    Failure, FailureKind, HistoryRow, Intent, OpId, OpState, Operation, Remains, Ticket, Timestamp,
    Untrusted, VerificationChannel, Was,
};
use crate::store::rescue::Told;
use crate::store::shape::{StoredIntent, StoredOutcome};

/// How an operation stands of which nothing tells that.
fn not_readable(kind: FailureKind) -> Failure {
    Failure::new(
        kind,
        "What came of it cannot be read in the damaged history.",
    )
}

impl Stored {
    /// Reads the row of an operation as far as it goes. `told` is what the audit tells of it; `near` is the time of a
    /// row beside it.
    pub fn salvaged(
        row: &Row<'_>,
        op: OpId,
        told: Option<&Told>,
        near: Timestamp,
        mends: &mut u32,
    ) -> Option<HistoryRow> {
        // What is no text in the place of one cannot be read.
        for column in [5, 6, 7, 14, 15, 16, 17] {
            row.get_ref(column).ok()?.as_bytes_or_null().ok()?;
        }
        let mut stored = Self::parts(row, op, told, near);
        if !stored.asks_as_printed() {
            // Where it is not single bits, looking for them takes long and finds none.
            *mends = mends.checked_sub(1)?;
            stored = stored.turned_back()?;
            *mends += 1;
        }
        stored.print = None;
        if stored.decode_state().is_none() {
            stored.is_not_known()?;
        }
        stored.decode().ok()
    }

    /// All of it can be read, and something of it is not what was written, nobody can tell what.
    fn is_deceptive(&self) -> bool {
        !self.asks_as_printed() && self.decode_intent().is_some()
    }

    /// Each column by itself.
    fn parts(row: &Row<'_>, op: OpId, told: Option<&Told>, near: Timestamp) -> Self {
        let text = |column| row.get::<_, Option<String>>(column).ok().flatten();
        let mended = |column| turned_back(row, column).ok().flatten();
        let time = |column| text(column)?.parse().ok().and_then(reckonable);
        let [at, updated_at] = times([time(3), time(13)], told, near);
        Self {
            row: row.get(0).unwrap_or_default(),
            session: op.session,
            seq: op.seq,
            at: at.to_string(),
            kind: mended(4).unwrap_or_default(),
            recipient: mended(5),
            body: mended(6),
            intent: mended(7).unwrap_or_default(),
            state: text(8).unwrap_or_default(),
            sid: text(9),
            status: text(10),
            open: row.get(11).unwrap_or_default(),
            outcome: text(12),
            updated_at: updated_at.to_string(),
            account: mended(14),
            ticket: mended(15),
            agent: mended(16),
            home: mended(17),
            // Where it is not known, any clock may have been right.
            print: text(19),
            skew_seconds: (row.get(18).ok().flatten()).filter(|&seconds| may_be_ahead(seconds)),
            audit: None,
        }
    }

    /// Without whatever was asked for.
    fn bare(self) -> Self {
        Self {
            recipient: None,
            body: None,
            intent: String::new(),
            account: None,
            ticket: None,
            agent: None,
            home: None,
            ..self
        }
    }

    fn is_not_known(&mut self) -> Option<()> {
        // A look-up changed nothing, so there is nothing to be found out.
        let (state, kind) = match serde_json::from_str(&self.intent).ok()? {
            StoredIntent::LookUp { .. } => ("not_sent", FailureKind::NotSent),
            _ => ("unknown", FailureKind::OutcomeUnknown),
        };
        let outcome = StoredOutcome::Failure(not_readable(kind));
        state.clone_into(&mut self.state);
        self.outcome = Some(to_json(&outcome).ok()?);
        Some(())
    }

    /// What is left of an operation of which nobody can read what was asked for: of its row, where there is one, and
    /// of what the audit tells.
    pub fn left_of(
        row: Option<&Row<'_>>,
        op: OpId,
        told: Option<&Told>,
        near: Timestamp,
    ) -> HistoryRow {
        let stored = row.map(|row| Self::parts(row, op, told, near));
        let [at, updated_at] = match &stored {
            Some(stored) => [&stored.at, &stored.updated_at].map(|at| at.parse().unwrap_or(near)),
            None => times([None, None], told, near),
        };
        // Neither whom nor what it names can be relied upon then.
        let stored = stored.map(|stored| {
            if stored.is_deceptive() {
                stored.bare()
            } else {
                stored
            }
        });
        let remains = remains(stored.as_ref(), told);
        // Where the two differ, the row is what was damaged.
        let told = told.and_then(Told::state);
        let fits = |state: &OpState| told.as_ref().is_none_or(|told| told.word() == state.word());
        let read = stored.as_ref().and_then(Self::decode_state).filter(fits);
        let state = read.or(told).unwrap_or_else(|| match remains.was {
            Some(Was::LookUp) => OpState::NotSent(not_readable(FailureKind::NotSent)),
            _ => OpState::Unknown(not_readable(FailureKind::OutcomeUnknown)),
        });
        let (place, stored) = (stored.as_ref().map(|stored| stored.row), stored);
        let read =
            |text: fn(&Self) -> &Option<String>| stored.as_ref().and_then(|s| text(s).clone());
        HistoryRow {
            row: place.unwrap_or_default(),
            operation: Operation {
                id: op,
                intent: Intent::Unreadable(remains),
                at,
                account: read(|s| &s.account).and_then(|text| text.parse().ok()),
                home: read(|s| &s.home),
                ticket: read(|s| &s.ticket).and_then(|text| Ticket::parse(&text).ok()),
                agent: read(|s| &s.agent),
                skew_seconds: stored.as_ref().and_then(|stored| stored.skew_seconds),
            },
            state,
            updated_at,
            audit: None,
        }
    }
}

/// When it was begun and when it changed last: as its row says, else as the audit tells, else as what stands next to it.
fn times(
    [at, updated_at]: [Option<Timestamp>; 2],
    told: Option<&Told>,
    near: Timestamp,
) -> [Timestamp; 2] {
    let [begun, last] = told.map(Told::times).unwrap_or_default();
    let at = at.or(begun).or(updated_at).unwrap_or(near);
    [at, updated_at.or(last).unwrap_or(at)]
}

fn remains(stored: Option<&Stored>, told: Option<&Told>) -> Remains {
    let intent = stored.and_then(|stored| serde_json::from_str(&stored.intent).ok());
    let (before, channel, service) = match intent {
        Some(StoredIntent::VerifyStart {
            service, channel, ..
        }) => (None, Some(channel), Some(service)),
        Some(StoredIntent::VerifyCheck(one) | StoredIntent::VerifyCancel(one)) => {
            (None, None, Some(one.service))
        }
        // It was damaged once before.
        Some(StoredIntent::Unreadable {
            was,
            channel,
            service,
            ..
        }) => (was, channel, service),
        _ => (None, None, None),
    };
    let is_sid =
        |sid: &&String| sid.parse::<MessageSid>().is_ok() || sid.parse::<VerificationSid>().is_ok();
    let sids = [
        stored.and_then(|stored| stored.sid.as_ref()),
        told.and_then(|told| told.last.sid.as_ref()),
    ];
    let sid = sids.into_iter().flatten().find(is_sid).cloned();
    let kinds = [
        before.as_deref(),
        told.and_then(|told| told.last.kind.as_deref()),
        stored.map(|stored| stored.kind.as_str()),
        // Only texts have such a name.
        sid.as_ref()
            .and_then(|sid| sid.parse::<MessageSid>().ok())
            .map(|_| Was::Text.word()),
    ];
    Remains {
        was: kinds.into_iter().flatten().find_map(Was::parse),
        to: stored
            .and_then(|stored| stored.recipient.as_deref())
            .and_then(recipient),
        body: stored
            .and_then(|stored| stored.body.clone())
            .map(Untrusted::new),
        channel: channel.map(|channel| VerificationChannel::from_wire(&channel)),
        sid,
        service: service.and_then(|service| service.parse().ok()),
    }
}

/// The text of a column, if it has one.
fn turned_back(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    Ok(row.get_ref(column)?.as_bytes_or_null()?.map(as_text))
}

/// What cannot be part of a text is read with its highest bit turned back, where that makes something to be seen.
pub(in crate::store) fn as_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| match byte & 0x7f {
            seen @ b' '..=b'~' => char::from(seen),
            _ => char::REPLACEMENT_CHARACTER,
        }));
    }
    text
}
