//! What the history holds about the person on the verify pane, read as soon as it is known who that is:
//! by the time that Enter is pressed, the cautions know what other desks have done, too.

use jiff::SignedDuration;

use crate::domain::{HistoryRow, Intent, OpState, Recipient, Settled, Ticket};
use crate::model::check::Check;
use crate::model::effect::Effect;
use crate::model::{Model, Pane};

use super::Verify;

/// So long a message with a code is among those that a customer may open by mistake.
const LIES_ABOUT: SignedDuration = SignedDuration::from_hours(24);

/// A person, and the ticket.
pub(super) type Whom = (Recipient, Option<Ticket>);

impl Verify {
    /// What the history held about whoever is on the pane was put aside: it is asked again.
    pub(in crate::model) fn look_again(&mut self) {
        self.looked_back = None;
    }
}

impl Model {
    /// Asks the history about whoever is on the pane now, once.
    pub(in crate::model) fn look_back(&mut self) -> Option<Effect> {
        let whom = self.whom();
        if self.verify.looked_back == whom {
            return None;
        }
        self.verify.looked_back.clone_from(&whom);
        let (to, ticket) = whom?;
        Some(Effect::LookBack { to, ticket })
    }

    /// Another code than that of this check went to the same person not long ago: not every message is fine.
    pub fn has_older_code(&self, check: &Check) -> bool {
        let since = check.started_at - LIES_ABOUT;
        self.known_rows().any(|row| {
            let is_to = matches!(&row.operation.intent, Intent::VerifyStart(start) if start.to == check.to);
            let is_another = matches!(&row.state, OpState::Settled(Settled::Verification { sid, .. }) if Some(sid) != check.sid.as_ref());
            is_to && is_another && row.operation.at >= since
        })
    }

    fn whom(&self) -> Option<Whom> {
        // The message pane asks about its own recipient meanwhile.
        if self.pane != Pane::Verify || self.connection.is_none() {
            return None;
        }
        if let Some(check) = self.verify.check() {
            return Some((check.to.clone(), check.ticket.clone()));
        }
        let to = self.verify.reading.recipient()?;
        Some((to, Ticket::parse(self.verify.ticket.text()).ok()))
    }

    /// All rows that are known and may concern a person or a ticket: the pages that were read, and what was
    /// found by looking back.
    pub fn known_rows(&self) -> impl Iterator<Item = &HistoryRow> {
        let back = self.history.look_back.iter();
        self.history
            .rows()
            .iter()
            .chain(back.flat_map(|back| back.check.iter().chain(&back.out).chain(&back.of_ticket)))
    }
}
