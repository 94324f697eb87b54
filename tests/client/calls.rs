//! Whole calls over a transport that answers from a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tuilio::domain::call::{Call, Reply};
use tuilio::domain::message::MessageFilter;
use tuilio::domain::{NewMessage, Sender, VerificationStatus};
use tuilio::twilio::transport::Sending;
use tuilio::twilio::wire::{Request, Response};
use tuilio::twilio::{
    self, Client, ConfigError, Error, RetryPolicy, Transport, TransportError, TwilioConfig,
    VerificationChannel,
};

use super::{AC, MG, PN, SM, VA, VE, config, number, sid};

type Step = Result<Response, TransportError>;

/// Gives one answer after the other and keeps what it was asked.
struct Script {
    steps: Mutex<VecDeque<Step>>,
    asked: Mutex<Vec<Request>>,
}

impl Transport for Script {
    fn send(&self, request: Request) -> Sending<'_> {
        self.asked.lock().unwrap().push(request);
        let step = self.steps.lock().unwrap().pop_front();
        Box::pin(async { step.expect("a step of the script") })
    }
}

fn client_of(config: TwilioConfig, steps: Vec<Step>) -> (Client, Arc<Script>) {
    let script = Arc::new(Script {
        steps: Mutex::new(steps.into()),
        asked: Mutex::default(),
    });
    let client = Client::new(config, script.clone()).with_retry_policy(RetryPolicy {
        first_wait: Duration::from_millis(2),
        ..RetryPolicy::default()
    });
    (client, script)
}

fn client(steps: Vec<Step>) -> (Client, Arc<Script>) {
    client_of(config(), steps)
}

#[expect(clippy::unnecessary_wraps, reason = "a step of a script is a result")]
fn answer(status: u16, body: &str) -> Step {
    Ok(Response {
        status,
        headers: vec![
            (
                "twilio-request-id".into(),
                "RQ0123456789abcdef0123456789abcdef".into(),
            ),
            ("date".into(), "Wed, 21 Oct 2026 07:28:00 GMT".into()),
        ],
        body: body.as_bytes().to_vec(),
    })
}

