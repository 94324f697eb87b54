//! Twilio's own client libraries against the simulator of the built binary, unchanged but for the origin.
//!
//! The scenarios are functions of the same name in `official_clients/client.py` and `client.js`. Each
//! runs against a fresh simulator, in whose time a minute passes in a second. Where a library is not at
//! hand (`.ci/run` brings both) its scenarios are ignored and say so.

#[expect(dead_code, reason = "the libraries do the talking")]
#[path = "support/simulator.rs"]
mod simulator;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use simulator::Simulator;

const SCENARIOS: &[&str] = &[
    "a_text_from_a_number_is_queued_and_can_be_fetched",
    "a_text_through_a_service_gets_a_sender_and_arrives",
    "what_arrives_shows_on_the_phone_byte_for_byte",
    "messages_are_listed_newest_first_in_pages",
    "messages_are_filtered_by_recipient_sender_and_date",
    "a_scheduled_text_can_be_cancelled_once",
    "a_schedule_is_refused_without_a_service_and_out_of_range",
    "a_delivered_text_can_be_redacted_and_deleted",
    "a_code_read_from_the_phone_approves_a_check",
    "a_resend_keeps_the_check_and_its_code",
    "every_channel_reaches_the_phone",
    "the_sixth_check_is_refused",
    "the_sixth_send_is_refused",
    "a_check_is_found_by_sid_and_by_number_and_can_be_cancelled",
    "attempts_are_listed_filtered_and_summed_up",
    "a_number_can_be_looked_up_valid_or_not",
    "account_and_balance_can_be_read",
    "numbers_and_services_are_listed",
    "magic_recipients_and_senders_fail_as_documented",
    "what_cannot_be_sent_is_refused_with_its_code",
    "what_is_not_there_is_not_found",
    "wrong_keys_are_refused",
    "a_standard_key_does_all_but_read_the_account",
];

/// A library, what runs it, and the variable that says where it is.
#[derive(Clone, Copy)]
struct Library {
    name: &'static str,
    place: &'static str,
    /// Nothing where the place is the program itself.
    program: Option<&'static str>,
    script: &'static str,
}

const LIBRARIES: &[Library] = &[
    Library {
        name: "python",
        place: "TUILIO_TEST_PYTHON",
        program: None,
        script: "client.py",
    },
    Library {
        name: "node",
        place: "TUILIO_TEST_NODE_MODULES",
        program: Some("node"),
        script: "client.js",
    },
];

fn main() -> ExitCode {
    let trials = LIBRARIES
        .iter()
        .flat_map(|&library| {
            SCENARIOS.iter().map(move |&scenario| {
                Trial::ignorable_test(format!("{}::{scenario}", library.name), move || {
                    play(library, scenario)
                })
            })
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn play(library: Library, scenario: &str) -> Result<Completion, Failed> {
    let Some(place) = std::env::var_os(library.place).filter(|place| !place.is_empty()) else {
        let reason = format!("{} is not set: .ci/run provides it", library.place);
        return Ok(Completion::ignored_with(reason));
    };
    let simulator = Simulator::start(&["--time-scale", "60"]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/official_clients")
        .join(library.script);
    let program = library.program.map_or_else(|| place.clone(), Into::into);
    let played = Command::new(program)
        .env("NODE_PATH", &place)
        .arg(script)
        .arg(scenario)
        .env("TUILIO_SIMULATOR", &simulator.greeting)
        .stdin(Stdio::null())
        .output()?;
    if played.status.success() {
        return Ok(Completion::Completed);
    }
    let said = [played.stdout, played.stderr].concat();
    Err(format!("{}\n{}", played.status, String::from_utf8_lossy(&said)).into())
}
