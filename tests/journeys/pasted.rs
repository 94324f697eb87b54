//! A paste goes into the field that waits for it, or one sentence says that it did not.

use tuilio::domain::Language;
use tuilio::twilio::wire::Method::Post;

use crate::desk::Desk;
use crate::states::{begun, code_typed};

const PASTE: &str = "415 555 0133";
/// A part of it that stands on no other screen.
const PART: &str = "0133";
const NOT_TAKEN: &str = "What you pasted was not taken";

/// Pastes, and stops where it neither stands on the screen nor is said not to.
#[track_caller]
fn paste(desk: &mut Desk) {
    desk.looks_at_all_sizes = false;
    let before = (desk.rows().len(), desk.requests(Post, ""));
    let (places, overlay) = (desk.model.places(), desk.model.overlay.clone());
    desk.paste(PASTE);
    assert_eq!((desk.rows().len(), desk.requests(Post, "")), before);
    if desk.shows(NOT_TAKEN) {
        assert_eq!(desk.model.places(), places, "what was there stays");
        assert_eq!(desk.model.overlay, overlay);
        for (width, height) in [(60, 15), (140, 40), (80, 24)] {
            desk.resize(width, height).sees(NOT_TAKEN);
        }
        return;
    }
    let digits: String = desk.screen().split_whitespace().collect();
    assert!(
        digits.contains(PART) || desk.shows("That is a number, not a code."),
        "it vanished at {places:?}:\n{}",
        desk.screen()
    );
}

#[test]
fn wherever_something_is_pasted_it_is_seen_or_said_not_to_be_taken() {
    for (scene, keys) in [
        ("happy", ""),
        ("happy", "<Tab><Tab>"),
        ("happy", "+12645550140<Enter>"),
        ("happy", "4155550100<Enter>"),
        ("happy", "4155550188<Enter>"),
        ("happy", "4155550100<Enter><Esc>"),
        ("happy", "<F6>"),
        ("happy", "<F6>4155550100<Enter>"),
        ("happy", "<F6>4155550100<Enter><Tab>"),
        ("happy", "<F6>4155550100<Enter>/"),
        ("happy", "<F6>4155550100<Enter>Hello<Enter>"),
        ("happy", "<F6>4155550100<Enter>Hello<Enter>s"),
        ("happy", "<F6>4155550100<Enter>Hello<Enter><Enter>"),
        ("happy", "<F4>"),
        ("happy", "<F4>/"),
        ("happy", "4155550100<Enter>x<F4>"),
        ("happy", "4155550100<Enter>x<F4><Enter>"),
        ("happy", "4155550100<Enter>x<F4>d"),
        ("happy", "<F8>"),
        ("happy", "<F8>w"),
        ("happy", "<F8>r"),
        ("happy", "<F8>p"),
        ("happy", "<F8>o"),
        ("happy", "<F1>"),
        ("happy", "<F2>"),
        ("happy", "<F3>"),
        ("happy", "<F9>"),
        ("happy", "<Ctrl-K>"),
        ("happy", "4155550100<Enter><Ctrl-Q>"),
        ("happy", "4155550100<Ctrl-T>"),
        ("happy", "<F6>4155550100<Enter><Ctrl-R>"),
    ] {
        for mut desk in [Desk::demo(scene), Desk::at_work(scene)] {
            desk.looks_at_all_sizes = false;
            desk.press(keys).wait(1.0);
            paste(&mut desk);
        }
    }
    for waits in [1.0, 620.0] {
        paste(&mut begun("happy", waits));
    }
    paste(&mut code_typed(begun("happy", 2.0)));
    let mut unknown = Desk::at_work("happy");
    let start = "/v2/Services/*/Verifications";
    unknown.plant("POST", start, "cut_before_store", &[]);
    unknown.press("4155550100<Enter>").wait(2.0);
    paste(&mut unknown);
    let mut busy = Desk::at_work("happy");
    busy.latency(9.0).press("4155550100<Enter>");
    paste(&mut busy);
}

