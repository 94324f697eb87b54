//! What somebody has done to the file, and what the next command says of it and goes on with.

use std::fs;

use serde_json::json;

use crate::program::{Ended, Tuilio};
use crate::simulator::Simulator;
use crate::{ADA, exported, history, send, tamper, verified};

/// What `deed` of SQL does to a history of two texts.
fn after(deed: &str) -> (Simulator, Tuilio) {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    for body in ["one", "two"] {
        assert_eq!(send(&tuilio, body).code, Some(0));
    }
    let connection = history(&tuilio.data_dir());
    connection.execute_batch(deed).unwrap();
    (simulator, tuilio)
}

fn kept(tuilio: &Tuilio) -> usize {
    let names = fs::read_dir(tuilio.data_dir()).unwrap().flatten();
    names
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|name| name.strip_prefix("history-damaged-").map(str::to_owned))
        .filter(|name| name.split_once('.').is_some_and(|(_, end)| end == "db"))
        .count()
}

#[test]
fn each_is_called_what_it_is_and_what_can_be_read_goes_on() {
    for (deed, verify, said, rows) in [
        (
            "CREATE TRIGGER evil AFTER INSERT ON operations BEGIN
                 UPDATE operations SET state = 'refused' WHERE row = new.row; END",
            "it has a trigger that is not of tuilio, evil",
            "Another program has put something of its own into the history file",
            2,
        ),
        (
            "ALTER TABLE operations RENAME COLUMN body TO text",
            "its table operations was changed",
            "The history file was damaged",
            2,
        ),
        (
            "DROP TABLE operations",
            "its table operations is missing",
            "The history file was damaged",
            2,
        ),
        (
            "PRAGMA user_version = 1",
            "its table operations was changed",
            "The history file was damaged",
            2,
        ),
    ] {
        let (_simulator, tuilio) = after(deed);
        let before = fs::read(tuilio.data_dir().join("history.db")).unwrap();
        let found = tuilio.run(&["audit", "verify"]);
        assert_eq!(found.code, Some(1), "{deed}: {found:?}");
        assert!(found.stderr.contains(verify), "{deed}: {found:?}");
        let looked = tuilio.run(&["doctor"]);
        assert!(looked.stdout.contains(verify), "{deed}: {looked:?}");
        assert_eq!(
            fs::read(tuilio.data_dir().join("history.db")).unwrap(),
            before,
            "a look changes nothing"
        );

        let listed = tuilio.run(&["history", "--json"]);
        assert!(listed.stderr.starts_with("tuilio: "), "{listed:?}");
        assert!(listed.stderr.contains(said), "{deed}: {listed:?}");
        assert_eq!(listed.stderr.lines().count(), 1, "{deed}: {listed:?}");
        assert_eq!(listed.object()["rows"].as_array().unwrap().len(), rows);
        assert_eq!(kept(&tuilio), 1, "{deed}");
        let three = send(&tuilio, "three");
        assert_eq!(three.code, Some(9), "{deed}: {three:?}");
        assert!(three.stderr.contains("tuilio audit accept"), "{three:?}");
        let lacking = if deed == "DROP TABLE operations" {
            "No operation of its audit is lacking here. Of 2 it cannot be read any more"
        } else {
            "No operation of its audit is lacking here."
        };
        is_told_until_it_is_accepted(&tuilio, lacking);
    }
}

/// After a rescue, the audit does not fit, and a person ends that.
pub fn is_told_until_it_is_accepted(tuilio: &Tuilio, lacking: &str) {
    let told = tuilio.run(&["audit", "verify"]);
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.stderr.contains(lacking), "{told:?}");
    assert_eq!(verified(tuilio)["whole"], json!(false));
    assert_eq!(send(tuilio, "meanwhile").code, Some(9), "what was lost");
    assert_eq!(verified(tuilio)["whole"], json!(false));
    assert_eq!(tuilio.run(&["audit", "accept"]).code, Some(0));
    assert_eq!(verified(tuilio)["whole"], json!(true));
    assert_eq!(send(tuilio, "afterwards").code, Some(0));
}

