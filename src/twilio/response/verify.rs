//! The answers of Verify: verifications, sends of codes, services.

use serde::Deserialize;

use super::super::loose::{Loose, items, part};
use super::super::wire::Response;
use super::{Meta, NoReply, Services, body, page};
use crate::domain::message::{ListPage, MessageStatus};
use crate::domain::sid::VerifyServiceSid;
use crate::domain::verification::{
    Attempt, AttemptSummary, Recipient, SendAttempt, Verification, VerificationChannel,
    VerificationKey, VerificationStatus, VerifyService,
};

/// A verification: started, fetched, withdrawn or checked.
pub fn verification(response: &Response) -> Result<Verification, NoReply> {
    body::<VerificationJson>(response)?.into_verification()
}

/// The same, of the one that was asked about: an answer about another one is none.
pub fn verification_of(
    service: &VerifyServiceSid,
    key: &VerificationKey,
) -> impl Fn(&Response) -> Result<Verification, NoReply> {
    move |response| {
        let json: VerificationJson = body(response)?;
        let by_service = json.service_sid.parsed();
        let fits = by_service.is_none_or(|found: VerifyServiceSid| found == *service)
            && match key {
                VerificationKey::Sid(sid) => json.sid.parsed().as_ref() == Some(sid),
                VerificationKey::To(Recipient::Phone(number)) => {
                    let to = json.to.clone().text();
                    to.is_none_or(|to| number.may_be_written(&to))
                }
                // Of an address it is not told in which way Twilio writes it.
                VerificationKey::To(Recipient::Email(_)) => true,
            };
        let denied = json.valid.clone().word().is_some() && !json.valid.is_true();
        let verification = json.into_verification()?;
        let contradicts = denied && verification.status == VerificationStatus::Approved;
        if fits && !contradicts {
            Ok(verification)
        } else {
            Err(NoReply::Unreadable)
        }
    }
}

impl VerificationJson {
    fn into_verification(self) -> Result<Verification, NoReply> {
        let json = self;
        let sid = json.sid.parsed().ok_or(NoReply::Unreadable)?;
        let status = json.status.word().ok_or(NoReply::Unreadable)?;
        Ok(Verification {
            sid,
            status: VerificationStatus::from_wire(&status),
            channel: channel(json.channel),
            to: json.to.foreign().unwrap_or_default(),
            sends: json
                .send_code_attempts
                .into_iter()
                .map(|send| SendAttempt {
                    time: send.time.moment(),
                    sid: send.attempt_sid.parsed(),
                    channel: channel(send.channel),
                })
                .collect(),
            line_type: json.lookup.carrier.kind.word(),
            date_created: json.date_created.moment(),
            date_updated: json.date_updated.moment(),
        })
    }
}

/// A page of sends of codes.
pub fn attempts(response: &Response) -> Result<ListPage<Attempt>, NoReply> {
    #[derive(Deserialize)]
    struct Json {
        attempts: Vec<AttemptJson>,
        meta: Meta,
    }
    let json: Json = body(response)?;
    page(
        json.attempts,
        json.meta.next_page_url,
        AttemptJson::into_attempt,
    )
}

/// Sends in numbers.
pub fn attempt_summary(response: &Response) -> Result<AttemptSummary, NoReply> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Json {
        total_attempts: Loose,
        total_converted: Loose,
        total_unconverted: Loose,
        conversion_rate_percentage: Loose,
    }
    let json: Json = body(response)?;
    Ok(AttemptSummary {
        total: json.total_attempts.parsed().ok_or(NoReply::Unreadable)?,
        converted: json.total_converted.parsed().unwrap_or_default(),
        unconverted: json.total_unconverted.parsed().unwrap_or_default(),
        conversion_rate: json.conversion_rate_percentage.word(),
    })
}

/// One Verify service.
pub fn verify_service(response: &Response) -> Result<VerifyService, NoReply> {
    body::<VerifyServiceJson>(response)?
        .into_service()
        .ok_or(NoReply::Unreadable)
}

/// A page of Verify services.
pub fn verify_services(response: &Response) -> Result<ListPage<VerifyService>, NoReply> {
    let json: Services<VerifyServiceJson> = body(response)?;
    page(
        json.services,
        json.meta.next_page_url,
        VerifyServiceJson::into_service,
    )
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct VerificationJson {
    sid: Loose,
    service_sid: Loose,
    status: Loose,
    valid: Loose,
    channel: Loose,
    to: Loose,
    #[serde(deserialize_with = "items")]
    send_code_attempts: Vec<SendJson>,
    #[serde(deserialize_with = "part")]
    lookup: LookupJson,
    date_created: Loose,
    date_updated: Loose,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SendJson {
    time: Loose,
    channel: Loose,
    attempt_sid: Loose,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LookupJson {
    #[serde(deserialize_with = "part")]
    carrier: CarrierJson,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CarrierJson {
    #[serde(rename = "type")]
    kind: Loose,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AttemptJson {
    sid: Loose,
    verification_sid: Loose,
    service_sid: Loose,
    conversion_status: Loose,
    channel: Loose,
    #[serde(deserialize_with = "part")]
    channel_data: ChannelJson,
    date_created: Loose,
    date_updated: Loose,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ChannelJson {
    to: Loose,
    status: Loose,
    message_status: Loose,
    call_status: Loose,
    error_code: Loose,
    carrier: Loose,
    country: Loose,
}

impl AttemptJson {
    fn into_attempt(self) -> Option<Attempt> {
        let sent = self.channel_data;
        Some(Attempt {
            sid: self.sid.parsed()?,
            verification_sid: self.verification_sid.parsed()?,
            service: self.service_sid.parsed(),
            converted: self
                .conversion_status
                .word()
                .is_some_and(|word| word.eq_ignore_ascii_case("converted")),
            expired: sent.status.word().is_some_and(|word| word == "expired"),
            channel: channel(self.channel),
            to: sent.to.foreign(),
            message_status: sent
                .message_status
                .word()
                .map(|word| MessageStatus::from_wire(&word)),
            call_status: sent.call_status.word(),
            error_code: sent.error_code.parsed(),
            carrier: sent.carrier.foreign(),
            country: sent.country.word(),
            date_created: self.date_created.moment(),
            date_updated: self.date_updated.moment(),
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct VerifyServiceJson {
    sid: Loose,
    friendly_name: Loose,
    code_length: Loose,
    lookup_enabled: Loose,
    skip_sms_to_landlines: Loose,
    do_not_share_warning_enabled: Loose,
    custom_code_enabled: Loose,
}

impl VerifyServiceJson {
    fn into_service(self) -> Option<VerifyService> {
        /// Twilio's own default.
        const CODE_LENGTH: u32 = 6;
        Some(VerifyService {
            sid: self.sid.parsed()?,
            friendly_name: self.friendly_name.foreign().unwrap_or_default(),
            code_length: self
                .code_length
                .parsed()
                .filter(|length| (4..=10).contains(length))
                .unwrap_or(CODE_LENGTH),
            lookup_enabled: self.lookup_enabled.is_true(),
            skip_sms_to_landlines: self.skip_sms_to_landlines.is_true(),
            do_not_share_warning: self.do_not_share_warning_enabled.is_true(),
            custom_code: self.custom_code_enabled.is_true(),
        })
    }
}

fn channel(word: Loose) -> VerificationChannel {
    VerificationChannel::from_wire(&word.word().unwrap_or_default())
}
