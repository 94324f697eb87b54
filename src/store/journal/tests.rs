use super::*;
use crate::domain::{MessageStatus, VerificationChannel, VerificationStatus};
use crate::store::History;
use crate::store::samples::{self, at, settled_text, settled_verification};

#[test]
fn an_intent_is_a_row_that_awaits_its_answer() {
    let mut store = Store::in_memory().unwrap();
    let row = samples::intend_text(&mut store, 1, "+14155550123", "hello");
    assert_eq!(row.state, OpState::Intended);
    assert_eq!(row.updated_at, row.operation.at);
    assert_eq!(store.row(row.operation.id).unwrap(), Some(row));
}

#[test]
fn an_operation_is_written_down_once() {
    let mut store = Store::in_memory().unwrap();
    let row = samples::intend_text(&mut store, 1, "+14155550123", "hello");
    let again = store.intend(&row.operation, Twin::Again(row.operation.id));
    assert!(
        matches!(again, Err(StoreError::Repeated(id)) if id == row.operation.id),
        "{again:?}"
    );
}

#[test]
fn a_twin_waits_until_the_first_is_settled_or_a_person_says_yes() {
    let to = "+14155550123";
    let unknown = || OpState::Unknown(samples::failure(FailureKind::OutcomeUnknown));
    for (first, other_to, other_body, refused) in [
        (None, to, "hello", true),
        (Some(unknown()), to, "hello", true),
        (None, to, "Hello", false),
        (None, "+14155550124", "hello", false),
        (
            Some(settled_text(1, MessageStatus::Queued)),
            to,
            "hello",
            false,
        ),
        (
            Some(OpState::NotSent(samples::failure(FailureKind::NotSent))),
            to,
            "hello",
            false,
        ),
    ] {
        let case = format!("{first:?} {other_body}");
        let mut store = Store::in_memory().unwrap();
        let row = samples::intend_text(&mut store, 1, to, "hello");
        if let Some(state) = first {
            store.settle(row.operation.id, &state, at(1)).unwrap();
        }
        let id = OpId {
            session: store.session(),
            seq: 2,
        };
        let other = samples::text(id, other_to, other_body);
        match store.intend(&other, Twin::Refuse) {
            Err(StoreError::Twin(earlier)) => {
                assert!(refused, "{case}");
                assert_eq!(earlier.operation, row.operation);
                assert_eq!(store.row(id).unwrap(), None, "nothing was written");
                assert!(store.intend(&other, Twin::Again(row.operation.id)).is_ok());
            }
            answer => assert!(answer.is_ok() && !refused, "{case}: {answer:?}"),
        }
    }
}

#[test]
fn of_two_who_say_yes_to_sending_again_one_is_too_late() {
    let to = "+14155550123";
    let unknown = OpState::Unknown(samples::failure(FailureKind::OutcomeUnknown));
    let not_sent = OpState::NotSent(samples::failure(FailureKind::NotSent));
    for (outcome, too_late) in [
        (None, true),
        (Some(unknown.clone()), true),
        (Some(settled_text(2, MessageStatus::Queued)), true),
        (Some(not_sent), false),
    ] {
        let mut store = Store::in_memory().unwrap();
        let lost = samples::intend_text(&mut store, 1, to, "hello")
            .operation
            .id;
        store.settle(lost, &unknown, at(1)).unwrap();
        let id = |seq| OpId { seq, ..lost };
        let mut again = |seq| store.intend(&samples::text(id(seq), to, "hello"), Twin::Again(lost));
        again(2).unwrap();
        if let Some(outcome) = &outcome {
            store.settle(id(2), outcome, at(2)).unwrap();
        }
        match store.intend(&samples::text(id(3), to, "hello"), Twin::Again(lost)) {
            Err(StoreError::SentAgain(by)) => assert!(too_late && by == id(2), "{outcome:?}"),
            answer => assert!(answer.is_ok() && !too_late, "{outcome:?}: {answer:?}"),
        }
    }
}

