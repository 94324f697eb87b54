//! What a scene does first, seen from the desk.

use crate::desk::{Desk, MOBILE};

#[test]
fn whoever_wrote_stop_is_not_written_to_again() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>Hello<Enter><Enter>")
        .wait(10.0);
    desk.customer_writes(MOBILE, "STOP");
    desk.press("n4155550100<Enter>Once more<Enter>")
        .sees("This customer has opted out of your texts")
        .press("y")
        .wait(5.0);
    desk.sees("Opted out");
    assert_eq!(desk.record(), ["text delivered", "text refused 21610"]);
}

#[test]
fn a_trial_says_so_and_reaches_verified_numbers_alone() {
    let mut desk = Desk::at_work("trial");
    desk.resize(100, 24).sees("trial");
    desk.press("4155550103<Enter>").sees("A trial account");
    desk.press("y").wait(2.0);
    assert_eq!(desk.record(), ["verify_start refused 21608"]);
    desk.press("<Esc>").press("4155550100<Enter>y").wait(2.0);
    desk.sees("Waiting for the code");
    // A text says so as well, and not of a number that has taken something already.
    desk.press("<F6>4155550103<Enter>Hello<Enter>");
    desk.sees("A trial account").sees("y");
    desk.press("<Esc><Esc><Esc><Ctrl-U>4155550100<Enter>Hello<Enter>");
    desk.sees_no("A trial account");
}

#[test]
fn what_a_colleague_sent_counts_among_the_sends() {
    let mut desk = Desk::demo("two_desks");
    desk.press("4155550100<Enter>").wait(1.0);
    desk.sees("2 of 5").sees("7:59 left");
}

#[test]
fn a_revoked_key_sends_nothing() {
    let mut desk = Desk::at_work("keys_refused");
    desk.press("4155550100<Enter>").wait(2.0);
    desk.sees("20003");
    assert_eq!(desk.on_phone(MOBILE), 0);
}
