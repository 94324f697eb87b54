use proptest::prelude::*;

use crate::domain::verification::Compared;
use crate::domain::{OpId, Operation};
use crate::store::samples;
use crate::store::{History, Journal, Store, Twin, journal};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn what_is_written_is_read_back_equal(mut row in samples::any_row()) {
        let store = Store::in_memory().unwrap();
        row.operation.id.session = store.session;
        let written =
            journal::insert(&store.connection, &row.operation, &row.state, row.updated_at)
                .unwrap();
        row.row = written.row;
        prop_assert_eq!(&written, &row);
        prop_assert_eq!(store.row(row.operation.id).unwrap(), Some(row));
    }
}

#[test]
fn a_row_that_makes_no_sense_is_reported_as_damage_not_dropped() {
    let mut store = Store::in_memory().unwrap();
    let id = samples::intend_text(&mut store, 1, "+14155550123", "hello")
        .operation
        .id;
    store
        .connection
        .execute("UPDATE operations SET intent = '{}'", [])
        .unwrap();
    assert_eq!(
        store.row(id).unwrap_err().to_string(),
        "the history file is damaged: row 1 cannot be read"
    );
}

#[test]
fn a_row_from_before_numbers_on_file_were_kept_is_read_as_not_compared() {
    let mut store = Store::in_memory().unwrap();
    let id = OpId {
        session: store.session,
        seq: 1,
    };
    let operation = samples::start(id, "+14155550123");
    store.intend(&operation, Twin::Refuse).unwrap();
    let older = r#"{"verify_start":{"service":"VA00000000000000000000000000000001","channel":"sms","tags":[]}}"#;
    for (part, on_file) in [
        ("", None),
        (r#","on_file":"differs""#, Some(Compared::Differs)),
        (r#","on_file":"what a later version says""#, None),
    ] {
        let written = older.replace("}}", &format!("{part}}}}}"));
        store
            .connection
            .execute("UPDATE operations SET intent = ?1, print = NULL", [written])
            .unwrap();
        assert_eq!(store.row(id).unwrap().unwrap().on_file(), on_file);
    }
}

#[test]
fn what_a_clock_was_ahead_can_be_reckoned_with_or_the_row_is_damaged() {
    let mut store = Store::in_memory().unwrap();
    let id = samples::intend_text(&mut store, 1, "+14155550123", "hello")
        .operation
        .id;
    for (seconds, is_read) in [
        (0, true),
        (15_000_000_000, true),
        (-15_000_000_000, true),
        (15_000_000_001, false),
        (400_000_000_000, false),
        (i64::MAX, false),
        (i64::MIN, false),
    ] {
        store
            .connection
            .execute(
                "UPDATE operations SET skew_seconds = ?1, print = NULL",
                [seconds],
            )
            .unwrap();
        let read = store.row(id);
        assert_eq!(read.is_ok(), is_read, "{seconds}: {read:?}");
    }
}

#[test]
fn a_clock_that_is_ages_ahead_leaves_a_row_that_can_be_read() {
    let mut store = Store::in_memory().unwrap();
    let id = OpId {
        session: store.session,
        seq: 1,
    };
    let operation = Operation {
        skew_seconds: Some(31_000_000_000),
        ..samples::text(id, "+14155550123", "hello")
    };
    store.intend(&operation, Twin::Refuse).unwrap();
    let row = store.row(id).unwrap().unwrap();
    assert_eq!(row.operation.skew_seconds, None);
}
