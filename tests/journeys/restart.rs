//! The program ends in the middle of something, and the next run takes it up.

use tuilio::store::Store;
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";
const STARTS: &str = "/v2/Services/*/Verifications";

#[test]
fn a_check_that_waits_is_back_after_a_restart_and_can_be_approved() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.paste("415 555 0100").press("<Enter>111111").wait(1.0);
    let mut desk = desk.run_again(&folder);
    desk.sees("Waiting").press("<Tab>").sees("4 of 5");
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.requests(Post, CODES), 1);
    assert_eq!(desk.attempts()[0]["conversion_status"], "converted");
    assert_eq!(desk.rows().len(), 3);
}

#[test]
fn a_check_that_is_over_is_not_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.paste("415 555 0100").press("<Enter>");
    desk.reads_back(MOBILE).wait(1.0);
    desk.press("n")
        .paste("415 555 0101")
        .press("<Enter>x")
        .sees("Stopped");
    let mut desk = desk.run_again(&folder);
    desk.sees_no("Waiting")
        .press("<F4>")
        .sees("2 entries")
        .sees("Approved")
        .sees("Stopped");
}

#[test]
fn a_send_that_was_under_way_is_looked_up_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.latency(20.0)
        .press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(2.0);
    desk.sees("Sending")
        .press("<Ctrl-Q>")
        .sees("Leave tuilio?")
        .press("y")
        .latency(0.0);
    let mut desk = desk.run_again(&folder);
    desk.wait(60.0).press("<F4>").sees("Delivered");
    assert_eq!(desk.requests(Post, "/Messages.json"), 1);
    assert_eq!(desk.messages().len(), 1);
    assert_eq!(desk.record(), ["text delivered"]);
}

#[test]
fn what_was_not_known_is_still_looked_for_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.plant("POST", STARTS, "cut_before_store", &[]);
    desk.paste("415 555 0100")
        .press("<Enter>")
        .wait(5.0)
        .sees("Not known.");
    let mut desk = desk.run_again(&folder);
    desk.press("<F4>")
        .sees("Not known")
        .wait(900.0)
        .sees("Not sent");
    assert_eq!(desk.requests(Post, CODES), 1);
    assert_eq!(desk.record(), ["verify_start not_sent"]);
}

#[test]
fn a_text_on_its_way_is_followed_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.press("<F6>")
        .paste("415 555 0113")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(1.0);
    let mut desk = desk.run_again(&folder);
    desk.press("<F4>").wait(300.0).sees("Delivered");
    assert_eq!(desk.record(), ["text delivered"]);
}

#[test]
fn a_check_that_was_over_when_its_code_was_sent_again_is_not_open_and_the_new_code_stays_a_new_one()
{
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let mut desk = Desk::with_history("cancelled_elsewhere", store);
    desk.paste("415 555 0100").press("<Enter>").wait(40.0);
    desk.press("r").wait(1.0);
    desk.sees("The check before was over already: this is a new code");
    desk.wait(5.0).press("<F4>").sees("Stopped").sees("Waiting");
    let mut desk = desk.run_again(&folder);
    desk.sees("Waiting     +1 415")
        .press("<Tab>")
        .sees("this is a new code, and only the newest message has it")
        .sees_no("Every send carries the same code")
        .sees_no("Tab");
    desk.press("<F4>").wait(700.0);
    desk.sees("Stopped").sees_no("Waiting").sees_no("Expired");
    assert_eq!(desk.requests(Post, CODES), 2);
}

#[test]
fn a_check_that_was_over_for_a_reason_that_nobody_knows_is_closed_and_has_not_expired() {
    let mut desk = Desk::at_work("cancelled_elsewhere");
    desk.paste("415 555 0100").press("<Enter>").wait(40.0);
    for path in ["/v2/Services/*/Verifications/*", "/v2/Attempts"] {
        desk.plant(
            "GET",
            path,
            "status",
            &[("status", "403"), ("code", "70051"), ("times", "9")],
        );
    }
    desk.press("r").wait(5.0).press("<F4>");
    desk.sees("Closed elsewhere").sees("Waiting").wait(700.0);
    desk.sees("Closed elsewhere").sees("Expired");
}
