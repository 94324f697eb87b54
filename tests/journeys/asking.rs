//! What protects the agent before a code is sent, and between two callers.

use std::path::Path;

use tuilio::domain::{Policy, VerificationChannel};
use tuilio::model::Event;
use tuilio::store::{Journal, Store, Twin};
use tuilio::twilio::wire::Method::Post;

use crate::desk::{Desk, MOBILE};

const CODES: &str = "/Verifications";
const OTHER: &str = "+14155550101";

/// A desk with one caller who waits, and the form for the next.
fn one_waits() -> Desk {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100")
        .press("<Enter><Esc>")
        .sees("Whose phone are we checking?");
    desk
}

#[test]
fn a_number_on_file_is_compared_and_forgotten() {
    for (on_file, verdict) in [
        ("tel:+1-415-555-0100", "✓ same as the customer record"),
        ("(415) 555-0100 ext. 12", "✓ same as the customer record"),
        ("+1 415 555 0123", "! differs from the customer record"),
    ] {
        let mut desk = Desk::demo("happy");
        desk.paste("415 555 0100").press("<Tab>").paste(on_file);
        desk.sees(verdict).sees_no("0123").sees_no("ext. 12");
        assert!(desk.model.verify.on_file.field.is_empty(), "{on_file}");
        assert!(!format!("{:?}", desk.model).contains("0123"), "{on_file}");
        desk.press("<Esc>").sees(verdict);
        // It was about that number and no other.
        desk.press("<Backspace>1").sees_no(verdict);
    }
}

#[test]
fn a_number_that_is_typed_for_comparison_is_wiped_when_the_field_is_left() {
    let mut desk = Desk::at_work("happy");
    desk.paste("415 555 0100").press("<Tab>415555012");
    desk.sees("415555012").press("3<Tab>");
    desk.sees("differs").sees_no("4155550123");
    // Without a number there is nothing to compare, and half a number is none.
    desk.press("<Esc><Esc><Esc><Tab>").paste("415 555 0100");
    desk.sees("First the number that is to be checked")
        .sees_no("415 555 0100");
    desk.press("<Esc>")
        .paste("415 555 0100")
        .press("<Tab>4155<Enter>");
    desk.sees("nothing was compared").sees_no("4155\n");
    assert_eq!(desk.requests(Post, CODES), 0);
}

#[test]
fn a_number_that_differs_from_the_record_is_sent_to_on_a_yes_alone() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100")
        .press("<Tab>")
        .paste("415 555 0123");
    desk.press("<Enter>")
        .sees("not the number in the customer record")
        .press("<Enter>x1");
    assert_eq!(desk.requests(Post, CODES), 0, "nothing else is a yes");
    desk.press("y");
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn a_ticket_goes_to_twilio_and_into_the_history_and_the_evidence() {
    let mut desk = Desk::demo("happy");
    desk.press("<Tab><Tab>")
        .paste(" 48213\n")
        .press("<Tab>")
        .paste("415 555 0100")
        .press("<Enter>")
        .sees("48213");
    let tags = desk.last_form_value(CODES, "Tags").unwrap();
    assert!(tags.contains("48213"), "{tags}");
    let ticket = |desk: &Desk| desk.rows()[0].operation.ticket.clone();
    assert_eq!(ticket(&desk).unwrap().as_str(), "48213");
    // The same customer by email: the ticket comes along. The next customer has another one.
    desk.press("e")
        .sees("48213")
        .press("jane@example.org<Enter>");
    assert_eq!(ticket(&desk).unwrap().as_str(), "48213");
    desk.press("<Esc>").sees("Whose phone are we checking?");
    assert!(desk.model.verify.ticket.is_empty());
}

