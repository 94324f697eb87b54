//! Every answer of the simulator has the shape that Twilio documents: one test for each operation.
//!
//! The schemas beside this file allow no field to be missing and none to be added.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

use std::path::Path;

use serde_json::Value;
use support::Caller;

/// Fails unless the answer has that status and the shape of that schema.
#[track_caller]
fn conforms((status, body): &(u16, Value), expected: u16, schema: &str) {
    assert_eq!(*status, expected, "{body:#}");
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/contract/schemas")
        .join(schema)
        .with_extension("json");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{schema}: {error}"));
    let schema: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator
        .iter_errors(body)
        .map(|fault| format!("{} at {}", fault, fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}\n{body:#}");
}

fn sid(body: &Value) -> String {
    body["sid"].as_str().expect("no sid").to_owned()
}

#[test]
fn accounts() {
    let mut caller = Caller::new("happy");
    let one = caller.account(".json");
    conforms(&caller.get(&one), 200, "account");
    conforms(&caller.get("/2010-04-01/Accounts.json"), 200, "accounts");
    let balance = caller.account("/Balance.json");
    conforms(&caller.get(&balance), 200, "balance");
}

#[test]
fn numbers() {
    let mut caller = Caller::new("happy");
    let list = caller.account("/IncomingPhoneNumbers.json");
    let all = caller.get(&list);
    conforms(&all, 200, "incoming_phone_numbers");
    let first = sid(&all.1["incoming_phone_numbers"][0]);
    let one = caller.account(&format!("/IncomingPhoneNumbers/{first}.json"));
    conforms(&caller.get(&one), 200, "incoming_phone_number");
}

#[test]
fn messages_at_every_step_of_their_life() {
    for to in [
        "+14155550100",
        "+14155550105",
        "+14155550107",
        "+14155550112",
    ] {
        let mut caller = Caller::new("happy");
        let service = caller.world.credentials().messaging_service_sid.clone();
        let direct = caller.send(to, &[]);
        conforms(&direct, 201, "message");
        let served = caller.send(to, &[("MessagingServiceSid", &service), ("From", "")]);
        conforms(&served, 201, "message");
        for _ in 0..12 {
            for message in [&direct, &served] {
                let path = caller.account(&format!("/Messages/{}.json", sid(&message.1)));
                conforms(&caller.get(&path), 200, "message");
            }
            caller.wait(0.5);
        }
        let list = caller.account("/Messages.json");
        conforms(&caller.get(&format!("{list}?PageSize=1")), 200, "messages");
        conforms(&caller.get(&format!("{list}?To=%2B1")), 200, "messages");
    }
}

#[test]
fn messages_changed_and_removed() {
    let mut caller = Caller::new("happy");
    let service = caller.world.credentials().messaging_service_sid.clone();
    let scheduled = caller.send(
        "+14155550100",
        &[
            ("MessagingServiceSid", &service),
            ("From", ""),
            ("ScheduleType", "fixed"),
            ("SendAt", "2026-03-05T00:00:00Z"),
        ],
    );
    conforms(&scheduled, 201, "message");
    let path = caller.account(&format!("/Messages/{}.json", sid(&scheduled.1)));
    conforms(
        &caller.post(&path, &[("Status", "canceled")]),
        200,
        "message",
    );
    conforms(&caller.post(&path, &[("Body", "")]), 200, "message");
    assert_eq!(caller.delete(&path), (204, Value::Null));
    conforms(&caller.get(&path), 404, "error");
}

#[test]
fn media_and_feedback() {
    let mut caller = Caller::new("happy");
    let media = [
        ("MediaUrl", "https://example.com/a.png"),
        ("ProvideFeedback", "true"),
    ];
    let message = caller.send("+14155550100", &media);
    conforms(&message, 201, "message");
    let below = caller.account(&format!("/Messages/{}", sid(&message.1)));
    let list = caller.get(&format!("{below}/Media.json"));
    conforms(&list, 200, "media_list");
    let one = sid(&list.1["media_list"][0]);
    conforms(
        &caller.get(&format!("{below}/Media/{one}.json")),
        200,
        "media",
    );
    let outcome = [("Outcome", "confirmed")];
    conforms(
        &caller.post(&format!("{below}/Feedback.json"), &outcome),
        200,
        "feedback",
    );
}

#[test]
fn messaging_services() {
    let mut caller = Caller::new("happy");
    let service = caller.world.credentials().messaging_service_sid.clone();
    conforms(
        &caller.get("/v1/Services?PageSize=1"),
        200,
        "messaging_services",
    );
    let one = format!("/v1/Services/{service}");
    conforms(&caller.get(&one), 200, "messaging_service");
    conforms(&caller.get(&format!("{one}/PhoneNumbers")), 200, "senders");
}

#[test]
fn verify_services() {
    let mut caller = Caller::new("happy");
    conforms(&caller.get("/v2/Services"), 200, "verify_services");
    let one = caller.service("");
    conforms(&caller.get(&one), 200, "verify_service");
}

#[test]
fn verifications_and_attempts_by_every_channel() {
    for (to, channel) in [
        ("+14155550100", "sms"),
        ("+14155550105", "sms"),
        ("+14155550188", "call"),
        ("+14155550114", "call"),
        ("+447700900123", "whatsapp"),
        ("ada@example.org", "email"),
    ] {
        let mut caller = Caller::new("happy");
        let started = caller.start(to, channel);
        conforms(&started, 201, "verification");
        let one = caller.service(&format!("/Verifications/{to}"));
        conforms(&caller.get(&one), 200, "verification");
        conforms(&caller.check(to, "0000"), 200, "verification_check");
        for _ in 0..9 {
            let list = caller.get("/v2/Attempts");
            conforms(&list, 200, "attempts");
            let attempt = sid(&list.1["attempts"][0]);
            conforms(
                &caller.get(&format!("/v2/Attempts/{attempt}")),
                200,
                "attempt",
            );
            caller.wait(4.0);
        }
        conforms(
            &caller.post(&one, &[("Status", "canceled")]),
            200,
            "verification",
        );
        conforms(&caller.get("/v2/Attempts/Summary"), 200, "attempt_summary");
    }
}

#[test]
fn an_approved_check() {
    let mut caller = Caller::new("happy");
    caller.start("+14155550100", "sms");
    let code = caller.code("+14155550100");
    let approved = caller.check("+14155550100", &code);
    conforms(&approved, 200, "verification_check");
    assert_eq!(approved.1["status"], "approved");
    conforms(&caller.get("/v2/Attempts"), 200, "attempts");
}

#[test]
fn lookups() {
    let mut caller = Caller::new("happy");
    for link in [
        "/v2/PhoneNumbers/+14155550100",
        "/v2/PhoneNumbers/+14155550188?Fields=line_type_intelligence",
        "/v2/PhoneNumbers/+14165550188?Fields=line_type_intelligence",
        "/v2/PhoneNumbers/(415)%20992-9960?CountryCode=US",
        "/v2/PhoneNumbers/+1415555",
        "/v2/PhoneNumbers/hello",
    ] {
        conforms(&caller.get(link), 200, "lookup");
    }
}

#[test]
fn refusals() {
    let mut caller = Caller::new("happy");
    conforms(&caller.send("+1", &[]), 400, "error");
    conforms(&caller.start("+14155550188", "sms"), 403, "error");
    conforms(&caller.check("+14155550100", "123456"), 404, "error");
    conforms(&caller.get("/v2/Entities"), 404, "error");
    conforms(&caller.delete("/v2/Services"), 405, "error");
    let mut request = caller.request(tuilio::twilio::wire::Method::Get, "/v2/Services", &[]);
    request.auth = None;
    let response = caller.ask(&request);
    let body = serde_json::from_slice(&response.body).unwrap();
    conforms(&(response.status, body), 401, "error");
}

#[test]
fn texts_of_customers_and_what_twilio_answers_them() {
    let mut caller = Caller::new("conversation");
    let ada = "+14155550100";
    for _ in 0..3 {
        caller.send(ada, &[]);
        caller.wait(20.0);
    }
    let list = caller.account("/Messages.json");
    conforms(&caller.get(&list), 200, "messages");
    let said = caller.post(&format!("/simulator/phones/{ada}"), &[("body", "START")]);
    conforms(&said, 201, "message");
    caller.wait(5.0);
    conforms(&caller.get(&list), 200, "messages");
}

#[test]
fn a_trial_and_a_check_of_two_desks() {
    let mut caller = Caller::new("trial");
    let account = caller.account(".json");
    conforms(&caller.get(&account), 200, "account");
    conforms(&caller.send("+14155550100", &[]), 201, "message");
    conforms(&caller.send("+14155550109", &[]), 400, "error");
    let mut caller = Caller::new("two_desks");
    conforms(&caller.start("+14155550100", "sms"), 201, "verification");
    caller.wait(40.0);
    conforms(&caller.get("/v2/Attempts"), 200, "attempts");
}
