//! A damaged history: the file is kept aside, and what can be read of it goes on in a new one.
//!
//! Nothing is removed and nothing is written into the damaged file. What was under way and cannot be read any
//! more cannot be looked up either, which is why a person is told. A file says from the beginning to the end
//! of it that it goes on, so that what one process did not finish is finished by the next: there is no moment
//! at which a history looks as if it had never been.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::audit::{self, Chain, Entry, Event, HEAD_FILE, HeadFile};
use super::codec::{PLAIN, Stored, as_text};
use super::error::StoreError;
use super::{file, journal, lock, migrate, schema};
use crate::domain::{HistoryRow, OpId, Timestamp};
use crate::paths::{HISTORY_FILE, LOCKS_FOLDER, regular};

/// What files that were kept aside begin with.
pub const ASIDE: &str = "history-damaged-";
/// Says under which name a damaged history is being kept aside.
pub const UNFINISHED: &str = "history-rescue";

/// Says that a value was met that cannot be read, so that the next start looks through all of them: a start by itself
/// reads the newest only.
pub const SUSPECT: &str = "history-suspect";

/// What became of a damaged history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rescued {
    /// The damaged file, under its new name.
    pub kept_as: PathBuf,
    /// How many operations could be read, and are in the new one.
    pub operations: usize,
    /// It was sound, but for what another program has put into it.
    pub altered: bool,
}

/// Keeps a damaged history aside and begins a new one with what can be read of it. None where it is sound,
/// since another process was faster.
pub fn rescue(folder: &Path, now: Timestamp) -> Result<Option<Rescued>, StoreError> {
    let locks = folder.join(LOCKS_FOLDER);
    let failed = |cause| StoreError::unwritable(folder, cause);
    file::create_folder(&locks).map_err(failed)?;
    let _turn = lock::turn_to_open(&locks).map_err(failed)?;
    if lock::any_alive(&locks) {
        return Err(StoreError::InUse);
    }
    let history = folder.join(HISTORY_FILE);
    let name = match unfinished(folder) {
        Some(name) => name,
        None if is_damaged(&history) => {
            let name = free_name(folder, now);
            let marker = folder.join(UNFINISHED);
            // One that names nothing: its writer got no further.
            let _ = fs::remove_file(&marker);
            file::write_new(&marker, name.as_bytes()).map_err(failed)?;
            name
        }
        None => {
            let _ = fs::remove_file(folder.join(SUSPECT));
            return Ok(None);
        }
    };
    let kept_as = folder.join(&name);
    set_aside(folder, &name).map_err(failed)?;
    let damaged = as_far_as_it_goes(&kept_as).ok();
    let found = damaged
        .as_ref()
        .map(|damaged| readable(damaged, now))
        .unwrap_or_default();
    if !history.exists() {
        let head = HeadFile::new(folder, &locks);
        head.begin()?;
        let part = migrate::make(&history)?;
        take_over(&part, &name, damaged.as_ref(), &found, now)?;
        file::give_name(&part, &history).map_err(failed)?;
    }
    let _ = fs::remove_file(folder.join(SUSPECT));
    fs::remove_file(folder.join(UNFINISHED)).map_err(failed)?;
    let altered = damaged
        .and_then(|_| only_read(&kept_as).ok())
        .and_then(|damaged| schema::check(&damaged, migrate::known()).err())
        .is_some_and(|error| matches!(error, StoreError::Altered { .. }));
    Ok(Some(Rescued {
        kept_as,
        operations: found.len(),
        altered,
    }))
}

/// Has the next start look through the whole history, where this is what was met in it.
pub fn suspect(folder: &Path, met: &StoreError) {
    if matches!(met, StoreError::Damaged { .. }) {
        // Where it cannot be made, the same is said again whenever it is met.
        let _ = file::write_new(&folder.join(SUSPECT), b"");
    }
}

/// Whether somebody has met what cannot be read.
pub fn is_suspected(folder: &Path) -> bool {
    folder.join(SUSPECT).symlink_metadata().is_ok()
}

/// The name of a rescue that was not brought to its end.
pub fn unfinished(folder: &Path) -> Option<String> {
    let name = regular::read_own(&folder.join(UNFINISHED)).ok()?;
    let name = String::from_utf8(name).ok()?;
    is_name(&name).then_some(name)
}

/// Whether it is a name that we give to what is kept aside.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(ASIDE) && !name.contains(['/', '\\'])
}

fn free_name(folder: &Path, now: Timestamp) -> String {
    let date = now.strftime("%Y%m%d-%H%M%S");
    (1..=u32::MAX)
        .map(|count| match count {
            1 => format!("{ASIDE}{date}.db"),
            count => format!("{ASIDE}{date}-{count}.db"),
        })
        .find(|name| !folder.join(name).exists())
        .unwrap_or_default()
}

