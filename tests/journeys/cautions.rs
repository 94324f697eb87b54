//! What is odd about a text is read before it is overruled: whole, in every language, on the smallest screen.

use tuilio::domain::Language;
use tuilio::keymap::Place;
use tuilio::layout::{self, Size};
use tuilio::model::compose::Stage;
use tuilio::twilio::wire::Method::Post;

use crate::desk::Desk;

const TEXTS: &str = "/Messages.json";
const THREE_LINES: &str = "Hello<Ctrl-J>second line<Ctrl-J>third line";

/// The words of the pane, whatever the rows that they stand on.
fn words(desk: &Desk) -> String {
    let width = usize::from(layout::areas(desk.model.size).body.width);
    let screen = desk.screen();
    let rows = screen.lines().map(|row| row.chars().take(width).collect());
    let rows: Vec<String> = rows.collect();
    let words: Vec<&str> = rows.iter().flat_map(|row| row.split_whitespace()).collect();
    words.join(" ")
}

/// The cautions that are asked about now stand on the screen, to their last word; whether they are the last.
#[track_caller]
fn reads_cautions(desk: &Desk) -> bool {
    let Stage::Review { cautions, .. } = &desk.model.compose.stage else {
        panic!("no review:\n{}", desk.screen());
    };
    let sheet = desk.model.sheet();
    assert!(!sheet.cautions.is_empty());
    let words = words(desk);
    for caution in &cautions[sheet.cautions.clone()] {
        let said = desk.look.text(&desk.model.setting.language.say(caution));
        assert!(
            words.contains(&said),
            "{said:?} is not on the screen:\n{}",
            desk.screen()
        );
    }
    sheet.is_last()
}

/// A desk at night where the customer is, as the lead of nobody has set it.
fn at_night(scene: &str, demo: bool) -> Desk {
    let mut desk = if demo {
        Desk::demo(scene)
    } else {
        Desk::at_work(scene)
    };
    desk.model.policy.quiet_hours = None;
    desk.look.color = false;
    desk
}

/// Looks at the review at all sizes in all languages.
#[track_caller]
fn can_be_read_everywhere(desk: &mut Desk) {
    let (language, size) = (desk.model.setting.language, desk.model.size);
    for language in Language::ALL {
        desk.model.setting.language = language;
        for (width, height) in [(60, 15), (80, 24), (100, 30), (140, 40)] {
            desk.model.size = Size { width, height };
            for ascii in [false, true] {
                (desk.look.ascii, desk.model.setting.ascii) = (ascii, ascii);
                let last = reads_cautions(desk);
                assert!(last || height == 15, "all fit:\n{}", desk.screen());
                let answer = if last { "yes, send it" } else { "yes, go on" };
                let answer = desk
                    .look
                    .text(&language.say(&tuilio::domain::Phrase::of(answer)));
                assert!(
                    desk.shows(&format!("y {answer}")),
                    "{answer}:\n{}",
                    desk.screen()
                );
            }
        }
    }
    (desk.look.ascii, desk.model.setting.ascii) = (false, false);
    (desk.model.setting.language, desk.model.size) = (language, size);
}

#[test]
fn a_caution_stands_before_a_text_of_three_lines_on_the_smallest_screen() {
    for demo in [true, false] {
        let mut desk = at_night("happy", demo);
        desk.resize(60, 15)
            .press(&format!("<F6>4155550100<Enter>{THREE_LINES}<Enter>"))
            .sees("It is about 06:00 where this number is at home.")
            .sees("Send it all the same?")
            .sees("+1 415 555 0100")
            .sees("Hello");
        can_be_read_everywhere(&mut desk);
        // The rest of the text is below.
        desk.press("<Down><Down><Down><Down>")
            .sees("third line")
            .sees("Send it all the same?")
            .press("y")
            .wait(1.0);
        assert_eq!(desk.requests(Post, TEXTS), 1);
    }
}

#[test]
fn two_cautions_at_once_are_each_read_before_the_text_leaves() {
    let mut desk = at_night("happy", false);
    desk.resize(60, 15)
        .press("<F6>4155550110<Enter>Hello<Enter>y")
        .wait(1.0)
        .press(&format!("n4155550110<Enter>{THREE_LINES}<Enter>"))
        .sees("This customer has opted out of your texts");
    let Stage::Review { cautions, .. } = &desk.model.compose.stage else {
        panic!("no review");
    };
    assert_eq!(cautions.len(), 2);
    can_be_read_everywhere(&mut desk);
    let before = desk.requests(Post, TEXTS);
    let mut answers = 0;
    while desk.model.places()[0] == Place::ReviewCaution {
        reads_cautions(&desk);
        assert_eq!(desk.requests(Post, TEXTS), before, "not before the last");
        desk.press("y").wait(1.0);
        answers += 1;
    }
    assert!((1..=2).contains(&answers), "{answers}");
    assert_eq!(desk.requests(Post, TEXTS), before + 1);
}

#[test]
fn a_time_for_it_stands_beside_the_caution() {
    let mut desk = at_night("happy", false);
    desk.resize(60, 15)
        .press(&format!("<F6>4155550100<Enter>{THREE_LINES}<Enter>"))
        .press("s23:00<Enter>")
        .sees("It will be about 23:00")
        .sees("Leaves");
    can_be_read_everywhere(&mut desk);
    for (width, height) in [(60, 15), (80, 24)] {
        desk.resize(width, height).sees("Leaves").sees("Hello");
    }
}

#[test]
fn the_tour_makes_way_for_a_caution() {
    let mut desk = at_night("happy", true);
    desk.resize(60, 15)
        .press("<Ctrl-O><Enter>")
        .press(&format!("<F6>4155550100<Enter>{THREE_LINES}<Enter>"));
    assert!(desk.model.tour.is_some());
    reads_cautions(&desk);
}
