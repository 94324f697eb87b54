//! Two accounts on one desk: what was begun for one never leaves by the other, and nothing that waits is lost
//! by changing them.

use tuilio::config::Config;
use tuilio::domain::connection::{Connection, Credentials, Keys, Source};
use tuilio::twilio::wire::Method::{Get, Post};
use tuilio::vault::Vault;

use crate::desk::{Desk, MOBILE};
use crate::settings::two_profiles;

const TEXTS: &str = "/Messages.json";

/// What the lead of another account sent.
fn letter_of_another(desk: &Desk) -> String {
    let (keys, _) = desk.account(Source::Session);
    format!("AC{} {}", "2".repeat(32), secret(&keys))
}

fn secret(keys: &Keys) -> String {
    match &keys.credentials {
        Credentials::ApiKey { sid, secret } => format!("{} {}", sid.as_str(), secret.expose()),
        Credentials::AuthToken(token) => token.expose().to_owned(),
    }
}

/// The account of another profile.
fn another(desk: &Desk) -> (Keys, Connection) {
    let (mut keys, mut connection) = desk.account(Source::Profile("beta".to_owned()));
    keys.account_sid = format!("AC{}", "1".repeat(32)).parse().unwrap();
    connection.account_sid = keys.account_sid.clone();
    (keys, connection)
}

/// A text of the first account is held back for a minute.
fn held(desk: &mut Desk) -> &mut Desk {
    desk.model.policy.hold_seconds = 60;
    desk.press("<F6>").paste(MOBILE);
    desk.press("<Enter>Hello<Enter><Enter>")
        .wait(0.5)
        .sees("Held back")
}

#[test]
fn while_a_text_is_held_no_other_account_is_connected_and_it_leaves_by_its_own() {
    let (mut desk, ..) = two_profiles();
    held(&mut desk)
        .press("<F8>c")
        .sees("A text is held back and has not left.")
        .sees("only new keys of this same account are taken");
    let letter = letter_of_another(&desk);
    desk.paste(&letter)
        .press("<Enter>")
        .wait(2.0)
        .sees("A text is held back and has not left. It belongs to Acme Support")
        .sees("then connect another account");
    assert_eq!(desk.requests(Get, "IncomingPhoneNumbers.json"), 0);
    desk.press("<Esc>").sees("Acme Support · acme").wait(65.0);
    assert_eq!(desk.requests(Post, TEXTS), 1);
    assert_eq!(desk.on_phone(MOBILE), 1);
    // Nothing waits any more: the same keys are asked about now.
    desk.press("c")
        .paste(&letter)
        .press("<Enter>")
        .wait(2.0)
        .sees_no("is held back");
}

#[test]
fn a_check_that_waits_is_neither_left_nor_is_half_a_code_lost() {
    let (mut desk, ..) = two_profiles();
    desk.press("<F7>").paste(MOBILE).press("<Enter>").wait(2.0);
    desk.press("482<F8>c").sees("One check is waiting.");
    let letter = letter_of_another(&desk);
    desk.paste(&letter)
        .press("<Enter>")
        .sees("One check is waiting. It belongs to Acme Support")
        .press("<Esc><F7>")
        .sees("4 8 2")
        .sees("Tries left");
}

#[test]
fn new_keys_of_the_same_account_are_taken_while_a_check_waits() {
    let (mut desk, ..) = two_profiles();
    desk.press("<F7>").paste(MOBILE).press("<Enter>").wait(2.0);
    let (account, token) = (
        desk.account(Source::Session).0.account_sid,
        desk.auth_token(),
    );
    desk.press("<F8>c").sees("One check is waiting.");
    desk.paste(&format!("{account} {token}"))
        .press("<Enter>")
        .wait(2.0);
    for _ in 0..3 {
        if !desk.shows("Keep the keys") {
            desk.press("<Enter>");
        }
    }
    desk.sees("Keep the keys").press("s").wait(2.0);
    desk.sees("this session").press("<F7>").sees("Tries left");
    desk.reads_back(MOBILE).wait(2.0).sees("Approved");
}

#[test]
fn what_was_reviewed_for_one_account_does_not_leave_by_another() {
    let (mut desk, ..) = two_profiles();
    held(&mut desk);
    // Whatever brings it about.
    let (keys, connection) = another(&desk);
    desk.connect(&keys, connection);
    desk.wait(62.0)
        .sees("The text has not left")
        .sees("Read it once more");
    assert_eq!(desk.requests(Post, TEXTS), 0);
    assert_eq!(desk.record(), [""; 0]);
}

