//! What is still on its way: asked about in rounds with growing gaps, until nothing is.
//!
//! One list request a round serves all texts, and one serves all codes, however many there are; a text
//! that is not on the newest page is fetched by itself, a few in a round. Nothing is asked that nobody
//! waits for: with everything final there is no deadline.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use crate::domain::message::MessageFilter;
use crate::domain::operation::Delivery;
use crate::domain::sid::AttemptSid;
use crate::domain::verification::{Attempt, AttemptFilter};
use crate::domain::{
    Answer, Call, Failure, HistoryRow, Intent, Message, MessageStatus, OpId, OpState, Reply,
    Settled, Timestamp, VerificationChannel,
};

use super::effect::Effect;
use super::event::Ask;
use super::search::CLOCKS_APART;

/// Seconds between the rounds for texts (Twilio's advice: 2, 5, 10, 30, then minutes).
const TEXT_GAPS: [i64; 6] = [2, 3, 5, 10, 30, 60];
/// Seconds between the rounds for codes; the list allows 100 requests a minute.
const CODE_GAPS: [i64; 7] = [2, 3, 5, 8, 13, 20, 30];
/// A text that the carrier never confirms is not asked about for ever.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(4);
/// A code is not good for longer, so nobody waits for its delivery.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// Texts that are not on the newest page are fetched singly, so many in a round.
const SINGLY: usize = 3;
/// How many items a page has.
const PAGE: u32 = 100;

/// All that is followed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Follow {
    texts: Round,
    codes: Round,
    rows: BTreeMap<OpId, HistoryRow>,
    /// When the next scheduled text leaves: until then nobody asks about it.
    departs: Option<Timestamp>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Round {
    step: usize,
    due: Option<Timestamp>,
    asking: bool,
}

impl Round {
    fn begin(&mut self, now: Timestamp) {
        self.step = 0;
        self.due = Some(now + SignedDuration::from_secs(2));
    }

    fn answered(&mut self, gaps: &[i64], still: bool, refused: bool, now: Timestamp) {
        self.asking = false;
        // A refusal (too many requests, a failing service) is answered by asking less often.
        self.step = (self.step + if refused { 2 } else { 1 }).min(gaps.len() - 1);
        self.due = still.then(|| now + SignedDuration::from_secs(gaps[self.step]));
    }
}

impl Follow {
    /// A row is new or has changed: it is followed for as long as something is to be expected.
    pub fn row_changed(&mut self, row: &HistoryRow, now: Timestamp) {
        let op = row.operation.id;
        let kind = expected(row, now);
        if kind.is_none() {
            self.rows.remove(&op);
        } else if self.rows.insert(op, row.clone()).is_none() && !waits(row, now) {
            let round = if kind == Some(Kind::Text) {
                &mut self.texts
            } else {
                &mut self.codes
            };
            round.begin(now);
        }
        self.departs = self.next_departure(now);
        if !self.any(Kind::Text, now) {
            self.texts.due = None;
        }
        if !self.any(Kind::Code, now) {
            self.codes.due = None;
        }
    }

    /// Asks in this moment about everything.
    pub fn ask_now(&mut self, now: Timestamp) {
        for (kind, round) in [(Kind::Text, &mut self.texts), (Kind::Code, &mut self.codes)] {
            if self
                .rows
                .values()
                .any(|row| expected(row, now) == Some(kind))
            {
                round.step = 0;
                round.due = Some(now);
            }
        }
    }

