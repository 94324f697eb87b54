//! What is counted: wrong codes, sends, and questions in a while.

use tuilio::domain::{Language, OpState, Settled};
use tuilio::twilio::wire::Method::{Get, Post};

use super::{CODES, begun, code_typed, wrong, wrong_codes};
use crate::desk::{Desk, MOBILE};

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
fn five_wrong_codes_of_our_own_end_it_and_x_frees_the_number() {
    let mut desk = wrong_codes(5);
    desk.sees("Five wrong codes. Twilio closed this check until 14:10.")
        .sees("\"I could not confirm your phone today")
        .sees_no("c call");
    desk.press("c").wait(1.0);
    assert_eq!(desk.requests(Post, CODES), 1, "nothing is sent before x");
    desk.press("x").wait(1.0).sees("Stopped.");
    desk.press("<Enter>").sees("Send all the same?");
    desk.press("y").wait(1.0).sees("Waiting for the code");
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
        .sees("\"Please look for the message that we already sent.")
        .sees("e  email")
        .sees("An email address has five sends of its own.")
        .sees_no("c  call");
    desk.press("r").sees("All five sends are used");
    assert_eq!(desk.requests(Post, CODES), 1);
    let mut desk = code_typed(desk);
    desk.sees("Approved");
}

#[test]
fn where_all_sends_are_used_none_is_offered_in_any_language() {
    for language in Language::ALL {
        let mut desk = begun("sends_used_up", 12.0);
        desk.looks_at_all_sizes = false;
        desk.model.setting.language = language;
        for (width, height) in [(80, 24), (60, 15), (140, 40)] {
            desk.resize(width, height).sees("14:10");
            for again in ["again", "otra vez", "renvoyer", "nochmal", "erneut"] {
                desk.sees_no(&format!(" r {again}"))
                    .sees_no(&format!(" r  {again}"));
            }
        }
    }
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
    let mut desk = Desk::on_disk(&folder);
    desk.paste("415 555 0100").press("<Enter>").wait(1.0);
    desk.plant(
        "POST",
        "/v2/Services/*/VerificationCheck",
        "cut_before_store",
        &[],
    );
    desk.press("111111").wait(5.0).sees("Type it again.");
    let mut desk = desk.run_again(&folder);
    desk.press("<Tab>").sees("at most 5").sees("Type it again.");
    desk.sees_no("That was not the code");
}
