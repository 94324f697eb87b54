//! A damaged file as far as SQLite can read it, also where its header or the plan of its tables is damaged.

use std::path::Path;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::header;
use crate::store::error::StoreError;
use crate::store::{migrate, schema};

/// SQLite removes the log of a file that is empty, so such a one is not opened.
pub fn only_read(path: &Path) -> Result<Connection, StoreError> {
    if path.metadata().is_ok_and(|found| found.len() == 0) {
        return Err(StoreError::damaged("it is empty"));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "trusted_schema", 0)?;
    Ok(connection)
}

/// The same, of a file in which the header or the plan of the tables is damaged as well: what of the plan cannot be understood,
/// such as an index, is left out, and the rest can be read.
pub fn as_far_as_it_goes(path: &Path) -> Result<Connection, StoreError> {
    let connection = match header::mended(path) {
        Ok(Some(mended)) => mended,
        Err(error) if error.may_want_room() => return Err(error),
        Ok(None) | Err(_) => only_read(path)?,
    };
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
