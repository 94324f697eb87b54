//! `tuilio logout`: a profile and its keys are forgotten; with `--everything` all of them, and the history.

use std::path::Path;

use clap::Args;
use serde::Serialize;

use crate::domain::{Failure, FailureKind, Policy, phrase};
use crate::model::operations::day_of;
use crate::model::{Effect, Event};
use crate::paths::own;
use crate::runtime::{self, audit};

use super::Exit;
use super::log;
use super::one_shot::{self, OneShot};
use super::output::{Report, say};
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
    /// Also where it is not known what came of something that was sent: only the history knows of it.
    #[arg(long, requires = "everything")]
    even_unsettled: bool,
}

/// Forgets the profile that is named, else the active one. Keys of the environment are not ours to forget.
pub async fn run(profile: Option<&str>, options: &Options) -> Report<LoggedOut> {
    if options.everything {
        let deed =
            async |one_shot: &mut OneShot| everything(one_shot, options.even_unsettled).await;
        return one_shot::run(Whose::Nobodys, Record::None, deed)
            .await
            .unwrap_or_else(Report::from);
    }
    let deed = async |one_shot: &mut OneShot| {
        let config = &one_shot.session.config;
        let Some(name) = named(profile).or_else(|| config.active.clone()) else {
            return Err(Exit::unfit(phrase!(
                "No profile is active: name one by --profile, or see tuilio profiles."
            )));
        };
        if !config.profiles.contains_key(&name) {
            return Err(Exit::unfit(phrase!(
                "There is no profile {name}: see tuilio profiles.",
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

/// First it is seen whether all of it can go, then the history goes: where another desk still writes into it,
/// nothing is touched.
async fn everything(
    one_shot: &mut OneShot,
    even_unsettled: bool,
) -> Result<Report<LoggedOut>, Exit> {
    let folder = one_shot.session.paths.data_dir.clone();
    one_shot
        .session
        .policy
        .deleting()
        .map_err(one_shot::refused)?;
    if one_shot.session.policy.is_capped() {
        let today = day_of(one_shot.now(), &own::zone());
        if runtime::sent_since(&folder, today) > 0 {
            return Err(one_shot::refused(Policy::counted()));
        }
    }
    if !even_unsettled {
        is_settled(&folder)?;
    }
    let names: Vec<String> = one_shot.session.config.profiles.keys().cloned().collect();
    runtime::prove_keyring(&names)?;
    runtime::erase_history(&folder)?;
    // Where the keyring cannot, it reminds of an audit that is gone, and a person ends that.
    let _ = audit::forget(&audit::keyring(), &folder);
    let mut gone = Vec::new();
    let exit = match rest(one_shot, &names, &mut gone).await {
        Ok(()) => Exit::DONE,
        Err(exit) => {
            say(&said(&phrase!(
                "The history is gone from this machine, and so are profiles with their keys: {n} of {all}. What is left has this reason:",
                n = gone.len(),
                all = names.len()
            )));
            exit
        }
    };
    let line = said(&phrase!(
        "profiles with their keys: {n}. They, the history and the log are gone from this machine; the keys still work at Twilio until they are revoked there",
        n = names.len()
    ));
    Ok(Report {
        fields: LoggedOut {
            profile: None,
            profiles: Some(gone),
            history_removed: Some(true),
        },
        lines: Some(line)
            .filter(|_| exit.code() == 0)
            .into_iter()
            .collect(),
        exit,
    })
}

/// What is not known is looked up by whoever has the history, and by nobody afterwards.
fn is_settled(folder: &Path) -> Result<(), Exit> {
    let unsettled = runtime::unsettled(folder).map_err(|failure| {
        let why = phrase!(
            "{why} So it cannot be told whether something in it is not settled yet, and nothing was removed. With --even-unsettled it is removed all the same.",
            why = failure.phrase()
        );
        Exit::failed(failure, why)
    })?;
    let why = match unsettled {
        0 => return Ok(()),
        1 => phrase!(
            "It is not known yet what came of 1 operation, which only the history knows of, so nothing was removed: tuilio history --refresh looks it up. With --even-unsettled it is removed all the same."
        ),
        n => phrase!(
            "It is not known yet what came of {n} operations, which only the history knows of, so nothing was removed: tuilio history --refresh looks them up. With --even-unsettled it is removed all the same.",
            n = n
        ),
    };
    let failure = Failure::new(FailureKind::OutcomeUnknown, why.to_string());
    Err(Exit::failed(failure, why))
}

/// All but the history.
async fn rest(
    one_shot: &mut OneShot,
    names: &[String],
    gone: &mut Vec<String>,
) -> Result<(), Exit> {
    for name in names {
        forget(one_shot, name).await?;
        gone.push(name.clone());
    }
    log::erase(&one_shot.session.paths)
        .map_err(|error| Exit::fault(format!("The log could not be removed: {error}.")))
}
