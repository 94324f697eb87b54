//! What goes on by itself: a code that waits because Twilio asked for it, a text that is held. Neither goes on
//! where another window has sent it meanwhile, nor long after its moment: that is for a person to decide.

use tempfile::TempDir;
use tuilio::store::Store;
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";
const TEXTS: &str = "/Messages.json";
const NUMBER: &str = "4155550100";

/// The next start of a code is to wait for so long.
fn busy(desk: &mut Desk, seconds: &str) {
    desk.plant(
        "POST",
        "/v2/Services/*/Verifications",
        "status",
        &[
            ("status", "429"),
            ("code", "20429"),
            ("retry_after", seconds),
        ],
    );
}

/// One window waits, and the other sends a code to the same phone meanwhile.
fn overtaken() -> (TempDir, Desk, Desk) {
    let (folder, mut desk, mut other) = Desk::two();
    busy(&mut desk, "35");
    desk.press(&format!("{NUMBER}<Enter>"))
        .wait(1.0)
        .sees("Twilio asks us to wait 0:3");
    other
        .press(&format!("{NUMBER}<Enter>"))
        .wait(1.0)
        .sees("Waiting for the code");
    (folder, desk, other)
}

/// A desk that holds texts, and one that it holds.
fn held(desk: &mut Desk) {
    desk.model.policy.hold_seconds = 15;
    desk.press(&format!("<F6>{NUMBER}<Enter>Hello<Enter><Enter>"))
        .sees("Held back: it leaves in");
}

#[test]
fn a_code_that_waited_is_asked_about_where_another_window_sent_one_meanwhile() {
    let (_folder, mut desk, mut other) = overtaken();
    desk.wait_with(&mut other, 60.0);
    assert_eq!(desk.requests(Post, CODES), 2, "{}", desk.screen());
    desk.sees("a code went to this phone from another window")
        .sees("Send all the same?");
    desk.press("<Enter>").wait(1.0);
    assert_eq!(desk.requests(Post, CODES), 2, "Enter is no yes");
    desk.press("y").wait(1.0).sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 3);
}

#[test]
fn a_no_sends_nothing_and_the_key_that_sends_it_after_all_asks_again() {
    let (_folder, mut desk, mut other) = overtaken();
    desk.wait_with(&mut other, 60.0);
    desk.press("<Esc>").sees("Not sent").wait(60.0);
    desk.press("r").wait(1.0).sees("Send all the same?");
    assert_eq!(desk.requests(Post, CODES), 2);
    desk.press("y").wait(1.0).sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 3);
}

#[test]
fn a_code_that_waited_in_the_background_is_asked_about_when_it_is_looked_at() {
    let (_folder, mut desk, mut other) = overtaken();
    desk.press("n");
    desk.wait_with(&mut other, 60.0);
    desk.press("y").wait(1.0).sees_no("Send all the same?");
    assert_eq!(desk.requests(Post, CODES), 2);
    desk.press("<Backspace><Tab>")
        .sees("Send all the same?")
        .press("y")
        .wait(1.0)
        .sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 3);
}

#[test]
fn a_refusal_that_came_after_it_does_not_hide_the_code_of_the_other_window() {
    let (folder, mut desk, mut other) = Desk::two();
    let mut third = desk.beside(Store::open(folder.path()).unwrap());
    busy(&mut desk, "35");
    desk.press(&format!("{NUMBER}<Enter>")).wait(1.0);
    other.press(&format!("{NUMBER}<Enter>")).wait(1.0);
    busy(&mut third, "300");
    third.press(&format!("{NUMBER}<Enter>")).wait(0.1);
    third.sees("Send all the same?").press("y").wait(1.0);
    third.sees("Not sent");
    desk.wait_with(&mut other, 60.0);
    desk.sees("Send all the same?");
    assert_eq!(desk.requests(Post, CODES), 3);
}

#[test]
fn of_two_windows_whose_waits_end_in_one_moment_one_sends_a_code_by_whatever_way() {
    for way in ["", "<Down>"] {
        let (_folder, mut desk, mut other) = Desk::two();
        busy(&mut desk, "35");
        desk.press(&format!("{NUMBER}<Enter>")).wait(1.0);
        busy(&mut other, "35");
        other.press(&format!("{NUMBER}{way}<Enter>")).wait(1.0);
        // Neither is told the time before both are due.
        desk.stand_still(38.0);
        desk.wait_with(&mut other, 5.0);
        assert_eq!(desk.requests(Post, CODES), 3, "{}", other.screen());
        desk.sees("Waiting for the code");
        // It is one check, and goes on in both.
        other.sees("Waiting for the code").sees("by SMS");
        // A way of one's own goes on a key.
        other.press("c");
        desk.wait_with(&mut other, 1.0);
        assert_eq!(desk.requests(Post, CODES), 4);
        other.sees("by call");
    }
}

#[test]
fn a_code_that_waited_goes_on_where_only_other_phones_got_one() {
    let (_folder, mut desk, mut other) = Desk::two();
    busy(&mut desk, "35");
    desk.press(&format!("{NUMBER}<Enter>")).wait(1.0);
    other.press("4155550101<Enter>").wait(1.0);
    desk.wait_with(&mut other, 60.0);
    desk.sees("Waiting for the code");
    assert_eq!(desk.on_phone(MOBILE), 1);
}

