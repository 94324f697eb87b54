//! Values for the tests of the history: any row at all, and a few that read well.

use proptest::option;
use proptest::prelude::*;

use super::{Journal, Store, Twin};
use crate::domain::message::MessageStatus;
use crate::domain::operation::Delivery;
use crate::domain::verification::{Compared, EmailAddress, NewVerification};
use crate::domain::{
    Failure, FailureKind, HistoryRow, Intent, NewMessage, OpId, OpState, Operation, PhoneNumber,
    Recipient, Sender, Settled, Ticket, Timestamp, Untrusted, VerificationChannel, VerificationKey,
    VerificationStatus,
};

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

pub fn number(e164: &str) -> PhoneNumber {
    PhoneNumber::from_e164(e164).unwrap()
}

pub fn text(id: OpId, to: &str, body: &str) -> Operation {
    Operation {
        id,
        intent: Intent::Text(NewMessage::new(
            number(to),
            Sender::Number(number("+15005550006")),
            body,
        )),
        at: at(0),
        account: None,
        home: None,
        ticket: None,
        agent: None,
        skew_seconds: None,
    }
}

pub fn intend_text(store: &mut Store, seq: u32, to: &str, body: &str) -> HistoryRow {
    let session = store.session();
    store
        .intend(&text(OpId { session, seq }, to, body), Twin::Refuse)
        .unwrap()
}

pub fn start(id: OpId, to: &str) -> Operation {
    Operation {
        id,
        intent: Intent::VerifyStart(NewVerification::new(
            sid("VA", 1),
            Recipient::Phone(number(to)),
            VerificationChannel::Sms,
        )),
        at: at(0),
        account: None,
        home: None,
        ticket: None,
        agent: None,
        skew_seconds: None,
    }
}

pub fn intend_check(store: &mut Store, seq: u32, to: &str) -> OpId {
    let session = store.session();
    let id = OpId { session, seq };
    let to = Recipient::Phone(number(to));
    let check = Operation {
        intent: Intent::VerifyCheck {
            service: sid("VA", 1),
            key: VerificationKey::To(to.clone()),
            to: Some(to),
        },
        ..start(id, "+14155550123")
    };
    store.intend(&check, Twin::Refuse).unwrap();
    id
}

pub fn sid<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str, number: u32) -> T {
    format!("{prefix}{number:032x}").parse().unwrap()
}

pub fn settled_text(number: u32, status: MessageStatus) -> OpState {
    OpState::Settled(Settled::Text {
        sid: sid("SM", number),
        status,
        error_code: None,
        segments: Some(1),
    })
}

pub fn settled_verification(number: u32, status: VerificationStatus) -> OpState {
    OpState::Settled(Settled::Verification {
        sid: sid("VE", number),
        status,
        channel: VerificationChannel::Sms,
        sends: Some(1),
        expires_at: Some(at(600)),
        delivery: None,
        approved_at: None,
    })
}

/// A pending verification whose code arrived by this attempt.
pub fn delivered_by(number: u32, attempt: u32) -> OpState {
    let OpState::Settled(Settled::Verification {
        sid: verification,
        status,
        channel,
        sends,
        expires_at,
        ..
    }) = settled_verification(number, VerificationStatus::Pending)
    else {
        unreachable!("it is a verification")
    };
    OpState::Settled(Settled::Verification {
        sid: verification,
        status,
        channel,
        sends,
        expires_at,
        delivery: Some(Delivery {
            status: MessageStatus::Delivered,
            error_code: None,
            attempt: Some(sid("VL", attempt)),
            call: None,
            carrier: Some(Untrusted::from("T-Mobile US")),
        }),
        approved_at: None,
    })
}

pub fn failure(kind: FailureKind) -> Failure {
    Failure::new(kind, "no answer came")
}

fn any_sid<T>(prefixes: &str) -> impl Strategy<Value = T> + use<T>
where
    T: std::fmt::Debug + std::str::FromStr<Err: std::fmt::Debug>,
{
    proptest::string::string_regex(&format!("({prefixes})[0-9a-fA-F]{{32}}"))
        .unwrap()
        .prop_map(|text| text.parse().unwrap())
}

fn any_number() -> impl Strategy<Value = PhoneNumber> {
    "\\+[1-9][0-9]{6,14}".prop_map(|text| number(&text))
}

fn any_recipient() -> impl Strategy<Value = Recipient> {
    prop_oneof![
        any_number().prop_map(Recipient::Phone),
        "\\+?[a-z0-9]{1,9}@[a-z]{1,9}\\.[a-z]{2}"
            .prop_map(|text| Recipient::Email(EmailAddress::parse(&text).unwrap())),
    ]
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    // From the year -1000 to the year 9000.
    (-93_724_128_000_i64..221_845_392_000, 0..1_000_000_000_i32).prop_map(|(second, nanosecond)| {
        let nanosecond = if second < 0 { -nanosecond } else { nanosecond };
        Timestamp::new(second, nanosecond).unwrap()
    })
}

fn any_key() -> impl Strategy<Value = VerificationKey> {
    prop_oneof![
        any_sid("VE").prop_map(VerificationKey::Sid),
        any_recipient().prop_map(VerificationKey::To),
    ]
}

