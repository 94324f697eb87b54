//! The line drops while something is being sent: nobody knows whether it went, and it is found out.
//! Nothing is ever sent a second time without a person's yes.

use tuilio::domain::message::ListPage;
use tuilio::domain::{
    Answer, MessageStatus, OpState, Reply, Settled, VerificationChannel, VerificationStatus,
};
use tuilio::model::{Ask, Event};
use tuilio::store::{Journal, Store};
use tuilio::twilio::wire::Method::{Get, Post};

use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";
const CHECKS: &str = "/VerificationCheck";
const TEXTS: &str = "/Messages.json";
const STARTS: &str = "/v2/Services/*/Verifications";

#[test]
fn a_code_that_went_out_is_found_and_adopted() {
    let mut desk = Desk::demo("happy");
    desk.plant("POST", STARTS, "cut_after_store", &[]);
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    desk.sees("Waiting for the code").sees("4 of 5");
    assert_eq!(desk.requests(Post, CODES), 1);
    assert_eq!(desk.attempts().len(), 1);
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
    assert_eq!(
        desk.record(),
        [
            "verify_start pending by sms",
            "verify_check approved by sms"
        ]
    );
}

#[test]
fn a_code_that_never_left_is_said_to_be_so_after_ten_minutes() {
    let mut desk = Desk::demo("happy");
    desk.plant("POST", STARTS, "cut_before_store", &[]);
    desk.paste("415 555 0100").press("<Enter>").wait(5.0);
    desk.sees("Not known.")
        .sees("Please do not send again yet.");
    desk.wait(20.0).sees("Not found yet.");
    assert_eq!(desk.record(), ["verify_start unknown"]);
    desk.wait(900.0).sees("Not sent");
    assert_eq!(desk.record(), ["verify_start not_sent"]);
    assert_eq!(
        desk.requests(Post, CODES),
        1,
        "nothing is sent again by itself"
    );
    assert_eq!(desk.attempts().len(), 0);
}

#[test]
fn a_code_that_never_left_is_not_taken_for_one_that_was_read_back_before() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100").press("<Enter>").wait(5.0);
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
    desk.plant("POST", STARTS, "cut_before_store", &[]);
    desk.press("n").paste("415 555 0100").press("<Enter>y");
    desk.wait(25.0).sees("Not found yet.").wait(900.0);
    assert_eq!(desk.attempts().len(), 1);
    assert_eq!(desk.record()[2], "verify_start not_sent");
}

#[test]
fn a_yes_sends_once_more_what_was_not_found() {
    let mut desk = Desk::demo("happy");
    desk.plant("POST", STARTS, "cut_before_store", &[]);
    desk.paste("415 555 0100").press("<Enter>").wait(25.0);
    desk.sees("Not found yet.")
        .press("y")
        .sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 2);
    assert_eq!(desk.attempts().len(), 1);
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved");
}

#[test]
fn a_check_whose_answer_was_lost_is_found_to_be_approved() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100").press("<Enter>");
    desk.plant(
        "POST",
        "/v2/Services/*/VerificationCheck",
        "cut_after_store",
        &[],
    );
    desk.reads_back(MOBILE).wait(3.0);
    desk.sees("Approved");
    assert_eq!(desk.requests(Post, CHECKS), 1);
    assert_eq!(
        desk.record(),
        [
            "verify_start pending by sms",
            "verify_check approved by sms"
        ]
    );
}

#[test]
fn a_check_that_never_arrived_is_typed_again() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100").press("<Enter>");
    desk.plant(
        "POST",
        "/v2/Services/*/VerificationCheck",
        "cut_before_store",
        &[],
    );
    let code = desk.code_on_phone(MOBILE);
    desk.press(&code).wait(3.0);
    desk.sees_no("Approved")
        .sees_no("Not known")
        .sees("Type it again.")
        .sees_no("That was not the code")
        .sees("5 of 5");
    desk.press(&code).wait(0.5);
    desk.sees("Approved");
    assert_eq!(desk.requests(Post, CHECKS), 2);
}

#[test]
fn a_stop_whose_answer_was_lost_is_found_to_be_done() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100").press("<Enter>");
    desk.plant(
        "POST",
        "/v2/Services/*/Verifications/*",
        "cut_after_store",
        &[],
    );
    desk.press("x").wait(5.0);
    desk.sees_no("Approved").sees_no("Waiting for the code");
}

