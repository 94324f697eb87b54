//! Every state of a check, each reached by keys on a named scene: what is shown, what is said, and that
//! the keys that are offered act.

use tuilio::domain::{OpState, Settled, VerificationStatus};
use tuilio::store::{Journal, Store, Twin};
use tuilio::twilio::wire::Method::{Get, Post};

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
    let code = desk.code_on_phone(MOBILE);
    desk.press(&code).wait(1.0);
    desk
}

pub fn wrong_codes(times: usize) -> Desk {
    let mut desk = begun("happy", 12.0);
    let slip = wrong(&desk);
    for _ in 0..times {
        desk.press(slip).wait(2.0);
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
fn a_wrong_code_counts_down_and_the_second_one_is_a_warning() {
    let mut desk = wrong_codes(1);
    desk.sees("That was not the code. 4 tries left, then this check ends.")
        .sees("\"That one did not match.")
        .sees_no("Careful");
    let slip = wrong(&desk);
    desk.press(slip).wait(1.0);
    desk.sees("3 tries left").sees("Careful").sees("(F3)");
    desk.press("<F3>").sees("cannot").press("<Esc>");
    desk.press("x").wait(1.0).sees("Stopped.");
}

#[test]
fn approved_says_what_it_shows_and_what_it_does_not() {
    let mut desk = code_typed(begun("happy", 12.0));
    desk.sees("Approved")
        .sees("In 12 s.")
        .sees("the caller can read messages on this phone, now.")
        .sees("who the caller is.")
        .sees("\"Thank you, that is done.\"")
        .sees("This screen clears in");
    desk.press("y");
    assert!(desk.copied[0].contains("APPROVED"), "{:?}", desk.copied);
    desk.press("n").sees("Whose phone are we checking?");
}

#[test]
fn expired_says_that_nothing_went_wrong_and_enter_sends_a_new_code() {
    let mut desk = begun("happy", 601.0);
    desk.sees("Expired. The ten minutes are over. Nothing went wrong.")
        .sees("\"That code is too old. I will send a new one.\"");
    desk.press("<Enter>").wait(1.0).sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 2);
}

#[test]
fn the_history_knows_what_others_did_to_a_check_and_never_calls_it_our_approval() {
    for (scene, word) in [
        ("approved_elsewhere", "Approved elsewhere"),
        ("cancelled_elsewhere", "Stopped"),
    ] {
        let mut desk = code_typed(begun(scene, 6.0));
        desk.wait(700.0).press("<F4>").wait(1.0);
        desk.sees(word).sees_no("Expired").sees("0 approved");
        assert!(
            !desk
                .record()
                .iter()
                .any(|line| line.contains("verify_check approved"))
        );
    }
}

#[test]
fn approved_by_somebody_else_is_found_out_by_a_404_and_says_when() {
    let mut desk = code_typed(begun("approved_elsewhere", 6.0));
    desk.sees("Already approved, by somebody else, at 14:00, a moment ago.")
        .sees("Twilio does not say who typed the code.")
        .sees("\"You are already checked.\"");
    desk.press("y");
    assert!(
        desk.copied[0].contains("not from this desk"),
        "{:?}",
        desk.copied
    );
    desk.wait(240.0).sees("4 minutes ago");
    desk.press("<Enter>").wait(1.0).sees("Waiting for the code");
}

#[test]
fn approved_by_somebody_else_is_seen_before_a_code_is_typed() {
    let mut desk = begun("approved_elsewhere", 12.0);
    desk.sees("Already approved, by somebody else");
    assert_eq!(desk.requests(Post, CHECKS), 0);
}

#[test]
fn approved_in_another_window_is_known_from_our_own_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = approved_in_another_window(folder.path());
    desk.sees("Already approved, from this desk, at 14:00");
    desk.press("y");
    assert!(desk.copied[0].contains("APPROVED"), "{:?}", desk.copied);
}

#[test]
fn five_wrong_codes_of_our_own_end_it_and_x_frees_the_number() {
    let mut desk = wrong_codes(5);
    desk.sees("Five wrong codes. Twilio closed this check until 14:10.")
        .sees("\"I could not confirm your phone today")
        .sees_no("c call");
    desk.press("c").wait(1.0);
    assert_eq!(desk.requests(Post, CODES), 1, "nothing is sent before x");
    desk.press("x").wait(1.0).sees("Stopped.");
    desk.press("<Enter>").wait(1.0).sees("Waiting for the code");
}

