//! The one-shot commands, as a script meets them: the real program against a simulator over HTTP.
//!
//! Each exit status of the table, every key of every object, and what the history says afterwards.

#[path = "support/program.rs"]
mod program;
#[path = "support/simulator.rs"]
mod simulator;

use std::fs;
use std::process::Stdio;

use program::{Ended, Tuilio};
use serde_json::{Value, json};
use simulator::Simulator;

const ADA: &str = "+14155550123";
const MASKED_ADA: &str = "+1 415 ••• ••23";

fn keys(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys().map(String::as_str))
        .collect()
}

/// The keys that every object has, and those of the command.
fn all_keys(own: &str) -> Vec<&str> {
    let mut keys: Vec<&str> = "schema ok exit error"
        .split(' ')
        .chain(own.split(' '))
        .collect();
    keys.sort_unstable();
    keys
}

const SEND_KEYS: &str = "operation_id sid status to from num_segments";
const VERIFY_KEYS: &str = "operation_id sid status valid to channel sends expires_at";

fn send<'a>(to: &'a str, body: &'a str) -> Vec<&'a str> {
    vec!["send", "--json", "--to", to, "--body", body]
}

/// The one row of the history: its kind, its state and its code.
fn only_row(tuilio: &Tuilio) -> (String, String, Value) {
    let rows = tuilio.history();
    assert_eq!(rows.len(), 1, "{rows:?}");
    let word = |key: &str| rows[0][key].as_str().unwrap_or_default().to_owned();
    (word("kind"), word("state"), rows[0]["error_code"].clone())
}

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
            "agent",
            "at",
            "body",
            "error_code",
            "kind",
            "operation_id",
            "sid",
            "state",
            "status",
            "ticket",
            "to"
        ]
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
            "verify_check refused"
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
    assert!(ended.stderr.contains("asks to wait"), "{ended:?}");
    assert_eq!(simulator.get("/simulator/faults"), json!([]));
}

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
    let changed = history.execute("UPDATE operations SET at = ?1", [earlier.to_string()]);
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
fn where_nobody_listens_nothing_was_sent() {
    let simulator = Simulator::start(&[]);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let tuilio = Tuilio::at(&simulator).with("TUILIO_API_URL", &nobody);
    let ended = tuilio.run(&send(ADA, "Hello"));
    assert_eq!(ended.code, Some(10), "{ended:?}");
    assert_eq!(
        only_row(&tuilio),
        ("text".to_owned(), "not_sent".to_owned(), Value::Null)
    );
}

#[test]
fn what_we_refuse_ourselves_leaves_no_row() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    for (line, input, exit, keys_of) in [
        (vec!["send", "--to", "12", "--body", "x"], "", 7, SEND_KEYS),
        (
            vec!["send", "--to", "ada@example.org", "--body", "x"],
            "",
            7,
            SEND_KEYS,
        ),
        (vec!["send", "--to", ADA, "--body", ""], "", 2, SEND_KEYS),
        (vec!["send", "--to", ADA], "\n", 2, SEND_KEYS),
        (vec!["send", "--body", "x"], "", 2, SEND_KEYS),
        (
            vec!["send", "--to", ADA, "--body", "x", "--from", "me"],
            "",
            2,
            SEND_KEYS,
        ),
        (
            vec!["verify", "start", "--to", "nobody@"],
            "",
            7,
            VERIFY_KEYS,
        ),
        (
            vec!["verify", "start", "--to", ADA, "--channel", "pigeon"],
            "",
            2,
            VERIFY_KEYS,
        ),
        (
            vec!["verify", "start", "--to", ADA, "--channel", "email"],
            "",
            2,
            VERIFY_KEYS,
        ),
        (
            vec!["verify", "check", "--to", ADA],
            "no digits",
            2,
            VERIFY_KEYS,
        ),
        (vec!["verify", "check", "--to", ADA], "", 2, VERIFY_KEYS),
    ] {
        let line: Vec<&str> = line.into_iter().chain(["--json"]).collect();
        let ended = tuilio.feed(&line, input);
        let object = ended.object();
        assert_eq!(ended.code, Some(exit), "{line:?} {ended:?}");
        assert_eq!(keys(&object), all_keys(keys_of));
        assert!(!object["error"]["message"].as_str().unwrap().is_empty());
        assert_eq!(ended.stderr.lines().count(), 1, "{line:?} {ended:?}");
    }
    assert!(tuilio.history().is_empty());
}

