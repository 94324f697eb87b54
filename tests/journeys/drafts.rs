//! What was written and not sent is not lost: not by Esc, not by another pane, not by the end of the
//! program; and what was sent is no draft any more.

use tuilio::domain::policy::Policy;
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const TEXTS: &str = "/Messages.json";

#[test]
fn a_draft_is_there_again_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.press("<F6>4155550100<Tab>48213<Enter>Dear Jane")
        .wait(1.0);
    // Nobody said good-bye.
    let mut desk = desk.run_again(&folder);
    desk.sees("A text that was not sent is still there: F6 shows it.")
        .press("<F6>")
        .sees("+1 415 555 0100")
        .sees("48213")
        .sees("Dear Jane")
        .sees("of 14:00, not sent yet")
        .press(", hello<Enter><Enter>")
        .wait(30.0)
        .sees("Delivered");
    assert_eq!(desk.messages()[0]["body"], "Dear Jane, hello");
    assert_eq!(
        desk.rows()[0]
            .operation
            .ticket
            .as_ref()
            .map(ToString::to_string),
        Some("48213".to_owned())
    );
    let mut desk = desk.run_again(&folder);
    desk.sees_no("not sent").press("<F6>").sees_no("Dear Jane");
}

#[test]
fn leaving_the_pane_or_the_desk_keeps_the_draft_at_once() {
    for leave in ["<F7>", "<Ctrl-Q>"] {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = Desk::on_disk(&folder);
        desk.press("<F6>4155550100<Enter>Dear").press(leave);
        let mut desk = desk.run_again(&folder);
        desk.press("<F6>").sees("Dear");
    }
}

#[test]
fn a_draft_that_was_emptied_does_not_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.press("<F6>4155550100<Enter>Dear").wait(1.0);
    desk.press("<Ctrl-U><Esc><Esc>").wait(1.0);
    let mut desk = desk.run_again(&folder);
    desk.sees_no("not sent").press("<F6>").sees_no("415");
}

#[test]
fn a_text_that_was_held_when_the_program_ended_is_a_draft_and_was_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.model.policy.hold_seconds = 10;
    desk.press("<F6>4155550100<Enter>Dear Jane<Enter><Enter>")
        .wait(2.0)
        .sees("Held back");
    let mut desk = desk.run_again(&folder);
    desk.wait(60.0);
    assert_eq!((desk.rows().len(), desk.requests(Post, TEXTS)), (0, 0));
    desk.press("<F6>").sees("Dear Jane").sees_no("Held back");
}

#[test]
fn the_blanks_of_a_draft_are_still_blanks() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.press("<F6>4155550100<Enter>3Jan").wait(1.0);
    let mut desk = desk.run_again(&folder);
    desk.press("<F6>")
        .sees("1 blank to fill")
        .press("<Tab><Tab>48213<Enter>")
        .sees("Hello Jan, your request 48213 is solved.")
        .sees("Send this text?");
}

#[test]
fn a_desk_that_rests_does_not_wake_for_its_draft() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>4155550100<Enter>Dear Jane").wait(30.0);
    assert_eq!(desk.model.deadline(), None);
}

#[test]
fn where_only_templates_may_be_sent_nothing_else_is_typed() {
    let mut desk = Desk::demo("happy");
    desk.model.policy.templates_only = true;
    desk.press("<F6>4155550100<Enter>Hello")
        .sees("texts are made from templates only")
        .paste("Hello")
        .sees_no("Hello")
        .press("3Jan<Tab>48213")
        .sees("Hello Jan, your request 48213 is solved.")
        .press("<End> and more")
        .sees_no("and more")
        .press("<Enter><Enter>")
        .wait(1.0);
    assert_eq!(desk.messages().len(), 1);
    // Deleting what is the template's puts it away, so that another one can be taken.
    desk.press("n4155550100<Enter>2<Home><Delete>")
        .sees("1 Card on its way")
        .press("1")
        .sees("your replacement card");
}

#[test]
fn a_draft_from_before_the_rule_is_not_sent_under_it() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>Buy now");
    desk.model.policy.templates_only = true;
    desk.press("<Enter>")
        .sees("texts are made from templates only")
        .press("<Enter>y<Enter>")
        .wait(1.0);
    assert_eq!(desk.requests(Post, TEXTS), 0);
}

