//! A damaged history: the file is kept aside, and what can be read of it goes on in a new one.
//!
//! Nothing is removed and nothing is written into the damaged file. What was under way and cannot be read any
//! more cannot be looked up either, which is why a person is told.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::audit::{Entry, Event, HEAD_FILE};
use super::codec::{PLAIN, Stored};
use super::error::StoreError;
use super::{Store, journal, lock, write};
use crate::domain::{HistoryRow, Timestamp};
use crate::paths::{HISTORY_FILE, LOCKS_FOLDER};

/// What files that were kept aside begin with.
pub const ASIDE: &str = "history-damaged-";

/// What became of a damaged history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rescued {
    /// The damaged file, under its new name.
    pub kept_as: PathBuf,
    /// How many operations could be read, and are in the new one.
    pub operations: usize,
}

/// Keeps a damaged history aside and begins a new one with what can be read of it. None where it is sound,
/// since another process was faster.
pub fn rescue(folder: &Path, now: Timestamp) -> Result<Option<Rescued>, StoreError> {
    let Some(kept_as) = set_aside(folder, now)? else {
        return Ok(None);
    };
    // Its own session number may be one of those that are carried over: the next start draws a new one.
    let mut store = Store::open(folder)?;
    let operations = store.take_over(&kept_as, now)?;
    Ok(Some(Rescued {
        kept_as,
        operations,
    }))
}

fn set_aside(folder: &Path, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    let locks = folder.join(LOCKS_FOLDER);
    let failed = |cause| StoreError::unwritable(folder, cause);
    let _turn = lock::turn_to_open(&locks).map_err(failed)?;
    if lock::any_alive(&locks) {
        return Err(StoreError::Busy);
    }
    let history = folder.join(HISTORY_FILE);
    if !is_damaged(&history) {
        return Ok(None);
    }
    let date = now.strftime("%Y%m%d-%H%M%S");
    let name = (1..=u32::MAX)
        .map(|count| match count {
            1 => format!("{ASIDE}{date}.db"),
            count => format!("{ASIDE}{date}-{count}.db"),
        })
        .find(|name| !folder.join(name).exists())
        .unwrap_or_default();
    // The log first: a file without it would look whole.
    for (from, end) in [
        (format!("{HISTORY_FILE}-wal"), "-wal"),
        (format!("{HISTORY_FILE}-shm"), "-shm"),
        (HEAD_FILE.to_owned(), ".audit-head.json"),
        (HISTORY_FILE.to_owned(), ""),
    ] {
        let (from, to) = (folder.join(from), folder.join(format!("{name}{end}")));
        if from.exists() {
            fs::rename(from, to).map_err(failed)?;
        }
    }
    Ok(Some(folder.join(name)))
}

/// Whether SQLite or a row says so.
fn is_damaged(path: &Path) -> bool {
    let look = || -> Result<bool, StoreError> {
        let connection = only_read(path)?;
        let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        let mut rows =
            connection.prepare(&format!("SELECT {PLAIN}, NULL, NULL FROM operations"))?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            Stored::from_row(row)?.decode()?;
        }
        Ok(found != "ok")
    };
    look().unwrap_or(true)
}

fn only_read(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "trusted_schema", 0)?;
    Ok(connection)
}

/// What can be read, by place: from the newest back, and from the oldest on, each up to the damage.
fn readable(connection: &Connection) -> BTreeMap<i64, HistoryRow> {
    let mut found = BTreeMap::new();
    for order in ["DESC", "ASC"] {
        let question = format!("SELECT {PLAIN}, NULL, NULL FROM operations ORDER BY row {order}");
        let Ok(mut rows) = connection.prepare(&question) else {
            continue;
        };
        let Ok(mut rows) = rows.query([]) else {
            continue;
        };
        while let Ok(Some(row)) = rows.next() {
            let row = Stored::from_row(row).ok().and_then(|row| row.decode().ok());
            found.extend(row.map(|row| (row.row, row)));
        }
    }
    found
}

