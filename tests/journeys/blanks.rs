//! The blanks of a template: filled by the ticket, once for each name, and never left open by what stands
//! around them.

use tuilio::twilio::wire::Method::Post;

use crate::compose::with_templates;

const TEXTS: &str = "/Messages.json";

#[test]
fn the_ticket_of_a_text_fills_its_own_blank() {
    let (mut desk, _folder) =
        with_templates(&[("1-solved.txt", "Hello {name}, {ticket} is solved.")]);
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Tab>48213<Enter>1Ada");
    desk.sees("Hello Ada, 48213 is solved.");
    desk.press("<Enter>").wait(1.0).press("<Enter>").wait(1.0);
    assert_eq!(desk.messages()[0]["body"], "Hello Ada, 48213 is solved.");
    // One that is typed afterwards fills it, too.
    desk.press("<Esc>")
        .paste("415 555 0100")
        .press("<Enter>1Bo");
    desk.sees("Hello Bo, {ticket} is solved.");
    desk.press("<Esc><Tab>77<Enter>")
        .sees("Hello Bo, 77 is solved.");
}

#[test]
fn a_blank_that_stands_twice_is_asked_for_once() {
    let (mut desk, _folder) = with_templates(&[(
        "1-hi.txt",
        "Dear {name}, ticket {ticket} is solved. Bye {name}!",
    )]);
    desk.press("<F6>4155550100<Enter>1")
        .sees("2 blanks to fill");
    desk.press("Jan")
        .sees("Dear Jan, ticket {ticket} is solved. Bye Jan!");
    desk.press("<Tab>48213").sees_no("to fill");
    // Also from the second place, by a paste, and when it is emptied.
    desk.press("<Tab><Tab>Ana")
        .sees("Dear Ana, ticket 48213 is solved. Bye Ana!");
    desk.press("<Backspace><Backspace>")
        .sees("Dear A, ticket 48213 is solved. Bye A!");
    desk.press("<Shift-Tab>").paste("Zoë");
    desk.sees("Dear Zoë, ticket 48213 is solved. Bye Zoë!");
    desk.press("<Enter>")
        .sees("Send this text?")
        .press("<Enter>")
        .wait(1.0);
    let body = "Dear Zoë, ticket 48213 is solved. Bye Zoë!";
    assert_eq!(desk.messages()[0]["body"], body);
}

#[test]
fn control_characters_in_a_template_do_not_hide_its_blanks() {
    let (mut desk, _folder) = with_templates(&[
        (
            "1-a.txt",
            "Dear customer,\u{b}\u{b}ticket {ticket} of {name} is solved.",
        ),
        ("2-b.txt", "\u{1b}\u{1b}Hi {日本} end"),
        (
            "3-c.txt",
            "A\r\n\t\0{na\u{7}me}\u{301}\u{202e} b {e\u{301}}.",
        ),
    ]);
    for (key, blanks) in [("1", 2), ("2", 1), ("3", 2)] {
        desk.press("<F6>4155550100<Enter>").press(key);
        if blanks > 1 {
            desk.sees(&format!("{blanks} blanks to fill"));
        } else {
            desk.sees("1 blank to fill");
        }
        desk.press("<Enter>")
            .sees("is not filled in yet.")
            .sees_no("Send this text?");
        for _ in 0..blanks {
            desk.press("Jo<Tab>");
        }
        desk.press("<Enter>")
            .sees("Send this text?")
            .press("<Enter>")
            .wait(1.0)
            .press("n");
    }
    let sent = desk.messages();
    let bodies: Vec<&str> = sent
        .iter()
        .filter_map(|text| text["body"].as_str())
        .collect();
    for body in [
        "Dear customer,\n\nticket Jo of Jo is solved.",
        "Hi Jo end",
        "A\n Jo\u{301} b Jo.",
    ] {
        assert!(bodies.contains(&body), "{bodies:?}");
    }
}

#[test]
fn what_is_left_of_a_blank_never_goes_out_unnoticed() {
    let (mut desk, _folder) =
        with_templates(&[("1-solved.txt", "Hello {name}, {ticket} is solved.")]);
    // A piece of it is no value, whoever has cut the rest off.
    desk.press("<F6>4155550100<Enter>1Ada<Tab><Right><Left><Backspace><Enter>")
        .sees("{ticket} is not filled in yet.");
    // The text around it was changed, so that nobody knows its place any more.
    desk.press("<Esc><Ctrl-X>4155550100<Enter>")
        .paste("Oh, {ticket} it is.")
        .press("<Enter>")
        .sees("{ticket} of a template is still in the text.")
        .sees_no("Send this text?");
    desk.press("48213<Backspace><Backspace>");
    // What looks like one of nobody's is asked about.
    desk.press("<Ctrl-U>Oh, {nobody} it is.<Enter>")
        .sees("{nobody} looks like a blank that nobody has filled in.")
        .press("<Enter>")
        .wait(1.0);
    assert_eq!(desk.requests(Post, TEXTS), 0);
}
