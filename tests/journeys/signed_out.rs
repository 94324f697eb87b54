//! Signing out asks what is kept, whatever there is: entries of the history, or a text that was not sent.

use tuilio::store::{Journal, Store};
use tuilio::vault::MemoryVault;

use crate::desk::Desk;

/// A desk with a profile, in a folder of its own.
fn signed_in() -> (Desk, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let mut desk = Desk::first_run(std::sync::Arc::new(MemoryVault::default()), &config);
    desk.store = Store::open(folder.path()).unwrap();
    sign_in(&mut desk);
    (desk, folder)
}

fn sign_in(desk: &mut Desk) {
    let account = desk
        .account(tuilio::domain::connection::Source::Session)
        .0
        .account_sid;
    let token = desk.auth_token();
    desk.paste(&format!("{account} {token}"));
    for _ in 0..6 {
        desk.press("<Enter>").wait(2.0);
    }
    desk.sees("Whose phone are we checking?");
}

/// What the next run would find on this computer.
fn draft_on_disk(folder: &tempfile::TempDir) -> bool {
    let left = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
    let count: u32 = left
        .query_row("SELECT count(*) FROM drafts", [], |row| row.get(0))
        .unwrap();
    count > 0
}

#[test]
fn a_draft_alone_is_asked_about_and_goes_on_a_yes() {
    let (mut desk, folder) = signed_in();
    desk.press("<F6>4155550100<Enter>Dear Jane").wait(1.0);
    assert!(draft_on_disk(&folder));
    desk.press("<F8>oy").wait(1.0);
    desk.sees("Delete the history of this computer as well?")
        .press("y")
        .wait(1.0)
        .sees("Welcome to tuilio");
    assert!(!draft_on_disk(&folder));
    sign_in(&mut desk);
    desk.press("<F6>").sees_no("415").sees_no("Dear Jane");
    assert_eq!(
        Store::open(folder.path()).unwrap().take_draft().unwrap(),
        None
    );
}

#[test]
fn what_is_deleted_with_the_history_is_in_no_pane_any_more() {
    let (mut desk, folder) = signed_in();
    desk.press("<F6>4155550101<Enter>Hello<Enter><Enter>")
        .wait(10.0);
    desk.press("n4155550100<Enter>Dear Jane").wait(1.0);
    desk.press("<F7>4155550102").wait(1.0);
    desk.press("<F8>oy").wait(1.0).press("y").wait(1.0);
    assert!(!draft_on_disk(&folder));
    assert_eq!(desk.rows().len(), 0);
    sign_in(&mut desk);
    desk.sees_no("415");
    desk.press("<F6>").sees_no("415").sees_no("Dear Jane");
    // Nor does the key that puts back what was thrown away know it.
    desk.press("<Ctrl-X>").sees_no("Dear Jane");
    desk.press("<F4>").sees_no("415");
}

#[test]
fn what_was_thrown_away_is_asked_about_as_well() {
    let (mut desk, _folder) = signed_in();
    desk.press("<F6>4155550100<Enter>Dear Jane<Ctrl-X>")
        .wait(1.0);
    desk.sees("The draft is thrown away.");
    desk.press("<F8>oy").wait(1.0);
    desk.sees("Delete the history").press("y").wait(1.0);
    sign_in(&mut desk);
    desk.press("<F6><Ctrl-X>")
        .sees_no("Dear Jane")
        .sees_no("415");
}

#[test]
fn a_no_keeps_the_draft() {
    let (mut desk, folder) = signed_in();
    desk.press("<F6>4155550100<Enter>Dear Jane").wait(1.0);
    desk.press("<F8>oy").wait(1.0).press("<Esc>").wait(1.0);
    assert!(draft_on_disk(&folder));
    sign_in(&mut desk);
    desk.press("<F6>").sees("Dear Jane");
}

#[test]
fn where_nothing_is_kept_nothing_is_asked() {
    let (mut desk, _folder) = signed_in();
    desk.press("<F8>oy").wait(1.0);
    desk.sees("Welcome to tuilio").sees_no("Delete the history");
}
