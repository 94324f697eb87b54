//! How a code comes to a phone: what is refused at once, and what is sent again.
//!
//! While a verification is alive, starting it again sends the same code under the same SID and does not
//! set the clock back. The code lies on the pretend phone before the answer is given, unless the scene
//! delays it or the recipient is out of reach.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::World;
use super::answer::{Answer, Refusal};
use super::attempts::{Attempt, Delivery};
use super::codes;
use super::dates;
use super::numbers;
use super::phones::{PhoneItem, PhoneItemKind};

use super::recipient::{CallEnd, Line, Recipient};
use super::sending::travel;
use super::services::VerifyService;
use super::timeline::Timeline;
use super::verify::{Send, Verification};
use super::wording::{kind, sender, words};
use crate::domain::verification::{EmailAddress, MAX_CHECKS, MAX_SENDS};
use crate::domain::{MessageStatus, Timestamp, VerificationChannel};
use crate::twilio::wire::Request;

/// Languages that a message can be asked for, after the service's documentation.
const LOCALES: [&str; 44] = [
    "af", "ar", "ca", "zh", "zh-CN", "zh-HK", "hr", "cs", "da", "nl", "en", "en-GB", "et", "fi",
    "fr", "de", "el", "he", "hi", "hu", "id", "it", "ja", "kn", "ko", "lt", "ms", "mr", "nb", "pl",
    "pt", "pt-BR", "ro", "ru", "sk", "es", "sv", "tl", "te", "th", "tr", "uk", "vi", "bg",
];
/// A text with a code waits no longer than its code is good.
const VALIDITY: u64 = 600;

/// A start that may be done.
pub(super) struct Start<'a> {
    pub(super) to: &'a str,
    pub(super) channel: VerificationChannel,
    pub(super) locale: &'a str,
    pub(super) name: &'a str,
    pub(super) custom_code: Option<&'a str>,
}

impl World {
    pub(super) fn start_verification(
        &mut self,
        service: &str,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        let service = self.find_verify_service(service, &request.path)?.clone();
        let start = read_start(&service, request)?;
        let recipient = self.scene.recipient(start.to);
        self.check_reach(&service, &start, &recipient, request)?;

        let key = (service.sid.clone(), start.to.to_owned());
        if let Some(earlier) = recipient.earlier
            && !self.latest.contains_key(&key)
        {
            self.colleague_began(&service, &start, &recipient, earlier);
        }
        let alive = self
            .latest
            .get(&key)
            .and_then(|sid| self.verifications.find(sid))
            .filter(|found| found.is_alive(self.now));
        let sid = match alive {
            Some(found) if found.sends.len() >= MAX_SENDS as usize => {
                return Err(Refusal::new(429, 60203, "Max send attempts reached"));
            }
            Some(found) if found.checks >= MAX_CHECKS => {
                return Err(Refusal::new(429, 60202, "Max check attempts reached"));
            }
            Some(found) => found.sid.clone(),
            None => {
                let sid = self.open(&service, &start, &recipient);
                self.expect_colleague(&sid, &recipient);
                sid
            }
        };
        self.send_code(&sid, &service, &start, &recipient);
        self.verifications
            .find(&sid)
            .map(|found| Answer::created(self.verification(found)))
            .ok_or_else(|| Refusal::not_found(&request.path))
    }

    /// Whether Verify sends to that recipient by that way at all.
    fn check_reach(
        &self,
        service: &VerifyService,
        start: &Start<'_>,
        recipient: &Recipient,
        request: &Request,
    ) -> Result<(), Refusal> {
        let refused = |code: u32, message: &str| Refusal::new(codes::status(code), code, message);
        match start.channel {
            VerificationChannel::Email if !self.scene.verify.email => {
                return Err(refused(60217, "No email integration is set up"));
            }
            VerificationChannel::WhatsApp if !self.scene.verify.whatsapp => {
                return Err(refused(68008, "WhatsApp is not set up for this service"));
            }
            _ => {}
        }
        if start.channel != VerificationChannel::Email && !self.may_be_reached(start.to) {
            return Err(refused(21608, codes::sentence(21608)));
        }
        let guarded = request.form_value("RiskCheck") != Some("disable");
        if let Some(no) = &recipient.verify_refused
            && no
                .channels
                .iter()
                .any(|word| word == start.channel.as_str())
            && (guarded || no.code != 60410)
            && start.channel != VerificationChannel::Email
        {
            return Err(refused(no.code, codes::sentence(no.code)));
        }
        if start.channel == VerificationChannel::Sms
            && service.lookup
            && recipient.line == Line::Landline
        {
            return Err(refused(60205, codes::sentence(60205)));
        }
        Ok(())
    }

