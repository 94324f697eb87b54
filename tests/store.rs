//! The history across processes: what a killed one had begun, another takes over, and not before.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use tuilio::domain::{
    FailureKind, Intent, NewMessage, OpId, OpState, Operation, PhoneNumber, Sender, Timestamp,
};
use tuilio::store::{History, Journal, Store, Twin};

/// Names the folder in the process that is going to be killed.
const FOLDER: &str = "TUILIO_TEST_FOLDER";

#[test]
fn an_operation_of_a_killed_process_becomes_unknown_and_that_of_a_living_one_does_not() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return intend_and_wait(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "an_operation_of_a_killed_process_becomes_unknown_and_that_of_a_living_one_does_not",
            "--nocapture",
        ])
        .env(FOLDER, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let intended = lines.any(|line| line.unwrap().ends_with("intended"));
    assert!(intended, "the other process wrote nothing");

    let mut store = Store::open(folder.path()).unwrap();
    assert_eq!(store.recover(Timestamp::UNIX_EPOCH).unwrap(), []);
    let row = &store.page(None, 10).unwrap().rows[0];
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

fn intend_and_wait(folder: &Path) {
    let number = |text| PhoneNumber::from_e164(text).unwrap();
    let mut store = Store::open(folder).unwrap();
    let operation = Operation {
        id: OpId {
            session: store.session(),
            seq: 1,
        },
        intent: Intent::Text(NewMessage::new(
            number("+14155550123"),
            Sender::Number(number("+15005550006")),
            "hello",
        )),
        at: Timestamp::UNIX_EPOCH,
    };
    store.intend(&operation, Twin::Refuse).unwrap();
    std::io::stdout().write_all(b"\nintended\n").unwrap();
    // Until it is killed; the end of input means that the test is gone.
    let _ = std::io::stdin().read(&mut [0]);
}