#[test]
fn a_question_takes_its_answer_and_says_so_to_a_paste() {
    let mut desk = Desk::under("mode = \"trainee\"\n");
    desk.press("4155550100<Enter>").paste(PASTE);
    desk.sees("Do you want to send this?")
        .sees("What you pasted was not taken: answer this question first.")
        .sees_no(PART);
    // A code that is pasted while another caller is asked about is nobody's yet.
    let mut desk = begun("happy", 2.0);
    desk.press("<Esc>4155550101<Enter>").wait(2.0);
    desk.paste("415 555 0100")
        .sees("the number of another caller")
        .paste("123456")
        .sees("answer this question first")
        .press("<Esc>")
        .sees("_ _ _");
    assert_eq!(desk.requests(Post, "/VerificationCheck"), 0);
    // The caution of a form is about its number alone, and a pasted one takes its place.
    let mut desk = Desk::demo("happy");
    desk.press("+12645550140<Enter>").paste(PASTE);
    desk.sees("+1 415 555 0133").sees_no(NOT_TAKEN);
}

#[test]
fn what_is_pasted_into_a_hidden_or_a_too_small_window_is_said_when_it_is_back() {
    let mut desk = Desk::demo("happy");
    desk.resize(48, 12).paste(PASTE).sees_no(PART);
    desk.resize(80, 24)
        .sees("What you pasted was not taken: the window was too small.");
    let mut desk = Desk::under("idle_lock_minutes = 1\n");
    desk.wait(61.0).sees("Locked").paste(PASTE);
    desk.sees("Locked").sees_no(PART);
    desk.press("<Enter><Enter>")
        .sees("What you pasted was not taken: the desk was hidden.")
        .sees_no(PART);
}

#[test]
fn settings_say_in_every_language_that_they_take_no_paste() {
    for language in Language::ALL {
        let mut desk = Desk::at_work("happy");
        desk.model.setting.language = language;
        desk.press("<F8>").resize(60, 15).paste(PASTE);
        let notice = desk.model.notice.clone().map(|notice| notice.text);
        let said = desk.look;
        let said = tuilio::view::spoken(&desk.model, said).say(notice.unwrap());
        desk.sees(&said).sees_no(PART);
    }
}

#[test]
fn a_sentence_about_the_keys_of_a_pane_goes_with_the_pane() {
    let mut desk = code_typed(begun("happy", 2.0));
    desk.wait(2.0).sees("Approved").paste("415 555 0133");
    desk.sees("this check is over. Press n, then paste it there.");
    desk.press("<F8>").sees_no("Press n, then paste it there.");
    desk.press("<F7>").paste("415 555 0133").press("<F4>");
    desk.sees_no("Press n, then paste it there.");
    // What has happened is told on every pane.
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>4155550100<Enter>Hello<Ctrl-X>");
    desk.sees("The draft is thrown away.").press("<F7>");
    desk.sees_no("puts it back");
}

#[test]
fn a_sentence_about_the_last_key_goes_with_what_it_speaks_of() {
    let note = "More than the code was pasted: compare it, then press Enter.";
    let mut desk = begun("happy", 2.0);
    let code = desk.code_on_phone(crate::desk::MOBILE);
    desk.paste(&format!("{code}, call 415 555 0101")).sees(note);
    desk.press("<Enter>").wait(0.5).sees_no(note);
    desk.sees("Approved").sees_no(note);
    let mut desk = begun("happy", 2.0);
    desk.press("<Esc>4155550101<Enter>").wait(2.0);
    desk.paste("123456, call 415 555 0101").sees(note);
    desk.press("<Esc>").sees_no(note);
    let not_taken = "What you pasted was not taken: Esc goes back to the text.";
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>4155550100<Enter>Hello<Enter>").paste(PASTE);
    desk.sees(not_taken).press("s").sees_no(not_taken);
    // What stays on the screen keeps what was said about it.
    let mut desk = begun("happy", 2.0);
    desk.paste("123456, call 415 555 0101").wait(5.0).sees(note);
}

