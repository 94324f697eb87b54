//! A clock of the machine that is wrong, by hours or by years: what Twilio says of time is what counts.

use jiff::SignedDuration;
use tuilio::store::Store;
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";
const TEXTS: &str = "/Messages.json";
const STARTS: &str = "/v2/Services/*/Verifications";

/// How far the clock may be off: a daylight saving hour, a zone, a dead battery.
fn wrong_clocks() -> impl Iterator<Item = SignedDuration> {
    let hours = [1, 12, 24 * 3652];
    hours.into_iter().flat_map(|hours| {
        [
            SignedDuration::from_hours(hours),
            -SignedDuration::from_hours(hours),
        ]
    })
}

#[test]
fn a_check_runs_its_ten_minutes_and_is_approved() {
    for ahead in wrong_clocks() {
        let mut desk = Desk::ahead_by(ahead);
        desk.paste("415 555 0100").press("<Enter>").wait(30.0);
        desk.sees("Waiting for the code")
            .sees("9:")
            .sees("Delivered");
        desk.reads_back(MOBILE).wait(0.5);
        desk.sees("Approved");
    }
}

#[test]
fn a_code_expires_when_twilio_says_so() {
    for ahead in wrong_clocks() {
        let mut desk = Desk::ahead_by(ahead);
        desk.paste("415 555 0100").press("<Enter>").wait(590.0);
        desk.sees("Waiting for the code");
        desk.wait(15.0)
            .sees_no("Waiting for the code")
            .sees("xpired");
    }
}

#[test]
fn a_code_whose_answer_was_lost_is_found() {
    for ahead in wrong_clocks() {
        let mut desk = Desk::ahead_by(ahead);
        desk.plant("POST", STARTS, "cut_after_store", &[]);
        desk.paste("415 555 0100").press("<Enter>").wait(3.0);
        desk.sees("Waiting for the code");
        assert_eq!(desk.requests(Post, CODES), 1);
    }
}

/// The verification is over before its start could be looked up, so that only the list of sends knows it.
#[test]
fn a_lost_start_that_is_closed_meanwhile_is_found_among_the_sends() {
    for ahead in wrong_clocks() {
        let mut desk = Desk::ahead_by(ahead);
        desk.plant("POST", STARTS, "cut_after_store", &[]);
        let fetch = "/v2/Services/*/Verifications/*";
        desk.plant("GET", fetch, "status", &[("status", "404"), ("times", "9")]);
        desk.paste("415 555 0100").press("<Enter>").wait(20.0);
        assert_eq!(desk.record(), ["verify_start expired by sms"], "{ahead:?}");
        assert_eq!(desk.requests(Post, CODES), 1);
    }
}

#[test]
fn a_text_whose_answer_was_lost_is_found_and_followed() {
    for ahead in [SignedDuration::ZERO].into_iter().chain(wrong_clocks()) {
        let mut desk = Desk::ahead_by(ahead);
        let texts = "/2010-04-01/Accounts/*/Messages.json";
        desk.plant("POST", texts, "cut_after_store", &[]);
        desk.press("<F6>").paste("415 555 0100");
        desk.press("<Enter>Your ticket is closed.<Enter><Enter>")
            .wait(30.0);
        assert_eq!(desk.record(), ["text delivered"], "{ahead:?}");
        assert_eq!(desk.requests(Post, TEXTS), 1);
    }
}

#[test]
fn a_text_that_never_left_is_said_to_be_so_after_ten_minutes_and_not_before() {
    for ahead in wrong_clocks() {
        let mut desk = Desk::ahead_by(ahead);
        let texts = "/2010-04-01/Accounts/*/Messages.json";
        desk.plant("POST", texts, "cut_before_store", &[]);
        desk.press("<F6>").paste("415 555 0100");
        desk.press("<Enter>Hello<Enter><Enter>").wait(570.0);
        assert_eq!(desk.record(), ["text unknown"]);
        desk.wait(200.0);
        assert_eq!(desk.record(), ["text not_sent"]);
        assert_eq!(desk.requests(Post, TEXTS), 1);
    }
}

/// The answer was there in the evening, and is read in the morning.
#[test]
fn an_answer_that_the_machine_slept_over_does_not_set_the_clock() {
    let mut desk = Desk::at_work("slow_network");
    desk.latency(9.0);
    desk.stand_still(40_000.0);
    desk.wait(5.0);
    desk.press("<F6>4155550100<Enter>Hello<Enter><Enter>")
        .wait(30.0);
    let ahead = desk.rows()[0].operation.skew_seconds;
    assert!(ahead.is_none_or(|seconds| seconds < 60), "{ahead:?}");
}

/// The clock was set between the starts of two windows.
#[test]
fn a_text_that_was_held_is_reviewed_again_where_a_window_with_another_clock_sent_the_same() {
    for ahead in wrong_clocks() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Store::open(folder.path()).unwrap();
        let mut desk = Desk::set_and_ahead_by(ahead, open(), |_| {});
        let mut other = desk.beside(open());
        other.press("<F6>4155550100<Enter>");
        desk.model.policy.hold_seconds = 15;
        desk.press("<F6>4155550100<Enter>Hello<Enter><Enter>")
            .sees("Held back: it leaves in");
        other.press("Hello<Enter><Enter>");
        desk.wait_with(&mut other, 30.0);
        assert_eq!(desk.requests(Post, TEXTS), 1, "{}", desk.screen());
        desk.sees("Send this text?");
    }
}
