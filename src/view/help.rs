//! The page of help for where the agent is, read from the keymap table. What is typed looks for an
//! action in the help of the whole desk.

use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::untrusted::visible;
use crate::domain::{Phrase, phrase};
use crate::keymap::{Action, Binding, Place};
use crate::model::Setting;
use crate::model::field::Field;
use crate::model::palette::fold;
use crate::text;

use super::frame::Frame;
use super::lines;
use super::paper::rows;
use super::theme::{Look, Role};

/// Columns of the keys.
const KEYS: usize = 17;
/// Columns before them.
const MARGIN: usize = 3;

/// Draws the page.
pub fn draw(
    frame: &mut Frame,
    look: Look,
    area: Rect,
    setting: &Setting,
    places: &[Place],
    filter: &Field,
    scroll: u16,
) {
    let [first, rest] = [1, area.height.saturating_sub(1)].map(|height| Rect { height, ..area });
    heading(frame, look, first, places, filter);
    let rest = Rect {
        y: area.y + 1,
        ..rest
    };
    let width = usize::from(area.width);
    let wanted = fold(filter.text().trim());
    let told = if wanted.is_empty() {
        places
    } else {
        Place::ALL
    };
    let in_text = told == places && has_text(places);
    let told = told.iter().map(|&place| {
        let keys = keys(look, setting, place, in_text || has_text(&[place]));
        topic(look, place, keys, width, &wanted)
    });
    let mut lines: Vec<Line> = told.flatten().collect();
    lines.extend(files(look, setting, width, &wanted));
    if lines.is_empty() {
        lines.push(Line::default());
        lines.push(note(look, phrase!("No key has that in its help.")));
    }
    if !setting.plain {
        lines.push(Line::default());
        lines.push(note(
            look,
            phrase!("No key works behind this page. Nothing is sent from here."),
        ));
    }
    let most = (lines.len() as u16).saturating_sub(rest.height);
    frame.render_widget(Paragraph::new(lines).scroll((scroll.min(most), 0)), rest);
}

/// For which place the help is, or what is looked for.
fn heading(frame: &mut Frame, look: Look, area: Rect, places: &[Place], filter: &Field) {
    let title = match places.first() {
        Some(place) if filter.is_empty() => look.say(phrase!(
            "Help for: {place}",
            place = Phrase::of(place.title())
        )),
        _ => look.say(phrase!("Help with: {what}", what = visible(filter.text()))),
    };
    let mut hint = look.say(phrase!("type to search"));
    let mut room = usize::from(area.width).saturating_sub(text::width(&hint) + 2 * MARGIN + 2);
    if text::width(&title) > room {
        room += std::mem::take(&mut hint).len();
    }
    let title = text::truncate(&title, room).into_owned();
    let gap = usize::from(area.width)
        .saturating_sub(MARGIN + text::width(&title) + text::width(&hint) + 1);
    // What is typed stands at the end of the title.
    let at = area.x + (MARGIN + text::width(&title)) as u16;
    frame.set_cursor_position(Position::new(
        at.min(area.right().saturating_sub(1)),
        area.y,
    ));
    let line = Line::from(vec![
        Span::raw(" ".repeat(MARGIN)),
        Span::styled(title, look.style(Role::Strong)),
        Span::raw(" ".repeat(gap)),
        Span::styled(hint, look.style(Role::Dim)),
    ]);
    frame.render_widget(line, area);
}

/// Each line is text there, and a command of line mode begins with a colon.
fn has_text(places: &[Place]) -> bool {
    places
        .iter()
        .any(|place| matches!(place, Place::Body | Place::EmptyText))
}

/// Keys, or in line mode what is typed; their help, and by what they are found besides.
type Keys = Vec<(String, String, String)>;

