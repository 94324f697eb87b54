//! The Messaging Services (v1) and Verify services (v2) of the account: what a set-up chooses from.
//!
//! They are there from the start and cannot be changed; making and changing them is not simulated.

use serde_json::{Value, json};

use super::World;
use super::account::serials;
use super::answer::{Answer, Refusal};
use super::dates;
use super::paging::Page;
use crate::twilio::wire::Request;

/// A pool of senders.
#[derive(Clone)]
pub(super) struct MessagingService {
    pub(super) sid: String,
    name: &'static str,
    /// Numbers in the pool, in the order in which they are picked.
    pub(super) pool: Vec<&'static str>,
    pub(super) smart_encoding: bool,
    registered: bool,
}

impl MessagingService {
    /// One that works, and one that nobody finished setting up.
    pub(super) fn all(first: &str, second: String, pool: Vec<&'static str>) -> Vec<Self> {
        vec![
            Self {
                sid: first.to_owned(),
                name: "Acme Support",
                pool,
                smart_encoding: true,
                registered: true,
            },
            Self {
                sid: second,
                name: "Acme News (no senders yet)",
                pool: Vec::new(),
                smart_encoding: false,
                registered: false,
            },
        ]
    }
}

/// A name under which codes are sent.
#[derive(Clone)]
pub(super) struct VerifyService {
    pub(super) sid: String,
    pub(super) name: &'static str,
    pub(super) code_length: usize,
    /// Numbers are looked up, and texts to landlines refused.
    pub(super) lookup: bool,
    pub(super) do_not_share_warning: bool,
    pub(super) custom_code: bool,
}

impl VerifyService {
    /// One for most; one that warns against sharing; one whose codes may be chosen.
    pub(super) fn all(first: &str, mut sid: impl FnMut() -> String) -> Vec<Self> {
        vec![
            Self {
                sid: first.to_owned(),
                name: "Acme Support",
                code_length: 6,
                lookup: true,
                do_not_share_warning: false,
                custom_code: false,
            },
            Self {
                sid: sid(),
                name: "Acme Bank",
                code_length: 6,
                lookup: false,
                do_not_share_warning: true,
                custom_code: false,
            },
            Self {
                sid: sid(),
                name: "Acme Staff",
                code_length: 4,
                lookup: false,
                do_not_share_warning: false,
                custom_code: true,
            },
        ]
    }
}

impl World {
    pub(super) fn list_messaging_services(&self, request: &Request) -> Answer {
        let page = Page::cut(request, 20, &serials(self.messaging_services.len()));
        let items = self.messaging_services[page.range()]
            .iter()
            .map(|service| self.messaging_service(service))
            .collect();
        Answer::ok(page.absolute(&self.origin, "services", items))
    }

    pub(super) fn fetch_messaging_service(&self, sid: &str, path: &str) -> Result<Answer, Refusal> {
        let service = self.find_messaging_service(sid, path)?;
        Ok(Answer::ok(self.messaging_service(service)))
    }

    pub(super) fn list_senders(&self, sid: &str, request: &Request) -> Result<Answer, Refusal> {
        let service = self.find_messaging_service(sid, &request.path)?;
        let senders: Vec<_> = self
            .numbers
            .iter()
            .filter(|number| service.pool.contains(&number.number))
            .collect();
        let page = Page::cut(request, 20, &serials(senders.len()));
        let date = dates::iso(self.founded);
        let items = senders[page.range()]
            .iter()
            .map(|number| {
                json!({
                    "sid": number.sid,
                    "account_sid": self.credentials.account_sid,
                    "service_sid": service.sid,
                    "phone_number": number.number,
                    "country_code": "US",
                    "capabilities": ["SMS", "MMS", "Voice"],
                    "date_created": date,
                    "date_updated": date,
                    "url": format!(
                        "{}/v1/Services/{}/PhoneNumbers/{}",
                        self.origin, service.sid, number.sid
                    ),
                })
            })
            .collect();
        Ok(Answer::ok(page.absolute(
            &self.origin,
            "phone_numbers",
            items,
        )))
    }

