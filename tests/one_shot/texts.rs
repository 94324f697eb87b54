//! Texts: who gets them, from whom, and each way in which one is refused.

use serde_json::{Value, json};

use crate::program::Tuilio;
use crate::simulator::{Nobody, Simulator};
use crate::{ADA, MASKED_ADA, SEND_KEYS, all_keys, keys, only_row, send};

#[test]
fn a_text_is_sent_and_the_history_says_the_same() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let ended = tuilio.feed(&["send", "--to", ADA, "--json"], "Hello\nAda\n\n");
    let sent = ended.object();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(keys(&sent), all_keys(SEND_KEYS));
    assert_eq!(sent["error"], Value::Null);
    assert_eq!(sent["to"], MASKED_ADA);
    assert_eq!(sent["status"], "queued");
    assert!(sent["sid"].as_str().unwrap().starts_with("SM"));
    let rows = tuilio.history();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["operation_id"], sent["operation_id"]);
    assert_eq!(rows[0]["sid"], sent["sid"]);
    assert_eq!(rows[0]["state"], "settled");
    assert_eq!(
        rows[0]["body"], "Hello\nAda\n",
        "one final newline is dropped"
    );
    assert_eq!(rows[0]["to"], MASKED_ADA);
    let at = rows[0]["at"].as_str().unwrap();
    assert!(at.ends_with('Z') && at.contains('T'), "{at}");
    assert_eq!(
        keys(&rows[0]),
        [
            "account",
            "agent",
            "at",
            "body",
            "channel",
            "error_code",
            "kind",
            "on_file",
            "operation_id",
            "outcome",
            "sid",
            "state",
            "status",
            "ticket",
            "to"
        ]
    );
}

#[test]
fn a_dash_is_standard_input_for_the_text_as_for_the_number() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let lines = format!("{ADA}\nHello from both\n");
    for (to, input, said) in [(ADA, "Hello\n", "Hello"), ("-", &lines, "Hello from both")] {
        let ended = tuilio.feed(&["send", "--to", to, "--body", "-"], input);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(tuilio.history()[0]["body"], said);
    }
    let nothing = tuilio.feed(&["send", "--to", ADA, "--body", "-"], "");
    assert_eq!(nothing.code, Some(2), "{nothing:?}");
}

#[test]
fn a_template_is_the_text_that_the_desk_would_send() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let templates = tuilio.config_dir().join("templates");
    std::fs::create_dir_all(&templates).unwrap();
    let text = "Dear customer,\u{b}\u{b}ticket {ticket} of {na\u{7}me} is solved.\r\n";
    std::fs::write(templates.join("1-solved.txt"), text).unwrap();
    let mut line = vec!["send", "--to", ADA, "--template", "solved"];
    line.extend(["--ticket", "48213"]);
    let open = tuilio.run(&line);
    assert_eq!(open.code, Some(2), "{open:?}");
    assert!(open.stderr.contains("{name}"), "{open:?}");
    line.extend(["--set", "name=Ada"]);
    assert_eq!(tuilio.run(&line).code, Some(0));
    assert_eq!(
        tuilio.history()[0]["body"],
        "Dear customer,\n\nticket 48213 of Ada is solved."
    );
}

#[test]
fn numbers_are_whole_only_where_that_is_asked_for() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let shown = tuilio
        .run(&["send", "--to", ADA, "--body", "one", "--reveal", "--json"])
        .object();
    assert_eq!(shown["to"], ADA);
    assert_eq!(shown["from"], simulator.word("from_number"));
    let hidden = tuilio.run(&["send", "--to", ADA, "--body", "two"]);
    assert!(!format!("{hidden:?}").contains("4155550123"), "{hidden:?}");
    let rows = tuilio
        .run(&["history", "--json", "--reveal", "--limit", "1"])
        .object();
    assert_eq!(rows["rows"].as_array().unwrap().len(), 1);
    assert_eq!(rows["rows"][0]["to"], ADA);
    assert_eq!(rows["rows"][0]["body"], "two", "newest first");
}

#[test]
fn the_sender_is_the_service_before_the_number_and_the_line_before_both() {
    let simulator = Simulator::start(&[]);
    let service = simulator.word("messaging_service_sid");
    let tuilio = Tuilio::at(&simulator).with("TWILIO_MESSAGING_SERVICE_SID", service);
    assert_eq!(tuilio.run(&send(ADA, "one")).object()["from"], service);
    let from = simulator.word("from_number");
    let line = [
        "send", "--json", "--reveal", "--to", ADA, "--body", "two", "--from", from,
    ];
    assert_eq!(tuilio.run(&line).object()["from"], from);
    let nobody = Tuilio::at(&simulator).with("TWILIO_FROM_NUMBER", "");
    let ended = nobody.run(&send(ADA, "three"));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(nobody.history().is_empty());
}

