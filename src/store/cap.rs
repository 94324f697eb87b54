//! What has been done on a day, counted where it is written down: within the one transaction that writes the
//! next one, so that two processes cannot both be the last. All of the history counts: agents name themselves,
//! and a new name is no new day.

use rusqlite::Connection;

use super::error::StoreError;
use super::tally;
use crate::domain::Timestamp;
use crate::domain::policy::{Capped, DayCap};

/// What was refused or never left is not counted: it reached nobody.
const DONE: &str = "SELECT count(*) FROM operations
    WHERE (kind = ?1 OR CASE WHEN kind = 'unreadable' AND json_valid(intent)
            THEN json_extract(intent, '$.unreadable.was') END IS ?1)
        AND at >= ?2 AND state NOT IN ('refused', 'not_sent')";

/// How many of a kind were done since then.
pub fn done(connection: &Connection, of: Capped, since: Timestamp) -> rusqlite::Result<u32> {
    let kind = match of {
        Capped::Texts => "text",
        Capped::Verifications => "verify_start",
    };
    let mut count = connection.prepare_cached(DONE)?;
    count.query_row((kind, tally::from(since)), |row| row.get(0))
}

/// Refuses one more where enough of its kind was done.
pub fn check(connection: &Connection, day: &DayCap) -> Result<(), StoreError> {
    let done = done(connection, day.cap.of, day.since)?;
    day.cap
        .another(done)
        .map_err(|_| StoreError::Capped(day.cap))
}

#[cfg(test)]
mod tests {
    use super::super::samples::text;
    use super::super::{Journal, Store, Twin};
    use super::*;
    use crate::domain::policy::Cap;
    use crate::domain::{Failure, FailureKind, OpId, OpState, Operation};

    #[test]
    fn so_many_on_a_day_and_no_more_and_only_what_left_counts() {
        let mut store = Store::in_memory().unwrap();
        let day = |since: &str| DayCap {
            cap: Cap {
                of: Capped::Texts,
                at_most: 2,
            },
            since: since.parse().unwrap(),
        };
        let session = store.session();
        let mut seq = 0;
        let mut intend = |store: &mut Store, agent: Option<&str>, day: Option<DayCap>| {
            seq += 1;
            let id = OpId { session, seq };
            let operation = Operation {
                agent: agent.map(str::to_owned),
                ..text(id, "+14155550100", &format!("text {seq}"))
            };
            let row = store.intend_within(&operation, Twin::Refuse, day);
            row.map(|row| row.operation)
        };
        let one = intend(&mut store, Some("desk-7"), None).unwrap();
        let today = day(&one.at.to_string());
        let two = intend(&mut store, Some("desk-7"), Some(today)).unwrap();
        let refused = intend(&mut store, Some("desk-7"), Some(today)).unwrap_err();
        let failure = Failure::from(&refused);
        assert_eq!(failure.kind, FailureKind::Policy);
        assert_eq!(
            failure.message,
            "Set by your lead: at most 2 texts a day, and you have sent them."
        );
        assert!(intend(&mut store, Some("desk-8"), Some(today)).is_err());
        assert!(intend(&mut store, None, Some(today)).is_err());
        let not_sent = OpState::NotSent(Failure::new(FailureKind::NotSent, "no way"));
        store.settle(two.id, &not_sent, two.at).unwrap();
        assert!(intend(&mut store, Some("desk-7"), Some(today)).is_ok());
        assert!(intend(&mut store, Some("desk-7"), Some(today)).is_err());
        let tomorrow = day("2100-01-01T00:00:00Z");
        assert!(intend(&mut store, Some("desk-7"), Some(tomorrow)).is_ok());
    }
}
