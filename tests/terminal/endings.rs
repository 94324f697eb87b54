//! Every way to end in every kind of desk, and to stop for a while: the terminal comes back each time,
//! with the exit code of the occasion, at once, and with nothing on it that does not belong there.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::place::{ADA, Place, TUILIO, WHOM, connected, demo};
use crate::pty::{CTRL_C, CTRL_L, CTRL_Q, CTRL_Z, ENTER, ESC, Terminal};
use crate::simulator::Simulator;
use crate::trial;

/// How long an ending may take that nobody waits for: less than leaving waits for anything that hangs.
const SOON: Duration = Duration::from_secs(3);
/// A machine that does much else may be late now and then; an ending that waits for something always is.
const TRIES: usize = 5;

/// A desk that runs, and what it needs to.
struct Running {
    terminal: Terminal,
    place: Place,
    simulator: Option<Simulator>,
}

type Start = fn() -> Running;

/// A kind of desk: its name, how it is started, and whether it has the whole screen.
const DESKS: &[(&str, Start)] = &[
    ("an_idle_desk", idle),
    ("a_desk_where_a_check_waits", checking),
    ("a_desk_that_waits_for_twilio", sending),
    ("the_demo", in_demo),
    ("the_tour", in_tour),
    ("the_wizard", in_wizard),
    ("the_line_mode", in_lines),
];

/// A way to end.
#[derive(Clone, Copy)]
enum Way {
    Quit,
    CtrlC,
    Signal(Signal),
    Closed,
}

const WAYS: &[(&str, Way)] = &[
    ("quitting", Way::Quit),
    ("ctrl_c", Way::CtrlC),
    ("sigterm", Way::Signal(Signal::TERM)),
    ("sighup", Way::Signal(Signal::HUP)),
    ("sigint", Way::Signal(Signal::INT)),
    ("sigquit", Way::Signal(Signal::QUIT)),
    ("a_closed_window", Way::Closed),
];

pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial(
            "ctrl_q_asks_where_a_check_waits_and_a_second_one_leaves",
            ctrl_q_twice,
        ),
        trial(
            "a_closed_window_ends_a_desk_that_should_ignore_it",
            closed_and_ignored,
        ),
        trial(
            "ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again_twice",
            ctrl_z,
        ),
        trial(
            "ctrl_z_during_a_send_loses_and_doubles_nothing",
            ctrl_z_sending,
        ),
        trial(
            "ctrl_z_stops_the_script_that_started_the_desk_too",
            ctrl_z_script,
        ),
        trial(
            "what_cannot_start_leaves_the_terminal_alone",
            errors_at_start,
        ),
        trial(
            "a_signal_that_nobody_sends_on_purpose_gives_the_terminal_back",
            stray_signals,
        ),
        trial("a_storm_of_sizes_ends_in_the_same_screen", storm),
        trial("ctrl_l_draws_everything_anew", ctrl_l),
    ];
    for &(way, how) in WAYS {
        for &(desk, start) in DESKS {
            trials.push(Trial::test(format!("{way}_ends_{desk}"), move || {
                let quick = (0..TRIES).any(|_| ends(start(), how) < SOON);
                assert!(quick, "each of {TRIES} endings took longer than {SOON:?}");
                Ok(())
            }));
        }
    }
    trials
}

/// One place of the table; how long the end took.
fn ends(running: Running, way: Way) -> Duration {
    let Running {
        mut terminal,
        place,
        simulator,
    } = running;
    let lines = !terminal.look().is_alternate();
    let mut asked = Instant::now();
    let code = match way {
        Way::Quit if lines => {
            terminal.type_keys("quit\r");
            0
        }
        Way::Quit => {
            // Where something waits, the first one asks.
            terminal.type_keys(CTRL_Q);
            terminal.wait_until("the end, or a question", |state| {
                state.has_ended() || state.text().contains("Leave tuilio?")
            });
            if !terminal.look().has_ended() {
                // It may just be ending.
                asked = Instant::now();
                terminal.type_keys_if_open(CTRL_Q);
            }
            0
        }
        // The terminal makes a signal of it.
        Way::CtrlC if lines => {
            terminal.type_keys(CTRL_C);
            130
        }
        Way::CtrlC => {
            terminal.press(CTRL_C, "Ctrl-C once more");
            asked = Instant::now();
            terminal.type_keys(CTRL_C);
            terminal.wait_until("the end, or a question", |state| {
                state.has_ended() || state.text().contains("Leave tuilio?")
            });
            terminal.type_keys_if_open(CTRL_Q);
            0
        }
        Way::Signal(signal) => {
            terminal.signal(signal);
            128 + signal.as_raw().cast_unsigned()
        }
        Way::Closed => {
            terminal.close();
            129
        }
    };
    assert_eq!(terminal.exit_code(), code);
    let took = asked.elapsed();
    if !matches!(way, Way::Closed) {
        terminal.assert_as_before();
        if !lines {
            assert_eq!(terminal.screen(), "", "something was written after the end");
        }
    }
    drop((place, simulator));
    took
}

