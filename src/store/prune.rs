//! Forgetting: one entry on an agent's word, and what is older than it may be kept.
//!
//! What is not settled is never forgotten: it may still be found at Twilio, and would then be nobody's. Only a
//! person can give it up, where nobody can look for it.

use rusqlite::Connection;

use super::audit::{Entry, Event};
use super::error::StoreError;
use super::{Store, history, tally};
use crate::domain::{HistoryRow, OpId, Timestamp};

// Rows stand in the order in which they were written, whatever the clock of the machine showed. So the last
// row that is too old is one that stands before all that are young enough, and what stands between old ones
// with a time that has not come yet is as old as they are.
// Whole entries: a check is not cut in two at midnight.
const TOO_OLD: &str = "WHERE row <= (
        SELECT max(row) FROM operations WHERE at < ?1 AND row < coalesce((
            SELECT min(row) FROM operations WHERE at BETWEEN ?1 AND ?2), 1 << 62))
    AND item NOT IN (
        SELECT item FROM operations WHERE at BETWEEN ?1 AND ?2 OR state IN ('intended', 'unknown'))
    ORDER BY row";

impl Store {
    /// Deletes operations, all or, where one is not settled, none; answers with those that are gone.
    pub(super) fn remove(
        &mut self,
        ops: &[OpId],
        now: Timestamp,
        given_up: bool,
    ) -> Result<Vec<OpId>, StoreError> {
        let transaction = self.connection.write()?;
        let mut found = Vec::new();
        for &op in ops {
            found.extend(history::find(&transaction, op)?);
        }
        let rows: Vec<&HistoryRow> = found.iter().collect();
        let may_go = |row: &&HistoryRow| {
            row.is_settled_among(&rows, now) || (given_up && row.may_be_given_up(now))
        };
        if !rows.iter().all(may_go) {
            return Ok(Vec::new());
        }
        for row in rows {
            self.chain
                .append(&transaction, Entry::of(Event::Deleted, row), now)?;
            drop_row(&transaction, row)?;
        }
        transaction.commit()?;
        self.chain.advance(&self.connection);
        Ok(ops.to_vec())
    }

    /// Deletes what is older and settled; answers with the operations that are gone.
    pub(super) fn remove_older(
        &mut self,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<OpId>, StoreError> {
        let transaction = self.connection.write()?;
        let before = tally::from(before);
        let gone = history::many(&transaction, TOO_OLD, [&before, &now.to_string()])?;
        for row in &gone {
            self.chain
                .append(&transaction, Entry::of(Event::Forgotten, row), now)?;
            drop_row(&transaction, row)?;
        }
        transaction.execute("DELETE FROM drafts WHERE updated_at < ?1", [&before])?;
        transaction.commit()?;
        self.chain.advance(&self.connection);
        Ok(gone.iter().map(|row| row.operation.id).collect())
    }
}

fn drop_row(connection: &Connection, row: &HistoryRow) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM operations WHERE row = ?1")?
        .execute([row.row])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::domain::{FailureKind, MessageStatus, OpId, OpState, Operation, VerificationStatus};
    use crate::store::samples::{at, failure, settled_text, settled_verification, start, text};
    use crate::store::{History, Journal, Store, Twin};

    const ADA: &str = "+14155550123";

    fn add(
        store: &mut Store,
        seq: u32,
        second: i64,
        operation: Operation,
        state: &OpState,
    ) -> OpId {
        let id = OpId {
            session: store.session(),
            seq,
        };
        let operation = Operation {
            id,
            at: at(second),
            ..operation
        };
        store.intend(&operation, Twin::Again(operation.id)).unwrap();
        store.settle(id, state, at(second)).unwrap();
        id
    }

    fn seqs(store: &Store) -> Vec<u32> {
        let rows = store.page(None, 100).unwrap().rows;
        rows.iter().map(|row| row.operation.id.seq).collect()
    }

    #[test]
    fn only_what_is_not_known_for_ten_minutes_can_be_given_up() {
        let id = OpId { session: 1, seq: 0 };
        let unknown = OpState::Unknown(failure(FailureKind::OutcomeUnknown));
        let pending = settled_verification(1, VerificationStatus::Pending);
        for (operation, state, now, gone) in [
            (text(id, ADA, "a"), unknown.clone(), 599, false),
            (text(id, ADA, "a"), unknown, 601, true),
            (
                text(id, ADA, "a"),
                settled_text(1, MessageStatus::Sent),
                601,
                false,
            ),
            (start(id, ADA), pending, 300, false),
        ] {
            let mut store = Store::in_memory().unwrap();
            let op = add(&mut store, 1, 0, operation, &state);
            assert_eq!(store.delete(&[op], at(now)).unwrap(), []);
            let deleted = store.delete_given_up(&[op], at(now)).unwrap();
            assert_eq!(!deleted.is_empty(), gone, "{state:?} {now}");
            assert_eq!(seqs(&store).is_empty(), gone);
        }
    }

