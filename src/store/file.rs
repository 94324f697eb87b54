//! The file itself: its folder, its modes, whose it is, and how SQLite is told to keep it.
//!
//! Whose a file is, is read from its first hundred bytes before SQLite may open it, so that a file
//! that is not ours stays as it was, byte for byte.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;
use super::held;
use super::migrate::{APPLICATION_ID, STEPS};
use super::rescue::{self, header};
use crate::paths::regular;

/// Makes a folder that only this user can enter. One that is there already is left as it is.
pub fn create_folder(path: &Path) -> io::Result<()> {
    let missing = path.ancestors().take_while(|above| !above.exists());
    let last_missing = missing.last();
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)?;
    if let Some(made) = last_missing {
        keep_name(path, made);
    }
    Ok(())
}

/// A new folder is there after a power cut once the folder above it is on the disk. Where that cannot be
/// asked for, the system writes it in its own time.
pub fn keep_name(path: &Path, highest: &Path) {
    #[cfg(unix)]
    for folder in path.ancestors() {
        let above = folder
            .parent()
            .filter(|above| !above.as_os_str().is_empty());
        let above = above.unwrap_or(Path::new("."));
        let _ = File::open(above).and_then(|above| above.sync_all());
        if folder == highest {
            break;
        }
    }
    #[cfg(not(unix))]
    let _ = (path, highest);
}

/// Makes an empty file that only this user can read; one that is there is made so.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        options.mode(0o600);
        let file = regular::open_own(&options, path)?;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        Ok(file)
    }
    #[cfg(not(unix))]
    regular::open_own(&options, path)
}

/// Sees to it that only this user can read a file that is there.
pub fn close_to_others(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    let _ = path;
    Ok(())
}

/// Gives a whole file the name that counts, for good.
pub fn give_name(part: &Path, path: &Path) -> io::Result<()> {
    std::fs::rename(part, path)?;
    keep_name(path, path);
    Ok(())
}

/// Writes a new file that only this user can read, and no other one.
pub fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Refuses a folder of another machine: SQLite's log needs memory that its users share.
pub fn refuse_network(folder: &Path) -> Result<(), StoreError> {
    #[cfg(target_os = "linux")]
    if rustix::fs::statfs(folder).is_ok_and(|found| is_network(found.f_type.cast_unsigned())) {
        return Err(StoreError::Network {
            path: folder.to_owned(),
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = folder;
    Ok(())
}

/// NFS, SMB and its elder brother CIFS, by their numbers in Linux's `linux/magic.h`.
#[cfg(target_os = "linux")]
fn is_network(kind: u64) -> bool {
    matches!(kind & 0xffff_ffff, 0x6969 | 0xfe53_4d42 | 0xff53_4d42)
}

/// Refuses a file that is not ours, too new for us, or was emptied. No file is fine.
pub fn inspect(path: &Path) -> Result<(), StoreError> {
    for beside in ["-wal", "-shm", "-journal"] {
        let beside = with_end(path, beside);
        regular::refuse_other(&beside).map_err(|cause| StoreError::unwritable(&beside, cause))?;
    }
    if path.parent().and_then(rescue::unfinished).is_some() {
        return Err(StoreError::damaged(
            "it was being kept aside when the program ended",
        ));
    }
    held::unless_held(path, || look(path)).unwrap_or(Ok(()))
}

fn look(path: &Path) -> Result<(), StoreError> {
    let Some(file) = opened(path)? else {
        return Ok(());
    };
    let mut header = Vec::with_capacity(100);
    let length = file
        .metadata()
        .map_err(|cause| StoreError::unwritable(path, cause))?
        .len();
    file.take(100)
        .read_to_end(&mut header)
        .map_err(|cause| StoreError::unwritable(path, cause))?;
    if header.is_empty() {
        return Err(StoreError::damaged("it is empty"));
    }
    if header::is_damaged(&header) {
        return Err(StoreError::damaged("its header is not as tuilio writes it"));
    }
    if !is_ours(&header) {
        // Power may have gone while the first page was written. What is to be written anew, or was there
        // before, stands in a log beside the file, from which SQLite mends it.
        return if logs(path).any(|log| can_mend(&log)) {
            Ok(())
        } else {
            Err(StoreError::Foreign {
                path: path.to_owned(),
            })
        };
    }
    if !has_log(path) && header::counts_too_few(&header, length) {
        return Err(StoreError::damaged(
            "its header counts fewer pages than it has",
        ));
    }
    let found = number(&header, 60).unwrap_or_default().cast_unsigned();
    let known = STEPS.len() as u32;
    if header::says_another_format(path, found) {
        return Err(StoreError::damaged(
            "it says a format that it does not have",
        ));
    }
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    Ok(())
}

/// Opens a file where it is there.
fn opened(path: &Path) -> Result<Option<File>, StoreError> {
    match regular::open_own(OpenOptions::new().read(true), path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::unwritable(path, error)),
    }
}

/// The path of what belongs to a file and stands beside it.
pub fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Opens a history to read it and for nothing else, also where the disk has no room for the memory that its users
/// share: it is not needed where its log is empty, nor by whoever is alone with it.
pub fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let shared = Connection::open_with_flags(path, flags).and_then(readable);
    let Err(error) = shared else {
        return Ok(shared?);
    };
    let log = with_end(path, "-wal");
    let alone = if log.metadata().map_or(0, |found| found.len()) == 0 {
        let uri = format!("file:{}?immutable=1", in_a_uri(path));
        Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)
    } else {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(path, flags).and_then(|connection| {
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            connection.pragma_update(None, "locking_mode", "exclusive")?;
            connection.pragma_update(None, "query_only", 1)?;
            Ok(connection)
        })
    };
    alone
        .and_then(readable)
        // The first one says what the trouble is.
        .map_err(|_| error.into())
}

