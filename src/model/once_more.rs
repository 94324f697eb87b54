//! Sending once more what is not known to have gone out, on a person's yes.
//!
//! The yes rests on a look at Twilio that may be some time ago, and what the network kept may have arrived since.
//! So it is looked for again first, and only what is still not there goes. A yes that was said long ago sends
//! nothing any more.

use crate::domain::overslept::is_overslept;
use crate::domain::{Intent, OpId, OpState, Operation, Timestamp, phrase};

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
