//! What cannot be read any more stays an entry, and nothing else is made of it.

use super::*;
use crate::domain::{Intent, PhoneNumber, Recipient, VerificationKey, VerificationStatus, Was};
use crate::store::Twin;
use crate::store::samples::{failure, settled_verification, sid, start};

const ADA: &str = "+14155550123";

/// A text that arrived, one that is not known, a code, and its check.
fn four(folder: &Path) -> Vec<HistoryRow> {
    let mut store = Store::open(folder).unwrap();
    let session = store.session();
    let op = |seq| OpId { session, seq };
    intend_text(&mut store, 1, ADA, "one");
    let delivered = settled_text(1, MessageStatus::Delivered);
    store.settle(op(1), &delivered, at(1)).unwrap();
    intend_text(&mut store, 2, ADA, "two");
    let unknown = OpState::Unknown(failure(FailureKind::OutcomeUnknown));
    store.settle(op(2), &unknown, at(2)).unwrap();
    store.intend(&start(op(3), ADA), Twin::Refuse).unwrap();
    store
        .settle(
            op(3),
            &settled_verification(3, VerificationStatus::Pending),
            at(3),
        )
        .unwrap();
    let mut check = start(op(4), ADA);
    check.intent = Intent::VerifyCheck {
        service: sid("VA", 1),
        key: VerificationKey::Sid(sid("VE", 3)),
        to: Some(Recipient::Phone(PhoneNumber::from_e164(ADA).unwrap())),
    };
    store.intend(&check, Twin::Refuse).unwrap();
    store
        .settle(
            op(4),
            &settled_verification(3, VerificationStatus::Approved),
            at(4),
        )
        .unwrap();
    let mut rows = store.page(None, 10).unwrap().rows;
    rows.reverse();
    rows
}

/// What goes on of it after this was done.
fn after(deed: &str) -> (tempfile::TempDir, Vec<HistoryRow>, Vec<HistoryRow>, Store) {
    let folder = tempfile::tempdir().unwrap();
    let before = four(folder.path());
    damage(
        folder.path(),
        &format!(
            "PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0;
             CREATE TABLE theirs (a); {deed}"
        ),
    );
    rescue(folder.path(), at(50)).unwrap().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut rows = store.page(None, 10).unwrap().rows;
    rows.reverse();
    (folder, before, rows, store)
}

#[test]
fn whichever_part_cannot_be_read_the_operation_stays_with_all_that_can() {
    for (part, place) in [
        ("recipient = 'x'", 2),
        ("recipient = NULL", 4),
        ("intent = '{}'", 1),
        ("intent = '\"nothing\"'", 2),
        ("account = 'nobody'", 4),
        ("ticket = '\t'", 1),
        ("body = NULL", 2),
        ("skew_seconds = 9000000000000000000", 4),
        ("session = 77", 1),
        ("seq = 77", 2),
        ("session = 4000000000", 4),
        ("seq = 3", 1),
        (
            "kind = 'lookup', intent = '{}', state = 'intended', sid = NULL",
            2,
        ),
    ] {
        let (_folder, before, rows, _store) = after(&format!(
            "UPDATE OR IGNORE operations SET {part} WHERE row = {place}"
        ));
        let what = format!("{part} of row {place}");
        assert_eq!(rows.len(), 4, "{what}: {rows:?}");
        for (was, is) in before.iter().zip(&rows) {
            assert_eq!(was.operation.id, is.operation.id, "{what}");
            assert_eq!(was.operation.at, is.operation.at, "{what}");
            let Intent::Unreadable(remains) = &is.operation.intent else {
                assert_eq!(was.operation.intent, is.operation.intent, "{what}");
                continue;
            };
            let to = was.operation.intent.to();
            assert!(remains.to.is_none() || remains.to == to, "{what}: {is:?}");
            assert_eq!(
                remains.was.map(Was::word),
                Some(was.operation.intent.kind()),
                "{what}"
            );
            let stands = |row: &HistoryRow| match &row.state {
                OpState::Settled(Settled::Text { sid, .. }) => sid.to_string(),
                OpState::Settled(Settled::Verification { sid, .. }) => sid.to_string(),
                other => other.word().to_owned(),
            };
            assert_eq!(stands(was), stands(is), "{what}");
        }
    }
}

