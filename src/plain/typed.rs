//! What a typed line means: keys and pastes, as if they had been pressed on the screen.
//!
//! An empty line is Enter, where Enter does something. A number or a letter takes what was offered by it; the
//! name of a key presses it; the words of an offer do it; where a list is asked about, a number takes its row.
//! Everything else is data for the field that waits, as a paste is, so that a line can never send by itself. In the
//! text to a customer every line is text, and a command has a colon before it.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::paste;
use crate::keymap::{Action, Binding, Chord, Key, Place};
use crate::model::compose::Compose;
use crate::model::{Click, Event, Model, Pasted};
use crate::view::{self, Look, lines};

use super::choices::{Choice, choices, digits, field, is_text, is_undoable, undo};
use super::spoken::has_begun;

/// What the line stands for; nothing where it means nothing here.
pub fn events(model: &Model, look: Look, line: &str) -> Vec<Event> {
    let look = view::spoken(model, look);
    let line = line.trim_end_matches(['\r', '\n']);
    let word = line.trim();
    if word.is_empty() {
        let enter = Chord::plain(Key::Enter);
        let acts = model.setting.keymap.resolve(&model.places(), enter);
        let takes_it = acts.is_some() || field(model).is_some_and(Place::takes_text);
        return takes_it.then(|| press(enter)).into_iter().collect();
    }
    if model.places() == [Place::Locked] {
        // What opens a locked desk is said twice in a row: any other line begins that anew.
        let chord = chord(model, look, word).unwrap_or(Chord::plain(Key::Esc));
        return vec![press(chord)];
    }
    if is_text(model) {
        return in_text(model, look, line);
    }
    if let Some(row) = picked(model, word) {
        return row;
    }
    let command = word.strip_prefix(':').map_or(word, str::trim);
    if let Some(chord) = chord(model, look, command) {
        return vec![press(chord)];
    }
    data(model, line)
}

/// What several lines mean that came at once: data for the field that waits. No line of them is Enter or a command.
pub fn paste(model: &Model, text: &str) -> Vec<Event> {
    if text.trim().is_empty() || model.places() == [Place::Locked] {
        return Vec::new();
    }
    if is_text(model) {
        // Its last line may still stand behind the prompt, with empty lines before it: a field drops those at the end.
        let begun = text.trim_end_matches('\n');
        let mut events = written(model, begun);
        events.extend(text[begun.len()..].chars().map(|_| pasted("\n")));
        return events;
    }
    data(model, text.trim_matches(['\r', '\n']))
}

/// Data for the field that waits.
fn data(model: &Model, line: &str) -> Vec<Event> {
    let word = line.trim();
    match field(model) {
        // Other digits beside a code are read out first: an empty line checks it.
        Some(Place::Code) if !is_only_code(model, word) => vec![pasted(word)],
        // There is nothing to lose by going on, and nothing is sent by it.
        Some(Place::MessageTo | Place::Code) => {
            vec![pasted(word), press(Chord::plain(Key::Enter))]
        }
        Some(Place::MessageDone)
            if (model.compose).begins_next(word, &model.setting.default_country) =>
        {
            vec![pasted(word), press(Chord::plain(Key::Enter))]
        }
        Some(Place::Welcome) => vec![pasted(line)],
        Some(place) if place.takes_text() => vec![pasted(line)],
        _ => Vec::new(),
    }
}

/// Nothing but the code has digits in the line.
fn is_only_code(model: &Model, line: &str) -> bool {
    let Some(check) = model.verify.check() else {
        return true;
    };
    paste::find_code(line, check.length()).is_ok_and(|code| paste::is_only_code(line, &code))
}

/// In the text a line is text, and with a colon before it a command, never one for the other: a command that
/// is mistyped is not written to a customer. Two colons are a line that begins with one.
fn in_text(model: &Model, look: Look, line: &str) -> Vec<Event> {
    match line.trim_start().strip_prefix(':') {
        Some(rest) if rest.starts_with(':') => written(model, rest),
        Some(command) => {
            let command = command.trim();
            if is_undoable(model) && is_one_of(command, &["undo", &undo(look)]) {
                return without_last_line(model);
            }
            let digit = command.parse::<usize>();
            if digit.is_ok_and(|digit| digit == 0 || digit > digits(model)) {
                return Vec::new();
            }
            let chord = chord(model, look, command);
            chord.map(press).into_iter().collect()
        }
        None => written(model, line),
    }
}

/// A line of the text, after the others; while blanks are open, the value of one of them.
fn written(model: &Model, line: &str) -> Vec<Event> {
    let mut compose = model.compose.clone();
    if compose.body.is_empty() {
        return vec![pasted(line)];
    }
    let tab = press(chord_of(model, Action::NextField, Key::Tab));
    let mut events = vec![tab.clone(); to_blank(&mut compose)];
    if compose.blanks.marked(compose.body.text()).is_none() {
        events.extend(to_end(model));
        events.extend([pasted("\n"), pasted(line)]);
        return events;
    }
    compose.insert_into_body(line);
    events.push(pasted(line));
    events.extend(vec![tab; to_blank(&mut compose)]);
    events
}

