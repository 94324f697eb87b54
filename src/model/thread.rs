//! The thread: what the customer answered, beside what was sent to them.
//!
//! Replies are read from Twilio's own list of texts. They are asked for once when a number is chosen, and
//! again with growing gaps while somebody looks; the shared round of texts on their way brings them as
//! well. Nothing is asked that nobody looks at, and a thread that is merely left open comes to rest.

use jiff::SignedDuration;

use crate::domain::message::{Direction, MessageFilter};
use crate::domain::opt_out::opts_out;
use crate::domain::sid::MessageSid;
use crate::domain::{
    Answer, Call, Failure, HistoryRow, Message, PhoneNumber, Reply, Sender, Timestamp, Untrusted,
    phrase,
};
use crate::layout;

use super::effect::Effect;
use super::event::Ask;
use super::{Model, Overlay, Pane, compose};

/// Seconds between two looks for replies.
const GAPS: [i64; 5] = [5, 10, 20, 30, 60];
/// So long after the agent did something it is looked for by itself.
const REST: SignedDuration = SignedDuration::from_mins(15);
/// How many texts are read at once.
const PAGE: u32 = 20;

/// The replies of the customer whose number stands on the message pane.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thread {
    with: Option<PhoneNumber>,
    replies: Vec<Inbound>,
    /// Why they could not be read.
    pub failure: Option<Failure>,
    /// They were read at least once.
    pub read: bool,
    asking: bool,
    /// The agent asked for it, whoever looks.
    wanted: bool,
    due: Option<Timestamp>,
    step: usize,
    until: Option<Timestamp>,
}

/// A text of the customer's.
#[derive(Debug, Clone, PartialEq)]
pub struct Inbound {
    sid: MessageSid,
    /// What it says.
    pub body: Untrusted,
    /// When it came.
    pub at: Timestamp,
}

/// One text of a thread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Line<'a> {
    /// Sent from this desk.
    Ours(&'a HistoryRow),
    /// An answer.
    Theirs(&'a Inbound),
}

impl Line<'_> {
    fn at(&self) -> Timestamp {
        match self {
            Self::Ours(row) => row.operation.at,
            Self::Theirs(reply) => reply.at,
        }
    }
}

impl Thread {
    /// With whom, from now on.
    pub fn open(&mut self, number: PhoneNumber, now: Timestamp) {
        *self = Self {
            with: Some(number),
            due: Some(now),
            until: Some(now + REST),
            // An answer that is still to come belongs to somebody else, and is told apart by its sender.
            ..Self::default()
        };
    }

    /// Something was done: an answer may come soon.
    pub fn touch(&mut self, now: Timestamp) {
        if self.with.is_some() {
            self.step = 0;
            self.due = Some(now + SignedDuration::from_secs(GAPS[0]));
            self.until = Some(now + REST);
        }
    }

    /// Asks in this moment.
    pub fn ask_now(&mut self, now: Timestamp) {
        self.touch(now);
        self.due = self.due.map(|_| now);
        self.wanted = self.due.is_some();
    }

    /// When the next question is due, where somebody looks.
    pub fn deadline(&self, looks: bool) -> Option<Timestamp> {
        let first = !self.read && self.failure.is_none();
        self.due
            .filter(|_| !self.asking && (looks || first || self.wanted))
    }

    /// What the customer last said about further texts, and when: `true` for none.
    pub fn opt_word(&self, number: &PhoneNumber) -> Option<(Timestamp, bool)> {
        let said = |reply: &Inbound| Some((reply.at, opts_out(reply.body.raw())?));
        self.with(number).iter().rev().find_map(said)
    }

    /// The replies of a number, oldest first.
    pub fn with(&self, number: &PhoneNumber) -> &[Inbound] {
        if self.with.as_ref() == Some(number) {
            &self.replies
        } else {
            &[]
        }
    }

