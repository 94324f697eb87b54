//! Keys that were on their way when the screen changed, and keys that do nothing: none of them sends or wipes
//! anything, and each says what is expected instead.

use tuilio::keymap::{Chord, Key};
use tuilio::model::Event;
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};
use crate::states::{begun, wrong, wrong_codes};

const CODES: &str = "/Verifications";
const CHECKS: &str = "/VerificationCheck";
const HASTY: &str = "That Enter came as the screen changed, so it did nothing.";
const NO_CODE: &str = "There is no code to type here any more";

/// Enter, this very moment.
fn enter(desk: &mut Desk) -> &mut Desk {
    let chord = Chord::plain(Key::Enter);
    desk.happen(Event::Key { chord, held: false });
    desk
}

/// The first digit has the check looked at, and it turns out to be over while the others are typed.
fn ends_while_typing(scene: &str, end: &str) -> Desk {
    let mut desk = begun(scene, 40.0);
    desk.sees("Waiting for the code").press("1");
    for _ in 0..50 {
        if desk.shows(end) {
            return desk;
        }
        desk.wait(0.1);
    }
    panic!("{end:?} never came:\n{}", desk.screen());
}

#[test]
fn an_enter_that_was_meant_for_the_code_sends_no_new_one_after_the_check_was_stopped_elsewhere() {
    let mut desk = ends_while_typing("cancelled_elsewhere", "Stopped by somebody else");
    desk.press("23").sees(NO_CODE).press("456");
    enter(&mut desk).wait(0.2).sees(HASTY);
    assert_eq!(desk.requests(Post, CODES), 1);
    // Nor one that comes again and again.
    for _ in 0..5 {
        enter(&mut desk).wait(0.5);
    }
    assert_eq!(desk.requests(Post, CODES), 1);
    desk.wait(1.0).press("<Enter>").wait(1.0);
    assert_eq!(desk.requests(Post, CODES), 2);
}

#[test]
fn an_enter_right_after_digits_is_meant_for_them_however_long_the_check_has_been_over() {
    let mut desk = ends_while_typing("cancelled_elsewhere", "Stopped by somebody else");
    desk.wait(5.0).press("123456").sees(NO_CODE);
    enter(&mut desk).wait(0.2).sees(HASTY);
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn a_check_that_was_approved_elsewhere_takes_no_enter_that_was_meant_for_its_code() {
    let mut desk = begun("approved_elsewhere", 6.0);
    desk.reads_back(MOBILE);
    for _ in 0..50 {
        if desk.shows("Already approved") {
            break;
        }
        desk.wait(0.1);
    }
    desk.sees("Already approved");
    enter(&mut desk).wait(0.2).sees(HASTY);
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn an_enter_out_of_habit_does_not_wipe_an_approval() {
    let mut desk = begun("happy", 5.0);
    desk.reads_back(MOBILE).wait(0.7).sees("Approved");
    enter(&mut desk).sees(HASTY).sees("Approved");
    desk.wait(0.5);
    enter(&mut desk).sees("Approved");
    desk.press("y");
    assert_eq!(desk.copied.len(), 1);
    desk.wait(1.0).press("<Enter>");
    desk.sees("Whose phone are we checking?");
}

#[test]
fn who_has_stopped_a_check_may_go_on_at_once() {
    let mut desk = begun("happy", 12.0);
    desk.press("x").wait(0.5).sees("Stopped");
    enter(&mut desk).wait(1.0).sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 2);
}

#[test]
fn a_digit_after_the_last_one_begins_the_code_anew_where_it_waits_for_enter() {
    let mut desk = wrong_codes(2);
    desk.press(wrong(&desk)).sees("Enter checks this code.");
    desk.press("4").sees("this one begins a new code");
    // Older digits are not checked.
    desk.press("<Enter>").wait(1.0);
    assert_eq!(desk.requests(Post, CHECKS), 2);
    desk.press("<Backspace>").reads_back(MOBILE);
    desk.press("<Enter>").wait(0.5).sees("Approved");
    assert_eq!(desk.requests(Post, CHECKS), 3);
}

#[test]
fn a_key_that_does_nothing_in_the_code_box_says_what_is_expected() {
    let mut desk = begun("happy", 12.0);
    desk.press("<Enter>")
        .sees("none is typed yet: it has 6 digits");
    desk.press("1<Enter>").sees("one digit is typed");
    desk.press("23<Enter>")
        .sees("3 digits are typed, and the code has 6.");
    desk.press("q").sees("q does nothing here.");
    desk.press("456").wait(1.0);
    assert_eq!(desk.requests(Post, CHECKS), 1, "what was typed stands");
}

#[test]
fn an_enter_is_no_answer_to_a_question_and_says_which_keys_are() {
    // To send a code.
    let mut desk = wrong_codes(5);
    desk.press("x").wait(1.0).press("<Enter>");
    desk.sees("Five wrong codes were tried for this phone");
    desk.press("<Enter>")
        .sees("Enter is no answer here. y: yes, go on. Esc: back.");
    assert_eq!(desk.requests(Post, CODES), 1);
    // To send a text.
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>").paste("+12645550140").press("<Enter>");
    desk.press("Hello<Enter>").wait(1.0);
    desk.press("<Enter>")
        .sees("Enter is no answer here. y: yes, send it. Esc: back.");
    // To leave.
    let mut desk = begun("happy", 12.0);
    desk.press("<Ctrl-Q><Enter>")
        .sees("Enter is no answer here.");
}

#[test]
fn the_key_of_the_refusal_stands_under_a_check_whose_caller_may_be_guessing() {
    let mut desk = Desk::at_work("happy");
    desk.paste("415 555 0100").press("<Enter>").wait(12.0);
    let slip = wrong(&desk);
    desk.press(slip).wait(2.0).press(slip).wait(2.0);
    desk.resize(80, 24);
    let screen = desk.screen();
    let footer = screen.lines().last().unwrap();
    assert!(footer.contains("F3 refuse"), "{footer}");
    assert!(footer.contains("x stop"), "{footer}");
}
