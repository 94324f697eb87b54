//! A yes to sending once more what is not known: it was said by a look at Twilio that may be some time ago, so it
//! is looked for again first. What the network kept may have arrived since.

use tuilio::twilio::wire::Method::{Get, Post};

use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";
const TEXTS: &str = "/Messages.json";
const STARTS: &str = "/v2/Services/*/Verifications";
const LISTS: &str = "/2010-04-01/Accounts/*/Messages.json";

/// A text whose request the network keeps, and that the desk has not found at its last look.
fn lost_text() -> Desk {
    let mut desk = Desk::at_work("happy");
    desk.plant_on_texts("cut_before_store")
        .sends("Hello")
        .wait(40.0)
        .sees("Not found yet.");
    desk
}

/// The same of a code.
fn lost_code() -> Desk {
    let mut desk = Desk::at_work("happy");
    desk.plant("POST", STARTS, "cut_before_store", &[])
        .press("4155550100<Enter>")
        .wait(40.0)
        .sees("Not found yet.");
    desk
}

/// The same text as the lost one, under review once more.
fn written_again() -> Desk {
    let mut desk = lost_text();
    desk.press("n").writes("Hello").wait(1.0);
    desk.sees("It is not known whether this same text went");
    desk
}

#[track_caller]
fn arrived_is_found_by_the_yes(mut desk: Desk) {
    desk.arrives_late(TEXTS).press("y").wait(5.0);
    assert_eq!(desk.requests(Post, TEXTS), 1, "{}", desk.screen());
    assert_eq!(desk.messages().len(), 1);
    desk.sees("It was found at Twilio, so nothing was sent again.")
        .wait(20.0)
        .sees("Delivered");
}

#[test]
fn a_text_that_is_written_again_is_looked_for_by_the_yes_and_not_sent_where_it_has_arrived() {
    arrived_is_found_by_the_yes(written_again());
}

#[test]
fn a_text_that_is_found_while_the_same_is_under_review_is_asked_about_anew() {
    let mut desk = written_again();
    desk.arrives_late(TEXTS).wait(300.0);
    desk.sees("It is not known whether").press("y").wait(1.0);
    desk.sees("It was found at Twilio, so nothing was sent again.")
        .sees("You sent this same text to this number");
    assert_eq!(desk.requests(Post, TEXTS), 1);
    desk.press("y").wait(30.0);
    assert_eq!(desk.requests(Post, TEXTS), 2, "that is another question");
}

#[test]
fn a_text_that_has_arrived_since_the_last_look_is_found_by_the_yes_and_not_sent_again() {
    arrived_is_found_by_the_yes(lost_text());
}

#[test]
fn the_same_is_so_in_the_history() {
    let mut desk = lost_text();
    desk.arrives_late(TEXTS)
        .press("<F4><Home><Enter>y")
        .wait(20.0);
    assert_eq!(desk.requests(Post, TEXTS), 1, "{}", desk.screen());
    desk.sees("Delivered").sees_no("Sending it once more");
}

#[test]
fn a_code_that_has_arrived_since_the_last_look_is_found_by_the_yes_and_not_sent_again() {
    let mut desk = lost_code();
    desk.arrives_late(CODES).press("y").wait(5.0);
    assert_eq!(desk.requests(Post, CODES), 1, "{}", desk.screen());
    assert_eq!(desk.on_phone(MOBILE), 1);
    desk.sees("Waiting for the code");
}

#[test]
fn what_is_still_not_there_goes_by_the_same_yes_wherever_the_agent_has_gone_meanwhile() {
    for away in ["", "<F7>", "<F7><F6>", "<Ctrl-K>"] {
        let mut desk = lost_text();
        desk.latency(2.0).press("y");
        assert_eq!(desk.requests(Post, TEXTS), 1);
        desk.sees("Looking at Twilio once more before it is sent.");
        desk.press(away).press("<Esc>").wait(30.0);
        assert_eq!(desk.requests(Post, TEXTS), 2, "{away}");
        assert_eq!(desk.messages().len(), 1);
    }
    let mut desk = lost_code();
    desk.latency(2.0).press("y<Esc>").wait(30.0);
    assert_eq!(desk.requests(Post, CODES), 2);
    assert_eq!(desk.on_phone(MOBILE), 1);
}

