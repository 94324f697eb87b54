//! Whose keys are used, and where they may go. Pure: the environment comes as a lookup.
//!
//! Order: `--profile`, `TUILIO_PROFILE`, the `TWILIO_*` set, the active profile. A set is taken whole
//! or not at all; empty means unset. Keys that were checked at Twilio never go anywhere else, and those
//! of a simulator never leave this machine.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Config, Origin};
use crate::domain::connection::Credentials;
use crate::domain::sid::AccountSid;
use crate::domain::{Failure, FailureKind, Secret};

/// Whose keys are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selected {
    /// Those of the environment.
    Environment(EnvironmentCredentials),
    /// Those of a profile; its secret is in the vault.
    Profile(String),
    /// Nobody's: there is no profile yet.
    None,
}

/// The `TWILIO_*` set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentCredentials {
    /// `TWILIO_ACCOUNT_SID`.
    pub account_sid: AccountSid,
    /// What proves it.
    pub credentials: Credentials,
    /// `TWILIO_REGION`.
    pub region: Option<String>,
    /// `TWILIO_EDGE`.
    pub edge: Option<String>,
}

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To Twilio.
    Twilio,
    /// To this machine: an origin without a final slash, such as `http://127.0.0.1:4010`.
    Loopback(String),
    /// To another https origin, without a final slash.
    Other(String),
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
    /// The environment holds a part of a set.
    #[error("half a set of keys is in the environment: {missing} is missing")]
    HalfASet {
        /// What would complete it.
        missing: &'static str,
    },
    /// A variable does not look like what it should hold.
    #[error("{variable} does not hold {what}")]
    Malformed {
        /// Its name.
        variable: &'static str,
        /// What it should hold.
        what: &'static str,
    },
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
        Failure::new(FailureKind::Credentials, error.to_string())
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
        .or_else(|| set(&lookup, "TUILIO_PROFILE"));
    if let Some(name) = named {
        return profile(name, config, &target);
    }
    if let Some(credentials) = environment(&lookup)? {
        return Ok(Selected::Environment(credentials));
    }
    match &config.active {
        Some(name) => profile(name.clone(), config, &target),
        None => Ok(Selected::None),
    }
}

/// Where requests go, by `TUILIO_API_URL`.
pub fn target(lookup: impl Fn(&str) -> Option<String>) -> Result<Target, SelectError> {
    match set(&lookup, "TUILIO_API_URL") {
        None => Ok(Target::Twilio),
        Some(url) => parse_origin(url.trim()).ok_or(SelectError::BadUrl),
    }
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

fn environment(
    lookup: &impl Fn(&str) -> Option<String>,
) -> Result<Option<EnvironmentCredentials>, SelectError> {
    let account = set(lookup, "TWILIO_ACCOUNT_SID");
    let key = set(lookup, "TWILIO_API_KEY");
    let secret = set(lookup, "TWILIO_API_SECRET");
    let token = set(lookup, "TWILIO_AUTH_TOKEN");
    let half = |missing| Err(SelectError::HalfASet { missing });
    let (account, key) = match (account, key, secret, token) {
        (None, None, None, None) => return Ok(None),
        (Some(account), Some(key), Some(secret), _) => {
            let sid = parse(
                &key,
                "TWILIO_API_KEY",
                "an API key SID (SK and 32 characters)",
            )?;
            let secret = Secret::new(secret);
            (account, Credentials::ApiKey { sid, secret })
        }
        (Some(account), _, _, Some(token)) => (account, Credentials::AuthToken(Secret::new(token))),
        (None, ..) => return half("TWILIO_ACCOUNT_SID"),
        (Some(_), Some(_), None, None) => return half("TWILIO_API_SECRET"),
        (Some(_), None, Some(_), None) => return half("TWILIO_API_KEY"),
        (Some(_), None, None, None) => {
            return half("TWILIO_API_KEY with TWILIO_API_SECRET, or TWILIO_AUTH_TOKEN,");
        }
    };
    Ok(Some(EnvironmentCredentials {
        account_sid: parse(
            &account,
            "TWILIO_ACCOUNT_SID",
            "an account SID (AC and 32 characters)",
        )?,
        credentials: key,
        region: set(lookup, "TWILIO_REGION"),
        edge: set(lookup, "TWILIO_EDGE"),
    }))
}

/// A variable; white space around it is a mistake of a paste, and nothing else in it means unset.
fn set(lookup: &impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    let value = lookup(name)?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

fn parse<T: std::str::FromStr>(
    text: &str,
    variable: &'static str,
    what: &'static str,
) -> Result<T, SelectError> {
    let malformed = |_| SelectError::Malformed { variable, what };
    text.parse().map_err(malformed)
}

/// Scheme, host and port and nothing else: a user name before the host or a path behind it would make
/// a text that reads like one place and goes to another.
fn parse_origin(url: &str) -> Option<Target> {
    let url = url.strip_suffix('/').unwrap_or(url).to_ascii_lowercase();
    let (scheme, authority) = url.split_once("://")?;
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            match rest {
                "" => (host, None),
                rest => (host, Some(rest.strip_prefix(':')?)),
            }
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    if let Some(port) = port
        && !(port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|p| p > 0))
    {
        return None;
    }
    let loopback = host == "localhost"
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback());
    let plain = authority.starts_with('[')
        || (!host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.'));
    match (scheme, loopback) {
        _ if !plain => None,
        ("http" | "https", true) => Some(Target::Loopback(url)),
        ("https", false) => Some(Target::Other(url)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