/// Moves what has not been moved yet. The log first: a file without it would look whole.
fn set_aside(folder: &Path, name: &str) -> io::Result<()> {
    if folder.join(name).exists() {
        return Ok(());
    }
    for (from, end) in [
        (format!("{HISTORY_FILE}-wal"), "-wal"),
        (format!("{HISTORY_FILE}-shm"), "-shm"),
        (format!("{HISTORY_FILE}-journal"), "-journal"),
        (HEAD_FILE.to_owned(), ".audit-head.json"),
        (HISTORY_FILE.to_owned(), ""),
    ] {
        let (from, to) = (folder.join(from), folder.join(format!("{name}{end}")));
        if from.exists() {
            fs::rename(from, to)?;
        }
    }
    Ok(())
}

/// Whether SQLite, the way it is built, or a row says so. None at all is not damaged.
fn is_damaged(path: &Path) -> bool {
    let look = || -> Result<bool, StoreError> {
        file::inspect(path)?;
        let connection = only_read(path)?;
        schema::check(&connection, migrate::version(&connection)?)?;
        let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        Ok(found != "ok" || read_all(&connection).is_err())
    };
    path.exists() && look().unwrap_or(true)
}

/// Reads every value, as those do who need it.
pub(super) fn read_all(connection: &Connection) -> Result<(), StoreError> {
    let columns = columns(connection)?;
    let mut rows = connection.prepare(&format!("SELECT {columns} FROM operations"))?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        Stored::from_row(row)?.decode()?;
    }
    // A text that has no damage is the same either way.
    let mut texts = connection.prepare("SELECT recipient, body, ticket, updated_at FROM drafts")?;
    let mut texts = texts.query([])?;
    while let Some(row) = texts.next()? {
        for column in 0..4 {
            row.get::<_, String>(column)?;
        }
    }
    if !drafts(connection)?.iter().all(is_readable) {
        return Err(StoreError::damaged("a draft cannot be read"));
    }
    if migrate::version(connection)? >= migrate::AUDITED {
        // Lines in between are told by a look at the audit; the next one is written after this one.
        audit::end(connection)?;
    }
    Ok(())
}

/// SQLite removes the log of a file that is empty, so such a one is not opened.
pub(super) fn only_read(path: &Path) -> Result<Connection, StoreError> {
    if path.metadata().is_ok_and(|found| found.len() == 0) {
        return Err(StoreError::damaged("it is empty"));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "trusted_schema", 0)?;
    Ok(connection)
}

/// The same, of a file in which the plan of the tables is damaged as well: what of the plan cannot be understood,
/// such as an index, is left out, and the rest can be read.
pub(super) fn as_far_as_it_goes(path: &Path) -> Result<Connection, StoreError> {
    let connection = only_read(path)?;
    connection.pragma_update(None, "writable_schema", 1)?;
    let mended = with_its_plan(&connection).ok().flatten();
    Ok(mended.unwrap_or(connection))
}

/// A copy in memory, where the entry of a table of ours is as long as it has to be and says something else; none
/// where nothing is to be mended.
fn with_its_plan(damaged: &Connection) -> Result<Option<Connection>, StoreError> {
    let mut entries = Vec::new();
    let mut question =
        damaged.prepare("SELECT type, name, tbl_name, sql, rowid FROM sqlite_schema")?;
    let mut rows = question.query([])?;
    while let Ok(Some(row)) = rows.next() {
        let bytes = |place| -> rusqlite::Result<Vec<u8>> {
            let value = row.get_ref(place)?.as_bytes_or_null()?;
            Ok(value.unwrap_or_default().to_vec())
        };
        let Ok(entry) = (0..4).map(bytes).collect::<rusqlite::Result<Vec<_>>>() else {
            continue;
        };
        entries.push((entry, row.get::<_, i64>(4)?));
    }
    let tables = schema::tables(migrate::version(damaged)?)?;
    let mended: Vec<_> = tables
        .iter()
        .filter_map(|(name, sql)| {
            let ours = ["table", name, name, sql].map(str::as_bytes);
            let is_ours = |(entry, _): &&(Vec<Vec<u8>>, i64)| {
                let mut both = entry.iter().zip(ours);
                both.clone().all(|(one, other)| one.len() == other.len())
                    && both.any(|(one, other)| one.len() > 5 && one == other)
            };
            let (entry, row) = entries.iter().find(is_ours)?;
            (entry.iter().zip(ours).any(|(one, other)| one != other)).then_some((row, name, sql))
        })
        .collect();
    if mended.is_empty() {
        return Ok(None);
    }
    let mut copy = Connection::open_in_memory()?;
    Backup::new(damaged, &mut copy)?.step(-1)?;
    copy.pragma_update(None, "trusted_schema", 0)?;
    copy.pragma_update(None, "writable_schema", 1)?;
    for entry in mended {
        let mend = "UPDATE sqlite_schema
            SET type = 'table', name = ?2, tbl_name = ?2, sql = ?3 WHERE rowid = ?1";
        copy.execute(mend, entry)?;
    }
    // It is read anew, and what of it still cannot be understood is left out as before.
    copy.pragma_update(None, "writable_schema", "RESET")?;
    copy.pragma_update(None, "writable_schema", 1)?;
    Ok(Some(copy))
}

