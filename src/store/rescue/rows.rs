//! The operations of a damaged history: those that can be read, and what is left of the others.
//!
//! Rows and the audit stand in one order, since each operation gets its row and its first line in one transaction. So
//! a row of which not even the number can be read is known by its neighbours, and an operation whose row is gone goes
//! on where it stood. What no line tells of gets a number of its own.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row};

use super::told::{self, Told};
use crate::domain::remains::UNREADABLE;
use crate::domain::{HistoryRow, OpId, Timestamp, Was};
use crate::store::codec::{PLAIN, Stored};
use crate::store::error::StoreError;

/// No run of the program has such a number: it would be a bit that has turned over.
const MOST_SESSIONS: u32 = u32::MAX / 2;

/// So many rows are looked through for a bit that has turned over, of which none is found.
const MOST_MENDS: u32 = 8;

/// The columns of a row as far as they are there: an earlier format knows fewer.
pub fn columns(connection: &Connection) -> Result<String, StoreError> {
    let mut known = connection.prepare("SELECT name FROM pragma_table_xinfo('operations')")?;
    let known: Vec<String> = known
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let columns = PLAIN.split(", ").map(|column| {
        if known.iter().any(|known| known == column) {
            column
        } else {
            "NULL"
        }
    });
    Ok(columns
        .chain(["NULL", "NULL"])
        .collect::<Vec<_>>()
        .join(", "))
}

/// The last number that was given to a run of the program, as far as it can be read.
pub fn last_session(connection: &Connection) -> u32 {
    let question = "SELECT max(session) FROM sessions WHERE session BETWEEN 1 AND ?1";
    let last = connection.query_row(question, [MOST_SESSIONS], |row| row.get(0));
    last.unwrap_or(1)
}

/// All operations, oldest first.
pub fn readable(connection: &Connection, now: Timestamp) -> Vec<HistoryRow> {
    let told = told::all(connection);
    let places = Places::of(connection);
    let ops = places.identified(&told, last_session(connection));
    let mut found = BTreeMap::new();
    let (mut near, mut mends) = (now, MOST_MENDS);
    let columns = columns(connection).unwrap_or_default();
    each(connection, &columns, |row| {
        let Some((place, op)) = row
            .get(0)
            .ok()
            .and_then(|place| Some((place, *ops.get(&place)?)))
        else {
            return;
        };
        // It was read from the other end.
        if found.contains_key(&place) {
            return;
        }
        let told = told.get(&op);
        let read = Stored::from_row(row).ok().and_then(|row| row.decode().ok());
        let mut read = read
            .or_else(|| Stored::salvaged(row, op, told, near, &mut mends))
            .unwrap_or_else(|| Stored::left_of(Some(row), op, told, near));
        read.operation.id = op;
        near = read.operation.at;
        found.insert(place, read);
    });
    for (place, op) in &ops {
        let left = || Stored::left_of(None, *op, told.get(op), near);
        found.entry(*place).or_insert_with(left);
    }
    with_the_lost(found, &told, near)
}

