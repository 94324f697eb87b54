//! Formats of the history file: numbered steps, each applied once, none ever changed afterwards.
//!
//! The number of the last step stands in the file (`user_version`). All missing steps are one
//! transaction; a file that holds something is copied aside before it is touched.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::error::StoreError;

/// "tuil" in the header of the file: says that it is ours.
pub const APPLICATION_ID: i32 = 0x7475_696c;

/// The steps, in order; the first one makes format 1.
pub const STEPS: &[&str] = &[
    include_str!("../../assets/migrations/0001_history.sql"),
    include_str!("../../assets/migrations/0002_tickets.sql"),
    include_str!("../../assets/migrations/0003_audit.sql"),
    include_str!("../../assets/migrations/0004_clocks.sql"),
    include_str!("../../assets/migrations/0005_draft_times.sql"),
    include_str!("../../assets/migrations/0006_unreadable.sql"),
];

/// The first format with an audit.
pub const AUDITED: u32 = 3;

/// The last format.
pub fn known() -> u32 {
    STEPS.len() as u32
}

/// Makes an empty history beside the place where it is to be, and says under which name. It gets its own
/// name when it is whole: a history that is found empty was emptied, and did not end half-way in its making.
pub fn make(path: &Path) -> Result<PathBuf, StoreError> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    // Left by a process that ended while it made one.
    let _ = std::fs::remove_file(&part);
    super::file::create_private(&part).map_err(|cause| StoreError::unwritable(&part, cause))?;
    let mut connection = Connection::open(&part)?;
    // Half of it is of no use, so nothing is kept to take it back.
    super::file::configure(&connection, "memory")?;
    run(&mut connection, STEPS, |_| None)?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(part)
}

