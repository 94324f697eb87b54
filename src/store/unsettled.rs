//! Whether the index that finds what is not settled fits the rows themselves.
//!
//! SQLite believes an index. One damaged bit in this one would hide an operation whose outcome is not known: nobody
//! would look it up, and the same would be sent once more unasked. So both are compared, at the start as far as a few
//! milliseconds go, else before anything is written down that is to leave.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::error::StoreError;

/// A start takes no longer for it.
pub const AT_START: Duration = Duration::from_millis(5);
/// After so many steps of SQLite it is seen whether there is time left.
const STEPS: i32 = 1_000;

const BY_ROWS: &str = "SELECT row, state, recipient FROM operations NOT INDEXED
    WHERE state IN ('intended', 'unknown')";
const BY_INDEX: &str =
    "SELECT row, state, recipient FROM operations INDEXED BY operations_unsettled
    WHERE state IN ('intended', 'unknown')";

/// Compares them.
pub fn compare(connection: &Connection) -> Result<(), StoreError> {
    let question = format!(
        "SELECT EXISTS ({BY_ROWS} EXCEPT {BY_INDEX}) OR EXISTS ({BY_INDEX} EXCEPT {BY_ROWS})"
    );
    if connection.query_row(&question, [], |row| row.get(0))? {
        return Err(StoreError::damaged(
            "what is not settled is not found where it should be",
        ));
    }
    Ok(())
}

/// The same for so long; whether the end was reached.
pub fn compare_within(connection: &mut Connection, time: Duration) -> Result<bool, StoreError> {
    let until = Instant::now() + time;
    connection.progress_handler(STEPS, Some(move || Instant::now() > until))?;
    let compared = compare(connection);
    connection.progress_handler(0, None::<fn() -> bool>)?;
    match compared {
        Ok(()) => Ok(true),
        // No other way is it interrupted.
        Err(StoreError::Broken(_)) if Instant::now() > until => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{OpId, Timestamp};
    use crate::paths::HISTORY_FILE;
    use crate::store::samples::{intend_text, text};
    use crate::store::{History, Journal, Store, Twin, rescue};

    const ADA: &str = "+14155550123";

    #[test]
    fn no_bit_of_the_index_hides_what_is_not_known() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let first = intend_text(&mut store, 1, ADA, "hello").operation.id;
        drop(store);
        Store::open(folder.path())
            .unwrap()
            .recover(Timestamp::now())
            .unwrap();
        let whole = std::fs::read(folder.path().join(HISTORY_FILE)).unwrap();
        let entry = format!("unknown{ADA}");
        let at = whole
            .windows(entry.len())
            .position(|bytes| bytes == entry.as_bytes())
            .unwrap();
        let (mut found, mut refused) = (0, 0);
        // What stands before and behind it says how long it is and which row it is of.
        for bit in ((at - 6) * 8..(at + entry.len() + 1) * 8).step_by(5) {
            let folder = tempfile::tempdir().unwrap();
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(folder.path().join(HISTORY_FILE), damaged).unwrap();
            let mut store = match Store::open(folder.path()) {
                Ok(store) if store.unknown().is_ok() => {
                    refused += 1;
                    store
                }
                _ => {
                    found += 1;
                    let kept = rescue(folder.path(), Timestamp::now()).unwrap();
                    assert!(kept.is_some(), "bit {bit} is no damage");
                    Store::open(folder.path()).unwrap()
                }
            };
            let unknown = store.unknown().unwrap();
            assert_eq!(unknown.len(), 1, "bit {bit}");
            assert_eq!(unknown[0].operation.id, first, "bit {bit}");
            let again = text(
                OpId {
                    session: store.session(),
                    seq: 1,
                },
                ADA,
                "hello",
            );
            assert!(store.intend(&again, Twin::Refuse).is_err(), "bit {bit}");
        }
        assert!(found > 20, "{found} found, {refused} without harm");
    }

    #[test]
    fn a_start_that_has_no_time_leaves_it_to_the_first_send() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        for seq in 1..=400 {
            intend_text(&mut store, seq, ADA, &seq.to_string());
        }
        drop(store);
        let mut file = Connection::open(folder.path().join(HISTORY_FILE)).unwrap();
        assert!(!compare_within(&mut file, Duration::ZERO).unwrap());
        assert!(compare_within(&mut file, Duration::from_mins(1)).unwrap());
        drop(file);
        let mut store = Store::open(folder.path()).unwrap();
        store.compared = false;
        intend_text(&mut store, 401, ADA, "401");
        assert!(store.compared);
    }
}
