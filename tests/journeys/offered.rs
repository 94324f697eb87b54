//! What is offered can be done, what is closed says so before anything is typed for it, and what is said
//! is about now.

use tuilio::keymap::{Chord, Key};
use tuilio::model::Event;
use tuilio::store::Store;
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};
use crate::honest::Dead;
use crate::states::{begun, code_typed, refused, wrong_codes};

const CODES: &str = "/Verifications";
const CHECKS: &str = "/VerificationCheck";

#[test]
fn a_code_that_is_not_checked_by_itself_says_that_enter_does() {
    let store = Store::in_memory().unwrap();
    let mut desk = Desk::with_setting("happy", store, |setting| setting.auto_check = false);
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    let code = desk.code_on_phone(MOBILE);
    desk.press(&code[..5]).sees_no("Enter checks this code.");
    desk.press(&code[5..]).wait(2.0);
    desk.sees("Enter checks this code.");
    assert_eq!(desk.requests(Post, CHECKS), 0);
    desk.press("<Enter>").wait(1.0).sees("Approved");
}

#[test]
fn a_cap_of_the_day_gives_its_reason_and_no_way_that_is_capped_too() {
    let mut desk = Desk::under("verifications_a_day = 1");
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    desk.press("<Esc>").paste("415 555 0101").press("<Enter>");
    desk.wait(9.0);
    desk.sees("Set by your lead: at most 1 code a day, and you have sent it.")
        .sees("No other way is open today.")
        .sees_no("Use another way")
        .sees_no("Call it")
        .sees_no("c call");
}

#[test]
fn what_is_over_can_be_deleted_at_once() {
    let mut desk = begun("happy", 12.0);
    desk.press("x").wait(1.0).sees("Stopped");
    desk.press("n<F4>").wait(1.0).press("d");
    desk.sees("Delete this entry").press("y").wait(1.0);
    desk.sees_no("not finished yet");
    assert_eq!(desk.rows().len(), 0);
    let mut desk = code_typed(begun("happy", 12.0));
    desk.press("n<F4>").wait(1.0).press("dy").wait(1.0);
    assert_eq!(desk.rows().len(), 0);
    // What still waits is not.
    let mut desk = begun("happy", 12.0);
    desk.press("<Esc><F4>").wait(1.0).press("d");
    desk.sees("This is not finished yet.");
}

#[test]
fn an_address_that_gets_no_email_is_offered_a_phone_and_no_sms() {
    let mut desk = refused("sms_and_calls_only", "ada@example.org");
    desk.sees("Type a phone number: a code goes there by text or call")
        .sees("Tell your lead")
        .sees_no("r SMS");
}

#[test]
fn a_check_by_email_that_is_over_is_begun_anew_by_email() {
    let mut desk = Desk::demo("happy");
    desk.press("ada@example.org<Enter>").wait(601.0);
    desk.sees("Expired").press("<Enter>").wait(1.0);
    desk.sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 2);
}

#[test]
fn email_that_the_lead_forbids_is_refused_before_an_address_is_typed() {
    let mut desk = Desk::under("channels = [\"sms\", \"call\"]");
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    desk.press("e")
        .sees("Set by your lead: codes go by")
        .sees("Waiting for the code");
}

#[test]
fn a_suspended_account_can_be_told_to_the_lead() {
    let mut desk = refused("account_suspended", "415 555 0100");
    desk.sees("Tell your lead").press("l");
    assert!(desk.copied[0].contains("20403"), "{:?}", desk.copied);
}

#[test]
fn the_list_of_actions_at_work_has_nothing_of_the_demo() {
    let mut desk = Desk::at_work("happy");
    desk.press("<Ctrl-K>phone").sees_no("in the demo");
    desk.press("<Esc><Ctrl-K>tour").sees_no("in the demo");
    desk.press("<Esc><Ctrl-K>wrong").sees("Prove each link");
    let mut demo = Desk::demo("happy");
    demo.press("<Ctrl-K>tour").sees("in the demo");
}

