//! Looking for what is not known: a text or a verification whose answer was lost.
//!
//! Twilio has no idempotency key, so it is looked for in Twilio's own lists: at once, then with growing
//! gaps, for ten minutes. Found, it is adopted. Not found in all that time, it is taken as not sent, and
//! only then may it be offered for sending again without a question. Nothing is ever sent from here.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use crate::domain::message::{Direction, ListPage, MessageFilter, TRIAL_PREFIX};
use crate::domain::sid::{MessageSid, VerificationSid};
use crate::domain::sms_text::plain;
use crate::domain::verification::{Attempt, AttemptFilter};
use crate::domain::{
    Answer, Call, Failure, FailureKind, HistoryRow, Intent, Message, NewMessage, OpId, OpState,
    Operation, Reply, Sender, Settled, Timestamp, Verification, VerificationKey,
    VerificationStatus,
};

use super::effect::Effect;
use super::event::Ask;

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
/// Twilio's dates and our difference to them are whole seconds.
const TO_THE_SECOND: SignedDuration = SignedDuration::from_secs(2);
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

/// What at Twilio belongs to operations whose outcome is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims {
    /// Texts.
    texts: BTreeMap<MessageSid, OpId>,
    /// Sends of codes, by their verification.
    sends: BTreeMap<VerificationSid, BTreeSet<OpId>>,
    /// Texts that an operation was taken for, and that the history did not give it.
    denied: BTreeSet<(MessageSid, OpId)>,
    /// Texts that are being sent in this moment: to whom, and what.
    under_way: BTreeMap<OpId, (String, String)>,
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

    fn take(&mut self, op: OpId, intent: &Intent, state: &OpState) {
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

    fn with(mut self, other: &Self) -> Self {
        self.texts.extend(other.texts.clone());
        self.denied.extend(other.denied.iter().cloned());
        for (sid, ops) in &other.sends {
            self.sends.entry(sid.clone()).or_default().extend(ops);
        }
        self
    }

    /// Gives up what was taken for an operation; whether there was anything.
    fn let_go(&mut self, op: OpId) -> bool {
        let texts = self.texts.extract_if(.., |_, owner| *owner == op);
        let denied: Vec<_> = texts.collect();
        let mut any = !denied.is_empty();
        self.denied.extend(denied);
        for ops in self.sends.values_mut() {
            any |= ops.remove(&op);
        }
        any
    }

    /// The same text is being sent once more: which of the two is at Twilio is known when that is answered.
    fn has_twin_of(&self, operation: &Operation) -> bool {
        let Intent::Text(text) = &operation.intent else {
            return false;
        };
        let mut others = self.under_way.iter();
        others.any(|(op, other)| *op != operation.id && *other == words(text))
    }

    /// Whether a text is nobody else's yet.
    fn leaves_text(&self, sid: &MessageSid, to: OpId) -> bool {
        !self.denied.contains(&(sid.clone(), to))
            && self.texts.get(sid).is_none_or(|owner| *owner == to)
    }

    /// Whether one of so many sends of a verification is nobody else's yet.
    fn leaves_one_of(&self, sends: usize, of: &VerificationSid, to: OpId) -> bool {
        let others = self.sends.get(of).into_iter().flatten();
        sends > others.filter(|owner| **owner != to).count()
    }
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
        self.adopted.denied.retain(|(_, of)| *of != op);
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

    fn judge(&mut self, reply: &Reply, claimed: &Claims) -> Verdict {
        match (&self.operation.intent, reply) {
            (Intent::Text(text), Reply::Messages(page)) => self.judge_messages(text, page, claimed),
            (_, Reply::Verification(verification)) => {
                self.judge_verification(verification, claimed)
            }
            (_, Reply::Attempts(page)) => self.judge_attempts(page, claimed),
            _ => Verdict::NoTrace,
        }
    }

    fn judge_messages(
        &self,
        text: &NewMessage,
        page: &ListPage<Message>,
        claimed: &Claims,
    ) -> Verdict {
        let (earliest, latest) = (self.earliest(), self.latest());
        let ours = |message: &&Message| {
            let sender = match &text.sender {
                Sender::Service(sid) => message.messaging_service_sid.as_ref() == Some(sid),
                Sender::Number(_) | Sender::Name(_) => true,
            };
            let by_us = matches!(
                message.direction,
                Direction::OutboundApi | Direction::Other(_)
            );
            sender
                && by_us
                && claimed.leaves_text(&message.sid, self.operation.id)
                && message
                    .date_created
                    .is_some_and(|date| date >= earliest && date <= latest)
        };
        // The oldest that fits: a later one belongs to a later send.
        let oldest = |says: &dyn Fn(&str) -> bool| {
            let mut oldest_first = page.items.iter().rev().filter(ours);
            oldest_first.find(|message| {
                let body = message.body.raw();
                says(body.strip_prefix(TRIAL_PREFIX).unwrap_or(body))
            })
        };
        let said = text.body.raw();
        let smart = plain(said);
        // The very words, else what a service makes of them that swaps look-alikes, or a redaction.
        let found = oldest(&|body| body == said)
            .or_else(|| oldest(&|body| body.is_empty() || plain(body) == smart));
        if let Some(message) = found {
            return Verdict::Found(OpState::Settled(Settled::text(message)));
        }
        let reached_back = page
            .items
            .last()
            .and_then(|message| message.date_created)
            .is_none_or(|date| date < earliest);
        match &page.next {
            Some(next) if !reached_back => Verdict::AskOn(Call::NextMessages(next.clone())),
            _ => Verdict::NoTrace,
        }
    }

    fn judge_verification(&mut self, verification: &Verification, claimed: &Claims) -> Verdict {
        let settled = OpState::Settled(Settled::verification(verification, self.skew_seconds));
        match &self.operation.intent {
            Intent::VerifyStart(start) => {
                let (earliest, latest) = (self.earliest(), self.latest());
                let sent = verification.sends.iter().any(|send| {
                    send.channel == start.channel
                        && send
                            .time
                            .is_some_and(|time| time >= earliest && time <= latest)
                });
                // A send of the same minute may be that of another operation.
                if sent
                    && claimed.leaves_one_of(
                        verification.sends.len(),
                        &verification.sid,
                        self.operation.id,
                    )
                {
                    Verdict::Found(settled)
                } else {
                    self.not_found()
                }
            }
            // Still open: the check did not arrive, or the code was wrong. Either way it is typed again.
            Intent::VerifyCheck { .. } => Verdict::Found(settled),
            Intent::VerifyCancel { .. } if verification.status.is_open() => {
                Verdict::Found(OpState::NotSent(Failure::new(
                    FailureKind::NoTrace,
                    "The check is still open at Twilio, so it was not stopped.",
                )))
            }
            Intent::VerifyCancel { .. } => Verdict::Found(settled),
            Intent::Text(_) | Intent::LookUp { .. } => Verdict::NoTrace,
        }
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

    fn judge_attempts(&self, page: &ListPage<Attempt>, claimed: &Claims) -> Verdict {
        let (earliest, latest) = (self.earliest(), self.latest());
        let fits = |attempt: &&Attempt| match &self.operation.intent {
            // A code that was read back before this one was asked for belongs to another send.
            Intent::VerifyStart(start) => {
                let earliest = if attempt.converted {
                    self.asked_at() - TO_THE_SECOND
                } else {
                    earliest
                };
                let sends = page
                    .items
                    .iter()
                    .filter(|other| other.verification_sid == attempt.verification_sid);
                attempt.channel == start.channel
                    && claimed.leaves_one_of(
                        sends.count(),
                        &attempt.verification_sid,
                        self.operation.id,
                    )
                    && attempt
                        .date_created
                        .is_some_and(|date| date >= earliest && date <= latest)
            }
            // An approval from before this check is not this check's.
            _ => !attempt.converted || attempt.date_updated.is_some_and(|date| date >= earliest),
        };
        let Some(attempt) = page.items.iter().find(fits) else {
            return Verdict::NoTrace;
        };
        // A verification that is no longer open was approved, or its time is over.
        let status = if attempt.converted {
            VerificationStatus::Approved
        } else {
            VerificationStatus::Expired
        };
        Verdict::Found(OpState::Settled(Settled::Verification {
            sid: attempt.verification_sid.clone(),
            status,
            channel: attempt.channel.clone(),
            sends: None,
            expires_at: None,
            delivery: None,
        }))
    }
}

/// To whom a text goes, and what Twilio makes of its words.
fn words(text: &NewMessage) -> (String, String) {
    (text.to.e164().to_owned(), plain(text.body.raw()))
}

fn first_look(operation: &Operation) -> Call {
    match &operation.intent {
        Intent::Text(text) => {
            let from = match &text.sender {
                Sender::Number(number) => Some(number.clone()),
                Sender::Name(_) | Sender::Service(_) => None,
            };
            // No date: a text that is still queued has none, and a filter would hide it.
            Call::ListMessages(MessageFilter {
                to: Some(text.to.clone()),
                from,
                ..MessageFilter::default()
            })
        }
        Intent::VerifyStart(start) => Call::FetchVerification {
            service: start.service.clone(),
            key: VerificationKey::To(start.to.clone()),
        },
        Intent::VerifyCheck { service, key, .. } | Intent::VerifyCancel { service, key, .. } => {
            Call::FetchVerification {
                service: service.clone(),
                key: key.clone(),
            }
        }
        Intent::LookUp { number, line_type } => Call::LookUp {
            number: number.clone(),
            line_type: *line_type,
        },
    }
}

/// The sends that it may be among; their dates are Twilio's, whose clock ours may be ahead of.
fn attempts_of(operation: &Operation, skew_seconds: i64) -> AttemptFilter {
    match &operation.intent {
        Intent::VerifyCheck {
            service,
            key: VerificationKey::Sid(sid),
            ..
        }
        | Intent::VerifyCancel {
            service,
            key: VerificationKey::Sid(sid),
            ..
        } => AttemptFilter {
            service: Some(service.clone()),
            verification: Some(sid.clone()),
            ..AttemptFilter::default()
        },
        intent => {
            let service = match intent {
                Intent::VerifyStart(start) => Some(start.service.clone()),
                Intent::VerifyCheck { service, .. } | Intent::VerifyCancel { service, .. } => {
                    Some(service.clone())
                }
                Intent::Text(_) | Intent::LookUp { .. } => None,
            };
            AttemptFilter {
                service,
                to: intent.to(),
                created_after: Some(
                    operation.at
                        - SignedDuration::from_secs(skew_seconds)
                        - SignedDuration::from_mins(11),
                ),
                ..AttemptFilter::default()
            }
        }
    }
}

#[cfg(test)]
mod tests;
