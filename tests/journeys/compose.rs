//! Writing a text with few keys: templates, blanks, the counter, the review and what it warns of, the
//! hold, and texts that leave later.

use tuilio::domain::Language;
use tuilio::domain::policy::Policy;
use tuilio::runtime::Shelf;
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const TEXTS: &str = "/Messages.json";

/// A desk whose templates are these.
pub fn with_templates(templates: &[(&str, &str)]) -> (Desk, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in templates {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut desk = Desk::demo("happy");
    desk.shelf = Shelf::Folder(folder.path().to_owned());
    (desk, folder)
}

#[test]
fn a_text_from_a_template_takes_five_keys() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>");
    desk.pressed = 0;
    desk.paste("(415) 555-0100")
        .press("<Enter>")
        .sees("1 Card on its way")
        .sees("/ search")
        .press("1")
        .sees("your replacement card")
        .press("<Enter><Enter>");
    assert_eq!(desk.pressed, 5);
    desk.wait(30.0).sees("Delivered");
    assert_eq!(desk.messages().len(), 1);
    assert_eq!(desk.on_phone(MOBILE), 1);
}

#[test]
fn count_costly_character_and_its_key_stand_in_the_smallest_window_in_every_language() {
    let mut desk = Desk::at_work("happy");
    desk.looks_at_all_sizes = false;
    let text = "It’s done. ".repeat(10);
    desk.press(&format!("<F6>4155550100<Enter>{text}"));
    for (keys, key) in [
        ("", " Ctrl-T "),
        ("<Enter>", " p "),
        ("stomorrow 9:00<Enter>", " p "),
    ] {
        desk.press(keys);
        for language in Language::ALL {
            desk.model.setting.language = language;
            for (ascii, sign) in [(false, "’"), (true, "U+2019")] {
                desk.look.ascii = ascii;
                desk.model.setting.ascii = ascii;
                desk.resize(60, 15);
                let screen = desk.screen();
                let rows: Vec<&str> = screen.lines().collect();
                let count = rows
                    .iter()
                    .position(|row| row.contains(" 2 texts ") || row.contains(" 2 SMS "));
                let under = rows[count.unwrap_or(13)..13].join(" ");
                assert!(
                    under.contains(sign) && under.contains(key),
                    "{language:?}:\n{screen}"
                );
            }
        }
        desk.model.setting.language = Language::English;
    }
}

#[test]
fn blanks_are_walked_with_tab_and_typed_over() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>3")
        .sees("Hello {name}, your request {ticket} is solved.")
        .sees("2 blanks to fill")
        .press("Jan<Tab>48213")
        .sees("Hello Jan, your request 48213 is solved.")
        .sees_no("to fill");
    // Back to the first one, which is typed over; a Backspace empties the second one.
    desk.press("<Shift-Tab>Ana")
        .sees("Hello Ana, your request 48213 is solved.")
        .press("<Tab><Backspace>7")
        .sees("Hello Ana, your request 7 is solved.")
        .press("<Enter><Enter>")
        .wait(1.0);
    assert_eq!(
        desk.messages()[0]["body"],
        "Hello Ana, your request 7 is solved. If it is not, reply here. Acme Support"
    );
}

#[test]
fn a_blank_that_is_not_filled_stops_the_review() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>3Jan<Enter>")
        .sees("{ticket} is not filled in yet.")
        .sees_no("Send this text?");
    // The cursor stands in it, and what is pasted takes its place.
    desk.paste("12").press("<Enter>").sees("Send this text?");
    desk.press("<Esc><Tab><Tab><Backspace><Enter>")
        .sees("{ticket} is not filled in yet.");
    assert_eq!(desk.requests(Post, TEXTS), 0);
}

#[test]
fn a_template_is_found_by_a_part_of_its_name() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>/")
        .sees("Which template?")
        .press("solv")
        .sees("Ticket solved")
        .sees_no("Card on its way")
        .press("<Enter>")
        .sees("Hello {name}");
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>/nothing")
        .sees("No template has that in its name.")
        .press("<Enter><Esc>Hello")
        .sees("Hello")
        .sees("5 of 160");
}

