//! What the history is told of an end that nobody at this desk brought about.
//!
//! The hand that ended a check may be that of another window of the same history, where it is written down
//! already, or is about to be. So the history is read first, and told only what it does not know: that a
//! code was approved somewhere else is never written beside the line that says it was approved here.

use crate::domain::{
    HistoryRow, Intent, OpId, OpState, Settled, VerificationKey, VerificationStatus,
};

use super::{Check, Ending, Stage};

/// How far it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Telling {
    /// There was nothing to tell yet.
    #[default]
    No,
    /// The history is being read, in which another window may have written.
    Reading,
    /// It was read.
    Read,
    /// It is told, or knows.
    Told,
}

impl Check {
    /// There is an end to be told of, so that the history is to be read; says so once.
    pub fn asks_history(&mut self, row: Option<&HistoryRow>) -> bool {
        if !matches!(self.stage, Stage::Ended(_)) {
            self.telling = Telling::No;
            return false;
        }
        let asks = self.telling == Telling::No && self.untold(row).is_some();
        if asks {
            self.telling = Telling::Reading;
        }
        asks
    }

    /// The history was read, as far as it can be.
    pub fn history_read(&mut self) {
        if self.telling == Telling::Reading {
            self.telling = Telling::Read;
        }
    }

    /// It is still to be told.
    pub fn is_telling(&self) -> bool {
        matches!(self.telling, Telling::Reading | Telling::Read)
    }

    /// What the history has to be told, once. A row that says *waiting* for ever, and *expired* afterwards,
    /// would be a lie about a check that was approved elsewhere.
    pub fn tell_history<'a>(
        &mut self,
        row: Option<&HistoryRow>,
        mut rows: impl Iterator<Item = &'a HistoryRow>,
    ) -> Option<(OpId, OpState)> {
        if self.telling != Telling::Read {
            return None;
        }
        self.telling = Telling::Told;
        // Another window is at it, and writes down what comes of it.
        if rows.any(|row| self.is_under_way_in(row)) {
            return None;
        }
        self.untold(row)
    }

    /// How the row of its last send has to end.
    fn untold(&self, row: Option<&HistoryRow>) -> Option<(OpId, OpState)> {
        let Stage::Ended(ending) = &self.stage else {
            return None;
        };
        let ended = match ending {
            Ending::Approved { here: false, .. } => VerificationStatus::Approved,
            Ending::Cancelled { here: false } => VerificationStatus::Canceled,
            Ending::UsedUp => VerificationStatus::MaxAttemptsReached,
            // By its own clock the history knows it.
            Ending::Expired if self.is_cut_short() => VerificationStatus::Expired,
            Ending::Failed => VerificationStatus::Failed,
            Ending::Gone(_) => VerificationStatus::Deleted,
            _ => return None,
        };
        let row = row?;
        let mut state = row.state.clone();
        let OpState::Settled(Settled::Verification { status, .. }) = &mut state else {
            return None;
        };
        if !status.is_open() {
            return None;
        }
        *status = ended;
        Some((row.operation.id, state))
    }

    /// Its code is being checked there, or it is being stopped.
    fn is_under_way_in(&self, row: &HistoryRow) -> bool {
        let (Intent::VerifyCheck { key, .. } | Intent::VerifyCancel { key, .. }) =
            &row.operation.intent
        else {
            return false;
        };
        let is_this = match key {
            VerificationKey::Sid(sid) => self.sid.as_ref() == Some(sid),
            VerificationKey::To(to) => *to == self.to,
        };
        is_this && matches!(row.state, OpState::Intended | OpState::Unknown(_))
    }
}