#[test]
fn five_wrong_codes_of_a_colleague_are_found_out() {
    let mut desk = code_typed(begun("tries_used_up", 3.0));
    desk.sees("Five wrong codes. Twilio closed this check until 14:10.");
    desk.press("<F3>").sees("cannot").press("<Esc>");
    desk.press("x").wait(1.0).sees("Stopped.");
}

#[test]
fn five_sends_leave_the_digits_working_and_say_when_the_next_send_is() {
    let mut desk = begun("sends_used_up", 12.0);
    desk.sees("0 of 5")
        .sees("14:10")
        .sees("at most 5")
        .sees("\"Please look for the message that we already sent.");
    desk.press("r").sees("All five sends are used");
    assert_eq!(desk.requests(Post, CODES), 1);
    let mut desk = code_typed(desk);
    desk.sees("Approved");
}

#[test]
fn a_send_too_many_is_refused_and_the_code_still_works() {
    let mut desk = begun("happy", 1.0);
    desk.plant(
        "POST",
        "/v2/Services/*/Verifications",
        "status",
        &[("status", "429"), ("code", "60203")],
    );
    desk.wait(31.0).press("r").wait(1.0);
    desk.sees("Five sends, and that is the most.")
        .sees("A code already sent still works.");
    let mut desk = code_typed(desk);
    desk.sees("Approved");
}

#[test]
fn too_fast_counts_down_and_goes_on_by_itself_once() {
    let mut desk = begun("too_many_starts", 1.0);
    desk.sees("Twilio asks us to wait 0:1")
        .sees("It goes on by itself.")
        .sees("\"One moment.\"");
    desk.wait(12.0).sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 2);
    assert_eq!(
        desk.record(),
        ["verify_start refused 60212", "verify_start pending by sms"]
    );
}

#[test]
fn a_wait_is_stopped_by_esc_and_nothing_is_sent() {
    let mut desk = begun("too_many_starts", 1.0);
    desk.press("<Esc>").wait(60.0).sees("Not sent: Too fast");
    assert_eq!(desk.requests(Post, CODES), 1);
    assert_eq!(desk.on_phone(MOBILE), 0);
    desk.press("r").wait(1.0).sees("Waiting for the code");
}

#[test]
fn a_limit_of_the_service_is_waited_out() {
    let mut desk = begun("service_limit", 1.0);
    desk.sees("Twilio asks us to wait");
    desk.wait(15.0).sees("Waiting for the code");
    assert_eq!(desk.on_phone(MOBILE), 1);
}

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
fn not_known_says_so_and_then_which() {
    let mut desk = begun("lost_request", 5.0);
    desk.sees("Not known. The line dropped while sending.")
        .sees("\"If a message comes, keep it.\"");
    desk.press("<Esc>")
        .sees("Whose phone are we checking?")
        .press("<Tab>");
    desk.wait(25.0).sees("Not found yet.");
    let mut desk = begun("lost_reply", 5.0);
    desk.sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 1);
    let mut desk = code_typed(begun("lost_check", 5.0));
    desk.wait(3.0).sees("Approved");
}

#[test]
fn stopped_is_said_and_so_is_who_stopped_it() {
    let mut desk = begun("happy", 5.0);
    desk.press("x").wait(1.0);
    desk.sees("Stopped. The code no longer works.");
    desk.press("<Enter>").wait(1.0).sees("Waiting for the code");
    let mut desk = code_typed(begun("cancelled_elsewhere", 6.0));
    desk.sees("Stopped by somebody else.")
        .sees("\"That code no longer works. I will send you a new one.\"");
    desk.press("<Enter>").wait(1.0).sees("Waiting for the code");
}

#[test]
fn a_code_that_is_sent_again_after_somebody_stopped_the_check_is_said_to_be_a_new_one() {
    let mut desk = begun("cancelled_elsewhere", 4.0);
    let slip = wrong(&desk);
    desk.press(slip)
        .wait(2.0)
        .sees("4 of 5")
        .sees("Every send carries the same code");
    let before = desk.code_on_phone(MOBILE);
    desk.wait(30.0).press("r").wait(1.0);
    assert_ne!(desk.code_on_phone(MOBILE), before);
    desk.sees("The check before was over already: this is a new code, and only the newest message has it.")
        .sees("I have sent you a new code. Please open the newest message")
        .sees("Tries left  5 of 5")
        .sees("Sends left  4 of 5")
        .sees_no("Every send carries the same code");
    let desk = code_typed(desk);
    assert!(desk.shows("Approved"), "{}", desk.screen());
}

