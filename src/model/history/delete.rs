//! Deleting an entry of the history, on a yes: whole, and only where nothing of it is open any more.

use crate::domain::{Failure, HistoryRow, OpId, OpState, Phrase, phrase};

use super::super::Model;
use super::super::effect::Effect;

impl Model {
    /// The operations of the marked entry; or why they may not be deleted now.
    pub(in super::super) fn may_delete_marked(&self) -> Result<Vec<OpId>, Phrase> {
        let rows: Vec<&HistoryRow> = self.history.shown().entry(self.history.selected).collect();
        if let Some(why) = self.kept_by_lead(&rows) {
            return Err(why);
        }
        let is_lost = rows.iter().any(|row| {
            row.operation.intent.is_unreadable() && matches!(row.state, OpState::Unknown(_))
        });
        let given_up =
            |row: &&HistoryRow| self.is_beyond_reach(row) && row.may_be_given_up(self.now);
        let may_go = |row: &&HistoryRow| row.is_settled_among(&rows, self.now) || given_up(row);
        if rows.iter().all(may_go) {
            return Ok(rows.iter().map(|row| row.operation.id).collect());
        }
        Err(match self.marked_elsewhere() {
            Some(whose) => phrase!(
                "It is not known yet what came of it. It can be deleted after ten minutes. {whose}",
                whose = whose
            ),
            None if is_lost => {
                phrase!("It is not known yet what came of it. It can be deleted after ten minutes.")
            }
            None => phrase!(
                "This is not finished yet. It can be deleted once it is known what came of it."
            ),
        })
    }

    pub(super) fn ask_deletion(&mut self) {
        let ops = match self.may_delete_marked() {
            Ok(ops) if ops.is_empty() => return,
            Ok(ops) => ops,
            Err(why) => return self.notify(why),
        };
        self.history.deleting = Some(ops);
        if let Some(whose) = self.marked_elsewhere() {
            self.notify(phrase!(
                "It is not known what came of it, and whoever deletes it never learns. {whose}",
                whose = whose
            ));
        }
    }

    /// Why the lead wants some of these to stay.
    fn kept_by_lead(&self, rows: &[&HistoryRow]) -> Option<Phrase> {
        let day = self.day_of_counts();
        rows.iter()
            .find_map(|row| self.policy.deleting_of(row, day).err())
    }

    pub(super) fn answer_deletion(&mut self, yes: bool) -> Vec<Effect> {
        match self.history.deleting.take() {
            Some(ops) if yes => {
                let rows: Vec<&HistoryRow> =
                    ops.iter().filter_map(|op| self.history.row(*op)).collect();
                // The lead may have changed the rules since it was asked about.
                if let Some(why) = self.kept_by_lead(&rows) {
                    self.notify(why);
                    return Vec::new();
                }
                let beyond_reach = |op: &OpId| {
                    let row = self.history.row(*op);
                    row.is_some_and(|row| self.is_beyond_reach(row))
                };
                let given_up = ops.iter().any(beyond_reach);
                vec![Effect::Delete { ops, given_up }]
            }
            _ => Vec::new(),
        }
    }

    /// Entries are gone from the history, or could not be removed.
    pub(in super::super) fn deleted(&mut self, result: Result<Vec<OpId>, Failure>) {
        match result {
            Ok(ops) => {
                self.history.remove(|row| ops.contains(&row.operation.id));
                self.follow.forget(&ops);
                self.notify(if ops.is_empty() {
                    phrase!("This is not finished yet, so it was not deleted.")
                } else {
                    phrase!("Deleted from the history of this computer. Twilio keeps its own.")
                });
            }
            Err(failure) => self.notify(failure.phrase()),
        }
    }
}
