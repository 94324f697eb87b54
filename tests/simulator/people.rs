//! People other than the agent: colleagues at other desks, and customers who answer.

use serde_json::{Value, json};

use crate::support::Caller;
use crate::{ADA, sid, verdict};

#[test]
fn the_numbers_of_the_tour_all_live_in_the_first_scene() {
    for (to, channel, expected) in [
        ("+14155550100", "sms", (201, 0)),
        ("+14155550101", "sms", (201, 0)),
        ("+14155550188", "sms", (403, 60205)),
        ("+14155550188", "call", (201, 0)),
        ("+12645550140", "sms", (403, 60410)),
        ("+12645550140", "call", (201, 0)),
        ("+14155550105", "sms", (201, 0)),
        ("+14155550105", "call", (201, 0)),
        ("+14155550106", "sms", (201, 0)),
    ] {
        let mut caller = Caller::new("happy");
        assert_eq!(verdict(&caller.start(to, channel)), expected, "{to}");
    }
    let mut caller = Caller::new("happy");
    caller.start("+14155550101", "sms");
    assert_eq!(
        caller.world.phone("+14155550101").count(),
        2,
        "an older one"
    );
    caller.start("+14155550106", "sms");
    caller.wait(5.0);
    let attempts = caller.get("/v2/Attempts").1;
    assert_eq!(
        attempts["attempts"][0]["channel_data"]["message_status"],
        "delivered"
    );
    assert_eq!(
        caller.world.phone("+14155550106").count(),
        0,
        "the caller does not have that phone"
    );
}

#[test]
fn two_desks_on_one_number_are_told_the_same() {
    let mut caller = Caller::new("two_desks");
    let started = caller.start(ADA, "sms").1;
    assert_eq!(
        (&started["date_created"], sends(&started)),
        (&json!("2026-03-04T05:04:07Z"), 3),
        "she began it two minutes ago and sent twice"
    );
    let one = caller.service(&format!("/Verifications/{}", sid(&started)));
    caller.wait(21.0);
    assert_eq!(sends(&caller.get(&one).1), 4);
    caller.wait(10.0);
    // She has guessed once; four wrong codes from here are all that is left.
    for _ in 0..4 {
        assert_eq!(caller.check(ADA, "000000").0, 200);
    }
    let code = caller.code(ADA);
    assert_eq!(verdict(&caller.check(ADA, &code)), (429, 60202));
}

#[test]
fn a_colleague_ends_what_this_desk_began() {
    let code = |number: &str| {
        let mut caller = Caller::new("happy");
        caller.start(number, "sms");
        let code = caller.code(number);
        caller.wait(6.0);
        let answered = verdict(&caller.check(number, &code));
        let attempts = caller.get("/v2/Attempts").1["attempts"].clone();
        (answered, attempts)
    };
    let (approved, attempts) = code("+14155550119");
    assert_eq!(approved, (404, 20404));
    assert_eq!(attempts[0]["conversion_status"], "converted");
    let (cancelled, attempts) = code("+14155550120");
    assert_eq!(cancelled, (404, 20404));
    assert_eq!(attempts[0]["conversion_status"], "unconverted");
    let (removed, attempts) = code("+14155550122");
    assert_eq!((removed, attempts), ((404, 20404), json!([])));
    let (guessed, _) = code("+14155550118");
    assert_eq!(guessed, (429, 60202));

    let mut caller = Caller::new("happy");
    caller.start("+14155550117", "sms");
    let code = caller.code("+14155550117");
    caller.wait(3.0);
    assert_eq!(verdict(&caller.start("+14155550117", "call")), (429, 60203));
    assert_eq!(
        caller.check("+14155550117", &code).1["status"],
        "approved",
        "a code that is out still works"
    );
}

