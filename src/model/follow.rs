//! What is still on its way: asked about in rounds with growing gaps, until nothing is.
//!
//! One list request a round serves all texts, and one serves all codes, however many there are; what is
//! not on its page is fetched by itself, a few in a round, each in its turn. Nothing is asked that nobody
//! waits for: with everything final there is no deadline. Invariant: whatever is pressed, Twilio is asked
//! less often than it allows (100 times a minute for codes), and less often still when it says so.

mod news;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use jiff::SignedDuration;

use crate::domain::message::MessageFilter;
use crate::domain::verification::{Attempt, AttemptFilter};
use crate::domain::{
    Answer, Call, Failure, FailureKind, HistoryRow, OpId, OpState, Reply, Settled, Timestamp,
};

use super::effect::Effect;
use super::event::Ask;
use super::search::CLOCKS_APART;
use super::skews::Skews;
use news::{Kind, departure, expected, waits};

/// Seconds between the rounds for texts (Twilio's advice: 2, 5, 10, 30, then minutes).
const TEXT_GAPS: [i64; 6] = [2, 3, 5, 10, 30, 60];
/// Seconds between the rounds for codes; the list allows 100 requests a minute.
const CODE_GAPS: [i64; 7] = [2, 3, 5, 8, 13, 20, 30];
/// However often somebody asks, two rounds are so far apart.
const CLOSEST: SignedDuration = SignedDuration::from_secs(2);
/// The gap is doubled so many times at most.
const MOST_DOUBLINGS: u32 = 4;
/// A code is not good for longer, so nobody waits for its delivery, and its first send is not older.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// What is not on the newest page is fetched singly, so many in a round.
const SINGLY: usize = 2;
/// How many items a page has.
const PAGE: u32 = 100;

/// All that is followed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Follow {
    texts: Round,
    codes: Round,
    rows: BTreeMap<OpId, HistoryRow>,
    /// Scheduled texts that are asked about before their time: somebody may have withdrawn them.
    doubted: BTreeSet<OpId>,
    /// When the next scheduled text leaves: until then nobody asks about it.
    departs: Option<Timestamp>,
    /// Somebody waits for a code, so that what a colleague does to its check is news as well.
    attended: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Round {
    step: usize,
    due: Option<Timestamp>,
    asking: bool,
    asked_at: Option<Timestamp>,
    /// How many times in a row Twilio has found us too fast.
    too_fast: u32,
    /// The last one that was fetched by itself: the next round goes on after it.
    last_single: Option<OpId>,
}

impl Round {
    fn begin(&mut self, gaps: &[i64], now: Timestamp) {
        self.step = 0;
        // Where Twilio has found us too fast, what is new waits for the round that is due.
        if self.too_fast == 0 || self.due.is_none() {
            self.due = Some(now + SignedDuration::from_secs(gaps[0] << self.too_fast));
        }
    }

    /// Takes the question out, where it is due.
    fn take(&mut self, now: Timestamp) -> bool {
        let due = self.due.is_some_and(|due| now >= due) && !self.asking;
        if due {
            self.asking = true;
            self.due = None;
            self.asked_at = Some(now);
        }
        due
    }

    /// In this moment, or as soon as it may be.
    fn ask_now(&mut self, now: Timestamp) {
        if self.too_fast > 0 {
            return;
        }
        self.step = 0;
        let earliest = self.asked_at.map_or(now, |asked| asked + CLOSEST);
        self.due = Some(earliest.max(now));
    }

    fn answered(
        &mut self,
        gaps: &[i64],
        still: bool,
        result: &Result<Box<Answer>, Failure>,
        now: Timestamp,
    ) {
        self.asking = false;
        self.step = (self.step + 1).min(gaps.len() - 1);
        match result {
            Ok(_) => self.too_fast = 0,
            Err(failure) if failure.kind == FailureKind::RateLimit => {
                self.too_fast = (self.too_fast + 1).min(MOST_DOUBLINGS);
            }
            // A service that fails is asked less often, too.
            Err(_) => self.step = (self.step + 1).min(gaps.len() - 1),
        }
        let gap = gaps[self.step] << self.too_fast;
        self.due = still.then(|| now + SignedDuration::from_secs(gap));
    }

