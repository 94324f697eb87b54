//! What is counted: tries, sends, minutes, and when the next send may be.
//!
//! Sends and minutes are Twilio's own, so that two desks on one number agree. Tries are our own count,
//! since Twilio shows none: where another desk may have tried as well, it is an upper bound and says so.

use jiff::SignedDuration;

use crate::domain::sid::VerificationSid;
use crate::domain::verification::{MAX_CHECKS, MAX_SENDS, VALIDITY_SECONDS};
use crate::domain::{HistoryRow, OpState, Settled, Timestamp, Verification};

use super::{Check, Ending, Stage, Telling};

/// Seconds to wait before the second, third, … send of a code.
const LADDER: [i64; 5] = [30, 40, 60, 90, 120];

impl Check {
    /// Tries that are left, as far as this desk has counted.
    pub fn tries_left(&self) -> u32 {
        MAX_CHECKS.saturating_sub(self.wrong)
    }

    /// Whether that is the whole truth: no answer was lost, and nobody else has sent this code, who may
    /// have tried one as well.
    pub fn tries_are_certain(&self) -> bool {
        self.unheard_tries == 0 && self.sends <= self.sent_here
    }

    /// The history holds what another window has tried as well: those wrong codes count here, too.
    pub(in crate::model) fn count_tries(&mut self, rows: &[HistoryRow], now: Timestamp) {
        if !matches!(self.stage, Stage::Waiting | Stage::Settling { .. }) {
            return;
        }
        let Some(sid) = &self.sid else { return };
        let wrong = rows.iter().filter(|row| is_wrong_code(row, sid)).count();
        self.wrong = self.wrong.max(u32::try_from(wrong).unwrap_or(MAX_CHECKS));
        if self.tries_left() == 0 {
            self.end(Ending::UsedUp, now);
        }
    }

    /// Sends that are left.
    pub fn sends_left(&self) -> u32 {
        MAX_SENDS.saturating_sub(self.sends)
    }

    /// When the code may be sent again. With all sends used, that is when its time is over.
    pub fn next_send_at(&self) -> Option<Timestamp> {
        if self.sends_left() == 0 {
            return self.good_until().map(|(at, _)| at);
        }
        let rung = usize::try_from(self.sends.max(1) - 1)
            .unwrap_or(0)
            .min(LADDER.len() - 1);
        Some(self.sent_at? + SignedDuration::from_secs(LADDER[rung]))
    }

    /// How long until the code may be sent again; none when it may.
    pub fn send_wait(&self, now: Timestamp) -> Option<SignedDuration> {
        self.next_send_at()
            .map(|at| now.duration_until(at))
            .filter(SignedDuration::is_positive)
    }

    /// Until when the code is good, and whether Twilio said so: else it is ten minutes from our first send.
    pub fn good_until(&self) -> Option<(Timestamp, bool)> {
        let sent = self.sent_at.map(|_| {
            let at = self.started_at + SignedDuration::from_secs(VALIDITY_SECONDS);
            (at, false)
        });
        self.expires_at.map(|at| (at, true)).or(sent)
    }

    /// What Twilio's answer counts.
    pub(super) fn take_counters(&mut self, verification: &Verification, skew_seconds: i64) {
        self.skew_seconds = skew_seconds;
        self.is_named(&verification.sid);
        if !verification.sends.is_empty() {
            self.sends = u32::try_from(verification.sends.len()).unwrap_or(MAX_SENDS);
        }
        let last = verification.sends.iter().filter_map(|send| send.time).max();
        if let Some(last) = last.map(|last| self.here(last)) {
            self.sent_at = self.sent_at.max(Some(last));
        }
        if let OpState::Settled(Settled::Verification {
            expires_at: Some(at),
            ..
        }) = OpState::Settled(Settled::verification(verification, skew_seconds))
        {
            self.expires_at = Some(at);
        }
    }

    /// Twilio calls it so. Another name than before is another verification, with a code, tries and sends of
    /// its own: whoever else worked on it had ended the one before.
    pub(super) fn is_named(&mut self, sid: &VerificationSid) {
        if self.sid.as_ref().is_some_and(|known| known != sid) {
            self.renewed = true;
            self.before = Some(Box::new(self.put_aside()));
            self.sends = 0;
            self.sent_here = 0;
            self.wrong = 0;
            self.wrong_at = None;
            self.unheard_tries = 0;
            self.expires_at = None;
            self.sent_at = None;
            self.telling = Telling::default();
            self.ways.clear();
        }
        self.sid = Some(sid.clone());
    }

    /// A time by Twilio's clock, by ours.
    pub(super) fn here(&self, at: Timestamp) -> Timestamp {
        at + SignedDuration::from_secs(self.skew_seconds)
    }
}

/// It was a code for this verification, and not the right one.
fn is_wrong_code(row: &HistoryRow, verification: &VerificationSid) -> bool {
    row.was_wrong_code()
        && matches!(
            &row.state,
            OpState::Settled(Settled::Verification { sid, .. }) if sid == verification
        )
}
