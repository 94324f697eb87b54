//! The end of a history: everything of it that lies in its folder.
//!
//! Only files that the store makes are removed, by their names: the folder may hold something else, too.
//! Where another process has the history open, nothing is.

use std::fs;
use std::io;
use std::path::Path;

use super::audit::HEAD_FILE;
use super::rescue::{ASIDE, SUSPECT, UNFINISHED};
use super::{EXPORTS_FOLDER, StoreError, cap, file, lock};
use crate::domain::Timestamp;
use crate::domain::policy::Capped;
use crate::paths::{HISTORY_FILE, LOCKS_FOLDER};

/// Of how many operations only this history knows that it is not known what came of them. That of a history which
/// cannot be read is an error.
pub fn unsettled(folder: &Path) -> Result<u64, StoreError> {
    let path = folder.join(HISTORY_FILE);
    file::inspect(&path)?;
    if !path.exists() {
        return Ok(0);
    }
    let connection = file::open_to_read(&path)?;
    // A look-up changes nothing.
    let question = "SELECT count(*) FROM operations
        WHERE state IN ('intended', 'unknown') AND kind <> 'lookup'";
    let count: i64 = connection.query_row(question, [], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// How many sends since then have reached somebody, as far as the history can be read.
pub fn sent_since(folder: &Path, since: Timestamp) -> u32 {
    let path = folder.join(HISTORY_FILE);
    let count = || -> Result<u32, StoreError> {
        let connection = file::open_to_read(&path)?;
        let texts = cap::done(&connection, Capped::Texts, since)?;
        Ok(texts + cap::done(&connection, Capped::Verifications, since)?)
    };
    count().unwrap_or_default()
}

/// Removes a history. None is fine.
pub fn erase(folder: &Path) -> Result<(), StoreError> {
    let locks = folder.join(LOCKS_FOLDER);
    let failed = |cause| StoreError::unwritable(folder, cause);
    let turn = match lock::turn_to_open(&locks) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => None,
        turn => Some(turn.map_err(failed)?),
    };
    if lock::any_alive(&locks) {
        return Err(StoreError::OpenElsewhere);
    }
    let entries = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        if name.to_str().is_some_and(is_ours) {
            fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    drop(turn);
    match fs::remove_dir_all(folder.join(EXPORTS_FOLDER)) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(failed(cause)),
        _ => {}
    }
    match fs::remove_dir_all(&locks) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(failed(cause)),
        _ => Ok(()),
    }
}

/// The database with what belongs to it, copies from before a change of its format, and the reserve.
fn is_ours(name: &str) -> bool {
    name.starts_with(HISTORY_FILE)
        || (name.starts_with("history-format-") && name.contains(".backup."))
        || name.starts_with(ASIDE)
        || name == "reserve"
        || name == UNFINISHED
        || name == SUSPECT
        || name == HEAD_FILE
        // Half of one, from a process that ended while it wrote it.
        || name == "audit-head.part"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn nothing_of_a_history_is_left_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        drop(Store::open(folder.path()).unwrap());
        fs::write(folder.path().join("history-format-1.backup.db"), "").unwrap();
        fs::write(folder.path().join("history-format-1.backup.part"), "").unwrap();
        fs::write(folder.path().join("audit-head.part"), "").unwrap();
        fs::write(folder.path().join("letter.txt"), "").unwrap();
        erase(folder.path()).unwrap();
        let left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left, ["letter.txt"]);
        erase(folder.path()).unwrap();
        erase(&folder.path().join("nowhere")).unwrap();
    }

    #[test]
    fn a_history_that_is_open_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let open = Store::open(folder.path()).unwrap();
        assert!(matches!(
            erase(folder.path()),
            Err(StoreError::OpenElsewhere)
        ));
        assert!(folder.path().join(HISTORY_FILE).exists());
        drop(open);
    }
}
