//! Finding again what was done: filtered while typing, by a pasted number, by ticket; and forgetting it.

use jiff::SignedDuration;
use tuilio::domain::message::NewMessage;
use tuilio::domain::{
    Failure, FailureKind, Intent, MessageStatus, OpId, OpState, Operation, PhoneNumber, Sender,
    Settled, Ticket, Timestamp,
};
use tuilio::store::{Journal, Store, Twin};

use crate::desk::{Desk, START};

/// A history of texts, oldest first: number, body, ticket, what became of it, and how many days ago.
fn history(texts: &[(&str, &str, &str, OpState, i64)]) -> Store {
    let mut store = Store::in_memory().unwrap();
    add(&mut store, texts);
    store
}

fn add(store: &mut Store, texts: &[(&str, &str, &str, OpState, i64)]) {
    let number = |text: &str| PhoneNumber::from_e164(text).unwrap();
    let start: Timestamp = START.parse().unwrap();
    for (seq, (to, body, ticket, state, days)) in (9_000..).zip(texts) {
        let at = start - SignedDuration::from_hours(24 * days);
        let id = OpId {
            session: store.session(),
            seq,
        };
        let operation = Operation {
            id,
            intent: Intent::Text(NewMessage::new(
                number(to),
                Sender::Name("ACME".to_owned()),
                *body,
            )),
            at,
            account: None,
            home: None,
            ticket: Ticket::parse(ticket).ok(),
            agent: None,
            skew_seconds: None,
        };
        store.intend(&operation, Twin::Again(operation.id)).unwrap();
        store.settle(id, state, at).unwrap();
    }
}

fn delivered(n: u32) -> OpState {
    OpState::Settled(Settled::Text {
        sid: format!("SM{n:032x}").parse().unwrap(),
        status: MessageStatus::Delivered,
        error_code: None,
        segments: Some(1),
    })
}

fn refused(code: u32) -> OpState {
    OpState::Refused(Failure {
        code: Some(code),
        ..Failure::new(FailureKind::Refused, "refused")
    })
}

fn week() -> Store {
    history(&[
        ("+14155550100", "old news", "", delivered(1), 6),
        ("+14155550101", "ticket received", "48213", delivered(2), 2),
        ("+442079460018", "hello", "48209", refused(21610), 1),
        (
            "+14155550100",
            "refund on its way",
            "48213",
            delivered(3),
            0,
        ),
    ])
}

#[test]
fn the_list_follows_what_is_typed_into_the_filter() {
    let mut desk = Desk::with_history("happy", week());
    desk.press("<F4>").sees("4 entries").sees("Ticket");
    desk.press("/status:fail").wait(0.1);
    desk.sees("1 of 4").sees("+44").sees_no("+1 415");
    desk.press("<Esc>").wait(0.1);
    desk.sees("+1 415").sees("/");
    desk.press("ticket:48213").wait(0.1).sees("2 of 4");
    desk.press(" refund").wait(0.1).sees("1 of 4");
    desk.press("<Ctrl-U>since:3d to:+1415")
        .wait(0.1)
        .sees("2 of 4");
}

#[test]
fn a_filter_that_cannot_be_read_says_so_in_one_sentence_and_keeps_the_list() {
    let mut desk = Desk::with_history("happy", week());
    desk.press("<F4>/refund").wait(0.1).sees("1 of 4");
    desk.paste(" colour:red").wait(0.1);
    desk.sees("There is no filter called colour").sees("1 of 4");
    desk.press("<Ctrl-U>nobody").wait(0.1).sees("Nothing fits");
}

#[test]
fn a_pasted_number_shows_all_about_it_in_two_keys() {
    let mut desk = Desk::with_history("happy", week());
    let before = desk.pressed;
    desk.press("<F4>").paste("(415) 555-0100").wait(0.1);
    assert_eq!(desk.pressed - before, 2);
    desk.sees("2 of 4").sees_no("+44");
}

