//! What lies over a pane owns all keys, and what lies beside it is one key away.

use tuilio::model::Effect;
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";

fn waiting() -> Desk {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100")
        .press("<Enter>")
        .wait(31.0)
        .sees("Waiting for the code");
    desk
}

#[test]
fn no_key_works_behind_a_page() {
    for page in ["<F1>", "<Ctrl-K>", "<F9>", "<Ctrl-Q>"] {
        let mut desk = waiting();
        desk.press(page);
        let place = desk.model.places()[0];
        for key in [
            "r",
            "c",
            "w",
            "x",
            "e",
            "1",
            "<Tab>",
            "<F5>",
            "<F6>",
            "<F8>",
            "u",
            "<Backspace>",
        ] {
            desk.press(key);
            assert_eq!(desk.model.places()[0], place, "{key} left {page}");
        }
        desk.paste("123456").wait(1.0);
        desk.press("<Esc>")
            .sees("Waiting for the code")
            .sees("5 of 5");
        assert_eq!(
            (
                desk.requests(Post, CODES),
                desk.requests(Post, "/VerificationCheck")
            ),
            (1, 0),
            "{page}"
        );
        assert_eq!(desk.left, []);
    }
}

#[test]
fn the_help_is_that_of_the_place_it_was_asked_from() {
    let mut desk = waiting();
    desk.press("?")
        .sees("Verify: the code")
        .sees("Call the number and speak the code.")
        .sees_no("History: one entry");
    desk.press("?").sees("Waiting for the code");
}

#[test]
fn the_help_says_where_history_settings_and_log_are() {
    let mut desk = Desk::at_work("happy");
    desk.resize(160, 60)
        .press("<F1>")
        .sees("Files")
        .sees("/home/desk/.local/share/tuilio/history.db")
        .sees("/home/desk/.config/tuilio/config.toml")
        .sees("/home/desk/.local/share/tuilio/log/tuilio.log");
    // It is found by its name, and in a narrow window it can be read to its end.
    desk.resize(60, 15).press("log").sees("io.log");
    let mut demo = Desk::demo("happy");
    demo.resize(100, 60).press("<F1>").sees_no("Files");
}

#[test]
fn the_palette_does_by_name_what_a_key_does() {
    let mut desk = waiting();
    desk.press("<Ctrl-P>call the<Enter>").sees("by call");
    assert_eq!(
        desk.last_form_value(CODES, "Channel").as_deref(),
        Some("call")
    );
    desk.press("<Ctrl-K>nothing like that")
        .sees("Nothing here has that name.")
        .press("<Enter>")
        .sees("Waiting for the code");
}

#[test]
fn the_pretend_phone_shows_what_the_customer_sees() {
    let mut desk = waiting();
    let code = desk.code_on_phone(MOBILE);
    desk.press("<F9>")
        .sees("The customer's side (pretend)")
        .sees(&code);
    desk.press("<F9>").sees("Waiting for the code");
    desk.resize(140, 40)
        .sees(&code)
        .sees("Waiting for the code");
}

#[test]
fn the_phone_is_no_part_of_a_desk_at_work() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F9>")
        .sees("What is wrong, link by link")
        .sees_no("(pretend)");
    desk.press("<Esc>")
        .resize(140, 40)
        .sees_no("(pretend)")
        .sees("Keep in mind");
}

#[test]
fn settings_say_which_account_and_where_things_are_kept() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F8>")
        .sees("Acme Support")
        .sees("history.db")
        .sees("config.toml")
        .sees("6 digits");
    desk.press("o")
        .sees("Sign out?")
        .press("<Esc>")
        .sees_no("Sign out?");
    desk.press("<Esc>").sees("Whose phone are we checking?");
    let mut demo = Desk::demo("happy");
    demo.press("<F8>o").sees("The demo has no keys");
}

#[test]
fn leaving_asks_only_while_something_waits() {
    let mut desk = Desk::demo("happy");
    desk.press("<Ctrl-Q>");
    assert_eq!(desk.left, [Effect::Quit]);

    let mut desk = waiting();
    desk.press("<Ctrl-Q>")
        .sees("Leave tuilio?")
        .sees("One check is waiting.");
    assert_eq!(desk.left, []);
    desk.press("<Esc>")
        .sees_no("Leave tuilio?")
        .press("<Ctrl-Q>y");
    assert_eq!(desk.left, [Effect::Quit]);

    let mut desk = waiting();
    desk.press("<Ctrl-Q><Ctrl-Q>");
    assert_eq!(desk.left, [Effect::Quit]);
}

#[test]
fn ctrl_c_closes_what_is_open_and_quits_on_the_second_press() {
    let mut desk = Desk::demo("happy");
    desk.press("<F1><Ctrl-C>")
        .sees("Whose phone are we checking?");
    assert_eq!(desk.left, []);
    desk.press("<Ctrl-C>").sees("Ctrl-C once more");
    desk.wait(9.0).sees_no("Ctrl-C once more");
    desk.press("<Ctrl-C>");
    assert_eq!(desk.left, []);
    desk.press("<Ctrl-C>");
    assert_eq!(desk.left, [Effect::Quit]);
}

#[test]
fn esc_never_quits() {
    let mut desk = waiting();
    for keys in [
        "<Esc><Esc><Esc>",
        "<F6><Esc><Esc>",
        "<F4><Esc><Esc>",
        "<F8><Esc><Esc>",
        "<F1><Esc><Esc>",
    ] {
        desk.press(keys);
    }
    assert_eq!(desk.left, []);
}

#[test]
fn the_history_hides_numbers_until_it_is_asked_for_ten_seconds() {
    let mut desk = waiting();
    desk.press("<F4>").sees("1 entry").sees_no("555 0100");
    desk.press("u")
        .sees("555 0100")
        .wait(11.0)
        .sees_no("555 0100");
    desk.press("<Enter>")
        .sees("code ✓ Sent")
        .press("u")
        .sees("555 0100")
        .wait(11.0)
        .sees_no("555 0100");
    desk.press("<Esc>")
        .sees("1 entry")
        .press("<Esc>")
        .sees("Waiting for the code");
}

#[test]
fn a_whole_check_is_one_entry_of_the_history() {
    let mut desk = waiting();
    desk.press("999999").wait(1.0);
    desk.press("r").wait(1.0);
    desk.reads_back(MOBILE).wait(1.0);
    desk.press("<F4>")
        .sees("1 entry")
        .sees("Approved")
        .press("<Enter>");
    desk.sees("check ✗ Wrong code").sees("check ✓ Approved");
}

#[test]
fn a_window_that_is_too_small_says_so_and_loses_nothing() {
    let mut desk = waiting();
    desk.press("123")
        .resize(48, 12)
        .sees("tuilio needs 60 x 15. This window is 48 x 12.")
        .sees("A check is waiting:");
    desk.sees_no("555 0100").resize(80, 24).sees("1 2 3");
}

#[test]
fn a_desk_with_nothing_to_do_asks_for_no_time() {
    let mut desk = Desk::demo("happy");
    desk.wait(10.0);
    assert_eq!(desk.model.deadline(), None);
    desk.press("<F6>4155550100<Enter>Hello<Enter><Enter>")
        .wait(1_200.0);
    assert_eq!(
        desk.model.deadline(),
        None,
        "a delivered text is done with, and an answer is not waited for all day"
    );
}
