//! Answers as Twilio writes them, the values that they become, and what must not pass for one.

use tuilio::domain::message::{Direction, MessageStatus};
use tuilio::domain::{Timestamp, Untrusted, VerificationChannel, VerificationStatus};
use tuilio::twilio::response::{self, NoReply};
use tuilio::twilio::wire::Response;

use super::{AC, MG, PN, SM, VA, VE, VL};

fn answer(status: u16, body: &str) -> Response {
    let body = body
        .replace("{AC}", AC)
        .replace("{MG}", MG)
        .replace("{PN}", PN)
        .replace("{SM}", SM)
        .replace("{VA}", VA)
        .replace("{VE}", VE)
        .replace("{VL}", VL);
    Response {
        status,
        headers: Vec::new(),
        body: body.into_bytes(),
    }
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

const MESSAGE: &str = r#"{"account_sid":"{AC}","api_version":"2010-04-01","body":"Your parcel is here",
 "date_created":"Wed, 08 Jul 2026 18:37:10 +0000","date_sent":null,"date_updated":"Wed, 08 Jul 2026 18:37:11 +0000",
 "direction":"outbound-api","error_code":null,"error_message":null,"from":null,"messaging_service_sid":"{MG}",
 "num_media":"0","num_segments":"1","price":null,"price_unit":"USD","sid":"{SM}","status":"accepted",
 "subresource_uris":{"media":"/2010-04-01/Accounts/{AC}/Messages/{SM}/Media.json"},"to":"+14155550123",
 "uri":"/2010-04-01/Accounts/{AC}/Messages/{SM}.json"}"#;

const VERIFICATION: &str = r#"{"sid":"{VE}","service_sid":"{VA}","account_sid":"{AC}","to":"+14155550123","channel":"sms",
 "status":"pending","valid":false,"date_created":"2026-01-01T10:00:00Z","date_updated":"2026-01-01T10:01:00Z",
 "lookup":{"carrier":{"error_code":null,"name":"Acme","mobile_country_code":"311","mobile_network_code":"180","type":"mobile"}},
 "amount":null,"payee":null,"send_code_attempts":[{"time":"2026-01-01T10:00:00Z","channel":"SMS","attempt_sid":"{VL}"},
 {"time":"2026-01-01T10:01:00Z","channel":"CALL","attempt_sid":null}],"sna":null,"url":"https://verify.twilio.com/v2/x"}"#;

const CHECK: &str = r#"{"sid":"{VE}","service_sid":"{VA}","account_sid":"{AC}","to":"+14155550123","channel":"sms",
 "status":"approved","valid":true,"amount":null,"payee":null,"sna_attempts_error_codes":[],
 "date_created":"2026-01-01T10:00:00Z","date_updated":"2026-01-01T10:02:00.123Z"}"#;

const ATTEMPTS: &str = r#"{"attempts":[{"sid":"{VL}","account_sid":"{AC}","service_sid":"{VA}","verification_sid":"{VE}",
 "date_created":"2026-08-11T18:36:59Z","date_updated":"2026-08-11T18:37:59Z","conversion_status":"CONVERTED","channel":"sms",
 "price":{"value":"0.005","currency":"usd"},"channel_data":{"verification_sid":"{VE}","to":"+573003003030",
 "status":"unconfirmed","message_status":"undelivered","error_code":"30008","country":"CO","code_length":6,"locale":"es",
 "mcc":"732","mnc":"103","carrier":"Acme"},"url":"https://verify.twilio.com/v2/Attempts/{VL}"}],
 "meta":{"key":"attempts","page":0,"page_size":1,"url":"https://verify.twilio.com/v2/Attempts?PageSize=1",
 "first_page_url":"https://verify.twilio.com/v2/Attempts?PageSize=1","previous_page_url":null,
 "next_page_url":"https://verify.twilio.com/v2/Attempts?PageSize=1&Page=1&PageToken=PA1"}}"#;

const SUMMARY: &str = r#"{"total_attempts":11,"total_converted":"9","total_unconverted":2,
 "conversion_rate_percentage":"81.818181818","url":"https://verify.twilio.com/v2/Attempts/Summary"}"#;

