//! How a check ends: approved, expired, stopped, or not known to Twilio any more.

use tuilio::domain::export::Record;
use tuilio::twilio::wire::Method::Post;

use super::{CHECKS, CODES, approved_in_another_window, begun, code_typed, wrong};
use crate::desk::MOBILE;

#[test]
fn approved_says_what_it_shows_and_what_it_does_not() {
    let mut desk = code_typed(begun("happy", 12.0));
    desk.sees("Approved")
        .sees("In 12 s.")
        .sees("the caller can read messages on this phone, now.")
        .sees("who the caller is.")
        .sees("\"Thank you, that is done.\"")
        .sees("This screen clears in");
    desk.press("y");
    assert!(desk.copied[0].contains("APPROVED"), "{:?}", desk.copied);
    desk.press("n").sees("Whose phone are we checking?");
}

#[test]
fn expired_says_that_nothing_went_wrong_and_enter_sends_a_new_code() {
    let mut desk = begun("happy", 601.0);
    desk.sees("Expired. The ten minutes are over. Nothing went wrong.")
        .sees("\"That code is too old. I will send a new one.\"");
    desk.press("<Enter>").wait(1.0).sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 2);
}

#[test]
fn the_history_knows_what_others_did_to_a_check_and_never_calls_it_our_approval() {
    for (scene, word, outcome) in [
        (
            "approved_elsewhere",
            "Approved elsewhere",
            "approved elsewhere",
        ),
        ("cancelled_elsewhere", "Stopped", "stopped"),
    ] {
        let mut desk = code_typed(begun(scene, 6.0));
        desk.wait(700.0).press("<F4>").wait(1.0);
        desk.sees(word).sees_no("Expired").sees("0 approved");
        let rows = desk.rows();
        let told = Record::all(&rows, false, desk.now()).last().unwrap();
        assert_eq!(told.outcome, outcome, "the same for other programs");
        assert!(
            !desk
                .record()
                .iter()
                .any(|line| line.contains("verify_check approved"))
        );
    }
}

#[test]
fn approved_by_somebody_else_is_found_out_by_a_404_and_says_when() {
    let mut desk = code_typed(begun("approved_elsewhere", 6.0));
    desk.sees("Already approved, by somebody else, at 14:00, a moment ago.")
        .sees("Twilio does not say who typed the code.")
        .sees("Have you just read a code to one of my colleagues?");
    desk.press("y");
    assert!(
        desk.copied[0].contains("not from this desk"),
        "{:?}",
        desk.copied
    );
    desk.wait(240.0).sees("4 minutes ago");
    desk.press("<Enter>").wait(1.0).sees("Waiting for the code");
}

#[test]
fn approved_by_somebody_else_is_seen_before_a_code_is_typed() {
    let mut desk = begun("approved_elsewhere", 12.0);
    desk.sees("Already approved, by somebody else");
    assert_eq!(desk.requests(Post, CHECKS), 0);
}

#[test]
fn approved_in_another_window_is_known_from_our_own_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = approved_in_another_window(folder.path());
    desk.sees("Already approved, from this desk, at 14:00");
    desk.press("y");
    assert!(desk.copied[0].contains("APPROVED"), "{:?}", desk.copied);
}

#[test]
fn not_known_says_so_and_then_which() {
    let mut desk = begun("lost_request", 5.0);
    desk.sees("Not known. The line dropped while sending.")
        .sees("\"If a message comes, keep it.\"");
    desk.press("<Esc>")
        .sees("Whose phone are we checking?")
        .press("<Tab>");
    desk.wait(25.0).sees("Not found yet.");
    let mut desk = begun("lost_reply", 5.0);
    desk.sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 1);
    let mut desk = code_typed(begun("lost_check", 5.0));
    desk.wait(3.0).sees("Approved");
}

#[test]
fn stopped_is_said_and_so_is_who_stopped_it() {
    let mut desk = begun("happy", 5.0);
    desk.press("x").wait(1.0);
    desk.sees("Stopped. The code no longer works.");
    desk.press("<Enter>").wait(1.0).sees("Waiting for the code");
    let mut desk = code_typed(begun("cancelled_elsewhere", 6.0));
    desk.sees("Stopped by somebody else.")
        .sees("\"That code no longer works. I will send you a new one.\"");
    desk.wait(1.0)
        .press("<Enter>")
        .wait(1.0)
        .sees("Waiting for the code");
}

#[test]
fn a_code_that_is_sent_again_after_somebody_stopped_the_check_is_said_to_be_a_new_one() {
    let mut desk = begun("cancelled_elsewhere", 4.0);
    let slip = wrong(&desk);
    desk.press(slip)
        .wait(2.0)
        .sees("4 of 5")
        .sees("Every send carries the same code");
    let before = desk.code_on_phone(MOBILE);
    desk.wait(30.0).press("r").wait(1.0);
    assert_ne!(desk.code_on_phone(MOBILE), before);
    desk.sees("The check before was over already: this is a new code, and only the newest message has it.")
        .sees("I have sent you a new code. Please open the newest message")
        .sees("Tries left  5 of 5")
        .sees("Sends left  4 of 5")
        .sees_no("Every send carries the same code");
    let desk = code_typed(desk);
    assert!(desk.shows("Approved"), "{}", desk.screen());
}

#[test]
fn a_check_that_twilio_never_heard_of_is_said_to_be_so() {
    let mut desk = code_typed(begun("never_started", 3.0));
    desk.sees("Never started. Twilio has no trace of a code for this number.")
        .sees("\"There is no open check for you. I will send you a new code.\"");
    desk.wait(1.0)
        .press("<Enter>")
        .wait(1.0)
        .sees("Waiting for the code");
}

#[test]
fn a_404_whose_reason_cannot_be_asked_for_is_not_guessed_at() {
    let mut desk = begun("cancelled_elsewhere", 6.0);
    for path in ["/v2/Services/*/Verifications/*", "/v2/Attempts"] {
        desk.plant(
            "GET",
            path,
            "status",
            &[("status", "403"), ("code", "70051"), ("times", "9")],
        );
    }
    let mut desk = code_typed(desk);
    desk.sees("Gone. Twilio has closed this check, and does not say why");
    desk.press("n").sees("Whose phone are we checking?");
}

#[test]
fn how_long_it_took_is_said_in_one_way() {
    let mut desk = begun("happy", 75.0);
    let code = desk.code_on_phone(MOBILE);
    desk.resize(140, 40).press(&code).wait(3.0).press("y");
    let took = desk.copied[0].split(", in ").nth(1).unwrap();
    let took = took.split(',').next().unwrap().to_owned();
    assert!(took.starts_with("1 min 1"), "{took}");
    desk.sees(&format!("In {took}."));
}
