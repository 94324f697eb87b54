//! Where on the screen a code may stand: in its field, and on the pretend phone. Nowhere else.
//!
//! The field is the one row under its label that holds digits and blanks for as many digits as the code of
//! the check on screen has; of that row only the cells of those digits.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tuilio::layout::{self, Areas};
use tuilio::model::compose::Stage;
use tuilio::model::{Model, Overlay, Pane};
use tuilio::view::{self, Look};

/// Where what stands after a label begins.
const AFTER_LABEL: u16 = 15;

/// Wipes the places that are made for codes; the rest of the screen must not have any.
pub fn wipe_their_places(model: &Model, look: Look, buffer: &mut Buffer) {
    if layout::is_too_small(model.size) || model.lock.is_closed() || model.setup.is_some() {
        return;
    }
    let areas = view::areas(model, look);
    let mut places = Vec::new();
    places.extend(field(model, &areas, buffer));
    if model.setting.demo {
        places.extend(phones(model, &areas));
    }
    for place in places {
        for at in place.intersection(buffer.area).positions() {
            buffer[at].set_symbol(" ");
        }
    }
}

/// The cells of the field, where it is on the screen.
fn field(model: &Model, areas: &Areas, buffer: &Buffer) -> Option<Rect> {
    if model.pane != Pane::Verify {
        return None;
    }
    let length = model.verify.check()?.length();
    let body = areas.body;
    let row_of = |y: u16| -> String {
        let cells = body.left() + AFTER_LABEL..body.right();
        cells.map(|x| buffer[(x, y)].symbol()).collect()
    };
    let labelled = |y: u16| {
        let mut cells = body.left()..body.left() + AFTER_LABEL;
        cells.any(|x| buffer[(x, y)].symbol().chars().all(char::is_alphabetic))
    };
    let is_field = |row: &str| {
        let digits: Vec<&str> = row.split_whitespace().collect();
        digits.len() == length
            && digits.iter().all(|digit| {
                digit.len() == 1 && digit.chars().all(|c| c == '_' || c.is_ascii_digit())
            })
    };
    (body.top()..body.bottom())
        .find(|y| labelled(*y) && is_field(&row_of(*y)))
        .map(|y| {
            let width = row_of(y).trim_end().len() as u16;
            Rect::new(body.left() + AFTER_LABEL, y, width, 1)
        })
}

/// The pretend phone: beside the pane, under it, or over it; in the tour the customer speaks above it.
fn phones(model: &Model, areas: &Areas) -> Vec<Rect> {
    let body = areas.body;
    let (above, below) = model.strips();
    let mut places = vec![
        Rect {
            height: above,
            ..body
        },
        Rect {
            y: body.bottom().saturating_sub(below),
            height: below,
            ..body
        },
    ];
    if model.overlay == Some(Overlay::Phone) {
        places.push(body);
    }
    places.extend(areas.beside.and_then(|beside| {
        let half = beside.height / 2;
        let writes = model.compose.number().is_some() && model.compose.stage != Stage::To;
        match model.pane {
            _ if model.tour.is_some() => Some(beside),
            // Under what was written.
            Pane::Message if writes => Some(Rect {
                y: beside.y + half,
                height: beside.height - half,
                ..beside
            }),
            // The entry that is marked.
            Pane::History if !model.history.detail && !model.history.shown().is_empty() => None,
            _ => Some(beside),
        }
    }));
    places
}
