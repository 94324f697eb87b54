//! What is odd about a send, in a sentence each, before it happens.
//!
//! All that is odd is said together and answered once, by `y`: a second question after a first one is
//! answered without being read. What the lead forbids is no caution and is not answered at all.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use crate::domain::phrase::Phrase;
use crate::domain::verification::{Compared, MAX_CHECKS};
use crate::domain::{
    HistoryRow, Intent, OpId, OpState, Recipient, Settled, Timestamp, VerificationChannel,
    VerificationStatus, phrase,
};
use crate::model::Model;
use crate::model::check::{Ending, Stage, restored};
use crate::model::recipient::Reading;
use crate::model::trial::Limit;

use super::form::NewCheck;

/// A code that was sent so lately may still be on its way.
const SENT_LATELY: SignedDuration = SignedDuration::from_secs(30);
/// A phone that was approved so lately hardly needs it again.
const APPROVED_LATELY: SignedDuration = SignedDuration::from_mins(30);
/// Five wrong codes are held against a phone for so long.
const GUESSED_LATELY: SignedDuration = SignedDuration::from_mins(30);
/// A ticket that was verified so lately is hardly that of another call.
const VERIFIED_LATELY: SignedDuration = SignedDuration::from_hours(24);

/// A question before something happens, answered by `y`.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is odd, in a sentence each.
    pub odd: Vec<Phrase>,
    /// What a yes does.
    pub yes: Yes,
}

/// What a yes does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Yes {
    /// The code is sent all the same.
    Send,
    /// A new code for the check on screen, which is over, is sent by this way all the same.
    Anew(VerificationChannel),
    /// What the check on screen waited with goes on all the same; a no gives it up.
    GoOn,
    /// The check at this place is shown; nothing is sent.
    GoTo(usize),
}

impl Model {
    /// What is odd about beginning this check.
    pub(super) fn oddities(&self, new: &NewCheck) -> Vec<Phrase> {
        let mut odd = Vec::new();
        if self.unaccepted {
            odd.push(phrase!(
                "Something of the history is lost, so a code may have gone out already: look in Twilio's console."
            ));
        }
        if let Reading::Phone { doubtful: true, .. } = self.verify.reading {
            odd.push(phrase!(
                "This number has the right length, but is not known to be in use."
            ));
        }
        odd.extend(
            self.verify
                .reading
                .oddity(new.channel == VerificationChannel::Call),
        );
        if new.on_file == Some(Compared::Differs) {
            odd.push(phrase!(
                "This is not the number in the customer record. A new number is often a sign of fraud."
            ));
        }
        odd.extend(self.guessed_lately(&new.to));
        odd.extend(
            self.sent_lately(&new.to)
                .or_else(|| self.waits_in_another_window(&new.to)),
        );
        odd.extend(self.approved_lately(new));
        let by_sms = new.channel == VerificationChannel::Sms;
        if by_sms
            && self
                .history
                .rows()
                .iter()
                .any(|row| is_landline(row, &new.to))
        {
            odd.push(phrase!(
                "This is a landline, and it cannot get texts. Go back (Esc) and take a call instead."
            ));
        }
        odd.extend(self.limit_for(&new.to).map(|limit| match limit {
            Limit::Trial => phrase!(
                "A trial account reaches only numbers that were verified in the Twilio Console, and no code has gone to this one yet."
            ),
            Limit::Refused => phrase!(
                "Twilio has refused a number that was not verified in its Console, and no code has gone to this one yet."
            ),
        }));
        odd
    }

    /// What is odd about a new code for the check on screen, which is over.
    pub(in crate::model) fn odd_anew(&self, to: &Recipient) -> Vec<Phrase> {
        // A caller who guesses gets no other five tries without a person's yes.
        let guessed = self.guessed_lately(to);
        let check = self.verify.check();
        let unsent =
            check.is_some_and(|check| matches!(check.stage, Stage::Ended(Ending::NotSent(_))));
        // Where nothing went out from here, whatever did is another window's.
        let sent = unsent.then(|| {
            self.sent_lately(to)
                .or_else(|| self.waits_in_another_window(to))
        });
        guessed.into_iter().chain(sent.flatten()).collect()
    }

    /// Five wrong codes were tried for this phone, and nothing was approved since.
    pub(in crate::model) fn guessed_lately(&self, to: &Recipient) -> Option<Phrase> {
        let since = self.now - GUESSED_LATELY;
        let of_them = |row: &&HistoryRow| {
            row.operation.intent.to().as_ref() == Some(to) && row.updated_at >= since
        };
        let approved = self
            .known_rows()
            .filter(of_them)
            .filter(|row| row.is_approval())
            .map(|row| row.updated_at)
            .max();
        let after = |at: Timestamp| approved.is_none_or(|approved| at > approved);
        let here = self
            .verify
            .checks
            .iter()
            .filter(|check| check.to == *to && check.tries_left() == 0)
            .filter_map(|check| check.wrong_at)
            .any(|at| at >= since && after(at));
        let closed = self
            .known_rows()
            .filter(of_them)
            .any(|row| is_used_up(row) && after(row.updated_at));
        let wrong: BTreeSet<OpId> = self
            .known_rows()
            .filter(of_them)
            .filter(|row| row.was_wrong_code() && after(row.updated_at))
            .map(|row| row.operation.id)
            .collect();
        let guessed = here || closed || wrong.len() >= MAX_CHECKS as usize;
        guessed.then(|| {
            phrase!("Five wrong codes were tried for this phone in the last half hour. Do not go on without your lead; F3 has the words to refuse.")
        })
    }

