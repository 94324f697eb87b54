//! What truly happened: which requests left and arrived, what the simulated Twilio stored because of
//! which operation, and what stands on disk, seen by a connection of its own.
//!
//! The desk knows nothing of it. Whatever contradicts it is a violation.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use rusqlite::{Connection, OpenFlags};
use tuilio::domain::{OpId, Timestamp};
use tuilio::model::Ask;
use tuilio::simulator::World;
use tuilio::twilio::transport::TransportError;
use tuilio::twilio::wire::{Method, Request, Response};

use crate::counters::Counters;
use crate::dice::Dice;
use crate::intents::{Elsewhere, Truth};
use crate::line::Line;
use crate::network::{Passage, Weather};
use crate::world::list;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// Requests of one look-up within a minute, with pages, repetitions and an agent who asks now and again.
const MOST_LOOKS: usize = 30;

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The name of the invariant.
    pub name: &'static str,
    /// What was seen.
    pub what: String,
}

/// A row of the history, as it lies there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row {
    pub kind: String,
    pub state: String,
    pub sid: Option<String>,
    pub status: Option<String>,
    /// Its program knew Twilio's time when it was written down.
    pub is_placed: bool,
}

impl Row {
    pub fn is_settled(&self) -> bool {
        !matches!(self.state.as_str(), "intended" | "unknown")
    }
}

/// Everything that is known from outside.
pub struct Ledger {
    dice: Dice,
    pub weather: Weather,
    pub counters: Counters,
    pub violations: Vec<Violation>,
    pub truths: BTreeMap<OpId, Truth>,
    /// Texts of other machines.
    pub elsewhere: Vec<Elsewhere>,
    /// A colleague at a desk of another history sends codes to everybody.
    pub has_colleague: bool,
    /// Whose each text and each send of a code is.
    pub owners: BTreeMap<String, OpId>,
    /// Sessions whose programs run.
    pub living: BTreeSet<u32>,
    /// The rows that were seen last.
    pub rows: BTreeMap<OpId, Row>,
    /// Operations whose outcome the history did not take.
    pub unwritten: BTreeSet<OpId>,
    /// All operations that were ever seen there.
    pub ever: BTreeSet<OpId>,
    /// How many lines the audit had when it was looked at last.
    pub audited: usize,
    /// What a person deleted from the history.
    pub deleted: BTreeSet<OpId>,
    /// Verifications that are approved at Twilio, as far as anybody asked.
    pub approved: BTreeSet<String>,
    /// Which check approved a verification there, and when.
    pub approved_by: BTreeMap<String, (OpId, Timestamp)>,
    /// When the last requests of each look-up of each program left.
    looks: BTreeMap<(OpId, u32), VecDeque<Timestamp>>,
    digest: DefaultHasher,
    reader: Option<(PathBuf, Connection)>,
    past: Vec<(Timestamp, World)>,
}

impl Ledger {
    pub fn new(dice: Dice) -> Self {
        Self {
            dice,
            weather: Weather::Calm,
            counters: Counters::default(),
            violations: Vec::new(),
            truths: BTreeMap::new(),
            elsewhere: Vec::new(),
            has_colleague: false,
            owners: BTreeMap::new(),
            living: BTreeSet::new(),
            rows: BTreeMap::new(),
            unwritten: BTreeSet::new(),
            ever: BTreeSet::new(),
            audited: 0,
            deleted: BTreeSet::new(),
            approved: BTreeSet::new(),
            approved_by: BTreeMap::new(),
            looks: BTreeMap::new(),
            digest: DefaultHasher::new(),
            reader: None,
            past: Vec::new(),
        }
    }

    /// A promise was broken.
    pub fn broken(&mut self, name: &'static str, what: impl Into<String>) {
        self.violations.push(Violation {
            name,
            what: what.into(),
        });
    }

    /// Something that two runs of a seed must agree about.
    pub fn saw(&mut self, what: &impl Hash) {
        what.hash(&mut self.digest);
    }

    pub fn digest(&self) -> u64 {
        self.digest.finish()
    }

    /// The history lies there from now on.
    pub fn read_from(&mut self, history: &Path) {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(history, flags).unwrap();
        self.reader = Some((history.to_owned(), connection));
    }

    /// Lets go of the history.
    pub fn look_away(&mut self) {
        self.reader = None;
    }

