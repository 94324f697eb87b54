//! What came of operations and could not be written when it came.
//!
//! It is kept in memory and tried again before the next thing is written, and once more when the history
//! is closed: a disk that fails for a moment, or is given room, loses nothing. What is still owed when the
//! process ends stays written down as intended, and the next one looks it up.

use super::{Store, StoreError};
use crate::domain::{OpId, OpState, Timestamp};

/// An outcome that is not on disk.
#[derive(Debug, Clone)]
pub struct Owed {
    pub id: OpId,
    pub state: OpState,
    pub at: Timestamp,
}

impl Store {
    /// Keeps an outcome in mind where the disk or the file is to blame that it was not written.
    pub(super) fn owe(&mut self, owed: Owed, error: &StoreError) {
        if matches!(
            error,
            StoreError::Full
                | StoreError::Busy
                | StoreError::Broken(_)
                | StoreError::Displaced { .. }
                | StoreError::Damaged { .. }
                | StoreError::Altered { .. }
        ) {
            self.owed.push(owed);
        }
    }

    /// Writes what is owed, in the order in which it came, as far as the disk lets it.
    pub(super) fn pay(&mut self) {
        let mut owed = std::mem::take(&mut self.owed).into_iter();
        for next in owed.by_ref() {
            if let Err(error) = self.write_outcome(next.id, &next.state, next.at) {
                self.owe(next, &error);
                // What cannot be written for one row can be for another; a disk is the same for all.
                if !matches!(error, StoreError::Damaged { .. }) {
                    break;
                }
            }
        }
        self.owed.extend(owed);
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.pay();
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Failure, FailureKind, MessageStatus, OpState};
    use crate::store::samples::{at, intend_text, settled_text};
    use crate::store::{History, Journal, Store, StoreError};

    /// No room at all, or as much as is wanted.
    fn room(store: &Store, some: bool) {
        let pages: i64 = if some {
            i64::from(u32::MAX)
        } else {
            let count = store
                .connection
                .pragma_query_value(None, "page_count", |row| row.get(0));
            count.unwrap()
        };
        let limit = format!("PRAGMA max_page_count = {pages}");
        store
            .connection
            .query_row(&limit, [], |row| row.get::<_, i64>(0))
            .unwrap();
    }

    /// An outcome too large for the pages that there are.
    fn large(size: usize) -> OpState {
        OpState::Unknown(Failure::new(FailureKind::OutcomeUnknown, "x".repeat(size)))
    }

    #[test]
    fn an_outcome_that_found_no_room_is_written_before_the_next_intent() {
        let mut store = Store::in_memory().unwrap();
        let id = intend_text(&mut store, 1, "+14155550123", "hello")
            .operation
            .id;
        room(&store, false);
        let answer = store.settle(id, &large(100_000), at(1));
        assert!(matches!(answer, Err(StoreError::Full)), "{answer:?}");
        assert_eq!(store.row(id).unwrap().unwrap().state, OpState::Intended);
        room(&store, true);
        intend_text(&mut store, 2, "+14155550124", "hello");
        let row = store.row(id).unwrap().unwrap();
        assert_eq!((row.state, row.updated_at), (large(100_000), at(1)));
    }

    #[test]
    fn what_is_owed_is_written_when_the_history_is_closed_and_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let id = intend_text(&mut store, 1, "+14155550123", "hello")
            .operation
            .id;
        room(&store, false);
        store.settle(id, &large(100_000), at(1)).unwrap_err();
        let found = settled_text(1, MessageStatus::Sent);
        room(&store, true);
        store.settle(id, &found, at(2)).unwrap();
        assert!(store.owed.is_empty());
        let second = intend_text(&mut store, 2, "+14155550124", "hello")
            .operation
            .id;
        room(&store, false);
        store.settle(second, &large(300_000), at(3)).unwrap_err();
        room(&store, true);
        drop(store);
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.row(id).unwrap().unwrap().state, found);
        assert_eq!(store.row(second).unwrap().unwrap().state, large(300_000));
    }
}