#[test]
fn a_body_that_is_no_text_is_refused() {
    let simulator = Simulator::start(&[]);
    let ended = Tuilio::at(&simulator).feed(&["send", "--to", ADA], b"\xff\xfe");
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("UTF-8"), "{ended:?}");
}

#[test]
fn a_code_or_a_secret_as_an_argument_is_refused_and_not_repeated() {
    let tuilio = Tuilio::new();
    for line in [
        &["verify", "check", "--to", ADA, "--code", "482913"][..],
        &["verify", "check", "--to", ADA, "--code=482913"],
        &["verify", "check", "--to", ADA, "482913"],
        &["login", "--token", "482913"],
        &["login", "--secret=482913"],
        &["login", "482913"],
    ] {
        let ended = tuilio.run(line);
        assert_eq!(ended.code, Some(2), "{line:?} {ended:?}");
        assert!(
            ended.stderr.contains("standard input"),
            "{line:?} {ended:?}"
        );
        assert!(
            !format!("{ended:?}").contains("482913"),
            "{line:?} {ended:?}"
        );
    }
}

#[test]
fn without_whole_keys_nothing_is_sent() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::new();
    let ended = tuilio.run(&send(ADA, "Hello"));
    assert_eq!(
        (ended.code, ended.stderr.contains("tuilio login")),
        (Some(8), true),
        "{ended:?}"
    );
    let half = Tuilio::at(&simulator).with("TWILIO_API_SECRET", "");
    let ended = half.run(&send(ADA, "Hello"));
    assert_eq!(
        (ended.code, ended.stderr.contains("TWILIO_API_SECRET")),
        (Some(8), true),
        "{ended:?}"
    );
    assert_eq!(
        only_row(&half).1,
        "refused",
        "the operation is known, so it is written down"
    );
    let ended = Tuilio::at(&simulator)
        .with("TUILIO_PROFILE", "gone")
        .run(&send(ADA, "Hello"));
    assert_eq!(
        (ended.code, ended.stderr.contains("gone")),
        (Some(8), true),
        "{ended:?}"
    );
    assert!(simulator.phone(ADA).is_empty());
}

#[test]
fn a_paste_is_checked_and_without_a_keyring_nothing_is_kept() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::new().with("TUILIO_API_URL", simulator.url());
    let paste = &simulator.greeting;
    let ended = tuilio.feed(&["login", "--profile", "work", "--json"], paste);
    let object = ended.object();
    assert_eq!(ended.code, Some(8), "{ended:?}");
    assert!(ended.stderr.contains("keyring"), "{ended:?}");
    assert_eq!(
        keys(&object),
        all_keys(
            "profile account_sid verify_service_sid sender is_trial key_rights warnings \
             clock_skew_seconds proxy certificates plain_text_in"
        )
    );
    assert!(!tuilio.config_dir().join("config.toml").exists());
    assert!(!format!("{ended:?}").contains(simulator.word("api_secret")));
}

#[test]
fn a_paste_that_does_not_do_says_what_is_missing() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::new().with("TUILIO_API_URL", simulator.url());
    let account = simulator.word("account_sid");
    let wrong = format!(
        "TWILIO_ACCOUNT_SID={account}\nTWILIO_AUTH_TOKEN={}\n",
        "0".repeat(32)
    );
    for (paste, exit, words) in [
        ("", 2, "account SID"),
        ("hello", 2, "account SID"),
        (account, 2, "auth token"),
        (wrong.as_str(), 8, ""),
    ] {
        let ended = tuilio.feed(&["login"], paste);
        assert_eq!(ended.code, Some(exit), "{paste:?} {ended:?}");
        assert!(ended.stderr.contains(words), "{paste:?} {ended:?}");
    }
    let ended = tuilio.feed(&["login", "--profile", "my work"], &simulator.greeting);
    assert_eq!(
        (ended.code, ended.stderr.contains("a profile is named")),
        (Some(2), true),
        "{ended:?}"
    );
    let ended = tuilio.feed(
        &[
            "login",
            "--verify-service",
            &format!("VA{}", "0".repeat(32)),
        ],
        &simulator.greeting,
    );
    assert_eq!(
        (ended.code, ended.stderr.contains("none of the account")),
        (Some(2), true),
        "{ended:?}"
    );
}

