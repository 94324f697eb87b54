//! What an answer says of an operation whose outcome is not known: whether it is in there.

use crate::domain::message::{Direction, ListPage, is_very, may_say};
use crate::domain::sid::VerificationSid;
use crate::domain::verification::{Attempt, NewVerification, SendAttempt};
use crate::domain::{
    Call, Failure, FailureKind, Intent, Message, NewMessage, OpState, Reply, Sender, Settled,
    Timestamp, Verification, VerificationChannel, VerificationKey, VerificationStatus,
};

use super::claims::Claims;
use super::question::{attempts_of, texts_of};
use super::{CLOCKS_APART, Search, TO_THE_SECOND, Verdict, Window};

impl Search {
    pub(super) fn judge(&mut self, reply: &Reply, claimed: &Claims) -> Verdict {
        match (&self.operation.intent, reply) {
            (Intent::Text(text), Reply::Messages(page)) => {
                let text = text.clone();
                self.judge_messages(&text, page, claimed)
            }
            // By its own name it is that one, or none.
            (Intent::Unreadable(remains), Reply::Message(message)) => {
                if remains.sid.as_deref() == Some(message.sid.as_str()) {
                    Verdict::Found(OpState::Settled(Settled::text(message)))
                } else {
                    Verdict::Failed
                }
            }
            (_, Reply::Verification(verification)) => {
                self.judge_verification(verification, claimed)
            }
            (_, Reply::Attempts(page)) => self.judge_attempts(page, claimed),
            // Not an answer to the question.
            _ => Verdict::Failed,
        }
    }

    fn judge_messages(
        &mut self,
        text: &NewMessage,
        page: &ListPage<Message>,
        claimed: &Claims,
    ) -> Verdict {
        let within = |windows: &[Window], date| windows.iter().any(|window| window.holds(date));
        let (windows, doubts) = (self.of_a_text(), self.in_doubt());
        let ours = |message: &&Message| {
            let by_us = matches!(
                message.direction,
                Direction::OutboundApi | Direction::Other(_)
            );
            by_us && claimed.leaves_text(&message.sid, self.operation.id)
        };
        // Where Twilio leaves out by whom or when a text was sent, it is not ours for certain, but may be.
        let by_sender = |message: &Message| match (&text.sender, &message.messaging_service_sid) {
            (Sender::Service(sid), found) => found.as_ref().map(|found| found == sid),
            (Sender::Number(_) | Sender::Name(_), _) => Some(true),
        };
        let said = text.body.raw();
        // The oldest that fits: a later one belongs to a later send.
        let oldest = |says: fn(&str, &str) -> bool| {
            page.items.iter().rev().filter(ours).find(|message| {
                let in_time = message.date_created.is_some_and(|at| within(&windows, at));
                in_time && by_sender(message) == Some(true) && says(message.body.raw(), said)
            })
        };
        if let Some(message) = oldest(is_very).or_else(|| oldest(may_say)) {
            return Verdict::Found(OpState::Settled(Settled::text(message)));
        }
        let may_be_it = page.items.iter().filter(ours).any(|message| {
            let in_time = message.date_created.is_none_or(|at| within(&doubts, at));
            in_time && by_sender(message) != Some(false) && may_say(message.body.raw(), said)
        });
        self.is_in_doubt |= may_be_it;
        let reached_back = page
            .items
            .last()
            .and_then(|message| message.date_created)
            .is_some_and(|date| {
                // Every window is one of those that are in doubt.
                doubts.iter().all(|window| date < window.earliest)
            });
        match &page.next {
            Some(next) if !reached_back => Verdict::AskOn(Call::NextMessages {
                filter: texts_of(text),
                cursor: next.clone(),
            }),
            _ => self.nothing(),
        }
    }

    /// All was read, and it was not there.
    fn nothing(&self) -> Verdict {
        if self.is_in_doubt {
            Verdict::Doubt
        } else {
            Verdict::NoTrace
        }
    }

