//! What each scene does first to whoever sends a code or a text in it.

use tuilio::simulator::{Fate, Scene};
use tuilio::twilio::wire::Method;

use crate::support::Caller;
use crate::{ADA, verdict};

/// Status and code of an answer.
type Verdict = (u16, u64);

/// Those of the first start, then of a check of the right code ten seconds later.
const FIRST: [(&str, Verdict, Verdict); 21] = [
    ("happy", (201, 0), (200, 0)),
    ("wrong_code", (201, 0), (200, 0)),
    ("landline", (403, 60205), (404, 20404)),
    ("blocked", (403, 60410), (404, 20404)),
    ("not_arrived", (201, 0), (404, 20404)),
    ("lost_check", (201, 0), (0, 0)),
    ("rate_limited", (429, 20429), (429, 20429)),
    ("too_many_starts", (429, 60212), (404, 20404)),
    ("service_limit", (429, 60207), (404, 20404)),
    ("expired", (201, 0), (200, 0)),
    ("tries_used_up", (201, 0), (429, 60202)),
    ("sends_used_up", (201, 0), (200, 0)),
    ("two_desks", (201, 0), (200, 0)),
    ("approved_elsewhere", (201, 0), (404, 20404)),
    ("cancelled_elsewhere", (201, 0), (404, 20404)),
    ("never_started", (201, 0), (404, 20404)),
    ("closed_country", (403, 60605), (404, 20404)),
    ("trial", (201, 0), (200, 0)),
    ("keys_refused", (401, 20003), (401, 20003)),
    ("narrow_key", (401, 70051), (401, 70051)),
    ("account_suspended", (403, 20403), (403, 20403)),
];

#[test]
fn each_scene_begins_as_it_says() {
    for (scene, start, check) in FIRST {
        let mut caller = Caller::new(scene);
        assert_eq!(verdict(&caller.start(ADA, "sms")), start, "{scene}");
        let code = caller
            .world
            .phone(ADA)
            .filter_map(|item| item.code.clone())
            .last()
            .filter(|_| scene != "not_arrived");
        caller.wait(10.0);
        let to = if code.is_some() { ADA } else { "+14155550103" };
        let form = [("To", to), ("Code", code.as_deref().unwrap_or("123456"))];
        let path = caller.service("/VerificationCheck");
        let request = caller.request(Method::Post, &path, &form);
        let answered = match caller.fate(&request) {
            Fate::Answer { response, .. } => {
                let body = serde_json::from_slice(&response.body).unwrap();
                verdict(&(response.status, body))
            }
            _ => (0, 0),
        };
        assert_eq!(answered, check, "{scene}");
    }
}

/// Scenes whose first effect another test shows.
const SHOWN_ELSEWHERE: [&str; 6] = [
    "lost_reply",
    "lost_request",
    "opted_out",
    "conversation",
    "slow_network",
    "sms_and_calls_only",
];

#[test]
fn no_scene_is_forgotten_here() {
    for name in Scene::names() {
        let here = FIRST.iter().any(|(scene, ..)| *scene == name);
        assert!(here || SHOWN_ELSEWHERE.contains(&name), "{name}");
    }
}

#[test]
fn a_lost_request_left_nothing_behind() {
    let mut caller = Caller::new("lost_request");
    let form = [("To", ADA), ("Channel", "sms")];
    let request = caller.request(Method::Post, &caller.service("/Verifications"), &form);
    assert!(matches!(caller.fate(&request), Fate::Cut { .. }));
    assert_eq!(caller.world.phones(), []);
    assert_eq!(caller.ask(&request).status, 201);
}

#[test]
fn a_lost_check_counted_all_the_same() {
    let mut caller = Caller::new("lost_check");
    caller.start(ADA, "sms");
    let form = [("To", ADA), ("Code", &caller.code(ADA))];
    let request = caller.request(Method::Post, &caller.service("/VerificationCheck"), &form);
    assert!(matches!(caller.fate(&request), Fate::Cut { .. }));
    let attempt = &caller.get("/v2/Attempts").1["attempts"][0];
    assert_eq!(attempt["conversion_status"], "converted");
}

#[test]
fn a_key_that_is_too_narrow_still_sends_texts() {
    let mut caller = Caller::new("narrow_key");
    assert_eq!(caller.send(ADA, &[]).0, 201);
    assert_eq!(verdict(&caller.get("/v2/Services")), (401, 70051));
}

#[test]
fn a_trial_reaches_verified_numbers_and_says_what_it_is() {
    let mut caller = Caller::new("trial");
    let account = caller.account(".json");
    assert_eq!(caller.get(&account).1["type"], "Trial");
    for to in ["+14155550102", "+447700900123"] {
        assert_eq!(verdict(&caller.send(to, &[])), (400, 21608), "{to}");
        assert_eq!(verdict(&caller.start(to, "sms")), (400, 21608), "{to}");
    }
    let long = "x".repeat(130);
    let sent = caller.send(ADA, &[("Body", &long)]).1;
    let body = sent["body"].as_str().unwrap();
    assert_eq!(body.len(), 168, "the line before it counts");
    assert!(body.starts_with("Sent from your Twilio trial account - "));
    assert_eq!(sent["num_segments"], "2");
    let named = caller.send(ADA, &[("From", "Acme")]);
    assert_eq!(verdict(&named), (400, 21267));
}
