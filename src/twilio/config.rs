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
use crate::domain::message::Sender;
use crate::domain::phone::PhoneNumber;
use crate::domain::secret::Secret;
use crate::domain::sid::{AccountSid, ApiKeySid, NotASid, VerifyServiceSid};

const ACCOUNT_SID: &str = "TWILIO_ACCOUNT_SID";
const API_KEY: &str = "TWILIO_API_KEY";
const API_SECRET: &str = "TWILIO_API_SECRET";
const AUTH_TOKEN: &str = "TWILIO_AUTH_TOKEN";
const REGION: &str = "TWILIO_REGION";
const EDGE: &str = "TWILIO_EDGE";
const FROM_NUMBER: &str = "TWILIO_FROM_NUMBER";
const MESSAGING_SERVICE: &str = "TWILIO_MESSAGING_SERVICE_SID";
const VERIFY_SERVICE: &str = "TWILIO_VERIFY_SERVICE_SID";
const API_URL: &str = "TUILIO_API_URL";

/// The region that the bare hosts belong to.
const HOME_REGION: &str = "us1";

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
    #[error("a region or an edge has lower case letters, digits and dashes only")]
    NotARegion,
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

/// What proves that a request may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// The account's own token: it may do everything.
    AuthToken(Secret),
    /// An API key; a standard one may do everything but read the account itself.
    ApiKey {
        /// Its identifier.
        sid: ApiKeySid,
        /// Its secret.
        secret: Secret,
    },
}

/// A processing region of Twilio's and the edge by which it is reached. Only together do they name a
/// host: those with a region alone were switched off in April 2026.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    region: String,
    edge: String,
}