    fn judge_verification(&mut self, verification: &Verification, claimed: &Claims) -> Verdict {
        // Until when it is good is told by the clock that goes on from here, not by that of the run that began it.
        let settled =
            OpState::Settled(Settled::verification(verification, self.skew_now.as_secs()));
        match &self.operation.intent {
            Intent::VerifyStart(start) => {
                let made = |send: &SendAttempt| Some((send.time?, send.channel.clone()));
                let sends: Vec<_> = verification.sends.iter().filter_map(made).collect();
                // A send of the same minute may be that of another operation.
                let is_it = |window: Window| {
                    self.has_one_of(sends.clone(), start, &verification.sid, window, claimed)
                };
                if self.of_a_code().into_iter().any(is_it) {
                    return Verdict::Found(settled);
                }
                // Twilio does not say of each of its sends when it was made.
                let untold = sends.is_empty() || sends.len() < verification.sends.len();
                let changed = verification.date_updated;
                self.is_in_doubt |=
                    untold && changed.is_none_or(|at| at >= self.earliest_in_doubt());
                self.not_open()
            }
            Intent::VerifyCheck { .. }
                if verification.status == VerificationStatus::Approved
                    && !self.may_have_approved(
                        &verification.sid,
                        verification.date_updated,
                        claimed,
                    ) =>
            {
                self.not_open()
            }
            // Still open: the check did not arrive, or the code was wrong. Either way it is typed again.
            Intent::VerifyCheck { .. } => {
                Verdict::Found(self.approved(settled, verification.date_updated))
            }
            Intent::VerifyCancel { .. } if verification.status.is_open() => {
                Verdict::Found(OpState::NotSent(Failure::new(
                    FailureKind::NoTrace,
                    "The check is still open at Twilio, so it was not stopped.",
                )))
            }
            Intent::VerifyCancel { .. } => Verdict::Found(settled),
            Intent::Unreadable(remains)
                if remains.sid.as_deref() == Some(verification.sid.as_str()) =>
            {
                Verdict::Found(settled)
            }
            Intent::Text(_) | Intent::LookUp { .. } | Intent::Unreadable(_) => Verdict::Failed,
        }
    }

    /// Whether an approval is that of this check: of the time in which its request was under way, and not one that
    /// another of our checks has had. A later one is somebody else's, whatever became of ours.
    fn may_have_approved(
        &self,
        sid: &VerificationSid,
        approved: Option<Timestamp>,
        claimed: &Claims,
    ) -> bool {
        let windows = self.of_a_check();
        claimed.leaves_approval(sid, self.operation.id)
            && approved.is_some_and(|date| windows.iter().any(|window| window.holds(date)))
    }

    /// The outcome of a check, with when its code was right: at that change or before, while the request was under way.
    fn approved(&self, mut state: OpState, date: Option<Timestamp>) -> OpState {
        if let OpState::Settled(Settled::Verification {
            status: VerificationStatus::Approved,
            approved_at,
            ..
        }) = &mut state
        {
            let (asked, over) = (self.operation.at, self.over);
            *approved_at = date.map(|date| (date + self.skew_now).min(over).max(asked));
        }
        state
    }

