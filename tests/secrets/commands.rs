//! The commands of a script and the line mode: keys by the environment, codes by standard input.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use libtest_mimic::Trial;
use serde_json::json;

use crate::house::House;
use crate::place::{ADA, BOB, TUILIO};
use crate::quiet;
use crate::search::{Mark, assert_clean};
use crate::simulator::Simulator;
use crate::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial(
            "a_day_of_commands_leaves_no_trace_of_keys_and_codes",
            commands,
        ),
        trial("a_check_by_lines_says_no_code", lines),
        trial(
            "what_belongs_on_standard_input_is_refused_as_an_argument_and_not_repeated",
            arguments,
        ),
    ]
}

/// Not watched, for it shows them in its arguments itself.
fn arguments() {
    let simulator = Simulator::start(&["--seed", "47"]);
    let secret = simulator.word("api_secret");
    let marks = [
        Mark::secret("api_secret", secret),
        Mark::code("code", "739204"),
    ];
    for line in [
        &["verify", "check", "--to", ADA, "--code", "739204"][..],
        &["verify", "check", "--to", ADA, "739204"],
        &["login", "--secret", secret],
        &["login", secret],
        &["login", "--profile", secret, "--json"],
    ] {
        let refused = Command::new(TUILIO)
            .args(line)
            .env_clear()
            // A measurement of coverage says where it is written.
            .envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)))
            .output()
            .unwrap();
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert_clean(
            &marks,
            "a refusal",
            &[refused.stdout, refused.stderr].concat(),
        );
    }
}

fn commands() {
    let mut house = House::new();
    let simulator = Simulator::start(&["--seed", "44"]);
    house.mark(&simulator);
    let keys = House::keys(&simulator);
    let url = simulator.url();
    let run = |house: &House, words: &[&str], input: &str| {
        house.run(TUILIO, url, &keys, words, input).status.code()
    };
    let to = ["--to", ADA];
    let words = |verb: &[&'static str]| [verb, &to, &["--json"]].concat();

    assert_eq!(run(&house, &words(&["verify", "start"]), ""), Some(0));
    let code = simulator.code(ADA);
    let wrong: String = code.chars().rev().collect();
    house.mark_code(&code);
    house.mark_code(&wrong);
    assert_eq!(run(&house, &words(&["verify", "check"]), &wrong), Some(3));
    let sentence = format!("the customer says: {wrong} or {code}");
    assert_eq!(
        run(&house, &words(&["verify", "check"]), &sentence),
        Some(2)
    );
    assert_eq!(run(&house, &words(&["verify", "check"]), &code), Some(0));
    assert_eq!(run(&house, &words(&["verify", "check"]), &code), Some(4));
    failures(&house, &simulator, &keys);
    for line in [
        &["history", "--json"][..],
        &["history", "export", "--format", "csv"],
        &[
            "history",
            "export",
            "--format",
            "jsonl",
            "--output",
            "out.jsonl",
        ],
        &["lookup", "--to", BOB, "--json"],
        &["doctor", "--json"],
        &["audit", "verify", "--json"],
        &["paths", "--json"],
        &["profiles", "--json"],
    ] {
        run(&house, line, "");
    }
    assert!(house.path("out.jsonl").exists());
    // Keys that the account does not know, in all places of a paste.
    let secret = simulator.word("api_secret");
    let paste = simulator
        .greeting
        .replace(secret, simulator.word("auth_token"));
    assert_ne!(run(&house, &["login", "--json"], &paste), Some(0));
    refused_by_policy(&house, &simulator, &keys);
    house.search_files();
    drop(simulator);
    house.close();
}

/// Every way in which a send can go wrong that a simulator can bring about.
fn failures(house: &House, simulator: &Simulator, keys: &[(&'static str, String)]) {
    for (number, fault) in [
        "cut_before_store",
        "cut_after_store",
        "cut_mid_body",
        "malformed",
        "oversized",
        "error_before_store",
        "error_after_store",
    ]
    .iter()
    .enumerate()
    {
        simulator.plant_on_texts(fault);
        let body = format!("Text {number}");
        let words = ["send", "--to", BOB, "--body", &body, "--json"];
        let output = house.run(TUILIO, simulator.url(), keys, &words, "");
        assert_eq!(output.status.code(), Some(9), "{fault}");
    }
    simulator.plant(&json!({
        "method": "POST", "path": "/2010-04-01/Accounts/*/Messages.json", "fault": "status",
        "status": 401, "code": 20003,
    }));
    for url in [simulator.url(), "http://127.0.0.1:1", "https://127.0.0.1:1"] {
        let words = ["send", "--to", ADA, "--body", url, "--json"];
        let output = house.run(TUILIO, url, keys, &words, "");
        assert_ne!(output.status.code(), Some(0), "{url}");
    }
}

fn refused_by_policy(house: &House, simulator: &Simulator, keys: &[(&'static str, String)]) {
    let policy = house.path("policy.toml");
    fs::write(&policy, "set_by = \"Mia\"\ncountries = [\"DE\"]\n").unwrap();
    let own = std::env::current_exe().unwrap().display().to_string();
    let mut keys = keys.to_vec();
    keys.push((quiet::POLICY, policy.display().to_string()));
    let words = ["send", "--to", ADA, "--body", "Hello", "--json"];
    let output = house.run(&own, simulator.url(), &keys, &words, "");
    assert_eq!(output.status.code(), Some(11), "{output:?}");
}

/// Lines that are typed come from a pipe here, so that what is printed is the program's alone.
fn lines() {
    let mut house = House::new();
    let simulator = Simulator::start(&["--seed", "45"]);
    house.mark(&simulator);
    let mut child = Command::new(TUILIO)
        .arg("--plain")
        .env_clear()
        .envs(house.environment(simulator.url()))
        .envs(House::keys(&simulator))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut input = child.stdin.take().unwrap();
    let mut hear = |words: &str| {
        while !said.contains(words) {
            let mut line = String::new();
            assert!(
                output.read_line(&mut line).unwrap() > 0,
                "{words:?}:\n{said}"
            );
            said.push_str(&line);
        }
    };
    input.write_all(b"415 555 0123\n\n").unwrap();
    hear("Waiting for the code");
    let code = simulator.code(ADA);
    let wrong: String = code.chars().rev().collect();
    house.mark_code(&code);
    house.mark_code(&wrong);
    writeln!(input, "{wrong}").unwrap();
    hear("That was not the code");
    writeln!(input, "{code}").unwrap();
    hear("Approved");
    input.write_all(b"quit\n").unwrap();
    drop(input);
    output.read_to_string(&mut said).unwrap();
    let mut errors = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut errors)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    for (place, text) in [("output", &said), ("errors", &errors)] {
        assert_clean(&house.marks, place, text.as_bytes());
        let words: Vec<&str> = text.split_whitespace().collect();
        assert_clean(&house.spaced, place, words.join(" ").as_bytes());
    }
    house.close();
}
