//! The built program is killed, at any moment of what it does, and started again.
//!
//! Real processes work against a simulator process over HTTP. Each is killed by SIGKILL at a moment that
//! a seed draws from the whole of its usual duration, and later ones take up its history. In the end the
//! history is compared with what the simulator holds.
//!
//! `TUILIO_CRASH_ROUNDS` says how many kills, `TUILIO_SEED` which.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "what was counted is the result")]

#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/dice.rs"]
mod dice;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/program.rs"]
mod program;
mod read_back;
mod report;
mod rounds;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/simulator.rs"]
mod simulator;
#[path = "../support/trials.rs"]
mod trials;
mod twilio;
mod victim;

use libtest_mimic::Arguments;
use trials::{count, trial};

fn main() {
    let trials = vec![
        trial(
            "a_kill_at_any_moment_loses_nothing_and_sends_nothing_twice",
            rounds::trial,
        ),
        trial(
            "a_code_is_adopted_although_it_was_read_back_before_it_was_looked_up",
            read_back::trial,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
