//! Reading: each question is one statement that an index answers; pages are cut by key, never counted off.

use rusqlite::{Connection, OptionalExtension, Params};

use super::codec;
use super::error::StoreError;
use super::{History, Store};
use crate::domain::history_query::HistoryQuery;
use crate::domain::record::Found;
use crate::domain::remains::UNREADABLE;
use crate::domain::sid::AccountSid;
use crate::domain::{
    HistoryRow, LookBack, OpId, Page, PhoneNumber, Recipient, Tally, Ticket, Timestamp,
    VerificationKey,
};

const BY_ID: &str = "WHERE session = ?1 AND seq = ?2";
const BEFORE: &str = "WHERE row < ?1 ORDER BY row DESC LIMIT ?2";
// Without its name, the planner may walk all texts to a number in search of the unsettled ones.
const UNKNOWN: &str = "INDEXED BY operations_unsettled
    WHERE state IN ('intended', 'unknown') AND state = 'unknown' ORDER BY row DESC";
const UNFINISHED: &str = "WHERE kind = 'text' AND state = 'settled' AND open = 1
    ORDER BY row DESC LIMIT ?1";
const START_TO: &str = "WHERE recipient = ?1 AND kind = 'verify_start'
    AND state NOT IN ('refused', 'not_sent') ORDER BY row DESC";
const START_OF_SID: &str = "WHERE sid = ?1 AND kind = 'verify_start'
    AND state NOT IN ('refused', 'not_sent') ORDER BY row DESC";
const LAST_TEXT: &str = "WHERE recipient = ?1 AND kind = 'text' ORDER BY row DESC LIMIT 1";
const TEXTS_TO: &str = "WHERE recipient = ?1 AND kind = 'text' ORDER BY row DESC LIMIT ?2";
// All rows of the item of the newest start.
const LAST_CHECK: &str = "WHERE item = (SELECT item FROM operations
        WHERE recipient = ?1 AND kind = 'verify_start' ORDER BY row DESC LIMIT 1)
    ORDER BY row DESC";
// The same of the newest start that may have put a code on a phone.
const LAST_OUT: &str = "WHERE item = (SELECT item FROM operations
        WHERE recipient = ?1 AND kind = 'verify_start' AND state NOT IN ('refused', 'not_sent')
        ORDER BY row DESC LIMIT 1)
    ORDER BY row DESC";
const APPROVED_OF_TICKET: &str = "WHERE item = (SELECT item FROM operations
        WHERE ticket = ?1 AND kind = 'verify_check' AND status = 'approved'
        ORDER BY row DESC LIMIT 1)
    ORDER BY row DESC";
/// So many texts are shown of one person.
const RECENT: u32 = 9;
/// Operations of a kind to a recipient, or to nobody knows whom, that are not settled yet: there are few.
pub const UNSETTLED_TO: &str = "INDEXED BY operations_unsettled
    WHERE state IN ('intended', 'unknown') AND recipient IS ?1 AND kind = ?2
    ORDER BY row DESC";
/// Operations of a kind to a recipient that were begun after another one, but for those that never left.
pub const BEGUN_SINCE: &str = "WHERE recipient = ?1 AND kind = ?2
    AND state IN ('intended', 'unknown', 'settled')
    AND row > (SELECT row FROM operations WHERE session = ?3 AND seq = ?4)
    ORDER BY row DESC";
/// The text has been credited to another row, or was to one that has been deleted since: the audit tells of it still.
pub const TEXT_OF_ANOTHER: &str =
    "SELECT 1 FROM operations WHERE sid = ?1 AND kind IN ('text', 'unreadable') AND row <> ?2
    UNION ALL SELECT 1 FROM audit WHERE sid = ?1 AND operation <>
        (SELECT session || '-' || seq FROM operations WHERE row = ?2)";
/// The approval has been credited to the check of another row.
pub const APPROVAL_OF_ANOTHER: &str = "SELECT 1 FROM operations
    WHERE sid = ?1 AND kind IN ('verify_check', 'unreadable') AND status = 'approved' AND row <> ?2";
/// The send of a code has been credited to another row.
pub const ATTEMPT_OF_ANOTHER: &str = "SELECT 1 FROM operations WHERE attempt = ?1 AND row <> ?2";
/// What other processes have begun.
pub const INTENDED_BY_OTHERS: &str = "INDEXED BY operations_unsettled
    WHERE state IN ('intended', 'unknown') AND state = 'intended' AND session <> ?1
    ORDER BY row DESC";

