//! A history of which something is lost: what was under way in it may have gone out, so no command sends again
//! before a person has said so.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Child;

use serde_json::json;

use crate::program::{Ended, Tuilio};
use crate::simulator::Simulator;
use crate::{ADA, SEND_KEYS, VERIFY_KEYS, all_keys, keys, send};

/// Begins it, and waits until Twilio has it and has not answered.
fn begun(tuilio: &Tuilio, simulator: &Simulator, line: &[&str], path: &str) -> Child {
    simulator.plant(&json!({"method": "POST", "path": path, "fault": "delay", "ms": 60_000}));
    let child = tuilio.start(line);
    // The fault is used up when the request has arrived.
    while simulator.get("/simulator/faults") != json!([]) {
        std::thread::yield_now();
    }
    child
}

const TEXTS: &str = "/2010-04-01/Accounts/*/Messages.json";

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.path().is_file());
    files
        .map(|entry| (entry.path(), fs::read(entry.path()).unwrap_or_default()))
        .collect()
}

/// What a killed send leaves that Twilio has.
fn killed_on_its_way(
    tuilio: &Tuilio,
    simulator: &Simulator,
    line: &[&str],
) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut child = begun(tuilio, simulator, line, TEXTS);
    child.kill().unwrap();
    child.wait().unwrap();
    simulator.wait_for_phone(ADA);
    files(&tuilio.data_dir())
}