    #[test]
    fn what_is_not_settled_is_never_deleted() {
        let id = OpId { session: 1, seq: 0 };
        let unknown = OpState::Unknown(failure(FailureKind::OutcomeUnknown));
        let pending = settled_verification(1, VerificationStatus::Pending);
        for (operation, state, now, gone) in [
            (
                text(id, ADA, "a"),
                settled_text(1, MessageStatus::Delivered),
                1,
                true,
            ),
            (
                text(id, ADA, "a"),
                settled_text(1, MessageStatus::Sent),
                1,
                false,
            ),
            (
                text(id, ADA, "a"),
                settled_text(1, MessageStatus::Sent),
                20_000,
                true,
            ),
            (text(id, ADA, "a"), unknown, 20_000, false),
            (start(id, ADA), pending.clone(), 1, false),
            (start(id, ADA), pending, 601, true),
        ] {
            let mut store = Store::in_memory().unwrap();
            let other = add(
                &mut store,
                1,
                0,
                text(id, ADA, "b"),
                &settled_text(9, MessageStatus::Read),
            );
            let op = add(&mut store, 2, 0, operation, &state);
            let deleted = store.delete(&[other, op], at(now)).unwrap();
            assert_eq!(deleted.len(), if gone { 2 } else { 0 }, "{state:?}");
            assert_eq!(seqs(&store).len(), if gone { 0 } else { 2 }, "{state:?}");
        }
    }

    #[test]
    fn what_is_too_old_goes_by_whole_entries_and_what_is_not_known_stays() {
        let mut store = Store::in_memory().unwrap();
        let id = OpId { session: 1, seq: 0 };
        let pending = |number| settled_verification(number, VerificationStatus::Pending);
        let unknown = OpState::Unknown(failure(FailureKind::OutcomeUnknown));
        let sent = settled_text(1, MessageStatus::Delivered);
        add(&mut store, 1, 0, text(id, ADA, "old"), &sent);
        add(&mut store, 2, 1, text(id, ADA, "lost"), &unknown);
        add(&mut store, 3, 2, start(id, ADA), &pending(3));
        add(&mut store, 4, 3, start(id, ADA), &pending(4));
        add(&mut store, 5, 99, start(id, ADA), &pending(4));
        add(
            &mut store,
            6,
            100,
            text(id, ADA, "new"),
            &settled_text(2, MessageStatus::Sent),
        );
        assert_eq!(store.forget_before(at(50), at(100)).unwrap().len(), 2);
        assert_eq!(seqs(&store), [6, 5, 4, 2]);
    }

    #[test]
    fn a_clock_that_was_wrong_for_a_while_makes_nothing_older_or_younger_than_it_is() {
        let id = OpId { session: 1, seq: 0 };
        for (seconds, gone) in [
            // Years ahead, and put right: as old as what stands around it.
            (&[1, 9_000, 2, 60][..], 3),
            (&[1, 9_000, 60][..], 1),
            (&[9_000, 60][..], 0),
            (&[9_000][..], 0),
            // Months behind, and put right: as young as what was written before.
            (&[1, 60, 2, 70][..], 1),
            (&[60, 2, 3][..], 0),
            (&[2, 3, 60][..], 2),
        ] {
            let mut store = Store::in_memory().unwrap();
            for (seq, &second) in (1..).zip(seconds) {
                let text = text(id, ADA, &seq.to_string());
                let sent = settled_text(seq, MessageStatus::Delivered);
                add(&mut store, seq, second, text, &sent);
            }
            let found = store.forget_before(at(50), at(100)).unwrap();
            assert_eq!(found.len(), gone, "{seconds:?}");
            assert_eq!(seqs(&store).len(), seconds.len() - gone, "{seconds:?}");
        }
    }

    #[test]
    fn nothing_is_left_of_a_deleted_text_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let id = OpId { session: 1, seq: 0 };
        let secret = "a word that nobody may find again";
        let sent = settled_text(1, MessageStatus::Delivered);
        let op = add(&mut store, 1, 0, text(id, ADA, secret), &sent);
        store.delete(&[op], at(1)).unwrap();
        drop(store);
        let file = std::fs::read(folder.path().join("history.db")).unwrap();
        let found = file
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(!found);
    }
}
