//! Pictures of the screen that a person can review: the rows as text, then what is drawn in another
//! style than plain text by the name of its meaning, then where the cursor stands.

use std::fmt::Write;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use tuilio::domain::{OpState, Settled};
use tuilio::layout::Size;
use tuilio::model::Model;
use tuilio::view::{self, Look, Role, Spots};

/// Sizes from nothing to a wall, around each border of the layout.
const SIZES: [(u16, u16); 12] = [
    (1, 1),
    (2, 30),
    (40, 3),
    (59, 15),
    (60, 14),
    (60, 15),
    (80, 24),
    (99, 24),
    (100, 20),
    (139, 30),
    (140, 40),
    (200, 60),
];

/// Draws the desk, and finds out where the cursor is.
pub fn draw(model: &Model, look: Look) -> (Buffer, Option<Position>) {
    let mut terminal =
        Terminal::new(TestBackend::new(model.size.width, model.size.height)).unwrap();
    terminal
        .draw(|frame| drop(view::draw(frame, model, look)))
        .unwrap();
    let backend = terminal.backend();
    let cursor = backend.cursor_visible().then(|| backend.cursor_position());
    (backend.buffer().clone(), cursor)
}

/// What on the screen can be clicked.
pub fn spots(model: &Model, look: Look) -> Spots {
    let mut terminal =
        Terminal::new(TestBackend::new(model.size.width, model.size.height)).unwrap();
    let mut spots = Spots::default();
    terminal
        .draw(|frame| spots = view::draw(frame, model, look))
        .unwrap();
    spots
}

/// The rows as text.
pub fn text(model: &Model, look: Look) -> String {
    rows(&draw(model, look).0).join("\n")
}

/// Rows, styles, cursor.
pub fn picture(model: &Model, look: Look) -> String {
    let (buffer, cursor) = draw(model, look);
    let look = view::spoken(model, look);
    let mut picture = String::new();
    for row in rows(&buffer) {
        writeln!(picture, "|{row}").unwrap();
    }
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let role = role(&buffer[(x, y)], look);
            let end = (x..buffer.area.width)
                .find(|&x| self::role(&buffer[(x, y)], look) != role)
                .unwrap_or(buffer.area.width);
            if role != "plain" {
                writeln!(picture, "row {y}: {x}..{end} {role}").unwrap();
            }
            x = end;
        }
    }
    match cursor {
        Some(Position { x, y }) => writeln!(picture, "cursor: row {y}, column {x}").unwrap(),
        None => writeln!(picture, "cursor: hidden").unwrap(),
    }
    picture
}

/// The model can be drawn at any size and in any look, and no byte that steers a terminal, and no mark
/// that turns the direction of a text, is in what is drawn.
pub fn check_sizes(model: &Model) {
    let looks = [
        Look::default(),
        Look {
            color: false,
            ascii: true,
            ..Look::default()
        },
    ];
    for (n, (width, height)) in SIZES.into_iter().enumerate() {
        let model = Model {
            size: Size { width, height },
            ..model.clone()
        };
        let look = looks[n % looks.len()];
        let (buffer, cursor) = draw(&model, look);
        let look = view::spoken(&model, look);
        for cell in buffer.content() {
            assert!(
                cell.symbol().chars().all(is_harmless),
                "{:?} reached the screen at {width}x{height}",
                cell.symbol()
            );
            role(cell, look);
        }
        if let Some(Position { x, y }) = cursor {
            assert!(
                x < width && y < height,
                "the cursor is outside of {width}x{height}"
            );
        }
    }
}

/// What became of an operation, in a word or two that a test can name.
pub fn state(state: &OpState) -> String {
    match state {
        OpState::Settled(Settled::Text {
            status, error_code, ..
        }) => {
            format!(
                "{}{}",
                status.as_str(),
                error_code
                    .map(|code| format!(" {code}"))
                    .unwrap_or_default()
            )
        }
        OpState::Settled(Settled::Verification {
            status, channel, ..
        }) => format!("{} by {}", status.as_str(), channel.as_str()),
        OpState::Refused(failure) => format!(
            "refused {}",
            failure
                .code
                .map(|code| code.to_string())
                .unwrap_or_default()
        ),
        other => other.word().to_owned(),
    }
}

/// The rows as text.
pub fn rows(buffer: &Buffer) -> Vec<String> {
    let row = |y| {
        let mut row = String::new();
        let mut covered = 0;
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if covered > 0 {
                covered -= 1;
                continue;
            }
            row.push_str(symbol);
            covered = tuilio::text::width(symbol).saturating_sub(1);
        }
        row.trim_end().to_owned()
    };
    (0..buffer.area.height).map(row).collect()
}

/// The first meaning that looks like this.
fn role(cell: &Cell, look: Look) -> &'static str {
    let same = |&(role, _): &(Role, &str)| {
        let mut plain = Cell::default();
        plain.set_style(look.style(Role::Plain));
        plain.set_style(look.style(role));
        plain.style() == cell.style()
    };
    Role::ALL.iter().find(|role| same(role)).map_or_else(
        || panic!("{:?} has a style without a meaning", cell.symbol()),
        |(_, name)| name,
    )
}

/// The character does not steer a terminal.
pub fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
