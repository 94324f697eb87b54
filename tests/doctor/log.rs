//! The log, after whole sessions: what it says, and what it must never say.

use std::fs;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::place::{self, ADA, BOB, Place};
use crate::program::Tuilio;
use crate::pty::{CTRL_Q, ENTER, F6, Terminal};
use crate::simulator::Simulator;
use crate::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial(
            "one_shot_commands_log_what_they_did_and_nothing_of_whom",
            one_shot,
        ),
        trial("a_desk_logs_its_whole_session_and_no_word_of_it", desk),
        trial("an_idle_desk_logs_nothing", idle),
        trial("the_demo_writes_no_log", demo),
        trial("what_others_say_does_not_get_into_the_log", hostile),
        trial("a_disk_that_takes_no_log_stops_nothing", no_room),
    ]
}

/// Whole lines, and what they say happened.
fn lines(tuilio: &Tuilio) -> Vec<Value> {
    read(&tuilio.data_dir())
}

fn read(data: &std::path::Path) -> Vec<Value> {
    let text = fs::read_to_string(data.join("log/tuilio.log")).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn what(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .map(|line| line["what"].as_str().unwrap())
        .collect()
}

/// Nothing private is in the files of the log, in any of the forms in which it may get there.
fn assert_clean(data: &std::path::Path, private: &[&str]) {
    let mut read = 0;
    for entry in fs::read_dir(data.join("log")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        read += text.len();
        for word in private {
            assert!(!text.contains(word), "{word} is in the log:\n{text}");
            let digits: String = word.chars().filter(char::is_ascii_digit).collect();
            if digits.len() >= 6 {
                assert!(!text.contains(&digits), "{digits} is in the log:\n{text}");
            }
        }
    }
    assert!(read > 0, "there is a log");
}

fn one_shot() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let body = "MARKED-BODY for Ada";
    assert_eq!(tuilio.feed(&["send", "--to", ADA], body).code, Some(0));
    assert_eq!(tuilio.run(&["verify", "start", "--to", BOB]).code, Some(0));
    let code = simulator.code(BOB);
    assert_eq!(
        tuilio
            .feed(&["verify", "check", "--to", BOB], "000001")
            .code,
        Some(3)
    );
    assert_eq!(
        tuilio.feed(&["verify", "check", "--to", BOB], &code).code,
        Some(0)
    );
    assert_eq!(tuilio.run(&["lookup", "--to", ADA]).code, Some(0));
    let lines = lines(&tuilio);
    let sent: Vec<_> = what(&lines).into_iter().take(6).collect();
    assert_eq!(
        sent,
        [
            "started",
            "connected",
            "intended",
            "called",
            "settled",
            "ended"
        ]
    );
    let call = &lines[3];
    assert_eq!(call["call"], "send_message");
    assert_eq!(call["op"], lines[2]["op"]);
    assert!(
        call["ms"].is_u64() && call["request"].as_str().unwrap().starts_with("RQ"),
        "{call}"
    );
    let calls: Vec<_> = lines
        .iter()
        .filter(|line| line["what"] == "called")
        .map(|line| line["call"].as_str().unwrap())
        .collect();
    assert_eq!(
        calls,
        [
            "send_message",
            "start_verification",
            "check_verification",
            "check_verification",
            "look_up"
        ]
    );
    let exits: Vec<_> = lines
        .iter()
        .filter(|line| line["what"] == "ended")
        .map(|line| line["exit"].as_u64().unwrap())
        .collect();
    assert_eq!(exits, [0, 0, 3, 0, 0]);
    // Keys that are refused, and a policy-free refusal of Twilio's.
    let refused = tuilio.with("TWILIO_API_SECRET", "marked-old-secret");
    assert_eq!(refused.feed(&["send", "--to", ADA], body).code, Some(8));
    let all = self::lines(&refused);
    let last = all
        .iter()
        .rev()
        .find(|line| line["what"] == "called")
        .unwrap();
    assert_eq!(
        (&last["level"], &last["why"]["kind"], &last["why"]["code"]),
        (&"warn".into(), &"credentials".into(), &20003.into())
    );
    assert_clean(
        &refused.data_dir(),
        &[
            ADA,
            BOB,
            body,
            "MARKED",
            &code,
            "000001",
            "marked-old-secret",
            simulator.word("api_secret"),
            simulator.word("auth_token"),
            simulator.word("account_sid"),
            simulator.word("api_key"),
            simulator.word("from_number"),
            "http",
        ],
    );
}

