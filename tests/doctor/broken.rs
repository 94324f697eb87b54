//! Each link broken in turn.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::breaks::{Break, breaks};
use crate::program::{Ended, Tuilio};
use crate::simulator::Simulator;
use crate::{POLICY, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial(
            "on_a_machine_in_order_nothing_is_broken_and_nothing_sent",
            in_order,
        ),
        trial(
            "each_broken_link_has_its_line_its_next_step_and_its_exit",
            each_in_turn,
        ),
        trial(
            "keys_that_were_not_refused_are_not_called_refused",
            fault_at_twilio,
        ),
        trial("a_broken_policy_ends_with_11_and_names_the_line", policy),
        trial(
            "a_host_that_never_answers_is_given_up_within_the_bound",
            silent_host,
        ),
        trial(
            "a_proxy_that_cannot_be_used_is_a_broken_link_and_is_not_gone_round",
            unusable_proxy,
        ),
        trial(
            "neither_keys_nor_proxy_passwords_are_shown",
            nothing_is_shown,
        ),
        trial(
            "the_history_is_not_made_and_not_changed_by_a_look",
            history_is_left_alone,
        ),
    ]
}

const LINKS: [&str; 20] = [
    "settings",
    "policy",
    "keys",
    "keyring",
    "folder",
    "history",
    "audit",
    "terminal",
    "proxy",
    "names",
    "connection",
    "clock",
    "account",
    "messages",
    "verify",
    "lookups",
    "rights",
    "service",
    "sender",
    "log",
];

/// The entry of a link.
fn link(object: &Value, name: &str) -> (String, String, Value) {
    let links = object["links"].as_array().unwrap();
    let names: Vec<_> = links.iter().map(|link| &link["link"]).collect();
    assert_eq!(names, LINKS, "each link has its line");
    let entry = links.iter().find(|link| link["link"] == name).unwrap();
    let word = |key: &str| entry[key].as_str().unwrap().to_owned();
    (word("state"), word("message"), entry["next"].clone())
}

fn in_order() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let object = tuilio.run(&["doctor", "--json"]).object();
    assert_eq!(object["exit"], 0, "{object:#}");
    for name in LINKS {
        let state = link(&object, name).0;
        let expected = match name {
            "keyring" | "terminal" => "skipped",
            // The simulator's key is a standard one.
            "rights" => "warning",
            _ => "ok",
        };
        assert_eq!(state, expected, "{name}: {object:#}");
    }
    let lines = tuilio.run(&["doctor"]);
    assert_eq!((lines.code, lines.stderr.as_str()), (Some(0), ""));
    assert_eq!(lines.stdout.lines().count(), LINKS.len());
    for (line, name) in lines.stdout.lines().zip(LINKS) {
        let words: Vec<_> = line.split_whitespace().take(2).collect();
        assert_eq!(words[1], name, "{line}");
    }
    assert!(simulator.phone("+15005550006").is_empty());
    assert_eq!(tuilio.history().len(), 0);
}

fn each_in_turn() {
    for Break {
        name,
        how,
        link: broken,
        state,
        says,
        next,
        exit,
    } in breaks()
    {
        let simulator = Simulator::start(&[]);
        let tuilio = how(Tuilio::at(&simulator), &simulator);
        let ended = tuilio.run(&["doctor", "--json"]);
        let object = ended.object();
        let found = link(&object, broken);
        assert_eq!(found.0, state, "{name}: {object:#}");
        assert!(found.1.contains(says), "{name}: {object:#}");
        let step = found.2.as_str().unwrap_or_default();
        assert!(
            !step.is_empty() && step.contains(next),
            "{name}: {object:#}"
        );
        assert_eq!(ended.code, Some(exit), "{name}: {object:#}");
        assert_eq!(object["error"].is_null(), exit == 0, "{name}: {object:#}");
        // What comes before it does not break with it.
        let links = object["links"].as_array().unwrap();
        let first = links.iter().find(|link| link["state"] == "failed");
        let first = first.map_or(&Value::Null, |link| &link["link"]);
        let expected = if exit == 0 {
            json!(null)
        } else {
            json!(broken)
        };
        assert_eq!(*first, expected, "{name}: {object:#}");
        assert!(
            !object.to_string().contains("hunter2"),
            "{name}: {object:#}"
        );
    }
}

fn fault_at_twilio() {
    let simulator = Simulator::start(&[]);
    simulator.plant(&json!({
        "method": "GET", "path": "/2010-04-01/Accounts/*", "fault": "status", "status": 503, "times": 9,
    }));
    let object = Tuilio::at(&simulator).run(&["doctor", "--json"]).object();
    for name in ["messages", "verify", "sender"] {
        let (state, message, _) = link(&object, name);
        assert_eq!(state, "skipped", "{object:#}");
        assert!(message.contains("not known"), "{object:#}");
    }
}