impl Region {
    /// Such as `ie1` by way of `dublin`.
    pub fn new(region: &str, edge: &str) -> Result<Self, ConfigError> {
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
            Err(ConfigError::NotARegion)
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
            && url.password().is_none();
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

impl Endpoint {
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
            Self::Regional(Region { region, edge }) => {
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
            connect_timeout: Duration::from_secs(5),
            answer_timeout: Duration::from_secs(10),
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

    /// Reads the `TWILIO_*` names and `TUILIO_API_URL`, by whatever `lookup` is: usually
    /// `|name| std::env::var(name).ok()`. An empty value counts as unset. The credentials are taken as
    /// a whole: key and secret if there are any, else the token, and half a set is an error.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let set = |name: &str| value(&lookup, name);
        let credentials = match (set(API_KEY), set(API_SECRET), set(AUTH_TOKEN)) {
            (Some(key), Some(secret), _) => Some(Credentials::ApiKey {
                sid: sid(API_KEY, &key)?,
                secret: Secret::new(secret),
            }),
            (Some(_), None, _) => {
                return Err(ConfigError::Incomplete {
                    missing: API_SECRET,
                });
            }
            (None, Some(_), _) => return Err(ConfigError::Incomplete { missing: API_KEY }),
            (None, None, Some(token)) => Some(Credentials::AuthToken(Secret::new(token))),
            (None, None, None) => None,
        };
        let (account_sid, credentials) = match (set(ACCOUNT_SID), credentials) {
            (Some(account), Some(credentials)) => (sid(ACCOUNT_SID, &account)?, credentials),
            (None, None) => return Err(ConfigError::NotSet),
            (None, Some(_)) => {
                return Err(ConfigError::Incomplete {
                    missing: ACCOUNT_SID,
                });
            }
            (Some(_), None) => {
                return Err(ConfigError::Incomplete {
                    missing: "TWILIO_API_KEY with TWILIO_API_SECRET, or TWILIO_AUTH_TOKEN,",
                });
            }
        };
        Ok(Self {
            sender: sender_from_env(&lookup)?,
            verify_service: verify_service_from_env(&lookup)?,
            endpoint: endpoint_from_env(&lookup)?,
            ..Self::new(account_sid, credentials)
        })
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

/// The default sender of the environment: the Messaging Service, else the number.
pub fn sender_from_env(
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Option<Sender>, ConfigError> {
    if let Some(service) = value(&lookup, MESSAGING_SERVICE) {
        return Ok(Some(Sender::Service(sid(MESSAGING_SERVICE, &service)?)));
    }
    value(&lookup, FROM_NUMBER)
        .map(|from| parse_sender(&from))
        .transpose()
}

/// The default Verify service of the environment.
pub fn verify_service_from_env(
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Option<VerifyServiceSid>, ConfigError> {
    value(&lookup, VERIFY_SERVICE)
        .map(|service| sid(VERIFY_SERVICE, &service))
        .transpose()
}

/// Where the environment sends requests: an origin, a region, or Twilio's own hosts.
pub fn endpoint_from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Endpoint, ConfigError> {
    let set = |name: &str| value(&lookup, name);
    let regional = match (set(REGION), set(EDGE)) {
        (None, None) => None,
        (Some(region), None) if region == HOME_REGION => Some(Endpoint::Twilio),
        (Some(_), None) => return Err(ConfigError::Incomplete { missing: EDGE }),
        (region, Some(edge)) => Some(Endpoint::Regional(Region::new(
            region.as_deref().unwrap_or(HOME_REGION),
            &edge,
        )?)),
    };
    match (set(API_URL), regional) {
        (Some(_), Some(_)) => Err(ConfigError::RegionWithOrigin),
        (Some(origin), None) => Ok(Endpoint::Origin(Origin::parse(&origin)?)),
        (None, regional) => Ok(regional.unwrap_or_default()),
    }
}

/// What stands after a name, if that is anything.
fn value(lookup: &impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    let text = lookup(name)?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn sid<T: std::str::FromStr<Err = NotASid>>(
    name: &'static str,
    text: &str,
) -> Result<T, ConfigError> {
    text.parse()
        .map_err(|source| ConfigError::NotASid { name, source })
}

/// A number, a short code or a name (Messages resource, `From`).
fn parse_sender(text: &str) -> Result<Sender, ConfigError> {
    if let Ok(number) = PhoneNumber::from_e164(text) {
        return Ok(Sender::Number(number));
    }
    let short_code = (3..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let name = text.len() <= 11
        && text.bytes().any(|b| b.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b" -_&".contains(&b));
    if short_code || name {
        Ok(Sender::Name(text.to_owned()))
    } else {
        Err(ConfigError::NotASender)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AC: &str = "AC0123456789abcdef0123456789abcdef";
    const SK: &str = "SK0123456789abcdef0123456789abcdef";
    const MG: &str = "MG0123456789abcdef0123456789abcdef";
    const VA: &str = "VA0123456789abcdef0123456789abcdef";

    fn from(pairs: &[(&str, &str)]) -> Result<TwilioConfig, ConfigError> {
        TwilioConfig::from_env(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn key_and_secret_beat_a_token() {
        let config = from(&[
            (ACCOUNT_SID, AC),
            (AUTH_TOKEN, "token"),
            (API_KEY, SK),
            (API_SECRET, "hush"),
            (MESSAGING_SERVICE, MG),
            (FROM_NUMBER, "+14155550123"),
            (VERIFY_SERVICE, VA),
        ])
        .unwrap();
        assert_eq!(config.basic_auth().username, SK);
        assert_eq!(config.basic_auth().password.expose(), "hush");
        assert_eq!(config.sender, Some(Sender::Service(MG.parse().unwrap())));
        assert_eq!(config.verify_service, Some(VA.parse().unwrap()));
        assert!(!format!("{config:?}").contains("hush"));
    }

    #[test]
    fn half_a_set_names_what_is_missing() {
        for (pairs, missing) in [
            (
                vec![(ACCOUNT_SID, AC)],
                Some("TWILIO_API_KEY with TWILIO_API_SECRET, or TWILIO_AUTH_TOKEN,"),
            ),
            (vec![(AUTH_TOKEN, "t")], Some(ACCOUNT_SID)),
            (
                vec![(ACCOUNT_SID, AC), (API_KEY, SK), (AUTH_TOKEN, "t")],
                Some(API_SECRET),
            ),
            (vec![(ACCOUNT_SID, AC), (API_SECRET, "s")], Some(API_KEY)),
            (
                vec![(ACCOUNT_SID, AC), (AUTH_TOKEN, "t"), (REGION, "ie1")],
                Some(EDGE),
            ),
            (
                vec![(ACCOUNT_SID, ""), (AUTH_TOKEN, " "), (API_KEY, "")],
                None,
            ),
        ] {
            let expected = missing.map_or(ConfigError::NotSet, |missing| ConfigError::Incomplete {
                missing,
            });
            assert_eq!(from(&pairs), Err(expected), "{pairs:?}");
        }
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_named_and_not_repeated() {
        let error = from(&[(ACCOUNT_SID, "hunter2"), (AUTH_TOKEN, "t")]).unwrap_err();
        assert!(error.to_string().contains(ACCOUNT_SID));
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }

    #[test]
    fn addresses_follow_region_edge_and_origin() {
        for (extra, url) in [
            (vec![], "https://verify.twilio.com/v2"),
            (vec![(REGION, "us1")], "https://verify.twilio.com/v2"),
            (
                vec![(EDGE, "dublin")],
                "https://verify.dublin.us1.twilio.com/v2",
            ),
            (
                vec![(EDGE, "dublin"), (REGION, "ie1")],
                "https://verify.dublin.ie1.twilio.com/v2",
            ),
            (
                vec![(API_URL, "http://127.0.0.1:8080/")],
                "http://127.0.0.1:8080/v2",
            ),
        ] {
            let pairs: Vec<_> = [(ACCOUNT_SID, AC), (AUTH_TOKEN, "t")]
                .into_iter()
                .chain(extra)
                .collect();
            let config = from(&pairs).unwrap();
            assert_eq!(config.url(Host::Verify, "/v2"), url);
        }
    }

    #[test]
    fn a_region_is_no_way_to_another_host() {
        for edge in ["evil.example/", "a.b", "", "UP", "x@evil", "-x"] {
            assert_eq!(Region::new("us1", edge), Err(ConfigError::NotARegion));
        }
        assert_eq!(
            from(&[
                (ACCOUNT_SID, AC),
                (AUTH_TOKEN, "t"),
                (EDGE, "dublin"),
                (API_URL, "http://localhost:1"),
            ]),
            Err(ConfigError::RegionWithOrigin)
        );
    }

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
    fn a_sender_is_a_number_a_short_code_or_a_name() {
        for (text, right) in [
            ("+14155550123", true),
            ("12345", true),
            ("Shop 24", true),
            ("A name too long", false),
            ("12", false),
            ("+1415", false),
        ] {
            assert_eq!(parse_sender(text).is_ok(), right, "{text}");
        }
    }
}
