//! What the desk says fits what happened: when a check ended and why, what was not done, what is still
//! known of what arrived, and what was done at another window of the same history.

use std::rc::Rc;
use std::sync::Arc;

use tempfile::TempDir;
use tuilio::twilio::transport::Sending;
use tuilio::twilio::wire::Method::Post;
use tuilio::twilio::wire::Request;
use tuilio::twilio::{Transport, TransportError};

use crate::desk::{Desk, MOBILE};
use crate::line::Road;
use crate::states::{begun, code_typed};

const CODES: &str = "/Verifications";

/// A line on which no connection stands.
struct Dead;

impl Transport for Dead {
    fn send(&self, _: Request) -> Sending<'_> {
        let why = "Connection refused (os error 111)".to_owned();
        Box::pin(async move { Err(TransportError::NotSent(why)) })
    }
}

fn cut(desk: &mut Desk) -> Road {
    std::mem::replace(&mut desk.road, Rc::new(|_| Arc::new(Dead)))
}

#[test]
fn a_code_that_expired_early_has_the_evidence_of_when_that_was_noticed_and_why() {
    let mut desk = Desk::demo("expired");
    desk.paste("415 555 0100").press("<Enter>").wait(33.0);
    desk.reads_back(MOBILE).wait(2.0);
    desk.sees("Expired. Twilio keeps codes for a shorter time here.");
    desk.press("y");
    let line = desk.copied.pop().unwrap();
    assert!(
        line.contains(
            "NOT approved, noticed 2026-03-04 14:00:33 UTC: the code expired before its ten minutes"
        ),
        "{line}"
    );
    assert!(line.contains(", audit "), "{line}");
    assert!(!line.contains("no right code"), "{line}");
    desk.press("n<F4>").sees("Expired").sees_no("Waiting");
    desk.press("<Enter>y");
    assert_eq!(desk.copied.pop().as_ref(), Some(&line));
    // Time does not change what was known then.
    desk.wait(700.0).press("y");
    assert_eq!(desk.copied.pop(), Some(line));
}

#[test]
fn a_code_that_expired_in_time_has_the_evidence_of_the_ten_minutes() {
    let mut desk = begun("happy", 601.0);
    desk.sees("The ten minutes are over.").press("y");
    let line = desk.copied.pop().unwrap();
    assert!(
        line.contains("NOT approved 2026-03-04 14:10:00 UTC: no right code within ten minutes"),
        "{line}"
    );
    desk.press("n<F4><Enter>y");
    assert_eq!(desk.copied.pop(), Some(line));
}

#[test]
fn what_another_hand_stopped_is_not_said_to_be_stopped_by_the_agent() {
    let desk = begun("cancelled_elsewhere", 12.0);
    let mut desk = code_typed(desk);
    desk.wait(2.0).sees("Stopped by somebody else.").press("n");
    desk.press("<F4><Enter>").sees("Stopped").press("y");
    assert!(desk.copied.is_empty(), "{:?}", desk.copied);
}

#[test]
fn tries_that_others_used_up_have_dated_evidence() {
    let desk = begun("tries_used_up", 3.0);
    let mut desk = code_typed(desk);
    desk.sees("Five wrong codes").press("y");
    let line = desk.copied.pop().unwrap();
    assert!(line.contains("NOT approved 2026-03-04 14:00:0"), "{line}");
    // A stop that fails changes nothing of it.
    let road = cut(&mut desk);
    desk.wait(30.0).press("x").wait(60.0);
    desk.sees("Five wrong codes")
        .sees("This check was not stopped")
        .press("y");
    assert_eq!(desk.copied.pop(), Some(line));
    desk.road = road;
    desk.press("x").wait(2.0);
    desk.sees("Stopped. The code no longer works.");
}

#[test]
fn a_number_that_waits_at_another_window_is_asked_about() {
    let (_folder, mut desk, mut other) = Desk::two();
    desk.paste("415 555 0100").press("<Enter>").wait(32.0);
    other.paste("415 555 0100").press("<Enter>");
    other
        .sees("waits for its code already")
        .sees("in another window");
    assert_eq!(desk.requests(Post, CODES), 1);
    other.press("<Esc>").wait(2.0);
    assert_eq!(desk.requests(Post, CODES), 1);
    other.press("<Enter>y").wait(2.0);
    other.sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 2);
}

