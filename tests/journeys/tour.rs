//! The tour from start to end by keys alone, at three sizes of the terminal.

use tuilio::domain::Language;
use tuilio::view::lines;

use crate::desk::Desk;

const SIZES: [(u16, u16); 3] = [(140, 40), (80, 24), (60, 15)];

fn begun(size: (u16, u16)) -> Desk {
    let mut desk = Desk::demo("happy");
    desk.resize(size.0, size.1);
    desk.press("<Ctrl-o>").sees("seven calls, four minutes");
    desk.press("<Enter>").sees("stop 1 of 7");
    desk
}

/// Types the digits that the caller reads out.
#[track_caller]
fn type_what_is_read(desk: &mut Desk) {
    let screen = desk.screen();
    let said = ["It is here. ", "message here. "]
        .iter()
        .find_map(|words| screen.split_once(words));
    let (_, after) = said.unwrap_or_else(|| panic!("nobody reads a code:\n{screen}"));
    let digits: String = after.chars().filter(char::is_ascii_digit).take(6).collect();
    desk.press(&digits).wait(1.0);
}

#[test]
fn the_tour_from_start_to_end_by_keys_alone() {
    for size in SIZES {
        let mut desk = begun(size);
        desk.sees("Type 415 555 0100, then press Enter.")
            .sees("Hello, I want to change my address.");
        desk.press("4155550100<Enter>").wait(1.0);
        type_what_is_read(&mut desk);
        desk.sees("Approved").sees("next stop: Enter");

        desk.press("n").sees("stop 2 of 7");
        desk.press("4155550101<Enter>").wait(1.0);
        type_what_is_read(&mut desk);
        desk.sees("Wrong code").sees("The box is empty again");
        type_what_is_read(&mut desk);
        desk.sees("next stop: Enter");

        desk.wait(1.0).press("<Enter>").sees("stop 3 of 7");
        desk.press("4155550188<Enter>").wait(1.0);
        desk.sees("Press c to call").sees("All right, call me.");
        desk.press("c").wait(1.0);
        type_what_is_read(&mut desk);
        desk.sees("next stop: Enter");

        desk.press("<Esc>").sees("stop 4 of 7");
        desk.press("+12645550140<Enter>y").wait(1.0);
        desk.sees("Press c for a call");
        desk.press("c").wait(1.0);
        desk.sees("next stop: Enter");

        desk.wait(1.0).press("<Enter>").sees("stop 5 of 7");
        desk.press("4155550105<Enter>").wait(1.0);
        desk.sees("Nothing has come yet.").wait(10.0);
        desk.sees("It was not delivered. Press c to call.");
        desk.press("c").wait(1.0);
        type_what_is_read(&mut desk);

        desk.wait(1.0).press("<Enter>").sees("stop 6 of 7");
        desk.press("4155550106<Enter>").wait(1.0);
        desk.sees("Just approve me");
        desk.press("<F2>").press("<Esc>").sees("Press F3");
        desk.press("<F3>").press("<Esc>").sees("there is none");
        desk.press("x").wait(1.0);
        desk.sees("next stop: Enter");

        desk.wait(1.0).press("<Enter>").sees("stop 7 of 7");
        desk.press("<F4>").wait(1.0).sees("type 0100");
        desk.press("/0100").wait(1.0).press("<Enter>");
        desk.sees("Press y on an approved check").press("y");
        let copied = desk.copied.last().unwrap();
        assert!(
            copied.contains("APPROVED") && copied.contains("***"),
            "{copied}"
        );
        desk.sees("Press x").press("x");
        desk.sees("the end: Enter");
        desk.press("<Enter>").sees("The tour is over");
        desk.sees_no("stop 7 of 7").sees("DEMO");
        assert!(desk.left.is_empty(), "the demo goes on");
    }
}

#[test]
fn every_stop_can_be_skipped_begun_again_and_the_tour_left() {
    for size in SIZES {
        let mut desk = begun(size);
        for stop in 2..=7 {
            desk.press("<Esc>").sees(&format!("stop {stop} of 7"));
        }
        desk.press("<Esc>").sees("The tour is over");
        desk.press("<Ctrl-o><Down><Down><Enter>")
            .sees("stop 3 of 7");
        desk.press("4155550188<Enter>").wait(1.0);
        desk.sees("Press c to call");
        desk.press("<Ctrl-o>r").sees("Type 415 555 0188");
        desk.press("<Ctrl-o>n").sees("stop 4 of 7");
        desk.press("<Ctrl-o><Esc>").sees("stop 4 of 7");
        desk.press("<Ctrl-o>q").sees_no("stop 4 of 7");
    }
}

