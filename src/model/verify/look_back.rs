//! What the history holds about the person on the verify pane, read as soon as it is known who that is:
//! by the time that Enter is pressed, the cautions know what other desks have done, too.

use crate::domain::{HistoryRow, Recipient, Ticket};
use crate::model::effect::Effect;
use crate::model::{Model, Pane};

use super::Verify;

impl Verify {
    /// What the history held about whoever is on the pane was put aside: it is asked again.
    pub(in crate::model) fn look_again(&mut self) {
        self.looked_back = None;
    }
}

/// A person, and the ticket.
pub(super) type Whom = (Recipient, Option<Ticket>);

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
    pub(in crate::model) fn known_rows(&self) -> impl Iterator<Item = &HistoryRow> {
        let back = self.history.look_back.iter();
        self.history
            .rows()
            .iter()
            .chain(back.flat_map(|back| back.check.iter().chain(&back.out).chain(&back.of_ticket)))
    }
}
