//! From a paste to a number.
//!
//! One number must be left, or the agent is told what stands in the way. Nothing is repaired that could
//! be meant otherwise: letters are named, two numbers are shown, a length that no plan has is refused.

use super::PhoneNumber;
use super::plan::{self, Misfit};
use super::problem::PhoneProblem;
use super::scan::{Run, Scan, scan};
use crate::domain::untrusted::visible;

/// How sure the numbering plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// The number lies in a range that is in use.
    Valid,
    /// Its length alone is right: a caution that the agent may overrule.
    PossibleOnly,
}

/// A number that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The number.
    pub number: PhoneNumber,
    /// How sure the numbering plan is.
    pub validity: Validity,
    /// Digits to press after the call is taken.
    pub extension: Option<String>,
}

/// How far somebody has come in typing a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Nothing yet.
    Empty,
    /// Short so far: more digits can make it right.
    Short,
    /// A number, which more digits may still change.
    Complete(Parsed),
    /// No further digit can make it right.
    Wrong(PhoneProblem),
}

/// Fewer digits than in any number with its country code.
const LEAST: usize = 7;

pub(super) fn parse(pasted: &str, default_country: &str) -> Result<Parsed, PhoneProblem> {
    let found = scan(pasted);
    let mut read: Vec<Parsed> = Vec::new();
    let mut add = |one: Parsed| {
        if read.iter().all(|other| other.number != one.number) {
            read.push(one);
        }
    };
    let whole = |run: &&Run| run.letters.is_none() && run.digits().len() >= LEAST;
    for run in found.runs.iter().filter(whole) {
        match read_run(run, default_country) {
            Ok(one) => add(one),
            Err(PhoneProblem::TooLong { .. }) => {
                let both = halves(run).find_map(|(first, second)| {
                    let first = read_run(&first, default_country).ok()?;
                    Some((first, read_run(&second, default_country).ok()?))
                });
                if let Some((first, second)) = both {
                    add(first);
                    add(second);
                }
            }
            Err(_) => {}
        }
    }
    match read.len() {
        0 => Err(problem(&found, default_country)),
        1 => Ok(read.remove(0)),
        _ => Err(PhoneProblem::Several(
            read.into_iter().map(|one| one.number).collect(),
        )),
    }
}

pub(super) fn progress(typed: &str, default_country: &str) -> Progress {
    let bare =
        typed.trim_matches(|c: char| c.is_whitespace() || matches!(c, '+' | '(' | '\u{ff0b}'));
    if bare.is_empty() {
        return if typed.trim().is_empty() {
            Progress::Empty
        } else {
            Progress::Short
        };
    }
    match parse(typed, default_country) {
        Ok(parsed) => Progress::Complete(parsed),
        Err(PhoneProblem::TooShort { .. } | PhoneProblem::Impossible { .. }) => Progress::Short,
        // A country code has up to three digits.
        Err(PhoneProblem::UnknownCallingCode)
            if bare.chars().filter(|c| c.is_numeric()).count() < 3 =>
        {
            Progress::Short
        }
        Err(problem) => Progress::Wrong(problem),
    }
}

fn read_run(run: &Run, default_country: &str) -> Result<Parsed, PhoneProblem> {
    let dialled = dialled(run);
    let home = plan::region(default_country);
    if home.is_none() && !dialled.starts_with('+') {
        return Err(PhoneProblem::UnknownCountry {
            country: visible(default_country).chars().take(12).collect(),
        });
    }
    let read = plan::read(&dialled, home).map_err(|misfit| match misfit {
        Misfit::TooShort(country) => PhoneProblem::TooShort { country },
        Misfit::TooLong(country) => PhoneProblem::TooLong { country },
        Misfit::Impossible(country) => PhoneProblem::Impossible { country },
        Misfit::CallingCode => PhoneProblem::UnknownCallingCode,
    })?;
    Ok(Parsed {
        number: read.number,
        validity: if read.valid {
            Validity::Valid
        } else {
            Validity::PossibleOnly
        },
        extension: run.extension.clone(),
    })
}

/// A plus sign and digits, or digits as they are dialled at home. `00` is abroad everywhere that it is
/// anything, and the `(0)` of letterheads is not dialled from abroad, except in Italy.
fn dialled(run: &Run) -> String {
    let digits = run.digits();
    let abroad = run.text.starts_with('+') || digits.starts_with("00");
    if !abroad {
        return digits;
    }
    let code_and_rest = digits.trim_start_matches('0');
    let italian = ["39", "378", "379"]
        .iter()
        .any(|code| code_and_rest.starts_with(code));
    let trunk: String = run
        .text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.'))
        .collect();
    match trunk.split_once("(0)") {
        Some((code, rest)) if !italian => {
            let digits: String = [code, rest]
                .concat()
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            format!("+{}", digits.trim_start_matches('0'))
        }
        _ => format!("+{code_and_rest}"),
    }
}

/// The run cut in two, wherever there is something between its digits.
fn halves(run: &Run) -> impl Iterator<Item = (Run, Run)> + '_ {
    let cut = |text: &str, extension: Option<String>| Run {
        text: text.to_owned(),
        extension,
        ..Run::default()
    };
    run.text
        .match_indices(|c: char| !c.is_ascii_digit() && c != '+')
        .map(move |(at, _)| {
            let (first, second) = run.text.split_at(at);
            let second = second.trim_start_matches(|c: char| !c.is_ascii_digit());
            (cut(first, None), cut(second, run.extension.clone()))
        })
}

/// Why no number was found: what was most likely meant to be one is judged.
fn problem(found: &Scan, default_country: &str) -> PhoneProblem {
    let letters = found.runs.iter().find_map(|run| {
        let letters = run.letters.as_ref()?;
        let length: usize = found.runs.iter().map(|run| run.digits().len()).sum();
        (length + letters.chars().count() >= LEAST).then(|| PhoneProblem::Letters {
            letters: visible(letters),
        })
    });
    let longest = || {
        let run = found.runs.iter().max_by_key(|run| run.digits().len())?;
        let problem = match read_run(run, default_country) {
            Err(problem) => problem,
            // Fewer digits than any number that can be texted, though a plan may know it.
            Ok(_) => PhoneProblem::TooShort { country: None },
        };
        Some(problem)
    };
    letters.or_else(longest).unwrap_or(if found.email {
        PhoneProblem::Email
    } else if found.link {
        PhoneProblem::Link
    } else if found.any {
        PhoneProblem::NoDigits
    } else {
        PhoneProblem::Empty
    })
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