    fn sent_lately(&self, to: &Recipient) -> Option<Phrase> {
        let row = self
            .known_rows()
            .filter(|row| is_start(row, to) && may_be_out(&row.state))
            .max_by_key(|row| row.operation.at)?;
        let at = Some(row.operation.at).filter(|&at| self.now.duration_since(at) < SENT_LATELY)?;
        let read_back = |later: &HistoryRow| {
            later.is_approval() && named(later, &VerificationStatus::Approved, row)
        };
        if self.known_rows().any(read_back) {
            return None;
        }
        let stopped = self
            .known_rows()
            .any(|later| named(later, &VerificationStatus::Canceled, row));
        let caution = if stopped {
            phrase!(
                "A code went to this phone {ago} and was stopped: it may still arrive, and does not work.",
                ago = ago(self.now, at)
            )
        } else {
            phrase!(
                "A code went to this phone {ago}, and may still be on its way.",
                ago = ago(self.now, at)
            )
        };
        Some(self.of_its_account(row, caution))
    }

    /// What a row is the reason for; and under which account that was, where another one is connected.
    fn of_its_account(&self, row: &HistoryRow, caution: Phrase) -> Phrase {
        match self.other_account_of(&[row]) {
            Some(account) => phrase!(
                "{caution} That was under another account, {account}.",
                caution = caution,
                account = account
            ),
            None => caution,
        }
    }

    /// A check of it that was begun in another window, as far as the history knows, is not over.
    fn waits_in_another_window(&self, to: &Recipient) -> Option<Phrase> {
        let service = self.connection.as_ref()?.verify_service.as_ref()?;
        let rows: BTreeMap<_, _> = self
            .known_rows()
            .filter(|row| self.operations.is_ours(&row.operation))
            .map(|row| (Reverse(row.row), row))
            .collect();
        let waiting = restored::checks(rows.into_values(), Some(service), self.now);
        let waiting = waiting
            .iter()
            .find(|check| check.to == *to && check.service.sid == service.sid)?;
        let at = waiting.sent_at.unwrap_or(waiting.started_at);
        Some(phrase!(
            "This number waits for its code already, in another window: the last one went out {ago}.",
            ago = ago(self.now, at)
        ))
    }

    fn approved_lately(&self, new: &NewCheck) -> Option<Phrase> {
        let within = |row: &&HistoryRow, time| {
            row.is_approval() && self.now.duration_since(row.updated_at) < time
        };
        let of_ticket = self
            .known_rows()
            .find(|row| {
                new.ticket.is_some()
                    && row.operation.ticket == new.ticket
                    && within(row, VERIFIED_LATELY)
            })
            .zip(new.ticket.as_ref());
        if let Some((row, ticket)) = of_ticket {
            let ago = ago(self.now, row.updated_at);
            let to = row.operation.intent.to();
            let caution = match to.filter(|to| *to != new.to) {
                None => phrase!(
                    "This phone was approved for ticket {ticket} {ago}.",
                    ticket = ticket.as_str(),
                    ago = ago
                ),
                Some(to) => phrase!(
                    "Ticket {ticket} was verified {ago}, by another phone: {to}.",
                    ticket = ticket.as_str(),
                    ago = ago,
                    to = to.masked()
                ),
            };
            return Some(self.of_its_account(row, caution));
        }
        let row = self.known_rows().find(|row| {
            row.operation.intent.to().as_ref() == Some(&new.to) && within(row, APPROVED_LATELY)
        })?;
        let caution = phrase!(
            "This phone was approved {ago}.",
            ago = ago(self.now, row.updated_at)
        );
        Some(self.of_its_account(row, caution))
    }
}

pub(in crate::model) fn is_start(row: &HistoryRow, to: &Recipient) -> bool {
    matches!(&row.operation.intent, Intent::VerifyStart(start) if start.to == *to)
}

/// A row says that the verification of another one is in that state.
fn named(row: &HistoryRow, state: &VerificationStatus, of: &HistoryRow) -> bool {
    match (&row.state, &of.state) {
        (
            OpState::Settled(Settled::Verification { sid, status, .. }),
            OpState::Settled(Settled::Verification { sid: theirs, .. }),
        ) => sid == theirs && status == state,
        _ => false,
    }
}

pub(in crate::model) fn may_be_out(state: &OpState) -> bool {
    matches!(
        state,
        OpState::Intended | OpState::Settled(_) | OpState::Unknown(_)
    )
}

fn is_used_up(row: &HistoryRow) -> bool {
    matches!(
        row.state,
        OpState::Settled(Settled::Verification {
            status: VerificationStatus::MaxAttemptsReached,
            ..
        })
    )
}

fn is_landline(row: &HistoryRow, to: &Recipient) -> bool {
    row.operation.intent.to().as_ref() == Some(to)
        && match &row.state {
            OpState::Settled(Settled::Lookup { line_type, .. }) => {
                line_type.as_deref() == Some("landline")
            }
            OpState::Refused(failure) => failure.code == Some(60205),
            _ => false,
        }
}

/// How long ago something was, in words.
pub fn ago(now: Timestamp, at: Timestamp) -> Phrase {
    let seconds = now.duration_since(at).as_secs().max(0);
    match (seconds, seconds / 60, seconds / 3600, seconds / 86400) {
        (0..=1, ..) => phrase!("just now"),
        (n, 0, ..) => phrase!("{n} seconds ago", n = n),
        (_, 1, ..) => phrase!("a minute ago"),
        (_, n, 0, _) => phrase!("{n} minutes ago", n = n),
        (_, _, 1, _) => phrase!("an hour ago"),
        (_, _, n, 0) => phrase!("{n} hours ago", n = n),
        (_, _, _, 1) => phrase!("yesterday"),
        (.., n) => phrase!("{n} days ago", n = n),
    }
}