fn idle() -> Running {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    Running {
        terminal: connected(&place, &simulator),
        place,
        simulator: Some(simulator),
    }
}

/// A check counts its seconds down, so there is something to write at any time.
fn checking() -> Running {
    let mut running = idle();
    running.terminal.press("415 555 0123", "United States");
    running.terminal.press(ENTER, "Waiting for the code");
    running
}

/// Twilio does not answer.
fn sending() -> Running {
    let mut running = idle();
    let simulator = running.simulator.as_ref().unwrap();
    simulator.plant(&json!({
        "method": "POST", "path": "/v2/Services/*/Verifications", "fault": "delay", "ms": 60_000,
    }));
    running.terminal.press("415 555 0123", "United States");
    running.terminal.press(ENTER, "Sending");
    running
}

fn in_demo() -> Running {
    let place = Place::new();
    Running {
        terminal: demo(&place),
        place,
        simulator: None,
    }
}

fn in_tour() -> Running {
    let place = Place::new();
    let mut command = place.command(TUILIO);
    command.arg("tour");
    let terminal = Terminal::start(command);
    terminal.wait_for("stop 1 of 7");
    Running {
        terminal,
        place,
        simulator: None,
    }
}

fn in_wizard() -> Running {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let terminal = Terminal::start(place.desk(simulator.url()));
    terminal.wait_for("Welcome to tuilio");
    Running {
        terminal,
        place,
        simulator: Some(simulator),
    }
}

fn in_lines() -> Running {
    let place = Place::new();
    let mut command = place.demo();
    command.arg("--plain");
    let terminal = Terminal::start(command);
    terminal.wait_for(WHOM);
    terminal.wait_for("\n>");
    Running {
        terminal,
        place,
        simulator: None,
    }
}

fn stray_signals() {
    for signal in [
        Signal::USR1,
        Signal::USR2,
        Signal::ABORT,
        Signal::ALARM,
        Signal::VTALARM,
        Signal::PROF,
        Signal::XCPU,
        Signal::IO,
        Signal::POWER,
    ] {
        ends(in_demo(), Way::Signal(signal));
    }
}

