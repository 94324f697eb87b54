//! Looking for what is not known: a text or a verification whose answer was lost.
//!
//! Twilio has no idempotency key, so it is looked for in Twilio's own lists: at once, then with growing
//! gaps, for ten minutes. Found, it is adopted. Not found in all that time, it is taken as not sent, and
//! only then may it be offered for sending again without a question. Nothing is ever sent from here.

mod claims;
mod question;
mod verdict;

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::domain::{
    Answer, Call, Failure, FailureKind, HistoryRow, Intent, OpId, OpState, Operation, Timestamp,
};

use super::effect::Effect;
use super::event::Ask;

pub use claims::Claims;
use question::{attempts_of, first_look};

/// Seconds between two looks.
const GAPS: [i64; 9] = [0, 2, 4, 8, 15, 30, 60, 60, 120];
/// The history may need a moment before it can be written again.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(30);
/// After this long without a trace it is taken as not sent.
const GIVE_UP: SignedDuration = SignedDuration::from_mins(10);
/// Before this it is too early to say even "not found yet".
const TOO_EARLY: SignedDuration = SignedDuration::from_secs(20);
/// Clocks may differ by this much between us and Twilio.
pub(super) const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(60);
/// So long after it was intended it may have reached Twilio at the latest: waits and time limits of the
/// client are over by then. What is younger belongs to somebody else's send, or to a later one of ours.
const LATEST: SignedDuration = SignedDuration::from_mins(2);

/// All operations that are being looked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Searches {
    open: BTreeMap<OpId, Search>,
    /// What was found: no other operation may be taken for it, though the history does not have it yet.
    adopted: Claims,
}

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    operation: Operation,
    since: Timestamp,
    /// How many looks came back without a trace.
    pub looks: u32,
    /// When the next look is due; none while one is under way.
    pub due: Option<Timestamp>,
    phase: Phase,
    /// What our clock is ahead of Twilio's.
    skew_seconds: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Texts by recipient, or the verification by its name.
    First,
    /// The verification is closed or another one: its sends tell.
    Attempts,
}

/// What a look came to.
#[derive(Debug, Clone, PartialEq)]
enum Verdict {
    Found(OpState),
    AskOn(Call),
    NoTrace,
}

impl Searches {
    /// Begins to look for a row, if it is not known and not looked for already.
    pub fn row_changed(&mut self, row: &HistoryRow, now: Timestamp) {
        // What was found for it was not given to it, or it would be settled: it is somebody else's.
        let denied =
            matches!(row.state, OpState::Unknown(_)) && self.adopted.let_go(row.operation.id);
        let due = if denied { now + AFTER_FAILURE } else { now };
        self.look_for(row, now, due);
    }

    fn look_for(&mut self, row: &HistoryRow, now: Timestamp, due: Timestamp) {
        let op = row.operation.id;
        // A lookup changes nothing at Twilio and leaves nothing there to be found.
        let traceable = !matches!(row.operation.intent, Intent::LookUp { .. });
        if traceable && matches!(row.state, OpState::Unknown(_)) {
            self.open.entry(op).or_insert_with(|| Search {
                operation: row.operation.clone(),
                // The clock may have been set back since.
                since: row.operation.at.min(now),
                looks: 0,
                due: Some(due),
                phase: Phase::First,
                skew_seconds: 0,
            });
        } else {
            self.open.remove(&op);
        }
    }

    /// What was found out could not be written down: it is looked for again a little later.
    pub fn not_written(&mut self, row: &HistoryRow, now: Timestamp) {
        let op = row.operation.id;
        self.adopted.forgive(op);
        self.look_for(row, now, now + AFTER_FAILURE);
    }

    /// How far the look for an operation is.
    pub fn of(&self, op: OpId) -> Option<&Search> {
        self.open.get(&op)
    }

    /// Nothing is being looked for.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Looks in this moment.
    pub fn ask_now(&mut self, now: Timestamp) {
        for search in self.open.values_mut().filter(|search| search.due.is_some()) {
            search.due = Some(now);
        }
    }

