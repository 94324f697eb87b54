//! The ways to a person: calls, email, and each that is closed.

use tuilio::twilio::wire::Method::Post;

use super::{CODES, begun, code_typed, no_whatsapp, refused};

#[test]
fn undeliverable_says_why_and_offers_the_call_first() {
    let mut desk = begun("not_arrived", 30.0);
    desk.sees("Not delivered")
        .sees("▸ c  call and speak the code")
        .sees("\"Your phone did not take the message. Shall I call you with the code?\"");
    desk.press("c").wait(60.0);
    desk.sees("Call answered");
    let mut desk = code_typed(desk);
    desk.sees("Approved");
}

#[test]
fn a_call_is_told_in_the_words_of_a_call() {
    let mut desk = refused("happy", "415 555 0114");
    desk.press("c").wait(60.0).sees("Nobody answered");
    desk.sees("\"I could not reach you by phone. Shall I try again?\"");
    let mut desk = refused("happy", "415 555 0115");
    desk.press("c").wait(60.0).sees("The line was busy");
}

#[test]
fn what_is_said_of_a_call_goes_with_the_call() {
    let mut desk = refused("landline", "415 555 0188");
    desk.press("c").wait(0.1);
    desk.sees("\"Your phone will ring now.");
    desk.wait(9.0)
        .sees("Answered, the code is being spoken")
        .sees("\"Please write down the digits that you hear,")
        .sees_no("will ring now");
    desk.wait(30.0)
        .sees("Call answered")
        .sees("\"Please read me the digits that you wrote down, one by one.\"")
        .sees_no("will ring now");
    // Another call rings again.
    desk.wait(60.0).press("r").wait(0.1);
    desk.sees("\"Your phone will ring now.");
}

#[test]
fn a_landline_is_called_with_the_extension_that_is_typed() {
    let mut desk = refused("landline", "415 555 0100");
    desk.sees("Not sent. This is a landline, and it cannot get texts.")
        .sees("▸ c  Call it and speak the code")
        .sees("\"That number cannot get texts. May I call it now?")
        .sees("none");
    desk.press("r").wait(1.0);
    assert_eq!(
        desk.requests(Post, CODES),
        1,
        "a text would be refused again"
    );
    desk.press("129<Backspace>").sees("12");
    desk.press("c").wait(2.0);
    assert_eq!(
        desk.last_form_value(CODES, "SendDigits").as_deref(),
        Some("12")
    );
    desk.sees("Waiting for the code");
}

#[test]
fn a_blocked_range_says_when_it_lifts_and_leaves_a_note_for_the_lead() {
    let mut desk = refused("blocked", "415 555 0100");
    desk.sees("Not sent: blocked.")
        .sees("within 12 hours, by about 02:00")
        .sees("It does not mean this customer did anything wrong.")
        .sees("\"Texts to your number are paused on our side today.");
    desk.press("l");
    assert!(desk.copied[0].contains("60410"), "{:?}", desk.copied);
    assert!(!desk.copied[0].contains("5550100"), "{:?}", desk.copied);
    desk.press("w").wait(1.0).sees("Waiting for the code");
}

#[test]
fn a_closed_country_offers_email_and_the_lead_alone() {
    let mut desk = refused("closed_country", "415 555 0100");
    desk.sees("Not sent: Country switched off")
        .sees("\"I cannot reach that country by phone. May I use e-mail?\"");
    desk.press("c").wait(1.0);
    assert_eq!(desk.requests(Post, CODES), 1);
    desk.press("l");
    assert!(desk.copied[0].contains("60605"), "{:?}", desk.copied);
    desk.press("e").sees("Whose phone are we checking?");
    desk.press("jane@example.com<Enter>").wait(1.0);
    desk.sees("Waiting for the code");
}

#[test]
fn a_way_that_is_not_set_up_is_not_offered_again() {
    let mut desk = no_whatsapp();
    desk.sees("Not sent: WhatsApp not set up").sees("▸ r");
    desk.press("r").wait(31.0).sees("Waiting for the code");
    desk.sees_no("WhatsApp");
    desk.press("w").wait(1.0);
    assert_eq!(desk.requests(Post, CODES), 2);
    let mut desk = code_typed(desk);
    desk.sees("Approved");
}

#[test]
fn a_trial_account_offers_no_way_that_it_has_just_refused() {
    let mut desk = refused("trial", "415 555 0123");
    desk.sees("Not sent")
        .sees_no("speak the code")
        .sees_no("Send the code by SMS")
        .sees_no("c call")
        .sees_no("w WhatsApp")
        .sees("m  Type it again, or another number");
}

#[test]
fn a_landline_has_the_same_keys_beside_its_words_and_under_them() {
    let mut desk = refused("landline", "415 555 0188");
    for (key, words) in [("c", "call"), ("e", "email"), ("m", "other number")] {
        desk.sees(&format!("{key}  "))
            .sees(&format!("{key} {words}"));
    }
    desk.sees_no("w WhatsApp").sees_no("r SMS");
}
