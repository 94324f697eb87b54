//! Whether the record is what was written: the chain by itself, its end by the file beside it, and the
//! history by the chain.
//!
//! It reads one moment of the file and changes nothing. What does not fit is found line by line, each with
//! its number, and a first fault hides no later one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::accepted::{self, Acceptances, Accepted};
use super::aside::{self, Aside};
use super::finding::Finding;
use super::head::{self, HEAD_FILE, Head, NoHead};
use super::key::Key;
use super::line::{Entry, Event, Line, Point, SELECT};
use crate::domain::AuditNumber;
use crate::paths::HISTORY_FILE;
use crate::store::codec::{self, LINE, PLAIN, Stored};
use crate::store::schema::{self, Difference};
use crate::store::{StoreError, file, migrate};

/// How many lines are read at once.
const PAGE: u32 = 1000;

/// An audit that is only read.
pub struct Audit {
    folder: PathBuf,
    connection: Connection,
    head: Result<Head, NoHead>,
    remembered: Option<Point>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// How many lines there are.
    pub lines: i64,
    /// The last one.
    pub last: Option<AuditNumber>,
    /// The last line that was made, and proved, with the key that is at hand: all before it are sealed.
    pub sealed_to: i64,
    /// How many lines were made without a key.
    pub unkeyed: i64,
    /// How many lines go on past what the file beside the history names.
    pub past_head: i64,
    /// How many operations of the history were compared.
    pub operations: i64,
    /// What does not fit, the chain first.
    pub findings: Vec<Finding>,
    /// What does not fit either, and somebody has taken as it is.
    pub accepted: Vec<Accepted>,
}

impl Verdict {
    /// Whether a person may take all of it as it is: what is of the end, lines that are damaged, and what the history
    /// seems to be otherwise because of them. A history that was changed by itself stays an alarm.
    pub fn may_be_accepted(&self) -> bool {
        let damaged = self.findings.iter().filter_map(Finding::damaged_line).max();
        self.findings.iter().all(|found| match found {
            Finding::NotInAudit(_) => damaged.is_some(),
            // The damaged line may have told of it since.
            Finding::Contradicted { line, .. } | Finding::NotInHistory { line, .. } => {
                damaged.is_some_and(|damaged| damaged >= *line)
            }
            found => found.is_of_the_end() || found.damaged_line().is_some(),
        })
    }

    /// The operations of which no line tells how they stand, by the names that lines have for them.
    pub fn to_be_told_anew(&self) -> Vec<String> {
        let anew = self.findings.iter().filter_map(|found| match found {
            Finding::NotInAudit(operation) | Finding::Contradicted { operation, .. } => {
                Some(operation.clone())
            }
            _ => None,
        });
        anew.collect()
    }
}

impl Audit {
    /// Opens the audit of the history in a folder; none where there is no history.
    pub fn open(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = folder.join(HISTORY_FILE);
        file::inspect(&path)?;
        if !path.exists() {
            return Ok(None);
        }
        // First the file that may lag behind, then what may run ahead of it.
        let head = head::read(&folder.join(HEAD_FILE));
        let connection = file::open_to_read(&path)?;
        let format = migrate::version(&connection)?;
        if format < migrate::AUDITED {
            schema::check(&connection, format)?;
            return Err(StoreError::Unaudited);
        }
        // Everything is read as of one moment.
        connection.execute_batch("BEGIN")?;
        Ok(Some(Self {
            folder: folder.to_owned(),
            connection,
            head,
            remembered: None,
        }))
    }

    /// The same, of which the keyring remembers a line. It was read before the audit was opened.
    pub fn remembered(self, remembered: Option<Point>) -> Self {
        Self { remembered, ..self }
    }

    /// What does not fit where there is no history: a file that names a line, a line that the keyring
    /// remembers, or one that was quoted.
    pub fn without_history(
        folder: &Path,
        remembered: Option<&Point>,
        quoted: Option<&AuditNumber>,
    ) -> Vec<Finding> {
        let head = match head::read(&folder.join(HEAD_FILE)) {
            Ok(head) => (head.last.number > 0).then_some(Finding::CutOff {
                last: 0,
                named: head.last.number,
            }),
            Err(NoHead::Missing) => None,
            Err(NoHead::Unreadable) => Some(Finding::HeadChanged),
        };
        let quoted = quoted.map(|quoted| Finding::NotThere(quoted.clone()));
        let remembered = remembered.map(|point| Finding::NotAsRemembered(point.number));
        head.into_iter().chain(remembered).chain(quoted).collect()
    }

