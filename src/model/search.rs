//! Looking for what is not known: a text or a verification whose answer was lost.
//!
//! Twilio has no idempotency key, so it is looked for in Twilio's own lists: at once, then with growing
//! gaps, for ten minutes. Found, it is adopted. Not found in all that time, it is taken as not sent, and
//! only then may it be offered for sending again without a question. Nothing is ever sent from here.
//!
//! Only a list that was read to where it must be says that something is not there. Whatever else comes,
//! an error, a list without an end, an answer to another question, is a look that failed: it says nothing.

mod claims;
mod first;
mod question;
mod verdict;

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::domain::sid::AccountSid;
use crate::domain::{
    Answer, Call, Failure, FailureKind, HistoryRow, Intent, OpId, OpState, Operation, Timestamp,
};

use super::effect::Effect;
use super::event::Ask;
use super::skews::Skews;

pub use claims::Claims;
use question::{attempts_of, first_look};

/// Seconds between two looks.
const GAPS: [i64; 9] = [0, 2, 4, 8, 15, 30, 60, 60, 120];
/// Between two looks at what stays in doubt: somebody else may turn out to have sent what was found.
const IN_DOUBT: SignedDuration = SignedDuration::from_mins(15);
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
/// So long after its check an approval is taken for the answer that was lost: the request is at Twilio within seconds.
/// What came later may be somebody else's, whatever the limits of a request are, and is told as that.
const CHECK_TAKES: SignedDuration = SignedDuration::from_secs(4);
/// Twilio's dates and our difference to them are whole seconds.
const TO_THE_SECOND: SignedDuration = SignedDuration::from_secs(2);
/// So long may a machine stand still between writing it down and its request, or the network keep that.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
/// How many pages one look reads: a bound against a list without an end.
const MOST_PAGES: u32 = 50;

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
    /// When it was begun to be looked for.
    began: Timestamp,
    /// It may have left as late as that.
    since: Timestamp,
    /// How many looks came back without a trace, or failed.
    pub looks: u32,
    /// How many of them could read what Twilio has.
    read: u32,
    /// The last one could not.
    pub has_failed: bool,
    /// When the last one was over.
    looked_at: Option<Timestamp>,
    /// When somebody said yes to sending it once more, where that waits for a look.
    said: Option<Timestamp>,
    /// How many pages this look has asked for.
    pages: u32,
    /// When the next look is due; none while one is under way.
    pub due: Option<Timestamp>,
    phase: Phase,
    /// When the request was over at the latest.
    over: Timestamp,
    /// This look has seen what may be it, at a time that does not fit.
    is_in_doubt: bool,
    /// What the clock was ahead of Twilio's when it was asked for.
    skew: SignedDuration,
    /// What the clock is ahead now.
    skew_now: SignedDuration,
    /// Its own run knew that.
    is_placed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Texts by recipient, or the verification by its name.
    First,
    /// The verification is closed or another one: its sends tell.
    Attempts,
}

/// A time in which something may have been made, by Twilio's clock.
#[derive(Debug, Clone, Copy)]
struct Window {
    earliest: Timestamp,
    latest: Timestamp,
}

impl Window {
    fn holds(&self, date: Timestamp) -> bool {
        date >= self.earliest && date <= self.latest
    }
}

