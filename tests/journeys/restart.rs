//! The program ends in the middle of something, and the next run takes it up.

use tuilio::domain::export::{Format, export};
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

#[test]
fn whether_it_is_the_number_on_file_is_known_after_a_restart_and_in_the_evidence() {
    for (on_file, said, word, evidence) in [
        (
            "415 555 0199",
            "! differs from the customer record",
            "differs",
            ", by SMS, NOT the number on file, in ",
        ),
        (
            "+1 (415) 555-0100",
            "✓ same as the customer record",
            "same",
            ", by SMS, number on file: same, in ",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut desk = Desk::on_disk(&folder);
        desk.paste("415 555 0100").press("<Tab>").paste(on_file);
        desk.press("<Enter>").wait(1.0);
        if word == "differs" {
            desk.press("y").wait(1.0).sees("! not the number on file");
        }
        // Nobody said good-bye, and once more after the code was sent again.
        let mut desk = desk.run_again(&folder);
        desk.sees("Waiting").press("<Tab>");
        assert_eq!(desk.shows("! not the number on file"), word == "differs");
        desk.wait(40.0).press("r").wait(1.0);
        let mut desk = desk.run_again(&folder);
        desk.sees("Waiting").press("<Tab>");
        assert_eq!(desk.shows("! not the number on file"), word == "differs");
        desk.reads_back(MOBILE).wait(0.5);
        desk.sees("Approved").press("y");
        let shown = desk.copied.pop().unwrap();
        desk.press("<F4><Enter>").sees(said).press("y");
        let kept = desk.copied.pop().unwrap();
        for line in [shown, kept] {
            assert!(line.contains(evidence), "{line}");
        }
        let rows = desk.rows();
        let json = export(&rows, Format::JsonLines, true, desk.now()).unwrap();
        let json = String::from_utf8(json).unwrap();
        let same = format!("\"on_file\":\"{word}\"");
        // Both sends and the check say so.
        assert_eq!(json.matches(&same).count(), 3, "{json}");
        // The number on file itself is nowhere.
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let path = file.unwrap().path();
            let bytes = if path.is_file() {
                std::fs::read(path).unwrap()
            } else {
                Vec::new()
            };
            assert!(!bytes.windows(7).any(|part| part == b"5550199"));
        }
    }
}

#[test]
fn a_check_whose_number_was_not_compared_says_nothing_of_a_record() {
    let mut desk = Desk::at_work("happy");
    desk.paste("415 555 0100").press("<Enter>").wait(1.0);
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved").press("y");
    assert!(!desk.copied[0].contains("on file"), "{}", desk.copied[0]);
    desk.press("<F4><Enter>").sees_no("On file");
}
