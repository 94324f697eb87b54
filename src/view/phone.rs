//! The pretend customer's phone, in the demo: beside the desk in wide terminals; in narrow ones its newest
//! message under the pane, and the whole phone on a key.
//!
//! It shows codes, since a real customer's phone would: the one place of the screen besides the code box.

use super::frame::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::{Phrase, phrase, untrusted};
use crate::model::tour::Stop;
use crate::model::{Model, PhoneItem};
use crate::text;

use super::paper::rows;
use super::theme::{Look, Role};
use super::words;

/// Fills the pane with it.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let width = area.width.min(50);
    let area = Rect {
        x: area.x + (area.width - width) / 2,
        width,
        ..area
    };
    let lines = side(model, look, width, usize::from(area.height));
    frame.render_widget(Paragraph::new(lines), area);
}

/// Stands it beside the pane, with what the caller says under it.
pub fn draw_beside(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let area = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(1),
        ..area
    };
    let mut lines = side(model, look, area.width, usize::from(area.height) - 4);
    lines.extend(caller(model, look, area.width));
    frame.render_widget(Paragraph::new(lines), area);
}

/// The newest message, in the rows under the pane.
pub fn draw_below(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    // With several callers, the phone of the one on screen.
    let shown = model.verify.check().map(|check| check.to.as_str());
    let newest = match shown {
        Some(to) => model.phone.iter().rev().find(|item| item.to == to),
        None => model.phone.last(),
    };
    let Some(newest) = newest else {
        return;
    };
    let width = usize::from(area.width).saturating_sub(2);
    let said = phrase!(
        "Pretend phone, {head}: {words}",
        head = head(model, newest),
        words = look.text(&body(newest))
    );
    let mut lines = rows(&look.say(said), width);
    let shown = usize::from(area.height);
    if lines.len() > shown
        && let Some(last) = lines.get_mut(shown.saturating_sub(1))
    {
        // What is left out is on the key.
        *last = look.text(&format!(
            "{} …",
            text::truncate(last, width.saturating_sub(2))
        ));
    }
    let lines: Vec<Line> = lines
        .into_iter()
        .take(shown)
        .map(|line| Line::from(format!(" {line}")))
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// What the caller says, as lines of a column.
pub fn caller(model: &Model, look: Look, width: u16) -> Vec<Line<'static>> {
    let Some(words) = model.caller() else {
        return Vec::new();
    };
    let room = usize::from(width).saturating_sub(4);
    let mut lines = vec![
        Line::default(),
        Line::from(format!(" {}", look.say(phrase!("Caller says")))),
    ];
    let words = look.say(phrase!("\"{words}\"", words = words));
    lines.extend(
        rows(&words, room)
            .into_iter()
            .map(|row| Line::from(Span::styled(format!("  {row}"), look.style(Role::Strong)))),
    );
    lines
}

/// A heading and the phone, in at most so many rows.
pub fn side(model: &Model, look: Look, width: u16, height: usize) -> Vec<Line<'static>> {
    let inner = usize::from(width).saturating_sub(6).min(44);
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
    let heading = look.say(phrase!("The customer's side (pretend)"));
    let mut lines = vec![
        Line::from(Span::styled(
            format!(" {heading}"),
            look.style(Role::Strong),
        )),
        Line::default(),
        Line::from(format!(" {top}{rule}{top_end}")),
    ];
    let boxed = |line: &str| Line::from(format!(" {side} {} {side}", text::pad(line, inner)));
    let room = height.saturating_sub(5);
    let mut shown: Vec<Line> = Vec::new();
    for item in model.on_show().rev() {
        let mut piece = item_lines(model, look, item, inner);
        if shown.len() + piece.len() + 1 > room {
            break;
        }
        if !shown.is_empty() {
            piece.push(String::new());
        }
        shown.splice(0..0, piece.iter().map(|line| boxed(line)));
    }
    if shown.is_empty() {
        let nothing = match model.tour.as_ref().map(|tour| tour.stop) {
            Some(Stop::Landline) => phrase!("a desk phone: no texts arrive here"),
            Some(Stop::Pressure) => phrase!("somebody else has this phone"),
            _ => phrase!("nothing yet"),
        };
        let nothing = rows(&look.say(nothing), inner);
        shown.extend(nothing.iter().map(|line| boxed(line)));
    }
    lines.extend(shown);
    lines.push(Line::from(format!(" {bottom}{rule}{bottom_end}")));
    lines
}

fn item_lines(model: &Model, look: Look, item: &PhoneItem, inner: usize) -> Vec<String> {
    let mut lines = rows(&look.say(head(model, item)), inner);
    let to = look.say(phrase!(
        "to {number}",
        number = untrusted::visible(&item.to)
    ));
    lines.extend(rows(&to, inner));
    if item.kind == "call" {
        lines.extend(rows(&look.say(phrase!("It rings. A voice says:")), inner));
    }
    for line in untrusted::visible_lines(&body(item)) {
        lines.extend(rows(&look.text(&line), inner));
    }
    lines
}

/// When, what and from whom.
fn head(model: &Model, item: &PhoneItem) -> Phrase {
    let time = words::time(item.at, &model.setting.zone);
    let from = untrusted::visible(&item.from);
    match item.kind.as_str() {
        "sms" => phrase!("{time} text from {from}", time = time, from = from),
        "call" => phrase!("{time} call from {from}", time = time, from = from),
        "whatsapp" => phrase!("{time} WhatsApp from {from}", time = time, from = from),
        "email" => phrase!("{time} email from {from}", time = time, from = from),
        _ => phrase!("{time} message from {from}", time = time, from = from),
    }
}

/// What it says. A voice speaks digit by digit.
fn body(item: &PhoneItem) -> String {
    let text = match item.kind.as_str() {
        "call" => item.body.replace(", ", " . "),
        _ => item.body.clone(),
    };
    untrusted::visible_lines(&text).join("\n")
}