#[test]
fn a_ticket_that_was_verified_is_asked_about() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100").press("<Tab><Tab>48213<Enter>");
    desk.reads_back(MOBILE).wait(0.5);
    desk.sees("Approved").press("n").wait(240.0);
    desk.paste("415 555 0101").press("<Tab><Tab>48213<Enter>");
    desk.sees("Ticket 48213 was verified 4 minutes ago, by another phone: +1 415 ••• ••00");
    assert_eq!(desk.requests(Post, CODES), 1);
    desk.press("<Esc><Esc><Esc>");
    assert!(
        desk.model.verify.ticket.is_empty(),
        "the next customer's is another"
    );
    // The same phone, without a ticket.
    desk.paste("415 555 0100").press("<Enter>");
    desk.sees("This phone was approved 4 minutes ago.");
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn a_second_code_within_half_a_minute_is_asked_about() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100").press("<Enter>").wait(2.0);
    desk.press("x").wait(1.0);
    desk.press("n").paste("415 555 0100").press("<Enter>");
    desk.sees("A code went to this phone").sees("seconds ago");
    assert_eq!(desk.requests(Post, CODES), 1);
    desk.press("<Esc>").wait(40.0).press("<Enter>");
    assert_eq!(desk.requests(Post, CODES), 2, "\n{}", desk.screen());
}

#[test]
fn one_number_for_two_tickets_is_asked_about_and_nothing_is_sent() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100")
        .press("<Tab><Tab>48213<Enter><Esc>");
    desk.paste("415 555 0100").press("<Tab><Tab>48999<Enter>");
    desk.sees("One number, two tickets").sees("48213");
    desk.press("<Esc>").sees("48999");
    desk.press("<Enter>y")
        .sees("Waiting for the code")
        .sees("48213");
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn a_number_that_is_pasted_for_a_code_leads_to_its_caller_on_a_yes() {
    let mut desk = one_waits();
    desk.paste("415 555 0101").press("<Enter>").wait(1.0);
    desk.paste("(415) 555-0100")
        .sees("the number of another caller who waits: +1 415 ••• ••00")
        .sees("+1 415 555 0101")
        .press("123");
    assert!(desk.model.verify.checks[1].digits.as_str().is_empty());
    desk.press("<Esc>").sees("+1 415 555 0101");
    desk.paste("(415) 555-0100")
        .press("y")
        .sees("+1 415 555 0100");
    desk.paste("415 555 0100")
        .sees("That is the number of this check");
    desk.paste("415 555 0177")
        .sees("That is a number, not a code");
    assert_eq!(desk.requests(Post, CODES), 2);
    assert_eq!(desk.requests(Post, "/VerificationCheck"), 0);
}

#[test]
fn a_wrong_code_while_another_caller_waits_may_be_theirs() {
    let mut desk = one_waits();
    let first = desk.code_on_phone(MOBILE);
    desk.paste("415 555 0101").press("<Enter>").wait(1.0);
    assert_ne!(first, desk.code_on_phone(OTHER));
    desk.sees_no("Two callers wait").press(&first).wait(0.5);
    desk.sees("Two callers wait: is this code for +1 415 ••• ••00?");
    desk.press("<Tab>").press(&first).wait(0.5);
    desk.sees("Approved");
}

#[test]
fn tab_esc_and_a_restart_lose_no_caller() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    let numbers = ["0100", "0101", "0102"];
    for ending in numbers {
        desk.paste(&format!("415 555 {ending}")).press("<Enter>");
        desk.wait(1.0).press("<Esc>");
    }
    let all_are_reached = |desk: &mut Desk| {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..9 {
            desk.press("<Tab>");
            let shown = numbers
                .iter()
                .find(|ending| desk.shows(&format!("+1 415 555 {ending}")));
            seen.insert(*shown.unwrap());
        }
        assert_eq!(seen.len(), 3, "\n{}", desk.screen());
    };
    all_are_reached(&mut desk);
    // What is typed for the next one stays while the others are looked at.
    desk.press("<Esc>").press("20791234");
    desk.press("<Ctrl-N>").sees("Waiting for the code");
    desk.press("<Esc>").sees("20791234").press("<Esc>");
    let mut desk = desk.run_again(&folder);
    all_are_reached(&mut desk);
}