#[test]
fn several_services_or_senders_are_named_and_none_is_taken() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::new().with("TUILIO_API_URL", simulator.url());
    let (account, token) = (simulator.word("account_sid"), simulator.word("auth_token"));
    let paste = format!("The account is {account}, its auth token {token}.");
    let service = simulator.word("verify_service_sid");
    for (more, option, named) in [
        (&[][..], "--verify-service", service),
        (
            &["--verify-service", service],
            "--sender",
            simulator.word("from_number"),
        ),
    ] {
        let line: Vec<&str> = ["login", "--json"].iter().chain(more).copied().collect();
        let ended = tuilio.feed(&line, &paste);
        let object = ended.object();
        assert_eq!(ended.code, Some(2), "{ended:?}");
        for text in [object["error"]["message"].as_str().unwrap(), &ended.stderr] {
            assert!(text.contains(option) && text.contains(named), "{ended:?}");
        }
    }
}

#[test]
fn with_keys_in_the_environment_the_keyring_is_not_touched() {
    let simulator = Simulator::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bus");
    let bus = std::os::unix::net::UnixListener::bind(&path).unwrap();
    bus.set_nonblocking(true).unwrap();
    let address = format!("unix:path={}", path.display());
    let tuilio = Tuilio::at(&simulator).with("DBUS_SESSION_BUS_ADDRESS", &address);
    assert_eq!(tuilio.run(&send(ADA, "Hello")).code, Some(0));
    let nobody = bus.accept().map(drop).unwrap_err();
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn segments_are_counted_as_the_text_is() {
    let tuilio = Tuilio::new();
    let object = tuilio.feed(&["segments", "--json"], "Hello\n").object();
    assert_eq!(
        keys(&object),
        all_keys("encoding segments chars units first_costly")
    );
    assert_eq!(
        (
            &object["encoding"],
            &object["chars"],
            &object["first_costly"]
        ),
        (&json!("GSM-7"), &json!(6), &Value::Null)
    );
    let object = tuilio.feed(&["segments", "--json"], "a\nb“c").object();
    assert_eq!(
        (&object["encoding"], &object["units"]),
        (&json!("UCS-2"), &json!(5))
    );
    assert_eq!(
        object["first_costly"],
        json!({"char": "“", "line": 2, "column": 2})
    );
    let plain = tuilio.feed(&["segments"], "Hello");
    assert!(
        plain.code == Some(0) && plain.stdout.contains("GSM-7"),
        "{plain:?}"
    );
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

#[test]
fn the_history_is_exported_masked_filtered_and_into_new_files_only() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    tuilio.run(&send(ADA, "=1+1"));
    tuilio.run(&["lookup", "--to", "+14155550188"]);
    let export = ["history", "export", "--format"];
    let csv = tuilio.run(&[&export[..], &["csv"]].concat());
    assert_eq!(csv.code, Some(0), "{csv:?}");
    assert_eq!(csv.stdout.lines().count(), 3, "{csv:?}");
    assert!(csv.stdout.contains("'=1+1") && !csv.stdout.contains("4155550123"));
    let texts =
        tuilio.run(&[&export[..], &["jsonl", "--filter", "kind:text", "--reveal"]].concat());
    let text: Value = serde_json::from_str(texts.stdout.trim()).unwrap();
    assert_eq!((&text["to"], &text["body"]), (&json!(ADA), &json!("=1+1")));
    let file = tuilio.folder().join("out.csv").display().to_string();
    let line = [&export[..], &["csv", "--output", &file]].concat();
    assert_eq!(tuilio.run(&line).code, Some(0));
    let written = fs::read_to_string(&file).unwrap();
    assert_eq!(written, csv.stdout);
    assert_eq!(tuilio.run(&line).code, Some(2), "it is there already");
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
    let odd = tuilio.run(&[&export[..], &["csv", "--filter", "colour:red"]].concat());
    assert_eq!(odd.code, Some(2), "{odd:?}");
    assert!(odd.stderr.contains("colour"), "{odd:?}");
}

#[test]
fn bad_settings_are_told_with_their_line_and_left_as_they_are() {
    let tuilio = Tuilio::new();
    fs::create_dir_all(tuilio.config_dir()).unwrap();
    let path = tuilio.config_dir().join("config.toml");
    fs::write(&path, "\nactive = \n").unwrap();
    for line in [
        &["history"][..],
        &["profiles"],
        &["send", "--to", ADA, "--body", "x"],
    ] {
        let ended = tuilio.run(line);
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(
            ended.stderr.contains("line 2") && ended.stderr.lines().count() == 1,
            "{ended:?}"
        );
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "\nactive = \n");
}

#[test]
fn a_database_that_is_not_ours_is_left_as_it_is() {
    let simulator = Simulator::start(&[]);
    for foreign in [
        &b"SQLite format 3\0 but somebody else's"[..],
        b"a diary",
        &[0; 4096],
    ] {
        let tuilio = Tuilio::at(&simulator);
        fs::create_dir_all(tuilio.data_dir()).unwrap();
        let path = tuilio.data_dir().join("history.db");
        fs::write(&path, foreign).unwrap();
        let ended = tuilio.run(&send(ADA, "Hello"));
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stderr.contains("history"), "{ended:?}");
        assert_eq!(fs::read(&path).unwrap(), foreign);
    }
    assert!(simulator.phone(ADA).is_empty());
}

