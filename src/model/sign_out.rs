//! Signing out: the keys go, and on a yes everything about the people who were reached goes with them.
//!
//! What waits is named first: without the keys it goes on at Twilio, and nobody here hears of it. While anything
//! is not settled the history is what it is looked up by, so it stays.
//!
//! What stands on disk is deleted by the store. What the panes have in mind of the same people goes here, so
//! that whoever signs in next finds nothing of it; only what is not over yet stays, until it is.

use crate::domain::connection::Source;
use crate::domain::{Failure, HistoryRow, Phrase, Timestamp, phrase};

use super::effect::Effect;
use super::thread::Thread;
use super::{Model, Overlay, compose};

/// Its answer is awaited with these keys.
fn still_sending() -> Phrase {
    phrase!("Something is still being sent with these keys. Wait for its answer, then sign out.")
}

impl Model {
    /// Asks whether the keys shall go, where there are keys to sign out of.
    pub(super) fn sign_out_question(&mut self) -> Vec<Effect> {
        match self
            .connection
            .as_ref()
            .map(|connection| &connection.source)
        {
            Some(Source::Profile(_)) if self.operations.any_unanswered() => {
                self.notify(still_sending());
                Vec::new()
            }
            Some(Source::Profile(_)) => {
                self.overlay = Some(Overlay::SignOut);
                Vec::new()
            }
            Some(source) => {
                let source = source.phrase();
                self.notify(phrase!(
                    "There is nothing to sign out of: the keys come from {source}.",
                    source = source
                ));
                Vec::new()
            }
            None => {
                self.notify(phrase!(
                    "There is nothing to sign out of: no account is connected."
                ));
                Vec::new()
            }
        }
    }

    /// What becomes of whatever waits when the keys go, each in words of its own.
    pub fn left_by_signing_out(&self) -> Vec<Phrase> {
        let mut left = Vec::new();
        let checks = self.verify.checks.iter();
        match checks.filter(|check| check.is_unfinished()).count() {
            0 => {}
            1 => left.push(phrase!(
                "One check is waiting. It goes on at Twilio, and its code can be checked here only once this account is connected again."
            )),
            n => left.push(phrase!(
                "{n} checks are waiting. They go on at Twilio, and their codes can be checked here only once this account is connected again.",
                n = n
            )),
        }
        if self.is_holding() {
            left.push(phrase!(
                "A text is held back and has not left. Signing out keeps it as a draft, and sends nothing."
            ));
        }
        if self.searches.any_said() {
            left.push(phrase!(
                "What you said yes to sending once more has not gone yet. Signing out takes that yes back."
            ));
        }
        if !self.searches.is_empty() {
            left.push(phrase!(
                "It is not known yet what came of something that was sent. It is looked up once this account is connected again."
            ));
        }
        left
    }

    /// The agent has said yes.
    pub(super) fn sign_out(&mut self) -> Vec<Effect> {
        self.overlay = None;
        let connection = self.connection.as_ref();
        let source = connection.map(|connection| connection.source.clone());
        let Some(Source::Profile(profile)) = source else {
            return Vec::new();
        };
        if self.operations.any_unanswered() {
            self.notify(still_sending());
            return Vec::new();
        }
        if self.is_holding() {
            self.cannot_send(phrase!(
                "This text was held back and has not left, because you signed out."
            ));
        }
        if self.remembers_anybody() && self.why_history_stays().is_none() {
            self.overlay = Some(Overlay::ForgetAll);
        }
        vec![Effect::SignOut { profile }]
    }

    /// The keys of the profile are gone, or are not. What waits is at Twilio and in the history.
    pub(super) fn signed_out(&mut self, result: Result<(), Failure>) -> Vec<Effect> {
        if let Err(failure) = result {
            self.notify(failure.phrase());
            return Vec::new();
        }
        self.connection = None;
        self.searches.take_back();
        self.history.recount();
        if self.remembers_anybody()
            && let Some(why) = self.why_history_stays()
        {
            self.notify(why);
        }
        if !self.operations.any_open() {
            self.verify.leave_checks();
        }
        let mut effects = vec![Effect::Disconnect];
        effects.extend(self.begin_setup(false));
        effects
    }

    /// Why the history cannot be deleted together with the keys, where it cannot.
    fn why_history_stays(&self) -> Option<Phrase> {
        let unfinished =
            || phrase!("The history of this computer stays: not all in it is finished yet.");
        let why = self.policy.deleting().err();
        why.or_else(|| (!self.is_all_settled()).then(unfinished))
    }

    fn is_holding(&self) -> bool {
        matches!(self.compose.stage, compose::Stage::Held { .. })
    }

    /// Nothing more is to be expected of anything in the history, as far as it was read.
    fn is_all_settled(&self) -> bool {
        let all = self.history.all();
        let is_settled = |at| {
            let rows: Vec<&HistoryRow> = all.entry(at).collect();
            let mut each = rows.iter();
            each.all(|row| row.is_settled_among(&rows, self.now))
        };
        self.searches.is_empty() && (0..all.len()).all(is_settled)
    }

    /// Somebody's number or text is kept: in the history, in the draft, or by the key that puts it back.
    pub(super) fn remembers_anybody(&self) -> bool {
        !self.history.is_empty() || self.compose.holds_anything()
    }

    /// Everything about the people who were reached goes, from the disk and from the panes.
    pub(super) fn forget_everybody(&mut self) -> Vec<Effect> {
        // The lead may have changed the rules since it was asked about.
        if let Err(why) = self.policy.deleting() {
            self.notify(why);
            return Vec::new();
        }
        self.compose.forget();
        self.verify.forget();
        self.history.forget();
        self.thread = Thread::default();
        // Else also what a clock that was ahead has written.
        let before = if self.policy.is_capped() {
            self.notify(phrase!(
                "The history of this computer is deleted. Set by your lead: what was sent today is counted and stays until tomorrow."
            ));
            self.day_of_counts()
        } else {
            self.notify(phrase!("The history of this computer is deleted."));
            Timestamp::MAX
        };
        vec![Effect::Forget { before }]
    }
}
