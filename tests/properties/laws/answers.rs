//! What Twilio answers, or somebody in its place.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tuilio::domain::call::Call;
use tuilio::domain::message::{MessageFilter, PageCursor};
use tuilio::domain::verification::{AttemptFilter, NewVerification};
use tuilio::domain::{
    Code, Failure, FailureKind, NewMessage, PhoneNumber, Recipient, Reply, Secret, Sender,
    VerificationChannel, VerificationKey,
};
use tuilio::twilio::refusal::{Refusal, date, request_id, retry_after};
use tuilio::twilio::response::{self, NoReply};
use tuilio::twilio::transport::{Sending, Transport, TransportError};
use tuilio::twilio::wire::{Host, Method, Request, Response};
use tuilio::twilio::{Client, Credentials, Endpoint, Error, Origin, Region, TwilioConfig, request};

use super::chars::assert_harmless;
use super::tape::Tape;

/// Stands where an answer holds something that nobody may see.
const MARKER: &str = "s3cr3t-marker-never-shown";

type Decoded = Result<Option<Reply>, NoReply>;

type Decoder = fn(&Response) -> Decoded;

/// All decoders.
pub const DECODERS: [(&str, Decoder); 13] = [
    ("message", |r| {
        response::message(r).map(|v| Some(Reply::Message(v)))
    }),
    ("messages", |r| {
        response::messages(r).map(|v| Some(Reply::Messages(v)))
    }),
    ("message_deleted", |r| {
        response::message_deleted(r).map(|()| None)
    }),
    ("verification", |r| {
        response::verification(r).map(|v| Some(Reply::Verification(v)))
    }),
    ("attempts", |r| {
        response::attempts(r).map(|v| Some(Reply::Attempts(v)))
    }),
    ("attempt_summary", |r| {
        response::attempt_summary(r).map(|v| Some(Reply::AttemptSummary(v)))
    }),
    ("verify_service", |r| {
        response::verify_service(r).map(|v| Some(Reply::VerifyService(v)))
    }),
    ("verify_services", |r| {
        response::verify_services(r).map(|v| Some(Reply::VerifyServices(v.items)))
    }),
    ("lookup", |r| {
        response::lookup(r).map(|v| Some(Reply::Lookup(v)))
    }),
    ("account", |r| {
        response::account(r).map(|v| Some(Reply::Account(v)))
    }),
    ("balance", |r| {
        response::balance(r).map(|v| Some(Reply::Balance(v)))
    }),
    ("numbers", |r| {
        response::numbers(r).map(|v| Some(Reply::Numbers(v.items)))
    }),
    ("messaging_services", |r| {
        response::messaging_services(r).map(|v| Some(Reply::MessagingServices(v.items)))
    }),
];

const STATUSES: &[u16] = &[
    200, 201, 204, 299, 100, 199, 301, 307, 400, 401, 404, 408, 429, 500, 503, 599, 999,
];

/// An answer is read or refused; what is read holds no secret, and its words can be shown.
pub fn answers(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let (name, decode) = tape.pick(&DECODERS);
    let status = tape.pick(STATUSES);
    let cut = usize::from(tape.byte());
    let answer = Response {
        status,
        headers: Vec::new(),
        body: tape.rest().to_vec(),
    };
    let decoded = decode(&answer);
    assert_eq!(decoded, decode(&answer));
    match &decoded {
        Ok(reply) => {
            assert!((200..300).contains(&status));
            if let Some(reply) = reply {
                words_are_harmless(reply);
                let end = answer.body.trim_ascii_end().len();
                for end in [end - 1, end / 2, cut.min(end - 1)] {
                    let part = Response {
                        body: answer.body[..end].to_vec(),
                        ..answer.clone()
                    };
                    assert_eq!(
                        decode(&part),
                        Err(NoReply::Unreadable),
                        "{name} cut at {end}"
                    );
                }
            }
        }
        Err(NoReply::Refused(refusal)) => {
            assert!(!(200..300).contains(&status));
            is_harmless(refusal);
        }
        Err(NoReply::Unreadable) => assert!((200..300).contains(&status)),
    }
    never_shows_what_is_secret(&answer, decode);
}

