//! A day at the desk, from the paste of the keys to the end, with everything that can go wrong in it.

use std::num::NonZeroU16;

use libtest_mimic::{Completion, Failed, Trial};
use serde_json::json;
use tuilio::vault::{KeyringVault, Vault};

use crate::house::House;
use crate::keyring::{Item, with_keyring};
use crate::place::{ADA, TUILIO, WHOM, send_text};
use crate::pty::{CTRL_Q, ENTER, F4, F7, F8, Terminal};
use crate::search::assert_clean;
use crate::simulator::Simulator;

/// Names the account, and with it the item in the keyring.
const SEED: &str = "41";

/// What is shown of a text whose answer was lost: soon it is found, and a slow test sees that alone.
const LOST: &[&str] = &["? Not known.", "✓ Delivered"];

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::ignorable_test(
            "a_day_with_keys_in_the_keyring_leaves_no_trace_of_them",
            || with_keyring(with_kept_keys),
        ),
        crate::trial(
            "the_program_for_the_clipboard_learns_no_key_of_the_environment",
            clipboard,
        ),
        crate::trial(
            "a_day_with_keys_for_the_session_leaves_no_trace_of_them",
            || {
                with_session_keys();
            },
        ),
    ]
}

fn with_kept_keys() -> Result<Completion, Failed> {
    let mut house = House::new();
    house.keyring = true;
    let simulator = Simulator::apart(&["--seed", SEED]);
    house.mark(&simulator);
    let account = simulator.word("account_sid");
    let profile = format!("work-{}", &account[account.len() - 4..]);
    if KeyringVault::default().read(&profile)?.is_some() {
        let reason =
            format!("this keyring holds keys of a profile {profile}, which are left alone");
        return Ok(Completion::ignored_with(reason));
    }
    let item = Item::of_profile(&profile);
    let _remembered = Item::of_profile(&format!("audit of {}", house.path("data").display()));
    let mut terminal = house.desk(simulator.url(), &[]);
    wizard(&mut terminal, &simulator, true);
    assert!(item.vault.read(&profile)?.is_some(), "the keyring has them");
    let (terminal, url) = day(terminal, &mut house, simulator);
    check_screens(&house, &terminal);
    // The next morning, by commands, with the same keyring.
    let simulator = Simulator::listening(
        url.strip_prefix("http://").unwrap_or(&url),
        &["--seed", SEED],
    );
    let paste = simulator.greeting.clone();
    let run =
        |words: &[&str], input: &str| house.run(TUILIO, &url, &[], words, input).status.code();
    assert_eq!(
        run(
            &["send", "--to", ADA, "--body", "Good morning", "--json"],
            ""
        ),
        Some(0)
    );
    assert_eq!(
        run(&["login", "--profile", &profile, "--json"], &paste),
        Some(0)
    );
    let nobodys = ["--sender", "+12025550199"];
    let refused = [&["login", "--profile", &profile][..], &nobodys].concat();
    assert_eq!(run(&refused, &paste[..paste.len() / 2]), Some(2));
    assert_eq!(run(&["profiles", "--json"], ""), Some(0));
    let everything = ["logout", "--everything", "--even-unsettled", "--json"];
    assert_eq!(run(&everything, ""), Some(0));
    drop(simulator);
    drop(item);
    house.close();
    Ok(Completion::Completed)
}

fn with_session_keys() {
    let mut house = House::new();
    let simulator = Simulator::apart(&["--seed", "42"]);
    house.mark(&simulator);
    let mut terminal = house.desk(simulator.url(), &[]);
    wizard(&mut terminal, &simulator, false);
    let (terminal, _) = day(terminal, &mut house, simulator);
    check_screens(&house, &terminal);
    let seen = house.close();
    if cfg!(target_os = "linux") {
        let of = |word: &str| {
            let has = |arguments: &[u8]| String::from_utf8_lossy(arguments).contains(word);
            seen.iter()
                .filter(|process| has(&process.arguments))
                .count()
        };
        assert!(of(TUILIO) > 0, "nothing was seen of the program");
    }
}

/// The desk has its keys by the environment, which every child would have too.
fn clipboard() {
    let mut house = House::new();
    let simulator = Simulator::start(&["--seed", "48"]);
    house.mark(&simulator);
    let mut terminal = house.desk(simulator.url(), &House::keys(&simulator));
    terminal.wait_for("environment");
    terminal.press("415 555 0123", "United States");
    terminal.press(ENTER, "Waiting for the code");
    terminal.press(&simulator.code(ADA), "Approved");
    copy(&mut terminal, &house);
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    let [environment] = &house.told("environment")[..] else {
        panic!("{:?}", house.told("environment"));
    };
    assert!(environment.contains("DISPLAY=:0"), "{environment}");
    for name in ["TWILIO", "TUILIO", "GIVEN"] {
        assert!(!environment.contains(name), "{environment}");
    }
    assert_eq!(house.told("arguments").len(), 1);
    house.close();
}

/// Copies the evidence. A machine that does much else may be too slow for the program that takes it, which has a
/// second.
fn copy(terminal: &mut Terminal, house: &House) {
    loop {
        terminal.press("y", "Copied to the clipboard");
        if !house.told("arguments").is_empty() {
            return;
        }
        terminal.wait_gone("Copied to the clipboard");
    }
}

