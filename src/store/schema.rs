//! Whether a file is built as our own steps build one: its tables, indexes, triggers and views, by their SQL.
//!
//! SQLite obeys whatever trigger stands in a file. So nothing is written into one that holds more than we
//! put there, and what is missing or was changed is told by its name instead of by what fails because of it.
//! The statistics that SQLite keeps for itself are nobody's business.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::path::Path;
use std::sync::OnceLock;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::anchor::Anchor;
use super::error::StoreError;
use super::migrate::{STEPS, known};
use crate::domain::untrusted::visible;

/// The longest name that is told whole, in characters.
const LONGEST: usize = 60;

/// What stands in a file otherwise than we made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    how: How,
    kind: String,
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Foreign,
    Missing,
    Changed,
}

impl Difference {
    /// Nothing that is read from the file can be relied upon.
    pub fn is_grave(&self) -> bool {
        self.how != How::Foreign && self.kind == "table"
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |text: &str| visible(&text.chars().take(LONGEST).collect::<String>());
        let (kind, name) = (short(&self.kind), short(&self.name));
        match self.how {
            How::Foreign => write!(f, "it has a {kind} that is not of tuilio, {name}"),
            How::Missing => write!(f, "its {kind} {name} is missing"),
            How::Changed => write!(f, "its {kind} {name} was changed"),
        }
    }
}

/// A file that is looked at again before it is written to, if it has become another since.
pub struct Checked {
    connection: Connection,
    /// SQLite's count of changes, as it was at the last look.
    seen: Option<i64>,
    /// None in memory.
    anchor: Option<Anchor>,
    /// Nothing could be written when it was opened.
    only_read: bool,
}

impl Checked {
    /// One of the last format.
    pub fn new(connection: Connection) -> Self {
        Self {
            connection,
            seen: None,
            anchor: None,
            only_read: false,
        }
    }

    /// One that was opened to be read, for want of room.
    pub fn on_a_full_disk(connection: Connection) -> Self {
        let mut checked = Self::new(connection);
        checked.only_read = true;
        checked
    }

    /// Whether it was.
    pub fn is_only_read(&self) -> bool {
        self.only_read
    }

    /// It was written to: from now on its files have to stay where they are.
    pub fn anchor(&mut self, path: &Path) {
        self.anchor = Some(Anchor::of(path));
    }

    /// Refuses what was written into files that are not where they were.
    pub fn is_in_place(&self) -> Result<(), StoreError> {
        self.anchor.as_ref().map_or(Ok(()), Anchor::check)
    }

    /// Every transaction that writes says so at its begin: one that turns into a writer later fails at
    /// once where another process was faster, instead of waiting for its turn. None begins in a file that
    /// has become something else meanwhile.
    pub fn write(&mut self) -> Result<Transaction<'_>, StoreError> {
        if self.only_read {
            return Err(StoreError::Full);
        }
        self.is_in_place()?;
        let immediate = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(immediate)?;
        let found = transaction
            .prepare_cached("PRAGMA schema_version")?
            .query_row([], |row| row.get(0))?;
        if self.seen != Some(found) {
            check(&transaction, known())?;
            self.seen = Some(found);
        }
        Ok(transaction)
    }
}

/// SQLite removes the log by its name when it closes a history. Under that name another history may have its
/// own by now: then nothing is closed, and the system lets go of everything with the process.
impl Drop for Checked {
    fn drop(&mut self) {
        if self.is_in_place().is_err()
            && let Ok(nothing) = Connection::open_in_memory()
        {
            if self.anchor.as_ref().is_some_and(Anchor::can_be_saved) {
                let into_the_history = "PRAGMA wal_checkpoint(PASSIVE)";
                let _ = self.connection.query_row(into_the_history, [], |_| Ok(()));
            }
            std::mem::forget(std::mem::replace(&mut self.connection, nothing));
        }
    }
}

