//! What our clock is ahead of Twilio's: each run of the program has one of its own, since its clock goes on
//! steadily from what the machine took for the time when it began.
//!
//! Twilio tells its time with every answer. An answer takes a while, and a copy that was kept on the way
//! shows an old time: both make us look further ahead than we are, so the smallest difference is the truest.
//! Operations carry what was known when they were asked for, so that a later run can place them in time
//! whatever the clock of the machine was set to in between.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::domain::{HistoryRow, Operation, Timestamp};

/// What Twilio tells within a run differs by no more, however slow it is: otherwise somebody on the way tells another time.
const SLOW: i64 = 60;
/// No clock is further away: what says so is not believed. The history takes no more either.
const FURTHEST: i64 = 15_000_000_000;

/// The differences of all runs that are known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Skews {
    /// The run that this is.
    session: u32,
    seconds: BTreeMap<u32, i64>,
    /// The largest that was told in this run.
    most: Option<i64>,
}

impl Skews {
    /// None is known yet, in this run.
    pub fn new(session: u32) -> Self {
        Self {
            session,
            ..Self::default()
        }
    }

    /// Twilio told its time.
    pub fn hear(&mut self, date: Option<Timestamp>, now: Timestamp) {
        if let Some(date) = date {
            let told = now.as_second() - date.as_second();
            self.most = Some(self.most.map_or(told, |most| most.max(told)));
            self.learn(self.session, told);
        }
    }

    /// The same with what these rows tell of their runs.
    #[must_use]
    pub fn with(mut self, rows: &[HistoryRow]) -> Self {
        for row in rows {
            self.read(&row.operation);
        }
        self
    }

    /// What an operation tells of its run.
    pub fn read(&mut self, operation: &Operation) {
        if let Some(seconds) = operation.skew_seconds {
            self.learn(operation.id.session, seconds);
        }
    }

    fn learn(&mut self, session: u32, seconds: i64) {
        if seconds.unsigned_abs() > FURTHEST.unsigned_abs() {
            return;
        }
        let known = self.seconds.entry(session).or_insert(seconds);
        *known = seconds.min(*known);
    }

    /// Of this run, in seconds.
    pub fn ours(&self) -> Option<i64> {
        self.seconds.get(&self.session).copied()
    }

    /// What the clock is ahead now.
    pub fn now(&self) -> SignedDuration {
        SignedDuration::from_secs(self.ours().unwrap_or_default())
    }

    /// When an operation was asked for, by Twilio's clock. Where its own run never heard Twilio's time, the
    /// clock is taken to have been what it is now.
    pub fn asked_at(&self, operation: &Operation) -> Timestamp {
        operation.at - self.of(operation)
    }

    /// Whether its own run heard Twilio's time, and heard one time only.
    pub fn place(&self, operation: &Operation) -> bool {
        let session = operation.id.session;
        let Some(&least) = self.seconds.get(&session) else {
            return false;
        };
        session != self.session || self.most.is_none_or(|most| most - least <= SLOW)
    }

    /// What the clock was ahead when an operation was asked for.
    pub fn of(&self, operation: &Operation) -> SignedDuration {
        let own = self.seconds.get(&operation.id.session).copied();
        own.map_or(self.now(), SignedDuration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Intent, OpId, PhoneNumber};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn operation(session: u32, skew_seconds: Option<i64>) -> Operation {
        Operation {
            id: OpId { session, seq: 1 },
            intent: Intent::LookUp {
                number: PhoneNumber::from_e164("+14155550123").unwrap(),
                line_type: false,
            },
            at: at(100),
            account: None,
            home: None,
            ticket: None,
            agent: None,
            skew_seconds,
        }
    }

    #[test]
    fn the_smallest_difference_of_a_run_is_its_own() {
        for (told, expected) in [
            (&[][..], None),
            (&[0], Some(0)),
            (&[-30, -29, -30], Some(-30)),
            (&[-30, 5], Some(-30)),
            (&[2, 400, 1], Some(1)),
            (&[7_200], Some(7_200)),
        ] {
            let mut skews = Skews::new(3);
            skews.hear(None, at(0));
            for &ahead in told {
                skews.hear(Some(at(0)), at(ahead));
            }
            assert_eq!(skews.ours(), expected, "{told:?}");
        }
    }

    #[test]
    fn an_operation_is_placed_in_time_by_the_clock_of_its_own_run() {
        for (ours, theirs, own, expected) in [
            (Some(0), Some(-30), None, 130),
            (Some(-90_000), Some(0), None, 100),
            (Some(-90_000), None, None, 90_100),
            (None, None, None, 100),
            (None, Some(5), None, 95),
            (Some(0), None, Some(7), 93),
        ] {
            let mut skews = Skews::new(2);
            skews.hear(ours.map(|ours| at(1_000 - ours)), at(1_000));
            skews.read(&operation(1, theirs));
            let asked = operation(1, own);
            skews.read(&asked);
            let placed = skews.asked_at(&asked);
            assert_eq!(placed, at(expected), "{ours:?} {theirs:?} {own:?}");
        }
    }
}
