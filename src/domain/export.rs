//! The history for other programs: one record for each operation, as CSV or as JSON lines.
//!
//! The record is the one that `tuilio history --json` prints, so that scripts read both alike. Numbers and
//! addresses are masked unless a person asked for whole ones. No part of a CSV file that a spreadsheet
//! could take for a cell begins like a formula: it would be carried out.

use std::fmt;

use serde::Serialize;

use super::outcome::Verifications;
use super::untrusted::{escaped, mask_numbers, visible_lines};
use super::verification::Compared;
use super::{HistoryRow, Intent, OpState, Settled, Timestamp, Was};

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with a heading.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// How names of files end.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// One operation. The order of the fields is that of the columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Its name.
    pub operation_id: String,
    /// What it is.
    pub kind: &'static str,
    /// Twilio's name for it.
    pub sid: Option<String>,
    /// What became of it.
    pub state: &'static str,
    /// Twilio's word.
    pub status: Option<String>,
    /// Why it did not arrive, or was refused.
    pub error_code: Option<String>,
    /// Whom.
    pub to: Option<String>,
    /// The text.
    pub body: Option<String>,
    /// When.
    pub at: String,
    /// For which ticket.
    pub ticket: Option<String>,
    /// By whom.
    pub agent: Option<String>,
    /// By which way.
    pub channel: Option<String>,
    /// What the screen says became of it.
    pub outcome: String,
    /// Whether the code went to the number in the customer record: same, or differs.
    pub on_file: Option<&'static str>,
    /// Under which account.
    pub account: Option<String>,
    /// All of it could be read.
    #[serde(skip)]
    pub is_readable: bool,
}

impl Record {
    /// Of each row; whole numbers and addresses only where `reveal` says so.
    pub fn all(rows: &[HistoryRow], reveal: bool, now: Timestamp) -> impl Iterator<Item = Self> {
        let verifications = Verifications::of(rows);
        rows.iter()
            .map(move |row| Self::of(row, &verifications, reveal, now))
    }

    fn of(row: &HistoryRow, verifications: &Verifications, reveal: bool, now: Timestamp) -> Self {
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
            OpState::Settled(Settled::Lookup { valid, .. }) => {
                (None, Some(if *valid { "valid" } else { "invalid" }), None)
            }
            state => {
                let sid = match intent {
                    Intent::Unreadable(remains) => remains.sid.clone(),
                    _ => None,
                };
                (sid, None, state.failure().and_then(|failure| failure.code))
            }
        };
        Self {
            operation_id: row.operation.id.to_string(),
            kind: match intent {
                Intent::Unreadable(remains) => remains.was.map_or(intent.kind(), Was::word),
                _ => intent.kind(),
            },
            sid,
            state: row.state.word(),
            status: status.map(str::to_owned),
            error_code: error_code.map(|code| code.to_string()),
            to: intent.to().map(|to| {
                if reveal {
                    to.as_str().to_owned()
                } else {
                    to.masked()
                }
            }),
            body: match intent {
                Intent::Text(message) => Some(message.body.raw().to_owned()),
                Intent::Unreadable(remains) => {
                    remains.body.as_ref().map(|body| body.raw().to_owned())
                }
                _ => None,
            },
            at: row.operation.at.to_string(),
            ticket: row.operation.ticket.as_ref().map(|ticket| {
                if reveal {
                    ticket.to_string()
                } else {
                    // Somebody may have typed a number in its place.
                    masked_ticket(ticket.as_str())
                }
            }),
            agent: row.operation.agent.clone(),
            channel: match (&row.state, intent) {
                (OpState::Settled(Settled::Verification { channel, .. }), _) => {
                    Some(channel.as_str().to_owned())
                }
                (_, Intent::VerifyStart(start)) => Some(start.channel.as_str().to_owned()),
                (_, Intent::Text(_)) => Some("sms".to_owned()),
                (_, Intent::Unreadable(remains)) => {
                    let channel = remains.channel.as_ref();
                    channel.map(|channel| channel.as_str().to_owned())
                }
                _ => None,
            },
            outcome: verifications.outcome(row, now),
            on_file: verifications.on_file(row).map(Compared::word),
            account: row.operation.account.as_ref().map(ToString::to_string),
            is_readable: !intent.is_unreadable(),
        }
    }
}

