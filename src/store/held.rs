//! Which histories this process has open: their files are then read by SQLite and by nothing else.
//!
//! The system forgets the locks of a process on a file as soon as that process closes the file anywhere.
//! A look at the first bytes would be enough, and another process that ends would take itself for the last
//! one and clear the log away from under the desk.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

static HELD: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A history that is open; given back when dropped.
pub struct Held(PathBuf);

impl Held {
    /// Takes note before SQLite opens the file. More than once is fine.
    pub fn hold(path: &Path) -> Self {
        let path = one_name(path);
        held().push(path.clone());
        Self(path)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = held();
        if let Some(place) = held.iter().position(|path| *path == self.0) {
            held.swap_remove(place);
        }
    }
}

/// Looks at a file that SQLite does not have open here; none where it has. Nobody opens it meanwhile.
pub fn unless_held<T>(path: &Path, look: impl FnOnce() -> T) -> Option<T> {
    let held = held();
    (!held.contains(&one_name(path))).then(look)
}

fn held() -> MutexGuard<'static, Vec<PathBuf>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same for every way to the folder.
fn one_name(path: &Path) -> PathBuf {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    match (folder, path.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}
