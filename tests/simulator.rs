//! What the simulator does, rule by rule, and that its HTTP door adds nothing and loses nothing.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::Caller;
use tuilio::domain::{Secret, Timestamp};
use tuilio::simulator::{Fate, PhoneItemKind, Scene, SimulatedClock, SimulatorTransport, World};
use tuilio::twilio::transport::{Transport, TransportError};
use tuilio::twilio::wire::{BasicAuth, Method};

const ADA: &str = "+14155550100";

/// Status and code of an answer, which is what clients branch on.
fn verdict((status, body): &(u16, Value)) -> (u16, u64) {
    (*status, body["code"].as_u64().unwrap_or_default())
}

fn sid(body: &Value) -> &str {
    body["sid"].as_str().expect("no sid")
}

#[test]
fn the_same_past_gives_the_same_answers_byte_for_byte() {
    let story = |seed_of_reads: u32| {
        let mut caller = Caller::new("happy");
        let mut bodies = Vec::new();
        for _ in 0..seed_of_reads {
            caller.get("/v2/Services");
        }
        bodies.push(caller.send(ADA, &[]).1);
        bodies.push(caller.start(ADA, "sms").1);
        bodies.push(json!(caller.code(ADA)));
        bodies
    };
    assert_eq!(story(0), story(0));
    assert_eq!(story(0), story(3), "a read must not change the next code");
}

#[test]
fn who_asks_must_prove_it() {
    let mut caller = Caller::new("happy");
    let known = caller.world.credentials().clone();
    let (account, token) = (known.account_sid.as_str(), known.auth_token.expose());
    let (key, secret) = (known.api_key.as_str(), known.api_secret.expose());
    let other = format!("AC{}", "0".repeat(32));
    let accounts = caller.account(".json");
    let numbers = caller.account("/IncomingPhoneNumbers.json");
    let foreign = format!("/2010-04-01/Accounts/{other}/Messages.json");
    for (user, password, path, status) in [
        (account, token, accounts.as_str(), 200),
        (key, secret, &numbers, 200),
        (key, secret, "/v2/Services", 200),
        (key, secret, "/v1/Services", 200),
        (key, secret, &accounts, 401),
        (key, secret, "/2010-04-01/Accounts.json", 401),
        (account, secret, &numbers, 401),
        (key, token, &numbers, 401),
        (&other, token, &numbers, 401),
        (account, token, &foreign, 401),
    ] {
        let mut request = caller.request(Method::Get, path, &[]);
        request.auth = Some(BasicAuth {
            username: user.to_owned(),
            password: Secret::new(password),
        });
        assert_eq!(caller.ask(&request).status, status, "{path}");
    }
}