    /// The looks that are due.
    pub fn woke(&mut self, now: Timestamp) -> Vec<Effect> {
        let due = self
            .open
            .iter_mut()
            .filter(|(_, search)| search.due.is_some_and(|due| now >= due));
        due.map(|(&op, search)| {
            search.due = None;
            search.phase = Phase::First;
            Effect::Call {
                ask: Ask::Search(op),
                call: first_look(&search.operation),
            }
        })
        .collect()
    }

    /// When the next look is due.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.open.values().filter_map(|search| search.due).min()
    }

    /// A look was answered. `claimed` is what belongs to other operations.
    pub fn replied(
        &mut self,
        op: OpId,
        result: &Result<Box<Answer>, Failure>,
        claimed: &Claims,
        now: Timestamp,
    ) -> Option<Effect> {
        let search = self.open.get_mut(&op)?;
        let claimed = &claimed.clone().with(&self.adopted);
        let verdict = match result {
            Ok(_) if claimed.has_twin_of(&search.operation) => {
                search.looks += 1;
                search.due = Some(now + search.gap());
                return None;
            }
            Ok(answer) => {
                if let Some(date) = answer.date {
                    search.skew_seconds = now.as_second() - date.as_second();
                }
                search.judge(&answer.reply, claimed)
            }
            Err(failure) if failure.status == Some(404) => search.not_found(),
            Err(_) => {
                // The look itself failed: that says nothing about the operation, but the next one waits longer.
                search.looks += 1;
                search.due = Some(now + search.gap());
                return None;
            }
        };
        match verdict {
            Verdict::Found(state) => {
                self.adopted.take(op, &search.operation.intent, &state);
                self.open.remove(&op);
                Some(Effect::Settle { op, state })
            }
            Verdict::AskOn(call) => Some(Effect::Call {
                ask: Ask::Search(op),
                call,
            }),
            Verdict::NoTrace => {
                search.looks += 1;
                search.due = Some(now + search.gap());
                if now.duration_since(search.since) < GIVE_UP {
                    return None;
                }
                self.open.remove(&op);
                let failure = Failure::new(
                    FailureKind::NoTrace,
                    "Twilio had no trace of it ten minutes later, so it was not sent.",
                );
                Some(Effect::Settle {
                    op,
                    state: OpState::NotSent(failure),
                })
            }
        }
    }
}

impl Search {
    /// What is looked for.
    pub fn intent(&self) -> &Intent {
        &self.operation.intent
    }

    /// Looked for long enough to say "not found yet".
    pub fn not_found_yet(&self, now: Timestamp) -> bool {
        self.looks > 0 && now.duration_since(self.since) >= TOO_EARLY
    }

    fn gap(&self) -> SignedDuration {
        let step = usize::try_from(self.looks)
            .unwrap_or(usize::MAX)
            .min(GAPS.len() - 1);
        SignedDuration::from_secs(GAPS[step].max(1))
    }

    /// When it was asked for, by Twilio's clock.
    fn asked_at(&self) -> Timestamp {
        self.operation.at - SignedDuration::from_secs(self.skew_seconds)
    }

    /// Nothing of it can be older, by Twilio's clock.
    fn earliest(&self) -> Timestamp {
        self.asked_at() - CLOCKS_APART
    }

    /// Nothing of it can be younger.
    fn latest(&self) -> Timestamp {
        self.asked_at() + CLOCKS_APART + LATEST
    }

    /// Twilio has no such open verification: the list of sends remembers closed ones.
    fn not_found(&mut self) -> Verdict {
        if self.phase == Phase::Attempts || matches!(self.operation.intent, Intent::Text(_)) {
            return Verdict::NoTrace;
        }
        self.phase = Phase::Attempts;
        Verdict::AskOn(Call::ListAttempts(attempts_of(
            &self.operation,
            self.skew_seconds,
        )))
    }
}

#[cfg(test)]
mod tests;