fn policy() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let file = tuilio.folder().join("policy.toml");
    fs::write(&file, "\nmode = \"hunter2\"\n").unwrap();
    let like = tuilio.command(&["doctor", "--json"]);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(like.get_args())
        .env_clear()
        .envs(
            like.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env(POLICY, &file)
        .stdin(Stdio::null());
    let ended: Ended = command.output().unwrap().into();
    let object = ended.object();
    let (state, message, next) = link(&object, "policy");
    assert_eq!(
        (ended.code, state.as_str()),
        (Some(11), "failed"),
        "{object:#}"
    );
    assert!(
        message.contains("line 2") && !message.contains("hunter2"),
        "{message}"
    );
    assert!(next.as_str().unwrap().contains("tuilio policy check"));
    // What it does not allow is in the log, by its kind alone.
    let like = tuilio.command(&["send", "--to", "+14155550123", "--body", "Hello"]);
    let sent = Command::new(std::env::current_exe().unwrap())
        .args(like.get_args())
        .env_clear()
        .envs(
            like.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env(POLICY, &file)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(sent.status.code(), Some(11));
    let log = fs::read_to_string(tuilio.data_dir().join("log/tuilio.log")).unwrap();
    assert!(
        log.contains("\"what\":\"not_allowed\",\"kind\":\"text\""),
        "{log}"
    );
}

/// Connections are taken and never answered: everything that hangs on an answer ends all the same.
fn silent_host() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator).with("TUILIO_API_URL", &format!("http://127.0.0.1:{port}"));
    let began = Instant::now();
    let ended = tuilio.run(&["doctor", "--json"]);
    // Its own bound is 25 seconds, which a busy machine may stretch.
    assert!(
        began.elapsed() < Duration::from_mins(1),
        "{:?}",
        began.elapsed()
    );
    let object = ended.object();
    assert_eq!(link(&object, "connection").0, "failed", "{object:#}");
    assert_eq!(link(&object, "account").0, "skipped", "{object:#}");
    assert_eq!(ended.code, Some(10));
}

fn unusable_proxy() {
    let simulator = Simulator::start(&[]);
    for (value, said) in [
        (
            "http://someone:hunter2/x@127.0.0.1:9",
            "does not hold the address of a proxy",
        ),
        (
            "http://someone:x@hunter2@127.0.0.1:9",
            "does not hold the address of a proxy",
        ),
        (
            "socks5://someone:hunter2@127.0.0.1:9",
            "names a SOCKS proxy",
        ),
    ] {
        for variable in ["HTTPS_PROXY", "all_proxy"] {
            let tuilio = Tuilio::at(&simulator)
                .with("TUILIO_API_URL", "https://gate.invalid")
                .with(variable, value);
            let ended = tuilio.run(&["doctor", "--json"]);
            let object = ended.object();
            let (state, message, next) = link(&object, "proxy");
            assert_eq!(state, "failed", "{object:#}");
            assert!(
                message.starts_with(&format!("The variable {variable} {said}")),
                "{message}"
            );
            assert!(next.is_string(), "{object:#}");
            assert_eq!(link(&object, "names").0, "skipped");
            assert_eq!(link(&object, "account").0, "skipped");
            assert_eq!(ended.code, Some(10));
            let sent = tuilio.feed(&["send", "--to", "+14155550123", "--json"], "Hello");
            assert_eq!(
                (sent.code, sent.object()["sid"].clone()),
                (Some(10), Value::Null)
            );
            let why = sent.object()["error"]["message"].to_string();
            assert!(why.contains(variable) && why.contains(said), "{why}");
            for text in [ended.stdout, ended.stderr, sent.stdout, sent.stderr] {
                for secret in ["hunter2", "someone"] {
                    assert!(!text.contains(secret), "{secret}: {text}");
                }
            }
        }
    }
}

fn nothing_is_shown() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator)
        .with("TUILIO_API_URL", "https://gate.invalid")
        .with("HTTPS_PROXY", "http://someone:hunter2@127.0.0.1:9");
    let ended = tuilio.run(&["doctor", "--json"]);
    let object = ended.object();
    let (state, message, _) = link(&object, "proxy");
    assert_eq!(state, "ok");
    assert!(
        message.contains("127.0.0.1:9")
            && message.contains("HTTPS_PROXY")
            && message.contains("password"),
        "{message}"
    );
    assert_eq!(
        link(&object, "names").0,
        "ok",
        "the proxy is looked up in the host's place"
    );
    let everything = format!("{}{}", ended.stdout, ended.stderr);
    for secret in [
        "hunter2",
        "someone",
        simulator.word("api_secret"),
        simulator.word("from_number"),
    ] {
        assert!(!everything.contains(secret), "{secret}: {everything}");
    }
}

fn history_is_left_alone() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator).with("TUILIO_LOG", "off");
    assert_eq!(tuilio.run(&["doctor"]).code, Some(0));
    assert!(!tuilio.data_dir().exists(), "a look makes nothing");
    assert_eq!(
        tuilio.feed(&["send", "--to", "+14155550123"], "Hello").code,
        Some(0)
    );
    let file = tuilio.data_dir().join("history.db");
    let before = fs::read(&file).unwrap();
    let object = tuilio.run(&["doctor", "--json"]).object();
    let (state, message, _) = link(&object, "history");
    assert_eq!(
        (state.as_str(), message.as_str()),
        ("ok", "It is whole and holds 1 operation.")
    );
    assert!(before == fs::read(&file).unwrap(), "a look changes nothing");
}