#[test]
fn a_text_that_went_out_is_found_and_there_is_one_only() {
    let mut desk = Desk::demo("happy");
    desk.plant_on_texts("cut_after_store");
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Your ticket is closed.<Enter><Enter>")
        .wait(30.0);
    desk.sees("Delivered");
    assert_eq!(desk.requests(Post, TEXTS), 1);
    assert_eq!(desk.messages().len(), 1);
    assert_eq!(desk.record(), ["text delivered"]);
}

/// A service with smart encoding sends plain characters in place of their look-alikes.
#[test]
fn a_text_that_went_out_in_other_characters_is_found_as_well() {
    let mut desk = Desk::demo("happy");
    desk.plant_on_texts("cut_after_store");
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>")
        .paste("It’s “done” – bye")
        .press("<Enter><Enter>")
        .wait(30.0);
    assert_eq!(desk.messages()[0]["body"], "It's \"done\" - bye");
    assert_eq!(desk.record(), ["text delivered"]);
    assert_eq!(desk.requests(Post, TEXTS), 1);
}

#[test]
fn a_text_is_found_although_smart_encoding_has_changed_its_letters() {
    let mut desk = Desk::demo("happy");
    desk.plant_on_texts("cut_after_store");
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>")
        .paste("It’s done – “closed”.")
        .press("<Enter><Enter>")
        .wait(30.0);
    assert_eq!(desk.messages()[0]["body"], "It's done - \"closed\".");
    assert_eq!(desk.record(), ["text delivered"]);
}

#[test]
fn the_same_text_is_not_sent_beside_one_that_is_not_known() {
    let mut desk = Desk::demo("happy");
    desk.plant_on_texts("cut_before_store");
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(1.0);
    desk.sees("Not known.")
        .press("n")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(1.0);
    assert_eq!(
        desk.requests(Post, TEXTS),
        1,
        "an identical text waits for the first one's fate"
    );
    assert_eq!(desk.messages().len(), 0);
}

#[test]
fn a_text_that_is_not_found_goes_out_once_more_on_a_yes() {
    let mut desk = Desk::demo("happy");
    desk.plant_on_texts("cut_before_store");
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(25.0);
    desk.sees("Not found yet.").press("y").wait(30.0);
    assert_eq!(desk.messages().len(), 1);
    assert_eq!(desk.requests(Post, TEXTS), 2);
    desk.sees("Delivered");
}

/// A desk that has lost the answer to a text, writes the same once more and has it on the review.
fn written_again(fault: &str) -> Desk {
    let mut desk = Desk::demo("happy");
    desk.plant_on_texts(fault);
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(1.0);
    desk.sees("Not known.").press("n");
    desk
}

#[test]
fn the_same_text_written_again_is_looked_for_first_and_goes_once_on_a_yes() {
    let mut desk = written_again("cut_before_store");
    desk.wait(180.0);
    desk.paste("415 555 0100").press("<Enter>Hello<Enter>");
    desk.wait(1.0)
        .sees("It is not known whether this same text went")
        .sees("yes, send it");
    let looks = desk.requests(Get, TEXTS);
    desk.press("<Enter>").wait(1.0);
    assert_eq!(desk.requests(Post, TEXTS), 1, "an Enter is no yes");
    desk.press("y").wait(30.0);
    assert!(desk.requests(Get, TEXTS) > looks, "it was looked for first");
    assert_eq!(desk.requests(Post, TEXTS), 2, "{}", desk.screen());
    desk.sees("Delivered");
    assert_eq!(desk.messages().len(), 1);
    assert_eq!(desk.record(), ["text unknown", "text delivered"]);
}

#[test]
fn a_yes_to_the_same_text_before_it_can_be_told_sends_nothing_and_says_so() {
    let mut desk = written_again("cut_before_store");
    desk.paste("415 555 0100").press("<Enter>Hello<Enter>");
    desk.wait(1.0).press("y").sees("Not yet").sees("Not known.");
    desk.wait(1.0);
    assert_eq!(desk.requests(Post, TEXTS), 1);
    desk.wait(25.0).sees("Not found yet.").press("y").wait(30.0);
    assert_eq!(desk.requests(Post, TEXTS), 2);
    desk.sees("Delivered");
}

