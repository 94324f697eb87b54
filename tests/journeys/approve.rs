//! A customer reads a code back: the everyday story, and what comes in between on most days.

use tuilio::domain::{Language, OpState, Settled};
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";
const CHECKS: &str = "/VerificationCheck";

/// A check of the mobile in reach, up to the moment in which the code is asked for.
pub fn waiting(scene: &str) -> Desk {
    let mut desk = Desk::demo(scene);
    desk.paste("415 555 0100")
        .press("<Enter>")
        .sees("Waiting for the code");
    desk
}

/// Six digits that are not the code.
fn wrong(desk: &Desk) -> &'static str {
    if desk.code_on_phone(MOBILE) == "111111" {
        "222222"
    } else {
        "111111"
    }
}

#[test]
fn a_check_takes_17_keys_when_everything_is_typed() {
    let mut desk = Desk::demo("happy");
    desk.press("4155550100").sees("+1 415 555 0100");
    desk.press("<Enter>").sees("Waiting for the code");
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.pressed, 17);
    assert_eq!(
        desk.record(),
        [
            "verify_start pending by sms",
            "verify_check approved by sms"
        ]
    );
    assert_eq!(desk.attempts().len(), 1);
    assert_eq!(desk.attempts()[0]["conversion_status"], "converted");
}

#[test]
fn a_check_takes_8_keys_when_the_number_is_pasted() {
    let mut desk = Desk::demo("happy");
    desk.paste("(415) 555-0100").press("<Enter>");
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.pressed, 8);
    assert_eq!(desk.attempts()[0]["conversion_status"], "converted");
}

#[test]
fn a_pasted_code_is_found_in_the_words_around_it() {
    let mut desk = waiting("happy");
    let code = desk.code_on_phone(MOBILE);
    desk.paste(&format!(
        "Your Acme code is {} {}.\n",
        &code[..3],
        &code[3..]
    ))
    .wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.requests(Post, CHECKS), 1);
}

#[test]
fn a_text_without_a_code_of_the_right_length_is_not_guessed_at() {
    let mut desk = waiting("happy");
    desk.paste("ticket 12, see below").wait(1.0);
    assert_eq!(desk.requests(Post, CHECKS), 0);
    desk.sees("Waiting for the code");
}

#[test]
fn a_wrong_code_costs_one_try_and_the_right_one_still_works() {
    let mut desk = waiting("happy");
    let wrong = wrong(&desk);
    desk.press(wrong).wait(0.5);
    desk.sees("That was not the code. 4 tries left")
        .sees("4 of 5")
        .sees_no(wrong);
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
    assert_eq!(
        desk.record(),
        [
            "verify_start pending by sms",
            "verify_check pending by sms",
            "verify_check approved by sms"
        ]
    );
}

#[test]
fn a_slip_at_the_last_digit_can_be_taken_back() {
    let mut desk = waiting("happy");
    let code = desk.code_on_phone(MOBILE);
    let slip = if code.ends_with('1') { '2' } else { '1' };
    desk.press(&code[..5]).press(&slip.to_string()).wait(0.2);
    desk.press("<Backspace>").wait(2.0);
    assert_eq!(
        desk.requests(Post, CHECKS),
        0,
        "nothing is checked before the pause is over"
    );
    desk.press(&code[5..]).wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.requests(Post, CHECKS), 1);
}

#[test]
fn the_same_code_is_sent_again_when_the_wait_is_over() {
    let mut desk = waiting("happy");
    let code = desk.code_on_phone(MOBILE);
    desk.press("r").sees("You can send again in 0:30");
    assert_eq!(desk.requests(Post, CODES), 1);
    desk.wait(31.0).press("r").sees("3 of 5");
    assert_eq!(desk.requests(Post, CODES), 2);
    assert_eq!(
        desk.code_on_phone(MOBILE),
        code,
        "every send carries the same code"
    );
    assert_eq!(desk.attempts().len(), 2);
    assert_eq!(
        desk.attempts()[0]["verification_sid"],
        desk.attempts()[1]["verification_sid"]
    );
    desk.press(&code).wait(0.5);
    desk.sees("Approved");
}

