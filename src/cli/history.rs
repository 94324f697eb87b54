//! `tuilio history`: what was done, newest first.
//!
//! It reads the disk only. `--refresh` first looks once for each operation whose outcome is not known, by
//! the same machine that looks for them on the desk: what has left no trace in ten minutes was not sent.

use std::collections::BTreeSet;

use clap::Args;
use jiff::SignedDuration;
use serde::Serialize;

use crate::domain::sid::MessageSid;
use crate::domain::{Failure, HistoryRow, Intent, OpId, OpState, Settled};
use crate::model::search::Searches;
use crate::model::{Ask, Effect, Event};

use super::Exit;
use super::one_shot::{self, OneShot};
use super::output::Report;
use super::session::{Record, Whose};
use super::shown::Shown;

/// Texts that are this much older than what is looked for cannot be taken for it.
const BEFORE: SignedDuration = SignedDuration::from_mins(2);

/// What can be typed.
#[derive(Debug, Args)]
pub struct Options {
    /// How many rows at most.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// Look up at Twilio what is not known before.
    #[arg(long)]
    refresh: bool,
    #[command(flatten)]
    shown: Shown,
}

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Listed {
    rows: Option<Vec<Row>>,
}

#[derive(Debug, Serialize)]
struct Row {
    operation_id: String,
    kind: &'static str,
    sid: Option<String>,
    state: &'static str,
    status: Option<String>,
    error_code: Option<String>,
    to: Option<String>,
    body: Option<String>,
    at: String,
}

/// Lists it.
pub async fn run(profile: Option<&str>, options: Options) -> Report<Listed> {
    let deed = async |one_shot: &mut OneShot| {
        let looked = if options.refresh {
            refresh(one_shot).await?
        } else {
            Ok(())
        };
        let mut rows = one_shot.rows(|rows| rows.len() >= options.limit).await?;
        rows.truncate(options.limit);
        let rows: Vec<Row> = rows.iter().map(|row| Row::of(row, options.shown)).collect();
        let lines = rows.iter().map(Row::line).collect();
        let exit = looked.map_or_else(Exit::from, |()| Exit::DONE);
        Ok(Report {
            fields: Listed { rows: Some(rows) },
            lines,
            exit,
        })
    };
    one_shot::run(Whose::Chosen(profile), Record::OnDisk, deed)
        .await
        .unwrap_or_else(Report::from)
}

/// One look for everything that is not known; or why a look could not be had.
async fn refresh(one_shot: &mut OneShot) -> Result<Result<(), Failure>, Exit> {
    let unknown = one_shot.session.opened.unknown.clone();
    let Some(oldest) = unknown.iter().map(|row| row.operation.at).min() else {
        return Ok(Ok(()));
    };
    one_shot.connect().await?;
    if let Err(failure) = one_shot.connected() {
        return Ok(Err(failure));
    }
    let known = one_shot
        .rows(|rows| {
            rows.last()
                .is_some_and(|row| row.operation.at < oldest - BEFORE)
        })
        .await?;
    let mut claimed: BTreeSet<MessageSid> = known
        .iter()
        .filter_map(|row| text_sid(&row.state))
        .collect();
    let mut searches = Searches::default();
    // Another account knows nothing of it, and would make "not sent" out of "not known".
    let operations = one_shot.operations();
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
                if let Some(effect) = searches.replied(op, &result, &claimed, one_shot.now()) {
                    if let Effect::Settle { state, .. } = &effect {
                        claimed.extend(text_sid(state));
                    }
                    one_shot.perform(effect);
                    continue;
                }
                open.remove(&op);
                if let Err(failure) = result
                    && failure.status != Some(404)
                {
                    looked = Err(failure);
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
    Ok(looked)
}

fn text_sid(state: &OpState) -> Option<MessageSid> {
    match state {
        OpState::Settled(Settled::Text { sid, .. }) => Some(sid.clone()),
        _ => None,
    }
}

impl Row {
    fn of(row: &HistoryRow, shown: Shown) -> Self {
        let intent = &row.operation.intent;
        let (sid, status, error_code) = match &row.state {
            OpState::Settled(Settled::Text {
                sid,
                status,
                error_code,
                ..
            }) => (Some(sid.to_string()), Some(status.as_str()), *error_code),
            OpState::Settled(Settled::Verification {
                sid,
                status,
                delivery,
                ..
            }) => (
                Some(sid.to_string()),
                Some(status.as_str()),
                delivery.as_ref().and_then(|delivery| delivery.error_code),
            ),
            state => (None, None, state.failure().and_then(|failure| failure.code)),
        };
        Self {
            operation_id: row.operation.id.to_string(),
            kind: intent.kind(),
            sid,
            state: row.state.word(),
            status: status.map(str::to_owned),
            error_code: error_code.map(|code| code.to_string()),
            to: intent.to().map(|to| shown.recipient(&to)),
            body: match intent {
                Intent::Text(message) => Some(message.body.raw().to_owned()),
                _ => None,
            },
            at: row.operation.at.to_string(),
        }
    }

    fn line(&self) -> String {
        let outcome = self
            .status
            .as_deref()
            .filter(|_| self.state == "settled")
            .unwrap_or(self.state);
        let code = self
            .error_code
            .as_ref()
            .map(|code| format!(" ({code})"))
            .unwrap_or_default();
        let to = self.to.as_deref().unwrap_or("-");
        let body = self
            .body
            .as_ref()
            .map(|body| format!("  {body}"))
            .unwrap_or_default();
        // To the second is enough for people.
        let at = self
            .at
            .split('.')
            .next()
            .unwrap_or_default()
            .trim_end_matches('Z');
        format!(
            "{at}Z  {}  {}  {to}  {outcome}{code}{body}",
            self.operation_id, self.kind
        )
    }
}
