//! What holds for every resource: who may ask, links, scenes, faults.

use std::time::Duration;

use serde_json::{Value, json};
use tuilio::domain::Secret;
use tuilio::simulator::Fate;
use tuilio::twilio::wire::{BasicAuth, Method};

use crate::support::Caller;
use crate::{ADA, verdict};

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
        (
            Method::Delete,
            "/simulator/phones/+14155550100",
            (405, 20004),
        ),
        (Method::Post, "/simulator/phones/+14155550100", (400, 20422)),
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