#[test]
fn a_template_file_that_is_none_is_one_sentence_and_the_rest_works() {
    let (mut desk, _folder) = with_templates(&[
        ("1-empty.txt", "# Nothing\n"),
        ("2-hello.txt", "Hello there."),
    ]);
    desk.press("<F6>4155550100<Enter>")
        .sees("The template 1-empty.txt was left out: it is empty.")
        .press("1")
        .sees("Hello there.");
}

#[test]
fn a_text_of_ones_own_begins_with_any_other_key_and_holds_digits() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>9 lives<Enter>")
        .sees("9 lives");
    let (mut desk, _folder) = with_templates(&[]);
    desk.press("<F6>4155550100<Enter>1, 2, 3<Enter>")
        .sees("Send this text?")
        .sees("1, 2, 3");
}

#[test]
fn the_last_numbers_are_one_key_away() {
    let mut desk = Desk::demo("happy");
    for number in ["4155550100", "4155550101"] {
        desk.press("<F6>")
            .press(number)
            .press("<Enter>Hello<Enter><Enter>")
            .wait(10.0)
            .press("n");
    }
    desk.sees("Recent")
        .sees_no("555 0101")
        .press("<Down>")
        .sees("+1 415 555 0101")
        .press("<Down><Down>")
        .sees("+1 415 555 0100")
        .press("<Up>")
        .sees("+1 415 555 0101")
        .press("<Enter>Bye<Enter><Enter>")
        .wait(10.0);
    assert_eq!(desk.messages()[0]["to"], "+14155550101");
}

#[test]
fn the_counter_names_the_letter_that_costs_and_a_key_puts_a_plain_one() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>")
        .paste(&format!("It’s done. {}", "All is well. ".repeat(6)))
        .sees("2 texts")
        .sees("’ on line 1 makes this 2 texts. Ctrl-T puts a plain one.");
    desk.press("<Enter>")
        .sees("p puts a plain one.")
        .press("p")
        .sees("Send this text?")
        .sees("It's done.")
        .sees("1 text")
        .sees_no("puts a plain one");
}

#[test]
fn what_twilio_puts_before_a_text_of_a_trial_account_is_counted() {
    let mut desk = Desk::demo("happy");
    let (_, mut connection) = desk.account(tuilio::domain::connection::Source::Demo);
    connection.is_trial = true;
    desk.happen(tuilio::model::Event::Connected(Box::new(connection)));
    desk.press("<F6>4155550100<Enter>Hello")
        .sees("1 text · 43 of 160 characters")
        .sees("38 of them stand before every text of a trial account");
    desk.paste(&"x".repeat(118)).sees("2 texts");
}

#[test]
fn the_review_shows_what_nobody_would_see() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550100<Enter>")
        .paste("Pay\u{200b}pal \u{202e}is here")
        .press("<Enter>")
        .sees("Pay\u{fffd}pal \u{fffd}is here")
        .sees("characters that nobody sees");
}

#[test]
fn the_same_text_again_asks_first() {
    let mut desk = Desk::demo("happy");
    desk.sends("Hello")
        .wait(130.0)
        .press("n4155550100<Enter>Hello<Enter>")
        .sees("You sent this same text to this number 2 minutes ago.")
        .press("<Enter>")
        .wait(1.0);
    assert_eq!(desk.messages().len(), 1, "Enter is no yes");
    desk.press("<Esc>!<Enter>")
        .sees("Send this text?")
        .sees_no("same text");
    desk.press("<Esc><Backspace><Enter>y").wait(1.0);
    assert_eq!(desk.messages().len(), 2);
    desk.wait(1_000.0)
        .press("n4155550100<Enter>Hello<Enter>")
        .sees_no("same text");
}

