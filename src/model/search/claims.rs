//! What at Twilio belongs to whom: what was found for one operation is never taken for another.
//!
//! Our own rows are known here; those of other desks and scripts on the same history are known to the
//! history, which gives no row what another one has, or may have while it is being sent. So what it does
//! not give is looked for once more with its newest rows at hand, and then counts as somebody else's.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::message::likeness;
use crate::domain::sid::{MessageSid, VerificationSid};
use crate::domain::{HistoryRow, Intent, NewMessage, OpId, OpState, Operation, Settled};

/// What the history did not give so often is somebody else's.
const DENIALS: u32 = 2;

/// What at Twilio belongs to operations whose outcome is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims {
    /// Texts.
    pub(super) texts: BTreeMap<MessageSid, OpId>,
    /// Sends of codes, by their verification.
    pub(super) sends: BTreeMap<VerificationSid, BTreeSet<OpId>>,
    /// Texts that an operation was taken for, and how often the history did not give them to it.
    pub(super) denied: BTreeMap<(MessageSid, OpId), u32>,
    /// Texts that are being sent in this moment: to whom, and what.
    pub(super) under_way: BTreeMap<OpId, (String, String)>,
}

impl Claims {
    /// Those of these rows.
    pub fn of(rows: &[HistoryRow]) -> Self {
        let mut claims = Self::default();
        for row in rows {
            claims.take(row.operation.id, &row.operation.intent, &row.state);
        }
        claims
    }

    pub(super) fn take(&mut self, op: OpId, intent: &Intent, state: &OpState) {
        match (intent, state) {
            (Intent::Text(_), OpState::Settled(Settled::Text { sid, .. })) => {
                self.texts.insert(sid.clone(), op);
            }
            (Intent::VerifyStart(_), OpState::Settled(Settled::Verification { sid, .. })) => {
                self.sends.entry(sid.clone()).or_default().insert(op);
            }
            (Intent::Text(text), OpState::Intended) => {
                self.under_way.insert(op, words(text));
            }
            _ => {}
        }
    }

    pub(super) fn with(mut self, other: &Self) -> Self {
        self.texts.extend(other.texts.clone());
        self.denied.extend(other.denied.clone());
        for (sid, ops) in &other.sends {
            self.sends.entry(sid.clone()).or_default().extend(ops);
        }
        self
    }

    /// Gives up what was taken for an operation; whether there was anything.
    pub(super) fn let_go(&mut self, op: OpId) -> bool {
        let texts = self.texts.extract_if(.., |_, owner| *owner == op);
        let denied: Vec<_> = texts.collect();
        let mut any = !denied.is_empty();
        for (sid, _) in denied {
            *self.denied.entry((sid, op)).or_default() += 1;
        }
        for ops in self.sends.values_mut() {
            any |= ops.remove(&op);
        }
        any
    }

    /// The same text is being sent once more: which of the two is at Twilio is known when that is answered.
    pub(super) fn has_twin_of(&self, operation: &Operation) -> bool {
        let Intent::Text(text) = &operation.intent else {
            return false;
        };
        let mut others = self.under_way.iter();
        others.any(|(op, other)| *op != operation.id && *other == words(text))
    }

    /// The history could not be written: that denied an operation nothing.
    pub(super) fn forgive(&mut self, op: OpId) {
        self.denied.retain(|(_, of), _| *of != op);
    }

    /// Whether a text is nobody else's yet.
    pub(super) fn leaves_text(&self, sid: &MessageSid, to: OpId) -> bool {
        let denied = self.denied.get(&(sid.clone(), to));
        denied.is_none_or(|times| *times < DENIALS)
            && self.texts.get(sid).is_none_or(|owner| *owner == to)
    }

    /// Whether one of so many sends of a verification is nobody else's yet.
    pub(super) fn leaves_one_of(&self, sends: usize, of: &VerificationSid, to: OpId) -> bool {
        let others = self.sends.get(of).into_iter().flatten();
        sends > others.filter(|owner| **owner != to).count()
    }
}

/// To whom a text goes, and what Twilio makes of its words.
fn words(text: &NewMessage) -> (String, String) {
    (text.to.e164().to_owned(), likeness(text.body.raw()))
}