#[test]
fn esc_empties_the_filter_then_closes_it_then_leaves() {
    let mut desk = Desk::with_history("happy", week());
    desk.press("<F4>/refund").wait(0.1).press("<Enter>");
    desk.sees("1 of 4")
        .press("<Enter>")
        .sees("refund on its way");
    desk.press("<Esc>").sees("1 of 4");
    desk.press("<Esc>").sees("4 entries");
    desk.press("/x<Esc>").sees_no("4 entries");
    desk.press("<Esc>").sees("4 entries");
    desk.press("<Esc>").sees("Whose phone are we checking?");
}

#[test]
fn an_old_answer_never_stands_under_a_newer_filter() {
    let mut desk = Desk::with_history("happy", week());
    // Each key asks; whatever the order of the answers, what was typed last is what is seen.
    desk.press("<F4>/");
    for key in "status:delivered".chars() {
        desk.press(&key.to_string());
    }
    desk.wait(0.1).sees("3 of 4");
    for _ in 0.."delivered".len() {
        desk.press("<Backspace>");
    }
    desk.press("failed").wait(0.1).sees("1 of 4").sees("+44");
}

#[test]
fn entries_of_one_ticket_stand_together() {
    let mut desk = Desk::with_history("happy", week());
    desk.press("<F4>t");
    desk.sees("Ticket 48213, 2 entries")
        .sees("Ticket 48209, 1 entry")
        .sees("Without a ticket");
    let screen = desk.screen();
    let at = |text: &str| screen.find(text).unwrap();
    assert!(at("Ticket 48213") < at("Ticket 48209"));
    assert!(at("Ticket 48209") < at("Without a ticket"));
    desk.press("t").sees_no("Without a ticket");
}

#[test]
fn what_happens_while_a_filter_stands_is_seen_where_it_fits() {
    let mut desk = Desk::with_history("happy", week());
    desk.press("<F4>/to:0155<Enter>").wait(0.1).sees("0 of 4");
    desk.press("<F6>4155550155<Enter>hello<Enter><Enter>")
        .wait(0.5);
    desk.press("<F4>").wait(0.1).sees("1 of 5");
    desk.wait(60.0).sees("Delivered");
}

#[test]
fn an_entry_is_deleted_on_a_yes_and_only_when_it_is_settled() {
    let mut desk = Desk::with_history("happy", week());
    desk.press("<F4>d").sees("Delete this entry");
    desk.press("<Enter>n").sees("4 entries");
    desk.press("<Delete>y").wait(0.1).sees("3 entries");
    assert_eq!(desk.rows().len(), 3);
    desk.press("<F6>4155550155<Enter>hello<Enter><Enter>")
        .wait(0.3);
    desk.press("<F4>d").sees("not finished yet");
    desk.wait(60.0).press("dy").wait(0.1).sees("3 entries");
}

#[test]
fn what_is_older_than_it_may_be_kept_is_gone_at_the_start() {
    let mut desk = Desk::unconnected("happy", week(), |setting| {
        setting.retention_days = Some(3);
    });
    desk.wait(100_000.0);
    assert_eq!(desk.rows().len(), 4, "Twilio has not told the time yet");
    let mut desk = Desk::with_setting("happy", week(), |setting| {
        setting.retention_days = Some(3);
    });
    desk.wait(0.1);
    assert_eq!(desk.rows().len(), 3);
    desk.press("<F4>").sees("3 entries").sees_no("old news");
}

#[test]
fn a_clock_that_is_years_ahead_empties_no_history() {
    let ahead = SignedDuration::from_hours(24 * 3652);
    let mut desk = Desk::set_and_ahead_by(ahead, week(), |setting| {
        setting.retention_days = Some(3);
    });
    desk.wait(1.0).sees("days ahead");
    assert_eq!(desk.rows().len(), 3, "by Twilio's clock, one is too old");
    desk.press("<F4>").sees("3 entries").sees_no("old news");
    desk.wait(86_400.0).press("<Up>").wait(1.0);
    assert_eq!(desk.rows().len(), 3, "the others are young");
    desk.wait(86_400.0).press("<Up>").wait(1.0);
    assert_eq!(desk.rows().len(), 2, "a day is a day by every clock");
}

#[test]
fn a_text_of_the_history_is_written_again_with_everything_filled_in() {
    let mut desk = Desk::with_history("happy", week());
    desk.press("<F4><Enter>r").sees("refund on its way");
    desk.press("<Enter>").sees("+1 415 555 0100");
    assert_eq!(desk.rows().len(), 4, "nothing was sent yet");
}

