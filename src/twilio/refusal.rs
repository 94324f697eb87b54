//! What a response says apart from the resource in it: why it was refused, who to ask about it, when
//! it was made, how long to wait.
//!
//! Errors come in Twilio's own envelope, in that of RFC 9457, as HTML of a gateway, or as nothing at
//! all; each becomes a [`Refusal`]. Invariant: its message is harmless to print and to log. Twilio's
//! sentences often repeat the number they are about, so numbers and addresses are masked.

use serde::Deserialize;

use super::loose::{Loose, moment, object};
use super::wire::Response;
use crate::domain::Timestamp;
use crate::domain::untrusted::{mask_numbers, visible};
use crate::domain::verification::EmailAddress;

/// The longest message that is kept, in characters.
const LONGEST_MESSAGE: usize = 400;

/// An answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Twilio's error code; none where a gateway answered instead.
    pub code: Option<u32>,
    /// HTTP status.
    pub status: u16,
    /// Twilio's sentence, cleaned and masked; ours where there is none.
    pub message: String,
    /// How many seconds to wait, where the answer says so.
    pub retry_after: Option<u32>,
    /// `Twilio-Request-Id`.
    pub request_id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope {
    code: Loose,
    message: Loose,
    title: Loose,
    detail: Loose,
}

impl Refusal {
    /// Reads a response that is not a success, whatever is in it.
    pub fn of(response: &Response) -> Self {
        let envelope: Envelope = object(&response.body).unwrap_or_default();
        let message = [envelope.message, envelope.detail, envelope.title]
            .into_iter()
            .find_map(Loose::text)
            .map_or_else(
                || format!("Twilio answered with status {}", response.status),
                |text| harmless(&text),
            );
        Self {
            code: envelope.code.parsed(),
            status: response.status,
            message,
            retry_after: retry_after(response),
            request_id: request_id(response),
        }
    }
}

/// `Twilio-Request-Id`: what Twilio's support asks for. Nothing else gets through than `RQ` and 32 hex
/// digits, which is what Twilio sends.
pub fn request_id(response: &Response) -> Option<String> {
    let id = response.header("Twilio-Request-Id")?.trim();
    let digits = id.strip_prefix("RQ")?;
    let fits = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| id.to_owned())
}

/// When the answer was made, by the clock of who made it.
pub fn date(response: &Response) -> Option<Timestamp> {
    moment(response.header("Date")?)
}

/// `Retry-After` in seconds. As a date it counts from the `Date` of the same answer: our own clock may
/// be wrong.
pub fn retry_after(response: &Response) -> Option<u32> {
    let text = response.header("Retry-After")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let seconds = moment(text)?.as_second() - date(response)?.as_second();
    Some(u32::try_from(seconds).unwrap_or(0))
}

fn harmless(text: &str) -> String {
    let text: String = visible(text).chars().take(LONGEST_MESSAGE).collect();
    mask_numbers(&mask_addresses(&text))
}

fn mask_addresses(text: &str) -> String {
    text.split(' ')
        .map(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            match EmailAddress::parse(bare) {
                Ok(address) => word.replace(bare, &address.masked()),
                Err(_) => word.to_owned(),
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
        Response {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn every_kind_of_error_body_is_read() {
        for (status, body, code, message) in [
            (
                400,
                r#"{"code":21211,"message":"Invalid 'To' Phone Number: +1415555XXXX","more_info":"https://www.twilio.com/docs/errors/21211","status":400}"#,
                Some(21211),
                "Invalid 'To' Phone Number: +•••••55XXXX",
            ),
            (
                400,
                r#"{"code":"572005","message":"m","details":{"a":[1]}}"#,
                Some(572_005),
                "m",
            ),
            (
                403,
                r#"{"type":"about:blank","title":"Forbidden","status":403,"code":70051,"detail":"Not allowed"}"#,
                Some(70051),
                "Not allowed",
            ),
            (
                502,
                "<html>bad gateway</html>",
                None,
                "Twilio answered with status 502",
            ),
            (503, "", None, "Twilio answered with status 503"),
            (500, "[1,2]", None, "Twilio answered with status 500"),
            (
                500,
                r#"{"code":null,"message":null}"#,
                None,
                "Twilio answered with status 500",
            ),
        ] {
            let refusal = Refusal::of(&response(status, &[], body));
            assert_eq!(
                (refusal.status, refusal.code, refusal.message.as_str()),
                (status, code, message)
            );
        }
    }

    #[test]
    fn a_message_hides_who_it_is_about_and_cannot_act_on_a_terminal() {
        for (text, shown) in [
            (
                "The number +14155550123 is unverified",
                "The number +•••••••••23 is unverified",
            ),
            ("call (415) 555-0123, please", "call (•••) •••-••23, please"),
            ("error 21211 of 2026", "error 21211 of 2026"),
            ("to 'ada@example.org'.", "to 'a••••@example.org'."),
            ("a\u{1b}[2Jb", "a\u{241b}[2Jb"),
        ] {
            assert_eq!(harmless(text), shown);
        }
        assert_eq!(
            harmless(&"x".repeat(5_000)).chars().count(),
            LONGEST_MESSAGE
        );
    }

    #[test]
    fn waiting_times_come_as_seconds_and_as_dates() {
        let date = ("Date", "Wed, 21 Oct 2026 07:28:00 GMT");
        for (header, seconds) in [
            ("7", Some(7)),
            ("Wed, 21 Oct 2026 07:28:30 GMT", Some(30)),
            ("Wed, 21 Oct 2026 07:27:00 GMT", Some(0)),
            ("soon", None),
        ] {
            let response = response(429, &[date, ("retry-after", header)], "");
            assert_eq!(retry_after(&response), seconds, "{header}");
        }
    }

    #[test]
    fn a_request_id_is_one_of_twilios_or_none() {
        let whole = "RQ0123456789abcdef0123456789abcdef";
        for (header, id) in [
            (whole, Some(whole)),
            // What looks like a secret, and what is not whole.
            (&whole[2..], None),
            (&whole[..33], None),
            ("RQ0123456789abcdef0123456789abcdeg", None),
            ("a b\u{1b}", None),
            ("", None),
        ] {
            let response = response(200, &[("twilio-request-id", header)], "");
            assert_eq!(request_id(&response).as_deref(), id);
        }
    }
}
