//! A text by lines: every line is written to the customer, and a command has a colon.

use tuilio::runtime::Shelf;

use super::Talk;
use crate::desk::{Desk, MOBILE};

#[test]
fn a_text_is_written_reviewed_and_sent_by_lines() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").hears("From, Acme Support");
    talk.say("415 555 0100");
    talk.say("quit is a word here").hears("quit is a word here");
    talk.say("a second line").say("").hears("a second line");
    assert_eq!(talk.desk.on_phone(MOBILE), 0);
    talk.say("").wait(10.0).hears("Delivered");
    assert_eq!(
        talk.desk.messages()[0]["body"],
        "quit is a word here\na second line"
    );
}

#[test]
fn the_number_of_the_next_customer_is_a_line_after_the_text_before() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").say("415 555 0100").say("One");
    talk.say("").wait(2.0).say("").wait(10.0).hears("Delivered");
    talk.say("415 555 0101").say("Two");
    assert_eq!(talk.body(), "Two");
    talk.say("").wait(2.0).say("").wait(10.0).hears("Delivered");
    assert_eq!(talk.desk.messages().len(), 2);
}

#[test]
fn in_a_text_every_line_is_text_and_a_command_has_a_colon() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").say("415 555 0105");
    talk.hears("Each line is text to the customer. A command begins with a colon.")
        .hears("Choices: :1 to :6 take a template, :search, Enter review, :empty line, :back, :replies, :help.")
        .hears("Templates, :1 Card on its way")
        .hears(":2 Ticket received");
    talk.say("Hello Ada");
    talk.does_not_hear("Each line is text")
        .hears(":help, :undo.");
    for line in [
        "0", "1", "2", "help", "quit", "history", "replies", "new line", "Esc", "F4", "y", "?",
    ] {
        talk.say(line);
    }
    assert_eq!(
        talk.body(),
        "Hello Ada\n0\n1\n2\nhelp\nquit\nhistory\nreplies\nnew line\nEsc\nF4\ny\n?"
    );
    talk.say(":help").hears("Help for: Message: the text");
    talk.say("0").hears("Each line is text to the customer.");
    talk.say(":back").say("").hears("Each line is text");
    talk.say(":REPLIES").hears("Nothing was sent");
}

#[test]
fn a_mistyped_command_is_never_written_to_a_customer() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").say("415 555 0100").say("Hello");
    for line in [":bakc", ":", ": )", ":7", ":b"] {
        talk.say(line).hears("nothing was written");
        assert_eq!(talk.body(), "Hello", "{line}");
    }
    talk.say("::-)");
    assert_eq!(talk.body(), "Hello\n:-)");
}

#[test]
fn the_last_line_of_a_text_can_be_taken_back() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").say("415 555 0100");
    talk.say("Hello")
        .say(":empty line")
        .say("Bye \u{1f44b}\u{1f3fd}");
    assert_eq!(talk.body(), "Hello\n\nBye \u{1f44b}\u{1f3fd}");
    talk.say(":undo");
    assert_eq!(talk.body(), "Hello\n");
    talk.say(":undo").say(":undo");
    assert_eq!(talk.body(), "");
    talk.say(":undo").hears("nothing was written");
}

#[test]
fn each_line_fills_one_blank_of_a_template_and_then_the_next() {
    let mut talk = Talk::on(Desk::demo("happy"));
    talk.say("message").say("415 555 0100");
    talk.hears(":1 to :").say("1");
    assert_eq!(talk.body(), "1", "a line without a colon is text");
    talk.say(":undo").say(":2");
    talk.hears("Your next line goes into {name}. A command begins with a colon.");
    let template = talk.body().to_owned();
    talk.say("Ada").hears("Your next line goes into {ticket}.");
    talk.say("").hears("{ticket} is not filled in yet.");
    talk.say("48213").hears("Every blank is filled.");
    let filled = template
        .replace("{name}", "Ada")
        .replace("{ticket}", "48213");
    assert_eq!(talk.body(), filled);
    talk.say(":blank before").say("Bo");
    assert_eq!(talk.body(), filled.replace("Ada", "Bo"));
    talk.say("Thank you");
    assert_eq!(
        talk.body(),
        format!("{}\nThank you", filled.replace("Ada", "Bo"))
    );
    talk.say("").hears("Thank you").hears("Enter send");
}

