//! The message pane: whom, what, a review, and what became of it.
//!
//! [`Compose`] holds what is written; what a key does to it is in [`act`], what is odd about it in
//! [`caution`]. Nothing that was written is lost on any way back.

pub mod act;
pub mod blanks;
pub mod caution;
pub mod draft;
pub mod later;
mod leave;
pub mod sheet;
mod text;
mod withdrawal;

use jiff::SignedDuration;

use crate::domain::message::LONGEST_BODY;
use crate::domain::phone::PhoneProblem;
use crate::domain::{
    Draft, Failure, Intent, NewMessage, OpId, OpState, PhoneNumber, Phrase, Sender, Templates,
    Ticket, Timestamp, phrase,
};
use crate::keymap::Place;

use super::account::ReviewedFor;
use super::field::Field;
use super::operations::Progress;
use super::recipient::Reading;

use blanks::Blanks;
use draft::Drafting;

pub use text::rows;

/// How long a review has to stand before it can be sent.
const SEEN_AFTER: SignedDuration = SignedDuration::from_millis(700);

/// The pane.
#[derive(Debug, Clone, PartialEq)]
pub struct Compose {
    /// Whom.
    pub to: Field,
    /// What the field holds, read anew with each key.
    pub reading: Reading,
    /// What.
    pub body: Field,
    /// The ticket that it is for.
    pub ticket: Field,
    /// What is still to be filled into it.
    pub blanks: Blanks,
    /// When it shall leave, where that is not at once.
    pub send_at: Option<Timestamp>,
    /// How far it is.
    pub stage: Stage,
    /// Since when the review is on screen.
    pub shown_at: Option<Timestamp>,
    /// Why the last Enter did nothing, or what the last send came to before it left.
    pub complaint: Option<Phrase>,
    /// The texts that were worded beforehand.
    pub templates: Templates,
    /// Which of the recent numbers stands in the field.
    recent: Option<usize>,
    /// What of it is on disk.
    pub drafting: Drafting,
    /// Whose record was asked for.
    about: Option<PhoneNumber>,
    /// For whom it was written.
    written: Written,
    /// The lost text that the review asked about, because this one may be the same once more.
    pub(super) asked_about: Option<OpId>,
    /// Whom the review was for, and whom it named as the sender: it leaves by no other.
    pub(super) reviewed_for: ReviewedFor,
    /// The review asked about the hours in which the lead wants to have texts asked about.
    asked_the_hour: bool,
    /// What was thrown away last.
    thrown_away: Option<Draft>,
    /// It was held until long after its moment.
    pub(super) overslept: bool,
}

/// For whom a text was written.
#[derive(Debug, Clone, Default, PartialEq)]
enum Written {
    /// Nothing is written yet.
    #[default]
    Nothing,
    /// For this number.
    For(PhoneNumber),
    /// For one that is not known any more.
    ForSomebody,
}

/// How far a text is.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one of them, and it is matched everywhere"
)]
pub enum Stage {
    /// The number is being typed.
    To,
    /// The ticket is being typed.
    Ticket,
    /// The text is being written.
    Body,
    /// A template is looked for by its name.
    Search {
        /// A part of the name.
        part: Field,
        /// The one of those found that is marked.
        marked: usize,
    },
    /// It is shown as it will go out. Cautions have to be overruled with a `y`.
    Review {
        /// What is odd.
        cautions: Vec<Phrase>,
        /// So many of them were overruled, where they do not fit on the screen at once.
        overruled: usize,
        /// Rows of the text that are scrolled away.
        scroll: usize,
    },
    /// When it shall leave is being typed.
    Later {
        /// A time, as people write it.
        when: Field,
    },
    /// It waits a few seconds, in which it can be taken back. Nothing is written down or sent before.
    Held {
        /// Until then.
        until: Timestamp,
        /// The text of the same words to the same number that was known then.
        same: Option<OpId>,
        /// The history is asked for another one before it leaves.
        looking: bool,
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
            blanks: Blanks::default(),
            send_at: None,
            stage: Stage::To,
            shown_at: None,
            complaint: None,
            templates: Templates::default(),
            recent: None,
            ticket: Field::line(),
            drafting: Drafting::default(),
            about: None,
            written: Written::Nothing,
            asked_about: None,
            reviewed_for: ReviewedFor::default(),
            asked_the_hour: false,
            thrown_away: None,
            overslept: false,
        }
    }
}

