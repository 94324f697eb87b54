//! Verifications: read, withdrawn, approved and checked (Verify v2).
//!
//! How a code comes to a phone is in [`starting`](super::starting). Limits are Twilio's: ten minutes,
//! five checks, five sends. What is approved or expired is gone for whoever asks (404, 20404).

use serde_json::{Value, json};

use super::World;
use super::answer::{Answer, Refusal};
use super::dates;
use super::numbers;
use crate::domain::verification::{EmailAddress, MAX_CHECKS};
use crate::domain::{Timestamp, VerificationChannel, VerificationStatus};
use crate::twilio::wire::Request;

/// A code that went out, and what came back.
#[derive(Clone)]
pub(super) struct Verification {
    pub(super) sid: String,
    pub(super) service: String,
    pub(super) to: String,
    pub(super) channel: VerificationChannel,
    pub(super) code: String,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) sends: Vec<Send>,
    pub(super) checks: u32,
    /// Approved or canceled, by whoever may.
    pub(super) closed: Option<VerificationStatus>,
    /// What a lookup found, where the service asks for it.
    pub(super) carrier: Option<Value>,
}

/// One time that the code went out.
#[derive(Clone)]
pub(super) struct Send {
    pub(super) at: Timestamp,
    pub(super) channel: VerificationChannel,
    pub(super) attempt: String,
}

impl Verification {
    /// Where it stands.
    pub(super) fn status(&self, now: Timestamp) -> VerificationStatus {
        match &self.closed {
            Some(closed) => closed.clone(),
            None if now >= self.expires => VerificationStatus::Expired,
            None if self.checks >= MAX_CHECKS => VerificationStatus::MaxAttemptsReached,
            None => VerificationStatus::Pending,
        }
    }

    /// Not withdrawn, not approved, not too old: a new start is a send of the same code.
    pub(super) fn is_alive(&self, now: Timestamp) -> bool {
        self.closed.is_none() && now < self.expires
    }

    /// It was approved or is too old: Twilio has forgotten it.
    fn is_gone(&self, now: Timestamp) -> bool {
        matches!(
            self.status(now),
            VerificationStatus::Approved | VerificationStatus::Expired
        )
    }
}

impl World {
    pub(super) fn verification(&self, verification: &Verification) -> Value {
        let status = verification.status(self.now);
        let sends: Vec<Value> = verification
            .sends
            .iter()
            .map(|send| {
                json!({
                    "time": dates::iso(send.at),
                    "channel": spoken(&send.channel),
                    "attempt_sid": send.attempt,
                })
            })
            .collect();
        json!({
            "sid": verification.sid,
            "service_sid": verification.service,
            "account_sid": self.credentials.account_sid,
            "to": verification.to,
            "channel": verification.channel.as_str(),
            "status": status.as_str(),
            "valid": status == VerificationStatus::Approved,
            "lookup": verification
                .carrier
                .as_ref()
                .map_or_else(|| json!({}), |carrier| json!({"carrier": carrier})),
            "amount": null,
            "payee": null,
            "send_code_attempts": sends,
            "sna": null,
            "date_created": dates::iso(verification.created),
            "date_updated": dates::iso(verification.updated),
            "url": format!(
                "{}/v2/Services/{}/Verifications/{}",
                self.origin, verification.service, verification.sid
            ),
        })
    }

    pub(super) fn fetch_verification(
        &self,
        service: &str,
        key: &str,
        path: &str,
    ) -> Result<Answer, Refusal> {
        self.find_verify_service(service, path)?;
        self.find_verification(service, key)
            .filter(|found| !found.is_gone(self.now))
            .map(|found| Answer::ok(self.verification(found)))
            .ok_or_else(|| Refusal::not_found(path))
    }

