//! What is done to a history, and what goes on of it.

mod bits;
mod headers;
mod left;

use std::collections::BTreeMap;

use super::*;
use crate::domain::{FailureKind, MessageStatus, OpId, OpState, Settled, Untrusted};
use crate::store::audit::{Aside, Compared};
use crate::store::samples::{at, intend_text, settled_text};
use crate::store::{Audit, Finding, History, Journal, Store};

fn written(folder: &Path) -> Vec<HistoryRow> {
    let mut store = Store::open(folder).unwrap();
    for seq in 1..=200 {
        let row = intend_text(&mut store, seq, "+14155550123", &format!("text {seq}"));
        if seq < 200 {
            let sent = settled_text(seq, MessageStatus::Sent);
            store.settle(row.operation.id, &sent, at(1)).unwrap();
        }
    }
    store.page(None, 1000).unwrap().rows
}

#[test]
fn a_damaged_file_is_kept_aside_and_what_can_be_read_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let before = written(folder.path());
    let path = folder.path().join(HISTORY_FILE);
    let mut bytes = fs::read(&path).unwrap();
    // A leaf of the table of operations, by what stands in no index.
    let content: &[u8] = b"text 100{";
    let holds = |page: &&mut [u8]| page.windows(content.len()).any(|part| part == content);
    let pages = bytes.chunks_mut(4096).filter(holds);
    pages.for_each(|page| page.fill(0xa5));
    fs::write(&path, &bytes).unwrap();

    let rescued = rescue(folder.path(), at(50)).unwrap().unwrap();
    let name = "history-damaged-20270115-080050.db";
    assert_eq!(rescued.kept_as, folder.path().join(name));
    assert_eq!(fs::read(&rescued.kept_as).unwrap(), bytes);
    assert_eq!(rescued.operations, 200);
    assert!((1..100).contains(&rescued.unreadable), "{rescued:?}");
    let mut store = Store::open(folder.path()).unwrap();
    let after = store.page(None, 1000).unwrap().rows;
    assert_eq!(after.len(), before.len());
    for (old, row) in before.iter().zip(&after) {
        assert_eq!(old.operation.id, row.operation.id, "each in its place");
        if row.operation.intent.is_unreadable() {
            // What the audit has told of it.
            let (OpState::Settled(Settled::Text { sid, status, .. }), OpState::Settled(left)) =
                (&old.state, &row.state)
            else {
                panic!("{row:?}");
            };
            assert!(matches!(left, Settled::Text { sid: one, status: other, .. }
                if one == sid && other == status));
            assert_eq!(row.operation.at, old.operation.at);
        } else {
            assert_eq!((&old.operation, &old.state), (&row.operation, &row.state));
        }
    }
    assert!(store.session() > 1);
    // What was under way is looked after.
    let recovered = store.recover(at(51)).unwrap();
    assert_eq!(recovered.len(), 1);
    let kind = recovered[0].state.failure().map(|failure| failure.kind);
    assert_eq!(kind, Some(FailureKind::OutcomeUnknown));
    intend_text(&mut store, 1, "+14155550123", "another");
    drop(store);
    let audit = Audit::open(folder.path()).unwrap().unwrap();
    let aside = Aside {
        kept_as: name.to_owned(),
        told: Compared::Read {
            lacking: 0,
            unreadable: rescued.unreadable,
            otherwise: 0,
            unread: 0,
        },
    };
    let found = audit.verify(None, None).unwrap().findings;
    assert_eq!(found, [Finding::Rescued(aside)]);
    assert_eq!(rescue(folder.path(), at(60)).unwrap(), None, "it is sound");
}

#[test]
fn one_row_that_makes_no_sense_goes_on_as_one_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let connection = Connection::open(folder.path().join(HISTORY_FILE)).unwrap();
    connection
        .execute("UPDATE operations SET intent = '{}' WHERE row = 100", [])
        .unwrap();
    drop(connection);
    let rescued = rescue(folder.path(), at(50)).unwrap().unwrap();
    assert_eq!((rescued.operations, rescued.unreadable), (200, 1));
}

