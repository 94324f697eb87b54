//! The two cards that are read in the middle of a call: who is on the line, and how to refuse.
//!
//! They change nothing: there is no answer to give and no key but those that scroll and close. What is to
//! be said stands in the language of the screen and in the customer's, sentence by sentence.

use crate::domain::{Language, Phrase, phrase};
use crate::keymap::Action;
use crate::layout;
use crate::text;

use super::{Model, Overlay};

/// A card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// What to ask before a code is asked for.
    Caller,
    /// What to say to somebody who has no code.
    Refusal,
}

/// What a line of a card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its title, or an empty line.
    Title,
    /// For the agent.
    Point,
    /// For the customer.
    Say,
}

enum Part {
    Title(Phrase),
    Point(Phrase),
    Say(Phrase),
}

/// Columns on both sides of a card.
const MARGINS: u16 = 6;
/// A line that is longer is not read in the middle of a call.
const WIDEST: u16 = 90;
/// Columns before what is to be said.
const INDENT: usize = 2;

/// What to ask before a code is asked for.
fn caller() -> Vec<Part> {
    use Part::{Point, Say, Title};
    vec![
        Title(phrase!("Who is on the line?")),
        Point(phrase!(
            "Did they call us, or did I call the number on file? If neither: stop. Hang up, and call the number on file."
        )),
        Say(phrase!(
            "Before I send a code: did you call our number yourself just now?"
        )),
        Point(phrase!(
            "Is the phone the one in the customer record? A number that the caller brings along proves nothing. Tab, then paste the one on file: same or differs."
        )),
        Say(phrase!(
            "I can send the code only to the number that we have on file."
        )),
        Point(phrase!(
            "Does somebody else speak in the background, or tell the caller what to say? Then stop."
        )),
        Say(phrase!(
            "Are you alone, and has nobody asked you to make this call?"
        )),
        Point(phrase!(
            "Hurry, anger, a story, \"just this once\": pressure is the sign. F3 has the words to refuse."
        )),
        Point(phrase!(
            "The customer reads the code to you. You never read one out, and you never ask for any other code."
        )),
        Say(phrase!(
            "Read this code to me only because you called us. Never give one to somebody who calls you."
        )),
        Point(phrase!(
            "An approval shows that the caller can read messages on that phone, now. It does not show who the caller is."
        )),
    ]
}

/// What to say to somebody who has no code.
fn refusal() -> Vec<Part> {
    use Part::{Point, Say, Title};
    vec![
        Title(phrase!("How to refuse")),
        Point(phrase!(
            "There is no key that approves without a code: not here, and not for your lead. So nobody can talk you into it."
        )),
        Say(phrase!(
            "I am sorry, I cannot go on without the code. It protects you from people who pretend to be you."
        )),
        Point(phrase!("They insist, or are in a hurry:")),
        Say(phrase!(
            "I understand that this is urgent. My system has no way around it, for anybody."
        )),
        Point(phrase!("They want the code on a new number:")),
        Say(phrase!(
            "I cannot use a new number on this call. Please change it first, in the way that we have for it."
        )),
        Point(phrase!(
            "They ask you to read the code out, or to guess it with them:"
        )),
        Say(phrase!(
            "I do not see the code. Only the phone that it was sent to shows it."
        )),
        Point(phrase!("To end the call:")),
        Say(phrase!(
            "Please call us again when you have that phone with you. Nothing has changed on your account."
        )),
        Point(phrase!(
            "Then stop the check (x), so that its code no longer works, and tell your lead."
        )),
    ]
}

impl Model {
    /// The language of the customer on the verify pane: of the check on screen, or of the next one.
    pub fn customer_language(&self) -> Option<Language> {
        match self.verify.check() {
            Some(check) => check.language,
            None => self.verify.next_language(&self.setting),
        }
    }

    /// A card as the lines that it takes in this window.
    pub fn card_lines(&self, card: Card) -> Vec<(Kind, String)> {
        let width = layout::areas(self.size).body.width;
        let width = usize::from(width.saturating_sub(MARGINS).clamp(8, WIDEST));
        let customer = self.customer_language();
        let mut lines = Vec::new();
        let mut wrapped = |kind: Kind, indent: usize, text: &str| {
            for row in text::wrap(text, width - indent) {
                let row = format!("{}{}", " ".repeat(indent), &text[row.shown.clone()]);
                lines.push((kind, row));
            }
        };
        let parts = match card {
            Card::Caller => caller(),
            Card::Refusal => refusal(),
        };
        for part in &parts {
            match part {
                Part::Title(words) | Part::Point(words) => {
                    let kind = if matches!(part, Part::Title(_)) {
                        Kind::Title
                    } else {
                        Kind::Point
                    };
                    wrapped(Kind::Title, 0, " ");
                    wrapped(kind, 0, &self.setting.language.say(words));
                }
                Part::Say(words) => {
                    let ours = self.setting.language.say(words);
                    wrapped(Kind::Say, INDENT, &format!("\"{ours}\""));
                    let theirs = customer.map(|customer| customer.say(words));
                    if let Some(theirs) = theirs.filter(|theirs| *theirs != ours) {
                        wrapped(Kind::Say, INDENT, &format!("\"{theirs}\""));
                    }
                }
            }
        }
        lines
    }

    /// Scrolls the card on screen; its last line stays in sight.
    pub(super) fn act_on_card(&mut self, action: Action) {
        let Some(Overlay::Card { card, scroll }) = self.overlay else {
            return;
        };
        let height = layout::areas(self.size).body.height;
        let lines = u16::try_from(self.card_lines(card).len()).unwrap_or(u16::MAX);
        let height = rows_of_card(lines, height);
        let to = match action {
            Action::Down => scroll.saturating_add(1),
            Action::Up => scroll.saturating_sub(1),
            Action::PageDown => scroll.saturating_add(height / 2),
            Action::PageUp => scroll.saturating_sub(height / 2),
            _ => scroll,
        };
        let scroll = to.min(lines.saturating_sub(height));
        self.overlay = Some(Overlay::Card { card, scroll });
    }
}

/// Rows in which lines of a card stand: where it does not fit, the last one says so.
pub fn rows_of_card(lines: u16, height: u16) -> u16 {
    if lines > height {
        height.saturating_sub(1)
    } else {
        height
    }
}
