//! Who asks Twilio, and where it is asked: account, credentials, region and defaults of a client.
//!
//! A configuration is checked while it is made, so that a client never finds out halfway that half a
//! set of credentials is missing, or that they are about to go to a host that must not see them.
//! Invariant: an address made by [`Endpoint::url`] is `https` under `twilio.com`, or the one
//! [`Origin`] that was set by hand, which is `https` or on this machine.

use std::fmt;
use std::time::Duration;

use reqwest::Url;

use super::wire::{BasicAuth, Host};
use crate::domain::connection::NotARegion;
pub use crate::domain::connection::{Credentials, Region};
use crate::domain::message::Sender;
use crate::domain::sid::{AccountSid, NotASid, VerifyServiceSid};

/// How long a connection may take, where nobody says otherwise.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an answer may take, where nobody says otherwise.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Why there is no usable configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Nothing is set at all.
    #[error(
        "no credentials: TWILIO_ACCOUNT_SID is needed, with TWILIO_API_KEY and TWILIO_API_SECRET or with TWILIO_AUTH_TOKEN"
    )]
    NotSet,
    /// Something is set, and something that belongs to it is not.
    #[error("half a set: {missing} is missing")]
    Incomplete {
        /// The names to set.
        missing: &'static str,
    },
    /// A name holds something else than it should.
    #[error("{name} does not hold what it should")]
    NotASid {
        /// Which one.
        name: &'static str,
        /// What it should hold.
        #[source]
        source: NotASid,
    },
    /// The sender is neither a number nor a name that can send.
    #[error(
        "a sender is a number in E.164, a short code, or at most 11 letters, digits and spaces with a letter among them"
    )]
    NotASender,
    /// Region or edge has characters that no host name has.
    #[error(transparent)]
    NotARegion(#[from] NotARegion),
    /// The origin is not an address of the allowed kind.
    #[error("an origin is https://host or http://127.0.0.1:port, without path, user or query")]
    NotAnOrigin,
    /// A region names Twilio's hosts, an origin replaces them.
    #[error("a region or an edge cannot be combined with an origin")]
    RegionWithOrigin,
    /// A text was to be sent, and nobody said from where.
    #[error("no sender is set: TWILIO_MESSAGING_SERVICE_SID or TWILIO_FROM_NUMBER is needed")]
    NoSender,
    /// A verification was to be started, and nobody said under which service.
    #[error("no Verify service is set: TWILIO_VERIFY_SERVICE_SID is needed")]
    NoVerifyService,
}

/// One address that stands for all of Twilio's hosts: a simulator, or a gateway of the house.
#[derive(Clone, PartialEq, Eq)]
pub struct Origin {
    text: String,
    loopback: bool,
}

impl Origin {
    /// Takes `https://host[:port]`, or `http://` with an address of this machine.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let url = Url::parse(text.trim()).map_err(|_| ConfigError::NotAnOrigin)?;
        let loopback = match url.host_str() {
            Some("localhost" | "[::1]") => true,
            Some(host) => host
                .parse::<std::net::Ipv4Addr>()
                .is_ok_and(|address| address.is_loopback()),
            None => return Err(ConfigError::NotAnOrigin),
        };
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && url.port() != Some(0);
        let allowed = url.scheme() == "https" || (url.scheme() == "http" && loopback);
        if bare && allowed {
            Ok(Self {
                text: url.origin().ascii_serialization(),
                loopback,
            })
        } else {
            Err(ConfigError::NotAnOrigin)
        }
    }

    /// The address without a final slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// It is on this machine.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Where requests go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Endpoint {
    /// Twilio's own hosts.
    #[default]
    Twilio,
    /// Twilio's hosts of one region.
    Regional(Region),
    /// One address in place of all of them.
    Origin(Origin),
}

/// The region that the bare hosts belong to.
pub const HOME_REGION: &str = "us1";

impl Endpoint {
    /// Where Twilio keeps what is done here: the region, whichever edge leads to it, or the address that
    /// stands in for Twilio.
    pub fn home(&self) -> &str {
        match self {
            Self::Twilio => HOME_REGION,
            Self::Regional(region) => region.region(),
            Self::Origin(origin) => origin.as_str(),
        }
    }

