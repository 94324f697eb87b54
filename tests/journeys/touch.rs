//! The mouse: what is drawn can be clicked, means what its key means, and nothing else can be.

use tuilio::domain::{Language, Policy};
use tuilio::model::Event;

use crate::desk::Desk;

#[test]
fn a_click_on_a_tab_goes_there_and_a_click_on_a_key_is_that_key() {
    let mut desk = Desk::demo("happy");
    desk.click("Message").sees("[Message]");
    desk.click("Settings").sees("[Settings]");
    desk.click("Verify").sees("[Verify]");
    desk.paste("415 555 0100").click("Enter send the code");
    desk.wait(2.0).sees("Waiting for the code");
    desk.click("x stop").wait(1.0).sees("no longer works");
    desk.click("Enter new code")
        .wait(2.0)
        .sees("Waiting for the code");
}

#[test]
fn rows_are_marked_by_a_click_and_opened_by_a_second_one() {
    let mut desk = Desk::demo("happy");
    for number in ["415 555 0100", "415 555 0101"] {
        desk.press("<F7>").paste(number).press("<Enter>").wait(2.0);
        desk.press("n");
    }
    desk.press("<F4>").wait(0.1);
    let rows = |desk: &Desk| desk.model.history.selected;
    assert_eq!(rows(&desk), 0);
    let (column, row) = desk.find("▸");
    let spots = crate::picture::spots(&desk.model, desk.look);
    let second = spots.at(column, row + 1).unwrap();
    desk.happen(Event::Clicked(second.clone()));
    assert_eq!(rows(&desk), 1);
    desk.scroll(false);
    assert_eq!(rows(&desk), 0);
    desk.scroll(true).scroll(true);
    assert_eq!(rows(&desk), 1, "the wheel stops at the end");
    desk.happen(Event::Clicked(second));
    assert!(desk.model.history.detail);
}

#[test]
fn the_wheel_changes_nothing_where_nothing_scrolls() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100");
    let before = desk.screen();
    desk.scroll(true).scroll(false).scroll(true);
    assert_eq!(desk.screen(), before);
}

#[test]
fn nothing_behind_a_question_can_be_clicked() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    desk.press("<Ctrl-Q>").sees("Leave tuilio?");
    let spots = crate::picture::spots(&desk.model, desk.look);
    let header = spots.clicks().filter(|(area, _)| area.y == 0).count();
    assert_eq!(header, 0);
    desk.click("Esc  stay").sees_no("Leave tuilio?");
}

#[test]
fn the_mouse_can_be_left_to_the_terminal_and_taken_back() {
    let mut desk = Desk::demo("happy");
    assert!(desk.model.setting.mouse);
    desk.press("<F12>").sees("select text with it");
    assert!(!desk.model.setting.mouse);
    desk.press("<F12>").sees("works here again");
    assert!(desk.model.setting.mouse);
}

