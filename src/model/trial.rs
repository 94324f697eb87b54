//! What a trial account shows of itself, where the keys may not ask: only main keys may read the account.

use jiff::SignedDuration;

use crate::domain::connection::Source;
use crate::domain::message::TRIAL_PREFIX;
use crate::domain::{
    Answer, Failure, HistoryRow, Intent, OpId, OpState, Recipient, Reply, Settled,
};

use super::{Choice, Effect, Model};

/// Twilio refuses a number that was not verified: on a trial account, and on one whose business profile is
/// not finished.
const NOT_VERIFIED: u32 = 21608;
/// Such a refusal speaks for other numbers for so long.
const REFUSED_LATELY: SignedDuration = SignedDuration::from_hours(24);

/// Why a number is hardly reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// The account is a trial one.
    Trial,
    /// Another number was refused because it was not verified.
    Refused,
}

impl Model {
    /// A text came back with the words that Twilio puts before those of a trial account.
    pub(super) fn learn_trial(
        &mut self,
        op: OpId,
        result: &Result<Box<Answer>, Failure>,
    ) -> Vec<Effect> {
        let Ok(Reply::Message(sent)) = result.as_ref().map(|answer| &answer.reply) else {
            return Vec::new();
        };
        if !sent.body.raw().starts_with(TRIAL_PREFIX) || self.said_as_on_trial(op) {
            return Vec::new();
        }
        match &mut self.connection {
            Some(connection) if !connection.is_trial => {
                connection.is_trial = true;
                match &connection.source {
                    Source::Profile(name) => {
                        let name = name.clone();
                        self.keep_setting(Choice::Trial(name))
                    }
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    /// The agent wrote those words.
    fn said_as_on_trial(&self, op: OpId) -> bool {
        self.history.row(op).is_some_and(|row| {
            matches!(&row.operation.intent, Intent::Text(text) if text.body.raw().starts_with(TRIAL_PREFIX))
        })
    }

    /// The account reaches verified numbers only, and nobody has seen this one taken.
    pub(super) fn limit_for(&self, to: &Recipient) -> Option<Limit> {
        let is_trial = || self.is_trial().then_some(Limit::Trial);
        let limit = is_trial().or_else(|| self.refused_others(to))?;
        let taken = |row: &HistoryRow| {
            row.operation.intent.to().as_ref() == Some(to)
                && matches!(
                    row.state,
                    OpState::Settled(Settled::Verification { .. } | Settled::Text { .. })
                )
        };
        (matches!(to, Recipient::Phone(_)) && !self.known_rows().any(taken)).then_some(limit)
    }

    fn refused_others(&self, to: &Recipient) -> Option<Limit> {
        let refused = |row: &HistoryRow| {
            matches!(&row.state, OpState::Refused(failure) if failure.code == Some(NOT_VERIFIED))
                && row.updated_at >= self.now - REFUSED_LATELY
                && row.operation.intent.to().as_ref() != Some(to)
                && self.operations.is_ours(&row.operation)
        };
        self.known_rows().any(refused).then_some(Limit::Refused)
    }
}