#[test]
fn a_code_that_was_stopped_is_not_said_to_be_on_its_way() {
    let mut desk = begun("happy", 2.0);
    desk.press("x").wait(1.0);
    desk.press("n").paste("415 555 0100").press("<Enter>");
    desk.sees("was stopped: it may still arrive, and does not work")
        .sees_no("may still be on its way");
}

#[test]
fn a_ticket_that_the_lead_wants_is_asked_for_beside_the_text() {
    let mut desk = Desk::under("ticket_required = true");
    desk.press("<F6>4155550100<Enter>");
    desk.sees("needed: set by your lead").sees_no("(optional)");
}

#[test]
fn a_country_that_the_lead_has_closed_is_said_while_it_is_typed() {
    let mut desk = Desk::under("countries = [\"US\"]\nticket_required = true");
    desk.paste("+44 20 7946 0018");
    desk.sees("Set by your lead: codes and texts go to")
        .sees_no("✓ +44");
    desk.press("<Enter>").sees("codes and texts go to");
    desk.press("<F6>").paste("+44 20 7946 0018");
    desk.sees("codes and texts go to").sees_no("✓ +44");
}

#[test]
fn tab_goes_to_the_blank_that_is_not_filled_yet() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>4155550100<Enter>").press("2");
    desk.press("Ada").press("<Tab>").press("<Esc><Esc><F7><F6>");
    desk.press("4155550100<Enter>").sees("1 blank to fill");
    desk.press("<Tab>48213").sees("Ada").sees("48213");
    desk.sees_no("1 blank to fill");
}

#[test]
fn a_sentence_about_the_last_key_does_not_stay_under_what_came_next() {
    let mut desk = begun("happy", 2.0);
    desk.press("e").press("ada@example.org").press("<Enter>");
    desk.sees_no("Type the email address").wait(2.0);
    desk.paste("no digits at all").sees("digits").wait(1.5);
    let before = desk.model.notice.clone();
    assert!(before.is_some());
    let chord = Chord::plain(Key::Char('1'));
    desk.happen(Event::Key { chord, held: false });
    assert_eq!(desk.model.notice, None);
}

#[test]
fn what_arrived_before_a_colleague_sent_again_stands_before_it() {
    let mut desk = begun("two_desks", 40.0);
    let screen = desk.screen();
    let times: Vec<&str> = screen
        .lines()
        .find(|line| line.contains("Delivered"))
        .unwrap()
        .split_whitespace()
        .filter(|word| word.matches(':').count() == 2)
        .collect();
    assert!(times.len() == 2 && times.is_sorted(), "{screen}");
    desk.press("<Esc>");
}

#[test]
fn after_two_wrong_codes_the_other_ways_are_named_and_can_be_clicked_at_every_size() {
    for (width, height) in [(140, 40), (80, 24), (60, 15)] {
        let mut desk = wrong_codes(2);
        desk.resize(width, height).wait(40.0);
        desk.sees("c  call").sees("F3 ").sees("x");
        desk.click("c  call").wait(2.0);
        assert_eq!(desk.attempts().len(), 2, "{}", desk.screen());
    }
}

#[test]
fn what_is_safe_to_repeat_is_offered_first_by_its_own_way() {
    for (keys, first) in [
        ("4155550100<Enter>", "▸ r  Send the code by SMS"),
        ("4155550100<Down><Enter>", "▸ c  Call it and speak the code"),
        (
            "4155550100<Down><Down><Enter>",
            "▸ w  Send the code by WhatsApp",
        ),
    ] {
        let mut desk = Desk::demo("happy");
        desk.road = std::rc::Rc::new(|_| std::sync::Arc::new(Dead));
        desk.press(keys).wait(60.0);
        desk.sees("Twilio could not be reached. Nothing was sent.")
            .sees(first);
    }
}

#[test]
fn a_landline_shows_what_is_left_of_tries_and_sends_at_every_size() {
    for (width, height) in [(140, 40), (80, 24), (60, 15)] {
        let mut desk = refused("landline", "415 555 0188");
        desk.resize(width, height);
        desk.sees("Tries left  5 of 5")
            .sees("Sends left  5 of 5")
            .sees("▸ c")
            .sees("May I call it now?")
            .sees("Extension");
    }
}