/// What a look came to.
#[derive(Debug, Clone, PartialEq)]
enum Verdict {
    Found(OpState),
    AskOn(Call),
    NoTrace,
    /// Something may be it, by one of the clocks that may have been right. It stays not known.
    Doubt,
    /// The look itself failed: that says nothing about the operation.
    Failed,
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
        if row.operation.intent.leaves_trace() && matches!(row.state, OpState::Unknown(_)) {
            self.open.entry(op).or_insert_with(|| Search {
                operation: row.operation.clone(),
                began: now,
                since: row.updated_at.min(now),
                looks: 0,
                read: 0,
                has_failed: false,
                looked_at: None,
                said: None,
                pages: 0,
                due: Some(due),
                phase: Phase::First,
                over: row.updated_at,
                skew: SignedDuration::ZERO,
                skew_now: SignedDuration::ZERO,
                is_in_doubt: false,
                is_placed: false,
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

    /// Whose the first one is.
    pub fn account(&self) -> Option<&AccountSid> {
        let mut searches = self.open.values();
        searches.find_map(|search| search.operation.account.as_ref())
    }

    /// Nothing is being looked for.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Something is looked for that may still be found soon, or that goes once more when it is not.
    pub fn any_promising(&self, now: Timestamp) -> bool {
        let mut searches = self.open.values();
        searches.any(|search| {
            let young = now.duration_since(search.began) < GIVE_UP;
            search.said.is_some() || (young && !search.has_failed)
        })
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
        due.filter_map(|(&op, search)| {
            search.due = None;
            search.phase = Phase::First;
            search.pages = 1;
            search.is_in_doubt = false;
            Some(Effect::Call {
                ask: Ask::Search(op),
                call: first_look(&search.operation)?,
            })
        })
        .collect()
    }

    /// When the next look is due.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.open.values().filter_map(|search| search.due).min()
    }

    /// A look was answered. `claimed` is what belongs to other operations, `skews` places them in time.
    pub fn replied(
        &mut self,
        op: OpId,
        result: &Result<Box<Answer>, Failure>,
        claimed: &Claims,
        skews: &Skews,
        now: Timestamp,
    ) -> Option<Effect> {
        let search = self.open.get_mut(&op)?;
        let claimed = &claimed.clone().with(&self.adopted);
        search.skew = skews.of(&search.operation);
        search.skew_now = skews.now();
        search.is_placed = skews.place(&search.operation);
        search.since = search.left_at_latest();
        let verdict = match result {
            Ok(_) if claimed.has_twin_of(&search.operation) => Verdict::Failed,
            Ok(answer) => search.judge(&answer.reply, claimed),
            Err(failure) if failure.status == Some(404) => search.not_there(),
            Err(_) => Verdict::Failed,
        };
        let verdict = match verdict {
            Verdict::AskOn(_) if search.pages >= MOST_PAGES => Verdict::Failed,
            verdict => verdict,
        };
        match verdict {
            Verdict::Found(state) => {
                self.adopted.take(&search.operation, &state, skews);
                self.open.remove(&op);
                Some(Effect::Settle { op, state })
            }
            Verdict::AskOn(call) => {
                search.pages += 1;
                Some(Effect::Call {
                    ask: Ask::Search(op),
                    call,
                })
            }
            Verdict::Failed => {
                search.wait(now, true);
                None
            }
            Verdict::Doubt => {
                search.wait(now, false);
                if now.duration_since(search.since) >= GIVE_UP {
                    search.due = Some(now + IN_DOUBT);
                }
                None
            }
            Verdict::NoTrace => {
                search.wait(now, false);
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

    /// Looked for long enough to say "not found yet": somebody must have looked.
    pub fn not_found_yet(&self, now: Timestamp) -> bool {
        self.read > 0 && now.duration_since(self.since) >= TOO_EARLY
    }

    /// It should be known by now, and nobody could look.
    pub fn is_not_read(&self, now: Timestamp) -> bool {
        self.read == 0 && self.looks > 0 && now.duration_since(self.since) >= TOO_EARLY
    }

    /// This look is over; each one waits longer than the one before.
    fn wait(&mut self, now: Timestamp, has_failed: bool) {
        self.looks += 1;
        self.read += u32::from(!has_failed);
        self.has_failed = has_failed;
        self.looked_at = Some(now);
        self.due = Some(now + self.gap());
    }

    fn gap(&self) -> SignedDuration {
        let step = usize::try_from(self.looks)
            .unwrap_or(usize::MAX)
            .min(GAPS.len() - 1);
        SignedDuration::from_secs(GAPS[step].max(1))
    }

    /// When it may have left at the latest, by our clock. That was written down by the clock of its own run, or by
    /// one like ours: the later of both counts, for ten minutes are soon over for a clock that was set ahead.
    fn left_at_latest(&self) -> Timestamp {
        let by_our_clock = self.over - self.skew + self.skew_now;
        self.over.max(by_our_clock).min(self.began)
    }

    /// When it was asked for, by Twilio's clock.
    fn asked_at(&self) -> Timestamp {
        self.operation.at - self.skew
    }

    /// Nothing of it can be older, by Twilio's clock.
    fn earliest(&self) -> Timestamp {
        self.asked_at() - CLOCKS_APART
    }

    /// When the send of a code was made: later than that, a colleague's is the more likely one.
    fn of_a_code(&self) -> Vec<Window> {
        let soon = |window: Window| Window {
            latest: window.earliest + CLOCKS_APART + LATEST + CLOCKS_APART,
            ..window
        };
        self.of_a_text().into_iter().map(soon).collect()
    }

    /// When the right code of this check was there. Twilio dates the last change of a send, which may be the news of
    /// its delivery, so that the end of the request itself would be too early a bound. Where its run never heard
    /// Twilio's time, any clock may be right.
    fn of_a_check(&self) -> Vec<Window> {
        let at = self.operation.at;
        let by = |skew: SignedDuration| Window {
            earliest: at - skew - TO_THE_SECOND,
            latest: at - skew + CHECK_TAKES + TO_THE_SECOND,
        };
        if self.is_placed {
            vec![by(self.skew)]
        } else {
            self.clocks().map(by).to_vec()
        }
    }

    /// The same for a text, up to when its request was over. Where its run never heard Twilio's time, any clock may be
    /// the right one.
    fn of_a_text(&self) -> Vec<Window> {
        if self.is_placed {
            vec![self.by(self.skew)]
        } else {
            self.clocks().map(|skew| self.by(skew)).to_vec()
        }
    }

    /// The same, whichever clock was right, and however long the network kept it. Of what may be in there it is
    /// never said that it was not sent.
    fn in_doubt(&self) -> Vec<Window> {
        let kept = |window: Window| Window {
            latest: window.earliest + CLOCKS_APART + LONGEST + CLOCKS_APART,
            ..window
        };
        self.clocks().map(|skew| kept(self.by(skew))).to_vec()
    }

    /// Where the first of these windows begins.
    fn earliest_in_doubt(&self) -> Timestamp {
        let doubts = self.in_doubt().into_iter();
        doubts.fold(self.earliest(), |least, window| least.min(window.earliest))
    }

    /// Which clocks may have been right: that of this machine, what Twilio was heard to say in its own run, or what
    /// it says now.
    fn clocks(&self) -> [SignedDuration; 3] {
        [SignedDuration::ZERO, self.skew, self.skew_now]
    }

    /// By a clock that was so far ahead, up to when the request was over. A later run that took it over may have written
    /// that down by another clock.
    fn by(&self, skew: SignedDuration) -> Window {
        let at = self.operation.at;
        let over = self.over.clamp(at + LATEST, at + LONGEST);
        Window {
            earliest: self.operation.at - skew - CLOCKS_APART,
            latest: over - skew + CLOCKS_APART,
        }
    }

    /// Twilio says that there is no such thing. Of an open verification that is an answer: closed ones are
    /// remembered by the list of sends. A list, though, is always there, so somebody else has answered.
    fn not_there(&mut self) -> Verdict {
        // Under another account there is none of that name either.
        if self.operation.intent.is_unreadable() {
            return Verdict::Doubt;
        }
        if self.phase == Phase::Attempts || matches!(self.operation.intent, Intent::Text(_)) {
            return Verdict::Failed;
        }
        self.not_open()
    }

    /// Twilio has no such open verification: the list of sends remembers closed ones.
    fn not_open(&mut self) -> Verdict {
        self.phase = Phase::Attempts;
        let earliest = self.earliest_in_doubt();
        Verdict::AskOn(Call::ListAttempts(attempts_of(&self.operation, earliest)))
    }
}

#[cfg(test)]
mod tests;
