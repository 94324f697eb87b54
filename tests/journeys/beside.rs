//! What stands beside the pane in a wide terminal: nothing in it is cut, and it is as new as what is counted.

use tuilio::store::Store;

use crate::desk::{Desk, MOBILE};
use crate::states::{begun, wrong};

#[test]
fn what_another_desk_has_done_is_listed_as_soon_as_it_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Store::open(folder.path()).unwrap();
    let mut desk = Desk::with_history("happy", open());
    desk.resize(100, 30);
    desk.press("4155550100<Enter>").wait(1.0);
    desk.press("x").wait(1.0).press("n").wait(1.0);
    let mut other = desk.beside(open());
    for number in ["4155550101", "4155550102"] {
        other.press(&format!("{number}<Enter>")).wait(1.0);
        other.press("<Esc>");
    }
    // It is never a reason to wake up: the next key counts.
    desk.wait(120.0).press("<Down>").wait(1.0);
    desk.sees("3 checked")
        .sees("Lately")
        .sees("••01")
        .sees("••02");
    desk.press("<F4><F7>").wait(1.0);
    desk.sees("Lately").sees("••01").sees("••02");
}

#[test]
fn a_long_day_does_not_push_the_newest_entries_off_the_panel() {
    let mut desk = Desk::at_work("happy");
    desk.resize(100, 30);
    for number in 100..108 {
        desk.press(&format!("4155550{number}<Enter>")).wait(12.0);
        desk.press("x").wait(1.0).press("n");
        for (width, height) in [(100, 24), (100, 30), (140, 40)] {
            desk.resize(width, height);
            if height > 24 {
                desk.sees("Lately").sees(&format!("••0{}", number - 100));
            }
        }
    }
}

#[test]
fn what_another_window_does_to_a_check_that_waits_is_seen_within_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Store::open(folder.path()).unwrap();
    let mut desk = Desk::with_history("happy", open());
    desk.press("4155550100<Enter>").wait(1.0);
    let mut other = desk.beside(open());
    let slip = wrong(&desk);
    other.press("<Tab>").sees("5 of 5").press(slip).wait(1.0);
    other.sees("Wrong code").sees("4 of 5");
    desk.wait(3.5).sees("4 of 5").sees("Waiting for the code");
    // What was tried here counts once.
    desk.press(slip).wait(5.0).sees("3 of 5");
    other.wait(3.5).sees("3 of 5");
    other.press("<F5>").wait(0.2).sees("3 of 5");
    other.reads_back(MOBILE).press("<Enter>").wait(1.0);
    other.sees("Approved");
    desk.wait(3.5)
        .sees("Already approved, from this desk, at 14:00");
}

#[test]
fn the_time_that_callers_have_left_counts_each_second() {
    let mut desk = begun("happy", 2.0);
    desk.press("<Esc>").wait(20.0);
    desk.looks_at_all_sizes = false;
    let left = |desk: &Desk| {
        let screen = desk.screen();
        let line = screen.lines().find(|line| line.contains(" left"));
        line.unwrap().to_owned()
    };
    for _ in 0..12 {
        let before = left(&desk);
        desk.wait(1.0);
        assert_ne!(left(&desk), before);
    }
}
