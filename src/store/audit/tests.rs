//! What is done to a record, and by which sentence it is found out.

mod others;

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
            "UPDATE operations SET open = 1 - open WHERE seq = 1",
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
