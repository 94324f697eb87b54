//! The filter of the history against the list: the words that stand in its rows are found, and what others have
//! written meanwhile is there.

use tuilio::domain::Language;

use crate::desk::Desk;

/// A check that was delivered and waits, and one of a landline.
fn listed() -> Desk {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0188").press("<Enter>").wait(1.0);
    desk.press("n<F6>4155550100<Enter>Your parcel is here<Enter><Enter>");
    desk.wait(20.0).press("<F4>").wait(1.0);
    desk.sees("✓ Delivered").sees("! Landline");
    desk
}

#[test]
fn each_state_is_found_by_the_word_that_the_list_has_for_it() {
    let mut desk = listed();
    desk.press("/Delivered").wait(0.1).sees("1 of 2");
    desk.sees("✓ Delivered").sees_no("! Landline");
    desk.press("<Ctrl-U>landline").wait(0.1).sees("1 of 2");
    desk.sees("! Landline").sees_no("✓ Delivered");
    desk.press("<Ctrl-U>parcel").wait(0.1).sees("1 of 2");
    desk.press("<Ctrl-U>parcel landline")
        .wait(0.1)
        .sees("0 of 2");
}

#[test]
fn each_state_is_found_by_the_word_of_the_language_of_the_screen() {
    let mut desk = listed();
    for (language, words) in [
        (Language::Spanish, ["Entregado", "fijo"]),
        (Language::German, ["zugestellt", "Festnetz"]),
        (Language::French, ["remis", "fixe"]),
    ] {
        desk.model.setting.language = language;
        for word in words.into_iter().chain(["delivered", "landline"]) {
            desk.press("/<Ctrl-U>").press(word).wait(0.1);
            let counts = desk.model.history.filter.as_ref().unwrap().counts;
            assert_eq!(counts, Some((1, 2)), "{word}\n{}", desk.screen());
            desk.press("<Esc><Esc>");
        }
    }
}

#[test]
fn what_others_have_written_meanwhile_is_listed_and_counted_when_the_filter_is_opened() {
    let (_folder, mut desk, mut other) = Desk::two();
    desk.press("<F4>").wait_with(&mut other, 1.0);
    for n in 0..4 {
        other.press(&format!("<F6>415555010{n}<Enter>Hello there<Enter><Enter>"));
        desk.wait_with(&mut other, 2.0);
        other.press("n");
    }
    assert_eq!(desk.model.history.len(), 0, "nothing has woken it");
    desk.press("/since:banana").wait_with(&mut other, 1.0);
    desk.sees("A time is 7d");
    assert_eq!(desk.model.history.len(), 4, "{}", desk.screen());
    desk.press("<Esc><Esc>").sees("Today       4 texts");
    other.press("<F6>4155550109<Enter>Hello there<Enter><Enter>");
    desk.wait_with(&mut other, 2.0);
    desk.paste("415 555 0109").wait_with(&mut other, 1.0);
    desk.sees("1 of 5");
    assert_eq!(desk.model.history.len(), 5, "{}", desk.screen());
}
