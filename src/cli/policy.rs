//! `tuilio policy`: what the lead allows here, and whether a policy file does what its author means.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;

use crate::config::{PolicyError, read_policy};
use crate::domain::policy::Mode;
use crate::domain::untrusted::visible;
use crate::domain::{Phrase, Policy, phrase};
use crate::runtime::Shelf;

use super::output::Report;
use super::session::{self, said};
use super::{Exit, lead};

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
    /// What is no mistake, and may not be meant.
    cautions: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct Mistake {
    line: usize,
    message: String,
}

/// Shows the policy that is in force, or checks one that is not yet.
pub fn run(options: &Options) -> Report<Shown> {
    match options {
        Options::Show => report(session::policy_file(), |_| session::policy()),
        Options::Check { file } if file.symlink_metadata().is_err() => {
            let path = file.display().to_string();
            Exit::unfit(phrase!("There is no file {path}.", path = path)).into()
        }
        Options::Check { file } => report(file, |policy| Policy {
            // Where the caps can be counted is not for this account to say.
            off: None,
            ..lead::in_force(policy, file, |_| false)
        }),
    }
}

fn report(file: &Path, in_force: impl FnOnce(Policy) -> Policy) -> Report<Shown> {
    let path = file.display().to_string();
    let shown = Shown {
        file: Some(path.clone()),
        found: Some(true),
        ..Shown::default()
    };
    match read_policy(file) {
        Ok(Some(policy)) => followed(shown, &in_force(policy)),
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
    let cautions = cautions(policy);
    let heed = |caution: &Phrase| said(&phrase!("Note: {what}", what = caution));
    let lines = lines.into_iter().chain(cautions.iter().map(heed)).collect();
    let fields = Shown {
        mode: Some(match policy.mode {
            Mode::Full => "full",
            Mode::ReadOnly => "read-only",
            Mode::Trainee => "trainee",
        }),
        rules: Some(rules),
        mistakes: Some(Vec::new()),
        cautions: Some(cautions.iter().map(ToString::to_string).collect()),
        ..shown
    };
    Report::done(fields, lines)
}

/// Where templates are all that may be sent: that there are none, those that say nothing of their own, and
/// those in which something hides.
fn cautions(policy: &Policy) -> Vec<Phrase> {
    let Some(folder) = &policy.templates else {
        let own = phrase!(
            "Templates come from each agent's own folder, where an agent can put a template that sends any text. Put yours into a folder \"templates\" beside the policy, or name one: templates = \"/etc/tuilio/templates\"."
        );
        return policy.templates_only.then_some(own).into_iter().collect();
    };
    let templates = Shelf::OfLead(folder.clone()).read();
    let bare = templates.list.iter().filter(|template| template.is_bare());
    let bare = bare.map(|template| {
        phrase!(
            "The template \"{title}\" is nothing but a blank, so any text can be sent with it.",
            title = template.title.visible()
        )
    });
    let hidden = templates.list.iter().filter_map(|template| {
        let hidden = u32::from(template.hidden?);
        Some(phrase!(
            "The template \"{title}\" has a character that nobody sees, or that reorders the text: {char}. It is left out of every text; take it out of the file.",
            title = template.title.visible(),
            char = format!("U+{hidden:04X}")
        ))
    });
    let none = templates.list.is_empty() && templates.left_out.is_empty();
    let none = none.then(|| {
        phrase!(
            "There is no template in {folder}.",
            folder = visible(&folder.to_string_lossy())
        )
    });
    templates
        .left_out
        .iter()
        .cloned()
        .chain(bare)
        .chain(hidden)
        .chain(none)
        .collect()
}
