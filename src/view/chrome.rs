//! What stands around every pane: tabs and account above, keys below, questions in between.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use crate::domain::connection::Source;
use crate::domain::{Intent, OpState};
use crate::keymap::{Action, Binding, Chord, Key, Place, read};
use crate::layout::{self, Areas, SMALLEST};
use crate::model::check::{Check, What};
use crate::model::verify::clock;
use crate::model::{Model, Overlay, Pane};
use crate::text;

use super::paper::rows;
use super::theme::{Look, Role};

/// A window that is too small for the desk: nothing is lost, and it says so.
pub fn too_small(frame: &mut Frame, model: &Model, look: Look) {
    let area = frame.area();
    let mut lines = vec![format!(
        "tuilio needs {} x {}. This window is {} x {}.",
        SMALLEST.width, SMALLEST.height, area.width, area.height
    )];
    if let Some(check) = model
        .verify
        .checks
        .iter()
        .find(|check| check.is_unfinished())
    {
        let left = check
            .expires_at
            .map(|at| format!(", {} left", clock(model.now.duration_until(at))))
            .unwrap_or_default();
        lines.push(format!("A check is waiting: {}{left}.", check.to.masked()));
    }
    lines.push("Make the window larger. Nothing is lost. Ctrl-Q quits.".to_owned());
    let width = usize::from(area.width);
    let lines: Vec<Line> = lines
        .iter()
        .flat_map(|line| rows(&look.text(line), width.max(1)))
        .map(Line::from)
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// Tabs and account, and the rule under them.
pub fn header(frame: &mut Frame, model: &Model, look: Look, areas: &Areas) {
    let width = usize::from(areas.header.width);
    let left: Vec<Span> = match &model.setup {
        Some(_) => vec![Span::styled(" First run", look.style(Role::Strong))],
        None => tabs(model, look),
    };
    let used: usize = left.iter().map(|span| text::width(&span.content)).sum();
    let right = match &model.setup {
        Some(setup) if setup.number() > 0 => format!("step {} of 5", setup.number()),
        Some(_) => String::new(),
        None => account(model, width.saturating_sub(used + 3)),
    };
    let right = look.text(&text::truncate(&right, width.saturating_sub(used + 3)));
    let gap = width.saturating_sub(used + text::width(&right) + 1);
    let role = if model.setting.demo {
        Role::Demo
    } else {
        Role::Plain
    };
    let mut spans = left;
    spans.push(Span::raw(" ".repeat(gap)));
    spans.push(Span::styled(right, look.style(role)));
    frame.render_widget(Line::from(spans), areas.header);
    rule(frame, look, areas.upper_rule);
}

fn tabs(model: &Model, look: Look) -> Vec<Span<'static>> {
    let panes = [
        (Pane::Verify, "Verify"),
        (Pane::Message, "Message"),
        (Pane::History, "History"),
        (Pane::Settings, "Settings"),
    ];
    let mut spans = vec![Span::raw(" ")];
    for (n, (pane, name)) in panes.into_iter().enumerate() {
        if n > 0 && model.size.width >= 80 {
            spans.push(Span::raw("  "));
        }
        let shown = if pane == model.pane {
            format!("[{name}]")
        } else {
            format!(" {name} ")
        };
        let role = if pane == model.pane {
            Role::Strong
        } else {
            Role::Plain
        };
        spans.push(Span::styled(shown, look.style(role)));
    }
    spans
}

/// Which account is used, on every screen.
fn account(model: &Model, room: usize) -> String {
    if model.setting.demo {
        let whole = "DEMO · not connected · DEMO";
        let said = if text::width(whole) <= room {
            whole
        } else {
            "DEMO · DEMO"
        };
        return said.to_owned();
    }
    match (&model.connection, &model.connect_failure) {
        (Some(connection), _) => {
            let name = connection.account_name.as_ref().map_or_else(
                || connection.account_sid.short(),
                crate::domain::Untrusted::visible,
            );
            let trial = if connection.is_trial { " · trial" } else { "" };
            let from = match &connection.source {
                Source::Profile(profile) => profile.clone(),
                Source::Environment => "environment".to_owned(),
                Source::Session => "this session".to_owned(),
                Source::Demo => "demo".to_owned(),
            };
            format!("{name}{trial} · {from}")
        }
        (None, Some(_)) => "not connected".to_owned(),
        (None, None) => "connecting".to_owned(),
    }
}