/// The columns of a row as far as they are there: an earlier format knows fewer.
fn columns(connection: &Connection) -> Result<String, StoreError> {
    let mut known = connection.prepare("SELECT name FROM pragma_table_xinfo('operations')")?;
    let known: Vec<String> = known
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let columns = PLAIN.split(", ").map(|column| {
        if known.iter().any(|known| known == column) {
            column
        } else {
            "NULL"
        }
    });
    Ok(columns
        .chain(["NULL", "NULL"])
        .collect::<Vec<_>>()
        .join(", "))
}

/// What can be read, by place: from the newest back, and from the oldest on, each up to the damage.
fn readable(connection: &Connection, now: Timestamp) -> BTreeMap<i64, HistoryRow> {
    let mut found = BTreeMap::new();
    let mut near = now;
    let Ok(columns) = columns(connection) else {
        return found;
    };
    for order in ["DESC", "ASC"] {
        let question = format!("SELECT {columns} FROM operations ORDER BY row {order}");
        let Ok(mut rows) = connection.prepare(&question) else {
            continue;
        };
        let Ok(mut rows) = rows.query([]) else {
            continue;
        };
        while let Ok(Some(row)) = rows.next() {
            let read = Stored::from_row(row).ok().and_then(|row| row.decode().ok());
            let read =
                read.or_else(|| Stored::salvaged(row, |op| times_in_audit(connection, op), near));
            if let Some(read) = read {
                near = read.operation.at;
                found.insert(read.row, read);
            }
        }
    }
    found
}

/// When the audit has an operation begun, and when it tells of it last. What was carried into it began earlier.
fn times_in_audit(connection: &Connection, op: OpId) -> [Option<Timestamp>; 2] {
    let time = |which: &str| -> Option<Timestamp> {
        let question = format!("SELECT at FROM audit WHERE operation = ?1 {which} LIMIT 1");
        let at: String = connection
            .query_row(&question, [op.to_string()], |row| row.get(0))
            .ok()?;
        at.parse().ok()
    };
    [
        time("AND event = 'intended'"),
        time("AND event <> 'carried' ORDER BY number DESC"),
    ]
}

/// Drafts that can be read. The time that was chosen for one is not: an earlier format has none.
fn drafts(connection: &Connection) -> Result<Vec<[String; 5]>, rusqlite::Error> {
    connection
        .prepare("SELECT CAST(session AS TEXT), recipient, body, ticket, updated_at FROM drafts")?
        .query_map([], |row| {
            let text = |column| Ok::<_, rusqlite::Error>(as_text(row.get_ref(column)?.as_bytes()?));
            Ok([text(0)?, text(1)?, text(2)?, text(3)?, text(4)?])
        })?
        .collect()
}

fn is_readable([.., updated_at]: &[String; 5]) -> bool {
    updated_at.parse::<Timestamp>().is_ok()
}

/// Writes into a new history what was read of another one.
fn take_over(
    part: &Path,
    kept_as: &str,
    damaged: Option<&Connection>,
    found: &BTreeMap<i64, HistoryRow>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let drafts = damaged.and_then(|damaged| drafts(damaged).ok());
    let mut drafts = drafts.unwrap_or_default();
    drafts.retain(is_readable);
    // Numbers that were given out are not given out again.
    let last: Option<i64> = damaged.and_then(|damaged| {
        damaged
            .query_row("SELECT max(session) FROM sessions", [], |row| row.get(0))
            .ok()
    });
    let sessions = found
        .values()
        .map(|row| i64::from(row.operation.id.session))
        .chain(
            drafts
                .iter()
                .filter_map(|[session, ..]| session.parse().ok()),
        )
        .chain([last.unwrap_or_default().max(1)]);
    let mut connection = Connection::open(part)?;
    file::configure(&connection, "memory")?;
    let transaction = connection.transaction()?;
    for session in sessions {
        transaction
            .prepare_cached("INSERT OR IGNORE INTO sessions (session, started_at) VALUES (?1, ?2)")?
            .execute((session, now.to_string()))?;
    }
    for draft in &drafts {
        transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO drafts (session, recipient, body, ticket, updated_at)
                 VALUES (CAST(?1 AS INTEGER), ?2, ?3, ?4, ?5)",
            )?
            .execute(draft.each_ref())?;
    }
    // The end of the chain is named by whoever opens it.
    let chain = Chain::default();
    // What stands here is not what was written, as long as nobody has said that it may be so.
    chain.append(&transaction, Entry::of_aside(kept_as), now)?;
    for row in found.values() {
        let row = journal::insert(&transaction, &row.operation, &row.state, row.updated_at)?;
        chain.append(&transaction, Entry::of(Event::Carried, &row), now)?;
    }
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error.into())
}
