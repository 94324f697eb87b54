//! `tuilio history`: what was done, newest first.
//!
//! It reads the disk only. `--refresh` first looks once for each operation whose outcome is not known, by
//! the same machine that looks for them on the desk: what has left no trace in ten minutes was not sent.

mod export;

pub use export::write_file;

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use jiff::SignedDuration;
use serde::Serialize;

use crate::domain::export::Record;
use crate::domain::verification::VALIDITY_SECONDS;
use crate::domain::{Failure, FailureKind, HistoryRow, OpId, Phrase, phrase};
use crate::model::search::{Claims, Searches};
use crate::model::{Ask, Event};

use super::Exit;
use super::one_shot::{self, OneShot};
use super::output::{Report, say};
use super::session::{self, Whose};
use super::shown::Shown;

/// Texts that are this much older than what is looked for cannot be taken for it.
const BEFORE: SignedDuration = SignedDuration::from_mins(2);

/// What can be typed.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Options {
    /// How many rows at most.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Look up at Twilio what is not known before.
    #[arg(long)]
    refresh: bool,
    #[command(flatten)]
    shown: Shown,
    #[command(subcommand)]
    what: Option<What>,
}

/// What else can be done with it.
#[derive(Debug, Subcommand)]
enum What {
    /// Write it for other programs, newest first: to standard output, or into a new file.
    Export(export::Options),
}

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Listed {
    rows: Option<Vec<Record>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exported: Option<export::Exported>,
}

/// Lists it.
pub async fn run(profile: Option<&str>, options: Options) -> Report<Listed> {
    if let Some(What::Export(options)) = options.what {
        return export::run(profile, options)
            .await
            .unwrap_or_else(Report::from);
    }
    let deed = async |one_shot: &mut OneShot| {
        let looked = if options.refresh {
            refresh(one_shot).await?
        } else {
            Exit::DONE
        };
        let limit = options.limit;
        let rows = one_shot.rows(|rows| tell_all_of(rows, limit)).await?;
        let reveal = options.shown.is_whole();
        let records = Record::all(&rows, reveal, one_shot.now());
        let rows: Vec<Record> = records.take(limit).collect();
        let lines = rows.iter().map(line).collect();
        Ok(Report {
            fields: Listed {
                rows: Some(rows),
                exported: None,
            },
            lines,
            exit: looked,
        })
    };
    one_shot::run(Whose::Chosen(profile), session::Record::OnDisk, deed)
        .await
        .unwrap_or_else(Report::from)
}

/// These rows tell all that there is to tell of the first ones: the code that was checked last was sent ten minutes
/// before at most.
fn tell_all_of(rows: &[HistoryRow], limit: usize) -> bool {
    let Some(last) = limit.checked_sub(1) else {
        return true;
    };
    let wanted = rows.get(last).map(|row| row.operation.at);
    let oldest = rows.last().map(|row| row.operation.at);
    wanted.zip(oldest).is_some_and(|(wanted, oldest)| {
        wanted.duration_since(oldest) > SignedDuration::from_secs(VALIDITY_SECONDS)
    })
}

/// What a look that failed says: nothing of the operation, which stays not known.
fn unread(failure: Failure) -> Exit {
    if !matches!(failure.kind, FailureKind::NotSent | FailureKind::NoAnswer) {
        return failure.into();
    }
    let why = phrase!(
        "It could not be looked up and stays not known: {why}",
        why = failure.phrase()
    );
    Exit::failed(
        Failure::new(FailureKind::OutcomeUnknown, why.to_string()),
        why,
    )
}

/// One look for everything that is not known; or why one could not be had.
async fn refresh(one_shot: &mut OneShot) -> Result<Exit, Exit> {
    let unknown = one_shot.session.opened.unknown.clone();
    let Some(oldest) = unknown.iter().map(|row| row.operation.at).min() else {
        return Ok(Exit::DONE);
    };
    one_shot.connect().await?;
    if let Err(failure) = one_shot.connected() {
        return Ok(failure.into());
    }
    let known = one_shot
        .rows(|rows| {
            rows.last()
                .is_some_and(|row| row.operation.at < oldest - BEFORE)
        })
        .await?;
    // What leaves no trace that can be followed is not asked about.
    let (unknown, untraced): (Vec<_>, Vec<_>) = unknown
        .into_iter()
        .partition(|row| row.operation.intent.leaves_trace());
    let mut searches = Searches::default();
    // Another account knows nothing of it, and would make "not sent" out of "not known".
    let mut operations = one_shot.operations();
    let ours = |row: &&HistoryRow| operations.is_ours(&row.operation);
    for row in unknown.iter().filter(ours) {
        searches.row_changed(row, one_shot.now());
    }
    let mut open: BTreeSet<OpId> = unknown
        .iter()
        .filter(ours)
        .map(|row| row.operation.id)
        .collect();
    for effect in searches.woke(one_shot.now()) {
        one_shot.perform(effect);
    }
    let mut looked = Ok(());
    while !open.is_empty() {
        match one_shot.next().await? {
            Event::Replied {
                ask: Ask::Search(op),
                result,
            } => {
                let now = one_shot.now();
                operations.hear(&result, now);
                let skews = operations.skews().clone().with(&known);
                let claimed = Claims::of(&known, &skews);
                if let Some(effect) = searches.replied(op, &result, &claimed, &skews, now) {
                    one_shot.perform(effect);
                    continue;
                }
                open.remove(&op);
                if searches.of(op).is_some_and(|search| search.has_failed) {
                    looked = Err(result.err().unwrap_or_else(endless));
                }
            }
            Event::Settled { op, result } => {
                open.remove(&op);
                if let Err(failure) = result {
                    looked = Err(failure);
                }
            }
            _ => {}
        }
    }
    let others = unknown
        .iter()
        .filter(|row| !operations.is_ours(&row.operation));
    let others = of_others(&others.collect::<Vec<_>>()).or_else(|| of_unreadable(untraced.len()));
    Ok(match (looked, others) {
        (Ok(()), None) => Exit::DONE,
        (Ok(()), Some(why)) => {
            let failure = Failure::new(FailureKind::OutcomeUnknown, why.to_string());
            Exit::failed(failure, why)
        }
        (Err(failure), others) => {
            if let Some(why) = others {
                say(&session::said(&why));
            }
            unread(failure)
        }
    })
}

