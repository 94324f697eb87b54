//! Somebody else at work: without the key, with another history, with the file beside it, with any byte of a line.

use super::*;

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
    // Nothing makes it anew by itself, and what may be lost with it is asked about.
    assert!(Store::open(path).unwrap().is_unaccepted().unwrap());
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
fn whatever_became_of_the_first_start_no_history_is_without_the_file_beside_it() {
    // Each file that it makes before the history has its name, as a kill leaves it.
    for left in ["history.db.part", "audit-head.part"] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(left), "half").unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert!(!store.is_unaccepted().unwrap(), "{left}");
    }
    // And one of a format that had no audit, begun or not.
    for begun in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = Connection::open(folder.path().join("history.db")).unwrap();
        let steps = &crate::store::migrate::STEPS[..2];
        crate::store::migrate::run(&mut connection, steps, |_| None).unwrap();
        drop(connection);
        if begun {
            let locks = folder.path().join("locks");
            fs::create_dir(&locks).unwrap();
            HeadFile::new(folder.path(), &locks).begin().unwrap();
        }
        let store = Store::open(folder.path()).unwrap();
        assert!(!store.is_unaccepted().unwrap(), "{begun}");
    }
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

#[test]
fn damaged_lines_are_told_every_time_and_end_well_once_a_person_took_them_as_they_are() {
    for (deed, told) in [
        (
            "UPDATE audit SET at = CAST(x'ff' AS TEXT) WHERE number = 3",
            1,
        ),
        ("UPDATE audit SET event = 'sattled' WHERE number = 5", 1),
        ("UPDATE audit SET outcome = 'unsent' WHERE number = 6", 1),
        (
            "UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'z') WHERE number = 4",
            2,
        ),
        ("DELETE FROM audit WHERE number = 7", 1),
        ("DELETE FROM audit WHERE number BETWEEN 2 AND 9", 1),
        // What only the last line about an operation tells.
        (
            "UPDATE audit SET state = CAST(x'ff' AS TEXT) WHERE event = 'adopted'",
            1,
        ),
        ("UPDATE audit SET operation = '9-9' WHERE number = 4", 2),
        (
            "UPDATE audit SET operation = CAST(x'ff' AS TEXT) WHERE event = 'deleted'",
            2,
        ),
    ] {
        for keyed in [false, true] {
            let folder = laid_out(keyed);
            let path = folder.path();
            let key = keyed.then(key);
            tampered(path, deed);
            let found = verdict(path, key.as_ref());
            assert!(
                !found.findings.is_empty() && found.may_be_accepted(),
                "{deed}: {found:?}"
            );
            let mut store = Store::open(path).unwrap();
            if keyed {
                store.seal_with(super::key(), None, at(40)).unwrap();
            }
            store.accept_audit(at(41)).unwrap();
            drop(store);
            let accepted = verdict(path, key.as_ref());
            assert_eq!(accepted.findings, [], "{deed}");
            assert_eq!(
                accepted.accepted.len(),
                told,
                "{deed}: {:?}",
                accepted.accepted
            );
            for one in &accepted.accepted {
                let said = one.said().to_string();
                assert!(
                    said.contains("taken as it is on 2027-01-15; line "),
                    "{said}"
                );
            }
            // It goes on, and is told the next time as well.
            let mut store = Store::open(path).unwrap();
            intend_text(&mut store, 1, ADA, "after it");
            drop(store);
            assert_eq!(verdict(path, key.as_ref()).accepted, accepted.accepted);
        }
    }
}

#[test]
fn what_is_changed_once_more_is_an_alarm_and_so_is_what_nobody_with_the_key_took() {
    let folder = laid_out(true);
    let path = folder.path();
    let change = |to: &str| format!("UPDATE audit SET outcome = '{to}' WHERE number = 6");
    tampered(path, &change("unsent"));
    // Without the key it can be said, and counts for nothing.
    let mut store = Store::open(path).unwrap();
    store.accept_audit(at(40)).unwrap();
    drop(store);
    let found = verdict(path, Some(&key()));
    assert_eq!(found.findings, [Finding::Changed(6)]);
    // Neither does it count once lines with the key come after it.
    let mut store = Store::open(path).unwrap();
    store.seal_with(key(), None, at(41)).unwrap();
    drop(store);
    let found = verdict(path, Some(&key()));
    assert_eq!(found.findings, [Finding::Changed(6)]);
    let mut store = Store::open(path).unwrap();
    store.seal_with(key(), None, at(42)).unwrap();
    store.accept_audit(at(43)).unwrap();
    drop(store);
    assert_eq!(verdict(path, Some(&key())).findings, []);
    // Nobody can say without the key that it is accepted.
    let without = verdict(path, None);
    assert!(without.findings.contains(&Finding::Changed(6)) || without.accepted.is_empty());
    tampered(path, &change("unheard"));
    let found = verdict(path, Some(&key()));
    assert_eq!(
        (found.findings, found.accepted),
        (vec![Finding::Changed(6)], vec![])
    );
}

#[test]
fn a_history_that_was_changed_by_itself_is_not_accepted_with_a_damaged_line() {
    let folder = laid_out(false);
    tampered(
        folder.path(),
        "UPDATE audit SET at = CAST(x'ff' AS TEXT) WHERE number = 3;
         UPDATE operations SET status = 'read' WHERE seq = 2",
    );
    let found = verdict(folder.path(), None);
    assert_eq!(found.findings.len(), 2);
    assert!(!found.may_be_accepted(), "{found:?}");
}
