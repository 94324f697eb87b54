//! The desk on the screen: a pure function from [`Model`] to a frame.
//!
//! No clock, no I/O, nothing written back: the time is the model's, and each pane has a file here of the
//! same name as its machine in [`model`](crate::model).

mod advice;
mod asking;
mod beside;
mod card;
mod check;
mod chrome;
mod counters;
mod ended;
mod footer;
mod frame;
mod help;
mod history;
pub mod lines;
mod lock;
mod message;
mod numbers;
mod outcome;
mod palette;
mod paper;
mod phone;
mod say;
mod settings;
mod setup;
pub mod theme;
mod tour;
mod trouble;
mod verify;
mod words;

use ratatui::layout::Rect;

use crate::domain::phrase;
use crate::layout;
use crate::model::{Model, Overlay, Pane, compose};

use frame::Frame;

pub use frame::Spots;
pub use theme::{Depth, Look, Role, Theme};

/// The title of the window: how many checks wait, and no number of anybody's.
pub fn title(model: &Model, look: Look) -> String {
    let look = spoken(model, look);
    let waiting = &model.verify.checks;
    let waiting = waiting.iter().filter(|check| check.is_unfinished()).count();
    look.say(match waiting {
        0 => phrase!("tuilio"),
        n => phrase!("tuilio, {n} waiting", n = n),
    })
}

/// Draws the desk, and says what of it can be clicked.
pub fn draw(frame: &mut ratatui::Frame, model: &Model, look: Look) -> Spots {
    let mut frame = Frame::new(frame);
    paint(&mut frame, model, look);
    frame.into_spots()
}

fn paint(frame: &mut Frame, model: &Model, look: Look) {
    let look = spoken(model, look);
    frame.blank(look);
    let size = layout::Size {
        width: frame.area().width,
        height: frame.area().height,
    };
    if layout::is_too_small(size) {
        chrome::too_small(frame, model, look);
        return;
    }
    let notice = footer::notice(model, look);
    let mut areas = areas_above(model, notice.len());
    if model.lock.is_closed() {
        let whole = frame.area();
        lock::draw(frame, model, look, whole);
        if let Some(question @ Overlay::Quit) = &model.overlay {
            chrome::question(frame, model, look, areas.body, question);
        }
        return;
    }
    chrome::header(frame, model, look, &areas);
    strips(frame, model, look, &mut areas.body);
    pane(frame, model, look, areas.body);
    if let Some(beside) = areas.beside {
        chrome::bar(frame, look, beside);
        if let Some(tour) = &model.tour {
            self::tour::draw_beside(frame, model, look, beside, tour);
        } else if shows_thread(model) {
            thread_beside(frame, model, look, beside);
        } else if model.setup.is_none() && history::has_beside(model) {
            history::draw_beside(frame, model, look, beside);
        } else if model.setting.demo {
            phone::draw_beside(frame, model, look, beside);
        } else {
            beside::draw(frame, model, look, beside);
        }
    }
    footer::draw(frame, model, look, &areas, notice);
}

/// The areas of a desk: a notice of several rows takes its room from the pane and from what stands beside it.
pub fn areas(model: &Model, look: Look) -> layout::Areas {
    areas_above(model, footer::notice(model, spoken(model, look)).len())
}

fn areas_above(model: &Model, notice: usize) -> layout::Areas {
    let mut areas = layout::areas(model.size);
    if model.lock.is_closed() {
        return areas;
    }
    if model.setup.is_some() {
        // The first run has nothing to show beside itself.
        areas.beside = None;
        areas.body.width = model.size.width;
    }
    let above_the_rule = notice.saturating_sub(1) as u16;
    areas.body.height = areas.body.height.saturating_sub(above_the_rule);
    if let Some(beside) = &mut areas.beside {
        beside.height = beside.height.saturating_sub(above_the_rule);
    }
    areas
}

/// Somebody is being written to, so that their answers are what helps.
fn shows_thread(model: &Model) -> bool {
    model.pane == Pane::Message
        && model.setup.is_none()
        && model.compose.number().is_some()
        && model.compose.stage != compose::Stage::To
}

/// The thread, and in the demo under it the pretend phone.
fn thread_beside(frame: &mut Frame, model: &Model, look: Look, beside: Rect) {
    if !model.setting.demo {
        message::thread::draw_beside(frame, model, look, beside);
        return;
    }
    let height = beside.height / 2;
    let upper = Rect { height, ..beside };
    let lower = Rect {
        y: beside.y + height,
        height: beside.height - height,
        ..beside
    };
    message::thread::draw_beside(frame, model, look, upper);
    phone::draw_beside(frame, model, look, lower);
}

/// What the demo puts above and under the pane, which has the rest.
fn strips(frame: &mut Frame, model: &Model, look: Look, body: &mut Rect) {
    let (above, below) = model.strips();
    if let Some(tour) = model.tour.as_ref().filter(|_| above > 0) {
        let strip = Rect {
            height: above,
            ..*body
        };
        self::tour::draw_above(frame, model, look, strip, tour);
    }
    if below > 0 {
        let strip = Rect {
            y: body.bottom().saturating_sub(below),
            height: below,
            ..*body
        };
        phone::draw_below(frame, model, look, strip);
    }
    body.y += above;
    body.height = body.height.saturating_sub(above + below);
}

/// The look with what is changed on the settings pane: the language of the desk, its theme.
pub fn spoken(model: &Model, look: Look) -> Look {
    let look = Look {
        language: model.setting.language,
        keymap: model.setting.keymap,
        ..look
    };
    match &model.setting.theme {
        Some(name) => look.in_theme(name),
        None => look,
    }
}

/// The pane on screen, or the page that lies over it.
fn pane(frame: &mut Frame, model: &Model, look: Look, body: Rect) {
    match &model.overlay {
        Some(Overlay::Help {
            places,
            scroll,
            filter,
        }) => {
            help::draw(frame, look, body, &model.setting, places, filter, *scroll);
        }
        Some(Overlay::Palette(palette)) => {
            self::palette::draw(frame, look, body, palette, model.setting.plain);
        }
        Some(Overlay::Card { card, scroll }) => {
            card::draw(frame, model, look, body, *card, *scroll);
        }
        Some(Overlay::Numbers(numbers)) => {
            self::numbers::draw(frame, model, look, body, numbers);
        }
        Some(Overlay::Phone) => phone::draw(frame, model, look, body),
        Some(Overlay::Replies { scroll }) => {
            message::thread::draw(frame, model, look, body, *scroll);
        }
        Some(Overlay::Tour { marked }) => self::tour::draw(frame, model, look, body, *marked),
        Some(Overlay::Note { note, scroll }) => {
            self::setup::draw_note(frame, look, body, note, *scroll);
        }
        overlay => {
            if let Some(setup) = &model.setup {
                self::setup::draw(frame, model, look, body, setup);
            } else {
                match model.pane {
                    Pane::Verify => verify::draw(frame, model, look, body),
                    Pane::Message => message::draw(frame, model, look, body),
                    Pane::History => history::draw(frame, model, look, body),
                    Pane::Settings => settings::draw(frame, model, look, body),
                }
            }
            if let Some(question) = overlay {
                frame.cover();
                chrome::question(frame, model, look, body, question);
            }
        }
    }
}
