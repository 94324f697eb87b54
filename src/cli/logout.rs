//! `tuilio logout`: a profile and its keys are forgotten.

use serde::Serialize;

use crate::model::{Effect, Event};

use super::Exit;
use super::one_shot::{self, OneShot};
use super::output::Report;
use super::session::{Record, Whose, env};

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct LoggedOut {
    profile: Option<String>,
}

/// Forgets the profile that is named, else the active one. Keys of the environment are not ours to forget.
pub async fn run(profile: Option<&str>) -> Report<LoggedOut> {
    let deed = async |one_shot: &mut OneShot| {
        let config = &one_shot.session.config;
        let named = profile
            .map(str::to_owned)
            .or_else(|| env("TUILIO_PROFILE").filter(|name| !name.is_empty()));
        let Some(name) = named.or_else(|| config.active.clone()) else {
            return Err(Exit::usage(
                "no profile is active: name one by --profile, or see tuilio profiles.",
            ));
        };
        if !config.profiles.contains_key(&name) {
            return Err(Exit::usage(format!(
                "there is no profile {name}: see tuilio profiles."
            )));
        }
        one_shot.perform(Effect::SignOut {
            profile: name.clone(),
        });
        loop {
            if let Event::SignedOut(result) = one_shot.next().await? {
                result?;
                break;
            }
        }
        let line = format!(
            "profile {name} and its keys are gone from this machine; the keys still work at Twilio until they are revoked there"
        );
        Ok(Report::done(
            LoggedOut {
                profile: Some(name),
            },
            vec![line],
        ))
    };
    one_shot::run(Whose::Nobodys, Record::None, deed)
        .await
        .unwrap_or_else(Report::from)
}
