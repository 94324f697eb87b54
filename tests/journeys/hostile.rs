//! Text from outside is drawn as text: whatever stands in a body, a name or an error, no byte of it
//! steers the terminal. Each step of each story is checked for that at a dozen sizes; here the text
//! is as bad as it gets.

use crate::desk::Desk;
use tuilio::domain::Untrusted;
use tuilio::domain::connection::Source;
use tuilio::model::Event;

const BAD: &str = "a\u{1b}[2J\u{1b}]0;owned\u{7}b\u{9b}31mc\u{202e}d\u{2066}e\u{200f}f\r\n\u{8}g\u{0}h\u{61c}i\u{feff}";

#[test]
fn a_body_a_name_and_a_phone_full_of_control_characters_are_drawn_as_text() {
    let mut desk = Desk::demo("happy");
    let (_, mut connection) = desk.account(Source::Profile("acme".to_owned()));
    connection.account_name = Some(Untrusted::from(BAD));
    connection.is_trial = true;
    if let Some(service) = &mut connection.verify_service {
        service.name = Untrusted::from(BAD);
    }
    if let Some(sender) = &mut connection.sender {
        sender.name = Untrusted::from(BAD);
    }
    desk.model.setting.demo = false;
    desk.happen(Event::Connected(Box::new(connection)));
    desk.press("<F8><F6>")
        .paste("4155550100")
        .press("<Enter>")
        .paste(BAD)
        .press("<Enter>y")
        .wait(30.0);
    desk.press("<F4><Enter><Esc><F7>").wait(1.0);
    desk.model.setting.demo = true;
    desk.press("<F9>").wait(1.0);
    assert_eq!(desk.messages().len(), 1);
}

#[test]
fn wide_and_joined_letters_keep_their_columns() {
    let mut desk = Desk::demo("happy");
    for body in [
        "日本語のテキストです。".repeat(12),
        "👩‍👩‍👧‍👦🇩🇪e\u{301}".repeat(30),
        "שלום עולם ".repeat(20),
        "x".repeat(1500),
    ] {
        desk.press("<F6>")
            .paste("4155550100")
            .press("<Enter>")
            .paste(&body)
            .press("<Home><Left><Right><End><Backspace><Enter><Enter>")
            .wait(1.0);
        desk.press("<F4><Enter>")
            .wait(1.0)
            .press("<Esc><F6>n")
            .wait(0.1);
    }
    assert_eq!(desk.messages().len(), 4);
}