#[test]
fn nothing_is_moved_from_under_a_process_that_has_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let answer = rescue(folder.path(), at(1));
    assert!(matches!(answer, Err(StoreError::InUse)), "{answer:?}");
    drop(store);
}

#[test]
fn a_file_of_which_nothing_can_be_read_is_kept_and_a_new_one_begun() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path()).unwrap());
    let path = folder.path().join(HISTORY_FILE);
    let mut bytes = fs::read(&path).unwrap();
    bytes[100..].fill(0xa5);
    for count in 1..=2 {
        fs::write(&path, &bytes).unwrap();
        let rescued = rescue(folder.path(), at(50)).unwrap().unwrap();
        assert_eq!(rescued.operations, 0);
        assert_eq!(fs::read(&rescued.kept_as).unwrap(), bytes);
        let kept = fs::read_dir(folder.path()).unwrap().flatten();
        let kept = kept.map(|entry| entry.path()).filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with(ASIDE) && path.extension().is_some_and(|end| end == "db")
        });
        assert_eq!(kept.count(), count);
    }
    let mut store = Store::open(folder.path()).unwrap();
    let row = intend_text(&mut store, 1, "+14155550123", "hello");
    assert_eq!(row.state, OpState::Intended);
}

/// The history of [`written`], once more.
fn laid_out() -> tempfile::TempDir {
    static WRITTEN: std::sync::OnceLock<[Vec<u8>; 2]> = std::sync::OnceLock::new();
    const FILES: [&str; 2] = [HISTORY_FILE, HEAD_FILE];
    let written = WRITTEN.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path());
        FILES.map(|file| fs::read(folder.path().join(file)).unwrap())
    });
    let folder = tempfile::tempdir().unwrap();
    for (file, bytes) in FILES.iter().zip(written) {
        fs::write(folder.path().join(file), bytes).unwrap();
    }
    folder
}

fn damage(folder: &Path, deed: &str) {
    let connection = Connection::open(folder.join(HISTORY_FILE)).unwrap();
    connection.execute_batch(deed).unwrap();
}

#[test]
fn whatever_was_done_to_the_file_all_that_can_be_read_goes_on() {
    for (deed, readable, altered) in [
        (
            "CREATE TRIGGER evil AFTER INSERT ON operations BEGIN DELETE FROM operations; END",
            200,
            true,
        ),
        ("PRAGMA user_version = 1", 200, false),
        ("PRAGMA user_version = 0", 200, false),
        (
            "ALTER TABLE operations RENAME COLUMN ticket TO other",
            200,
            false,
        ),
        (
            "ALTER TABLE operations RENAME COLUMN body TO other",
            0,
            false,
        ),
        ("DROP TABLE operations", 0, false),
        ("DROP TABLE audit", 200, false),
        (
            "PRAGMA foreign_keys = OFF; DROP TABLE drafts; DROP TABLE sessions",
            200,
            false,
        ),
    ] {
        let folder = laid_out();
        damage(folder.path(), deed);
        let error = Store::open(folder.path()).err();
        assert!(
            matches!(
                error,
                Some(StoreError::Damaged { .. } | StoreError::Altered { .. })
            ),
            "{deed}: {error:?}"
        );
        let rescued = rescue(folder.path(), at(50)).unwrap().unwrap();
        let whole = rescued.operations - rescued.unreadable;
        assert_eq!((whole, rescued.altered), (readable, altered), "{deed}");
        let mut store = Store::open(folder.path()).unwrap();
        assert_eq!(store.page(None, 1000).unwrap().rows.len(), 200, "{deed}");
        intend_text(&mut store, 1, "+14155550124", "another");
        drop(store);
        let told = match (deed, readable) {
            ("DROP TABLE audit", _) => Compared::Unreadable(399),
            (_, readable) => Compared::Read {
                lacking: 0,
                unreadable: 200 - readable,
                otherwise: 0,
                unread: 0,
            },
        };
        let kept_as = rescued.kept_as.file_name().unwrap().to_str().unwrap();
        let aside = Finding::Rescued(Aside {
            kept_as: kept_as.to_owned(),
            told,
        });
        let found = || {
            let audit = Audit::open(folder.path()).unwrap().unwrap();
            audit.verify(None, None).unwrap().findings
        };
        assert_eq!(found(), [aside], "{deed}");
        let mut store = Store::open(folder.path()).unwrap();
        store.accept_audit(at(60)).unwrap();
        assert_eq!(found(), [], "{deed}");
    }
}

