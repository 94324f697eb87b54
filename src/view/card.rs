//! The cards: who is on the line, and how to refuse.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::model::Model;
use crate::model::card::{Card, Kind};

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
    // A window that has become larger since shows what fits.
    let most = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .saturating_sub(area.height);
    frame.render_widget(Paragraph::new(lines).scroll((scroll.min(most), 0)), area);
}