#[test]
fn signing_out_names_what_waits_and_keeps_the_history() {
    let (mut desk, ..) = two_profiles();
    desk.press("<F7>").paste(MOBILE).press("<Enter>").wait(2.0);
    held(&mut desk)
        .press("<F8>o")
        .sees("Sign out?")
        .sees("One check is waiting. It goes on at Twilio")
        .sees("A text is held back and has not left.")
        .sees("keeps it as a draft");
    desk.resize(60, 15);
    desk.sees("One check is waiting.")
        .sees("has not left")
        .sees("y  sign out");
    desk.resize(80, 24)
        .press("y")
        .wait(1.0)
        .sees_no("Delete the history")
        .sees("The history of this computer stays: not all in it is finished yet.");
    desk.wait(90.0);
    assert_eq!(desk.requests(Post, TEXTS), 0);
    assert_eq!(desk.record(), ["verify_start pending by sms"]);
    // Nothing waits here any more, so leaving asks nothing.
    desk.press("<Ctrl-Q>");
    assert_eq!(desk.left, [tuilio::model::Effect::Quit]);
    // Signed in again, both are there.
    let (keys, connection) = desk.account(Source::Profile("acme".to_owned()));
    desk.connect(&keys, connection);
    desk.press("<F6>")
        .sees("Hello")
        .sees("This text was held back and has not left");
    desk.press("<F7><Tab>").sees("Tries left");
    desk.reads_back(MOBILE).wait(2.0).sees("Approved");
}

#[test]
fn nobody_signs_out_while_something_is_being_sent() {
    let (mut desk, ..) = two_profiles();
    desk.latency(20.0);
    desk.press("<F7>").paste(MOBILE).press("<Enter>").wait(1.0);
    desk.press("<F8>o")
        .sees("Something is still being sent with these keys.")
        .sees_no("Sign out?");
}

#[test]
fn after_signing_out_of_one_profile_the_other_is_one_key_away() {
    let (mut desk, vault, file, _folder) = two_profiles();
    desk.press("<F8>oy")
        .wait(1.0)
        .sees("Welcome to tuilio")
        .sees("p  use profile beta of this computer: Beta Bank");
    desk.resize(60, 15);
    desk.sees("p  use profile beta").sees("connect");
    desk.resize(80, 24).press("p").wait(1.0);
    desk.sees("Beta Bank · beta")
        .sees("Profile beta is in use now.")
        .sees_no("Welcome");
    let config = Config::load(&file).unwrap();
    assert_eq!(config.active.as_deref(), Some("beta"));
    // The last one leaves nothing behind to be used.
    desk.press("<F8>oy")
        .wait(1.0)
        .sees("Welcome to tuilio")
        .sees_no("use profile");
    desk.press("p").sees("Welcome to tuilio");
    assert!(vault.read("beta").unwrap().is_none());
}

#[test]
fn a_lost_text_of_the_account_that_was_left_keeps_nobody_from_the_other_profile() {
    let (mut desk, _vault, _file, _folder) = two_profiles();
    desk.plant_on_texts("cut_before_store")
        .press("<F6>")
        .paste(MOBILE);
    desk.press("<Enter>Hello<Enter><Enter>")
        .wait(40.0)
        .sees("Not found yet.");
    // The look that this yes waits for gets no answer.
    desk.plant(
        "GET",
        "/2010-04-01/Accounts/*/Messages.json",
        "delay",
        &[("ms", "9000")],
    );
    desk.press("y<F8>o")
        .sees("Signing out takes that yes back.")
        .press("y")
        .wait(1.0)
        .sees("Welcome to tuilio")
        .sees("p  use profile beta")
        .press("p")
        .wait(2.0)
        .sees("Beta Bank · beta")
        .wait(30.0);
    assert_eq!(desk.requests(Post, TEXTS), 1);
}

#[test]
fn what_is_not_known_under_the_account_that_was_left_is_said_with_its_name() {
    let (mut desk, _vault, _file, _folder) = two_profiles();
    desk.plant_on_texts("cut_before_store").plant(
        "GET",
        "/2010-04-01/Accounts/*/Messages.json",
        "status",
        &[("status", "503"), ("times", "99")],
    );
    desk.sends("Hello")
        .wait(40.0)
        .sees("Twilio could not be asked");
    desk.press("<F8><Down><Enter>")
        .sees("Beta Bank · beta")
        .sees("Not known yet whether something went")
        .sees("connect Acme Support again (F8) to go on");
    desk.press("<Up><Enter>")
        .sees("Acme Support · acme")
        .sees("Profile acme is in use now.");
    desk.press("<F4><Enter>").wait(1.0).sees("Looking for it");
}

#[test]
fn a_complaint_goes_with_the_account_that_it_was_made_under() {
    let (mut desk, _vault, _file, _folder) = two_profiles();
    desk.press("<F7><Tab>").paste(MOBILE);
    desk.sees("First the number that is to be checked")
        .press("<F8><Down><Enter>")
        .sees("Beta Bank · beta");
    desk.press("<F7>")
        .sees("Whose phone are we checking?")
        .sees_no("First the number");
}

