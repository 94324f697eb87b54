//! What a rescue makes of a row of which a part says what cannot be.
//!
//! Whom it was for and what was asked is all that a row needs to go on. A time that cannot be read is told by what
//! stands next to it, and what came of the operation is then not known, so that it is looked up. A byte that no text
//! can have is an ASCII one whose highest bit has turned over.

use rusqlite::Row;

use super::{Stored, reckonable, to_json};
use crate::domain::{Failure, FailureKind, HistoryRow, OpId, Timestamp};
use crate::store::shape::{StoredIntent, StoredOutcome};

impl Stored {
    /// Reads a row as far as it goes. `told` says when the audit has the operation begun, and when it tells of
    /// it last; `near` is the time of a row beside it.
    pub fn salvaged(
        row: &Row<'_>,
        told: impl FnOnce(OpId) -> [Option<Timestamp>; 2],
        near: Timestamp,
    ) -> Option<HistoryRow> {
        let text = |column| row.get::<_, Option<String>>(column).ok().flatten();
        let time = |column| text(column)?.parse().ok().and_then(reckonable);
        let (session, seq) = (row.get(1).ok()?, row.get(2).ok()?);
        let [begun, last] = told(OpId { session, seq });
        let (at, updated_at): (Option<Timestamp>, Option<Timestamp>) = (time(3), time(13));
        let at = at.or(begun).or(updated_at).unwrap_or(near);
        let updated_at = updated_at.or(last).unwrap_or(at);
        let mut stored = Self {
            row: row.get(0).ok()?,
            session,
            seq,
            at: at.to_string(),
            kind: text(4).unwrap_or_default(),
            recipient: turned_back(row, 5).ok()?,
            body: turned_back(row, 6).ok()?,
            intent: turned_back(row, 7).ok()??,
            state: text(8).unwrap_or_default(),
            sid: text(9),
            status: text(10),
            open: row.get(11).unwrap_or_default(),
            outcome: text(12),
            updated_at: updated_at.to_string(),
            account: turned_back(row, 14).ok()?,
            ticket: turned_back(row, 15).ok()?,
            agent: turned_back(row, 16).ok()?,
            home: turned_back(row, 17).ok()?,
            skew_seconds: row.get(18).ok()?,
            audit: None,
        };
        if stored.decode_state().is_none() {
            stored.is_not_known()?;
        }
        stored.decode().ok()
    }

    fn is_not_known(&mut self) -> Option<()> {
        // A look-up changed nothing, so there is nothing to be found out.
        let (state, kind) = match serde_json::from_str(&self.intent).ok()? {
            StoredIntent::LookUp { .. } => ("not_sent", FailureKind::NotSent),
            _ => ("unknown", FailureKind::OutcomeUnknown),
        };
        let outcome = StoredOutcome::Failure(Failure::new(
            kind,
            "What came of it cannot be read in the damaged history.",
        ));
        state.clone_into(&mut self.state);
        self.outcome = Some(to_json(&outcome).ok()?);
        Some(())
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