    /// Whether any line was made with a key.
    pub fn is_keyed(&self) -> Result<bool, StoreError> {
        is_keyed(&self.connection)
    }

    /// Lines after a number, in order; none in the place of what cannot be read.
    pub fn lines(&self, after: i64) -> Result<Vec<(i64, Option<Line>)>, StoreError> {
        let question = format!("{SELECT} WHERE number > ?1 ORDER BY number LIMIT {PAGE}");
        let mut lines = self.connection.prepare_cached(&question)?;
        let lines = lines.query_map([after], |row| Ok((row.get(0)?, Line::from_row(row).ok())))?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// Looks at everything. `quoted` is a line that somebody has written down elsewhere.
    pub fn verify(
        &self,
        key: Option<&Key>,
        quoted: Option<&AuditNumber>,
    ) -> Result<Verdict, StoreError> {
        self.look(key, quoted, 0)
    }

    /// What of a verdict is accepted by its name.
    pub fn names(&self, verdict: &Verdict) -> Result<Option<String>, StoreError> {
        accepted::names(&self.connection, verdict.findings.iter())
    }

    /// Looks at so many of the last lines, and whether the audit ends where it should; at everything where
    /// there are no more.
    pub fn verify_end(&self, key: Option<&Key>, most: i64) -> Result<Verdict, StoreError> {
        let before = head::end(&self.connection)?.number.saturating_sub(most);
        self.look(key, None, before.max(0))
    }

    fn look(
        &self,
        key: Option<&Key>,
        quoted: Option<&AuditNumber>,
        before: i64,
    ) -> Result<Verdict, StoreError> {
        let built = schema::differences(&self.connection, migrate::known())?;
        let verdict = Verdict {
            findings: built
                .iter()
                .map(|found| Finding::Built(found.to_string()))
                .collect(),
            ..Verdict::default()
        };
        if built.iter().any(Difference::is_grave) {
            return Ok(verdict);
        }
        let mut walk = Walk {
            key,
            verdict,
            last: self.point(before)?,
            told: Told::new(),
            aside: None,
            carried: BTreeMap::new(),
            unproved: BTreeMap::new(),
            acceptances: Acceptances::default(),
            quoted,
        };
        self.look_before_the_first(&mut walk.verdict)?;
        loop {
            let lines = self.lines(walk.last.number)?;
            if lines.is_empty() {
                break;
            }
            for (number, line) in lines {
                walk.step(number, line)?;
            }
        }
        let aside = walk.aside.take();
        let carried = std::mem::take(&mut walk.carried);
        let acceptances = std::mem::take(&mut walk.acceptances);
        let (mut verdict, told) = walk.end();
        self.compare_head(key, &mut verdict)?;
        if let Some(point) = &self.remembered
            && !head::holds(&self.connection, point)?
        {
            let found = Finding::NotAsRemembered(point.number);
            verdict.findings.push(found);
        }
        verdict.findings.extend(
            aside.map(|name| Finding::Rescued(Aside::compare(&self.folder, name, &carried))),
        );
        if before == 0 {
            self.compare_history(&told, &mut verdict)?;
        }
        let findings = std::mem::take(&mut verdict.findings);
        (verdict.findings, verdict.accepted) =
            acceptances.part(&self.connection, findings, self.is_keyed()?)?;
        Ok(verdict)
    }

    /// The line of that number, by which the one after it is judged.
    fn point(&self, number: i64) -> Result<Point, StoreError> {
        if number == 0 {
            return Ok(Point::default());
        }
        let hash = self
            .connection
            .query_row(
                "SELECT hash FROM audit WHERE number = ?1",
                [number],
                |row| Ok(row.get(0).ok()),
            )
            .optional()?
            .flatten();
        Ok(Point {
            number,
            hash: hash.unwrap_or_default(),
        })
    }

    /// Lines where nobody walks along.
    fn look_before_the_first(&self, verdict: &mut Verdict) -> Result<(), StoreError> {
        let mut numbers = self
            .connection
            .prepare("SELECT number FROM audit WHERE number < 1 ORDER BY number")?;
        for number in numbers.query_map([], |row| row.get(0))? {
            verdict.findings.push(Finding::OutOfPlace(number?));
        }
        Ok(())
    }

    /// Whether the chain holds what the file beside the history names.
    fn compare_head(&self, key: Option<&Key>, verdict: &mut Verdict) -> Result<(), StoreError> {
        let head = match &self.head {
            Ok(head) => head,
            Err(NoHead::Missing) => {
                verdict.findings.push(Finding::NoHead);
                return Ok(());
            }
            Err(NoHead::Unreadable) => {
                verdict.findings.push(Finding::HeadChanged);
                return Ok(());
            }
        };
        let end = verdict.last.as_ref().map_or(0, AuditNumber::number);
        verdict.past_head = end.saturating_sub(head.last.number).max(0);
        // The seal comes before the first line that was made with its key.
        let is_sealed = match (key, &head.sealed) {
            (Some(key), Some(sealed)) if sealed.key == key.name() => sealed.is_by(key),
            // Another keyring's, which has to show in the lines.
            (Some(_), Some(sealed)) => verdict
                .findings
                .iter()
                .any(|found| matches!(found, Finding::Unproved { key, .. } if *key == sealed.key)),
            (Some(_), None) => verdict.sealed_to == 0,
            (None, _) => true,
        };
        if !is_sealed {
            verdict.findings.push(Finding::HeadChanged);
        }
        let sealed = head.sealed.iter().map(|sealed| &sealed.point);
        let furthest = sealed
            .chain([&head.last])
            .max_by_key(|point| point.number)
            .filter(|point| point.number > end);
        if let Some(point) = furthest {
            verdict.findings.push(Finding::CutOff {
                last: end,
                named: point.number,
            });
            return Ok(());
        }
        for point in head
            .sealed
            .iter()
            .map(|sealed| &sealed.point)
            .chain([&head.last])
        {
            let found = Finding::Replaced(point.number);
            if !head::holds(&self.connection, point)? && !verdict.findings.contains(&found) {
                verdict.findings.push(found);
            }
        }
        Ok(())
    }

    /// Whether each operation of the history stands as the audit tells. Only lines that were walked along
    /// count, each read by its number: what an index says of the table may be forged like the rest.
    fn compare_history(&self, told: &Told, verdict: &mut Verdict) -> Result<(), StoreError> {
        let mut operations = self.connection.prepare(&format!(
            "SELECT {PLAIN}, {LINE}, session || '-' || seq FROM operations ORDER BY row"
        ))?;
        let mut line = self
            .connection
            .prepare(&format!("{SELECT} WHERE number = ?1"))?;
        let mut present = BTreeSet::new();
        let mut rows = operations.query([])?;
        while let Some(row) = rows.next()? {
            verdict.operations += 1;
            let operation: String = row.get(Stored::WIDTH)?;
            if !present.insert(operation.clone()) {
                verdict.findings.push(Finding::Twice(operation));
                continue;
            }
            let Some(&Last { number, .. }) = told.get(&operation) else {
                verdict.findings.push(Finding::NotInAudit(operation));
                continue;
            };
            let line = line.query_row([number], |row| Ok(Line::from_row(row).ok()))?;
            let row = Stored::from_row(row).ok();
            // The columns that are searched, and the intent and the state that are read, are one thing.
            let row = row.and_then(|row| Some((row.kind.clone(), row.open, row.decode().ok()?)));
            let fits = match (line, row) {
                // As an event, what it then came to makes no difference.
                (Some(line), Some((kind, open, row))) => {
                    line.kind == Some(kind)
                        && codec::is_open(&row.state) == open
                        && !line.removes()
                        && line.says(&Entry::of(Event::Settled, &row))
                }
                _ => false,
            };
            if !fits {
                verdict.findings.push(Finding::Contradicted {
                    operation,
                    line: number,
                });
            }
        }
        let mut missing: Vec<_> = told
            .iter()
            .filter(|(operation, last)| !last.removes && !present.contains(*operation))
            .collect();
        missing.sort_by_key(|(_, last)| last.number);
        let missing = missing.into_iter().map(|(operation, last)| {
            let (operation, line) = (operation.clone(), last.number);
            Finding::NotInHistory { operation, line }
        });
        verdict.findings.extend(missing);
        Ok(())
    }
}

/// The last line about each operation.
type Told = BTreeMap<String, Last>;

#[derive(Debug, Clone, Copy)]
struct Last {
    number: i64,
    /// It says that the operation is gone from the history.
    removes: bool,
}

/// Whether any line was made with a key.
pub fn is_keyed(connection: &Connection) -> Result<bool, StoreError> {
    let mut keyed = connection.prepare("SELECT 1 FROM audit WHERE key IS NOT NULL LIMIT 1")?;
    Ok(keyed.exists([])?)
}

/// From line to line.
struct Walk<'a> {
    key: Option<&'a Key>,
    verdict: Verdict,
    last: Point,
    told: Told,
    /// What was kept aside, and the first line about each operation since.
    aside: Option<String>,
    carried: BTreeMap<String, Line>,
    /// Lines by keys that are not at hand: the first, and how many.
    unproved: BTreeMap<String, (i64, i64)>,
    acceptances: Acceptances,
    quoted: Option<&'a AuditNumber>,
}

