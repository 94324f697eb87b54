//! The desk's manners in a terminal: its title, the mouse, the focus, a paste without brackets.

use libtest_mimic::Trial;
use tuilio::domain::OpState;

use crate::place::{ADA, Place, WHOM, connected};
use crate::pty::{CTRL_Q, ENTER, F6, Terminal};
use crate::simulator::Simulator;
use crate::trial;

const F12: &str = "\x1b[24~";

pub fn trials() -> Vec<Trial> {
    vec![
        trial("the_title_counts_who_waits_and_names_nobody", title),
        trial("a_click_is_the_key_that_stands_there", click),
        trial("the_mouse_is_left_to_the_terminal_on_demand", freed),
        trial("a_paste_without_brackets_sends_nothing", raw_paste),
        trial(
            "where_pastes_come_in_brackets_a_scanner_may_press_enter",
            scanner,
        ),
        trial(
            "the_answer_about_the_background_is_no_key_and_eats_none",
            background,
        ),
        trial("a_link_is_a_link_and_its_address_can_be_read", links),
        trial("the_focus_comes_and_goes_without_a_trace", focus),
    ]
}

fn title() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = connected(&place, &simulator);
    assert_eq!(title_of(&terminal).as_deref(), Some("tuilio"));
    terminal.press("415 555 0123", "United States");
    terminal.press(ENTER, "Waiting for the code");
    terminal.wait_until("a title that counts", |state| {
        titles(&state.written).last().map(String::as_str) == Some("tuilio, 1 waiting")
    });
    terminal.press(CTRL_Q, "Leave tuilio?");
    end(&mut terminal);
    let written = String::from_utf8_lossy(&terminal.look().written).into_owned();
    for title in titles(written.as_bytes()) {
        assert!(!title.contains("0123"), "{title}");
    }
    // What was there before is taken from the pile, after ours is gone.
    assert_eq!(title_of(&terminal).as_deref(), Some(""));
    let (push, pop) = (written.find("\x1b[22;2t"), written.rfind("\x1b[23;2t"));
    assert!(push.is_some() && push < pop, "{push:?} {pop:?}");
}

fn click() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = connected(&place, &simulator);
    press_on(&mut terminal, "Message");
    terminal.wait_for("[Message]");
    press_on(&mut terminal, "Verify");
    terminal.wait_for("[Verify]");
    terminal.press("415 555 0123", "United States");
    press_on(&mut terminal, "send the code");
    terminal.wait_for("Waiting for the code");
    press_on(&mut terminal, "x stop");
    terminal.wait_for("no longer works");
    assert_eq!(simulator.phone(ADA).len(), 1);
    // What came of it may not be on disk yet. That is no reason to ask, and it is written all the same.
    end(&mut terminal);
    let rows = place.history();
    assert!(
        rows.iter()
            .all(|row| matches!(row.state, OpState::Settled(_))),
        "{rows:?}"
    );
}

fn freed() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = connected(&place, &simulator);
    let on = |terminal: &Terminal| terminal.look().mouse() != vt100::MouseProtocolMode::None;
    assert!(on(&terminal));
    terminal.press(F12, "select text");
    assert!(!on(&terminal));
    terminal.press(F12, "works here again");
    assert!(on(&terminal));
    end(&mut terminal);
}

/// All in one write, as a terminal without brackets does it: no letter is a command, no return an Enter.
fn raw_paste() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = connected(&place, &simulator);
    terminal.press("415 555 0123\r", "United States");
    terminal.press(F6, "[Message]");
    assert_eq!(simulator.phone(ADA).len(), 0);
    terminal.press("\x1b[18~", WHOM);
    terminal.press(ENTER, "Waiting for the code");
    // r, c, x, w and n would be commands here.
    terminal.press("xcrwnxcrwnxcrwn\r\r", "There are no digits");
    terminal.press("1", "1 _ _");
    assert_eq!(simulator.phone(ADA).len(), 1);
    terminal.press(CTRL_Q, "Leave tuilio?");
    end(&mut terminal);
}

