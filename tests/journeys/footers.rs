//! The keys that matter where the agent is stand under the pane in every language, however long its words.

use tuilio::domain::Language;

use crate::desk::Desk;
use crate::states::{begun, code_typed, wrong_codes};

/// Stops where one of these keys is not under the pane, in any language.
#[track_caller]
fn has(desk: &mut Desk, keys: &[&str]) {
    desk.looks_at_all_sizes = false;
    let places = desk.model.places();
    for language in Language::ALL {
        desk.model.setting.language = language;
        desk.resize(80, 24);
        let screen = desk.screen();
        let footer = screen.lines().last().unwrap();
        for key in keys {
            assert!(
                footer.contains(&format!(" {key} ")),
                "{key} is not there in {language:?} at {places:?}:\n{footer}"
            );
        }
    }
    desk.model.setting.language = Language::English;
}

/// The demo and a desk at work, after these keys.
#[track_caller]
fn after(typed: &str, keys: &[&str]) {
    for mut desk in [Desk::demo("happy"), Desk::at_work("happy")] {
        desk.looks_at_all_sizes = false;
        desk.press(typed).wait(1.0);
        has(&mut desk, keys);
    }
}

#[test]
fn of_a_check() {
    after("", &["Enter", "F1", "Ctrl-K"]);
    after("4155550100", &["Enter", "F1", "Ctrl-K"]);
    after("4155550100<Tab>", &["Tab", "Esc", "Enter"]);
    after("+12645550140<Enter>", &["y", "Esc"]);
    after("4155550100<Enter>", &["0-9", "x", "Esc", "F1", "Ctrl-K"]);
    after("4155550100<Enter>12", &["0-9", "x", "Esc"]);
    after("4155550100<Enter><Esc>", &["Tab", "Enter"]);
    after("4155550100<Enter><Esc>4155550101<Enter>", &["x", "Esc"]);
    after("4155550100<Enter>x", &["Enter", "y", "n"]);
    after("4155550188<Enter>", &["c", "e", "n"]);
    has(&mut begun("happy", 2.0), &["0-9", "x", "Esc", "F9"]);
    has(&mut wrong_codes(2), &["0-9", "Esc", "F3", "F9", "F1"]);
    has(&mut wrong_codes(5), &["y", "x", "n", "F3", "F1"]);
    has(&mut code_typed(begun("happy", 2.0)), &["y", "n"]);
    has(&mut begun("happy", 620.0), &["Enter", "y", "n"]);
    let mut desk = Desk::at_work("happy");
    let start = "/v2/Services/*/Verifications";
    desk.plant("POST", start, "cut_before_store", &[]);
    desk.press("4155550100<Enter>").wait(2.0);
    has(&mut desk, &["Esc", "y"]);
    let mut desk = Desk::under("mode = \"trainee\"\n");
    desk.press("4155550100<Enter>");
    has(&mut desk, &["y", "Esc"]);
    desk.press("y").wait(2.0);
    has(&mut desk, &["0-9", "x", "Esc"]);
}

#[test]
fn the_other_ways_of_a_code_stand_somewhere_beside_a_second_caller_too() {
    let mut desk = begun("happy", 2.0);
    desk.press("<Esc>4155550101<Enter>").wait(2.0);
    desk.looks_at_all_sizes = false;
    for language in Language::ALL {
        desk.model.setting.language = language;
        desk.resize(80, 24);
        let screen = desk.screen();
        for way in [" c ", " w ", " e "] {
            assert!(screen.contains(way), "{way} in {language:?}:\n{screen}");
        }
    }
}

#[test]
fn of_a_text() {
    let begun = "<F6>4155550100<Enter>";
    let text = |more: &str| format!("{begun}{more}");
    after("<F6>", &["Enter", "Tab", "F1", "Ctrl-K"]);
    after(begun, &["1-6", "Enter", "Esc"]);
    after(&text("Hello"), &["Enter", "Esc"]);
    after(&text("Hello<Enter>"), &["Enter", "s", "Esc"]);
    after(&text("Hello<Enter>s"), &["Enter", "Esc"]);
    after(&text("Hello<Enter><Enter>"), &["Enter", "e"]);
    let later = "Hello<Enter>stomorrow 9:00<Enter><Enter>";
    after(&text(later), &["Enter", "e", "x"]);
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>4155550100 ext 12<Enter>Hello<Enter>");
    has(&mut desk, &["y", "Esc"]);
    let mut desk = Desk::at_work("happy");
    desk.plant_on_texts("cut_before_store");
    desk.press(&text("Hello<Enter><Enter>")).wait(5.0);
    has(&mut desk, &["Esc", "y"]);
    desk.press("<Esc><F4><Enter>");
    has(&mut desk, &["Esc", "y"]);
}

#[test]
fn of_the_history_and_of_pages() {
    let stopped = "4155550100<Enter>x<F4>";
    let then = |more: &str| format!("{stopped}{more}");
    after(stopped, &["Enter", "/", "Esc", "F1", "Ctrl-K"]);
    after(&then("/"), &["Enter", "Esc"]);
    after(&then("<Enter>"), &["Esc", "u", "r", "F1", "Ctrl-K"]);
    after(&then("d"), &["y", "Esc"]);
    after("<F8>", &["Esc", "F1", "Ctrl-K"]);
    after("<F8>w", &["y", "Esc"]);
    after("<F1>", &["Esc"]);
    after("<F2>", &["Esc", "F3"]);
    after("<Ctrl-K>", &["Enter", "Esc"]);
    after("4155550100<Enter><Ctrl-Q>", &["y", "Esc"]);
    after("4155550100<Ctrl-T>", &["y", "Esc"]);
    let mut desk = Desk::at_work("happy");
    desk.press("<F8>o");
    has(&mut desk, &["y", "Esc"]);
}
