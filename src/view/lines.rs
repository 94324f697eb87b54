//! The desk as lines: the same panes, the same words, for whoever listens instead of looks.
//!
//! The pane is drawn as on a very large screen, where nothing is wrapped early and nothing is dropped, and
//! read back row by row. So whatever a pane learns to show, the line mode says. Tabs, rules, the column
//! beside and the keys are left out: they stand still, or are offered as [`Offer`]s.

use std::collections::BTreeMap;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Rect};

use crate::domain::{Phrase, phrase};
use crate::keymap::{Action, Binding, Chord, Key, Place};
use crate::layout::Size;
use crate::model::{Model, Overlay};
use crate::text;

use super::footer;
use super::frame::Frame;
use super::theme::{Look, Role};

/// The size of a desk that is read as lines: a page of a list is a screenful of speech.
pub const SIZE: Size = Size {
    width: 99,
    height: 30,
};

/// Columns and rows of the paper that a pane is written on. A longer line is two lines.
const PAPER: Rect = Rect::new(0, 0, 240, 160);

/// Stands in the text of a row for what a person wrote there.
const QUOTE: char = '\u{fdd0}';

/// A row of the pane, without what only the eye needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The agent's attention is here.
    pub focused: bool,
    /// What it says in our words.
    pub text: String,
    /// What persons wrote in it, one after another.
    pub quotes: Vec<String>,
}

impl Row {
    /// The whole row, with our words put in another way, and those of persons as they are.
    pub fn said(&self, ours: impl Fn(&str) -> String) -> String {
        let text = ours(&self.text);
        let mut pieces = text.split(QUOTE);
        let mut all = pieces.next().unwrap_or_default().to_owned();
        for (piece, quote) in pieces.zip(&self.quotes) {
            all.push_str(quote);
            all.push_str(piece);
        }
        all
    }
}

/// Something that can be done now.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The key that does it on the screen.
    pub chord: Chord,
    /// What it stands for.
    pub action: Action,
    /// What it does, in two or three words.
    pub words: Phrase,
}

/// The rows of the pane, or of the page that lies over it, from top to bottom.
pub fn rows(model: &Model, look: Look) -> Vec<Row> {
    let look = super::spoken(model, look);
    let Ok(mut terminal) = Terminal::new(TestBackend::new(PAPER.width, PAPER.height));
    let mut numbers = BTreeMap::new();
    let mut quotes = Vec::new();
    let Ok(frame) = terminal.draw(|frame| {
        let (frame, mut body) = (&mut Frame::new(frame), PAPER);
        match &model.overlay {
            _ if !model.lock.is_closed() => {
                super::strips(frame, model, look, &mut body);
                super::pane(frame, model, look, body);
            }
            Some(question @ Overlay::Quit) => {
                super::chrome::question(frame, model, look, body, question);
            }
            _ => super::lock::draw(frame, model, look, body),
        }
        if model.rows_to_pick() > 0 {
            numbers.extend(frame.rows());
        }
        quotes.extend_from_slice(frame.quotes());
    });
    frame
        .buffer
        .content()
        .chunks(usize::from(PAPER.width))
        .zip(0..)
        .filter_map(|(cells, at)| {
            let (drawn, quotes) = drawn(cells, &quotes.iter().filter(|(begin, ..)| begin.y == at));
            let row = Row {
                quotes,
                ..row(&drawn, look)?
            };
            // Whoever cannot mark a row types its number.
            Some(match numbers.get(&at) {
                Some(number) => Row {
                    text: format!("{number}: {}", row.text),
                    ..row
                },
                None => row,
            })
        })
        .collect()
}

/// The cells of a row as a text, and what persons wrote in it, for which one sign stands. A wide character
/// takes two cells.
fn drawn<'a>(
    cells: &[Cell],
    quotes: &(impl Iterator<Item = &'a (Position, u16, String)> + Clone),
) -> (String, Vec<String>) {
    let (mut text, mut found, mut at) = (String::new(), Vec::new(), 0);
    while let Some(cell) = cells.get(at) {
        let quote = quotes
            .clone()
            .find(|(begin, ..)| usize::from(begin.x) == at);
        if let Some((_, width, words)) = quote {
            text.push(QUOTE);
            found.push(words.clone());
            at += usize::from(*width).max(1);
        } else {
            text.extend(cell.symbol().chars().filter(|c| *c != QUOTE));
            at += text::width(cell.symbol()).max(1);
        }
    }
    (text, found)
}

