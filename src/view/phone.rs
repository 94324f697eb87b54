//! The pretend customer's phone, in the demo: beside the desk in wide terminals, on a key in narrow ones.
//!
//! It shows codes, since a real customer's phone would: the one place of the screen besides the code box.

use super::frame::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::untrusted;
use crate::model::{Model, PhoneItem};
use crate::text;

use super::paper::rows;
use super::theme::{Look, Role};
use super::words;

/// Fills the pane with it.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let width = area.width.min(50);
    phone(
        frame,
        model,
        look,
        Rect {
            x: area.x + (area.width - width) / 2,
            width,
            ..area
        },
    );
}

/// Stands it beside the pane.
pub fn draw_beside(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    phone(
        frame,
        model,
        look,
        Rect {
            x: area.x + 1,
            width: area.width.saturating_sub(1),
            ..area
        },
    );
}

fn phone(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let inner = usize::from(area.width).saturating_sub(6).min(44);
    let (top, side, bottom) = if look.ascii {
        ("+", "|", "+")
    } else {
        ("╭", "│", "╰")
    };
    let (top_end, bottom_end) = if look.ascii {
        ("+", "+")
    } else {
        ("╮", "╯")
    };
    let rule = look.rule().repeat(inner + 2);
    let mut lines = vec![
        Line::from(Span::styled(
            " The customer's side (pretend)",
            look.style(Role::Strong),
        )),
        Line::default(),
        Line::from(format!(" {top}{rule}{top_end}")),
    ];
    let room = usize::from(area.height).saturating_sub(5);
    let mut shown: Vec<Line> = Vec::new();
    for item in model.phone.iter().rev() {
        let mut piece = item_lines(model, look, item, inner);
        if shown.len() + piece.len() + 1 > room {
            break;
        }
        if !shown.is_empty() {
            piece.push(String::new());
        }
        shown.splice(
            0..0,
            piece.into_iter().map(|line| boxed(&line, side, inner)),
        );
    }
    if shown.is_empty() {
        shown.push(boxed("nothing yet", side, inner));
    }
    let shown = shown.into_iter();
    lines.extend(shown);
    lines.push(Line::from(format!(" {bottom}{rule}{bottom_end}")));
    frame.render_widget(Paragraph::new(lines), area);
}

fn boxed(line: &str, side: &str, inner: usize) -> Line<'static> {
    Line::from(format!(" {side} {} {side}", text::pad(line, inner)))
}

fn item_lines(model: &Model, look: Look, item: &PhoneItem, inner: usize) -> Vec<String> {
    let kind = match item.kind.as_str() {
        "sms" => "text",
        "call" => "call",
        "whatsapp" => "WhatsApp",
        "email" => "email",
        _ => "message",
    };
    let head = format!(
        "{} {kind} from {}",
        words::time(item.at, &model.setting.zone),
        untrusted::visible(&item.from)
    );
    let to = format!("to {}", untrusted::visible(&item.to));
    let mut lines = vec![
        look.text(&text::truncate(&head, inner)),
        look.text(&text::truncate(&to, inner)),
    ];
    for line in untrusted::visible_lines(&item.body) {
        lines.extend(rows(&look.text(&line), inner));
    }
    lines
}
