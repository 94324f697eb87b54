//! A damaged history: the file is kept aside, and what can be read of it goes on in a new one.
//!
//! Nothing is removed and nothing is written into the damaged file. What was under way and cannot be read any
//! more cannot be looked up either, which is why a person is told. A file says from the beginning to the end
//! of it that it goes on, so that what one process did not finish is finished by the next: there is no moment
//! at which a history looks as if it had never been.

mod first_page;
pub(super) mod header;
mod plan;
mod rows;
mod told;

#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub(super) use self::plan::{as_far_as_it_goes, only_read};
use self::rows::{columns, readable};
pub(super) use self::told::Told;
use super::audit::{self, Chain, Entry, Event, HEAD_FILE, HeadFile};
use super::codec::{Stored, as_text};
use super::error::StoreError;
use super::{file, journal, lock, migrate, schema};
use crate::domain::{HistoryRow, Timestamp};
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
    /// How many operations are in the new one.
    pub operations: usize,
    /// Of how many of them it cannot be read any more what was asked for.
    pub unreadable: usize,
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
    header::sweep(folder);
    let damaged = match as_far_as_it_goes(&kept_as) {
        // With room for a copy there is more to be read.
        Err(error) if error.may_want_room() => return Err(error),
        damaged => damaged.ok(),
    };
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
    let unreadable = found
        .iter()
        .filter(|row| row.operation.intent.is_unreadable());
    Ok(Some(Rescued {
        kept_as,
        operations: found.len(),
        unreadable: unreadable.count(),
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
        Ok(file::misfit(&connection)?.is_some() || read_all(&connection).is_err())
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
    let mut drafts = connection.prepare(DRAFTS)?;
    let mut drafts = drafts.query([])?;
    while let Some(row) = drafts.next()? {
        for column in 0..4 {
            row.get::<_, String>(column)?;
        }
        let updated_at: String = row.get(4)?;
        if updated_at.parse::<Timestamp>().is_err() {
            return Err(StoreError::damaged("a draft cannot be read"));
        }
    }
    if migrate::version(connection)? >= migrate::AUDITED {
        // Lines in between are told by a look at the audit; the next one is written after this one.
        audit::end(connection)?;
    }
    Ok(())
}

/// Drafts, but for the time that was chosen for one: an earlier format has none.
const DRAFTS: &str =
    "SELECT CAST(session AS TEXT), recipient, body, ticket, updated_at FROM drafts";

/// Drafts as far as they can be read.
fn drafts(connection: &Connection) -> Result<Vec<[String; 5]>, rusqlite::Error> {
    let mut drafts = connection.prepare(DRAFTS)?;
    let mut rows = drafts.query([])?;
    let mut found = Vec::new();
    // What comes after the damage is lost to it.
    while let Ok(Some(row)) = rows.next() {
        let text = |column| Ok::<_, rusqlite::Error>(as_text(row.get_ref(column)?.as_bytes()?));
        let draft = || Ok::<_, rusqlite::Error>([text(0)?, text(1)?, text(2)?, text(3)?, text(4)?]);
        if let Ok(draft @ [.., updated_at]) = &draft()
            && updated_at.parse::<Timestamp>().is_ok()
        {
            found.push(draft.clone());
        }
    }
    Ok(found)
}

/// Writes into a new history what was read of another one.
fn take_over(
    part: &Path,
    kept_as: &str,
    damaged: Option<&Connection>,
    found: &[HistoryRow],
    now: Timestamp,
) -> Result<(), StoreError> {
    let drafts = damaged.and_then(|damaged| drafts(damaged).ok());
    let drafts = drafts.unwrap_or_default();
    // Numbers that were given out are not given out again.
    let last = damaged.map(rows::last_session);
    let sessions = found
        .iter()
        .map(|row| i64::from(row.operation.id.session))
        .chain(
            drafts
                .iter()
                .filter_map(|[session, ..]| session.parse().ok()),
        )
        .chain([last.map_or(1, i64::from)]);
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
    for row in found {
        let row = journal::insert(&transaction, &row.operation, &row.state, row.updated_at)?;
        chain.append(&transaction, Entry::of(Event::Carried, &row), now)?;
    }
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error.into())
}