    fn judge_attempts(&mut self, page: &ListPage<Attempt>, claimed: &Claims) -> Verdict {
        if let Intent::VerifyStart(start) = &self.operation.intent {
            let mut doubts = self.in_doubt().into_iter();
            let may_be_it = doubts.any(|doubt| {
                let mut attempts = page.items.iter();
                attempts.any(|attempt| self.is_send(start, attempt, page, doubt, claimed))
            });
            let undated =
                |send: &Attempt| send.date_created.is_none() && send.channel == start.channel;
            self.is_in_doubt |= may_be_it || page.items.iter().any(undated);
        }
        let windows = self.of_a_code();
        let fits = |attempt: &&Attempt| match &self.operation.intent {
            Intent::VerifyStart(start) => windows
                .iter()
                .any(|window| self.is_send(start, attempt, page, *window, claimed)),
            _ => attempt.converted && self.is_approved_by(attempt, claimed),
        };
        let of_it = page.items.iter().find(fits);
        if of_it.is_none()
            && let Some(attempt) = self.approved_otherwise(page)
        {
            // What became of this check itself is not told: it may have been a wrong code, or not have arrived.
            return Verdict::Found(OpState::Settled(Settled::Verification {
                sid: attempt.verification_sid.clone(),
                status: VerificationStatus::Pending,
                channel: attempt.channel.clone(),
                sends: u32::try_from(page.items.len()).ok(),
                expires_at: None,
                delivery: None,
                approved_at: None,
            }));
        }
        // A verification that is no longer open was approved, or its time is over.
        let is_start = matches!(self.operation.intent, Intent::VerifyStart(_));
        let is_over = |attempt: &&Attempt| !is_start && !attempt.converted;
        let Some(attempt) = of_it.or_else(|| page.items.iter().find(is_over)) else {
            // The question names the time, so the list ends by itself.
            return match &page.next {
                Some(next) => Verdict::AskOn(Call::NextAttempts {
                    filter: attempts_of(&self.operation, self.earliest_in_doubt()),
                    cursor: next.clone(),
                }),
                None => self.nothing(),
            };
        };
        let status = if attempt.converted {
            VerificationStatus::Approved
        } else {
            VerificationStatus::Expired
        };
        let settled = OpState::Settled(Settled::Verification {
            sid: attempt.verification_sid.clone(),
            status,
            channel: attempt.channel.clone(),
            sends: None,
            expires_at: None,
            delivery: None,
            approved_at: None,
        });
        Verdict::Found(match self.operation.intent {
            Intent::VerifyCheck { .. } => self.approved(settled, attempt.date_updated),
            _ => settled,
        })
    }

    /// Whether this is what came of a check that was approved, or of a stop that came too late.
    fn is_approved_by(&self, attempt: &Attempt, claimed: &Claims) -> bool {
        let sid = &attempt.verification_sid;
        match &self.operation.intent {
            Intent::VerifyCancel {
                key: VerificationKey::Sid(ours),
                ..
            } => ours == sid,
            _ => self.may_have_approved(sid, attempt.date_updated, claimed),
        }
    }

    /// The send by which the verification that a check names was approved, where that was not by it.
    fn approved_otherwise<'a>(&self, page: &'a ListPage<Attempt>) -> Option<&'a Attempt> {
        let Intent::VerifyCheck {
            key: VerificationKey::Sid(ours),
            ..
        } = &self.operation.intent
        else {
            return None;
        };
        page.items.iter().find(|attempt| {
            attempt.converted && attempt.date_updated.is_some() && attempt.verification_sid == *ours
        })
    }

    /// Whether a send in the list may be this operation's: by its way, of that time, and nobody else's. One that was
    /// read back before this one was asked for belongs to another send, so those have a begin of their own.
    fn is_send(
        &self,
        start: &NewVerification,
        attempt: &Attempt,
        page: &ListPage<Attempt>,
        mut window: Window,
        claimed: &Claims,
    ) -> bool {
        if attempt.converted {
            window.earliest = window.earliest + CLOCKS_APART - TO_THE_SECOND;
        }
        let of_it = |other: &&Attempt| other.verification_sid == attempt.verification_sid;
        let made = |other: &Attempt| Some((other.date_created?, other.channel.clone()));
        let sends = page.items.iter().filter(of_it).filter_map(made).collect();
        let date = attempt.date_created;
        attempt.channel == start.channel
            && date.is_some_and(|date| window.holds(date))
            && self.has_one_of(sends, start, &attempt.verification_sid, window, claimed)
    }

    /// Whether one of the sends of a verification is this operation's. Each comes with when it was made,
    /// and by which way it went.
    fn has_one_of(
        &self,
        sends: Vec<(Timestamp, VerificationChannel)>,
        start: &NewVerification,
        of: &VerificationSid,
        window: Window,
        claimed: &Claims,
    ) -> bool {
        let left = claimed.left_of(sends, of, self.operation.id);
        left.into_iter()
            .any(|(time, way)| way == start.channel && window.holds(time))
    }
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
