//! What a 404 meant. Twilio forgets a verification that was approved, has expired or was used up, and
//! answers all of these, and one that never was, with the same words.
//!
//! Three things together tell them apart: our own history, the verification itself where Twilio still
//! shows it (withdrawn, used up), and the list of sends, which remembers for thirty days whether a code
//! was read back. One question at a time, two at most; what cannot be told is said to be so.

use jiff::SignedDuration;

use crate::domain::verification::{Attempt, AttemptFilter};
use crate::domain::{
    Answer, Call, Failure, FailureKind, HistoryRow, Intent, OpState, Reply, Settled, Timestamp,
    VerificationStatus,
};

use super::{Check, Ending, Stage, Telling};

/// A verification is over after ten minutes; its sends are not older.
const SENDS_REACH_BACK: SignedDuration = SignedDuration::from_mins(11);

/// The verification itself may be fetched 250 times a day, whoever does: so rarely is an open one looked at.
const LOOK_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// Whoever begins to type a code after so long is told first what became of the check meanwhile.
const LOOK_BEFORE_TYPING: SignedDuration = SignedDuration::from_secs(30);
/// The time between two looks is doubled so many times at most.
const MOST_DOUBLINGS: u32 = 3;

/// What is to be asked about a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inquiry {
    step: Step,
    asked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The verification itself.
    Verification,
    /// The list of its sends.
    Attempts,
}

impl Inquiry {
    /// The verification itself is asked for.
    pub(super) fn verification() -> Self {
        Self {
            step: Step::Verification,
            asked: false,
        }
    }
}

impl Check {
    /// Twilio has no such open verification: why?
    pub(super) fn explain(&mut self, failure: Failure) {
        self.stage = Stage::Explaining { failure };
        self.inquiry = Some(Inquiry::verification());
    }

    /// When an open check on screen is looked at next: withdrawn by another hand, or used up, it would wait
    /// for a code that nobody can use. Approvals are in the list of sends, which is asked all the while.
    pub fn looks_at(&self) -> Option<Timestamp> {
        let waits = matches!(self.stage, Stage::Waiting) && self.inquiry.is_none();
        let known = self.sid.as_ref().filter(|_| waits);
        let gap = LOOK_AFTER * (1 << self.looks.min(MOST_DOUBLINGS));
        known.map(|_| self.heard_at.unwrap_or(self.started_at) + gap)
    }

    /// Looks at it, where that is due.
    pub(in crate::model) fn look(&mut self, now: Timestamp) {
        if self.looks_at().is_some_and(|at| now >= at) {
            self.inquiry = Some(Inquiry::verification());
        }
    }

    /// Looks at it, unless that was done a moment ago.
    pub(in crate::model) fn look_before_typing(&mut self, now: Timestamp) {
        let lately = self.heard_at.unwrap_or(self.started_at) + LOOK_BEFORE_TYPING;
        if self.looks_at().is_some() && now >= lately {
            self.inquiry = Some(Inquiry::verification());
        }
    }

    /// The question that is due, once.
    pub fn question(&mut self) -> Option<Call> {
        let inquiry = self.inquiry.as_mut().filter(|inquiry| !inquiry.asked)?;
        inquiry.asked = true;
        Some(match inquiry.step {
            Step::Verification => Call::FetchVerification {
                service: self.service.sid.clone(),
                key: self.key(),
            },
            Step::Attempts => Call::ListAttempts(AttemptFilter {
                service: Some(self.service.sid.clone()),
                verification: self.sid.clone(),
                to: self.sid.is_none().then(|| self.to.clone()),
                created_after: Some(
                    self.started_at
                        - SignedDuration::from_secs(self.skew_seconds)
                        - SENDS_REACH_BACK,
                ),
                ..AttemptFilter::default()
            }),
        })
    }

    /// It was answered, by a clock that ours is so many seconds ahead of.
    pub fn answered(
        &mut self,
        result: &Result<Box<Answer>, Failure>,
        skew_seconds: i64,
        now: Timestamp,
    ) {
        let Some(inquiry) = self.inquiry.take_if(|inquiry| inquiry.asked) else {
            return;
        };
        if inquiry.step == Step::Verification {
            self.heard_at = Some(now);
            self.looks = self.looks.saturating_add(1);
        }
        match result.as_ref().map(|answer| &answer.reply) {
            Ok(Reply::Verification(verification)) => {
                self.take_counters(verification, skew_seconds);
                if !verification.status.is_open() {
                    let at = verification.date_updated.map(|at| self.here(at));
                    self.closed(&verification.status, at, now);
                } else if matches!(self.stage, Stage::Explaining { .. }) {
                    // It is open after all: the code is typed again.
                    self.unheard = true;
                    self.stage = Stage::Waiting;
                }
            }
            Ok(Reply::Attempts(page)) => self.judge(&page.items, now),
            Err(failure)
                if failure.kind == FailureKind::NotFound && inquiry.step == Step::Verification =>
            {
                // Of an open check it says too little: what became of that is in the list of sends, or is
                // found out by the next code.
                if matches!(self.stage, Stage::Explaining { .. }) {
                    self.inquiry = Some(Inquiry {
                        step: Step::Attempts,
                        asked: false,
                    });
                }
            }
            _ => {
                if let Stage::Explaining { failure } = &self.stage {
                    let failure = failure.clone();
                    self.end(self.by_the_clock(now).unwrap_or(Ending::Gone(failure)), now);
                }
            }
        }
    }

