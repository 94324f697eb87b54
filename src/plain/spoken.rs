//! What is printed: each change as a line, once.

use std::collections::BTreeSet;
use std::mem::{Discriminant, discriminant};

use crate::domain::{PhoneNumber, Phrase, phrase, untrusted};
use crate::keymap::{Chord, Key, Place};
use crate::model::compose::Stage;
use crate::model::recipient::Reading;
use crate::model::{Model, Overlay, Pane};
use crate::view::lines::{self, Offer, Row};
use crate::view::{self, Look};

/// Remembers what was said, so that only news is.
#[derive(Debug, Default)]
pub struct Spoken {
    page: Option<Page>,
    rows: BTreeSet<Row>,
    choices: String,
    notice: Option<Phrase>,
    number: Option<PhoneNumber>,
}

impl Spoken {
    /// The lines that are new since the last time.
    pub fn news(&mut self, model: &Model, look: Look) -> Vec<String> {
        let look = view::spoken(model, look);
        let mut said = Vec::new();
        let page = Some(page(model));
        if page != self.page {
            // Another page is read from its beginning, also what the last one had in common with it.
            self.rows.clear();
            self.page = page;
        }
        let rows = lines::rows(model, look);
        let standing: BTreeSet<Row> = rows.iter().map(still).collect();
        for row in rows {
            let known = still(&row);
            let other = Row {
                focused: !known.focused,
                ..known.clone()
            };
            // Where the attention has left a row, nothing new is in it.
            let old = self.rows.contains(&known) || (!row.focused && self.rows.contains(&other));
            if !old {
                said.push(row.text);
            }
        }
        self.rows = standing;
        let number = number(model);
        if number != self.number {
            let plus = look.say(phrase!("plus"));
            said.extend(number.iter().map(|number| {
                let digits = spelled(&number.grouped(), &plus);
                look.say(phrase!("It reads: {digits}.", digits = digits))
            }));
            self.number = number;
        }
        let notice = model.notice.as_ref().map(|notice| notice.text.clone());
        if notice != self.notice {
            said.extend(notice.iter().map(|notice| look.say(notice)));
            self.notice = notice;
        }
        let choices = choices(model, look);
        // While something is under way, lines wait: there is nothing to choose.
        if choices != self.choices && is_free(model) {
            said.push(choices.clone());
            self.choices = choices;
        }
        said.iter()
            .map(|line| untrusted::visible(&by_words(model, look, line)))
            .collect()
    }
}

/// A line in which no key is named that has no letter: whoever listens types what it does instead, in the
/// words of the choices.
fn by_words(model: &Model, look: Look, line: &str) -> String {
    let places = model.places();
    let keymap = &model.setting.keymap;
    let words = line.split_inclusive(|c: char| !c.is_alphanumeric() && c != '-');
    let said = words.map(|piece| {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_key = word == "Tab"
            || word.starts_with("Ctrl-")
            || word
                .strip_prefix('F')
                .is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
        let chord = is_key.then(|| Chord::parse(word)).flatten();
        let action = chord.and_then(|chord| keymap.resolve(&places, chord));
        let hint = keymap
            .in_force(&places)
            .into_iter()
            .find(|binding| Some(binding.action) == action)
            .map(|binding| look.say(Phrase::of(binding.hint)));
        match hint.filter(|_| action.is_some()) {
            Some(hint) => format!("\"{hint}\"{}", &piece[word.len()..]),
            None => piece.to_owned(),
        }
    });
    said.collect()
}

/// It is known whether there are keys, or that they have to be asked for.
pub fn has_begun(model: &Model) -> bool {
    let connected = model.connection.is_some() || model.connect_failure.is_some();
    connected || model.setup.is_some()
}

/// Nothing is under way that a line would have to wait for.
pub fn is_free(model: &Model) -> bool {
    let place = model.places().first().copied();
    has_begun(model) && !matches!(place, Some(Place::Busy | Place::SetupBusy))
}

/// The number that is being typed, once it is one: a reader would say it as one large number.
fn number(model: &Model) -> Option<PhoneNumber> {
    let reading = match (model.pane, model.verify.shown) {
        (Pane::Verify, None) => &model.verify.reading,
        (Pane::Message, _) => &model.compose.reading,
        _ => return None,
    };
    match reading {
        Reading::Phone { number, .. } => Some(number.clone()),
        _ => None,
    }
}

/// What makes a page another one: the pane, the check on it, a text that is read once more before it
/// goes, and what lies over it.
type Page = (Pane, Option<usize>, bool, Option<Discriminant<Overlay>>);

fn page(model: &Model) -> Page {
    let overlay = model.overlay.as_ref().map(discriminant);
    let review = matches!(model.compose.stage, Stage::Review { .. });
    (model.pane, model.verify.shown, review, overlay)
}

/// A row without what runs by itself, so that a countdown is not said each second.
fn still(row: &Row) -> Row {
    let mut text = String::new();
    for word in row.text.split(' ') {
        let (digits, colons) = (
            word.chars().filter(char::is_ascii_digit).count(),
            word.matches(':').count(),
        );
        // `8:42`, `(0:21)`, and the seconds of `Sending 3 s`; a time of day has two colons.
        let runs = (colons == 1 && digits >= 3) || (digits > 0 && row.text.ends_with(" s"));
        text.push_str(if runs { "~" } else { word });
        text.push(' ');
    }
    Row {
        focused: row.focused,
        text,
    }
}

/// The offers in one line: letters and Enter as they are typed, everything else by a number, and 0 for back.
fn choices(model: &Model, look: Look) -> String {
    let offers = lines::offers(model);
    let rows = match model.rows_to_pick() {
        0 => None,
        n => Some(format!("1-{n} {}", look.say(phrase!("take that one")))),
    };
    let said = numbered(&offers)
        .into_iter()
        .map(|(name, offer)| format!("{name} {}", without_wait(&look.say(&offer.words))));
    let said: Vec<String> = rows.into_iter().chain(said).collect();
    look.say(phrase!("Choices: {list}.", list = said.join(", ")))
}

/// Each offer with what is typed for it.
pub fn numbered(offers: &[Offer]) -> Vec<(String, &Offer)> {
    let digit = |offer: &Offer| offer.chord.text().is_some_and(|c| c.is_ascii_digit());
    // Where digits take a template or a row, nothing else can be numbered.
    let digits_are_taken = offers.iter().any(digit);
    let mut number = 0;
    offers
        .iter()
        .map(|offer| {
            let name = match (offer.chord.key, offer.chord.text()) {
                (Key::Esc, _) => "0".to_owned(),
                (Key::Enter, _) => "Enter".to_owned(),
                (_, Some(letter)) if letter.is_alphabetic() => letter.to_string(),
                _ if digit(offer) => "1-9".to_owned(),
                _ if digits_are_taken => offer.chord.to_string(),
                _ => {
                    number += 1;
                    number.to_string()
                }
            };
            (name, offer)
        })
        .collect()
}

fn without_wait(words: &str) -> &str {
    words.split(" (").next().unwrap_or(words)
}

/// A number as it is read out: `plus 1, 4 1 5, 5 5 5, 0 1 0 0`.
fn spelled(grouped: &str, plus: &str) -> String {
    let groups: Vec<String> = grouped
        .split([' ', '-', '(', ')'])
        .filter(|group| !group.is_empty())
        .map(|group| {
            let digits: Vec<String> = group
                .chars()
                .map(|c| {
                    if c == '+' {
                        plus.to_owned()
                    } else {
                        c.to_string()
                    }
                })
                .collect();
            digits.join(" ")
        })
        .collect();
    groups.join(", ")
}
