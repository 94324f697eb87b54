//! A number is shown in full for a while where it was asked for, and no other one in its place.

use crate::desk::Desk;

/// Texts to three numbers, the one that ends in 02 the newest; its number is shown.
fn shown() -> Desk {
    let mut desk = Desk::at_work("happy");
    for last in ["0", "1", "2"] {
        desk.press("<F6>").paste(&format!("415 555 010{last}"));
        desk.press("<Enter>Hello<Enter><Enter>")
            .wait(10.0)
            .press("n");
    }
    desk.press("<F4>u")
        .sees("+1 415 555 0102")
        .sees("1 number shown");
    desk
}

#[track_caller]
fn hides_all(desk: &mut Desk) {
    desk.wait(0.2).sees_no("415 555 010").sees("••");
}

#[test]
fn a_filter_that_puts_another_entry_in_its_place_hides_it() {
    let mut desk = shown();
    desk.press("/to:+14155550101").wait(0.2);
    desk.press("<Enter>")
        .wait(0.2)
        .sees("1 of 3")
        .sees_no("415 555 0102");
    assert!(!desk.model.history.is_revealed(0), "{}", desk.screen());
}

#[test]
fn a_deletion_that_moves_another_entry_into_its_place_hides_it() {
    let mut desk = shown();
    desk.press("dy");
    hides_all(&mut desk);
}

#[test]
fn the_next_entry_has_to_be_asked_for_anew() {
    let mut desk = shown();
    desk.press("<Down>");
    hides_all(&mut desk);
    desk.press("<Up>");
    hides_all(&mut desk);
    desk.press("<Down>u")
        .sees("+1 415 555 0101")
        .sees_no("415 555 0102");
    desk.press("u");
    hides_all(&mut desk);
}

#[test]
fn a_filter_that_ends_takes_no_other_number_out_of_hiding() {
    let mut desk = shown();
    desk.press("/to:+14155550100<Enter>").wait(0.2);
    desk.press("u")
        .wait(0.1)
        .sees("1 number shown")
        .press("<Esc>");
    desk.wait(0.2)
        .sees_no("415 555 0102")
        .sees_no("415 555 0101");
}
