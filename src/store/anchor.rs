//! Whether the files of an open history still are where they were opened.
//!
//! Whoever removes or replaces a file that is open leaves SQLite writing into one that nobody finds any more:
//! its commits succeed and are lost with the process. So before and after each write the names are looked up
//! again, and what is written into another file than the one under the name counts as not written.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::error::StoreError;
use super::file::is_ours;
use crate::paths::regular;

/// The history, the log that is written first, and the memory that its users share.
const ENDS: [&str; 3] = ["", "-wal", "-shm"];

/// The files of a history, as they were when it was opened.
pub struct Anchor {
    files: Vec<Kept>,
    /// To read its first bytes again.
    history: Option<Arc<File>>,
}

/// One of them.
struct Kept {
    path: PathBuf,
    name: Name,
    /// How long it was at most. None of them becomes shorter while it is open.
    length: Cell<u64>,
}

impl Anchor {
    /// Of a history that is open and was written to, so that all of its files are there.
    pub fn of(path: &Path) -> Self {
        let files = ENDS.iter().filter_map(|end| {
            let mut whole = path.as_os_str().to_owned();
            whole.push(end);
            let path = PathBuf::from(whole);
            let (name, length) = look(&path)?;
            let length = Cell::new(length);
            Some(Kept { path, name, length })
        });
        let files: Vec<Kept> = files.collect();
        // Power may have gone while the first page was written: then it stands in the log.
        let history = files.first().and_then(|kept| opened(kept, path));
        Self {
            history: history.filter(|file| begins_as_ours(file)),
            files,
        }
    }

    /// Refuses to go on where one of them was moved, removed, replaced or cut short.
    pub fn check(&self) -> Result<(), StoreError> {
        match self.files.iter().find(|kept| !kept.is_in_place()) {
            Some(Kept { path, .. }) => Err(StoreError::Displaced { path: path.clone() }),
            None if self.is_ours() => Ok(()),
            None => Err(StoreError::damaged("something else was written over it")),
        }
    }

    /// Whether it still begins as a history does.
    fn is_ours(&self) -> bool {
        self.history.as_deref().is_none_or(begins_as_ours)
    }

    /// Whether the history itself is in place, and merely the name of its log was taken away: all that was
    /// written can still be brought into it.
    pub fn can_be_saved(&self) -> bool {
        match self.files.as_slice() {
            [history, log, ..] => {
                history.is_in_place()
                    && self.is_ours()
                    && look(&log.path).is_none_or(|(name, _)| name != log.name)
            }
            _ => false,
        }
    }
}

impl Kept {
    fn is_in_place(&self) -> bool {
        match look(&self.path) {
            Some((name, length)) if name == self.name && length >= self.length.get() => {
                self.length.set(length);
                true
            }
            _ => false,
        }
    }
}

/// The file itself, once for all who have it open here: the system forgets the locks of a process on a file as
/// soon as the process closes it anywhere.
fn opened(kept: &Kept, path: &Path) -> Option<Arc<File>> {
    static OPENED: Mutex<BTreeMap<Name, Weak<File>>> = Mutex::new(BTreeMap::new());
    if kept.path != *path {
        return None;
    }
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(file) = opened.get(&kept.name).and_then(Weak::upgrade) {
        return Some(file);
    }
    let file = Arc::new(regular::open_own(File::options().read(true), path).ok()?);
    opened.retain(|_, file| file.strong_count() > 0);
    opened.insert(kept.name, Arc::downgrade(&file));
    Some(file)
}

fn begins_as_ours(file: &File) -> bool {
    let mut header = [0; 100];
    read_at(file, &mut header).is_ok() && is_ours(&header)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8]) -> io::Result<()> {
    use std::os::unix::fs::FileExt;
    file.read_exact_at(bytes, 0)
}

#[cfg(not(unix))]
fn read_at(_: &File, _: &mut [u8]) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// What tells a file from another one under the same path.
type Name = (u64, u64);

#[cfg(unix)]
fn look(path: &Path) -> Option<(Name, u64)> {
    use std::os::unix::fs::MetadataExt;
    let found = path.symlink_metadata().ok()?;
    Some(((found.dev(), found.ino()), found.len()))
}

