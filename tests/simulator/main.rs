//! What the simulator does, rule by rule, and that its doors add nothing and lose nothing.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at the first surprise"
)]

mod commands;
mod doors;
mod http;
mod messages;
mod people;
mod scenes;
#[path = "../support/mod.rs"]
mod support;
mod training;
mod verify;
mod world;

use serde_json::Value;

/// A customer within reach.
const ADA: &str = "+14155550100";

/// Status and code of an answer, which is what clients branch on.
fn verdict((status, body): &(u16, Value)) -> (u16, u64) {
    (*status, body["code"].as_u64().unwrap_or_default())
}

fn sid(body: &Value) -> &str {
    body["sid"].as_str().expect("no sid")
}
