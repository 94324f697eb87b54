//! Every single access to the disk may fail: each in its turn, for a moment or from then on.
//!
//! A session of every kind of operation is done once on a good disk and its accesses are counted. Then
//! it is done again for each of them, with that one failing. After each, the disk is well again, the next
//! run looks up what is not known, and history and Twilio are compared. With `TUILIO_FAULTS=all` each
//! access fails in every way, instead of one way after the other.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::ffi;
use tuilio::domain::{
    Code, Draft, Failure, HistoryRow, Intent, OpState, Settled, Timestamp, Untrusted,
};
use tuilio::model::Effect;

use crate::power::{audit, integrity};
use crate::session::{Fact, Session, Told, all, check, judge, start, text};
use crate::twilio::Twilio;
use crate::vfs::{self, Deed, Fate, Watch};
use crate::{at_work, short_lived};

/// A kind of access, and how one of it fails.
struct Kind {
    name: &'static str,
    is: fn(&Deed<'_>) -> bool,
    fates: &'static [Fate],
}

const KINDS: &[Kind] = &[
    Kind {
        name: "write",
        is: |deed| matches!(deed, Deed::Write { .. }),
        fates: &[
            Fate::Failed(ffi::SQLITE_FULL),
            Fate::Half(ffi::SQLITE_FULL),
            Fate::Failed(ffi::SQLITE_IOERR_WRITE),
            Fate::Failed(ffi::SQLITE_READONLY),
        ],
    },
    Kind {
        name: "sync",
        is: |deed| matches!(deed, Deed::Sync),
        fates: &[Fate::Failed(ffi::SQLITE_IOERR_FSYNC)],
    },
    Kind {
        name: "truncate",
        is: |deed| matches!(deed, Deed::Truncate { .. }),
        fates: &[Fate::Failed(ffi::SQLITE_IOERR_TRUNCATE)],
    },
    Kind {
        name: "read",
        is: |deed| matches!(deed, Deed::Read),
        fates: &[Fate::Failed(ffi::SQLITE_IOERR_READ)],
    },
    Kind {
        name: "open",
        is: |deed| matches!(deed, Deed::Open),
        fates: &[Fate::Failed(ffi::SQLITE_CANTOPEN)],
    },
    Kind {
        name: "lock",
        is: |deed| matches!(deed, Deed::Lock),
        fates: &[Fate::Failed(ffi::SQLITE_IOERR_LOCK)],
    },
    Kind {
        name: "map",
        is: |deed| matches!(deed, Deed::Map),
        fates: &[
            Fate::Failed(ffi::SQLITE_IOERR_SHMMAP),
            Fate::Failed(ffi::SQLITE_NOMEM),
        ],
    },
    Kind {
        name: "delete",
        is: |deed| matches!(deed, Deed::Delete { .. }),
        fates: &[Fate::Failed(ffi::SQLITE_IOERR_DELETE)],
    },
];

/// Counts accesses of one kind, and makes some of them fail.
#[derive(Clone, Copy)]
struct Plan {
    kind: &'static Kind,
    fate: Fate,
    /// The first that fails, counted from 1; 0 is none.
    first: usize,
    /// All from there on fail as well.
    lasting: bool,
    seen: usize,
}

struct Disk(Mutex<Plan>);

impl Watch for Disk {
    fn before(&self, _: &Path, deed: Deed<'_>) -> Fate {
        let mut plan = self.0.lock().unwrap();
        if (plan.kind.is)(&deed) {
            plan.seen += 1;
            if plan.seen == plan.first || plan.lasting && plan.first > 0 && plan.seen > plan.first {
                return plan.fate;
            }
        }
        // What is to wait for the disk is known from the experiment with the power.
        match deed {
            Deed::Sync => Fate::Pretended,
            _ => Fate::Done,
        }
    }
}

pub fn every_access() {
    let all = std::env::var_os("TUILIO_FAULTS").is_some_and(|which| which == "all");
    let mut runs = 0;
    let mut bad = Vec::new();
    for kind in KINDS {
        let accesses = counted(kind);
        assert!(accesses > 0, "the session does no {}", kind.name);
        println!("{}: {accesses}", kind.name);
        for first in 1..=accesses {
            for (fate, lasting) in kind.ways(first, all) {
                runs += 1;
                let plan = Plan {
                    kind,
                    fate,
                    first,
                    lasting,
                    seen: 0,
                };
                if let Err(what) = experiment(plan) {
                    let from_then = if lasting { " and all after it" } else { "" };
                    bad.push(format!(
                        "{} {first}{from_then}, {fate:?}: {what}",
                        kind.name
                    ));
                }
            }
        }
    }
    println!("{runs} sessions on a failing disk: {} bad", bad.len());
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

impl Kind {
    /// The ways in which an access fails: all of them, or one after the other from access to access.
    fn ways(&self, access: usize, all: bool) -> Vec<(Fate, bool)> {
        let lasts = [false, true];
        let ways = self
            .fates
            .iter()
            .flat_map(|fate| lasts.map(|lasting| (*fate, lasting)));
        let mut ways: Vec<_> = ways.collect();
        if !all {
            ways = vec![ways[access % ways.len()]];
        }
        ways
    }
}

fn counted(kind: &'static Kind) -> usize {
    let folder = short_lived();
    let disk = Arc::new(Disk(Mutex::new(Plan {
        kind,
        fate: Fate::Done,
        first: 0,
        lasting: false,
        seen: 0,
    })));
    let _watched = vfs::watch(folder.path(), Arc::clone(&disk) as Arc<dyn Watch>);
    let twilio = Twilio::new();
    let told = at_work(day(folder.path(), &twilio, &|_| ())).unwrap();
    assert_eq!(told.len(), 6, "{told:?}");
    for (_, told) in &told {
        assert!(matches!(told, Told::Written(_)), "{told:?}");
    }
    disk.0.lock().unwrap().seen
}

const ADA: &str = "+14155550123";
const BOB: &str = "+14155550124";

/// One of everything; what could not be begun is left out. What each order came to.
async fn day(
    folder: &Path,
    twilio: &Twilio,
    notes: &dyn Fn(Fact),
) -> Result<Vec<(Intent, Told)>, Failure> {
    let mut session = Session::open(folder, twilio, notes)?;
    let mut told = Vec::new();
    let wrong = Code::parse("000000").unwrap();
    for (intent, code) in [
        (text(twilio, ADA, "first"), None),
        (start(twilio, BOB), None),
        (check(twilio, BOB), Some(wrong)),
    ] {
        let came_to = session.perform(intent.clone(), code).await;
        told.push((intent, came_to));
    }
    if let Some(code) = twilio.code(BOB) {
        let intent = check(twilio, BOB);
        let code = Code::parse(&code).unwrap();
        let came_to = session.perform(intent.clone(), Some(code)).await;
        told.push((intent, came_to));
    }
    twilio.loses_the_next_answer();
    let lost = text(twilio, ADA, "lost");
    let came_to = session.perform(lost.clone(), None).await;
    told.push((lost, came_to));
    twilio.is_well_again();
    // What fails here is tried again by the next run.
    let _ = session.look_up().await;
    session.write(Effect::SaveDraft(Draft {
        to: Untrusted::new("+1415555"),
        body: Untrusted::new("not yet"),
        ticket: Untrusted::new(""),
        send_at: None,
        updated_at: Timestamp::now(),
    }));
    session.write(Effect::LoadPage { before: None });
    let last = text(twilio, ADA, "last");
    let came_to = session.perform(last.clone(), None).await;
    told.push((last, came_to));
    Ok(told)
}

fn experiment(plan: Plan) -> Result<(), String> {
    let folder = short_lived();
    let disk = Arc::new(Disk(Mutex::new(plan)));
    let _watched = vfs::watch(folder.path(), Arc::clone(&disk) as Arc<dyn Watch>);
    let twilio = Twilio::new();
    let facts = Mutex::new(Vec::new());
    let notes = |fact| facts.lock().unwrap().push(fact);
    let told = match at_work(day(folder.path(), &twilio, &notes)) {
        Ok(told) => told,
        Err(failure) => {
            sentence(&failure)?;
            Vec::new()
        }
    };
    disk.0.lock().unwrap().first = 0;
    twilio.is_well_again();
    let rows = at_work(async {
        let mut session = Session::open(folder.path(), &twilio, &|_| ())
            .map_err(|failure| format!("the next run cannot open it: {}", failure.message))?;
        let looked_up = session.look_up().await;
        looked_up.map_err(|error| format!("the next run cannot look up: {error}"))?;
        session.store.check().map_err(|error| error.to_string())?;
        Ok::<_, String>(all(&session.store))
    })?;
    integrity(folder.path())?;
    audit(folder.path())?;
    let mut broken = judge(&facts.into_inner().unwrap(), &rows);
    broken.extend(compare(&twilio, &rows));
    for (intent, told) in told {
        if let Told::NotIntended(failure) = told {
            sentence(&failure)?;
            let held = twilio.messages();
            let Intent::Text(message) = intent else {
                continue;
            };
            if held.iter().any(|held| held["body"] == message.body.raw()) {
                broken.push(format!("{:?} was sent without an intent", message.body));
            }
        }
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(broken.join("; "))
    }
}

/// What a person is told is one sentence, or two where the second says what to do.
fn sentence(failure: &Failure) -> Result<(), String> {
    let message = &failure.message;
    if message.is_empty() || message.contains('\n') || message.len() > 300 {
        return Err(format!("not a sentence: {message:?}"));
    }
    Ok(())
}

/// What Twilio holds, against what a history that has looked up everything says.
fn compare(twilio: &Twilio, rows: &[HistoryRow]) -> Vec<String> {
    let mut broken = Vec::new();
    let messages = twilio.messages();
    for message in &messages {
        let (sid, body) = (&message["sid"], &message["body"]);
        let twins = messages.iter().filter(|other| other["body"] == *body);
        if twins.count() > 1 {
            broken.push(format!("{body} was sent twice"));
        }
        let credited = rows.iter().filter(|row| {
            matches!(&row.state, OpState::Settled(Settled::Text { sid: known, .. }) if sid == known.as_str())
        });
        match credited.count() {
            1 => {}
            0 => broken.push(format!("{body} is held by Twilio and not by the history")),
            _ => broken.push(format!("{body} is in the history more than once")),
        }
    }
    let attempts = twilio.attempts();
    if attempts.len() > 1 {
        broken.push("a code was sent twice".to_owned());
    }
    for attempt in &attempts {
        let of_it = |row: &&HistoryRow| matches!(&row.state, OpState::Settled(Settled::Verification { sid, .. }) if attempt["verification_sid"] == sid.as_str());
        let started = |row: &HistoryRow| matches!(row.operation.intent, Intent::VerifyStart(_));
        if !rows.iter().filter(of_it).any(started) {
            broken.push("a code was sent that the history does not hold".to_owned());
        }
        let approved = |row: &HistoryRow| {
            matches!(row.operation.intent, Intent::VerifyCheck { .. })
                && matches!(&row.state, OpState::Settled(Settled::Verification { status, .. }) if *status == tuilio::domain::VerificationStatus::Approved)
        };
        if attempt["conversion_status"] == "converted" && !rows.iter().filter(of_it).any(approved) {
            broken.push("an approval is not in the history".to_owned());
        }
    }
    broken
}
