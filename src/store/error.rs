//! What can go wrong with the history, by what a person can do about it.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE};

use crate::domain::failure::with_causes;
use crate::domain::policy::Cap;
use crate::domain::{Failure, FailureKind, HistoryRow, Intent, OpId};
use crate::paths::regular::NotAFile;

use super::reserve::is_full;

/// The cause of a [`StoreError`], whatever keeps the history.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why the history could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or a file in it cannot be made or written.
    #[error("the history cannot be written at {}", path.display())]
    Unwritable {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// Something else stands in the place of a file: a pipe, a device, a folder, a link.
    #[error("{} was not opened", path.display())]
    NotAFile {
        /// Which one.
        path: PathBuf,
        /// What it is.
        #[source]
        cause: NotAFile,
    },
    /// The folder lies on another machine, where locks and the order of writes cannot be relied upon.
    #[error(
        "the history cannot be kept on a network file system such as that of {}: set TUILIO_DATA_DIR to a folder on this machine", path.display()
    )]
    Network {
        /// The folder.
        path: PathBuf,
    },
    /// A file that is not ours stands where the history should be.
    #[error("{} is not a history of tuilio, so it was left as it is", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by a later version of tuilio.
    #[error(
        "the history has format {found} and this tuilio knows formats up to {known}: a newer tuilio is needed, and the file was left as it is"
    )]
    Newer {
        /// The format of the file.
        found: u32,
        /// The latest format that this program knows.
        known: u32,
    },
    /// The file contradicts itself.
    #[error("the history file is damaged: {what}")]
    Damaged {
        /// What does not fit.
        what: String,
        /// How it showed, where something else reported it.
        #[source]
        cause: Option<Cause>,
    },
    /// Somebody gave the file parts of their own, such as a trigger.
    #[error("another program has changed the history file: {what}")]
    Altered {
        /// What is foreign.
        what: String,
    },
    /// It cannot be removed while somebody has it open.
    #[error("another window or script has the history open, so it was left as it is")]
    OpenElsewhere,
    /// It is damaged or changed, and cannot be kept aside while somebody has it open.
    #[error(
        "the history file is damaged, and another window or script has it open, so it was left as it is"
    )]
    InUse,
    /// A file of it was moved, removed, replaced or cut short under the open history.
    #[error(
        "{} was moved, removed or cut short while it was open: leave with Ctrl-Q and start again", path.display()
    )]
    Displaced {
        /// Which one.
        path: PathBuf,
    },
    /// The file is not there, though somebody has it open.
    #[error(
        "{} was moved or removed, and another window or script still has it open, so no new one was made", path.display()
    )]
    Removed {
        /// Which one.
        path: PathBuf,
    },
    /// No room is left.
    #[error("the disk that holds the history is full")]
    Full,
    /// Another process did not let go of the history in time.
    #[error("another process is writing the history for too long")]
    Busy,
    /// The same text to the same number, or a code to it, is not settled yet.
    #[error("{}", not_settled(.0))]
    Twin(Box<HistoryRow>),
    /// Somebody else has said yes to sending it again, and was quicker.
    #[error(
        "it was sent again meanwhile, by another window or script (operation {0}), so it was not sent once more"
    )]
    SentAgain(OpId),
    /// It was asked about while nobody knew whether it went, and somebody else has found it since.
    #[error(
        "it was found at Twilio meanwhile, by another window or script (operation {}), so it was not sent once more", .0.operation.id
    )]
    Found(Box<HistoryRow>),
    /// The agent has done as much of this today as the lead allows.
    #[error("{}", .0.reached())]
    Capped(Cap),
    /// The operation is written down already.
    #[error("operation {0} is written down already")]
    Repeated(OpId),
    /// The history is in memory, so that there is no folder for a file.
    #[error("the history is kept in memory, so there is no folder for a file")]
    NoFolder,
    /// The file has no audit, which begins when a desk opens it.
    #[error(
        "the history was written by an earlier tuilio, so its audit begins with the next start of the desk"
    )]
    Unaudited,
    /// There is no such operation.
    #[error("operation {0} is not in the history")]
    Absent(OpId),
    /// Something else, such as a failing disk.
    #[error("the history file cannot be read or written")]
    Broken(#[source] Cause),
}

impl StoreError {
    /// Something in the file that our own code cannot have written.
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged {
            what: what.into(),
            cause: None,
        }
    }

    /// What the system says of a file or folder.
    pub(super) fn unwritable(path: &Path, cause: io::Error) -> Self {
        let path = path.to_owned();
        match NotAFile::told_by(&cause) {
            // Somebody else has had a turn for too long.
            _ if cause.kind() == io::ErrorKind::WouldBlock => Self::Busy,
            Some(cause) => Self::NotAFile { path, cause },
            None => Self::Unwritable { path, cause },
        }
    }
}

impl StoreError {
    /// A disk on which a quota is used up does not call itself full: it merely fails to write.
    pub(super) fn may_want_room(&self) -> bool {
        match self {
            Self::Full => true,
            Self::Unwritable { cause, .. } => is_full(cause),
            Self::Broken(cause) => cause
                .downcast_ref::<rusqlite::ffi::Error>()
                .is_some_and(|error| error.extended_code == SQLITE_IOERR_WRITE),
            _ => false,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        // The memory that processes share is a file as well, and finds no room on a full disk.
        if error
            .sqlite_error()
            .is_some_and(|told| told.extended_code == SQLITE_IOERR_SHMSIZE)
        {
            return Self::Full;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                what: "its pages do not fit together".to_owned(),
                cause: Some(Box::new(error)),
            },
            // Our own questions are in order, so the tables that they ask are not.
            Some(ErrorCode::Unknown) => Self::Damaged {
                what: "it is not built as tuilio builds it".to_owned(),
                cause: Some(Box::new(error)),
            },
            None if is_of_a_value(&error) => Self::Damaged {
                what: "a value in it is none that tuilio writes".to_owned(),
                cause: Some(Box::new(error)),
            },
            // Around it stands the same once more.
            _ => match error.sqlite_error() {
                Some(&told) => Self::Broken(Box::new(told)),
                None => Self::Broken(Box::new(error)),
            },
        }
    }
}

/// Why the same is not sent once more.
fn not_settled(twin: &HistoryRow) -> String {
    let id = twin.operation.id;
    match twin.operation.intent {
        Intent::VerifyStart(_) => format!(
            "it is not known yet whether a code went to this phone or address (operation {id}), so nothing was sent"
        ),
        Intent::Unreadable(_) => format!(
            "operation {id} cannot be read any more and may have been this same one, so nothing was sent. Look in Twilio's console, then delete its entry in the history"
        ),
        _ => format!(
            "the same text to the same number is not settled yet (operation {id}), so it was not sent once more"
        ),
    }
}

/// Whether a value was not of the kind that it has to be.
fn is_of_a_value(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{
        FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error,
    };
    matches!(
        error,
        FromSqlConversionFailure(..)
            | IntegralValueOutOfRange(..)
            | InvalidColumnType(..)
            | Utf8Error(..)
    )
}

impl From<&StoreError> for Failure {
    fn from(error: &StoreError) -> Self {
        // The twin may have taken effect, which is what its author has to know before sending another.
        let kind = match error {
            StoreError::Twin(_) | StoreError::SentAgain(_) | StoreError::Found(_) => {
                FailureKind::OutcomeUnknown
            }
            StoreError::Capped(_) => FailureKind::Policy,
            _ => FailureKind::Store,
        };
        Failure::new(kind, with_causes(error)).in_words(error.said())
    }
}
