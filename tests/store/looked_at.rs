//! A look at the history from within the process that has it open takes nothing from it.
//!
//! The system forgets the locks of a process on a file as soon as that process closes it anywhere. Whoever
//! then ends as the supposedly last one clears the log away from under the one that still writes into it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tuilio::store::{Audit, History, Journal, Store, Twin, examine};

use crate::{FOLDER, ROLE, text};

pub fn trial() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let first = text(store.session(), 1);
    store.intend(&first, Twin::Refuse).unwrap();

    examine(folder.path(), Duration::from_mins(1)).unwrap();
    drop(Audit::open(folder.path()).unwrap());
    drop(Store::open(folder.path()).unwrap());
    let script = Command::new(std::env::current_exe().unwrap())
        .env(ROLE, "intend and end")
        .env(FOLDER, folder.path())
        .status();
    assert!(script.unwrap().success());

    let second = text(store.session(), 2);
    store.intend(&second, Twin::Refuse).unwrap();
    // What would be there if the desk were killed now.
    let left = tempfile::tempdir().unwrap();
    for file in ["history.db", "history.db-wal"] {
        std::fs::copy(folder.path().join(file), left.path().join(file)).unwrap();
    }
    let store = Store::open(left.path()).unwrap();
    store.check().unwrap();
    for operation in [first, second] {
        assert!(store.row(operation.id).unwrap().is_some(), "{operation:?}");
    }
    assert_eq!(store.page(None, 10).unwrap().rows.len(), 3);
}

/// A script beside the desk.
pub fn intend_and_end(folder: &Path) {
    let mut store = Store::open(folder).unwrap();
    let operation = text(store.session(), 3);
    store.intend(&operation, Twin::Refuse).unwrap();
}
