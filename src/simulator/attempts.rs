//! Verification attempts: every send of a code, and the only place that tells whether it arrived
//! (Verify v2).

use serde_json::{Map, Value, json};

use super::World;
use super::answer::{Answer, Refusal};
use super::dates;
use super::paging::Page;
use super::recipient::Line;
use super::starting::network;
use super::timeline::Timeline;
use crate::domain::{MessageStatus, Timestamp, VerificationChannel};
use crate::twilio::wire::Request;

/// One send of a code.
#[derive(Clone)]
pub(super) struct Attempt {
    pub(super) sid: String,
    pub(super) service: String,
    pub(super) verification: String,
    pub(super) channel: VerificationChannel,
    pub(super) to: String,
    pub(super) created: Timestamp,
    pub(super) delivery: Delivery,
    pub(super) error_code: Option<u32>,
    pub(super) converted: Option<Timestamp>,
    pub(super) expires: Timestamp,
    pub(super) code_length: usize,
    pub(super) locale: String,
    pub(super) country: Option<String>,
    pub(super) line: Line,
    pub(super) carrier: Option<String>,
}

/// How a send travels.
#[derive(Clone)]
pub(super) enum Delivery {
    /// As a text or on WhatsApp.
    Text(Timeline<MessageStatus>),
    /// As a call.
    Call(Timeline<&'static str>),
    /// As an email, of which nothing is reported.
    Email,
}

impl Delivery {
    pub(super) fn moments(&self) -> Vec<Timestamp> {
        match self {
            Self::Text(timeline) => timeline.moments().collect(),
            Self::Call(timeline) => timeline.moments().collect(),
            Self::Email => Vec::new(),
        }
    }

    fn since(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Text(timeline) => Some(timeline.now(now).0),
            Self::Call(timeline) => Some(timeline.now(now).0),
            Self::Email => None,
        }
    }
}

impl Attempt {
    fn standing(&self, now: Timestamp) -> &'static str {
        if self.converted.is_some() {
            "confirmed"
        } else if now >= self.expires {
            "expired"
        } else {
            "unconfirmed"
        }
    }

    fn conversion(&self) -> &'static str {
        if self.converted.is_some() {
            "converted"
        } else {
            "unconverted"
        }
    }

    fn channel_data(&self, now: Timestamp) -> Value {
        let mut data = Map::new();
        let mut put = |name: &str, value: Value| data.insert(name.to_owned(), value);
        put("verification_sid", json!(self.verification));
        put("to", json!(self.to));
        put("status", json!(self.standing(now)));
        put("code_length", json!(self.code_length));
        put("locale", json!(self.locale));
        match &self.delivery {
            Delivery::Text(timeline) => {
                let status = &timeline.now(now).1;
                let broken = matches!(status, MessageStatus::Undelivered | MessageStatus::Failed);
                put("message_status", json!(status.as_str()));
                let code = self.error_code.filter(|_| broken);
                put("error_code", json!(code.map(|code| code.to_string())));
            }
            Delivery::Call(timeline) => {
                put("call_status", json!(timeline.now(now).1));
                put("error_code", Value::Null);
            }
            Delivery::Email => {}
        }
        if let Some(carrier) = &self.carrier {
            let (mcc, mnc) = network(self.country.as_deref(), self.line);
            put("country", json!(self.country));
            put("mcc", json!(mcc));
            put("mnc", json!(mnc));
            put("carrier", json!(carrier));
        }
        Value::Object(data)
    }

    /// What the channel cost; it is known a few seconds later.
    fn price(&self, now: Timestamp) -> Value {
        if now < dates::after(self.created, 4000) {
            return Value::Null;
        }
        let value = match self.channel {
            VerificationChannel::Call => "0.013",
            VerificationChannel::Email => "0.000",
            _ => "0.008",
        };
        json!({"value": value, "currency": "usd"})
    }

    fn updated(&self, now: Timestamp) -> Timestamp {
        [self.converted, self.delivery.since(now)]
            .into_iter()
            .flatten()
            .max()
            .unwrap_or(self.created)
    }
}

impl World {
    fn attempt(&self, attempt: &Attempt) -> Value {
        json!({
            "sid": attempt.sid,
            "account_sid": self.credentials.account_sid,
            "service_sid": attempt.service,
            "verification_sid": attempt.verification,
            "date_created": dates::iso(attempt.created),
            "date_updated": dates::iso(attempt.updated(self.now)),
            "conversion_status": attempt.conversion(),
            "channel": attempt.channel.as_str(),
            "price": attempt.price(self.now),
            "channel_data": attempt.channel_data(self.now),
            "url": format!("{}/v2/Attempts/{}", self.origin, attempt.sid),
        })
    }

    pub(super) fn fetch_attempt(&self, sid: &str, path: &str) -> Result<Answer, Refusal> {
        self.attempts
            .find(sid)
            .map(|attempt| Answer::ok(self.attempt(attempt)))
            .ok_or_else(|| Refusal::not_found(path))
    }

    pub(super) fn list_attempts(&self, request: &Request) -> Answer {
        let (serials, attempts): (Vec<u64>, Vec<&Attempt>) = self.wanted(request).unzip();
        let page = Page::cut(request, 50, &serials);
        let items = attempts[page.range()]
            .iter()
            .map(|attempt| self.attempt(attempt))
            .collect();
        Answer::ok(page.absolute(&self.origin, "attempts", items))
    }

    pub(super) fn summarise_attempts(&self, request: &Request) -> Answer {
        let (mut total, mut converted) = (0_u64, 0_u64);
        for (_, attempt) in self.wanted(request) {
            total += 1;
            converted += u64::from(attempt.converted.is_some());
        }
        // Nine decimals, as the documentation shows, without a detour through binary fractions.
        let share = (converted * 100_000_000_000)
            .checked_div(total)
            .unwrap_or(0);
        Answer::ok(json!({
            "total_attempts": total,
            "total_converted": converted,
            "total_unconverted": total - converted,
            "conversion_rate_percentage":
                format!("{}.{:09}", share / 1_000_000_000, share % 1_000_000_000),
            "url": format!("{}/v2/Attempts/Summary", self.origin),
        }))
    }

    /// What the filters of list and summary leave, newest first.
    fn wanted<'a>(&'a self, request: &'a Request) -> impl Iterator<Item = (u64, &'a Attempt)> {
        let given = |name: &str| request.query_value(name).filter(|text| !text.is_empty());
        let is = move |name: &str, value: &str| {
            given(name).is_none_or(|wanted| wanted.eq_ignore_ascii_case(value))
        };
        let after = given("DateCreatedAfter").and_then(dates::span);
        let before = given("DateCreatedBefore").and_then(dates::span);
        let prefix = given("DestinationPrefix");
        self.attempts.newest_first().filter(move |(_, attempt)| {
            is("VerifyServiceSid", &attempt.service)
                && is("VerificationSid", &attempt.verification)
                && is("ChannelData.To", &attempt.to)
                && is("Channel", attempt.channel.as_str())
                && is("Status", attempt.conversion())
                && is("Country", attempt.country.as_deref().unwrap_or_default())
                && prefix.is_none_or(|prefix| attempt.to.starts_with(prefix))
                && after.is_none_or(|(first, _)| attempt.created >= first)
                && before.is_none_or(|(_, last)| attempt.created <= last)
        })
    }
}