/// The same answer with secrets in it: none is in what is read.
fn never_shows_what_is_secret(answer: &Response, decode: Decoder) {
    let Ok(serde_json::Value::Object(mut json)) = serde_json::from_slice(&answer.body) else {
        return;
    };
    for name in [
        "auth_token",
        "body",
        "to",
        "from",
        "friendly_name",
        "secret",
        "code_value",
    ] {
        json.insert(name.to_owned(), MARKER.into());
    }
    let answer = Response {
        body: serde_json::to_vec(&json).unwrap(),
        ..answer.clone()
    };
    if !String::from_utf8_lossy(&answer.body)
        .replacen(MARKER, "", 7)
        .contains(MARKER)
    {
        let debug = format!("{:?} {answer:?}", decode(&answer));
        assert!(!debug.contains(MARKER), "in Debug: {debug}");
    }
}

fn words_are_harmless(reply: &Reply) {
    let harmless = |word: &str| {
        assert_harmless(word, "a word");
        assert!(word.chars().count() <= 64, "a long word: {word}");
    };
    let some = |word: &Option<String>| word.iter().for_each(|word| harmless(word));
    match reply {
        Reply::Message(message) => {
            harmless(message.status.as_str());
            harmless(message.direction.as_str());
            some(&message.price);
            some(&message.price_unit);
        }
        Reply::Messages(page) => {
            for message in &page.items {
                words_are_harmless(&Reply::Message(message.clone()));
            }
            page.next.iter().for_each(stays_at_twilio);
        }
        Reply::Verification(verification) => {
            harmless(verification.status.as_str());
            harmless(verification.channel.as_str());
            some(&verification.line_type);
        }
        Reply::Attempts(page) => {
            for attempt in &page.items {
                harmless(attempt.channel.as_str());
                some(&attempt.call_status);
                some(&attempt.country);
                if let Some(status) = &attempt.message_status {
                    harmless(status.as_str());
                }
            }
            page.next.iter().for_each(stays_at_twilio);
        }
        Reply::AttemptSummary(summary) => some(&summary.conversion_rate),
        Reply::VerifyServices(services) => {
            assert!(
                services
                    .iter()
                    .all(|service| (4..=10).contains(&service.code_length))
            );
        }
        Reply::VerifyService(service) => assert!((4..=10).contains(&service.code_length)),
        Reply::Lookup(lookup) => {
            some(&lookup.country_code);
            lookup
                .validation_errors
                .iter()
                .for_each(|word| harmless(word));
            if let Some(line) = &lookup.line_type {
                some(&line.kind);
            }
        }
        Reply::Account(account) => harmless(&account.status),
        Reply::Balance(balance) => {
            harmless(&balance.balance);
            harmless(&balance.currency);
        }
        Reply::MessageDeleted | Reply::Numbers(_) | Reply::MessagingServices(_) => {}
    }
}

fn is_harmless(refusal: &Refusal) {
    assert_harmless(&refusal.message, "a refusal");
    assert!(!refusal.message.is_empty() && refusal.message.chars().count() <= 2_000);
}

/// Wherever a link to the next page points to, the credentials go where the configuration says.
fn stays_at_twilio(cursor: &PageCursor) {
    let config = config(Endpoint::Twilio);
    for host in [Host::Api, Host::Verify, Host::Lookups, Host::Messaging] {
        let request = request::next_page(&config, host, cursor);
        let url = config.endpoint.url(host, &request.path);
        let url = reqwest::Url::parse(&url).unwrap_or_else(|error| panic!("{url}: {error}"));
        let place = url.host_str().unwrap_or_default();
        assert!(
            place.ends_with(".twilio.com") && url.scheme() == "https",
            "{url}"
        );
        assert!(
            url.username().is_empty() && url.password().is_none(),
            "{url}"
        );
        assert_eq!(request.method, Method::Get);
        assert!(!format!("{cursor:?} {request:?}").contains("+1415"));
    }
}

