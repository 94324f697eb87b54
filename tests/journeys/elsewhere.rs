//! A text was lost under one region, and the desk is connected to another: nothing is promised of it, and
//! nothing is a dead end.

use tuilio::domain::connection::Source;
use tuilio::store::Store;
use tuilio::twilio::wire::Method::{Get, Post};

use crate::desk::{Desk, MOBILE};

const TEXTS: &str = "/Messages.json";

/// Connects the same account in this region.
fn connect(desk: &mut Desk, home: &str) {
    let (keys, mut connection) = desk.account(Source::Profile("acme".to_owned()));
    connection.home = Some(home.to_owned());
    desk.connect(&keys, connection);
}

/// A desk in one region that has lost the answer to a text in another one.
fn moved() -> Desk {
    let mut desk = Desk::with_history("happy", Store::in_memory().unwrap());
    connect(&mut desk, "ie1");
    desk.plant_on_texts("cut_before_store");
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(1.0);
    desk.sees("Not known.");
    assert_eq!(desk.record(), ["text unknown"]);
    connect(&mut desk, "us1");
    desk
}

#[test]
fn a_lost_text_of_another_region_is_said_to_be_theirs_and_is_not_looked_for() {
    let mut desk = moved();
    let looks = desk.requests(Get, TEXTS);
    desk.press("<F4>d")
        .sees("after ten minutes")
        .sees("in region ie1");
    desk.wait(1_300.0);
    desk.sees("Not known")
        .sees_no("checking")
        .sees_no("you are told");
    desk.press("<Enter>")
        .sees("in region ie1: connect that one, and it is looked up.")
        .sees("y sends it once more")
        .sees_no("you are told");
    desk.press("<Esc><F5>").sees("in region ie1");
    assert_eq!(desk.requests(Get, TEXTS), looks, "nobody looked here");
    desk.press("d")
        .sees("Delete this entry")
        .sees("never learns")
        .sees("in region ie1")
        .press("<Esc>");
    assert_eq!(desk.record(), ["text unknown"]);
    connect(&mut desk, "ie1");
    desk.wait(5.0);
    assert!(desk.requests(Get, TEXTS) > looks);
    assert_eq!(desk.record(), ["text not_sent"]);
}

#[test]
fn a_yes_sends_a_lost_text_of_another_region_once_more() {
    let mut desk = moved();
    desk.press("<F4><Enter>")
        .sees("y sends it once more")
        .press("y");
    desk.wait(5.0).sees("Sending it once more");
    assert_eq!(desk.record(), ["text unknown", "text delivered"]);
    assert_eq!(desk.on_phone(MOBILE), 1);
    assert_eq!(desk.requests(Post, TEXTS), 2);
    // Nor does a key promise that the first one goes a third time.
    desk.press("<Esc><Home><Down><Enter>")
        .sees("connect that one, and it is looked")
        .sees_no("sends it once more");
}

#[test]
fn the_same_text_written_anew_is_asked_about_and_goes_on_a_yes() {
    let mut desk = moved();
    desk.wait(1_300.0);
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter>")
        .wait(1.0);
    desk.sees("This same text may have gone to this number already.")
        .sees("in region ie1");
    desk.press("<Enter>").wait(1.0);
    assert_eq!(desk.record(), ["text unknown"], "an Enter is no yes");
    desk.press("y").wait(5.0);
    assert_eq!(desk.record(), ["text unknown", "text delivered"]);
    assert_eq!(desk.on_phone(MOBILE), 1);
}

#[test]
fn a_lost_text_of_our_own_is_still_looked_up_before_the_same_one_goes() {
    let mut desk = Desk::with_history("happy", Store::in_memory().unwrap());
    connect(&mut desk, "ie1");
    let lists = "/2010-04-01/Accounts/*/Messages.json";
    desk.plant_on_texts("cut_after_store");
    desk.plant(
        "GET",
        lists,
        "status",
        &[("status", "503"), ("times", "90")],
    );
    desk.press("<F6>")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(1.0);
    desk.press("<F7><F6>n")
        .paste("415 555 0100")
        .press("<Enter>Hello<Enter>")
        .wait(1.0);
    desk.sees_no("may have gone to this number already");
    desk.press("y").wait(2.0).sees("Not yet");
    assert_eq!(desk.record(), ["text unknown"]);
    assert_eq!(desk.requests(Post, TEXTS), 1);
}

#[test]
fn a_lost_text_of_another_region_is_deleted_by_a_yes_after_ten_minutes() {
    let mut desk = moved();
    desk.wait(700.0).press("<F4>d").sees("Delete this entry");
    desk.press("y").wait(1.0).sees("Deleted from the history");
    assert_eq!(desk.record(), [""; 0]);
}