fn scanner() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = connected(&place, &simulator);
    terminal.press("4155550123\r", "Enter did nothing. Press Enter again.");
    assert_eq!(simulator.phone(ADA).len(), 0);
    // This terminal shows that it knows brackets. What comes without them was typed.
    terminal.press("\x1b", "number or email address");
    terminal.paste("415 555 0199");
    terminal.wait_for("555 0199");
    terminal.press("\x1b", "number or email address");
    terminal.press("4155550123\r", "Waiting for the code");
    assert_eq!(simulator.phone(ADA).len(), 1);
    terminal.press(CTRL_Q, "Leave tuilio?");
    end(&mut terminal);
}

fn background() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let silent = connected(&place, &simulator);
    let asks = |terminal: &Terminal| {
        let written = String::from_utf8_lossy(&terminal.look().written).into_owned();
        written.contains("\x1b]11;?")
    };
    assert!(
        !asks(&silent),
        "the terminal's own colours need no question"
    );
    drop(silent);
    std::fs::create_dir_all(place.config()).unwrap();
    std::fs::write(place.config().join("config.toml"), "theme = \"auto\"\n").unwrap();
    let mut terminal = connected(&place, &simulator);
    assert!(asks(&terminal));
    terminal.type_keys("415\x1b]11;rgb:ffff/ffff/ffff\x1b\\ 555");
    terminal.press(" 0123", "+1 415 555 0123");
    terminal.wait_for("▸ To          415 555 0123");
    end(&mut terminal);
}

fn links() {
    const PAGE: &str = "https://www.twilio.com/docs/errors/60205";
    for wanted in [true, false] {
        let (place, simulator) = (Place::new(), Simulator::start(&[]));
        std::fs::create_dir_all(place.config()).unwrap();
        let settings = place.config().join("config.toml");
        std::fs::write(settings, format!("links = {wanted}\n")).unwrap();
        let mut terminal = connected(&place, &simulator);
        terminal.press("415 555 0188", "United States");
        terminal.press(ENTER, PAGE);
        let written = String::from_utf8_lossy(&terminal.look().written).into_owned();
        let link = format!("\x1b]8;;{PAGE}\x1b\\");
        assert_eq!(written.contains(&link), wanted);
        assert_eq!(
            written.matches("\x1b]8;;\x1b\\").count(),
            written.matches("\x1b]8;;h").count(),
            "each link ends"
        );
        end(&mut terminal);
    }
}

fn focus() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = connected(&place, &simulator);
    let before = terminal.screen();
    terminal.type_keys("\x1b[O\x1b[I\x1b[O\x1b[I");
    terminal.press("4", "▸ To          4");
    terminal.type_keys("\x7f");
    terminal.wait_until("the screen as it was", |state| state.text() == before);
    end(&mut terminal);
}

/// Presses the left button on a text of the screen.
fn press_on(terminal: &mut Terminal, text: &str) {
    let screen = terminal.screen();
    let (row, column) = screen
        .lines()
        .enumerate()
        .find_map(|(row, line)| {
            let at = line.find(text)?;
            Some((row + 1, line[..at].chars().count() + 1))
        })
        .unwrap_or_else(|| panic!("{text} is not on the screen:\n{screen}"));
    terminal.type_keys(&format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"));
}

fn titles(written: &[u8]) -> Vec<String> {
    let written = String::from_utf8_lossy(written);
    written
        .split("\x1b]2;")
        .chain(written.split("\x1b]0;").skip(1))
        .skip(1)
        .filter_map(|rest| rest.split_once('\x07'))
        .map(|(title, _)| title.to_owned())
        .collect()
}

fn title_of(terminal: &Terminal) -> Option<String> {
    titles(&terminal.look().written).pop()
}

fn end(terminal: &mut Terminal) {
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}
