//! All actions by name, with their keys, or what is typed for them in line mode; what is done elsewhere says
//! where.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::{Phrase, phrase};
use crate::keymap::Place;
use crate::model::Click;
use crate::model::palette::{Entry, Palette};
use crate::text;

use super::frame::Frame;
use super::lines;
use super::paper::{Paper, Weight};
use super::theme::{Look, Role};

/// Draws the list.
pub fn draw(frame: &mut Frame, look: Look, area: Rect, palette: &Palette, plain: bool) {
    let mut paper = Paper::new(look, area.width);
    paper.section(Weight::Vital).field(
        phrase!("Do"),
        true,
        palette.filter.text(),
        palette.filter.cursor(),
        phrase!("type a part of what you want"),
    );
    paper.section(Weight::Vital);
    let room = usize::from(area.height).saturating_sub(4).max(1);
    let entries = palette.entries();
    let first = palette.marked.saturating_sub(room.saturating_sub(1));
    for (at, entry) in entries.iter().enumerate().skip(first).take(room) {
        let here = at == palette.marked;
        let mark = if here { look.mark(Role::Focus) } else { " " };
        let role = match (here, entry.here) {
            (true, _) => Role::Focus,
            (false, true) => Role::Plain,
            (false, false) => Role::Dim,
        };
        let right = by(look, entry, plain);
        let width = paper.line_width().saturating_sub(text::width(&right) + 5);
        let help = look.say(Phrase::of(entry.binding.help));
        let hint = look.say(Phrase::of(entry.binding.hint));
        // A sentence that is too long for its line is said in fewer words.
        let said = text::clause(&help, width)
            // What stands before a colon says when, and not what.
            .filter(|said| !help[said.len()..].trim_start().starts_with(':'))
            .unwrap_or(&hint);
        let help = text::pad(said, width);
        let spans = vec![
            paper.span(role, Phrase::verbatim(text::pad(mark, 1))),
            Span::raw(" "),
            paper.span(role, Phrase::verbatim(&help)),
            Span::raw("   "),
            paper.span(Role::Dim, Phrase::verbatim(&right)),
        ];
        paper.line(spans).clickable(Click::Row(at));
    }
    if entries.is_empty() {
        paper.text(Role::Dim, phrase!("Nothing here has that name."));
    }
    paper.draw(frame, area);
}

/// By which key, and where it is not here, on which page.
fn by(look: Look, entry: &Entry, plain: bool) -> String {
    let keys = if plain {
        let in_text = matches!(entry.binding.place, Place::Body | Place::EmptyText);
        lines::typed(look, entry.binding, in_text)
    } else {
        look.keys(entry.binding)
    };
    if entry.here {
        return keys;
    }
    look.say(phrase!(
        "in {place}: {key}",
        place = Phrase::of(entry.binding.place.title()),
        key = keys
    ))
}