#[test]
fn a_forged_approval_stays_an_alarm_when_another_row_is_made_unreadable() {
    let (simulator, tuilio) = after("");
    let start = ["verify", "start", "--to", ADA, "--json"];
    assert_eq!(tuilio.run(&start).code, Some(0));
    let check = ["verify", "check", "--to", ADA, "--json"];
    let wrong = if simulator.code(ADA) == "000000" {
        "000001"
    } else {
        "000000"
    };
    assert_eq!(tuilio.feed(&check, wrong).object()["status"], "pending");
    for deed in [
        "UPDATE operations SET status = 'approved' WHERE kind = 'verify_check'",
        "UPDATE operations SET intent = '{}' WHERE row = 1",
    ] {
        history(&tuilio.data_dir()).execute_batch(deed).unwrap();
        assert_eq!(verified(&tuilio)["whole"], json!(false), "{deed}");
    }
    assert_eq!(tuilio.history().len(), 4, "nothing disappears");
    is_told_until_it_is_accepted(
        &tuilio,
        "No operation of its audit is lacking here. Of 1 it cannot be read any more what was asked for. 1 stands here otherwise than it tells.",
    );
}

#[test]
fn an_emptied_history_is_damaged_and_one_that_never_was_is_not() {
    let (_simulator, tuilio) = after("");
    fs::write(tuilio.data_dir().join("history.db"), "").unwrap();
    let sent = tuilio.run(&["send", "--to", ADA, "--body", "three"]);
    assert_eq!(sent.code, Some(9), "{sent:?}");
    let told = "The history file was damaged and is kept as ";
    assert!(sent.stderr.contains(told), "{sent:?}");
    assert!(
        sent.stderr.contains("nothing of it can be read"),
        "{sent:?}"
    );
    assert_eq!((kept(&tuilio), tuilio.history().len()), (1, 0));
    fs::remove_dir_all(tuilio.data_dir()).unwrap();
    let ended: Ended = send(&tuilio, "four");
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

#[test]
fn the_doctor_says_whether_the_record_is_what_was_written() {
    let (_simulator, tuilio) = after("");
    let line = |tuilio: &Tuilio| {
        let looked = tuilio.run(&["doctor"]);
        let mut lines = looked.stdout.lines().map(str::to_owned);
        lines.find(|line| line.contains(" audit ")).unwrap()
    };
    let whole = line(&tuilio);
    assert!(
        whole.starts_with("ok       audit       It is whole up to line 4/"),
        "{whole}"
    );
    tamper(
        &tuilio,
        "UPDATE operations SET status = 'failed' WHERE row = 1",
    );
    let changed = line(&tuilio);
    for part in [
        "failed   audit",
        "peration 1-1 stands in the history otherwise",
        "Next: ",
    ] {
        assert!(changed.contains(part), "{changed}");
    }
    fs::remove_dir_all(tuilio.data_dir()).unwrap();
    let none = line(&tuilio);
    assert!(
        none.starts_with("ok       audit       There is none yet"),
        "{none}"
    );
}

#[test]
fn a_line_that_a_disk_has_damaged_is_told_for_good_and_is_an_alarm_until_it_is_accepted() {
    let (_simulator, tuilio) = after("");
    let verify = || tuilio.run(&["audit", "verify"]);
    tamper(
        &tuilio,
        "UPDATE audit SET event = 'sottled' WHERE number = 2",
    );
    let found = verify();
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(
        found.stderr.contains("Line 2 of the audit was changed."),
        "{found:?}"
    );
    let accepted = tuilio.run(&["audit", "accept"]);
    assert_eq!(accepted.code, Some(0), "{accepted:?}");
    for _ in 0..2 {
        let found = verify();
        assert_eq!(found.code, Some(0), "{found:?}");
        for part in [
            "Nothing new is wrong with the audit",
            "Line 2 of the audit was changed. It was taken as it is on ",
        ] {
            assert!(found.stdout.contains(part), "{found:?}");
        }
        assert_eq!(verified(&tuilio)["accepted"].as_array().unwrap().len(), 1);
        assert_eq!(send(&tuilio, "afterwards").code, Some(0));
    }
    // What comes then is new.
    tamper(
        &tuilio,
        "UPDATE audit SET event = 'sattled' WHERE number = 2",
    );
    let found = verify();
    assert_eq!(found.code, Some(1), "{found:?}");
}

#[test]
fn a_line_that_cannot_be_read_hinders_no_export_of_the_others() {
    let (_simulator, tuilio) = after("");
    let whole = exported(&tuilio);
    tamper(
        &tuilio,
        "UPDATE audit SET at = CAST(x'ff' AS TEXT) WHERE number = 2",
    );
    let ended = tuilio.run(&["audit", "export"]);
    assert!(
        ended.stderr.contains("Lines that cannot be read: 1."),
        "{ended:?}"
    );
    let lines = exported(&tuilio);
    assert_eq!(lines[1], json!({"number": 2}));
    assert_eq!((&lines[0], &lines[2..]), (&whole[0], &whole[2..]));
}