    fn find_messaging_service(&self, sid: &str, path: &str) -> Result<&MessagingService, Refusal> {
        self.messaging_services
            .iter()
            .find(|service| service.sid == sid)
            .ok_or_else(|| Refusal::not_found(path))
    }

    fn messaging_service(&self, service: &MessagingService) -> Value {
        let url = format!("{}/v1/Services/{}", self.origin, service.sid);
        let date = dates::iso(self.founded);
        json!({
            "sid": service.sid,
            "account_sid": self.credentials.account_sid,
            "friendly_name": service.name,
            "date_created": date,
            "date_updated": date,
            "sticky_sender": true,
            "mms_converter": true,
            "smart_encoding": service.smart_encoding,
            "scan_message_content": "inherit",
            "fallback_to_long_code": true,
            "area_code_geomatch": true,
            "synchronous_validation": false,
            "validity_period": 36000,
            "inbound_request_url": null,
            "inbound_method": "POST",
            "fallback_url": null,
            "fallback_method": "POST",
            "status_callback": null,
            "usecase": if service.registered { "notifications" } else { "undeclared" },
            "us_app_to_person_registered": service.registered,
            "use_inbound_webhook_on_number": false,
            "links": {
                "phone_numbers": format!("{url}/PhoneNumbers"),
                "short_codes": format!("{url}/ShortCodes"),
                "alpha_senders": format!("{url}/AlphaSenders"),
            },
            "url": url,
        })
    }

    pub(super) fn list_verify_services(&self, request: &Request) -> Answer {
        let page = Page::cut(request, 50, &serials(self.verify_services.len()));
        let items = self.verify_services[page.range()]
            .iter()
            .map(|service| self.verify_service(service))
            .collect();
        Answer::ok(page.absolute(&self.origin, "services", items))
    }

    pub(super) fn fetch_verify_service(&self, sid: &str, path: &str) -> Result<Answer, Refusal> {
        let service = self.find_verify_service(sid, path)?;
        Ok(Answer::ok(self.verify_service(service)))
    }

    pub(super) fn find_verify_service(
        &self,
        sid: &str,
        path: &str,
    ) -> Result<&VerifyService, Refusal> {
        self.verify_services
            .iter()
            .find(|service| service.sid == sid)
            .ok_or_else(|| Refusal::not_found(path))
    }

    fn verify_service(&self, service: &VerifyService) -> Value {
        let url = format!("{}/v2/Services/{}", self.origin, service.sid);
        let date = dates::iso(self.founded);
        let link = |name: &str| format!("{url}/{name}");
        json!({
            "sid": service.sid,
            "account_sid": self.credentials.account_sid,
            "friendly_name": service.name,
            "code_length": service.code_length,
            "lookup_enabled": service.lookup,
            "psd2_enabled": false,
            "skip_sms_to_landlines": service.lookup,
            "dtmf_input_required": true,
            "tts_name": null,
            "do_not_share_warning_enabled": service.do_not_share_warning,
            "custom_code_enabled": service.custom_code,
            "push": {"include_date": false, "apn_credential_sid": null, "fcm_credential_sid": null},
            "totp": {"issuer": null, "time_step": 30, "code_length": 6, "skew": 1},
            "whatsapp": {"msg_service_sid": null, "from": null},
            "passkeys": null,
            "default_template_sid": null,
            "verify_event_subscription_enabled": false,
            "date_created": date,
            "date_updated": date,
            "url": url,
            "links": {
                "verifications": link("Verifications"),
                "verification_checks": link("VerificationCheck"),
                "rate_limits": link("RateLimits"),
                "messaging_configurations": link("MessagingConfigurations"),
                "entities": link("Entities"),
                "webhooks": link("Webhooks"),
                "access_tokens": link("AccessTokens"),
            },
        })
    }
}