impl History for Store {
    fn page(&self, before: Option<i64>, limit: usize) -> Result<Page, StoreError> {
        // One row more than asked for tells whether there are older ones.
        let mut rows = many(
            &self.connection,
            BEFORE,
            (before.unwrap_or(i64::MAX), bound(limit.saturating_add(1))),
        )?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        Ok(Page { rows, more })
    }

    fn row(&self, id: OpId) -> Result<Option<HistoryRow>, StoreError> {
        find(&self.connection, id)
    }

    fn unknown(&self) -> Result<Vec<HistoryRow>, StoreError> {
        many(&self.connection, UNKNOWN, [])
    }

    fn unfinished(&self, limit: usize) -> Result<Vec<HistoryRow>, StoreError> {
        many(&self.connection, UNFINISHED, [bound(limit)])
    }

    fn open_verification(
        &self,
        key: &VerificationKey,
        account: Option<&AccountSid>,
        home: Option<&str>,
    ) -> Result<Option<HistoryRow>, StoreError> {
        let condition = match key {
            VerificationKey::Sid(_) => START_OF_SID,
            VerificationKey::To(_) => START_TO,
        };
        let is_meant = |row: &HistoryRow| {
            let is_of = |_| row.operation.is_of(account, home);
            account.is_none_or(is_of)
        };
        first(&self.connection, condition, [key.as_str()], is_meant)
    }

    fn last_text(&self, to: &PhoneNumber) -> Result<Option<HistoryRow>, StoreError> {
        one(&self.connection, LAST_TEXT, [to.e164()])
    }

    fn look_back(&self, to: &Recipient, ticket: Option<&Ticket>) -> Result<LookBack, StoreError> {
        let of_ticket = match ticket {
            Some(ticket) => many(&self.connection, APPROVED_OF_TICKET, [ticket.as_str()])?,
            None => Vec::new(),
        };
        let check = many(&self.connection, LAST_CHECK, [to.as_str()])?;
        let mut out = many(&self.connection, LAST_OUT, [to.as_str()])?;
        out.retain(|row| !check.contains(row));
        Ok(LookBack {
            to: to.clone(),
            texts: many(&self.connection, TEXTS_TO, (to.as_str(), RECENT))?,
            check,
            out,
            of_ticket,
            to_nobody_knows: many(&self.connection, UNSETTLED_TO, (None::<&str>, UNREADABLE))?,
            unaccepted: self.is_unaccepted()?,
        })
    }

