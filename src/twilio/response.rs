//! From the bytes of a response to a value: one small function for each kind of answer.
//!
//! Pure, and as forgiving as the meaning allows: unknown fields and words, numbers written as text and
//! nulls never fail. What an answer cannot be without (its SID, the array of a list) does fail, for a
//! body that was cut off or came from somebody else must not pass for an empty list. Nothing of an
//! unreadable body is ever quoted, and the token in an account's answer is skipped, not decoded.

mod verify;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::loose::{Loose, items, object, part};
use super::refusal::Refusal;
use super::wire::Response;
use crate::domain::account::{Account, Balance, MessagingService, OwnedNumber};
use crate::domain::lookup::{LineType, Lookup};
use crate::domain::message::{Direction, ListPage, Message, MessageStatus, PageCursor};
use crate::domain::phone::PhoneNumber;

pub use verify::{
    attempt_summary, attempts, verification, verification_of, verify_service, verify_services,
};

/// Why a response gives no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoReply {
    /// It is an error answer.
    Refused(Refusal),
    /// It claims success and cannot be read.
    Unreadable,
}

/// A text: `POST` and `GET` of Messages.
pub fn message(response: &Response) -> Result<Message, NoReply> {
    body::<MessageJson>(response)?
        .into_message()
        .ok_or(NoReply::Unreadable)
}

/// What was asked about: an answer about another one is none.
pub fn about<T>(
    decode: impl Fn(&Response) -> Result<T, NoReply>,
    is_it: impl Fn(&T) -> bool,
) -> impl Fn(&Response) -> Result<T, NoReply> {
    move |response| {
        let found = decode(response)?;
        is_it(&found).then_some(found).ok_or(NoReply::Unreadable)
    }
}

/// A page of texts.
pub fn messages(response: &Response) -> Result<ListPage<Message>, NoReply> {
    #[derive(Deserialize)]
    struct Json {
        messages: Vec<MessageJson>,
        #[serde(deserialize_with = "Option::deserialize")]
        next_page_uri: Option<String>,
    }
    let json: Json = body(response)?;
    page(json.messages, json.next_page_uri, MessageJson::into_message)
}

/// That a text is gone. Twilio says so without a word: a page in its place is somebody else's.
pub fn message_deleted(response: &Response) -> Result<(), NoReply> {
    success(response)?;
    if response.body.trim_ascii().is_empty() {
        Ok(())
    } else {
        Err(NoReply::Unreadable)
    }
}

/// What is known of a number.
pub fn lookup(response: &Response) -> Result<Lookup, NoReply> {
    #[derive(Deserialize)]
    struct Json {
        valid: bool,
        #[serde(default)]
        phone_number: Loose,
        #[serde(default)]
        national_format: Loose,
        #[serde(default)]
        country_code: Loose,
        #[serde(default, deserialize_with = "items")]
        validation_errors: Vec<Loose>,
        #[serde(default, deserialize_with = "part")]
        line_type_intelligence: Option<LineTypeJson>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct LineTypeJson {
        #[serde(rename = "type")]
        kind: Loose,
        carrier_name: Loose,
        error_code: Loose,
    }
    let json: Json = body(response)?;
    Ok(Lookup {
        phone_number: json.phone_number.foreign(),
        national_format: json.national_format.foreign(),
        country_code: json.country_code.word(),
        valid: json.valid,
        validation_errors: json
            .validation_errors
            .into_iter()
            .filter_map(Loose::word)
            .collect(),
        line_type: json.line_type_intelligence.map(|line| LineType {
            kind: line.kind.word(),
            carrier: line.carrier_name.foreign(),
            error_code: line.error_code.parsed(),
        }),
    })
}

/// The account. Its answer carries the auth token, for which there is no field here.
pub fn account(response: &Response) -> Result<Account, NoReply> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Json {
        sid: Loose,
        friendly_name: Loose,
        status: Loose,
        #[serde(rename = "type")]
        kind: Loose,
    }
    let json: Json = body(response)?;
    Ok(Account {
        sid: json.sid.parsed().ok_or(NoReply::Unreadable)?,
        friendly_name: json.friendly_name.foreign().unwrap_or_default(),
        status: json.status.word().unwrap_or_default(),
        is_trial: json
            .kind
            .word()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("trial")),
    })
}

/// What is left to spend.
pub fn balance(response: &Response) -> Result<Balance, NoReply> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Json {
        balance: Loose,
        currency: Loose,
    }
    let json: Json = body(response)?;
    Ok(Balance {
        balance: json.balance.word().ok_or(NoReply::Unreadable)?,
        currency: json.currency.word().unwrap_or_default(),
    })
}