/// Whether anything can be read over it.
fn readable(connection: Connection) -> rusqlite::Result<Connection> {
    connection.pragma_update(None, "busy_timeout", 5000)?;
    connection.pragma_update(None, "trusted_schema", 0)?;
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    Ok(connection)
}

/// A path as a part of a URI.
fn in_a_uri(path: &Path) -> String {
    let path = path.to_string_lossy();
    path.replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23")
}

/// How a file of SQLite begins.
pub const MAGIC: &[u8] = b"SQLite format 3\0";

/// A file, or a page of one, that begins so is a history. Places and meaning of these fields: the SQLite
/// file format, "The Database Header".
pub fn is_ours(header: &[u8]) -> bool {
    header.starts_with(MAGIC) && number(header, 68) == Some(APPLICATION_ID)
}

fn number(header: &[u8], at: usize) -> Option<i32> {
    Some(i32::from_be_bytes(*header.get(at..)?.first_chunk()?))
}

/// What the logs beside a file hold; those that are there.
fn logs(path: &Path) -> impl Iterator<Item = Vec<u8>> {
    ["-wal", "-journal"]
        .into_iter()
        .filter_map(move |end| regular::read_own(&with_end(path, end)).ok())
}

/// Whether a log beside a file holds anything: what it says counts, and not what stands in the file.
pub fn has_log(path: &Path) -> bool {
    let mut logs = ["-wal", "-journal"]
        .into_iter()
        .map(|end| with_end(path, end));
    logs.any(|log| log.metadata().is_ok_and(|found| found.len() > 0))
}

/// Whether a log holds the first page of a history.
fn can_mend(log: &[u8]) -> bool {
    (0..log.len()).any(|at| is_ours(&log[at..]))
}

/// How the file is to be kept, each setting read back: a commit that returned survives a power cut,
/// and nothing in a file that somebody else made is run as code.
pub fn configure(connection: &Connection, journal_mode: &str) -> Result<(), StoreError> {
    connection.pragma_update(None, "busy_timeout", 5000)?;
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", journal_mode, |row| row.get(0))?;
    if mode != journal_mode {
        return Err(refused("journal_mode"));
    }
    for &(name, value) in SETTINGS {
        connection.pragma_update(None, name, value)?;
        let kept: i64 = connection.pragma_query_value(None, name, |row| row.get(0))?;
        if kept != value {
            return Err(refused(name));
        }
    }
    Ok(())
}

/// 2 is `FULL`: with anything less, the last records are lost in a power cut.
const SETTINGS: &[(&str, i64)] = &[
    ("synchronous", 2),
    ("foreign_keys", 1),
    ("trusted_schema", 0),
    // What is deleted is overwritten.
    ("secure_delete", 1),
    #[cfg(target_os = "macos")]
    ("fullfsync", 1),
    #[cfg(target_os = "macos")]
    ("checkpoint_fullfsync", 1),
];

/// What does not fit in a file, in SQLite's words, where it finds something. Takes seconds on a large one.
pub fn misfit(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let found = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok(Some(found).filter(|found| found != "ok"))
}