const VERIFY_SERVICE: &str = r#"{"sid":"{VA}","account_sid":"{AC}","friendly_name":"Acme desk","code_length":6,
 "lookup_enabled":true,"psd2_enabled":false,"skip_sms_to_landlines":true,"dtmf_input_required":true,"tts_name":null,
 "do_not_share_warning_enabled":true,"custom_code_enabled":false,"push":{"apn_credential_sid":null},"links":{}}"#;

const LOOKUP: &str = r#"{"calling_country_code":"1","country_code":"US","phone_number":"+14155550123",
 "national_format":"(415) 555-0123","valid":true,"validation_errors":[],"caller_name":null,
 "line_type_intelligence":{"error_code":null,"mobile_country_code":null,"mobile_network_code":null,
 "carrier_name":"Acme","type":"landline"},"url":"https://lookups.twilio.com/v2/PhoneNumbers/+14155550123"}"#;

const ACCOUNT: &str = r#"{"sid":"{AC}","friendly_name":"Acme","status":"active","type":"Trial","owner_account_sid":"{AC}",
 "auth_token":"5ecretd0000000000000000000000000","date_created":"Wed, 08 Jul 2026 18:37:10 +0000","subresource_uris":{}}"#;

const BALANCE: &str = r#"{"account_sid":"{AC}","balance":"-0.05","currency":"USD"}"#;

const NUMBERS: &str = r#"{"incoming_phone_numbers":[{"sid":"{PN}","phone_number":"+15005550006","friendly_name":"Main",
 "capabilities":{"voice":true,"sms":true,"mms":false,"fax":false}},{"sid":"{PN}","phone_number":"12345",
 "friendly_name":"Short code","capabilities":{"sms":true}}],"page":0,"page_size":50,"start":0,"end":1,
 "uri":"/2010-04-01/x","next_page_uri":null,"previous_page_uri":null}"#;

const MESSAGING_SERVICES: &str = r#"{"services":[{"sid":"{MG}","friendly_name":"Pool","validity_period":14400,
 "us_app_to_person_registered":false,"links":{"phone_numbers":"https://messaging.twilio.com/v1/x"}}],
 "meta":{"key":"services","next_page_url":null}}"#;

#[test]
fn a_fresh_text_is_read() {
    let message = response::message(&answer(201, MESSAGE)).unwrap();
    assert_eq!(message.sid.as_str(), SM);
    assert_eq!(message.status, MessageStatus::Accepted);
    assert_eq!(message.direction, Direction::OutboundApi);
    assert_eq!(message.to, Untrusted::new("+14155550123"));
    assert_eq!(message.from, None);
    assert_eq!(
        message.messaging_service_sid.map(|sid| sid.to_string()),
        Some(MG.to_owned())
    );
    assert_eq!(message.body.raw(), "Your parcel is here");
    assert_eq!((message.error_code, message.error_message), (None, None));
    assert_eq!(message.num_segments, Some(1));
    assert_eq!(
        (message.price, message.price_unit.as_deref()),
        (None, Some("USD"))
    );
    assert_eq!(message.date_created, Some(time("2026-07-08T18:37:10Z")));
    assert_eq!(message.date_updated, Some(time("2026-07-08T18:37:11Z")));
    assert_eq!(message.date_sent, None);
}

#[test]
fn surprises_in_a_text_do_not_hide_it() {
    let body = r#"{"sid":"{SM}","status":"teleported","direction":7,"to":null,"from":["x"],"error_code":"30003",
        "num_segments":2,"price":-0.0083,"date_sent":"2026-07-08T18:37:10.5Z","body":null,"new":{"deep":[{}]}}"#;
    let message = response::message(&answer(200, body)).unwrap();
    assert_eq!(message.status, MessageStatus::Other("teleported".into()));
    assert_eq!(message.direction, Direction::Other("7".into()));
    assert_eq!((message.to.raw(), message.from), ("", None));
    assert_eq!(
        (message.error_code, message.num_segments),
        (Some(30003), Some(2))
    );
    assert_eq!(message.price.as_deref(), Some("-0.0083"));
    assert!(message.date_sent.is_some());
}

