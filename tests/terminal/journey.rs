//! The first day of an agent, from the paste of the lead's keys to the last key of the evening, with a
//! real keyring and over real HTTP.

use libtest_mimic::{Completion, Failed, Trial};
use portable_pty::CommandBuilder;
use tuilio::domain::{OpState, Settled};
use tuilio::vault::{KeyringVault, Vault};

use crate::keyring::{Item, with_keyring};
use crate::place::{ADA, BOB, Place, WHOM};
use crate::pty::{CTRL_Q, ENTER, F4, F6, F7, F8, Terminal};
use crate::simulator::Simulator;

/// What the wizard calls a profile whose account's name its key may not read: the end of the SID tells.
const PROFILE: &str = "work-65a7";

pub fn trials() -> Vec<Trial> {
    vec![Trial::ignorable_test(
        "an_agents_first_day_from_the_wizard_to_the_history",
        || with_keyring(first_day),
    )]
}

fn first_day() -> Result<Completion, Failed> {
    if KeyringVault::default().read(PROFILE)?.is_some() {
        let reason =
            format!("this keyring holds keys of a profile {PROFILE}, which are left alone");
        return Ok(Completion::ignored_with(reason));
    }
    let item = Item::of_profile(PROFILE);
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let secret = simulator.word("api_secret");
    let mut terminal = Terminal::start(with_bus(place.desk(simulator.url())));

    connect(&mut terminal, &simulator);
    let code = verify(&mut terminal, &simulator);
    text(&mut terminal, &simulator);
    terminal.press(F4, "2 entries");
    terminal.wait_for("Delivered");
    terminal.wait_for("Approved");
    let private = [secret, simulator.word("auth_token"), &code];
    place.assert_nowhere(&private);
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();

    let kept = item
        .vault
        .read(PROFILE)?
        .ok_or("the keyring holds nothing")?;
    assert!(kept.expose().contains(secret));
    place.assert_nowhere(&private);
    let written = String::from_utf8_lossy(&terminal.look().written).into_owned();
    assert!(!written.contains(secret), "the secret was on the screen");
    let settings = std::fs::read_to_string(place.config().join("config.toml"))?;
    assert!(settings.contains(simulator.word("api_key")), "{settings}");
    assert_eq!(
        rows(&place),
        [
            "text delivered",
            "verify_check approved",
            "verify_check pending",
            "verify_start pending"
        ]
    );

    second_start(&place, &simulator);
    Ok(Completion::Completed)
}

/// The session bus of this run is the way to its keyring.
fn with_bus(mut command: CommandBuilder) -> CommandBuilder {
    for name in ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

fn connect(terminal: &mut Terminal, simulator: &Simulator) {
    terminal.wait_for("Welcome to tuilio");
    terminal.paste(&simulator.greeting);
    terminal.wait_for("with its secret");
    terminal.press(ENTER, "Your alias");
    terminal.press(ENTER, "Keep the keys");
    terminal.wait_for("tuilio/work");
    terminal.press(ENTER, "You are connected");
    terminal.press(ENTER, WHOM);
}

/// One wrong code, then the one that is on the phone.
fn verify(terminal: &mut Terminal, simulator: &Simulator) -> String {
    terminal.press("415 555 0123", "United States");
    terminal.press(ENTER, "Waiting for the code");
    let on_phone = simulator.phone(ADA);
    assert_eq!(on_phone.len(), 1, "{on_phone:?}");
    let code = simulator.code(ADA);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    terminal.press(wrong, "That was not the code");
    terminal.wait_for("4 of 5");
    terminal.press(&code, "Approved");
    assert_eq!(simulator.phone(ADA).len(), 1, "nothing was sent again");
    code
}

fn text(terminal: &mut Terminal, simulator: &Simulator) {
    terminal.press(F6, "[Message]");
    terminal.press("415 555 0125", "+1 415 555 0125");
    terminal.press(ENTER, "Enter review");
    terminal.press("Your parcel is here", "19 of 160 characters");
    let send = terminal.review();
    assert_eq!(simulator.phone(BOB).len(), 0, "nothing goes out unseen");
    terminal.press(send, "Delivered");
    let on_phone = simulator.phone(BOB);
    assert_eq!(on_phone.len(), 1);
    assert_eq!(on_phone[0]["body"], "Your parcel is here");
    assert_eq!(on_phone[0]["kind"], "sms");
}

/// The next morning: no wizard, the keys come from the keyring and work.
fn second_start(place: &Place, simulator: &Simulator) {
    let mut terminal = Terminal::start(with_bus(place.desk(simulator.url())));
    terminal.wait_for("· work");
    terminal.press(F8, "tuilio/work");
    terminal.press(F7, WHOM);
    terminal.press("415 555 0125", "United States");
    terminal.press(ENTER, "Waiting for the code");
    assert_eq!(simulator.phone(BOB).len(), 2);
    terminal.press(CTRL_Q, "One check is waiting");
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

/// What stands in the history, newest first, in words.
fn rows(place: &Place) -> Vec<String> {
    let word = |state: &OpState| match state {
        OpState::Settled(Settled::Text { status, .. }) => status.as_str().to_owned(),
        OpState::Settled(Settled::Verification { status, .. }) => status.as_str().to_owned(),
        other => format!("{other:?}"),
    };
    let rows = place.history();
    rows.iter()
        .map(|row| format!("{} {}", row.operation.intent.kind(), word(&row.state)))
        .collect()
}
