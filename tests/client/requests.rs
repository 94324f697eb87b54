//! Every call as method, host, path, query and form.

use tuilio::domain::call::Call;
use tuilio::domain::message::{ListPage, MessageFilter};
use tuilio::domain::secret::{Code, Secret};
use tuilio::domain::verification::{AttemptFilter, EmailAddress, NewVerification};
use tuilio::domain::{
    NewMessage, Recipient, Sender, Timestamp, VerificationChannel, VerificationKey,
};
use tuilio::twilio::request::encode;
use tuilio::twilio::response::{self, NoReply};
use tuilio::twilio::wire::{Host, Method, Response};
use tuilio::twilio::{Credentials, TwilioConfig};

use super::{AC, MG, SM, VA, VE, config, number, sid};

const TO: &str = "+14155550123";

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn phone() -> Recipient {
    Recipient::Phone(number(TO))
}

fn pairs(list: &[(String, String)]) -> String {
    list.iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

/// One line for each request: method, host, path, query, and the form after a bar.
fn line(call: &Call) -> String {
    let request = encode(&config(), call);
    let host = match request.host {
        Host::Api => "api",
        Host::Verify => "verify",
        Host::Lookups => "lookups",
        Host::Messaging => "messaging",
    };
    format!(
        "{} {host}{}?{} | {}",
        request.method.as_str(),
        request.path,
        pairs(&request.query),
        pairs(&request.form)
    )
    .replace(AC, "{AC}")
    .replace(MG, "{MG}")
    .replace(SM, "{SM}")
    .replace(VA, "{VA}")
    .replace(VE, "{VE}")
}

#[test]
fn every_call_has_its_request() {
    let service = || sid(VA);
    let by_sid = || VerificationKey::Sid(sid(VE));
    let by_phone = || VerificationKey::To(phone());
    let by_email =
        || VerificationKey::To(Recipient::Email(EmailAddress::parse("a/b@x.org").unwrap()));
    let all_of_message = NewMessage {
        validity_seconds: Some(600),
        send_at: Some(time("2026-01-02T03:04:05.678Z")),
        smart_encoded: Some(true),
        ..NewMessage::new(number(TO), Sender::Service(sid(MG)), "Hi & bye = ünï +")
    };
    let all_of_verification = NewVerification {
        locale: Some("es".into()),
        send_digits: Some("12".into()),
        tags: vec![("desk".into(), "a \"1\"".into())],
        ..NewVerification::new(service(), phone(), VerificationChannel::Call)
    };
    let all_of_attempts = AttemptFilter {
        service: Some(service()),
        verification: Some(sid(VE)),
        to: Some(phone()),
        created_after: Some(time("2026-01-02T03:04:05Z")),
        created_before: Some(time("2026-01-03T00:00:00Z")),
        channel: Some(VerificationChannel::Sms),
        country: Some("CO".into()),
        page_size: Some(20),
    };
    let all_of_messages = MessageFilter {
        to: Some(number(TO)),
        from: Some(number("+15005550006")),
        sent_after: Some(time("2026-01-02T03:04:05Z")),
        sent_before: Some(time("2026-01-03T00:00:00Z")),
        page_size: Some(20),
    };
    let table = [
        (
            Call::SendMessage(NewMessage::new(
                number(TO),
                Sender::Number(number("+15005550006")),
                "Hi",
            )),
            "POST api/2010-04-01/Accounts/{AC}/Messages.json? | To=+14155550123&From=+15005550006&Body=Hi",
        ),
        (
            Call::SendMessage(NewMessage::new(number(TO), Sender::Name("Shop".into()), "")),
            "POST api/2010-04-01/Accounts/{AC}/Messages.json? | To=+14155550123&From=Shop&Body=",
        ),
        (
            Call::SendMessage(all_of_message),
            "POST api/2010-04-01/Accounts/{AC}/Messages.json? | To=+14155550123&MessagingServiceSid={MG}&Body=Hi & bye = ünï +&ValidityPeriod=600&SendAt=2026-01-02T03:04:05Z&ScheduleType=fixed&SmartEncoded=true",
        ),
        (
            Call::FetchMessage(sid(SM)),
            "GET api/2010-04-01/Accounts/{AC}/Messages/{SM}.json? | ",
        ),
        (
            Call::ListMessages(MessageFilter::default()),
            "GET api/2010-04-01/Accounts/{AC}/Messages.json? | ",
        ),
        (
            Call::ListMessages(all_of_messages),
            "GET api/2010-04-01/Accounts/{AC}/Messages.json?To=+14155550123&From=+15005550006&DateSent>=2026-01-02T03:04:05Z&DateSent<=2026-01-03T00:00:00Z&PageSize=20 | ",
        ),
        (
            Call::CancelMessage(sid(SM)),
            "POST api/2010-04-01/Accounts/{AC}/Messages/{SM}.json? | Status=canceled",
        ),
        (
            Call::RedactMessage(sid(SM)),
            "POST api/2010-04-01/Accounts/{AC}/Messages/{SM}.json? | Body=",
        ),
        (
            Call::DeleteMessage(sid(SM)),
            "DELETE api/2010-04-01/Accounts/{AC}/Messages/{SM}.json? | ",
        ),
        (
            Call::StartVerification(NewVerification::new(
                service(),
                phone(),
                VerificationChannel::Sms,
            )),
            "POST verify/v2/Services/{VA}/Verifications? | To=+14155550123&Channel=sms",
        ),
        (
            Call::StartVerification(all_of_verification),
            r#"POST verify/v2/Services/{VA}/Verifications? | To=+14155550123&Channel=call&Locale=es&SendDigits=12&Tags={"desk":"a \"1\""}"#,
        ),
        (
            Call::FetchVerification {
                service: service(),
                key: by_sid(),
            },
            "GET verify/v2/Services/{VA}/Verifications/{VE}? | ",
        ),
        (
            Call::FetchVerification {
                service: service(),
                key: by_phone(),
            },
            "GET verify/v2/Services/{VA}/Verifications/+14155550123? | ",
        ),
        (
            Call::CancelVerification {
                service: service(),
                key: by_email(),
            },
            "POST verify/v2/Services/{VA}/Verifications/a%2Fb%40x.org? | Status=canceled",
        ),
        (
            Call::CheckVerification {
                service: service(),
                key: by_sid(),
                code: Code::parse("482913").unwrap(),
            },
            "POST verify/v2/Services/{VA}/VerificationCheck? | VerificationSid={VE}&Code=482913",
        ),
        (
            Call::CheckVerification {
                service: service(),
                key: by_phone(),
                code: Code::parse("482913").unwrap(),
            },
            "POST verify/v2/Services/{VA}/VerificationCheck? | To=+14155550123&Code=482913",
        ),
        (
            Call::ListAttempts(all_of_attempts.clone()),
            "GET verify/v2/Attempts?VerifyServiceSid={VA}&DateCreatedAfter=2026-01-02T03:04:05Z&DateCreatedBefore=2026-01-03T00:00:00Z&Channel=sms&Country=CO&VerificationSid={VE}&ChannelData.To=+14155550123&PageSize=20 | ",
        ),
        (
            Call::SummariseAttempts(all_of_attempts),
            "GET verify/v2/Attempts/Summary?VerifyServiceSid={VA}&DateCreatedAfter=2026-01-02T03:04:05Z&DateCreatedBefore=2026-01-03T00:00:00Z&Channel=sms&Country=CO | ",
        ),
        (
            Call::ListVerifyServices,
            "GET verify/v2/Services?PageSize=200 | ",
        ),
        (
            Call::FetchVerifyService(service()),
            "GET verify/v2/Services/{VA}? | ",
        ),
        (
            Call::LookUp {
                number: number(TO),
                line_type: false,
            },
            "GET lookups/v2/PhoneNumbers/+14155550123? | ",
        ),
        (
            Call::LookUp {
                number: number(TO),
                line_type: true,
            },
            "GET lookups/v2/PhoneNumbers/+14155550123?Fields=line_type_intelligence | ",
        ),
        (
            Call::FetchAccount,
            "GET api/2010-04-01/Accounts/{AC}.json? | ",
        ),
        (
            Call::FetchBalance,
            "GET api/2010-04-01/Accounts/{AC}/Balance.json? | ",
        ),
        (
            Call::ListNumbers,
            "GET api/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json?PageSize=200 | ",
        ),
        (
            Call::ListMessagingServices,
            "GET messaging/v1/Services?PageSize=200 | ",
        ),
    ];
    for (call, expected) in table {
        assert_eq!(line(&call), expected);
    }
}

#[test]
fn what_changes_something_is_never_a_get() {
    let changing = Call::DeleteMessage(sid(SM));
    assert!(changing.changes_something());
    for (call, method) in [
        (changing, Method::Delete),
        (Call::CancelMessage(sid(SM)), Method::Post),
        (Call::FetchBalance, Method::Get),
    ] {
        let request = encode(&config(), &call);
        assert_eq!(request.method, method);
        assert_eq!(call.changes_something(), request.method != Method::Get);
    }
}

#[test]
fn the_next_page_is_asked_of_our_own_host() {
    let uri = format!(
        "/2010-04-01/Accounts/{AC}/Messages.json?To=%2B14155550123&PageSize=2&Page=1&PageToken=PASM%2F1"
    );
    for link in [
        uri.clone(),
        format!("https://evil.example{uri}"),
        format!("http://user@evil.example:81{uri}"),
    ] {
        let body = format!(r#"{{"messages":[],"next_page_uri":"{link}"}}"#);
        let page = response::messages(&Response {
            status: 200,
            headers: Vec::new(),
            body: body.into_bytes(),
        })
        .unwrap();
        let call = Call::NextMessages {
            filter: MessageFilter::default(),
            cursor: page.next.expect("a next page"),
        };
        assert_eq!(
            line(&call),
            "GET api/2010-04-01/Accounts/{AC}/Messages.json?To=+14155550123&PageSize=2&Page=1&PageToken=PASM/1 | "
        );
    }
}

#[test]
fn the_next_page_of_sends_is_asked_of_verify() {
    let body = r#"{"attempts":[],"meta":{"next_page_url":"https://evil.example/v2/Attempts?Page=1&PageToken=PAX"}}"#;
    let page = response::attempts(&Response {
        status: 200,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    })
    .unwrap();
    let call = Call::NextAttempts {
        filter: AttemptFilter::default(),
        cursor: page.next.expect("a next page"),
    };
    assert_eq!(
        line(&call),
        "GET verify/v2/Attempts?Page=1&PageToken=PAX | "
    );
}

#[test]
fn a_list_ends_where_twilio_says_so_and_is_not_read_where_it_goes_on_nowhere() {
    for (rest, ends) in [
        (r#","next_page_uri":null"#, true),
        (r#","next_page_uri":"""#, true),
        ("", false),
        (r#","next_page_uri":"Messages.json?Page=1""#, false),
        (r#","next_page_uri":"//evil.example/x""#, false),
        (r#","next_page_uri":".evil.example/x""#, false),
        (r#","next_page_uri":"https://evil.example""#, false),
        (r#","next_page_uri":{"url":"/x"}"#, false),
        (r#","next_page_uri":7"#, false),
    ] {
        let page = response::messages(&Response {
            status: 200,
            headers: Vec::new(),
            body: format!(r#"{{"messages":[]{rest}}}"#).into_bytes(),
        });
        let end = ListPage {
            items: Vec::new(),
            next: None,
        };
        let expected = if ends {
            Ok(end)
        } else {
            Err(NoReply::Unreadable)
        };
        assert_eq!(page, expected, "{rest}");
    }
}

#[test]
fn an_api_key_signs_and_the_account_stays_in_the_path() {
    let key = "SK0123456789abcdef0123456789abcdef";
    let config = TwilioConfig::new(
        sid(AC),
        Credentials::ApiKey {
            sid: sid(key),
            secret: Secret::new("hush"),
        },
    );
    let request = encode(&config, &Call::FetchBalance);
    let auth = request.auth.clone().expect("credentials");
    assert_eq!(
        (auth.username.as_str(), auth.password.expose()),
        (key, "hush")
    );
    assert!(request.path.contains(AC));
    assert!(!format!("{request:?} {auth:?}").contains("hush"));
}
