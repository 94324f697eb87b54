//! What an answer says of an operation whose outcome is not known: whether it is in there.

use jiff::SignedDuration;

use crate::domain::message::{Direction, ListPage, TRIAL_PREFIX, may_be_one};
use crate::domain::sid::VerificationSid;
use crate::domain::verification::{Attempt, NewVerification, SendAttempt};
use crate::domain::{
    Call, Failure, FailureKind, Intent, Message, NewMessage, OpState, Reply, Sender, Settled,
    Timestamp, Verification, VerificationChannel, VerificationStatus,
};

use super::claims::Claims;
use super::{Search, Verdict};

/// Twilio's dates and our difference to them are whole seconds.
const TO_THE_SECOND: SignedDuration = SignedDuration::from_secs(2);

impl Search {
    pub(super) fn judge(&mut self, reply: &Reply, claimed: &Claims) -> Verdict {
        match (&self.operation.intent, reply) {
            (Intent::Text(text), Reply::Messages(page)) => self.judge_messages(text, page, claimed),
            (_, Reply::Verification(verification)) => {
                self.judge_verification(verification, claimed)
            }
            (_, Reply::Attempts(page)) => self.judge_attempts(page, claimed),
            // Not an answer to the question.
            _ => Verdict::Failed,
        }
    }

    fn judge_messages(
        &self,
        text: &NewMessage,
        page: &ListPage<Message>,
        claimed: &Claims,
    ) -> Verdict {
        let (earliest, latest) = self.widest();
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
            oldest_first.find(|message| says(message.body.raw()))
        };
        let said = text.body.raw();
        // The very words, else what a service makes of them that swaps look-alikes, or a redaction.
        let found = oldest(&|body| body == said || body.strip_prefix(TRIAL_PREFIX) == Some(said))
            .or_else(|| oldest(&|body| body.is_empty() || may_be_one(body, said)));
        if let Some(message) = found {
            return Verdict::Found(OpState::Settled(Settled::text(message)));
        }
        let reached_back = page
            .items
            .last()
            .and_then(|message| message.date_created)
            .is_some_and(|date| date < earliest);
        match &page.next {
            Some(next) if !reached_back => Verdict::AskOn(Call::NextMessages(next.clone())),
            _ => Verdict::NoTrace,
        }
    }

    fn judge_verification(&mut self, verification: &Verification, claimed: &Claims) -> Verdict {
        let settled = OpState::Settled(Settled::verification(verification, self.skew.as_secs()));
        match &self.operation.intent {
            Intent::VerifyStart(start) => {
                let made = |send: &SendAttempt| Some((send.time?, send.channel.clone()));
                let sends = verification.sends.iter().filter_map(made).collect();
                // A send of the same minute may be that of another operation.
                if self.has_one_of(sends, start, &verification.sid, self.earliest(), claimed) {
                    Verdict::Found(settled)
                } else {
                    self.not_open()
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
            Intent::Text(_) | Intent::LookUp { .. } => Verdict::Failed,
        }
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
                let of_it = |other: &&Attempt| other.verification_sid == attempt.verification_sid;
                let made = |other: &Attempt| Some((other.date_created?, other.channel.clone()));
                let sends = page.items.iter().filter(of_it).filter_map(made).collect();
                attempt.channel == start.channel
                    && attempt
                        .date_created
                        .is_some_and(|date| date >= earliest && date <= latest)
                    && self.has_one_of(sends, start, &attempt.verification_sid, earliest, claimed)
            }
            // An approval from before this check is not this check's.
            _ => !attempt.converted || attempt.date_updated.is_some_and(|date| date >= earliest),
        };
        let Some(attempt) = page.items.iter().find(fits) else {
            // The question names the time, so the list ends by itself.
            return match &page.next {
                Some(next) => Verdict::AskOn(Call::NextAttempts(next.clone())),
                None => Verdict::NoTrace,
            };
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

    /// Whether one of the sends of a verification is this operation's. Each comes with when it was made,
    /// and by which way it went.
    fn has_one_of(
        &self,
        sends: Vec<(Timestamp, VerificationChannel)>,
        start: &NewVerification,
        of: &VerificationSid,
        earliest: Timestamp,
        claimed: &Claims,
    ) -> bool {
        let left = claimed.left_of(sends, of, self.operation.id);
        left.into_iter()
            .any(|(time, way)| way == start.channel && time >= earliest && time <= self.latest())
    }
}