#[test]
fn texts_that_a_look_could_take_for_each_other_are_twins() {
    for (first, second, twins) in [
        ("It’s ready", "It's ready", true),
        ("hello", " hello\n", true),
        ("one\r\ntwo", "one\ntwo", true),
        ("hello", "Sent from your Twilio trial account - hello", true),
        ("hello", "hello.", false),
        ("one\ntwo", "one two", false),
    ] {
        let mut store = Store::in_memory().unwrap();
        let row = samples::intend_text(&mut store, 1, "+14155550123", first);
        let id = OpId {
            seq: 2,
            ..row.operation.id
        };
        let other = samples::text(id, "+14155550123", second);
        let answer = store.intend(&other, Twin::Refuse);
        assert_eq!(
            matches!(answer, Err(StoreError::Twin(_))),
            twins,
            "{second:?}: {answer:?}"
        );
    }
}

#[test]
fn what_was_found_since_somebody_was_asked_is_not_sent_again() {
    let to = "+14155550123";
    for (found, again) in [
        (settled_text(1, MessageStatus::Delivered), false),
        (
            OpState::NotSent(samples::failure(FailureKind::NoTrace)),
            true,
        ),
    ] {
        let mut store = Store::in_memory().unwrap();
        let lost = samples::intend_text(&mut store, 1, to, "hello")
            .operation
            .id;
        let unknown = OpState::Unknown(samples::failure(FailureKind::OutcomeUnknown));
        store.settle(lost, &unknown, at(1)).unwrap();
        store.settle(lost, &found, at(2)).unwrap();
        let id = OpId { seq: 2, ..lost };
        match store.intend(&samples::text(id, to, "hello"), Twin::Again(lost)) {
            Err(StoreError::Found(row)) => {
                assert!(!again && row.state == found, "{row:?}");
                assert_eq!(store.row(id).unwrap(), None, "nothing was written");
            }
            answer => assert!(answer.is_ok() && again, "{answer:?}"),
        }
    }
}

#[test]
fn a_code_waits_until_it_is_known_of_the_last_one_whether_it_went() {
    let to = "+14155550123";
    let unknown = || OpState::Unknown(samples::failure(FailureKind::OutcomeUnknown));
    let pending = || settled_verification(1, VerificationStatus::Pending);
    let not_sent = || OpState::NotSent(samples::failure(FailureKind::NotSent));
    let by_call = |operation: &mut Operation| {
        if let Intent::VerifyStart(start) = &mut operation.intent {
            start.channel = VerificationChannel::Call;
        }
    };
    for (first, other_to, call, after, refused) in [
        (None, to, false, 0, true),
        (Some(unknown()), to, false, 0, true),
        (Some(unknown()), to, false, 599, true),
        // Its code is no longer good, so whether it went matters to nobody.
        (Some(unknown()), to, false, 600, false),
        (Some(unknown()), to, true, 0, false),
        (Some(unknown()), "+14155550124", false, 0, false),
        (Some(pending()), to, false, 0, false),
        (Some(not_sent()), to, false, 0, false),
    ] {
        let case = format!("{first:?} {other_to} {call} {after}");
        let mut store = Store::in_memory().unwrap();
        let id = |seq| OpId { session: 1, seq };
        let lost = samples::start(id(1), to);
        store.intend(&lost, Twin::Refuse).unwrap();
        if let Some(state) = first {
            store.settle(id(1), &state, at(1)).unwrap();
        }
        let mut again = samples::start(id(2), other_to);
        again.at = at(after);
        if call {
            by_call(&mut again);
        }
        match store.intend(&again, Twin::Refuse) {
            Err(StoreError::Twin(earlier)) => {
                assert!(refused && earlier.operation == lost, "{case}");
                assert!(store.intend(&again, Twin::Again(id(1))).is_ok(), "{case}");
            }
            answer => assert!(answer.is_ok() && !refused, "{case}: {answer:?}"),
        }
    }
}

