//! The history pane: what was done, newest first, and what is known of each.
//!
//! All rows that were read are kept in one [`List`], which other panes look into as well; a [`Filter`] has a
//! list of its own, which the store finds. What the pane does with its keys is in `act`.

mod act;
mod again;
mod delete;
pub mod filter;
pub mod list;

use jiff::SignedDuration;

use crate::domain::FailureKind;
use crate::domain::message::may_be_one;
use crate::domain::tally::{Today, Weather};
use crate::domain::{
    HistoryRow, Intent, LookBack, OpId, OpState, Page, Phrase, Recipient, Tally, Timestamp,
};
use crate::keymap::Place;

use super::field::Field;
use filter::Filter;
use list::List;

/// How long a number is shown in full.
const REVEALED: SignedDuration = SignedDuration::from_secs(10);
/// Codes expire and hours pass: numbers that are older are counted anew when something happens.
const COUNTED_ANEW: SignedDuration = SignedDuration::from_secs(60);

/// The pane.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    all: List,
    /// What the list is filtered by, while it is.
    pub filter: Option<Filter>,
    questions: u32,
    /// The day on which what is too old was last deleted.
    forgot_on: Option<Timestamp>,
    /// The entry that shall be deleted, once somebody says yes.
    pub deleting: Option<Vec<OpId>>,
    /// The entry that is marked.
    pub selected: usize,
    /// One entry fills the pane.
    pub detail: bool,
    /// The entry whose number is shown in full.
    revealed: Option<Revealed>,
    /// Today and the last hour in numbers, once they were counted.
    pub tally: Option<Tally>,
    count: Count,
    /// What is known of the person that was looked up last.
    pub look_back: Option<LookBack>,
}

/// A number that is shown in full: that of one operation, wherever its entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Revealed {
    op: OpId,
    until: Timestamp,
}

/// When today is counted next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Count {
    /// The history is not open yet.
    #[default]
    Closed,
    /// Something has changed since it was counted.
    Due,
    /// It is being counted.
    Asked,
    /// It was counted, or could not be, at this moment of this day.
    Done { at: Timestamp, midnight: Timestamp },
}

impl History {
    /// The newest page.
    pub fn open(&mut self, page: Page) {
        self.count = Count::Due;
        self.all.open(page);
    }

    /// Another account is connected: what was counted is that of the one before.
    pub(super) fn recount(&mut self) {
        if self.is_open() {
            self.count = Count::Due;
            self.tally = None;
        }
    }

    /// An older page.
    pub fn append(&mut self, page: Page) {
        self.keep_mark(|history| history.all.append(page));
    }

    /// It could not be read; it may be tried again.
    pub fn append_failed(&mut self) {
        self.all.loading = false;
    }

    /// A row is new, or has changed.
    pub fn upsert(&mut self, row: HistoryRow) {
        if matches!(self.count, Count::Done { .. }) {
            self.count = Count::Due;
        }
        self.keep_mark(|history| {
            if let Some(filter) = &mut history.filter {
                filter.outdated();
                if let Some(found) = filter.found_mut()
                    && found.row(row.operation.id).is_some()
                {
                    found.upsert(row.clone());
                }
            }
            history.all.upsert(row);
        });
    }

    /// Rows are gone.
    pub(super) fn remove(&mut self, gone: impl Fn(&HistoryRow) -> bool) {
        self.count = Count::Due;
        if let Some(back) = &mut self.look_back {
            back.to_nobody_knows.retain(|row| !gone(row));
        }
        self.keep_mark(|history| {
            if let Some(filter) = &mut history.filter {
                filter.outdated();
                if let Some(found) = filter.found_mut() {
                    found.remove(&gone);
                }
            }
            history.all.remove(&gone);
        });
    }

    /// Whatever is done to the lists, the mark stays on its entry; on the newest one it stays the newest.
    fn keep_mark(&mut self, change: impl FnOnce(&mut Self)) {
        let marked = self.marked().map(|row| row.operation.id);
        change(self);
        if self.selected > 0
            && let Some(at) = marked.and_then(|marked| self.shown().position(marked))
        {
            self.selected = at;
        }
        let last = self.shown().len().saturating_sub(1);
        self.selected = self.selected.min(last);
        if self.shown().is_empty() {
            self.detail = false;
        }
    }

    /// What the pane shows: the entries that fit the filter, or all.
    pub fn shown(&self) -> &List {
        let found = self.filter.as_ref().and_then(Filter::found);
        found.unwrap_or(&self.all)
    }

    /// All that was read.
    pub fn all(&self) -> &List {
        &self.all
    }

    /// The newest row of the marked entry.
    pub fn marked(&self) -> Option<&HistoryRow> {
        self.shown().entry(self.selected).next()
    }

    /// How many entries are known.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Nothing was done yet.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The rows of an entry, newest first, whatever is filtered and however the list is ordered.
    pub fn entry(&self, at: usize) -> impl DoubleEndedIterator<Item = &HistoryRow> {
        self.all.in_time(at)
    }

    /// The row of an operation, where it was read.
    pub fn row(&self, op: OpId) -> Option<&HistoryRow> {
        let found = self.filter.as_ref().and_then(Filter::found);
        self.all
            .row(op)
            .or_else(|| found.and_then(|found| found.row(op)))
    }

    /// All rows that were read, newest first.
    pub fn rows(&self) -> &[HistoryRow] {
        self.all.rows()
    }