/// The files as they were then, and no other ones.
fn put_back(tuilio: &Tuilio, kept: &BTreeMap<PathBuf, Vec<u8>>) {
    for path in files(&tuilio.data_dir()).keys() {
        fs::remove_file(path).unwrap();
    }
    for (path, bytes) in kept {
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn what_may_have_gone_out_does_not_go_out_again_without_a_person() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let line = send(ADA, "Hello");
    let kept = killed_on_its_way(&tuilio, &simulator, &line);
    let wal = tuilio.data_dir().join("history.db-wal");
    let head = tuilio.data_dir().join("audit-head.json");
    let half = kept[&wal].len() / 2;
    let deeds: [(&str, &dyn Fn()); 9] = [
        ("head removed", &|| fs::remove_file(&head).unwrap()),
        ("head emptied", &|| fs::write(&head, "").unwrap()),
        ("head and log removed", &|| {
            fs::remove_file(&head).unwrap();
            fs::remove_file(&wal).unwrap();
        }),
        ("log removed", &|| fs::remove_file(&wal).unwrap()),
        ("log emptied", &|| fs::write(&wal, "").unwrap()),
        ("log cut", &|| fs::write(&wal, &kept[&wal][..half]).unwrap()),
        ("a bit in the log", &|| {
            let mut bytes = kept[&wal].clone();
            let at = bytes.len() - 100;
            bytes[at] ^= 4;
            fs::write(&wal, bytes).unwrap();
        }),
        ("history removed", &|| {
            for name in ["history.db", "history.db-wal", "history.db-shm"] {
                fs::remove_file(tuilio.data_dir().join(name)).unwrap();
            }
        }),
        ("history damaged", &|| {
            let path = tuilio.data_dir().join("history.db");
            let mut bytes = kept[&path].clone();
            bytes[100..].fill(0xa5);
            fs::write(&path, bytes).unwrap();
            fs::remove_file(&wal).unwrap();
        }),
    ];
    for (deed, damage) in deeds {
        put_back(&tuilio, &kept);
        damage();
        let wal_is_kept = wal.exists();
        for _ in 0..2 {
            let refused = tuilio.run(&line);
            assert_eq!(refused.code, Some(9), "{deed}: {refused:?}");
            let told = [
                "Nothing was sent",
                "Twilio's console",
                "tuilio audit accept",
            ];
            assert!(
                told.iter().all(|words| refused.stderr.contains(words)),
                "{deed}: {refused:?}"
            );
            let object = refused.object();
            assert_eq!(keys(&object), all_keys(SEND_KEYS));
            assert_eq!(object["error"]["may_have_taken_effect"], json!(true));
            let code = tuilio.run(&["verify", "start", "--to", ADA]);
            assert_eq!(code.code, Some(9), "{deed}: {code:?}");
        }
        // Where only the head is gone, what was under way is still there, and is not known.
        let kept_rows = usize::from(deed.starts_with("head") && wal_is_kept);
        assert_eq!(tuilio.history().len(), kept_rows, "{deed}");
        assert_eq!(simulator.phone(ADA).len(), 1, "{deed}");
        assert_eq!(tuilio.run(&["audit", "accept"]).code, Some(0), "{deed}");
    }
    assert_eq!(tuilio.run(&line).code, Some(0), "a person has said so");
}

#[test]
fn a_bit_that_makes_of_a_text_what_none_can_be_is_kept_aside_and_the_rest_goes_on() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let line = send(ADA, "Hello");
    let kept = killed_on_its_way(&tuilio, &simulator, &line);
    for (table, column) in [
        ("operations", "body"),
        ("operations", "recipient"),
        ("operations", "account"),
        ("operations", "state"),
        ("audit", "hash"),
    ] {
        put_back(&tuilio, &kept);
        let file = rusqlite::Connection::open(tuilio.data_dir().join("history.db")).unwrap();
        file.execute_batch("PRAGMA ignore_check_constraints = 1")
            .unwrap();
        let read = format!("SELECT rowid, CAST({column} AS BLOB) FROM {table} ORDER BY rowid DESC");
        let (row, mut bytes): (i64, Vec<u8>) = file
            .query_row(&read, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        let before = bytes.clone();
        bytes[3] |= 0x80;
        if table == "operations" {
            let flip = format!("UPDATE {table} SET {column} = CAST(?1 AS TEXT) WHERE rowid = ?2");
            file.execute(&flip, (&bytes, row)).unwrap();
        }
        drop(file);
        if table == "audit" {
            // No program changes a line, but a disk does.
            let path = tuilio.data_dir().join("history.db");
            let mut file = fs::read(&path).unwrap();
            let place = file.windows(before.len()).position(|part| part == before);
            file[place.unwrap() + 3] |= 0x80;
            fs::write(&path, file).unwrap();
        }

        let examined = tuilio.run(&["doctor"]);
        assert!(
            examined.stdout.contains("damaged"),
            "{column}: {examined:?}"
        );
        let refused = tuilio.run(&line);
        assert_eq!(refused.code, Some(9), "{column}: {refused:?}");
        assert!(
            refused.stderr.contains("is kept as"),
            "{column}: {refused:?}"
        );
        assert_eq!(tuilio.history().len(), 1, "{column}");
        assert_eq!(tuilio.run(&["audit", "accept"]).code, Some(0), "{column}");
        // It is known again that it is not known, and under which account it can be looked up.
        let twin = tuilio.run(&line);
        assert_eq!(twin.code, Some(9), "{column}: {twin:?}");
        assert!(
            twin.stderr.contains("not settled yet"),
            "{column}: {twin:?}"
        );
        let looked = tuilio.run(&["history", "--refresh"]);
        assert_eq!(looked.code, Some(0), "{column}: {looked:?}");
        let state = tuilio.history()[0]["state"].clone();
        assert_eq!(state, json!("settled"), "{column}");
        assert_eq!(simulator.phone(ADA).len(), 1, "{column}");
    }
}

#[test]
fn what_is_not_known_is_not_thrown_away_without_a_word() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    simulator.plant_on_texts("cut_after_store");
    assert_eq!(tuilio.run(&send(ADA, "Hello")).code, Some(9));
    let everything = ["logout", "--everything", "--json"];
    let refused = tuilio.run(&everything);
    assert_eq!(refused.code, Some(9), "{refused:?}");
    assert!(
        refused.stderr.contains("1 operation")
            && refused.stderr.contains("tuilio history --refresh")
            && refused.stderr.contains("--even-unsettled"),
        "{refused:?}"
    );
    assert_eq!(tuilio.history().len(), 1);
    assert_eq!(tuilio.run(&["history", "--refresh"]).code, Some(0));
    let gone = tuilio.run(&everything);
    assert_eq!(gone.code, Some(0), "{gone:?}");

    simulator.plant_on_texts("cut_after_store");
    assert_eq!(tuilio.run(&send(ADA, "Hello")).code, Some(9));
    let gone = tuilio.run(&["logout", "--everything", "--even-unsettled", "--json"]);
    assert_eq!(gone.code, Some(0), "{gone:?}");
    assert_eq!(gone.object()["history_removed"], json!(true));
}

