//! Room that is kept for the worst moment: a disk that fills up while answers are awaited.
//!
//! The file holds nothing. Where a result cannot be written for want of room, it is removed and the
//! result written; from then on nothing new is begun until there is room for the reserve again.

use std::fs::remove_file;
use std::io;
use std::path::{Path, PathBuf};

use fs4::FileExt;

use super::error::StoreError;
use super::file::create_private;

/// Room for the results of some fifty operations.
const SIZE: u64 = 1024 * 1024;

/// The file that can be given up.
pub struct Reserve {
    path: PathBuf,
}

impl Reserve {
    /// In this folder.
    pub fn new(folder: &Path) -> Self {
        Self {
            path: folder.join("reserve"),
        }
    }

    /// Sees to it that the reserve is there. Only a full disk is an error: a file system that knows no
    /// such thing is not.
    pub fn keep(&self) -> Result<(), StoreError> {
        if std::fs::metadata(&self.path).is_ok_and(|found| found.len() >= SIZE) {
            return Ok(());
        }
        match self.make() {
            Err(error) if is_full(&error) => Err(StoreError::Full),
            _ => Ok(()),
        }
    }

    /// Gives the reserve up; says whether there was one.
    pub fn release(&self) -> bool {
        remove_file(&self.path).is_ok()
    }

    fn make(&self) -> io::Result<()> {
        let file = create_private(&self.path)?;
        let made = file.allocate(SIZE);
        if made.is_err() {
            let _ = remove_file(&self.path);
        }
        made
    }
}

/// Whether the system found no room.
pub fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}
