//! What is done to a record, and by which sentence it is found out.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use rusqlite::Connection;

use super::*;
use crate::domain::{FailureKind, MessageStatus, OpId, OpState, VerificationStatus};
use crate::store::samples::{
    at, delivered_by, failure, intend_text, settled_text, settled_verification, start,
};
use crate::store::{Journal, Store, Twin};

const ADA: &str = "+14155550123";

fn key() -> Key {
    Key::parse(&crate::domain::Secret::new("0123456789abcdef".repeat(4))).unwrap()
}

/// A history of some operations: 1 is delivered, 2 was adopted, 3 is a check, 4 was deleted, 5 is not known.
fn written(folder: &Path, key: Option<Key>) -> Store {
    let mut store = Store::open(folder).unwrap();
    match key {
        Some(key) => drop(store.seal_with(key, None, at(0)).unwrap()),
        // So that it has as many lines.
        None => drop(store.accept_audit(at(0)).unwrap()),
    }
    let unknown = OpState::Unknown(failure(FailureKind::OutcomeUnknown));
    let first = intend_text(&mut store, 1, ADA, "one").operation.id;
    for status in [MessageStatus::Queued, MessageStatus::Delivered] {
        store
            .settle(first, &settled_text(1, status), at(1))
            .unwrap();
    }
    let second = intend_text(&mut store, 2, ADA, "two").operation.id;
    store.settle(second, &unknown, at(2)).unwrap();
    let found = settled_text(2, MessageStatus::Sent);
    store.settle(second, &found, at(3)).unwrap();
    let third = OpId { seq: 3, ..first };
    store.intend(&start(third, ADA), Twin::Refuse).unwrap();
    let pending = settled_verification(1, VerificationStatus::Pending);
    store.settle(third, &pending, at(4)).unwrap();
    store.settle(third, &delivered_by(1, 1), at(5)).unwrap();
    let fourth = intend_text(&mut store, 4, ADA, "four").operation.id;
    let refused = OpState::Refused(failure(FailureKind::Refused));
    store.settle(fourth, &refused, at(6)).unwrap();
    store.delete(&[fourth], at(7)).unwrap();
    let fifth = intend_text(&mut store, 5, ADA, "five").operation.id;
    store.settle(fifth, &unknown, at(8)).unwrap();
    store
}

fn verdict(folder: &Path, key: Option<&Key>) -> Verdict {
    let audit = Audit::open(folder).unwrap().unwrap();
    audit.verify(key, None).unwrap()
}

/// As whoever owns the file can, who leaves no other trace.
fn tampered(folder: &Path, deed: &str) {
    tampered_by(folder, |connection| connection.execute_batch(deed).unwrap());
}