#[test]
fn a_held_key_does_not_send_again() {
    let mut desk = waiting("happy");
    desk.wait(31.0).hold("r", 20);
    assert_eq!(desk.requests(Post, CODES), 1);
    desk.press("r").hold("r", 20);
    assert_eq!(desk.requests(Post, CODES), 2);
}

#[test]
fn a_call_can_be_had_at_once_and_leads_to_the_approval() {
    let mut desk = waiting("happy");
    desk.press("c").sees("by call");
    assert_eq!(
        desk.last_form_value(CODES, "Channel").as_deref(),
        Some("call")
    );
    desk.wait(60.0);
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.attempts()[0]["channel"], "call");
    assert_eq!(desk.attempts()[0]["conversion_status"], "converted");
}

#[test]
fn the_evidence_names_all_ways_by_which_the_code_went() {
    for (keys, ways) in [
        ("c", "by SMS and call,"),
        ("cw", "by SMS, call and WhatsApp,"),
    ] {
        let mut desk = waiting("happy");
        for key in keys.chars() {
            desk.press(&key.to_string()).wait(60.0);
        }
        desk.reads_back(MOBILE).wait(0.5);
        desk.sees("Approved").press("y<F4>y");
        assert_eq!(desk.copied.len(), 2);
        for line in &desk.copied {
            assert!(line.contains(ways), "{line}");
        }
    }
}

#[test]
fn whatsapp_can_be_had_at_once_and_leads_to_the_approval() {
    let mut desk = waiting("happy");
    desk.press("w").sees("by WhatsApp");
    assert_eq!(
        desk.last_form_value(CODES, "Channel").as_deref(),
        Some("whatsapp")
    );
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.attempts().len(), 2);
}

#[test]
fn a_way_that_is_not_set_up_leaves_the_check_open() {
    let mut desk = waiting("sms_and_calls_only");
    desk.press("w").sees("Waiting for the code");
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
}

#[test]
fn the_way_can_be_chosen_before_the_first_code_goes_out() {
    let mut desk = Desk::demo("happy");
    desk.paste("4155550100").press("<Down><Enter>").wait(60.0);
    assert_eq!(
        desk.last_form_value(CODES, "Channel").as_deref(),
        Some("call")
    );
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
}

#[test]
fn an_address_goes_by_email() {
    let mut desk = Desk::demo("happy");
    desk.press("jane@example.com<Enter>").sees("by email");
    let code = desk.code_on_phone("jane@example.com");
    desk.press(&code).wait(0.5);
    desk.sees("Approved");
    assert_eq!(
        desk.record(),
        [
            "verify_start pending by email",
            "verify_check approved by email"
        ]
    );
}

#[test]
fn a_stopped_check_takes_no_code_any_more() {
    let mut desk = waiting("happy");
    let code = desk.code_on_phone(MOBILE);
    desk.press("x").sees("Stopped. The code no longer works.");
    assert_eq!(
        desk.record(),
        [
            "verify_start pending by sms",
            "verify_cancel canceled by sms"
        ]
    );
    desk.press(&code).wait(1.0);
    assert_eq!(desk.requests(Post, CHECKS), 0);
}

#[test]
fn the_approved_screen_hides_the_number_and_stays_once_a_key_is_pressed() {
    let mut desk = waiting("happy");
    let code = desk.code_on_phone(MOBILE);
    desk.press(&code).wait(0.5);
    desk.sees("Approved").sees_no("555 0100");
    desk.press("y");
    assert_eq!(desk.copied.len(), 1);
    assert!(
        desk.copied[0].contains("APPROVED 2026-03-04 14:00:00 UTC"),
        "{}",
        desk.copied[0]
    );
    assert!(
        !desk.copied[0].contains(&code) && !desk.copied[0].contains("5550100"),
        "{}",
        desk.copied[0]
    );
    desk.wait(90.0)
        .sees("This screen stays until you leave it.");
    desk.press("n").sees("Whose phone are we checking?");
}

#[test]
fn an_approval_that_nobody_looks_at_clears_itself() {
    let mut desk = waiting("happy");
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("This screen clears in 1:00")
        .wait(61.0)
        .sees("Whose phone are we checking?");
}