#[test]
fn a_code_waits_for_one_that_another_window_is_sending_by_whatever_way() {
    let folder = tempfile::tempdir().unwrap();
    let mut other = Store::open(folder.path()).unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let (to, elsewhere) = ("+14155550123", "+14155550124");
    let by_sms = |session, seq| samples::start(OpId { session, seq }, to);
    let by_call = |to| {
        let id = OpId {
            session: store.session(),
            seq: 1,
        };
        let mut start = samples::start(id, to);
        if let Intent::VerifyStart(new) = &mut start.intent {
            new.channel = VerificationChannel::Call;
        }
        start
    };
    let (call, call_elsewhere) = (by_call(to), by_call(elsewhere));
    let first = by_sms(other.session(), 1);
    other.intend(&first, Twin::Refuse).unwrap();
    let answer = store.intend(&call, Twin::Refuse);
    assert!(matches!(answer, Err(StoreError::Twin(row)) if row.operation.id == first.id));
    store.intend(&call_elsewhere, Twin::Refuse).unwrap();
    // Whatever is known of it by now, another way is a person's to choose.
    let unknown = OpState::Unknown(samples::failure(FailureKind::OutcomeUnknown));
    other.settle(first.id, &unknown, at(1)).unwrap();
    let call = Operation {
        id: OpId { seq: 2, ..call.id },
        ..call
    };
    store.intend(&call, Twin::Refuse).unwrap();
}

#[test]
fn a_code_does_not_wait_for_one_whose_window_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let mut ended = Store::open(folder.path()).unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let start = |store: &Store| {
        let session = store.session();
        samples::start(OpId { session, seq: 1 }, "+14155550123")
    };
    ended.intend(&start(&ended), Twin::Refuse).unwrap();
    drop(ended);
    let mut call = start(&store);
    if let Intent::VerifyStart(new) = &mut call.intent {
        new.channel = VerificationChannel::Call;
    }
    store.intend(&call, Twin::Refuse).unwrap();
}

#[test]
fn of_two_who_say_yes_to_another_code_one_is_too_late() {
    let unknown = || OpState::Unknown(samples::failure(FailureKind::OutcomeUnknown));
    let mut store = Store::in_memory().unwrap();
    let id = |seq| OpId { session: 1, seq };
    let start = |seq| samples::start(id(seq), "+14155550123");
    store.intend(&start(1), Twin::Refuse).unwrap();
    store.settle(id(1), &unknown(), at(1)).unwrap();
    store.intend(&start(2), Twin::Again(id(1))).unwrap();
    let late = store.intend(&start(3), Twin::Again(id(1)));
    assert!(matches!(late, Err(StoreError::SentAgain(by)) if by == id(2)));
    let pending = settled_verification(1, VerificationStatus::Pending);
    store.settle(id(1), &pending, at(2)).unwrap();
    let found = store.intend(&start(3), Twin::Again(id(1)));
    assert!(matches!(found, Err(StoreError::Found(_))), "{found:?}");
}

#[test]
fn a_state_moves_by_legal_steps_and_a_late_report_changes_nothing() {
    let refused = || OpState::Refused(samples::failure(FailureKind::Refused));
    let unknown = || OpState::Unknown(samples::failure(FailureKind::OutcomeUnknown));
    let text = |status| settled_text(1, status);
    for (steps, last) in [
        (
            vec![text(MessageStatus::Sent), text(MessageStatus::Delivered)],
            1,
        ),
        (
            vec![text(MessageStatus::Delivered), text(MessageStatus::Sent)],
            0,
        ),
        (vec![unknown(), text(MessageStatus::Queued)], 1),
        (vec![unknown(), refused()], 0),
        (vec![refused(), text(MessageStatus::Queued)], 0),
        (vec![text(MessageStatus::Queued), OpState::Intended], 0),
        (
            vec![
                settled_verification(1, VerificationStatus::Approved),
                settled_verification(1, VerificationStatus::Pending),
            ],
            0,
        ),
    ] {
        let mut store = Store::in_memory().unwrap();
        let id = samples::intend_text(&mut store, 1, "+14155550123", "hello")
            .operation
            .id;
        let mut answer = None;
        for (second, state) in (1..).zip(&steps) {
            answer = Some(store.settle(id, state, at(second)).unwrap());
        }
        let row = store.row(id).unwrap().unwrap();
        assert_eq!(row.state, steps[last]);
        assert_eq!(row.updated_at, at(i64::try_from(last).unwrap() + 1));
        assert_eq!(answer, Some(row), "the answer is the row as it stands");
    }
}

