//! The main screens as pictures, each one reached by keys. A change of the desk that can be seen is a
//! change of a file in `snapshots`, to be looked at before it is taken.

use tuilio::view::Look;

use crate::desk::{Desk, MOBILE};

const NARROW: (u16, u16) = (60, 15);
const USUAL: (u16, u16) = (80, 24);
const WIDE: (u16, u16) = (140, 40);

fn shoot(name: &str, desk: &mut Desk, sizes: &[(u16, u16)]) {
    for &(width, height) in sizes {
        desk.resize(width, height);
        insta::assert_snapshot!(format!("{name}@{width}x{height}"), desk.picture());
    }
}

pub fn all(name: &str, desk: &mut Desk) {
    shoot(name, desk, &[NARROW, USUAL, WIDE]);
}

pub fn looks(name: &str, desk: &mut Desk) {
    for (look, word) in [
        (
            Look {
                color: false,
                ascii: false,
                ..Look::default()
            },
            "no-color",
        ),
        (
            Look {
                color: false,
                ascii: true,
                ..Look::default()
            },
            "ascii",
        ),
    ] {
        desk.look = look;
        desk.resize(80, 24);
        insta::assert_snapshot!(format!("{name}@{word}"), desk.picture());
    }
    desk.look = Look::default();
}

fn waiting() -> Desk {
    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0100").press("<Enter>").wait(12.0);
    desk
}

fn wrong(desk: &Desk) -> &'static str {
    if desk.code_on_phone(MOBILE) == "111111" {
        "222222"
    } else {
        "111111"
    }
}

/// A morning's work, so that lists have something in them.
fn morning() -> Desk {
    let mut desk = Desk::at_work("happy");
    desk.paste("415 555 0100").press("<Enter>").wait(5.0);
    let slip = wrong(&desk);
    desk.press(slip).wait(5.0);
    desk.reads_back(MOBILE).wait(5.0).press("n");
    desk.paste("415 555 0188")
        .press("<Enter>")
        .wait(5.0)
        .press("n");
    desk.paste("jane@example.com")
        .press("<Enter>")
        .wait(5.0)
        .press("<Esc>");
    desk.paste("415 555 0105")
        .press("<Enter>")
        .wait(60.0)
        .press("<Esc><F6>");
    desk.paste("415 555 0101")
        .press("<Enter>Your ticket 12 is closed.<Enter><Enter>")
        .wait(30.0)
        .press("n");
    desk.paste("415 555 0110")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(5.0)
        .press("n");
    desk.press("<F7>")
        .paste("415 555 0102")
        .press("<Enter>x")
        .wait(5.0)
        .press("n");
    desk
}

#[test]
fn whom() {
    let mut desk = Desk::demo("happy");
    all("whom", &mut desk);
    looks("whom", &mut desk);
    desk.press("415 555 01").press("00");
    all("whom-typed", &mut desk);
    desk.press("9<Enter>");
    shoot("whom-refused", &mut desk, &[USUAL]);
    desk.press("<Esc>")
        .paste("+1 264 555 0140")
        .press("<Enter>");
    all("whom-caution", &mut desk);
}

#[test]
fn sending() {
    let mut desk = Desk::demo("happy");
    desk.latency(9.0)
        .paste("415 555 0100")
        .press("<Enter>")
        .wait(3.0);
    all("sending", &mut desk);
    let mut desk = Desk::demo("rate_limited");
    desk.paste("415 555 0100").press("<Enter>");
    shoot("sending-delayed", &mut desk, &[USUAL]);
}

#[test]
fn the_code() {
    let mut desk = waiting();
    all("code", &mut desk);
    looks("code", &mut desk);
    desk.press("482");
    all("code-typed", &mut desk);
    desk.press("<Backspace><Backspace><Backspace>");
    let slip = wrong(&desk);
    desk.press(slip).wait(2.0);
    all("code-wrong", &mut desk);
    looks("code-wrong", &mut desk);
    desk.press(slip).wait(2.0);
    all("code-wrong-twice", &mut desk);
    desk.press("r");
    shoot("code-too-early", &mut desk, &[USUAL]);
    desk.wait(9.0)
        .press("<Esc>")
        .paste("415 555 0101")
        .press("<Enter>")
        .wait(1.0);
    all("code-two-callers", &mut desk);
    desk.latency(3.0).press("123456").wait(1.0);
    shoot("code-checking", &mut desk, &[USUAL]);
}

#[test]
fn the_ends() {
    let mut desk = waiting();
    desk.reads_back(MOBILE).wait(3.0);
    all("approved", &mut desk);
    looks("approved", &mut desk);

    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0188").press("<Enter>");
    all("landline", &mut desk);
    looks("landline", &mut desk);

    let mut desk = Desk::demo("happy");
    desk.paste("415 555 0105").press("<Enter>").wait(30.0);
    all("not-delivered", &mut desk);

    let mut desk = waiting();
    desk.press("x");
    all("stopped", &mut desk);

    let mut desk = waiting();
    desk.wait(600.0);
    all("expired", &mut desk);

    let mut desk = waiting();
    let slip = wrong(&desk);
    for n in 0..5 {
        desk.press(slip);
        if n >= 2 {
            desk.press("<Enter>");
        }
        desk.wait(1.0);
    }
    all("used-up", &mut desk);

    let mut desk = Desk::at_work("happy");
    desk.plant(
        "POST",
        "/v2/Services/*/Verifications",
        "status",
        &[("status", "401"), ("code", "20003")],
    );
    desk.paste("415 555 0100").press("<Enter>");
    all("keys-refused", &mut desk);
}