#[test]
fn a_code_whose_moment_was_overslept_does_not_go_on_by_itself() {
    let mut desk = Desk::at_work("happy");
    busy(&mut desk, "35");
    desk.press(&format!("{NUMBER}<Enter>")).wait(1.0);
    desk.stand_still(120.0);
    desk.wait(60.0);
    assert_eq!(desk.requests(Post, CODES), 1, "{}", desk.screen());
    desk.sees("This computer stood still");
    // The wait is over, and nothing came of it.
    desk.press("<F4>").sees("Not sent").sees_no("Asked to wait");
    desk.press("<F7>");
    desk.press("r").wait(1.0).sees("Waiting for the code");
    assert_eq!(desk.on_phone(MOBILE), 1);
}

#[test]
fn a_code_that_is_a_few_seconds_late_goes_on() {
    let mut desk = Desk::at_work("happy");
    busy(&mut desk, "35");
    desk.press(&format!("{NUMBER}<Enter>")).wait(1.0);
    desk.stand_still(40.0);
    desk.wait(1.0).sees("Waiting for the code");
}

#[test]
fn a_text_that_was_held_is_reviewed_again_where_another_window_sent_the_same() {
    let (_folder, mut desk, mut other) = Desk::two();
    held(&mut desk);
    other.press(&format!("<F6>{NUMBER}<Enter>Hello<Enter><Enter>"));
    desk.wait_with(&mut other, 30.0);
    assert_eq!(desk.requests(Post, TEXTS), 1, "{}", desk.screen());
    desk.sees("You sent this same text to this number")
        .sees("Hello");
    desk.press("<Enter>").wait(20.0);
    assert_eq!(desk.requests(Post, TEXTS), 1, "Enter is no yes");
    desk.press("y").wait(20.0);
    assert_eq!(desk.requests(Post, TEXTS), 2);
}

#[test]
fn a_held_text_whose_moment_was_overslept_is_reviewed_again() {
    let mut desk = Desk::at_work("happy");
    held(&mut desk);
    desk.stand_still(60.0);
    desk.wait(60.0);
    assert_eq!((desk.rows().len(), desk.requests(Post, TEXTS)), (0, 0));
    desk.sees("Send this text?")
        .sees("Hello")
        .sees("This computer stood still");
    desk.press("<Enter>").wait(20.0);
    assert_eq!(desk.rows().len(), 0, "Enter is no yes");
    desk.press("y").wait(1.0).sees_no("Held back");
    assert_eq!((desk.rows().len(), desk.requests(Post, TEXTS)), (1, 1));
    desk.wait(30.0);
    assert_eq!(desk.on_phone(MOBILE), 1);
}

#[test]
fn a_yes_to_a_text_whose_moment_was_overslept_asks_the_history_before_it_leaves() {
    let (_folder, mut desk, mut other) = Desk::two();
    held(&mut desk);
    desk.stand_still(60.0);
    desk.wait(1.0).sees("This computer stood still");
    other.press(&format!("<F6>{NUMBER}<Enter>Hello<Enter><Enter>"));
    other.wait(30.0);
    assert_eq!(desk.requests(Post, TEXTS), 1);
    desk.press("y").wait(1.0);
    desk.sees("You sent this same text to this number");
    assert_eq!(desk.requests(Post, TEXTS), 1);
}

#[test]
fn a_text_that_was_overruled_once_is_not_asked_about_again_when_it_leaves() {
    let mut desk = Desk::at_work("happy");
    held(&mut desk);
    desk.wait(30.0);
    desk.press(&format!("n{NUMBER}<Enter>Hello<Enter>"))
        .wait(1.0)
        .sees("You sent this same text")
        .press("y")
        .sees("Held back")
        .wait(30.0);
    assert_eq!(desk.requests(Post, TEXTS), 2);
}

#[test]
fn a_wait_that_is_too_long_is_named_and_not_called_a_few_seconds() {
    let mut desk = Desk::at_work("happy");
    busy(&mut desk, "259200");
    desk.press(&format!("{NUMBER}<Enter>")).wait(1.0);
    desk.sees("Twilio asks to wait until 2026-03-07, 14:00")
        .sees_no("few seconds");
    desk.press("<F4><Enter>")
        .sees("Twilio asks to wait until 2026-03-07, 14:00")
        .sees_no("few seconds");
    desk.plant(
        "POST",
        "/2010-04-01/Accounts/*/Messages.json",
        "status",
        &[("status", "429"), ("code", "20429"), ("retry_after", "40")],
    );
    desk.press(&format!("<F6>{NUMBER}<Enter>Hello<Enter><Enter>"))
        .wait(1.0);
    desk.sees("Twilio asks to wait until 14:00:4")
        .sees_no("few seconds");
    desk.wait(60.0).press("<F6>");
    desk.sees("The time that Twilio asked to wait is over");
}

#[test]
fn a_window_that_came_too_late_says_that_the_same_is_under_way_and_not_that_a_line_dropped() {
    let (_folder, mut desk, mut other) = Desk::two();
    desk.plant(
        "POST",
        "/v2/Services/*/Verifications",
        "delay",
        &[("ms", "4000")],
    );
    desk.press(NUMBER);
    other.press(NUMBER);
    desk.press("<Enter>");
    other.press("<Enter>");
    desk.wait_with(&mut other, 0.5);
    other
        .sees("Not sent: Under way already")
        .sees("so nothing was sent")
        .sees_no("The line dropped");
    assert_eq!(desk.requests(Post, CODES), 1);
    desk.wait_with(&mut other, 10.0);
    other.sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 1);
}
