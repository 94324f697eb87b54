//! The history: what was asked for, written down before it is sent, and what came of it.
//!
//! Two small traits say what the program needs of it: [`Journal`] writes, [`History`] reads. [`Store`]
//! keeps both in one SQLite file. Everything here is synchronous, owns no thread and reads no clock but
//! the one moment when a session begins.
//!
//! Invariants: what [`Journal::intend`] returned survives a power cut; an operation moves only by the
//! legal steps of [`OpState::may_become`]; several processes may share a file, and only what its owner
//! can no longer settle is taken over; no code and no secret is ever written.

mod anchor;
mod audit;
mod cap;
mod codec;
mod drafts;
mod erase;
mod error;
mod examine;
mod file;
mod held;
mod history;
mod journal;
mod lock;
mod migrate;
mod owed;
mod prune;
mod rescue;
mod reserve;
mod said;
#[cfg(test)]
pub(crate) mod samples;
mod schema;
mod search;
mod shape;
mod tally;
mod unsettled;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub use self::audit::{Accepted, Aside, Audit, Compared, Finding, Key, Line, Point, Verdict};
use self::audit::{Chain, HeadFile};
pub use self::erase::{erase, sent_since, unsettled};
pub use self::error::{Cause, StoreError};
pub use self::examine::{Examined, examine};
pub use self::file::{refuse_network, write_new};
use self::held::Held;
use self::lock::SessionLock;
use self::owed::Owed;
pub use self::rescue::{Rescued, is_suspected, rescue, suspect};
use self::reserve::Reserve;
use self::schema::Checked;
use crate::domain::history_query::HistoryQuery;
use crate::domain::policy::DayCap;
use crate::domain::record::Found;
use crate::domain::sid::AccountSid;
use crate::domain::{
    Draft, HistoryRow, LookBack, OpId, OpState, Operation, Page, PhoneNumber, Recipient, Tally,
    Ticket, Timestamp, VerificationKey,
};
use crate::paths::{HISTORY_FILE, LOCKS_FOLDER};

/// The folder of exported files, beside the history.
const EXPORTS_FOLDER: &str = "exports";

/// Whether a text may be sent while the same text to the same number is not settled, and a code while another one
/// is on its way to Twilio, or while it is not known of an earlier one, by the same way, whether it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twin {
    /// It may not: which of the two a later report speaks of could not be told.
    Refuse,
    /// It may, once more after this one: a person was asked about it and said yes. A yes of somebody else to
    /// the same question may have been quicker, so nothing of the kind may have been begun since.
    Again(OpId),
}

/// Writes operations down, before and after.
pub trait Journal {
    /// The number of this run of the program: no other run has or gets it.
    fn session(&self) -> u32;

    /// Writes an operation down as intended; when it returns, the record survives a power cut.
    fn intend(&mut self, operation: &Operation, twin: Twin) -> Result<HistoryRow, StoreError> {
        self.intend_within(operation, twin, None)
    }

    /// The same, where an agent may do it only so often on a day.
    fn intend_within(
        &mut self,
        operation: &Operation,
        twin: Twin,
        day: Option<DayCap>,
    ) -> Result<HistoryRow, StoreError>;

    /// Writes down what has become of an operation. A report that is not a legal step changes nothing;
    /// the row is returned as it then stands.
    fn settle(
        &mut self,
        id: OpId,
        state: &OpState,
        at: Timestamp,
    ) -> Result<HistoryRow, StoreError>;

    /// Marks as not known what ended processes had begun, and returns it, newest first.
    fn recover(&mut self, at: Timestamp) -> Result<Vec<HistoryRow>, StoreError>;

    /// Deletes operations that are settled, all of them or none; answers with those that are gone.
    fn delete(&mut self, ops: &[OpId], now: Timestamp) -> Result<Vec<OpId>, StoreError>;

    /// The same, also what is not known for ten minutes: a person has said so, since nobody can look it up.
    fn delete_given_up(&mut self, ops: &[OpId], now: Timestamp) -> Result<Vec<OpId>, StoreError>;