/// The rule and the keys. What does not fit is dropped whole, from the end; help and quit stay.
pub fn footer(frame: &mut Frame, model: &Model, look: Look, areas: &Areas) {
    let width = usize::from(areas.footer.width);
    // A notice stands where the rule is, so that the keys stay in sight.
    match &model.notice {
        Some(notice) => {
            let said = look.say(&notice.text);
            let line = text::truncate(&said, width.saturating_sub(2)).into_owned();
            let line = vec![Span::raw(" "), Span::styled(line, look.style(Role::Strong))];
            frame.render_widget(Line::from(line), areas.lower_rule);
        }
        None => rule(frame, look, areas.lower_rule),
    }
    let places = model.places();
    let bindings = read::in_force(&places);
    let (outer, inner): (Vec<&Binding>, Vec<&Binding>) = bindings
        .into_iter()
        .partition(|binding| matches!(binding.place, Place::Desk | Place::Always));
    let last: Vec<String> = outer
        .iter()
        .filter(|binding| match binding.action {
            Action::Help | Action::Palette | Action::Quit => true,
            Action::ShowPhone => model.setting.demo && areas.beside.is_none(),
            _ => false,
        })
        .map(|binding| hint(model, binding))
        .collect();
    let mut hints: Vec<String> = Vec::new();
    if places.first() == Some(&Place::Code) {
        hints.push("0-9 code".to_owned());
    }
    hints.extend(
        inner
            .iter()
            .filter(|binding| shown(model, binding))
            .map(|binding| hint(model, binding)),
    );
    // The help is always offered, and in the demo the phone, without which there is no code to type.
    let kept = if model.setting.demo && areas.beside.is_none() {
        2
    } else {
        1
    };
    let reserved = last
        .iter()
        .take(kept)
        .map(|hint| text::width(hint) + 3)
        .sum::<usize>();
    let mut line = String::from(" ");
    for hint in hints {
        if text::width(&line) + text::width(&hint) + reserved > width {
            break;
        }
        line.push_str(&hint);
        line.push_str("   ");
    }
    for hint in last {
        if text::width(&line) + text::width(&hint) <= width {
            line.push_str(&hint);
            line.push_str("   ");
        }
    }
    frame.render_widget(Line::from(look.text(line.trim_end())), areas.footer);
}

/// A binding that would do nothing now is not offered.
fn shown(model: &Model, binding: &Binding) -> bool {
    match binding.action {
        Action::Submit | Action::Down | Action::Reveal if binding.place == Place::History => {
            !model.history.is_empty()
        }
        Action::Connect => !model.setting.demo,
        Action::SignOut => {
            let source = model
                .connection
                .as_ref()
                .map(|connection| &connection.source);
            matches!(source, Some(Source::Profile(_)))
        }
        Action::Down if binding.place == Place::Review => {
            let (width, room) = layout::review_text(model.size);
            text::wrap(model.compose.body.text(), width).len() > room
        }
        Action::PlainText => model.compose.count().first_costly.is_some(),
        Action::Up | Action::Down
            if matches!(
                binding.place,
                Place::History | Place::Detail | Place::Pick | Place::Help
            ) =>
        {
            binding.action == Action::Down
        }
        Action::Up | Action::First | Action::Last | Action::PageUp | Action::PageDown => false,
        Action::Yes if binding.place == Place::Detail => marked_is_unknown(model),
        Action::Yes if binding.place == Place::VerifyUnknown => {
            let under_way = model.verify.check().and_then(Check::under_way);
            under_way.is_some_and(|(_, what)| what != What::Check)
        }
        Action::AskNow if binding.place != Place::Code => {
            !model.searches.is_empty() || model.follow.deadline().is_some()
        }
        action => model.offers(action),
    }
}