fn tampered_by<T>(folder: &Path, deed: impl FnOnce(&Connection) -> T) -> T {
    let connection = Connection::open(folder.join("history.db")).unwrap();
    let triggers: String = connection
        .query_row(
            "SELECT group_concat(sql, ';') FROM sqlite_schema WHERE type = 'trigger'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    connection
        .execute_batch("PRAGMA synchronous = OFF; DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed")
        .unwrap();
    let done = deed(&connection);
    connection.execute_batch(&triggers).unwrap();
    done
}

/// The history of [`written`], in a folder of its own.
fn laid_out(keyed: bool) -> tempfile::TempDir {
    static WRITTEN: OnceLock<[[Vec<u8>; 2]; 2]> = OnceLock::new();
    const FILES: [&str; 2] = ["history.db", HEAD_FILE];
    let written = WRITTEN.get_or_init(|| {
        [false, true].map(|keyed| {
            let folder = tempfile::tempdir().unwrap();
            drop(written(folder.path(), keyed.then(key)));
            FILES.map(|file| fs::read(folder.path().join(file)).unwrap())
        })
    });
    let folder = tempfile::tempdir().unwrap();
    for (file, bytes) in FILES.iter().zip(&written[usize::from(keyed)]) {
        fs::write(folder.path().join(file), bytes).unwrap();
    }
    folder
}

fn lines(folder: &Path) -> Vec<Line> {
    let audit = Audit::open(folder).unwrap().unwrap();
    let lines = audit.lines(0).unwrap();
    lines.into_iter().map(|(_, line)| line.unwrap()).collect()
}

#[test]
fn each_step_of_an_operation_is_a_line_and_none_of_it_is_personal() {
    let folder = tempfile::tempdir().unwrap();
    drop(written(folder.path(), Some(key())));
    let mut store = Store::open(folder.path()).unwrap();
    store.forget_before(at(100), at(101)).unwrap();
    drop(store);
    let told: Vec<String> = lines(folder.path())
        .iter()
        .map(|line| {
            let words = [
                Some(line.event.as_str()),
                line.operation_id.as_deref(),
                line.kind.as_deref(),
                line.state.as_deref(),
                line.outcome.as_deref(),
            ];
            words.map(|word| word.unwrap_or("-")).join(" ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "keyed - - - -",
            "intended 1-1 text intended -",
            "settled 1-1 text settled queued",
            "settled 1-1 text settled delivered",
            "intended 1-2 text intended -",
            "settled 1-2 text unknown outcome_unknown",
            "adopted 1-2 text settled sent",
            "intended 1-3 verify_start intended -",
            "settled 1-3 verify_start settled pending",
            "settled 1-3 verify_start settled pending, code delivered",
            "intended 1-4 text intended -",
            "settled 1-4 text refused refused",
            "deleted 1-4 text refused refused",
            "intended 1-5 text intended -",
            "settled 1-5 text unknown outcome_unknown",
            "forgotten 1-1 text settled delivered",
            "forgotten 1-2 text settled sent",
            "forgotten 1-3 verify_start settled pending, code delivered",
        ]
    );
    let all = format!("{:?}", lines(folder.path()));
    for personal in [
        "4155550123",
        "5005550006",
        "\"one\"",
        "\"four\"",
        "T-Mobile",
        "no answer",
    ] {
        assert!(!all.contains(personal), "{personal}");
    }
    assert_eq!(verdict(folder.path(), Some(&key())).findings, []);
}

#[test]
fn whoever_changes_removes_or_exchanges_a_line_is_found_out() {
    use Finding::*;
    let (first, second) = ("1-1".to_owned(), "1-2".to_owned());
    let contradicted = |line| Contradicted {
        operation: first.clone(),
        line,
    };
    for (deed, found) in [
        ("UPDATE audit SET outcome = 'read' WHERE number = 3", vec![Changed(3)]),
        (
            "UPDATE audit SET outcome = 'read' WHERE number = 4",
            vec![Changed(4), contradicted(4)],
        ),
        ("DELETE FROM audit WHERE number = 3", vec![Missing(3)]),
        ("DELETE FROM audit WHERE number = 1", vec![Missing(1)]),
        ("DELETE FROM audit WHERE number <= 2", vec![MissingMany(1, 2)]),
        (
            "DELETE FROM audit WHERE number IN (5, 6, 7)",
            vec![MissingMany(5, 7), NotInAudit(second.clone())],
        ),
        (
            "DELETE FROM audit WHERE number = 3; UPDATE audit SET number = number - 1 WHERE number > 3",
            vec![
                Changed(3), Changed(4), Changed(5), Changed(6), Changed(7), Changed(8), Changed(9),
                Changed(10), Changed(11), Changed(12), Changed(13), Changed(14),
                CutOff { last: 14, named: 15 },
            ],
        ),
        (
            "UPDATE audit SET number = 99 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3;
             UPDATE audit SET number = 3 WHERE number = 99",
            vec![Changed(2), Changed(3), Exchanged(4)],
        ),
        (
            "UPDATE audit SET at = (SELECT at FROM audit WHERE number = 9) WHERE number = 2",
            vec![Changed(2)],
        ),
        (
            "DELETE FROM audit WHERE number > 13",
            vec![CutOff { last: 13, named: 15 }, NotInAudit("1-5".to_owned())],
        ),
        (
            "DELETE FROM audit WHERE number = 15",
            vec![
                CutOff { last: 14, named: 15 },
                Contradicted { operation: "1-5".to_owned(), line: 14 },
            ],
        ),
        ("UPDATE audit SET number = -3 WHERE number = 3", vec![OutOfPlace(-3), Missing(3)]),
        (
            "INSERT INTO operations (session, seq, at, kind, recipient, intent, state, open, updated_at)
                 SELECT session, 77, at, kind, '+14155550199', intent, state, open, updated_at
                 FROM operations WHERE seq = 5;
             INSERT INTO audit SELECT 0, at, event, '1-77', kind, state, outcome, sid, error, NULL, 'x', 'y'
                 FROM audit WHERE number = 14",
            vec![OutOfPlace(0), NotInAudit("1-77".to_owned())],
        ),
        (
            "UPDATE audit SET hash = CAST(x'ff' AS TEXT) WHERE number = 3",
            vec![Unreadable(3)],
        ),
        (
            "UPDATE operations SET status = 'read' WHERE seq = 1",
            vec![contradicted(4)],
        ),
        (
            "UPDATE operations SET kind = 'lookup' WHERE seq = 1",
            vec![contradicted(4)],
        ),
        (
            "DELETE FROM operations WHERE seq = 1",
            vec![NotInHistory { operation: first.clone(), line: 4 }],
        ),
        (
            "INSERT INTO operations (session, seq, at, kind, intent, state, open, updated_at)
             VALUES (1, 9, '2026-01-02T03:04:05Z', 'lookup', '{\"look_up\":{\"line_type\":false}}', 'intended', 0, '2026-01-02T03:04:05Z')",
            vec![NotInAudit("1-9".to_owned())],
        ),
        (
            "UPDATE operations SET seq = 4 WHERE seq = 1",
            vec![
                Contradicted { operation: "1-4".to_owned(), line: 13 },
                NotInHistory { operation: first.clone(), line: 4 },
            ],
        ),
    ] {
        for keyed in [false, true] {
            let folder = laid_out(keyed);
            let key = keyed.then(key);
            let whole = verdict(folder.path(), key.as_ref());
            assert_eq!((whole.lines, whole.operations), (15, 4));
            assert_eq!(whole.findings, []);
            assert_eq!(whole.unkeyed, if keyed { 0 } else { 15 });
            assert_eq!(whole.sealed_to, if keyed { 15 } else { 0 });
            tampered(folder.path(), deed);
            let verdict = verdict(folder.path(), key.as_ref());
            assert_eq!(verdict.findings, found, "{deed}");
        }
    }
}

#[test]
fn of_a_long_audit_the_end_is_proved_and_where_it_ends() {
    use Finding::*;
    for (deed, found) in [
        ("", vec![]),
        // Before what is looked at.
        ("UPDATE audit SET outcome = 'read' WHERE number = 3", vec![]),
        (
            "UPDATE audit SET outcome = 'read' WHERE number = 12",
            vec![Changed(12)],
        ),
        (
            "UPDATE audit SET hash = hash || '0' WHERE number = 10",
            vec![Exchanged(11)],
        ),
        ("DELETE FROM audit WHERE number = 11", vec![Missing(11)]),
        (
            "DELETE FROM audit WHERE number > 12",
            vec![CutOff {
                last: 12,
                named: 15,
            }],
        ),
    ] {
        let folder = laid_out(true);
        tampered(folder.path(), deed);
        let audit = Audit::open(folder.path()).unwrap().unwrap();
        let verdict = audit.verify_end(Some(&key()), 5).unwrap();
        assert_eq!(verdict.findings, found, "{deed}");
        assert!(verdict.lines <= 5, "{deed}");
    }
    let folder = laid_out(true);
    let audit = Audit::open(folder.path()).unwrap().unwrap();
    let all = audit.verify_end(Some(&key()), 15).unwrap();
    assert_eq!(all, audit.verify(Some(&key()), None).unwrap());
}

#[test]
fn one_number_for_two_operations_is_found_out_where_the_index_hides_it() {
    let folder = laid_out(false);
    let connection = Connection::open(folder.path().join("history.db")).unwrap();
    let built: String = connection
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE name = 'operations'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    // A table without the rule is filled, and its pages are put in the place of the other's.
    let other = built.replace("\"operations\"", "other");
    let unruled = other.replace("UNIQUE (session, seq)", "CHECK (1)");
    assert_ne!(unruled, other);
    let columns: String = connection
        .query_row(
            "SELECT group_concat(name) FROM pragma_table_xinfo('operations') WHERE hidden = 0",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let second = columns.replacen("row,", "", 1);
    connection
        .execute_batch(&format!(
            "{unruled}; INSERT INTO other ({columns}) SELECT {columns} FROM operations;
             INSERT INTO other ({second}) SELECT {second} FROM operations WHERE seq = 1;
             PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'other')
                 WHERE name = 'operations';
             DELETE FROM sqlite_schema WHERE name = 'other';
             PRAGMA writable_schema = RESET"
        ))
        .unwrap();
    drop(connection);
    let found = verdict(folder.path(), None).findings;
    assert_eq!(found, [Finding::Twice("1-1".to_owned())]);
}

#[test]
fn without_the_key_nobody_makes_a_line_that_passes() {
    // What was done to the table; then the whole chain is made anew without the key, as by a program, and
    // the file beside it is made to fit.
    let folder = tempfile::tempdir().unwrap();
    drop(written(folder.path(), Some(key())));
    let mut kept: Vec<Line> = lines(folder.path());
    kept[3].outcome = Some("read".to_owned());
    tampered(
        folder.path(),
        "DELETE FROM audit; UPDATE operations SET status = 'read' WHERE seq = 1",
    );
    let connection = Connection::open(folder.path().join("history.db")).unwrap();
    let forger = Chain::default();
    for line in kept {
        let entry = Entry {
            event: Event::Settled,
            operation: line.operation_id,
            kind: line.kind,
            state: line.state,
            outcome: line.outcome,
            sid: line.sid,
            error: line.error_code.and_then(|code| code.parse().ok()),
        };
        forger.append(&connection, entry, at(0)).unwrap();
    }
    let head = HeadFile::new(folder.path(), &folder.path().join("locks"));
    head.set(&connection, None).unwrap();
    drop(connection);
    let found = verdict(folder.path(), Some(&key())).findings;
    assert!(found.contains(&Finding::Replaced(15)), "{found:?}");
    // Without the seal, the file does not fit a keyring that has a key.
    fs::remove_file(folder.path().join(HEAD_FILE)).unwrap();
    head.begin().unwrap();
    let unkeyed = verdict(folder.path(), Some(&key()));
    assert_eq!((unkeyed.sealed_to, unkeyed.unkeyed), (0, unkeyed.lines));
}

#[test]
fn the_file_beside_the_history_shows_a_cut_off_end_and_is_itself_guarded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let older = path.join("older");
    let head = path.join(HEAD_FILE);
    drop(written(path, Some(key())));
    fs::copy(path.join("history.db"), &older).unwrap();
    let older_head = fs::read(&head).unwrap();
    let mut store = Store::open(path).unwrap();
    let more = intend_text(&mut store, 1, ADA, "more");
    assert_eq!(more.audit.map(|line| line.number()), Some(16));
    drop(store);
    let newer_head = fs::read(&head).unwrap();
    let with_head = |bytes: &[u8]| {
        fs::write(&head, bytes).unwrap();
        verdict(path, Some(&key())).findings
    };
    assert_eq!(with_head(&newer_head), []);
    // It may lag behind.
    assert_eq!(with_head(&older_head), []);
    assert_eq!(verdict(path, Some(&key())).past_head, 1);
    assert_eq!(with_head(b"{}"), [Finding::HeadChanged]);
    let forged = String::from_utf8(newer_head.clone()).unwrap();
    let forged = forged.replace("\"seal\":\"", "\"seal\":\"0");
    assert_eq!(with_head(forged.as_bytes()), [Finding::HeadChanged]);
    let unsealed = br#"{"last":{"number":0,"hash":"0000000000000000000000000000000000000000000000000000000000000000"},"sealed":null}"#;
    assert_eq!(with_head(unsealed), [Finding::HeadChanged]);
    fs::remove_file(&head).unwrap();
    assert_eq!(verdict(path, Some(&key())).findings, [Finding::NoHead]);
    // Nothing makes it anew by itself.
    drop(Store::open(path).unwrap());
    assert_eq!(verdict(path, Some(&key())).findings, [Finding::NoHead]);
    // An older copy of the history.
    fs::write(&head, &newer_head).unwrap();
    fs::copy(&older, path.join("history.db")).unwrap();
    let cut = [Finding::CutOff {
        last: 15,
        named: 16,
    }];
    assert_eq!(verdict(path, Some(&key())).findings, cut);
    // It goes on from there, and the file still says what was.
    let mut store = Store::open(path).unwrap();
    store.seal_with(key(), None, at(20)).unwrap();
    intend_text(&mut store, 1, ADA, "other");
    drop(store);
    let replaced = [Finding::Replaced(16)];
    assert_eq!(verdict(path, Some(&key())).findings, replaced);
    // Until a person says that it was on purpose.
    let mut store = Store::open(path).unwrap();
    store.seal_with(key(), None, at(30)).unwrap();
    let line = store.accept_audit(at(31)).unwrap();
    let after = verdict(path, Some(&key()));
    assert_eq!((after.findings, after.last), (vec![], Some(line)));
}

#[test]
fn another_history_in_its_place_is_found_out() {
    let (mine, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop(written(mine.path(), None));
    let mut store = Store::open(other.path()).unwrap();
    for seq in 1..20 {
        intend_text(&mut store, seq, ADA, &format!("text {seq}"));
    }
    drop(store);
    fs::copy(
        other.path().join("history.db"),
        mine.path().join("history.db"),
    )
    .unwrap();
    assert_eq!(verdict(mine.path(), None).findings, [Finding::Replaced(15)]);
}

#[test]
fn a_key_that_comes_late_seals_what_was_written_without_it_and_may_go_again() {
    let folder = tempfile::tempdir().unwrap();
    drop(written(folder.path(), None));
    let mut store = Store::open(folder.path()).unwrap();
    store.seal_with(key(), None, at(20)).unwrap();
    store.seal_with(key(), None, at(21)).unwrap();
    drop(store);
    let sealed = verdict(folder.path(), Some(&key()));
    assert_eq!(
        (sealed.lines, sealed.unkeyed, sealed.sealed_to),
        (16, 15, 16)
    );
    let mut store = Store::open(folder.path()).unwrap();
    intend_text(&mut store, 1, ADA, "without");
    drop(store);
    let mixed = verdict(folder.path(), Some(&key()));
    assert_eq!((mixed.lines, mixed.unkeyed, mixed.sealed_to), (17, 16, 16));
    assert_eq!(mixed.findings, []);
    let unproved = Finding::Unproved {
        first: 16,
        count: 1,
        key: key().name().to_owned(),
    };
    let other = Key::random().unwrap();
    for key in [None, Some(&other)] {
        assert_eq!(
            verdict(folder.path(), key).findings,
            std::slice::from_ref(&unproved)
        );
    }
}

#[test]
fn a_line_that_was_quoted_is_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    drop(written(folder.path(), None));
    let audit = Audit::open(folder.path()).unwrap().unwrap();
    for line in lines(folder.path()) {
        let verdict = audit.verify(None, Some(&line.quoted())).unwrap();
        assert_eq!(verdict.findings, []);
    }
    let other: AuditNumber = "7/0000".parse().unwrap();
    let verdict = audit.verify(None, Some(&other)).unwrap();
    assert_eq!(verdict.findings, [Finding::NotThere(other)]);
}

#[test]
fn lines_are_never_changed_by_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let store = written(folder.path(), None);
    for deed in ["UPDATE audit SET at = ''", "DELETE FROM audit"] {
        let refused = store.connection.execute(deed, []).unwrap_err();
        assert!(refused.to_string().contains("is never"), "{refused}");
    }
}

