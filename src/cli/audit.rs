//! `tuilio audit`: whether the record is what was written, and its lines for other programs.
//!
//! It reads the disk, and the keyring only where lines were made with its key. Nothing is sent, and nothing is
//! changed but by `accept`, which writes a line of its own.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::domain::untrusted::escaped;
use crate::domain::{AuditNumber, Failure, FailureKind, Phrase, Timestamp, phrase};
use crate::runtime::audit::{self, Accepted, Finding, Line, Looked, Verdict};

use super::Exit;
use super::output::{self, Report};
use super::session::{paths, said};

/// What comes next where something does not fit.
fn next() -> Phrase {
    phrase!(
        "Keep the folder as it is, and read docs/record.md: it says what that means and what to do."
    )
}

/// The status where nothing was found out, because the history could not be read.
const NOT_LOOKED_AT: u8 = 10;

/// What can be typed.
#[derive(Debug, Subcommand)]
pub enum Options {
    /// Look for lines that were changed, removed, exchanged or cut off.
    Verify(Verify),
    /// Write the lines for other programs, oldest first: one JSON object each.
    Export(Export),
    /// Take the record as it is, after you have put it back; a line of the audit says so.
    Accept,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// Look for this line, as the evidence in a ticket quotes it.
    #[arg(long, value_name = "1842/3f9c")]
    line: Option<AuditNumber>,
}

#[derive(Debug, Args)]
pub struct Export {
    /// A new file; standard output where it is left out.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Audited {
    whole: Option<bool>,
    lines: Option<i64>,
    last: Option<String>,
    /// All lines up to this one are sealed with the key that is at hand.
    sealed_to: Option<i64>,
    unkeyed: Option<i64>,
    past_head: Option<i64>,
    operations: Option<i64>,
    findings: Option<Vec<String>>,
    /// What does not fit and was taken as it is.
    accepted: Option<Vec<String>>,
    output: Option<String>,
}

/// What an export has of a line that cannot be read.
#[derive(Serialize)]
struct Unreadable {
    number: i64,
}

/// Does it.
pub fn run(options: &Options) -> Report<Audited> {
    let folder = match paths() {
        Ok(paths) => paths.data_dir,
        Err(exit) => return exit.into(),
    };
    match options {
        Options::Verify(verify) => match look(&folder, verify.line.as_ref()) {
            Ok(Some(looked)) => told(looked),
            Ok(None) => nothing(),
            Err(exit) => exit.into(),
        },
        Options::Export(options) => {
            export(&folder, options.output.as_deref()).unwrap_or_else(Report::from)
        }
        Options::Accept => accept(&folder).unwrap_or_else(Report::from),
    }
}

fn look(folder: &Path, line: Option<&AuditNumber>) -> Result<Option<Looked>, Exit> {
    audit::verify(folder, &audit::keyring(), line).map_err(|unread| {
        let failure = unread.failure;
        if unread.is_of_the_file {
            return failure.into();
        }
        // Whoever counts on 1 for tampering is not to be alarmed by a disk.
        let said = failure.phrase();
        Exit::broken(NOT_LOOKED_AT, failure, said)
    })
}

fn nothing() -> Report<Audited> {
    let fields = Audited {
        whole: Some(true),
        lines: Some(0),
        findings: Some(Vec::new()),
        ..Audited::default()
    };
    let line = phrase!("There is no history yet, so there is no audit.");
    Report::done(fields, vec![said(&line)])
}

/// A verdict in words, and how the command ends with it.
fn told(looked: Looked) -> Report<Audited> {
    let lacks_key = looked.only_lacks_key();
    let Looked { verdict, no_key } = looked;
    let found: Vec<Phrase> = verdict.findings.iter().map(Finding::said).collect();
    let is_whole = found.is_empty() && no_key.is_none();
    let lines = || found.iter().map(said).collect();
    let (exit, lines) = match (found.as_slice(), no_key) {
        ([], None) => (Exit::DONE, whole(&verdict)),
        ([], Some(failure)) => (Exit::from(failure), Vec::new()),
        (_, Some(failure)) if lacks_key => (Exit::from(failure), lines()),
        ([only], _) => (
            Exit::answer(1, phrase!("{what} {next}", what = only, next = next())),
            Vec::new(),
        ),
        ([first, rest @ ..], _) => {
            let more = match rest.len() {
                1 => phrase!("{what} One more thing does not fit.", what = first),
                n => phrase!("{what} {n} more things do not fit.", what = first, n = n),
            };
            let why = phrase!("{what} {next}", what = more, next = next());
            (Exit::answer(1, why), lines())
        }
    };
    let accepted = verdict.accepted.iter();
    let accepted = accepted.map(|one| one.said().to_string()).collect();
    let fields = Audited {
        whole: Some(is_whole),
        lines: Some(verdict.lines),
        last: verdict.last.as_ref().map(ToString::to_string),
        sealed_to: Some(verdict.sealed_to).filter(|&number| number > 0),
        unkeyed: Some(verdict.unkeyed),
        past_head: Some(verdict.past_head),
        operations: Some(verdict.operations),
        findings: Some(found.iter().map(ToString::to_string).collect()),
        accepted: Some(accepted),
        output: None,
    };
    Report {
        fields,
        lines,
        exit,
    }
}

