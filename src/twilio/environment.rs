//! The configuration that stands in the environment, under the names of Twilio's own tools.
//!
//! The credentials are taken as a whole or not at all, so that a key of one account never meets the
//! secret of another; an empty value counts as unset. The environment itself is handed in as a
//! function: nothing here reads it.

use super::config::{
    ConfigError, Credentials, Endpoint, HOME_REGION, Origin, Region, TwilioConfig,
};
use crate::domain::connection::Keys;
use crate::domain::message::Sender;
use crate::domain::phone::PhoneNumber;
use crate::domain::secret::Secret;
use crate::domain::sid::{NotASid, VerifyServiceSid};

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

impl TwilioConfig {
    /// Reads the `TWILIO_*` names and `TUILIO_API_URL`, by whatever `lookup` is: usually
    /// `|name| std::env::var(name).ok()`. An empty value counts as unset. The credentials are taken as
    /// a whole: key and secret if there are any, else the token, and half a set is an error.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let Keys {
            account_sid,
            credentials,
            ..
        } = keys_from_env(&lookup)?.ok_or(ConfigError::NotSet)?;
        Ok(Self {
            sender: sender_from_env(&lookup)?,
            verify_service: verify_service_from_env(&lookup)?,
            endpoint: endpoint_from_env(&lookup)?,
            ..Self::new(account_sid, credentials)
        })
    }
}

/// The account of the environment and the keys to it, as a whole; none where nothing of them is set.
pub fn keys_from_env(lookup: impl Fn(&str) -> Option<String>) -> Result<Option<Keys>, ConfigError> {
    let set = |name: &str| value(&lookup, name);
    let missing = |missing| Err(ConfigError::Incomplete { missing });
    let credentials = match (set(API_KEY), set(API_SECRET), set(AUTH_TOKEN)) {
        (Some(key), Some(secret), _) => Some(Credentials::ApiKey {
            sid: sid(API_KEY, &key)?,
            secret: Secret::new(secret),
        }),
        (Some(_), None, _) => return missing(API_SECRET),
        (None, Some(_), _) => return missing(API_KEY),
        (None, None, Some(token)) => Some(Credentials::AuthToken(Secret::new(token))),
        (None, None, None) => None,
    };
    match (set(ACCOUNT_SID), credentials) {
        (Some(account), Some(credentials)) => Ok(Some(Keys {
            account_sid: sid(ACCOUNT_SID, &account)?,
            credentials,
            region: None,
        })),
        (None, None) => Ok(None),
        (None, Some(_)) => missing(ACCOUNT_SID),
        (Some(_), None) => missing("TWILIO_API_KEY with TWILIO_API_SECRET, or TWILIO_AUTH_TOKEN,"),
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
        (region, edge) => Some(regional(region.as_deref(), edge.as_deref())?),
    };
    match (set(API_URL), regional) {
        (Some(_), Some(_)) => Err(ConfigError::RegionWithOrigin),
        (Some(origin), None) => Ok(Endpoint::Origin(Origin::parse(&origin)?)),
        (None, regional) => Ok(regional.unwrap_or_default()),
    }
}

/// The hosts of a region, by an edge. An edge alone leads to the home region; a region alone, other
/// than that, leads nowhere.
pub fn regional(region: Option<&str>, edge: Option<&str>) -> Result<Endpoint, ConfigError> {
    match (region, edge) {
        (None | Some(HOME_REGION), None) => Ok(Endpoint::Twilio),
        (Some(_), None) => Err(ConfigError::Incomplete { missing: EDGE }),
        (region, Some(edge)) => Ok(Endpoint::Regional(Region::new(
            region.unwrap_or(HOME_REGION),
            edge,
        )?)),
    }
}

/// What stands after a name, if that is anything: white space around it is a mistake of a paste.
pub fn value(lookup: &impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
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
    use crate::twilio::wire::Host;

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
    fn a_region_and_an_origin_exclude_each_other() {
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