/// What can be done now, what matters most first.
pub fn offers(model: &Model) -> Vec<Offer> {
    model
        .setting
        .keymap
        .in_force(&model.places())
        .into_iter()
        .filter(|binding| footer::is_of_the_pane(binding) && footer::shown(model, binding))
        // What is on its way comes by itself, and to offer the question each time it may be asked is noise.
        .filter(|binding| binding.action != Action::AskNow && !is_for_the_eye(binding))
        .map(offer)
        .collect()
}

fn offer(binding: &Binding) -> Offer {
    // A letter is typed more easily than the name of a key.
    let letter = binding
        .chords
        .iter()
        .find(|chord| chord.text().is_some_and(char::is_alphabetic));
    let enter = binding
        .chords
        .iter()
        .find(|chord| **chord == Chord::plain(Key::Enter));
    Offer {
        chord: *enter.or(letter).unwrap_or(&binding.chords[0]),
        action: binding.action,
        words: words(binding),
    }
}

/// What a key does, in two or three words. Where each line is a new one anyhow, an empty one is meant.
pub fn words(binding: &Binding) -> Phrase {
    match binding.action {
        Action::NewLine => phrase!("empty line"),
        _ => Phrase::of(binding.hint),
    }
}

/// What is typed for a key, as the help says it: a colon and its words where each line is text.
pub fn typed(look: Look, binding: &Binding, in_text: bool) -> String {
    let words = look.say(words(binding));
    let has = |key| binding.chords.contains(&Chord::plain(key));
    let letter = binding.chords.iter().find_map(|chord| chord.text());
    match letter.filter(|letter| letter.is_alphabetic()) {
        _ if binding.action == Action::TakeTemplate => ":1".to_owned(),
        _ if has(Key::Enter) => "Enter".to_owned(),
        _ if in_text => format!(":{words}"),
        Some(letter) => format!("{letter}, {words}"),
        None if has(Key::Esc) => format!("0, {words}"),
        None => words,
    }
}

/// It does nothing for whoever reads lines: a page is read whole, and nothing is drawn.
pub fn is_for_the_eye(binding: &Binding) -> bool {
    let scrolls = matches!(
        binding.action,
        Action::Up | Action::Down | Action::PageUp | Action::PageDown
    );
    match binding.place {
        Place::Help | Place::Card | Place::Review | Place::ReviewCaution => scrolls,
        _ => matches!(
            binding.action,
            Action::Redraw | Action::Suspend | Action::Mouse | Action::Interrupt
        ),
    }
}

/// A drawn row as it is said: no marks, no dots, no rules, single spaces. None where nothing is left.
fn row(drawn: &str, look: Look) -> Option<Row> {
    let focus = look.mark(Role::Focus);
    let drawn = drawn.trim();
    let focused = drawn.starts_with(focus);
    let columns: Vec<String> = drawn
        .split("  ")
        .map(|column| said(column, look))
        .filter(|column| !column.is_empty())
        .collect();
    let text = columns.join(", ").replace(":, ", ": ");
    let is_rule = text.chars().all(|c| !c.is_alphanumeric() && c != QUOTE);
    // The box of the code shows what is typed, and nothing that is typed is repeated.
    let is_code_box = text.contains("_ _");
    (!is_rule && !is_code_box).then_some(Row {
        focused,
        text,
        quotes: Vec::new(),
    })
}

/// A piece of a row without the marks before its words and the dots after them.
fn said(column: &str, look: Look) -> String {
    let dots = [look.dots(1, 1), look.dots(0, 1)].concat();
    let mut words = column.trim();
    for (role, _) in Role::ALL {
        let mark = look.mark(role);
        if let Some(rest) = words.strip_prefix(mark).filter(|_| !mark.is_empty()) {
            words = rest.trim_start();
            break;
        }
    }
    let only_dots = words.chars().all(|c| dots.contains(c));
    let frame = ['│', '╭', '╮', '╰', '╯', '─', '|'];
    if only_dots {
        return String::new();
    }
    words
        .trim_matches(|c: char| frame.contains(&c) || c.is_whitespace())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_said_without_what_only_the_eye_needs() {
        for (drawn, said) in [
            (
                "   Tries left  4 of 5  ●●●●○       until 14:11  8:42 left",
                Some("Tries left, 4 of 5, until 14:11, 8:42 left"),
            ),
            (
                "   ✓ Sent 14:01:12     … Waiting for the code",
                Some("Sent 14:01:12, Waiting for the code"),
            ),
            (
                " ▸ To          +1 415 555 0123",
                Some("To, +1 415 555 0123"),
            ),
            (" ▸ Code        4 8 2   _ _ _", None),
            ("────────", None),
            ("", None),
        ] {
            let row = row(drawn, Look::default());
            assert_eq!(row.map(|row| row.text).as_deref(), said, "{drawn}");
        }
    }
}