    /// The questions that are due.
    pub fn woke(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.departs.is_some_and(|at| now >= at) {
            self.departs = self.next_departure(now);
            self.texts.begin(now);
        }
        if self.texts.due.is_some_and(|due| now >= due) && !self.texts.asking {
            self.texts = Round {
                asking: true,
                due: None,
                ..self.texts
            };
            let filter = MessageFilter {
                page_size: Some(PAGE),
                ..MessageFilter::default()
            };
            effects.push(Effect::Call {
                ask: Ask::Messages,
                call: Call::ListMessages(filter),
            });
        }
        if self.codes.due.is_some_and(|due| now >= due) && !self.codes.asking {
            self.codes = Round {
                asking: true,
                due: None,
                ..self.codes
            };
            let oldest = self
                .rows
                .values()
                .filter(|row| expected(row, now) == Some(Kind::Code))
                .map(|row| row.operation.at)
                .min();
            let filter = AttemptFilter {
                created_after: oldest.map(|at| at - CLOCKS_APART),
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
        self.texts.answered(&TEXT_GAPS, still, result.is_err(), now);
        let Ok(Reply::Messages(page)) = result.as_ref().map(|answer| &answer.reply) else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        let mut singly = 0;
        for row in self
            .rows
            .values()
            .filter(|row| expected(row, now) == Some(Kind::Text))
        {
            let OpState::Settled(Settled::Text { sid, .. }) = &row.state else {
                continue;
            };
            if let Some(message) = page.items.iter().find(|message| message.sid == *sid) {
                effects.extend(news(row, message));
            } else if singly < SINGLY && !waits(row, now) {
                singly += 1;
                effects.push(Effect::Call {
                    ask: Ask::Message(row.operation.id),
                    call: Call::FetchMessage(sid.clone()),
                });
            }
        }
        effects
    }

    /// A text that was not on the page was fetched.
    pub fn message(&mut self, op: OpId, result: &Result<Box<Answer>, Failure>) -> Vec<Effect> {
        match (
            self.rows.get(&op),
            result.as_ref().map(|answer| &answer.reply),
        ) {
            (Some(row), Ok(Reply::Message(message))) => news(row, message).into_iter().collect(),
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
        now: Timestamp,
    ) -> Vec<Effect> {
        let still = self.any(Kind::Code, now);
        self.codes.answered(&CODE_GAPS, still, result.is_err(), now);
        let Ok(Reply::Attempts(page)) = result.as_ref().map(|answer| &answer.reply) else {
            return Vec::new();
        };
        // Two sends by one way within a minute must not be credited with one attempt.
        let mut taken: BTreeSet<AttemptSid> =
            self.rows.values().filter_map(attempt_of).cloned().collect();
        self.rows
            .values()
            .filter_map(|row| {
                let OpState::Settled(Settled::Verification { sid, channel, .. }) = &row.state
                else {
                    return None;
                };
                let at = row.operation.at;
                let ours = attempt_of(row);
                let attempt = page
                    .items
                    .iter()
                    .filter(|attempt| {
                        let free = match ours {
                            Some(ours) => *ours == attempt.sid,
                            None => !taken.contains(&attempt.sid),
                        };
                        free && attempt.verification_sid == *sid && attempt.channel == *channel
                    })
                    .filter_map(|attempt| {
                        attempt
                            .date_created
                            .map(|date| (date.duration_since(at).abs(), attempt))
                    })
                    .filter(|(apart, _)| *apart <= CLOCKS_APART)
                    .min_by_key(|(apart, _)| *apart)?
                    .1;
                taken.insert(attempt.sid.clone());
                delivered(row, attempt)
            })
            .collect()
    }

    fn any(&self, kind: Kind, now: Timestamp) -> bool {
        self.rows
            .values()
            .any(|row| expected(row, now) == Some(kind) && !waits(row, now))
    }

    fn next_departure(&self, now: Timestamp) -> Option<Timestamp> {
        let waiting = self.rows.values().filter(|row| waits(row, now));
        waiting.map(departure).min()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Code,
}

/// What is still to be expected of a row.
fn expected(row: &HistoryRow, now: Timestamp) -> Option<Kind> {
    let age = now.duration_since(departure(row));
    match &row.state {
        OpState::Settled(Settled::Text { status, .. }) => {
            (!status.is_final() && age < GIVE_UP).then_some(Kind::Text)
        }
        OpState::Settled(Settled::Verification {
            channel, delivery, ..
        }) => {
            let sent = matches!(row.operation.intent, Intent::VerifyStart(_));
            let reported = !matches!(
                channel,
                VerificationChannel::Email | VerificationChannel::Other(_)
            );
            let open = delivery
                .as_ref()
                .is_none_or(|delivery| !delivery.status.is_final());
            (sent && reported && open && age < CODE_LIFE).then_some(Kind::Code)
        }
        _ => None,
    }
}

/// When it leaves: at once, or at the time that was set for it.
fn departure(row: &HistoryRow) -> Timestamp {
    match &row.operation.intent {
        Intent::Text(text) => text.send_at.unwrap_or(row.operation.at),
        _ => row.operation.at,
    }
}

/// It is scheduled, and its time has not come.
fn waits(row: &HistoryRow, now: Timestamp) -> bool {
    departure(row) > now
        && matches!(
            &row.state,
            OpState::Settled(Settled::Text {
                status: MessageStatus::Scheduled,
                ..
            })
        )
}

/// The attempt that a send of a code is known to be.
fn attempt_of(row: &HistoryRow) -> Option<&AttemptSid> {
    match &row.state {
        OpState::Settled(Settled::Verification { delivery, .. }) => {
            delivery.as_ref()?.attempt.as_ref()
        }
        _ => None,
    }
}

fn news(row: &HistoryRow, message: &Message) -> Option<Effect> {
    let state = OpState::Settled(Settled::text(message));
    row.state.may_become(&state).then(|| Effect::Settle {
        op: row.operation.id,
        state,
    })
}

fn delivered(row: &HistoryRow, attempt: &Attempt) -> Option<Effect> {
    let OpState::Settled(Settled::Verification {
        sid,
        status,
        channel,
        sends,
        expires_at,
        delivery,
    }) = &row.state
    else {
        return None;
    };
    let now = attempt
        .message_status
        .clone()
        .or_else(|| attempt.call_status.as_deref().map(of_call))?;
    let forward = delivery
        .as_ref()
        .is_none_or(|known| known.status.may_become(&now));
    forward.then(|| Effect::Settle {
        op: row.operation.id,
        state: OpState::Settled(Settled::Verification {
            sid: sid.clone(),
            status: status.clone(),
            channel: channel.clone(),
            sends: *sends,
            expires_at: *expires_at,
            delivery: Some(Delivery {
                status: now,
                error_code: attempt.error_code,
                attempt: Some(attempt.sid.clone()),
                call: attempt.call_status.clone(),
                carrier: attempt.carrier.clone(),
            }),
        }),
    })
}

/// A call's progress in the words of a text's: what matters to the agent is whether it got through.
fn of_call(status: &str) -> MessageStatus {
    match status {
        "queued" => MessageStatus::Queued,
        "ringing" => MessageStatus::Sending,
        "in-progress" => MessageStatus::Sent,
        "completed" => MessageStatus::Delivered,
        "busy" | "no-answer" => MessageStatus::Undelivered,
        "failed" | "canceled" => MessageStatus::Failed,
        other => MessageStatus::Other(other.to_owned()),
    }
}
