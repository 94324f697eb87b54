//! The demo, from its first question to an empty home.

use libtest_mimic::Trial;

use crate::place::{Place, WHOM, files};
use crate::pty::{CTRL_Q, ENTER, ESC, F9, Terminal};
use crate::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial(
            "the_demo_is_played_with_the_phone_on_a_page_of_its_own",
            narrow,
        ),
        trial("the_demo_is_played_with_the_phone_beside_the_desk", wide),
    ]
}

fn narrow() {
    let place = Place::new();
    let mut terminal = Terminal::start(place.demo());
    terminal.wait_for(WHOM);
    terminal.wait_for("DEMO");
    terminal.press("415 555 0123", "United States");
    terminal.press(ENTER, "Waiting for the code");
    terminal.press(F9, "verification code is");
    let code = code_on(&terminal.screen());
    terminal.press(ESC, "Waiting for the code");
    terminal.press(&code, "Approved");
    leave_without_a_trace(terminal, &place);
}

fn wide() {
    let place = Place::new();
    let mut terminal = Terminal::sized(place.demo(), 140, 40);
    terminal.wait_for(WHOM);
    terminal.press("415 555 0123", "United States");
    terminal.press(ENTER, "verification code is");
    terminal.wait_for("Waiting for the code");
    let code = code_on(&terminal.screen());
    terminal.press(&code, "Approved");
    leave_without_a_trace(terminal, &place);
}

/// The digits after the words that every code comes with.
fn code_on(screen: &str) -> String {
    let (_, after) = screen.split_once("verification code is").unwrap();
    let digits = after.chars().filter(char::is_ascii_digit);
    digits.take(6).collect()
}

fn leave_without_a_trace(mut terminal: Terminal, place: &Place) {
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
    let written = files(place.home());
    assert!(written.is_empty(), "{written:?}");
}