#[test]
fn a_template_of_a_number_that_is_not_there_is_no_text() {
    let mut talk = Talk::on(Desk::demo("happy"));
    talk.say("message").say("415 555 0100");
    talk.say(":9").hears("nothing was written");
    talk.say(":0").hears("nothing was written");
    assert_eq!(talk.body(), "");
}

#[test]
fn a_text_that_names_keys_is_read_as_it_will_go_out() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").say("415 555 0100");
    talk.say("Press Ctrl-Q, F3 or Tab, then Esc.");
    talk.hears("Press Ctrl-Q, F3 or Tab, then Esc.");
    talk.say("").hears("Press Ctrl-Q, F3 or Tab, then Esc.");
}

#[test]
fn a_scheduled_text_is_withdrawn_by_lines() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("F6").say("4155550100").say("See you").say("");
    talk.say("s").say("tomorrow 9:00").say("").say("");
    talk.wait(10.0);
    talk.say("n").say("F4").hears("Leaves 05 Mar 17:00");
    talk.say("").hears("2026-03-05 09:00 there, 17:00 here");
    talk.say("x").hears("Withdraw this text?");
    talk.say("y").stays(1.0).hears("Cancelled");
    assert_eq!(talk.desk.messages()[0]["status"], "canceled");
}

#[test]
fn what_goes_out_is_said_as_it_goes_out_blanks_and_wide_letters_and_all() {
    let text = "Total:  5 EUR   or 6\tx 東京タワー _ _ ●● | 日本";
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").say("415 555 0100").say(text);
    // The pane, the review, and what became of it.
    // A field takes a tab as a blank.
    let said = text.replace('\t', " ");
    talk.hears(&format!("Text, {said}"));
    talk.say("").hears(&format!("Text, {said}"));
    talk.say("").stays(10.0).hears(&format!("Text, {said}"));
    assert_eq!(talk.desk.messages()[0]["body"], said);
    talk.say("F4").say("").hears(&said);
    talk.say("0").say("F6").say("replies").hears(&said);
    // So is what a customer writes.
    talk.desk.customer_writes(MOBILE, "Danke:  日本  ✓ ok");
    talk.desk.wait(30.0);
    talk.say("0").say("replies").hears("Danke:  日本  ✓ ok");
}

#[test]
fn every_line_of_a_long_text_is_said_whole() {
    let long = "Dear  Jane, ".repeat(30);
    let long = long.trim();
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message")
        .say("415 555 0100")
        .say(long)
        .say("  and  more");
    talk.say("");
    let heard = talk.heard.join(" ");
    assert_eq!(heard.matches("Dear  Jane,").count(), 30, "{heard}");
    talk.hears("  and  more");
}

#[test]
fn the_time_of_a_scheduled_text_is_kept_and_taken_away_by_lines() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("F6").say("4155550100").say("See you").say("");
    talk.say("s")
        .say("tomorrow 9:00")
        .say("")
        .hears("Leaves, 2026-03-05 09:00");
    talk.say("0").hears("Leaves, 2026-03-05 09:00").say("!");
    talk.say("").hears("Leaves, 2026-03-05 09:00");
    talk.say("s").say("").hears("The time is taken away");
}

#[test]
fn under_templates_only_each_line_of_free_text_is_answered() {
    for shelf in [Shelf::Examples, Shelf::Folder("/none".into())] {
        let mut talk = Talk::on(Desk::under("templates_only = true\n"));
        talk.desk.shelf = shelf;
        talk.say("message").say("+4915112345604");
        for line in ["Hello.", "Hello.", "", "", "Once more.", "415 555 0100", ""] {
            talk.say(line).hears("templates only");
            assert!(talk.body().is_empty());
        }
    }
    let mut talk = Talk::on(Desk::under("templates_only = true\n"));
    talk.say("message").say("+4915112345604").say(":4");
    talk.say("Ada")
        .hears("Hello Ada,")
        .say("Monday")
        .hears("Monday");
    talk.say("10:00")
        .hears("Every blank is filled. A command begins with a colon.");
    for line in ["Call this number instead.", "Call this number instead."] {
        talk.say(line)
            .hears("Of a template only the blanks are filled.");
    }
    talk.say("").hears("Send this text?").say("").stays(10.0);
    assert_eq!(talk.desk.messages().len(), 1);
}
