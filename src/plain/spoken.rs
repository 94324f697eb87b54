//! What is printed: each change as a line, once.

use std::collections::BTreeSet;
use std::mem::{Discriminant, discriminant};

use crate::domain::{PhoneNumber, Phrase, Timestamp, phrase, untrusted};
use crate::keymap::{Chord, Place};
use crate::model::compose::Stage;
use crate::model::recipient::Reading;
use crate::model::{Model, Overlay, Pane};
use crate::view::lines::{self, Row};
use crate::view::{self, Look};

use super::choices;

/// Remembers what was said, so that only news is.
#[derive(Debug, Default)]
pub struct Spoken {
    page: Option<Page>,
    rows: BTreeSet<Row>,
    guide: Option<Phrase>,
    choices: String,
    notice: Option<Phrase>,
    number: Option<PhoneNumber>,
    line: Option<Answer>,
}

/// What answers a line: why it did nothing, or a sentence about it, and until when that stands.
#[derive(Debug, PartialEq)]
struct Answer {
    complaint: Option<Phrase>,
    notice: Option<(Phrase, Timestamp)>,
}

impl Answer {
    fn to_a_line(model: &Model) -> Self {
        let notice = model.notice.as_ref();
        Self {
            complaint: model.complaint().cloned(),
            notice: notice.map(|notice| (notice.text.clone(), notice.until)),
        }
    }
}

impl Spoken {
    /// A line is about to be done: what it is answered is said, also where it is what was said of the one before.
    pub fn line(&mut self, model: &Model) {
        self.line = Some(Answer::to_a_line(model));
    }

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
                said.push(row.said(|ours| by_words(model, look, ours)));
            }
        }
        self.rows = standing;
        let mut ours = Vec::new();
        if model.lock.is_closed() {
            // Nothing of anybody's is said; what a line did here is.
            if self.line.take().is_some() && said.is_empty() {
                ours.push(look.say(phrase!("Locked: nothing was taken.")));
            }
            return self.with_choices(model, look, said, ours);
        }
        let number = number(model);
        if number != self.number {
            let plus = look.say(phrase!("plus"));
            ours.extend(number.iter().map(|number| {
                let digits = spelled(&number.grouped(), &plus);
                look.say(phrase!("It reads: {digits}.", digits = digits))
            }));
            self.number = number;
        }
        let notice = model.notice.as_ref().map(|notice| notice.text.clone());
        if notice != self.notice {
            ours.extend(notice.iter().map(|notice| look.say(notice)));
            self.notice = notice;
        }
        if let Some(before) = self.line.take()
            && said.is_empty()
            && ours.is_empty()
        {
            let answer = Answer::to_a_line(model);
            // What is said of this line was said of the one before.
            let renewed = answer
                .notice
                .filter(|now| before.notice.as_ref() != Some(now));
            let again = renewed.map(|(text, _)| text).or(answer.complaint);
            ours.extend(again.map(|again| look.say(again)));
        }
        let guide = choices::guide(model);
        if guide != self.guide {
            ours.extend(guide.iter().map(|guide| look.say(guide)));
            self.guide = guide;
        }
        self.with_choices(model, look, said, ours)
    }

    /// The same, with what can be typed now where that is news.
    fn with_choices(
        &mut self,
        model: &Model,
        look: Look,
        mut said: Vec<String>,
        mut ours: Vec<String>,
    ) -> Vec<String> {
        let choices = choices::line(model, look);
        // While something is under way, lines wait: there is nothing to choose.
        if choices != self.choices && is_free(model) {
            ours.push(choices.clone());
            self.choices = choices;
        }
        said.extend(ours.iter().map(|line| by_words(model, look, line)));
        said.iter().map(|line| untrusted::visible(line)).collect()
    }
}

/// A line of ours in which no key is named that has no letter: whoever listens types what it does instead, in
/// the words of the choices, and 0 for back.
fn by_words(model: &Model, look: Look, line: &str) -> String {
    let places = match model.overlay {
        // A card speaks of what is done before a check begins.
        Some(Overlay::Card { .. }) => vec![Place::Card, Place::To, Place::Desk, Place::Always],
        _ => model.places(),
    };
    let keymap = model.setting.keymap;
    let colon = if choices::is_text(model) { ":" } else { "" };
    let words = line.split_inclusive(|c: char| !c.is_alphanumeric() && c != '-');
    let said = words.map(|piece| {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_key = matches!(word, "Tab" | "Esc" | "Shift-Tab")
            || word.starts_with("Ctrl-")
            || word
                .strip_prefix('F')
                .is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
        if word == "Esc" && colon.is_empty() {
            return format!("0{}", &piece[word.len()..]);
        }
        let chord = is_key.then(|| Chord::parse(word)).flatten();
        let action = chord.and_then(|chord| keymap.resolve(&places, chord));
        let hint = keymap
            .in_force(&places)
            .into_iter()
            .find(|binding| Some(binding.action) == action)
            .map(|binding| look.say(lines::words(binding)));
        match hint.filter(|_| action.is_some()) {
            Some(hint) => format!("\"{colon}{hint}\"{}", &piece[word.len()..]),
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
/// goes, that the desk is locked, what lies over it, and how many entries a filter has found.
type Page = (
    Pane,
    Option<usize>,
    [bool; 2],
    Option<Discriminant<Overlay>>,
    Option<usize>,
);

fn page(model: &Model) -> Page {
    let overlay = model.overlay.as_ref().map(discriminant);
    let review = matches!(model.compose.stage, Stage::Review { .. });
    let locked = model.lock.is_closed();
    let filter = model.history.filter.as_ref();
    // Fewer entries than before are no news by themselves, and are what was asked for.
    let found = filter.and_then(|filter| Some(filter.found()?.len()));
    let shown = model.verify.shown;
    (model.pane, shown, [review, locked], overlay, found)
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
        text,
        ..row.clone()
    }
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
