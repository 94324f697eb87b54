//! The filter of the history: what is typed, and the entries that fit.
//!
//! The store searches, never the desk. One question is under way at a time; what was typed meanwhile is
//! asked when its answer has come, and that answer is dropped: what stands on the screen fits what was
//! typed last, or is about to.

use crate::domain::history_query::{HistoryQuery, Reader};
use crate::domain::record::Found;
use crate::domain::{Failure, Phrase};

use super::super::effect::Effect;
use super::super::field::Field;
use super::list::List;

/// How many entries are asked for at once.
const PAGE: usize = 100;

/// The filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What is typed.
    pub field: Field,
    /// It is being typed; else the keys are those of the list.
    pub typing: bool,
    /// Why it cannot be read.
    pub complaint: Option<Phrase>,
    /// How many entries fit, and how many there are; none before the first answer.
    pub counts: Option<(u32, u32)>,
    query: HistoryQuery,
    found: Option<List>,
    next: Option<i64>,
    stale: bool,
    asking: Option<u32>,
}

/// What an answer was to the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is old news.
    Dropped,
    /// The list is another one now.
    Renewed,
    /// It is longer.
    Longer,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            field: Field::line(),
            typing: true,
            complaint: None,
            counts: None,
            query: HistoryQuery::default(),
            found: None,
            next: None,
            stale: false,
            asking: None,
        }
    }
}

impl Filter {
    /// The entries that fit; none where all do.
    pub fn found(&self) -> Option<&List> {
        self.found.as_ref()
    }

    pub(super) fn found_mut(&mut self) -> Option<&mut List> {
        self.found.as_mut()
    }

    /// What is asked for.
    pub fn query(&self) -> &HistoryQuery {
        &self.query
    }

    /// The field changed; whether the list has to be another one.
    pub(super) fn edited(&mut self, reader: Reader) -> bool {
        match HistoryQuery::parse(self.field.text(), reader) {
            Ok(query) => {
                self.complaint = None;
                let changed = query != self.query;
                self.query = query;
                self.stale |= changed;
                if self.query.is_empty() {
                    self.found = None;
                    self.counts = None;
                }
                changed
            }
            Err(complaint) => {
                self.complaint = Some(complaint);
                false
            }
        }
    }

    /// The history has changed, and with it what fits.
    pub(super) fn outdated(&mut self) {
        self.stale = true;
    }

    /// What is to be asked now.
    pub(super) fn ask(&mut self, number: &mut u32) -> Option<Effect> {
        if !self.stale || self.asking.is_some() || self.query.is_empty() {
            return None;
        }
        self.stale = false;
        let known = self.found.as_ref().map_or(0, List::len);
        Some(self.question(number, None, PAGE.max(known)))
    }

    /// The page after those that were read.
    pub(super) fn ask_older(&mut self, number: &mut u32) -> Option<Effect> {
        if self.asking.is_some() {
            return None;
        }
        let next = self.next?;
        Some(self.question(number, Some(next), PAGE))
    }

    fn question(&mut self, number: &mut u32, before: Option<i64>, limit: usize) -> Effect {
        *number += 1;
        self.asking = Some(*number);
        Effect::Find {
            number: *number,
            query: self.query.clone(),
            before,
            limit,
        }
    }

    /// An answer has come.
    pub(super) fn answered(
        &mut self,
        number: u32,
        before: Option<i64>,
        result: Result<Found, Failure>,
        by_ticket: bool,
    ) -> Taken {
        if self.asking != Some(number) {
            return Taken::Dropped;
        }
        self.asking = None;
        if self.stale || self.query.is_empty() {
            return Taken::Dropped;
        }
        let found = match result {
            Ok(found) => found,
            Err(failure) => {
                self.complaint = Some(failure.phrase());
                return Taken::Dropped;
            }
        };
        self.counts = Some((found.matches, found.total));
        self.next = found.next;
        let list = self.found.get_or_insert_default();
        list.by_ticket = by_ticket;
        if before.is_some() {
            list.append(found.page);
            Taken::Longer
        } else {
            list.open(found.page);
            Taken::Renewed
        }
    }
}