#[test]
fn a_check_that_twilio_never_heard_of_is_said_to_be_so() {
    let mut desk = code_typed(begun("never_started", 3.0));
    desk.sees("Never started. Twilio has no trace of a code for this number.")
        .sees("\"There is no open check for you. I will send you a new code.\"");
    desk.press("<Enter>").wait(1.0).sees("Waiting for the code");
}

#[test]
fn a_404_whose_reason_cannot_be_asked_for_is_not_guessed_at() {
    let mut desk = begun("cancelled_elsewhere", 6.0);
    for path in ["/v2/Services/*/Verifications/*", "/v2/Attempts"] {
        desk.plant(
            "GET",
            path,
            "status",
            &[("status", "403"), ("code", "70051"), ("times", "9")],
        );
    }
    let mut desk = code_typed(desk);
    desk.sees("Gone. Twilio has closed this check, and does not say why");
    desk.press("n").sees("Whose phone are we checking?");
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
fn two_desks_on_one_number_agree_on_sends_and_minutes() {
    let mut desk = begun("two_desks", 1.0);
    desk.sees("2 of 5").sees("at most 5").sees("7:59 left");
    desk.wait(21.0).press("<F5>").wait(1.0).sees("1 of 5");
    desk.wait(20.0).sees("Send again in");
    desk.wait(80.0).sees("Already approved, by somebody else");
}

#[test]
fn asking_now_is_never_asking_more_often_than_twilio_allows() {
    let mut desk = begun("happy", 20.0);
    let before = desk.requests(Get, "/v2/Attempts");
    for _ in 0..40 {
        desk.press("<F5>").wait(0.25);
    }
    let asked = desk.requests(Get, "/v2/Attempts") - before;
    assert!((3..=6).contains(&asked), "{asked} in ten seconds");
}

#[test]
fn a_list_that_is_asked_too_often_is_asked_less_often_and_the_screen_says_so() {
    let mut desk = begun("not_arrived", 0.5);
    desk.plant(
        "GET",
        "/v2/Attempts",
        "status",
        &[("status", "429"), ("code", "20429"), ("times", "4")],
    );
    desk.wait(9.0).sees("Twilio asks us to ask less often.");
    let before = desk.requests(Get, "/v2/Attempts");
    desk.press("<F5>").sees("The next look is in");
    assert_eq!(desk.requests(Get, "/v2/Attempts"), before);
    desk.wait(60.0)
        .sees_no("ask less often")
        .sees("Not delivered");
}

#[test]
fn sends_by_one_way_within_a_minute_are_each_credited_with_their_own_attempt() {
    let mut desk = begun("happy", 31.0);
    desk.press("r").wait(40.0);
    let attempts: std::collections::BTreeSet<String> = desk
        .rows()
        .iter()
        .filter_map(|row| match &row.state {
            OpState::Settled(Settled::Verification {
                delivery: Some(delivery),
                ..
            }) => delivery.attempt.as_ref().map(ToString::to_string),
            _ => None,
        })
        .collect();
    assert_eq!(attempts.len(), 2);
}

#[test]
fn a_lost_try_is_no_wrong_one_after_a_restart_either() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::with_history("happy", Store::open(folder.path()).unwrap());
    desk.paste("415 555 0100").press("<Enter>").wait(1.0);
    desk.plant(
        "POST",
        "/v2/Services/*/VerificationCheck",
        "cut_before_store",
        &[],
    );
    desk.press("111111").wait(5.0).sees("Type it again.");
    let mut desk = desk.restarted(|old| {
        drop(old);
        Store::open(folder.path()).unwrap()
    });
    desk.press("<Tab>").sees("at most 5").sees("Type it again.");
    desk.sees_no("That was not the code");
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

#[test]
fn how_long_it_took_is_said_in_one_way() {
    let mut desk = begun("happy", 75.0);
    let code = desk.code_on_phone(MOBILE);
    desk.resize(140, 40).press(&code).wait(3.0).press("y");
    let took = desk.copied[0].split(", in ").nth(1).unwrap();
    let took = took.split(',').next().unwrap().to_owned();
    assert!(took.starts_with("1 min 1"), "{took}");
    desk.sees(&format!("In {took}."));
}