impl Compose {
    /// Nothing is being written.
    pub(super) fn is_empty(&self) -> bool {
        self.to.is_empty() && self.body.is_empty() && self.ticket.is_empty()
    }

    /// There is a draft to throw away, or one to put back.
    pub fn can_throw_away(&self) -> bool {
        let written = !self.body.is_empty() || !self.ticket.is_empty();
        written || self.thrown_away.is_some()
    }

    /// Where the agent's attention is on this pane.
    pub fn place(&self) -> Place {
        match &self.stage {
            Stage::To => Place::MessageTo,
            Stage::Ticket => Place::MessageTicket,
            Stage::Body if self.offers_templates() => Place::EmptyText,
            Stage::Body => Place::Body,
            Stage::Search { .. } => Place::TemplateSearch,
            Stage::Review { cautions, .. } if cautions.is_empty() => Place::Review,
            Stage::Review { .. } => Place::ReviewCaution,
            Stage::Later { .. } => Place::SendTime,
            Stage::Held { .. } => Place::Held,
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

    /// The field of one line that takes what is typed; that of the number is emptied by each paste.
    pub(super) fn line(&mut self) -> Option<&mut Field> {
        match &mut self.stage {
            Stage::Ticket => Some(&mut self.ticket),
            Stage::Search { part, .. } => Some(part),
            Stage::Later { when } => Some(when),
            _ => None,
        }
    }

    /// The number, where the field holds one.
    pub fn number(&self) -> Option<&PhoneNumber> {
        match &self.reading {
            Reading::Phone { number, .. } => Some(number),
            _ => None,
        }
    }

    /// The recipient changed.
    pub fn to_edited(&mut self, default_country: &str) {
        self.complaint = None;
        self.recent = None;
        self.reading = Reading::of(self.to.text(), default_country);
    }

    /// Puts a number into the field: the next of these, or the one before.
    pub fn turn_recent(&mut self, numbers: &[PhoneNumber], forward: bool, default_country: &str) {
        let at = match (self.recent, forward) {
            (None, true) => 0,
            (Some(at), true) => at + 1,
            (Some(at), false) if at > 0 => at - 1,
            (_, false) => return,
        };
        if let Some(number) = numbers.get(at) {
            self.to.set(&number.grouped());
            self.to_edited(default_country);
            self.recent = Some(at);
        }
    }

    /// To the blank before; in a text without blanks back to the number.
    pub fn previous(&mut self) {
        if !self.turn_blank(false) {
            self.back();
        }
    }

    /// On to the ticket, where the number stands.
    pub fn to_ticket(&mut self, default_country: &str) {
        self.to_body(default_country);
        if self.stage == Stage::Body {
            self.stage = Stage::Ticket;
        }
    }

    /// The ticket; what is wrong with it leads back to its field.
    pub fn read_ticket(&mut self) -> Result<Option<Ticket>, Phrase> {
        if self.ticket.text().trim().is_empty() {
            return Ok(None);
        }
        Ticket::parse(self.ticket.text())
            .map(Some)
            .map_err(|problem| {
                self.stage = Stage::Ticket;
                problem.phrase()
            })
    }

    /// The number that stands there for the first time, once the agent has gone on from it.
    pub(in crate::model) fn new_number(&mut self) -> Option<PhoneNumber> {
        let number = match self.stage {
            Stage::To => None,
            _ => self.number().cloned(),
        };
        if number == self.about {
            return None;
        }
        self.about.clone_from(&number);
        number
    }

    /// On to the text, where the number stands.
    pub fn to_body(&mut self, default_country: &str) {
        if self.number().is_some() {
            self.stage = Stage::Body;
            self.complaint = None;
            self.fill_ticket();
        } else {
            self.complaint = match &self.reading {
                Reading::Email(_) => Some(phrase!(
                    "A text goes to a phone number, not to an email address. Type a number."
                )),
                reading => reading.complaint(self.to.text(), default_country),
            };
        }
    }

    /// What keeps the text from being reviewed.
    pub fn unready(&mut self) -> Option<Phrase> {
        let units = self.body.text().encode_utf16().count();
        if self.body.text().trim().is_empty() {
            Some(phrase!("There is no text yet. Write it, then press Enter."))
        } else if let Some((cursor, name)) = self.blanks.turn_to_unfilled(self.body.text()) {
            self.body.move_to(cursor);
            Some(phrase!(
                "{blank} is not filled in yet. Type over it; Tab goes to the next one.",
                blank = name
            ))
        } else if let Some(left) = self.templates.blank_left_in(self.body.text()) {
            // Its place is not known any more: the text around it was changed, too.
            let name = self
                .body
                .text()
                .get(left.clone())
                .unwrap_or_default()
                .to_owned();
            self.body.move_to(left.end);
            Some(phrase!(
                "{blank} of a template is still in the text. Write what belongs there in its place.",
                blank = name
            ))
        } else if units > LONGEST_BODY {
            Some(phrase!(
                "The text is too long for Twilio by {n} characters. Shorten it, or send it in two.",
                n = units - LONGEST_BODY
            ))
        } else {
            None
        }
    }

    /// Shown as it will go out.
    pub fn review(&mut self, cautions: Vec<Phrase>, now: Timestamp) {
        self.shown_at = Some(now);
        self.stage = Stage::Review {
            cautions,
            overruled: 0,
            scroll: 0,
        };
        self.complaint = None;
    }

    /// The review stands long enough to have been seen: an Enter that was held a moment too long must not
    /// send what nobody has read.
    pub fn is_seen(&self, now: Timestamp) -> bool {
        self.seen_from().is_none_or(|at| now >= at)
    }

    /// When the review will have stood for so long.
    pub fn seen_from(&self) -> Option<Timestamp> {
        self.shown_at?.checked_add(SEEN_AFTER).ok()
    }

    /// Back by one step; nothing is lost.
    pub fn back(&mut self) {
        self.complaint = None;
        match self.stage {
            Stage::To => {
                self.to.clear();
                self.reading = Reading::Empty;
                self.recent = None;
            }
            Stage::Body | Stage::Ticket => self.stage = Stage::To,
            Stage::Search { .. } | Stage::Review { .. } => {
                self.overslept = false;
                self.stage = Stage::Body;
            }
            Stage::Later { .. } | Stage::Held { .. } => {}
            Stage::Out { .. } => self.next(),
        }
    }

    /// What is to be sent.
    pub fn intent(&self, sender: &Sender) -> Option<Intent> {
        let mut message = NewMessage::new(self.number()?.clone(), sender.clone(), self.body.text());
        message.send_at = self.send_at;
        Some(Intent::Text(message))
    }

    /// It has begun.
    pub fn begun(&mut self, op: OpId, now: Timestamp) {
        self.overslept = false;
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
        *self = Self {
            templates: std::mem::take(&mut self.templates),
            drafting: std::mem::take(&mut self.drafting),
            thrown_away: self.thrown_away.take(),
            ..Self::default()
        };
    }

    /// A pasted text is the next recipient, or several to pick from, where the last text has left.
    pub fn begins_next(&self, text: &str, default_country: &str) -> bool {
        let is_sent = matches!(
            self.stage,
            Stage::Out {
                state: OpState::Settled(_),
                ..
            }
        );
        let number = PhoneNumber::parse(text, default_country);
        is_sent && matches!(number, Ok(_) | Err(PhoneProblem::Several(_)))
    }

    /// There is something of a person in it, or it can be put back.
    pub fn holds_anything(&self) -> bool {
        !self.to.is_empty() || self.can_throw_away()
    }

    /// Nothing of a person is left in it, also nothing that could be put back.
    pub(in crate::model) fn forget(&mut self) {
        self.next();
        self.thrown_away = None;
    }

    /// Number, text and time back in their fields.
    pub fn edit_anew(&mut self) {
        self.stage = Stage::Body;
    }

    /// How long until it leaves, while it is held.
    pub fn held_for(&self, now: Timestamp) -> Option<SignedDuration> {
        match self.stage {
            Stage::Held { until, .. } => Some(now.duration_until(until).max(SignedDuration::ZERO)),
            _ => None,
        }
    }

    fn not_intended(&mut self, failure: &Failure) {
        self.stage = Stage::Body;
        self.complaint = Some(failure.phrase());
    }
}
