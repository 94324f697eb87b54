//! What at Twilio belongs to whom: what was found for one operation is never taken for another.
//!
//! Our own rows are known here; those of other desks and scripts on the same history are known to the
//! history, which gives no row what another one has, or may have while it is being sent. So what it does
//! not give is looked for once more with its newest rows at hand, and then counts as somebody else's.

use std::collections::BTreeMap;

use crate::domain::message::likeness;
use crate::domain::sid::{MessageSid, VerificationSid};
use crate::domain::{
    HistoryRow, Intent, OpId, OpState, Operation, Remains, Settled, Timestamp, VerificationChannel,
    VerificationStatus,
};

use super::super::skews::Skews;

/// What the history did not give so often is somebody else's.
const DENIALS: u32 = 2;

/// What at Twilio belongs to operations whose outcome is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims {
    /// Texts.
    pub(super) texts: BTreeMap<MessageSid, OpId>,
    /// Sends of codes, by their verification: whose they are, when they were asked for by Twilio's clock, and
    /// by which way they went.
    pub(super) sends: BTreeMap<VerificationSid, BTreeMap<OpId, (Timestamp, VerificationChannel)>>,
    /// Verifications that a check of ours has approved.
    pub(super) approvals: BTreeMap<VerificationSid, OpId>,
    /// Texts that an operation was taken for, and how often the history did not give them to it.
    pub(super) denied: BTreeMap<(MessageSid, OpId), u32>,
    /// What is being sent in this moment: to whom, and what.
    pub(super) under_way: BTreeMap<OpId, (String, String)>,
}

impl Claims {
    /// Those of these rows.
    pub fn of(rows: &[HistoryRow], skews: &Skews) -> Self {
        let mut claims = Self::default();
        for row in rows {
            claims.take(&row.operation, &row.state, skews);
        }
        claims
    }

    pub(super) fn take(&mut self, operation: &Operation, state: &OpState, skews: &Skews) {
        let op = operation.id;
        match (&operation.intent, state) {
            // Whatever cannot be read of it: what has its name is not another one's.
            (
                Intent::Text(_) | Intent::Unreadable(_),
                OpState::Settled(Settled::Text { sid, .. }),
            ) => {
                self.texts.insert(sid.clone(), op);
            }
            (Intent::VerifyStart(start), OpState::Settled(Settled::Verification { sid, .. })) => {
                let sends = self.sends.entry(sid.clone()).or_default();
                sends.insert(op, (skews.asked_at(operation), start.channel.clone()));
            }
            (
                Intent::VerifyCheck { .. } | Intent::Unreadable(_),
                OpState::Settled(Settled::Verification {
                    sid,
                    status: VerificationStatus::Approved,
                    ..
                }),
            ) => {
                self.approvals.insert(sid.clone(), op);
            }
            (Intent::Unreadable(Remains { sid: Some(sid), .. }), _) => {
                if let Ok(sid) = sid.parse() {
                    self.texts.insert(sid, op);
                }
            }
            (intent, OpState::Intended) => {
                self.under_way.extend(sent(intent).map(|what| (op, what)));
            }
            _ => {}
        }
    }

    pub(super) fn with(mut self, other: &Self) -> Self {
        self.texts.extend(other.texts.clone());
        self.denied.extend(other.denied.clone());
        self.approvals.extend(other.approvals.clone());
        for (sid, ops) in &other.sends {
            let sends = self.sends.entry(sid.clone()).or_default();
            sends.extend(ops.clone());
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
            any |= ops.remove(&op).is_some();
        }
        any
    }

    /// The same is being sent once more: which of the two is at Twilio is known when that is answered.
    pub(super) fn has_twin_of(&self, operation: &Operation) -> bool {
        let Some(wanted) = sent(&operation.intent) else {
            return false;
        };
        let mut others = self.under_way.iter();
        others.any(|(op, other)| *op != operation.id && *other == wanted)
    }

