//! The one-shot commands, as a script meets them: the real program against a simulator over HTTP.
//!
//! Each exit status of the table, every key of every object, and what the history says afterwards.

mod checks;
mod files;
mod keys;
mod lines;
mod lost;
#[path = "../support/program.rs"]
mod program;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/simulator.rs"]
mod simulator;
mod texts;
mod unknown;

use program::Tuilio;
use serde_json::Value;

const ADA: &str = "+14155550123";
const MASKED_ADA: &str = "+1 415 ••• ••23";

fn keys(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys().map(String::as_str))
        .collect()
}

/// The keys that every object has, and those of the command.
fn all_keys(own: &str) -> Vec<&str> {
    let mut keys: Vec<&str> = "schema ok exit error"
        .split(' ')
        .chain(own.split(' '))
        .collect();
    keys.sort_unstable();
    keys
}

const SEND_KEYS: &str = "operation_id sid status to from num_segments";
const VERIFY_KEYS: &str = "operation_id sid status valid to channel sends expires_at";

fn send<'a>(to: &'a str, body: &'a str) -> Vec<&'a str> {
    vec!["send", "--json", "--to", to, "--body", body]
}

/// The one row of the history: its kind, its state and its code.
fn only_row(tuilio: &Tuilio) -> (String, String, Value) {
    let rows = tuilio.history();
    assert_eq!(rows.len(), 1, "{rows:?}");
    let word = |key: &str| rows[0][key].as_str().unwrap_or_default().to_owned();
    (word("kind"), word("state"), rows[0]["error_code"].clone())
}