impl Store {
    /// Writes down what can be read of another file; answers with how many operations that were.
    fn take_over(&mut self, from: &Path, now: Timestamp) -> Result<usize, StoreError> {
        let Ok(damaged) = only_read(from) else {
            return Ok(0);
        };
        let found = readable(&damaged);
        // Numbers that were given out are not given out again.
        let last: i64 = damaged
            .query_row("SELECT max(session) FROM sessions", [], |row| row.get(0))
            .unwrap_or_default();
        let sessions = found
            .values()
            .map(|row| i64::from(row.operation.id.session))
            .chain([last.max(1)]);
        let transaction = write(&mut self.connection)?;
        for session in sessions {
            transaction
                .prepare_cached(
                    "INSERT OR IGNORE INTO sessions (session, started_at) VALUES (?1, ?2)",
                )?
                .execute((session, now.to_string()))?;
        }
        for row in found.values() {
            let row = journal::insert(&transaction, &row.operation, &row.state, row.updated_at)?;
            let entry = Entry::of(Event::Carried, &row);
            self.chain.append(&transaction, entry, now)?;
        }
        transaction.commit()?;
        self.chain.advance(&self.connection);
        Ok(found.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FailureKind, MessageStatus, OpState};
    use crate::store::samples::{at, intend_text, settled_text};
    use crate::store::{Audit, History, Journal};

    fn written(folder: &Path) -> Vec<HistoryRow> {
        let mut store = Store::open(folder).unwrap();
        for seq in 1..=200 {
            let row = intend_text(&mut store, seq, "+14155550123", &format!("text {seq}"));
            if seq < 200 {
                let sent = settled_text(seq, MessageStatus::Sent);
                store.settle(row.operation.id, &sent, at(1)).unwrap();
            }
        }
        store.page(None, 1000).unwrap().rows
    }

    #[test]
    fn a_damaged_file_is_kept_aside_and_what_can_be_read_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let before = written(folder.path());
        let path = folder.path().join(HISTORY_FILE);
        let mut bytes = fs::read(&path).unwrap();
        // A leaf of the table of operations, by what stands in no index.
        let content: &[u8] = b"text 100{";
        let holds = |page: &&mut [u8]| page.windows(content.len()).any(|part| part == content);
        let pages = bytes.chunks_mut(4096).filter(holds);
        pages.for_each(|page| page.fill(0xa5));
        fs::write(&path, &bytes).unwrap();

        let rescued = rescue(folder.path(), at(50)).unwrap().unwrap();
        let name = "history-damaged-20270115-080050.db";
        assert_eq!(rescued.kept_as, folder.path().join(name));
        assert_eq!(fs::read(&rescued.kept_as).unwrap(), bytes);
        assert!((1..200).contains(&rescued.operations), "{rescued:?}");
        let mut store = Store::open(folder.path()).unwrap();
        let after = store.page(None, 1000).unwrap().rows;
        assert_eq!(after.len(), rescued.operations);
        for row in &after {
            let same = |old: &&HistoryRow| old.operation == row.operation && old.state == row.state;
            assert!(before.iter().any(|old| same(&old)));
        }
        assert!(store.session() > 1);
        // What was under way is looked after.
        let recovered = store.recover(at(51)).unwrap();
        assert_eq!(recovered.len(), 1);
        let kind = recovered[0].state.failure().map(|failure| failure.kind);
        assert_eq!(kind, Some(FailureKind::OutcomeUnknown));
        intend_text(&mut store, 1, "+14155550123", "another");
        drop(store);
        let audit = Audit::open(folder.path()).unwrap().unwrap();
        assert_eq!(audit.verify(None, None).unwrap().findings, []);
        assert_eq!(rescue(folder.path(), at(60)).unwrap(), None, "it is sound");
    }

    #[test]
    fn one_row_that_makes_no_sense_costs_itself_alone() {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path());
        let connection = Connection::open(folder.path().join(HISTORY_FILE)).unwrap();
        connection
            .execute("UPDATE operations SET intent = '{}' WHERE row = 100", [])
            .unwrap();
        drop(connection);
        let rescued = rescue(folder.path(), at(50)).unwrap().unwrap();
        assert_eq!(rescued.operations, 199);
    }

    #[test]
    fn nothing_is_moved_from_under_a_process_that_has_it_open() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let answer = rescue(folder.path(), at(1));
        assert!(matches!(answer, Err(StoreError::Busy)), "{answer:?}");
        drop(store);
    }

    #[test]
    fn a_file_of_which_nothing_can_be_read_is_kept_and_a_new_one_begun() {
        let folder = tempfile::tempdir().unwrap();
        drop(Store::open(folder.path()).unwrap());
        let path = folder.path().join(HISTORY_FILE);
        let mut bytes = fs::read(&path).unwrap();
        bytes[100..].fill(0xa5);
        for count in 1..=2 {
            fs::write(&path, &bytes).unwrap();
            let rescued = rescue(folder.path(), at(50)).unwrap().unwrap();
            assert_eq!(rescued.operations, 0);
            assert_eq!(fs::read(&rescued.kept_as).unwrap(), bytes);
            let kept = fs::read_dir(folder.path()).unwrap().flatten();
            let kept = kept.map(|entry| entry.path()).filter(|path| {
                let name = path.file_name().unwrap().to_string_lossy();
                name.starts_with(ASIDE) && path.extension().is_some_and(|end| end == "db")
            });
            assert_eq!(kept.count(), count);
        }
        let mut store = Store::open(folder.path()).unwrap();
        let row = intend_text(&mut store, 1, "+14155550123", "hello");
        assert_eq!(row.state, OpState::Intended);
    }
}