    /// All rows, as they lie there now.
    pub fn on_disk(&self) -> BTreeMap<OpId, Row> {
        let Some((_, reader)) = &self.reader else {
            return BTreeMap::new();
        };
        let mut statement = reader
            .prepare_cached("SELECT session, seq, kind, state, sid, status, skew_seconds IS NOT NULL FROM operations")
            .unwrap();
        let rows = statement.query_map([], |row| {
            let op = OpId {
                session: row.get(0)?,
                seq: row.get(1)?,
            };
            let row = Row {
                kind: row.get(2)?,
                state: row.get(3)?,
                sid: row.get(4)?,
                status: row.get(5)?,
                is_placed: row.get(6)?,
            };
            Ok((op, row))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// Event and operation of each line of the audit, as they lie there now.
    pub fn audit_lines(&self) -> Option<Vec<(String, String)>> {
        let (_, reader) = self.reader.as_ref()?;
        let mut statement = reader
            .prepare_cached("SELECT event, coalesce(operation, '') FROM audit ORDER BY number")
            .unwrap();
        let lines = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        Some(lines.unwrap().map(Result::unwrap).collect())
    }

    fn state_on_disk(&self, op: OpId) -> Option<String> {
        let (_, reader) = self.reader.as_ref()?;
        let mut statement = reader
            .prepare_cached("SELECT state FROM operations WHERE session = ?1 AND seq = ?2")
            .unwrap();
        statement
            .query_row((op.session, op.seq), |row| row.get(0))
            .ok()
    }

    /// A request of a look-up leaves: whether there are not too many of them.
    fn looks_in_measure(&mut self, op: OpId, by: u32, now: Timestamp) -> bool {
        let minute = self.looks.entry((op, by)).or_default();
        minute.push_back(now);
        while minute.front().is_some_and(|at| *at <= now - MINUTE) {
            minute.pop_front();
        }
        let looks = minute.len();
        if looks > MOST_LOOKS {
            self.broken(
                "a look-up asks no more than it has to",
                format!("{op} asks {looks} times within a minute"),
            );
        }
        looks <= MOST_LOOKS
    }

    /// The first byte of a request is about to leave.
    pub fn leaves(
        &mut self,
        ask: Ask,
        by: u32,
        request: &Request,
        now: Timestamp,
        slept: Duration,
    ) -> Passage {
        let mut passage = Passage::draw(self.weather, request.method, &mut self.dice);
        if let Ask::Search(op) = ask
            && !self.looks_in_measure(op, by, now)
        {
            // It would go on for the rest of the play.
            passage = Passage::nowhere();
        }
        if let (Ask::Operation(op), Method::Post) = (ask, request.method) {
            let state = self.state_on_disk(op);
            if state.as_deref() != Some("intended") {
                self.broken(
                    "a byte leaves only after its intent is on disk",
                    format!("{op} leaves, and on disk is {state:?}"),
                );
            }
            let truth = self.truths.entry(op).or_default();
            truth.open_posts += 1;
            truth.left = true;
            if truth.open_posts > 1 {
                let what = format!("{op} ({}) leaves once more", truth.content);
                self.broken("no request of open fate is repeated by itself", what);
            }
            if !self.truths[&op].yes {
                self.broken(
                    "nothing leaves without a yes",
                    format!("{op} ({})", self.truths[&op].content),
                );
            }
            self.leaves_in_time(op, slept);
            self.text_leaves(op);
        }
        passage
    }

    /// A request arrives at Twilio: how long it takes there, and what it answers.
    pub fn arrives(
        &mut self,
        line: &Arc<Line>,
        ask: Ask,
        request: &Request,
        lag: Duration,
    ) -> (Duration, Result<Response, TransportError>) {
        let now = line.now();
        if request.method == Method::Get {
            let is_list =
                request.path.ends_with("/Messages.json") || request.path.ends_with("/Attempts");
            if is_list && !lag.is_zero() {
                // As it was before the first of what has come since.
                let then = self.past.iter().find(|(at, _)| *at + lag > now);
                if let Some((_, world)) = then {
                    self.counters.count("lists that lagged");
                    let mut world = world.clone();
                    // Faults of today, news of yesterday.
                    line.world.lock().unwrap().advance(now);
                    return line.arrive_at(&mut world, request);
                }
            }
            return line.arrive(request);
        }
        let before = stored(&line.world.lock().unwrap(), now, request);
        let checks = request.path.ends_with("/VerificationCheck");
        let was_approved = checks.then(|| approved(&line.world.lock().unwrap(), now));
        self.past.push((now, line.world.lock().unwrap().clone()));
        let answer = line.arrive(request);
        let after = stored(&line.world.lock().unwrap(), now, request);
        if let Ask::Operation(op) = ask {
            if let Ok(response) = &answer.1
                && response.status == 429
            {
                self.counters.count("told to wait (429)");
                // Not processed: it may be said again.
                let truth = self.truths.entry(op).or_default();
                truth.open_posts = truth.open_posts.saturating_sub(1);
            }
            if let Some(before) = was_approved {
                let after = approved(&line.world.lock().unwrap(), now);
                let new = after.difference(&before).cloned();
                self.approved_by.extend(new.map(|sid| (sid, (op, now))));
            }
            for sid in after.difference(&before) {
                self.counters.count(if sid.starts_with("VL") {
                    "codes stored"
                } else {
                    "texts stored"
                });
                self.owners.insert(sid.clone(), op);
                self.truths.entry(op).or_default().stored.push(sid.clone());
            }
            let truth = &self.truths[&op];
            // A colleague's sends come up together with the first of ours.
            let texts = truth.stored.iter().filter(|sid| !sid.starts_with("VL"));
            if texts.count() > 1 {
                let what = format!("{op} ({}) is there as {:?}", truth.content, truth.stored);
                self.broken("Twilio holds no operation twice without a second yes", what);
            }
            if request.path.ends_with("/Messages.json") {
                self.text_is_there(op);
            }
        }
        answer
    }
}

/// The SIDs of everything of a request's kind that has gone out.
fn stored(world: &World, now: Timestamp, request: &Request) -> BTreeSet<String> {
    let items = if request.path.ends_with("/Messages.json") {
        list(world, now, &request.path, "messages")
    } else if request.path.ends_with("/Verifications") {
        list(world, now, "/v2/Attempts", "attempts")
    } else {
        Vec::new()
    };
    items
        .into_iter()
        .filter(|item| item["direction"] != "inbound")
        .filter_map(|item| item["sid"].as_str().map(str::to_owned))
        .collect()
}

/// The SIDs of verifications of which a code was read back.
pub fn approved(world: &World, now: Timestamp) -> BTreeSet<String> {
    list(world, now, "/v2/Attempts", "attempts")
        .into_iter()
        .filter(|attempt| attempt["conversion_status"] == "converted")
        .filter_map(|attempt| attempt["verification_sid"].as_str().map(str::to_owned))
        .collect()
}
