//! Every state of a check, each reached by keys on a named scene: what is shown, what is said, and that
//! the keys that are offered act.

mod ended;
mod limits;
mod ways;

use tuilio::domain::{OpState, Settled, VerificationStatus};
use tuilio::store::{Journal, Store, Twin};
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";
const CHECKS: &str = "/VerificationCheck";

/// A check of the mobile in reach has been begun on that scene, and so many seconds have passed.
pub fn begun(scene: &str, seconds: f64) -> Desk {
    let mut desk = Desk::demo(scene);
    desk.paste("415 555 0100").press("<Enter>").wait(seconds);
    desk
}

/// Six digits that are not the code.
pub fn wrong(desk: &Desk) -> &'static str {
    if desk.code_on_phone(MOBILE) == "111111" {
        "222222"
    } else {
        "111111"
    }
}

/// The code has been typed and was not looked at for that long.
pub fn code_typed(mut desk: Desk) -> Desk {
    desk.reads_back(MOBILE).wait(1.0);
    desk
}

pub fn wrong_codes(times: usize) -> Desk {
    let mut desk = begun("happy", 12.0);
    let slip = wrong(&desk);
    for n in 0..times {
        desk.press(slip);
        if n >= 2 {
            desk.press("<Enter>");
        }
        desk.wait(2.0);
    }
    desk
}

/// A number whose send is refused.
pub fn refused(scene: &str, number: &str) -> Desk {
    let mut desk = Desk::demo(scene);
    desk.paste(number).press("<Enter>");
    if desk.shows("yes, send") {
        desk.press("y");
    }
    desk.wait(1.0);
    desk
}

/// WhatsApp was chosen, and is not set up.
pub fn no_whatsapp() -> Desk {
    let mut desk = Desk::demo("sms_and_calls_only");
    desk.paste("415 555 0100")
        .press("<Down><Down><Enter>")
        .wait(1.0);
    desk
}

/// The code was typed in another window of this desk, which shares its history.
pub fn approved_in_another_window(folder: &std::path::Path) -> Desk {
    let mut desk = Desk::with_history("approved_elsewhere", Store::open(folder).unwrap());
    desk.paste("415 555 0100").press("<Enter>").wait(0.5);
    let start = desk.rows()[0].clone();
    let OpState::Settled(Settled::Verification { sid, .. }) = &start.state else {
        panic!("{:?}", start.state)
    };
    let mut other = Store::open(folder).unwrap();
    let mut operation = start.operation.clone();
    operation.id.session = other.session();
    operation.intent = tuilio::domain::Intent::VerifyCheck {
        service: match &start.operation.intent {
            tuilio::domain::Intent::VerifyStart(start) => start.service.clone(),
            other => panic!("{other:?}"),
        },
        key: tuilio::domain::VerificationKey::Sid(sid.clone()),
        to: start.operation.intent.to(),
    };
    other.intend(&operation, Twin::Refuse).unwrap();
    let Settled::Verification {
        sid,
        channel,
        expires_at,
        ..
    } = (match start.state {
        OpState::Settled(settled) => settled,
        other => panic!("{other:?}"),
    })
    else {
        panic!("not a verification")
    };
    let approved = OpState::Settled(Settled::Verification {
        sid,
        status: VerificationStatus::Approved,
        channel,
        sends: None,
        expires_at,
        delivery: None,
        approved_at: None,
    });
    let at = desk.now();
    other.settle(operation.id, &approved, at).unwrap();
    desk.wait(4.6);
    code_typed(desk)
}

#[test]
fn idle_asks_whose_phone_it_is() {
    let mut desk = Desk::demo("happy");
    desk.sees("Whose phone are we checking?")
        .press("<F4>")
        .sees("Nothing was sent yet");
}

#[test]
fn a_number_that_is_not_whole_yet_is_not_sent_to() {
    let mut desk = Desk::demo("happy");
    desk.press("415 555 01").sees("not whole yet");
    desk.press("<Enter>").wait(1.0);
    assert_eq!(desk.requests(Post, CODES), 0);
}

#[test]
fn a_number_that_is_right_says_where_it_is_and_what_to_say_first() {
    let mut desk = Desk::demo("happy");
    desk.press("415 555 0100")
        .sees("United States, California")
        .sees("\"You called us, so I am sending a code to the phone ending 00.");
    desk.press("<Enter>").wait(0.5).sees("Waiting for the code");
}

#[test]
fn a_caution_is_answered_by_y_and_by_nothing_else() {
    let mut desk = Desk::demo("happy");
    desk.paste("+1 264 555 0140").press("<Enter><Enter>");
    assert_eq!(desk.requests(Post, CODES), 0);
    desk.press("y").wait(0.5);
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn while_a_code_is_being_sent_other_work_goes_on_and_the_send_is_not_lost() {
    let mut desk = Desk::demo("slow_network");
    desk.paste("415 555 0100")
        .press("<Enter>")
        .sees("Sending the code")
        .sees("\"One moment.\"");
    desk.press("<Esc>").sees("Whose phone").wait(2.0);
    desk.press("<Tab>").sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn sent_offers_every_way_and_asks_for_the_digits() {
    let mut desk = begun("happy", 0.5);
    desk.sees("Sent 14:00:00")
        .sees("5 of 5")
        .sees("4 of 5")
        .sees("\"Please read me the digits, one by one.\"");
    desk.press("c").wait(0.5).sees("by call");
    desk.press("w").wait(0.5).sees("by WhatsApp");
    desk.press("x").wait(0.5).sees("Stopped.");
}

#[test]
fn delivered_is_seen_without_a_key_with_the_network_that_reports_it() {
    let mut desk = begun("happy", 12.0);
    desk.sees("Delivered 14:00:")
        .sees("Pretend Wireless")
        .sees("Waiting for the code");
}

#[test]
fn a_code_that_is_being_read_can_be_mended() {
    let mut desk = begun("happy", 2.0);
    desk.press("482").sees("4 8 2   _ _ _");
    desk.press("<Backspace>9").sees("4 8 9   _ _ _");
    assert_eq!(desk.requests(Post, CHECKS), 0);
}

#[test]
fn keys_that_are_refused_offer_neither_another_way_nor_another_number() {
    let mut desk = Desk::at_work("keys_refused");
    desk.paste("415 555 0100").press("<Enter>").wait(1.0);
    desk.sees("Not sent")
        .sees("20003")
        .sees("F9")
        .sees_no("Call it");
    let sent = desk.requests(Post, CODES);
    desk.press("crwem").wait(1.0);
    assert_eq!(desk.requests(Post, CODES), sent);
    desk.press("l");
    assert!(desk.copied[0].contains("20003"), "{:?}", desk.copied);
    desk.press("<F8>").sees("Account");
}

#[test]
fn every_key_that_helps_while_waiting_is_on_the_smallest_screen() {
    let mut desk = begun("happy", 5.0);
    desk.resize(60, 15)
        .sees("r again")
        .sees("c  call")
        .sees("x  stop")
        .sees("w  WhatsApp")
        .sees("e  email");
}