impl Deref for Checked {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

/// Kind and name of a part.
type Part = (String, String);
/// Each, and its SQL.
type Parts = BTreeMap<Part, String>;

/// Refuses a file that is not built as one of this format is.
pub fn check(connection: &Connection, format: u32) -> Result<(), StoreError> {
    let found = differences(connection, format)?;
    let ours = found.iter().find(|found| found.how != How::Foreign);
    match (ours, found.first()) {
        (Some(ours), _) => Err(StoreError::damaged(ours.to_string())),
        (None, Some(foreign)) => Err(StoreError::Altered {
            what: foreign.to_string(),
        }),
        (None, None) => Ok(()),
    }
}

/// What differs from a file of this format.
pub fn differences(connection: &Connection, format: u32) -> Result<Vec<Difference>, StoreError> {
    static LATEST: OnceLock<Parts> = OnceLock::new();
    let earlier;
    let expected = if format as usize != STEPS.len() {
        earlier = built(format)?;
        &earlier
    } else if let Some(latest) = LATEST.get() {
        latest
    } else {
        let latest = built(format)?;
        LATEST.get_or_init(|| latest)
    };
    let mut differences = Vec::new();
    let mut missing: Vec<_> = expected.keys().collect();
    for (part, sql) in parts(connection)? {
        missing.retain(|ours| **ours != part);
        let how = match expected.get(&part) {
            Some(ours) if *ours == sql || bare(ours) == bare(&sql) => continue,
            Some(_) => How::Changed,
            None => How::Foreign,
        };
        let (kind, name) = part;
        differences.push(Difference { how, kind, name });
    }
    differences.extend(missing.into_iter().map(|(kind, name)| Difference {
        how: How::Missing,
        kind: kind.clone(),
        name: name.clone(),
    }));
    // Indexes go with their table.
    if differences.iter().any(Difference::is_grave) {
        differences.retain(Difference::is_grave);
    }
    Ok(differences)
}

/// Name and SQL of each table of this format.
pub fn tables(format: u32) -> Result<Vec<(String, String)>, StoreError> {
    let parts = built(format)?.into_iter();
    Ok(parts
        .filter(|((kind, _), _)| kind == "table")
        .map(|((_, name), sql)| (name, sql))
        .collect())
}

fn built(format: u32) -> Result<Parts, StoreError> {
    let connection = Connection::open_in_memory()?;
    for step in STEPS.iter().take(format as usize) {
        connection.execute_batch(step)?;
    }
    Ok(parts(&connection)?.into_iter().collect())
}

fn parts(connection: &Connection) -> Result<Vec<(Part, String)>, StoreError> {
    let mut parts = connection.prepare_cached(
        "SELECT type, name, sql FROM sqlite_schema
         WHERE type NOT IN ('table', 'index') OR substr(name, 1, 7) <> 'sqlite_'
         ORDER BY rowid",
    )?;
    let mut rows = parts.query([])?;
    let mut parts = Vec::new();
    while let Some(row) = rows.next()? {
        // Whatever somebody has made of them.
        let text = |place| -> rusqlite::Result<String> {
            let value = row.get_ref(place)?;
            let bytes = value.as_bytes_or_null().unwrap_or_default();
            Ok(String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned())
        };
        parts.push(((text(0)?, text(1)?), text(2)?));
    }
    Ok(parts)
}

/// Without what one SQLite may write otherwise than another.
fn bare(sql: &str) -> String {
    sql.chars()
        .filter(|c| !c.is_whitespace() && *c != '"')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::samples::{intend_text, settled_text};
    use crate::store::{Audit, History, Journal, Store};

    fn told(connection: &Connection) -> Vec<String> {
        let found = differences(connection, STEPS.len() as u32).unwrap();
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_foreign_missing_or_changed_is_told_by_its_name() {
        for (deed, what, is_damage) in [
            (
                "CREATE TRIGGER evil AFTER INSERT ON operations BEGIN
                     UPDATE operations SET state = 'refused' WHERE row = new.row; END",
                "it has a trigger that is not of tuilio, evil",
                false,
            ),
            (
                "CREATE VIEW \"a\u{1b}[2J\" AS SELECT 1",
                "it has a view that is not of tuilio, a\u{241b}[2J",
                false,
            ),
            (
                "CREATE TABLE theirs (a)",
                "it has a table that is not of tuilio, theirs",
                false,
            ),
            ("DROP TABLE drafts", "its table drafts is missing", true),
            (
                "ALTER TABLE operations RENAME COLUMN body TO text",
                "its table operations was changed",
                true,
            ),
            (
                "DROP TRIGGER audit_is_not_changed",
                "its trigger audit_is_not_changed is missing",
                true,
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            drop(Store::open(folder.path()).unwrap());
            let connection = Connection::open(folder.path().join("history.db")).unwrap();
            assert_eq!(told(&connection), [""; 0]);
            connection.execute_batch("ANALYZE").unwrap();
            assert_eq!(told(&connection), [""; 0], "the statistics of SQLite");
            connection.execute_batch(deed).unwrap();
            assert!(told(&connection).contains(&what.to_owned()), "{deed}");
            drop(connection);
            let error = Store::open(folder.path()).err().unwrap();
            assert!(error.to_string().ends_with(what), "{error}");
            assert_eq!(matches!(error, StoreError::Damaged { .. }), is_damage);
            let audit = Audit::open(folder.path()).unwrap().unwrap();
            let found = audit.verify(None, None).unwrap().findings;
            assert!(
                format!("{found:?}").contains(&what.escape_debug().to_string()),
                "{found:?}"
            );
        }
    }

    #[test]
    fn nothing_is_written_through_a_trigger_that_comes_while_the_history_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let id = intend_text(&mut store, 1, "+14155550123", "hello")
            .operation
            .id;
        let other = Connection::open(folder.path().join("history.db")).unwrap();
        other
            .execute_batch(
                "CREATE TRIGGER evil AFTER UPDATE ON operations BEGIN
                     DELETE FROM operations WHERE row = new.row; END",
            )
            .unwrap();
        let sent = settled_text(1, crate::domain::MessageStatus::Sent);
        let error = store.settle(id, &sent, crate::store::samples::at(1));
        assert!(
            matches!(error, Err(StoreError::Altered { .. })),
            "{error:?}"
        );
        other.execute_batch("DROP TRIGGER evil").unwrap();
        // What came of it was kept in mind.
        intend_text(&mut store, 2, "+14155550124", "hello");
        assert_eq!(store.row(id).unwrap().unwrap().state, sent);
    }

    #[test]
    fn each_format_is_known_by_how_it_is_built() {
        for written in 1..=STEPS.len() as u32 {
            let connection = Connection::open_in_memory().unwrap();
            for step in STEPS.iter().take(written as usize) {
                connection.execute_batch(step).unwrap();
            }
            for said in 1..=STEPS.len() as u32 {
                let fits = differences(&connection, said).unwrap().is_empty();
                assert_eq!(fits, said == written, "{written} {said}");
            }
        }
    }
}
