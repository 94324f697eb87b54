//! What a desk shows, logs and does, held to what it may.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::Value;
use tuilio::domain::Intent;
use tuilio::model::{Effect, Model};
use tuilio::runtime::log::Line;
use tuilio::view::{self, Look};

use super::super::chars::{MOST_IN_A_CELL, acts, assert_harmless, hides};
use super::START;

/// Draws it, and looks at every cell and every link.
pub fn look(model: &Model, look: Look) {
    let size = model.size;
    let mut terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
    let mut links = Vec::new();
    terminal
        .draw(|frame| links = view::draw(frame, model, look).links)
        .unwrap();
    for cell in terminal.backend().buffer().content() {
        if let Some(c) = cell.symbol().chars().find(|&c| acts(c) || hides(c)) {
            panic!("{c:?} is on the screen, in {:?}", cell.symbol());
        }
        // A mark at the beginning of a foreign text joins what stands before it.
        assert!(
            cell.symbol().chars().count() <= MOST_IN_A_CELL + 1,
            "a pile of marks: {:?}",
            cell.symbol()
        );
    }
    for (_, link) in links {
        assert!(
            link.starts_with("https://") && link.is_ascii() && !link.contains(char::is_whitespace),
            "{link}"
        );
    }
    assert_harmless(&view::title(model, look), "the title");
}

/// What is logged is one line of plain words and numbers, whatever was at hand.
pub fn logged(line: Option<Line>) {
    let Some(line) = line else {
        return;
    };
    let written = line.written(START.parse().unwrap(), 1);
    assert!(
        written.is_ascii()
            && written.iter().position(|&b| b == b'\n') == written.len().checked_sub(1)
    );
    let written = String::from_utf8(written).unwrap();
    assert!(
        !written.trim_end().chars().any(char::is_control) && !written.contains("415555"),
        "{written}"
    );
    let json: Value = serde_json::from_str(&written).unwrap();
    assert!(json.is_object() && written.len() < 400, "{written}");
}

/// What a paste may not do by itself. A code is the exception that is asked for: its last digit starts the
/// check.
#[track_caller]
pub fn is_no_deed(effect: &Effect) {
    let deed = match effect {
        Effect::Intend { operation, .. } => !matches!(operation.intent, Intent::VerifyCheck { .. }),
        Effect::Call { call, .. } => call.changes_something(),
        Effect::Delete { .. }
        | Effect::Forget { .. }
        | Effect::SignOut { .. }
        | Effect::Keep { .. }
        | Effect::RemovePlain { .. }
        | Effect::Export { .. }
        | Effect::Quit
        | Effect::Suspend
        | Effect::StartDemo => true,
        _ => false,
    };
    assert!(!deed, "a paste led to {effect:?}");
}
