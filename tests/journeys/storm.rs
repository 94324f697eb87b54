//! Twilio finds everything too fast, for minutes: the desk asks less and less often, and goes on working.

use tuilio::twilio::wire::Method::{Get, Post};

use crate::desk::{Desk, MOBILE};

const SENDS: &str = "/v2/Attempts";
const TEXTS: &str = "/Messages.json";
const LIST: &str = "/2010-04-01/Accounts/*/Messages.json";
const STARTS: &str = "/v2/Services/*/Verifications";

/// Every answer to that is a 429.
fn storm(desk: &mut Desk, method: &str, path: &str, more: &[(&str, &str)]) {
    let mut with = vec![("status", "429"), ("times", "100000")];
    with.extend_from_slice(more);
    desk.plant(method, path, "status", &with);
}

/// How many questions were asked in each of so many minutes, while somebody presses F5 every two seconds.
fn minutes(desk: &mut Desk, end: &str, minutes: usize) -> Vec<usize> {
    let mut asked = Vec::new();
    for _ in 0..minutes {
        let before = desk.requests(Get, end);
        for _ in 0..30 {
            desk.press("<F5>").wait(2.0);
        }
        asked.push(desk.requests(Get, end) - before);
    }
    asked
}

#[test]
fn a_storm_of_429_is_asked_less_and_less_often_however_often_f5_is_pressed() {
    let mut desk = Desk::demo("happy");
    desk.looks_at_all_sizes = false;
    storm(&mut desk, "GET", SENDS, &[]);
    desk.paste("415 555 0100").press("<Enter>").wait(1.0);
    let asked = minutes(&mut desk, SENDS, 8);
    assert!(asked.iter().all(|&asked| asked <= 40), "{asked:?}");
    assert!(asked[7] <= 8, "{asked:?}");
    desk.sees("Waiting for the code");
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
}

#[test]
fn what_twilio_asks_to_wait_is_waited() {
    let mut desk = Desk::demo("happy");
    desk.looks_at_all_sizes = false;
    storm(&mut desk, "GET", LIST, &[("retry_after", "20")]);
    desk.press("<F6>").paste("415 555 0105");
    desk.press("<Enter>Hello<Enter><Enter>").wait(1.0);
    let asked = minutes(&mut desk, TEXTS, 5);
    assert!(asked.iter().all(|&asked| asked <= 12), "{asked:?}");
    desk.press("<F7>").paste("415 555 0100").press("<Enter>");
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
}

#[test]
fn after_the_storm_everything_is_caught_up_with() {
    let mut desk = Desk::demo("happy");
    desk.looks_at_all_sizes = false;
    desk.plant("GET", LIST, "status", &[("status", "429"), ("times", "24")]);
    desk.press("<F6>").paste("415 555 0100");
    desk.press("<Enter>Hello<Enter><Enter>").wait(1200.0);
    assert_eq!(desk.record(), ["text delivered"]);
}

#[test]
fn a_send_in_a_storm_is_left_to_a_person_after_a_few_tries() {
    let mut desk = Desk::demo("happy");
    storm(&mut desk, "POST", LIST, &[]);
    storm(&mut desk, "POST", STARTS, &[]);
    desk.paste("415 555 0100").press("<Enter>").wait(600.0);
    // Four tries, a countdown on the screen, and four more; each was said to have done nothing.
    assert_eq!(desk.requests(Post, "/Verifications"), 8);
    desk.press("<F6>").paste("415 555 0101");
    desk.press("<Enter>Hello<Enter><Enter>").wait(600.0);
    assert_eq!(desk.requests(Post, TEXTS), 4);
    assert_eq!(desk.messages().len() + desk.attempts().len(), 0);
    let words = desk.record();
    assert!(
        words.iter().all(|word| word.contains("refused 20429")),
        "{words:?}"
    );
}
