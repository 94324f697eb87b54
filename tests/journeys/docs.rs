//! What the documents show is what the program does: pictures drawn from its own frames, and the keys of
//! its own table. A stale one is written anew and fails the test once, so that the change is seen.

use std::fs;
use std::path::{Path, PathBuf};

use tuilio::keymap::read;
use tuilio::view::Look;

use crate::desk::{Desk, MOBILE};
use crate::{picture, svg};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The file holds this text, or is made to, which fails.
fn keep(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() == Some(text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    panic!(
        "{} was stale and is written anew: look at it and commit it",
        path.display()
    );
}

fn keep_picture(name: &str, desk: &Desk) {
    let (buffer, cursor) = picture::draw(&desk.model, Look::default());
    keep(
        &root(&format!("assets/screenshots/{name}.svg")),
        &svg::of(&buffer, cursor),
    );
}

#[test]
fn the_picture_of_a_check_is_current() {
    let mut desk = Desk::demo("happy");
    desk.resize(118, 26)
        .paste("415 555 0100")
        .press("<Enter>")
        .sees("Waiting for the code")
        .wait(6.0);
    let half = desk.code_on_phone(MOBILE)[..3].to_owned();
    desk.press(&half).wait(3.0);
    keep_picture("verify", &desk);
}

#[test]
fn the_picture_of_an_approval_is_current() {
    let mut desk = Desk::demo("happy");
    desk.resize(80, 24)
        .paste("415 555 0100")
        .press("<Enter>")
        .sees("Waiting for the code")
        .wait(20.0);
    desk.reads_back(MOBILE).wait(1.0).sees("Approved");
    keep_picture("approved", &desk);
}

#[test]
fn the_picture_of_a_text_is_current() {
    let mut desk = Desk::demo("happy");
    desk.resize(80, 24).press("<F6>").paste("+1 415 555 0100");
    desk.press("<Enter>Hello, your card left us today and should arrive by Friday.<Enter>")
        .sees("Send this text?");
    keep_picture("message", &desk);
}

#[test]
fn the_picture_of_the_history_is_current() {
    let mut desk = Desk::demo("happy");
    desk.resize(80, 24);
    for number in ["415 555 0188", "415 555 0105", "415 555 0100"] {
        desk.paste(number)
            .press("<Enter>")
            .wait(12.0)
            .press("<Esc>");
    }
    desk.press("<F6>")
        .paste("+1 415 555 0100")
        .press("<Enter>Hello, your card left us today.<Enter><Enter>")
        .wait(12.0);
    desk.press("<F4>");
    keep_picture("history", &desk);
}

#[test]
fn the_keys_in_the_readme_are_those_of_the_table() {
    let (begin, end) = (
        "<!-- keys: written from the keymap table -->",
        "<!-- /keys -->",
    );
    let path = root("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let from = text.find(begin).unwrap() + begin.len();
    let to = text.find(end).unwrap();
    keep(
        &path,
        &format!("{}\n{}\n{}", &text[..from], read::markdown(), &text[to..]),
    );
}
