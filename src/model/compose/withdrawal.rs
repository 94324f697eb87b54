//! A text that waits at Twilio for its time can be withdrawn until then, by the account that sent it.

use crate::domain::{Call, Intent, MessageStatus, OpId, OpState, Settled, Timestamp, phrase};

use super::super::effect::Effect;
use super::super::event::Ask;
use super::super::{Model, Overlay};

impl Model {
    /// A text waits at Twilio for its time.
    pub fn scheduled(&self, op: OpId) -> Option<Timestamp> {
        let row = self.history.row(op)?;
        let waits = matches!(
            &row.state,
            OpState::Settled(Settled::Text {
                status: MessageStatus::Scheduled,
                ..
            })
        );
        match &row.operation.intent {
            Intent::Text(text) if waits => text.send_at,
            _ => None,
        }
    }

    /// A text can still be withdrawn: it waits for its time at the account that is connected, and this desk
    /// is for more than looking.
    pub fn may_withdraw(&self, op: OpId) -> bool {
        let ours = |op| {
            let row = self.history.row(op);
            row.is_some_and(|row| self.operations.is_ours(&row.operation))
        };
        self.scheduled(op).is_some() && self.policy.acting().is_ok() && ours(op)
    }

    /// Asks whether a scheduled text shall be withdrawn.
    pub(in crate::model) fn withdraw_question(&mut self, op: OpId) {
        if self.scheduled(op).is_none() {
            self.notify(phrase!(
                "Only a text that is scheduled can be withdrawn, before its time."
            ));
        } else if let Err(why) = self.policy.acting() {
            self.notify(why);
        } else if self.connection.is_none() {
            let why = self.why_not_connected(phrase!("No account is connected."));
            self.notify(why);
        } else if !self.may_withdraw(op) {
            self.notify(phrase!(
                "This text waits at another account. Connect that one to withdraw it."
            ));
        } else {
            self.overlay = Some(Overlay::Withdraw(op));
        }
    }

    /// Withdraws it. What came of that is read from the text itself, so that a lost answer does no harm.
    pub(in crate::model) fn withdraw(&mut self, op: OpId) -> Vec<Effect> {
        // The lead may have changed the rules since it was asked about.
        if let Err(why) = self.policy.acting() {
            self.notify(why);
            return Vec::new();
        }
        // One from an old page of the history was not followed so far.
        if let Some(row) = self.history.row(op) {
            self.follow.row_changed(row, self.now);
        }
        let sid = self.history.row(op).and_then(|row| match &row.state {
            OpState::Settled(Settled::Text { sid, .. }) => Some(sid.clone()),
            _ => None,
        });
        sid.map(|sid| Effect::Call {
            ask: Ask::Withdrawal(op),
            call: Call::CancelMessage(sid),
        })
        .into_iter()
        .collect()
    }
}
