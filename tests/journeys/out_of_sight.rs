//! A check that the agent has left for another customer: what is said of it, and the keys that lead back to it.

use crate::desk::Desk;

const STARTS: &str = "/v2/Services/*/Verifications";

#[test]
fn what_is_said_of_a_lost_check_names_a_key_that_leads_there_whatever_is_typed_meanwhile() {
    let mut desk = Desk::demo("slow_network");
    desk.plant("POST", STARTS, "cut_before_store", &[]);
    desk.paste("415 555 0100").press("<Enter>");
    desk.press("<Esc>4155550101").wait(4.0);
    desk.sees("Not known: +1 415 ••• ••00. Ctrl-N shows it.");
    desk.press("<Ctrl-n>")
        .sees("The line dropped while sending");
    // It is looked at: nothing has to show it any more.
    desk.sees_no("Ctrl-N shows it");
}

#[test]
fn from_another_pane_both_keys_are_named() {
    let mut desk = Desk::demo("slow_network");
    desk.plant("POST", STARTS, "cut_before_store", &[]);
    desk.paste("415 555 0100").press("<Enter>");
    desk.press("<Esc>4155550101<F6>").wait(4.0);
    desk.sees("Not known: +1 415 ••• ••00. F7, Ctrl-N shows it.");
    desk.press("<F7><Ctrl-n>")
        .sees("The line dropped while sending");
}

/// One caller waits for the code, and of a second one it is about to be said that nothing is known.
fn two_callers() -> Desk {
    let mut desk = Desk::demo("slow_network");
    desk.paste("415 555 0100").press("<Enter>").wait(10.0);
    desk.sees("Tries left").press("<Esc>");
    desk.plant("POST", STARTS, "cut_before_store", &[]);
    desk.paste("415 555 0101").press("<Enter>");
    desk
}

#[test]
fn of_several_callers_the_key_goes_to_the_one_that_is_told_of() {
    let mut desk = two_callers();
    desk.press("<Esc>").wait(4.0);
    desk.sees("Not known: +1 415 ••• ••01. Ctrl-N shows it.")
        .sees("Not known, checking  Tab");
    desk.press("<Ctrl-n>")
        .sees("+1 415 555 0101")
        .sees("The line dropped while sending");
    // By both of its keys, too, however slowly they are pressed.
    let mut desk = two_callers();
    desk.press("<Esc><F6>").wait(4.0);
    desk.sees("Not known: +1 415 ••• ••01. F7, Ctrl-N shows it.");
    desk.press("<F7>").wait(2.0).press("<Ctrl-n>");
    desk.sees("The line dropped while sending");
}

#[test]
fn a_check_that_stays_on_its_pane_is_one_key_away() {
    let mut desk = two_callers();
    desk.press("<F6>").wait(4.0);
    desk.sees("Not known: +1 415 ••• ••01. F7 shows it.");
    desk.press("<F7>").sees("The line dropped while sending");
}

#[test]
fn that_a_check_is_not_known_is_not_said_any_more_once_it_is() {
    let mut desk = Desk::demo("slow_network");
    desk.plant("POST", STARTS, "cut_after_store", &[]);
    desk.paste("415 555 0100").press("<Enter>");
    desk.press("<Esc>4155550101");
    let mut was_said = false;
    for _ in 0..100 {
        desk.wait(0.1);
        let says = desk.shows("Not known: +1 415 ••• ••00. Ctrl-N shows it.");
        was_said |= says;
        assert!(!(says && desk.shows(" left  Ctrl-N")), "{}", desk.screen());
    }
    assert!(was_said, "{}", desk.screen());
    desk.sees(" left  Ctrl-N");
}

#[test]
fn a_check_that_twilio_asked_to_wait_with_is_not_called_under_way() {
    let mut desk = Desk::demo("too_many_starts");
    desk.paste("415 555 0100").press("<Enter>").wait(1.0);
    desk.sees("Twilio asks us to wait").press("n");
    desk.sees("SMS  … Waits until 14:00:12").sees_no("Sending");
    desk.wait(15.0).sees(" left").sees_no("Waits until");
}
