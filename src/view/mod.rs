//! The desk on the screen: a pure function from [`Model`] to a frame.
//!
//! No clock, no I/O, nothing written back: the time is the model's, and each pane has a file here of the
//! same name as its machine in [`model`](crate::model).

mod check;
mod chrome;
mod counters;
mod ended;
mod help;
mod history;
mod message;
mod outcome;
mod palette;
mod paper;
mod phone;
mod say;
mod settings;
mod setup;
pub mod theme;
mod verify;
mod words;

use ratatui::Frame;

use crate::layout;
use crate::model::{Model, Overlay, Pane};

pub use theme::{Look, Role};

/// Draws the desk.
pub fn draw(frame: &mut Frame, model: &Model, look: Look) {
    let size = layout::Size {
        width: frame.area().width,
        height: frame.area().height,
    };
    if layout::is_too_small(size) {
        chrome::too_small(frame, model, look);
        return;
    }
    let mut areas = layout::areas(size);
    if model.setup.is_some() {
        // The first run has nothing to show beside itself.
        areas.beside = None;
        areas.body.width = size.width;
    }
    chrome::header(frame, model, look, &areas);
    match &model.overlay {
        Some(Overlay::Help { places, scroll }) => {
            help::draw(frame, look, areas.body, places, *scroll);
        }
        Some(Overlay::Palette(palette)) => self::palette::draw(frame, look, areas.body, palette),
        Some(Overlay::Phone) => phone::draw(frame, model, look, areas.body),
        overlay => {
            if let Some(setup) = &model.setup {
                self::setup::draw(frame, model, look, areas.body, setup);
            } else {
                match model.pane {
                    Pane::Verify => verify::draw(frame, model, look, areas.body),
                    Pane::Message => message::draw(frame, model, look, areas.body),
                    Pane::History => history::draw(frame, model, look, areas.body),
                    Pane::Settings => settings::draw(frame, model, look, areas.body),
                }
            }
            if let Some(question) = overlay {
                chrome::question(frame, model, look, areas.body, question);
            }
        }
    }
    if let Some(beside) = areas.beside {
        chrome::bar(frame, look, beside);
        if model.setting.demo {
            phone::draw_beside(frame, model, look, beside);
        } else {
            verify::draw_beside(frame, model, look, beside);
        }
    }
    chrome::footer(frame, model, look, &areas);
}
