//! What the agent is told before it matters: that a key did nothing, that a number is dear, that a check
//! was ended elsewhere, whose name a text bears.

use tuilio::domain::Templates;
use tuilio::model::Event;
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};
use crate::states::begun;

const CODES: &str = "/Verifications";
const BURST: &str = "That came as fast as a paste, so Enter did nothing. Press Enter again.";

#[test]
fn an_enter_that_came_as_fast_as_a_paste_says_that_it_did_nothing() {
    let mut desk = Desk::at_work("happy");
    desk.burst("4155550100\n")
        .sees("+1 415 555 0100")
        .sees(BURST);
    assert_eq!(desk.requests(Post, CODES), 0);
    desk.press("<Enter>").wait(2.0).sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 1);

    let mut desk = Desk::at_work("happy");
    desk.burst("4155550100")
        .sees("+1 415 555 0100")
        .sees_no(BURST);
    desk.paste("4155550101\n").sees_no(BURST);
    // What is wrong with it matters more.
    desk.press("<Enter>").wait(2.0).burst("no number\n");
    desk.sees("There are no digits").sees_no(BURST);
}

#[test]
fn a_check_that_is_ended_elsewhere_is_noticed_on_screen_and_while_a_code_is_typed() {
    let mut desk = begun("cancelled_elsewhere", 40.0);
    desk.sees("Waiting for the code");
    // The first digit is enough; there is nothing left to type the others for.
    desk.press("1").wait(2.0).sees("Stopped").press("23456");
    assert_eq!(desk.requests(Post, "/VerificationCheck"), 0);

    let mut desk = begun("cancelled_elsewhere", 63.0);
    desk.sees("Stopped").sees_no("Waiting for the code");
}

#[test]
fn an_open_check_is_looked_at_rarely_and_less_and_less() {
    let mut desk = Desk::at_work("happy");
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    let code = desk.code_on_phone(MOBILE);
    for _ in 0..20 {
        desk.press("1<Backspace>").wait(1.0);
    }
    assert_eq!(
        desk.looks_at_codes(),
        0,
        "Twilio has just said how it stands"
    );
    desk.wait(550.0).sees("Waiting for the code");
    let looks = desk.looks_at_codes();
    assert!((1..=4).contains(&looks), "{looks} looks in ten minutes");
    desk.press(&code).wait(2.0).sees("Approved");
}

#[test]
fn a_look_that_finds_nothing_ends_no_check() {
    let mut desk = Desk::at_work("happy");
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    let code = desk.code_on_phone(MOBILE);
    let fetch = "/v2/Services/*/Verifications/*";
    desk.plant(
        "GET",
        fetch,
        "status",
        &[("status", "404"), ("code", "20404"), ("times", "9")],
    );
    desk.wait(70.0).sees("Waiting for the code");
    assert_eq!(desk.looks_at_codes(), 1);
    desk.press(&code).wait(2.0).sees("Approved");
}

#[test]
fn a_premium_number_and_an_extension_are_said_before_anything_goes_there() {
    let mut desk = Desk::at_work("happy");
    desk.paste("+1 900 555 0100").sees("premium rate");
    desk.press("<Enter>").sees("This is a premium-rate number");
    assert_eq!(desk.requests(Post, CODES), 0);
    desk.press("<Esc><Esc>")
        .paste("415 555 0100 ext 12")
        .press("<Enter>");
    desk.sees("Extension 12 is reached by a call alone");
    // A call presses it.
    desk.press("<Esc><Down><Enter>")
        .wait(1.0)
        .sees_no("reached by a call alone");
    assert_eq!(desk.requests(Post, CODES), 1);

    let mut desk = Desk::at_work("happy");
    desk.press("<F6>")
        .paste("415 555 0100 ext 12")
        .press("<Enter>Hello<Enter>");
    desk.sees("Extension 12 is reached by a call alone")
        .sees("y");
}

#[test]
fn beside_a_text_stands_what_is_known_of_its_own_number() {
    let mut desk = Desk::at_work("happy");
    desk.resize(140, 40);
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    desk.sees("This number")
        .press("<F6>")
        .sees_no("This number");
    desk.paste("+44 7400 123456")
        .sees("This number")
        .sees("United Kingdom");
}

#[test]
fn the_number_of_the_chosen_entry_is_shown_and_no_other() {
    let mut desk = Desk::at_work("happy");
    for number in ["415 555 0100", "415 555 0101"] {
        desk.paste(number).press("<Enter>").wait(2.0).press("<Esc>");
    }
    desk.press("<F4>").sees_no("415 555 01").press("u");
    desk.sees("1 number shown")
        .sees("+1 415 555 0101")
        .sees_no("+1 415 555 0100");
    desk.press("j").sees("numbers hidden").sees_no("415 555 01");
    desk.press("u")
        .sees("+1 415 555 0100")
        .sees_no("+1 415 555 0101");
}

#[test]
fn where_templates_come_from_is_said_while_there_are_none() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>");
    desk.happen(Event::TemplatesRead(Templates::default()));
    desk.paste("415 555 0100").press("<Enter>");
    desk.sees("No templates yet.")
        .press("Hello")
        .sees_no("No templates yet.");
}