#[test]
fn a_history_that_cannot_be_read_is_not_thrown_away_without_a_word() {
    let tuilio = Tuilio::new();
    assert_eq!(tuilio.run(&["history"]).code, Some(0));
    fs::write(tuilio.data_dir().join("history.db"), "").unwrap();
    let refused = tuilio.run(&["logout", "--everything"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("--even-unsettled"), "{refused:?}");
    assert!(tuilio.data_dir().join("history.db").exists());
    let gone = tuilio.run(&["logout", "--everything", "--even-unsettled"]);
    assert_eq!(gone.code, Some(0), "{gone:?}");
}

#[test]
fn a_keyring_that_cannot_be_asked_keeps_everything_where_it_is() {
    let tuilio = Tuilio::new().with("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    assert_eq!(tuilio.run(&["history"]).code, Some(0));
    fs::create_dir_all(tuilio.config_dir()).unwrap();
    let settings = tuilio.config_dir().join("config.toml");
    let profile = format!(
        "active = \"work\"\n[profiles.work]\naccount_sid = \"AC{}\"\norigin = \"twilio\"\n",
        "1".repeat(32)
    );
    fs::write(&settings, profile).unwrap();
    let kept = || {
        ["history.db", "audit-head.json"]
            .map(|name| fs::read(tuilio.data_dir().join(name)).unwrap())
    };
    let before = kept();
    let refused: Ended = tuilio.run(&["logout", "--everything", "--json"]);
    assert_eq!(refused.code, Some(8), "{refused:?}");
    assert!(kept() == before);
    assert!(
        fs::read_to_string(settings)
            .unwrap()
            .contains("profiles.work")
    );
}

#[test]
fn whoever_stops_a_command_is_told_what_became_of_it() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let text = [TEXTS, SEND_KEYS];
    let code = ["/v2/Services/*/Verifications", VERIFY_KEYS];
    let tried = ["/v2/Services/*/VerificationCheck", VERIFY_KEYS];
    let verb = |verb, to| vec!["verify", verb, "--json", "--to", to];
    let start = verb("start", "+14155550100");
    assert_eq!(tuilio.run(&start).code, Some(0));
    for (line, [path, own], typed) in [
        (send(ADA, "Hello"), text, &b""[..]),
        (verb("start", ADA), code, b""),
        (verb("check", "+14155550100"), tried, b"123456"),
    ] {
        simulator.plant(&json!({"method": "POST", "path": path, "fault": "delay", "ms": 60_000}));
        let mut child = tuilio.start(&line);
        child.stdin.take().unwrap().write_all(typed).unwrap();
        // The fault is used up when the request has arrived.
        while simulator.get("/simulator/faults") != json!([]) {
            std::thread::yield_now();
        }
        let kill = std::process::Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        let ended: Ended = child.wait_with_output().unwrap().into();
        assert_eq!(ended.code, Some(130), "{ended:?}");
        assert!(
            ended.stderr.contains("may have taken effect")
                && ended.stderr.contains("tuilio history --refresh"),
            "{ended:?}"
        );
        let object = ended.object();
        assert_eq!(keys(&object), all_keys(own));
        assert_eq!(object["exit"], json!(130));
        assert_eq!(object["error"]["may_have_taken_effect"], json!(true));
        // By that name it is in the history.
        assert_eq!(object["operation_id"], tuilio.history()[0]["operation_id"]);
    }
}

#[test]
fn whoever_stops_a_command_that_only_asks_is_told_that_nothing_came_of_it() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let start = ["verify", "start", "--json", "--to", ADA];
    assert_eq!(tuilio.run(&start).code, Some(0));
    let path = "/v2/Services/*/Verifications/*";
    simulator.plant(&json!({"method": "GET", "path": path, "fault": "delay", "ms": 60_000}));
    let child = tuilio.start(&["verify", "status", "--json", "--to", ADA]);
    while simulator.get("/simulator/faults") != json!([]) {
        std::thread::yield_now();
    }
    let kill = std::process::Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    let ended: Ended = child.wait_with_output().unwrap().into();
    assert_eq!(ended.code, Some(143), "{ended:?}");
    let object = ended.object();
    assert_eq!(keys(&object), all_keys(VERIFY_KEYS));
    assert_eq!(
        (&object["ok"], &object["exit"]),
        (&json!(false), &json!(143))
    );
    let error = &object["error"];
    assert_eq!(error["may_have_taken_effect"], json!(false), "{object}");
    let said = error["message"].as_str().unwrap_or_default();
    assert!(said.starts_with("Stopped by a signal"), "{object}");
}

