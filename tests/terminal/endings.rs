//! Every way to end, and to stop: the terminal comes back each time, with the exit code of the occasion.

use std::time::Duration;

use libtest_mimic::Trial;
use portable_pty::CommandBuilder;
use rustix::process::Signal;

use crate::place::{Place, TUILIO, WHOM, demo};
use crate::pty::{CTRL_C, CTRL_L, CTRL_Q, CTRL_Z, ENTER, ESC, Terminal};
use crate::trial;

/// How long an ending may take that nobody waits for.
const SOON: Duration = Duration::from_secs(2);

pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("ctrl_q_ends_an_idle_desk_at_once", ctrl_q),
        trial(
            "ctrl_q_asks_where_a_check_waits_and_a_second_one_leaves",
            ctrl_q_twice,
        ),
        trial("ctrl_c_ends_the_desk_on_the_second_press", ctrl_c_twice),
        trial("a_closed_window_ends_the_desk", closed),
        trial(
            "a_closed_window_ends_a_desk_that_should_ignore_it",
            closed_and_ignored,
        ),
        trial(
            "a_closed_window_ends_a_desk_that_is_drawing",
            closed_while_drawing,
        ),
        trial(
            "ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again",
            ctrl_z,
        ),
        trial("a_storm_of_sizes_ends_in_the_same_screen", storm),
        trial("ctrl_l_draws_everything_anew", ctrl_l),
    ];
    for (name, signal, code) in [
        ("term_ends_the_desk_with_143", Signal::TERM, 143),
        ("hup_ends_the_desk_with_129", Signal::HUP, 129),
        ("int_ends_the_desk_with_130", Signal::INT, 130),
    ] {
        trials.push(Trial::test(name, move || {
            signalled(signal, code);
            Ok(())
        }));
    }
    trials
}

fn ctrl_q() {
    let place = Place::new();
    let mut terminal = demo(&place);
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code_within(SOON), 0);
    terminal.assert_given_back();
}

fn ctrl_q_twice() {
    let place = Place::new();
    let mut terminal = waiting(&place);
    terminal.press(CTRL_Q, "Leave tuilio?");
    terminal.type_keys(ESC);
    terminal.wait_gone("Leave tuilio?");
    terminal.press(CTRL_Q, "Leave tuilio?");
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code_within(SOON), 0);
    terminal.assert_given_back();
}

fn ctrl_c_twice() {
    let place = Place::new();
    let mut terminal = demo(&place);
    terminal.press(CTRL_C, "Ctrl-C once more");
    terminal.type_keys(CTRL_C);
    assert_eq!(terminal.exit_code_within(SOON), 0);
    terminal.assert_given_back();
}

fn signalled(signal: Signal, code: u32) {
    let place = Place::new();
    let terminal = waiting(&place);
    terminal.signal(signal);
    assert_eq!(terminal.exit_code_within(SOON), code);
    terminal.assert_given_back();
}

fn closed() {
    let place = Place::new();
    let mut terminal = demo(&place);
    terminal.close();
    assert_eq!(terminal.exit_code_within(SOON), 129);
}

/// As under `nohup`: the signal is ignored by whoever started the desk.
fn closed_and_ignored() {
    let place = Place::new();
    let mut terminal = Terminal::start(shell(&place, r#"trap "" HUP; "$0" demo; exit $?"#));
    terminal.wait_for(WHOM);
    terminal.close();
    assert_eq!(terminal.exit_code_within(SOON), 129);
}

/// A check counts its seconds down, so there is something to write when nobody reads any more.
fn closed_while_drawing() {
    let place = Place::new();
    let mut terminal = waiting(&place);
    terminal.close();
    assert_eq!(terminal.exit_code_within(SOON), 129);
}

fn ctrl_z() {
    let place = Place::new();
    // A shell with job control, which says what it sees.
    let script =
        r#"set -m; "$0" demo; echo "in the shell"; read line; fg >/dev/null; echo "ended $?""#;
    let mut terminal = Terminal::start(shell(&place, script));
    terminal.wait_for(WHOM);
    terminal.press("415", "415");
    assert!(!terminal.is_cooked(), "the desk reads single keys");
    terminal.press(CTRL_Z, "in the shell");
    terminal.assert_given_back();
    terminal.resize(100, 30);
    terminal.type_keys(ENTER);
    terminal.wait_until("the desk again", |state| {
        let text = state.text();
        state.is_alternate()
            && text.contains(WHOM)
            && text.contains("415")
            && text.contains(&"─".repeat(100))
    });
    assert!(!terminal.is_cooked(), "the desk reads single keys again");
    terminal.press("5550123", "United States");
    terminal.press(CTRL_Q, "ended 0");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
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
