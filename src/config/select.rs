//! Whose keys are used, and where they may go. Pure: the environment comes as a lookup.
//!
//! Order: `--profile`, `TUILIO_PROFILE`, the `TWILIO_*` set, the active profile. A set is taken whole
//! or not at all; empty means unset. Keys that were checked at Twilio never go anywhere else, and those
//! of a simulator never leave this machine.

use super::{Config, Origin};
use crate::domain::connection::Keys;
use crate::domain::failure::with_causes;
use crate::domain::sid::VerifyServiceSid;
use crate::domain::{Failure, FailureKind, Sender};
use crate::twilio::config::{ConfigError as TwilioError, Endpoint, Origin as Address};
use crate::twilio::environment;

/// Whose keys are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selected {
    /// Those of the environment.
    Environment(Keys),
    /// Those of a profile; its secret is in the vault.
    Profile(String),
    /// Nobody's: there is no profile yet.
    None,
}

/// What the environment puts in place of a profile's own choice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    /// Whom texts come from.
    pub sender: Option<Sender>,
    /// The service that codes are sent under.
    pub verify_service: Option<VerifyServiceSid>,
}

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To Twilio.
    Twilio,
    /// To this machine.
    Loopback(Address),
    /// To another https origin.
    Other(Address),
}

impl Target {
    /// What a profile that was checked there remembers; none where keys are not kept at all.
    pub fn origin(&self) -> Option<Origin> {
        match self {
            Self::Twilio => Some(Origin::Twilio),
            Self::Loopback(_) => Some(Origin::Loopback),
            Self::Other(_) => None,
        }
    }
}

/// Why nobody's keys can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// A profile was named that is not there.
    #[error("there is no profile {name}: run tuilio login --profile {name}, or choose another one")]
    NoProfile {
        /// The name.
        name: String,
    },
    /// The `TWILIO_*` names of the environment hold half a set, or something else than they should.
    #[error("the environment cannot be used")]
    Environment(#[from] TwilioError),
    /// `TUILIO_API_URL` is neither https nor on this machine, or more than an origin.
    #[error(
        "TUILIO_API_URL is not an origin such as https://example.org or http://127.0.0.1:4010: only https, or an address of this machine, and nothing behind the port"
    )]
    BadUrl,
    /// Keys of Twilio's would go elsewhere.
    #[error(
        "the keys of profile {name} were checked at Twilio and only go there: unset TUILIO_API_URL, or choose another profile"
    )]
    TwilioOnly {
        /// The profile.
        name: String,
    },
    /// Keys of a simulator would leave the machine.
    #[error(
        "profile {name} belongs to a simulator on this machine: set TUILIO_API_URL to its address, or choose another profile"
    )]
    LoopbackOnly {
        /// The profile.
        name: String,
    },
    /// Another origin gets no keys of profiles.
    #[error(
        "keys for another origin than Twilio are taken from the environment only: set the TWILIO_ variables, or unset TUILIO_API_URL"
    )]
    EnvironmentOnly,
}

impl From<&SelectError> for Failure {
    fn from(error: &SelectError) -> Self {
        Failure::new(FailureKind::Credentials, with_causes(error))
    }
}

/// Chooses whose keys are used. `flag` is the value of `--profile`.
pub fn select(
    flag: Option<&str>,
    lookup: impl Fn(&str) -> Option<String>,
    config: &Config,
) -> Result<Selected, SelectError> {
    let target = target(&lookup)?;
    let named = flag
        .map(str::to_owned)
        .filter(|name| !name.is_empty())
        .or_else(|| environment::value(&lookup, "TUILIO_PROFILE"));
    if let Some(name) = named {
        return profile(name, config, &target);
    }
    if let Some(keys) = environment::keys_from_env(&lookup)? {
        return Ok(Selected::Environment(keys));
    }
    match &config.active {
        Some(name) => profile(name.clone(), config, &target),
        None => Ok(Selected::None),
    }
}

/// Where requests go, by `TUILIO_API_URL`.
pub fn target(lookup: impl Fn(&str) -> Option<String>) -> Result<Target, SelectError> {
    match environment::value(&lookup, "TUILIO_API_URL") {
        None => Ok(Target::Twilio),
        Some(url) => match Address::parse(&url) {
            Ok(address) if address.is_loopback() => Ok(Target::Loopback(address)),
            Ok(address) => Ok(Target::Other(address)),
            Err(_) => Err(SelectError::BadUrl),
        },
    }
}

/// The hosts that the chosen keys go to. A profile has a region of its own, or none.
pub fn endpoint(
    selected: &Selected,
    lookup: impl Fn(&str) -> Option<String>,
    config: &Config,
) -> Result<Endpoint, SelectError> {
    let profile = match selected {
        Selected::Profile(name) => config.profiles.get(name),
        Selected::Environment(_) | Selected::None => None,
    };
    match (target(&lookup)?, profile) {
        (_, None) => Ok(environment::endpoint_from_env(&lookup)?),
        (Target::Twilio, Some(profile)) => Ok(environment::regional(
            profile.region.as_deref(),
            profile.edge.as_deref(),
        )?),
        (Target::Loopback(address) | Target::Other(address), Some(_)) => {
            Ok(Endpoint::Origin(address))
        }
    }
}

/// What the environment says of sender and service.
pub fn defaults(lookup: impl Fn(&str) -> Option<String>) -> Result<Defaults, SelectError> {
    Ok(Defaults {
        sender: environment::sender_from_env(&lookup)?,
        verify_service: environment::verify_service_from_env(&lookup)?,
    })
}

fn profile(name: String, config: &Config, target: &Target) -> Result<Selected, SelectError> {
    let Some(profile) = config.profiles.get(&name) else {
        return Err(SelectError::NoProfile { name });
    };
    match (profile.origin, target) {
        (Origin::Twilio, Target::Twilio) | (Origin::Loopback, Target::Loopback(_)) => {
            Ok(Selected::Profile(name))
        }
        (Origin::Twilio, Target::Loopback(_)) => Err(SelectError::TwilioOnly { name }),
        (Origin::Loopback, Target::Twilio) => Err(SelectError::LoopbackOnly { name }),
        (_, Target::Other(_)) => Err(SelectError::EnvironmentOnly),
    }
}

#[cfg(test)]
mod tests;
