//! Verifications: what is refused, what is limited, what is forgotten.

use serde_json::json;
use tuilio::simulator::PhoneItemKind;

use crate::support::Caller;
use crate::{ADA, sid, verdict};

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
