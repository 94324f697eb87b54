//! The audit of the history: it is whole, it tells of each operation, and whoever changes what was written
//! is found out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::Connection;
use tuilio::store::{Audit, Key};

use crate::dice::Dice;
use crate::ledger::{Ledger, Row};
use crate::office::copy;

/// What a hand does to the file, past the triggers that refuse it.
const DEEDS: &[&str] = &[
    "UPDATE operations SET state = CASE state WHEN 'settled' THEN 'not_sent' ELSE 'settled' END
     WHERE row = (SELECT max(row) FROM operations)",
    "DELETE FROM operations WHERE row = (SELECT min(row) FROM operations)",
    "UPDATE audit SET at = '2020-01-01T00:00:00Z' WHERE number = (SELECT max(number) FROM audit)",
    "UPDATE audit SET operation = '99-1' WHERE number = (SELECT min(number) FROM audit)",
    "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)",
    "DELETE FROM audit WHERE number = (SELECT min(number) FROM audit)",
];

/// What was found in a folder, in words; nothing where all is whole.
fn findings(home: &Path, key: Option<&Key>) -> Vec<String> {
    let verdict = Audit::open(home).and_then(|audit| match audit {
        Some(audit) => audit.verify(key, None),
        None => panic!("there is no history in {}", home.display()),
    });
    match verdict {
        Ok(verdict) => verdict.findings.iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    }
}

/// It is whole, and it has what the history has: of each operation that ever was there that it was
/// intended, once; of each that is not under way what came of it.
pub fn is_whole(
    ledger: &mut Ledger,
    rows: &BTreeMap<tuilio::domain::OpId, Row>,
    home: &Path,
    key: Option<&Key>,
) {
    ledger.ever.extend(rows.keys());
    let Some(lines) = ledger.audit_lines() else {
        return;
    };
    if lines.len() == ledger.audited {
        return;
    }
    ledger.audited = lines.len();
    ledger.counters.count("audits looked at");
    for found in findings(home, key) {
        ledger.broken("the audit is whole", found);
    }
    let mut intended = BTreeMap::new();
    let mut came = BTreeSet::new();
    for (event, op) in &lines {
        match event.as_str() {
            "intended" => *intended.entry(op.clone()).or_insert(0) += 1,
            "settled" | "adopted" | "recovered" => {
                came.insert(op.clone());
            }
            _ => {}
        }
    }
    let ever: BTreeMap<String, i32> = ledger.ever.iter().map(|op| (op.to_string(), 1)).collect();
    if intended != ever {
        ledger.broken(
            "the audit tells once that something was intended",
            format!("{intended:?}, and there were {ever:?}"),
        );
    }
    for (op, row) in rows {
        let told = came.contains(&op.to_string());
        if told != (row.state != "intended") {
            ledger.broken(
                "the audit tells what came of each operation",
                format!("{op} is {row:?}, told: {told}"),
            );
        }
    }
}

/// A copy of the folder is changed, or an older history put in its place: that is found out.
pub fn tampering_shows(
    ledger: &mut Ledger,
    home: &Path,
    earlier: Option<&Path>,
    key: Option<&Key>,
    dice: &mut Dice,
) {
    let Some(lines) = ledger.audit_lines().filter(|lines| !lines.is_empty()) else {
        return;
    };
    if ledger.on_disk().is_empty() {
        return;
    }
    let changed = home.with_extension("changed");
    copy(home, &changed);
    let earlier = earlier.filter(|earlier| lines_in(earlier) < lines.len());
    let deed = match earlier {
        Some(earlier) if dice.in_hundred(50) => {
            for name in ["history.db", "history.db-wal"] {
                let _ = std::fs::remove_file(changed.join(name));
                if earlier.join(name).exists() {
                    std::fs::copy(earlier.join(name), changed.join(name)).unwrap();
                }
            }
            "an older history in its place"
        }
        _ => {
            let deed = dice.pick(DEEDS);
            let history = Connection::open(changed.join("history.db")).unwrap();
            history
                .execute_batch(
                    "DROP TRIGGER IF EXISTS audit_is_not_changed;
                     DROP TRIGGER IF EXISTS audit_is_not_removed",
                )
                .unwrap();
            history.execute_batch(deed).unwrap();
            deed
        }
    };
    if findings(&changed, key).is_empty() {
        ledger.broken("a changed record is found out", deed);
    }
    ledger.counters.count(match deed.split(' ').next() {
        Some("UPDATE") => "records changed",
        Some("DELETE") => "records cut",
        _ => "records rewound",
    });
}

/// How many lines the audit of a folder has.
fn lines_in(home: &Path) -> usize {
    let history = Connection::open(home.join("history.db")).unwrap();
    history
        .query_row("SELECT count(*) FROM audit", [], |row| row.get::<_, i64>(0))
        .map_or(0, |count| usize::try_from(count).unwrap())
}