#[test]
fn a_recipient_may_come_by_standard_input() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let line = ["send", "--to", "-", "--json", "--reveal"];
    let sent = tuilio.feed(&line, "(415) 555-0123\r\nHello\n").object();
    assert_eq!(sent["to"], ADA);
    let line = ["send", "--to", "-", "--body", "Bye", "--json"];
    assert_eq!(tuilio.feed(&line, "+1 415 555 0123").object()["exit"], 0);
    let bodies: Vec<_> = tuilio
        .history()
        .iter()
        .map(|row| row["body"].clone())
        .collect();
    assert_eq!(bodies, ["Bye", "Hello"]);
}

#[test]
fn twilios_refusals_end_with_the_status_of_the_catalogue_and_leave_a_row() {
    let simulator = Simulator::start(&[]);
    let fault = |status: u16, code: u32, retry_after: Option<u32>| {
        let mut fault = json!({"method": "POST", "path": "/2010-04-01/Accounts/*/Messages.json", "fault": "status", "status": status, "code": code});
        if let Some(seconds) = retry_after {
            fault["retry_after"] = json!(seconds);
        }
        fault
    };
    for (planted, to, exit, state, code) in [
        (None, "+14155550110", 6, "refused", json!("21610")),
        (
            Some(fault(400, 21211, None)),
            ADA,
            7,
            "refused",
            json!("21211"),
        ),
        (
            Some(fault(401, 20003, None)),
            ADA,
            8,
            "refused",
            json!("20003"),
        ),
        // A wait that is longer than the client's patience is not begun.
        (
            Some(fault(429, 20429, Some(31))),
            ADA,
            5,
            "refused",
            json!("20429"),
        ),
        (
            Some(fault(500, 20500, None)),
            ADA,
            9,
            "unknown",
            json!("20500"),
        ),
    ] {
        let tuilio = Tuilio::at(&simulator);
        if let Some(fault) = &planted {
            simulator.plant(fault);
        }
        let ended = tuilio.run(&send(to, "Hello"));
        let object = ended.object();
        assert_eq!(ended.code, Some(exit), "{ended:?}");
        assert_eq!(keys(&object), all_keys(SEND_KEYS));
        let mut error_keys = vec![
            "code",
            "status",
            "message",
            "may_have_taken_effect",
            "retry_after",
            "request_id",
        ];
        error_keys.sort_unstable();
        assert_eq!(keys(&object["error"]), error_keys);
        assert_eq!(object["error"]["code"], code);
        assert_eq!(object["error"]["may_have_taken_effect"], exit == 9);
        assert_eq!(
            (&object["sid"], &object["status"]),
            (&Value::Null, &Value::Null)
        );
        if exit == 5 {
            assert_eq!(object["error"]["retry_after"], 31);
            assert!(ended.stderr.contains("31"), "{ended:?}");
        }
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        assert_eq!(
            only_row(&tuilio),
            ("text".to_owned(), state.to_owned(), code)
        );
    }
}

#[test]
fn a_short_wait_is_waited_for() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    simulator.plant(&json!({"method": "POST", "path": "/2010-04-01/Accounts/*/Messages.json", "fault": "status", "status": 429, "code": 20429, "retry_after": 1}));
    let ended = tuilio.run(&send(ADA, "Hello"));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stderr.contains("the next try is in"), "{ended:?}");
    assert_eq!(simulator.get("/simulator/faults"), json!([]));
}

#[test]
fn where_nobody_listens_nothing_was_sent() {
    let simulator = Simulator::start(&[]);
    let nobody = Nobody::new();
    let tuilio = Tuilio::at(&simulator).with("TUILIO_API_URL", &nobody.url());
    let ended = tuilio.run(&send(ADA, "Hello"));
    assert_eq!(ended.code, Some(10), "{ended:?}");
    assert_eq!(
        only_row(&tuilio),
        ("text".to_owned(), "not_sent".to_owned(), Value::Null)
    );
}

#[test]
fn foreign_text_is_whole_in_objects_and_harmless_in_both() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let body = "a\u{1b}[2Jb\u{202e}c\u{9b}d\ne";
    assert_eq!(tuilio.feed(&["send", "--to", ADA], body).code, Some(0));
    let object = tuilio.run(&["history", "--json"]);
    assert_eq!(object.object()["rows"][0]["body"], body);
    let lines = tuilio.run(&["history"]);
    for text in [&object.stdout, &lines.stdout] {
        let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(acts), "{text:?}");
        assert_eq!(text.lines().count(), 1);
    }
}