#[test]
fn every_part_that_can_be_clicked_is_on_the_screen_and_does_something() {
    let mut desk = Desk::demo("happy");
    let mut seen = 0;
    for step in [
        "<F8>", "<F4>", "<F6>", "<F7>", "<Ctrl-K>", "<Esc>", "<F1>", "<Esc>",
    ] {
        desk.press(step);
        for (width, height) in [(60, 15), (80, 24), (140, 40)] {
            desk.resize(width, height);
            // A key of the footer that does not fit is dropped whole, however long its words are.
            for language in Language::ALL {
                desk.model.setting.language = language;
                let spots = crate::picture::spots(&desk.model, desk.look);
                for (area, click) in spots.clicks() {
                    assert!(area.width > 0, "{click:?} has no place");
                    let inside = area.right() <= width && area.bottom() <= height;
                    assert!(inside, "{click:?} in {language} at {width}x{height}");
                    seen += 1;
                }
            }
            desk.model.setting.language = Language::English;
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn numbers_are_masked_while_the_agent_looks_elsewhere_where_the_lead_wants_that() {
    let mut desk = Desk::demo("happy");
    desk.model.policy = Policy {
        mask_on_focus_loss: true,
        ..Policy::default()
    };
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    desk.sees("+1 415 555 0100");
    desk.happen(Event::Focused(false));
    desk.wait(10.0).sees("+1 415 555 0100");
    desk.wait(6.0).sees_no("+1 415 555 0100");
    desk.happen(Event::Focused(true));
    desk.sees("+1 415 555 0100");
}

#[test]
fn the_bell_rings_for_what_ends_while_nobody_looks_and_only_where_it_is_wanted() {
    let approve = |bell: bool, here: bool| {
        let mut desk = Desk::demo("happy");
        desk.model.setting.bell = bell;
        desk.happen(Event::Focused(here));
        desk.paste("415 555 0100").press("<Enter>").wait(2.0);
        let code = desk.code_on_phone("+14155550100");
        desk.press(&code).wait(3.0).sees("Approved");
        desk.rings
    };
    assert_eq!(approve(true, false), 1);
    assert_eq!(approve(true, true), 0);
    assert_eq!(approve(false, false), 0);
}

#[test]
fn a_notice_says_what_ended_without_a_number_or_a_code_and_so_does_the_bell_for_what_did_not_arrive()
 {
    let mut desk = Desk::demo("not_arrived");
    desk.press("<F8>n")
        .sees("n  notices: on, first kind")
        .press("n");
    desk.sees("n  notices: on, second kind").press("b<F7>");
    desk.happen(Event::Focused(false));
    desk.paste("415 555 0105").press("<Enter>").wait(30.0);
    desk.sees("Not delivered");
    let told = |text: &str| tuilio::model::Effect::Notify {
        form: tuilio::domain::Notices::Osc777,
        text: text.to_owned(),
    };
    assert_eq!(desk.left, [told("A text or a code did not arrive.")]);
    assert_eq!(desk.rings, 1);
    let mut desk = Desk::demo("happy");
    desk.model.setting.notices = tuilio::domain::Notices::Osc777;
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    let code = desk.code_on_phone("+14155550100");
    desk.press(&code).wait(3.0).sees("Approved");
    assert_eq!(desk.left, [told("A check was approved.")]);
    assert_eq!(desk.rings, 0);
}

#[test]
fn the_list_of_actions_holds_what_is_done_elsewhere_and_says_where() {
    let mut desk = Desk::demo("happy");
    desk.press("<Ctrl-P>show number").sees("in History: u");
    desk.press("<Enter>").sees("Not from here").sees("History");
    desk.press("<Ctrl-K>settings<Enter>").sees("[Settings]");
}

#[test]
fn the_help_is_for_the_field_and_finds_any_key_by_its_words() {
    let mut desk = Desk::demo("happy");
    desk.press("<F1>").sees("Help for: Verify: whom");
    desk.press("evidence").sees("Help with: evidence");
    desk.sees("Verify: approved").sees_no("Verify: whom");
    desk.press("<Esc>").sees("Whose phone are we checking?");
    desk.press("<F1>zebra").sees("No key has that");
    desk.sees("No key works behind this page");
}

#[test]
fn numbers_are_masked_by_the_agents_choice_wherever_they_need_not_be_read_whole() {
    let mut desk = Desk::demo("happy");
    desk.press("<F8>h").sees("h  numbers: masked").press("<F7>");
    desk.paste("415 555 0100").sees("+1 415 555 0100");
    desk.press("<Enter>").wait(1.0).sees("+1 415 ••• ••00");
    desk.sees_no("+1 415 555 0100");
}

#[test]
fn a_card_that_does_not_fit_says_that_more_follows_and_its_end_says_so_too() {
    let mut desk = Desk::demo("happy");
    desk.resize(60, 15).press("<F3>").sees("Down shows more");
    for _ in 0..60 {
        desk.press("<Down>");
    }
    desk.sees("and tell your lead.").sees("Up shows the rest");
    desk.resize(140, 60).sees_no("shows the rest");
}

#[test]
fn the_wheel_moves_through_the_cards() {
    for card in ["<F2>", "<F3>"] {
        let mut desk = Desk::demo("happy");
        desk.resize(80, 15).press(card).sees("Down shows more");
        let top = desk.screen();
        desk.scroll(true).sees("lines 2 to");
        desk.scroll(false);
        assert_eq!(desk.screen(), top);
    }
}

#[test]
fn each_way_that_is_offered_where_no_code_came_can_be_clicked() {
    for (width, height) in [(140, 40), (80, 24)] {
        for (way, came) in [
            ("r  send again", "by SMS"),
            ("c  call and speak", "by call"),
            ("w  WhatsApp", "by WhatsApp"),
            ("e  email", "Type the email address"),
        ] {
            let mut desk = Desk::demo("happy");
            desk.resize(width, height);
            desk.paste("415 555 0100").press("<Enter>").wait(40.0);
            desk.click(way).wait(2.0).sees(came);
            if !way.starts_with('e') {
                assert_eq!(desk.attempts().len(), 2, "{way}\n{}", desk.screen());
            }
        }
    }
}