#[test]
fn it_counts_for_nothing_and_the_same_is_not_sent_beside_it() {
    let (_folder, _, rows, mut store) = after("UPDATE operations SET intent = '{}' WHERE row <> 3");
    let unreadable = rows
        .iter()
        .filter(|row| row.operation.intent.is_unreadable());
    assert_eq!(unreadable.count(), 3);
    let ada = PhoneNumber::from_e164(ADA).unwrap();
    assert_eq!(store.last_text(&ada).unwrap(), None);
    let back = store.look_back(&Recipient::Phone(ada), None).unwrap();
    assert!(back.texts.is_empty() && back.of_ticket.is_empty());
    let approved = |row: &HistoryRow| format!("{:?}", row.state).contains("Approved");
    assert!(!back.check.iter().any(approved), "{:?}", back.check);
    assert!(store.unfinished(10).unwrap().is_empty());

    // What is not known, and may be the same, is asked about.
    let session = store.session();
    let text = |seq, body: &str| crate::store::samples::text(OpId { session, seq }, ADA, body);
    let twin = store.intend(&text(1, "two"), Twin::Refuse);
    assert!(matches!(twin, Err(StoreError::Twin(_))), "{twin:?}");
    store.intend(&text(2, "three"), Twin::Refuse).unwrap();
    // Whatever has its name at Twilio is not taken for another one.
    let found = settled_text(1, MessageStatus::Delivered);
    let id = OpId { session, seq: 2 };
    let unknown = OpState::Unknown(failure(FailureKind::OutcomeUnknown));
    store.settle(id, &unknown, at(60)).unwrap();
    let row = store.settle(id, &found, at(61)).unwrap();
    assert_eq!(row.state, unknown);
    let given_up = rows[1].operation.id;
    assert_eq!(store.delete(&[given_up], at(900)).unwrap(), []);
    assert_eq!(
        store.delete_given_up(&[given_up], at(900)).unwrap(),
        [given_up]
    );
    store.intend(&text(3, "two"), Twin::Refuse).unwrap();
}

#[test]
fn a_code_is_not_sent_beside_what_is_left_of_one_that_may_have_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let session = store.session();
    let lost = start(OpId { session, seq: 1 }, ADA);
    store.intend(&lost, Twin::Refuse).unwrap();
    let unknown = OpState::Unknown(failure(FailureKind::OutcomeUnknown));
    store.settle(lost.id, &unknown, at(2)).unwrap();
    drop(store);
    damage(
        folder.path(),
        "CREATE TABLE theirs (a); UPDATE operations SET intent = '{}'",
    );
    rescue(folder.path(), at(50)).unwrap().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let session = store.session();
    let again = store.intend(&start(OpId { session, seq: 1 }, ADA), Twin::Refuse);
    assert!(matches!(again, Err(StoreError::Twin(_))), "{again:?}");
}

#[test]
fn what_was_for_nobody_knows_whom_is_known_to_whoever_sends_anything() {
    for (left, is_told) in [
        ("recipient = 'x'", true),
        ("recipient = 'x', body = NULL", true),
        ("body = NULL", false),
    ] {
        let sql = format!("UPDATE operations SET intent = '{{}}', {left} WHERE row = 2");
        let (_folder, _, _, store) = after(&sql);
        let eve = Recipient::Phone(PhoneNumber::from_e164("+14155550199").unwrap());
        let back = store.look_back(&eve, None).unwrap();
        let lost = back.to_nobody_knows.iter().map(|row| row.row);
        let expected = is_told.then_some(2);
        assert_eq!(lost.collect::<Vec<_>>(), Vec::from_iter(expected), "{left}");
    }
}

#[test]
fn a_row_that_is_gone_goes_on_with_what_the_audit_tells() {
    let (folder, before, rows, _store) = after("DELETE FROM operations WHERE row IN (1, 3)");
    assert_eq!(rows.len(), 4);
    for (was, is) in before.iter().zip(&rows) {
        assert_eq!(was.operation.id, is.operation.id);
        assert_eq!(was.operation.at, is.operation.at);
        assert_eq!(was.state.word(), is.state.word());
    }
    let Intent::Unreadable(remains) = &rows[0].operation.intent else {
        panic!("{rows:?}");
    };
    assert_eq!((remains.was, &remains.to), (Some(Was::Text), &None));
    let audit = Audit::open(folder.path()).unwrap().unwrap();
    let found = audit.verify(None, None).unwrap().findings;
    assert!(
        matches!(
            found.as_slice(),
            [Finding::Rescued(Aside {
                told: Compared::Read {
                    lacking: 0,
                    unreadable: 2,
                    otherwise: 0,
                    unread: 0,
                },
                ..
            })]
        ),
        "{found:?}"
    );
}

#[test]
fn without_an_audit_each_row_keeps_its_number_or_gets_one_of_its_own() {
    let (_folder, before, rows, store) = after(
        "DROP TABLE audit; UPDATE operations SET session = -1 WHERE row = 2;
         UPDATE operations SET recipient = 'x' WHERE row = 1",
    );
    assert_eq!(rows.len(), 4);
    let ids: std::collections::BTreeSet<OpId> = rows.iter().map(|row| row.operation.id).collect();
    assert_eq!(ids.len(), 4);
    let given = rows[1].operation.id.session;
    assert!(
        given > 1 && store.session() > given,
        "{given} is given to nobody else"
    );
    for at in [0, 2, 3] {
        assert_eq!(rows[at].operation.id, before[at].operation.id);
    }
    // All else of it can be read.
    assert_eq!(rows[1].operation.intent, before[1].operation.intent);
}