/// Keys that are wrong, then those that are right.
fn wizard(terminal: &mut Terminal, simulator: &Simulator, keyring: bool) {
    terminal.wait_for("Welcome to tuilio");
    let right = &simulator.greeting;
    terminal.paste(&right.replace(simulator.word("api_secret"), simulator.word("auth_token")));
    terminal.wait_for("with its secret");
    terminal.press(ENTER, "✗ ");
    terminal.paste(right);
    terminal.wait_gone("✗ ");
    terminal.press(ENTER, "Your alias");
    terminal.press(ENTER, "Keep the keys");
    if keyring {
        terminal.press(ENTER, "You are connected");
    } else {
        terminal.press(ENTER, "system keyring was found");
        terminal.press("s", "You are connected");
    }
    terminal.press(ENTER, WHOM);
}

/// Codes, texts, a copy, an export, a network that breaks, keys that are changed. Gives back the terminal,
/// and the address at which the simulator was.
fn day(mut terminal: Terminal, house: &mut House, simulator: Simulator) -> (Terminal, String) {
    let url = simulator.url().to_owned();
    terminal.press("415 555 0123", "United States");
    terminal.press(ENTER, "Waiting for the code");
    let code = simulator.code(ADA);
    let wrong: String = code.chars().rev().collect();
    assert_ne!(wrong, code);
    house.mark_code(&code);
    house.mark_code(&wrong);
    terminal.press(&wrong, "That was not the code");
    house.search_files();
    // Its last digit is typed later: what stands in the field is in no file, title or name.
    terminal.type_keys(&code[..5]);
    terminal.press(F4, "[History]");
    house.search_files();
    terminal.press(F7, "Tries left");
    terminal.press(&code[5..], "Approved");
    copy(&mut terminal, house);
    terminal.press("n", WHOM);
    let evidence = house.told("input");
    assert!(
        evidence.iter().any(|line| line.contains("APPROVED")),
        "{evidence:?}"
    );

    send_text(&mut terminal, "Hello", &["Delivered"]);
    for fault in [
        "cut_after_store",
        "error_after_store",
        "malformed",
        "cut_before_store",
    ] {
        simulator.plant_on_texts(fault);
        send_text(&mut terminal, &format!("Hello once more, {fault}"), LOST);
    }
    simulator.plant(&json!({
        "method": "POST", "path": "/2010-04-01/Accounts/*/Messages.json", "fault": "status",
        "status": 401, "code": 20003,
    }));
    send_text(&mut terminal, "Hello to nobody", &["Keys refused"]);
    terminal.press(F4, "[History]");
    terminal.press("x", "numbers masked, are in");
    // Its notice looks the same on a screen that is too narrow for the name of the file.
    terminal.type_keys("X");
    house.wait_for_file("jsonl");
    terminal.press(F8, "[Settings]");
    house.search_files();

    // Another account has the address now, and refuses these keys.
    let address = simulator.address().to_owned();
    drop(simulator);
    let evening = Simulator::listening(&address, &["--seed", "43"]);
    house.mark(&evening);
    terminal.press(F7, WHOM);
    terminal.press("415 555 0125", "United States");
    terminal.press(ENTER, "Keys refused");
    drop(evening);
    // And then there is nobody.
    send_text(&mut terminal, "Is anybody there?", &["Not sent"]);
    terminal.type_keys(CTRL_Q);
    terminal.wait_until("the end, or a question", |state| {
        state.has_ended() || state.text().contains("Leave tuilio?")
    });
    terminal.type_keys_if_open(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
    assert!(house.search_files() > 5, "hardly a file was looked at");
    assert!(
        house.log().lines().count() > 5,
        "there is no log to search:\n{}",
        house.log()
    );
    (terminal, url)
}

/// Nothing of what was written to the terminal, clipboard and title among it; and no code on any screen
/// but in its field.
fn check_screens(house: &House, terminal: &Terminal) {
    let written = terminal.look().written.clone();
    assert_clean(&house.marks, "bytes to the terminal", &written);
    let copied = written.windows(5).any(|at| at == b"\x1b]52;");
    assert!(copied, "nothing went to the clipboard");
    let side = |cells| NonZeroU16::new(cells).unwrap();
    let mut parser = vt100::Parser::new(side(24), side(80), 0);
    let mut frames = 0;
    for frame in split_after(&written, b"\x1b[?2026l") {
        parser.process(frame);
        frames += 1;
        for row in parser.screen().contents().lines() {
            if row.contains("Code") {
                continue;
            }
            let words: Vec<&str> = row.split_whitespace().collect();
            let place = format!("frame {frames}, a row");
            assert_clean(&house.marks, &place, row.as_bytes());
            assert_clean(&house.spaced, &place, words.join(" ").as_bytes());
        }
    }
    assert!(frames > 50, "{frames} frames");
}

fn split_after<'a>(bytes: &'a [u8], end: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for at in 0..bytes.len() {
        if bytes[at..].starts_with(end) {
            pieces.push(&bytes[from..at + end.len()]);
            from = at + end.len();
        }
    }
    pieces.push(&bytes[from..]);
    pieces
}
