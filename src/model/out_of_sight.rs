//! What comes of a check that is not on screen is said in a sentence, so that it is not missed, with the keys that
//! show it. The sentence goes when it is not true any more: the check has come further, or is looked at.

use std::mem::{Discriminant, discriminant};

use crate::domain::{OpId, OpState, Phrase, phrase};
use crate::keymap::{Action, Place};

use super::stage::Stage;
use super::{Model, Pane};

/// A check that a notice tells of: its last operation, and how it stood.
pub type ToldOf = (OpId, Discriminant<Stage>);

impl Model {
    /// An operation of a check that is not on screen has an outcome.
    pub(super) fn tell_of_background(&mut self, op: OpId, state: &OpState) {
        let mut checks = self.verify.checks.iter();
        let Some(at) = checks.position(|check| check.last_operation == Some(op)) else {
            return;
        };
        let check = &self.verify.checks[at];
        let (to, keys) = (check.to.masked(), self.keys_to_others());
        let text = match (&check.stage, state) {
            // It goes on by itself.
            (Stage::Paused { .. } | Stage::Explaining { .. }, _) => return,
            (Stage::Approved { .. }, OpState::Settled(_)) => {
                phrase!("Approved: {to}. {keys} shows it.", to = to, keys = keys)
            }
            (_, OpState::Settled(_)) if check.wrong_at == Some(self.now) => {
                phrase!("Wrong code: {to}. {keys} shows it.", to = to, keys = keys)
            }
            (_, OpState::Refused(_) | OpState::NotSent(_)) => {
                phrase!(
                    "It did not work: {to}. {keys} shows it.",
                    to = to,
                    keys = keys
                )
            }
            (_, OpState::Unknown(_)) => {
                phrase!("Not known: {to}. {keys} shows it.", to = to, keys = keys)
            }
            _ => return,
        };
        self.tell_of(at, text);
    }

    /// A check has come to a question.
    pub(super) fn tell_of_a_question(&mut self, at: usize) {
        let to = self.verify.checks[at].to.masked();
        let keys = self.keys_to_others();
        self.tell_of(
            at,
            phrase!(
                "It waits for your answer: {to}. {keys} shows it.",
                to = to,
                keys = keys
            ),
        );
    }

    fn tell_of(&mut self, at: usize, text: Phrase) {
        let check = &self.verify.checks[at];
        let told = check
            .last_operation
            .map(|op| (op, discriminant(&check.stage)));
        if self.is_on_screen(at) {
            return;
        }
        self.notify(text);
        if let Some(notice) = &mut self.notice {
            notice.told_of = told;
        }
    }

    /// A check of which something else is true now, or that is on screen, is not told of any more.
    pub(super) fn untell(&mut self) {
        let told = self.notice.as_ref().and_then(|notice| notice.told_of);
        let Some((op, stage)) = told else { return };
        let mut checks = self.verify.checks.iter().enumerate();
        let holds = checks.any(|(at, check)| {
            check.last_operation == Some(op)
                && discriminant(&check.stage) == stage
                && !self.is_on_screen(at)
        });
        self.notice = self.notice.take().filter(|_| holds);
    }

    fn is_on_screen(&self, at: usize) -> bool {
        self.pane == Pane::Verify && self.setup.is_none() && self.verify.shown == Some(at)
    }

    /// What leads to other checks from where the agent is, whatever is typed there meanwhile.
    fn keys_to_others(&self) -> String {
        let keymap = self.setting.keymap;
        let pane = (self.pane != Pane::Verify).then(|| keymap.chord(Place::Desk, Action::GoVerify));
        let other = keymap.chord(Place::To, Action::OtherCheck);
        let keys = [pane.flatten(), other].into_iter().flatten();
        let keys: Vec<String> = keys.map(|chord| chord.to_string()).collect();
        keys.join(", ")
    }
}
