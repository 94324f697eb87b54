//! What a damaged history cannot tell any more of an operation: an entry that says so, and nothing else is made of it.

use tempfile::TempDir;
use tuilio::domain::Timestamp;
use tuilio::model::Event;
use tuilio::store::{Store, rescue};

use crate::desk::{Desk, MOBILE};

/// A desk over what is left of a history to which this was done.
fn after(deed: &str, before: impl FnOnce(&mut Desk)) -> (TempDir, Desk) {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::on_disk(&folder);
    before(&mut desk);
    let desk = desk.restarted(|old| {
        drop(old);
        let file = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
        file.execute_batch(deed).unwrap();
        drop(file);
        rescue(folder.path(), Timestamp::now()).unwrap().unwrap();
        Store::open(folder.path()).unwrap()
    });
    (folder, desk)
}

fn sends(desk: &mut Desk) {
    desk.press("<F6>4155550100<Enter>Dear Jane<Enter><Enter>")
        .wait(30.0);
    desk.sees("Delivered");
}

fn loses(desk: &mut Desk) {
    desk.plant_on_texts("cut_before_store");
    desk.press("<F6>4155550100<Enter>Dear Jane<Enter><Enter>")
        .wait(0.2);
    desk.sees("Not known");
}

#[test]
fn whom_nobody_can_read_is_not_made_up_and_nothing_is_begun_from_the_entry() {
    let deed = "UPDATE operations SET recipient = 'x', intent = '{}'";
    let (_folder, mut desk) = after(deed, sends);
    let sent = desk.messages().len();
    desk.press("<F4>")
        .sees("Not readable")
        .sees("not readable")
        .sees_no("555");
    desk.press("<Enter>");
    desk.sees("Not readable: whom it was for.")
        .sees("Dear Jane")
        .sees("delivered")
        .sees_no("write it again")
        .sees_no("once more");
    for keys in ["r", "c", "y", "<Enter>"] {
        desk.press(keys).wait(2.0);
    }
    assert_eq!(desk.messages().len(), sent, "\n{}", desk.screen());
    desk.press("<F4>")
        .press("<Enter>")
        .press("d")
        .press("y")
        .wait(0.5);
    desk.sees("Deleted from the history");
}

#[test]
fn what_was_not_known_and_has_no_name_left_says_that_it_cannot_be_looked_up() {
    let deed = "UPDATE operations SET recipient = 'x', body = NULL";
    let (_folder, mut desk) = after(deed, loses);
    desk.press("<F4>").sees("Not known, not readable");
    desk.press("<Enter>");
    desk.sees("Not readable: whom it was for, and what it said.")
        .sees("It cannot be looked up from here");
    desk.press("d").sees("after ten minutes").wait(660.0);
    desk.press("d")
        .press("y")
        .wait(0.5)
        .sees("Deleted from the history");
}

#[test]
fn what_may_have_been_the_same_text_to_anybody_is_asked_about_until_its_entry_is_deleted() {
    let deed = "UPDATE operations SET recipient = 'x', body = NULL";
    let (_folder, mut desk) = after(deed, loses);
    desk.wait(660.0);
    desk.press("<F6>4155550123<Enter>Dear Ada<Enter>").wait(0.5);
    desk.sees("cannot be read any more and may have been this text");
    desk.press("<Enter>").wait(2.0);
    assert_eq!(desk.messages().len(), 0, "\n{}", desk.screen());
    desk.press("<Esc><F4><Home>d").press("y").wait(0.5);
    desk.sees("Deleted from the history");
    desk.press("<F6><Enter>").wait(0.5);
    desk.sees_no("cannot be read any more").press("y");
    desk.wait(5.0);
    assert_eq!(desk.messages().len(), 1, "\n{}", desk.screen());
}

#[test]
fn a_lost_check_that_cannot_be_read_may_have_had_the_right_code() {
    let deed = "UPDATE operations SET intent = '{}' WHERE kind = 'verify_check'";
    let (_folder, mut desk) = after(deed, |desk| {
        desk.press("4155550100<Enter>").sees("Waiting for the code");
        let code = desk.code_on_phone(MOBILE);
        desk.plant("GET", "/v2/*", "error_before_store", &[("times", "9")]);
        let checks = "/v2/Services/*/VerificationCheck";
        desk.plant("POST", checks, "cut_after_store", &[]);
        desk.press(&code).wait(1.0);
    });
    desk.wait(60.0)
        .press("<Tab>")
        .sees("By whom is not known: the answer to a code typed here was lost")
        .sees_no("by somebody else");
    desk.press("y").wait(0.5);
    let copied = desk.copied.last().unwrap();
    assert!(
        copied.contains("not known whether from this desk"),
        "{copied}"
    );
}

#[test]
fn the_end_of_a_history_that_was_kept_aside_is_not_said_to_be_missing() {
    let deed = "UPDATE operations SET recipient = 'x', intent = '{}'";
    let (_folder, mut desk) = after(deed, sends);
    desk.happen(Event::LossProved);
    desk.sees_no("The end of the history is missing");
}
