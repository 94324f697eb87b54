//! What the desk claims is what is known: an approval proves no more than its way, what did not happen is
//! not said to have, and what belongs to one customer does not go on to the next.

use std::rc::Rc;
use std::sync::Arc;

use tuilio::twilio::transport::Sending;
use tuilio::twilio::wire::Method::Post;
use tuilio::twilio::wire::Request;
use tuilio::twilio::{Transport, TransportError};

use crate::desk::{Desk, MOBILE};
use crate::states::{approved_in_another_window, begun, code_typed, wrong, wrong_codes};

const CODES: &str = "/Verifications";
const CHECKS: &str = "/VerificationCheck";

/// A line on which no connection stands.
pub struct Dead;

impl Transport for Dead {
    fn send(&self, _: Request) -> Sending<'_> {
        let why = "Connection refused (os error 111)".to_owned();
        Box::pin(async move { Err(TransportError::NotSent(why)) })
    }
}

#[test]
fn an_approval_shows_what_its_way_shows() {
    let mut desk = Desk::demo("happy");
    desk.press("4155550100<Down>").sees("call");
    desk.press("<Enter>").wait(12.0);
    code_typed(desk)
        .sees("the caller answers calls on this line, now.")
        .sees_no("read messages");
    let mut desk = Desk::demo("happy");
    desk.press("ada@example.org<Enter>").wait(3.0);
    let code = desk.code_on_phone("ada@example.org");
    desk.press(&code).wait(1.0);
    desk.sees("the caller reads this mailbox, now.");
    let mut desk = Desk::demo("happy");
    desk.press("4155550100<Down><Down><Enter>").wait(3.0);
    code_typed(desk).sees("the caller reads this WhatsApp account, now.");
}

#[test]
fn a_code_that_went_two_ways_may_have_come_back_from_either() {
    let mut desk = begun("happy", 2.0);
    desk.press("c").wait(12.0);
    code_typed(desk)
        .sees("by one of these ways: SMS, call.")
        .sees_no("can read messages on this phone");
}

#[test]
fn a_code_that_could_not_be_checked_stays_in_its_box_and_is_said_not_to_be_checked() {
    let mut desk = begun("happy", 12.0);
    let code = desk.code_on_phone(MOBILE);
    let road = std::mem::replace(&mut desk.road, Rc::new(|_| Arc::new(Dead)));
    desk.press(&code).wait(60.0);
    desk.sees("the code was not checked")
        .sees("Thank you, I have the digits.")
        .sees_no("Nothing was sent")
        .sees_no("os error");
    let box_of = |code: &str| {
        let spaced: Vec<String> = code.chars().map(String::from).collect();
        spaced.join(" ")
    };
    desk.sees(&box_of(&code)).sees("Tries left 5 of 5");
    desk.road = road;
    desk.press("<Enter>").wait(1.0);
    desk.sees("Approved");
    assert_eq!(desk.requests(Post, CHECKS), 1);
}

#[test]
fn an_approval_by_somebody_else_is_asked_about_before_it_is_relied_on() {
    code_typed(begun("approved_elsewhere", 6.0))
        .sees("Ask before you rely on it.")
        .sees("Have you just read a code to one of my colleagues?")
        .sees_no("You are already checked.");
}

#[test]
fn what_was_tried_after_an_approval_does_not_unsay_it_in_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = approved_in_another_window(folder.path());
    desk.press("<F4>").wait(1.0).press("<Enter>");
    desk.sees("Approved")
        .sees_no("nothing open")
        .sees_no("too old");
}

#[test]
fn a_text_for_another_number_is_asked_about_and_one_key_throws_it_away() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>4155550100<Enter>").press("Hello Ada");
    desk.press("<Esc><Esc>")
        .press("4155550103<Enter><Enter>")
        .sees("This text was written for another number: +1 415 ••• ••00.");
    desk.press("<Enter>").wait(2.0);
    assert_eq!(desk.messages().len(), 0, "Enter is no yes");
    desk.press("<Esc>").press("<Ctrl-X>");
    desk.sees("The draft is thrown away.").sees_no("Hello Ada");
    desk.press("<Ctrl-X>").sees("Hello Ada");
    desk.sees_no("is thrown away");
    desk.press("<Ctrl-X>");
    desk.press("4155550103<Enter>Bye<Enter>")
        .sees_no("another number");
    desk.press("<Enter>").wait(2.0);
    assert_eq!(desk.messages()[0]["body"], "Bye");
}

#[test]
fn the_ticket_of_a_check_that_waits_does_not_go_on_to_the_next_number() {
    let mut desk = begun("happy", 2.0);
    desk.press("<Esc>");
    desk.paste("415 555 0100").press("<Tab><Tab>777<Enter>");
    desk.sees("Show that check?").press("y");
    desk.sees("Waiting for the code").press("<Esc><Esc>");
    desk.paste("+1 (503) 555-0109").sees("503 555 0109");
    desk.sees_no("777");
}

#[test]
fn after_two_wrong_codes_the_next_one_waits_for_enter() {
    let mut desk = wrong_codes(2);
    let slip = wrong(&desk);
    desk.press(slip).wait(5.0);
    assert_eq!(desk.requests(Post, CHECKS), 2);
    desk.sees("Enter checks this code.");
    desk.press("<Enter>").wait(1.0);
    assert_eq!(desk.requests(Post, CHECKS), 3);
}

#[test]
fn after_five_wrong_codes_a_new_start_asks_first_and_the_refusal_is_named() {
    let mut desk = wrong_codes(5);
    desk.sees("Five wrong codes")
        .sees("F3  the words to refuse with");
    desk.press("x").wait(1.0).press("<Enter>");
    desk.sees("Five wrong codes were tried for this phone");
    assert_eq!(desk.requests(Post, CODES), 1);
    // Nor by typing the number again.
    desk.press("<Esc>n").paste("415 555 0100").press("<Enter>");
    desk.sees("Five wrong codes were tried for this phone");
    assert_eq!(desk.requests(Post, CODES), 1);
    desk.press("y").wait(1.0);
    assert_eq!(desk.requests(Post, CODES), 2);
}

#[test]
fn a_search_promises_no_moment_in_which_it_is_known() {
    let mut desk = begun("lost_request", 8.0);
    desk.sees_no("it is known whether it went");
    desk.wait(40.0).sees("Not found yet");
}