/// Elsewhere the system lets nobody remove a file that is open.
#[cfg(not(unix))]
fn look(_: &Path) -> Option<(Name, u64)> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use crate::domain::{MessageStatus, OpId, OpState};
    use crate::store::samples::{at, intend_text, settled_text, text};
    use crate::store::{History, Journal, Store, StoreError, Twin};

    const ADA: &str = "+14155550123";

    #[test]
    fn nothing_is_begun_in_a_file_that_nobody_finds_any_more() {
        for (what, deed) in [
            ("removed", &["history.db"][..]),
            ("log removed", &["history.db-wal"]),
            ("shared memory removed", &["history.db-shm"]),
            (
                "all removed",
                &["history.db", "history.db-wal", "history.db-shm"],
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let mut store = Store::open(folder.path()).unwrap();
            let first = intend_text(&mut store, 1, ADA, "one").operation.id;
            for file in deed {
                fs::rename(
                    folder.path().join(file),
                    folder.path().join(format!("{file}.x")),
                )
                .unwrap();
            }
            let session = store.session();
            let second = text(OpId { session, seq: 2 }, ADA, "two");
            let refused = store.intend(&second, Twin::Refuse);
            assert!(
                matches!(refused, Err(StoreError::Displaced { .. })),
                "{what}: {refused:?}"
            );
            // What came of the first is kept in mind, and written where its file comes back.
            let sent = settled_text(1, MessageStatus::Delivered);
            assert!(store.settle(first, &sent, at(1)).is_err(), "{what}");
            for file in deed {
                fs::rename(
                    folder.path().join(format!("{file}.x")),
                    folder.path().join(file),
                )
                .unwrap();
            }
            store.intend(&second, Twin::Refuse).unwrap();
            drop(store);
            let store = Store::open(folder.path()).unwrap();
            assert_eq!(store.row(first).unwrap().unwrap().state, sent, "{what}");
            store.check().unwrap();
        }
    }

    #[test]
    fn a_history_that_was_put_in_its_place_is_not_touched() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut store = Store::open(folder.path()).unwrap();
        intend_text(&mut store, 1, ADA, "one");
        let mut new = Store::open(other.path()).unwrap();
        for file in ["history.db", "history.db-wal", "history.db-shm"] {
            fs::rename(other.path().join(file), folder.path().join(file)).unwrap();
        }
        let session = store.session();
        let second = text(OpId { session, seq: 2 }, ADA, "two");
        assert!(store.intend(&second, Twin::Refuse).is_err());
        drop(store);
        // Its log is still there for whoever has it open.
        assert!(folder.path().join("history.db-wal").exists());
        assert!(
            new.intend(&second, Twin::Refuse).is_err(),
            "it was moved as well"
        );
        drop(new);
        Store::open(folder.path()).unwrap().check().unwrap();
    }

    /// As after a kill, nothing was brought from the log into the file, so the log has all of it.
    #[test]
    fn a_history_that_was_cut_short_is_whole_where_its_log_is() {
        let folder = tempfile::tempdir().unwrap();
        drop(Store::open(folder.path()).unwrap());
        let mut store = Store::open(folder.path()).unwrap();
        let first = intend_text(&mut store, 1, ADA, "one").operation.id;
        store.connection.execute_batch("VACUUM").unwrap();
        let copy = tempfile::tempdir().unwrap();
        for file in ["history.db", "history.db-wal"] {
            fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
        }
        drop(store);
        let file = copy.path().join("history.db");
        let file = fs::OpenOptions::new().write(true).open(file).unwrap();
        file.set_len(9000).unwrap();
        drop(file);
        let store = Store::open(copy.path()).unwrap();
        assert!(store.row(first).unwrap().is_some());
        store.check().unwrap();
    }

    #[test]
    fn a_history_that_was_cut_short_is_not_written_to() {
        let folder = tempfile::tempdir().unwrap();
        drop(Store::open(folder.path()).unwrap());
        let mut store = Store::open(folder.path()).unwrap();
        let first = intend_text(&mut store, 1, ADA, "one").operation.id;
        let file = fs::OpenOptions::new()
            .write(true)
            .open(folder.path().join("history.db"))
            .unwrap();
        file.set_len(5000).unwrap();
        std::mem::forget(file);
        let session = store.session();
        let second = text(OpId { session, seq: 2 }, ADA, "two");
        assert!(store.intend(&second, Twin::Refuse).is_err());
        let unknown = OpState::Unknown(crate::store::samples::failure(
            crate::domain::FailureKind::OutcomeUnknown,
        ));
        assert!(store.settle(first, &unknown, at(1)).is_err());
    }
}
