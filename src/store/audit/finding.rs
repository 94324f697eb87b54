//! What does not fit in a record: each with the number by which it is found again, in words of its own.

use std::fmt;

use super::aside::Aside;
use super::head::HEAD_FILE;
use crate::domain::failure::clause;
use crate::domain::{AuditNumber, Phrase, phrase};

/// What does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A line that holds what no tuilio writes.
    Unreadable(i64),
    /// Lines that are not there.
    Missing(i64),
    /// The same of several.
    MissingMany(i64, i64),
    /// A line that no chain has, since each begins with line 1.
    OutOfPlace(i64),
    /// A line whose hash is not its own.
    Changed(i64),
    /// A line that follows from another one than stands before it.
    Exchanged(i64),
    /// The end is missing.
    CutOff {
        /// The last line that is there.
        last: i64,
        /// The line that was there.
        named: i64,
    },
    /// Another chain, or one that was made anew.
    Replaced(i64),
    /// The keyring remembers another audit of this folder, or more of it.
    NotAsRemembered(i64),
    /// It began with what could be read of another one, and nobody has said that it may be so.
    Rescued(Aside),
    /// The file that names the end is not there.
    NoHead,
    /// It holds what no tuilio writes.
    HeadChanged,
    /// Lines that were made with a key that is not at hand.
    Unproved {
        /// The first of them.
        first: i64,
        /// How many.
        count: i64,
        /// The name of the key.
        key: String,
    },
    /// An operation of the history that the audit does not know.
    NotInAudit(String),
    /// An operation of the audit that the history does not have.
    NotInHistory {
        /// Which.
        operation: String,
        /// The last line about it.
        line: i64,
    },
    /// The history says something else than the audit.
    Contradicted {
        /// Which.
        operation: String,
        /// The last line about it.
        line: i64,
    },
    /// Two operations of the history with one number.
    Twice(String),
    /// The file is not built as we build it.
    Built(String),
    /// The line that was quoted is not the one that is there.
    NotThere(AuditNumber),
}

impl Finding {
    /// It is about how far the audit had come, or which one it is: a person may know better who has put it back, or
    /// who has looked at what was lost.
    pub fn is_of_the_end(&self) -> bool {
        matches!(
            self,
            Self::CutOff { .. }
                | Self::Replaced(_)
                | Self::NotAsRemembered(_)
                | Self::Rescued(_)
                | Self::NoHead
                | Self::HeadChanged
        )
    }

    /// The last of the lines that it says to be damaged.
    pub fn damaged_line(&self) -> Option<i64> {
        match self {
            Self::Unreadable(line)
            | Self::Changed(line)
            | Self::Exchanged(line)
            | Self::Missing(line)
            | Self::MissingMany(_, line) => Some(*line),
            _ => None,
        }
    }

    /// What does not fit, in a sentence.
    pub fn said(&self) -> Phrase {
        match self {
            Self::Unreadable(line) => {
                phrase!("Line {line} of the audit cannot be read.", line = *line)
            }
            Self::Missing(line) => phrase!("Line {line} of the audit is missing.", line = *line),
            Self::MissingMany(first, last) => phrase!(
                "Lines {first} to {last} of the audit are missing.",
                first = *first,
                last = *last
            ),
            Self::OutOfPlace(line) => phrase!(
                "Line {line} stands in the audit, whose first line is line 1.",
                line = *line
            ),
            Self::Changed(line) => phrase!("Line {line} of the audit was changed.", line = *line),
            Self::Exchanged(line) => phrase!(
                "Line {line} of the audit does not follow from the line before it: lines were exchanged.",
                line = *line
            ),
            Self::CutOff { last, named } => phrase!(
                "The audit ends at line {last}, but had come to line {named}: its end was cut off, or an older copy was put in its place.",
                last = *last,
                named = *named
            ),
            Self::Replaced(line) => phrase!(
                "Line {line} of the audit is not the one that was written: the audit was made anew, or another one was put in its place.",
                line = *line
            ),
            Self::NotAsRemembered(line) => phrase!(
                "Line {line} of the audit, which the system keyring remembers, is not there: the audit was made anew, its end was cut off, or an older copy was put in its place.",
                line = *line
            ),
            Self::Rescued(aside) => aside.said(),
            Self::NoHead => phrase!(
                "The file {file}, which says how far the audit had come, is missing, so a cut-off end would not show.",
                file = HEAD_FILE
            ),
            Self::HeadChanged => phrase!(
                "The file {file}, which says how far the audit had come, was changed.",
                file = HEAD_FILE
            ),
            Self::Unproved {
                first,
                count: 1,
                key,
            } => phrase!(
                "Line {line} of the audit was made with the key {key}, which is not at hand, so it cannot be checked.",
                line = *first,
                key = key.as_str()
            ),
            Self::Unproved { first, count, key } => phrase!(
                "{n} lines of the audit, from line {line}, were made with the key {key}, which is not at hand, so they cannot be checked.",
                n = *count,
                line = *first,
                key = key.as_str()
            ),
            Self::NotInAudit(operation) => phrase!(
                "Operation {op} stands in the history, and no line of the audit tells of it.",
                op = operation.as_str()
            ),
            Self::NotInHistory { operation, line } => phrase!(
                "Operation {op} of line {line} is missing in the history, and no line tells that it was deleted.",
                op = operation.as_str(),
                line = *line
            ),
            Self::Contradicted { operation, line } => phrase!(
                "Operation {op} stands in the history otherwise than line {line} of the audit tells.",
                op = operation.as_str(),
                line = *line
            ),
            Self::Twice(operation) => phrase!(
                "Operation {op} stands in the history more than once.",
                op = operation.as_str()
            ),
            Self::Built(what) => phrase!(
                "The history file is not as tuilio makes it: {what}.",
                what = what.as_str()
            ),
            Self::NotThere(line) => {
                phrase!("The audit has no line {line}.", line = line.to_string())
            }
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clause(&self.said().to_string()))
    }
}

impl std::error::Error for Finding {}
