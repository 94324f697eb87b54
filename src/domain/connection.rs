//! What the desk is connected to: an account, a Verify service, a sender, and where its keys came from.

use std::fmt;

use super::message::Sender;
use super::phrase::{Phrase, phrase};
use super::safety::Concern;
use super::secret::Secret;
use super::sid::{AccountSid, ApiKeySid, VerifyServiceSid};
use super::untrusted::Untrusted;
use super::verification::VerifyService;

/// How we show Twilio that we may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// The account's own token: it may do everything, so an API key is better.
    AuthToken(Secret),
    /// An API key, which can be revoked by itself.
    ApiKey {
        /// Its identifier.
        sid: ApiKeySid,
        /// Its secret.
        secret: Secret,
    },
}

/// Region or edge has characters that no host name has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a region or an edge has lower case letters, digits and dashes only")]
pub struct NotARegion;

/// A processing region of Twilio's and the edge by which it is reached. Only together do they name a
/// host: those with a region alone were switched off in April 2026.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    region: String,
    edge: String,
}

impl Region {
    /// Such as `ie1` by way of `dublin`.
    pub fn new(region: &str, edge: &str) -> Result<Self, NotARegion> {
        // Both become part of a host that is sent credentials: nothing but a label gets through.
        let label = |text: &str| {
            (1..=32).contains(&text.len())
                && !text.starts_with('-')
                && !text.ends_with('-')
                && text
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if label(region) && label(edge) {
            Ok(Self {
                region: region.to_owned(),
                edge: edge.to_owned(),
            })
        } else {
            Err(NotARegion)
        }
    }

    /// Where requests are processed, such as `ie1`.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Where they enter Twilio's network, such as `dublin`.
    pub fn edge(&self) -> &str {
        &self.edge
    }
}

/// An account and the keys to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The account.
    pub account_sid: AccountSid,
    /// The keys.
    pub credentials: Credentials,
    /// The region that they are of; none where they go wherever the program was told to.
    pub region: Option<Region>,
}

/// Where the keys came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The simulator inside the program.
    Demo,
    /// `TWILIO_*` in the environment.
    Environment,
    /// The keyring, under this profile.
    Profile(String),
    /// Typed in, and kept nowhere.
    Session,
}

impl Source {
    /// Its name for programs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Environment => "environment",
            Self::Profile(_) => "keyring",
            Self::Session => "session",
        }
    }

    /// In words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Demo => phrase!("the simulator inside tuilio"),
            Self::Environment => phrase!("the environment (TWILIO_*)"),
            Self::Profile(name) => {
                phrase!("the system keyring, item \"tuilio/{name}\"", name = name)
            }
            Self::Session => phrase!("this session only"),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase().fmt(f)
    }
}

/// A Verify service, by the name that people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedService {
    /// Its identifier.
    pub sid: VerifyServiceSid,
    /// Its name. Foreign text.
    pub name: Untrusted,
    /// Digits in its codes, 4 to 10.
    pub code_length: u32,
    /// What is unsafe about it for a phone desk; none before its settings were read.
    pub concerns: Option<Vec<Concern>>,
}

impl From<VerifyService> for NamedService {
    fn from(service: VerifyService) -> Self {
        Self {
            concerns: Some(Concern::all_of(&service)),
            sid: service.sid,
            name: service.friendly_name,
            code_length: service.code_length,
        }
    }
}

/// How much a set of keys may do, as far as harmless questions show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// The whole account: an auth token, or a main key.
    Everything,
    /// More than a desk needs: a standard key, most likely.
    TooMuch,
    /// What was asked for beside the desk's own needs was refused.
    Narrow,
}

impl Rights {
    /// Its name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::TooMuch => "more_than_needed",
            Self::Narrow => "narrow",
        }
    }
}

/// A sender, by the name that people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSender {
    /// The sender.
    pub sender: Sender,
    /// Its name. Foreign text.
    pub name: Untrusted,
}

impl NamedSender {
    /// A sender, and its name where that is known.
    pub fn new(sender: Sender, name: Option<Untrusted>) -> Self {
        let name = name.unwrap_or_else(|| Self::nameless(&sender));
        Self { sender, name }
    }

    /// A Messaging Service whose name is not known.
    pub fn wants_name(&self) -> bool {
        matches!(self.sender, Sender::Service(_)) && self.name == Self::nameless(&self.sender)
    }

    fn nameless(sender: &Sender) -> Untrusted {
        match sender {
            Sender::Number(number) => Untrusted::new(number.grouped()),
            Sender::Name(name) => Untrusted::new(name.as_str()),
            Sender::Service(sid) => Untrusted::new(format!("Messaging Service {}", sid.short())),
        }
    }
}

/// What the desk is connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Where the keys came from.
    pub source: Source,
    /// The account.
    pub account_sid: AccountSid,
    /// Where Twilio keeps what is done under it: a region, or the address of what stands in for Twilio. None
    /// before the way is known, and in the demo.
    pub home: Option<String>,
    /// Its name, where the keys may read it. Foreign text.
    pub account_name: Option<Untrusted>,
    /// Only verified recipients, and a prefix before every text.
    pub is_trial: bool,
    /// Under which codes are sent.
    pub verify_service: Option<NamedService>,
    /// From which texts are sent.
    pub sender: Option<NamedSender>,
}