/// Brings a file up to the last step. `backup` names the copy by the format that it has.
pub fn run(
    connection: &mut Connection,
    steps: &[&str],
    backup: impl FnOnce(u32) -> Option<std::path::PathBuf>,
) -> Result<(), StoreError> {
    let known = steps.len() as u32;
    let found = version(connection)?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0
        && let Some(path) = backup(found)
    {
        copy(connection, &path)?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let found = version(&transaction)?;
    for (done, step) in steps.iter().enumerate().skip(found as usize) {
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", done as u32 + 1)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(transaction.commit()?)
}

/// The format of the file; 0 where it is empty.
pub fn version(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// A whole copy under a name of its own, and only then under the name that counts.
fn copy(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let unwritable = |cause| StoreError::unwritable(path, cause);
    // Only one process at a time opens a history, so what is there was left by one that ended half-way;
    // SQLite would refuse to write over it.
    let part = path.with_extension("part");
    let _ = std::fs::remove_file(&part);
    super::file::create_private(&part).map_err(unwritable)?;
    connection.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
    std::fs::rename(&part, path).map_err(unwritable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    const ROW: &str = "INSERT INTO sessions (started_at) VALUES ('2026-01-02T03:04:05Z');
        INSERT INTO operations VALUES (7, 1, 3, '2026-01-02T03:04:05.5Z', 'text', '+14155550123',
            'hello', '{\"text\":{\"sender\":{\"name\":\"ACME\"},\"validity_seconds\":null,\"send_at\":null,\"smart_encoded\":null}}',
            'settled', 'SM00000000000000000000000000000001', 'sent', 1,
            '{\"text\":{\"error\":null,\"segments\":2}}', '2026-01-02T03:04:06Z', NULL);";

    fn file_of(folder: &Path, steps: &[&str]) -> Connection {
        let mut connection = Connection::open(folder.join("history.db")).unwrap();
        run(&mut connection, steps, |_| None).unwrap();
        connection
    }

    #[test]
    fn a_file_of_an_earlier_format_is_copied_aside_and_brought_forward() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = file_of(folder.path(), &STEPS[..1]);
        connection.execute_batch(ROW).unwrap();
        let backup = folder.path().join("before.db");

        let later = [STEPS[0], "ALTER TABLE operations ADD COLUMN note TEXT"];
        let mut asked = None;
        run(&mut connection, &later, |format| {
            asked = Some(format);
            Some(backup.clone())
        })
        .unwrap();

        assert_eq!(asked, Some(1));
        assert_eq!(version(&connection).unwrap(), 2);
        let count = |connection: &Connection| -> i64 {
            connection
                .query_row("SELECT count(*) FROM operations", [], |row| row.get(0))
                .unwrap()
        };
        assert_eq!(count(&connection), 1);
        let copied = Connection::open(&backup).unwrap();
        assert_eq!((version(&copied).unwrap(), count(&copied)), (1, 1));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&backup).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_in_its_format() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = file_of(folder.path(), &STEPS[..1]);
        let broken = [
            STEPS[0],
            "CREATE TABLE half (a TEXT) STRICT; SELECT nonsense",
        ];
        assert!(run(&mut connection, &broken, |_| None).is_err());
        assert_eq!(version(&connection).unwrap(), 1);
        assert!(connection.prepare("SELECT * FROM half").is_err());
    }

    #[test]
    fn rows_of_format_1_are_read_by_this_program() {
        use crate::store::History;
        let folder = tempfile::tempdir().unwrap();
        file_of(folder.path(), &STEPS[..1])
            .execute_batch(ROW)
            .unwrap();
        let store = Store::open(folder.path()).unwrap();
        let rows = store.page(None, 10).unwrap().rows;
        let shown = format!("{rows:?}");
        assert_eq!(rows.len(), 1);
        for part in [
            "session: 1, seq: 3",
            "Name(\"ACME\")",
            "Sent",
            "segments: Some(2)",
        ] {
            assert!(shown.contains(part), "{shown}");
        }
    }

    #[test]
    fn every_row_of_format_1_is_carried_over_with_what_queries_ask_for() {
        let folder = tempfile::tempdir().unwrap();
        let connection = file_of(folder.path(), &STEPS[..1]);
        connection
            .execute_batch(include_str!("../../tests/samples/history_1.sql"))
            .unwrap();
        let old: Vec<String> = rows(&connection);
        drop(connection);
        let connection = file_of(folder.path(), STEPS);
        assert_eq!(rows(&connection), old);
        let read: Vec<String> = connection
            .prepare("SELECT concat_ws(' ', row, item, channel, delivery, error, expires_at) FROM operations ORDER BY row")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let sid = "VE00000000000000000000000000000001";
        assert_eq!(
            read,
            [
                "1 1-1 sms 30003".to_owned(),
                format!("2 {sid} call undelivered 30003 2026-01-02T03:14:05Z"),
                format!("3 {sid} sms 2026-01-02T03:14:05Z"),
                format!("4 {sid}"),
                "5 1-5 whatsapp 60410".to_owned(),
                "6 1-6 sms".to_owned(),
            ]
        );
        let ticket: Option<String> = connection
            .query_row("SELECT max(ticket) FROM operations", [], |row| row.get(0))
            .unwrap();
        assert_eq!(ticket, None);
    }

    #[test]
    fn every_row_of_format_2_is_carried_over_and_into_the_audit_with_a_copy_from_before() {
        use crate::store::{Audit, History, Journal};
        let folder = tempfile::tempdir().unwrap();
        let connection = file_of(folder.path(), &STEPS[..2]);
        connection
            .execute_batch(include_str!("../../tests/samples/history_2.sql"))
            .unwrap();
        let old = all(&connection);
        assert_eq!(old.len(), 5);
        drop(connection);
        let mut store = Store::open(folder.path()).unwrap();
        assert_eq!(store.session(), 3, "no number is given out twice");
        let found = store.page(None, 10).unwrap().rows;
        let lines: Vec<String> = found
            .iter()
            .filter_map(|row| Some(row.audit.as_ref()?.number().to_string()))
            .collect();
        assert_eq!(lines, ["4", "3", "2", "1"]);
        let audit = Audit::open(folder.path()).unwrap().unwrap();
        let verdict = audit.verify(None, None).unwrap();
        assert_eq!(
            (verdict.lines, verdict.operations, verdict.findings),
            (4, 4, vec![])
        );
        let connection = Connection::open(folder.path().join("history.db")).unwrap();
        assert_eq!(all(&connection), old);
        let before = folder.path().join("history-format-2.backup.db");
        assert_eq!(all(&Connection::open(before).unwrap()), old);
        assert!(store.take_draft().unwrap().is_some());
    }

    /// All that format 2 knows of each row and draft.
    fn all(connection: &Connection) -> Vec<String> {
        connection
            .prepare(
                "SELECT concat_ws('|', row, session, seq, at, kind, recipient, body, intent, state, sid,
                    status, open, outcome, updated_at, account, ticket, agent, item, channel, expires_at,
                    delivery, attempt, carrier, error) FROM operations
                 UNION ALL SELECT concat_ws('|', session, recipient, body, ticket, updated_at) FROM drafts",
            )
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    /// All that format 1 knows of each row.
    fn rows(connection: &Connection) -> Vec<String> {
        connection
            .prepare(
                "SELECT concat_ws('|', row, session, seq, at, kind, recipient, body, intent, state, sid,
                    status, open, outcome, updated_at, account) FROM operations ORDER BY row",
            )
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    #[test]
    fn released_steps_never_change() {
        // Length and sum of bytes: enough to notice an edit, easy to extend by a line.
        let sums: Vec<(usize, u64)> = STEPS
            .iter()
            .map(|step| (step.len(), step.bytes().map(u64::from).sum()))
            .collect();
        assert_eq!(
            sums,
            [
                (1833, 143_460),
                (4025, 318_354),
                (1317, 103_862),
                (325, 27_712),
                (122, 10_128),
                (4213, 336_760)
            ]
        );
    }
}