fn ctrl_q_twice() {
    let place = Place::new();
    let mut terminal = waiting(&place);
    terminal.press(CTRL_Q, "Leave tuilio?");
    terminal.type_keys(ESC);
    terminal.wait_gone("Leave tuilio?");
    terminal.press(CTRL_Q, "Leave tuilio?");
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

/// As under `nohup`: the signal is ignored by whoever started the desk.
fn closed_and_ignored() {
    let place = Place::new();
    let mut terminal = Terminal::start(shell(&place, r#"trap "" HUP; "$0" demo; exit $?"#));
    terminal.wait_for(WHOM);
    terminal.close();
    assert_eq!(terminal.exit_code(), 129);
}

fn ctrl_z() {
    const TYPED: &str = "▸ To          415";
    let place = Place::new();
    // A shell with job control, which says what it sees.
    let script = r#"set -m; "$0" demo; echo "in the shell"; read line; fg >/dev/null
        echo "again in the shell"; read line; fg >/dev/null; echo "ended $?""#;
    let mut terminal = Terminal::start(shell(&place, script));
    terminal.wait_for(WHOM);
    terminal.press("415", TYPED);
    for (width, words) in [(100, "in the shell"), (90, "again in the shell")] {
        assert!(!terminal.is_cooked(), "the desk reads single keys");
        terminal.press(CTRL_Z, words);
        terminal.assert_given_back();
        terminal.resize(width, 30);
        terminal.type_keys(ENTER);
        terminal.wait_until("the desk again", |state| {
            let text = state.text();
            state.is_alternate()
                && text.contains(WHOM)
                && text.contains(TYPED)
                && text.contains(&"─".repeat(width.into()))
        });
    }
    assert!(!terminal.is_cooked(), "the desk reads single keys again");
    terminal.press("5550123", "United States");
    terminal.press(CTRL_Q, "ended 0");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

/// The answer comes while nobody looks, and is there when the desk is.
fn ctrl_z_sending() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut command = place.connected_desk(&simulator, simulator.word("api_secret"));
    let script = r#"set -m; "$0"; echo "in the shell"; read line; fg >/dev/null; echo "ended $?""#;
    let mut words = CommandBuilder::new("sh");
    words.args(["-c", script, TUILIO]);
    command.get_argv_mut().clone_from(words.get_argv());
    let mut terminal = Terminal::start(command);
    terminal.wait_for(WHOM);
    terminal.wait_for("Acme Support");
    terminal.press("415 555 0123", "United States");
    simulator.plant(&json!({
        "method": "POST", "path": "/v2/Services/*/Verifications", "fault": "delay", "ms": 1_500,
    }));
    terminal.type_keys(ENTER);
    // The fault is used up when the request has arrived. Who answers is held until the desk is, too.
    while simulator.get("/simulator/faults") != json!([]) {
        assert!(!terminal.look().has_ended(), "{}", terminal.screen());
        std::thread::yield_now();
    }
    signal(&simulator, Signal::STOP);
    terminal.press(CTRL_Z, "in the shell");
    terminal.assert_given_back();
    signal(&simulator, Signal::CONT);
    simulator.wait_for_phone(ADA);
    terminal.press(ENTER, "Waiting for the code");
    assert_eq!(simulator.phone(ADA).len(), 1);
    terminal.press(CTRL_Q, "Leave tuilio?");
    terminal.press(CTRL_Q, "ended 0");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

fn signal(simulator: &Simulator, signal: Signal) {
    let process = i32::try_from(simulator.process()).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), signal).unwrap();
}

/// The desk is not the leader of its job, as in a script that starts it.
fn ctrl_z_script() {
    let place = Place::new();
    let script = r#"set -m; sh -c '"$0" demo; echo "the script ended"' "$0"; echo "in the shell"
        read line; fg >/dev/null; echo "ended $?""#;
    let mut terminal = Terminal::start(shell(&place, script));
    terminal.wait_for(WHOM);
    terminal.press(CTRL_Z, "in the shell");
    terminal.assert_given_back();
    terminal.press(ENTER, WHOM);
    terminal.press(CTRL_Q, "ended 0");
    assert!(terminal.screen().contains("the script ended"));
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

type Spoil = fn(&Place, &mut CommandBuilder);

/// There is one sentence, and the terminal was never touched.
fn errors_at_start() {
    let simulator = Simulator::start(&[]);
    let whole = |place: &Place| place.connected_desk(&simulator, simulator.word("api_secret"));
    let broken: &[(&str, Spoil)] = &[
        ("config.toml", |place, _| {
            std::fs::create_dir_all(place.config()).unwrap();
            std::fs::write(place.config().join("config.toml"), "theme = [\n").unwrap();
        }),
        ("data", |place, _| {
            std::fs::write(place.data(), "a file where a folder should be").unwrap();
        }),
        ("TUILIO_API_URL", |_, command| {
            command.env("TUILIO_API_URL", "http://example.com");
        }),
        ("nobody", |_, command| {
            command.args(["demo", "--scene", "nobody"]);
        }),
        ("--nothing", |_, command| command.args(["--nothing"])),
        ("terminal", |_, command| command.args(["login"])),
    ];
    for (word, spoil) in broken {
        let place = Place::new();
        let mut command = whole(&place);
        spoil(&place, &mut command);
        let terminal = Terminal::start(command);
        let code = terminal.exit_code();
        assert!(code == 1 || code == 2, "{word}: {code}");
        let said = terminal.screen().replace('\n', "");
        assert!(said.contains(word), "{word}: {said}");
        assert!(!terminal.look().written.contains(&0x1b), "{said}");
        terminal.assert_as_before();
    }
}

fn storm() {
    let place = Place::new();
    let mut terminal = demo(&place);
    let before = terminal.screen();
    for round in 0..40 {
        for (width, height) in [(140, 40), (1, 1), (59, 14), (300, 5), (60 + round, 15)] {
            terminal.resize(width, height);
        }
    }
    terminal.resize(80, 24);
    terminal.wait_until("the screen as it was", |state| state.text() == before);
    terminal.press("415 555 0123", "United States");
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

fn ctrl_l() {
    let place = Place::new();
    let mut terminal = demo(&place);
    let before = terminal.look().written.len();
    terminal.type_keys(CTRL_L);
    terminal.wait_until("the whole screen", |state| {
        String::from_utf8_lossy(&state.written[before..]).contains(WHOM)
    });
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
}

/// The demo with a check that waits for its code.
fn waiting(place: &Place) -> Terminal {
    let mut terminal = demo(place);
    terminal.press("415 555 0123", "United States");
    terminal.press(ENTER, "Waiting for the code");
    terminal
}

/// A shell that knows the program as `$0`.
fn shell(place: &Place, script: &str) -> CommandBuilder {
    let mut command = place.command("sh");
    command.args(["-c", script, TUILIO]);
    command
}
