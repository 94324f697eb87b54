//! Looking once more before a person's yes sends again what was not found.

use jiff::SignedDuration;

use crate::domain::{OpId, Operation, Timestamp};

use super::{Search, Searches};

/// What was seen so lately is taken to be so still.
const FRESH: SignedDuration = SignedDuration::from_secs(5);

impl Searches {
    /// Somebody says yes to sending it once more: whether that has to wait for a look, which is made at once.
    pub fn look_first(&mut self, op: OpId, now: Timestamp) -> bool {
        let Some(search) = self.open.get_mut(&op) else {
            return false;
        };
        if search.has_just_looked(now) {
            return false;
        }
        // One that is under way will do.
        search.due = search.due.map(|_| now);
        search.said.get_or_insert(now);
        true
    }

    /// When somebody said that yes, where it waits for a look.
    pub fn said(&self, op: OpId) -> Option<Timestamp> {
        self.open.get(&op)?.said
    }

    /// Whether somebody said one that waits for its look.
    pub fn any_said(&self) -> bool {
        self.open.values().any(|search| search.said.is_some())
    }

    /// Nobody is there any more for whom it could be sent.
    pub fn take_back(&mut self) {
        for search in self.open.values_mut() {
            search.said = None;
        }
    }

    /// The look that it has waited for is over.
    pub fn waits_no_more(&mut self, op: OpId) {
        if let Some(search) = self.open.get_mut(&op) {
            search.said = None;
        }
    }
}

impl Search {
    /// What is looked for, as it was asked for.
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    fn has_just_looked(&self, now: Timestamp) -> bool {
        let lately = |at| now.duration_since(at) < FRESH;
        !self.has_failed && self.due.is_some() && self.looked_at.is_some_and(lately)
    }
}