    /// Deletes entries that are settled and older, and drafts; answers with the operations that are gone. What
    /// was written down after something younger is not older, whatever it says: its clock was wrong.
    fn forget_before(&mut self, before: Timestamp, now: Timestamp)
    -> Result<Vec<OpId>, StoreError>;

    /// Keeps the draft of this run in the place of the one before; an empty one is removed.
    fn save_draft(&mut self, draft: &Draft) -> Result<(), StoreError>;

    /// Takes over the newest draft that an ended process left behind.
    fn take_draft(&mut self) -> Result<Option<Draft>, StoreError>;
}

/// Reads operations back.
pub trait History {
    /// Rows older than `before` (the newest where it is `None`), newest first.
    fn page(&self, before: Option<i64>, limit: usize) -> Result<Page, StoreError>;

    /// One operation.
    fn row(&self, id: OpId) -> Result<Option<HistoryRow>, StoreError>;

    /// What is not known and is to be looked up, newest first.
    fn unknown(&self) -> Result<Vec<HistoryRow>, StoreError>;

    /// Texts that Twilio took and whose status is not final, newest first.
    fn unfinished(&self, limit: usize) -> Result<Vec<HistoryRow>, StoreError>;

    /// The newest start of a verification that took effect or may have, by recipient or by SID, under an
    /// account and where that one's Twilio keeps it. Whether its code is still good is for the caller to judge, who has a clock.
    fn open_verification(
        &self,
        key: &VerificationKey,
        account: Option<&AccountSid>,
        home: Option<&str>,
    ) -> Result<Option<HistoryRow>, StoreError>;

    /// The newest text to a number, whatever became of it.
    fn last_text(&self, to: &PhoneNumber) -> Result<Option<HistoryRow>, StoreError>;

    /// What is known of a person, and whether a ticket has been verified already.
    fn look_back(&self, to: &Recipient, ticket: Option<&Ticket>) -> Result<LookBack, StoreError>;