#[test]
fn a_number_whose_check_is_over_at_another_window_is_not_said_to_wait() {
    let (_folder, mut desk, mut other) = Desk::two();
    desk.paste("415 555 0100").press("<Enter>").wait(40.0);
    desk.press("x").wait(2.0);
    other.paste("415 555 0100").press("<Enter>").wait(2.0);
    other.sees("Waiting for the code");
}

#[test]
fn a_stop_that_failed_is_said_not_to_have_happened() {
    let mut desk = begun("happy", 12.0);
    let road = cut(&mut desk);
    desk.press("x").wait(60.0);
    desk.sees("This check was not stopped, and its code still works.")
        .sees("try again")
        .sees_no("Nothing was sent");
    desk.press("<F4><Enter>")
        .sees("Not stopped")
        .sees("Twilio could not be reached.")
        .sees_no("Nothing was sent")
        .sees_no("Not sent")
        .sees_no("✓ Done");
    desk.road = road;
    desk.press("<F7>").press("x").wait(2.0);
    desk.sees("Stopped. The code no longer works.")
        .sees_no("was not stopped");
}

#[test]
fn a_send_that_failed_leaves_what_is_known_of_the_one_before() {
    let mut desk = begun("happy", 31.0);
    desk.sees("Delivered 14:00:");
    let road = cut(&mut desk);
    desk.press("r").wait(60.0);
    desk.sees("Twilio could not be reached")
        .sees("Delivered 14:00:");
    desk.road = road;
    // The next one that goes out has not arrived yet.
    desk.press("r").sees_no("Delivered 14:00:");
    desk.wait(12.0).sees("Delivered 14:01:");
}

#[test]
fn a_call_that_was_not_made_is_not_the_way_of_the_next_customer() {
    let mut desk = begun("happy", 3.0);
    desk.press("x").wait(2.0).press("n");
    desk.press("<F4><Enter>c").sees("By call").press("<Esc>");
    desk.sees_no("By call");
    desk.paste("415 555 0101").press("<Enter>").wait(1.0);
    desk.sees("by SMS");
    // Typed over, it is another customer as well.
    desk.press("n<F4><Esc><Down><Enter>c").sees("By call");
    desk.paste("415 555 0102").sees_no("By call");
    // And one that was made was for that customer alone.
    desk.press("<Esc><F4>c<Enter>y").wait(1.0);
    desk.sees("by call").press("n").wait(1.0);
    desk.paste("415 555 0102").sees_no("By call");
}

#[test]
fn a_phone_that_was_approved_just_now_has_no_code_on_its_way() {
    let mut desk = code_typed(begun("happy", 2.0));
    desk.press("n").paste("415 555 0100").press("<Enter>");
    desk.sees("This phone was approved")
        .sees_no("may still be on its way");
}

/// Two windows that wait for the code of one phone, and the code.
fn both_wait(seconds: f64) -> (TempDir, Desk, Desk, String) {
    let (folder, mut desk, mut other) = Desk::two();
    desk.paste("415 555 0100").press("<Enter>").wait(3.0);
    other.paste("415 555 0100").press("<Enter>y");
    desk.wait_with(&mut other, seconds);
    let code = desk.code_on_phone(MOBILE);
    (folder, desk, other, code)
}

#[test]
fn what_another_window_approved_is_not_said_to_be_approved_elsewhere() {
    let (_folder, mut desk, mut other, code) = both_wait(3.0);
    other.press(&code).wait(1.0);
    other.sees("Approved");
    desk.wait_with(&mut other, 30.0);
    desk.sees("from this desk");
    desk.press("<F4>").wait(1.0).press("<Enter>");
    desk.sees("check ✓ Approved").sees_no("elsewhere");
}