/// A ticket of digits is a ticket; only what is written like a phone number is masked.
fn masked_ticket(ticket: &str) -> String {
    if ticket.starts_with('+') {
        mask_numbers(ticket)
    } else {
        ticket.to_owned()
    }
}

/// Why nothing could be written.
#[derive(Debug, thiserror::Error)]
#[error("the history cannot be written as {}", .format.extension())]
pub struct ExportError {
    format: Format,
    #[source]
    cause: Cause,
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// All rows in a format.
pub fn export(
    rows: &[HistoryRow],
    format: Format,
    reveal: bool,
    now: Timestamp,
) -> Result<Vec<u8>, ExportError> {
    let records = Record::all(rows, reveal, now);
    let written = match format {
        Format::Csv => csv(records),
        Format::JsonLines => json_lines(records),
    };
    written.map_err(|cause| ExportError { format, cause })
}

fn csv(records: impl Iterator<Item = Record>) -> Result<Vec<u8>, Cause> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record([
        "operation_id",
        "kind",
        "sid",
        "state",
        "status",
        "error_code",
        "to",
        "body",
        "at",
        "ticket",
        "agent",
        "channel",
        "outcome",
        "on_file",
        "account",
    ])?;
    for record in records {
        file.write_record([
            record.operation_id,
            record.kind.to_owned(),
            record.sid.unwrap_or_default(),
            record.state.to_owned(),
            cell(record.status),
            record.error_code.unwrap_or_default(),
            cell(record.to),
            cell(record.body),
            record.at,
            cell(record.ticket),
            cell(record.agent),
            cell(record.channel),
            cell(Some(record.outcome)),
            record.on_file.unwrap_or_default().to_owned(),
            record.account.unwrap_or_default(),
        ])?;
    }
    Ok(file.into_inner().map_err(|error| error.to_string())?)
}

fn json_lines(records: impl Iterator<Item = Record>) -> Result<Vec<u8>, Cause> {
    let mut lines = Vec::new();
    for record in records {
        let line = escaped(&serde_json::to_string(&record)?);
        lines.extend(line.into_bytes());
        lines.push(b'\n');
    }
    Ok(lines)
}

/// A text as a cell: what cannot be seen is made visible, and nothing is a formula. That holds for its parts
/// as well: where lists are separated by semicolons or tabs, a spreadsheet begins a cell in the midst of a text,
/// and a row at each of its lines.
fn cell(text: Option<String>) -> String {
    let Some(text) = text else {
        return String::new();
    };
    let seen = visible_lines(&text).join("\n");
    let mut cell = String::new();
    if text.starts_with(['\t', '\r', '\n']) {
        cell.push('\'');
    }
    for part in seen.split_inclusive([';', '\t', '\n']) {
        if is_formula(part) && cell != "'" {
            cell.push('\'');
        }
        cell.push_str(part);
    }
    cell
}