fn desk() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = place::connected(&place, &simulator);
    terminal.press(ADA, "415 555 0123");
    terminal.press(ENTER, "Waiting for the code");
    let code = simulator.code(ADA);
    terminal.type_keys(&code);
    terminal.wait_for("Approved");
    terminal.press(F6, "[Message]");
    terminal.press("415 555 0125", "+1 415 555 0125");
    terminal.press(ENTER, "Enter review");
    terminal.press("MARKED text", "11 of 160 characters");
    let send = terminal.review();
    terminal.press(send, "Delivered");
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    let lines = read(&place.data());
    let happened = what(&lines);
    assert_eq!(
        (happened[0], *happened.last().unwrap()),
        ("started", "ended")
    );
    assert_eq!(lines[0]["command"], "desk");
    let settled = lines.iter().filter(|line| line["what"] == "settled");
    assert!(settled.count() >= 2, "{happened:?}");
    assert_clean(
        &place.data(),
        &[
            ADA,
            BOB,
            "MARKED",
            &code,
            simulator.word("api_secret"),
            "Acme",
        ],
    );
}

/// Nothing happens, and so nothing is written: not even that nothing happens.
fn idle() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = place::connected(&place, &simulator);
    // Both names are there.
    terminal.wait_for("Acme Support");
    terminal.press(F6, "[Message]");
    terminal.wait_for("Acme Support");
    // A key that changes nothing but the screen is not for the log either.
    for digit in ["4", "1", "5", "5"] {
        terminal.type_keys(digit);
    }
    terminal.wait_for("4155");
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    // Both services were asked for their names, and that was all. Lines get onto the disk in their own time,
    // so they are read when the last one is there.
    let lines = read(&place.data());
    assert_eq!(
        what(&lines),
        ["started", "connected", "called", "called", "ended"]
    );
}

fn demo() {
    let place = Place::new();
    let mut terminal: Terminal = place::demo(&place);
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(place::files(place.home()), Vec::<std::path::PathBuf>::new());
}

/// A refusal in words that act on a terminal, about a number.
fn hostile() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    simulator.plant(&serde_json::json!({
        "method": "POST", "path": "/2010-04-01/Accounts/*/Messages.json", "fault": "malformed",
    }));
    assert_eq!(
        tuilio
            .feed(&["send", "--to", ADA], "a\u{1b}[2J\u{9b}b")
            .code,
        Some(9)
    );
    assert_eq!(
        tuilio
            .run(&["send", "--to", "+14155550110", "--body", "x"])
            .code,
        Some(6)
    );
    let text = fs::read_to_string(tuilio.data_dir().join("log/tuilio.log")).unwrap();
    assert!(
        text.chars().all(|c| c == '\n' || (' '..='~').contains(&c)),
        "{text:?}"
    );
    let unknown = lines(&tuilio)
        .into_iter()
        .find(|line| line["why"]["kind"] == "outcome_unknown");
    assert!(unknown.is_some(), "{text}");
}

fn no_room() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    fs::create_dir_all(tuilio.data_dir()).unwrap();
    // Whoever looks for the folder of the log finds a file.
    fs::write(tuilio.data_dir().join("log"), "mine").unwrap();
    let ended = tuilio.feed(&["send", "--to", ADA], "Hello");
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended:?}"
    );
    assert_eq!(fs::read(tuilio.data_dir().join("log")).unwrap(), b"mine");
}
