//! What is typed and pasted for a number: many shapes, one number; and what is none is never sent to.

use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";

/// Ten ways in which people write one number.
const SHAPES: [&str; 10] = [
    "4155550100",
    "415 555 0100",
    "(415) 555-0100",
    "415.555.0100",
    "1-415-555-0100",
    "+1 415 555 0100",
    "+14155550100",
    "tel:+1-415-555-0100",
    "\u{202a}+1\u{a0}(415)\u{a0}555\u{2011}0100\u{202c}\r\n",
    "＋１ ４１５ ５５５ ０１００",
];

#[test]
fn ten_shapes_of_a_number_are_one_number_on_the_wire() {
    for shape in SHAPES {
        let mut desk = Desk::demo("happy");
        desk.paste(shape).press("<Enter>");
        assert_eq!(
            desk.last_form_value(CODES, "To").as_deref(),
            Some(MOBILE),
            "{shape:?}:\n{}",
            desk.screen()
        );
        assert_eq!(desk.on_phone(MOBILE), 1, "{shape:?}");
    }
}

#[test]
fn ten_shapes_of_a_number_on_file_are_the_same() {
    let mut desk = Desk::demo("happy");
    desk.paste("+1 415 555 0100").press("<Tab>");
    for shape in SHAPES {
        desk.paste("415 555 0199").sees("! differs");
        desk.paste(shape).sees("✓ same as the customer record");
    }
    assert_eq!(desk.requests(Post, CODES), 0);
}

#[test]
fn what_is_no_number_is_answered_with_one_sentence_and_sends_nothing() {
    for bad in [
        "41555501",
        "415 555 01001234567",
        "call 555-HELP",
        "jane@",
        "+1",
        "0",
    ] {
        let mut desk = Desk::demo("happy");
        desk.paste(bad).press("<Enter><Enter>");
        desk.sees("✗").sees("Whose phone are we checking?");
        let complaint = desk
            .model
            .verify
            .complaint
            .clone()
            .unwrap_or_else(|| panic!("{bad:?}: no complaint"))
            .to_string();
        assert!(
            complaint.ends_with('.') && complaint.len() < 150,
            "{bad:?}: {complaint}"
        );
        assert_eq!(desk.requests(Post, CODES), 0, "{bad:?}");
        assert_eq!(desk.record(), Vec::<String>::new(), "{bad:?}");
    }
}

#[test]
fn enter_on_an_empty_field_asks_for_a_number() {
    let mut desk = Desk::demo("happy");
    desk.press("<Enter>").sees("✗");
    assert_eq!(desk.requests(Post, CODES), 0);
}

#[test]
fn a_pasted_line_break_never_sends() {
    let mut desk = Desk::demo("happy");
    desk.paste("415-555-0100\n").wait(5.0);
    assert_eq!(desk.requests(Post, CODES), 0);
    desk.press("<F6>")
        .paste("415-555-0100\r\n\r\n")
        .press("<Enter>")
        .paste("Hello\n\n")
        .wait(5.0);
    desk.sees("Second Enter sends");
    assert_eq!(desk.requests(Post, "/Messages.json"), 0);
}

#[test]
fn a_doubtful_number_is_sent_to_on_a_yes_alone() {
    let mut desk = Desk::demo("happy");
    desk.paste("+1 264 555 0140")
        .press("<Enter>")
        .sees("not known to be in use")
        .press("<Enter>");
    assert_eq!(desk.requests(Post, CODES), 0, "Enter is no yes");
    desk.press("<Esc>")
        .sees_no("Send all the same?")
        .press("<Enter>y");
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn an_extension_is_dialled_by_a_call() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0188 ext. 12")
        .sees("extension 12")
        .press("<Down><Enter>");
    assert_eq!(
        desk.last_form_value(CODES, "SendDigits").as_deref(),
        Some("12"),
        "\n{}",
        desk.screen()
    );
}

#[test]
fn what_is_pasted_is_text_even_where_letters_are_commands() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100")
        .press("<Enter>")
        .paste("xrcw\u{3}\u{11}\u{1b}[A")
        .wait(1.0);
    desk.sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 1);
    assert_eq!(desk.left, []);
}