#[test]
fn words_that_are_shown_cannot_act_on_a_terminal() {
    let body = format!(
        r#"{{"sid":"{{SM}}","status":"a\u001b[2J{}"}}"#,
        "x".repeat(500)
    );
    let message = response::message(&answer(200, &body)).unwrap();
    assert!(message.status.as_str().starts_with("a␛[2J"));
    assert!(message.status.as_str().chars().count() <= 64);
}

#[test]
fn verifications_and_checks_are_read() {
    let started = response::verification(&answer(201, VERIFICATION)).unwrap();
    assert_eq!(
        (started.sid.as_str(), &started.status),
        (VE, &VerificationStatus::Pending)
    );
    assert_eq!(started.sends.len(), 2);
    assert_eq!(started.sends[0].channel, VerificationChannel::Sms);
    assert_eq!(
        started.sends[0].sid.as_ref().map(ToString::to_string),
        Some(VL.to_owned())
    );
    assert_eq!(started.sends[1].channel, VerificationChannel::Call);
    assert_eq!(started.sends[1].time, Some(time("2026-01-01T10:01:00Z")));
    assert_eq!(started.line_type.as_deref(), Some("mobile"));
    assert_eq!(started.date_created, Some(time("2026-01-01T10:00:00Z")));

    let checked = response::verification(&answer(200, CHECK)).unwrap();
    assert_eq!(checked.status, VerificationStatus::Approved);
    assert!(checked.sends.is_empty() && checked.line_type.is_none());
    assert_eq!(checked.date_updated, Some(time("2026-01-01T10:02:00.123Z")));
}

#[test]
fn attempts_and_their_summary_are_read() {
    let page = response::attempts(&answer(200, ATTEMPTS)).unwrap();
    let [attempt] = page.items.as_slice() else {
        panic!("one attempt");
    };
    assert!(attempt.converted);
    assert_eq!(attempt.message_status, Some(MessageStatus::Undelivered));
    assert_eq!(
        (attempt.error_code, attempt.country.as_deref()),
        (Some(30008), Some("CO"))
    );
    assert_eq!(attempt.to, Some(Untrusted::new("+573003003030")));
    assert!(page.next.is_some());

    let summary = response::attempt_summary(&answer(200, SUMMARY)).unwrap();
    assert_eq!(
        (summary.total, summary.converted, summary.unconverted),
        (11, 9, 2)
    );
    assert_eq!(summary.conversion_rate.as_deref(), Some("81.818181818"));
}

#[test]
fn what_a_set_up_asks_is_read() {
    let service = response::verify_service(&answer(200, VERIFY_SERVICE)).unwrap();
    assert_eq!((service.sid.as_str(), service.code_length), (VA, 6));
    assert!(service.lookup_enabled && service.skip_sms_to_landlines);
    assert!(service.do_not_share_warning && !service.custom_code);

    let account = response::account(&answer(200, ACCOUNT)).unwrap();
    assert_eq!(
        (
            account.sid.as_str(),
            account.status.as_str(),
            account.is_trial
        ),
        (AC, "active", true)
    );
    assert!(!format!("{account:?}").contains("5ecret"));

    let balance = response::balance(&answer(200, BALANCE)).unwrap();
    assert_eq!(
        (balance.balance.as_str(), balance.currency.as_str()),
        ("-0.05", "USD")
    );

    let numbers = response::numbers(&answer(200, NUMBERS)).unwrap().items;
    assert_eq!(numbers.len(), 1, "a short code has no E.164 form");
    assert_eq!(
        (numbers[0].number.e164(), numbers[0].sms),
        ("+15005550006", true)
    );

    let services = response::messaging_services(&answer(200, MESSAGING_SERVICES)).unwrap();
    assert_eq!(services.items[0].sid.as_str(), MG);
    assert!(!services.items[0].us_registered && services.next.is_none());
}