fn config(endpoint: Endpoint) -> TwilioConfig {
    let sid = format!("AC{}", "0".repeat(32)).parse().unwrap();
    let mut config = TwilioConfig::new(sid, Credentials::AuthToken(Secret::new(MARKER)));
    config.endpoint = endpoint;
    config
}

/// Hands out the same answers whatever is asked, and counts.
#[derive(Debug)]
struct Answers {
    left: Mutex<VecDeque<Result<Response, TransportError>>>,
    sent: Mutex<Vec<Method>>,
}

impl Transport for Answers {
    fn send(&self, request: Request) -> Sending<'_> {
        self.sent.lock().unwrap().push(request.method);
        let mut left = self.left.lock().unwrap();
        let answer = if left.len() > 1 {
            left.pop_front()
        } else {
            left.front().cloned()
        };
        Box::pin(async move { answer.unwrap_or(Err(TransportError::Lost("cut".to_owned()))) })
    }
}

fn calls() -> Vec<Call> {
    fn sid<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str) -> T {
        format!("{prefix}{}", "1".repeat(32)).parse().unwrap()
    }
    let number = PhoneNumber::from_e164("+14155550123").unwrap();
    let to = Recipient::Phone(number.clone());
    let key = VerificationKey::To(to.clone());
    vec![
        Call::SendMessage(NewMessage::new(
            number.clone(),
            Sender::Number(number.clone()),
            "Hello",
        )),
        Call::CancelMessage(sid("SM")),
        Call::RedactMessage(sid("SM")),
        Call::DeleteMessage(sid("SM")),
        Call::StartVerification(NewVerification::new(
            sid("VA"),
            to,
            VerificationChannel::Sms,
        )),
        Call::CancelVerification {
            service: sid("VA"),
            key: key.clone(),
        },
        Call::CheckVerification {
            service: sid("VA"),
            key: key.clone(),
            code: Code::parse("482913").unwrap(),
        },
        Call::FetchMessage(sid("SM")),
        Call::ListMessages(MessageFilter::default()),
        Call::FetchVerification {
            service: sid("VA"),
            key,
        },
        Call::ListAttempts(AttemptFilter::default()),
        Call::SummariseAttempts(AttemptFilter::default()),
        Call::ListVerifyServices,
        Call::FetchVerifyService(sid("VA")),
        Call::LookUp {
            number,
            line_type: true,
        },
        Call::FetchAccount,
        Call::FetchBalance,
        Call::ListNumbers,
        Call::ListMessagingServices,
    ]
}

thread_local! {
    /// Time that jumps from one wait to the next.
    static CLOCK: RefCell<tokio::runtime::Runtime> = RefCell::new(
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap(),
    );
}

/// Runs to its end what only waits for time.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    CLOCK.with_borrow(|clock| clock.block_on(future))
}

