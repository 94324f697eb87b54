//! What is seen of a hidden desk: that it is hidden, how many checks wait, and how it comes back.

use ratatui::layout::Rect;

use crate::domain::phrase;
use crate::keymap::{Action, Place};
use crate::model::Model;

use super::frame::Frame;
use super::paper::{Paper, Weight};
use super::theme::{Look, Role};

/// Draws the page. No name, no number and no text of anybody's is on it.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let mut paper = Paper::new(look, area.width);
    paper
        .section(Weight::Vital)
        .text(Role::Strong, phrase!("Locked"));
    let waiting = &model.verify.checks;
    match waiting.iter().filter(|check| check.is_unfinished()).count() {
        0 => {}
        1 => {
            paper
                .section(Weight::Important)
                .text(Role::Plain, phrase!("One check is waiting."));
        }
        n => {
            paper
                .section(Weight::Important)
                .text(Role::Plain, phrase!("{n} checks are waiting.", n = n));
        }
    }
    let words = if model.lock.is_opening() {
        phrase!("once more shows the desk")
    } else {
        phrase!("twice shows the desk")
    };
    let key = paper.key(Place::Locked, Action::Unlock, words);
    paper
        .section(Weight::Vital)
        .flow(vec![key])
        .cursor_at(Paper::margin());
    paper.section(Weight::Useful).text(
        Role::Dim,
        phrase!("Your lead has set this privacy screen. It does not lock the computer."),
    );
    if model.setting.plain {
        paper.section(Weight::Useful).text(
            Role::Dim,
            phrase!("What was printed before may still be in this terminal."),
        );
    }
    paper.draw(frame, area);
}
