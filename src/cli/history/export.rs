//! `tuilio history export`: the history for other programs, masked unless whole numbers are asked for.
//!
//! A file is always a new one that only this user can read: what is there already is left as it is.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::domain::export::{Format, export};
use crate::domain::failure::with_causes;
use crate::domain::history_query::{HistoryQuery, Reader};
use crate::domain::phrase;
use crate::model::{Effect, Event};
use crate::runtime::write_new;

use super::super::Exit;
use super::super::one_shot::{self, OneShot};
use super::super::output::{self, Report};
use super::super::session::{Record, Whose, language, said, zone};
use super::super::shown::Shown;
use super::Listed;

/// What can be typed.
#[derive(Debug, Args)]
pub struct Options {
    /// How it is written.
    #[arg(long, value_enum)]
    format: FormatName,
    /// Only what fits, such as "status:failed since:7d".
    #[arg(long, value_name = "QUERY")]
    filter: Option<String>,
    /// A new file; standard output where it is left out.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    shown: Shown,
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// Comma-separated, with a heading. An apostrophe stands before what a spreadsheet would carry out, also
    /// after a semicolon within a text.
    Csv,
    /// One JSON object a line, texts as they are.
    Jsonl,
}

/// What was written.
#[derive(Debug, Serialize)]
pub struct Exported {
    /// How many operations.
    operations: usize,
    /// Where.
    output: Option<String>,
}

/// Writes it.
pub async fn run(profile: Option<&str>, options: Options) -> Result<Report<Listed>, Exit> {
    let format = match options.format {
        FormatName::Csv => Format::Csv,
        FormatName::Jsonl => Format::JsonLines,
    };
    let deed = async |one_shot: &mut OneShot| {
        let reveal = options.shown.is_whole();
        if reveal {
            let policy = &one_shot.session.policy;
            policy.revealing().map_err(one_shot::refused)?;
        }
        let reader = Reader {
            now: one_shot.now(),
            zone: &zone(),
            default_country: one_shot.session.default_country(),
            language: language(),
        };
        let filter = options.filter.as_deref().unwrap_or_default();
        let query = HistoryQuery::parse(filter, reader)
            .map_err(|why| Exit::usage(format!("--filter does not fit: {why}")))?;
        one_shot.perform(Effect::Find {
            number: 1,
            query,
            before: None,
            limit: usize::MAX,
        });
        let found = loop {
            if let Event::Found { result, .. } = one_shot.next().await? {
                break result?;
            }
        };
        let rows = found.page.rows;
        let written = export(&rows, format, reveal, one_shot.now())
            .map_err(|error| Exit::fault(with_causes(&error)))?;
        let place = options.output.as_deref();
        write(place, &written)?;
        let lines = place.map(|file| {
            said(&phrase!(
                "operations in {file}: {n}",
                n = rows.len(),
                file = file.display().to_string()
            ))
        });
        Ok(Report::done(
            Listed {
                rows: None,
                exported: Some(Exported {
                    operations: rows.len(),
                    output: place.map(|file| file.display().to_string()),
                }),
            },
            lines.into_iter().collect(),
        ))
    };
    one_shot::run(Whose::Chosen(profile), Record::OnDisk, deed).await
}

fn write(file: Option<&Path>, content: &[u8]) -> Result<(), Exit> {
    let Some(path) = file else {
        let text = String::from_utf8_lossy(content);
        return output::write(&text).map_err(|error| {
            Exit::fault(format!(
                "It could not be written to standard output: {error}."
            ))
        });
    };
    write_file(path, content)
}

/// Writes a new file that only this user can read.
pub fn write_file(path: &Path, content: &[u8]) -> Result<(), Exit> {
    write_new(path, content).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Exit::usage(format!(
            "{} is there already, and was left as it is: name a new file.",
            path.display()
        )),
        _ => Exit::fault(format!("{} cannot be written: {error}.", path.display())),
    })
}
