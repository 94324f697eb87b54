//! A look at a history from outside: nothing is made, changed, recovered or brought to a newer format.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::ErrorCode;

use super::StoreError;
use super::{file, migrate, rescue, schema};
use crate::paths::HISTORY_FILE;

/// After so many steps of SQLite it is seen whether there is time left.
const STEPS: i32 = 10_000;

/// What there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Examined {
    /// Operations.
    pub operations: u64,
    /// Those whose outcome is not known, or not yet.
    pub open: u64,
    /// Whether the whole file was looked through for damage in the time that there was.
    pub whole: bool,
}

/// Looks a history through for damage, for so long; none where there is no history yet.
pub fn examine(folder: &Path, time: Duration) -> Result<Option<Examined>, StoreError> {
    let path = folder.join(HISTORY_FILE);
    file::inspect(&path)?;
    if !path.exists() {
        return Ok(None);
    }
    let mut connection = file::open_to_read(&path)?;
    connection.pragma_update(None, "busy_timeout", 1000)?;
    let format = migrate::version(&connection)?;
    schema::check(&connection, format)?;
    let count = |query| {
        let counted = connection.query_row(query, [], |row| row.get::<_, i64>(0));
        counted.map(i64::unsigned_abs)
    };
    let operations = count("SELECT count(*) FROM operations")?;
    let open = count("SELECT count(*) FROM operations WHERE state IN ('intended', 'unknown')")?;
    let until = Instant::now() + time;
    connection.progress_handler(STEPS, Some(move || Instant::now() > until))?;
    let whole = match file::misfit(&connection) {
        Ok(None) => true,
        Ok(Some(found)) => return Err(StoreError::damaged(found)),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => false,
        Err(error) => return Err(error.into()),
    };
    // SQLite knows where values stand, and not what may stand there.
    // An earlier format has other values.
    let whole = if whole && format == migrate::known() {
        match rescue::read_all(&connection) {
            Err(error) if Instant::now() <= until => return Err(error),
            read => read.is_ok(),
        }
    } else {
        whole
    };
    Ok(Some(Examined {
        operations,
        open,
        whole,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::store::samples::intend_text;

    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn a_history_is_looked_at_while_others_use_it_and_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(examine(folder.path(), LONG).unwrap(), None);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let mut store = Store::open(folder.path()).unwrap();
        for seq in 1..=50 {
            intend_text(&mut store, seq, "+14155550123", &seq.to_string());
        }
        let found = Examined {
            operations: 50,
            open: 50,
            whole: true,
        };
        assert_eq!(examine(folder.path(), LONG).unwrap(), Some(found));
        drop(store);
        let before = std::fs::read(folder.path().join(HISTORY_FILE)).unwrap();
        assert_eq!(examine(folder.path(), LONG).unwrap(), Some(found));
        let after = std::fs::read(folder.path().join(HISTORY_FILE)).unwrap();
        assert!(before == after, "the file has changed");
    }

    #[test]
    fn damage_and_foreign_files_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        for seq in 1..=200 {
            intend_text(&mut store, seq, "+14155550123", &format!("{seq:0200}"));
        }
        drop(store);
        let path = folder.path().join(HISTORY_FILE);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 8192].fill(0xa5);
        std::fs::write(&path, &bytes).unwrap();
        let error = examine(folder.path(), LONG).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
        std::fs::write(&path, "my shopping list").unwrap();
        let error = examine(folder.path(), LONG).unwrap_err();
        assert!(matches!(error, StoreError::Foreign { .. }), "{error:?}");
    }
}