#[test]
fn keys_that_are_refused_are_proved_link_by_link_or_left_for_the_demo() {
    let mut desk = Desk::at_work("keys_refused");
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    desk.sees("F9  what is wrong").sees("d  try the demo");
    desk.press("d");
    assert_eq!(desk.left.len(), 1);
    for (width, height) in [(60, 15), (140, 40)] {
        desk.resize(width, height).sees("F9").sees("d ");
    }
}

#[test]
fn only_what_acts_is_offered_while_a_code_is_checked() {
    let mut desk = begun("happy", 40.0);
    desk.latency(8.0);
    let code = desk.code_on_phone(MOBILE);
    for (width, height) in [(80, 24), (60, 15), (140, 40)] {
        desk.resize(width, height).sees("call");
    }
    desk.press(&code).wait(2.0);
    for (width, height) in [(80, 24), (60, 15), (140, 40)] {
        desk.resize(width, height)
            .sees("Checking the code")
            .sees("One moment.")
            .sees_no("read me the digits")
            .sees_no("WhatsApp")
            .sees_no("No code?")
            .sees_no("again now r")
            .sees_no("call");
    }
    desk.wait(20.0).sees("Approved");
}

#[test]
fn a_number_that_is_pasted_where_none_is_asked_for_is_said_not_to_be_taken() {
    let mut desk = code_typed(begun("happy", 2.0));
    desk.paste("415 555 0101")
        .sees("Approved")
        .sees("was not taken: this check is over");
    desk.press("n").sees_no("555 0101");
    desk.paste("415 555 0101").press("<Enter>").wait(2.0);
    desk.press("x").wait(2.0).paste("415 555 0102");
    desk.sees("was not taken: this check is over");
    desk.press("<F6>").paste("415 555 0103").press("<Enter>");
    desk.press("Hello<Enter>").paste("415 555 0104");
    desk.sees("was not taken").sees_no("555 0104");
}

#[test]
fn a_window_does_not_write_that_its_code_was_approved_elsewhere_where_another_window_approved_it() {
    for (by_the_first, later) in [(false, 0.1), (false, 3.0), (false, 45.0), (true, 3.0)] {
        let (_folder, mut desk, mut other, code) = both_wait(later);
        let approves = if by_the_first { &mut desk } else { &mut other };
        approves.press(&code);
        desk.wait_with(&mut other, 60.0);
        let (waits, approved) = if by_the_first {
            (&mut other, &mut desk)
        } else {
            (&mut desk, &mut other)
        };
        waits.sees("Already approved, from this desk");
        approved.sees("Approved");
        assert_eq!(
            desk.record(),
            [
                "verify_start pending by sms",
                "verify_start pending by sms",
                "verify_check approved by sms",
            ],
            "{by_the_first} {later}"
        );
    }
}

#[test]
fn a_check_whose_answer_another_window_lost_is_left_to_that_window() {
    let (_folder, mut desk, mut other, code) = both_wait(3.0);
    let check = "/v2/Services/*/VerificationCheck";
    other.plant("POST", check, "cut_after_store", &[]);
    other.press(&code);
    desk.wait_with(&mut other, 60.0);
    let record = desk.record();
    assert_eq!(record[0], "verify_start pending by sms");
    assert_eq!(record[2], "verify_check approved by sms");
}

#[test]
fn a_new_code_after_an_end_is_not_said_to_be_the_same() {
    let same = "Every send carries the same code";
    let another = "An older message has an older code, which does not work any more.";
    let mut desk = begun("cancelled_elsewhere", 63.0);
    desk.sees("Stopped by somebody else.").press("r").wait(2.0);
    if desk.shows("yes, send") {
        desk.press("y").wait(2.0);
    }
    desk.sees("Waiting for the code")
        .sees(another)
        .sees("open the newest message")
        .sees_no(same);
    // The same code once more is one code, and so is that of another person.
    let mut desk = begun("happy", 40.0);
    desk.sees(same).press("r").wait(2.0).sees(same);
    desk.press("x").wait(1.0).press("n");
    desk.paste("415 555 0101").press("<Enter>").wait(2.0);
    desk.sees(same);
    // Typed anew, the one before lies on the phone as well.
    desk.press("<Esc>").paste("415 555 0100").press("<Enter>y");
    desk.wait(2.0).sees("open the newest message").sees_no(same);
}