    /// Entries that fit a filter, newest first: those whose newest row is older than `before`.
    fn find(
        &self,
        query: &HistoryQuery,
        before: Option<i64>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Found, StoreError>;

    /// What was done since midnight, and how codes arrived since an hour ago, under an account. What was done
    /// before accounts were noted is everybody's.
    fn tally(
        &self,
        midnight: Timestamp,
        hour_ago: Timestamp,
        now: Timestamp,
        account: Option<&AccountSid>,
    ) -> Result<Tally, StoreError>;
}

/// The history in an SQLite file, or in memory.
pub struct Store {
    connection: Checked,
    session: u32,
    chain: Chain,
    owed: Vec<Owed>,
    /// The index of what is not settled was compared with the rows.
    compared: bool,
    /// None in memory.
    home: Option<Home>,
}

/// What stands beside a history on a disk.
struct Home {
    folder: PathBuf,
    locks: PathBuf,
    reserve: Reserve,
    // Held as long as this process may settle what it intended.
    _lock: SessionLock,
    // Let go after the connection is closed.
    _held: Held,
}

impl Store {
    /// Opens the history in a folder, making both where they are missing. On a full disk the reserve is
    /// given up for it: what is there can be read, and what was begun can be settled. Where not even that
    /// helps, it is only read.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let opened = match Self::try_open(folder) {
            Err(error) if error.may_want_room() && Reserve::new(folder).release() => {
                Self::try_open(folder)
            }
            opened => opened,
        };
        opened.or_else(|error| match error {
            error if error.may_want_room() => Self::open_to_read(folder).map_err(|_| error),
            error => Err(error),
        })
    }

    /// Opens it where nothing can be written: nothing is begun, taken over or owed by this process.
    fn open_to_read(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(HISTORY_FILE);
        let connection = file::open_to_read(&path)?;
        schema::check(&connection, migrate::known())?;
        Ok(Self {
            connection: Checked::on_a_full_disk(connection),
            session: 0,
            chain: Chain::on_disk(HeadFile::new(folder, &folder.join(LOCKS_FOLDER))),
            owed: Vec::new(),
            compared: true,
            home: None,
        })
    }

    /// The disk was so full that nothing could be written when it was opened, and nothing will be.
    pub fn is_only_read(&self) -> bool {
        self.connection.is_only_read()
    }

    fn try_open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(HISTORY_FILE);
        let locks = folder.join(LOCKS_FOLDER);
        let unwritable = |path: &Path| {
            let path = path.to_owned();
            move |cause| StoreError::unwritable(&path, cause)
        };
        file::create_folder(folder).map_err(unwritable(folder))?;
        file::refuse_network(folder)?;
        file::inspect(&path)?;
        file::create_folder(&locks).map_err(unwritable(&locks))?;
        let _turn = lock::turn_to_open(&locks).map_err(unwritable(&lock::opening(&locks)))?;
        let head = HeadFile::new(folder, &locks);
        head.inspect()?;
        if path.exists() {
            file::close_to_others(&path).map_err(unwritable(&path))?;
        } else {
            if lock::any_alive(&locks) {
                return Err(StoreError::Removed { path });
            }
            head.begin()?;
            let part = migrate::make(&path)?;
            file::give_name(&part, &path).map_err(unwritable(&path))?;
        }
        let held = Held::hold(&path);
        let mut connection = Connection::open(&path)?;
        // The header must say that the file is ours before the write-ahead log can hold it back.
        connection.pragma_update(None, "busy_timeout", 5000)?;
        let format = migrate::version(&connection)?;
        if format > migrate::known() {
            return Err(StoreError::Newer {
                found: format,
                known: migrate::known(),
            });
        }
        schema::check(&connection, format)?;
        if format < migrate::AUDITED {
            head.begin()?;
        }
        migrate::run(&mut connection, migrate::STEPS, |format| {
            Some(folder.join(format!("history-format-{format}.backup.db")))
        })?;
        file::configure(&connection, "wal")?;
        let reserve = Reserve::new(folder);
        // Reading needs no reserve; without one, `intend` says that the disk is full.
        let _ = reserve.keep();
        let compared = unsettled::compare_within(&mut connection, unsettled::AT_START)?;
        let mut connection = Checked::new(connection);
        let transaction = connection.write()?;
        let session = draw_session(&transaction)?;
        lock::sweep(&locks);
        // Before anybody else can see the number.
        let lock = SessionLock::take(&locks, session).map_err(unwritable(&locks))?;
        transaction.commit()?;
        connection.anchor(&path);
        let home = Some(Home {
            folder: folder.to_owned(),
            locks,
            reserve,
            _lock: lock,
            _held: held,
        });
        let mut store = Self {
            connection,
            session,
            chain: Chain::on_disk(head),
            owed: Vec::new(),
            compared,
            home,
        };
        store.carry_into_audit(Timestamp::now())?;
        Ok(store)
    }

    /// A history that is gone with the program, for the demo.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        migrate::run(&mut connection, migrate::STEPS, |_| None)?;
        file::configure(&connection, "memory")?;
        let session = draw_session(&connection)?;
        Ok(Self {
            connection: Checked::new(connection),
            session,
            chain: Chain::default(),
            owed: Vec::new(),
            compared: true,
            home: None,
        })
    }

    /// Writes a file that only this user can read into the folder of exports, and says where it is. One
    /// that is there already is left as it is.
    pub fn keep_file(&self, name: &str, content: &[u8]) -> Result<PathBuf, StoreError> {
        let folder = match &self.home {
            Some(home) => home.folder.join(EXPORTS_FOLDER),
            None => return Err(StoreError::NoFolder),
        };
        let path = folder.join(name);
        let unwritable = |cause| StoreError::unwritable(&path, cause);
        file::create_folder(&folder).map_err(unwritable)?;
        file::write_new(&path, content).map_err(unwritable)?;
        Ok(path)
    }

    /// Looks through the whole file for damage; takes seconds on a large one.
    pub fn check(&self) -> Result<(), StoreError> {
        match file::misfit(&self.connection)? {
            None => Ok(()),
            Some(found) => Err(StoreError::damaged(found)),
        }
    }
}

fn draw_session(connection: &Connection) -> Result<u32, StoreError> {
    connection.execute(
        "INSERT INTO sessions (started_at) VALUES (?1)",
        [Timestamp::now().to_string()],
    )?;
    u32::try_from(connection.last_insert_rowid())
        .map_err(|_| StoreError::damaged("session numbers are used up"))
}
