//! What a killed process had begun, another takes over, and not before.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use tuilio::domain::{FailureKind, OpState, Timestamp};
use tuilio::store::{History, Journal, Store, Twin};

use crate::{FOLDER, ROLE, text};

pub fn trial() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .env(ROLE, "intend and wait")
        .env(FOLDER, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut said)
        .unwrap();
    assert_eq!(said, "intended\n");

    let mut store = Store::open(folder.path()).unwrap();
    assert_eq!(store.recover(Timestamp::UNIX_EPOCH).unwrap(), []);
    let row = store.page(None, 10).unwrap().rows.remove(0);
    assert_eq!(row.state, OpState::Intended);

    child.kill().unwrap();
    child.wait().unwrap();
    let recovered = store.recover(Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(recovered.len(), 1);
    assert_eq!(recovered[0].operation, row.operation);
    let kind = recovered[0].state.failure().map(|failure| failure.kind);
    assert_eq!(kind, Some(FailureKind::OutcomeUnknown));
    store.check().unwrap();
}

/// The process that is killed.
pub fn intend_and_wait(folder: &Path) {
    let mut store = Store::open(folder).unwrap();
    let operation = text(store.session(), 1);
    store.intend(&operation, Twin::Refuse).unwrap();
    std::io::stdout().write_all(b"intended\n").unwrap();
    // Until it is killed; the end of input means that the test is gone.
    let _ = std::io::stdin().read(&mut [0]);
}
