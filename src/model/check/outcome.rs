//! How answers move a check: what Twilio said to what was begun, and what the history learns later.

use jiff::SignedDuration;

use crate::domain::verification::MAX_SENDS;
use crate::domain::{
    Failure, FailureKind, HistoryRow, Intent, OpId, OpState, Settled, Timestamp,
    VerificationChannel, VerificationStatus,
};

use super::super::operations::Progress;
use super::{Check, Ending, Inquiry, Resumes, Stage, Telling, What};

/// Codes of Twilio's that say that a limit of one verification is used up (Verify error dictionary).
const CHECKS_USED_UP: u32 = 60202;
const SENDS_USED_UP: u32 = 60203;
/// How long we wait where Twilio does not say.
const WAIT: SignedDuration = SignedDuration::from_secs(10);
/// Longer waits are the agent's to decide.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(60);

impl Check {
    /// What was begun has come further.
    pub fn progress(&mut self, op: OpId, progress: &Progress, now: Timestamp) {
        let Some((_, what)) = self.under_way().filter(|(under_way, _)| *under_way == op) else {
            return;
        };
        let typed = match progress {
            Progress::NotIntended(_) | Progress::Outcome { .. } => std::mem::take(&mut self.digits),
            _ => return,
        };
        match progress {
            Progress::NotIntended(failure) => self.failed(what, failure.clone(), now),
            Progress::Outcome {
                state,
                verification,
                skew_seconds,
            } => {
                self.delayed_until = None;
                if let Some(verification) = verification {
                    self.take_counters(verification, *skew_seconds);
                }
                self.outcome(op, what, state, now);
            }
            Progress::Calling(_) | Progress::Written(_) | Progress::NotWritten { .. } => {}
        }
        let refused = self.trouble.is_some() && matches!(self.stage, Stage::Waiting);
        if what == What::Check && refused {
            self.digits = typed;
            self.unchecked = true;
        }
    }

    /// Its last send was not begun, because an earlier one may have gone out.
    pub fn was_held_back(&self) -> bool {
        let failure = match &self.stage {
            Stage::Ended(Ending::NotSent(failure)) => Some(failure),
            _ => self.trouble.as_ref(),
        };
        failure.is_some_and(|failure| failure.kind == FailureKind::OutcomeUnknown)
    }

    /// The history has news of this check: found again, delivered, or ended by another hand.
    pub fn row_changed(&mut self, row: &HistoryRow, now: Timestamp) {
        let op = row.operation.id;
        if self.last_send == Some(op)
            && let OpState::Settled(Settled::Verification {
                delivery: Some(delivery),
                ..
            }) = &row.state
            && self
                .delivery
                .as_ref()
                .is_none_or(|(known, _)| known != delivery)
        {
            self.delivery = Some((delivery.clone(), now));
        }
        if self.last_operation == Some(op) {
            let over = row.state != OpState::Intended;
            let is_stop = matches!(row.operation.intent, Intent::VerifyCancel { .. });
            // A stop that failed says nothing about the end that there was before.
            if !is_stop || matches!(row.state, OpState::Settled(_)) {
                self.audit = row.audit.clone().filter(|_| over);
            }
        } else if self.last_send == Some(op) && self.telling == Telling::Told {
            // How it ended is written there, where the last operation says only that it did not work.
            self.audit.clone_from(&row.audit);
        } else {
            self.learn_from_record(row, now);
        }
        // The history knows that what was answered belongs to an earlier check.
        if self.last_operation == Some(op)
            && matches!(row.state, OpState::Unknown(_))
            && matches!(self.stage, Stage::Approved { .. })
        {
            self.outcome(op, What::Check, &row.state, now);
        }
        if let Stage::Unknown {
            op: unknown, what, ..
        } = self.stage
            && unknown == op
            && !matches!(row.state, OpState::Unknown(_))
        {
            if let OpState::Settled(Settled::Verification {
                sid,
                sends,
                expires_at,
                ..
            }) = &row.state
            {
                self.is_named(sid);
                self.sends = sends.unwrap_or(self.sends);
                self.expires_at = expires_at.or(self.expires_at);
            }
            // Still pending: the code did not arrive, or was wrong. To call it wrong could be a lie.
            if what == What::Check
                && let OpState::Settled(Settled::Verification { status, .. }) = &row.state
                && status.is_open()
            {
                self.unheard = true;
                self.unheard_tries += 1;
                self.stage = Stage::Waiting;
                return;
            }
            self.outcome(op, what, &row.state, now);
        }
    }

    fn outcome(&mut self, op: OpId, what: What, state: &OpState, now: Timestamp) {
        match state {
            OpState::Settled(Settled::Verification {
                status,
                approved_at,
                ..
            }) => {
                self.waited = false;
                self.settled(what, status, *approved_at, now);
            }
            OpState::Settled(Settled::Text { .. } | Settled::Lookup { .. }) | OpState::Intended => {
            }
            OpState::Unknown(_) => {
                self.stage = Stage::Unknown {
                    op,
                    what,
                    since: now,
                }
            }
            OpState::NotSent(failure) | OpState::Refused(failure) => {
                self.failed(what, failure.clone(), now);
            }
        }
    }

