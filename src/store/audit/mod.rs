//! The audit: a chain of lines about what was intended and what came of it.
//!
//! Each line holds the hash of the one before, so that none can be changed, removed or put elsewhere
//! without all later ones. With a key from the keyring the hashes are HMACs, which nobody makes who has
//! only the file; without one they are plain, which finds mistakes and clumsy hands. A key that comes later
//! seals what was written before it came. How far the chain has come stands in a file of its own, and what
//! of it the keyring has seen, in the keyring: a chain that does not hold that is not sealed again before a
//! person says that it may be so.
//!
//! Invariant: a line is written in the transaction that makes the step it tells of, and never changed.

mod accepted;
mod aside;
mod finding;
mod head;
mod key;
mod line;
#[cfg(test)]
mod tests;
mod verify;

use std::path::Path;

use rusqlite::Connection;

pub use accepted::Accepted;
pub use aside::{Aside, Compared};
pub use finding::Finding;
pub use head::{HEAD_FILE, HeadFile, end};
pub use key::Key;
pub use line::{Entry, Event, Line, Point, SELECT, failure_kind};
pub use verify::{Audit, Verdict};

use super::error::StoreError;
use super::{Store, history};
use crate::domain::{AuditNumber, Timestamp};

/// An operation by the name that lines have for it.
const BY_NAME: &str = "WHERE session || '-' || seq = ?1";

/// The end of the chain that this process writes to.
#[derive(Debug, Default)]
pub struct Chain {
    key: Option<Key>,
    /// None in memory.
    head: Option<HeadFile>,
    /// The keyring remembers a line that is not here: the number of the last one when that was found.
    lacking: Option<i64>,
}

impl Chain {
    /// Whose end is kept in this file.
    pub fn on_disk(head: HeadFile) -> Self {
        Self {
            key: None,
            head: Some(head),
            lacking: None,
        }
    }

    /// Writes the next line, within the transaction of what it tells of.
    pub fn append(
        &self,
        transaction: &Connection,
        entry: Entry,
        at: Timestamp,
    ) -> Result<AuditNumber, StoreError> {
        let last = head::end(transaction)?;
        let error = entry.error;
        let line = Line::after(&last, entry, at.to_string(), self.key.as_ref())?;
        transaction.prepare_cached(line::INSERT)?.execute((
            line.number,
            &line.at,
            &line.event,
            &line.operation_id,
            &line.kind,
            &line.state,
            &line.outcome,
            &line.sid,
            error,
            &line.key,
            &line.previous,
            &line.hash,
        ))?;
        Ok(line.quoted())
    }

    /// Names the new end, after the transaction. What is written stays written where that fails: the file
    /// then names an earlier point.
    pub fn advance(&self, connection: &Connection) {
        if let Some(head) = &self.head {
            let _ = head.advance(connection, self.key.as_ref());
        }
    }
}

impl Store {
    /// From now on the hashes are made with this key. The first line of it seals what was written without,
    /// but not where the line that the keyring remembers is gone: that would make good what is not. Answers
    /// with the line to be remembered from now on, where all fits.
    pub fn seal_with(
        &mut self,
        key: Key,
        remembered: Option<&Point>,
        at: Timestamp,
    ) -> Result<Option<Point>, StoreError> {
        if let Some(point) = remembered
            && !self.holds_remembered(point)?
        {
            return Ok(None);
        }
        // Before the first line of a key, the file beside the history names a point with its seal: one that
        // names none was changed.
        if let Some(head) = &self.chain.head {
            head.advance(&self.connection, Some(&key))?;
        }
        let transaction = self.connection.write()?;
        let last: Option<Option<String>> = transaction
            .prepare("SELECT key FROM audit ORDER BY number DESC LIMIT 1")?
            .query_map([], |row| Ok(row.get(0).ok()))?
            .next()
            .transpose()?;
        let is_sealed = last.flatten().as_deref() == Some(key.name());
        self.chain.key = Some(key);
        if !is_sealed {
            let entry = Entry::of_chain(Event::Keyed);
            self.chain.append(&transaction, entry, at)?;
        }
        transaction.commit()?;
        self.chain.advance(&self.connection);
        self.named_end()
    }

    /// The last line, where the key is in use and that one is there which the keyring remembers.
    pub fn goes_on_from(&mut self, remembered: &Point) -> Result<Option<Point>, StoreError> {
        if !self.holds_remembered(remembered)? || self.chain.key.is_none() {
            return Ok(None);
        }
        self.named_end()
    }

