//! A check of a code whose answer was lost: what Twilio says afterwards, and what of it is credited to this desk.

use tuilio::domain::export::Record;
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const CHECKS: &str = "/VerificationCheck";

/// A code is typed, and no answer to its check comes.
fn lost(desk: &mut Desk, fault: &str, code: &str) {
    desk.plant("POST", "/v2/Services/*/VerificationCheck", fault, &[]);
    desk.press(code).wait(1.0);
}

fn waiting() -> Desk {
    let mut desk = Desk::at_work("happy");
    desk.press("4155550100<Enter>").sees("Waiting for the code");
    desk
}

/// Another code than the one on the phone.
fn wrong(code: &str) -> String {
    let other = if code.starts_with('1') { '2' } else { '1' };
    code.chars()
        .map(|digit| if digit == other { '3' } else { other })
        .collect()
}

#[test]
fn an_approval_that_was_read_back_says_so_and_has_the_time_of_its_check() {
    let mut desk = waiting();
    let code = desk.code_on_phone(MOBILE);
    desk.wait(60.0);
    desk.plant("GET", "/v2/*", "error_before_store", &[("times", "5")]);
    lost(&mut desk, "cut_after_store", &code);
    desk.wait(24.0)
        .sees("Approved    14:01:")
        .sees("The answer to this check was lost.")
        .sees("APPROVED 2026-03-04 14:01:")
        .sees("not from whom");
    assert_eq!(desk.requests(Post, CHECKS), 1);
    desk.press("n<F4>").sees("✓ Approved, not known by whom");
    desk.press("<Enter>")
        .sees("check \u{2713} Approved, not known by whom");
    let rows = desk.rows();
    for told in Record::all(&rows, false, desk.now()) {
        assert_eq!(told.outcome, "approved, not known by whom");
    }
}

#[test]
fn a_wrong_code_without_an_answer_is_not_credited_with_an_approval_of_later() {
    let mut desk = waiting();
    let code = desk.code_on_phone(MOBILE);
    desk.plant("GET", "/v2/*", "error_before_store", &[("times", "3")]);
    lost(&mut desk, "cut_after_store", &wrong(&code));
    desk.wait(40.0).colleague_checks(MOBILE, &code).wait(60.0);
    desk.sees("Approved at 14:00. By whom is not known: the answer to a code typed here")
        .sees_no("Evidence for the ticket")
        .sees_no("by somebody else");
    assert_eq!(desk.requests(Post, CHECKS), 1);
    desk.press("<F4><Enter>")
        .wait(1.0)
        .sees("code        ✓ Approved, not known by whom")
        .sees_no("Approved elsewhere");
    let rows = desk.rows();
    let told = Record::all(&rows, false, desk.now()).last().unwrap();
    assert_eq!(told.outcome, "approved, not known by whom");
}

#[test]
fn what_is_said_of_a_lost_check_or_stop_speaks_of_no_message() {
    let asked = "/v2/Services/*/Verifications/*";
    let fails = [("status", "503"), ("times", "900")];
    let mut desk = waiting();
    let code = desk.code_on_phone(MOBILE);
    desk.plant("GET", asked, "status", &fails);
    lost(&mut desk, "cut_after_store", &code);
    desk.press("<F4><Enter>")
        .sees("It may have been approved.")
        .sees("Rely on it only once it says Approved.")
        .sees("\"One moment, please.\"")
        .sees_no("message comes")
        .sees_no("send it again");
    let mut desk = waiting();
    desk.plant("GET", asked, "status", &fails);
    desk.plant("POST", asked, "cut_before_store", &[]);
    let says = |desk: &mut Desk| {
        desk.sees_no("you decide")
            .sees_no("whether it went")
            .sees_no("send again")
            .sees_no("once more");
    };
    desk.press("x").wait(2.0);
    desk.sees("It is being found out whether it was stopped.");
    says(&mut desk);
    desk.press("<F4><Enter>")
        .sees("The line dropped while the check was being stopped.")
        .sees("Take the code for one that still works.")
        .sees_no("message comes");
    says(&mut desk);
    desk.press("<F7>").wait(40.0);
    desk.sees("Twilio could not be asked yet whether it was stopped.");
    says(&mut desk);
    desk.press("y").sees("whether it was stopped.");
}