#[test]
fn that_an_approval_clears_itself_is_said_in_every_language_however_low_the_window() {
    for (tag, clears) in [
        ("en", "This screen clears in"),
        ("es", "Esta pantalla se vacía en"),
        ("fr", "Cet écran se vide dans"),
        ("de", "Dieser Bildschirm leert sich in"),
    ] {
        let mut desk = Desk::at_work("happy");
        desk.looks_at_all_sizes = false;
        desk.model.setting.language = Language::from_tag(tag).unwrap();
        desk.press("4155550100<Tab><Tab>INC-2026-0000048213<Enter>")
            .wait(1.0);
        desk.reads_back(MOBILE).wait(0.6);
        for (width, height) in [(60, 15), (80, 24), (140, 40)] {
            desk.resize(width, height).sees(clears);
        }
        desk.press("<F5>").wait(90.0).resize(80, 24).sees_no(clears);
    }
}

#[test]
fn ten_minutes_end_a_check_and_a_new_code_is_one_key_away() {
    let mut desk = waiting("happy");
    desk.wait(595.0).sees("Waiting for the code");
    desk.wait(10.0).sees("Expired. The ten minutes are over.");
    desk.press("r").sees("Waiting for the code");
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.attempts().len(), 2);
    assert_ne!(
        desk.attempts()[0]["verification_sid"],
        desk.attempts()[1]["verification_sid"]
    );
}

#[test]
fn a_validity_that_twilio_has_shortened_is_found_out_by_the_check() {
    let mut desk = waiting("expired");
    desk.wait(40.0);
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees_no("Approved")
        .sees("Expired. Twilio keeps codes for a shorter time here.")
        .sees("send a new code");
    desk.press("r").sees("Waiting for the code");
}

#[test]
fn five_wrong_codes_end_a_check_and_a_sixth_is_never_sent() {
    let mut desk = waiting("happy");
    let wrong = wrong(&desk);
    for left in [4, 3, 2, 1] {
        desk.press(wrong).wait(0.5);
        if left < 3 {
            // From the third on, none goes by itself.
            desk.press("<Enter>").wait(0.5);
        }
        desk.sees(&format!("{left} of 5"));
    }
    desk.press(wrong).press("<Enter>").wait(0.5);
    desk.sees("Five wrong codes. Twilio closed this check");
    desk.press(wrong).wait(1.0);
    assert_eq!(desk.requests(Post, CHECKS), 5);
    desk.press("<F4>").sees("Five wrong codes").press("<F7>");
    desk.sees_no("r SMS again").sees("next customer");
    let settled = |row: &&tuilio::domain::HistoryRow| {
        matches!(row.state, OpState::Settled(Settled::Verification { .. }))
    };
    assert_eq!(desk.rows().iter().filter(settled).count(), 6);
}

#[test]
fn two_callers_wait_side_by_side() {
    let mut desk = waiting("happy");
    let first = desk.code_on_phone(MOBILE);
    desk.press("<Esc>")
        .sees("Whose phone are we checking?")
        .sees("Waiting");
    desk.paste("415 555 0101")
        .press("<Enter>")
        .sees("+1 415 555 0101");
    let second = desk.code_on_phone("+14155550101");
    desk.press("<Tab>").sees("+1 415 555 0100");
    desk.press(&first).wait(0.5);
    desk.sees("Approved")
        .press("n<Tab>")
        .sees("+1 415 555 0101");
    desk.press(&second).wait(0.5);
    desk.sees("Approved");
    let converted = desk
        .attempts()
        .iter()
        .filter(|attempt| attempt["conversion_status"] == "converted")
        .count();
    assert_eq!(converted, 2);
}

#[test]
fn a_number_that_waits_already_is_shown_and_not_sent_to_again() {
    let mut desk = waiting("happy");
    desk.press("<Esc>")
        .paste("+1 (415) 555-0100")
        .press("<Enter>")
        .sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn digits_that_were_typed_are_gone_from_the_screen_when_they_were_checked() {
    let mut desk = waiting("happy");
    desk.latency(3.0).press("123456").wait(0.6);
    desk.sees("Checking the code").sees_no("1 2 3");
    desk.wait(3.0).sees("That was not the code");
}