fn any_intent() -> impl Strategy<Value = Intent> {
    let sender = prop_oneof![
        any_number().prop_map(Sender::Number),
        any::<String>().prop_map(Sender::Name),
        any_sid("MG").prop_map(Sender::Service),
    ];
    let text = (
        any_number(),
        sender,
        any::<String>(),
        option::of(any::<u32>()),
        option::of(any_time()),
        any::<Option<bool>>(),
    )
        .prop_map(
            |(to, sender, body, validity_seconds, send_at, smart_encoded)| {
                Intent::Text(NewMessage {
                    to,
                    sender,
                    body: Untrusted::new(body),
                    validity_seconds,
                    send_at,
                    smart_encoded,
                })
            },
        );
    let start = (
        any_sid("VA"),
        any_recipient(),
        any_word().prop_map(|word| VerificationChannel::from_wire(&word)),
        any::<Option<String>>(),
        any::<Option<String>>(),
        any::<Vec<(String, String)>>(),
        prop::sample::select(vec![None, Some(Compared::Same), Some(Compared::Differs)]),
    )
        .prop_map(
            |(service, to, channel, locale, send_digits, tags, on_file)| {
                Intent::VerifyStart(NewVerification {
                    service,
                    to,
                    channel,
                    locale,
                    send_digits,
                    tags,
                    on_file,
                })
            },
        );
    let one = || (any_sid("VA"), any_key(), option::of(any_recipient()));
    prop_oneof![
        text,
        start,
        one().prop_map(|(service, key, to)| Intent::VerifyCheck { service, key, to }),
        one().prop_map(|(service, key, to)| Intent::VerifyCancel { service, key, to }),
        (any_number(), any::<bool>())
            .prop_map(|(number, line_type)| Intent::LookUp { number, line_type }),
    ]
}

/// Words of Twilio's, known and not.
fn any_word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("sms".to_owned()),
        Just("call".to_owned()),
        Just("delivered".to_owned()),
        Just("pending".to_owned()),
        Just("max_attempts_reached".to_owned()),
        any::<String>(),
    ]
}

fn any_failure() -> impl Strategy<Value = Failure> {
    let kind = proptest::sample::select(vec![
        FailureKind::InvalidRecipient,
        FailureKind::InvalidCode,
        FailureKind::Refused,
        FailureKind::NotFound,
        FailureKind::RateLimit,
        FailureKind::Credentials,
        FailureKind::NotSent,
        FailureKind::NoAnswer,
        FailureKind::OutcomeUnknown,
        FailureKind::Store,
        FailureKind::Vault,
        FailureKind::Internal,
    ]);
    (
        kind,
        any::<Option<u32>>(),
        any::<Option<u16>>(),
        any::<String>(),
        any::<Option<u32>>(),
        any::<Option<String>>(),
    )
        .prop_map(
            |(kind, code, status, message, retry_after, request_id)| Failure {
                kind,
                code,
                status,
                message,
                retry_after,
                request_id,
                said: None,
            },
        )
}

fn any_foreign() -> impl Strategy<Value = Option<Untrusted>> {
    any::<Option<String>>().prop_map(|text| text.map(Untrusted::new))
}

fn any_settled() -> impl Strategy<Value = Settled> {
    let status = || any_word().prop_map(|word| MessageStatus::from_wire(&word));
    let delivery = (
        status(),
        any::<Option<u32>>(),
        option::of(any_sid("VL")),
        any::<Option<String>>(),
        any_foreign(),
    )
        .prop_map(|(status, error_code, attempt, call, carrier)| Delivery {
            status,
            error_code,
            attempt,
            call,
            carrier,
        });
    let lookup = (
        any::<bool>(),
        any::<Vec<String>>(),
        any::<Option<String>>(),
        any::<Option<String>>(),
        any_foreign(),
    )
        .prop_map(
            |(valid, validation_errors, country, line_type, carrier)| Settled::Lookup {
                valid,
                validation_errors,
                country,
                line_type,
                carrier,
            },
        );
    prop_oneof![
        lookup,
        (
            any_sid("SM|MM"),
            status(),
            any::<Option<u32>>(),
            any::<Option<u32>>()
        )
            .prop_map(|(sid, status, error_code, segments)| Settled::Text {
                sid,
                status,
                error_code,
                segments
            }),
        (
            any_sid("VE"),
            any_word(),
            any_word(),
            any::<Option<u32>>(),
            option::of(any_time()),
            option::of(delivery),
            option::of(any_time()),
        )
            .prop_map(
                |(sid, status, channel, sends, expires_at, delivery, approved_at)| {
                    Settled::Verification {
                        sid,
                        status: VerificationStatus::from_wire(&status),
                        channel: VerificationChannel::from_wire(&channel),
                        sends,
                        expires_at,
                        delivery,
                        approved_at,
                    }
                },
            ),
    ]
}

/// Any row that the program could be asked to keep.
pub fn any_row() -> impl Strategy<Value = HistoryRow> {
    let state = prop_oneof![
        Just(OpState::Intended),
        any_settled().prop_map(OpState::Settled),
        any_failure().prop_map(OpState::NotSent),
        any_failure().prop_map(OpState::Refused),
        any_failure().prop_map(OpState::Unknown),
    ];
    (any::<u32>(), any_intent(), any_time(), state, any_time()).prop_map(
        |(seq, intent, at, state, updated_at)| HistoryRow {
            row: 0,
            operation: Operation {
                id: OpId { session: 1, seq },
                intent,
                at,
                account: (seq % 2 == 0).then(|| sid("AC", seq)),
                home: (seq % 7 == 0).then(|| "ie1".to_owned()),
                ticket: Ticket::parse(&format!("T-{seq}"))
                    .ok()
                    .filter(|_| seq % 3 == 0),
                agent: (seq % 5 == 0).then(|| "desk-7".to_owned()),
                skew_seconds: (seq % 11 == 0).then(|| i64::from(seq) - 1_000),
            },
            state,
            updated_at,
            audit: None,
        },
    )
}
