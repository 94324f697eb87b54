//! The history pane: what was done, newest first, and what is known of each.
//!
//! Rows come from the store and from the operations of this run. A verification is one entry, whatever
//! the number of operations that it took; a text is one, too.

use jiff::SignedDuration;

use crate::domain::sid::VerificationSid;
use crate::domain::tally::{Today, Weather};
use crate::domain::{
    HistoryRow, Intent, LookBack, OpId, OpState, Page, Recipient, Settled, Tally, Timestamp,
};
use crate::keymap::Place;

/// How long a number is shown in full.
const REVEALED: SignedDuration = SignedDuration::from_secs(10);
/// Codes expire and hours pass: numbers that are older are counted anew when something happens.
const COUNTED_ANEW: SignedDuration = SignedDuration::from_secs(60);

/// The pane.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    rows: Vec<HistoryRow>,
    entries: Vec<Entry>,
    more: bool,
    loading: bool,
    /// The entry that is marked.
    pub selected: usize,
    /// One entry fills the pane.
    pub detail: bool,
    /// Until when numbers are shown in full.
    pub revealed_until: Option<Timestamp>,
    /// Today and the last hour in numbers, once they were counted.
    pub tally: Option<Tally>,
    count: Count,
    /// What is known of the person that was looked up last.
    pub look_back: Option<LookBack>,
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

/// One line of the list: the rows that belong together, newest first, as places in `rows`.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    rows: Vec<usize>,
}

impl History {
    /// The newest page.
    pub fn open(&mut self, page: Page) {
        self.count = Count::Due;
        self.rows = page.rows;
        self.more = page.more;
        self.group();
    }

    /// An older page.
    pub fn append(&mut self, page: Page) {
        self.loading = false;
        self.rows.extend(page.rows);
        self.more = page.more;
        self.group();
    }

    /// It could not be read; it may be tried again.
    pub fn append_failed(&mut self) {
        self.loading = false;
    }

    /// A row is new, or has changed.
    pub fn upsert(&mut self, row: HistoryRow) {
        if matches!(self.count, Count::Done { .. }) {
            self.count = Count::Due;
        }
        match self.rows.binary_search_by(|known| row.row.cmp(&known.row)) {
            Ok(at) => self.rows[at] = row,
            // Older than all that was read: it is on a page that will be read when it is needed.
            Err(at) if at == self.rows.len() && self.more => return,
            Err(at) => self.rows.insert(at, row),
        }
        self.group();
    }

    /// What was done since midnight, where that was counted today.
    pub fn today(&self, midnight: Timestamp) -> Option<&Today> {
        let tally = self.tally.as_ref()?;
        (tally.at >= midnight).then_some(&tally.today)
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

    /// How many entries are known.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Nothing was done yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// There are older entries than those that were read.
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// The rows of an entry, newest first.
    pub fn entry(&self, at: usize) -> impl DoubleEndedIterator<Item = &HistoryRow> {
        self.entries
            .get(at)
            .into_iter()
            .flat_map(|entry| entry.rows.iter().map(|&row| &self.rows[row]))
    }

    /// The row of an operation, where it was read.
    pub fn row(&self, op: OpId) -> Option<&HistoryRow> {
        self.rows.iter().find(|row| row.operation.id == op)
    }

    /// All rows that were read, newest first.
    pub fn rows(&self) -> &[HistoryRow] {
        &self.rows
    }

    /// Where the agent's attention is on this pane.
    pub fn place(&self) -> Place {
        if self.detail {
            Place::Detail
        } else {
            Place::History
        }
    }

    /// Moves the mark. Answers with the oldest row where older ones are needed.
    pub fn select(&mut self, at: usize) -> Option<i64> {
        self.selected = at.min(self.entries.len().saturating_sub(1));
        let near_the_end = self.selected + 20 >= self.entries.len();
        if near_the_end && self.more && !self.loading {
            self.loading = true;
            return self.rows.last().map(|row| row.row);
        }
        None
    }

    /// Shows numbers in full for a while.
    pub fn reveal(&mut self, now: Timestamp) {
        self.revealed_until = Some(now + REVEALED);
    }

    /// Time went on.
    pub fn woke(&mut self, now: Timestamp) {
        self.revealed_until = self.revealed_until.filter(|&until| now < until);
    }

    fn group(&mut self) {
        let marked = self
            .entries
            .get(self.selected)
            .and_then(|entry| entry.rows.last())
            .and_then(|&at| self.rows.get(at))
            .map(|row| row.operation.id);
        let mut entries: Vec<Entry> = Vec::new();
        let mut of_verification: std::collections::BTreeMap<&VerificationSid, usize> =
            std::collections::BTreeMap::new();
        for (at, row) in self.rows.iter().enumerate() {
            let sid = verification(row);
            if let Some(&entry) = sid.and_then(|sid| of_verification.get(sid)) {
                entries[entry].rows.push(at);
                continue;
            }
            if let Some(sid) = sid {
                of_verification.insert(sid, entries.len());
            }
            entries.push(Entry { rows: vec![at] });
        }
        self.entries = entries;
        if self.selected > 0
            && let Some(marked) = marked
        {
            let same = |entry: &Entry| {
                entry
                    .rows
                    .iter()
                    .any(|&at| self.rows[at].operation.id == marked)
            };
            self.selected = self.entries.iter().position(same).unwrap_or(self.selected);
        }
        self.selected = self.selected.min(self.entries.len().saturating_sub(1));
    }
}

/// The verification that a row belongs to.
fn verification(row: &HistoryRow) -> Option<&VerificationSid> {
    if let OpState::Settled(Settled::Verification { sid, .. }) = &row.state {
        return Some(sid);
    }
    match &row.operation.intent {
        Intent::VerifyCheck {
            key: crate::domain::VerificationKey::Sid(sid),
            ..
        }
        | Intent::VerifyCancel {
            key: crate::domain::VerificationKey::Sid(sid),
            ..
        } => Some(sid),
        _ => None,
    }
}
