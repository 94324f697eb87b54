//! What does not fit in a record: each with the number by which it is found again, in words of its own.

use super::aside::Aside;
use super::head::HEAD_FILE;
use crate::domain::AuditNumber;

/// What does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A line that holds what no tuilio writes.
    #[error("line {0} of the audit cannot be read")]
    Unreadable(i64),
    /// Lines that are not there.
    #[error("line {0} of the audit is missing")]
    Missing(i64),
    /// The same of several.
    #[error("lines {0} to {1} of the audit are missing")]
    MissingMany(i64, i64),
    /// A line that no chain has, since each begins with line 1.
    #[error("line {0} stands in the audit, whose first line is line 1")]
    OutOfPlace(i64),
    /// A line whose hash is not its own.
    #[error("line {0} of the audit was changed")]
    Changed(i64),
    /// A line that follows from another one than stands before it.
    #[error("line {0} of the audit does not follow from the line before it: lines were exchanged")]
    Exchanged(i64),
    /// The end is missing.
    #[error(
        "the audit ends at line {last}, but had come to line {named}: its end was cut off, or an older copy was put in its place"
    )]
    CutOff {
        /// The last line that is there.
        last: i64,
        /// The line that was there.
        named: i64,
    },
    /// Another chain, or one that was made anew.
    #[error(
        "line {0} of the audit is not the one that was written: the audit was made anew, or another one was put in its place"
    )]
    Replaced(i64),
    /// The keyring remembers another audit of this folder, or more of it.
    #[error(
        "line {0} of the audit, which the system keyring remembers, is not there: the audit was made anew, its end was cut off, or an older copy was put in its place"
    )]
    NotAsRemembered(i64),
    /// It began with what could be read of another one, and nobody has said that it may be so.
    #[error("{0}")]
    Rescued(Aside),
    /// The file that names the end is not there.
    #[error(
        "the file {HEAD_FILE}, which says how far the audit had come, is missing, so a cut-off end would not show"
    )]
    NoHead,
    /// It holds what no tuilio writes.
    #[error("the file {HEAD_FILE}, which says how far the audit had come, was changed")]
    HeadChanged,
    /// Lines that were made with a key that is not at hand.
    #[error("{}", not_at_hand(*.first, *.count, .key))]
    Unproved {
        /// The first of them.
        first: i64,
        /// How many.
        count: i64,
        /// The name of the key.
        key: String,
    },
    /// An operation of the history that the audit does not know.
    #[error("operation {0} stands in the history, and no line of the audit tells of it")]
    NotInAudit(String),
    /// An operation of the audit that the history does not have.
    #[error(
        "operation {operation} of line {line} is missing in the history, and no line tells that it was deleted"
    )]
    NotInHistory {
        /// Which.
        operation: String,
        /// The last line about it.
        line: i64,
    },
    /// The history says something else than the audit.
    #[error(
        "operation {operation} stands in the history otherwise than line {line} of the audit tells"
    )]
    Contradicted {
        /// Which.
        operation: String,
        /// The last line about it.
        line: i64,
    },
    /// Two operations of the history with one number.
    #[error("operation {0} stands in the history more than once")]
    Twice(String),
    /// The file is not built as we build it.
    #[error("the history file is not as tuilio makes it: {0}")]
    Built(String),
    /// The line that was quoted is not the one that is there.
    #[error("the audit has no line {0}")]
    NotThere(AuditNumber),
}

fn not_at_hand(first: i64, count: i64, key: &str) -> String {
    match count {
        1 => format!(
            "line {first} of the audit was made with the key {key}, which is not at hand, so it cannot be checked"
        ),
        count => format!(
            "{count} lines of the audit, from line {first}, were made with the key {key}, which is not at hand, so they cannot be checked"
        ),
    }
}
