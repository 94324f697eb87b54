//! The history across processes and on bad disks: full, failing at any single access, cut from its power.
//!
//! A case that needs a process of its own runs this program again with [`ROLE`] set. All of SQLite's
//! access to files goes through [`vfs`], which lets it pass unless a case watches its folder.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "what was counted is the result")]

#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/dice.rs"]
mod dice;
mod faulty;
mod flipped;
mod full_disk;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../crash/twilio.rs"]
mod holdings;
mod killed;
mod looked_at;
#[cfg(unix)]
mod no_file;
mod power;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/program.rs"]
mod program;
mod refused;
mod session;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/simulator.rs"]
mod simulator;
#[path = "../support/trials.rs"]
mod trials;
mod twilio;
mod vfs;

use std::future::Future;

use libtest_mimic::{Arguments, Trial};
use trials::{count, trial};
use tuilio::domain::{Intent, NewMessage, OpId, Operation, PhoneNumber, Sender, Timestamp};

/// Says what the process is to do, and [`FOLDER`] where.
const ROLE: &str = "TUILIO_TEST_ROLE";
const FOLDER: &str = "TUILIO_TEST_FOLDER";

fn main() {
    vfs::install();
    if let Ok(role) = std::env::var(ROLE) {
        let folder = std::env::var_os(FOLDER).unwrap();
        match role.as_str() {
            "intend and wait" => killed::intend_and_wait(folder.as_ref()),
            "intend and end" => looked_at::intend_and_end(folder.as_ref()),
            "fill the disk" => full_disk::fill(folder.as_ref()),
            other => panic!("no such role: {other}"),
        }
        return;
    }
    let trials = vec![
        Trial::test(
            "an_operation_is_recovered_when_its_process_was_killed_and_not_before",
            || {
                killed::trial();
                Ok(())
            },
        ),
        trial(
            "a_look_from_within_takes_no_lock_from_the_desk",
            looked_at::trial,
        ),
        #[cfg(unix)]
        trial(
            "what_is_no_file_is_refused_at_once_with_a_sentence",
            no_file::trial,
        ),
        Trial::ignorable_test(
            "on_a_full_disk_results_are_still_written_and_nothing_new_is_begun",
            || Ok(full_disk::trial()),
        ),
        trial(
            "where_nothing_can_be_written_nothing_is_sent_and_a_sentence_says_so",
            refused::unwritable,
        ),
        trial(
            "a_limit_on_the_size_of_files_loses_nothing_wherever_it_strikes",
            refused::limited,
        ),
        Trial::ignorable_test("any_call_of_the_system_may_fail_under_the_program", || {
            Ok(refused::traced())
        }),
        Trial::ignorable_test(
            "the_program_goes_on_when_a_full_disk_has_room_again",
            || Ok(refused::full()),
        ),
        trial(
            "any_access_to_the_disk_may_fail_and_nothing_is_lost_or_sent_twice",
            faulty::every_access,
        ),
        trial(
            "wherever_a_history_is_damaged_nothing_disappears_or_is_sent_twice",
            flipped::trial,
        ),
        trial(
            "what_was_promised_is_there_after_a_power_cut_at_any_moment",
            power::promises,
        ),
        trial(
            "an_upgrade_that_a_power_cut_ends_keeps_every_row",
            power::upgrades,
        ),
        trial(
            "a_store_that_does_not_wait_for_the_disk_is_found_out",
            power::control,
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// A folder that goes away by itself: in memory where there is such a place, since thousands of histories are
/// made and none of these cases is about what the real disk keeps.
fn short_lived() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// Lets a session live, on this thread alone.
fn at_work<T>(session: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
        .block_on(session)
}

fn text(session: u32, seq: u32) -> Operation {
    let number = |text| PhoneNumber::from_e164(text).unwrap();
    Operation {
        id: OpId { session, seq },
        intent: Intent::Text(NewMessage::new(
            number("+14155550123"),
            Sender::Number(number("+15005550006")),
            format!("text {seq}"),
        )),
        at: Timestamp::UNIX_EPOCH,
        account: None,
        home: None,
        ticket: None,
        agent: None,
        skew_seconds: None,
    }
}
