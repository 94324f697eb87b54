//! An impatient customer, a small window, a key too many: nothing untrue, nothing lost, nothing sent unseen.

use tuilio::store::{Journal, Store, Twin};
use tuilio::twilio::wire::Method::{Get, Post};

use crate::approve::waiting;
use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";
const CHECKS: &str = "/VerificationCheck";
const TEXTS: &str = "/Messages.json";
const STARTS: &str = "/v2/Services/*/Verifications";

#[test]
fn nothing_is_sent_from_a_window_that_shows_nothing() {
    let mut desk = Desk::demo("happy");
    desk.resize(50, 12).sees("tuilio needs 60 x 15");
    desk.press("4155550100<Enter><F6>").paste("4155550100");
    desk.resize(80, 24).sees("Whose phone are we checking?");
    assert_eq!(desk.requests(Post, CODES), 0);
    assert_eq!(desk.record(), Vec::<String>::new());
}

#[test]
fn the_whole_of_a_long_text_can_be_read_before_it_is_sent() {
    let mut desk = Desk::demo("happy");
    let sentences: Vec<String> = (1..=28)
        .map(|n| format!("This is the sentence number {n} of many."))
        .collect();
    let body = sentences.join(" ");
    desk.press("<F6>").paste("415 555 0100").press("<Enter>");
    desk.paste(&body).press("<Enter>");
    desk.sees("sentence number 1 ")
        .sees("Down and Up show the rest")
        .sees("texts ·")
        .sees_no("number 28");
    desk.press(&"<Down>".repeat(40)).sees("number 28");
    desk.press(&"<Up>".repeat(40)).sees("sentence number 1 ");
    assert_eq!(desk.requests(Post, TEXTS), 0);
}

#[test]
fn a_second_enter_while_a_text_is_being_sent_loses_nothing() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>").paste("415 555 0110");
    desk.press("<Enter>Hello<Enter>").latency(3.0);
    desk.press("<Enter><Enter>").wait(5.0);
    desk.sees("Opted out").press("e").sees("Hello");
    assert_eq!(desk.requests(Post, TEXTS), 1);
}

#[test]
fn the_evidence_names_the_way_by_which_the_code_went_out() {
    let mut desk = waiting("sms_and_calls_only");
    desk.wait(35.0).press("w").sees("WhatsApp is not set up");
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved").sees("by SMS").press("y");
    assert!(desk.copied[0].contains("by SMS"), "{:?}", desk.copied);
}

#[test]
fn digits_that_were_typed_before_a_call_do_not_block_the_box() {
    let mut desk = waiting("happy");
    desk.wait(35.0).press("123456c").wait(5.0);
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.requests(Post, CHECKS), 1);
}

#[test]
fn what_comes_of_a_check_in_the_background_is_told_and_shown() {
    let mut desk = waiting("happy");
    desk.press("<Esc>").paste("415 555 0101").press("<Enter>");
    let code = desk.code_on_phone("+14155550101");
    desk.press(&code).press("<Tab>").wait(1.0);
    desk.sees("Approved: +1 415 ••• ••01").wait(90.0);
    desk.press("<Tab>").sees("Evidence for the ticket");
}

#[test]
fn a_code_that_may_be_out_can_be_typed_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.latency(20.0).paste("415 555 0100").press("<Enter>");
    let mut desk = desk.run_again(&folder);
    desk.latency(0.0).wait(30.0).press("<Tab>");
    desk.sees("Waiting for the code");
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn a_yes_counts_only_once_it_is_offered() {
    let mut desk = Desk::demo("happy");
    desk.plant("POST", STARTS, "cut_before_store", &[]);
    desk.paste("415 555 0100").press("<Enter>y").sees("Not yet");
    assert_eq!(desk.requests(Post, CODES), 1);
    desk.wait(30.0)
        .sees("It may still arrive")
        .press("y")
        .wait(2.0);
    assert_eq!(desk.requests(Post, CODES), 2);
}

#[test]
fn five_wrong_codes_leave_a_way_on() {
    let mut desk = waiting("happy");
    let wrong = if desk.code_on_phone(MOBILE) == "111111" {
        "222222"
    } else {
        "111111"
    };
    for n in 0..5 {
        desk.press(wrong);
        if n >= 2 {
            desk.press("<Enter>");
        }
        desk.wait(1.0);
    }
    desk.sees("Five wrong codes").press("r").sees("Press x");
    desk.press("x")
        .sees("Stopped")
        .press("r")
        .sees("Five wrong codes were tried")
        .press("y")
        .sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 2);
}

#[test]
fn a_long_paste_into_a_line_is_cut_and_refused_in_a_moment() {
    let mut desk = Desk::demo("happy");
    desk.paste(&"1".repeat(60_000)).press("<Enter>").sees("✗");
    assert_eq!(desk.requests(Post, CODES), 0);
}

#[test]
fn what_another_process_sent_is_in_the_history() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.press("<F4>")
        .sees("Nothing was sent yet")
        .press("<F7>");
    let mut other = Store::open(folder.path()).unwrap();
    let mut source = waiting("happy");
    let mut operation = source.press("x").rows()[0].operation.clone();
    operation.id.session = other.session();
    other.intend(&operation, Twin::Refuse).unwrap();
    desk.press("<F4>").sees("1 entry");
}

#[test]
fn what_another_account_did_is_not_looked_up_under_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut source = waiting("happy");
    let mut operation = source.press("x").rows()[0].operation.clone();
    let mut other = Store::open(folder.path()).unwrap();
    operation.id.session = other.session();
    operation.account = Some(format!("AC{}", "0".repeat(32)).parse().unwrap());
    other.intend(&operation, Twin::Refuse).unwrap();
    drop(other);
    let mut store = Store::open(folder.path()).unwrap();
    store.recover(source.now()).unwrap();
    let mut desk = Desk::with_history("happy", store);
    desk.wait(700.0).press("<F4>").sees("Not known");
    assert_eq!(desk.record(), ["verify_cancel unknown"]);
    assert_eq!(desk.requests(Get, ""), 1, "only the service in use is read");
}

#[test]
fn an_extension_is_pressed_by_every_call() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100 ext 12").press("<Enter>y");
    assert_eq!(desk.last_form_value(CODES, "SendDigits"), None);
    desk.press("c").wait(2.0);
    assert_eq!(
        desk.last_form_value(CODES, "SendDigits").as_deref(),
        Some("12")
    );
}
