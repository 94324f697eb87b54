//! A text that waits at Twilio for its time is found again in the history, and is withdrawn from there.

use tuilio::domain::Language;
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const MESSAGE: &str = "/Messages/*";

#[test]
fn the_history_says_when_a_text_leaves_and_withdraws_it_on_a_yes() {
    let mut desk = Desk::at_work("happy");
    desk.schedules("tomorrow 9:00").wait(10.0).press("n<F4>");
    for (width, height) in [(60, 15), (80, 24), (100, 30), (140, 40)] {
        desk.resize(width, height).sees("Leaves 05 Mar 17:00");
    }
    desk.press("<Enter>");
    for (width, height) in [(60, 15), (80, 24), (100, 30), (140, 40)] {
        desk.resize(width, height)
            .sees("Scheduled")
            .sees("2026-03-05 09:00 there, 17:00 here")
            .sees("x  withdraw it");
        for language in Language::ALL {
            desk.model.setting.language = language;
            desk.sees("2026-03-05 09:00");
        }
        desk.model.setting.language = Language::English;
    }
    desk.press("x")
        .sees("Withdraw this text?")
        .press("<Enter><Esc>")
        .sees("Scheduled")
        .press("xy")
        .wait(1.0)
        .sees("Cancelled")
        .sees_no("withdraw it")
        .press("<Esc>")
        .sees("Cancelled")
        .sees_no("Leaves");
    assert_eq!(desk.messages()[0]["status"], "canceled");
    desk.wait(30.0 * 3_600.0);
    assert_eq!(desk.on_phone(MOBILE), 0);
}

#[test]
fn a_later_run_of_the_desk_withdraws_it_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.schedules("tomorrow 9:00").wait(10.0);
    let mut desk = desk.run_again(&folder);
    desk.press("<F4><Enter>x")
        .sees("Withdraw this text?")
        .press("y")
        .wait(1.0)
        .sees("Cancelled");
    assert_eq!(desk.messages()[0]["status"], "canceled");
}

#[test]
fn a_text_that_left_and_one_of_a_desk_that_only_looks_are_not_withdrawn() {
    let mut desk = Desk::at_work("happy");
    desk.sends("Hello")
        .wait(30.0)
        .press("n<F4><Enter>")
        .sees("Delivered")
        .sees_no("withdraw")
        .press("x")
        .sees("Only a text that is scheduled can be withdrawn")
        .sees_no("Withdraw this text?");
    let mut desk = Desk::at_work("happy");
    desk.schedules("tomorrow 9:00").wait(10.0);
    desk.model.policy.mode = tuilio::domain::policy::Mode::ReadOnly;
    desk.press("n<F4><Enter>")
        .sees("Leaves")
        .sees_no("withdraw it")
        .press("x")
        .sees("Set by your lead")
        .press("y")
        .wait(1.0);
    assert_eq!(desk.requests(Post, MESSAGE), 0);
    assert_eq!(desk.messages()[0]["status"], "scheduled");
}

#[test]
fn the_list_of_all_actions_says_where_a_text_is_withdrawn() {
    let mut desk = Desk::at_work("happy");
    desk.schedules("tomorrow 9:00")
        .wait(10.0)
        .press("n<F7><Ctrl-K>withdraw<Enter>")
        .sees("Not from here: that is done in History: one entry");
    // From where it is done, it does it.
    desk.press("<F4><Enter><Ctrl-K>withdraw<Enter>")
        .sees("Withdraw this text?");
}

#[test]
fn a_text_that_left_nowhere_is_none_of_those_that_were_sent_today() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>4155550101<Enter>Hello<Enter><Enter>")
        .wait(10.0)
        .press("n");
    desk.schedules("tomorrow 9:00")
        .wait(10.0)
        .press("<F4>")
        .wait(1.0);
    desk.sees("2 texts")
        .press("<Enter>xy")
        .wait(1.0)
        .sees("Cancelled");
    desk.press("<Esc>")
        .wait(1.0)
        .sees("1 text")
        .sees_no("2 texts");
}
