//! What an operator sees: the check-up of each link, and the log.
//!
//! The real program against a simulator over HTTP. Each link is broken in turn, and its line, its next
//! step and the exit status are what the table says.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod breaks;
mod broken;
#[path = "../support/keyring.rs"]
mod keyring;
mod log;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../terminal/place.rs"]
mod place;
#[path = "../support/program.rs"]
mod program;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../terminal/pty.rs"]
mod pty;
mod rotated;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/simulator.rs"]
mod simulator;
#[expect(dead_code, reason = "nothing is counted here")]
#[path = "../support/trials.rs"]
mod trials;

use std::ffi::OsString;
use std::process::ExitCode;

use libtest_mimic::Arguments;
use trials::trial;

/// Says to the process that it is tuilio, and where its policy lies.
const POLICY: &str = "TUILIO_TEST_POLICY";

fn main() -> ExitCode {
    if let Some(policy) = std::env::var_os(POLICY) {
        let words: Vec<OsString> = std::env::args_os().skip(1).collect();
        return tuilio::cli::run_under(policy.into(), words);
    }
    let mut trials = broken::trials();
    trials.extend(log::trials());
    trials.extend(rotated::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
