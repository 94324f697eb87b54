//! A check-up: one finding for each link between a person and a customer's phone, and the next step where
//! one does not hold.
//!
//! Findings are shown by a desk and by `tuilio doctor` alike. None holds a secret or a customer's number.

use super::catalogue;
use super::phrase::phrase;
use super::{Failure, Phrase};

/// A link, in the order in which links are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// The file of the settings.
    Settings,
    /// What the lead allows.
    Policy,
    /// Whose keys are used.
    Keys,
    /// Where they are kept.
    Keyring,
    /// Where the history lies.
    Folder,
    /// The history itself.
    History,
    /// Whether the record is what was written.
    Audit,
    /// What the desk is drawn on.
    Terminal,
    /// What stands between here and Twilio.
    Proxy,
    /// The names of Twilio's hosts.
    Names,
    /// The hosts, and their certificates.
    Connection,
    /// The clock of this machine.
    Clock,
    /// Whether Twilio takes the keys.
    Account,
    /// Whether they may read texts.
    Messages,
    /// Whether they may read verifications.
    Verifications,
    /// Whether they may look numbers up.
    Lookups,
    /// Whether they may do more than a desk needs.
    Rights,
    /// What codes are sent under.
    Service,
    /// Whom texts come from.
    Sender,
    /// Where it is written what happened.
    Log,
}

impl Link {
    /// All of them, in order.
    pub const ALL: [Self; 20] = [
        Self::Settings,
        Self::Policy,
        Self::Keys,
        Self::Keyring,
        Self::Folder,
        Self::History,
        Self::Audit,
        Self::Terminal,
        Self::Proxy,
        Self::Names,
        Self::Connection,
        Self::Clock,
        Self::Account,
        Self::Messages,
        Self::Verifications,
        Self::Lookups,
        Self::Rights,
        Self::Service,
        Self::Sender,
        Self::Log,
    ];

    /// Its name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Policy => "policy",
            Self::Keys => "keys",
            Self::Keyring => "keyring",
            Self::Folder => "folder",
            Self::History => "history",
            Self::Audit => "audit",
            Self::Terminal => "terminal",
            Self::Proxy => "proxy",
            Self::Names => "names",
            Self::Connection => "connection",
            Self::Clock => "clock",
            Self::Account => "account",
            Self::Messages => "messages",
            Self::Verifications => "verify",
            Self::Lookups => "lookups",
            Self::Rights => "rights",
            Self::Service => "service",
            Self::Sender => "sender",
            Self::Log => "log",
        }
    }

    /// Its name for people.
    pub fn title(self) -> Phrase {
        match self {
            Self::Settings => phrase!("Settings"),
            Self::Policy => phrase!("Policy"),
            Self::Keys => phrase!("Keys"),
            Self::Keyring => phrase!("Keyring"),
            Self::Folder => phrase!("Folder"),
            Self::History => phrase!("History"),
            Self::Audit => phrase!("Audit"),
            Self::Terminal => phrase!("Terminal"),
            Self::Proxy => phrase!("Proxy"),
            Self::Names => phrase!("Host names"),
            Self::Connection => phrase!("Connection"),
            Self::Clock => phrase!("Clock"),
            Self::Account => phrase!("Account"),
            Self::Messages => phrase!("Texts"),
            Self::Verifications => phrase!("Checks"),
            Self::Lookups => phrase!("Lookups"),
            Self::Rights => phrase!("Rights"),
            Self::Service => phrase!("Codes by"),
            Self::Sender => phrase!("Texts from"),
            Self::Log => phrase!("Log"),
        }
    }
}

/// How a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It holds.
    Good,
    /// It holds, and something about it is worth a look.
    Doubtful,
    /// It does not hold.
    Broken,
    /// It could not be looked at.
    Skipped,
}

impl Health {
    /// Its name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Doubtful => "warning",
            Self::Broken => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// What was found out about a link.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Which.
    pub link: Link,
    /// How it is.
    pub health: Health,
    /// In one sentence.
    pub what: Phrase,
    /// What to do about it.
    pub next: Option<Phrase>,
    /// What broke it, for scripts.
    pub failure: Option<Failure>,
}

impl Finding {
    /// It holds.
    pub fn good(link: Link, what: impl Into<Phrase>) -> Self {
        Self {
            link,
            health: Health::Good,
            what: what.into(),
            next: None,
            failure: None,
        }
    }

    /// It holds, and something is to be done about it.
    pub fn doubtful(link: Link, what: impl Into<Phrase>, next: impl Into<Phrase>) -> Self {
        Self {
            health: Health::Doubtful,
            next: Some(next.into()),
            ..Self::good(link, what)
        }
    }

    /// It does not hold.
    pub fn broken(
        link: Link,
        failure: Failure,
        what: impl Into<Phrase>,
        next: impl Into<Phrase>,
    ) -> Self {
        Self {
            health: Health::Broken,
            next: Some(next.into()),
            failure: Some(failure),
            ..Self::good(link, what)
        }
    }

    /// It was not looked at; the sentence says why.
    pub fn skipped(link: Link, why: impl Into<Phrase>) -> Self {
        Self {
            health: Health::Skipped,
            ..Self::good(link, why)
        }
    }

    /// What a script ends with because of it: nothing but what is broken is a reason.
    pub fn exit(&self) -> Option<u8> {
        match (self.health, self.link, &self.failure) {
            // As every command does that cannot read them.
            (Health::Broken, Link::Settings, _) => Some(2),
            (Health::Broken, _, Some(failure)) => Some(catalogue::for_failure(failure).exit),
            (Health::Broken, _, None) => Some(1),
            _ => None,
        }
    }
}