#[test]
fn an_audit_is_only_read_where_there_is_one() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Audit::open(folder.path()).unwrap().is_none());
    let mut connection = Connection::open(folder.path().join("history.db")).unwrap();
    crate::store::migrate::run(&mut connection, &crate::store::migrate::STEPS[..2], |_| {
        None
    })
    .unwrap();
    drop(connection);
    let answer = Audit::open(folder.path()).err();
    assert!(matches!(answer, Some(StoreError::Unaudited)), "{answer:?}");
}

/// A column of a line, and which character of it becomes another.
fn change() -> impl Strategy<Value = (i64, &'static str, usize, u8)> {
    const COLUMNS: &[&str] = &[
        "number",
        "at",
        "event",
        "operation",
        "kind",
        "state",
        "outcome",
        "sid",
        "error",
        "key",
        "previous",
        "hash",
    ];
    (
        1..=15_i64,
        proptest::sample::select(COLUMNS),
        any::<usize>(),
        1..=255_u8,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn no_byte_of_any_line_can_be_another(
        (number, column, place, by) in change(), keyed in any::<bool>(),
    ) {
        let folder = laid_out(keyed);
        let changed = tampered_by(folder.path(), |connection| {
            let read = format!("SELECT CAST({column} AS BLOB) FROM audit WHERE number = {number}");
            let value: Option<Vec<u8>> = connection.query_row(&read, [], |row| row.get(0)).unwrap();
            let mut value = value.filter(|value| !value.is_empty())?;
            let place = place % value.len();
            value[place] ^= by;
            let kind = if ["number", "error"].contains(&column) { "INTEGER" } else { "TEXT" };
            let write = format!("UPDATE audit SET {column} = CAST(?1 AS {kind}) WHERE number = {number}");
            // SQLite itself refuses the number of another line.
            Some(connection.execute(&write, [value]).is_ok())
        });
        if let Some(changed) = changed {
            let found = verdict(folder.path(), keyed.then(key).as_ref()).findings;
            prop_assert_eq!(changed, !found.is_empty(), "{} of line {}", column, number);
        }
    }
}
