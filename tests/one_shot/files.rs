//! The files of a machine: an export, settings with a mistake, and a history that cannot be had.

use std::fs;

use serde_json::{Value, json};

use crate::program::Tuilio;
use crate::simulator::Simulator;
use crate::{ADA, send};

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
    let heading = csv.stdout.lines().next().unwrap();
    assert!(
        heading.ends_with(",agent,channel,outcome,on_file,account"),
        "{heading}"
    );
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
