//! How far the audit has come, kept in a file beside the history: what ends before that was cut off.
//!
//! It is written after each transaction, so it may lag behind by what was under way when a process was
//! killed or the disk was full, and is never ahead. It names the last line, and the last line that a
//! process with the key has seen, with a seal that only the key can make. Where the table does not hold
//! what the file names, the file is left as it is until a person says that it may be so.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::key::Key;
use super::line::Point;
use crate::paths::regular;
use crate::store::{StoreError, file, lock};

/// The file beside the history.
pub const HEAD_FILE: &str = "audit-head.json";

/// What the file says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub last: Point,
    pub sealed: Option<Sealed>,
}

/// A point that somebody with the key has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    pub point: Point,
    /// The name of the key.
    pub key: String,
    pub seal: String,
}

/// Why the file says nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum NoHead {
    Missing,
    Unreadable,
}

impl Sealed {
    pub fn new(point: Point, key: &Key) -> Self {
        Self {
            key: key.name().to_owned(),
            seal: key.seal(&Self::text(&point)),
            point,
        }
    }

    /// Whether this key made it.
    pub fn is_by(&self, key: &Key) -> bool {
        key.seal(&Self::text(&self.point)) == self.seal
    }

    fn text(point: &Point) -> String {
        format!("head {} {}", point.number, point.hash)
    }
}

/// The file, and the lock of those who write it.
#[derive(Debug)]
pub struct HeadFile {
    path: PathBuf,
    locks: PathBuf,
}

impl HeadFile {
    pub fn new(folder: &Path, locks: &Path) -> Self {
        Self {
            path: folder.join(HEAD_FILE),
            locks: locks.to_owned(),
        }
    }

    /// Makes the file of a chain that has not begun, before its history; one that is there is left as it is.
    /// So there is never a history with an audit and without the file, but where somebody took it away.
    pub fn begin(&self) -> Result<(), StoreError> {
        let _turn = self.turn()?;
        if self.path.symlink_metadata().is_ok() {
            return Ok(());
        }
        self.write(&Head::default())?;
        file::keep_name(&self.path, &self.path);
        Ok(())
    }

    /// Refuses what is no file in its place.
    pub fn inspect(&self) -> Result<(), StoreError> {
        regular::refuse_other(&self.path).map_err(|cause| self.unwritable(cause))
    }

    pub fn read(&self) -> Result<Head, NoHead> {
        read(&self.path)
    }

    /// Names the end of the table, unless the table does not go on from what the file names.
    pub fn advance(&self, connection: &Connection, key: Option<&Key>) -> Result<(), StoreError> {
        let _turn = self.turn()?;
        if self.held(connection)?.is_some() {
            self.name_end(connection, self.read().ok().as_ref(), key)?;
        }
        Ok(())
    }

    /// The last line that the file names, where the table holds all that it names.
    pub fn held(&self, connection: &Connection) -> Result<Option<Point>, StoreError> {
        let Ok(head) = self.read() else {
            return Ok(None);
        };
        let sealed = head.sealed.as_ref().map(|sealed| &sealed.point);
        for point in sealed.into_iter().chain([&head.last]) {
            if !holds(connection, point)? {
                return Ok(None);
            }
        }
        Ok(Some(head.last))
    }

    /// Names the end of the table, whatever the file names now.
    pub fn set(&self, connection: &Connection, key: Option<&Key>) -> Result<(), StoreError> {
        let _turn = self.turn()?;
        self.name_end(connection, self.read().ok().as_ref(), key)
    }

    fn name_end(
        &self,
        connection: &Connection,
        before: Option<&Head>,
        key: Option<&Key>,
    ) -> Result<(), StoreError> {
        let last = end(connection)?;
        let sealed = match key {
            Some(key) => Some(Sealed::new(last.clone(), key)),
            // It stays true for whoever has its key.
            None => before.and_then(|before| before.sealed.clone()),
        };
        let head = Head { last, sealed };
        if before == Some(&head) {
            return Ok(());
        }
        self.write(&head)
    }

    /// Whole under another name first: half a file would be an alarm. Which of two that follow each other a
    /// power cut leaves does not matter.
    fn write(&self, head: &Head) -> Result<(), StoreError> {
        let part = self.path.with_extension("part");
        let write = || {
            let bytes = head.to_bytes()?;
            let _ = fs::remove_file(&part);
            file::write_new(&part, &bytes)?;
            fs::rename(&part, &self.path)
        };
        write().map_err(|cause| self.unwritable(cause))
    }

    fn turn(&self) -> Result<fs::File, StoreError> {
        lock::turn_to_name_the_head(&self.locks).map_err(|cause| self.unwritable(cause))
    }

    fn unwritable(&self, cause: io::Error) -> StoreError {
        StoreError::unwritable(&self.path, cause)
    }
}

impl Head {
    fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// Reads the file.
pub fn read(path: &Path) -> Result<Head, NoHead> {
    match regular::read_own(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| NoHead::Unreadable),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(NoHead::Missing),
        Err(_) => Err(NoHead::Unreadable),
    }
}

/// The last line of the table.
pub fn end(connection: &Connection) -> Result<Point, StoreError> {
    let last = connection
        .prepare_cached("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")?
        .query_row([], |row| {
            Ok(Point {
                number: row.get(0)?,
                hash: row.get(1)?,
            })
        })
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// Whether the table holds that line.
pub fn holds(connection: &Connection, point: &Point) -> Result<bool, StoreError> {
    if *point == Point::default() {
        return Ok(true);
    }
    Ok(connection
        .prepare_cached("SELECT 1 FROM audit WHERE number = ?1 AND hash = ?2")?
        .exists((point.number, &point.hash))?)
}