#[test]
fn not_known() {
    let mut desk = Desk::demo("happy");
    desk.plant(
        "POST",
        "/v2/Services/*/Verifications",
        "cut_before_store",
        &[],
    );
    desk.paste("415 555 0100").press("<Enter>").wait(5.0);
    all("unknown", &mut desk);
    looks("unknown", &mut desk);
    desk.wait(20.0);
    shoot("unknown-not-found-yet", &mut desk, &[USUAL]);
    desk.press("<F4>");
    shoot("unknown-in-the-history", &mut desk, &[USUAL]);
    desk.wait(700.0).press("<F7>");
    shoot("unknown-not-sent", &mut desk, &[USUAL]);
}

#[test]
fn texts() {
    let mut desk = Desk::demo("happy");
    desk.press("<F6>");
    all("text-whom", &mut desk);
    desk.paste("415 555 0100")
        .press("<Enter>We’ve closed your ticket.");
    all("text-body", &mut desk);
    looks("text-body", &mut desk);
    desk.press("<Ctrl-T><Ctrl-J>Bye<Enter>");
    all("text-review", &mut desk);
    desk.press("<Enter>").wait(30.0);
    all("text-delivered", &mut desk);
    desk.press("n")
        .paste("415 555 0110")
        .press("<Enter>Hello<Enter><Enter>");
    all("text-refused", &mut desk);
    desk.plant_on_texts("cut_before_store");
    desk.press("n")
        .paste("415 555 0101")
        .press("<Enter>Hello<Enter><Enter>")
        .wait(25.0);
    all("text-unknown", &mut desk);
}

#[test]
fn history() {
    let mut empty = Desk::at_work("happy");
    empty.press("<F4>");
    shoot("history-empty", &mut empty, &[USUAL]);
    let mut desk = morning();
    all("morning", &mut desk);
    desk.press("<F4>");
    all("history", &mut desk);
    looks("history", &mut desk);
    desk.press("u");
    shoot("history-shown", &mut desk, &[USUAL]);
    desk.wait(11.0).press("j<Enter>");
    shoot("detail-text-refused", &mut desk, &[USUAL]);
    desk.press("j");
    all("detail-text", &mut desk);
    desk.press("j");
    shoot("detail-not-delivered", &mut desk, &[USUAL]);
    desk.press("<Esc><End><Enter>");
    all("detail-approved", &mut desk);
}

#[test]
fn pages() {
    let mut desk = waiting();
    desk.press("<F1>");
    all("help", &mut desk);
    desk.press("<Esc><Ctrl-K>");
    all("palette", &mut desk);
    desk.press("call");
    shoot("palette-filtered", &mut desk, &[USUAL]);
    desk.press("<Esc><F9>");
    shoot("phone", &mut desk, &[NARROW, USUAL]);
    desk.press("<Esc><Ctrl-Q>");
    all("quit", &mut desk);
    desk.press("<Esc><F8>");
    shoot("settings-demo", &mut desk, &[USUAL]);
    desk.resize(48, 12);
    insta::assert_snapshot!("too-small", desk.picture());
    let mut desk = Desk::at_work("happy");
    desk.press("<F8>");
    all("settings", &mut desk);
    desk.press("o");
    shoot("sign-out", &mut desk, &[USUAL]);
}

#[test]
fn first_run() {
    let folder = tempfile::tempdir().unwrap();
    let vault = std::sync::Arc::new(tuilio::vault::MemoryVault::default());
    let mut desk = Desk::first_run(vault, &folder.path().join("config.toml"));
    all("welcome", &mut desk);
    looks("welcome", &mut desk);
    desk.press("<Enter>");
    shoot("paste", &mut desk, &[USUAL]);
    desk.press("hello<Enter>");
    shoot("paste-problem", &mut desk, &[USUAL]);
    desk.press("<Esc>");
    let (keys, _) = desk.account(tuilio::domain::connection::Source::Session);
    let tuilio::domain::connection::Credentials::ApiKey { sid, secret } = &keys.credentials else {
        panic!("not an API key")
    };
    desk.paste(&format!(
        "{}\n{}\nsecret {}",
        keys.account_sid.as_str(),
        sid.as_str(),
        secret.expose()
    ));
    all("paste-found", &mut desk);
    desk.latency(3.0).press("<Enter>").wait(1.0);
    shoot("paste-asking", &mut desk, &[USUAL]);
    desk.wait(30.0);
    all("pick-service", &mut desk);
    desk.press("<Enter>");
    all("pick-sender", &mut desk);
    desk.press("<Enter>");
    all("keep", &mut desk);
}