#[test]
fn a_folder_that_cannot_be_written_sends_nothing() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let file = tuilio.folder().join("file");
    fs::write(&file, "").unwrap();
    let below = file.join("data").display().to_string();
    let tuilio = tuilio.with("TUILIO_DATA_DIR", &below);
    let ended = tuilio.run(&send(ADA, "Hello"));
    assert_eq!(
        (ended.code, ended.stderr.contains("TUILIO_DATA_DIR")),
        (Some(1), true),
        "{ended:?}"
    );
    assert_eq!(
        tuilio.run(&["lookup", "--to", ADA]).code,
        Some(0),
        "a lookup needs no history"
    );
    assert!(simulator.phone(ADA).is_empty());
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
fn a_reader_that_has_gone_is_no_fault_and_a_full_disk_is_one() {
    let tuilio = Tuilio::new();
    let mut child = tuilio
        .command(&["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended: Ended = child.wait_with_output().unwrap().into();
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended:?}"
    );
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let ended: Ended = tuilio
        .command(&["paths"])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap()
        .into();
    assert_eq!(
        (ended.code, ended.stderr.contains("standard output")),
        (Some(1), true),
        "{ended:?}"
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

#[test]
fn the_commands_that_only_print_do_so_without_keys_or_files() {
    let tuilio = Tuilio::new();
    for (line, words) in [
        (&["paths"][..], "history.db"),
        (&["keys"], "Ctrl-Q"),
        (&["completions", "zsh"], "tuilio"),
        (&["man"], ".TH"),
        (&["man", "send"], "send"),
        (&["profiles"], ""),
        (&["--help"], "verify"),
        (&["--version"], "tuilio"),
    ] {
        let ended = tuilio.run(line);
        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (Some(0), ""),
            "{line:?} {ended:?}"
        );
        assert!(ended.stdout.contains(words), "{line:?} {ended:?}");
    }
    assert!(!tuilio.data_dir().exists() && !tuilio.config_dir().exists());
    assert_eq!(
        keys(&tuilio.run(&["profiles", "--json"]).object()),
        all_keys("profiles")
    );
    assert_eq!(
        keys(&tuilio.run(&["paths", "--json"]).object()),
        all_keys("config history locks log policy")
    );
    assert_eq!(tuilio.run(&["profiles", "use", "gone"]).code, Some(2));
    assert_eq!(tuilio.run(&["logout"]).code, Some(2));
    assert_eq!(tuilio.run(&["logout", "--profile", "gone"]).code, Some(2));
    assert_eq!(tuilio.run(&["man", "nothing"]).code, Some(2));
}
