//! The message pane: whom, what, a review, and what became of it.

use crate::domain::message::LONGEST_BODY;
use crate::domain::sms_text::{Count, SmsText};
use crate::domain::{
    Failure, Intent, NewMessage, OpId, OpState, PhoneNumber, Phrase, Sender, Timestamp, phrase,
};
use crate::keymap::Place;

use super::field::Field;
use super::operations::Progress;
use super::recipient::Reading;

/// The pane.
#[derive(Debug, Clone, PartialEq)]
pub struct Compose {
    /// Whom.
    pub to: Field,
    /// What the field holds, read anew with each key.
    pub reading: Reading,
    /// What.
    pub body: Field,
    /// How far it is.
    pub stage: Stage,
    /// Why the last Enter did nothing, or what the last send came to before it left.
    pub complaint: Option<Phrase>,
}

/// How far a text is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// The number is being typed.
    To,
    /// The text is being written.
    Body,
    /// It is shown as it will go out. A caution has to be overruled with a `y` of its own.
    Review {
        /// What is odd.
        caution: Option<Phrase>,
        /// Rows of the text that are scrolled away.
        scroll: usize,
    },
    /// It was given to the one path; what becomes of it is in the history under this name.
    Out {
        /// The operation.
        op: OpId,
        /// To whom.
        to: PhoneNumber,
        /// Since when.
        since: Timestamp,
        /// What became of it.
        state: OpState,
    },
}

impl Default for Compose {
    fn default() -> Self {
        Self {
            to: Field::line(),
            reading: Reading::Empty,
            body: Field::lines(),
            stage: Stage::To,
            complaint: None,
        }
    }
}

impl Compose {
    /// Where the agent's attention is on this pane.
    pub fn place(&self) -> Place {
        match &self.stage {
            Stage::To => Place::MessageTo,
            Stage::Body => Place::Body,
            Stage::Review { caution: None, .. } => Place::Review,
            Stage::Review {
                caution: Some(_), ..
            } => Place::Caution,
            Stage::Out {
                state: OpState::Intended,
                ..
            } => Place::Busy,
            Stage::Out {
                state: OpState::Unknown(_),
                ..
            } => Place::MessageUnknown,
            Stage::Out { .. } => Place::MessageDone,
        }
    }

    /// The number, where the field holds one.
    pub fn number(&self) -> Option<&PhoneNumber> {
        match &self.reading {
            Reading::Phone { number, .. } => Some(number),
            _ => None,
        }
    }

    /// How many texts it makes.
    pub fn count(&self) -> Count {
        SmsText::count(self.body.text())
    }

    /// A field changed.
    pub fn edited(&mut self, default_country: &str) {
        self.complaint = None;
        if self.stage == Stage::To {
            self.reading = Reading::of(self.to.text(), default_country);
        }
    }

    /// On to the text, where the number stands.
    pub fn to_body(&mut self, default_country: &str) {
        if self.number().is_some() {
            self.stage = Stage::Body;
            self.complaint = None;
        } else {
            self.complaint = match &self.reading {
                Reading::Email(_) => Some(phrase!(
                    "A text goes to a phone number, not to an email address. Type a number."
                )),
                reading => reading.complaint(self.to.text(), default_country),
            };
        }
    }

    /// On to the review, where the text stands.
    pub fn to_review(&mut self) {
        let units = self.body.text().encode_utf16().count();
        if self.body.text().trim().is_empty() {
            self.complaint = Some(phrase!("There is no text yet. Write it, then press Enter."));
        } else if units > LONGEST_BODY {
            self.complaint = Some(phrase!(
                "The text is too long for Twilio by {n} characters. Shorten it, or send it in two.",
                n = units - LONGEST_BODY
            ));
        } else {
            let doubtful = matches!(self.reading, Reading::Phone { doubtful: true, .. });
            let caution = doubtful.then(|| phrase!("This number has the right length, but is not known to be in use. Send all the same?"));
            self.stage = Stage::Review { caution, scroll: 0 };
            self.complaint = None;
        }
    }

    /// Back by one step; nothing is lost.
    pub fn back(&mut self) {
        self.complaint = None;
        match self.stage {
            Stage::To => {
                self.to.clear();
                self.reading = Reading::Empty;
            }
            Stage::Body => self.stage = Stage::To,
            Stage::Review { .. } => self.stage = Stage::Body,
            Stage::Out { .. } => self.next(),
        }
    }

    /// What is to be sent.
    pub fn intent(&self, sender: &Sender) -> Option<Intent> {
        Some(Intent::Text(NewMessage::new(
            self.number()?.clone(),
            sender.clone(),
            self.body.text(),
        )))
    }

    /// It has begun.
    pub fn begun(&mut self, op: OpId, now: Timestamp) {
        if let Some(to) = self.number().cloned() {
            self.stage = Stage::Out {
                op,
                to,
                since: now,
                state: OpState::Intended,
            };
        }
    }

    /// It has come further. Where it was refused, number and text are still in their fields.
    pub fn progress(&mut self, op: OpId, progress: &Progress) {
        let Stage::Out { op: out, state, .. } = &mut self.stage else {
            return;
        };
        if *out != op {
            return;
        }
        match progress {
            Progress::NotIntended(failure) => self.not_intended(failure),
            Progress::Outcome { state: outcome, .. } => *state = outcome.clone(),
            Progress::Calling(_) | Progress::Written(_) | Progress::NotWritten { .. } => {}
        }
    }

    /// The history has news of it.
    pub fn row_changed(&mut self, op: OpId, news: &OpState) {
        if let Stage::Out { op: out, state, .. } = &mut self.stage
            && *out == op
        {
            *state = news.clone();
        }
    }

    /// Scrolls the text under review, to at most this row.
    pub fn scroll(&mut self, down: bool, last: usize) {
        if let Stage::Review { scroll, .. } = &mut self.stage {
            *scroll = if down {
                *scroll + 1
            } else {
                scroll.saturating_sub(1)
            }
            .min(last);
        }
    }

    /// An empty pane for the next text.
    pub fn next(&mut self) {
        *self = Self::default();
    }

    /// Number and text back in their fields.
    pub fn edit_anew(&mut self) {
        self.stage = Stage::Body;
    }

    /// Plain letters for those that make the text cost more.
    pub fn plain(&mut self) {
        let plain = crate::domain::sms_text::plain(self.body.text());
        self.body.set(&plain);
    }

    fn not_intended(&mut self, failure: &Failure) {
        self.stage = Stage::Body;
        self.complaint = Some(failure.phrase());
    }
}
