//! The numbers of a paste that had several, to pick one.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::place::Place as Where;
use crate::domain::{Phrase, phrase};
use crate::model::numbers::Numbers;
use crate::model::{Click, Model};
use crate::text;

use super::frame::Frame;
use super::paper::{Paper, Weight};
use super::theme::{Look, Role};

/// Draws the list.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect, numbers: &Numbers) {
    let mut paper = Paper::new(look, area.width);
    paper
        .section(Weight::Vital)
        .text(Role::Strong, phrase!("Which number is meant?"));
    paper.section(Weight::Vital);
    for (at, number) in numbers.list.iter().enumerate() {
        let here = numbers.marked == Some(at);
        let (mark, role) = if here {
            (look.mark(Role::Focus), Role::Focus)
        } else {
            (" ", Role::Plain)
        };
        let shown = if model.is_masked() {
            number.masked()
        } else {
            number.grouped()
        };
        let place = Where::of(number).map_or(Phrase::of(""), |place| place.phrase());
        let spans = vec![
            paper.span(role, Phrase::verbatim(text::pad(mark, 1))),
            Span::raw(" "),
            paper.span(role, Phrase::verbatim(shown)),
            Span::raw("   "),
            paper.span(Role::Dim, place),
        ];
        paper.line(spans).clickable(Click::Row(at));
    }
    if numbers.more {
        paper.text(
            Role::Dim,
            phrase!("There are more in what was pasted. Copy less of it to see them."),
        );
    }
    paper.section(Weight::Useful).text(
        Role::Plain,
        phrase!("More than one number was pasted. The one that you take goes into the field; nothing is sent by it."),
    );
    paper.draw(frame, area);
}
