//! What the network can do to a request, and what the client makes of it.
//!
//! The tables of `docs/reliability/network.md` are what is expected here: each of their cells is tried
//! over a real socket with the transport that ships. The promise: what changes the world leaves at most
//! once, "not sent" is said only where nothing can have left, and each call ends within a bound.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its own set-up fails"
)]

mod another;
mod asked;
mod certificates;
mod doors;
mod judge;
mod manners;
mod matrix;
#[cfg(target_os = "linux")]
mod memory;
mod page;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/program.rs"]
mod program;
mod raw;
mod relay;
mod server;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/simulator.rs"]
mod simulator;
