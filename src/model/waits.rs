//! What goes on by itself when its moment comes: a code that waits because Twilio asked for it, a text that is
//! held. Meanwhile another window, or a script, may have sent the same: so the history is asked first, and where
//! they have, a person is. Long after its moment nothing goes on by itself.

use jiff::SignedDuration;

use crate::domain::overslept::is_overslept;
use crate::domain::{
    Failure, HistoryRow, Intent, LookBack, OpId, OpState, Phrase, Recipient, phrase,
};

use super::check::Check;
use super::compose::Stage;
use super::verify::{Question, Start, Yes, is_start, may_be_out};
use super::{Effect, Model, Pane};

/// How often it is read what has come of the send of another window.
const READ_AGAIN: SignedDuration = SignedDuration::from_secs(2);
/// How often it is read what another window has done to a check that waits for its code.
const READ_WHILE_WAITING: SignedDuration = SignedDuration::from_secs(3);
/// How long a history that cannot be read is left alone.
const READ_AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(60);
/// A send that takes longer has other troubles.
const SENDS_WITHIN: SignedDuration = SignedDuration::from_secs(60);

impl Model {
    /// The moment has come for what waits: what the history is asked before it goes on.
    pub(super) fn look_before_going_on(&mut self) -> Vec<Effect> {
        let now = self.now;
        let mut effects: Vec<Effect> = self
            .verify
            .checks
            .iter_mut()
            .filter_map(|check| {
                check
                    .looks_before_going_on(now)
                    .then(|| about(check.to.clone()))
            })
            .collect();
        if let Stage::Held { until, looking, .. } = &mut self.compose.stage
            && now >= *until
            && !std::mem::replace(looking, true)
        {
            let until = *until;
            match self.compose.number().cloned() {
                Some(number) if !is_overslept(until, now) => {
                    effects.push(about(Recipient::Phone(number)));
                }
                _ => self.held_for_too_long(),
            }
        }
        effects
    }

    /// The history was asked about somebody: what waits for that goes on, or is asked about.
    pub(super) fn looked_back(&mut self, result: Result<Box<LookBack>, Failure>) -> Vec<Effect> {
        let back = match result {
            Ok(back) => *back,
            Err(failure) => {
                self.notify(failure.phrase());
                return self.not_looked_back();
            }
        };
        let to = back.to.clone();
        // A loss may have been accepted since, by a person with a command.
        self.unaccepted = back.unaccepted;
        self.history.look_back = Some(back);
        let mut effects = self.codes_go_on(&to);
        effects.extend(self.text_goes_on(&to));
        effects
    }

    /// Nobody knows what others have sent: a person decides.
    fn not_looked_back(&mut self) -> Vec<Effect> {
        let now = self.now;
        for check in &mut self.verify.checks {
            if check.looked(now).is_some() {
                check.wait_no_longer(now);
            }
        }
        if matches!(self.compose.stage, Stage::Held { looking: true, .. }) {
            self.review_what_was_held();
        }
        Vec::new()
    }

    fn codes_go_on(&mut self, to: &Recipient) -> Vec<Effect> {
        let now = self.now;
        let mut effects = Vec::new();
        for at in 0..self.verify.checks.len() {
            let check = &mut self.verify.checks[at];
            if check.to != *to {
                continue;
            }
            let Some((intent, after)) = check.looked(now) else {
                continue;
            };
            // What is known of the person on screen was put aside for it, and others are at work.
            self.verify.look_again();
            effects.push(Effect::LoadPage { before: None });
            match self.sent_meanwhile(to, after) {
                None => effects.extend(self.begin_surely(Start::Of(at, (intent, None)), true)),
                Some(odd) if matches!(intent, Intent::VerifyStart(_)) => {
                    self.verify.checks[at].waits_for_a_yes(odd);
                    self.tell_of_a_question(at);
                    continue;
                }
                Some(_) => {}
            }
            // Unless it has begun.
            self.verify.checks[at].wait_no_longer(now);
        }
        effects
    }

    /// What has reached a phone since this operation was begun, or may have.
    fn sent_meanwhile(&self, to: &Recipient, after: Option<OpId>) -> Option<Phrase> {
        let own = after.and_then(|op| self.history.row(op));
        let own = own.map_or(0, |row| row.row);
        let row = self
            .known_rows()
            .filter(|row| row.row > own && self.operations.is_ours(&row.operation))
            .filter(|row| row.operation.intent.to().as_ref() == Some(to))
            .find(|row| row.is_approval() || (is_start(row, to) && may_be_out(&row.state)))?;
        let at = row.operation.at.to_zoned(self.setting.zone.clone());
        let time = at.strftime("%H:%M").to_string();
        Some(if row.is_approval() {
            phrase!(
                "While this one waited, this phone was approved in another window, at {time}.",
                time = time
            )
        } else {
            phrase!(
                "While this one waited, a code went to this phone from another window, at {time}.",
                time = time
            )
        })
    }

