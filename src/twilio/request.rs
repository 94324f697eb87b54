//! From a question to the bytes of its request: one small function for each [`Call`].
//!
//! Pure: the same configuration and question give the same request. Names and values stay decoded in
//! query and form, so that transport and simulator meet in plain words; only the path is written as it
//! goes over the wire, where a plus sign stays bare (as the official libraries send it) and all else
//! that a segment cannot hold is percent-encoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::config::TwilioConfig;
use super::wire::{Host, Method, Request};
use crate::domain::Timestamp;
use crate::domain::call::Call;
use crate::domain::message::{MessageFilter, NewMessage, PageCursor, Sender};
use crate::domain::phone::PhoneNumber;
use crate::domain::secret::Code;
use crate::domain::sid::{MessageSid, VerificationSid, VerifyServiceSid};
use crate::domain::verification::{
    AttemptFilter, NewVerification, Recipient, VerificationChannel, VerificationKey,
};

/// What a path segment holds unencoded.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'+');

/// Lists that are read to their end come in pages of this size: few requests, and each far below the
/// size at which an answer is refused.
const WHOLE_LIST_PAGE: &str = "200";

/// The request that asks it.
pub fn encode(config: &TwilioConfig, call: &Call) -> Request {
    match call {
        Call::SendMessage(message) => send_message(config, message),
        Call::FetchMessage(sid) => fetch_message(config, sid),
        Call::ListMessages(filter) => list_messages(config, filter),
        Call::NextMessages { cursor, .. } => next_page(config, Host::Api, cursor),
        Call::CancelMessage(sid) => cancel_message(config, sid),
        Call::RedactMessage(sid) => redact_message(config, sid),
        Call::DeleteMessage(sid) => delete_message(config, sid),
        Call::StartVerification(new) => start_verification(config, new),
        Call::FetchVerification { service, key } => fetch_verification(config, service, key),
        Call::CancelVerification { service, key } => cancel_verification(config, service, key),
        Call::CheckVerification { service, key, code } => {
            check_verification(config, service, key, code)
        }
        Call::ListAttempts(filter) => list_attempts(config, filter),
        Call::NextAttempts { cursor, .. } => next_page(config, Host::Verify, cursor),
        Call::SummariseAttempts(filter) => summarise_attempts(config, filter),
        Call::ListVerifyServices => list_verify_services(config),
        Call::FetchVerifyService(service) => fetch_verify_service(config, service),
        Call::LookUp { number, line_type } => look_up(config, number, *line_type),
        Call::FetchAccount => fetch_account(config),
        Call::FetchBalance => fetch_balance(config),
        Call::ListNumbers => list_numbers(config),
        Call::ListMessagingServices => list_messaging_services(config),
    }
}

/// `POST …/Messages.json`.
pub fn send_message(config: &TwilioConfig, message: &NewMessage) -> Request {
    let mut request = core(config, Method::Post, "/Messages.json");
    let form = &mut request.form;
    add(form, "To", message.to.e164());
    match &message.sender {
        Sender::Number(number) => add(form, "From", number.e164()),
        Sender::Name(name) => add(form, "From", name.as_str()),
        Sender::Service(service) => add(form, "MessagingServiceSid", service.as_str()),
    }
    add(form, "Body", message.body.raw());
    maybe(
        form,
        "ValidityPeriod",
        message.validity_seconds.map(|s| s.to_string()),
    );
    if let Some(at) = message.send_at {
        add(form, "SendAt", time(at));
        add(form, "ScheduleType", "fixed");
    }
    maybe(
        form,
        "SmartEncoded",
        message.smart_encoded.map(|on| on.to_string()),
    );
    request
}

/// `GET …/Messages/{sid}.json`.
pub fn fetch_message(config: &TwilioConfig, sid: &MessageSid) -> Request {
    message(config, Method::Get, sid)
}

