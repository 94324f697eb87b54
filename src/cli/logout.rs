//! `tuilio logout`: a profile and its keys are forgotten; with `--everything` all of them, and the history.

use clap::Args;
use serde::Serialize;

use crate::domain::phrase;
use crate::model::{Effect, Event};
use crate::runtime::{self, audit};

use super::Exit;
use super::log;
use super::one_shot::{self, OneShot};
use super::output::Report;
use super::session::{Record, Whose, named, said};

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct LoggedOut {
    profile: Option<String>,
    /// All that are gone, with `--everything`.
    profiles: Option<Vec<String>>,
    /// The history is gone, too.
    history_removed: Option<bool>,
}

/// What can be typed.
#[derive(Debug, Args)]
pub struct Options {
    /// Forget every profile and its keys, the whole history and the log.
    #[arg(long, conflicts_with = "profile")]
    everything: bool,
}

/// Forgets the profile that is named, else the active one. Keys of the environment are not ours to forget.
pub async fn run(profile: Option<&str>, options: &Options) -> Report<LoggedOut> {
    if options.everything {
        return one_shot::run(Whose::Nobodys, Record::None, everything)
            .await
            .unwrap_or_else(Report::from);
    }
    let deed = async |one_shot: &mut OneShot| {
        let config = &one_shot.session.config;
        let Some(name) = named(profile).or_else(|| config.active.clone()) else {
            return Err(Exit::unfit(phrase!(
                "no profile is active: name one by --profile, or see tuilio profiles."
            )));
        };
        if !config.profiles.contains_key(&name) {
            return Err(Exit::unfit(phrase!(
                "there is no profile {name}: see tuilio profiles.",
                name = name
            )));
        }
        forget(one_shot, &name).await?;
        let line = said(&phrase!(
            "profile {name} and its keys are gone from this machine; the keys still work at Twilio until they are revoked there",
            name = name.as_str()
        ));
        Ok(Report::done(
            LoggedOut {
                profile: Some(name),
                ..LoggedOut::default()
            },
            vec![line],
        ))
    };
    one_shot::run(Whose::Nobodys, Record::None, deed)
        .await
        .unwrap_or_else(Report::from)
}

async fn forget(one_shot: &mut OneShot, name: &str) -> Result<(), Exit> {
    one_shot.perform(Effect::SignOut {
        profile: name.to_owned(),
    });
    loop {
        if let Event::SignedOut(result) = one_shot.next().await? {
            return Ok(result?);
        }
    }
}

/// The history goes first: where another desk still writes into it, nothing is touched.
async fn everything(one_shot: &mut OneShot) -> Result<Report<LoggedOut>, Exit> {
    let folder = one_shot.session.paths.data_dir.clone();
    runtime::erase_history(&folder)?;
    // Where the keyring cannot, it reminds of an audit that is gone, and a person ends that.
    let _ = audit::forget(&audit::keyring(), &folder);
    let names: Vec<String> = one_shot.session.config.profiles.keys().cloned().collect();
    for name in &names {
        forget(one_shot, name).await?;
    }
    log::erase(&one_shot.session.paths)
        .map_err(|error| Exit::fault(format!("The log could not be removed: {error}.")))?;
    let line = said(&phrase!(
        "profiles with their keys: {n}. They, the history and the log are gone from this machine; the keys still work at Twilio until they are revoked there",
        n = names.len()
    ));
    let fields = LoggedOut {
        profile: None,
        profiles: Some(names),
        history_removed: Some(true),
    };
    Ok(Report::done(fields, vec![line]))
}
