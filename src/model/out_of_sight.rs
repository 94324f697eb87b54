//! What comes of a check that is not on screen is said in a sentence, so that it is not missed, with the keys that
//! show it. The sentence goes when it is not true any more: the check has come further, or is looked at.

use std::mem::{Discriminant, discriminant};

use crate::domain::{OpId, OpState, Phrase, phrase};
use crate::keymap::{Action, Place};

use super::check::Check;
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
        let (to, keys) = (check.to.masked(), self.keys_to(at));
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
        let keys = self.keys_to(at);
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
        let holds = self.told_of().is_some();
        self.notice
            .take_if(|notice| notice.told_of.is_some() && !holds);
    }

    /// Where the check is that the sentence on screen tells of.
    pub(super) fn told_of(&self) -> Option<usize> {
        let (op, stage) = self.notice.as_ref()?.told_of?;
        let mut checks = self.verify.checks.iter().enumerate();
        let (at, _) = checks.find(|(at, check)| {
            check.last_operation == Some(op)
                && discriminant(&check.stage) == stage
                && !self.is_on_screen(*at)
        })?;
        Some(at)
    }

    /// Checks other than the one on screen, the one that comes next first: that is the one that the sentence on
    /// screen tells of.
    pub fn others_waiting(&self) -> impl Iterator<Item = &Check> {
        let told = self.told_of().and_then(|at| self.verify.checks.get(at));
        let is_told = move |check: &Check| told.is_some_and(|told| std::ptr::eq(told, check));
        let others = self.verify.others_waiting();
        told.into_iter()
            .chain(others.filter(move |check| !is_told(check)))
    }

    /// To the check that comes next.
    pub(super) fn show_other_check(&mut self) {
        match self.told_of() {
            Some(at) => self.verify.show(at),
            None => self.verify.other_check(),
        }
    }

    fn is_on_screen(&self, at: usize) -> bool {
        self.pane == Pane::Verify && self.setup.is_none() && self.verify.shown == Some(at)
    }

    /// What leads to this check from where the agent is, whatever is typed there meanwhile.
    fn keys_to(&self, at: usize) -> String {
        let keymap = self.setting.keymap;
        let pane = (self.pane != Pane::Verify).then(|| keymap.chord(Place::Desk, Action::GoVerify));
        let is_next = self.verify.shown != Some(at);
        let other = is_next.then(|| keymap.chord(Place::To, Action::OtherCheck));
        let keys = [pane.flatten(), other.flatten()].into_iter().flatten();
        let keys: Vec<String> = keys.map(|chord| chord.to_string()).collect();
        keys.join(", ")
    }
}