#[test]
fn a_text_is_refused_for_what_is_wrong_with_it() {
    let service = Caller::new("happy")
        .world
        .credentials()
        .messaging_service_sid
        .clone();
    let unknown = format!("MG{}", "0".repeat(32));
    let long = "x".repeat(1601);
    let emoji = "\u{1f600}".repeat(801);
    let most = "x".repeat(1600);
    let served = [("From", ""), ("MessagingServiceSid", service.as_str())];
    let at = |text: &'static str| {
        [
            served.as_slice(),
            &[("ScheduleType", "fixed"), ("SendAt", text)],
        ]
        .concat()
    };
    let cases: Vec<(&str, Vec<(&str, &str)>, (u16, u64))> = vec![
        ("", vec![], (400, 21604)),
        ("+1415", vec![], (400, 21211)),
        ("4155550100", vec![], (400, 21211)),
        ("12345", vec![], (400, 21265)),
        ("whatsapp:+14155550100", vec![], (400, 21612)),
        ("+15005550001", vec![], (400, 21211)),
        ("+15005550002", vec![], (400, 21612)),
        ("+15005550003", vec![], (400, 21408)),
        ("+15005550004", vec![], (400, 21610)),
        ("+15005550009", vec![], (400, 21614)),
        ("+14155550110", vec![], (400, 21610)),
        ("+85021234567", vec![], (400, 21408)),
        ("+12025550142", vec![], (400, 21266)),
        (ADA, vec![("From", "")], (400, 21603)),
        (ADA, vec![("From", "+15005550001")], (400, 21212)),
        (ADA, vec![("From", "+15005550007")], (400, 21606)),
        (ADA, vec![("From", "+15005550008")], (429, 21611)),
        (ADA, vec![("From", "+15005550006")], (201, 0)),
        (ADA, vec![("From", "+14155550199")], (400, 21659)),
        (ADA, vec![("From", "+13125550164")], (400, 21606)),
        (ADA, vec![("From", "not/a/name")], (400, 21212)),
        (ADA, vec![("From", "Acme")], (400, 21612)),
        ("+447700900123", vec![("From", "Acme")], (201, 0)),
        (ADA, vec![("Body", "")], (400, 21602)),
        (ADA, vec![("Body", &long)], (400, 21617)),
        (ADA, vec![("Body", &emoji)], (400, 21617)),
        (ADA, vec![("Body", &most)], (201, 0)),
        (ADA, vec![("MediaUrl", "file:///etc/passwd")], (400, 21620)),
        (ADA, vec![("ContentVariables", "{}")], (400, 21654)),
        (ADA, vec![("ValidityPeriod", "0")], (400, 21624)),
        (ADA, vec![("ValidityPeriod", "36001")], (400, 21624)),
        (ADA, vec![("ValidityPeriod", "36000")], (201, 0)),
        (
            ADA,
            vec![("From", ""), ("MessagingServiceSid", "MG1")],
            (400, 21705),
        ),
        (
            ADA,
            vec![("From", ""), ("MessagingServiceSid", &unknown)],
            (404, 21701),
        ),
        (ADA, served.to_vec(), (201, 0)),
        (ADA, vec![("From", &service)], (201, 0)),
        (ADA, vec![("ScheduleType", "soon")], (400, 35126)),
        (ADA, vec![("ScheduleType", "fixed")], (400, 35118)),
        (
            ADA,
            [served.as_slice(), &[("ScheduleType", "fixed")]].concat(),
            (400, 35111),
        ),
        (ADA, at("tomorrow"), (400, 35114)),
        (ADA, at("2026-03-04T05:11:07Z"), (400, 35117)),
        (ADA, at("2026-03-04T05:11:08Z"), (201, 0)),
        (ADA, at("2026-04-08T05:06:07Z"), (201, 0)),
        (ADA, at("2026-04-08T05:06:08Z"), (400, 35117)),
    ];
    for (to, more, expected) in cases {
        let mut caller = Caller::new("happy");
        let answer = caller.send(to, &more);
        let more: Vec<_> = more
            .iter()
            .map(|(name, value)| (name, value.len()))
            .collect();
        assert_eq!(verdict(&answer), expected, "{to} {more:?}");
    }
}

#[test]
fn a_text_moves_on_with_time_and_never_back() {
    for (to, more, steps) in [
        (
            ADA,
            vec![],
            vec![
                (0.0, "queued"),
                (0.5, "sending"),
                (1.0, "sent"),
                (3.0, "delivered"),
            ],
        ),
        (
            "+14155550105",
            vec![],
            vec![(2.9, "sent"), (3.0, "undelivered")],
        ),
        (
            "+14155550107",
            vec![],
            vec![(1.0, "sent"), (90_000.0, "sent")],
        ),
        (
            "+14155550112",
            vec![],
            vec![(0.5, "sending"), (0.8, "failed")],
        ),
        (
            "+14155550116",
            vec![("ValidityPeriod", "60")],
            vec![(59.0, "queued"), (60.0, "failed")],
        ),
        (
            "+14155550116",
            vec![],
            vec![(119.0, "queued"), (123.0, "delivered")],
        ),
    ] {
        let mut caller = Caller::new("happy");
        let message = caller.send(to, &more).1;
        let path = caller.account(&format!("/Messages/{}.json", sid(&message)));
        let mut passed = 0.0;
        for (at, status) in steps {
            caller.wait(at - passed);
            passed = at;
            assert_eq!(caller.get(&path).1["status"], status, "{to} after {at} s");
        }
    }
}

