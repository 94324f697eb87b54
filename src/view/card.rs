//! The cards: who is on the line, and how to refuse.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::phrase;
use crate::model::Model;
use crate::model::card::{Card, Kind, rows_of_card};

use super::frame::Frame;
use super::theme::{Look, Role};

/// Fills the pane with a card, scrolled by so many lines.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect, card: Card, scroll: u16) {
    let lines: Vec<Line> = model
        .card_lines(card)
        .into_iter()
        .map(|(kind, text)| {
            let role = match kind {
                Kind::Title => Role::Strong,
                Kind::Point => Role::Plain,
                Kind::Say => Role::Focus,
            };
            let text = look.text(&text);
            Line::from(vec![Span::raw("   "), Span::styled(text, look.style(role))])
        })
        .collect();
    let count = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let height = rows_of_card(count, area.height);
    // A window that has become larger since shows what fits.
    let scroll = scroll.min(count.saturating_sub(height));
    let text = Rect { height, ..area };
    frame.render_widget(Paragraph::new(lines).scroll((scroll, 0)), text);
    if height < area.height {
        let (first, last) = (scroll + 1, scroll + height);
        let more = if last < count {
            phrase!(
                "lines {first} to {last} of {all}: Down shows more",
                first = first,
                last = last,
                all = count
            )
        } else {
            phrase!(
                "lines {first} to {last} of {all}: Up shows the rest",
                first = first,
                last = last,
                all = count
            )
        };
        let more = format!("   {}", look.say(more));
        let under = Rect {
            y: area.y + height,
            height: area.height - height,
            ..area
        };
        let line = Line::from(Span::styled(more, look.style(Role::Needs)));
        frame.render_widget(line, under);
    }
}