#[test]
fn a_link_to_a_number_is_that_number() {
    for link in [
        "https://wa.me/14155550100",
        "wa.me/14155550100",
        "https://wa.me/14155550100?text=Hello%2012",
        "https://api.whatsapp.com/send?phone=14155550100&text=Hi",
        "whatsapp://send?phone=%2B14155550100",
        "tel:+1-415-555-0100",
        "tel:+14155550100;ext=",
        "sms:+14155550100?body=Hello",
        "smsto:+14155550100:Hello",
        "sms://+14155550100",
        "callto://+14155550100",
        "<tel:+14155550100>",
    ] {
        for pane in ["<F7>", "<F6>"] {
            let mut desk = Desk::at_work("happy");
            desk.looks_at_all_sizes = false;
            desk.press(pane).paste(link);
            desk.sees("United States").sees_no("no digits");
            let to = match pane {
                "<F7>" => desk.model.verify.reading.recipient(),
                _ => desk.model.compose.reading.recipient(),
            };
            assert_eq!(to.unwrap().as_str(), crate::desk::MOBILE, "{link}");
        }
    }
    let mut desk = Desk::at_work("happy");
    desk.paste("https://example.org/orders/4155550100")
        .press("<Enter>");
    desk.sees("This is a link that holds no number")
        .sees_no("no digits");
}

#[test]
fn a_code_in_a_sentence_with_other_digits_waits_for_enter() {
    for sentence in [
        "Your Acme code 123456 is not it; call 415 555 0101",
        "123456 10 minutes",
        "My order is 7, the code 123456",
    ] {
        let mut desk = begun("happy", 2.0);
        desk.paste(sentence).wait(5.0);
        assert_eq!(desk.requests(Post, "/VerificationCheck"), 0, "{sentence}");
        desk.sees("1 2 3   4 5 6").sees("Enter");
        desk.sees("More than the code was pasted: compare it, then press Enter.");
        desk.press("<Enter>").wait(1.0);
        assert_eq!(desk.requests(Post, "/VerificationCheck"), 1, "{sentence}");
    }
    for alone in ["123456", " 123 456\n", "123-456"] {
        let mut desk = begun("happy", 2.0);
        desk.paste(alone).wait(5.0);
        assert_eq!(desk.requests(Post, "/VerificationCheck"), 1, "{alone}");
    }
}

/// Types digits as a hand does: each a moment after the one before.
fn by_hand(desk: &mut Desk, digits: &str) {
    for digit in digits.chars() {
        desk.press(&digit.to_string()).wait(0.2);
    }
}

#[test]
fn a_number_that_is_typed_for_a_code_costs_no_try_and_is_asked_about() {
    let mut desk = begun("happy", 2.0);
    desk.press("<Esc>4155550101<Enter>").wait(2.0);
    by_hand(&mut desk, "4155550100");
    desk.wait(0.5)
        .sees("the number of another caller who waits: +1 415 ••• ••00")
        .press("<Esc>")
        .sees("_ _ _   _ _ _");
    by_hand(&mut desk, "4155550139");
    desk.wait(0.5)
        .sees("That is a number, not a code.")
        .sees("_ _ _   _ _ _");
    // One digit too many, taken back: Enter checks what is left.
    by_hand(&mut desk, "1234567");
    desk.press("<Backspace>").wait(5.0).sees("1 2 3   4 5 6");
    assert_eq!(desk.requests(Post, "/VerificationCheck"), 0);
    desk.press("<Enter>").wait(1.0).sees("Wrong code");
    assert_eq!(desk.requests(Post, "/VerificationCheck"), 1);
    by_hand(&mut desk, "4829133");
    desk.wait(0.5).sees("This has 7 digits where a code has 6");
    assert_eq!(desk.requests(Post, "/VerificationCheck"), 1);
}