/// What a whole audit is worth.
fn whole(verdict: &Verdict) -> Vec<String> {
    let Some(last) = &verdict.last else {
        return vec![said(&phrase!("The audit has no line yet."))];
    };
    let number = last.number();
    let seal = match (verdict.sealed_to, number - verdict.sealed_to) {
        (0, _) => phrase!("It is unkeyed: whoever may write the files could make all of it anew."),
        (_, 0) => phrase!("All of it is sealed with the key of the system keyring."),
        (sealed, 1) => phrase!(
            "It is sealed with the key of the system keyring up to line {line}; the last line is unkeyed: whoever may write the files could have made it.",
            line = sealed
        ),
        (sealed, after) => phrase!(
            "It is sealed with the key of the system keyring up to line {line}; the {n} lines after it are unkeyed: whoever may write the files could have made them.",
            line = sealed,
            n = after
        ),
    };
    let mut lines = vec![
        match verdict.lines {
            n if !verdict.accepted.is_empty() => phrase!(
                "Nothing new is wrong with the audit: {n} lines, the last is {last}.",
                n = n,
                last = last.to_string()
            ),
            1 => phrase!(
                "The audit is whole: 1 line, {last}.",
                last = last.to_string()
            ),
            n => phrase!(
                "The audit is whole: {n} lines, the last is {last}.",
                n = n,
                last = last.to_string()
            ),
        },
        match verdict.operations {
            1 => phrase!("The one operation in the history stands as the audit tells."),
            n => phrase!(
                "All {n} operations in the history stand as the audit tells.",
                n = n
            ),
        },
        seal,
    ];
    if verdict.past_head > 0 {
        lines.push(match verdict.past_head {
            1 => phrase!(
                "The last line was written when audit-head.json could not be: that a cut-off end shows holds for those before it."
            ),
            n => phrase!(
                "The last {n} lines were written when audit-head.json could not be: that a cut-off end shows holds for those before them.",
                n = n
            ),
        });
    }
    lines.extend(verdict.accepted.iter().map(Accepted::said));
    lines.iter().map(said).collect()
}

fn export(folder: &Path, file: Option<&Path>) -> Result<Report<Audited>, Exit> {
    let broken = |error: &dyn std::error::Error| {
        Failure::new(
            FailureKind::Internal,
            format!("The lines could not be written: {error}."),
        )
    };
    let mut unreadable = 0;
    let mut text = |number, line: Option<&Line>| -> Result<String, Failure> {
        unreadable += usize::from(line.is_none());
        let object = match line {
            Some(line) => serde_json::to_string(line),
            None => serde_json::to_string(&Unreadable { number }),
        };
        Ok(escaped(&object.map_err(|error| broken(&error))?) + "\n")
    };
    let count = match file {
        None => audit::each_line(folder, |number, line| {
            output::write(&text(number, line)?).map_err(|error| broken(&error))
        })?,
        Some(path) => {
            let mut lines = String::new();
            let count = audit::each_line(folder, |number, line| {
                lines += &text(number, line)?;
                Ok(())
            })?;
            super::history::write_file(path, lines.as_bytes())?;
            count
        }
    };
    if unreadable > 0 {
        output::say(&said(&phrase!(
            "Lines that cannot be read: {n}. The export has their numbers alone; tuilio audit verify tells more.",
            n = unreadable
        )));
    }
    let count = count.unwrap_or_default();
    let fields = Audited {
        lines: i64::try_from(count).ok(),
        output: file.map(|path| path.display().to_string()),
        ..Audited::default()
    };
    let lines = file.map(|path| match count {
        1 => said(&phrase!(
            "1 line in {path}",
            path = path.display().to_string()
        )),
        n => said(&phrase!(
            "{n} lines in {path}",
            n = n,
            path = path.display().to_string()
        )),
    });
    Ok(Report::done(fields, lines.into_iter().collect()))
}

fn accept(folder: &Path) -> Result<Report<Audited>, Exit> {
    let Some(looked) = look(folder, None)? else {
        return Ok(nothing());
    };
    if looked.verdict.findings.is_empty() {
        return Ok(told(looked));
    }
    let Looked { verdict, no_key } = &looked;
    let names_lines = verdict.findings.iter().any(|found| !found.is_of_the_end());
    // Whoever has no key cannot say with it that damaged lines may be so, and a history that was changed stays so.
    if !verdict.may_be_accepted() || (names_lines && no_key.is_some()) {
        return Ok(told(looked));
    }
    let line = audit::accept(folder, &audit::keyring(), Timestamp::now())?;
    let fields = Audited {
        whole: Some(true),
        lines: Some(line.number()),
        last: Some(line.to_string()),
        findings: Some(Vec::new()),
        ..Audited::default()
    };
    let taken = phrase!(
        "The record is taken as it is; line {line} of the audit says so.",
        line = line.to_string()
    );
    Ok(Report::done(fields, vec![said(&taken)]))
}
