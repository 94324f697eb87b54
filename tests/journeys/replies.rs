//! What customers answer: read from Twilio's list, in one thread with what was sent to them.

use tuilio::model::Effect;
use tuilio::twilio::wire::Method::{Get, Post};

use crate::desk::Desk;

const TEXTS: &str = "/Messages.json";
/// Answers each text: thanks, a question, and then STOP in the scene of conversations.
const TALKER: &str = "4155550104";

fn text(desk: &mut Desk, body: &str) {
    desk.press("<F6>")
        .press(TALKER)
        .press("<Enter>")
        .press(body)
        .press("<Enter><Enter>");
}

#[test]
fn the_answer_is_seen_after_the_text_went_out() {
    let mut desk = Desk::demo("conversation");
    text(&mut desk, "Your card left us today.");
    desk.wait(60.0)
        .sees("Delivered")
        .sees("Thank you, that helps!")
        .press("t")
        .sees("With this customer")
        .sees("Your card left us today.")
        .sees("Answer, 14:00")
        .press("<Esc>")
        .sees("Delivered");
}

#[test]
fn one_thread_holds_both_sides_in_order() {
    let mut desk = Desk::demo("conversation");
    text(&mut desk, "One");
    desk.wait(60.0).press("n");
    text(&mut desk, "Two");
    desk.wait(60.0).press("<Ctrl-R>");
    let screen = desk.screen();
    let places: Vec<usize> = ["One", "Thank you", "Two", "When will it come?"]
        .iter()
        .map(|part| {
            screen
                .find(part)
                .unwrap_or_else(|| panic!("{part}:\n{screen}"))
        })
        .collect();
    assert!(places.is_sorted(), "{screen}");
}

#[test]
fn in_a_wide_terminal_the_thread_stands_beside_the_pane() {
    let mut desk = Desk::at_work("conversation");
    desk.resize(140, 40);
    text(&mut desk, "Your card left us today.");
    desk.wait(60.0)
        .sees("With this customer")
        .sees("Thank you, that helps!");
    // The next text to them is written in sight of it.
    desk.press("n<F6>").press(TALKER).press("<Enter>").wait(1.0);
    desk.sees("With this customer")
        .sees("Thank you, that helps!");
    let mut demo = Desk::demo("conversation");
    demo.resize(140, 40);
    text(&mut demo, "Hello");
    demo.wait(60.0)
        .sees("With this customer")
        .sees("The customer's side (pretend)");
}

#[test]
fn nobody_asks_for_replies_that_nobody_looks_at() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>4155550100<Enter>Hello").wait(600.0);
    assert_eq!(
        desk.requests(Get, TEXTS),
        1,
        "once, when the number was chosen"
    );
    assert_eq!(desk.model.deadline(), None);
    // Looked at, it is asked for again, but not for ever.
    desk.press("<Ctrl-R>").wait(7_200.0);
    let asked = desk.requests(Get, TEXTS);
    assert!((5..40).contains(&asked), "{asked} requests");
    assert_eq!(desk.model.deadline(), None);
    desk.press("<F5>").wait(1.0);
    assert_eq!(desk.requests(Get, TEXTS), asked + 1);
}

#[test]
fn who_wrote_stop_is_known_before_the_next_text() {
    let mut desk = Desk::demo("conversation");
    for body in ["One", "Two", "Three"] {
        text(&mut desk, body);
        desk.wait(60.0).press("n");
    }
    text(&mut desk, "Four");
    desk.sees("This customer has opted out of your texts")
        .wait(1.0);
    assert_eq!(desk.requests(Post, TEXTS), 3, "Enter is no yes");
    desk.press("t")
        .sees("The customer wants no more texts.")
        .press("<Esc><Esc>");
    // They take it back.
    desk.customer_writes("+14155550104", "Start").wait(60.0);
    desk.press("<F5>").wait(2.0).press("<Enter>");
    desk.sees("Send this text?").sees_no("opted out");
}

#[test]
fn an_answer_that_would_steer_the_terminal_is_text() {
    let mut desk = Desk::at_work("happy");
    text(&mut desk, "Hello");
    desk.wait(20.0)
        .customer_writes(
            "+14155550104",
            "a\u{1b}[2J\u{202e}b\u{7} שלום 👩‍👩‍👧‍👦 é\u{301}\r\nc",
        )
        .wait(60.0)
        .press("t")
        .sees("␛[2J")
        .sees("שלום");
    for (width, height) in [(60, 15), (100, 30), (140, 40)] {
        desk.resize(width, height);
        desk.wait(0.1);
    }
}

#[test]
fn a_long_text_stands_in_the_thread_of_a_small_window_as_far_as_it_fits() {
    let mut desk = Desk::at_work("happy");
    desk.resize(60, 15);
    text(
        &mut desk,
        &"It is done, and you will hear from us. ".repeat(20),
    );
    desk.wait(20.0)
        .press("t<Up>")
        .sees("We, ")
        .sees("It is done");
}

#[test]
fn keys_that_may_not_read_texts_say_so_quietly() {
    let mut desk = Desk::at_work("happy");
    desk.plant(
        "GET",
        "/2010-04-01/Accounts/*/Messages.json",
        "status",
        &[("status", "403"), ("code", "70051"), ("times", "50")],
    );
    desk.press("<F6>4155550100<Enter>Hello<Ctrl-R>")
        .wait(2.0)
        .sees("Replies could not be read")
        .press("<Esc>")
        .sees("Hello");
}

#[test]
fn no_key_of_the_desk_works_behind_the_thread() {
    let mut desk = Desk::demo("conversation");
    text(&mut desk, "Hello");
    desk.wait(60.0).press("t");
    let before = desk.requests(Post, TEXTS);
    desk.press("enxy1<Enter><Tab>").paste("415 555 0101");
    desk.sees("With this customer");
    assert_eq!(desk.requests(Post, TEXTS), before);
    assert!(!desk.left.contains(&Effect::Quit));
}
