//! What the desk holds in confidence is in no text that is made for a programmer.

use std::sync::Arc;

use tuilio::vault::MemoryVault;

use crate::desk::{Desk, MOBILE};

#[test]
fn a_code_that_is_typed_is_in_nothing_that_is_printed_for_a_programmer() {
    let mut desk = Desk::at_work("happy");
    desk.press("4155550100<Enter>").wait(2.0);
    let code = desk.code_on_phone(MOBILE);
    desk.press(&code[..5]);
    let digits: Vec<String> = code[..5].chars().map(|c| format!("{c:?}")).collect();
    for text in [format!("{:?}", desk.model), format!("{:#?}", desk.model)] {
        assert!(!text.contains(&code[..5]), "the digits stand together");
        assert!(!text.contains(&digits.join(", ")), "or one by one");
        let flat: String = text.split_whitespace().collect();
        assert!(!flat.contains(&digits.join(",")), "or one below another");
    }
    desk.press(&code[5..]).wait(2.0).sees("Approved");
    assert!(!format!("{:?}", desk.model).contains(&code));
    assert!(desk.copied.iter().all(|line| !line.contains(&code)));
}

#[test]
fn keys_that_are_pasted_are_in_nothing_that_is_printed_for_a_programmer() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let mut desk = Desk::first_run(Arc::new(MemoryVault::default()), &config);
    let token = desk.auth_token();
    let account = desk.account(tuilio::domain::connection::Source::Session).0;
    let paste = format!("{} {token}", account.account_sid);
    let mut looked = 0;
    let mut clean = |desk: &Desk| {
        looked += 1;
        assert!(
            !format!("{:?}", desk.model).contains(&token),
            "look {looked}"
        );
        assert!(!desk.screen().contains(&token), "look {looked}");
    };
    desk.paste(&paste);
    clean(&desk);
    for _ in 0..3 {
        desk.press("<Enter>").wait(2.0);
        clean(&desk);
    }
    assert!(
        !std::fs::read_to_string(&config)
            .unwrap_or_default()
            .contains(&token)
    );
}

#[test]
fn keys_that_are_signed_out_are_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let mut desk = Desk::first_run(Arc::new(MemoryVault::default()), &config);
    let account = desk.account(tuilio::domain::connection::Source::Session).0;
    let token = desk.auth_token();
    desk.paste(&format!("{} {token}", account.account_sid));
    for _ in 0..6 {
        desk.press("<Enter>").wait(2.0);
    }
    desk.sees("Whose phone are we checking?");
    assert!(desk.keys.is_some());
    desk.press("<F8>o").sees("Sign out?").press("y").wait(1.0);
    desk.sees("Welcome to tuilio");
    assert!(desk.keys.is_none(), "the program holds them no longer");
}
