//! The draft: what stands in the fields and was not sent, kept on disk while it is written.
//!
//! After each event the fields are compared with what was kept last, so that no way of changing them can
//! be forgotten. A change is kept when typing rests, and at once where the agent leaves the pane or the
//! desk. What has left as a text goes; what could not be written down stays.

use jiff::SignedDuration;

use crate::domain::{Draft, Timestamp, Untrusted, phrase};

use super::super::effect::Effect;
use super::super::{Model, Pane};
use super::{Compose, Stage};

/// Typing rests after this long.
const REST: SignedDuration = SignedDuration::from_millis(700);

/// What was kept, and what is to be.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drafting {
    kept: Option<Draft>,
    due: Option<Timestamp>,
    /// When the draft was written that an earlier run left.
    pub found: Option<Timestamp>,
}

impl Drafting {
    /// When the draft is to be kept.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.due
    }
}

impl Compose {
    /// The fields as an earlier run left them.
    pub(in crate::model) fn restore(&mut self, draft: Draft, default_country: &str) {
        self.to.set(draft.to.raw());
        self.to_edited(default_country);
        self.ticket.set(draft.ticket.raw());
        self.put_back(draft.body.raw());
        if self.number().is_some() && !self.body.is_empty() {
            self.stage = Stage::Body;
        }
        self.drafting.found = Some(draft.updated_at);
        self.drafting.kept = Some(draft);
    }

    fn draft(&self, now: Timestamp) -> Draft {
        Draft {
            to: Untrusted::new(self.to.text()),
            body: Untrusted::new(self.body.text()),
            ticket: Untrusted::new(self.ticket.text()),
            updated_at: now,
        }
    }
}

impl Model {
    /// The draft that an earlier run left is in its fields again.
    pub(in crate::model) fn draft_found(&mut self, draft: Draft) {
        if draft.is_empty() {
            return;
        }
        let country = self.setting.default_country.clone();
        self.compose.restore(draft, &country);
        self.notify(phrase!(
            "A text that was not sent is still there: F6 shows it."
        ));
    }

    /// Whether the draft changed, and what is to be done about it. Before anything else in the list, so
    /// that it is kept before the desk ends.
    pub(in crate::model) fn keep_draft(&mut self, effects: &mut Vec<Effect>) {
        let draft = match &self.compose.stage {
            // It is on its way to the disk as an operation; if it does not get there, it is a draft still.
            Stage::Out { op, .. } if self.history.row(*op).is_none() => return,
            Stage::Out { .. } => Draft {
                to: Untrusted::default(),
                body: Untrusted::default(),
                ticket: Untrusted::default(),
                updated_at: self.now,
            },
            _ => self.compose.draft(self.now),
        };
        let drafting = &mut self.compose.drafting;
        let same = match &drafting.kept {
            Some(kept) => {
                kept.to == draft.to && kept.body == draft.body && kept.ticket == draft.ticket
            }
            None => draft.is_empty(),
        };
        if same {
            drafting.due = None;
            return;
        }
        let leaves = self.pane != Pane::Message || effects.contains(&Effect::Quit);
        let due = *drafting.due.get_or_insert(self.now + REST);
        if leaves || draft.is_empty() || self.now >= due {
            drafting.due = None;
            drafting.found = None;
            drafting.kept = Some(draft.clone());
            effects.insert(0, Effect::SaveDraft(draft));
        }
    }
}
