//! The account itself, its money and its numbers (Core API 2010-04-01).

use serde_json::{Map, Value, json};

use super::World;
use super::answer::{Answer, Refusal};
use super::dates;
use super::paging::Page;
use crate::twilio::wire::Request;

/// A number that the account owns.
#[derive(Clone)]
pub(super) struct OwnedNumber {
    pub(super) sid: String,
    pub(super) number: &'static str,
    pub(super) name: &'static str,
    pub(super) sms: bool,
    pub(super) kind: &'static str,
}

/// The number of the first line: it sends, and the first Messaging Service picks it.
pub(super) const FROM_NUMBER: &str = "+12025550142";

impl OwnedNumber {
    /// A local number, a toll-free one, and one for calls alone.
    pub(super) fn all(mut sid: impl FnMut() -> String) -> Vec<Self> {
        [
            (FROM_NUMBER, "Acme Support", true, "local"),
            ("+18885550123", "Acme toll-free", true, "toll-free"),
            (
                "+13125550164",
                "Acme switchboard (voice only)",
                false,
                "local",
            ),
        ]
        .into_iter()
        .map(|(number, name, sms, kind)| Self {
            sid: sid(),
            number,
            name,
            sms,
            kind,
        })
        .collect()
    }
}

/// What lies below an account: names of links and their paths.
const SUBRESOURCES: [(&str, &str); 3] = [
    ("balance", "Balance"),
    ("incoming_phone_numbers", "IncomingPhoneNumbers"),
    ("messages", "Messages"),
];

impl World {
    /// Path of the account, without an extension.
    pub(super) fn account_path(&self) -> String {
        format!("/2010-04-01/Accounts/{}", self.credentials.account_sid)
    }

    fn account(&self) -> Value {
        let path = self.account_path();
        let links: Map<String, Value> = SUBRESOURCES
            .iter()
            .map(|(name, below)| ((*name).to_owned(), json!(format!("{path}/{below}.json"))))
            .collect();
        let date = dates::rfc2822(self.founded);
        json!({
            "sid": self.credentials.account_sid,
            "owner_account_sid": self.credentials.account_sid,
            "friendly_name": "Acme Support",
            "status": "active",
            "type": if self.is_trial() { "Trial" } else { "Full" },
            "auth_token": self.credentials.auth_token.expose(),
            "date_created": date,
            "date_updated": date,
            "uri": format!("{path}.json"),
            "subresource_uris": links,
        })
    }

    pub(super) fn fetch_account(&self) -> Answer {
        Answer::ok(self.account())
    }

    pub(super) fn list_accounts(&self, request: &Request) -> Answer {
        let page = Page::cut(request, 50, &[0]);
        let items = vec![self.account()].drain(page.range()).collect();
        Answer::ok(page.relative("accounts", items))
    }

    pub(super) fn fetch_balance(&self) -> Answer {
        Answer::ok(json!({
            "account_sid": self.credentials.account_sid,
            "balance": "25.41",
            "currency": "USD",
        }))
    }

    pub(super) fn list_numbers(&self, request: &Request) -> Answer {
        let named = |number: &OwnedNumber| {
            request
                .query_value("FriendlyName")
                .is_none_or(|name| name == number.name)
                && request
                    .query_value("PhoneNumber")
                    .is_none_or(|pattern| like(pattern, number.number))
        };
        let numbers: Vec<_> = self.numbers.iter().filter(|n| named(n)).collect();
        let page = Page::cut(request, 50, &serials(numbers.len()));
        let items = numbers[page.range()]
            .iter()
            .map(|number| self.number(number))
            .collect();
        Answer::ok(page.relative("incoming_phone_numbers", items))
    }

    pub(super) fn fetch_number(&self, sid: &str, path: &str) -> Result<Answer, Refusal> {
        self.numbers
            .iter()
            .find(|number| number.sid == sid)
            .map(|number| Answer::ok(self.number(number)))
            .ok_or_else(|| Refusal::not_found(path))
    }

    fn number(&self, number: &OwnedNumber) -> Value {
        let date = dates::rfc2822(self.founded);
        json!({
            "sid": number.sid,
            "account_sid": self.credentials.account_sid,
            "phone_number": number.number,
            "friendly_name": number.name,
            "capabilities": {"voice": true, "sms": number.sms, "mms": number.sms, "fax": false},
            "status": "in-use",
            "type": number.kind,
            "origin": "twilio",
            "beta": false,
            "address_requirements": "none",
            "address_sid": null,
            "bundle_sid": null,
            "identity_sid": null,
            "api_version": "2010-04-01",
            "sms_application_sid": null,
            "sms_fallback_method": "POST",
            "sms_fallback_url": null,
            "sms_method": "POST",
            "sms_url": null,
            "status_callback": null,
            "status_callback_method": "POST",
            "trunk_sid": null,
            "voice_application_sid": null,
            "voice_caller_id_lookup": false,
            "voice_fallback_method": "POST",
            "voice_fallback_url": null,
            "voice_method": "POST",
            "voice_receive_mode": "voice",
            "voice_url": null,
            "emergency_status": "Inactive",
            "emergency_address_sid": null,
            "emergency_address_status": "unregistered",
            "date_created": date,
            "date_updated": date,
            "uri": format!("{}/IncomingPhoneNumbers/{}.json", self.account_path(), number.sid),
        })
    }
}

/// Falling serial numbers for a list that never changes.
pub(super) fn serials(length: usize) -> Vec<u64> {
    (1..=length as u64).rev().collect()
}

/// A part of a number, or a pattern in which `*` stands for one digit.
fn like(pattern: &str, number: &str) -> bool {
    let pattern = pattern.as_bytes();
    number.as_bytes().windows(pattern.len().max(1)).any(|part| {
        pattern
            .iter()
            .zip(part)
            .all(|(wanted, digit)| *wanted == b'*' || wanted == digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_numbers_by_any_part() {
        for (pattern, right) in [
            ("+12025550142", true),
            ("202***0142", true),
            ("202***0143", false),
            ("", true),
            ("+120255501421", false),
        ] {
            assert_eq!(like(pattern, FROM_NUMBER), right, "{pattern}");
        }
    }
}
