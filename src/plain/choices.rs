//! What can be typed now: each offer, with what is typed for it exactly as it is printed.
//!
//! A letter, Enter, `0` for back, and a number for everything else. In the text to a customer each line is
//! text, so that a command has a colon and its words: `:back`. No line is ever both.

use crate::domain::{Phrase, phrase};
use crate::keymap::{Action, Chord, Key, Place};
use crate::model::Model;
use crate::view::lines::{self, Offer};
use crate::view::{self, Look};

/// Something that can be typed now.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What is typed for it.
    pub typed: String,
    /// What it does, in two or three words.
    pub words: String,
    /// The key that does it on the screen.
    pub chord: Chord,
}

/// Each line is text to a customer, and a command begins with a colon.
pub fn is_text(model: &Model) -> bool {
    matches!(field(model), Some(Place::Body | Place::EmptyText))
}

/// Where what is typed goes: what lies around it is passed over.
pub fn field(model: &Model) -> Option<Place> {
    model.places().into_iter().find(|place| !place.is_around())
}

/// What can be typed now, what matters most first.
pub fn choices(model: &Model, look: Look) -> Vec<Choice> {
    if is_text(model) {
        return in_text(model, look);
    }
    let mut number = 0;
    lines::offers(model)
        .into_iter()
        .map(|offer| {
            let typed = match (offer.chord.key, offer.chord.text()) {
                (Key::Esc, _) => "0".to_owned(),
                (Key::Enter, _) => "Enter".to_owned(),
                (_, Some(letter)) if letter.is_alphabetic() => letter.to_string(),
                _ => {
                    number += 1;
                    number.to_string()
                }
            };
            choice(look, &offer, typed)
        })
        .collect()
}

fn choice(look: Look, offer: &Offer, typed: String) -> Choice {
    let words = look.say(&offer.words);
    // How long to wait for it is said elsewhere.
    let words = words.split(" (").next().unwrap_or(&words).to_owned();
    Choice {
        typed,
        words,
        chord: offer.chord,
    }
}

/// In the text, and what is offered in every pane as well, for no other line leads out.
fn in_text(model: &Model, look: Look) -> Vec<Choice> {
    let mut all: Vec<Choice> = lines::offers(model)
        .into_iter()
        // Which one is printed for all of them at once.
        .filter(|offer| offer.action != Action::TakeTemplate)
        .map(|offer| {
            let said = choice(look, &offer, String::new());
            let typed = match offer.chord.key {
                Key::Enter => "Enter".to_owned(),
                _ => format!(":{}", said.words),
            };
            Choice { typed, ..said }
        })
        .collect();
    let help = model.setting.keymap.chord(Place::Desk, Action::Help);
    all.extend(help.map(|chord| {
        let words = look.say(Phrase::of("help"));
        Choice {
            typed: format!(":{words}"),
            words,
            chord,
        }
    }));
    all
}

/// All choices in one line.
pub fn line(model: &Model, look: Look) -> String {
    let rows = match model.rows_to_pick() {
        0 => None,
        n => Some(format!("1-{n} {}", look.say(phrase!("take that one")))),
    };
    let templates = templates(model).map(|templates| look.say(templates));
    let offered = choices(model, look).into_iter().map(|choice| {
        if choice.typed.starts_with(':') {
            choice.typed
        } else {
            format!("{} {}", choice.typed, choice.words)
        }
    });
    let last = is_undoable(model).then(|| format!(":{}", undo(look)));
    let all: Vec<String> = rows
        .into_iter()
        .chain(templates)
        .chain(offered)
        .chain(last)
        .collect();
    look.say(phrase!("Choices: {list}.", list = all.join(", ")))
}

/// How a template is taken, over an empty text.
fn templates(model: &Model) -> Option<Phrase> {
    match digits(model) {
        0 => None,
        1 => Some(phrase!(":1 takes the template")),
        n => Some(phrase!(":1 to :{n} take a template", n = n)),
    }
}

/// How many templates a digit takes now.
pub fn digits(model: &Model) -> usize {
    match field(model) {
        Some(Place::EmptyText) => model.compose.templates.list.len().min(9),
        _ => 0,
    }
}

/// The word that takes the last line of a text back.
pub fn undo(look: Look) -> String {
    look.say(Phrase::of("undo"))
}

/// There is a last line to take back. A blank is filled anew instead.
pub fn is_undoable(model: &Model) -> bool {
    let compose = &model.compose;
    is_text(model) && !compose.body.is_empty() && compose.blanks.is_empty()
}

/// What is unmistakable about the next line, said once when it begins to be so.
pub fn guide(model: &Model) -> Option<Phrase> {
    if !is_text(model) {
        return None;
    }
    let blanks = &model.compose.blanks;
    Some(match super::typed::next_blank(model) {
        Some(blank) => phrase!(
            "Your next line goes into {blank}. A command begins with a colon.",
            blank = blank
        ),
        None if !blanks.is_empty() && model.policy.templates_only => {
            phrase!("Every blank is filled. A command begins with a colon.")
        }
        None if !blanks.is_empty() => phrase!(
            "Every blank is filled. A further line goes to the end of the text; a command begins with a colon."
        ),
        None => phrase!("Each line is text to the customer. A command begins with a colon."),
    })
}

/// What is said to a paste that nothing here takes.
pub fn no_paste(model: &Model, look: Look) -> String {
    let look = view::spoken(model, look);
    look.say(phrase!(
        "Several lines came at once, as a paste does, and nothing here takes them: nothing was done. Type one line, then the next."
    ))
}

/// What is said to a line that means nothing here.
pub fn refusal(model: &Model, look: Look, line: &str) -> String {
    let look = view::spoken(model, look);
    if line.trim().is_empty() {
        let nothing = look.say(phrase!("An empty line does nothing here."));
        return format!("{nothing} {}", self::line(model, look));
    }
    let help = look.say(Phrase::of("help"));
    look.say(match line.trim().strip_prefix(':') {
        Some(word) if is_text(model) => phrase!(
            "There is no command :{word} here, and nothing was written. :{help} lists the commands; a text line that begins with a colon needs two.",
            word = crate::domain::untrusted::visible(word.trim()),
            help = help
        ),
        _ => phrase!("That is none of the choices. \"{help}\" lists all commands.", help = help),
    })
}
