//! Small sentences on the screen: each is whole, true of what stands there, and said once.

use tuilio::domain::Language;

use crate::desk::{Desk, MOBILE};

/// How often words stand on the screen.
fn count(desk: &Desk, words: &str) -> usize {
    desk.screen().matches(words).count()
}

#[test]
fn no_action_is_named_by_when_it_may_be_done() {
    for (width, height) in [(60, 15), (80, 24), (100, 30), (140, 40)] {
        let mut desk = Desk::demo("happy");
        desk.resize(width, height)
            .press("<Ctrl-K>pretend")
            .sees("The pretend customer's phone")
            .sees_no("In the demo  ");
        desk.press("<Esc><Ctrl-K>evidence")
            .sees("evidence")
            .sees_no("Of an approved check  ");
    }
}

#[test]
fn what_enter_sends_is_said_only_of_the_number_that_stands_there() {
    for keys in ["<Esc>", "<Esc>foo:bar", "<F8>"] {
        let mut desk = Desk::at_work("happy");
        desk.press("4155550100<Enter>").wait(1.0);
        desk.press("x").wait(1.0).press("n<F4><Enter>r");
        desk.sees("Enter sends a new code.").sees("+1 415 555 0100");
        desk.press(keys).sees_no("Enter sends a new code.");
    }
}

#[test]
fn all_rules_of_the_lead_can_be_read_in_a_low_window() {
    let policy = "countries = [\"US\", \"GB\"]\nchannels = [\"sms\", \"call\"]\ntemplates_only = true\n\
        ticket_required = true\ntexts_a_day = 9\nverifications_a_day = 9\nretention_days = 30\n\
        idle_lock_minutes = 15\nhold_seconds = 3\nauto_check = false\nmask_on_focus_loss = true\n\
        reveal = false\npaid_lookup = false\n";
    let mut desk = Desk::under(policy);
    let rules = desk.model.lead_rules();
    assert!(rules.len() > 9, "{rules:?}");
    for (width, height) in [(60, 15), (80, 24)] {
        desk.resize(width, height).press("<F8>");
        if height == 15 {
            desk.sees(&format!("Set by your lead: {} rules.", rules.len()))
                .sees("p  read all of it");
        }
        desk.press("p").sees("Set by your lead");
        let mut read = Vec::new();
        for _ in 0..30 {
            let screen = desk.screen();
            read.push(screen.split_whitespace().collect::<Vec<_>>().join(" "));
            desk.press("<Down>");
        }
        for rule in rules.iter().map(ToString::to_string) {
            let is_read = read.iter().any(|screen| screen.contains(&rule));
            assert!(is_read, "{rule} is not read at {width}x{height}");
        }
        desk.press("<Esc><Esc>");
    }
}

#[test]
fn a_label_of_the_settings_does_not_push_what_stands_after_it() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F8>");
    for language in Language::ALL {
        desk.model.setting.language = language;
        let column = |value: &str| {
            let screen = desk.screen();
            let row = screen.lines().find_map(|row| row.split_once(value));
            row.map(|(before, _)| before.chars().count())
        };
        let (history, settings) = (
            column(&desk.model.setting.kept_in.clone()),
            column(&desk.model.setting.configured_in.clone()),
        );
        assert!(history.is_some());
        assert_eq!(history, settings, "{language:?}:\n{}", desk.screen());
    }
}

#[test]
fn the_cap_of_the_day_is_said_once() {
    let mut desk = Desk::under("verifications_a_day = 1");
    desk.press("4155550100<Enter>").wait(1.0);
    desk.press("x")
        .wait(1.0)
        .press("n4155550101<Enter>")
        .wait(1.0);
    desk.sees("Not sent");
    assert_eq!(count(&desk, "Set by your lead"), 1, "{}", desk.screen());
}

#[test]
fn a_line_of_time_says_what_was_done_once() {
    let mut desk = Desk::at_work("happy");
    desk.press("4155550100<Enter>")
        .wait(12.0)
        .press("<F4><Enter>");
    desk.sees("code ✓ Sent ").sees_no("Code sent").press("<F7>");
    desk.press("x").wait(1.0).press("<F4><Enter>");
    desk.sees("stop ✓ Done");
    assert_eq!(count(&desk, "Stopped"), 1, "{}", desk.screen());
    assert_eq!(desk.on_phone(MOBILE), 1);
}
