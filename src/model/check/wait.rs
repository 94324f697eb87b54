//! A check that waits because Twilio asked for it: how its wait ends.
//!
//! It goes on by itself at its moment, once the history has been asked what others have sent meanwhile. Where
//! they have, it goes on by a yes; where its moment was overslept, it does not go on.

use crate::domain::overslept::is_overslept;
use crate::domain::{Failure, Intent, OpId, Phrase, Timestamp};

use super::{Check, Resumes, Stage, What};

impl Check {
    /// The moment has come to go on: whether the history is to be asked first.
    pub fn looks_before_going_on(&mut self, now: Timestamp) -> bool {
        match &mut self.stage {
            Stage::Paused {
                until,
                resumes: resumes @ Resumes::ByItself,
                ..
            } if now >= *until => *resumes = Resumes::Looking,
            _ => return false,
        }
        !self.has_overslept(now)
    }

    /// The history has answered: what goes on, and after which operation it was asked for.
    pub fn looked(&mut self, now: Timestamp) -> Option<(Intent, Option<OpId>)> {
        match &self.stage {
            Stage::Paused {
                intent,
                resumes: Resumes::Looking,
                ..
            } => {
                let wanted = (Intent::clone(intent), self.last_operation);
                (!self.has_overslept(now)).then_some(wanted)
            }
            _ => None,
        }
    }

    /// Its moment is long past, so it does not go on.
    fn has_overslept(&mut self, now: Timestamp) -> bool {
        let late = matches!(self.stage, Stage::Paused { until, .. } if is_overslept(until, now));
        if late {
            self.give_up(Failure::overslept(), now);
        }
        late
    }

    /// Others have sent this meanwhile: it goes on by a yes.
    pub fn waits_for_a_yes(&mut self, odd: Phrase) {
        if let Stage::Paused { resumes, .. } = &mut self.stage {
            *resumes = Resumes::OnYes(odd);
        }
    }

    /// What was sent meanwhile, where it waits for a yes because of that.
    pub fn overtaken(&self) -> Option<&Phrase> {
        match &self.stage {
            Stage::Paused {
                resumes: Resumes::OnYes(odd),
                ..
            } => Some(odd),
            _ => None,
        }
    }

    /// What goes on by a yes.
    pub fn paused(&self) -> Option<&Intent> {
        match &self.stage {
            Stage::Paused { intent, .. } => Some(intent),
            _ => None,
        }
    }

    /// The agent does not want it to go on, or it cannot.
    pub fn wait_no_longer(&mut self, now: Timestamp) {
        if let Stage::Paused { failure, .. } = &self.stage {
            self.give_up(failure.clone(), now);
        }
    }

    fn give_up(&mut self, why: Failure, now: Timestamp) {
        let what = match self.paused() {
            Some(Intent::VerifyCancel { .. }) => What::Stop,
            _ => What::Send,
        };
        self.not_begun(what, why, now);
    }
}
