//! What is not known and cannot be looked up here: it was asked for under another account, or in another
//! region, than the one that is connected.
//!
//! Nobody searches for it, so nothing is promised of it: it is said whose it is. It goes on where that one is
//! connected. Where that will never be, a person may say yes to sending it once more from another region of the
//! same account, which cannot be taken for a search that is still under way; under another account the same text is
//! written anew, and asked about.

use crate::domain::message::may_be_one;
use crate::domain::{HistoryRow, Intent, OpId, OpState, PhoneNumber, Phrase, phrase};

use super::Model;

impl Model {
    /// Whose a lost operation is that cannot be looked up here.
    pub fn elsewhere(&self, row: &HistoryRow) -> Option<Phrase> {
        let is_lost =
            matches!(row.state, OpState::Unknown(_)) && row.operation.intent.leaves_trace();
        (is_lost && self.connection.is_some() && !self.operations.is_ours(&row.operation))
            .then(|| row.operation.belongs())
    }

    /// Nobody looks it up from here, or whoever does may never find it: a person may give it up.
    pub(super) fn is_beyond_reach(&self, row: &HistoryRow) -> bool {
        self.elsewhere(row).is_some() || row.operation.intent.is_unreadable()
    }

    /// The same by its name.
    pub fn elsewhere_by_name(&self, op: OpId) -> Option<Phrase> {
        self.elsewhere(self.history.row(op)?)
    }

    /// The marked entry of the history holds such a one.
    pub(super) fn marked_elsewhere(&self) -> Option<Phrase> {
        let mut rows = self.history.shown().entry(self.history.selected);
        rows.find_map(|row| self.elsewhere(row))
    }

    /// The text under review may have gone out already, from elsewhere, and nothing of its kind since. One of
    /// our own that is lost is looked up first.
    pub(super) fn lost_elsewhere(&self) -> Option<&HistoryRow> {
        let mut same = self.like_this(self.compose.number()?);
        let newest = same.next().filter(|row| self.elsewhere(row).is_some())?;
        let is_open =
            |row: &HistoryRow| matches!(row.state, OpState::Intended | OpState::Unknown(_));
        same.all(|row| !is_open(row) || self.elsewhere(row).is_some())
            .then_some(newest)
    }

    /// Texts to a number that may have gone out, and that a look at Twilio could take for the one under review.
    pub(super) fn like_this<'a>(
        &'a self,
        number: &'a PhoneNumber,
    ) -> impl Iterator<Item = &'a HistoryRow> {
        let body = self.compose.body.text();
        self.texts_to(number).filter(move |row| {
            let may_be_out = !matches!(row.state, OpState::NotSent(_) | OpState::Refused(_));
            may_be_out
                && matches!(&row.operation.intent, Intent::Text(text) if may_be_one(text.body.raw(), body))
        })
    }

    /// What a person is asked before the text goes out beside it.
    pub(super) fn asks_about_elsewhere(&self, row: &HistoryRow) -> Option<Phrase> {
        Some(phrase!(
            "This same text may have gone to this number already. {whose} Send it all the same?",
            whose = self.elsewhere(row)?
        ))
    }
}