#[test]
fn what_two_rescues_lost_and_took_over_otherwise_is_told_until_somebody_accepts_it() {
    let folder = laid_out();
    let found = || {
        let audit = Audit::open(folder.path()).unwrap().unwrap();
        audit.verify(None, None).unwrap().findings
    };
    for (deed, seconds, told) in [
        (
            "UPDATE operations SET intent = '{}' WHERE row = 7;
             DELETE FROM operations WHERE row = 8",
            50,
            "No operation of its audit is lacking here. Of 2 it cannot be read any more what was asked for",
        ),
        (
            "UPDATE operations SET status = 'read' WHERE row = 9;
             UPDATE operations SET intent = '{}' WHERE row = 10",
            51,
            "No operation of its audit is lacking here. Of 3 it cannot be read any more what was asked for. 1 stands here otherwise than it tells",
        ),
    ] {
        damage(folder.path(), deed);
        let rescued = rescue(folder.path(), at(seconds)).unwrap().unwrap();
        let name = rescued.kept_as.file_name().unwrap().to_str().unwrap();
        drop(Store::open(folder.path()).unwrap());
        let found = found();
        let [only] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(
            only.to_string(),
            format!(
                "the history was damaged or changed, is kept as {name}, and went on by itself. {told}"
            )
        );
    }
    let mut store = Store::open(folder.path()).unwrap();
    store.accept_audit(at(60)).unwrap();
    drop(store);
    assert_eq!(found(), []);
    // What was accepted is not told again; what comes then is.
    damage(
        folder.path(),
        "UPDATE operations SET intent = '{}' WHERE row = 11",
    );
    rescue(folder.path(), at(70)).unwrap().unwrap();
    assert!(
        found()[0]
            .to_string()
            .ends_with("Of 1 it cannot be read any more what was asked for")
    );
}

#[test]
fn of_a_damaged_file_of_the_first_format_every_row_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open(folder.path().join(HISTORY_FILE)).unwrap();
    for step in [
        migrate::STEPS[0],
        "PRAGMA user_version = 1; PRAGMA application_id = 0x7475696c",
        include_str!("../../../tests/samples/history_1.sql"),
        "CREATE TABLE theirs (a)",
    ] {
        connection.execute_batch(step).unwrap();
    }
    let rows: i64 = connection
        .query_row("SELECT count(*) FROM operations", [], |row| row.get(0))
        .unwrap();
    drop(connection);
    let rescued = rescue(folder.path(), at(50)).unwrap().unwrap();
    let rows = usize::try_from(rows).unwrap();
    assert_eq!(rescued.operations, rows);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.page(None, 100).unwrap().rows.len(), rows);
}

#[test]
fn a_draft_goes_on_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let draft = crate::domain::Draft {
        to: Untrusted::from("415 555"),
        body: Untrusted::from("half a sen"),
        ticket: Untrusted::default(),
        send_at: None,
        updated_at: at(1),
    };
    store.save_draft(&draft).unwrap();
    drop(store);
    // One that nobody can read costs itself alone.
    damage(
        folder.path(),
        "INSERT INTO sessions VALUES (9, ''); INSERT INTO drafts VALUES (9, '', 'b', '', 'soon', NULL)",
    );
    rescue(folder.path(), at(50)).unwrap().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    assert_eq!(store.take_draft().unwrap(), Some(draft));
}

