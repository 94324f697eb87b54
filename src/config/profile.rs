//! A profile: who to be at Twilio. Its secret lies in the vault, under the same name.

use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::domain::sid::{AccountSid, ApiKeySid, MessagingServiceSid, VerifyServiceSid};
use crate::domain::{PhoneNumber, Sender, Untrusted};

/// Who to be at Twilio.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The account.
    #[serde(deserialize_with = "parsed")]
    pub account_sid: AccountSid,
    /// Its name at the time of the login. Foreign text.
    #[serde(default, deserialize_with = "foreign")]
    pub account_name: Option<Untrusted>,
    /// The account was a trial at the time of the login: only verified recipients.
    #[serde(default)]
    pub is_trial: bool,
    /// The API key; without one, the vault holds the account's auth token.
    #[serde(default, deserialize_with = "maybe_parsed")]
    pub key_sid: Option<ApiKeySid>,
    /// Where the keys were checked, and so the only place that they may go to.
    pub origin: Origin,
    /// The service that codes are sent under.
    #[serde(default)]
    pub verify_service: Option<ChosenService>,
    /// Whom texts come from.
    #[serde(default)]
    pub sender: Option<ChosenSender>,
    /// Twilio's region, such as `ie1`.
    #[serde(default)]
    pub region: Option<String>,
    /// Twilio's edge, such as `dublin`.
    #[serde(default)]
    pub edge: Option<String>,
}

/// Where keys were checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// At Twilio.
    Twilio,
    /// At a simulator on this machine.
    Loopback,
}

impl Origin {
    /// The word for it in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Loopback => "loopback",
        }
    }
}

/// A Verify service and the name that it had at the time of the login.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChosenService {
    /// Its identifier.
    #[serde(deserialize_with = "parsed")]
    pub sid: VerifyServiceSid,
    /// Its name. Foreign text.
    #[serde(default, deserialize_with = "foreign")]
    pub name: Option<Untrusted>,
}

/// Whom texts come from: `{ number = … }`, or `{ messaging_service = …, name = … }`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "SenderTable")]
pub enum ChosenSender {
    /// A number that the account owns.
    Number(PhoneNumber),
    /// A Messaging Service.
    MessagingService {
        /// Its identifier.
        sid: MessagingServiceSid,
        /// Its name at the time of the login. Foreign text.
        name: Option<Untrusted>,
    },
}

impl ChosenSender {
    /// The same for a text to be sent.
    pub fn sender(&self) -> Sender {
        match self {
            Self::Number(number) => Sender::Number(number.clone()),
            Self::MessagingService { sid, .. } => Sender::Service(sid.clone()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SenderTable {
    number: Option<String>,
    messaging_service: Option<String>,
    name: Option<String>,
}

impl TryFrom<SenderTable> for ChosenSender {
    type Error = String;

    fn try_from(table: SenderTable) -> Result<Self, String> {
        match (table.number, table.messaging_service, table.name) {
            (Some(number), None, None) => PhoneNumber::from_e164(&number)
                .map(Self::Number)
                .map_err(|error| error.to_string()),
            (None, Some(sid), name) => Ok(Self::MessagingService {
                sid: sid
                    .parse()
                    .map_err(|error: crate::domain::sid::NotASid| error.to_string())?,
                name: name.map(Untrusted::new),
            }),
            _ => Err("a sender has a number, or a messaging_service and its name".to_owned()),
        }
    }
}

/// A value by its text; its own error says what it has to look like, and not what was found.
fn parsed<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: std::fmt::Display>,
{
    String::deserialize(from)?.parse().map_err(D::Error::custom)
}

fn maybe_parsed<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: std::fmt::Display>,
{
    parsed(from).map(Some)
}

fn foreign<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Untrusted>, D::Error> {
    String::deserialize(from).map(|text| Some(Untrusted::new(text)))
}