/// Of what was sent, nobody can read any more to whom; `deed` is done besides.
fn unreadable(simulator: &Simulator, deed: &str) -> Tuilio {
    let tuilio = Tuilio::at(simulator);
    tuilio.run(&send(ADA, "Hello"));
    let file = rusqlite::Connection::open(tuilio.data_dir().join("history.db")).unwrap();
    let damage = format!("UPDATE operations SET recipient = 'x', intent = '{{}}'; {deed}");
    file.execute_batch(&damage).unwrap();
    tuilio
}

#[test]
fn what_cannot_be_read_is_an_entry_that_says_so_in_every_form() {
    let simulator = Simulator::start(&[]);
    let tuilio = unreadable(&simulator, "");
    let row = tuilio.history().remove(0);
    for (key, value) in [
        ("operation_id", json!("1-1")),
        ("kind", json!("text")),
        ("state", json!("settled")),
        ("status", json!("queued")),
        ("to", json!(null)),
        ("body", json!("Hello")),
        ("outcome", json!("not readable")),
    ] {
        assert_eq!(row[key], value, "{key} of {row}");
    }
    assert!(row["sid"].as_str().unwrap().starts_with("SM"));
    let listed = tuilio.run(&["history"]);
    assert!(
        listed
            .stdout
            .contains("(not readable)  not readable  Hello"),
        "{listed:?}"
    );
    let csv = tuilio.run(&["history", "export", "--format", "csv"]);
    assert!(csv.stdout.contains(",not readable"), "{csv:?}");
    assert!(
        !format!("{listed:?}{csv:?}").contains("415"),
        "no number is made up"
    );
}

#[test]
fn what_cannot_be_read_is_looked_up_by_the_name_that_twilio_has_for_it_or_not_at_all() {
    let simulator = Simulator::start(&[]);
    let tuilio = unreadable(
        &simulator,
        "DROP TABLE audit; UPDATE operations SET outcome = '[]'",
    );
    assert_eq!(
        tuilio.history()[0]["outcome"],
        json!("not readable, not known")
    );
    let looked = tuilio.run(&["history", "--refresh"]);
    assert_eq!(looked.code, Some(0), "{looked:?}");
    assert_eq!(tuilio.history()[0]["state"], json!("settled"));

    simulator.plant_on_texts("cut_after_store");
    let tuilio = unreadable(&simulator, "");
    let looked = tuilio.run(&["history", "--refresh"]);
    assert_eq!(looked.code, Some(9), "{looked:?}");
    assert!(looked.stderr.contains("cannot be looked up"), "{looked:?}");
    assert_eq!(tuilio.history()[0]["state"], json!("unknown"));
}