/// What a place knows.
fn keys(look: Look, setting: &Setting, place: Place, in_text: bool) -> Keys {
    let plain = setting.plain;
    let mut keys = Vec::new();
    if place == Place::Code {
        let help = if plain {
            phrase!("Type the code as one line. It is checked at once.")
        } else {
            phrase!(
                "Type the code. It is checked by itself at the last digit; Backspace stops that."
            )
        };
        keys.push(("0-9".to_owned(), look.say(help), String::new()));
        keys.push((
            look.say(phrase!("paste")),
            look.say(phrase!("Any text: the digits of the code are found in it.")),
            String::new(),
        ));
    }
    let is_told = |binding: &&Binding| {
        let here = match binding.action {
            Action::ShowPhone | Action::TourCard => setting.demo,
            Action::Doctor => !setting.demo,
            _ => true,
        };
        !plain || (here && !lines::is_for_the_eye(binding))
    };
    keys.extend(look.keymap.of(place).filter(is_told).map(|binding| {
        let [help, hint] = [binding.help, binding.hint].map(|text| look.say(Phrase::of(text)));
        let key = if plain {
            lines::typed(look, binding, in_text)
        } else {
            look.keys(binding)
        };
        (key, help, hint)
    }));
    keys
}

/// The keys of a place whose help has what is wanted; nothing where none has.
fn topic(
    look: Look,
    place: Place,
    mut keys: Keys,
    width: usize,
    wanted: &str,
) -> Vec<Line<'static>> {
    let fits = |(key, help, hint): &(String, String, String)| {
        let said = [help, hint];
        wanted.is_empty()
            || said.iter().any(|text| fold(text).contains(wanted))
            || fold(key) == wanted
    };
    keys.retain(fits);
    if keys.is_empty() {
        return Vec::new();
    }
    let title = format!(
        "{}{}",
        " ".repeat(MARGIN),
        look.say(Phrase::of(place.title()))
    );
    let mut lines = vec![
        Line::default(),
        Line::from(Span::styled(title, look.style(Role::Strong))),
    ];
    for (key, help, _) in keys {
        lines.extend(row(width, &key, &help));
    }
    lines
}

/// Where the files are: whoever helps from afar asks for the log.
fn files(look: Look, setting: &Setting, width: usize, wanted: &str) -> Vec<Line<'static>> {
    let kept = !setting.demo;
    let files = [
        (phrase!("History"), kept.then_some(setting.kept_in.as_str())),
        (
            phrase!("Settings"),
            kept.then_some(setting.configured_in.as_str()),
        ),
        (phrase!("Log"), setting.logged_in.as_deref()),
    ];
    let mut lines = Vec::new();
    for (what, path) in files {
        let what = look.say(what);
        let fits = wanted.is_empty() || fold(&what).contains(wanted);
        if let Some(path) = path.filter(|path| fits && !path.is_empty()) {
            lines.extend(row(width, &what, &look.text(path)));
        }
    }
    if !lines.is_empty() {
        let title = look.say(phrase!("Files"));
        let title = format!("{}{title}", " ".repeat(MARGIN));
        let title = Line::from(Span::styled(title, look.style(Role::Strong)));
        lines.splice(0..0, [Line::default(), title]);
    }
    lines
}

fn row(width: usize, keys: &str, help: &str) -> Vec<Line<'static>> {
    // Keys that are too long for their column stand above their help.
    let above = text::width(keys) >= KEYS;
    let mut lines = Vec::new();
    if above {
        lines.push(Line::from(format!("{}{keys}", " ".repeat(MARGIN))));
    }
    let room = width.saturating_sub(MARGIN + KEYS + 1).max(8);
    for (n, help) in rows(help, room).iter().enumerate() {
        let keys = if n == 0 && !above { keys } else { "" };
        let keys = text::pad(keys, KEYS.max(text::width(keys) + 2));
        lines.push(Line::from(format!("{}{keys}{help}", " ".repeat(MARGIN))));
    }
    lines
}

fn note(look: Look, phrase: Phrase) -> Line<'static> {
    let said = format!("{}{}", " ".repeat(MARGIN), look.say(phrase));
    Line::from(Span::styled(said, look.style(Role::Dim)))
}