/// Each answer leaves a call in one state, by the rule of the house: what may have happened is never
/// called refused, and what changes the world goes out once unless Twilio itself said that it did nothing.
pub fn outcomes(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let mut calls = calls();
    let call = calls.swap_remove(tape.choice(calls.len()));
    let changes = call.changes_something();
    let lost = tape.byte();
    let status = match tape.byte() {
        known if usize::from(known) < STATUSES.len() * 8 => {
            STATUSES[usize::from(known) % STATUSES.len()]
        }
        other => 100 + u16::from(other) * 2,
    };
    let headers = ["Date", "Retry-After", "Twilio-Request-Id", "Content-Type"]
        .map(|name| (name.to_owned(), tape.text()))
        .into();
    let answer = Response {
        status,
        headers,
        body: tape.rest().to_vec(),
    };
    let _ = (date(&answer), retry_after(&answer));
    if let Some(id) = request_id(&answer) {
        assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    }
    let came = match lost {
        255 => Err(TransportError::Lost("cut".to_owned())),
        254 => Err(TransportError::NotSent("no way".to_owned())),
        _ => Ok(answer),
    };
    let transport = Arc::new(Answers {
        left: Mutex::new([came.clone()].into()),
        sent: Mutex::default(),
    });
    let client = Client::new(config(Endpoint::Twilio), transport.clone());
    let result = at_once(client.perform(call, &|_| {}));
    let sent = transport.sent.lock().unwrap().len();
    assert!(sent >= 1);
    let status = came.as_ref().map(|answer| answer.status).ok();
    if changes && status.is_some_and(|status| status != 429) {
        assert_eq!(
            sent, 1,
            "an answer of {status:?} to what changes something is the end of it"
        );
    }
    match &result {
        Ok(answer) => {
            assert!(status.is_some_and(|status| (200..300).contains(&status)));
            words_are_harmless(&answer.reply);
        }
        Err(error) => {
            let unclear = match (&came, status) {
                (Err(TransportError::Lost(_)), _) => true,
                (_, Some(429)) => false,
                (_, Some(408)) => true,
                (_, Some(400..=499)) => false,
                (_, Some(status)) => {
                    // A success that cannot be read; one that can and says no is an answer.
                    !(200..300).contains(&status)
                        || !matches!(
                            error,
                            Error::VerificationFailed { .. } | Error::TokenExpired { .. }
                        )
                }
                _ => false,
            };
            assert_eq!(
                error.may_have_taken_effect(),
                changes && unclear,
                "{status:?}: {error:?}"
            );
            if came.is_ok() {
                assert!(!matches!(error, Error::NotSent { .. }), "{error:?}");
            }
            assert_harmless(&error.to_string(), "an error");
            let failure = Failure::from(error.clone());
            assert_harmless(&failure.message, "a failure");
            assert_eq!(
                failure.kind == FailureKind::OutcomeUnknown,
                error.may_have_taken_effect()
            );
            assert!(failure.message.chars().count() <= 3_000);
        }
    }
    let debug = format!("{result:?} {client:?}");
    assert!(
        !debug.contains(MARKER) && !debug.contains("482913") && !debug.contains("4155550123"),
        "{debug}"
    );
}

/// Credentials go to Twilio, to an address with a certificate, or to this machine.
pub fn addresses(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(origin) = Origin::parse(&text) {
        assert_harmless(origin.as_str(), "an origin");
        assert_eq!(Origin::parse(origin.as_str()).as_ref(), Ok(&origin));
        let url = Endpoint::Origin(origin.clone()).url(Host::Api, "/2010-04-01/Accounts.json");
        let read = reqwest::Url::parse(&url).unwrap();
        assert_eq!(read.path(), "/2010-04-01/Accounts.json", "{url}");
        assert!(read.query().is_none() && read.username().is_empty() && read.password().is_none());
        assert_eq!(read.origin().ascii_serialization(), origin.as_str());
        let host = read.host_str().unwrap();
        let here = ["localhost", "[::1]"].contains(&host)
            || host
                .parse()
                .is_ok_and(|ip: std::net::Ipv4Addr| ip.octets()[0] == 127);
        assert_eq!(origin.is_loopback(), here, "{url}");
        assert!(read.scheme() == "https" || here, "{url}");
    }
    let (region, edge) = text.split_once(' ').unwrap_or((&text, "dublin"));
    if let Ok(region) = Region::new(region, edge) {
        let url = Endpoint::Regional(region).url(Host::Verify, "/v2/Services");
        let read = reqwest::Url::parse(&url).unwrap();
        assert!(read.host_str().unwrap().ends_with(".twilio.com"), "{url}");
        assert_eq!((read.scheme(), read.path()), ("https", "/v2/Services"));
    }
}
