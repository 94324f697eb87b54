//! Twilio's answer about an account has its auth token in clear. It is in no value, no error and no log,
//! whatever is asked, and however the answer is damaged.

use std::sync::Arc;

use tuilio::domain::call::{Answer, Call};
use tuilio::domain::failure::with_causes;
use tuilio::domain::message::MessageFilter;
use tuilio::domain::secret::Code;
use tuilio::domain::verification::{
    AttemptFilter, NewVerification, VerificationChannel, VerificationKey,
};
use tuilio::domain::{Failure, NewMessage, OpState, Recipient, Sender};
use tuilio::model::{Ask, Event};
use tuilio::twilio::transport::Sending;
use tuilio::twilio::wire::{Request, Response};
use tuilio::twilio::{Client, Error, RetryPolicy, Transport};

use super::{AC, MG, SM, VA, VE, config, number, sid};

const TOKEN: &str = "9e8d7c6b5a493827marked4711token0";

/// Gives the same answer to everything.
struct Same(Response);

impl Transport for Same {
    fn send(&self, _: Request) -> Sending<'_> {
        let response = self.0.clone();
        Box::pin(async { Ok(response) })
    }
}

fn calls() -> Vec<Call> {
    let to = || Recipient::Phone(number("+14155550123"));
    let (service, key) = (sid(VA), VerificationKey::Sid(sid(VE)));
    vec![
        Call::SendMessage(NewMessage::new(to_number(), Sender::Service(sid(MG)), "Hi")),
        Call::FetchMessage(sid(SM)),
        Call::ListMessages(MessageFilter::default()),
        Call::DeleteMessage(sid(SM)),
        Call::StartVerification(NewVerification::new(
            sid(VA),
            to(),
            VerificationChannel::Sms,
        )),
        Call::CheckVerification {
            service,
            key,
            code: Code::parse("482913").unwrap(),
        },
        Call::ListAttempts(AttemptFilter::default()),
        Call::SummariseAttempts(AttemptFilter::default()),
        Call::ListVerifyServices,
        Call::FetchVerifyService(sid(VA)),
        Call::LookUp {
            number: to_number(),
            line_type: true,
        },
        Call::FetchAccount,
        Call::FetchBalance,
        Call::ListNumbers,
        Call::ListMessagingServices,
    ]
}

fn to_number() -> tuilio::domain::PhoneNumber {
    number("+14155550123")
}

/// The answer, and what may become of it on its way.
fn damaged() -> Vec<Vec<u8>> {
    let whole = format!(
        r#"{{"sid":"{AC}","auth_token":"{TOKEN}","friendly_name":"Acme","status":"active","type":"Full",
        "owner_account_sid":"{AC}","date_created":"Thu, 24 Aug 2023 05:01:45 +0000",
        "uri":"/2010-04-01/Accounts/{AC}.json","subresource_uris":{{"messages":"/m"}}}}"#
    );
    let mut all: Vec<Vec<u8>> = (0..=whole.len())
        .step_by(3)
        .map(|end| whole.as_bytes()[..end].to_vec())
        .collect();
    all.extend(
        (0..whole.len())
            .step_by(3)
            .map(|at| whole.as_bytes()[at..].to_vec()),
    );
    let noted = whole.replace("auth_token", "note");
    for odd in [
        whole.clone(),
        format!("[{whole}]"),
        format!("{whole}{whole}"),
        format!(r#"{{"account":{whole}}}"#),
        whole.replace(&format!(r#"{{"sid":"{AC}""#), r#"{"sid":null"#),
        whole.replace(
            &format!(r#""sid":"{AC}","auth"#),
            r#""sid":{"a":[1]},"auth"#,
        ),
        whole.replace("\"active\"", "[7]"),
        whole.replace(':', "="),
        noted,
        format!("<html>{whole}</html>"),
    ] {
        all.push(odd.clone().into_bytes());
        let mut broken = odd.into_bytes();
        broken.push(0xff);
        all.push(broken);
    }
    all
}

fn assert_silent(result: Result<Answer, Error>, of: &str) {
    let mut said = vec![format!("{result:?}")];
    let result = result.map(Box::new).map_err(|error| {
        said.push(error.to_string());
        said.push(with_causes(&error));
        let failure = Failure::from(error);
        said.push(format!("{:?}", OpState::from_failure(failure.clone())));
        failure
    });
    said.push(format!(
        "{:?}",
        Event::Replied {
            ask: Ask::Once,
            result
        }
    ));
    for text in said {
        assert!(!text.contains(&TOKEN[..12]), "{of}: {text}");
    }
}

#[tokio::test]
async fn the_token_in_an_answer_about_the_account_is_nowhere_afterwards() {
    let mut read = 0;
    for body in damaged() {
        for status in [200, 201, 301, 401, 404, 429, 500] {
            let response = Response {
                status,
                headers: Vec::new(),
                body: body.clone(),
            };
            assert!(!format!("{response:?}").contains(TOKEN));
            let client = Client::new(config(), Arc::new(Same(response)))
                .with_retry_policy(RetryPolicy::never());
            for call in calls() {
                let of = format!("{call:?} {status}");
                let result = client.perform(call, &|_| ()).await;
                read += usize::from(result.is_ok());
                assert_silent(result, &of);
            }
        }
    }
    assert!(read > 0, "the answer is one that can be read");
}