#[test]
fn the_same_text_with_another_ticket_waits_for_the_first_and_the_keys_to_it_are_named() {
    let mut desk = written_again("cut_before_store");
    desk.wait(180.0);
    desk.paste("415 555 0100")
        .press("<Tab>T-2<Enter>Hello<Enter>")
        .wait(1.0);
    desk.sees("F4 and Enter open that one").press("y").wait(2.0);
    desk.sees("is not settled yet").sees("F4 and Enter open");
    assert_eq!(desk.requests(Post, TEXTS), 1);
    desk.press("<F4><Enter>y").wait(30.0);
    assert_eq!(desk.requests(Post, TEXTS), 2);
    assert_eq!(desk.messages().len(), 1);
}

#[test]
fn other_work_goes_on_while_it_is_looked_for() {
    let mut desk = Desk::demo("happy");
    desk.plant("POST", STARTS, "cut_before_store", &[]);
    desk.paste("415 555 0100")
        .press("<Enter><Esc>")
        .paste("415 555 0101")
        .press("<Enter>");
    let code = desk.code_on_phone("+14155550101");
    desk.press(&code).wait(0.5);
    desk.sees("Approved");
    desk.press("<F4>").sees("Not known");
    desk.wait(900.0).sees("Not sent").sees_no("Not known");
}

#[test]
fn what_a_second_desk_sends_again_is_not_taken_for_the_text_that_the_first_one_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Desk::on_disk(&folder);
    first.plant(
        "POST",
        "/2010-04-01/Accounts/*/Messages.json",
        "cut_before_store",
        &[],
    );
    first
        .press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(1.0);
    first.sees("Not known.");
    let mut second = first.beside(Store::open(folder.path()).unwrap());
    first.wait_with(&mut second, 70.0);
    second.press("<F4>").sees("Not known");
    second.plant(
        "POST",
        "/2010-04-01/Accounts/*/Messages.json",
        "delay",
        &[("ms", "90000")],
    );
    second.press("<Home><Enter>y");
    first.wait_with(&mut second, 60.0);
    assert_eq!(first.messages().len(), 1, "the second one's has arrived");
    assert_eq!(first.record(), ["text unknown", "text intended"]);
    first.wait_with(&mut second, 700.0);
    assert_eq!(first.record(), ["text not_sent", "text delivered"]);
    assert_eq!(first.messages().len(), 1);
}

#[test]
fn a_lost_text_that_did_arrive_is_found_beside_the_one_that_another_desk_sends_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Desk::on_disk(&folder);
    let path = "/2010-04-01/Accounts/*/Messages.json";
    // The list of texts cannot be read until the other desk has asked.
    first.plant("POST", path, "cut_after_store", &[]);
    first.plant("GET", path, "status", &[("status", "503"), ("times", "40")]);
    first
        .press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(1.0);
    let mut second = first.beside(Store::open(folder.path()).unwrap());
    first.wait_with(&mut second, 30.0);
    second.plant("POST", path, "delay", &[("ms", "90000")]);
    // It could once, from a copy that lagged behind.
    let op = first.rows()[0].operation.id;
    second.happen(Event::Replied {
        ask: Ask::Search(op),
        result: Ok(Box::new(Answer {
            reply: Reply::Messages(ListPage {
                items: Vec::new(),
                next: None,
            }),
            request_id: None,
            date: None,
        })),
    });
    second.press("<F4>").sees("Not known");
    second.press("<Home><Enter>y");
    first.wait_with(&mut second, 800.0);
    assert_eq!(
        first.messages().len(),
        2,
        "somebody said yes to a second one"
    );
    assert_eq!(first.record(), ["text delivered", "text delivered"]);
    let sids = |desk: &Desk| -> std::collections::BTreeSet<String> {
        desk.rows()
            .iter()
            .filter_map(|row| match &row.state {
                OpState::Settled(Settled::Text { sid, .. }) => Some(sid.to_string()),
                _ => None,
            })
            .collect()
    };
    assert_eq!(sids(&first).len(), 2, "one each");
}

/// A gateway that knows nothing of the list has said nothing about the text.
#[test]
fn a_text_is_not_called_not_sent_because_its_list_is_not_there() {
    let mut desk = Desk::demo("happy");
    let path = "/2010-04-01/Accounts/*/Messages.json";
    desk.plant("POST", path, "cut_after_store", &[]);
    desk.plant("GET", path, "status", &[("status", "404"), ("times", "60")]);
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(700.0);
    assert_eq!(desk.record(), ["text unknown"]);
    desk.wait(6_000.0);
    assert_eq!(desk.record(), ["text delivered"]);
    assert_eq!(desk.requests(Post, TEXTS), 1);
}

