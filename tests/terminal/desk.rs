//! The desk with keys from the environment, and what may be wrong with them, with the network and with
//! the terminal itself.

use std::net::SocketAddrV4;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use tuilio::domain::OpState;

use crate::place::{ADA, BOB, Place, TUILIO, WHOM, connected, send_text};
use crate::pty::{CTRL_Q, ENTER, F7, F8, Terminal};
use crate::simulator::{Nobody, STARTING, Simulator};
use crate::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("keys_from_the_environment_need_no_wizard", environment),
        trial(
            "a_wrong_secret_is_one_sentence_on_a_desk_that_goes_on",
            wrong_secret,
        ),
        trial(
            "a_wrong_secret_in_the_paste_can_be_pasted_right",
            wrong_paste,
        ),
        trial(
            "keys_that_are_changed_in_mid_day_are_said_to_be_refused",
            rotated,
        ),
        trial(
            "without_a_network_nothing_is_sent_and_nothing_hangs",
            no_network,
        ),
        trial("without_a_terminal_there_is_one_sentence", no_terminal),
    ]
}

fn environment() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = connected(&place, &simulator);
    begin_check(&mut terminal, "Waiting for the code");
    terminal.press(&simulator.code(ADA), "Approved");
    send_text(&mut terminal, "Good morning", &["Delivered"]);
    assert_eq!(simulator.phone(BOB)[0]["body"], "Good morning");
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
    assert_eq!(place.history().len(), 3);
    assert!(
        !place.config().exists(),
        "keys of the environment are kept nowhere"
    );
}

fn wrong_secret() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let terminal = Terminal::start(place.connected_desk(&simulator, "not-the-secret"));
    terminal.wait_for(WHOM);
    refused(terminal, &simulator, &place);
}

fn rotated() {
    let place = Place::new();
    let morning = Simulator::apart(&["--seed", "1"]);
    let mut terminal = connected(&place, &morning);
    send_text(&mut terminal, "Good morning", &["Delivered"]);
    let address = morning.address().to_owned();
    drop(morning);
    wait_until_unconnected(&address);
    let evening = Simulator::listening(&address, &["--seed", "2"]);
    terminal.press(F7, WHOM);
    refused(terminal, &evening, &place);
}

/// Waits until the desk has noticed that the other side is gone. What it sent on the connection of before would be
/// lost, and its outcome not known. Where the system does not list its connections, there is nothing to look at.
fn wait_until_unconnected(address: &str) {
    let address: SocketAddrV4 = address.parse().unwrap();
    let far = format!(
        "{:08X}:{:04X}",
        u32::from_ne_bytes(address.ip().octets()),
        address.port()
    );
    // Established, or closed by the other side alone.
    let open = ["01", "08"];
    let is_open = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        matches!(words[..], [_, _, to, state, ..] if to == far && open.contains(&state))
    };
    let deadline = Instant::now() + Duration::from_mins(2);
    while std::fs::read_to_string("/proc/net/tcp").is_ok_and(|all| all.lines().any(is_open)) {
        assert!(Instant::now() < deadline, "a connection to nobody stays");
        std::thread::yield_now();
    }
}

/// Twilio refuses the keys: nothing goes out, it is said, and the desk is still a desk.
fn refused(mut terminal: Terminal, simulator: &Simulator, place: &Place) {
    begin_check(&mut terminal, "Keys refused");
    assert_eq!(simulator.phone(ADA).len(), 0);
    send_text(&mut terminal, "Good evening", &["Keys refused"]);
    assert_eq!(simulator.phone(BOB).len(), 0);
    terminal.press(F8, "[Settings]");
    leave(terminal);
    for row in &place.history()[..2] {
        assert!(matches!(row.state, OpState::Refused(_)), "{:?}", row.state);
    }
}

fn wrong_paste() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = Terminal::start(place.desk(simulator.url()));
    terminal.wait_for("Welcome to tuilio");
    let right = &simulator.greeting;
    let wrong = right.replace(
        simulator.word("api_secret"),
        "Zz9Zz9Zz9Zz9Zz9Zz9Zz9Zz9Zz9Zz9Zz",
    );
    assert_ne!(&wrong, right);
    terminal.paste(&wrong);
    terminal.wait_for("with its secret");
    terminal.press(ENTER, "✗ ");
    terminal.paste(right);
    terminal.wait_gone("✗ ");
    terminal.press(ENTER, "Your alias");
    terminal.press(ENTER, "Keep the keys");
    // This desk has no keyring: the third way is to keep them nowhere.
    terminal.press(ENTER, "system keyring was found");
    terminal.press("s", "You are connected");
    terminal.press(ENTER, WHOM);
    terminal.wait_for("this session");
    begin_check(&mut terminal, "Waiting for the code");
    assert_eq!(simulator.phone(ADA).len(), 1);
    place.assert_nowhere(&[simulator.word("api_secret")]);
    terminal.press(CTRL_Q, "Leave tuilio?");
    leave(terminal);
    place.assert_nowhere(&[simulator.word("api_secret")]);
}

fn no_network() {
    let place = Place::new();
    let nobody = Nobody::new();
    let simulator = Simulator::start(&[]);
    let mut command = place.connected_desk(&simulator, simulator.word("api_secret"));
    command.env("TUILIO_API_URL", nobody.url());
    let mut terminal = Terminal::start(command);
    terminal.wait_for("environment");
    begin_check(&mut terminal, "Not sent");
    send_text(&mut terminal, "Is anybody there?", &["Not sent"]);
    leave(terminal);
    let rows = place.history();
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert!(matches!(row.state, OpState::NotSent(_)), "{:?}", row.state);
    }
}

fn no_terminal() {
    let place = Place::new();
    for arguments in [&[][..], &["demo"]] {
        let mut command = Command::new(TUILIO);
        command
            .args(arguments)
            .env("TUILIO_CONFIG_DIR", place.config())
            .env("TUILIO_DATA_DIR", place.data())
            .stdin(Stdio::null());
        let alone = STARTING.lock();
        let ended = command.output().unwrap();
        drop(alone);
        assert_eq!(ended.status.code(), Some(2), "{ended:?}");
        assert_one_sentence(&ended.stdout, &ended.stderr);
    }
    // Keys from a terminal, but the screen into a pipe.
    let mut command = place.command("sh");
    command.args([
        "-c",
        r#""$0" demo | cat; exec "$0" demo </dev/null"#,
        TUILIO,
    ]);
    let terminal = Terminal::start(command);
    assert_eq!(terminal.exit_code(), 2);
    let state = terminal.look();
    assert_eq!(
        state.text().matches("no terminal").count(),
        2,
        "{}",
        state.text()
    );
    assert!(!state.written.contains(&0x1b), "{}", state.text());
}

fn assert_one_sentence(stdout: &[u8], stderr: &[u8]) {
    let said = String::from_utf8_lossy(stderr);
    assert!(stdout.is_empty() && said.lines().count() == 1, "{said}");
    assert!(said.contains("no terminal"), "{said}");
    assert!(!said.contains('\x1b'), "{said:?}");
}

fn begin_check(terminal: &mut Terminal, then: &str) {
    terminal.press("415 555 0123", "United States");
    terminal.press(ENTER, then);
}

fn leave(mut terminal: Terminal) {
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}