    fn settled(
        &mut self,
        what: What,
        status: &VerificationStatus,
        read_back: Option<Timestamp>,
        now: Timestamp,
    ) {
        match (what, status) {
            // Only a code that was checked approves.
            (What::Check, VerificationStatus::Approved) => {
                self.stage = Stage::Approved { at: now, read_back };
            }
            (What::Stop, _) => self.end(Ending::Cancelled { here: true }, now),
            (_, status) if !status.is_open() => self.closed(status, None, now),
            (What::Send, _) => {
                if self.renewed && self.sent_here == 0 {
                    self.started_at = now;
                }
                self.sent_here += 1;
                self.sent_at = Some(now);
                self.before_send = None;
                self.reached_by = Some(self.channel.clone());
                self.went_by(&self.channel.clone());
                self.stage = Stage::Waiting;
            }
            (What::Check, _) => {
                self.wrong += 1;
                self.wrong_at = Some(now);
                // Twilio still calls it pending, and refuses whatever comes next.
                if self.tries_left() == 0 {
                    self.end(Ending::UsedUp, now);
                } else {
                    self.stage = Stage::Waiting;
                }
            }
        }
    }

    /// All ways by which its code went out from here; the one that was tried, where none is known.
    pub fn ways_used(&self) -> &[VerificationChannel] {
        if self.ways.is_empty() {
            std::slice::from_ref(&self.channel)
        } else {
            &self.ways
        }
    }

    /// This code went out by this way, too.
    pub(super) fn went_by(&mut self, channel: &VerificationChannel) {
        if !self.ways.contains(channel) {
            self.ways.push(channel.clone());
        }
    }

    /// It turned out to be closed already, in this way.
    pub(super) fn closed(
        &mut self,
        status: &VerificationStatus,
        at: Option<Timestamp>,
        now: Timestamp,
    ) {
        let ending = match status {
            VerificationStatus::Approved => Ending::Approved {
                at,
                here: false,
                read_back: false,
            },
            VerificationStatus::Canceled => Ending::Cancelled { here: false },
            VerificationStatus::MaxAttemptsReached => Ending::UsedUp,
            VerificationStatus::Failed => Ending::Failed,
            VerificationStatus::Expired | VerificationStatus::Deleted => Ending::Expired,
            VerificationStatus::Pending | VerificationStatus::Other(_) => return,
        };
        self.end(ending, now);
    }

    fn failed(&mut self, what: What, failure: Failure, now: Timestamp) {
        let tried = self.channel.clone();
        if what == What::Send
            && let Some(reached_by) = &self.reached_by
        {
            // The code that is out went another way, and that is what counts for the evidence.
            self.channel = reached_by.clone();
            if let Some((send, delivery)) = self.before_send.take() {
                self.last_send = send;
                self.delivery = delivery;
            }
        }
        match (what, failure.kind, failure.code) {
            (What::Check | What::Stop, FailureKind::NotFound, _) => self.explain(failure),
            (_, _, Some(CHECKS_USED_UP)) => {
                self.end(Ending::UsedUp, now);
                self.learn_times();
            }
            (What::Send, _, Some(SENDS_USED_UP)) => {
                // A code that went out still works, whoever sent it.
                self.sends = MAX_SENDS;
                self.trouble = Some(failure);
                self.stage = Stage::Waiting;
                self.learn_times();
            }
            (What::Send | What::Stop, FailureKind::RateLimit, _) if !self.waited => {
                let wait = failure
                    .retry_after
                    .map_or(WAIT, |seconds| SignedDuration::from_secs(seconds.into()));
                if wait > LONGEST_WAIT {
                    return self.not_begun(what, failure, now);
                }
                let (intent, _) = match what {
                    What::Send => self.send_by(tried),
                    What::Check | What::Stop => self.stop(),
                };
                self.waited = true;
                self.stage = Stage::Paused {
                    until: now + wait,
                    intent: Box::new(intent),
                    failure,
                    resumes: Resumes::ByItself,
                };
            }
            _ => self.not_begun(what, failure, now),
        }
    }

    /// What was wanted did not happen: it goes on as before, or ends where nothing was there before.
    pub(super) fn not_begun(&mut self, what: What, failure: Failure, now: Timestamp) {
        self.waited = false;
        self.unstopped = what == What::Stop;
        if self.sends == 0 && !self.unstopped {
            self.end(Ending::NotSent(failure), now);
        } else if self.tries_left() == 0 || (self.unstopped && self.ended_at.is_some()) {
            // Only what is used up is stopped after its end; that was when it was.
            let ended_at = self.ended_at.unwrap_or(now);
            self.trouble = Some(failure);
            self.end(Ending::UsedUp, ended_at);
        } else {
            self.trouble = Some(failure);
            self.stage = Stage::Waiting;
        }
    }

    /// Another desk began it: when, and how far it is, is asked for.
    fn learn_times(&mut self) {
        if self.expires_at.is_none() {
            self.inquiry = Some(Inquiry::verification());
        }
    }
}
