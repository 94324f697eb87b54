//! A text goes out, and what becomes of it is seen.

use tuilio::domain::connection::{NamedSender, Source};
use tuilio::model::Event;
use tuilio::twilio::wire::Method::{Get, Post};

use crate::desk::{Desk, MOBILE};

const TEXTS: &str = "/Messages.json";

#[test]
fn a_text_is_reviewed_sent_and_seen_to_be_delivered() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>Your ticket 12 is closed.<Enter>");
    desk.sees("Send this text?")
        .sees("+1 415 555 0100")
        .sees("Acme Support")
        .sees("Your ticket 12 is closed.");
    assert_eq!(desk.requests(Post, TEXTS), 0, "the review sends nothing");
    desk.press("<Enter>").wait(30.0);
    desk.sees("Delivered");
    assert_eq!(desk.record(), ["text delivered"]);
    assert_eq!(desk.messages().len(), 1);
    assert_eq!(desk.messages()[0]["body"], "Your ticket 12 is closed.");
    assert_eq!(desk.messages()[0]["status"], "delivered");
    assert_eq!(desk.on_phone(MOBILE), 1);
    desk.press("n").sees("number, typed or pasted");
}

#[test]
fn nothing_is_lost_on_the_way_back_and_nothing_is_sent_by_it() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>Hello<Enter>")
        .sees("Send this text?");
    desk.press("<Esc>")
        .sees("Hello")
        .press("<Esc>")
        .sees("4155550100")
        .sees("Hello");
    desk.press("<F7><F4><F6>").sees("4155550100").sees("Hello");
    desk.press("<Enter><Enter><Enter>").wait(1.0);
    assert_eq!(desk.messages().len(), 1);
}

#[test]
fn an_enter_held_too_long_does_not_send() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>Hello<Enter>")
        .hold("<Enter>", 30)
        .sees("Send this text?");
    assert_eq!(desk.requests(Post, TEXTS), 0);
}

#[test]
fn plain_letters_make_one_text_of_two() {
    let mut desk = Desk::demo("happy");
    let text = format!(
        "We’ve closed your ticket {}",
        "so that all is well. ".repeat(5)
    );
    desk.press("<F6>4155550100<Enter>")
        .paste(&text)
        .sees("2 texts")
        .sees("Ctrl-T");
    desk.press("<Ctrl-T>")
        .sees("1 text ·")
        .sees("We've closed")
        .press("<Enter><Enter>")
        .wait(1.0);
    assert_eq!(desk.messages()[0]["num_segments"], "1");
}

#[test]
fn a_new_line_is_part_of_the_text() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>Hello<Ctrl-J>Jane<Enter><Enter>")
        .wait(1.0);
    assert_eq!(desk.messages()[0]["body"], "Hello\nJane");
}

#[test]
fn an_empty_text_and_one_that_is_too_long_are_not_reviewed() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter><Enter>")
        .sees("There is no text yet.");
    desk.paste(&"a".repeat(1601))
        .press("<Enter>")
        .sees("too long for Twilio by 1 character");
    assert_eq!(desk.requests(Post, TEXTS), 0);
}

#[test]
fn the_text_before_is_shown_beside_the_next_one() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>One<Enter><Enter>")
        .wait(30.0);
    desk.press("n4155550100<Enter>")
        .sees("last text to this number 14:00: Delivered");
}

#[test]
fn a_text_to_nobody_stays_with_the_agent() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>jane@example.com<Enter>")
        .sees("not to an email address");
    desk.press("<Esc>41555<Tab>").sees("✗");
    assert_eq!(desk.requests(Post, TEXTS), 0);
}

#[test]
fn what_is_being_sent_counts_its_seconds() {
    let mut desk = Desk::demo("happy");
    desk.latency(8.0)
        .press("<F6>4155550100<Enter>Hello<Enter><Enter>")
        .wait(4.1);
    desk.sees("Sending 3 s");
    desk.wait(6.0).sees_no("Sending 3 s");
    assert_eq!(desk.messages().len(), 1);
}

#[test]
fn an_ascii_screen_spells_what_it_cannot_show_before_it_is_sent() {
    let mut desk = Desk::demo("happy");
    desk.look.ascii = true;
    desk.model.setting.ascii = true;
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>")
        .paste("Café, 你好")
        .press("<Enter>");
    desk.sees("Cafe, <U+4F60><U+597D>")
        .sees("The text goes out as it was written.");
    desk.press("y<Enter>").wait(2.0);
    assert_eq!(desk.messages()[0]["body"], "Café, 你好");
}

#[test]
fn a_messaging_service_is_called_by_its_name_where_the_keys_may_read_it() {
    let mut desk = Desk::at_work("happy");
    let (_, mut connection) = desk.account(Source::Environment);
    let sender = connection.sender.take().unwrap().sender;
    connection.sender = Some(NamedSender::new(sender, None));
    let lists = |desk: &Desk| desk.requests(Get, "/v1/Services");
    assert_eq!(lists(&desk), 0, "its name was known");
    desk.latency(3.0);
    desk.happen(Event::Connected(Box::new(connection)));
    desk.writes("Hello").sees("From Messaging Service MG..");
    desk.wait(4.0).sees("From Acme Support");
    desk.press("<F8>").sees_no("Messaging Service MG..");
    desk.wait(60.0);
    assert_eq!(lists(&desk), 1, "once is enough");
}

#[test]
fn the_next_number_is_pasted_over_what_became_of_the_last_text() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>One<Enter><Enter>")
        .wait(2.0);
    // What holds no number begins nothing.
    desk.paste("Thank you!")
        .sees("What you pasted was not taken")
        .sees("One");
    desk.paste("(415) 555-0101")
        .sees("+1 415 555 0101")
        .sees_no("What you pasted")
        .sees_no("One");
    desk.press("<Enter>Two<Enter><Enter>").wait(30.0);
    let sent = desk.messages();
    assert_eq!(sent.len(), 2);
    assert_eq!(desk.record(), ["text delivered", "text delivered"]);
    // Several are offered, as in the field.
    desk.paste("415 555 0100 or 415 555 0101")
        .press("<Down><Enter>");
    desk.sees("+1 415 555 0100");
    assert_eq!(desk.requests(Post, TEXTS), 2);
}

#[test]
fn what_was_not_sent_is_not_put_away_by_a_paste() {
    let mut desk = Desk::demo("happy");
    desk.latency(8.0)
        .press("<F6>4155550100<Enter>One<Enter><Enter>")
        .wait(1.0);
    desk.paste("415 555 0101")
        .sees("What you pasted was not taken")
        .sees("Sending");
}

#[test]
fn templates_have_numbers_where_these_are_keys() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100")
        .sees("Card on its way")
        .sees_no("1 Card on its way")
        .sees_no("/ search");
    desk.press("<Tab>").sees_no("1 Card on its way");
    desk.press("<Enter>")
        .sees("1 Card on its way")
        .sees("/ search");
}
