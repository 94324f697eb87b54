//! The one-shot commands of the real program, given hostile text: in the history, on standard input, in
//! arguments and in the environment. Whatever they print, for people or for programs, cannot act.

use std::process::Command;

use serde_json::Value;
use tuilio::domain::{
    Failure, FailureKind, Intent, NewMessage, OpId, OpState, Operation, PhoneNumber, Sender,
    Timestamp,
};
use tuilio::store::{Journal, Store, Twin};

use crate::laws::chars::{HOSTILE, assert_harmless, assert_harmless_lines, joins};

use crate::program::{Ended, Tuilio};

/// A history in which everything that others can have written is hostile.
fn full(tuilio: &Tuilio) {
    let mut store = Store::open(&tuilio.data_dir()).unwrap();
    let now = Timestamp::now();
    for (number, family) in HOSTILE.iter().enumerate() {
        let id = OpId {
            session: store.session(),
            seq: number as u32,
        };
        let operation = Operation {
            id,
            intent: Intent::Text(NewMessage::new(
                PhoneNumber::from_e164("+14155550123").unwrap(),
                Sender::Name((*family).to_owned()),
                *family,
            )),
            at: now,
            account: None,
            home: None,
            ticket: None,
            agent: Some((*family).to_owned()),
            skew_seconds: None,
        };
        store.intend(&operation, Twin::Again(operation.id)).unwrap();
        let failure = Failure {
            message: (*family).to_owned(),
            ..Failure::new(FailureKind::Refused, "")
        };
        store.settle(id, &OpState::Refused(failure), now).unwrap();
    }
}

#[track_caller]
fn assert_talk_is_harmless(ended: &Ended) {
    assert_harmless_lines(&ended.stdout, "standard output");
    assert_harmless_lines(&ended.stderr, "standard error");
}

/// In JSON nothing hides either, and everything is there.
#[track_caller]
fn assert_data_is_harmless(ended: &Ended) -> Vec<Value> {
    assert_talk_is_harmless(ended);
    let lines = ended.stdout.lines();
    lines
        .map(|line| {
            assert_eq!(line.chars().find(|&c| joins(c)), None, "{line}");
            serde_json::from_str(line).unwrap()
        })
        .collect()
}

#[test]
fn what_the_history_holds_is_printed_and_exported_harmless_and_whole() {
    let tuilio = Tuilio::new();
    full(&tuilio);
    assert_talk_is_harmless(&tuilio.run(&["history"]));
    let listed = assert_data_is_harmless(&tuilio.run(&["history", "--json"]));
    let rows = listed[0]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), HOSTILE.len());
    let lines = assert_data_is_harmless(&tuilio.run(&["history", "export", "--format", "jsonl"]));
    for family in HOSTILE {
        assert!(rows.iter().any(|row| row["body"] == *family), "{family:?}");
        assert!(lines.iter().any(|row| row["body"] == *family), "{family:?}");
    }
    let file = tuilio.run(&["history", "export", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(file.stdout.as_bytes());
    let mut count = 0;
    for record in reader.records() {
        count += 1;
        for cell in &record.unwrap() {
            assert_harmless_lines(cell, "a cell");
            let first = cell.trim_start().chars().next();
            assert!(
                !first.is_some_and(|c| "=+-@＝＋－＠".contains(c)),
                "{cell:?}"
            );
        }
    }
    assert_eq!(count, HOSTILE.len());
}

#[test]
fn hostile_arguments_and_inputs_are_answered_harmless() {
    let tuilio = Tuilio::new();
    // A few of each kind: every one starts the program.
    for family in HOSTILE.iter().step_by(6) {
        let plain = family.replace('\0', "");
        assert_talk_is_harmless(&tuilio.feed(&["segments"], *family));
        assert_data_is_harmless(&tuilio.feed(&["segments", "--json"], *family));
        assert_talk_is_harmless(&tuilio.run(&["send", "--to", &plain, "--body", &plain]));
        let words = [
            "history",
            "export",
            "--format",
            "csv",
            "--filter",
            &format!("{plain}:x"),
        ];
        assert_talk_is_harmless(&tuilio.run(&words));
        let ended = tuilio.run(&["--profile", &plain, "lookup", "--json", "--to", &plain]);
        assert_data_is_harmless(&ended);
        assert_harmless(&ended.stderr.replace('\n', " "), "talk");
    }
}

#[test]
fn a_folder_of_a_hostile_name_is_named_harmless() {
    let tuilio = Tuilio::new();
    let name = tuilio.folder().join("\u{1b}[2J\u{202e}\u{7}");
    for words in [
        &["paths"][..],
        &["paths", "--json"],
        &["history"],
        &["profiles"],
    ] {
        let mut command: Command = tuilio.command(words);
        command
            .env("TUILIO_DATA_DIR", &name)
            .env("TUILIO_CONFIG_DIR", &name);
        assert_talk_is_harmless(&command.output().unwrap().into());
    }
}