/// Goes to the blank that the next line fills, and how often Tab is pressed for it: the marked one, else the
/// next that is open, else none.
fn to_blank(compose: &mut Compose) -> usize {
    let open = compose.blanks.unfilled(compose.body.text());
    if compose.blanks.marked(compose.body.text()).is_some() || open.is_empty() {
        return 0;
    }
    let is_there = |compose: &Compose| {
        let marked = compose.blanks.marked(compose.body.text());
        marked.is_some_and(|at| open.contains(&at))
    };
    let mut pressed = 0;
    while pressed < compose.blanks.count() && !is_there(compose) {
        compose.turn_blank(true);
        pressed += 1;
    }
    pressed
}

/// The blank that the next line fills.
pub(super) fn next_blank(model: &Model) -> Option<String> {
    let mut compose = model.compose.clone();
    to_blank(&mut compose);
    compose.blanks.marked_name().map(str::to_owned)
}

/// The last line of the text goes, and the end of the line before it.
fn without_last_line(model: &Model) -> Vec<Event> {
    let text = model.compose.body.text();
    let last = text.rfind('\n').map_or(text, |at| &text[at..]);
    let back = press(Chord::plain(Key::Backspace));
    let mut events = to_end(model);
    events.extend(vec![back; last.graphemes(true).count()]);
    events
}

/// To the end of the text.
fn to_end(model: &Model) -> Vec<Event> {
    let body = &model.compose.body;
    let after = &body.text()[body.cursor()..];
    vec![press(Chord::plain(Key::Right)); after.graphemes(true).count()]
}

fn chord_of(model: &Model, action: Action, key: Key) -> Chord {
    let keymap = model.setting.keymap;
    keymap
        .chord(Place::Body, action)
        .unwrap_or(Chord::plain(key))
}

/// What is typed may be the keys to an account, so that it must not stay on the screen: they are asked for, or
/// it is not known yet whether they will be.
pub fn may_be_secret(model: &Model) -> bool {
    match model.places().first() {
        Some(Place::Welcome | Place::Paste) => true,
        // It may have been asked for when the desk was locked.
        Some(Place::Locked) => model.setup.is_some(),
        _ => !has_begun(model),
    }
}

/// The row of a list that is taken by its number: a click marks it where it is not marked, and takes it.
fn picked(model: &Model, word: &str) -> Option<Vec<Event>> {
    let number: usize = word.parse().ok()?;
    let row = number
        .checked_sub(1)
        .filter(|row| *row < model.rows_to_pick())?;
    let is_marked = model
        .setup
        .as_ref()
        .is_none_or(|setup| setup.marked() == Some(row));
    let click = Event::Clicked(Click::Row(row));
    Some(if model.overlay.is_some() || is_marked {
        vec![click]
    } else {
        vec![click.clone(), click]
    })
}

/// The key behind a word: what was printed for a choice, a key by its name, what it does in words.
fn chord(model: &Model, look: Look, word: &str) -> Option<Chord> {
    let places = model.places();
    let keymap = model.setting.keymap;
    let offered = || {
        let all = choices(model, look);
        let typed = |choice: &Choice| choice.typed.trim_start_matches(':') == word;
        let exact = all.iter().find(|choice| typed(choice));
        let by_words = || all.iter().find(|choice| is_one_of(word, &[&choice.words]));
        exact.or_else(by_words).map(|choice| choice.chord)
    };
    let named = || {
        let chord = Chord::parse(word)?;
        keymap.resolve(&places, chord).map(|_| chord)
    };
    let by_words = || {
        let is_meant = |binding: &&Binding| {
            let words = lines::words(binding);
            is_one_of(word, &[&look.say(&words), &words.to_string(), binding.hint])
        };
        let in_force = keymap.in_force(&places);
        let binding = in_force.into_iter().find(is_meant)?;
        // Its first key may mean something else in a place further inside.
        let does = |chord: &&Chord| keymap.resolve(&places, **chord) == Some(binding.action);
        binding.chords.iter().find(does).copied()
    };
    // Back is the same everywhere, also where a letter or Enter is offered for it.
    let back = || {
        let esc = Chord::plain(Key::Esc);
        (word == "0" && keymap.resolve(&places, esc).is_some()).then_some(esc)
    };
    let help = || matches!(word, "h" | "?").then_some(Chord::plain(Key::F(1)));
    offered()
        .or_else(back)
        .or_else(named)
        .or_else(by_words)
        .or_else(help)
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    let word = word.to_lowercase();
    words.iter().any(|known| known.to_lowercase() == word)
}

fn press(chord: Chord) -> Event {
    Event::Key { chord, held: false }
}

fn pasted(text: &str) -> Event {
    Event::Pasted(Pasted(text.to_owned().into()))
}