#[test]
fn at_night_where_the_customer_lives_it_asks_and_offers_the_morning() {
    let mut desk = Desk::demo("happy");
    desk.model.policy = Policy::default();
    desk.writes("Hello")
        .sees("It is about 06:00 where this number is at home.")
        .press("<Enter>")
        .wait(1.0)
        .sees("Send this text?");
    assert_eq!(desk.requests(Post, TEXTS), 0);
    desk.press("s9:00")
        .sees("2026-03-04 09:00 there, 17:00 here")
        .press("<Enter>")
        .sees("Leaves")
        .sees_no("where this number is at home")
        .press("<Enter>")
        .wait(1.0)
        .sees("Scheduled");
    assert_eq!(
        desk.last_form_value(TEXTS, "SendAt").as_deref(),
        Some("2026-03-04T17:00:00Z")
    );
}

#[test]
fn who_opted_out_is_remembered() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550110<Enter>Hello<Enter><Enter>")
        .wait(1.0)
        .press("n4155550110<Enter>Hello again<Enter>")
        .sees("This customer has opted out of your texts")
        .sees("text START")
        .press("<Enter>")
        .wait(1.0);
    assert_eq!(desk.requests(Post, TEXTS), 1, "Enter is no yes");
}

#[test]
fn a_text_that_is_held_can_be_taken_back_and_leaves_by_itself() {
    let mut desk = Desk::demo("happy");
    desk.model.policy.hold_seconds = 3;
    desk.sends("Hello")
        .sees("Held back: it leaves in")
        .wait(1.0)
        .press("u")
        .sees("Send this text?")
        .wait(10.0);
    assert_eq!((desk.rows().len(), desk.requests(Post, TEXTS)), (0, 0));
    desk.press("<Enter>").wait(2.0);
    assert_eq!(desk.rows().len(), 0, "nothing is intended before its time");
    // It leaves although the agent is elsewhere.
    desk.press("<F7>").wait(2.0);
    assert_eq!((desk.rows().len(), desk.requests(Post, TEXTS)), (1, 1));
    desk.press("<F6>").wait(30.0).sees("Delivered");
}

#[test]
fn leaving_while_a_text_is_held_asks_and_sends_nothing() {
    let mut desk = Desk::demo("happy");
    desk.model.policy.hold_seconds = 10;
    desk.sends("Hello")
        .press("<Ctrl-Q>")
        .sees("A text is held back and has not left.")
        .press("y");
    assert_eq!(desk.left, [tuilio::model::Effect::Quit]);
    assert_eq!(desk.requests(Post, TEXTS), 0);
}

#[test]
fn a_scheduled_text_waits_quietly_and_is_followed_from_its_time() {
    let mut desk = Desk::demo("happy");
    desk.schedules("tomorrow 9:00")
        .wait(10.0)
        .sees("Scheduled")
        .sees("2026-03-05 09:00 there, 17:00 here");
    // Answers are looked for, for a while.
    desk.wait(1_200.0);
    let asked = desk.requests(tuilio::twilio::wire::Method::Get, TEXTS);
    desk.wait(20.0 * 3_600.0);
    assert!(
        desk.requests(tuilio::twilio::wire::Method::Get, TEXTS) <= asked + 1,
        "nobody asks about it before its time"
    );
    assert_eq!(desk.on_phone(MOBILE), 0);
    desk.wait(7.2 * 3_600.0).sees("Delivered");
    assert_eq!(desk.on_phone(MOBILE), 1);
    assert_eq!(desk.record(), ["text delivered"]);
}

#[test]
fn a_refused_text_that_had_a_time_is_written_again_with_it_while_it_lasts() {
    let mut desk = Desk::demo("happy");
    let refusal = [("status", "400"), ("code", "21610")];
    desk.plant(
        "POST",
        "/2010-04-01/Accounts/*/Messages.json",
        "status",
        &refusal,
    );
    desk.schedules("tomorrow 9:00").wait(1.0);
    assert_eq!(desk.record(), ["text refused 21610"]);
    let time = "2026-03-05 09:00 there, 17:00 here";
    desk.press("<F4><Enter>").sees("Meant for").sees(time);
    desk.press("r").sees("See you").sees("Leaves").sees(time);
    desk.press("<Esc><Esc>").wait(48.0 * 3_600.0);
    desk.press("<F4>").sees("Meant for").press("r");
    desk.sees("See you").sees_no("Leaves");
}