/// Full-width signs are read as formulas as well; spaces before them are read over, and so may quotes be.
fn is_formula(part: &str) -> bool {
    part.trim_start_matches(|c: char| c.is_whitespace() || c == '"')
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{NewMessage, OpId, Operation, PhoneNumber, Sender, Ticket, Timestamp};

    fn text(body: &str) -> HistoryRow {
        HistoryRow {
            row: 1,
            operation: Operation {
                id: OpId { session: 1, seq: 2 },
                intent: Intent::Text(NewMessage::new(
                    PhoneNumber::from_e164("+14155550123").unwrap(),
                    Sender::Name("ACME".to_owned()),
                    body,
                )),
                at: Timestamp::UNIX_EPOCH,
                account: None,
                home: None,
                ticket: Ticket::parse("48213").ok(),
                agent: Some("desk-7".to_owned()),
                skew_seconds: None,
            },
            state: OpState::Intended,
            updated_at: Timestamp::UNIX_EPOCH,
            audit: None,
        }
    }

    fn csv_body(body: &str) -> String {
        let file = export(&[text(body)], Format::Csv, false, Timestamp::UNIX_EPOCH).unwrap();
        let mut reader = csv::Reader::from_reader(&file[..]);
        let record = reader.records().next().unwrap().unwrap();
        record[7].to_owned()
    }

    #[test]
    fn a_cell_is_never_a_formula_and_always_comes_back_whole() {
        for (body, cell) in [
            ("hello", "hello"),
            ("a, \"b\"\nc", "a, \"b\"\nc"),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\t=1", "' =1"),
            ("\r=1", "'\n'=1"),
            ("Hallo;=cmd|/C calc!A0", "Hallo;'=cmd|/C calc!A0"),
            ("a;b; \u{a0}@x;c", "a;b;'  @x;c"),
            ("a;\"=1\"", "a;'\"=1\""),
            ("a\n=1\r\n\t-2", "a\n'=1\n' -2"),
            // A tab is shown as a space, so that no cell begins there.
            ("a\t=1", "a =1"),
            ("a;b = c - d\ne+f", "a;b = c - d\ne+f"),
            ("＝1", "'＝1"),
            (" =1", "' =1"),
            ("\u{a0}\u{2003}@x", "'  @x"),
            ("a\u{1b}[31m", "a\u{241b}[31m"),
        ] {
            assert_eq!(csv_body(body), cell, "{body:?}");
        }
    }

    #[test]
    fn numbers_are_masked_unless_whole_ones_are_asked_for() {
        for format in [Format::Csv, Format::JsonLines] {
            let said = |reveal| {
                String::from_utf8(
                    export(&[text("hi")], format, reveal, Timestamp::UNIX_EPOCH).unwrap(),
                )
                .unwrap()
            };
            assert!(!said(false).contains("5550123"), "{}", said(false));
            assert!(said(true).contains("+14155550123"));
            assert!(said(false).contains("48213") && said(false).contains("desk-7"));
        }
    }

    #[test]
    fn each_operation_names_its_account_last_and_none_where_none_was_noted() {
        let account = "AC0000000000000000000000000000009f";
        let mut of_one = text("hi");
        of_one.operation.account = account.parse().ok();
        let rows = [of_one, text("old")];
        let file = export(&rows, Format::Csv, false, Timestamp::UNIX_EPOCH).unwrap();
        let file = String::from_utf8(file).unwrap();
        let last: Vec<&str> = file
            .lines()
            .filter_map(|line| line.rsplit(',').next())
            .collect();
        assert_eq!(last, ["account", account, ""]);
        let lines = export(&rows, Format::JsonLines, false, Timestamp::UNIX_EPOCH).unwrap();
        let lines = String::from_utf8(lines).unwrap();
        let named = |line: &str| -> serde_json::Value {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["account"].clone()
        };
        let named: Vec<serde_json::Value> = lines.lines().map(named).collect();
        assert_eq!(named, [serde_json::json!(account), serde_json::Value::Null]);
    }

    #[test]
    fn json_lines_have_one_object_each_and_null_for_what_is_not_known() {
        let lines = export(
            &[text("a\nb"), text("c")],
            Format::JsonLines,
            false,
            Timestamp::UNIX_EPOCH,
        )
        .unwrap();
        let lines = String::from_utf8(lines).unwrap();
        let read: Vec<serde_json::Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0]["body"], "a\nb");
        assert_eq!(read[0]["sid"], serde_json::Value::Null);
    }
}
