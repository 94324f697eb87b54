//! The history pane: one line an entry, and one entry in full.

mod detail;
mod list;

use ratatui::layout::Rect;

use crate::domain::phrase;
use crate::model::{Model, Pane};

use super::frame::Frame;
use super::paper::{Paper, Weight};
use super::theme::{Look, Role};

/// Draws the pane.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    if model.history.detail {
        detail::draw(frame, model, look, area);
    } else if model.history.is_empty() && model.history.filter.is_none() {
        let mut paper = Paper::new(look, area.width);
        paper
            .section(Weight::Vital)
            .text(Role::Strong, phrase!("Nothing was sent yet."));
        paper.section(Weight::Useful).text(
            Role::Plain,
            phrase!(
                "F7 checks a phone, F6 sends a text. Both appear here with what became of them."
            ),
        );
        paper.draw(frame, area);
    } else {
        list::draw(frame, model, look, area);
    }
}

/// The marked entry beside the list, where there is room for both.
pub fn draw_beside(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let area = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(1),
        ..area
    };
    detail::draw(frame, model, look, area);
}

/// An entry is marked in the list, so that it can stand beside it.
pub fn has_beside(model: &Model) -> bool {
    model.pane == Pane::History && !model.history.detail && !model.history.shown().is_empty()
}