#[test]
fn that_no_sender_is_known_is_not_said_any_more_once_one_is() {
    let (mut desk, _vault, _file, _folder) = two_profiles();
    let (keys, mut connection) = desk.account(Source::Profile("acme".to_owned()));
    connection.sender = None;
    desk.connect(&keys, connection);
    desk.sends("Hello")
        .sees("No sender of this account is known");
    let (keys, connection) = desk.account(Source::Profile("acme".to_owned()));
    desk.connect(&keys, connection);
    desk.press("<F6>").sees("Hello").sees_no("No sender");
}

#[test]
fn a_start_without_an_active_profile_offers_those_that_are_kept() {
    let (mut desk, _vault, _file, _folder) = two_profiles();
    desk.model.connection = None;
    desk.happen(tuilio::model::Event::NotConnected);
    desk.sees("p  use one of 2 profiles of this computer")
        .press("p")
        .sees("Which profile shall be used?")
        .sees("acme   Acme Support")
        .sees("beta   Beta Bank")
        .press("<Esc>")
        .sees("Welcome to tuilio")
        .press("p<Down><Enter>")
        .wait(1.0)
        .sees("Beta Bank · beta");
}

#[test]
fn a_profile_without_its_keys_says_so_and_the_welcome_stays() {
    let (mut desk, vault, _file, _folder) = two_profiles();
    vault.delete("beta").unwrap();
    desk.press("<F8>oyp")
        .wait(1.0)
        .sees("The system keyring has no keys for profile beta.")
        .sees("Welcome to tuilio");
}

#[test]
fn the_mark_stands_on_the_profile_in_use_and_an_enter_too_many_switches_nothing() {
    let (mut desk, _vault, file, _folder) = two_profiles();
    let account = desk.account(Source::Session).0.account_sid;
    let token = desk.auth_token();
    desk.press("<F8>c").paste(&format!("{account} {token}"));
    desk.press("<Enter>").wait(2.0);
    while !desk.shows("Keep the keys") {
        desk.press("<Enter>").wait(0.1);
    }
    // The last key of the set-up, and one too many.
    desk.press("<Enter><Enter>")
        .sees("That Enter came as the screen changed")
        .sees("✓ in use");
    let active = Config::load(&file).unwrap().active;
    assert_ne!(active.as_deref(), Some("acme"));
    assert_ne!(active.as_deref(), Some("beta"));
    desk.wait(3.0).press("<Enter>").wait(1.0);
    assert_eq!(
        Config::load(&file).unwrap().active,
        active,
        "{}",
        desk.screen()
    );
}

#[test]
fn the_mark_begins_at_the_profile_in_use_each_time_the_settings_are_opened() {
    let (mut desk, _vault, file, _folder) = two_profiles();
    desk.press("<Down><F7>").wait(3.0).press("<F8>").wait(3.0);
    desk.press("<Enter>").wait(1.0).sees("Acme Support · acme");
    assert_eq!(Config::load(&file).unwrap().active.as_deref(), Some("acme"));
}

/// A check and a text of the first account, both over, and then another account.
fn moved_on() -> Desk {
    let (mut desk, ..) = two_profiles();
    desk.press("<F7>").paste(MOBILE).press("<Enter>").wait(2.0);
    desk.reads_back(MOBILE).wait(2.0).sees("Approved");
    desk.press("n<F6>").paste("415 555 0101");
    desk.press("<Enter>Hello<Enter><Enter>").wait(10.0);
    desk.press("<F4>").wait(1.0).sees("Today").sees("1 checked");
    let (keys, connection) = another(&desk);
    desk.connect(&keys, connection);
    desk
}

#[test]
fn what_another_account_did_is_marked_in_the_list_and_not_counted() {
    let mut desk = moved_on();
    let first = desk.account(Source::Session).0.account_sid.short();
    let marks = |desk: &Desk| desk.screen().matches(&format!("· {first}")).count();
    for (width, height) in [(60, 15), (80, 24), (140, 40)] {
        desk.resize(width, height).wait(0.1);
        assert_eq!(marks(&desk), 2, "{}", desk.screen());
        desk.sees("Approved").sees("Delivered");
    }
    desk.resize(80, 24)
        .wait(1.0)
        .sees_no("1 checked")
        .sees_no("Today");
    // Back under its own account nothing is marked, and its day is counted.
    let (keys, connection) = desk.account(Source::Profile("acme".to_owned()));
    desk.connect(&keys, connection);
    desk.wait(1.0).sees("1 checked");
    assert_eq!(marks(&desk), 0, "{}", desk.screen());
}