#[test]
fn a_scheduled_text_is_withdrawn_on_a_yes() {
    let mut desk = Desk::demo("happy");
    desk.schedules("in 3 h")
        .wait(10.0)
        .press("x")
        .sees("Withdraw this text?")
        .press("<Enter><Esc>")
        .sees("Scheduled")
        .press("xy")
        .wait(1.0)
        .sees("Cancelled")
        .sees("withdrawn before its time");
    assert_eq!(desk.messages()[0]["status"], "canceled");
    // It never left, so the same words are nothing that was sent before.
    desk.press("e<Enter>")
        .sees("Send this text?")
        .sees_no("this same text");
    desk.wait(4.0 * 3_600.0);
    assert_eq!(desk.on_phone(MOBILE), 0);
}

#[test]
fn a_text_that_is_held_before_it_waits_at_twilio_is_not_said_to_leave() {
    let mut desk = Desk::demo("happy");
    desk.model.policy.hold_seconds = 3;
    desk.schedules("in 3 h")
        .sees("Held back: Twilio gets it in")
        .sees("Leaves 2026-03-04")
        .sees_no("it leaves in")
        .wait(5.0)
        .sees("Scheduled");
}

#[test]
fn a_withdrawal_whose_answer_is_lost_is_looked_up() {
    let mut desk = Desk::demo("happy");
    desk.schedules("in 3 h").wait(10.0);
    desk.plant(
        "POST",
        "/2010-04-01/Accounts/*/Messages/*",
        "cut_after_store",
        &[],
    );
    desk.press("xy").wait(5.0).sees("Cancelled");
}

#[test]
fn a_withdrawal_of_which_nobody_knows_yet_is_said_to_be_one_and_asked_about_until_it_is_known() {
    let mut desk = Desk::demo("happy");
    desk.schedules("in 3 h").wait(10.0);
    let path = "/2010-04-01/Accounts/*/Messages";
    desk.plant("POST", &format!("{path}/*"), "cut_after_store", &[]);
    for asked in [format!("{path}/*"), format!("{path}.json")] {
        let down = [("status", "503"), ("times", "8")];
        desk.plant("GET", &asked, "status", &down);
    }
    desk.press("xy").wait(1.0);
    desk.sees("Whether it was withdrawn is not known yet")
        .sees_no("It was not withdrawn")
        .sees("Scheduled");
    desk.wait(300.0).sees("Cancelled");
}

#[test]
fn a_time_that_twilio_would_not_take_is_a_sentence() {
    let mut desk = Desk::demo("happy");
    for (when, why) in [
        ("soon", "This is no time yet."),
        ("in 2 min", "That is too soon"),
        ("in 40 days", "That is too far"),
    ] {
        desk.writes("Hello")
            .press("s")
            .paste(when)
            .press("<Enter>")
            .sees(why)
            .press("<Esc>")
            .sees("Send this text?")
            .press("<Esc><Esc><Esc>");
        desk.model.compose.next();
    }
    // The review was left open until the time came near.
    desk.writes("Hello")
        .press("sin 7 min<Enter>")
        .wait(120.0)
        .press("<Enter>")
        .sees("too near");
    assert_eq!(desk.requests(Post, TEXTS), 0);
}

#[test]
fn a_caution_about_a_time_to_come_says_that_it_will_be() {
    let mut desk = Desk::at_work("happy");
    desk.model.policy.quiet_hours = None;
    desk.writes("Hello").sees("It is about 06:00");
    desk.press("stomorrow 0:58<Enter>");
    desk.sees("It will be about 00:58 where this number is at home.")
        .sees_no("It is about");
}