    fn find(
        &self,
        query: &HistoryQuery,
        before: Option<i64>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Found, StoreError> {
        self.search(query, before, limit, now)
    }

    fn tally(
        &self,
        midnight: Timestamp,
        hour_ago: Timestamp,
        now: Timestamp,
        account: Option<&AccountSid>,
    ) -> Result<Tally, StoreError> {
        self.count(midnight, hour_ago, now, account)
    }
}

/// The operation of that id.
pub fn find(connection: &Connection, id: OpId) -> Result<Option<HistoryRow>, StoreError> {
    one(connection, BY_ID, (id.session, id.seq))
}

/// The first row that meets a condition.
pub fn one(
    connection: &Connection,
    condition: &str,
    params: impl Params,
) -> Result<Option<HistoryRow>, StoreError> {
    let mut statement = connection.prepare_cached(&select(condition))?;
    let stored = statement
        .query_row(params, codec::Stored::from_row)
        .optional()?;
    stored.map(codec::Stored::decode).transpose()
}

/// The first row that meets a condition and is one of those.
fn first(
    connection: &Connection,
    condition: &str,
    params: impl Params,
    is_meant: impl Fn(&HistoryRow) -> bool,
) -> Result<Option<HistoryRow>, StoreError> {
    let mut statement = connection.prepare_cached(&select(condition))?;
    for stored in statement.query_map(params, codec::Stored::from_row)? {
        let row = stored?.decode()?;
        if is_meant(&row) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// All rows that meet a condition.
pub fn many(
    connection: &Connection,
    condition: &str,
    params: impl Params,
) -> Result<Vec<HistoryRow>, StoreError> {
    let mut statement = connection.prepare_cached(&select(condition))?;
    let stored = statement.query_map(params, codec::Stored::from_row)?;
    stored.map(|stored| stored?.decode()).collect()
}

fn select(condition: &str) -> String {
    format!(
        "SELECT {}, {} FROM operations {condition}",
        codec::PLAIN,
        codec::LINE
    )
}

/// A limit as SQLite counts.
pub fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        FailureKind, Intent, MessageStatus, OpState, Operation, VerificationStatus,
    };
    use crate::store::samples::{
        self, at, failure, number, settled_text, settled_verification, sid, start,
    };
    use crate::store::{Journal, Twin};

    const ADA: &str = "+14155550123";
    const BOB: &str = "+14155550124";

    fn store_of(states: Vec<OpState>) -> Store {
        let mut store = Store::in_memory().unwrap();
        for (seq, state) in (1..).zip(states) {
            let row = samples::intend_text(&mut store, seq, ADA, &format!("text {seq}"));
            store.settle(row.operation.id, &state, at(1)).unwrap();
        }
        store
    }

    fn seqs(rows: &[HistoryRow]) -> Vec<u32> {
        rows.iter().map(|row| row.operation.id.seq).collect()
    }

    #[test]
    fn pages_are_cut_by_key_and_new_rows_do_not_shift_them() {
        let mut store = store_of(vec![settled_text(1, MessageStatus::Sent); 5]);
        let first = store.page(None, 2).unwrap();
        assert_eq!((seqs(&first.rows), first.more), (vec![5, 4], true));
        samples::intend_text(&mut store, 6, ADA, "new");
        let second = store.page(first.rows.last().map(|row| row.row), 2).unwrap();
        assert_eq!((seqs(&second.rows), second.more), (vec![3, 2], true));
        let third = store
            .page(second.rows.last().map(|row| row.row), 2)
            .unwrap();
        assert_eq!((seqs(&third.rows), third.more), (vec![1], false));
        let whole = store.page(None, usize::MAX).unwrap();
        assert_eq!((whole.rows.len(), whole.more), (6, false));
        assert_eq!(store.page(None, 0).unwrap().rows, []);
    }

    #[test]
    fn what_is_to_be_looked_up_and_what_is_to_be_followed_are_told_apart() {
        let store = store_of(vec![
            OpState::Unknown(failure(FailureKind::OutcomeUnknown)),
            settled_text(2, MessageStatus::Queued),
            settled_text(3, MessageStatus::Delivered),
            OpState::Refused(failure(FailureKind::Refused)),
            OpState::Unknown(failure(FailureKind::OutcomeUnknown)),
            settled_text(6, MessageStatus::Sent),
        ]);
        assert_eq!(seqs(&store.unknown().unwrap()), [5, 1]);
        assert_eq!(seqs(&store.unfinished(10).unwrap()), [6, 2]);
        assert_eq!(seqs(&store.unfinished(1).unwrap()), [6]);
    }

    #[test]
    fn a_verification_is_found_by_recipient_and_by_sid_past_refused_resends() {
        let mut store = Store::in_memory().unwrap();
        let session = store.session();
        for (seq, to, state) in [
            (1, ADA, settled_verification(1, VerificationStatus::Pending)),
            (2, BOB, settled_verification(2, VerificationStatus::Pending)),
            (3, ADA, settled_verification(1, VerificationStatus::Pending)),
            (4, ADA, OpState::Refused(failure(FailureKind::RateLimit))),
        ] {
            let id = OpId { session, seq };
            store.intend(&start(id, to), Twin::Refuse).unwrap();
            store.settle(id, &state, at(1)).unwrap();
        }
        let found = |key| {
            let row = store.open_verification(&key, None, None).unwrap();
            row.map(|row| row.operation.id.seq)
        };
        let by_number = |to| found(VerificationKey::To(Recipient::Phone(number(to))));
        assert_eq!(by_number(ADA), Some(3));
        assert_eq!(by_number(BOB), Some(2));
        assert_eq!(by_number("+14155550199"), None);
        assert_eq!(found(VerificationKey::Sid(sid("VE", 1))), Some(3));
        assert_eq!(found(VerificationKey::Sid(sid("VE", 9))), None);
    }

    #[test]
    fn the_last_text_to_a_number_is_the_newest_whatever_became_of_it() {
        let mut store = store_of(vec![
            settled_text(1, MessageStatus::Delivered),
            OpState::Refused(failure(FailureKind::Refused)),
        ]);
        samples::intend_text(&mut store, 3, BOB, "to somebody else");
        let last = store.last_text(&number(ADA)).unwrap().unwrap();
        assert_eq!(last.operation.id.seq, 2);
        assert_eq!(store.last_text(&number("+14155550199")).unwrap(), None);
    }

    #[test]
    fn a_verification_of_another_account_or_region_is_not_ours_to_check() {
        let mut store = Store::in_memory().unwrap();
        let session = store.session();
        for (seq, account, home) in [
            (1, 1, Some("us1")),
            (2, 1, Some("ie1")),
            (3, 2, Some("us1")),
            // From before it was noted.
            (4, 3, None),
        ] {
            let id = OpId { session, seq };
            let operation = Operation {
                account: Some(sid("AC", account)),
                home: home.map(str::to_owned),
                ..start(id, ADA)
            };
            store.intend(&operation, Twin::Refuse).unwrap();
            let sent = settled_verification(seq, VerificationStatus::Pending);
            store.settle(id, &sent, at(1)).unwrap();
        }
        let key = VerificationKey::To(Recipient::Phone(number(ADA)));
        let seq = |account: u32, home: Option<&str>| {
            let account = sid("AC", account);
            let row = store.open_verification(&key, Some(&account), home);
            row.unwrap().map(|row| row.operation.id.seq)
        };
        assert_eq!(seq(1, Some("us1")), Some(1));
        assert_eq!(seq(1, Some("ie1")), Some(2));
        assert_eq!(seq(1, None), None);
        assert_eq!(seq(2, Some("us1")), Some(3));
        assert_eq!(seq(2, Some("ie1")), None);
        assert_eq!(seq(3, Some("ie1")), Some(4));
        assert_eq!(seq(4, Some("us1")), None);
    }

    #[test]
    fn a_look_back_tells_texts_the_last_check_and_whether_the_ticket_was_verified() {
        let mut store = Store::in_memory().unwrap();
        let session = store.session();
        let ticket = Ticket::parse("48213").unwrap();
        samples::intend_text(&mut store, 1, ADA, "first");
        samples::intend_text(&mut store, 2, BOB, "to somebody else");
        samples::intend_text(&mut store, 3, ADA, "second");
        for (seq, status, check) in [
            (4, VerificationStatus::Pending, false),
            (5, VerificationStatus::Approved, true),
        ] {
            let id = OpId { session, seq };
            let mut operation = start(id, ADA);
            operation.ticket = Some(ticket.clone());
            if check {
                operation.intent = Intent::VerifyCheck {
                    service: sid("VA", 1),
                    key: VerificationKey::Sid(sid("VE", 1)),
                    to: Some(Recipient::Phone(number(ADA))),
                };
            }
            store.intend(&operation, Twin::Refuse).unwrap();
            store
                .settle(id, &settled_verification(1, status), at(1))
                .unwrap();
        }
        let ada = Recipient::Phone(number(ADA));
        let back = store.look_back(&ada, Some(&ticket)).unwrap();
        assert_eq!(seqs(&back.texts), [3, 1]);
        assert_eq!(seqs(&back.check), [5, 4]);
        assert_eq!(seqs(&back.of_ticket), [5, 4]);
        let bob = Recipient::Phone(number(BOB));
        let other = Ticket::parse("48214").unwrap();
        let back = store.look_back(&bob, Some(&other)).unwrap();
        assert_eq!((seqs(&back.texts), seqs(&back.check)), (vec![2], vec![]));
        assert_eq!(seqs(&back.of_ticket), [0; 0]);
    }

    #[test]
    fn every_question_is_answered_by_an_index() {
        let store = Store::in_memory().unwrap();
        for (condition, index) in [
            (BY_ID, "(session=? AND seq=?)"),
            (BEFORE, "INTEGER PRIMARY KEY (rowid<?)"),
            (UNKNOWN, "operations_unsettled (state=?)"),
            (UNFINISHED, "operations_followed"),
            (START_TO, "operations_of_recipient (recipient=? AND kind=?)"),
            (START_OF_SID, "operations_of_sid (sid=? AND kind=?)"),
            (TEXTS_TO, "operations_of_recipient (recipient=? AND kind=?)"),
            (LAST_CHECK, "operations_of_item (item=?)"),
            (LAST_OUT, "operations_of_item (item=?)"),
            (APPROVED_OF_TICKET, "operations_of_item (item=?)"),
            (
                LAST_TEXT,
                "operations_of_recipient (recipient=? AND kind=?)",
            ),
            (
                UNSETTLED_TO,
                "operations_unsettled (state=? AND recipient=?)",
            ),
            (INTENDED_BY_OTHERS, "operations_unsettled (state=?)"),
        ] {
            let plan: String = store
                .connection
                .prepare(&format!("EXPLAIN QUERY PLAN {}", select(condition)))
                .unwrap()
                .raw_query()
                .next()
                .unwrap()
                .unwrap()
                .get("detail")
                .unwrap();
            assert!(plan.contains(index), "{condition}: {plan}");
        }
    }
}
