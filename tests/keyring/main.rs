//! The vault against a real keyring, and against keyrings that are missing, dead or late.
//!
//! A session bus is chosen by the environment of the process, and a connection is made once; so every
//! case runs in a process of its own, which is this program again with [`child::ASKED`] set.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(target_os = "linux")]
mod buses;
mod child;
#[path = "../support/keyring.rs"]
mod keyring;
#[cfg(target_os = "linux")]
mod locked;
mod login;
#[expect(dead_code, reason = "one journey needs a part of it")]
#[path = "../support/program.rs"]
mod program;
mod real;
#[cfg(target_os = "linux")]
mod record;
#[expect(dead_code, reason = "one journey needs a part of it")]
#[path = "../support/simulator.rs"]
mod simulator;

use libtest_mimic::{Arguments, Trial};

fn main() {
    if std::env::var_os(child::ASKED).is_some() {
        return child::run();
    }
    let mut trials = real::trials();
    #[cfg(target_os = "linux")]
    {
        trials.extend(buses::trials());
        trials.extend(locked::trials());
        trials.extend(record::trials());
    }
    trials.push(Trial::test(
        "no_thread_is_started_before_the_first_call",
        || {
            let vault = format!("{:?}", tuilio::vault::KeyringVault::default());
            assert!(vault.contains("<uninit>"), "{vault}");
            Ok(())
        },
    ));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