/// A history that ends before what the file beside it names.
fn without_its_end(folder: &Path) -> Store {
    let (history, head) = (folder.join("history.db"), folder.join("audit-head.json"));
    drop(Store::open(folder).unwrap());
    let earlier = std::fs::read(&history).unwrap();
    let mut desk = Desk::with_history("happy", Store::open(folder).unwrap());
    desk.paste("415 555 0100").press("<Enter>").wait(1.0);
    drop(desk);
    let named = std::fs::read(&head).unwrap();
    std::fs::write(history, earlier).unwrap();
    std::fs::write(head, named).unwrap();
    Store::open(folder).unwrap()
}

#[test]
fn what_was_lost_with_the_end_of_the_history_is_asked_about_before_each_send() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::with_history("happy", without_its_end(folder.path()));
    let codes = desk.requests(Post, CODES);
    for _ in 0..2 {
        desk.paste("415 555 0101").press("<Enter>");
        desk.sees("Something of the history is lost");
        assert_eq!(desk.requests(Post, CODES), codes);
        desk.press("<Esc>");
    }
    desk.press("<Enter>")
        .press("y")
        .sees("Waiting for the code");
    desk.press("<F6>").paste("415 555 0125").press("<Enter>");
    desk.paste("Your parcel").press("<Enter>");
    desk.sees("Something of the history is lost")
        .press("<Enter>");
    desk.sees("Send all the same?").press("y").wait(1.0);
    assert_eq!(desk.requests(Post, "/Messages.json"), 1);
    // Accepted by a command meanwhile.
    let mut store = Store::open(folder.path()).unwrap();
    store.accept_audit(jiff::Timestamp::now()).unwrap();
    drop(store);
    desk.press("n").paste("415 555 0126").press("<Enter>");
    desk.paste("Your parcel").press("<Enter>").press("<Enter>");
    desk.wait(1.0);
    assert_eq!(desk.requests(Post, "/Messages.json"), 2);
    desk.press("<F7>").press("n");
    desk.paste("415 555 0102").press("<Enter>");
    desk.sees("Waiting for the code");
}

#[test]
fn keys_for_callers_are_offered_only_while_some_wait() {
    let mut desk = Desk::demo("happy");
    desk.sees_no("waiting caller")
        .press("4")
        .sees_no("waiting caller");
    let mut desk = one_waits();
    desk.sees("Tab waiting caller").press("4").sees("Ctrl-N");
}

#[test]
fn the_cards_are_read_to_their_end_and_change_nothing() {
    for (key, first, last) in [
        (
            "<F2>",
            "Who is on the line?",
            "It does not show who the caller is.",
        ),
        (
            "<F3>",
            "There is no key that approves without a code",
            "tell your lead.",
        ),
    ] {
        let mut desk = Desk::demo("happy");
        desk.resize(60, 15).paste("+34 612 345 678").press(key);
        desk.sees(first);
        for _ in 0..200 {
            if desk.shows(last) {
                break;
            }
            desk.press("<Down>");
        }
        desk.sees(last)
            .press("<Down><Down><Down><Up>")
            .sees_no(last);
        desk.press("y<Enter>x")
            .press("<Esc>")
            .sees("+34 612 34 56 78");
        assert_eq!(desk.requests(Post, CODES), 0);
    }
}

#[test]
fn what_another_desk_has_just_sent_is_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    let mut source = Desk::at_work("happy");
    source.paste("415 555 0100").press("<Enter>");
    let mut operation = source.rows()[0].operation.clone();
    let mut other = Store::open(folder.path()).unwrap();
    operation.id.session = other.session();
    operation.account = None;
    other.intend(&operation, Twin::Refuse).unwrap();
    desk.paste("415 555 0100").press("<Enter>");
    desk.sees("A code went to this phone").press("<Enter>");
    assert_eq!(desk.requests(Post, CODES), 0, "\n{}", desk.screen());
}