#[test]
fn the_tour_hides_neither_the_code_box_nor_a_question() {
    for size in SIZES {
        let mut desk = begun(size);
        desk.press("4155550100<Enter>").wait(1.0);
        desk.sees("Code").sees("Tries left").sees("Sends left");
        desk.press("<Ctrl-q>").sees("Leave tuilio?");
        desk.press("<Esc>").sees("stop 1 of 7").sees("Code");
    }
}

#[test]
fn the_tour_is_no_part_of_a_desk_at_work() {
    let mut desk = Desk::at_work("happy");
    desk.press("<Ctrl-o>").sees("The tour is part of the demo");
    desk.sees("Whose phone are we checking?");
}

#[test]
fn the_demo_shows_the_newest_message_where_the_code_is_typed() {
    for size in [(80, 24), (60, 15)] {
        let mut desk = Desk::demo("happy");
        desk.resize(size.0, size.1)
            .sees("Ctrl-O begins the tour")
            .press("4155550100<Enter>")
            .wait(1.0);
        let code = desk.code_on_phone("+14155550100");
        desk.sees(&code).sees("Waiting for the code");
        desk.press("<F9>").sees("The customer's side").sees(&code);
        desk.press("<Esc>").press(&code).wait(1.0);
        desk.sees("Approved").sees_no(&code);
    }
}

#[test]
fn a_voice_speaks_digit_by_digit() {
    let mut desk = Desk::demo("happy");
    desk.resize(140, 40)
        .press("4155550188<Enter>")
        .wait(1.0)
        .press("c")
        .wait(1.0);
    let code = desk.code_on_phone("+14155550188");
    let digits: Vec<String> = code.chars().map(String::from).collect();
    desk.sees("It rings. A voice says:").sees(&format!(
        "It says {}   {}",
        digits[..3].join(" "),
        digits[3..].join(" ")
    ));
}

#[test]
fn the_line_mode_says_the_tour_and_the_phone() {
    let said = |desk: &Desk| {
        let rows = lines::rows(&desk.model, desk.look);
        let rows: Vec<String> = rows.into_iter().map(|row| row.text).collect();
        rows.join("\n")
    };
    let mut desk = begun((lines::SIZE.width, lines::SIZE.height));
    let first = said(&desk);
    assert!(first.contains("Your turn: Type 415 555 0100"), "{first}");
    desk.press("<Ctrl-o>q4155550100<Enter>").wait(1.0);
    let code = desk.code_on_phone("+14155550100");
    let then = said(&desk);
    assert!(then.contains(&code), "{then}");
}

#[test]
fn a_caution_of_the_tour_is_never_cut_and_its_body_offers_no_key_that_is_the_tours() {
    for size in SIZES {
        let mut desk = begun(size);
        for stop in 2..=4 {
            desk.press("<Esc>").sees(&format!("stop {stop} of 7"));
        }
        desk.press("+12645550140<Enter>").wait(1.0);
        desk.sees("Send all the same?").sees("yes, send the code");
        desk.press("<Esc>").press("<Ctrl-U>");
        for stop in 5..=6 {
            desk.press("<Esc>").sees(&format!("stop {stop} of 7"));
        }
        desk.press("4155550106<Enter>").wait(1.0);
        desk.press("<F2><Esc><F3><Esc>x").wait(1.0);
        desk.sees("next stop: Enter")
            .sees_no("Enter  send a new code");
    }
}

#[test]
fn the_name_of_a_stop_never_touches_the_key_beside_it() {
    let mut desk = begun((60, 15));
    for _ in 1..7 {
        desk.press("<Esc>");
    }
    desk.sees("What goes into the ticket").sees("skip: Esc");
    desk.press("<F4>/0100<Enter>y").press("x").wait(0.1);
    desk.sees("What goes into the ticket   ")
        .sees("the end: Enter")
        .sees("Enter end the tour")
        .sees_no("…the end");
}

