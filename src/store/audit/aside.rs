//! What the audit of a history that was kept aside tells, held against the one that went on by itself.
//!
//! A rescue needs no person, and must end no alarm: what it has lost, and what it has taken over otherwise
//! than its audit told, is said until a person says that it may be so. Where a rescue was followed by another,
//! what both have kept aside counts, the later before the earlier.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use super::head;
use super::line::{Event, Line, SELECT};
use crate::domain::untrusted::visible;
use crate::domain::{Phrase, phrase};
use crate::store::StoreError;
use crate::store::rescue;

/// The longest name that is told whole, in characters.
const LONGEST: usize = 60;

/// The history before this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// The name of its file.
    pub kept_as: String,
    /// What its audit tells of.
    pub told: Compared,
}

/// What an audit that was kept aside tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// Nothing of it can be read; it had come to this line, as far as that is known.
    Unreadable(i64),
    /// How many of its operations are lacking, and how many were taken over otherwise than it tells.
    Read {
        /// No line of the later one is about them.
        lacking: usize,
        /// Of them it cannot be read any more what was asked for.
        unreadable: usize,
        /// They stand otherwise in it.
        otherwise: usize,
        /// So many lines of it cannot be read: of what they told, nothing is known.
        unread: i64,
    },
}

impl Aside {
    /// What is to be said of it.
    pub fn said(&self) -> Phrase {
        let name: String = self.kept_as.chars().take(LONGEST).collect();
        let went_on = phrase!(
            "The history was damaged or changed, is kept as {name}, and went on by itself.",
            name = visible(&name)
        );
        let and = |one: &Phrase, other: &Phrase| phrase!("{what} {next}", what = one, next = other);
        let (lacking, unreadable, otherwise, unread) = match self.told {
            Compared::Unreadable(0) => {
                return and(&went_on, &phrase!("Nothing of its audit can be read."));
            }
            Compared::Unreadable(line) => {
                let lost = phrase!(
                    "Nothing of its audit, which had come to line {line}, can be read.",
                    line = line
                );
                return and(&went_on, &lost);
            }
            Compared::Read {
                lacking,
                unreadable,
                otherwise,
                unread,
            } => (lacking, unreadable, otherwise, unread),
        };
        let went_on = match unread {
            0 => went_on,
            1 => and(
                &went_on,
                &phrase!("1 line of its audit cannot be read, and what it told of may be lost."),
            ),
            n => and(
                &went_on,
                &phrase!(
                    "{n} lines of its audit cannot be read, and what they told of may be lost.",
                    n = n
                ),
            ),
        };
        let lacking = match lacking {
            0 if unread > 0 => phrase!("As far as it can be read, no operation is lacking here."),
            0 => phrase!("No operation of its audit is lacking here."),
            1 => phrase!("1 operation of its audit is lacking here."),
            n => phrase!("{n} operations of its audit are lacking here.", n = n),
        };
        let said = and(&went_on, &lacking);
        let said = match unreadable {
            0 => said,
            1 => and(
                &said,
                &phrase!("Of 1 it cannot be read any more what was asked for."),
            ),
            n => and(
                &said,
                &phrase!(
                    "Of {n} it cannot be read any more what was asked for.",
                    n = n
                ),
            ),
        };
        match otherwise {
            0 => said,
            1 => and(&said, &phrase!("1 stands here otherwise than it tells.")),
            n => and(
                &said,
                &phrase!("{n} stand here otherwise than it tells.", n = n),
            ),
        }
    }

    /// Holds what was kept aside under a name in a folder against the lines that began with it, by operation.
    pub fn compare(folder: &Path, name: String, carried: &BTreeMap<String, Line>) -> Self {
        let (mut told, mut unread) = (BTreeMap::new(), 0);
        let (mut next, mut seen) = (Some(name.clone()), Vec::new());
        while let Some(kept) = next.filter(|kept| rescue::is_name(kept) && !seen.contains(kept)) {
            let Ok(read) = last_lines(&folder.join(&kept)) else {
                break;
            };
            unread += (last_number(folder, &kept).unwrap_or_default() - read.lines).max(0);
            seen.push(kept);
            for (operation, line) in read.last {
                let known: &mut Line = told.entry(operation).or_insert_with(|| line.clone());
                // Lost by the rescue before, which nobody has taken as it is either.
                if known.is_unreadable() {
                    *known = line;
                }
            }
            next = read.before;
        }
        if seen.is_empty() {
            let line = Some(&name).filter(|name| rescue::is_name(name));
            let line = line.and_then(|name| last_number(folder, name));
            let told = Compared::Unreadable(line.unwrap_or_default());
            return Self {
                kept_as: name,
                told,
            };
        }
        let (mut lacking, mut unreadable, mut otherwise) = (0, 0, 0);
        for (operation, line) in told {
            match carried.get(&operation) {
                None if line.removes() => {}
                None => lacking += 1,
                Some(carried) if carried.is_unreadable() && !line.is_unreadable() => {
                    unreadable += 1;
                }
                Some(carried) if line.removes() || !line.agrees(carried) => otherwise += 1,
                Some(_) => {}
            }
        }
        let told = Compared::Read {
            lacking,
            unreadable,
            otherwise,
            unread,
        };
        Self {
            kept_as: name,
            told,
        }
    }
}

/// An audit that was kept aside, as far as it can be read.
struct Kept {
    /// The last line about each operation.
    last: BTreeMap<String, Line>,
    /// How many lines there are: none is ever taken out.
    lines: i64,
    /// What was kept aside before.
    before: Option<String>,
}

/// The line to which the audit of a history had come that was kept aside, as the file beside it says.
fn last_number(folder: &Path, kept_as: &str) -> Option<i64> {
    let head = folder.join(format!("{kept_as}.{}", head::HEAD_FILE));
    Some(head::read(&head).ok()?.last.number)
}

fn last_lines(path: &Path) -> Result<Kept, StoreError> {
    let connection: Connection = rescue::as_far_as_it_goes(path)?;
    let mut lines = connection.prepare(&format!("{SELECT} WHERE number > 0 ORDER BY number"))?;
    let mut rows = lines.query([])?;
    let (mut last, mut before, mut count) = (BTreeMap::new(), None, 0);
    // What comes after the damage is lost to it.
    while let Ok(Some(row)) = rows.next() {
        let Ok(line) = Line::from_row(row) else {
            continue;
        };
        count += 1;
        note(&line, &mut before);
        if let Some(operation) = line.operation_id.clone() {
            last.insert(operation, line);
        }
    }
    Ok(Kept {
        last,
        lines: count,
        before,
    })
}

/// Keeps in mind what was kept aside before a line, until a person has taken it as it is.
pub fn note(line: &Line, aside: &mut Option<String>) {
    if line.is(Event::Rescued) {
        *aside = Some(line.outcome.clone().unwrap_or_default());
    } else if line.is(Event::Accepted) {
        *aside = None;
    }
}
