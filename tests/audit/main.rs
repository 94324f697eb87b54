//! The record from outside: the real program writes it, several at a time, and somebody tampers with it.
//!
//! Where the record lies in folders of its own, there is no keyring: these chains are unkeyed. What a key
//! adds is tested where the chain is made.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod altered;
#[expect(dead_code, reason = "these stories need a part of it")]
#[path = "../support/program.rs"]
mod program;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/simulator.rs"]
mod simulator;

use std::fs;
use std::path::Path;
use std::process::Child;

use program::{Ended, Tuilio};
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use simulator::Simulator;

const ADA: &str = "+14155550123";

fn send(tuilio: &Tuilio, body: &str) -> Ended {
    tuilio.run(&["send", "--to", ADA, "--body", body, "--json"])
}

fn verified(tuilio: &Tuilio) -> Value {
    tuilio.run(&["audit", "verify", "--json"]).object()
}

fn exported(tuilio: &Tuilio) -> Vec<Value> {
    let ended = tuilio.run(&["audit", "export"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let lines = ended.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn history(folder: &Path) -> Connection {
    Connection::open(folder.join("history.db")).unwrap()
}

/// As whoever owns the file can, who leaves no other trace.
fn tamper(tuilio: &Tuilio, deed: &str) {
    let connection = history(&tuilio.data_dir());
    let triggers: String = connection
        .query_row(
            "SELECT group_concat(sql, ';') FROM sqlite_schema WHERE type = 'trigger'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    connection
        .execute_batch("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed")
        .unwrap();
    connection.execute_batch(deed).unwrap();
    connection.execute_batch(&triggers).unwrap();
}

/// The hash of an exported line, taken again by the rule of the documents.
fn hash(line: &Value) -> String {
    let keys = [
        "number",
        "at",
        "event",
        "operation_id",
        "kind",
        "state",
        "outcome",
        "sid",
        "error_code",
        "key",
        "previous",
    ];
    let text = Value::from(keys.map(|key| line[key].clone()).to_vec()).to_string();
    let digest = Sha256::digest(text.as_bytes());
    digest
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[test]
fn a_day_of_scripts_leaves_a_whole_audit_that_anyone_can_check() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let nothing = verified(&tuilio);
    assert_eq!(
        (&nothing["whole"], &nothing["lines"]),
        (&json!(true), &json!(0))
    );
    assert_eq!(send(&tuilio, "one").code, Some(0));
    simulator.plant_on_texts("cut_after_store");
    assert_eq!(send(&tuilio, "lost").code, Some(9));
    assert_eq!(
        tuilio.run(&["history", "--refresh", "--json"]).code,
        Some(0)
    );
    let start = ["verify", "start", "--to", ADA, "--json"];
    assert_eq!(tuilio.run(&start).code, Some(0));
    let code = simulator.code(ADA);
    let check = ["verify", "check", "--to", ADA, "--json"];
    assert_eq!(tuilio.feed(&check, &code).object()["status"], "approved");

    let lines = exported(&tuilio);
    let told: Vec<String> = lines
        .iter()
        .map(|line| {
            let word = |key: &str| line[key].as_str().unwrap_or("-").to_owned();
            if line["event"] == "adopted" {
                return [word("event"), word("kind"), word("state")].join(" ");
            }
            [word("event"), word("kind"), word("state"), word("outcome")].join(" ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "intended text intended -",
            "settled text settled queued",
            "intended text intended -",
            "settled text unknown outcome_unknown",
            // It may have come further meanwhile.
            "adopted text settled",
            "intended verify_start intended -",
            "settled verify_start settled pending",
            "intended verify_check intended -",
            "settled verify_check settled approved",
        ]
    );
    let mut previous = "0".repeat(64);
    for line in &lines {
        assert_eq!(line["previous"], previous);
        assert_eq!(line["hash"], hash(line));
        previous = hash(line);
    }
    let whole = verified(&tuilio);
    let last = format!("9/{}", &previous[..4]);
    assert_eq!(
        whole,
        json!({
            "schema": 1, "ok": true, "exit": 0, "error": null, "whole": true, "lines": 9, "last": last,
            "sealed_to": null, "unkeyed": 9, "past_head": 0, "operations": 4, "findings": [], "accepted": [],
            "output": null,
        })
    );
    let said = tuilio.run(&["audit", "verify", "--line", &last]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(
        said.stdout.lines().collect::<Vec<_>>(),
        [
            format!("The audit is whole: 9 lines, the last is {last}."),
            "All 4 operations in the history stand as the audit tells.".to_owned(),
            "It is unkeyed: whoever may write the files could make all of it anew.".to_owned(),
        ]
    );
    let other = tuilio.run(&["audit", "verify", "--line", "9/0000"]);
    assert_eq!(other.code, Some(1), "{other:?}");
    assert!(
        other.stderr.contains("The audit has no line 9/0000."),
        "{other:?}"
    );
    let all = format!("{lines:?}");
    for personal in ["4155550123", "lost", &code] {
        assert!(!all.contains(personal), "{personal}");
    }
}

#[test]
fn what_was_tampered_with_is_said_in_a_sentence_with_its_number_and_what_to_do() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    for body in ["one", "two", "three"] {
        assert_eq!(send(&tuilio, body).code, Some(0));
    }
    let head = tuilio.data_dir().join("audit-head.json");
    let (kept, kept_head) = (
        fs::read(tuilio.data_dir().join("history.db")).unwrap(),
        fs::read(&head).unwrap(),
    );
    for (deed, sentence) in [
        (
            "UPDATE audit SET at = '2026-01-02T03:04:05Z' WHERE number = 3",
            "Line 3 of the audit was changed.",
        ),
        (
            "DELETE FROM audit WHERE number = 2",
            "Line 2 of the audit is missing.",
        ),
        (
            "DELETE FROM audit WHERE number BETWEEN 2 AND 4",
            "Lines 2 to 4 of the audit are missing.",
        ),
        (
            "DELETE FROM audit WHERE number > 4; DELETE FROM operations WHERE row = 3",
            "The audit ends at line 4, but had come to line 6: its end was cut off, or an older copy was put in its place.",
        ),
        (
            "DELETE FROM operations WHERE row = 2",
            "Operation 2-1 of line 4 is missing in the history",
        ),
        (
            "UPDATE operations SET status = 'failed' WHERE row = 1",
            "Operation 1-1 stands in the history otherwise than line 2 of the audit tells.",
        ),
    ] {
        fs::write(tuilio.data_dir().join("history.db"), &kept).unwrap();
        tamper(&tuilio, deed);
        let ended = tuilio.run(&["audit", "verify"]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stderr.contains(sentence), "{deed}: {ended:?}");
        assert!(ended.stderr.contains("docs/record.md"), "{ended:?}");
        let object = verified(&tuilio);
        assert_eq!(object["whole"], false);
        assert!(object["findings"][0].as_str().unwrap().contains(sentence));
    }
    // The whole history is gone, and only the file beside it knows of it.
    for file in ["history.db", "history.db-wal", "history.db-shm"] {
        let _ = fs::remove_file(tuilio.data_dir().join(file));
    }
    let ended = tuilio.run(&["audit", "verify"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("had come to line 6"), "{ended:?}");
    fs::remove_file(&head).unwrap();
    let ended = tuilio.run(&["audit", "verify", "--line", "6/b471"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    fs::write(&head, &kept_head).unwrap();
    fs::write(tuilio.data_dir().join("history.db"), &kept).unwrap();
    tamper(
        &tuilio,
        "UPDATE operations SET status = 'failed' WHERE row = 1",
    );
    // What is not about the end cannot be accepted.
    let refused = tuilio.run(&["audit", "accept"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");

    fs::write(tuilio.data_dir().join("history.db"), &kept).unwrap();
    assert_eq!(
        tuilio.run(&["audit", "accept"]).code,
        Some(0),
        "nothing to accept"
    );
    assert_eq!(exported(&tuilio).len(), 6);
    assert_eq!(send(&tuilio, "four").code, Some(0));
    fs::write(tuilio.data_dir().join("history.db"), &kept).unwrap();
    let ended = tuilio.run(&["audit", "verify"]);
    assert!(
        ended
            .stderr
            .contains("ends at line 6, but had come to line 8"),
        "{ended:?}"
    );
    let accepted = tuilio.run(&["audit", "accept", "--json"]).object();
    assert_eq!(accepted["lines"], 7, "{accepted}");
    assert_eq!(verified(&tuilio)["whole"], true);
    assert_eq!(exported(&tuilio)[6]["event"], "accepted");
    fs::write(&head, kept_head).unwrap();
    assert_eq!(verified(&tuilio)["past_head"], 1);
}

#[test]
fn an_export_goes_into_a_new_private_file() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    assert_eq!(send(&tuilio, "one").code, Some(0));
    let file = tuilio.folder().join("audit.jsonl");
    let name = file.to_str().unwrap();
    let ended = tuilio
        .run(&["audit", "export", "--output", name, "--json"])
        .object();
    assert_eq!(
        (&ended["lines"], &ended["output"]),
        (&json!(2), &json!(name))
    );
    let written = fs::read_to_string(&file).unwrap();
    assert_eq!(written, tuilio.run(&["audit", "export"]).stdout);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = tuilio.run(&["audit", "export", "--output", name]);
    assert_eq!(again.code, Some(2), "{again:?}");
}

#[test]
fn several_processes_at_once_write_one_whole_chain() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let processes: Vec<Child> = (0..8)
        .map(|number| {
            let body = format!("text {number}");
            tuilio.start(&["send", "--to", ADA, "--body", &body, "--json"])
        })
        .collect();
    for process in processes {
        let ended: Ended = process.wait_with_output().unwrap().into();
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
    let whole = verified(&tuilio);
    assert_eq!(whole["findings"], json!([]));
    assert_eq!(
        (&whole["lines"], &whole["operations"]),
        (&json!(16), &json!(8))
    );
    assert_eq!(whole["past_head"], 0, "{whole}");
}

#[test]
fn of_several_processes_that_want_the_same_text_sent_one_sends_it() {
    let simulator = Simulator::start(&[]);
    // Nobody hears what became of the first; a second one would be answered.
    simulator.plant_on_texts("cut_after_store");
    let tuilio = Tuilio::at(&simulator);
    let line = ["send", "--to", ADA, "--body", "the same", "--json"];
    let processes: Vec<Child> = (0..6).map(|_| tuilio.start(&line)).collect();
    for process in processes {
        let ended: Ended = process.wait_with_output().unwrap().into();
        assert_eq!(ended.code, Some(9), "{ended:?}");
    }
    assert_eq!(tuilio.history().len(), 1);
    assert_eq!(
        tuilio.run(&["history", "--refresh", "--json"]).code,
        Some(0)
    );
    assert_eq!(tuilio.history()[0]["state"], "settled");
    assert_eq!(
        simulator.get("/simulator/faults"),
        json!([]),
        "one was sent"
    );
    assert_eq!(verified(&tuilio)["whole"], true);
}

#[test]
fn a_backup_of_a_history_in_use_is_the_same_history_on_another_machine() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    for body in ["one", "two"] {
        assert_eq!(send(&tuilio, body).code, Some(0));
    }
    // Somebody has it open and goes on writing.
    let here = tuilio.data_dir();
    let open = history(&here);
    open.query_row("SELECT count(*) FROM operations", [], |row| {
        row.get::<_, i64>(0)
    })
    .unwrap();
    let backup = tuilio.folder().join("backup");
    fs::create_dir(&backup).unwrap();
    // First the file that may lag behind.
    fs::copy(here.join("audit-head.json"), backup.join("audit-head.json")).unwrap();
    assert_eq!(send(&tuilio, "three").code, Some(0));
    let into = backup.join("history.db").display().to_string();
    open.execute("VACUUM INTO ?1", [into]).unwrap();
    let before = (tuilio.history(), exported(&tuilio));

    let other = Tuilio::at(&simulator).with("TUILIO_DATA_DIR", &backup.display().to_string());
    let whole = verified(&other);
    assert_eq!(
        (&whole["whole"], &whole["past_head"]),
        (&json!(true), &json!(2))
    );
    assert_eq!((other.history(), exported(&other)), before);
    assert_eq!(send(&other, "four").code, Some(0));
    let whole = verified(&other);
    assert_eq!(
        (&whole["whole"], &whole["lines"]),
        (&json!(true), &json!(8))
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(backup.join("history.db"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "the program sees to it");
    }
}

#[test]
fn a_damaged_history_is_kept_aside_and_the_rest_goes_on_with_one_notice() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    for body in ["one", "two"] {
        assert_eq!(send(&tuilio, body).code, Some(0));
    }
    let connection = history(&tuilio.data_dir());
    connection
        .execute("UPDATE operations SET intent = '{}' WHERE row = 1", [])
        .unwrap();
    drop(connection);
    let ended = tuilio.run(&["history", "--json"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("The history file was damaged and is kept as ")
    );
    assert!(ended.stderr.contains("1 operation"), "{ended:?}");
    let rows = ended.object()["rows"].as_array().cloned().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["body"], "two");
    // Of the other one nobody can read by whom it was sent.
    assert_eq!(
        (&rows[1]["body"], &rows[1]["outcome"]),
        (&json!("one"), &json!("not readable"))
    );
    let again = tuilio.run(&["history", "--json"]);
    assert_eq!(again.stderr, "");
    altered::is_told_until_it_is_accepted(
        &tuilio,
        "No operation of its audit is lacking here. Of 1 it cannot be read any more",
    );
    let kept = fs::read_dir(tuilio.data_dir()).unwrap().flatten();
    let kept: Vec<_> = kept
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name.starts_with("history-damaged-"))
        .collect();
    for end in [".db", ".db.audit-head.json"] {
        assert!(kept.iter().any(|name| name.ends_with(end)), "{kept:?}");
    }
}

#[test]
fn a_history_of_a_newer_program_is_refused_and_left_as_it_is() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    assert_eq!(send(&tuilio, "one").code, Some(0));
    let file = tuilio.data_dir().join("history.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&file, &bytes).unwrap();
    simulator.plant_on_texts("cut_after_store");
    let names = || {
        let entries = fs::read_dir(tuilio.data_dir()).unwrap().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    for line in [
        vec!["history"],
        vec!["send", "--to", ADA, "--body", "two"],
        vec!["audit", "verify"],
        vec!["audit", "export"],
        vec!["audit", "accept"],
    ] {
        let ended = tuilio.run(&line);
        assert_eq!(ended.code, Some(1), "{line:?} {ended:?}");
        assert!(
            ended.stderr.contains("a newer tuilio is needed"),
            "{ended:?}"
        );
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        assert_eq!(fs::read(&file).unwrap(), bytes);
        assert_eq!(names(), before);
    }
    let left = simulator.get("/simulator/faults");
    assert_eq!(left.as_array().unwrap().len(), 1, "nothing was sent");
}