    /// A code was not sent, because another window is sending one in this moment: what comes of that is read soon.
    pub(super) fn await_other_window(&mut self) {
        let now = self.now;
        let is_under_way = |row: &HistoryRow| {
            row.state == OpState::Intended && now.duration_since(row.operation.at) < SENDS_WITHIN
        };
        let mut held_back = self
            .verify
            .checks
            .iter()
            .filter(|check| check.was_held_back());
        let awaits = held_back.any(|check| {
            let mut rows = self.history.rows().iter();
            rows.any(|row| is_start(row, &check.to) && is_under_way(row))
        });
        self.verify.reads_at = awaits.then(|| now + READ_AGAIN);
    }

    /// The newest of the history is read again, where another window may have news of what waits here.
    pub(super) fn read_what_others_did(&mut self) -> Option<Effect> {
        let now = self.now;
        let is_due = self.verify.reads_at.take_if(|at| now >= *at).is_some();
        // One of which nobody knows how long it is good may stand for ever.
        let waits = |check: &Check| check.is_open() && check.good_until().is_some();
        if self.verify.checks.iter().any(waits) {
            self.verify.reads_at.get_or_insert(now + READ_WHILE_WAITING);
        }
        is_due.then_some(Effect::LoadPage { before: None })
    }

    /// The history could not be read, which was said.
    pub(super) fn read_later(&mut self) {
        let later = self.now + READ_AFTER_FAILURE;
        self.verify.reads_at = self.verify.reads_at.map(|_| later);
    }

    /// A check on screen that waits for a yes asks for it.
    pub(super) fn ask_about_waits(&mut self) {
        if self.verify.question.is_some() {
            return;
        }
        let odd = self.verify.check().and_then(Check::overtaken).cloned();
        self.verify.question = odd.map(|odd| Question {
            odd: vec![odd],
            yes: Yes::GoOn,
        });
    }

    /// The agent says yes to what waits, or no.
    pub(super) fn answer_wait(&mut self, yes: bool) -> Vec<Effect> {
        let Some(at) = self.verify.shown else {
            return Vec::new();
        };
        let check = &mut self.verify.checks[at];
        match check.paused().cloned() {
            Some(intent) if yes => {
                let effects = self.begin_surely(Start::Of(at, (intent, None)), true);
                self.verify.checks[at].wait_no_longer(self.now);
                effects
            }
            _ => {
                check.wait_no_longer(self.now);
                Vec::new()
            }
        }
    }

    /// A text that was held leaves, or is reviewed once more.
    fn text_goes_on(&mut self, to: &Recipient) -> Vec<Effect> {
        let Stage::Held {
            until,
            looking: true,
            same,
        } = self.compose.stage
        else {
            return Vec::new();
        };
        let Some(number) = self.compose.number() else {
            return Vec::new();
        };
        if *to != Recipient::Phone(number.clone()) {
            return Vec::new();
        }
        self.verify.look_again();
        if is_overslept(until, self.now) {
            self.held_for_too_long();
        } else if self.same_text().is_some_and(|op| Some(op) != same)
            || self.the_hour_was_not_asked_about()
        {
            self.review_what_was_held();
        } else {
            return self.send_text();
        }
        Vec::new()
    }

    fn held_for_too_long(&mut self) {
        self.compose.overslept = true;
        self.review_what_was_held();
    }

    /// Another account is connected than the one that it was reviewed for, or its sender is another one.
    pub(super) fn review_for_another(&mut self) {
        self.review_what_was_held();
        self.notify(phrase!(
            "The text has not left: its account or sender is another one than when it was reviewed. Read it once more (F6)."
        ));
    }

    /// It is not sent by itself: number and text are on the review again, and what is odd is said there.
    pub(super) fn review_what_was_held(&mut self) {
        self.review_text();
        if self.pane != Pane::Message {
            self.notify(phrase!(
                "The text that was held has not left, and waits for your answer: F6 shows it."
            ));
        }
    }
}

/// The history is asked about somebody.
fn about(to: Recipient) -> Effect {
    Effect::LookBack { to, ticket: None }
}