/// The marked entry of the history may be sent once more.
fn marked_is_unknown(model: &Model) -> bool {
    let newest = model.history.entry(model.history.selected).next();
    newest.is_some_and(|row| {
        matches!(
            (&row.state, &row.operation.intent),
            (OpState::Unknown(_), Intent::Text(_))
        )
    })
}

fn hint(model: &Model, binding: &Binding) -> String {
    let wait = (binding.action == Action::SendAgain && binding.place == Place::Code)
        .then(|| {
            model
                .verify
                .check()
                .and_then(|check| check.send_wait(model.now))
        })
        .flatten();
    let wait = wait
        .map(|wait| format!(" ({})", clock(wait)))
        .unwrap_or_default();
    let letters = binding.chords.contains(&Chord::plain(Key::Char('j')));
    let chord = if binding.action == Action::Down && letters {
        "j k".to_owned()
    } else if binding.place == Place::Palette && binding.action == Action::Down {
        "Up Down".to_owned()
    } else {
        binding.chords[0].to_string()
    };
    let moves = matches!(chord.as_str(), "j k" | "Up Down");
    let words = if moves { "move" } else { binding.hint };
    format!("{chord} {words}{wait}")
}

/// A question in the middle of the pane, which owns all keys.
pub fn question(frame: &mut Frame, model: &Model, look: Look, area: Rect, overlay: &Overlay) {
    let (title, why, keys) = match overlay {
        Overlay::Quit => {
            let waiting = model
                .verify
                .checks
                .iter()
                .filter(|check| check.is_unfinished())
                .count();
            let why = match waiting {
                0 => "Something is still being sent. Leaving now leaves it to be looked up at the next start.".to_owned(),
                1 => "One check is waiting. It goes on at Twilio, and stays in the history.".to_owned(),
                n => format!("{n} checks are waiting. They go on at Twilio, and stay in the history."),
            };
            ("Leave tuilio?", why, "y or Ctrl-Q leave   Esc stay")
        }
        Overlay::SignOut => (
            "Sign out?",
            "The keys of this profile are removed from the keyring. The history stays.".to_owned(),
            "y sign out   Esc stay",
        ),
        _ => return,
    };
    let width = area.width.saturating_sub(8).min(64);
    let inner = usize::from(width.saturating_sub(4));
    let mut lines = vec![
        Line::default(),
        Line::from(Span::styled(format!("  {title}"), look.style(Role::Strong))),
    ];
    lines.extend(
        rows(&why, inner)
            .into_iter()
            .map(|row| Line::from(format!("  {row}"))),
    );
    lines.extend([
        Line::default(),
        Line::from(format!("  {keys}")),
        Line::default(),
    ]);
    let height = (lines.len() as u16).min(area.height);
    let place = Rect::new(
        area.x + (area.width - width) / 2,
        area.y + (area.height - height) / 2,
        width,
        height,
    );
    // The whole rows, so that no half of a word looks out beside it.
    frame.render_widget(
        Clear,
        Rect {
            x: area.x,
            width: area.width,
            ..place
        },
    );
    frame.render_widget(Paragraph::new(lines), place);
    // The field under it takes no keys now.
    let answer = place.bottom().saturating_sub(3).max(place.y);
    frame.set_cursor_position(Position::new(place.x + 2, answer));
    let edge = Line::from(look.rule().repeat(usize::from(width)));
    frame.render_widget(&edge, Rect { height: 1, ..place });
    frame.render_widget(
        &edge,
        Rect {
            y: place.bottom().saturating_sub(1),
            height: 1,
            ..place
        },
    );
}

/// The bar between the pane and what is beside it.
pub fn bar(frame: &mut Frame, look: Look, beside: Rect) {
    let lines = vec![Line::from(look.bar()); usize::from(beside.height)];
    frame.render_widget(Paragraph::new(lines), Rect { width: 1, ..beside });
}

fn rule(frame: &mut Frame, look: Look, area: Rect) {
    frame.render_widget(
        Line::from(look.rule().repeat(usize::from(area.width))),
        area,
    );
}
