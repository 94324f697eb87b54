//! What does not arrive, is refused, or comes too fast.

use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";
const TEXTS: &str = "/Messages.json";

#[test]
fn a_landline_is_offered_the_call_first() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0188")
        .press("<Enter>")
        .sees("Not sent")
        .sees("landline")
        .sees("▸ c");
    assert_eq!(desk.record(), ["verify_start refused 60205"]);
    assert_eq!(desk.on_phone("+14155550188"), 0);
    desk.press("c").wait(60.0);
    let code = desk.code_on_phone("+14155550188");
    desk.press(&code).wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.attempts()[0]["channel"], "call");
}

#[test]
fn after_a_wrong_code_a_call_is_not_asked_for_as_a_message() {
    let mut desk = Desk::demo("landline");
    desk.paste("415 555 0188").press("<Enter>").wait(1.0);
    desk.press("c").wait(20.0).sees("Waiting for the code");
    let slip = if desk.code_on_phone("+14155550188") == "111111" {
        "222222"
    } else {
        "111111"
    };
    desk.press(slip).wait(2.0).sees("That was not the code");
    desk.sees("the digits that you wrote down.")
        .sees_no("newest message");
}

#[test]
fn a_code_that_does_not_arrive_is_seen_with_its_reason_and_the_call_offered() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0105").press("<Enter>").wait(60.0);
    desk.sees("Not delivered")
        .sees("▸ c")
        .sees("Shall I call you");
    assert_eq!(
        desk.attempts()[0]["channel_data"]["message_status"],
        "undelivered"
    );
    desk.press("c").wait(60.0);
    let code = desk.code_on_phone("+14155550105");
    desk.press(&code).wait(0.5);
    desk.sees("Approved");
}

#[test]
fn a_code_that_arrives_is_seen_to() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100").press("<Enter>").wait(20.0);
    desk.sees("Delivered");
}

#[test]
fn a_blocked_range_and_a_closed_country_say_what_can_be_done() {
    for (number, code) in [("+1 264 555 0140", "60410"), ("+850 2 381 2345", "60605")] {
        let mut desk = Desk::demo("happy");
        desk.paste(number).press("<Enter>");
        if desk.shows("Send all the same?") {
            desk.press("y");
        }
        desk.sees("Not sent").sees("Tell your lead").sees(code);
        assert_eq!(desk.record(), [format!("verify_start refused {code}")]);
    }
}

#[test]
fn too_many_requests_are_waited_out_without_a_key() {
    let mut desk = Desk::demo("rate_limited");
    desk.paste("415 555 0100")
        .press("<Enter>")
        .sees("Twilio asks us to wait 0:02");
    desk.wait(5.0).sees("Waiting for the code");
    desk.reads_back(MOBILE).wait(3.0);
    desk.sees("Approved");
    assert_eq!(desk.on_phone(MOBILE), 1);
}

#[test]
fn a_text_is_held_back_by_too_many_requests_and_goes_out_once() {
    let mut desk = Desk::demo("rate_limited");
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(6.0);
    desk.sees_no("Not sent");
    assert_eq!(desk.messages().len(), 1);
}

#[test]
fn keys_that_are_refused_in_the_middle_of_the_day_say_so() {
    let mut desk = Desk::at_work("happy");
    desk.plant(
        "POST",
        "/v2/Services/*/Verifications",
        "status",
        &[("status", "401"), ("code", "20003")],
    );
    desk.paste("415 555 0100")
        .press("<Enter>")
        .sees("Not sent")
        .sees("key")
        .sees("20003");
    assert_eq!(desk.record(), ["verify_start refused 20003"]);
    assert_eq!(desk.attempts().len(), 0);
}

#[test]
fn a_refused_text_says_why_and_can_be_taken_back_into_the_fields() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>")
        .paste("415 555 0110")
        .press("<Enter>Hello Jane<Enter><Enter>");
    desk.sees("21610").sees("What to do");
    assert_eq!(desk.record(), ["text refused 21610"]);
    desk.press("e").sees("415 555 0110").sees("Hello Jane");
    assert_eq!(desk.requests(Post, TEXTS), 1);
}

#[test]
fn a_text_that_is_not_delivered_says_why() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>")
        .paste("415 555 0105")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(60.0);
    desk.sees("Not delivered, 30003").sees("What to do");
    assert_eq!(desk.record(), ["text undelivered 30003"]);
}

#[test]
fn five_sends_are_all_and_the_code_still_works() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100").press("<Enter>");
    for left in ["3 of 5", "2 of 5", "1 of 5", "0 of 5"] {
        desk.wait(95.0).press("r").sees(left);
    }
    desk.wait(121.0).press("r").sees("All five sends are used");
    assert_eq!(desk.requests(Post, CODES), 5);
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
}

#[test]
fn a_server_error_after_the_send_is_not_taken_for_a_refusal() {
    let mut desk = Desk::demo("happy");
    desk.plant(
        "POST",
        "/v2/Services/*/Verifications",
        "error_after_store",
        &[],
    );
    desk.paste("415 555 0100").press("<Enter>").wait(3.0);
    desk.sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 1);
    assert_eq!(desk.on_phone(MOBILE), 1);
}