    /// Those whose turn it is to be fetched by themselves.
    fn singles(&mut self, missing: &BTreeMap<OpId, Call>) -> Vec<(OpId, Call)> {
        let after = self.last_single.map_or(Bound::Unbounded, Bound::Excluded);
        let turn = missing
            .range((after, Bound::Unbounded))
            .chain(missing)
            .take(SINGLY.min(missing.len()));
        let turn: Vec<(OpId, Call)> = turn.map(|(&op, call)| (op, call.clone())).collect();
        self.last_single = turn.last().map(|(op, _)| *op).or(self.last_single);
        turn
    }
}

impl Follow {
    /// A row is new or has changed: it is followed for as long as something is to be expected.
    pub fn row_changed(&mut self, row: &HistoryRow, now: Timestamp) {
        let op = row.operation.id;
        match expected(row, now) {
            None => {
                self.rows.remove(&op);
            }
            Some(kind) => {
                if self.rows.insert(op, row.clone()).is_none() && !waits(row, now) {
                    match kind {
                        Kind::Text => self.texts.begin(&TEXT_GAPS, now),
                        Kind::Code => self.codes.begin(&CODE_GAPS, now),
                    }
                }
            }
        }
        self.departs = self.next_departure(now);
        if !self.any(Kind::Text, now) {
            self.texts.due = None;
        }
        if !self.attended && !self.any(Kind::Code, now) {
            self.codes.due = None;
        }
    }

    /// A scheduled text may have been withdrawn: it is asked about until there is an answer.
    pub fn doubt(&mut self, op: OpId, now: Timestamp) {
        if self.rows.get(&op).is_some_and(|row| waits(row, now)) {
            self.doubted.insert(op);
            self.texts.begin(&TEXT_GAPS, now);
        }
    }

    /// They are gone from the history: nobody wants to know what becomes of them.
    pub fn forget(&mut self, ops: &[OpId]) {
        self.rows.retain(|op, _| !ops.contains(op));
        self.doubted.retain(|op| !ops.contains(op));
    }

    /// Whether somebody waits for a code: then the list of sends is asked all the while.
    pub fn attend(&mut self, waiting: bool, now: Timestamp) {
        self.attended = waiting;
        if waiting && self.codes.due.is_none() && !self.codes.asking {
            self.codes.begin(&CODE_GAPS, now);
        } else if !waiting && !self.any(Kind::Code, now) {
            self.codes.due = None;
        }
    }

    /// Asks as soon as it may be about everything. Where Twilio has found us too fast, the time of the next
    /// round stays, and is told.
    pub fn ask_now(&mut self, now: Timestamp) -> Option<Timestamp> {
        let waiting = self.rows.values().filter(|row| waits(row, now));
        self.doubted.extend(waiting.map(|row| row.operation.id));
        if self.any(Kind::Text, now) {
            self.texts.ask_now(now);
        }
        if self.attended || self.any(Kind::Code, now) {
            self.codes.ask_now(now);
        }
        self.slowed()
    }

    /// When codes are asked about next, where Twilio has asked us to ask less often.
    pub fn slowed(&self) -> Option<Timestamp> {
        self.codes.due.filter(|_| self.codes.too_fast > 0)
    }

