//! The history across processes and on a full disk.
//!
//! A case that needs a process of its own runs this program again with [`ROLE`] set.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod full_disk;
mod killed;

use libtest_mimic::{Arguments, Trial};
use tuilio::domain::{Intent, NewMessage, OpId, Operation, PhoneNumber, Sender, Timestamp};

/// Says what the process is to do, and [`FOLDER`] where.
const ROLE: &str = "TUILIO_TEST_ROLE";
const FOLDER: &str = "TUILIO_TEST_FOLDER";

fn main() {
    if let Ok(role) = std::env::var(ROLE) {
        let folder = std::env::var_os(FOLDER).unwrap();
        match role.as_str() {
            "intend and wait" => killed::intend_and_wait(folder.as_ref()),
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
        Trial::ignorable_test(
            "on_a_full_disk_results_are_still_written_and_nothing_new_is_begun",
            || Ok(full_disk::trial()),
        ),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
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
        ticket: None,
        agent: None,
    }
}