/// A page of the account's numbers. Short codes and what else has no E.164 form are left out.
pub fn numbers(response: &Response) -> Result<ListPage<OwnedNumber>, NoReply> {
    #[derive(Deserialize)]
    struct Json {
        incoming_phone_numbers: Vec<NumberJson>,
        #[serde(deserialize_with = "Option::deserialize")]
        next_page_uri: Option<String>,
    }
    let json: Json = body(response)?;
    let in_e164 = json
        .incoming_phone_numbers
        .into_iter()
        .filter_map(|item| {
            Some((
                PhoneNumber::from_e164(&item.phone_number.clone().text()?).ok()?,
                item,
            ))
        })
        .collect();
    page(in_e164, json.next_page_uri, |(number, item)| {
        Some(OwnedNumber {
            sid: item.sid.parsed()?,
            number,
            friendly_name: item.friendly_name.foreign().unwrap_or_default(),
            sms: item.capabilities.sms.is_true(),
        })
    })
}

/// A page of Messaging Services.
pub fn messaging_services(response: &Response) -> Result<ListPage<MessagingService>, NoReply> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Json {
        sid: Loose,
        friendly_name: Loose,
        us_app_to_person_registered: Loose,
    }
    let json: Services<Json> = body(response)?;
    page(json.services, json.meta.next_page_url, |service| {
        Some(MessagingService {
            sid: service.sid.parsed()?,
            friendly_name: service.friendly_name.foreign().unwrap_or_default(),
            us_registered: service.us_app_to_person_registered.is_true(),
        })
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MessageJson {
    sid: Loose,
    status: Loose,
    direction: Loose,
    to: Loose,
    from: Loose,
    messaging_service_sid: Loose,
    body: Loose,
    error_code: Loose,
    error_message: Loose,
    num_segments: Loose,
    price: Loose,
    price_unit: Loose,
    date_created: Loose,
    date_sent: Loose,
    date_updated: Loose,
}

impl MessageJson {
    fn into_message(self) -> Option<Message> {
        Some(Message {
            sid: self.sid.parsed()?,
            status: MessageStatus::from_wire(&self.status.word()?),
            direction: Direction::from_wire(&self.direction.word().unwrap_or_default()),
            to: self.to.foreign().unwrap_or_default(),
            from: self.from.foreign(),
            messaging_service_sid: self.messaging_service_sid.parsed(),
            body: self.body.foreign().unwrap_or_default(),
            error_code: self.error_code.parsed(),
            error_message: self.error_message.foreign(),
            num_segments: self.num_segments.parsed(),
            price: self.price.word(),
            price_unit: self.price_unit.word(),
            date_created: self.date_created.moment(),
            date_sent: self.date_sent.moment(),
            date_updated: self.date_updated.moment(),
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NumberJson {
    sid: Loose,
    phone_number: Loose,
    friendly_name: Loose,
    #[serde(deserialize_with = "part")]
    capabilities: CapabilitiesJson,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CapabilitiesJson {
    #[serde(alias = "SMS")]
    sms: Loose,
}

#[derive(Deserialize)]
struct Services<T> {
    services: Vec<T>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(deserialize_with = "Option::deserialize")]
    next_page_url: Option<String>,
}

fn success(response: &Response) -> Result<(), NoReply> {
    if response.is_success() {
        Ok(())
    } else {
        Err(NoReply::Refused(Refusal::of(response)))
    }
}

fn body<T: DeserializeOwned>(response: &Response) -> Result<T, NoReply> {
    success(response)?;
    object(&response.body).ok_or(NoReply::Unreadable)
}

/// A page of which every item is readable, and where it goes on: what is silently left out would later count as
/// never sent.
fn page<J, T>(
    items: Vec<J>,
    next: Option<String>,
    read: impl Fn(J) -> Option<T>,
) -> Result<ListPage<T>, NoReply> {
    let items = items.into_iter().map(read).collect::<Option<Vec<_>>>();
    let next = next.filter(|link| !link.is_empty());
    Ok(ListPage {
        items: items.ok_or(NoReply::Unreadable)?,
        next: next
            .map(|link| cursor(&link).ok_or(NoReply::Unreadable))
            .transpose()?,
    })
}

/// Path and query of a link to the next page, relative or absolute. Its host is dropped: wherever an
/// answer points to, the credentials go where the configuration says.
fn cursor(link: &str) -> Option<PageCursor> {
    let path = match link.split_once("://") {
        Some((_, rest)) => &rest[rest.find('/')?..],
        None => link,
    };
    (path.starts_with('/') && !path.starts_with("//")).then(|| PageCursor(path.to_owned()))
}

#[cfg(test)]
#[path = "response_tests.rs"]
mod tests;
