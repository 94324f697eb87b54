//! From the review to Twilio: a trainee is asked, the lead's rules are kept, and where a text is held for a
//! few seconds, it leaves when they are over. What does not leave says why in the text's place.

use jiff::SignedDuration;

use super::super::effect::Effect;
use super::super::{Model, Pane, verify};
use super::{Stage, later};
use crate::domain::{OpState, Phrase, Sender, Timestamp, phrase};

impl Model {
    /// Sends what was reviewed, once a trainee has said yes to it.
    pub(super) fn send_reviewed(&mut self) -> Vec<Effect> {
        if self.asks_before_text() {
            return Vec::new();
        }
        self.send_sure_text()
    }

    /// Sends what was reviewed, or holds it for a while first.
    pub(in crate::model) fn send_sure_text(&mut self) -> Vec<Effect> {
        if let Some(why) = self.cannot_wait() {
            let is_asked = matches!(&self.compose.stage, Stage::Review { cautions, .. } if cautions.contains(&why));
            if !is_asked {
                self.review_text();
                return Vec::new();
            }
            // Somebody has said yes to sending it now.
            self.compose.send_at = None;
        }
        if let Some(why) = self.forbidden() {
            // The review says it, and offers another time where that helps.
            self.notify(why);
            return Vec::new();
        }
        if self.the_hour_was_not_asked_about() {
            self.review_text();
            return Vec::new();
        }
        match self.hold() {
            Some(hold) => {
                // It was held before: what is asked once more is the history.
                let is_over = std::mem::take(&mut self.compose.overslept);
                let hold = if is_over { SignedDuration::ZERO } else { hold };
                self.compose.stage = Stage::Held {
                    until: self.now + hold,
                    same: self.same_text(),
                    looking: false,
                };
                Vec::new()
            }
            None => self.send_text(),
        }
    }

    /// Why the text cannot leave at the time that was chosen for it, and what is asked instead.
    pub(super) fn cannot_wait(&self) -> Option<Phrase> {
        let at = self.compose.send_at?;
        if !later::is_still_taken(at, self.now) {
            return Some(phrase!(
                "The time that was chosen for it has come too near, or has passed. Send it now? s chooses another time."
            ));
        }
        matches!(self.sender(), Some(Sender::Number(_) | Sender::Name(_))).then(|| {
            phrase!("A time was chosen for it, and the sender is a number now, which sends at once. Send it now?")
        })
    }

    /// When it leaves: at the time that was chosen, or now.
    pub(super) fn leaves_at(&self) -> Timestamp {
        let chosen = self
            .compose
            .send_at
            .filter(|_| self.cannot_wait().is_none());
        chosen.unwrap_or(self.now)
    }

    /// The hours of the lead began since the review, which did not ask about them.
    pub(in crate::model) fn the_hour_was_not_asked_about(&self) -> bool {
        !self.compose.asked_the_hour && self.hour_needs_a_yes()
    }

    /// How long a text is held before it leaves; none where it is not.
    fn hold(&self) -> Option<SignedDuration> {
        let seconds = i64::from(self.policy.hold_seconds);
        (seconds > 0).then(|| SignedDuration::from_secs(seconds))
    }

    /// When time has to be told next for this pane.
    pub(in crate::model) fn message_deadline(&self) -> Option<Timestamp> {
        let shown = self.pane == Pane::Message;
        let draft = self.compose.drafting.deadline();
        let stage = match &self.compose.stage {
            Stage::Held { looking: true, .. } => None,
            Stage::Held { until, .. } if shown => Some(verify::next_second(self.now).min(*until)),
            Stage::Held { until, .. } => Some(*until),
            // From then on the footer offers to send it.
            Stage::Review { .. } if shown && !self.is_read() => self.compose.seen_from(),
            Stage::Out {
                state: OpState::Intended | OpState::Unknown(_),
                ..
            } if shown => Some(verify::next_second(self.now)),
            _ => None,
        };
        [draft, stage].into_iter().flatten().min()
    }

    /// Why the last order did nothing, in the text's place.
    pub(in crate::model) fn cannot_send(&mut self, why: Phrase) {
        self.compose.complaint = Some(why);
        self.compose.stage = Stage::Body;
    }
}