    /// What the list of sends says of a verification that is closed.
    fn judge(&mut self, attempts: &[Attempt], now: Timestamp) {
        let Stage::Explaining { failure } = &self.stage else {
            return;
        };
        let failure = failure.clone();
        let ours = |attempt: &&Attempt| {
            self.sid
                .as_ref()
                .is_none_or(|sid| attempt.verification_sid == *sid)
        };
        let ours: Vec<&Attempt> = attempts.iter().filter(ours).collect();
        let ending = if let Some(read) = ours.iter().find(|attempt| attempt.converted) {
            Ending::Approved {
                at: read.date_updated.map(|at| self.here(at)),
                here: false,
                read_back: false,
            }
        } else if ours.is_empty() {
            Ending::NeverStarted
        } else if ours.iter().any(|attempt| attempt.expired) {
            Ending::Expired
        } else {
            self.by_the_clock(now).unwrap_or(Ending::Gone(failure))
        };
        self.end(ending, now);
    }

    /// It expired before the time that Twilio's documentation gives it.
    pub fn is_cut_short(&self) -> bool {
        let in_time = |(at, _)| self.ended_at.is_some_and(|ended| ended >= at);
        self.stage == Stage::Ended(Ending::Expired) && !self.good_until().is_some_and(in_time)
    }

    fn by_the_clock(&self, now: Timestamp) -> Option<Ending> {
        let over = self.good_until().is_some_and(|(at, _)| now >= at);
        over.then_some(Ending::Expired)
    }

    /// Sends of codes, as the round for all who wait has found them: those of another desk count as well,
    /// and so does an approval by one, which ends it.
    pub fn attempts_seen(&mut self, attempts: &[Attempt], now: Timestamp) -> bool {
        let Some(sid) = &self.sid else { return false };
        let ours: Vec<&Attempt> = attempts
            .iter()
            .filter(|attempt| attempt.verification_sid == *sid)
            .collect();
        let sends = u32::try_from(ours.len()).unwrap_or(u32::MAX);
        if sends > self.sends {
            self.sends = sends;
            let last = ours.iter().filter_map(|attempt| attempt.date_created).max();
            self.sent_at = self.sent_at.max(last.map(|last| self.here(last)));
        }
        if let Some(read) = ours.iter().find(|attempt| attempt.converted)
            && matches!(self.stage, Stage::Waiting | Stage::Settling { .. })
        {
            let at = read.date_updated.map(|at| self.here(at));
            self.end(
                Ending::Approved {
                    at,
                    here: false,
                    read_back: false,
                },
                now,
            );
            return true;
        }
        false
    }

    /// The check as it was before Twilio gave another name to it: over, and nobody here knows why.
    pub(super) fn put_aside(&self) -> Self {
        let failure = Failure::new(
            FailureKind::NotFound,
            "It was over when the code was sent again.",
        );
        let mut before = Self {
            // It is known by its row in the history, which is looked for first.
            last_operation: None,
            last_send: None,
            telling: Telling::default(),
            before: None,
            ..self.clone()
        };
        before.explain(failure);
        before
    }

    /// Its end is known.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Ended(_))
    }

    /// What our own history says that another window of this desk did to it.
    pub(super) fn learn_from_record(&mut self, row: &HistoryRow, now: Timestamp) {
        let OpState::Settled(Settled::Verification {
            sid,
            status,
            approved_at,
            ..
        }) = &row.state
        else {
            return;
        };
        let waits = matches!(
            self.stage,
            Stage::Waiting
                | Stage::Settling { .. }
                | Stage::Explaining { .. }
                | Stage::Ended(
                    Ending::Approved { here: false, .. }
                        | Ending::Cancelled { here: false }
                        | Ending::Gone(_)
                )
        );
        if !waits || self.sid.as_ref() != Some(sid) {
            return;
        }
        // A send that is over was ended by somebody else, whoever of us found that out.
        let here = !matches!(row.operation.intent, Intent::VerifyStart(_));
        if !here && matches!(self.stage, Stage::Ended(_)) {
            return;
        }
        match status {
            VerificationStatus::Approved => {
                let approved = Ending::Approved {
                    at: Some(approved_at.unwrap_or(row.updated_at)),
                    here,
                    read_back: approved_at.is_some(),
                };
                self.end(approved, now);
            }
            VerificationStatus::Canceled => self.end(Ending::Cancelled { here }, now),
            _ => {}
        }
    }
}