#[test]
fn where_a_ticket_is_needed_the_text_waits_for_it() {
    let mut desk = Desk::demo("happy");
    desk.model.policy = Policy {
        ticket_required: true,
        ..desk.model.policy.clone()
    };
    desk.press("<F6>4155550100<Enter>Hello<Enter>")
        .sees("nothing is sent without the number of a ticket")
        .press("48213<Enter><Enter>")
        .sees("Send this text?")
        .press("<Enter>")
        .wait(1.0);
    assert_eq!(desk.messages().len(), 1);
}

#[test]
fn the_lead_s_quiet_hours_leave_the_morning() {
    use tuilio::domain::policy::{Quiet, QuietHours};
    let mut desk = Desk::demo("happy");
    desk.model.policy.quiet_hours = Some(QuietHours {
        from: jiff::civil::time(20, 0, 0, 0),
        to: jiff::civil::time(9, 0, 0, 0),
        then: Quiet::Refuse,
    });
    desk.press("<F6>4155550100<Enter>Hello<Enter>")
        .wait(1.0)
        .sees("no texts from 20:00 to 09:00")
        .sees("s send later")
        .sees_no("Enter send")
        .sees_no("Read it first")
        .press("<Enter>")
        .sees_no("Read it first")
        .press("y")
        .wait(1.0);
    assert_eq!(desk.requests(Post, TEXTS), 0);
    assert_eq!(desk.model.deadline().filter(|at| *at <= desk.now()), None);
    // Something odd besides is not asked about: no yes would send it.
    desk.press("<Esc><Esc><Ctrl-U>4155550101<Enter><Enter>")
        .wait(1.0)
        .sees("no texts from")
        .sees_no("another number")
        .sees_no("yes, send it")
        .press("y")
        .wait(1.0);
    assert_eq!(desk.requests(Post, TEXTS), 0);
    desk.press("<Esc><Esc><Ctrl-U>4155550100<Enter><Enter>");
    desk.press("s10:00<Enter>")
        .wait(9.0)
        .sees_no("no texts from")
        .press("<Enter>")
        .wait(1.0)
        .sees("Scheduled");
}

#[test]
fn what_went_to_a_number_long_ago_is_looked_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.press("<F6>4155550110<Enter>Hello<Enter><Enter>")
        .wait(5.0);
    // More than a page of other texts lies between.
    desk.looks_at_all_sizes = false;
    for n in 0..101 {
        desk.press("n4155550101<Enter>Hello")
            .press(&n.to_string())
            .press("<Enter><Enter>")
            .wait(0.2);
    }
    let mut desk = desk.run_again(&folder);
    desk.press("<F6>4155550110<Enter>Hello again<Enter>")
        .wait(1.0)
        .sees("This customer has opted out of your texts");
}

#[test]
fn where_only_templates_may_be_sent_and_there_are_none_that_is_what_enter_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::under("templates_only = true\n");
    desk.shelf = tuilio::runtime::Shelf::Folder(folder.path().to_owned());
    desk.model.setting.configured_in = "/home/ada/.config/tuilio/config.toml".to_owned();
    desk.press("<F6>4155550100<Enter>")
        .wait(0.1)
        .press("<Enter>");
    let none = "Set by your lead: texts are made from templates only, and there are none yet.";
    for (width, height) in [(60, 15), (80, 24)] {
        desk.resize(width, height)
            .sees(none)
            .sees("the folder \"templates\"");
        desk.sees_no("Write it, then press Enter.");
    }
    desk.press("H").sees(none).sees_no("Hello");
    std::fs::write(folder.path().join("1-card.txt"), "Your card left us.").unwrap();
    desk.press("<F7><F6>")
        .wait(0.1)
        .sees("1 Card")
        .press("<Enter>");
    desk.sees("texts are made from templates only. Take one of these.");
    desk.press("1<Enter>").sees("Send this text?");
}

#[test]
fn a_draft_that_is_on_the_screen_is_not_said_to_be_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.press("<F6>4155550100<Enter>Dear Jane").wait(1.0);
    let mut desk = desk.run_again(&folder);
    desk.sees("F6 shows it.")
        .press("<F6>")
        .sees("Dear Jane")
        .sees_no("F6 shows it.");
}

#[test]
fn what_was_copied_of_one_customer_is_not_said_on_the_screen_of_the_next() {
    let mut desk = Desk::at_work("happy");
    desk.press("4155550100<Enter>").wait(1.0);
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved").press("y").sees("Copied by way of");
    desk.press("n")
        .sees("Whose phone are we checking?")
        .sees_no("Copied by way of");
}