fn refused(setting: &str) -> StoreError {
    StoreError::Broken(format!("SQLite did not take the setting {setting}").into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::samples::intend_text;
    use crate::store::{History, Journal, Store};

    #[cfg(unix)]
    #[test]
    fn folder_and_files_are_for_this_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("made/here");
        let mut store = Store::open(&folder).unwrap();
        intend_text(&mut store, 1, "+14155550123", "hello");
        let lock = format!("locks/{}.lock", store.session());
        for (name, mode) in [
            ("", 0o700),
            ("locks", 0o700),
            ("history.db", 0o600),
            ("history.db-wal", 0o600),
            ("history.db-shm", 0o600),
            (lock.as_str(), 0o600),
        ] {
            let found = std::fs::metadata(folder.join(name)).unwrap().permissions();
            assert_eq!(found.mode() & 0o777, mode, "{name}");
        }
    }

    #[test]
    fn a_commit_that_returned_is_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let setting = |name| -> String {
            store
                .connection
                .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
                .map(|value| match value {
                    rusqlite::types::Value::Integer(number) => number.to_string(),
                    rusqlite::types::Value::Text(text) => text,
                    other => format!("{other:?}"),
                })
                .unwrap()
        };
        for (name, value) in [
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("foreign_keys", "1"),
            ("trusted_schema", "0"),
            ("busy_timeout", "5000"),
            ("application_id", &APPLICATION_ID.to_string()),
            ("user_version", &STEPS.len().to_string()),
        ] {
            assert_eq!(setting(name), value, "{name}");
        }
        store.check().unwrap();
    }

    #[test]
    fn what_is_not_ours_is_refused_and_left_as_it_was() {
        let empty_sqlite = {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("other.db");
            let other = Connection::open(&path).unwrap();
            other.execute_batch("CREATE TABLE theirs (a)").unwrap();
            drop(other);
            std::fs::read(path).unwrap()
        };
        let newer = {
            let folder = tempfile::tempdir().unwrap();
            drop(Store::open(folder.path()).unwrap());
            let mut bytes = std::fs::read(folder.path().join("history.db")).unwrap();
            bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
            bytes
        };
        for (bytes, message) in [
            (b"my shopping list".to_vec(), "is not a history of tuilio"),
            (b"SQLite format 3\0".to_vec(), "is not a history of tuilio"),
            (empty_sqlite, "is not a history of tuilio"),
            (newer, "the history has format 99"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("history.db");
            std::fs::write(&path, &bytes).unwrap();
            let error = Store::open(folder.path()).err().unwrap().to_string();
            assert!(error.contains(message), "{error}");
            assert!(error.contains("left as it"), "{error}");
            assert_eq!(std::fs::read(&path).unwrap(), bytes);
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_of_another_machine_is_told_by_its_file_system() {
        // ext4, tmpfs, overlay; NFS, SMB, and CIFS as a signed number has it.
        for local in [0xef53, 0x0102_1994, 0x794c_7630] {
            assert!(!is_network(local));
        }
        for remote in [0x6969, 0xfe53_4d42, 0xffff_ffff_ff53_4d42] {
            assert!(is_network(remote));
        }
    }

    #[test]
    fn a_first_page_that_a_power_cut_tore_is_mended_from_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let cut = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let row = intend_text(&mut store, 1, "+14155550123", "hello");
        // Grows the file, so that its first page is written as well.
        intend_text(&mut store, 2, "+14155550123", &"x".repeat(10_000));
        for name in ["history.db", "history.db-wal"] {
            std::fs::copy(folder.path().join(name), cut.path().join(name)).unwrap();
        }
        let path = cut.path().join("history.db");
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[..4096].fill(0xa5);
        std::fs::write(&path, bytes).unwrap();
        let store = Store::open(cut.path()).unwrap();
        assert_eq!(store.row(row.operation.id).unwrap(), Some(row));
        store.check().unwrap();
    }

    #[test]
    fn damage_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        intend_text(&mut store, 1, "+14155550123", "hello");
        drop(store);
        let path = folder.path().join("history.db");
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[100..4096].fill(0xa5);
        std::fs::write(&path, bytes).unwrap();
        let error = Store::open(folder.path()).err().unwrap();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        std::fs::write(&file, "").unwrap();
        let folder = file.join("below");
        let error = Store::open(&folder).err().unwrap();
        assert!(matches!(error, StoreError::Unwritable { .. }), "{error:?}");
        assert!(error.to_string().contains(&*folder.to_string_lossy()));
    }

    #[test]
    fn many_processes_may_make_the_same_history_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let sessions = std::thread::scope(|scope| {
            let opening: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        let mut store = Store::open(folder.path()).unwrap();
                        let session = store.session();
                        intend_text(&mut store, 1, "+14155550123", &session.to_string());
                        session
                    })
                })
                .collect();
            let mut sessions: Vec<u32> = opening
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect();
            sessions.sort_unstable();
            sessions
        });
        assert_eq!(sessions, [1, 2, 3, 4, 5, 6, 7, 8]);
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.page(None, 100).unwrap().rows.len(), 8);
    }
}
