//! The built program in a real pseudo-terminal: whole days of an agent, and every way to end.
//!
//! Keys go in, and what counts is what comes out: the screen, what arrived on the customers' phones,
//! what stands in the history, and the terminal as the shell gets it back.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod damage;
mod demo;
mod desk;
mod endings;
mod idle;
mod journey;
#[path = "../support/keyring.rs"]
mod keyring;
mod manners;
mod panics;
mod place;
mod plain;
mod pty;
#[expect(dead_code, reason = "a terminal needs a part of it")]
#[path = "../support/simulator.rs"]
mod simulator;
#[expect(dead_code, reason = "nothing is counted here")]
#[path = "../support/trials.rs"]
mod trials;

use std::process::ExitCode;

use libtest_mimic::Arguments;
use trials::trial;

fn main() -> ExitCode {
    if let Some(who) = std::env::var_os(panics::WHO) {
        return panics::run(&who);
    }
    let mut trials = Vec::new();
    trials.extend(journey::trials());
    trials.extend(demo::trials());
    trials.extend(damage::trials());
    trials.extend(desk::trials());
    trials.extend(endings::trials());
    trials.extend(panics::trials());
    trials.extend(idle::trials());
    trials.extend(manners::trials());
    trials.extend(plain::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
