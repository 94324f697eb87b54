//! Lines that a person has taken as they are: what was wrong with each of them then, and nothing else.
//!
//! The line that says that a record was accepted names them, each with a print of what stands in its place, so that it
//! is told again when that changes once more. It counts where it has the key, as all that it ends; without one it counts
//! only in an audit that has no key at all.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::finding::Finding;
use super::line::{Line, SELECT};
use crate::domain::{AuditNumber, Phrase, phrase};
use crate::store::StoreError;

/// Between two of them.
const BETWEEN: &str = "; ";
/// How many bytes of a hash make a print.
const PRINT: usize = 16;

/// What somebody has taken as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What does not fit.
    pub finding: Finding,
    /// When that was done, by the clock of that machine.
    pub at: String,
    /// The line that says so.
    pub line: AuditNumber,
}

impl Accepted {
    /// What it is, and when it was accepted.
    pub fn said(&self) -> Phrase {
        phrase!(
            "{what} It was taken as it is on {date}; line {line} says so.",
            what = self.finding.said(),
            date = self.at.chars().take(10).collect::<String>(),
            line = self.line.to_string()
        )
    }
}

/// The lines by which something was accepted, and what they name.
#[derive(Debug, Default)]
pub struct Acceptances {
    keyed: Vec<(Line, Vec<String>)>,
    unkeyed: Vec<(Line, Vec<String>)>,
}

impl Acceptances {
    /// Takes a line whose hash is its own.
    pub fn take(&mut self, line: &Line) {
        let names = line.outcome.as_deref().unwrap_or_default();
        let names = names.split(BETWEEN).map(str::to_owned).collect();
        let of_its_kind = match line.key {
            Some(_) => &mut self.keyed,
            None => &mut self.unkeyed,
        };
        of_its_kind.push((line.clone(), names));
    }

    /// Parts what was accepted from what was not. Where any line has a key, only lines with it count.
    pub fn part(
        &self,
        connection: &Connection,
        findings: Vec<Finding>,
        is_keyed: bool,
    ) -> Result<(Vec<Finding>, Vec<Accepted>), StoreError> {
        let counting = if is_keyed { &self.keyed } else { &self.unkeyed };
        let (mut left, mut accepted) = (Vec::new(), Vec::new());
        for finding in findings {
            let name = name(connection, &finding)?;
            let by = name.and_then(|name| {
                let mut lines = counting.iter();
                lines.find(|(_, names)| names.contains(&name))
            });
            match by {
                Some((line, _)) => accepted.push(Accepted {
                    finding,
                    at: line.at.clone(),
                    line: line.quoted(),
                }),
                None => left.push(finding),
            }
        }
        Ok((left, accepted))
    }
}

/// All that can be named of this, as it stands in the line that accepts it.
pub fn names<'a>(
    connection: &Connection,
    findings: impl Iterator<Item = &'a Finding>,
) -> Result<Option<String>, StoreError> {
    let mut all = Vec::new();
    for finding in findings {
        all.extend(name(connection, finding)?);
    }
    Ok((!all.is_empty()).then(|| all.join(BETWEEN)))
}

/// What does not fit, and a print of the lines that it is about; none of what is not accepted by its name.
fn name(connection: &Connection, finding: &Finding) -> Result<Option<String>, StoreError> {
    let of = |number| print(connection, number);
    Ok(Some(match finding {
        Finding::Unreadable(line) => format!("unreadable {line} {}", of(*line)?),
        Finding::Changed(line) => format!("changed {line} {}", of(*line)?),
        Finding::Exchanged(line) => {
            format!("exchanged {line} {} {}", of(*line - 1)?, of(*line)?)
        }
        Finding::Missing(line) => format!("missing {line}"),
        Finding::MissingMany(first, last) => format!("missing {first} {last}"),
        Finding::NotInHistory { operation, line } => format!("not there {operation} {line}"),
        _ => return Ok(None),
    }))
}

/// A hash of all that stands in a line, whatever it is.
fn print(connection: &Connection, number: i64) -> Result<String, StoreError> {
    let hash = connection
        .prepare_cached(&format!("{SELECT} WHERE number = ?1"))?
        .query_row([number], |row| {
            let mut hash = Sha256::new();
            for column in 0..row.as_ref().column_count() {
                let (kind, bytes) = match row.get_ref(column)? {
                    ValueRef::Null => (0, Vec::new()),
                    ValueRef::Integer(number) => (1, number.to_le_bytes().to_vec()),
                    ValueRef::Real(number) => (2, number.to_bits().to_le_bytes().to_vec()),
                    ValueRef::Text(bytes) => (3, bytes.to_vec()),
                    ValueRef::Blob(bytes) => (4, bytes.to_vec()),
                };
                hash.update([kind]);
                hash.update(bytes.len().to_le_bytes());
                hash.update(bytes);
            }
            Ok(hash.finalize())
        })
        .optional()?;
    let hex = hash.iter().flatten().map(|byte| format!("{byte:02x}"));
    Ok(hex.take(PRINT).collect())
}