#[test]
fn what_a_colleague_does_does_not_depend_on_who_looks() {
    let story = |looks: u8| {
        let mut caller = Caller::new("two_desks");
        caller.start(ADA, "sms");
        for _ in 0..looks {
            caller.wait(40.0 / f64::from(looks));
            caller.get("/v2/Services");
        }
        caller.get("/v2/Attempts").1["attempts"].clone()
    };
    assert_eq!(story(1), story(8));
}

#[test]
fn a_code_of_one_number_may_live_shorter() {
    let mut caller = Caller::new("happy");
    caller.start("+14155550102", "sms");
    let code = caller.code("+14155550102");
    caller.wait(30.0);
    assert_eq!(verdict(&caller.check("+14155550102", &code)), (404, 20404));
}

#[test]
fn customers_answer_and_the_third_time_with_stop() {
    let mut caller = Caller::new("conversation");
    let service = caller.world.credentials().messaging_service_sid.clone();
    let served = [("From", ""), ("MessagingServiceSid", service.as_str())];
    for _ in 0..3 {
        assert_eq!(caller.send(ADA, &served).0, 201);
        caller.wait(20.0);
    }
    let list = caller.account("/Messages.json");
    let thread = caller.get(&list).1["messages"].clone();
    let told: Vec<_> = thread
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|message| message["direction"].as_str().unwrap())
        .collect();
    assert_eq!(
        told,
        [
            "outbound-api",
            "inbound",
            "outbound-api",
            "inbound",
            "outbound-api",
            "inbound",
            "outbound-reply"
        ]
    );
    let last = &thread[1];
    assert_eq!(
        (&last["body"], &last["from"], &last["to"], &last["status"]),
        (
            &json!("STOP"),
            &json!(ADA),
            &json!("+12025550142"),
            &json!("received")
        )
    );
    assert_eq!(last["messaging_service_sid"], json!(service));
    let from_her = caller.get(&format!("{list}?From=%2B14155550100")).1;
    assert_eq!(
        bodies(&from_her),
        ["STOP", "When will it come?", "Thank you, that helps!"]
    );
    let page = caller
        .get(&format!("{list}?From=%2B14155550100&PageSize=2"))
        .1;
    let next = page["next_page_uri"].as_str().unwrap().to_owned();
    assert_eq!(bodies(&caller.get(&next).1), ["Thank you, that helps!"]);

    // The service is blocked, and so is its number by itself; another number is not.
    assert_eq!(verdict(&caller.send(ADA, &served)), (400, 21610));
    assert_eq!(verdict(&caller.send(ADA, &[])), (400, 21610));
    assert_eq!(caller.send("+14155550103", &served).0, 201);
    // Codes have another sender.
    assert_eq!(caller.start(ADA, "sms").0, 201);
}

#[test]
fn only_a_whole_text_of_one_word_opts_out_and_start_opts_in_again() {
    let mut caller = Caller::new("happy");
    let phone = format!("/simulator/phones/{ADA}");
    for (body, expected) in [
        ("please stop", 201),
        (" stop ", 400),
        ("Info", 400),
        ("Thanks", 400),
        ("unstop", 201),
        ("QUIT", 400),
        ("yes", 201),
    ] {
        let written = caller.post(&phone, &[("body", body)]);
        assert_eq!(
            (written.0, &written.1["direction"], &written.1["body"]),
            (201, &json!("inbound"), &json!(body))
        );
        assert_eq!(caller.send(ADA, &[]).0, expected, "{body}");
        caller.wait(60.0);
    }
    assert_eq!(
        caller
            .post(&phone, &[("body", "Hi"), ("to", "+14155550199")])
            .0,
        400
    );
    assert_eq!(
        caller
            .post(&phone, &[("body", "Hi"), ("to", "+18885550123")])
            .1["to"],
        "+18885550123"
    );
}

fn sends(verification: &Value) -> usize {
    verification["send_code_attempts"].as_array().unwrap().len()
}

fn bodies(page: &Value) -> Vec<String> {
    let messages = page["messages"].as_array().unwrap();
    messages
        .iter()
        .map(|message| message["body"].as_str().unwrap().to_owned())
        .collect()
}