/// `GET …/Messages.json`. The comparison signs belong to the names of the date filters.
pub fn list_messages(config: &TwilioConfig, filter: &MessageFilter) -> Request {
    let mut request = core(config, Method::Get, "/Messages.json");
    let query = &mut request.query;
    maybe(query, "To", filter.to.as_ref().map(PhoneNumber::e164));
    maybe(query, "From", filter.from.as_ref().map(PhoneNumber::e164));
    maybe(query, "DateSent>", filter.sent_after.map(time));
    maybe(query, "DateSent<", filter.sent_before.map(time));
    maybe(query, "PageSize", filter.page_size.map(|n| n.to_string()));
    request
}

/// The page that a cursor points to, on the host that the list came from and on no other.
pub fn next_page(config: &TwilioConfig, host: Host, cursor: &PageCursor) -> Request {
    let (path, query) = cursor.0.split_once('?').unwrap_or((&cursor.0, ""));
    let mut request = request(config, Method::Get, host, path.to_owned());
    request.query = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    request
}

/// `POST …/Messages/{sid}.json` with `Status=canceled`.
pub fn cancel_message(config: &TwilioConfig, sid: &MessageSid) -> Request {
    let mut request = message(config, Method::Post, sid);
    add(&mut request.form, "Status", "canceled");
    request
}

/// `POST …/Messages/{sid}.json` with an empty body, the only one that may be written there.
pub fn redact_message(config: &TwilioConfig, sid: &MessageSid) -> Request {
    let mut request = message(config, Method::Post, sid);
    add(&mut request.form, "Body", "");
    request
}

/// `DELETE …/Messages/{sid}.json`.
pub fn delete_message(config: &TwilioConfig, sid: &MessageSid) -> Request {
    message(config, Method::Delete, sid)
}

/// `POST /v2/Services/{service}/Verifications`.
pub fn start_verification(config: &TwilioConfig, new: &NewVerification) -> Request {
    let path = format!("/v2/Services/{}/Verifications", new.service);
    let mut request = request(config, Method::Post, Host::Verify, path);
    let form = &mut request.form;
    add(form, "To", new.to.as_str());
    add(form, "Channel", new.channel.as_str());
    maybe(form, "Locale", new.locale.as_deref());
    maybe(form, "SendDigits", new.send_digits.as_deref());
    if !new.tags.is_empty() {
        let tags: serde_json::Map<_, _> = new
            .tags
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().into()))
            .collect();
        add(form, "Tags", serde_json::Value::Object(tags).to_string());
    }
    request
}

/// `GET /v2/Services/{service}/Verifications/{sid or recipient}`.
pub fn fetch_verification(
    config: &TwilioConfig,
    service: &VerifyServiceSid,
    key: &VerificationKey,
) -> Request {
    verification(config, Method::Get, service, key)
}

/// `POST /v2/Services/{service}/Verifications/{sid or recipient}` with `Status=canceled`.
pub fn cancel_verification(
    config: &TwilioConfig,
    service: &VerifyServiceSid,
    key: &VerificationKey,
) -> Request {
    let mut request = verification(config, Method::Post, service, key);
    add(&mut request.form, "Status", "canceled");
    request
}

/// `POST /v2/Services/{service}/VerificationCheck`.
pub fn check_verification(
    config: &TwilioConfig,
    service: &VerifyServiceSid,
    key: &VerificationKey,
    code: &Code,
) -> Request {
    let path = format!("/v2/Services/{service}/VerificationCheck");
    let mut request = request(config, Method::Post, Host::Verify, path);
    let name = match key {
        VerificationKey::Sid(_) => "VerificationSid",
        VerificationKey::To(_) => "To",
    };
    add(&mut request.form, name, key.as_str());
    add(&mut request.form, "Code", code.expose());
    request
}

/// `GET /v2/Attempts`.
pub fn list_attempts(config: &TwilioConfig, filter: &AttemptFilter) -> Request {
    let mut request = request(config, Method::Get, Host::Verify, "/v2/Attempts".into());
    let query = &mut request.query;
    attempts(query, filter);
    maybe(
        query,
        "VerificationSid",
        filter.verification.as_ref().map(VerificationSid::as_str),
    );
    maybe(
        query,
        "ChannelData.To",
        filter.to.as_ref().map(Recipient::as_str),
    );
    maybe(query, "PageSize", filter.page_size.map(|n| n.to_string()));
    request
}