    /// The questions that are due.
    pub fn woke(&mut self, now: Timestamp, skews: &Skews) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.departs.is_some_and(|at| now >= at) {
            self.departs = self.next_departure(now);
            self.texts.begin(&TEXT_GAPS, now);
        }
        if self.texts.take(now) {
            let filter = MessageFilter {
                page_size: Some(PAGE),
                ..MessageFilter::default()
            };
            effects.push(Effect::Call {
                ask: Ask::Messages,
                call: Call::ListMessages(filter),
            });
        }
        if self.codes.take(now) {
            let rows = self.rows.values();
            let oldest = rows
                .filter(|row| expected(row, now) == Some(Kind::Code))
                .map(|row| skews.asked_at(&row.operation))
                .min();
            // Far enough back for all sends of each verification, so that they can be counted.
            let filter = AttemptFilter {
                created_after: Some(oldest.unwrap_or(now - skews.now()) - CODE_LIFE - CLOCKS_APART),
                page_size: Some(PAGE),
                ..AttemptFilter::default()
            };
            effects.push(Effect::Call {
                ask: Ask::Attempts,
                call: Call::ListAttempts(filter),
            });
        }
        effects
    }

    /// When the next question is due.
    pub fn deadline(&self) -> Option<Timestamp> {
        [&self.texts, &self.codes]
            .into_iter()
            .filter(|round| !round.asking)
            .filter_map(|round| round.due)
            .chain(self.departs)
            .min()
    }

    /// Asks about one text by itself.
    pub fn fetch(&self, op: OpId) -> Option<Effect> {
        match &self.rows.get(&op)?.state {
            OpState::Settled(Settled::Text { sid, .. }) => Some(Effect::Call {
                ask: Ask::Message(op),
                call: Call::FetchMessage(sid.clone()),
            }),
            _ => None,
        }
    }

    /// The round of all texts was answered.
    pub fn messages(
        &mut self,
        result: &Result<Box<Answer>, Failure>,
        now: Timestamp,
    ) -> Vec<Effect> {
        let still = self.any(Kind::Text, now);
        self.texts.answered(&TEXT_GAPS, still, result, now);
        let Ok(Reply::Messages(page)) = result.as_ref().map(|answer| &answer.reply) else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        let mut missing = BTreeMap::new();
        for row in self.rows.values() {
            let OpState::Settled(Settled::Text { sid, .. }) = &row.state else {
                continue;
            };
            if let Some(message) = page.items.iter().find(|message| message.sid == *sid) {
                self.doubted.remove(&row.operation.id);
                effects.extend(news::of_text(row, message));
            } else if expected(row, now).is_some() && !self.rests(row, now) {
                missing.insert(row.operation.id, Call::FetchMessage(sid.clone()));
            }
        }
        let singles = self.texts.singles(&missing).into_iter();
        effects.extend(singles.map(|(op, call)| Effect::Call {
            ask: Ask::Message(op),
            call,
        }));
        effects
    }

    /// A text that was not on the page was fetched.
    pub fn message(&mut self, op: OpId, result: &Result<Box<Answer>, Failure>) -> Vec<Effect> {
        if result.is_ok() {
            self.doubted.remove(&op);
        }
        match (
            self.rows.get(&op),
            result.as_ref().map(|answer| &answer.reply),
        ) {
            (Some(row), Ok(Reply::Message(message))) => {
                news::of_text(row, message).into_iter().collect()
            }
            // Twilio has no such text any more: nothing is to be expected of it.
            (Some(_), Err(failure)) if failure.status == Some(404) => {
                self.rows.remove(&op);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// The round of all codes was answered.
    pub fn attempts(
        &mut self,
        result: &Result<Box<Answer>, Failure>,
        skews: &Skews,
        now: Timestamp,
    ) -> Vec<Effect> {
        let still = self.attended || self.any(Kind::Code, now);
        self.codes.answered(&CODE_GAPS, still, result, now);
        let Ok(Reply::Attempts(page)) = result.as_ref().map(|answer| &answer.reply) else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        let mut missing = BTreeMap::new();
        for row in self.rows.values() {
            let OpState::Settled(Settled::Verification { sid, .. }) = &row.state else {
                continue;
            };
            if let Some(attempt) = news::attempt_of(row, &page.items, skews) {
                effects.extend(news::of_code(row, attempt));
            } else if expected(row, now).is_some() {
                let filter = AttemptFilter {
                    verification: Some(sid.clone()),
                    ..AttemptFilter::default()
                };
                missing.insert(row.operation.id, Call::ListAttempts(filter));
            }
        }
        let singles = self.codes.singles(&missing).into_iter();
        effects.extend(singles.map(|(op, call)| Effect::Call {
            ask: Ask::AttemptsOf(op),
            call,
        }));
        effects
    }

    /// The sends of a verification that was not on the page were listed.
    pub fn attempts_of(&self, op: OpId, attempts: &[Attempt], skews: &Skews) -> Option<Effect> {
        let row = self.rows.get(&op)?;
        news::of_code(row, news::attempt_of(row, attempts, skews)?)
    }

    fn any(&self, kind: Kind, now: Timestamp) -> bool {
        self.rows
            .values()
            .any(|row| expected(row, now) == Some(kind) && !self.rests(row, now))
    }

    /// Nobody asks about it now: it waits for its time, as far as anybody knows.
    fn rests(&self, row: &HistoryRow, now: Timestamp) -> bool {
        waits(row, now) && !self.doubted.contains(&row.operation.id)
    }

    fn next_departure(&self, now: Timestamp) -> Option<Timestamp> {
        let waiting = self.rows.values().filter(|row| waits(row, now));
        waiting.map(departure).min()
    }
}

#[cfg(test)]
mod tests;
