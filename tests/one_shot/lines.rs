//! Command lines that ask nobody: those that only print, those that are refused, and where output goes.

use std::fs;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::program::{Ended, Tuilio};
use crate::simulator::Simulator;
use crate::{ADA, SEND_KEYS, VERIFY_KEYS, all_keys, keys};

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

#[test]
fn what_a_person_reads_is_in_their_language_and_what_a_program_reads_is_not() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator).with("LC_ALL", "de_DE.UTF-8");
    let started = tuilio.run(&["verify", "start", "--to", ADA]);
    assert_eq!(started.code, Some(0), "{}", started.stderr);
    assert!(
        started.stdout.starts_with("pending VE"),
        "{}",
        started.stdout
    );
    assert!(started.stdout.contains(" an "), "{}", started.stdout);
    let wrong = tuilio.feed(&["verify", "check", "--to", ADA], "000000");
    assert_eq!(wrong.code, Some(3));
    assert!(
        wrong
            .stderr
            .contains("Das war nicht der Code. Die Prüfung ist noch offen."),
        "{}",
        wrong.stderr
    );
    let empty = tuilio.feed(&["send", "--to", ADA], "");
    assert_eq!(empty.code, Some(2));
    assert!(empty.stderr.contains("Der Text ist leer."), "{empty:?}");
    let object = tuilio.feed(&["send", "--to", ADA, "--json"], "").object();
    assert_eq!(
        object["error"]["message"],
        "There is nothing to send: the text is empty."
    );
    let refused = tuilio.feed(&["send", "--to", "+14155550110"], "Hello");
    assert_eq!(refused.code, Some(6), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("(Twilio 21610)"),
        "{}",
        refused.stderr
    );
    let english = Tuilio::at(&simulator).feed(&["send", "--to", "+14155550110"], "Hello");
    assert_ne!(refused.stderr, english.stderr, "its title is ours");
    let object = |program: &Tuilio| {
        let mut object = program
            .run(&["verify", "status", "--to", "+14155550199", "--json"])
            .object();
        object["error"]["request_id"] = serde_json::Value::Null;
        object
    };
    assert_eq!(object(&tuilio), object(&Tuilio::at(&simulator)));
    simulator.plant_on_texts("cut_after_store");
    for said in ["Nicht bekannt", "ist noch offen (Vorgang"] {
        let twin = tuilio.feed(&["send", "--to", ADA], "Hallo");
        assert_eq!(twin.code, Some(9), "{twin:?}");
        assert!(twin.stderr.contains(said), "{said}: {twin:?}");
    }
    for (line, said) in [
        (&["segments"][..], "Zeichen: 5"),
        (&["audit", "verify"], "Das Audit ist ganz"),
    ] {
        let ended = tuilio.feed(line, "Hallo");
        assert!(ended.stdout.contains(said), "{said}: {ended:?}");
    }
    let gone = tuilio.run(&["profiles", "use", "gone"]);
    assert!(
        gone.stderr.contains("Es gibt kein Profil gone."),
        "{gone:?}"
    );
    let scenes = tuilio.run(&["demo", "--list"]);
    assert!(scenes.stdout.contains("alles geht"), "{}", scenes.stdout);
    let scenes = tuilio.run(&["demo", "--list", "--json"]);
    assert!(
        scenes.stdout.contains("everything works"),
        "{}",
        scenes.stdout
    );
}

#[test]
fn what_does_not_fit_is_said_in_the_language_of_the_agent() {
    let tuilio = Tuilio::new()
        .with("LANG", "de_DE.UTF-8")
        .with("TUILIO_API_URL", "http://127.0.0.1:9");
    let policy = tuilio.folder().join("policy.toml");
    fs::write(&policy, "reveal = 1\n").unwrap();
    let checked = tuilio.run(&["policy", "check", &policy.display().to_string()]);
    assert_eq!(checked.code, Some(2), "{checked:?}");
    assert!(
        checked.stdout.contains("Zeile 1: das ist true oder false"),
        "{checked:?}"
    );
    assert!(checked.stderr.contains("ein Fehler"), "{checked:?}");
    assert_eq!(tuilio.run(&["history"]).code, Some(0));
    fs::remove_file(tuilio.data_dir().join("audit-head.json")).unwrap();
    let verified = tuilio.run(&["audit", "verify"]);
    assert_eq!(verified.code, Some(1), "{verified:?}");
    assert!(
        verified.stderr.contains("Die Datei audit-head.json")
            && verified.stderr.contains("Lassen Sie den Ordner"),
        "{verified:?}"
    );
    let examined = tuilio.run(&["doctor"]);
    assert!(
        examined.stdout.contains("Als Nächstes: ") && examined.stdout.contains("audit-head.json"),
        "{examined:?}"
    );
    // Programs read one language.
    let object = tuilio.run(&["audit", "verify", "--json"]).object();
    let found = object["findings"][0].as_str().unwrap_or_default();
    assert!(found.starts_with("The file audit-head.json"), "{found}");
}