impl Walk<'_> {
    fn step(&mut self, number: i64, line: Option<Line>) -> Result<(), StoreError> {
        let expected = self.last.number.saturating_add(1);
        let found = &mut self.verdict.findings;
        if number.checked_sub(1) == Some(expected) {
            found.push(Finding::Missing(expected));
        } else if number > expected {
            found.push(Finding::MissingMany(expected, number - 1));
        }
        self.verdict.lines += 1;
        let Some(line) = line else {
            found.push(Finding::Unreadable(number));
            self.last = Point {
                number,
                hash: String::new(),
            };
            return Ok(());
        };
        let changed = match (&line.key, self.key) {
            (None, _) => {
                self.verdict.unkeyed += 1;
                line.sealed(None)? != line.hash
            }
            (Some(name), Some(key)) if name == key.name() => {
                let changed = line.sealed(Some(key))? != line.hash;
                if !changed {
                    self.verdict.sealed_to = number;
                }
                changed
            }
            (Some(name), _) => {
                let (_, count) = self.unproved.entry(name.clone()).or_insert((number, 0));
                *count += 1;
                false
            }
        };
        if changed {
            found.push(Finding::Changed(number));
        } else if number == expected
            && !self.last.hash.is_empty()
            && line.previous != self.last.hash
        {
            found.push(Finding::Exchanged(number));
        }
        // One with a key counts where that is at hand, and has proved it.
        let is_proved = !changed && (line.key.is_none() || self.verdict.sealed_to == number);
        if is_proved && line.is(Event::Accepted) {
            self.acceptances.take(&line);
        }
        aside::note(&line, &mut self.aside);
        if let (Some(_), Some(operation)) = (&self.aside, &line.operation_id) {
            let first = self.carried.entry(operation.clone());
            first.or_insert_with(|| line.clone());
        }
        let removes = line.removes();
        if let Some(operation) = &line.operation_id {
            let last = Last { number, removes };
            self.told.insert(operation.clone(), last);
        }
        if self.quoted == Some(&line.quoted()) {
            self.quoted = None;
        }
        self.verdict.last = Some(line.quoted());
        self.last = line.point();
        Ok(())
    }

    fn end(self) -> (Verdict, Told) {
        let mut verdict = self.verdict;
        let unproved = self.unproved.into_iter();
        verdict
            .findings
            .extend(unproved.map(|(key, (first, count))| Finding::Unproved { first, count, key }));
        verdict
            .findings
            .extend(self.quoted.map(|quoted| Finding::NotThere(quoted.clone())));
        (verdict, self.told)
    }
}
