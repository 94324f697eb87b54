//! The history is removed, replaced or damaged under an open desk, with a script beside it: nothing goes out whose
//! intent is not on disk, it is said, and the next start says what is lost.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use libtest_mimic::Trial;

use crate::place::{ADA, BOB, Place, TUILIO, connected, send_text};
use crate::pty::CTRL_Q;
use crate::simulator::{STARTING, Simulator};
use crate::trial;

const FILES: [&str; 3] = ["history.db", "history.db-wal", "history.db-shm"];
const LOST: &str = "The end of the history is missing";

pub fn trials() -> Vec<Trial> {
    vec![
        trial("a_history_that_is_removed_under_a_desk", || {
            let removed = |data: &Path| {
                for file in FILES {
                    fs::remove_file(data.join(file)).unwrap();
                }
            };
            damaged(removed, "still has it open", &[LOST], 0);
        }),
        trial("a_log_that_is_removed_under_a_desk_is_saved", || {
            let removed = |data: &Path| fs::remove_file(data.join("history.db-wal")).unwrap();
            damaged(removed, "cannot be read or written", &[], 1);
        }),
        trial("a_log_that_is_cut_off_under_a_desk", || {
            damaged(
                |data| cut(&data.join("history.db-wal"), 0),
                "cannot be read or written",
                &[LOST],
                0,
            );
        }),
        trial("a_history_that_is_cut_short_under_a_desk", || {
            damaged(
                |data| cut(&data.join("history.db"), 9000),
                "is damaged",
                &["was damaged and is kept as"],
                0,
            );
        }),
        trial("another_file_that_takes_the_place_of_a_history", || {
            let replaced = |data: &Path| {
                fs::write(data.join("list"), "a shopping list").unwrap();
                fs::rename(data.join("list"), data.join("history.db")).unwrap();
            };
            damaged(replaced, "is not a history", &["is not a history"], 0);
        }),
        trial("a_file_that_is_copied_over_a_history", || {
            let copied = |data: &Path| {
                fs::write(data.join("history.db"), vec![b'-'; 100_000]).unwrap();
            };
            damaged(copied, "is not a history", &["is not a history"], 0);
        }),
    ]
}

fn cut(file: &Path, length: u64) {
    let file = fs::OpenOptions::new().write(true).open(file).unwrap();
    file.set_len(length).unwrap();
}

/// Sends a text, does something to the files, and tries to send another. The script beside the desk says this,
/// and so does the next one after the desk is left; so many operations are then in the history.
fn damaged(deed: impl Fn(&Path), beside: &str, next: &[&str], kept: usize) {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = connected(&place, &simulator);
    send_text(&mut terminal, "one", &["Enter next text"]);
    simulator.wait_for_phone(BOB);
    deed(&place.data());
    send_text(&mut terminal, "two", &["othing was sent"]);
    let words = ["send", "--to", ADA, "--body", "beside"];
    let refused = script(&place, &simulator, &words);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains(beside), "{said}");
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
    assert_eq!(simulator.phone(BOB).len(), 1);
    assert!(simulator.phone(ADA).is_empty());
    let found = script(&place, &simulator, &["history"]);
    let said = String::from_utf8_lossy(&found.stderr).into_owned();
    assert_eq!(said.is_empty(), next.is_empty(), "{said}");
    for words in next {
        assert!(said.contains(words), "{said}");
    }
    let rows = String::from_utf8_lossy(&found.stdout).lines().count();
    assert_eq!(rows, kept, "{found:?}");
}

/// A command in the same place.
fn script(place: &Place, simulator: &Simulator, words: &[&str]) -> Output {
    let mut command = Command::new(TUILIO);
    command
        .args(words)
        .env_clear()
        // A measurement of coverage says where it is written.
        .envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)))
        .env("HOME", place.home())
        .env("TUILIO_CONFIG_DIR", place.config())
        .env("TUILIO_DATA_DIR", place.data())
        .env("TUILIO_API_URL", simulator.url())
        .stdin(Stdio::null());
    for (name, word) in [
        ("TWILIO_ACCOUNT_SID", "account_sid"),
        ("TWILIO_API_KEY", "api_key"),
        ("TWILIO_API_SECRET", "api_secret"),
        ("TWILIO_FROM_NUMBER", "from_number"),
    ] {
        command.env(name, simulator.word(word));
    }
    let alone = STARTING.lock();
    let output = command.output().unwrap();
    drop(alone);
    output
}