#[test]
fn control_characters_in_a_paste_change_nothing_but_the_field() {
    let mut desk = Desk::demo("happy");
    desk.paste("415\u{7f}\u{8}\u{1b}[2J\u{9b}5550100\u{11}");
    assert_eq!(desk.left, []);
    desk.press("<Esc><F6>")
        .paste("4155550100")
        .press("<Enter>")
        .paste("Hi\u{1b}[31m\u{7}\u{202e}abc\t\u{0}!")
        .press("<Enter>");
    desk.sees("Send this text?").press("<Enter>");
    assert_eq!(desk.messages().len(), 1);
}

#[test]
fn the_code_and_the_words_are_in_the_language_of_the_customer() {
    let mut desk = Desk::demo("happy");
    desk.paste("+34 612 345 678").sees("Español");
    desk.press("<Ctrl-G>").sees("Français").press("<Enter>");
    let locale = |desk: &Desk| desk.last_form_value(CODES, "Locale");
    assert_eq!(locale(&desk).as_deref(), Some("fr"), "\n{}", desk.screen());
    desk.wait(31.0).press("r");
    assert_eq!(desk.requests(Post, CODES), 2);
    assert_eq!(locale(&desk).as_deref(), Some("fr"), "also the second time");
    // That it is another one is often heard only when the customer speaks.
    desk.wait(41.0).press("<Ctrl-G>r");
    assert_eq!(locale(&desk).as_deref(), Some("de"), "\n{}", desk.screen());
    // Where three languages are spoken, Twilio may choose.
    desk.press("<Esc>")
        .paste("+41 79 123 45 67")
        .press("<Enter>");
    assert_eq!(desk.requests(Post, CODES), 4);
    assert_eq!(locale(&desk), None);
}

#[test]
fn one_of_two_pasted_numbers_is_picked_and_nothing_is_sent_by_that() {
    let mut desk = Desk::demo("happy");
    desk.paste("office 415 555 0100, mobile 415 555 0101");
    desk.sees("Which number is meant?")
        .sees("+1 415 555 0100")
        .sees("+1 415 555 0101");
    // No key that is pressed once too often takes one.
    desk.press("<Enter><Enter>").sees("Mark one first");
    desk.press("<Down><Down><Down><Enter>")
        .sees_no("Which number is meant?")
        .sees("To          +1 415 555 0101");
    assert_eq!(desk.requests(Post, CODES), 0);
    desk.press("<Enter>").wait(1.0).sees("Waiting for the code");
    assert_eq!(
        desk.last_form_value(CODES, "To").as_deref(),
        Some("+14155550101")
    );
    // For comparison, too.
    desk.press("<Esc>").paste("415 555 0100").press("<Tab>");
    desk.paste("415 555 0199 or 415 555 0100")
        .press("<Up><Enter>");
    desk.sees("same as the customer record");
    // In a text, and by the mouse; Esc takes none, and the field says why it is none.
    desk.press("<Esc><Esc><F6>")
        .paste("415 555 0100 or 415 555 0101")
        .click("+1 415 555 0100");
    desk.sees("To          +1 415 555 0100");
    desk.paste("415 555 0100 or 415 555 0101").press("<Esc>");
    desk.sees_no("Which number is meant?").sees("✗");
    assert_eq!(desk.requests(Post, CODES), 1);
    assert_eq!(desk.requests(Post, "/Messages.json"), 0);
}

#[test]
fn a_number_is_looked_up_on_a_yes_to_what_it_costs_and_the_line_stays_known() {
    let mut desk = Desk::demo("happy");
    desk.press("<Ctrl-T>")
        .sees("Type or paste a whole phone number first");
    desk.paste("415 555 0100").press("<Ctrl-T>");
    desk.sees("Look this number up?")
        .sees("Twilio charges your account for each one");
    desk.press("<Enter><Esc>").sees_no("Look this number up?");
    assert_eq!(desk.record(), Vec::<String>::new());
    desk.press("<Ctrl-T>y").wait(1.0);
    desk.sees("Looked up: mobile,").sees("Line        mobile,");
    assert_eq!(desk.rows().len(), 1, "{:?}", desk.record());
    desk.press("<F4>").sees("Exists");
    let mut desk = Desk::under("paid_lookup = false\n");
    desk.paste("415 555 0100")
        .press("<Ctrl-T>")
        .sees("Set by your lead: lookups that cost money are switched off.");
}
