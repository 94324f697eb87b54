//! A time that was chosen for a text stays with it until it is taken away, and what has passed is said.

use tuilio::twilio::wire::Method::Post;

use crate::desk::Desk;

const TEXTS: &str = "/Messages.json";
const CHOSEN: &str = "<F6>4155550100<Enter>See you<Enter>stomorrow 9:00<Enter>";
const LEAVES: &str = "Leaves 2026-03-05 09:00 there, 17:00 here";

#[test]
fn esc_and_another_letter_keep_the_time() {
    let mut desk = Desk::at_work("happy");
    desk.press(CHOSEN).sees(LEAVES).press("<Esc>");
    for (width, height) in [(60, 15), (140, 40), (80, 24)] {
        desk.resize(width, height)
            .sees(LEAVES)
            .sees_no("Send this text?");
    }
    desk.press("!<Enter>").sees("Send this text?").sees(LEAVES);
    // Also by way of another pane, the number and the ticket.
    desk.press("<Esc><F7><F6><Esc><Enter>")
        .sees(LEAVES)
        .press("<Enter>");
    desk.sees(LEAVES)
        .press("<Enter>")
        .wait(2.0)
        .sees("Scheduled");
    assert_eq!(desk.messages()[0]["status"], "scheduled");
    desk.press("n4155550101<Enter>Hello").sees_no("Leaves");
    desk.press("<Enter><Enter>").wait(10.0).sees("Delivered");
}

#[test]
fn a_time_is_taken_away_by_enter_on_its_empty_field_and_by_throwing_the_draft_away() {
    let mut desk = Desk::at_work("happy");
    desk.press(CHOSEN)
        .press("s")
        .sees("an empty field takes this time away");
    desk.press("<Esc>").sees(LEAVES).press("s<Enter>");
    desk.sees("Send this text?")
        .sees("The time is taken away: it leaves at once.")
        .sees_no("Leaves 2026");
    desk.press("stomorrow 9:00<Enter><Esc><Ctrl-X>")
        .sees_no("Leaves");
    desk.press("<Ctrl-X>").sees("See you").sees(LEAVES);
    desk.press("<Ctrl-X>")
        .press("4155550101<Enter>Hello<Enter>");
    desk.sees("Send this text?").sees_no("Leaves");
}

#[test]
fn a_text_that_was_refused_keeps_its_time() {
    let mut desk = Desk::at_work("happy");
    desk.model.policy.texts_a_day = Some(1);
    desk.press("<F6>4155550101<Enter>Hello<Enter><Enter>")
        .wait(10.0);
    desk.press("n")
        .press(&CHOSEN[4..])
        .press("<Enter>")
        .wait(1.0);
    desk.sees("at most 1 text a day")
        .sees("See you")
        .sees(LEAVES);
    assert_eq!(desk.requests(Post, TEXTS), 1);
    desk.press("<Enter>").sees(LEAVES);
    // Refused by Twilio: number, text and time are taken back into their fields.
    let mut desk = Desk::at_work("happy");
    let messages = "/2010-04-01/Accounts/*/Messages.json";
    let refusal = [("status", "400"), ("code", "21211")];
    desk.plant("POST", messages, "status", &refusal);
    desk.press(CHOSEN)
        .press("<Enter>")
        .wait(5.0)
        .press("e")
        .sees(LEAVES);
}

#[test]
fn the_time_is_there_again_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.press(CHOSEN).press("<Esc>").wait(1.0);
    let mut desk = desk.run_again(&folder);
    desk.press("<F6>").sees("See you").sees(LEAVES);
    desk.press("<Enter>").sees(LEAVES);
    // A time that has passed meanwhile is said, and does not come back.
    desk.press("stoday 9:00<Enter>")
        .sees("Leaves 2026-03-04 09:00 there")
        .wait(1.0);
    desk.wait(0.1);
    desk.press("<Esc>").wait(1.0);
    let mut desk = desk.run_again(&folder);
    desk.wait(5.0 * 3_600.0);
    let mut desk = desk.run_again(&folder);
    desk.sees("The time that was chosen for it has passed.");
    desk.press("<F6>").sees("See you").sees_no("Leaves");
}

#[test]
fn a_time_that_came_too_near_is_asked_about_before_it_leaves_at_once() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>4155550101<Enter>Hello<Enter>sin 7 min<Enter><Esc>");
    desk.wait(400.0).press("!<Enter>");
    desk.sees("too near").sees_no("Leaves 2026");
    desk.press("<Enter>").wait(2.0);
    assert_eq!(desk.requests(Post, TEXTS), 0);
    desk.press("y").wait(10.0).sees("Delivered");
}