#[test]
fn what_was_never_written_down_cannot_be_settled() {
    let mut store = Store::in_memory().unwrap();
    let id = OpId {
        session: 1,
        seq: 99,
    };
    let answer = store.settle(id, &settled_text(1, MessageStatus::Queued), at(1));
    assert!(
        matches!(answer, Err(StoreError::Absent(absent)) if absent == id),
        "{answer:?}"
    );
}

#[test]
fn what_was_found_at_twilio_is_credited_to_one_operation_alone() {
    let mut store = Store::in_memory().unwrap();
    let unknown = OpState::Unknown(samples::failure(FailureKind::OutcomeUnknown));
    let first = samples::intend_text(&mut store, 1, "+14155550123", "hello");
    let second = samples::intend_text(&mut store, 2, "+14155550123", "hello again");
    let ids = [first.operation.id, second.operation.id];
    for id in ids {
        store.settle(id, &unknown, at(1)).unwrap();
    }
    let found = settled_text(1, MessageStatus::Queued);
    assert_eq!(store.settle(ids[0], &found, at(2)).unwrap().state, found);
    assert_eq!(store.settle(ids[1], &found, at(2)).unwrap().state, unknown);
    let other = settled_text(2, MessageStatus::Queued);
    assert_eq!(store.settle(ids[1], &other, at(3)).unwrap().state, other);
}

#[test]
fn an_answer_about_an_earlier_operation_leaves_the_later_one_not_known() {
    let mut store = Store::in_memory().unwrap();
    let first = samples::intend_text(&mut store, 1, "+14155550123", "hello");
    let second = samples::intend_text(&mut store, 2, "+14155550123", "hello again");
    let sent = settled_text(1, MessageStatus::Queued);
    store.settle(first.operation.id, &sent, at(1)).unwrap();
    let state = store.settle(second.operation.id, &sent, at(2));
    assert!(matches!(state.unwrap().state, OpState::Unknown(_)));

    let approved = settled_verification(1, VerificationStatus::Approved);
    let wrong = settled_verification(1, VerificationStatus::Pending);
    let mut check = |seq| samples::intend_check(&mut store, seq, "+14155550123");
    let [tried, third, fourth, lost] = [3, 4, 5, 6].map(&mut check);
    // Found while another code is being checked: it may be of that one.
    let unknown = OpState::Unknown(samples::failure(FailureKind::OutcomeUnknown));
    store.settle(lost, &unknown, at(3)).unwrap();
    assert_eq!(store.settle(lost, &approved, at(3)).unwrap().state, unknown);
    for (op, answer) in [(tried, &wrong), (third, &approved)] {
        assert_eq!(&store.settle(op, answer, at(4)).unwrap().state, answer);
    }
    let state = store.settle(fourth, &approved, at(5)).unwrap().state;
    assert!(matches!(state, OpState::Unknown(_)), "{state:?}");
    assert_eq!(store.settle(lost, &approved, at(6)).unwrap().state, unknown);
}

#[test]
fn two_sends_are_never_credited_with_one_attempt() {
    let mut store = Store::in_memory().unwrap();
    let session = store.session();
    let ids = [1, 2].map(|seq| OpId { session, seq });
    let sent = settled_verification(1, VerificationStatus::Pending);
    for id in ids {
        let start = samples::start(id, "+14155550123");
        store.intend(&start, Twin::Refuse).unwrap();
        store.settle(id, &sent, at(1)).unwrap();
    }
    let by = |attempt| samples::delivered_by(1, attempt);
    assert_eq!(store.settle(ids[0], &by(1), at(2)).unwrap().state, by(1));
    assert_eq!(store.settle(ids[1], &by(1), at(2)).unwrap().state, sent);
    assert_eq!(store.settle(ids[1], &by(2), at(3)).unwrap().state, by(2));
}