#[test]
fn nothing_is_offered_again_before_somebody_could_look() {
    let mut desk = Desk::demo("happy");
    let path = "/2010-04-01/Accounts/*/Messages.json";
    desk.plant("POST", path, "cut_after_store", &[]);
    desk.plant("GET", path, "status", &[("status", "500"), ("times", "60")]);
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(40.0);
    desk.sees("Twilio could not be asked yet whether it went.")
        .sees_no("Not found yet.");
    desk.press("y").sees("Not yet: Twilio could not be asked");
    desk.press("<F4><Home><Enter>y")
        .sees("Not yet: Twilio could not be asked");
    assert_eq!(desk.requests(Post, TEXTS), 1);
    desk.wait(900.0);
    assert_eq!(desk.record(), ["text delivered"]);
    assert_eq!(desk.requests(Post, TEXTS), 1);
}

#[test]
fn a_code_is_not_offered_again_before_somebody_could_look() {
    let mut desk = Desk::demo("happy");
    desk.plant("POST", STARTS, "cut_after_store", &[]);
    let fetch = "/v2/Services/*/Verifications/*";
    desk.plant(
        "GET",
        fetch,
        "status",
        &[("status", "500"), ("times", "30")],
    );
    desk.paste("415 555 0100").press("<Enter>").wait(40.0);
    desk.sees("Twilio could not be asked yet whether it went.")
        .press("y")
        .sees("Not yet: Twilio could not be asked");
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn a_yes_sends_nothing_again_that_another_window_has_found_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    let path = "/2010-04-01/Accounts/*/Messages.json";
    desk.plant("POST", path, "cut_before_store", &[]);
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(25.0);
    desk.sees("Not found yet.");
    let (op, at) = (desk.rows()[0].operation.id, desk.rows()[0].updated_at);
    let found = OpState::Settled(Settled::Text {
        sid: format!("SM{:032x}", 7).parse().unwrap(),
        status: MessageStatus::Delivered,
        error_code: None,
        segments: Some(1),
    });
    let mut other = Store::open(folder.path()).unwrap();
    other.settle(op, &found, at).unwrap();
    desk.press("y").wait(1.0);
    desk.sees("was found at Twilio meanwhile");
    assert_eq!(desk.requests(Post, TEXTS), 1);
    assert_eq!(desk.record(), ["text delivered"]);
    desk.press("<F4>").sees("Delivered").sees_no("Not known");
}

#[test]
fn a_yes_sends_no_code_again_that_another_window_has_found_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    desk.plant("POST", STARTS, "cut_before_store", &[]);
    desk.paste("415 555 0100").press("<Enter>").wait(25.0);
    desk.sees("Not found yet.");
    let (op, at) = (desk.rows()[0].operation.id, desk.rows()[0].updated_at);
    let found = OpState::Settled(Settled::Verification {
        sid: format!("VE{:032x}", 7).parse().unwrap(),
        status: VerificationStatus::Pending,
        channel: VerificationChannel::Sms,
        sends: Some(1),
        expires_at: None,
        delivery: None,
        approved_at: None,
    });
    let mut other = Store::open(folder.path()).unwrap();
    other.settle(op, &found, at).unwrap();
    desk.press("y").wait(1.0);
    desk.sees("was found at Twilio meanwhile");
    assert_eq!(desk.requests(Post, CODES), 1);
    // The check goes on as the history has it.
    desk.sees("Waiting for the code").sees_no("Not known");
}

#[test]
fn a_code_that_another_window_does_not_know_of_is_not_sent_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Store::open(folder.path()).unwrap();
    let mut desk = Desk::with_history("happy", open());
    let mut other = desk.beside(open());
    desk.plant("POST", STARTS, "cut_after_store", &[]);
    let fetch = "/v2/Services/*/Verifications/*";
    desk.plant("GET", fetch, "status", &[("status", "500"), ("times", "2")]);
    desk.paste("415 555 0100").press("<Enter>").wait(1.0);
    desk.sees("Not known");
    // What it sees of the other window's code is a reason to ask, and no more.
    other.paste("415 555 0100").press("<Enter>y").wait(0.5);
    other.sees("not known yet whether a code went");
    assert_eq!(desk.requests(Post, CODES), 1);
    // It is the same check there, and is looked up by whoever has it on screen.
    other.sees_no("Not sent").wait(60.0);
    other.sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 1);
}