#[test]
fn evidence_of_an_approved_check_is_copied_from_the_history() {
    let mut desk = Desk::at_work("happy");
    desk.press("4155550100<Enter>").wait(5.0);
    let code = desk.code_on_phone("+14155550100");
    desk.press(&code).wait(3.0).sees("Approved").press("y");
    let shown = desk.copied.pop().unwrap();
    desk.press("<F4>y");
    let from_history = desk.copied.pop().unwrap();
    let words = |line: &str| line.split(' ').take(3).collect::<Vec<_>>().join(" ");
    assert_eq!(words(&from_history), words(&shown));
    // Both quote the line of the audit that says so.
    let line = desk.rows()[0].audit.clone().unwrap();
    let quoted = format!(", audit {line}.");
    assert!(
        shown.ends_with(&quoted) && from_history.ends_with(&quoted),
        "{shown} {from_history}"
    );
    assert!(!from_history.contains("5550100"), "{from_history}");
    desk.press("<Down>").sees("1 checked   1 approved");
}

#[test]
fn what_the_filter_shows_is_exported_with_masked_numbers_into_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    add(
        &mut store,
        &[
            ("+14155550100", "=1+1", "48213", delivered(1), 1),
            ("+442079460018", "hello", "", refused(21610), 0),
        ],
    );
    let mut desk = Desk::with_history("happy", store);
    desk.press("<F4>/ticket:48213<Enter>")
        .wait(0.1)
        .press("x")
        .wait(0.1);
    desk.sees("1 operation, numbers masked, is in");
    desk.press("/<Ctrl-U><Enter>X")
        .wait(1.0)
        .sees("2 operations");
    desk.press("/<Ctrl-U>ticket:99999<Enter>")
        .wait(1.0)
        .press("x")
        .wait(1.0)
        .sees("There is nothing to write: no file was made.");
    let mut files: Vec<_> = std::fs::read_dir(folder.path().join("exports"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let texts: Vec<String> = files
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let ends: Vec<_> = files.iter().map(|path| path.extension().unwrap()).collect();
    assert_eq!(ends, ["csv", "jsonl"]);
    assert_eq!(texts[0].lines().count(), 2, "{}", texts[0]);
    assert!(
        texts[0].contains("'=1+1") && texts[0].contains("48213"),
        "{}",
        texts[0]
    );
    assert_eq!(texts[1].lines().count(), 2, "{}", texts[1]);
    for text in &texts {
        assert!(
            !text.contains("5550100") && !text.contains("79460018"),
            "{text}"
        );
    }
    #[cfg(unix)]
    for file in &files {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn the_demo_writes_no_file() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>4155550155<Enter>hello<Enter><Enter>")
        .wait(3.0);
    desk.press("<F4>x").sees("The demo writes no file");
}

#[test]
fn what_a_desk_of_the_first_format_had_written_is_all_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
    for step in [
        include_str!("../../assets/migrations/0001_history.sql"),
        include_str!("../samples/history_1.sql"),
        "PRAGMA user_version = 1; PRAGMA application_id = 1953851756;",
    ] {
        file.execute_batch(step).unwrap();
    }
    drop(file);
    let mut desk = Desk::on_disk(&folder);
    desk.wait(1.0).press("<F4>");
    desk.sees("4 entries")
        .sees("Approved")
        .sees("Not delivered, 30003")
        .sees("Not known");
    desk.press("/status:unknown").wait(0.1).sees("1 of 4");
    desk.press("<Ctrl-U>error:30003").wait(0.1).sees("2 of 4");
    assert!(folder.path().join("history-format-1.backup.db").exists());
}

#[test]
fn beside_tickets_the_state_of_an_entry_is_never_cut_at_the_usual_size() {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100").press("<Tab><Tab>48213<Enter>");
    desk.wait(1.0).press("<F4>");
    desk.sees("48213").sees("Waiting for the code");
    // Where there is room the way is shown as well.
    desk.sees_no(" By ").resize(99, 30).sees(" By ");
}
