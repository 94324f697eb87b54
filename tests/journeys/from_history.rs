//! What is begun from an entry of the history: older entries, once more, a new code, its address.

use tuilio::domain::message::NewMessage;
use tuilio::domain::{
    Intent, MessageStatus, OpId, OpState, Operation, PhoneNumber, Sender, Settled, Timestamp,
};
use tuilio::store::{Journal, Store, Twin};
use tuilio::twilio::wire::Method::{Get, Post};

use crate::desk::{Desk, START};

const TEXTS: &str = "/Messages.json";

/// So many delivered texts, one an hour; `text 0` is the oldest.
fn texts(count: u32) -> Store {
    let mut store = Store::in_memory().unwrap();
    let start: Timestamp = START.parse().unwrap();
    for n in 0..count {
        let id = OpId {
            session: store.session(),
            seq: 9_000 + n,
        };
        let at = start - jiff::SignedDuration::from_hours(i64::from(count - n));
        let operation = Operation {
            id,
            intent: Intent::Text(NewMessage::new(
                PhoneNumber::from_e164(&format!("+141555501{:02}", n % 100)).unwrap(),
                Sender::Name("ACME".to_owned()),
                format!("text {n} end"),
            )),
            at,
            account: None,
            home: None,
            ticket: None,
            agent: None,
            skew_seconds: None,
        };
        let state = OpState::Settled(Settled::Text {
            sid: format!("SM{n:032x}").parse().unwrap(),
            status: MessageStatus::Delivered,
            error_code: None,
            segments: Some(1),
        });
        store.intend(&operation, Twin::Refuse).unwrap();
        store.settle(id, &state, at).unwrap();
    }
    store
}

/// The last two digits of the numbers in the list, from the top.
fn endings(desk: &Desk) -> Vec<u32> {
    let screen = desk.screen();
    let numbers = screen.lines().filter_map(|line| {
        let (_, after) = line.split_once("••• ••")?;
        after.get(..2)?.parse().ok()
    });
    numbers.collect()
}

#[test]
fn the_oldest_entry_of_a_long_history_is_reached_by_keys_and_by_a_filter() {
    let mut desk = Desk::with_history("happy", texts(330));
    desk.looks_at_all_sizes = false;
    let mut to_the_end = |keys: &str| {
        desk.press(keys);
        for _ in 0..8 {
            desk.press("<End>").wait(0.1);
        }
        desk.press("<Enter>").sees("text 0 end").press("<Esc>");
        desk.press("<Home><Enter>").sees("text 329 end");
        desk.press("<Esc>");
        // Page by page it is one list: none is left out, and none is in it twice.
        let mut seen = 0;
        let mut above = None;
        loop {
            let page = endings(&desk);
            for pair in page.windows(2) {
                assert_eq!(pair[0], (pair[1] + 1) % 100, "{}", desk.screen());
            }
            let first = page[0];
            let new = above.map_or(0, |above: u32| (above + 100 - first) % 100);
            assert!(new as usize <= page.len(), "{}", desk.screen());
            seen += new as usize;
            if above.is_some() && new == 0 {
                return seen + page.len();
            }
            above = Some(first);
            desk.press("<PageDown>").wait(0.1);
        }
    };
    assert_eq!(to_the_end("<F4>"), 330);
    assert_eq!(to_the_end("/to:+1415<Enter>"), 330);
}

#[test]
fn a_lost_text_is_sent_once_more_from_the_history_on_a_yes_and_not_before() {
    let mut desk = Desk::at_work("happy");
    desk.plant_on_texts("cut_before_store");
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(2.0);
    desk.press("<F4><Enter>").sees("Not known").press("y");
    desk.wait(1.0);
    assert_eq!(
        desk.requests(Post, TEXTS),
        1,
        "it is still being looked for"
    );
    desk.wait(30.0).press("y").sees("Sending it once more");
    desk.wait(30.0);
    assert_eq!(desk.requests(Post, TEXTS), 2);
    assert_eq!(desk.messages().len(), 1);
    desk.press("<Esc>").sees("Delivered").press("<Enter>y");
    desk.wait(30.0);
    assert_eq!(desk.requests(Post, TEXTS), 2, "it is delivered");
}

#[test]
fn a_check_that_is_over_is_begun_anew_from_the_history_by_text_or_by_call() {
    for (key, channel) in [("r", "sms"), ("c", "call")] {
        let mut desk = Desk::at_work("happy");
        desk.paste("415 555 0100").press("<Enter>").wait(3.0);
        let code = desk.code_on_phone("+14155550100");
        desk.press(&code).wait(3.0).press("n");
        // The newest entry is the check of the code.
        desk.press("<F4><Enter>").press(key);
        desk.sees("Enter sends a new code.").sees("+1 415 555 0100");
        assert_eq!(desk.requests(Post, "/Verifications"), 1, "nothing yet");
        desk.press("<Enter>").wait(2.0);
        // It was approved a moment ago, so the desk asks first.
        desk.press("y").wait(3.0);
        let started = format!("verify_start pending by {channel}");
        assert_eq!(desk.record().last(), Some(&started), "{}", desk.screen());
    }
}

