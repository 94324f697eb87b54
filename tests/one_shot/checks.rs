//! Codes that are sent, checked, asked about and withdrawn, and numbers that are looked up.

use serde_json::{Value, json};

use crate::program::Tuilio;
use crate::simulator::Simulator;
use crate::{ADA, MASKED_ADA, VERIFY_KEYS, all_keys, keys};

#[test]
fn an_approval_is_for_the_ticket_that_the_code_was_sent_for() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let start = ["verify", "start", "--to", ADA, "--ticket", "48213"];
    assert_eq!(tuilio.run(&start).code, Some(0));
    let code = simulator.code(ADA);
    let check = tuilio.feed(&["verify", "check", "--to", ADA], code);
    assert_eq!(check.code, Some(0), "{check:?}");
    let rows = tuilio.run(&["history", "--json"]).object()["rows"].clone();
    let told: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                &row["kind"],
                &row["ticket"],
                &row["outcome"],
                &row["channel"],
            )
        })
        .collect();
    let (ticket, approved, sms) = (&json!("48213"), &json!("approved"), &json!("sms"));
    assert_eq!(
        told,
        [
            (&json!("verify_check"), ticket, approved, sms),
            (&json!("verify_start"), ticket, approved, sms),
        ]
    );
}

#[test]
fn a_code_is_sent_checked_and_approved() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let started = tuilio
        .run(&["verify", "start", "--to", ADA, "--json"])
        .object();
    assert_eq!(keys(&started), all_keys(VERIFY_KEYS));
    assert_eq!(
        (&started["status"], &started["valid"]),
        (&json!("pending"), &json!(false))
    );
    assert_eq!(
        (&started["channel"], &started["sends"]),
        (&json!("sms"), &json!(1))
    );
    assert_eq!(started["to"], MASKED_ADA);
    assert!(started["expires_at"].as_str().unwrap().ends_with('Z'));
    let code = simulator.code(ADA);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let line = ["verify", "check", "--to", ADA, "--json"];
    let ended = tuilio.feed(&line, wrong);
    let object = ended.object();
    assert_eq!(ended.code, Some(3), "{ended:?}");
    assert_eq!(
        (&object["status"], &object["valid"], &object["error"]),
        (&json!("pending"), &json!(false), &Value::Null)
    );
    let status = tuilio
        .run(&["verify", "status", "--to", ADA, "--json"])
        .object();
    assert_eq!(
        (&status["exit"], &status["status"], &status["operation_id"]),
        (&json!(0), &json!("pending"), &Value::Null)
    );
    let by_sid = [
        "verify",
        "check",
        "--to",
        started["sid"].as_str().unwrap(),
        "--json",
    ];
    let approved = tuilio.feed(&by_sid, format!("{code}\n"));
    let object = approved.object();
    assert_eq!(
        (approved.code, &object["status"], &object["valid"]),
        (Some(0), &json!("approved"), &json!(true))
    );
    assert_eq!(object["to"], MASKED_ADA);
    let again = tuilio.feed(&line, &code);
    assert_eq!(again.code, Some(4), "{again:?}");
    assert_eq!(again.object()["error"]["status"], 404);
    for line in ["check", "status", "cancel"] {
        let gone = tuilio.feed(&["verify", line, "--to", ADA], &code);
        assert_eq!(gone.code, Some(4), "{gone:?}");
        assert!(
            gone.stderr.contains("this history approved it, at 20")
                && gone.stderr.contains("20404"),
            "{gone:?}"
        );
        let never = tuilio.feed(&["verify", line, "--to", "+14155550177"], &code);
        assert_eq!(never.code, Some(4), "{never:?}");
        assert!(never.stderr.contains("knows of no code"), "{never:?}");
    }
    let rows = tuilio.history();
    let words: Vec<_> = rows
        .iter()
        .rev()
        .map(|row| {
            format!(
                "{} {}",
                row["kind"].as_str().unwrap(),
                row["state"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        words,
        [
            "verify_start settled",
            "verify_check settled",
            "verify_check settled",
            "verify_check refused",
            "verify_check refused",
            "verify_check refused",
            "verify_cancel refused",
            "verify_cancel refused"
        ],
        "a status writes no row"
    );
    assert!(!serde_json::to_string(&rows).unwrap().contains(&code));
}

#[test]
fn five_wrong_codes_end_a_check() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    assert_eq!(tuilio.run(&["verify", "start", "--to", ADA]).code, Some(0));
    let wrong = if simulator.code(ADA) == "000000" {
        "000001"
    } else {
        "000000"
    };
    let codes: Vec<_> = (0..6)
        .map(|_| tuilio.feed(&["verify", "check", "--to", ADA], wrong).code)
        .collect();
    assert_eq!(
        codes,
        [Some(3), Some(3), Some(3), Some(3), Some(3), Some(4)]
    );
}

#[test]
fn a_check_is_withdrawn_by_its_sid() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let started = tuilio
        .run(&[
            "verify",
            "start",
            "--to",
            "ada@example.org",
            "--json",
            "--reveal",
        ])
        .object();
    assert_eq!(
        (&started["channel"], &started["to"]),
        (&json!("email"), &json!("ada@example.org"))
    );
    let sid = started["sid"].as_str().unwrap();
    let canceled = tuilio
        .run(&["verify", "cancel", "--to", sid, "--json"])
        .object();
    assert_eq!(
        (&canceled["exit"], &canceled["status"]),
        (&json!(0), &json!("canceled"))
    );
    assert_eq!(canceled["to"], "a••••@example.org");
    let over = tuilio.run(&["verify", "cancel", "--to", sid]);
    assert_eq!(over.code, Some(4), "{over:?}");
}

#[test]
fn a_number_is_looked_up_and_the_history_says_so() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let object = tuilio
        .run(&["lookup", "--to", "+14155550188", "--line-type", "--json"])
        .object();
    assert_eq!(
        keys(&object),
        all_keys("to valid validation_errors country line_type carrier")
    );
    assert_eq!(
        (&object["valid"], &object["line_type"], &object["country"]),
        (&json!(true), &json!("landline"), &json!("US"))
    );
    let rows = tuilio.history();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["kind"], &rows[0]["state"], &rows[0]["status"]),
        (&json!("lookup"), &json!("settled"), &json!("valid"))
    );
    simulator.plant(&json!({"method": "GET", "path": "/v2/PhoneNumbers/*", "fault": "status", "status": 503, "times": 9}));
    let down = tuilio.run(&["lookup", "--to", ADA]);
    assert_eq!(down.code, Some(10), "{down:?}");
    assert_eq!(tuilio.history()[0]["state"], "not_sent");
}
