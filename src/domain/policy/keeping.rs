//! What stays in the history, whoever wants it gone: all of it where a desk is for looking only, and what is
//! counted today where the lead has set how much is enough for a day.

use super::super::{HistoryRow, Intent, OpState, Phrase, Timestamp, phrase};
use super::verdict::Verdict;
use super::{Mode, Policy};

impl Policy {
    /// Whether anything may be deleted from the history by hand.
    pub fn deleting(&self) -> Verdict {
        if let Some(why) = &self.off {
            return Err(phrase!("{why} Nothing is deleted either.", why = why));
        }
        match (self.mode, self.mode_by_choice) {
            (Mode::ReadOnly, true) => Err(phrase!(
                "This desk was started to look only, so nothing is deleted. Start it without --read-only."
            )),
            (Mode::ReadOnly, false) => Err(phrase!(
                "Set by your lead: this desk is for looking only, so nothing is deleted."
            )),
            (Mode::Full | Mode::Trainee, _) => Ok(()),
        }
    }

    /// Whether an operation may be deleted, on a day that began then: a place that was used stays used.
    pub fn deleting_of(&self, row: &HistoryRow, day: Timestamp) -> Verdict {
        self.deleting()?;
        let counts = match &row.operation.intent {
            Intent::Unreadable(_) => self.is_capped(),
            intent => self.cap(intent).is_some(),
        };
        if counts && takes_a_place(row, day) {
            return Err(Self::counted());
        }
        Ok(())
    }

    /// Why what was sent today stays where it is counted.
    pub fn counted() -> Phrase {
        phrase!(
            "Set by your lead: what was sent today is counted, so it cannot be deleted before tomorrow."
        )
    }

    /// Something is counted for a day.
    pub fn is_capped(&self) -> bool {
        self.texts_a_day.is_some() || self.verifications_a_day.is_some()
    }
}

/// An operation takes a place of a day that began then, where it is of a kind that is counted.
pub fn takes_a_place(row: &HistoryRow, day: Timestamp) -> bool {
    let reached_nobody = matches!(row.state, OpState::Refused(_) | OpState::NotSent(_));
    !reached_nobody && row.operation.at >= day
}