#[test]
fn nothing_is_offered_or_done_about_what_another_account_did() {
    let mut desk = moved_on();
    let first = desk.account(Source::Session).0.account_sid.short();
    let whose = format!("This was done under {first}, and another account is connected.");
    for entry in ["", "<Down>"] {
        desk.press("<F4>").press(entry).press("<Enter>").wait(0.1);
        desk.sees(&format!("under account {first}"))
            .sees(&whose)
            .sees_no("again   ")
            .sees_no("r again")
            .sees_no("c call");
        for key in ["r", "c", "x"] {
            desk.wait(9.0).press(key).sees("Connect that one (F8)");
            assert!(desk.model.history.detail, "{key} left the entry");
        }
        desk.press("<Esc>").wait(9.0).press("<F5>").sees(&whose);
        desk.press("<Home>");
    }
    assert_eq!(desk.model.verify.to.text(), "");
}

#[test]
fn a_lost_text_of_another_account_is_not_sent_once_more_from_this_one() {
    let (mut desk, ..) = two_profiles();
    desk.plant_on_texts("cut_before_store");
    desk.press("<F6>").paste(MOBILE);
    desk.press("<Enter>Hello<Enter><Enter>")
        .wait(1.0)
        .sees("Not known");
    let (keys, connection) = another(&desk);
    desk.connect(&keys, connection);
    desk.press("<F4><Enter>")
        .wait(1.0)
        .sees_no("sends it once more")
        .sees_no("y send once more")
        .press("y")
        .wait(5.0);
    assert_eq!(desk.requests(Post, TEXTS), 1);
    assert_eq!(desk.record(), ["text unknown"]);
}

#[test]
fn of_a_lost_text_of_another_account_one_sentence_says_what_can_be_done_and_the_keys_do_it() {
    let (mut desk, ..) = two_profiles();
    desk.plant_on_texts("cut_before_store");
    desk.press("<F6>").paste(MOBILE);
    desk.press("<Enter>Hello<Enter><Enter>").wait(1.0);
    let (keys, connection) = another(&desk);
    desk.connect(&keys, connection);
    let first = desk.account(Source::Session).0.account_sid.short();
    let whose = format!("It belongs to {first}: connect that one, and it is looked up.");
    // All keys have room.
    desk.resize(120, 30).press("<F4><Enter>").wait(1.0);
    desk.sees(&whose)
        .sees_no("nobody can find out")
        .sees_no("This was done under")
        .sees_no("d delete")
        .sees_no("copy its")
        .press("d")
        .sees("It can be deleted after ten minutes.");
    desk.wait(700.0).press("j").sees(&whose).sees("d delete");
    desk.press("d");
    desk.sees("Delete this entry").press("<Esc>");
    // What it says is so.
    let (keys, connection) = desk.account(Source::Profile("acme".to_owned()));
    desk.connect(&keys, connection);
    desk.wait(5.0);
    assert_eq!(desk.record(), ["text not_sent"]);
}

#[test]
fn the_evidence_of_a_check_of_another_account_names_it() {
    let mut desk = moved_on();
    let first = desk.account(Source::Session).0.account_sid.short();
    desk.press("<F4><Down><Enter>").wait(0.1);
    desk.sees("This was done under")
        .sees("y  copy evidence")
        .press("y");
    let line = desk.copied.last().unwrap().clone();
    assert!(line.contains("APPROVED"), "{line}");
    assert!(line.contains(&format!(", account {first}, ")), "{line}");
    // Under its own account there is nothing to tell apart.
    let (keys, connection) = desk.account(Source::Profile("acme".to_owned()));
    desk.connect(&keys, connection);
    desk.wait(1.0).press("y");
    let line = desk.copied.last().unwrap();
    assert!(!line.contains("account"), "{line}");
}

#[test]
fn the_filter_finds_an_account_as_the_list_marks_it() {
    let mut desk = moved_on();
    let first = desk.account(Source::Session).0.account_sid.short();
    desk.press("<F4>").sees(&first);
    let found = |desk: &mut Desk, typed: &str| {
        desk.press("/<Ctrl-U>").press(typed).wait(0.1);
        desk.model.history.filter.as_ref().unwrap().counts
    };
    assert_eq!(found(&mut desk, &first), Some((2, 2)));
    assert_eq!(found(&mut desk, &first.to_lowercase()), Some((2, 2)));
    assert_eq!(found(&mut desk, "AC..1111"), Some((0, 2)));
}

#[test]
fn an_approval_under_another_account_is_a_caution_that_names_it() {
    let mut desk = moved_on();
    let first = desk.account(Source::Session).0.account_sid.short();
    desk.press("<F7>").paste(MOBILE).press("<Enter>").wait(1.0);
    desk.sees("This phone was approved")
        .sees(&format!("That was under another account, {first}."));
}
