//! All actions by name.

use super::frame::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::{Phrase, phrase};
use crate::keymap::read;
use crate::model::Click;
use crate::model::palette::Palette;
use crate::text;

use super::paper::{Paper, Weight};
use super::theme::{Look, Role};

/// Draws the list.
pub fn draw(frame: &mut Frame, look: Look, area: Rect, palette: &Palette) {
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
    let bindings = palette.bindings();
    let first = palette.marked.saturating_sub(room.saturating_sub(1));
    for (at, binding) in bindings.iter().enumerate().skip(first).take(room) {
        let here = at == palette.marked;
        let mark = if here { look.mark(Role::Focus) } else { " " };
        let role = if here { Role::Focus } else { Role::Plain };
        let width = paper.line_width().saturating_sub(18);
        let help = text::pad(
            &text::truncate(&look.say(Phrase::of(binding.help)), width),
            width,
        );
        let spans = vec![
            paper.span(role, mark),
            Span::raw(" "),
            paper.span(role, &help),
            Span::raw("   "),
            paper.span(Role::Dim, read::chords(binding)),
        ];
        paper.line(spans).clickable(Click::Row(at));
    }
    if bindings.is_empty() {
        paper.text(Role::Dim, phrase!("Nothing here has that name."));
    }
    paper.draw(frame, area);
}
