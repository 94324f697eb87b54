//! The history as it is read: rows, newest first, in pages.

use super::Timestamp;
use super::operation::{OpState, Operation};
use super::verification::Recipient;

/// One operation in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// Its place: later rows have larger ones. Pages are cut by it.
    pub row: i64,
    /// What was asked for.
    pub operation: Operation,
    /// What has become of it.
    pub state: OpState,
    /// When its state last changed.
    pub updated_at: Timestamp,
}

/// A page of the history, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<HistoryRow>,
    /// There are older ones.
    pub more: bool,
}

/// What the history holds about one person: what the panes show before they act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookBack {
    /// Whom.
    pub to: Recipient,
    /// The newest texts, newest first, whatever became of them.
    pub texts: Vec<HistoryRow>,
    /// The newest verification, its rows newest first.
    pub check: Vec<HistoryRow>,
    /// The newest approved verification of the ticket that was asked about, its rows newest first.
    pub of_ticket: Vec<HistoryRow>,
}
