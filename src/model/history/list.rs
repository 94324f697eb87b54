//! A list of the history: rows, newest first, and the entries that they make.
//!
//! Rows come from the store page by page and from the operations of this run. A verification is one entry,
//! whatever the number of operations that it took; everything else is one by itself. The order is that of
//! the newest row of each entry, or by ticket: then the entries of one ticket stand together.

use std::collections::BTreeMap;

use crate::domain::sid::VerificationSid;
use crate::domain::{HistoryRow, Intent, OpId, OpState, Page, Settled, Ticket, VerificationKey};

/// The list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct List {
    rows: Vec<HistoryRow>,
    entries: Vec<Entry>,
    /// Where each line of the list is found among the entries.
    order: Vec<usize>,
    more: bool,
    pub(super) loading: bool,
    /// Entries of one ticket stand together.
    pub by_ticket: bool,
}

/// One line of the list: the rows that belong together, newest first, as places in `rows`.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    rows: Vec<usize>,
}

impl List {
    /// The newest page, in the place of what was there.
    pub fn open(&mut self, page: Page) {
        self.rows = page.rows;
        self.more = page.more;
        self.loading = false;
        self.group();
    }

    /// An older page.
    pub fn append(&mut self, page: Page) {
        self.loading = false;
        self.rows.extend(page.rows);
        // Rows of an entry may be older than the newest ones of the entries that follow it.
        self.rows.sort_by_key(|row| std::cmp::Reverse(row.row));
        self.rows.dedup_by_key(|row| row.row);
        self.more = page.more;
        self.group();
    }

    /// A row is new, or has changed.
    pub fn upsert(&mut self, row: HistoryRow) {
        match self.rows.binary_search_by(|known| row.row.cmp(&known.row)) {
            Ok(at) => self.rows[at] = row,
            // Older than all that was read: it is on a page that will be read when it is needed.
            Err(at) if at == self.rows.len() && self.more => return,
            Err(at) => self.rows.insert(at, row),
        }
        self.group();
    }

    /// Rows are gone from the history.
    pub fn remove(&mut self, gone: impl Fn(&HistoryRow) -> bool) {
        self.rows.retain(|row| !gone(row));
        self.group();
    }

    /// How many entries are known.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// There are older entries than those that were read.
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// The rows of an entry, newest first.
    pub fn entry(&self, at: usize) -> impl DoubleEndedIterator<Item = &HistoryRow> {
        self.in_time(self.order.get(at).copied().unwrap_or(usize::MAX))
    }

    /// The same by time alone, whatever the order of the list.
    pub fn in_time(&self, at: usize) -> impl DoubleEndedIterator<Item = &HistoryRow> {
        self.entries
            .get(at)
            .into_iter()
            .flat_map(|entry| entry.rows.iter().map(|&row| &self.rows[row]))
    }

    /// The ticket of an entry: a check keeps that of its first code.
    pub fn ticket(&self, at: usize) -> Option<&Ticket> {
        self.entry(at)
            .rev()
            .find_map(|row| row.operation.ticket.as_ref())
    }

    /// Something belongs to a ticket.
    pub fn any_ticket(&self) -> bool {
        self.rows.iter().any(|row| row.operation.ticket.is_some())
    }

    /// The row of an operation, where it was read.
    pub fn row(&self, op: OpId) -> Option<&HistoryRow> {
        self.rows.iter().find(|row| row.operation.id == op)
    }

    /// All rows that were read, newest first.
    pub fn rows(&self) -> &[HistoryRow] {
        &self.rows
    }

    /// Where the entry of an operation stands.
    pub fn position(&self, op: OpId) -> Option<usize> {
        (0..self.len()).find(|&at| self.entry(at).any(|row| row.operation.id == op))
    }

    /// Puts entries of one ticket together, or takes them apart again.
    pub fn order(&mut self, by_ticket: bool) {
        self.by_ticket = by_ticket;
        self.group();
    }

    fn group(&mut self) {
        let mut entries: Vec<Entry> = Vec::new();
        let mut of_verification: BTreeMap<&VerificationSid, usize> = BTreeMap::new();
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
        self.order = (0..entries.len()).collect();
        self.entries = entries;
        if self.by_ticket {
            let mut first: BTreeMap<&Ticket, usize> = BTreeMap::new();
            let places: Vec<usize> = (0..self.entries.len())
                .map(|at| match self.ticket(at) {
                    Some(ticket) => *first.entry(ticket).or_insert(at),
                    // What has no ticket stands after all that has one.
                    None => usize::MAX,
                })
                .collect();
            self.order.sort_by_key(|&at| places[at]);
        }
    }
}

/// The verification that a row belongs to.
fn verification(row: &HistoryRow) -> Option<&VerificationSid> {
    // What cannot be read proves nothing of another one's check.
    if row.operation.intent.is_unreadable() {
        return None;
    }
    if let OpState::Settled(Settled::Verification { sid, .. }) = &row.state {
        return Some(sid);
    }
    match &row.operation.intent {
        Intent::VerifyCheck {
            key: VerificationKey::Sid(sid),
            ..
        }
        | Intent::VerifyCancel {
            key: VerificationKey::Sid(sid),
            ..
        } => Some(sid),
        _ => None,
    }
}