#[test]
fn a_service_picks_the_sender_a_moment_later() {
    let mut caller = Caller::new("happy");
    let service = caller.world.credentials().messaging_service_sid.clone();
    let message = caller
        .send(ADA, &[("From", ""), ("MessagingServiceSid", &service)])
        .1;
    assert_eq!(message["status"], "accepted");
    assert_eq!(
        (&message["from"], &message["num_segments"]),
        (&Value::Null, &json!("0"))
    );
    caller.wait(0.5);
    let path = caller.account(&format!("/Messages/{}.json", sid(&message)));
    let later = caller.get(&path).1;
    assert_eq!(later["status"], "queued");
    assert_eq!(
        (&later["from"], &later["num_segments"]),
        (&json!("+12025550142"), &json!("1"))
    );
}

#[test]
fn error_and_price_come_when_they_are_known() {
    let mut caller = Caller::new("happy");
    let lost = caller.send("+14155550105", &[]).1;
    let failed = caller.send("+14155550112", &[]).1;
    assert_eq!(
        (&lost["error_code"], &lost["price"]),
        (&Value::Null, &Value::Null)
    );
    caller.wait(10.0);
    let path =
        |caller: &Caller, message| caller.account(&format!("/Messages/{}.json", sid(message)));
    let (lost, failed) = (path(&caller, &lost), path(&caller, &failed));
    let lost = caller.get(&lost).1;
    assert_eq!(
        (&lost["error_code"], &lost["price"]),
        (&json!(30003), &json!("-0.00830"))
    );
    let failed = caller.get(&failed).1;
    assert_eq!(
        (&failed["error_code"], &failed["price"]),
        (&json!(30001), &Value::Null)
    );
}

#[test]
fn what_is_scheduled_can_be_withdrawn_until_it_leaves() {
    let mut caller = Caller::new("happy");
    let service = caller.world.credentials().messaging_service_sid.clone();
    let fields = [
        ("From", ""),
        ("MessagingServiceSid", service.as_str()),
        ("ScheduleType", "fixed"),
        ("SendAt", "2026-03-04T06:00:00Z"),
    ];
    let (first, second) = (caller.send(ADA, &fields).1, caller.send(ADA, &fields).1);
    assert_eq!(first["status"], "scheduled");
    let path =
        |caller: &Caller, message| caller.account(&format!("/Messages/{}.json", sid(message)));
    let (first, second) = (path(&caller, &first), path(&caller, &second));
    assert_eq!(
        caller.post(&first, &[("Status", "canceled")]).1["status"],
        "canceled"
    );
    caller.wait(3600.0);
    assert_eq!(
        verdict(&caller.post(&second, &[("Status", "canceled")])),
        (409, 30409)
    );
    assert_eq!(caller.get(&first).1["status"], "canceled");
    assert_eq!(caller.world.phone(ADA).count(), 1, "only one of both left");
}

#[test]
fn a_text_can_be_emptied_and_once_finished_removed() {
    let mut caller = Caller::new("happy");
    let message = caller.send(ADA, &[]).1;
    let path = caller.account(&format!("/Messages/{}.json", sid(&message)));
    assert_eq!(verdict(&caller.delete(&path)), (409, 20009));
    caller.wait(5.0);
    assert_eq!(
        verdict(&caller.post(&path, &[("Body", "other")])),
        (422, 20422)
    );
    assert_eq!(caller.post(&path, &[("Body", "")]).1["body"], "");
    assert_eq!(caller.delete(&path).0, 204);
    assert_eq!(verdict(&caller.get(&path)), (404, 20404));
}