    pub(super) fn open(
        &mut self,
        service: &VerifyService,
        start: &Start<'_>,
        recipient: &Recipient,
    ) -> String {
        let sid = self.dice.sid("VE");
        if recipient.old_code && start.channel != VerificationChannel::Email {
            self.leave_old_code(service, start);
        }
        let code = match start.custom_code {
            Some(code) => code.to_owned(),
            None => self.dice.code(service.code_length),
        };
        let lives = recipient
            .code_lives_seconds
            .unwrap_or(self.scene.verify.validity_seconds);
        let expires = dates::after(self.now, lives * 1000);
        self.agenda.insert(expires);
        let looked_up = service.lookup && start.channel != VerificationChannel::Email;
        let verification = Verification {
            sid: sid.clone(),
            service: service.sid.clone(),
            to: start.to.to_owned(),
            channel: start.channel.clone(),
            code,
            created: self.now,
            updated: self.now,
            expires,
            sends: Vec::new(),
            checks: 0,
            closed: None,
            carrier: looked_up.then(|| carrier(start.to, recipient)),
        };
        self.verifications.put(&sid, verification);
        let key = (service.sid.clone(), start.to.to_owned());
        self.latest.insert(key, sid.clone());
        sid
    }

    /// An hour ago the same customer got another code, and has it still.
    fn leave_old_code(&mut self, service: &VerifyService, start: &Start<'_>) {
        if self.phone(start.to).next().is_some() {
            return;
        }
        let code = self.dice.code(service.code_length);
        let at = self
            .now
            .saturating_sub(SignedDuration::from_hours(1))
            .unwrap_or(self.now);
        self.phones.push(PhoneItem {
            kind: PhoneItemKind::Sms,
            from: "Verify".to_owned(),
            to: start.to.to_owned(),
            body: words(service, start, &code),
            code: Some(code),
            at,
        });
    }

    pub(super) fn send_code(
        &mut self,
        sid: &str,
        service: &VerifyService,
        start: &Start<'_>,
        recipient: &Recipient,
    ) {
        let now = self.now;
        let attempt = self.dice.sid("VL");
        let Some(verification) = self.verifications.find_mut(sid) else {
            return;
        };
        verification.channel = start.channel.clone();
        verification.updated = now;
        verification.sends.push(Send {
            at: now,
            channel: start.channel.clone(),
            attempt: attempt.clone(),
        });
        let (code, expires) = (verification.code.clone(), verification.expires);

        let (delivery, error_code) = deliver(&start.channel, recipient, now);
        self.agenda.extend(delivery.moments());
        let arrives = delivery.arrives() && !recipient.elsewhere;
        let phone = start.channel != VerificationChannel::Email;
        let country = phone.then(|| numbers::country(start.to)).flatten();
        self.attempts.put(
            &attempt,
            Attempt {
                sid: attempt.clone(),
                service: service.sid.clone(),
                verification: sid.to_owned(),
                channel: start.channel.clone(),
                to: start.to.to_owned(),
                created: now,
                delivery,
                error_code,
                converted: None,
                expires,
                code_length: code.len(),
                locale: start.locale.to_owned(),
                country,
                line: recipient.line,
                carrier: phone.then(|| recipient.carrier().to_owned()),
            },
        );
        if arrives {
            let item = PhoneItem {
                kind: kind(&start.channel),
                from: sender(&start.channel).to_owned(),
                to: start.to.to_owned(),
                body: words(service, start, &code),
                code: Some(code),
                at: dates::after(now, self.scene.verify.arrival_seconds * 1000),
            };
            self.send_to_phone(sid, item);
        }
    }
}