#[test]
fn a_second_yes_while_it_is_looked_for_sends_no_second_one() {
    for mut desk in [lost_text(), lost_code()] {
        desk.latency(2.0)
            .press("yyy")
            .wait(1.0)
            .press("y")
            .wait(30.0);
        let sent = desk.requests(Post, TEXTS) + desk.requests(Post, CODES);
        assert_eq!(sent, 2, "{}", desk.screen());
    }
}

#[test]
fn where_twilio_cannot_be_asked_again_a_yes_sends_nothing() {
    let mut desk = lost_text();
    desk.plant("GET", LISTS, "status", &[("status", "503"), ("times", "9")])
        .press("y")
        .wait(8.0)
        .sees("Not yet: Twilio could not be asked");
    assert_eq!(desk.requests(Post, TEXTS), 1);
    // Nor does it later, when the look by itself succeeds.
    desk.wait(300.0);
    assert_eq!(desk.requests(Post, TEXTS), 1);
}

#[test]
fn a_yes_to_a_look_that_has_just_been_made_sends_at_once() {
    let mut desk = lost_text();
    desk.press("<F5>").wait(1.0);
    let looks = desk.requests(Get, TEXTS);
    desk.press("y");
    assert_eq!(desk.requests(Post, TEXTS), 2);
    assert_eq!(desk.requests(Get, TEXTS), looks);
}

#[test]
fn a_yes_that_was_answered_long_after_it_was_said_sends_nothing_by_itself() {
    let mut desk = lost_text();
    desk.latency(1.0).press("y");
    desk.stand_still(120.0);
    desk.wait(30.0);
    assert_eq!(desk.requests(Post, TEXTS), 1, "{}", desk.screen());
    desk.press("y").wait(5.0);
    assert_eq!(desk.requests(Post, TEXTS), 2);
}

#[test]
fn beside_a_lost_text_that_was_sent_once_more_no_third_goes_and_no_key_promises_it() {
    let mut desk = lost_text();
    desk.press("y").wait(20.0).sees("Delivered");
    desk.press("n").writes("Hello").wait(1.0);
    desk.sees("so a third one does not go")
        .sees_no("Send this text?");
    desk.press("<F4><Home><Down><Enter>")
        .sees("Not known, checking")
        .sees("It was sent once more since")
        .sees_no("y send once more")
        .sees_no("y  send once more")
        .press("y")
        .wait(3.0)
        .sees_no("by another window");
    assert_eq!(desk.requests(Post, TEXTS), 2);
    // Once it is known, it is a text like any other.
    desk.wait(700.0).sees_no("Not known");
    desk.sees_no("send once more");
    desk.press("<Esc><F6><Enter>").wait(1.0);
    desk.sees("You sent this same text to this number")
        .press("y")
        .wait(30.0)
        .sees("Delivered");
    assert_eq!(desk.requests(Post, TEXTS), 3);
}

#[test]
fn of_two_lost_texts_that_are_the_same_the_newer_one_goes_once_more() {
    let mut desk = lost_text();
    desk.plant_on_texts("cut_before_store")
        .press("y")
        .wait(40.0)
        .press("<F4><Home><Down><Enter>")
        .sees("It was sent once more since")
        .sees_no("send once more  ");
    desk.press("<Esc><Home><Enter>")
        .sees("y  send once more")
        .press("y")
        .wait(20.0);
    assert_eq!(desk.requests(Post, TEXTS), 3, "{}", desk.screen());
    desk.sees("Delivered");
}
