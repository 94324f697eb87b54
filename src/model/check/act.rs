//! What the agent's orders do to the check on screen, beyond sending, checking and stopping.

use crate::domain::{HistoryRow, Intent, OpId, OpState, Settled, VerificationChannel, phrase};
use crate::keymap::Action;

use super::super::effect::Effect;
use super::super::event::Ask;
use super::super::{Model, evidence, note};
use super::{Check, Ending, Stage};

impl Model {
    /// Does what an action says to the check on screen, where it is one of these.
    pub(in super::super) fn act_on_check(&mut self, action: Action) -> Option<Vec<Effect>> {
        let at = self.verify.shown?;
        // What the lead does not allow is refused with the lead's sentence, where it would begin.
        let allowed = self.policy.acting().is_ok()
            && way(action).is_none_or(|channel| self.policy.channel(&channel).is_ok());
        let closed = allowed && !self.offers(action);
        let check = self.verify.checks.get_mut(at)?;
        match action {
            Action::StopWaiting => check.wait_no_longer(self.now),
            Action::TellLead => {
                let line = note::lead(check)?;
                return Some(vec![Effect::Copy(line)]);
            }
            Action::Copy if matches!(check.stage, Stage::Ended(_)) => {
                let line = evidence::line(check, self.setting.agent.as_deref())
                    .or_else(|| note::approved_before(check))?;
                return Some(vec![Effect::Copy(line)]);
            }
            // Five wrong codes and five sends have sentences of their own.
            Action::SendAgain
            | Action::WhatsAppInstead
            | Action::CallInstead
            | Action::EmailInstead
            | Action::OtherNumber
                if closed
                    && check.sends_left() > 0
                    && check.stage != Stage::Ended(Ending::UsedUp) =>
            {
                self.notify(phrase!("That way is closed for this phone."));
            }
            Action::AskNow => {
                check.look_before_typing(self.now);
                if let Some(due) = self.follow.ask_now(self.now) {
                    self.notify(phrase!(
                        "Twilio asks us to ask less often. The next look is in {wait}.",
                        wait = super::super::verify::clock(self.now.duration_until(due))
                    ));
                }
                self.searches.ask_now(self.now);
                return Some(vec![Effect::LoadPage { before: None }]);
            }
            _ => return None,
        }
        Some(Vec::new())
    }

    /// What has to be asked about checks, and what our own history may know by now.
    pub(in super::super) fn inquire(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        let before = self
            .verify
            .checks
            .iter_mut()
            .filter_map(|check| check.before.take());
        self.verify.past.extend(before.filter_map(|mut before| {
            before.last_send = start_of(&before, self.history.rows());
            before.last_operation = before.last_send;
            before.last_send.is_some().then_some(*before)
        }));
        for check in self.verify.all() {
            let row = check.last_send.and_then(|op| self.history.row(op));
            if check.asks_history(row) {
                effects.push(Effect::LoadPage { before: None });
            }
            if let Some((op, state)) = check.tell_history(row, self.history.rows().iter()) {
                effects.push(Effect::Settle { op, state });
            }
        }
        self.verify
            .past
            .retain(|check| !check.is_over() || check.is_telling());
        for check in self.verify.all() {
            let Some(op) = check.last_operation else {
                continue;
            };
            if let Some(call) = check.question() {
                effects.push(Effect::Call {
                    ask: Ask::Inquiry(op),
                    call,
                });
                if matches!(check.stage, Stage::Explaining { .. }) {
                    effects.push(Effect::LoadPage { before: None });
                }
            }
        }
        effects
    }
}

/// The send by which the history knows a check.
fn start_of(check: &Check, rows: &[HistoryRow]) -> Option<OpId> {
    let found = rows.iter().find(|row| {
        matches!(row.operation.intent, Intent::VerifyStart(_))
            && matches!(&row.state, OpState::Settled(Settled::Verification { sid, .. }) if Some(sid) == check.sid.as_ref())
    });
    Some(found?.operation.id)
}

/// The way that an action sends by, where it says one.
fn way(action: Action) -> Option<VerificationChannel> {
    match action {
        Action::WhatsAppInstead => Some(VerificationChannel::WhatsApp),
        Action::CallInstead => Some(VerificationChannel::Call),
        Action::EmailInstead => Some(VerificationChannel::Email),
        _ => None,
    }
}