/// Rows from the newest back, and from the oldest on, each up to the damage.
fn each(connection: &Connection, columns: &str, mut meet: impl FnMut(&Row<'_>)) {
    for order in ["DESC", "ASC"] {
        let question = format!("SELECT {columns} FROM operations ORDER BY row {order}");
        let Ok(mut rows) = connection.prepare(&question) else {
            continue;
        };
        let Ok(mut rows) = rows.query([]) else {
            continue;
        };
        while let Ok(Some(row)) = rows.next() {
            meet(row);
        }
    }
}

/// Whether a row has at least two of three things that each operation has: a number, a time, a kind. One is damaged
/// easily; fewer has what came from a page of another table, or of none, into the place of a page of rows.
fn is_operation(row: &Row<'_>) -> bool {
    let text = |column| row.get::<_, String>(column).ok();
    let session = row.get(1).ok().filter(|n| (1..=MOST_SESSIONS).contains(n));
    let has = [
        session.zip(row.get::<_, u32>(2).ok()).is_some(),
        text(3).is_some_and(|at| at.parse::<Timestamp>().is_ok()),
        text(4).is_some_and(|kind| kind == UNREADABLE || Was::parse(&kind).is_some()),
    ];
    has.into_iter().filter(|has| *has).count() >= 2
}

/// Operations whose row is gone, put among the others in their order.
fn with_the_lost(
    found: BTreeMap<i64, HistoryRow>,
    told: &BTreeMap<OpId, Told>,
    near: Timestamp,
) -> Vec<HistoryRow> {
    let there: BTreeSet<OpId> = found.values().map(|row| row.operation.id).collect();
    let mut lost: Vec<(OpId, &Told)> = told
        .iter()
        .filter(|(op, told)| !told.is_gone() && !there.contains(op))
        .map(|(op, told)| (*op, told))
        .collect();
    lost.sort_by_key(|(_, told)| told.first);
    let mut lost = lost.into_iter().peekable();
    let mut all = Vec::with_capacity(found.len() + lost.len());
    for row in found.into_values() {
        let first = told.get(&row.operation.id).map(|told| told.first);
        while let Some((op, told)) = lost.next_if(|(_, told)| first.is_some_and(|n| told.first < n))
        {
            all.push(Stored::left_of(None, op, Some(told), near));
        }
        all.push(row);
    }
    all.extend(lost.map(|(op, told)| Stored::left_of(None, op, Some(told), near)));
    all
}

/// Where the rows stand, and which operation each says that it is.
struct Places(BTreeMap<i64, Option<OpId>>);

impl Places {
    fn of(connection: &Connection) -> Self {
        let mut places = BTreeMap::new();
        each(connection, "row, session, seq, at, kind", |row| {
            let Ok(place) = row.get(0) else { return };
            if !is_operation(row) {
                return;
            }
            let session = row.get(1).ok().filter(|n| (1..=MOST_SESSIONS).contains(n));
            let op = session
                .zip(row.get(2).ok())
                .map(|(session, seq)| OpId { session, seq });
            places.insert(place, op);
        });
        Self(places)
    }

    /// Which operation each is.
    fn identified(&self, told: &BTreeMap<OpId, Told>, last: u32) -> BTreeMap<i64, OpId> {
        let mut ops = self.certain(told);
        let taken: BTreeSet<OpId> = ops.values().copied().collect();
        let mut lacking: Vec<(i64, OpId)> = told
            .iter()
            .filter(|(op, told)| !told.is_gone() && !taken.contains(op))
            .map(|(op, told)| (told.first, *op))
            .collect();
        lacking.sort_unstable();
        let first_of = |op: &OpId| told.get(op).map(|told| told.first);
        // Between two that are certain, as many rows as operations are the same ones.
        let (mut begin, mut gap) = (0, Vec::new());
        let ends = ops.clone();
        for place in self.0.keys().map(Some).chain([None]) {
            let end = match place.map(|place| ends.get(place)) {
                Some(None) => {
                    gap.extend(place);
                    continue;
                }
                Some(Some(op)) => first_of(op),
                None => Some(i64::MAX),
            };
            let Some(end) = end else { continue };
            let within = lacking
                .iter()
                .filter(|(first, _)| (begin..end).contains(first));
            if within.clone().count() == gap.len() {
                ops.extend(gap.iter().copied().zip(within.map(|(_, op)| *op)));
            }
            gap.clear();
            begin = end;
        }
        self.with_new_numbers(ops, told, last)
    }

    /// Those that say what the audit tells of as well, or, where there is none, what no other row says.
    fn certain(&self, told: &BTreeMap<OpId, Told>) -> BTreeMap<i64, OpId> {
        let mut counts: BTreeMap<OpId, u32> = BTreeMap::new();
        for op in self.0.values().flatten() {
            *counts.entry(*op).or_default() += 1;
        }
        let is_told = |op: &OpId| told.get(op).is_some_and(|told| !told.is_gone());
        let certain = self.0.iter().filter_map(|(place, op)| {
            let op = (*op)?;
            (counts[&op] == 1 && (told.is_empty() || is_told(&op))).then_some((*place, op))
        });
        certain.collect()
    }

    /// What nothing else tells of keeps the number that it says, where that is nobody else's, or gets a new one.
    fn with_new_numbers(
        &self,
        mut ops: BTreeMap<i64, OpId>,
        told: &BTreeMap<OpId, Told>,
        last: u32,
    ) -> BTreeMap<i64, OpId> {
        let mut taken: BTreeSet<OpId> = ops.values().chain(told.keys()).copied().collect();
        let said = self.0.values().flatten().map(|op| op.session);
        let known = told.keys().map(|op| op.session);
        let session = said.chain(known).chain([last]).max().unwrap_or(last) + 1;
        let mut seq = 0;
        for (place, said) in &self.0 {
            ops.entry(*place).or_insert_with(|| {
                let own = said.filter(|op| taken.insert(*op));
                own.unwrap_or_else(|| {
                    seq += 1;
                    OpId { session, seq }
                })
            });
        }
        ops
    }
}