    /// Whether that line is there. Where it is not, what came up to it is lost, whatever the files say of themselves.
    fn holds_remembered(&mut self, remembered: &Point) -> Result<bool, StoreError> {
        let holds = head::holds(&self.connection, remembered)?;
        self.chain.lacking = match self.chain.lacking {
            _ if holds => None,
            None => Some(head::end(&self.connection)?.number),
            found => found,
        };
        Ok(holds)
    }

    /// The keyring remembers a line of it that is not here, and nobody has taken it as it is since that was found.
    pub fn lacks_what_is_remembered(&self) -> Result<bool, StoreError> {
        let Some(last) = self.chain.lacking else {
            return Ok(false);
        };
        let accepted = self
            .connection
            .prepare("SELECT 1 FROM audit WHERE event = 'accepted' AND number > ?1")?
            .exists([last])?;
        Ok(!accepted)
    }

    /// The last line that the file beside the history names, where nothing contradicts it.
    pub fn named_end(&self) -> Result<Option<Point>, StoreError> {
        match &self.chain.head {
            Some(head) => head.held(&self.connection),
            None => Ok(None),
        }
    }

    /// It does not hold what the file beside it names: its end was lost, or it is another one. Where that file
    /// is missing or says nothing, it was taken away, and with it what would show that.
    pub fn lacks_its_end(&self) -> Result<bool, StoreError> {
        let lacks = self.chain.head.is_some() && self.named_end()?.is_none();
        if lacks {
            // An end that is there and cannot be read is damage, which goes on after it was kept aside.
            head::end(&self.connection)?;
        }
        Ok(lacks)
    }

    /// Something of it may be lost: its end is missing, or a line that the keyring remembers, as far as that was
    /// asked, or it went on by itself after damage; and nobody has taken it as it is. What was under way then is
    /// neither known nor looked up.
    pub fn is_unaccepted(&self) -> Result<bool, StoreError> {
        // A history that went on begins with the line that says so.
        let went_on = |question: &str| self.connection.prepare(question)?.exists([]);
        Ok(self.lacks_its_end()?
            || self.lacks_what_is_remembered()?
            || (went_on("SELECT 1 FROM audit WHERE number = 1 AND event = 'rescued'")?
                && !went_on("SELECT 1 FROM audit WHERE event = 'accepted' LIMIT 1")?))
    }

    /// Where it lies; none in memory.
    pub fn place(&self) -> Option<&Path> {
        self.home.as_ref().map(|home| home.folder.as_path())
    }

    /// Whether any line of the audit was made with a key.
    pub fn has_sealed_audit(&self) -> Result<bool, StoreError> {
        verify::is_keyed(&self.connection)
    }

    /// Takes the record as it is, where it was put back and does not go on from what was named before, and lines
    /// that are damaged. A line says that it was done, and names those. What they told of the history is told anew.
    pub fn accept_audit(&mut self, at: Timestamp) -> Result<AuditNumber, StoreError> {
        let (mut entry, mut anew) = (Entry::of_chain(Event::Accepted), Vec::new());
        let audit = self.place().map(Audit::open).transpose()?.flatten();
        if let Some(audit) = audit {
            let verdict = audit.verify(self.chain.key.as_ref(), None)?;
            if verdict.may_be_accepted() {
                entry.outcome = audit.names(&verdict)?;
                anew = verdict.to_be_told_anew();
            }
        }
        let transaction = self.connection.write()?;
        let line = self.chain.append(&transaction, entry, at)?;
        for operation in anew {
            let told = history::many(&transaction, BY_NAME, [operation])?;
            for row in &told {
                self.chain
                    .append(&transaction, Entry::of(Event::Carried, row), at)?;
            }
        }
        transaction.commit()?;
        if let Some(head) = &self.chain.head {
            head.set(&self.connection, self.chain.key.as_ref())?;
        }
        self.chain.lacking = None;
        Ok(line)
    }

    /// Lines for what was written down before there was an audit.
    pub(super) fn carry_into_audit(&mut self, at: Timestamp) -> Result<(), StoreError> {
        let transaction = self.connection.write()?;
        if !transaction
            .prepare("SELECT 1 FROM audit LIMIT 1")?
            .exists([])?
        {
            for row in history::many(&transaction, "ORDER BY row", [])? {
                let entry = Entry::of(Event::Carried, &row);
                self.chain.append(&transaction, entry, at)?;
            }
        }
        transaction.commit()?;
        self.chain.advance(&self.connection);
        Ok(())
    }
}