    /// The marked entry is a text that may be sent once more: nobody knows whether it went out, or it is
    /// known that it did not.
    pub fn may_be_sent_again(&self) -> bool {
        self.marked().is_some_and(|row| {
            let lost = match &row.state {
                OpState::Unknown(_) => true,
                OpState::NotSent(failure) => {
                    matches!(failure.kind, FailureKind::NoTrace | FailureKind::NotSent)
                }
                _ => false,
            };
            lost && matches!(row.operation.intent, Intent::Text(_)) && !self.is_repeated(row)
        })
    }

    /// The same text was begun anew since, and may have left: this one does not go once more.
    pub fn is_repeated(&self, row: &HistoryRow) -> bool {
        let Intent::Text(text) = &row.operation.intent else {
            return false;
        };
        let is_same = |other: &Intent| {
            matches!(other, Intent::Text(other)
                if other.to == text.to && may_be_one(other.body.raw(), text.body.raw()))
        };
        self.rows().iter().any(|other| {
            other.row > row.row
                && !matches!(other.state, OpState::NotSent(_) | OpState::Refused(_))
                && is_same(&other.operation.intent)
        })
    }

    /// Where the agent's attention is on this pane.
    pub fn place(&self) -> Place {
        match &self.filter {
            _ if self.deleting.is_some() => Place::DeleteQuestion,
            _ if self.detail && self.may_be_sent_again() => Place::DetailUnknown,
            _ if self.detail => Place::Detail,
            Some(filter) if filter.typing => Place::Filter,
            _ => Place::History,
        }
    }

    /// The field of the filter, while it takes what is typed.
    pub(super) fn line(&mut self) -> Option<&mut Field> {
        let filter = self.filter.as_mut();
        let filter = filter.filter(|filter| filter.typing && !self.detail);
        filter.map(|filter| &mut filter.field)
    }

    /// Why the filter shows nothing, or shows what it did before.
    pub fn complaint(&self) -> Option<&Phrase> {
        self.filter.as_ref()?.complaint.as_ref()
    }

    /// What was done since midnight, where that was counted today.
    pub fn today(&self, midnight: Timestamp) -> Option<&Today> {
        let tally = self.tally.as_ref()?;
        (tally.at >= midnight).then_some(&tally.today)
    }

    /// It has been read.
    pub(super) fn is_open(&self) -> bool {
        self.count != Count::Closed
    }

    /// How codes arrived in the last hour, by carrier and way.
    pub fn weather(&self) -> &[Weather] {
        self.tally.as_ref().map_or(&[], |tally| &tally.weather)
    }

    /// What is known of a person, where that was looked up last.
    pub fn known_of(&self, to: &Recipient) -> Option<&LookBack> {
        self.look_back.as_ref().filter(|back| back.to == *to)
    }

    /// Whether today is to be counted in this moment. It is never a reason to wake up.
    pub(super) fn wants_count(&mut self, now: Timestamp, midnight: Timestamp) -> bool {
        let wanted = match self.count {
            Count::Closed | Count::Asked => false,
            Count::Due => true,
            Count::Done { at, midnight: day } => {
                day != midnight || now.duration_since(at) >= COUNTED_ANEW
            }
        };
        if wanted {
            self.count = Count::Asked;
        }
        wanted
    }

    /// It was counted, or could not be.
    pub(super) fn counted(&mut self, tally: Option<Tally>, now: Timestamp, midnight: Timestamp) {
        self.count = Count::Done { at: now, midnight };
        self.tally = tally.or(self.tally.take());
    }

    /// Whether the entry at this place of the list shows its number in full: the one that was asked for, while
    /// it is marked.
    pub fn is_revealed(&self, at: usize) -> bool {
        let shows = |revealed: Revealed| {
            let mut entry = self.shown().entry(at);
            at == self.selected && entry.any(|row| row.operation.id == revealed.op)
        };
        self.revealed.is_some_and(shows)
    }

    /// Until when a number is shown in full.
    pub fn revealed_until(&self) -> Option<Timestamp> {
        Some(self.revealed?.until)
    }

    /// Shows the number of the marked entry in full for a while, or hides it again.
    pub fn reveal(&mut self, now: Timestamp) {
        let marked = self.marked().map(|row| row.operation.id);
        self.revealed = match (self.revealed, marked) {
            (None, Some(op)) => Some(Revealed {
                op,
                until: now + REVEALED,
            }),
            _ => None,
        };
    }

    /// No number is shown in full any more: it was asked for where it stood, and not elsewhere.
    pub fn conceal(&mut self) {
        self.revealed = None;
    }

    /// Whatever an event did to the list: where another entry is marked now, no number is shown in full.
    pub(super) fn conceal_unmarked(&mut self) {
        if !self.is_revealed(self.selected) {
            self.conceal();
        }
    }

    /// What may be kept is another thing now: what may not goes with the next thing that happens.
    pub(super) fn forget_anew(&mut self) {
        self.forgot_on = None;
    }

    /// What was looked for, and what was found of a person, goes; the rows go when the store has deleted them.
    pub(super) fn forget(&mut self) {
        self.conceal();
        self.filter = None;
        self.deleting = None;
        self.detail = false;
        self.selected = 0;
        self.look_back = None;
    }

    /// Time went on.
    pub fn woke(&mut self, now: Timestamp) {
        self.revealed = self.revealed.filter(|revealed| now < revealed.until);
    }
}
