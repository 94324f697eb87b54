//! `tuilio policy`: what the lead allows here, and whether a policy file does what its author means.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;

use crate::config::{PolicyError, read_policy};
use crate::domain::policy::Mode;
use crate::domain::{Policy, phrase};

use super::Exit;
use super::output::Report;
use super::session::{self, said};

/// What can be typed.
#[derive(Debug, Subcommand)]
pub enum Options {
    /// Say what is allowed on this computer.
    Show,
    /// Read a policy file strictly, and say what it would do.
    Check {
        /// The file.
        file: PathBuf,
    },
}

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Shown {
    file: Option<String>,
    found: Option<bool>,
    mode: Option<&'static str>,
    rules: Option<Vec<String>>,
    mistakes: Option<Vec<Mistake>>,
}

#[derive(Debug, Serialize)]
struct Mistake {
    line: usize,
    message: String,
}

/// Shows the policy that is in force, or checks one that is not yet.
pub fn run(options: &Options) -> Report<Shown> {
    match options {
        Options::Show => report(session::policy_file()),
        Options::Check { file } if file.symlink_metadata().is_err() => {
            let path = file.display().to_string();
            Exit::unfit(phrase!("There is no file {path}.", path = path)).into()
        }
        Options::Check { file } => report(file),
    }
}

fn report(file: &Path) -> Report<Shown> {
    let path = file.display().to_string();
    let shown = Shown {
        file: Some(path.clone()),
        found: Some(true),
        ..Shown::default()
    };
    match read_policy(file) {
        Ok(Some(policy)) => followed(shown, &policy),
        Ok(None) => {
            let found = Some(false);
            followed(Shown { found, ..shown }, &Policy::default())
        }
        Err(PolicyError::Mistaken { mistakes, .. }) => {
            let lines = mistakes
                .iter()
                .map(|mistake| {
                    said(&phrase!(
                        "{path}, line {line}: {what}",
                        path = path.as_str(),
                        line = mistake.line,
                        what = &mistake.what
                    ))
                })
                .collect();
            let found = mistakes.len();
            let exit = Exit::unfit(match found {
                1 => phrase!("There is a mistake in the policy, so nothing would be sent with it."),
                n => phrase!(
                    "There are {n} mistakes in the policy, so nothing would be sent with it.",
                    n = n
                ),
            });
            let mistakes = mistakes
                .into_iter()
                .map(|mistake| Mistake {
                    line: mistake.line,
                    message: mistake.what.to_string(),
                })
                .collect();
            let fields = Shown {
                mistakes: Some(mistakes),
                ..shown
            };
            Report {
                fields,
                lines,
                exit,
            }
        }
        Err(error) => Report {
            fields: shown,
            lines: Vec::new(),
            exit: Exit::usage(session::sentence(&error)),
        },
    }
}

fn followed(shown: Shown, policy: &Policy) -> Report<Shown> {
    let rules: Vec<String> = policy.rules().iter().map(ToString::to_string).collect();
    let lines = match (rules.is_empty(), shown.found) {
        (false, _) => policy.rules().iter().map(said).collect(),
        (true, Some(false)) => vec![said(&phrase!(
            "There is no policy, so everything is allowed."
        ))],
        (true, _) => vec![said(&phrase!("Everything is allowed."))],
    };
    let fields = Shown {
        mode: Some(match policy.mode {
            Mode::Full => "full",
            Mode::ReadOnly => "read-only",
            Mode::Trainee => "trainee",
        }),
        rules: Some(rules),
        mistakes: Some(Vec::new()),
        ..shown
    };
    Report::done(fields, lines)
}
