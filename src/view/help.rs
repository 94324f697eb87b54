//! The page of help for where the agent is, read from the keymap table.

use super::frame::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::{Phrase, phrase};
use crate::keymap::{Place, read};
use crate::text;

use super::paper::rows;
use super::theme::{Look, Role};

/// Draws the page.
pub fn draw(frame: &mut Frame, look: Look, area: Rect, places: &[Place], scroll: u16) {
    let width = usize::from(area.width);
    let mut lines: Vec<Line> = Vec::new();
    for &place in places {
        lines.push(Line::default());
        lines.push(Line::from(Span::styled(
            format!("   {}", look.say(Phrase::of(place.title()))),
            look.style(Role::Strong),
        )));
        if place == Place::Code {
            row(
                &mut lines,
                width,
                "0-9",
                &look.say(phrase!("Type the code. It is checked by itself at the last digit; Backspace stops that.")),
            );
            row(
                &mut lines,
                width,
                &look.say(phrase!("paste")),
                &look.say(phrase!("Any text: the digits of the code are found in it.")),
            );
        }
        for binding in look.keymap.of(place) {
            row(
                &mut lines,
                width,
                &read::chords(binding),
                &look.say(Phrase::of(binding.help)),
            );
        }
    }
    lines.push(Line::default());
    lines.push(Line::from(Span::styled(
        format!(
            "   {}",
            look.say(phrase!(
                "No key works behind this page. Nothing is sent from here."
            ))
        ),
        look.style(Role::Dim),
    )));
    let most = (lines.len() as u16).saturating_sub(area.height);
    frame.render_widget(Paragraph::new(lines).scroll((scroll.min(most), 0)), area);
}

fn row(lines: &mut Vec<Line>, width: usize, keys: &str, help: &str) {
    for (n, help) in rows(help, width.saturating_sub(21).max(8))
        .iter()
        .enumerate()
    {
        let keys = if n == 0 { keys } else { "" };
        lines.push(Line::from(format!("   {}{}", text::pad(keys, 17), help)));
    }
}
