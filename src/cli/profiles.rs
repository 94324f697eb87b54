//! `tuilio profiles`: which there are, and which one is used.

use clap::Subcommand;
use serde::Serialize;

use crate::config::{ChosenSender, Config};

use crate::domain::phrase;

use super::Exit;
use super::output::Report;
use super::session::{sentence, settings};

/// What can be typed.
#[derive(Debug, Subcommand)]
pub enum Options {
    /// Make a profile the active one.
    Use {
        /// Its name.
        name: String,
    },
}

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Listed {
    profiles: Option<Vec<Entry>>,
}

#[derive(Debug, Serialize)]
struct Entry {
    name: String,
    active: bool,
    account_sid: String,
    account_name: Option<String>,
    origin: &'static str,
    verify_service_sid: Option<String>,
    sender: Option<String>,
}

/// Lists them, or changes the active one and lists them then.
pub fn run(options: Option<Options>) -> Report<Listed> {
    listed(options).unwrap_or_else(Report::from)
}

fn listed(options: Option<Options>) -> Result<Report<Listed>, Exit> {
    let (paths, config) = settings()?;
    let config = match options {
        None => config,
        Some(Options::Use { name }) => {
            Config::set_active(&paths.config_file(), &name).map_err(|error| match error {
                crate::config::ConfigError::NoProfile(_) => Exit::unfit(phrase!(
                    "{what} See tuilio profiles.",
                    what = error.phrase()
                )),
                error => Exit::fault(sentence(&error)),
            })?
        }
    };
    let entries: Vec<Entry> = config
        .profiles
        .iter()
        .map(|(name, profile)| Entry {
            name: name.clone(),
            active: config.active.as_ref() == Some(name),
            account_sid: profile.account_sid.to_string(),
            account_name: profile
                .account_name
                .as_ref()
                .map(|name| name.raw().to_owned()),
            origin: profile.origin.as_str(),
            verify_service_sid: profile
                .verify_service
                .as_ref()
                .map(|service| service.sid.to_string()),
            sender: profile.sender.as_ref().map(|sender| match sender {
                ChosenSender::Number(number) => number.e164().to_owned(),
                ChosenSender::MessagingService { sid, .. } => sid.to_string(),
            }),
        })
        .collect();
    let lines = entries.iter().map(Entry::line).collect();
    Ok(Report::done(
        Listed {
            profiles: Some(entries),
        },
        lines,
    ))
}

impl Entry {
    fn line(&self) -> String {
        let mark = if self.active { '*' } else { ' ' };
        let account = self.account_name.as_deref().unwrap_or(&self.account_sid);
        format!("{mark} {}  {account}  {}", self.name, self.origin)
    }
}
