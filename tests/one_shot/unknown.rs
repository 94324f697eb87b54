//! Texts whose answer was lost: what is said of them, and how they are found.

use serde_json::{Value, json};

use crate::program::{Ended, Tuilio};
use crate::simulator::Simulator;
use crate::{ADA, only_row, send};

#[test]
fn what_may_have_been_sent_is_not_sent_again_and_is_found_by_a_refresh() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    simulator.plant_on_texts("cut_after_store");
    let lost = tuilio.run(&send(ADA, "Hello"));
    let object = lost.object();
    assert_eq!(
        (lost.code, &object["error"]["may_have_taken_effect"]),
        (Some(9), &json!(true))
    );
    let twin = tuilio.run(&send(ADA, "Hello"));
    assert_eq!(twin.code, Some(9), "{twin:?}");
    assert!(
        twin.stderr.contains("not settled yet") && twin.stderr.contains("--refresh"),
        "{twin:?}"
    );
    assert_eq!(twin.object()["operation_id"], Value::Null);
    assert_eq!(only_row(&tuilio).1, "unknown");
    let refreshed = tuilio.run(&["history", "--refresh", "--json"]);
    let rows = refreshed.object()["rows"].clone();
    assert_eq!(refreshed.code, Some(0), "{refreshed:?}");
    assert_eq!(
        (rows.as_array().unwrap().len(), &rows[0]["state"]),
        (1, &json!("settled"))
    );
    assert_eq!(rows[0]["operation_id"], object["operation_id"]);
    assert!(rows[0]["sid"].as_str().unwrap().starts_with("SM"));
    assert_eq!(
        tuilio.run(&send(ADA, "Hello")).code,
        Some(0),
        "now it is settled"
    );
}

#[test]
fn a_code_whose_answer_was_lost_is_not_sent_again_by_the_next_command() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let start = ["verify", "start", "--to", ADA, "--json"];
    let codes = "/v2/Services/*/Verifications";
    simulator.plant(&json!({"method": "POST", "path": codes, "fault": "cut_after_store"}));
    assert_eq!(tuilio.run(&start).code, Some(9));
    let twin = tuilio.run(&start);
    assert_eq!(twin.code, Some(9), "{twin:?}");
    assert!(
        twin.stderr.contains("not known yet whether a code went")
            && twin.stderr.contains("--refresh"),
        "{twin:?}"
    );
    assert_eq!(simulator.phone(ADA).len(), 1);
    assert_eq!(only_row(&tuilio).1, "unknown");
    // By another way it is another question.
    let call = tuilio.run(&["verify", "start", "--to", ADA, "--channel", "call"]);
    assert_eq!(call.code, Some(0), "{call:?}");
    assert_eq!(tuilio.run(&["history", "--refresh"]).code, Some(0));
    assert_eq!(tuilio.run(&start).code, Some(0), "now it is settled");
}

#[test]
fn what_never_arrived_stays_not_known_until_time_has_shown_it() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    simulator.plant_on_texts("cut_before_store");
    assert_eq!(tuilio.run(&send(ADA, "Hello")).code, Some(9));
    let refreshed = tuilio.run(&["history", "--refresh", "--json"]);
    assert_eq!(refreshed.code, Some(0), "{refreshed:?}");
    assert_eq!(refreshed.object()["rows"][0]["state"], "unknown");
}

#[test]
fn what_left_no_trace_in_ten_minutes_was_not_sent() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    simulator.plant_on_texts("cut_before_store");
    assert_eq!(tuilio.run(&send(ADA, "Hello")).code, Some(9));
    let earlier = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(11);
    let history = rusqlite::Connection::open(tuilio.data_dir().join("history.db")).unwrap();
    let set = "UPDATE operations SET at = ?1, updated_at = ?1, print = NULL";
    let changed = history.execute(set, [earlier.to_string()]);
    assert_eq!(changed, Ok(1));
    drop(history);
    let refreshed = tuilio.run(&["history", "--refresh", "--json"]);
    assert_eq!(refreshed.code, Some(0), "{refreshed:?}");
    assert_eq!(refreshed.object()["rows"][0]["state"], "not_sent");
    assert_eq!(
        tuilio.run(&send(ADA, "Hello")).code,
        Some(0),
        "now it may be sent"
    );
    assert_eq!(tuilio.history().len(), 2);
}