    /// The history could not be written: that denied an operation nothing.
    pub(super) fn forgive(&mut self, op: OpId) {
        self.denied.retain(|(_, of), _| *of != op);
    }

    /// Whether an approval is nobody else's yet.
    pub(super) fn leaves_approval(&self, sid: &VerificationSid, to: OpId) -> bool {
        self.approvals.get(sid).is_none_or(|owner| *owner == to)
    }

    /// Whether a text is nobody else's yet.
    pub(super) fn leaves_text(&self, sid: &MessageSid, to: OpId) -> bool {
        let denied = self.denied.get(&(sid.clone(), to));
        denied.is_none_or(|times| *times < DENIALS)
            && self.texts.get(sid).is_none_or(|owner| *owner == to)
    }

    /// Which of these sends of a verification may be that operation's: each other one has had the send
    /// by its own way that is nearest to when it was asked for.
    pub(super) fn left_of(
        &self,
        mut sends: Vec<(Timestamp, VerificationChannel)>,
        of: &VerificationSid,
        to: OpId,
    ) -> Vec<(Timestamp, VerificationChannel)> {
        let others = self.sends.get(of).into_iter().flatten();
        for (_, (asked, way)) in others.filter(|(owner, _)| **owner != to) {
            let away = |(time, by): &(Timestamp, VerificationChannel)| {
                (by != way, time.duration_since(*asked).abs())
            };
            let nearest = (0..sends.len()).min_by_key(|&n| away(&sends[n]));
            if let Some(nearest) = nearest {
                sends.remove(nearest);
            }
        }
        sends
    }
}

/// To whom something goes, and what: a text by what Twilio makes of its words, a code by its service.
fn sent(intent: &Intent) -> Option<(String, String)> {
    match intent {
        Intent::Text(text) => Some((text.to.e164().to_owned(), likeness(text.body.raw()))),
        Intent::VerifyStart(start) => Some((
            start.to.as_str().to_owned(),
            start.service.as_str().to_owned(),
        )),
        Intent::VerifyCheck { .. }
        | Intent::VerifyCancel { .. }
        | Intent::LookUp { .. }
        | Intent::Unreadable(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn each_known_send_of_a_code_is_the_one_of_its_way_nearest_to_when_it_was_asked_for() {
        let verification: VerificationSid = format!("VE{:032x}", 7).parse().unwrap();
        let op = |seq| OpId { session: 1, seq };
        let sends = |list: &[(i64, &str)]| -> Vec<(Timestamp, VerificationChannel)> {
            let send =
                |&(second, way): &(i64, &str)| (at(second), VerificationChannel::from_wire(way));
            list.iter().map(send).collect()
        };
        for (made, others, left) in [
            // Sent again on a yes, forty seconds later: that send is the second one's.
            (
                &[(-80, "sms"), (-80, "sms"), (40, "sms")][..],
                &[(40, "sms")][..],
                &[(-80, "sms"), (-80, "sms")][..],
            ),
            (&[(0, "sms"), (40, "sms")], &[(40, "sms")], &[(0, "sms")]),
            (&[(0, "sms"), (40, "sms")], &[(1, "sms"), (39, "sms")], &[]),
            (&[(40, "sms")], &[(100, "sms")], &[]),
            (&[(0, "sms")], &[], &[(0, "sms")]),
            (&[], &[(5, "sms")], &[]),
            // Both in one second: the text is the other one's, the call is left.
            (&[(0, "call"), (0, "sms")], &[(0, "sms")], &[(0, "call")]),
            (&[(0, "call"), (9, "sms")], &[(1, "sms")], &[(0, "call")]),
            // Twilio chose another way.
            (&[(0, "call")], &[(1, "sms")], &[]),
        ] {
            let mut claims = Claims::default();
            let others = sends(others).into_iter().zip(2..);
            let others = others.map(|(send, seq)| (op(seq), send)).collect();
            claims.sends.insert(verification.clone(), others);
            let found = claims.left_of(sends(made), &verification, op(1));
            assert_eq!(found, sends(left), "{made:?}");
        }
    }
}
