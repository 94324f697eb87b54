//! Sending once more what is not known to have gone out, on a person's yes.
//!
//! The yes rests on a look at Twilio that may be some time ago, and what the network kept may have arrived since.
//! So it is looked for again first, and only what is still not there goes. A yes that was said long ago sends
//! nothing any more.

use crate::domain::overslept::is_overslept;
use crate::domain::{
    HistoryRow, Intent, OpId, OpState, Operation, Phrase, Ticket, Timestamp, phrase,
};

use super::check::{Check, Stage};
use super::verify::Start;
use super::{Effect, Model, Pane, compose};

impl Model {
    /// Somebody has said yes to sending this once more: whether it is looked for first.
    pub(super) fn looks_first(&mut self, op: OpId) -> bool {
        let looks = self.connection.is_some() && self.searches.look_first(op, self.now);
        if looks {
            self.notify(phrase!(
                "Looking at Twilio once more before it is sent. What is still not there goes by itself."
            ));
        }
        looks
    }

    /// A look is over, or asks on. `said` is when somebody said yes to sending it once more, where that waits for it.
    pub(super) fn looked_first(
        &mut self,
        op: OpId,
        said: Option<Timestamp>,
        comes: Option<&Effect>,
    ) -> Vec<Effect> {
        let Some(said) = said else { return Vec::new() };
        match comes {
            Some(Effect::Call { .. }) => return Vec::new(),
            // That it is said not to have been sent stands where it was.
            Some(Effect::Settle {
                state: OpState::NotSent(_),
                ..
            }) => return Vec::new(),
            Some(_) => {
                self.notify(phrase!(
                    "It was found at Twilio, so nothing was sent again."
                ));
                return Vec::new();
            }
            None => {}
        }
        self.searches.waits_no_more(op);
        match self.searches.of(op) {
            Some(search) if search.has_failed => self.not_yet(op),
            Some(_) if is_overslept(said, self.now) => {
                self.notify(phrase!(
                    "The look at Twilio took too long, so nothing was sent: press y again."
                ));
                Vec::new()
            }
            Some(search) => {
                let sent = search.operation().clone();
                self.is_not_there(sent)
            }
            None => Vec::new(),
        }
    }

    /// It was looked for, and goes once more, wherever the agent is by now.
    fn is_not_there(&mut self, sent: Operation) -> Vec<Effect> {
        let Intent::VerifyStart(_) = sent.intent else {
            return self.text_once_more(sent);
        };
        let is_it =
            |check: &Check| matches!(check.stage, Stage::Unknown { op, .. } if op == sent.id);
        let Some(at) = self.verify.checks.iter().position(is_it) else {
            return Vec::new();
        };
        let check = &self.verify.checks[at];
        let wanted = check.send_by(check.channel.clone());
        // A trainee has been asked.
        self.begin_surely(Start::Of(at, wanted), true)
    }

    /// The last of the same words to the number under review, where it is not known whether it went out, and it is
    /// looked for here.
    pub(super) fn lost_here(&self) -> Option<&HistoryRow> {
        let mut same = self.like_this(self.compose.number()?);
        same.next().filter(|row| {
            matches!(row.state, OpState::Unknown(_)) && self.operations.is_ours(&row.operation)
        })
    }

    /// The same, where the text under review would be nothing but that one once more.
    pub(super) fn lost_as_written(&self) -> Option<&HistoryRow> {
        let lost = self.lost_here()?;
        let ticket = self.compose.ticket.text().trim();
        let is_its = |of: &Ticket| ticket == of.as_str();
        let fits = ticket.is_empty() || lost.operation.ticket.as_ref().is_some_and(is_its);
        let written = self.compose.intent(self.sender()?)?;
        (fits && written == lost.operation.intent).then_some(lost)
    }

    /// What a person is asked about it before anything goes out.
    pub(super) fn asks_about_lost(&self) -> Option<Phrase> {
        self.lost_here()?;
        Some(if self.lost_as_written().is_some() {
            phrase!(
                "It is not known whether this same text went to this number already. Look for it at Twilio, and send it once more if it is not there?"
            )
        } else {
            phrase!(
                "It is not known whether this same text went to this number already, and until it is, this one does not go. F4 and Enter open that one, and y there sends it once more. Try all the same?"
            )
        })
    }

    /// Nothing goes beside what is not known and was sent once more already: whichever is found, nobody could say of
    /// which it is.
    pub(super) fn third_has_to_wait(&self) -> Option<Phrase> {
        if self.lost_here().is_some() || self.lost_elsewhere().is_some() {
            return None;
        }
        let mut texts = self.like_this(self.compose.number()?);
        let is_first = |row: &HistoryRow| {
            matches!(row.state, OpState::Unknown(_))
                && self.operations.is_ours(&row.operation)
                && self.history.is_repeated(row)
        };
        texts.any(is_first).then(|| {
            phrase!(
                "It is not known yet whether this same text went before it was sent once more, so a third one does not go. It is looked for at Twilio: wait until that is known (F4), or change the words."
            )
        })
    }

    /// What the review asked about has been found meanwhile.
    pub(super) fn asked_is_found(&self) -> bool {
        let asked = self.compose.asked_about.and_then(|op| self.history.row(op));
        asked.is_some_and(|row| matches!(row.state, OpState::Settled(_)))
    }

    /// The text under review is one that is not known to have gone out, so that one goes on in its place.
    pub(super) fn goes_on_as(&mut self, lost: HistoryRow) -> Vec<Effect> {
        let op = lost.operation.id;
        self.compose.begun(op, self.now);
        self.compose.row_changed(op, &lost.state);
        if self.too_early(op) {
            return self.not_yet(op);
        }
        self.text_once_more(lost.operation)
    }

    /// A text that is not known to have gone out: once more, on a yes.
    pub(super) fn text_once_more(&mut self, sent: Operation) -> Vec<Effect> {
        let lost = sent.id;
        if self.looks_first(lost) {
            return Vec::new();
        }
        let Some((op, effect)) = self.send_once_more(sent) else {
            return Vec::new();
        };
        if matches!(self.compose.stage, compose::Stage::Out { op, .. } if op == lost) {
            self.compose.begun(op, self.now);
        }
        if self.pane != Pane::Message {
            self.notify(phrase!("Sending it once more, as a text of its own."));
        }
        vec![effect]
    }
}