fn read_start<'a>(service: &'a VerifyService, request: &'a Request) -> Result<Start<'a>, Refusal> {
    let given = |name: &str| request.form_value(name).filter(|text| !text.is_empty());
    let to = given("To").ok_or_else(|| Refusal::parameter("To"))?;
    let channel = match given("Channel").ok_or_else(|| Refusal::parameter("Channel"))? {
        "sms" | "auto" => VerificationChannel::Sms,
        "call" => VerificationChannel::Call,
        "whatsapp" => VerificationChannel::WhatsApp,
        "email" => VerificationChannel::Email,
        "sna" | "rcs" => {
            return Err(Refusal::new(403, 60223, "The channel is switched off"));
        }
        _ => return Err(Refusal::parameter("Channel")),
    };
    let fits = match channel {
        VerificationChannel::Email => EmailAddress::parse(to).is_ok(),
        _ => numbers::possible(to).is_some(),
    };
    if !fits {
        return Err(Refusal::parameter("To"));
    }
    let locale = given("Locale").unwrap_or("en");
    if !LOCALES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(locale))
    {
        return Err(Refusal::parameter("Locale"));
    }
    if given("CustomMessage").is_some() {
        return Err(Refusal::bad(
            60243,
            "Custom messages are no longer supported",
        ));
    }
    if given("TemplateSid").is_some() {
        return Err(Refusal::bad(60228, "There is no such template"));
    }
    if given("Tags").is_some_and(|tags| !are_tags(tags)) {
        return Err(Refusal::parameter("Tags"));
    }
    let custom_code = given("CustomCode");
    if let Some(code) = custom_code {
        if !service.custom_code {
            return Err(Refusal::new(403, 60204, "Custom codes are not enabled"));
        }
        if !(4..=10).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Refusal::parameter("CustomCode"));
        }
    }
    Ok(Start {
        to,
        channel,
        locale,
        name: given("CustomFriendlyName").unwrap_or(service.name),
        custom_code,
    })
}

/// At most ten short labels.
fn are_tags(text: &str) -> bool {
    let short = |word: &str| word.chars().count() <= 128;
    serde_json::from_str::<std::collections::BTreeMap<String, String>>(text).is_ok_and(|tags| {
        tags.len() <= 10 && tags.iter().all(|(name, value)| short(name) && short(value))
    })
}

/// What becomes of one send.
fn deliver(
    channel: &VerificationChannel,
    recipient: &Recipient,
    now: Timestamp,
) -> (Delivery, Option<u32>) {
    match channel {
        VerificationChannel::Call => (Delivery::Call(ring(recipient.call, now)), None),
        VerificationChannel::Email => (Delivery::Email, None),
        VerificationChannel::WhatsApp if recipient.line != Line::Mobile => {
            let mut timeline = Timeline::new(now, MessageStatus::Queued);
            timeline.then(dates::after(now, 800), MessageStatus::Failed);
            (Delivery::Text(timeline), Some(63024))
        }
        _ => {
            let mut timeline = Timeline::new(now, MessageStatus::Queued);
            let error_code = travel(&mut timeline, now, &recipient.text, VALIDITY);
            (Delivery::Text(timeline), error_code)
        }
    }
}

fn ring(end: CallEnd, now: Timestamp) -> Timeline<&'static str> {
    let mut timeline = Timeline::new(now, "queued");
    let steps: &[(u64, &str)] = match end {
        CallEnd::Completed => &[
            (1000, "ringing"),
            (4000, "in-progress"),
            (20_000, "completed"),
        ],
        CallEnd::Busy => &[(1000, "ringing"), (3000, "busy")],
        CallEnd::NoAnswer => &[(1000, "ringing"), (30_000, "no-answer")],
        CallEnd::Failed => &[(2000, "failed")],
    };
    for (milliseconds, step) in steps {
        timeline.then(dates::after(now, *milliseconds), *step);
    }
    timeline
}

impl Delivery {
    /// Whether something is on the phone in the end. What is never reported arrives nevertheless.
    fn arrives(&self) -> bool {
        match self {
            Self::Text(timeline) => !matches!(
                timeline.end().1,
                MessageStatus::Undelivered | MessageStatus::Failed
            ),
            Self::Call(timeline) => timeline.end().1 == "completed",
            Self::Email => true,
        }
    }
}

fn carrier(to: &str, recipient: &Recipient) -> Value {
    let (mcc, mnc) = network(numbers::country(to).as_deref(), recipient.line);
    json!({
        "error_code": null,
        "name": recipient.carrier(),
        "mobile_country_code": mcc,
        "mobile_network_code": mnc,
        "type": recipient.line.verify_word(),
    })
}

/// Codes of a mobile network in that country, where we know one.
pub(super) fn network(
    country: Option<&str>,
    line: Line,
) -> (Option<&'static str>, Option<&'static str>) {
    match country.filter(|_| line == Line::Mobile) {
        Some("US") => (Some("311"), Some("180")),
        Some("GB") => (Some("234"), Some("10")),
        Some("DE") => (Some("262"), Some("01")),
        Some("CO") => (Some("732"), Some("103")),
        _ => (None, None),
    }
}