    /// Withdraws it, or approves what was checked elsewhere.
    pub(super) fn update_verification(
        &mut self,
        service: &str,
        key: &str,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        let path = request.path.as_str();
        self.find_verify_service(service, path)?;
        let status = match request.form_value("Status") {
            Some("canceled") => VerificationStatus::Canceled,
            Some("approved") => VerificationStatus::Approved,
            _ => return Err(Refusal::parameter("Status")),
        };
        let sid = self
            .find_verification(service, key)
            .filter(|found| found.is_alive(self.now))
            .map(|found| found.sid.clone())
            .ok_or_else(|| Refusal::not_found(path))?;
        if status == VerificationStatus::Canceled {
            self.withdraw_from_phone(&sid);
        }
        self.close(&sid, status);
        self.verifications
            .find(&sid)
            .map(|found| Answer::ok(self.verification(found)))
            .ok_or_else(|| Refusal::not_found(path))
    }

    pub(super) fn check_verification(
        &mut self,
        service: &str,
        request: &Request,
    ) -> Result<Answer, Refusal> {
        let path = request.path.as_str();
        self.find_verify_service(service, path)?;
        let given = |name: &str| request.form_value(name).filter(|text| !text.is_empty());
        let to = given("To");
        let key = given("VerificationSid")
            .or(to)
            .ok_or_else(|| Refusal::bad(60221, "To or VerificationSid is needed"))?;
        if to.is_some_and(|to| !is_address(to)) {
            return Err(Refusal::parameter("To"));
        }
        let code = given("Code")
            .filter(|code| (4..=10).contains(&code.chars().count()))
            .ok_or_else(|| Refusal::parameter("Code"))?;
        let found = self
            .find_verification(service, key)
            .filter(|found| found.is_alive(self.now))
            .ok_or_else(|| Refusal::not_found(path))?;
        if found.checks >= MAX_CHECKS {
            return Err(Refusal::new(429, 60202, "Max check attempts reached"));
        }
        let (sid, right) = (found.sid.clone(), found.code == code);
        let now = self.now;
        if let Some(verification) = self.verifications.find_mut(&sid) {
            verification.checks += 1;
            verification.updated = now;
        }
        if right {
            self.close(&sid, VerificationStatus::Approved);
        }
        self.verifications
            .find(&sid)
            .map(|found| Answer::ok(self.check(found)))
            .ok_or_else(|| Refusal::not_found(path))
    }

    fn check(&self, verification: &Verification) -> Value {
        let approved = verification.status(self.now) == VerificationStatus::Approved;
        json!({
            "sid": verification.sid,
            "service_sid": verification.service,
            "account_sid": self.credentials.account_sid,
            "to": verification.to,
            "channel": verification.channel.as_str(),
            // The fifth wrong code is answered like the first; it is the sixth check that is refused.
            "status": if approved { "approved" } else { "pending" },
            "valid": approved,
            "amount": null,
            "payee": null,
            "sna_attempts_error_codes": [],
            "date_created": dates::iso(verification.created),
            "date_updated": dates::iso(verification.updated),
        })
    }

    /// Ends it; the last send is the one that counts as read back.
    pub(super) fn close(&mut self, sid: &str, status: VerificationStatus) {
        let now = self.now;
        let Some(verification) = self.verifications.find_mut(sid) else {
            return;
        };
        let approved = status == VerificationStatus::Approved;
        verification.closed = Some(status);
        verification.updated = now;
        let last = verification.sends.last().map(|send| send.attempt.clone());
        if approved && let Some(attempt) = last.and_then(|sid| self.attempts.find_mut(&sid)) {
            attempt.converted = Some(now);
        }
    }

    /// By SID, or the latest one by number or address.
    fn find_verification(&self, service: &str, key: &str) -> Option<&Verification> {
        let latest = || {
            self.latest
                .get(&(service.to_owned(), key.to_owned()))
                .and_then(|sid| self.verifications.find(sid))
        };
        self.verifications
            .find(key)
            .filter(|found| found.service == service)
            .or_else(latest)
    }
}

/// A number or an email address.
pub(super) fn is_address(to: &str) -> bool {
    numbers::possible(to).is_some() || EmailAddress::parse(to).is_ok()
}

/// The channel as the list of sends writes it: its case is irregular.
fn spoken(channel: &VerificationChannel) -> String {
    match channel {
        VerificationChannel::WhatsApp => "whatsapp".to_owned(),
        other => other.as_str().to_ascii_uppercase(),
    }
}
