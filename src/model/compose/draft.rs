//! The draft: what stands in the fields and was not sent, kept on disk while it is written.
//!
//! After each event the fields are compared with what was kept last, so that no way of changing them can
//! be forgotten. A change is kept when typing rests, and at once where the agent leaves the pane or the
//! desk. What has left as a text goes; what could not be written down stays.

use jiff::SignedDuration;

use crate::domain::{Draft, PhoneNumber, Phrase, Timestamp, Untrusted, phrase};
use crate::keymap::Action;

use super::super::effect::Effect;
use super::super::{Model, Pane};
use super::{Compose, Stage, Written, later};

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
        self.fill(&draft, default_country);
        if self.number().is_some() && !self.body.is_empty() {
            self.stage = Stage::Body;
        }
        if self.number().is_none() && !draft.is_empty() {
            self.written = Written::ForSomebody;
        }
        self.drafting.found = Some(draft.updated_at);
        self.drafting.kept = Some(draft);
    }

    /// Remembers for whom a text is, from its first letter on: a number that is changed later is asked about.
    pub(in crate::model) fn note_for_whom(&mut self) {
        if self.body.is_empty() && self.ticket.is_empty() {
            self.written = Written::Nothing;
        } else if self.written == Written::Nothing
            && self.stage != Stage::To
            && let Some(number) = self.number().cloned()
        {
            self.written = Written::For(number);
        }
    }

    /// The other number that the text was written for, masked, or that it is not known which.
    pub(in crate::model) fn written_for_another(&self, number: &PhoneNumber) -> Option<Phrase> {
        let ticket = self.ticket.text().trim();
        match &self.written {
            Written::For(other) if other != number && ticket.is_empty() => Some(phrase!(
                "This text was written for another number: {to}. Send it to this one all the same?",
                to = other.masked()
            )),
            Written::For(other) if other != number => Some(phrase!(
                "This text and ticket {ticket} are of another number: {to}. Send it to this one all the same?",
                ticket = ticket,
                to = other.masked()
            )),
            Written::ForSomebody => Some(phrase!(
                "This text was begun for another customer. Send it to this number all the same?"
            )),
            _ => None,
        }
    }

    /// Empties all fields, or puts back what was thrown away last; whether anything was thrown away.
    pub(in crate::model) fn throw_away(&mut self, default_country: &str, now: Timestamp) -> bool {
        let draft = self.draft(now);
        if !draft.is_empty() {
            self.next();
            self.thrown_away = Some(draft);
            return true;
        }
        if let Some(draft) = self.thrown_away.take() {
            self.fill(&draft, default_country);
            if self.number().is_some() {
                self.stage = Stage::Body;
            } else {
                self.written = Written::ForSomebody;
            }
        }
        false
    }

    fn fill(&mut self, draft: &Draft, default_country: &str) {
        self.to.set(draft.to.raw());
        self.to_edited(default_country);
        self.ticket.set(draft.ticket.raw());
        self.put_back(draft.body.raw());
        self.send_at = draft.send_at;
    }

    fn draft(&self, now: Timestamp) -> Draft {
        Draft {
            to: Untrusted::new(self.to.text()),
            body: Untrusted::new(self.body.text()),
            ticket: Untrusted::new(self.ticket.text()),
            send_at: self.send_at,
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
        let missed = draft
            .send_at
            .is_some_and(|at| !later::is_still_taken(at, self.now));
        self.compose.restore(draft, &country);
        if missed {
            self.compose.send_at = None;
            return self.notify(phrase!(
                "A text that was not sent is still there: F6 shows it. The time that was chosen for it has passed."
            ));
        }
        self.notify(still_there());
    }

    /// The fields are emptied, or filled with what was thrown away last.
    pub(in crate::model) fn throw_draft_away(&mut self) {
        let country = self.setting.default_country.clone();
        let place = self.compose.place();
        let thrown = self.compose.throw_away(&country, self.now);
        match self.setting.keymap.chord(place, Action::ThrowAway) {
            Some(key) if thrown => self.notify(phrase!(
                "The draft is thrown away. {key} puts it back.",
                key = key.to_string()
            )),
            _ if thrown => {}
            // Nothing that is said of it any more is true.
            _ => self.notice = None,
        }
    }

    /// Whether the draft changed, and what is to be done about it. Before anything else in the list, so
    /// that it is kept before the desk ends.
    pub(in crate::model) fn keep_draft(&mut self, effects: &mut Vec<Effect>) {
        if self.pane == Pane::Message {
            // It is on the screen.
            self.notice.take_if(|notice| notice.text == still_there());
        }
        self.compose.note_for_whom();
        if self.compose.draft(self.now).is_empty() {
            // A time is of a text.
            self.compose.send_at = None;
        }
        let draft = match &self.compose.stage {
            // It is on its way to the disk as an operation; if it does not get there, it is a draft still.
            Stage::Out { op, .. } if self.history.row(*op).is_none() => return,
            Stage::Out { .. } => Draft::empty(self.now),
            _ => self.compose.draft(self.now),
        };
        let drafting = &mut self.compose.drafting;
        let same = match &drafting.kept {
            Some(kept) => kept.is_as(&draft),
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
            effects.insert(0, Effect::SaveDraft(draft.without_secrets()));
        }
    }
}

/// Said of a text that the desk was left with.
fn still_there() -> Phrase {
    phrase!("A text that was not sent is still there: F6 shows it.")
}
