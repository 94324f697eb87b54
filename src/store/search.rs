//! Searching: a filter becomes one question. An entry is an item with all its rows; it fits where each term
//! holds of at least one of them.
//!
//! A term is the set of items that it holds of, which an index or one walk answers; entries are cut into
//! pages by their newest row, never counted off.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::error::StoreError;
use super::{Store, history, tally};
use crate::domain::history_query::{HistoryQuery, Kind, Standing, Term, digits, end_of_account};
use crate::domain::record::Found;
use crate::domain::{Page, Timestamp};

impl Store {
    /// Entries that fit, newest first.
    pub(super) fn search(
        &self,
        query: &HistoryQuery,
        before: Option<i64>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Found, StoreError> {
        let mut question = Question::default();
        let mut conditions: Vec<String> = query
            .terms
            .iter()
            .map(|term| question.term(term, now))
            .collect();
        if conditions.is_empty() {
            conditions.push("1".to_owned());
        }
        let conditions = conditions.join(" AND ");
        let total = self.connection.query_row(
            "SELECT count(DISTINCT item) FROM operations",
            [],
            |row| row.get(0),
        )?;
        let matches = self.connection.query_row(
            &format!("SELECT count(DISTINCT item) FROM operations WHERE {conditions}"),
            params_from_iter(&question.values),
            |row| row.get(0),
        )?;
        let before = question.value(before.unwrap_or(i64::MAX));
        // One more than asked for tells whether there are older ones.
        let most = question.value(history::bound(limit.saturating_add(1)));
        let mut items: Vec<(String, i64)> = self
            .connection
            .prepare(&format!(
                "SELECT item, max(row) AS head FROM operations WHERE {conditions}
                 GROUP BY item HAVING head < {before} ORDER BY head DESC LIMIT {most}"
            ))?
            .query_map(params_from_iter(&question.values), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().map(|(_, head)| *head).filter(|_| more);
        let names: Vec<&str> = items.iter().map(|(item, _)| item.as_str()).collect();
        let names =
            serde_json::to_string(&names).map_err(|error| StoreError::Broken(error.into()))?;
        let rows = history::many(&self.connection, OF_ITEMS, [names])?;
        Ok(Found {
            page: Page { rows, more },
            next,
            matches,
            total,
        })
    }
}

const OF_ITEMS: &str = "WHERE item IN (SELECT value FROM json_each(?1)) ORDER BY row DESC";

/// The conditions and the values that stand for their question marks.
#[derive(Default)]
struct Question {
    values: Vec<Value>,
}

impl Question {
    fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    fn term(&mut self, term: &Term, now: Timestamp) -> String {
        let rows = match term {
            Term::Status(standing) => return self.standing(*standing, now),
            Term::Since(at) => format!("at >= {}", self.value(tally::from(*at))),
            Term::Until(at) => format!("at < {}", self.value(tally::from(*at))),
            Term::Ticket(text) => format!("ticket LIKE {} ESCAPE '\\'", self.beginning(text)),
            Term::Agent(text) => format!("agent LIKE {} ESCAPE '\\'", self.beginning(text)),
            Term::By(word) => format!("channel = {}", self.value(word.clone())),
            Term::Kind(Kind::Text) => "kind = 'text'".to_owned(),
            Term::Kind(Kind::Verify) => "kind LIKE 'verify%'".to_owned(),
            Term::Kind(Kind::Lookup) => "kind = 'lookup'".to_owned(),
            Term::Error(code) => format!("error = {}", self.value(i64::from(*code))),
            Term::To(text) if text.starts_with('+') => {
                format!("recipient LIKE {} ESCAPE '\\'", self.beginning(text))
            }
            Term::To(text) => format!("recipient LIKE {} ESCAPE '\\'", self.within(text)),
            Term::Number { number, typed } => {
                let number = self.value(number.e164().to_owned());
                let typed = self.value(typed.clone());
                format!("(recipient = {number} OR ticket = {typed})")
            }
            Term::Word {
                text: word,
                standings,
                errors,
            } => {
                let mut stands: Vec<String> = standings
                    .iter()
                    .map(|one| self.standing(*one, now))
                    .collect();
                let text = self.within(word);
                let number = digits(word).map(|digits| {
                    format!(" OR recipient LIKE {} ESCAPE '\\'", self.within(&digits))
                });
                let account = end_of_account(word)
                    .map(|end| format!(" OR account LIKE {}", self.value(account_ending(end))));
                let codes: Vec<String> = errors
                    .iter()
                    .map(|code| self.value(i64::from(*code)))
                    .collect();
                stands.push(items(&format!(
                    "body LIKE {text} ESCAPE '\\' OR ticket LIKE {text} ESCAPE '\\'
                      OR recipient LIKE {text} ESCAPE '\\'{}{}
                      OR (state = 'refused' AND error IN ({}))",
                    number.unwrap_or_default(),
                    account.unwrap_or_default(),
                    codes.join(", ")
                )));
                return format!("({})", stands.join(" OR "));
            }
        };
        items(&rows)
    }

    /// Where an entry stands, as the list shows it: an approval is final, whatever came before it.
    fn standing(&mut self, standing: Standing, now: Timestamp) -> String {
        // What cannot be read proves nothing.
        let approved = items("status = 'approved' AND kind <> 'unreadable'");
        // What ended in any way at Twilio.
        let over = items("kind LIKE 'verify%' AND state = 'settled' AND open = 0");
        let pending = items("kind = 'verify_start' AND status = 'pending'");
        match standing {
            Standing::Approved => approved,
            Standing::Delivered => items(
                "kind <> 'unreadable'
                     AND (status IN ('delivered', 'read') OR delivery IN ('delivered', 'read'))",
            ),
            Standing::Sent => items("kind = 'text' AND state = 'settled' AND open = 1"),
            Standing::Waiting => {
                let now = self.value(now.to_string());
                let late = items(&format!("expires_at <= {now}"));
                format!("({pending} AND NOT {over} AND NOT {late})")
            }
            Standing::Expired => {
                let now = self.value(now.to_string());
                let late = items(&format!("expires_at <= {now}"));
                let said = items("status = 'expired'");
                format!("({said} OR ({pending} AND {late} AND NOT {over}))")
            }
            Standing::Failed => {
                let failed = items(
                    "(state IN ('refused', 'not_sent') AND kind <> 'verify_check')
                     OR status IN ('failed', 'undelivered', 'max_attempts_reached', 'invalid')
                     OR delivery IN ('failed', 'undelivered')",
                );
                format!("({failed} AND NOT {approved})")
            }
            Standing::NotDelivered => items(
                "status IN ('failed', 'undelivered') OR delivery IN ('failed', 'undelivered')",
            ),
            Standing::NotSent => items("state = 'not_sent'"),
            Standing::UsedUp => items("status = 'max_attempts_reached'"),
            Standing::Unknown => items("state = 'unknown'"),
            Standing::Stopped => items("status IN ('canceled', 'deleted')"),
        }
    }

    fn beginning(&mut self, text: &str) -> String {
        self.value(format!("{}%", escaped(text)))
    }

    fn within(&mut self, text: &str) -> String {
        self.value(format!("%{}%", escaped(text)))
    }
}

fn items(rows: &str) -> String {
    format!("item IN (SELECT item FROM operations WHERE {rows})")
}

/// Accounts whose last four digits begin so.
fn account_ending(end: &str) -> String {
    format!("AC{:_<28}{end:_<4}", "")
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::history_query::Reader;
    use crate::domain::{
        FailureKind, Intent, Language, MessageStatus, OpId, OpState, Operation, Recipient, Settled,
        Ticket, VerificationKey, VerificationStatus,
    };
    use crate::store::samples::{
        at, delivered_by, failure, number, settled_text, settled_verification, sid, start, text,
    };
    use crate::store::{History, Journal, Twin};

    const ADA: &str = "+14155550123";
    const BOB: &str = "+441632960001";

    /// 1 a delivered text, 2 a refused one, 3 an approved check of two rows, 5 one that waits,
    /// 6 one whose code did not come, 7 one that is not known, 8 a lookup.
    fn store() -> Store {
        let mut store = Store::in_memory().unwrap();
        let id = OpId { session: 1, seq: 0 };
        let check = Operation {
            intent: Intent::VerifyCheck {
                service: sid("VA", 1),
                key: VerificationKey::Sid(sid("VE", 3)),
                to: Some(Recipient::Phone(number(ADA))),
            },
            ..start(id, ADA)
        };
        let lookup = Operation {
            intent: Intent::LookUp {
                number: number(BOB),
                line_type: false,
            },
            ..start(id, BOB)
        };
        let known = OpState::Settled(Settled::Lookup {
            valid: true,
            validation_errors: Vec::new(),
            country: None,
            line_type: None,
            carrier: None,
        });
        let pending = |number| settled_verification(number, VerificationStatus::Pending);
        let rows = [
            (
                text(id, ADA, "Your refund is 100% done"),
                settled_text(1, MessageStatus::Delivered),
            ),
            (
                text(id, BOB, "refund_2"),
                OpState::Refused(failure(FailureKind::Refused)),
            ),
            (start(id, ADA), delivered_by(3, 1)),
            (check, settled_verification(3, VerificationStatus::Approved)),
            (start(id, BOB), pending(5)),
            (
                start(id, ADA),
                OpState::NotSent(failure(FailureKind::NotSent)),
            ),
            (
                text(id, ADA, "lost"),
                OpState::Unknown(failure(FailureKind::OutcomeUnknown)),
            ),
            (lookup, known),
        ];
        for (seq, (operation, state)) in (1..).zip(rows) {
            let id = OpId {
                session: store.session(),
                seq,
            };
            let operation = Operation {
                id,
                at: at(i64::from(seq)),
                ticket: (seq == 3).then(|| Ticket::parse("T-48213").unwrap()),
                agent: (seq == 2).then(|| "desk-7".to_owned()),
                account: Some(sid("AC", if seq == 8 { 0xa1 } else { 1 })),
                ..operation
            };
            store.intend(&operation, Twin::Again(operation.id)).unwrap();
            store.settle(id, &state, at(i64::from(seq))).unwrap();
        }
        store
    }

    fn query(text: &str, now: Timestamp) -> HistoryQuery {
        let reader = Reader {
            now,
            zone: &TimeZone::UTC,
            default_country: "US",
            language: Language::English,
        };
        HistoryQuery::parse(text, reader).unwrap()
    }

    fn seqs(found: &Found) -> Vec<u32> {
        let rows = found.page.rows.iter();
        rows.map(|row| row.operation.id.seq).collect()
    }

    #[test]
    fn each_filter_finds_whole_entries_newest_first() {
        let store = store();
        for (text, seqs) in [
            ("", vec![8, 7, 6, 5, 4, 3, 2, 1]),
            ("status:approved", vec![4, 3]),
            ("status:delivered", vec![4, 3, 1]),
            ("status:failed", vec![6, 2]),
            ("status:waiting", vec![5]),
            ("status:expired", vec![]),
            ("status:unknown", vec![7]),
            ("kind:text", vec![7, 2, 1]),
            ("kind:verify", vec![6, 5, 4, 3]),
            ("kind:lookup", vec![8]),
            ("ticket:T-48213", vec![4, 3]),
            ("ticket:t-48", vec![4, 3]),
            ("ticket:48", vec![]),
            ("agent:desk", vec![2]),
            ("by:call", vec![]),
            ("to:+44", vec![8, 5, 2]),
            ("to:0123 kind:text", vec![7, 1]),
            ("(415) 555-0123", vec![7, 6, 4, 3, 1]),
            ("refund", vec![2, 1]),
            ("100%", vec![1]),
            ("refund_2", vec![2]),
            ("48213", vec![4, 3]),
            ("632960", vec![8, 5, 2]),
            ("refund to:+44", vec![2]),
            ("nothing", vec![]),
            // What the list says of a state is found as well, and of several words each must hold.
            ("Approved", vec![4, 3]),
            ("deliv", vec![4, 3, 1]),
            ("not sent", vec![6]),
            // Its account as the list marks it, whole or as far as it is typed.
            ("AC..0001", vec![7, 6, 5, 4, 3, 2, 1]),
            ("ac..00", vec![8, 7, 6, 5, 4, 3, 2, 1]),
            ("AC..00a1", vec![8]),
            ("AC..01", vec![]),
        ] {
            let found = store.find(&query(text, at(9)), None, 100, at(9)).unwrap();
            assert_eq!(self::seqs(&found), seqs, "{text}");
            assert_eq!(found.total, 7, "{text}");
        }
        let late = store.find(&query("status:expired", at(700)), None, 100, at(700));
        assert_eq!(self::seqs(&late.unwrap()), [5]);
        let recent = store.find(&query("since:1m", at(65)), None, 100, at(65));
        assert_eq!(self::seqs(&recent.unwrap()), [8, 7, 6, 5]);
    }

    #[test]
    fn pages_of_what_fits_are_cut_by_entry() {
        let store = store();
        let ada = query("to:+1415", at(9));
        let mut before = None;
        let mut pages = Vec::new();
        loop {
            let found = store.find(&ada, before, 2, at(9)).unwrap();
            assert_eq!(found.matches, 4);
            pages.push(seqs(&found));
            before = found.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(pages, [vec![7, 6], vec![4, 3, 1]]);
    }
}