    /// The address of a path on one of Twilio's hosts. The path starts with a slash.
    pub fn url(&self, host: Host, path: &str) -> String {
        let product = match host {
            Host::Api => "api",
            Host::Verify => "verify",
            Host::Lookups => "lookups",
            Host::Messaging => "messaging",
        };
        match self {
            Self::Twilio => format!("https://{product}.twilio.com{path}"),
            Self::Regional(region) => {
                let (edge, region) = (region.edge(), region.region());
                format!("https://{product}.{edge}.{region}.twilio.com{path}")
            }
            Self::Origin(origin) => format!("{}{path}", origin.as_str()),
        }
    }
}

/// All that a [`Client`](super::Client) has to know before its first request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwilioConfig {
    /// The account that is acted on.
    pub account_sid: AccountSid,
    /// What proves that this is allowed.
    pub credentials: Credentials,
    /// Who texts come from where the caller does not say.
    pub sender: Option<Sender>,
    /// The service under which verifications are started where the caller does not say.
    pub verify_service: Option<VerifyServiceSid>,
    /// Where requests go.
    pub endpoint: Endpoint,
    /// How long a connection may take to stand.
    pub connect_timeout: Duration,
    /// How long a request may take from its start to the last byte of its answer.
    pub answer_timeout: Duration,
}

impl TwilioConfig {
    /// A configuration for Twilio's own hosts, without defaults for sender and service.
    pub fn new(account_sid: AccountSid, credentials: Credentials) -> Self {
        Self {
            account_sid,
            credentials,
            sender: None,
            verify_service: None,
            endpoint: Endpoint::Twilio,
            connect_timeout: CONNECT_TIMEOUT,
            answer_timeout: ANSWER_TIMEOUT,
        }
    }

    /// The same with a default sender.
    pub fn with_sender(self, sender: Sender) -> Self {
        Self {
            sender: Some(sender),
            ..self
        }
    }

    /// The same with a default Verify service.
    pub fn with_verify_service(self, service: VerifyServiceSid) -> Self {
        Self {
            verify_service: Some(service),
            ..self
        }
    }

    /// The same for other hosts.
    pub fn with_endpoint(self, endpoint: Endpoint) -> Self {
        Self { endpoint, ..self }
    }

    /// The same with other limits of patience.
    pub fn with_timeouts(self, connect: Duration, answer: Duration) -> Self {
        Self {
            connect_timeout: connect,
            answer_timeout: answer,
            ..self
        }
    }

    /// The address of a path on one of Twilio's hosts. The path starts with a slash.
    pub fn url(&self, host: Host, path: &str) -> String {
        self.endpoint.url(host, path)
    }

    /// User name and password of every request.
    pub fn basic_auth(&self) -> BasicAuth {
        match &self.credentials {
            Credentials::AuthToken(token) => BasicAuth {
                username: self.account_sid.as_str().to_owned(),
                password: token.clone(),
            },
            Credentials::ApiKey { sid, secret } => BasicAuth {
                username: sid.as_str().to_owned(),
                password: secret.clone(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_https_or_on_this_machine() {
        for (text, origin) in [
            ("http://127.0.0.1:4010", Some("http://127.0.0.1:4010")),
            ("http://127.8.9.1:4010/", Some("http://127.8.9.1:4010")),
            ("http://[::1]:4010", Some("http://[::1]:4010")),
            ("http://localhost:4010", Some("http://localhost:4010")),
            ("https://gate.example/", Some("https://gate.example")),
            ("http://gate.example", None),
            ("http://127.0.0.1.example", None),
            ("http://localhost.example", None),
            ("https://user:word@gate.example", None),
            ("https://gate.example/v1", None),
            ("https://gate.example/?a=b", None),
            ("ftp://127.0.0.1", None),
            ("127.0.0.1:4010", None),
        ] {
            assert_eq!(
                Origin::parse(text).ok().as_ref().map(Origin::as_str),
                origin,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_done_is_kept_in_the_region_whichever_edge_leads_there() {
        let by = |edge| Endpoint::Regional(Region::new("ie1", edge).unwrap());
        let gate = Endpoint::Origin(Origin::parse("https://gate.example/").unwrap());
        for (endpoint, home) in [
            (Endpoint::Twilio, "us1"),
            (by("dublin"), "ie1"),
            (by("frankfurt"), "ie1"),
            (gate, "https://gate.example"),
        ] {
            assert_eq!(endpoint.home(), home);
        }
    }

    #[test]
    fn a_region_is_no_way_to_another_host() {
        for edge in ["evil.example/", "a.b", "", "UP", "x@evil", "-x"] {
            assert_eq!(Region::new("us1", edge), Err(NotARegion));
        }
    }
}