    /// Takes the replies out of a list of texts; whether there were new ones.
    fn take(&mut self, texts: &[Message]) -> bool {
        let Some(number) = &self.with else {
            return false;
        };
        let before = self.replies.len();
        for text in texts {
            let theirs = text.direction == Direction::Inbound
                && text
                    .from
                    .as_ref()
                    .is_some_and(|from| from.raw() == number.e164());
            let known = self.replies.iter().any(|reply| reply.sid == text.sid);
            if let Some(at) = text
                .date_sent
                .or(text.date_created)
                .filter(|_| theirs && !known)
            {
                self.replies.push(Inbound {
                    sid: text.sid.clone(),
                    body: text.body.clone(),
                    at,
                });
            }
        }
        self.replies.sort_by_key(|reply| reply.at);
        self.replies.len() > before
    }

    fn ask(&mut self, now: Timestamp, sender: Option<&Sender>) -> Option<Effect> {
        let from = self.with.clone()?;
        self.due = None;
        self.wanted = false;
        self.asking = true;
        self.until = self.until.or(Some(now + REST));
        let to = match sender {
            Some(Sender::Number(number)) => Some(number.clone()),
            // A service answers from whichever of its numbers it picked.
            _ => None,
        };
        Some(Effect::Call {
            ask: Ask::Replies,
            call: Call::ListMessages(MessageFilter {
                from: Some(from),
                to,
                page_size: Some(PAGE),
                ..MessageFilter::default()
            }),
        })
    }

    fn answered(&mut self, now: Timestamp, refused: bool) {
        self.asking = false;
        self.step = (self.step + if refused { 2 } else { 1 }).min(GAPS.len() - 1);
        let next = now + SignedDuration::from_secs(GAPS[self.step]);
        // Somebody else was chosen meanwhile, and is asked for at once.
        if self.due.is_none() {
            self.due = Some(next).filter(|next| self.until.is_some_and(|until| *next < until));
        }
    }
}

impl Model {
    /// The thread with a number, oldest first.
    pub fn thread_with<'a>(&'a self, number: &'a PhoneNumber) -> Vec<Line<'a>> {
        let mut lines: Vec<Line> = self
            .texts_to(number)
            .map(Line::Ours)
            .chain(self.thread.with(number).iter().map(Line::Theirs))
            .collect();
        lines.sort_by_key(Line::at);
        lines
    }

    /// Somebody looks at replies.
    pub(super) fn looks_at_replies(&self) -> bool {
        let shown = match &self.overlay {
            Some(Overlay::Replies { .. }) => true,
            None => {
                layout::has_beside(self.size)
                    || matches!(self.compose.stage, compose::Stage::Out { .. })
            }
            Some(_) => false,
        };
        self.pane == Pane::Message && self.setup.is_none() && shown
    }

    /// When replies are to be asked for next.
    pub(super) fn replies_deadline(&self) -> Option<Timestamp> {
        self.thread.deadline(self.looks_at_replies())
    }

    /// The question for replies, where it is due.
    pub(super) fn replies_woke(&mut self) -> Option<Effect> {
        let now = self.now;
        self.replies_deadline().filter(|due| now >= *due)?;
        let connection = self.connection.as_ref()?;
        let sender = connection.sender.as_ref().map(|sender| &sender.sender);
        self.thread.ask(now, sender)
    }

    /// Replies were read, or were not.
    pub(super) fn replies_read(&mut self, result: Result<Box<Answer>, Failure>) {
        self.thread.answered(self.now, result.is_err());
        match result {
            Ok(answer) => {
                if let Reply::Messages(page) = answer.reply {
                    let first = !self.thread.read;
                    self.thread.read = true;
                    self.thread.failure = None;
                    self.take_replies(&page.items, first);
                }
            }
            Err(failure) => self.thread.failure = Some(failure),
        }
    }

    /// The replies in a list that was read for another reason.
    pub(super) fn replies_among(&mut self, result: &Result<Box<Answer>, Failure>) {
        if let Ok(Reply::Messages(page)) = result.as_ref().map(|answer| &answer.reply) {
            let items = page.items.clone();
            let first = !self.thread.read;
            self.take_replies(&items, first);
        }
    }

    /// What came while nobody looked is said.
    fn take_replies(&mut self, texts: &[Message], first: bool) {
        let news = self.thread.take(texts);
        if news && !first && !self.looks_at_replies() {
            self.notify(phrase!(
                "The customer has answered: F6, then Ctrl-R shows it."
            ));
        }
    }
}
