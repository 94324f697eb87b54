//! Secrets stay where they belong: whole days of work with marked keys and codes, then a search for them
//! in everything that was written, shown, started or said.
//!
//! The keys come from a paste, from the keyring and from standard input, the codes from a simulated phone.
//! Nothing may hold them but the keyring, the memory of the program, and for a code the field it is typed
//! into.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod commands;
mod debug;
mod desk;
mod house;
#[path = "../support/keyring.rs"]
mod keyring;
#[expect(dead_code, reason = "a desk with secrets needs a part of it")]
#[path = "../terminal/place.rs"]
mod place;
mod processes;
#[expect(dead_code, reason = "a desk with secrets needs a part of it")]
#[path = "../terminal/pty.rs"]
mod pty;
mod quiet;
mod search;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/simulator.rs"]
mod simulator;
#[expect(dead_code, reason = "nothing is counted here")]
#[path = "../support/trials.rs"]
mod trials;

use std::process::ExitCode;

use libtest_mimic::Arguments;
use trials::trial;

fn main() -> ExitCode {
    if let Some(policy) = std::env::var_os(quiet::POLICY) {
        return quiet::run(policy);
    }
    let mut trials = search::trials();
    trials.extend(debug::trials());
    trials.extend(quiet::trials());
    trials.extend(desk::trials());
    trials.extend(commands::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
