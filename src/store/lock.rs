//! Who is still alive: every process holds an exclusive lock on a file of its own, `locks/<session>.lock`.
//!
//! The system lets go of the lock when the process ends, however it ends, so a lock that can be taken
//! belongs to nobody. Session numbers are given out once, so a file is never taken over by a later
//! process. Locks are made, tried and swept only inside a write transaction of the history: nobody can
//! sweep a file between its making and its locking.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::paths::regular;

/// How long a turn is waited for: as long as SQLite waits for its own lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a turn is asked for meanwhile.
const LOOK: Duration = Duration::from_millis(5);

/// The lock of this process; let go and removed when dropped.
pub struct SessionLock {
    path: PathBuf,
    // Held, not read: closing it lets the lock go.
    _file: File,
}

impl SessionLock {
    /// Takes the lock of a session that was just given out.
    pub fn take(locks: &Path, session: u32) -> io::Result<Self> {
        let path = path_of(locks, session);
        let file = open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path, _file: file }),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for SessionLock {
    fn drop(&mut self) {
        // A file that stays behind is harmless: the next process sweeps it.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// What is locked for that turn.
pub fn opening(locks: &Path) -> PathBuf {
    locks.join("opening")
}

/// Waits for the turn to open the history, and has it for as long as the value is kept. SQLite gives up at
/// once where two processes switch a new file to its write-ahead log at the same moment.
pub fn turn_to_open(locks: &Path) -> io::Result<File> {
    turn(&opening(locks))
}

/// Waits for the turn to say how far the audit has come: an earlier end must not be named after a later.
pub fn turn_to_name_the_head(locks: &Path) -> io::Result<File> {
    turn(&locks.join("head"))
}

/// A turn takes milliseconds. Whoever has one and is stopped in the middle must not stop everybody else.
fn turn(path: &Path) -> io::Result<File> {
    let file = open(path)?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if began.elapsed() >= PATIENCE => {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            Err(TryLockError::WouldBlock) => thread::sleep(LOOK),
        }
    }
}

/// Whether the process of that session still runs. What cannot be told counts as running: an
/// operation is rather recovered late than taken from its owner.
pub fn is_alive(locks: &Path, session: u32) -> bool {
    held(&path_of(locks, session))
}

/// Whether any process still has the history open.
pub fn any_alive(locks: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(locks) else {
        return false;
    };
    let mut paths = entries.flatten().map(|entry| entry.path());
    paths.any(|path| path.extension().is_some_and(|known| known == "lock") && held(&path))
}

/// Removes the locks that ended processes left behind.
pub fn sweep(locks: &Path) {
    let Ok(entries) = std::fs::read_dir(locks) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path
            .extension()
            .is_some_and(|extension| extension == "lock")
            && !held(&path)
        {
            let _ = std::fs::remove_file(&path);
        }
    }
}

fn held(path: &Path) -> bool {
    match regular::open_own(OpenOptions::new().write(true), path) {
        Ok(file) => file.try_lock().is_err(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

fn path_of(locks: &Path, session: u32) -> PathBuf {
    locks.join(format!("{session}.lock"))
}

/// Opens a file of locks, and makes it where it is missing, for this user's eyes only.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    regular::open_own(&options, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_lives_as_long_as_its_process_and_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let lock = SessionLock::take(folder.path(), 7).unwrap();
        assert!(is_alive(folder.path(), 7));
        assert!(SessionLock::take(folder.path(), 7).is_err());
        drop(lock);
        assert!(!is_alive(folder.path(), 7));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_turn_that_somebody_keeps_is_given_up_within_a_bound() {
        let folder = tempfile::tempdir().unwrap();
        let kept = turn_to_open(folder.path()).unwrap();
        let refused = turn_to_open(folder.path()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::WouldBlock);
        drop(kept);
        assert!(turn_to_open(folder.path()).is_ok());
    }

    #[test]
    fn sweeping_takes_what_nobody_holds_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let _mine = SessionLock::take(folder.path(), 1).unwrap();
        std::fs::write(folder.path().join("2.lock"), "").unwrap();
        std::fs::write(folder.path().join("note.txt"), "").unwrap();
        sweep(folder.path());
        let mut left: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["1.lock", "note.txt"]);
    }
}