#[test]
fn who_leaves_the_caller_of_a_stop_is_told_how_to_get_back() {
    for size in SIZES {
        let mut desk = begun(size);
        desk.press("4155550100<Enter>").wait(1.0);
        desk.sees("Type the six digits").press("n");
        desk.sees("The caller of this stop waits. Tab goes back there.")
            .sees_no("Type the six digits");
        desk.press("415");
        desk.sees("The caller of this stop waits. Ctrl-N goes back there.");
        desk.press("<F4>")
            .sees("The caller of this stop waits. F7 goes back there.");
        desk.press("<F7><Ctrl-n>").sees("Type the six digits");
    }
}

#[test]
fn the_words_to_say_stand_there_where_the_tour_asks_for_them() {
    for size in SIZES {
        let mut desk = begun(size);
        desk.press("<Esc>").sees("stop 2 of 7");
        desk.press("4155550101<Enter>").wait(1.0);
        type_what_is_read(&mut desk);
        desk.sees("Say the words on the screen")
            .sees("That one did not match.")
            .sees("Tries left  4 of 5")
            .sees("Sends left");
        type_what_is_read(&mut desk);
        desk.sees("Enter next stop").sees("y copy evidence");
    }
}

#[test]
fn who_was_told_to_send_an_email_can_send_it_before_the_tour_goes_on() {
    for size in SIZES {
        let mut desk = begun(size);
        for stop in 2..=4 {
            desk.press("<Esc>").sees(&format!("stop {stop} of 7"));
        }
        desk.press("+12645550140<Enter>y").wait(1.0);
        desk.sees("e for an email").press("e");
        desk.sees("next stop: Enter").press("ada@example.org");
        desk.sees_no("next stop: Enter").press("<Enter>").wait(3.0);
        desk.sees("stop 4 of 7").sees("Waiting for the code");
        let code = desk.code_on_phone("ada@example.org");
        desk.press(&code).wait(1.0).sees("Approved");
        desk.wait(1.0).press("<Enter>").sees("stop 5 of 7");
    }
}

#[test]
fn a_key_that_the_tour_asks_for_is_never_typed_into_the_filter() {
    let mut desk = begun((80, 24));
    desk.press("4155550100<Enter>").wait(1.0);
    type_what_is_read(&mut desk);
    for stop in 2..=7 {
        desk.wait(1.0).press("<Esc>");
        desk.sees(&format!("stop {stop} of 7"));
    }
    desk.press("<F4>/0100").wait(0.1);
    desk.sees("Then Enter.").sees_no("Press y").press("<Enter>");
    desk.sees("Press y on an approved check").press("y");
    assert_eq!(desk.copied.len(), 1);
}

/// What the tour says in this moment stands above the pane as a whole, and no number is torn.
#[track_caller]
fn says_all(desk: &Desk) {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (screen, look) = (desk.screen(), desk.look);
    let strip: Vec<&str> = screen.lines().skip(2).take(5).collect();
    let tour = desk.model.tour.as_ref().unwrap();
    let turn = desk.model.way_back(tour).or_else(|| tour.turn());
    let turn = turn.unwrap_or_else(|| tour.lesson().learnt);
    let said = [Some(turn), desk.model.caller()].into_iter().flatten();
    let said: Vec<String> = said.map(|phrase| words(&look.say(phrase))).collect();
    for said in &said {
        assert!(words(&strip.join(" ")).contains(said), "{said}\n{screen}");
    }
    for number in ["415 555 01", "+1 264 555 0140"] {
        let in_rows: usize = strip.iter().map(|row| row.matches(number).count()).sum();
        let in_words: usize = said.iter().map(|said| said.matches(number).count()).sum();
        assert_eq!(in_rows, in_words, "{screen}");
    }
}

#[test]
fn what_the_tour_says_and_the_keys_that_it_asks_for_are_there_in_every_language_where_rows_are_few()
{
    for language in Language::ALL {
        let mut desk = begun((60, 15));
        desk.model.setting.language = language;
        desk.look.language = language;
        let mut then = |keys: &str, seconds: f64, asked: &[&str]| {
            desk.wait(1.5).press(keys).wait(seconds);
            says_all(&desk);
            for key in asked {
                desk.sees(&format!("  {key}  "));
            }
        };
        then("<Esc><Esc><Esc>", 1.0, &[]);
        then("+12645550140", 1.0, &[]);
        then("<Enter>y", 1.0, &["c", "e", "l"]);
        then("c", 1.0, &[]);
        then("<Enter>", 1.0, &[]);
        then("4155550105<Enter>", 1.0, &[]);
        then("", 10.0, &["c"]);
        then("c", 1.0, &[]);
    }
}