#[test]
fn a_lookup_of_an_impossible_number_is_an_answer() {
    let found = response::lookup(&answer(200, LOOKUP)).unwrap();
    let line = found.line_type.expect("a kind of line");
    assert_eq!(
        (found.valid, line.kind.as_deref()),
        (true, Some("landline"))
    );

    let body = r#"{"valid":false,"validation_errors":["TOO_SHORT"],"phone_number":"+1415","country_code":null,
        "line_type_intelligence":null}"#;
    let found = response::lookup(&answer(200, body)).unwrap();
    assert!(!found.valid && found.line_type.is_none() && found.country_code.is_none());
    assert_eq!(found.validation_errors, ["TOO_SHORT"]);
}

#[test]
fn nothing_short_of_the_whole_answer_is_an_answer() {
    fn no_prefix_decodes<T>(
        body: &str,
        decode: impl Fn(&Response) -> Result<T, NoReply>,
    ) -> Result<(), usize> {
        let whole = answer(200, body);
        assert!(decode(&whole).is_ok(), "{body}");
        match (0..whole.body.len()).find(|&length| {
            let cut = Response {
                body: whole.body[..length].to_vec(),
                ..whole.clone()
            };
            decode(&cut).err() != Some(NoReply::Unreadable)
        }) {
            Some(length) => Err(length),
            None => Ok(()),
        }
    }
    let messages = format!(r#"{{"messages":[{MESSAGE}],"next_page_uri":null}}"#);
    let services = format!(r#"{{"services":[{VERIFY_SERVICE}],"meta":{{"next_page_url":null}}}}"#);
    for result in [
        no_prefix_decodes(MESSAGE, response::message),
        no_prefix_decodes(&messages, response::messages),
        no_prefix_decodes(VERIFICATION, response::verification),
        no_prefix_decodes(CHECK, response::verification),
        no_prefix_decodes(ATTEMPTS, response::attempts),
        no_prefix_decodes(SUMMARY, response::attempt_summary),
        no_prefix_decodes(VERIFY_SERVICE, response::verify_service),
        no_prefix_decodes(&services, response::verify_services),
        no_prefix_decodes(LOOKUP, response::lookup),
        no_prefix_decodes(ACCOUNT, response::account),
        no_prefix_decodes(BALANCE, response::balance),
        no_prefix_decodes(NUMBERS, response::numbers),
        no_prefix_decodes(MESSAGING_SERVICES, response::messaging_services),
    ] {
        assert_eq!(result, Ok(()));
    }
}

#[test]
fn what_is_something_else_does_not_pass_for_an_answer() {
    let deep = "[".repeat(200_000);
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "<html></html>",
        "[1,2,3]",
        r#"{"sid":"SM1","status":"sent"}"#,
        &deep,
    ] {
        let response = answer(200, body);
        let unreadable = Some(NoReply::Unreadable);
        assert_eq!(response::message(&response).err(), unreadable, "{body:.40}");
        assert_eq!(
            response::messages(&response).err(),
            unreadable,
            "{body:.40}"
        );
        assert_eq!(response::verification(&response).err(), unreadable);
        assert_eq!(response::attempts(&response).err(), unreadable);
        assert_eq!(response::account(&response).err(), unreadable);
        assert_eq!(response::lookup(&response).err(), unreadable);
    }
    let with_a_broken_item = answer(200, r#"{"messages":[{"sid":"{SM}"}]}"#);
    assert_eq!(
        response::messages(&with_a_broken_item).err(),
        Some(NoReply::Unreadable)
    );
}

#[test]
fn an_error_answer_is_a_refusal_whatever_was_asked() {
    let response = answer(
        401,
        r#"{"code":20003,"message":"Authenticate","status":401}"#,
    );
    let Err(NoReply::Refused(refusal)) = response::balance(&response) else {
        panic!("a refusal");
    };
    assert_eq!(
        (refusal.status, refusal.code, refusal.message.as_str()),
        (401, Some(20003), "Authenticate")
    );
    assert!(response::message_deleted(&answer(204, "")).is_ok());
    let hotel = response::message_deleted(&answer(200, "<html>Welcome</html>"));
    assert_eq!(hotel, Err(NoReply::Unreadable));
    assert!(response::message_deleted(&answer(409, "")).is_err());
}
