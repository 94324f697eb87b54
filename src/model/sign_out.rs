//! Signing out: the keys go, and on a yes everything about the people who were reached goes with them.
//!
//! What stands on disk is deleted by the store. What the panes have in mind of the same people goes here, so
//! that whoever signs in next finds nothing of it; only what is not over yet stays, until it is.

use crate::domain::connection::Source;
use crate::domain::{Timestamp, phrase};

use super::effect::Effect;
use super::thread::Thread;
use super::{Model, Overlay};

impl Model {
    /// Asks whether the keys shall go, where there are keys to sign out of.
    pub(super) fn sign_out_question(&mut self) -> Vec<Effect> {
        match self
            .connection
            .as_ref()
            .map(|connection| &connection.source)
        {
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

    /// Somebody's number or text is kept: in the history, in the draft, or by the key that puts it back.
    pub(super) fn remembers_anybody(&self) -> bool {
        !self.history.is_empty() || self.compose.holds_anything()
    }

    /// Everything about the people who were reached goes, from the disk and from the panes.
    pub(super) fn forget_everybody(&mut self) -> Vec<Effect> {
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
