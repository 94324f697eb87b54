//! A disk of two megabytes that is full while answers are awaited.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use libtest_mimic::Completion;
use tuilio::domain::{MessageStatus, OpId, OpState, Settled, Timestamp};
use tuilio::store::{Audit, History, Journal, Store, StoreError, Twin, examine};

use crate::{FOLDER, ROLE, text};

/// Makes the disk in a name space of its own, where it goes away by itself.
const ON_A_SMALL_DISK: &str =
    "mount -t tmpfs -o size=2m tmpfs \"$TUILIO_TEST_FOLDER\" && exec \"$0\"";

pub fn trial() -> Completion {
    let folder = tempfile::tempdir().unwrap();
    let on_a_small_disk = |program: &Path| {
        Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", ON_A_SMALL_DISK])
            .arg(program)
            .env(ROLE, "fill the disk")
            .env(FOLDER, folder.path())
            .output()
    };
    if !on_a_small_disk(Path::new("true")).is_ok_and(|probe| probe.status.success()) {
        return Completion::ignored_with("no small disk can be made here (unshare, mount)");
    }
    let done = on_a_small_disk(&std::env::current_exe().unwrap()).unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    Completion::Completed
}

/// The process on the small disk.
pub fn fill(folder: &Path) {
    let mut store = Store::open(folder).unwrap();
    let session = store.session();
    let mut seqs = 1..10_000;
    let mut begin = |store: &mut Store| {
        let seq = seqs.next().unwrap();
        let answer = store.intend(&text(session, seq), Twin::Refuse);
        answer.map(|row| row.operation.id)
    };
    let mut waiting: Vec<_> = (0..5).map(|_| begin(&mut store).unwrap()).collect();

    let filler = folder.join("filler");
    let mut file = File::create(&filler).unwrap();
    while file.write_all(&[0; 512]).is_ok() {}
    let refused = loop {
        match begin(&mut store) {
            Ok(id) => waiting.push(id),
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, StoreError::Full), "{refused:?}");

    for id in waiting {
        let row = store.settle(id, &sent(id), Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(row.state, sent(id), "what came of it found room");
    }
    let refused = begin(&mut store).unwrap_err();
    assert!(matches!(refused, StoreError::Full), "{refused:?}");

    drop(file);
    std::fs::remove_file(filler).unwrap();
    begin(&mut store).unwrap();
    store.check().unwrap();

    // As a killed process leaves it: its newest part is in the log.
    let rows = store.page(None, 1000).unwrap().rows;
    let killed = folder.join("killed");
    std::fs::create_dir(&killed).unwrap();
    for name in ["history.db", "history.db-wal", "audit-head.json"] {
        std::fs::copy(folder.join(name), killed.join(name)).unwrap();
    }
    drop(store);
    for folder in [folder, &killed] {
        // The reserve was given up, and something else has taken its room.
        let _ = std::fs::remove_file(folder.join("reserve"));
    }
    let mut file = File::create(folder.join("filler")).unwrap();
    while file.write_all(&[0; 512]).is_ok() {}
    for folder in [folder, &killed] {
        for _ in 0..2 {
            let mut store = Store::open(folder).unwrap();
            assert!(store.is_only_read());
            assert_eq!(store.page(None, 1000).unwrap().rows, rows);
            let refused = begin(&mut store).unwrap_err();
            assert!(matches!(refused, StoreError::Full), "{refused:?}");
            assert_eq!(store.recover(Timestamp::UNIX_EPOCH).unwrap(), []);
            assert_eq!(store.take_draft().unwrap(), None);
            drop(store);
            let looked = examine(folder, Duration::from_mins(1)).unwrap().unwrap();
            assert_eq!(looked.operations, rows.len() as u64);
            let audit = Audit::open(folder).unwrap().unwrap();
            assert_eq!(audit.verify(None, None).unwrap().findings, []);
        }
    }
    drop(file);
    std::fs::remove_file(folder.join("filler")).unwrap();
    // There is not room for two reserves.
    std::fs::remove_dir_all(folder.join("locks")).unwrap();
    for name in ["history.db", "audit-head.json"] {
        std::fs::remove_file(folder.join(name)).unwrap();
    }
    let mut store = Store::open(&killed).unwrap();
    let session = store.session();
    store.intend(&text(session, 1), Twin::Refuse).unwrap();
    store.check().unwrap();
}

fn sent(id: OpId) -> OpState {
    OpState::Settled(Settled::Text {
        sid: format!("SM{:032x}", id.seq).parse().unwrap(),
        status: MessageStatus::Sent,
        error_code: None,
        segments: Some(1),
    })
}