#[test]
fn an_emptied_file_is_kept_with_its_log_and_one_that_never_was_is_made() {
    let folder = laid_out();
    let path = folder.path().join(HISTORY_FILE);
    fs::write(&path, "").unwrap();
    let log = folder.path().join("history.db-wal");
    fs::write(&log, "what the log held").unwrap();
    let error = Store::open(folder.path()).err().unwrap();
    assert_eq!(
        error.to_string(),
        "the history file is damaged: it is empty"
    );
    let rescued = rescue(folder.path(), at(50)).unwrap().unwrap();
    assert_eq!(rescued.operations, 0);
    let kept = rescued.kept_as.display();
    assert_eq!(
        fs::read(format!("{kept}-wal")).unwrap(),
        b"what the log held"
    );
    assert!(Path::new(&format!("{kept}.audit-head.json")).exists());

    // The making of the first one ended half-way.
    let folder = tempfile::tempdir().unwrap();
    for part in ["history.db.part", "history.db.part-journal", HEAD_FILE] {
        let content = if part == HEAD_FILE {
            "{\"last\":{\"number\":0,\"hash\":\"0000000000000000000000000000000000000000000000000000000000000000\"},\"sealed\":null}"
        } else {
            "half"
        };
        fs::write(folder.path().join(part), content).unwrap();
    }
    let mut store = Store::open(folder.path()).unwrap();
    intend_text(&mut store, 1, "+14155550123", "hello");
    drop(store);
    assert!(!folder.path().join("history.db.part").exists());
    let audit = Audit::open(folder.path()).unwrap().unwrap();
    assert_eq!(audit.verify(None, None).unwrap().findings, []);
}

/// Everything in a folder, by name.
fn all_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let files = entries.filter(|entry| entry.path().is_file());
    let content = |path: PathBuf| fs::read(path).unwrap();
    files
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                content(entry.path()),
            )
        })
        .collect()
}

#[test]
fn a_rescue_that_was_killed_at_any_moment_is_finished_by_the_next_start() {
    let sound = laid_out();
    damage(sound.path(), "CREATE TABLE theirs (a)");
    let damaged = all_of(sound.path());
    let name = format!("{ASIDE}20270115-080050.db");
    let lay_out = |moved: usize, made: bool, named: bool| {
        let folder = tempfile::tempdir().unwrap();
        for (file, content) in &damaged {
            fs::write(folder.path().join(file), content).unwrap();
        }
        fs::write(folder.path().join(UNFINISHED), &name).unwrap();
        let moves = [
            (HEAD_FILE, format!("{name}.audit-head.json")),
            (HISTORY_FILE, name.clone()),
        ];
        for (from, to) in moves.iter().take(moved) {
            fs::rename(folder.path().join(from), folder.path().join(to)).unwrap();
        }
        if made {
            let part = folder.path().join("history.db.part");
            fs::write(part, "half").unwrap();
        }
        if named {
            fs::write(folder.path().join(UNFINISHED), "").unwrap();
        }
        folder
    };
    for (moved, made, named) in [
        (0, false, false),
        (0, false, true),
        (1, false, false),
        (2, false, false),
        (2, true, false),
    ] {
        let folder = lay_out(moved, made, named);
        let error = Store::open(folder.path()).err();
        assert!(error.is_some(), "nobody begins a history beside it");
        let rescued = rescue(folder.path(), at(50)).unwrap().unwrap();
        assert_eq!((rescued.operations, rescued.altered), (200, true));
        assert!(!folder.path().join(UNFINISHED).exists());
        assert_eq!(fs::read(&rescued.kept_as).unwrap(), damaged[HISTORY_FILE]);
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.page(None, 1000).unwrap().rows.len(), 200);
    }
    // All was done but the last step.
    let folder = lay_out(0, false, true);
    rescue(folder.path(), at(50)).unwrap().unwrap();
    let done = all_of(folder.path());
    fs::write(folder.path().join(UNFINISHED), &name).unwrap();
    let rescued = rescue(folder.path(), at(60)).unwrap().unwrap();
    assert_eq!(rescued.operations, 200);
    assert_eq!(all_of(folder.path()), done);
}