#[test]
fn a_wide_screen_says_what_is_known_of_the_number() {
    let mut desk = Desk::at_work("happy");
    desk.resize(140, 40);
    desk.paste("415 555 0100").press("<Enter>").wait(10.0);
    desk.sees("This number")
        .sees("California")
        .sees("Pretend Wireless");
    desk.sees_no("Last check").sees("1 not finished");
    desk.reads_back(MOBILE).wait(0.5);
    desk.press("n").wait(300.0).sees("1 checked   1 approved");
    desk.paste("415 555 0100").sees("Last check");
    desk.sees("5 minutes ago, ✓ Approved");
    desk.paste("415 555 0101").sees_no("Last check");
}

#[test]
fn several_oddities_are_one_question() {
    let mut desk = Desk::at_work("trial");
    desk.paste("+1 264 555 0140")
        .press("<Tab>")
        .paste("415 555 0100");
    desk.press("<Enter>")
        .sees("not known to be in use")
        .sees("not the number in the customer record")
        .sees("A trial account");
    desk.press("y");
    assert_eq!(desk.requests(Post, CODES), 1);
}

#[test]
fn what_the_lead_has_set_is_no_question() {
    let mut desk = Desk::at_work("happy");
    desk.model.policy = Policy {
        ticket_required: true,
        channels: Some(vec![VerificationChannel::Call, VerificationChannel::Email]),
        countries: Some(vec!["US".to_owned()]),
        ..Policy::default()
    };
    desk.sees("needed: set by your lead").sees_no("WhatsApp");
    desk.paste("+34 612 345 678").press("<Tab><Tab>7<Enter>");
    desk.sees("Set by your lead")
        .sees("United States")
        .press("y");
    desk.press("<Esc><Esc>").paste("415 555 0100");
    desk.press("<Tab><Tab><Backspace><Backspace><Enter>");
    desk.sees("number of a ticket");
    assert_eq!(desk.requests(Post, CODES), 0);
    // The agent is in the field that is missing.
    desk.press("48213<Enter>");
    let channel = desk.last_form_value(CODES, "Channel");
    assert_eq!(channel.as_deref(), Some("call"), "\n{}", desk.screen());
}

#[test]
fn a_field_is_reached_by_a_click() {
    let mut desk = Desk::demo("happy");
    desk.click("Ticket").press("48213").click("On file");
    desk.click("To ").press("4155550100").click("On file");
    desk.paste("415 555 0123").sees("differs");
    desk.click("Ticket").press("<Enter>").click("y  yes");
    let ticket = desk.rows()[0].operation.ticket.clone().unwrap();
    assert_eq!(ticket.as_str(), "48213");
}

#[test]
fn a_way_that_is_not_set_up_is_not_offered_twice() {
    let mut desk = Desk::demo("sms_and_calls_only");
    desk.sees("WhatsApp").paste("415 555 0100");
    desk.press("<Up><Enter>").wait(1.0);
    desk.sees("WhatsApp is not set up").press("n");
    desk.sees("Whose phone are we checking?")
        .sees_no("WhatsApp");
    desk.paste("415 555 0101").press("<Enter>").wait(1.0);
    let channel = desk.last_form_value(CODES, "Channel");
    assert_eq!(channel.as_deref(), Some("sms"), "\n{}", desk.screen());
}

#[test]
fn what_is_typed_is_masked_with_the_rest_while_the_agent_looks_elsewhere() {
    let mut desk = Desk::demo("happy");
    desk.model.policy = Policy {
        mask_on_focus_loss: true,
        ..Policy::default()
    };
    desk.paste("415 555 0101").sees("415 555 0101");
    desk.happen(Event::Focused(false));
    desk.wait(16.0).sees_no("415 555 0101").sees("••01");
    desk.happen(Event::Focused(true));
    desk.sees("415 555 0101");
}

#[test]
fn what_the_keyring_shows_to_be_lost_is_said_when_it_answers() {
    let mut desk = Desk::at_work("happy");
    desk.happen(Event::LossProved);
    desk.sees("The end of the history is missing here");
}