#[test]
fn only_what_an_ended_process_had_begun_is_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let mut ended = Store::open(folder.path()).unwrap();
    let mut alive = Store::open(folder.path()).unwrap();
    let lost = samples::intend_text(&mut ended, 1, "+14155550123", "lost");
    let settled = samples::intend_text(&mut ended, 2, "+14155550123", "settled");
    let sent = settled_text(1, MessageStatus::Sent);
    ended.settle(settled.operation.id, &sent, at(1)).unwrap();
    let waiting = samples::intend_text(&mut alive, 1, "+14155550123", "waiting");
    drop(ended);

    let mut store = Store::open(folder.path()).unwrap();
    let mine = samples::intend_text(&mut store, 1, "+14155550123", "mine");
    let recovered = store.recover(at(9)).unwrap();
    assert_eq!(recovered.len(), 1);
    assert_eq!(recovered[0].operation, lost.operation);
    assert_eq!(recovered[0].updated_at, at(9));
    let failure = recovered[0].state.failure().unwrap();
    assert_eq!(failure.kind, FailureKind::OutcomeUnknown);
    assert_eq!(failure.message, "The program ended before an answer came.");
    assert_eq!(store.unknown().unwrap(), recovered);
    for row in [waiting, mine] {
        assert_eq!(store.row(row.operation.id).unwrap(), Some(row));
    }
    assert_eq!(store.recover(at(10)).unwrap(), [], "once is enough");
}

#[test]
fn a_look_up_that_an_ended_process_had_begun_changed_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut ended = Store::open(folder.path()).unwrap();
    let id = OpId {
        session: ended.session(),
        seq: 1,
    };
    let look = Operation {
        intent: Intent::LookUp {
            number: samples::number("+14155550123"),
            line_type: true,
        },
        ..samples::text(id, "+14155550123", "")
    };
    ended.intend(&look, Twin::Refuse).unwrap();
    drop(ended);
    let mut store = Store::open(folder.path()).unwrap();
    let recovered = store.recover(at(9)).unwrap();
    assert!(
        matches!(&recovered[..], [row] if matches!(&row.state, OpState::NotSent(failure)
            if failure.kind == FailureKind::NotSent)),
        "{recovered:?}"
    );
    assert_eq!(store.unknown().unwrap(), []);
    // A look-up has no twin to wait for, and nothing that a yes would repeat.
    for (seq, twin) in [(1, Twin::Refuse), (2, Twin::Again(id))] {
        let id = OpId {
            session: store.session(),
            seq,
        };
        let again = Operation { id, ..look.clone() };
        assert!(store.intend(&again, twin).is_ok());
    }
}

#[test]
fn what_the_file_refuses_is_told_as_the_files_fault() {
    let mut store = Store::in_memory().unwrap();
    let row = samples::intend_text(&mut store, 1, "+14155550123", "hello");
    store
        .connection
        .execute_batch("PRAGMA query_only = ON")
        .unwrap();
    let id = OpId {
        seq: 2,
        ..row.operation.id
    };
    let other = samples::text(id, "+14155550123", "hello");
    for refused in [
        insert(&store.connection, &other, &OpState::Intended, at(1)),
        update(
            &store.connection,
            row,
            &settled_text(1, MessageStatus::Sent),
            at(1),
        ),
    ] {
        assert!(
            !matches!(refused, Ok(_) | Err(StoreError::Repeated(_))),
            "{refused:?}"
        );
    }
}

#[test]
fn a_full_disk_is_said_and_leaves_the_history_readable() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let first = samples::intend_text(&mut store, 1, "+14155550123", "hello");
    let pages: i64 = store
        .connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    let limit = format!("PRAGMA max_page_count = {pages}");
    let kept: i64 = store
        .connection
        .query_row(&limit, [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, pages);
    let id = OpId {
        session: store.session(),
        seq: 2,
    };
    let large = samples::text(id, "+14155550123", &"x".repeat(100_000));
    let answer = store.intend(&large, Twin::Refuse);
    assert!(matches!(answer, Err(StoreError::Full)), "{answer:?}");
    assert_eq!(store.page(None, 10).unwrap().rows, [first]);
}
