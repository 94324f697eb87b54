use proptest::prelude::*;

use crate::store::samples;
use crate::store::{History, Store, journal};

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