fn message() -> String {
    format!(r#"{{"sid":"{SM}","status":"queued"}}"#)
}

fn verification(status: &str) -> String {
    format!(r#"{{"sid":"{VE}","status":"{status}","channel":"sms"}}"#)
}

fn busy() -> Step {
    answer(429, r#"{"code":20429,"message":"Too many requests"}"#)
}

fn text() -> Call {
    Call::SendMessage(NewMessage::new(
        number("+14155550123"),
        Sender::Service(sid(MG)),
        "Hi",
    ))
}

#[tokio::test]
async fn a_busy_twilio_is_asked_again_and_every_wait_is_told() {
    let (client, script) = client(vec![busy(), busy(), answer(201, &message())]);
    let waits = Mutex::new(Vec::new());
    let answer = client
        .perform(text(), &|wait| waits.lock().unwrap().push(wait))
        .await
        .unwrap();
    assert!(matches!(answer.reply, Reply::Message(_)));
    assert_eq!(
        answer.request_id.as_deref(),
        Some("RQ0123456789abcdef0123456789abcdef")
    );
    assert_eq!(answer.date, "2026-10-21T07:28:00Z".parse().ok());
    assert_eq!(script.asked.lock().unwrap().len(), 3);
    assert_eq!(waits.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn after_three_waits_the_agent_is_told() {
    let (client, script) = client((0..4).map(|_| busy()).collect());
    let error = client.perform(text(), &|_| ()).await.unwrap_err();
    assert!(matches!(
        error,
        Error::RateLimit {
            code: Some(20429),
            ..
        }
    ));
    assert!(!error.may_have_taken_effect());
    assert_eq!(script.asked.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn a_send_that_woke_up_long_after_its_wait_does_not_leave_any_more() {
    for (asleep, call, left) in [
        (600, text(), false),
        (5, text(), true),
        (600, Call::ListMessages(MessageFilter::default()), true),
    ] {
        let page = r#"{"messages":[],"next_page_uri":null}"#;
        let done = if call.changes_something() {
            answer(201, &message())
        } else {
            answer(200, page)
        };
        let (client, script) = client(vec![busy(), done]);
        let now = Arc::new(Mutex::new(Duration::ZERO));
        let clock = Arc::clone(&now);
        let client = client.with_steady_clock(move || *clock.lock().unwrap());
        let result = client
            .perform(call, &|_| {
                *now.lock().unwrap() += Duration::from_secs(asleep);
            })
            .await;
        assert_eq!(result.is_ok(), left, "{result:?}");
        assert_eq!(script.asked.lock().unwrap().len(), 1 + usize::from(left));
        if let Err(error) = result {
            assert!(matches!(&error, Error::NotSent { .. }), "{error:?}");
            assert!(!error.may_have_taken_effect());
        }
    }
}

#[tokio::test]
async fn a_send_whose_fate_is_open_is_sent_once() {
    for step in [
        Err(TransportError::Lost("reset".into())),
        answer(500, r#"{"code":20500}"#),
        answer(502, "<html>"),
        answer(201, "<html>"),
        answer(201, "{}"),
        answer(307, ""),
    ] {
        let (client, script) = client(vec![step.clone()]);
        let error = client.perform(text(), &|_| ()).await.unwrap_err();
        assert!(error.may_have_taken_effect(), "{step:?}: {error:?}");
        assert_eq!(script.asked.lock().unwrap().len(), 1);
    }
    let (client, script) = client(vec![Err(TransportError::NotSent("refused".into()))]);
    let error = client.perform(text(), &|_| ()).await.unwrap_err();
    assert!(matches!(error, Error::NotSent { .. }) && !error.may_have_taken_effect());
    assert_eq!(script.asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_question_is_asked_again_when_its_answer_is_lost() {
    let list = r#"{"messages":[],"next_page_uri":null}"#;
    let (client, script) = client(vec![
        Err(TransportError::Lost("reset".into())),
        answer(503, ""),
        Err(TransportError::NotSent("refused".into())),
        answer(200, list),
    ]);
    let page = client.messages().list(&MessageFilter::default()).await;
    assert!(page.is_ok());
    assert_eq!(script.asked.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn a_question_that_costs_money_is_not_paid_for_twice() {
    let lost = || Err(TransportError::Lost("reset".into()));
    for (line_type, asked) in [(true, 1), (false, 4)] {
        let (client, script) = client(vec![lost(), lost(), lost(), lost()]);
        let ada = tuilio::domain::PhoneNumber::from_e164("+14155550123").unwrap();
        let failed = client.lookups().look_up(&ada, line_type).await.unwrap_err();
        assert_eq!(script.asked.lock().unwrap().len(), asked);
        let says = failed.to_string().contains("may have charged");
        assert_eq!(says, line_type, "{failed}");
    }
}

#[tokio::test]
async fn a_limit_that_is_used_up_is_not_tried_again() {
    for code in [60203, 60212] {
        let body = format!(r#"{{"code":{code},"message":"Max send attempts reached"}}"#);
        let (client, script) = client(vec![answer(429, &body)]);
        let error =
            twilio::start_verification(&client, "+14155550123", VerificationChannel::Sms).await;
        assert!(matches!(error, Err(Error::RateLimit { .. })));
        assert_eq!(script.asked.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_list_is_read_to_its_end_on_our_own_host() {
    let item = |name: &str| {
        format!(
            r#"{{"sid":"{PN}","phone_number":"+15005550006","friendly_name":"{name}","capabilities":{{"sms":true}}}}"#
        )
    };
    let page = |name: &str, next: &str| {
        let body = format!(
            r#"{{"incoming_phone_numbers":[{}],"next_page_uri":{next}}}"#,
            item(name)
        );
        answer(200, &body)
    };
    let (client, script) = client(vec![
        page("one", r#""https://evil.example/2010-04-01/next?Page=1""#),
        page("two", r#""/2010-04-01/next?Page=2""#),
        page("three", "null"),
    ]);
    let numbers = client.accounts().numbers().await.unwrap().reply;
    let names: Vec<_> = numbers
        .iter()
        .map(|number| number.friendly_name.raw())
        .collect();
    assert_eq!(names, ["one", "two", "three"]);
    let asked = script.asked.lock().unwrap();
    assert_eq!(asked[1].path, "/2010-04-01/next");
    assert_eq!(asked[2].query_value("Page"), Some("2"));
}

#[tokio::test]
async fn send_sms_uses_the_configured_sender() {
    let (client, script) = client(vec![answer(201, &message())]);
    let sent = twilio::send_sms(&client, "+14155550123", "Hi")
        .await
        .unwrap();
    assert_eq!(sent.sid.as_str(), SM);
    let asked = script.asked.lock().unwrap();
    assert_eq!(
        asked[0].path,
        format!("/2010-04-01/Accounts/{AC}/Messages.json")
    );
    assert_eq!(asked[0].form_value("MessagingServiceSid"), Some(MG));
}

#[tokio::test]
async fn what_cannot_be_right_never_leaves() {
    let (client, script) = client(Vec::new());
    let sms = VerificationChannel::Sms;
    assert!(matches!(
        twilio::send_sms(&client, "415 555 0123", "Hi").await,
        Err(Error::InvalidPhoneNumber(_))
    ));
    assert!(matches!(
        twilio::start_verification(&client, "ada@example.org", sms).await,
        Err(Error::InvalidPhoneNumber(_))
    ));
    assert!(matches!(
        twilio::start_verification(&client, "+14155550123", VerificationChannel::Email).await,
        Err(Error::InvalidEmailAddress(_))
    ));
    assert!(matches!(
        twilio::check_verification(&client, "+14155550123", "12").await,
        Err(Error::InvalidCode(_))
    ));
    let bare = TwilioConfig {
        sender: None,
        verify_service: None,
        ..config()
    };
    let (bare, bare_script) = client_of(bare, Vec::new());
    assert_eq!(
        twilio::send_sms(&bare, "+14155550123", "Hi").await,
        Err(Error::Config(ConfigError::NoSender))
    );
    assert_eq!(
        twilio::check_verification(&bare, "+14155550123", "482913").await,
        Err(Error::Config(ConfigError::NoVerifyService))
    );
    assert!(script.asked.lock().unwrap().is_empty());
    assert!(bare_script.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_check_tells_wrong_from_over() {
    enum Outcome {
        Approved,
        Wrong,
        Over,
        Other,
    }
    for (step, expected) in [
        (answer(200, &verification("approved")), Outcome::Approved),
        (answer(201, &verification("approved")), Outcome::Approved),
        (answer(200, &verification("pending")), Outcome::Wrong),
        (answer(200, &verification("canceled")), Outcome::Over),
        (
            answer(200, &verification("max_attempts_reached")),
            Outcome::Over,
        ),
        (answer(404, r#"{"code":20404}"#), Outcome::Over),
        (answer(429, r#"{"code":60202}"#), Outcome::Over),
        (answer(400, r#"{"code":60200}"#), Outcome::Other),
        (answer(500, ""), Outcome::Other),
    ] {
        let (client, script) = client(vec![step.clone()]);
        let result = twilio::check_verification(&client, "+14155550123", "482 913").await;
        let right = match expected {
            Outcome::Approved => result.is_ok_and(|v| v.status == VerificationStatus::Approved),
            Outcome::Wrong => matches!(result, Err(Error::VerificationFailed { .. })),
            Outcome::Over => matches!(result, Err(Error::TokenExpired { .. })),
            Outcome::Other => matches!(
                result,
                Err(Error::TwilioApi {
                    code: Some(60200),
                    ..
                } | Error::OutcomeUnknown { .. })
            ),
        };
        assert!(right, "{step:?}");
        let asked = script.asked.lock().unwrap();
        assert_eq!(asked.len(), 1);
        assert_eq!(
            asked[0].path,
            format!("/v2/Services/{VA}/VerificationCheck")
        );
        assert_eq!(asked[0].form_value("Code"), Some("482913"));
    }
}

#[test]
fn calls_may_travel_between_threads() {
    fn is_send<T: Send>(_: T) {}
    let (client, _) = client(Vec::new());
    is_send(client.perform(Call::FetchBalance, &|_| ()));
    is_send(twilio::send_sms(&client, "+14155550123", "Hi"));
}