/// `GET /v2/Attempts/Summary`, which knows no filter for one verification or one recipient.
pub fn summarise_attempts(config: &TwilioConfig, filter: &AttemptFilter) -> Request {
    let path = "/v2/Attempts/Summary".to_owned();
    let mut request = request(config, Method::Get, Host::Verify, path);
    attempts(&mut request.query, filter);
    request
}

/// `GET /v2/Services` of Verify.
pub fn list_verify_services(config: &TwilioConfig) -> Request {
    whole_list(request(
        config,
        Method::Get,
        Host::Verify,
        "/v2/Services".into(),
    ))
}

/// `GET /v2/Services/{service}` of Verify.
pub fn fetch_verify_service(config: &TwilioConfig, service: &VerifyServiceSid) -> Request {
    let path = format!("/v2/Services/{service}");
    request(config, Method::Get, Host::Verify, path)
}

/// `GET /v2/PhoneNumbers/{number}`, with the kind of line where it is asked for.
pub fn look_up(config: &TwilioConfig, number: &PhoneNumber, line_type: bool) -> Request {
    let path = format!("/v2/PhoneNumbers/{}", segment(number.e164()));
    let mut request = request(config, Method::Get, Host::Lookups, path);
    if line_type {
        add(&mut request.query, "Fields", "line_type_intelligence");
    }
    request
}

/// `GET /2010-04-01/Accounts/{account}.json`.
pub fn fetch_account(config: &TwilioConfig) -> Request {
    core(config, Method::Get, ".json")
}

/// `GET …/Balance.json`.
pub fn fetch_balance(config: &TwilioConfig) -> Request {
    core(config, Method::Get, "/Balance.json")
}

/// `GET …/IncomingPhoneNumbers.json`.
pub fn list_numbers(config: &TwilioConfig) -> Request {
    whole_list(core(config, Method::Get, "/IncomingPhoneNumbers.json"))
}

/// `GET /v1/Services` of Messaging.
pub fn list_messaging_services(config: &TwilioConfig) -> Request {
    whole_list(request(
        config,
        Method::Get,
        Host::Messaging,
        "/v1/Services".into(),
    ))
}

fn request(config: &TwilioConfig, method: Method, host: Host, path: String) -> Request {
    Request {
        method,
        host,
        path,
        query: Vec::new(),
        form: Vec::new(),
        auth: Some(config.basic_auth()),
    }
}

/// A request of the 2010 API, whose paths all begin with the account.
fn core(config: &TwilioConfig, method: Method, rest: &str) -> Request {
    let path = format!("/2010-04-01/Accounts/{}{rest}", config.account_sid);
    request(config, method, Host::Api, path)
}

fn message(config: &TwilioConfig, method: Method, sid: &MessageSid) -> Request {
    core(config, method, &format!("/Messages/{sid}.json"))
}

fn verification(
    config: &TwilioConfig,
    method: Method,
    service: &VerifyServiceSid,
    key: &VerificationKey,
) -> Request {
    let path = format!(
        "/v2/Services/{service}/Verifications/{}",
        segment(key.as_str())
    );
    request(config, method, Host::Verify, path)
}

fn attempts(query: &mut Vec<(String, String)>, filter: &AttemptFilter) {
    maybe(
        query,
        "VerifyServiceSid",
        filter.service.as_ref().map(VerifyServiceSid::as_str),
    );
    maybe(query, "DateCreatedAfter", filter.created_after.map(time));
    maybe(query, "DateCreatedBefore", filter.created_before.map(time));
    maybe(
        query,
        "Channel",
        filter.channel.as_ref().map(VerificationChannel::as_str),
    );
    maybe(query, "Country", filter.country.as_deref());
}

fn whole_list(mut request: Request) -> Request {
    add(&mut request.query, "PageSize", WHOLE_LIST_PAGE);
    request
}

fn add(pairs: &mut Vec<(String, String)>, name: &str, value: impl Into<String>) {
    pairs.push((name.to_owned(), value.into()));
}

fn maybe(pairs: &mut Vec<(String, String)>, name: &str, value: Option<impl Into<String>>) {
    if let Some(value) = value {
        add(pairs, name, value);
    }
}

/// `2026-01-02T03:04:05Z`: whole seconds, as Twilio keeps them.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}