#[test]
fn lists_are_newest_first_and_filtered() {
    let mut caller = Caller::new("happy");
    for (to, body) in [(ADA, "one"), ("+14155550103", "two"), (ADA, "three")] {
        caller.send(to, &[("Body", body)]);
        caller.wait(60.0);
    }
    caller.send(ADA, &[("Body", "four")]);
    let list = caller.account("/Messages.json");
    for (query, bodies) in [
        ("", vec!["four", "three", "two", "one"]),
        ("To=%2B14155550100", vec!["four", "three", "one"]),
        ("From=%2B15005550006", vec![]),
        ("DateSent%3E=2026-03-04T05:07:00Z", vec!["three", "two"]),
        ("DateSent%3C=2026-03-04T05:07:10Z", vec!["two", "one"]),
        ("DateSent=2026-03-04", vec!["three", "two", "one"]),
        ("DateSent=2026-03-05", vec![]),
        ("DateSent=whenever", vec!["four", "three", "two", "one"]),
    ] {
        let page = caller.get(&format!("{list}?{query}")).1;
        let found: Vec<_> = page["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| &m["body"])
            .collect();
        assert_eq!(found, bodies, "{query}");
    }
    let mut next = Some(format!("{list}?PageSize=3"));
    let mut all = Vec::new();
    while let Some(link) = next {
        let page = caller.get(&link).1;
        all.extend(
            page["messages"]
                .as_array()
                .unwrap()
                .iter()
                .map(|m| m["body"].clone()),
        );
        next = page["next_page_uri"].as_str().map(str::to_owned);
    }
    assert_eq!(all, ["four", "three", "two", "one"]);
}

#[test]
fn absolute_links_stay_on_the_worlds_own_origin() {
    let mut caller = Caller::new("happy");
    caller.world.set_origin("http://127.0.0.1:4011");
    let page = caller.get("/v2/Services?PageSize=1").1;
    let next = page["meta"]["next_page_url"].as_str().unwrap().to_owned();
    let link = next
        .strip_prefix("http://127.0.0.1:4011")
        .expect("another origin");
    assert_eq!(
        caller.get(link).1["services"][0]["friendly_name"],
        "Acme Bank"
    );
}

#[test]
fn a_verification_is_refused_for_what_is_wrong_with_it() {
    for (scene, to, channel, expected) in [
        ("happy", ADA, "sms", (201, 0)),
        ("happy", ADA, "auto", (201, 0)),
        ("happy", ADA, "voice", (400, 60200)),
        ("happy", ADA, "email", (400, 60200)),
        ("happy", ADA, "", (400, 60200)),
        ("happy", "", "sms", (400, 60200)),
        ("happy", "+1415", "sms", (400, 60200)),
        ("happy", "ada@example.org", "sms", (400, 60200)),
        ("happy", "ada@example.org", "email", (201, 0)),
        ("happy", "+14155550188", "sms", (403, 60205)),
        ("happy", "+14155550188", "call", (201, 0)),
        ("happy", "+12645550140", "sms", (403, 60410)),
        ("happy", "+12645550140", "call", (201, 0)),
        ("happy", "+85021234567", "call", (403, 60605)),
        ("landline", ADA, "sms", (403, 60205)),
        ("blocked", ADA, "sms", (403, 60410)),
        ("closed_country", ADA, "whatsapp", (403, 60605)),
        ("closed_country", "ada@example.org", "email", (201, 0)),
        ("opted_out", ADA, "sms", (201, 0)),
        ("sms_and_calls_only", ADA, "whatsapp", (400, 68008)),
        (
            "sms_and_calls_only",
            "ada@example.org",
            "email",
            (400, 60217),
        ),
        ("rate_limited", ADA, "sms", (429, 20429)),
    ] {
        let mut caller = Caller::new(scene);
        assert_eq!(
            verdict(&caller.start(to, channel)),
            expected,
            "{scene} {to} {channel}"
        );
    }
}

#[test]
fn a_resend_keeps_sid_code_and_clock() {
    let mut caller = Caller::new("happy");
    let first = caller.start(ADA, "sms").1;
    let code = caller.code(ADA);
    caller.wait(300.0);
    let second = caller.start(ADA, "call").1;
    assert_eq!(sid(&first), sid(&second));
    assert_eq!(first["date_created"], second["date_created"]);
    assert_eq!(second["channel"], "call");
    assert_eq!(second["send_code_attempts"].as_array().unwrap().len(), 2);
    assert_eq!(caller.code(ADA), code);
    let kinds: Vec<_> = caller.world.phone(ADA).map(|item| item.kind).collect();
    assert_eq!(kinds, [PhoneItemKind::Sms, PhoneItemKind::Call]);
    caller.wait(300.0);
    assert_eq!(verdict(&caller.check(ADA, &code)), (404, 20404));
    assert_ne!(sid(&caller.start(ADA, "sms").1), sid(&first));
}

#[test]
fn the_sixth_send_and_the_sixth_check_are_refused() {
    let mut caller = Caller::new("happy");
    for _ in 0..5 {
        assert_eq!(caller.start(ADA, "sms").0, 201);
    }
    assert_eq!(verdict(&caller.start(ADA, "sms")), (429, 60203));
    let code = caller.code(ADA);
    for _ in 0..5 {
        let wrong = caller.check(ADA, "0000");
        assert_eq!(
            (wrong.0, &wrong.1["status"], &wrong.1["valid"]),
            (200, &json!("pending"), &json!(false))
        );
    }
    assert_eq!(verdict(&caller.check(ADA, &code)), (429, 60202));
    let path = caller.service(&format!("/Verifications/{ADA}"));
    assert_eq!(caller.get(&path).1["status"], "max_attempts_reached");
    // Withdrawing it frees the number at once.
    assert_eq!(
        caller.post(&path, &[("Status", "canceled")]).1["status"],
        "canceled"
    );
    assert_eq!(caller.get(&path).1["status"], "canceled");
    assert_eq!(verdict(&caller.check(ADA, &code)), (404, 20404));
    assert_eq!(caller.start(ADA, "sms").0, 201);
}

#[test]
fn what_was_approved_is_forgotten() {
    let mut caller = Caller::new("happy");
    let started = caller.start(ADA, "sms").1;
    let code = caller.code(ADA);
    let approved = caller.check(ADA, &code);
    assert_eq!(
        (approved.0, &approved.1["status"], &approved.1["valid"]),
        (200, &json!("approved"), &json!(true))
    );
    let path = caller.service(&format!("/Verifications/{}", sid(&started)));
    assert_eq!(verdict(&caller.get(&path)), (404, 20404));
    assert_eq!(verdict(&caller.check(ADA, &code)), (404, 20404));
    let attempt = &caller.get("/v2/Attempts").1["attempts"][0];
    assert_eq!(attempt["conversion_status"], "converted");
    let summary = caller.get("/v2/Attempts/Summary").1;
    assert_eq!(
        (
            &summary["total_attempts"],
            &summary["conversion_rate_percentage"]
        ),
        (&json!(1), &json!("100.000000000"))
    );
}

#[test]
fn a_check_that_cannot_be_meant_uses_up_nothing() {
    let mut caller = Caller::new("happy");
    caller.start(ADA, "sms");
    let path = caller.service("/VerificationCheck");
    for _ in 0..6 {
        for (form, expected) in [
            (vec![("Code", "123456")], (400, 60221)),
            (vec![("To", ADA)], (400, 60200)),
            (vec![("To", ADA), ("Code", "123")], (400, 60200)),
            (vec![("To", "+1415"), ("Code", "123456")], (400, 60200)),
            (
                vec![("To", "+14155550103"), ("Code", "123456")],
                (404, 20404),
            ),
        ] {
            assert_eq!(verdict(&caller.post(&path, &form)), expected, "{form:?}");
        }
    }
    let code = caller.code(ADA);
    assert_eq!(caller.check(ADA, &code).1["status"], "approved");
}

#[test]
fn attempts_tell_whether_a_code_arrived() {
    let mut caller = Caller::new("happy");
    caller.start("+14155550105", "sms");
    caller.start("+14155550114", "call");
    caller.wait(31.0);
    let attempts = caller.get("/v2/Attempts").1["attempts"].clone();
    assert_eq!(attempts[0]["channel_data"]["call_status"], "no-answer");
    assert_eq!(attempts[1]["channel_data"]["message_status"], "undelivered");
    assert_eq!(attempts[1]["channel_data"]["error_code"], "30003");
    assert_eq!(caller.world.phones(), [], "neither arrived");
    for (query, count) in [
        ("Channel=call", 1),
        ("ChannelData.To=%2B14155550105", 1),
        ("Status=CONVERTED", 0),
        ("Country=US", 2),
        ("DateCreatedAfter=2026-03-05T00:00:00Z", 0),
    ] {
        let list = caller.get(&format!("/v2/Attempts?{query}")).1;
        assert_eq!(list["attempts"].as_array().unwrap().len(), count, "{query}");
    }
}

#[test]
fn scenes_show_what_they_say() {
    let mut caller = Caller::new("wrong_code");
    caller.start(ADA, "sms");
    let codes: Vec<_> = caller
        .world
        .phone(ADA)
        .filter_map(|item| item.code.clone())
        .collect();
    assert_eq!(codes.len(), 2, "an older one lies before the right one");
    assert_eq!(caller.check(ADA, &codes[0]).1["status"], "pending");
    assert_eq!(caller.check(ADA, &codes[1]).1["status"], "approved");

    let mut caller = Caller::new("expired");
    caller.start(ADA, "sms");
    let code = caller.code(ADA);
    caller.wait(30.0);
    assert_eq!(verdict(&caller.check(ADA, &code)), (404, 20404));

    let mut caller = Caller::new("slow_network");
    caller.start(ADA, "sms");
    assert_eq!(caller.world.phones(), []);
    let next = caller.world.next_change(caller.at).unwrap();
    caller.world.advance(next);
    caller.wait(8.0);
    caller.world.advance(caller.at);
    assert_eq!(caller.code(ADA).len(), 6);

    let mut caller = Caller::new("lost_reply");
    let form = [("To", ADA), ("Channel", "sms")];
    let request = caller.request(Method::Post, &caller.service("/Verifications"), &form);
    assert!(matches!(caller.fate(&request), Fate::Cut { .. }));
    assert_eq!(caller.code(ADA).len(), 6, "it left nevertheless");
    assert_eq!(caller.ask(&request).status, 201);
}

#[test]
fn a_fault_stores_before_or_after_or_not_at_all() {
    for (fault, stored) in [
        (
            vec![("fault", "status"), ("status", "503"), ("retry_after", "2")],
            0,
        ),
        (vec![("fault", "error_before_store")], 0),
        (vec![("fault", "error_after_store")], 1),
        (vec![("fault", "cut_before_store")], 0),
        (vec![("fault", "cut_after_store")], 1),
        (vec![("fault", "cut_mid_body")], 1),
        (vec![("fault", "malformed")], 1),
        (vec![("fault", "oversized")], 1),
        (vec![("fault", "delay"), ("ms", "900")], 1),
    ] {
        let mut caller = Caller::new("happy");
        let pattern = [
            ("method", "POST"),
            ("path", "/2010-04-01/Accounts/*/Messages.json"),
        ];
        let mut plan = caller.request(
            Method::Post,
            "/simulator/faults",
            &[&pattern, fault.as_slice()].concat(),
        );
        plan.auth = None;
        assert_eq!(caller.ask(&plan).status, 201);
        let body = [("To", ADA), ("From", "+12025550142"), ("Body", "Hello")];
        let request = caller.request(Method::Post, &caller.account("/Messages.json"), &body);
        let fate = caller.fate(&request);
        match (fault[0].1, &fate) {
            ("status", Fate::Answer { response, .. }) => {
                assert_eq!(
                    (response.status, response.header("retry-after")),
                    (503, Some("2"))
                );
            }
            ("error_before_store" | "error_after_store", Fate::Answer { response, .. }) => {
                assert_eq!(response.status, 500);
            }
            ("cut_before_store" | "cut_after_store", Fate::Cut { .. })
            | ("cut_mid_body", Fate::CutMidBody { .. }) => {}
            ("malformed", Fate::Answer { response, .. }) => {
                assert!(serde_json::from_slice::<Value>(&response.body).is_err());
            }
            ("oversized", Fate::Answer { response, .. }) => {
                assert!(response.body.len() > 4 * 1024 * 1024);
            }
            ("delay", Fate::Answer { delay, response }) => {
                assert_eq!((*delay, response.status), (Duration::from_millis(900), 201));
            }
            (name, fate) => panic!("{name} led to {fate:?}"),
        }
        let list = caller.account("/Messages.json");
        let kept = caller.get(&list).1["messages"].as_array().unwrap().len();
        assert_eq!(kept, stored, "{fault:?}");
        assert_eq!(caller.ask(&request).status, 201, "a fault strikes once");
    }
}

#[test]
fn what_is_not_there_is_never_an_empty_success() {
    let mut caller = Caller::new("happy");
    for (method, path, expected) in [
        (Method::Get, "/v2/Services/VA1", (404, 20404)),
        (
            Method::Get,
            "/v2/SafeList/Numbers/+14155550100",
            (404, 20404),
        ),
        (Method::Post, "/v2/Services", (405, 20004)),
        (Method::Delete, "/v2/Attempts", (405, 20004)),
        (Method::Get, "/", (404, 20404)),
        (Method::Get, "/simulator/nothing", (404, 20404)),
        (Method::Post, "/simulator/phones/+14155550100", (405, 20004)),
    ] {
        let request = caller.request(method, path, &[]);
        let response = caller.ask(&request);
        let body = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(verdict(&(response.status, body)), expected, "{path}");
        assert!(
            response
                .header("twilio-request-id")
                .is_some_and(|id| id.len() == 34)
        );
        assert_eq!(
            response.header("date"),
            Some("Wed, 04 Mar 2026 05:06:07 GMT")
        );
    }
}

#[test]
fn nothing_secret_is_in_debug() {
    let mut caller = Caller::new("happy");
    caller.start(ADA, "sms");
    let code = caller.code(ADA);
    let shown = format!("{:?} {:?}", caller.world, caller.world.phones());
    assert!(
        !shown.contains(&code) && !shown.contains("4155550100"),
        "{shown}"
    );
}

fn transport(scene: &str) -> (SimulatorTransport, Caller) {
    let start: Timestamp = support::START.parse().unwrap();
    let world = World::new(7, Scene::named(scene).unwrap(), start);
    let clock = SimulatedClock::new(start, tuilio::simulator::TimeScale::default());
    (SimulatorTransport::new(world, clock), Caller::new(scene))
}

#[tokio::test(start_paused = true)]
async fn phones_are_watched_without_asking() {
    let (transport, caller) = transport("happy");
    let mut phones = transport.phones();
    let form = [("To", ADA), ("From", "+12025550142"), ("Body", "Hello")];
    let request = caller.request(Method::Post, &caller.account("/Messages.json"), &form);
    let began = tokio::time::Instant::now();
    assert_eq!(transport.send(request).await.unwrap().status, 201);
    phones.changed().await.unwrap();
    assert_eq!(phones.borrow().last().unwrap().body, "Hello");
    let passed = began.elapsed();
    assert!((3000..3100).contains(&passed.as_millis()), "{passed:?}");
    drop(transport);
    assert!(
        phones.changed().await.is_err(),
        "the task ends with the simulation"
    );
}

#[tokio::test(start_paused = true)]
async fn a_cut_is_an_answer_lost_and_a_delay_is_waited_for() {
    let (transport, caller) = transport("lost_reply");
    let form = [("To", ADA), ("Channel", "sms")];
    let request = caller.request(Method::Post, &caller.service("/Verifications"), &form);
    let lost = transport.send(request).await;
    assert!(matches!(lost, Err(TransportError::Lost(_))), "{lost:?}");

    transport
        .simulation()
        .with_world(|world| world.set_latency(Duration::from_secs(3)));
    let began = tokio::time::Instant::now();
    let request = caller.request(Method::Get, "/v2/Services", &[]);
    assert_eq!(transport.send(request).await.unwrap().status, 200);
    assert_eq!(began.elapsed().as_secs(), 3);
}