/// What could not be looked up, since it belongs to others, and whose it is.
fn of_others(rows: &[&HistoryRow]) -> Option<Phrase> {
    let whose: BTreeSet<String> = rows.iter().map(|row| row.operation.whose()).collect();
    let whose = whose.into_iter().collect::<Vec<_>>().join(", ");
    Some(match rows.len() {
        0 => return None,
        1 => phrase!(
            "1 operation was not looked up: it belongs to {whose}. Connect that one, or decide on the desk whether to send it once more.",
            whose = whose
        ),
        n => phrase!(
            "{n} operations were not looked up: they belong to {whose}. Connect that one, or decide on the desk whether to send them once more.",
            n = n,
            whose = whose
        ),
    })
}

/// What could not be looked up, since nobody can read whom it was for.
fn of_unreadable(count: usize) -> Option<Phrase> {
    match count {
        0 => None,
        1 => Some(phrase!(
            "1 operation cannot be looked up: it is not readable any more. Look in Twilio's console, then delete its entry on the desk."
        )),
        n => Some(phrase!(
            "{n} operations cannot be looked up: they are not readable any more. Look in Twilio's console, then delete their entries on the desk.",
            n = n
        )),
    }
}

/// Why nothing was found out although Twilio answered.
fn endless() -> Failure {
    Failure::new(
        FailureKind::OutcomeUnknown,
        "Twilio's list could not be read to its end, so nothing was found out.",
    )
}

/// A record in a line for people.
fn line(record: &Record) -> String {
    let outcome = if record.state == "settled" || !record.is_readable {
        record.outcome.as_str()
    } else {
        record.state
    };
    let code = record
        .error_code
        .as_ref()
        .map(|code| format!(" ({code})"))
        .unwrap_or_default();
    let to = record.to.as_deref();
    let to = to.unwrap_or(if record.is_readable {
        "-"
    } else {
        "(not readable)"
    });
    let ticket = record
        .ticket
        .as_ref()
        .map(|ticket| format!("  ticket {ticket}"))
        .unwrap_or_default();
    let body = record
        .body
        .as_ref()
        .map(|body| format!("  {body}"))
        .unwrap_or_default();
    // To the second is enough for people.
    let at = record
        .at
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end_matches('Z');
    format!(
        "{at}Z  {}  {}  {to}  {outcome}{code}{ticket}{body}",
        record.operation_id, record.kind
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Intent, OpState, Operation, PhoneNumber, Timestamp};

    /// Rows that were begun so many minutes after the first.
    fn rows(minutes: &[i64]) -> Vec<HistoryRow> {
        let row = |&minutes: &i64| HistoryRow {
            row: minutes,
            operation: Operation {
                id: OpId { session: 1, seq: 1 },
                intent: Intent::LookUp {
                    number: PhoneNumber::from_e164("+14155550123").unwrap(),
                    line_type: false,
                },
                at: Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes),
                account: None,
                home: None,
                ticket: None,
                agent: None,
                skew_seconds: None,
            },
            state: OpState::Intended,
            updated_at: Timestamp::UNIX_EPOCH,
            audit: None,
        };
        minutes.iter().map(row).collect()
    }

    #[test]
    fn rows_are_read_back_to_the_sending_of_the_last_code_that_is_listed() {
        for (minutes, limit, told) in [
            (&[30, 25, 19][..], 1, true),
            (&[30, 25, 20], 1, false),
            (&[30, 25, 19], 2, false),
            (&[30, 1], 3, false),
            (&[], 0, true),
        ] {
            assert_eq!(tell_all_of(&rows(minutes), limit), told, "{minutes:?}");
        }
    }
}