#[test]
fn a_refresh_that_cannot_look_says_so_and_lists_all_the_same() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    simulator.plant_on_texts("malformed");
    assert_eq!(tuilio.run(&send(ADA, "Hello")).code, Some(9));
    let tuilio = tuilio.with("TWILIO_API_SECRET", "wrong");
    let refreshed = tuilio.run(&["history", "--refresh", "--json"]);
    assert_eq!(refreshed.code, Some(8), "{refreshed:?}");
    assert_eq!(refreshed.object()["rows"][0]["state"], "unknown");
    assert_eq!(
        tuilio.run(&["history"]).code,
        Some(0),
        "without a refresh no keys are needed"
    );
}

#[test]
fn a_signal_ends_a_send_and_leaves_it_to_be_looked_up() {
    for (signal, code) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        let simulator = Simulator::start(&[]);
        let tuilio = Tuilio::at(&simulator);
        simulator.plant(&json!({"method": "POST", "path": "/2010-04-01/Accounts/*/Messages.json", "fault": "delay", "ms": 60_000}));
        let child = tuilio.start(&send(ADA, "Hello"));
        // The fault is used up when the request has arrived.
        while simulator.get("/simulator/faults") != json!([]) {
            std::thread::yield_now();
        }
        let kill = std::process::Command::new("kill")
            .args([format!("-{signal}"), child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        let ended: Ended = child.wait_with_output().unwrap().into();
        assert_eq!(ended.code, Some(code), "{ended:?}");
        assert_eq!(only_row(&tuilio).1, "unknown");
        let refreshed = tuilio.run(&["history", "--refresh", "--json"]).object();
        assert_eq!(refreshed["rows"][0]["state"], "settled", "it had arrived");
    }
}

#[test]
fn what_was_lost_elsewhere_is_not_looked_up_and_it_is_said_whose_it_is() {
    let there = Simulator::start(&[]);
    let here = Simulator::start(&[]);
    let tuilio = Tuilio::at(&there);
    there.plant_on_texts("cut_after_store");
    assert_eq!(tuilio.run(&send(ADA, "Hello")).code, Some(9));
    let tuilio = tuilio.with("TUILIO_API_URL", here.url());
    let account = there.word("account_sid");
    let whose = format!("AC..{} ({})", &account[30..], there.url());
    let refreshed = tuilio.run(&["history", "--refresh", "--json"]);
    assert_eq!(refreshed.code, Some(9), "{refreshed:?}");
    assert!(
        refreshed.stderr.contains(&format!(
            "1 operation was not looked up: it belongs to {whose}."
        )) && !refreshed.stderr.contains("--refresh looks it up"),
        "{refreshed:?}"
    );
    assert_eq!(refreshed.object()["rows"][0]["state"], "unknown");
    let twin = tuilio.run(&send(ADA, "Hello"));
    assert_eq!(twin.code, Some(9), "{twin:?}");
    assert!(
        twin.stderr
            .contains(&format!("of {whose}, is not settled yet"))
            && twin.stderr.contains("connect that one")
            && twin
                .stderr
                .contains("with the keys of the account it belongs to"),
        "{twin:?}"
    );
    assert_eq!(here.phone(ADA).len(), 0);
    let tuilio = tuilio.with("TUILIO_API_URL", there.url());
    assert_eq!(tuilio.run(&["history", "--refresh"]).code, Some(0));
    assert_eq!(only_row(&tuilio).1, "settled");
}