#[test]
fn a_code_that_was_read_back_or_stopped_is_never_said_to_have_expired() {
    for stop in [false, true] {
        let mut desk = Desk::at_work("happy");
        desk.paste("415 555 0100").press("<Enter>").wait(3.0);
        if stop {
            desk.press("x").wait(3.0);
        } else {
            let code = desk.code_on_phone("+14155550100");
            desk.press(&code).wait(3.0);
        }
        desk.press("<F4>").wait(900.0).press("<Enter>");
        desk.sees("Sent").sees_no("Expired");
        desk.sees(if stop { "Stopped" } else { "Approved" });
    }
}

#[test]
fn a_number_that_is_being_typed_is_not_overwritten_by_an_entry() {
    let mut desk = Desk::at_work("happy");
    desk.paste("415 555 0100").press("<Enter>").wait(3.0);
    let code = desk.code_on_phone("+14155550100");
    desk.press(&code).wait(3.0).press("n415555");
    desk.press("<F4><Enter>r")
        .sees("Another number is being typed");
    desk.press("<F7>").sees("415555");
}

#[test]
fn the_address_of_an_entry_in_the_console_is_copied_and_names_no_number() {
    let mut desk = Desk::with_history("happy", texts(3));
    desk.press("<F4><Enter>o");
    let address = desk.copied.pop().unwrap();
    assert!(
        address.starts_with("https://www.twilio.com/console/"),
        "{address}"
    );
    assert!(!address.contains("4155550100"), "{address}");
}

#[test]
fn what_is_still_on_its_way_is_asked_about_at_once() {
    let mut desk = Desk::at_work("slow_network");
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(6.0);
    desk.press("<F4>").wait(1.5);
    let asked = desk.requests(Get, TEXTS);
    desk.wait(1.5);
    assert_eq!(desk.requests(Get, TEXTS), asked, "not by itself");
    desk.press("<F5>").wait(1.5);
    assert_eq!(desk.requests(Get, TEXTS), asked + 1, "{}", desk.screen());
}

/// A check of ticket 48213 that is over, and the form empty again.
fn ticketed() -> Desk {
    let mut desk = Desk::at_work("happy");
    desk.paste("415 555 0100");
    desk.press("<Tab><Tab>48213<Enter>").wait(3.0);
    let code = desk.code_on_phone("+14155550100");
    desk.press(&code).wait(3.0).press("n");
    desk
}

#[test]
fn a_check_that_is_begun_anew_has_its_ticket() {
    let mut desk = ticketed();
    desk.press("<F4><Enter>r")
        .sees("48213")
        .sees("United States");
    desk.press("<Enter>").wait(1.0).press("y").wait(3.0);
    let row = &desk.rows()[0];
    let ticket = row.operation.ticket.as_ref();
    assert_eq!(ticket.map(ToString::to_string).as_deref(), Some("48213"));
    assert!(matches!(row.operation.intent, Intent::VerifyStart(_)));
}

#[test]
fn a_text_that_is_written_again_has_its_ticket() {
    let mut desk = Desk::at_work("happy");
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Tab>77001<Enter>Hello<Enter><Enter>")
        .wait(6.0);
    desk.press("<F4><Enter>r").sees("Hello").sees("77001");
}

#[test]
fn what_is_begun_anew_is_read_wherever_the_agent_was_on_the_form() {
    for at in ["<Tab>", "<Tab><Tab>"] {
        let mut desk = ticketed();
        desk.press("<F7>").press(at).press("<F4><Enter>r");
        desk.sees("United States")
            .sees("Enter sends a new code.")
            .press("<Enter>")
            .wait(1.0)
            .sees_no("There is no number yet");
        desk.press("y").wait(3.0).sees("Tries left");
    }
}

#[test]
fn what_is_typed_beside_the_number_is_not_overwritten_by_an_entry() {
    let mut desk = ticketed();
    desk.press("<F7><Tab><Tab>99<F4><Enter>r")
        .sees("Another check is being filled in");
    desk.press("<F7>").sees("99");
}

#[test]
fn the_marked_entry_stays_marked_when_tickets_are_put_together() {
    let mut desk = ticketed();
    desk.paste("415 555 0101").press("<Enter>").wait(3.0);
    // The newest one is without a ticket, so that it goes to the end of the list.
    desk.press("<F4>").wait(0.5);
    let marked = |desk: &Desk| desk.model.history.marked().map(|row| row.operation.id);
    let before = marked(&desk);
    assert_eq!(desk.model.history.selected, 0);
    desk.press("t");
    assert_eq!(marked(&desk), before, "{}", desk.screen());
    assert_ne!(desk.model.history.selected, 0);
    desk.press("t");
    assert_eq!(marked(&desk), before);
}
