//! The power goes, at any moment of any run, and the disk keeps what it had promised to keep.
//!
//! A run of the shipped store is recorded once, write by write and sync by sync. From the record, disks
//! are made as a cut may leave them; the shipped store opens each, and everything that it had promised
//! must be there. The same is then done with a store that does not wait for the disk: an experiment that
//! does not see its losses proves nothing.

mod image;
mod record;

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use image::Files;
use record::{Recorder, Step};
use rusqlite::Connection;
use tuilio::domain::Timestamp;
use tuilio::store::{Audit, Finding, Journal, Store, StoreError};

use crate::dice::Dice;
use crate::session::{Fact, Session, all, judge, start, text};
use crate::twilio::Twilio;
use crate::vfs::{self, Deed, Fate, Watch};
use crate::{at_work, count, short_lived};

/// Images where nobody asks for more.
const USUAL: usize = 300;
/// Of so many images of a store that does not wait, at least half must show a loss.
const CONTROLS: usize = 60;

pub fn promises() {
    let steps = recorded(None);
    let images = count("TUILIO_POWER_IMAGES", USUAL);
    let seed = count("TUILIO_SEED", 1) as u64;
    let bad = bad_images(&steps, images, seed, true);
    println!(
        "{images} images of {}, seed {seed}: {} bad",
        summary(&steps),
        bad.len()
    );
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// A history of the first format is brought forward, and the power goes meanwhile.
pub fn upgrades() {
    let folder = short_lived();
    old_history(folder.path());
    let path = folder.path().join("history.db");
    let file = "history.db".to_owned();
    let mut steps = vec![
        Step::Write {
            file: file.clone(),
            offset: 0,
            bytes: std::fs::read(&path).unwrap(),
        },
        Step::Sync { file },
    ];
    let recorder = Arc::new(Recorder::default());
    let watched = vfs::watch(folder.path(), Arc::clone(&recorder) as Arc<dyn Watch>);
    let store = Store::open(folder.path()).unwrap();
    let rows = all(&store);
    assert!(!rows.is_empty());
    let promised = rows
        .iter()
        .map(|row| Step::Fact(Fact::Intended(row.operation.id)));
    steps.extend(promised);
    drop(store);
    drop(watched);
    let made = steps.len();
    steps.extend(recorder.steps());
    let images = count("TUILIO_POWER_IMAGES", USUAL) / 3;
    let bad: Vec<String> = (0..images as u64)
        .filter_map(|number| {
            let mut dice = Dice::new(number);
            let cut = made + dice.below(steps.len() - made + 1);
            let (files, facts) = image::after_cut(&steps, cut, &mut dice);
            let found = examine(&files, &facts).err()?;
            Some(format!("image {number}, cut behind step {cut}: {found}"))
        })
        .collect();
    println!("{images} images of an upgrade: {} bad", bad.len());
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// As the first tuilio left it.
fn old_history(folder: &Path) {
    let file = Connection::open(folder.join("history.db")).unwrap();
    file.pragma_update(None, "journal_mode", "wal").unwrap();
    for step in [
        include_str!("../../../assets/migrations/0001_history.sql"),
        "PRAGMA user_version = 1; PRAGMA application_id = 0x7475696c;",
        include_str!("../../samples/history_1.sql"),
    ] {
        file.execute_batch(step).unwrap();
    }
}

pub fn control() {
    for level in [c"PRAGMA synchronous = NORMAL", c"PRAGMA synchronous = OFF"] {
        let steps = recorded(Some(level));
        let images = count("TUILIO_POWER_IMAGES", USUAL).min(CONTROLS);
        let bad = bad_images(&steps, images, 1, false).len();
        println!("{images} images with {level:?}: {bad} bad");
        assert!(bad * 2 > images, "{level:?}: {bad} bad of {images}");
    }
}

/// A history is made, used, closed, used again until its log is written back, and left open.
fn recorded(level: Option<&std::ffi::CStr>) -> Vec<Step> {
    let folder = short_lived();
    let recorder = Arc::new(Recorder::default());
    let watched = vfs::watch(folder.path(), Arc::clone(&recorder) as Arc<dyn Watch>);
    let twilio = Twilio::new();
    let notes = |fact| recorder.note(fact);
    at_work(async {
        for (run, texts) in [3, 3, 150].into_iter().enumerate() {
            let mut session = Session::open(folder.path(), &twilio, &notes).unwrap();
            if let Some(level) = level {
                vfs::tamper(&session.store, level);
            }
            for seq in 0..texts {
                let to = format!("+1415555{:04}", 1000 * run + seq);
                // A long one reaches the size at which the log is written back.
                let body = format!("{run} {seq} {}", "long ".repeat(seq % 40));
                session.perform(text(&twilio, &to, &body), None).await;
            }
            session
                .perform(start(&twilio, &format!("+1415555600{run}")), None)
                .await;
        }
    });
    drop(watched);
    recorder.steps()
}

fn summary(steps: &[Step]) -> String {
    let of = |wanted: fn(&Step) -> bool| steps.iter().filter(|step| wanted(step)).count();
    format!(
        "{} writes, {} syncs, {} deletions, {} promises",
        of(|step| matches!(step, Step::Write { .. })),
        of(|step| matches!(step, Step::Sync { .. })),
        of(|step| matches!(step, Step::Delete { .. })),
        of(|step| matches!(step, Step::Fact(_))),
    )
}

/// Most of the time the log is appended to. Every other cut may fall where more is at stake: while the file
/// is made, and while the log is written back.
fn bad_images(steps: &[Step], images: usize, seed: u64, choosy: bool) -> Vec<String> {
    let rare: Vec<usize> = (0..steps.len())
        .filter(|at| steps[*at].concerns_more_than_the_log())
        .collect();
    let complaint = |number: u64| {
        let mut dice = Dice::new(seed.wrapping_mul(1 << 32) + number);
        let last = if choosy && dice.heads() {
            rare[dice.below(rare.len())]
        } else {
            dice.below(steps.len())
        };
        let cut = last + 1;
        let (files, facts) = image::after_cut(steps, cut, &mut dice);
        let found = examine(&files, &facts);
        found
            .err()
            .map(|what| format!("image {number} of seed {seed}, cut behind step {cut}: {what}"))
    };
    (0..images as u64).filter_map(complaint).collect()
}

/// Opens a disk as it was left, and compares it with what was promised.
fn examine(files: &Files, facts: &[Fact]) -> Result<(), String> {
    let folder = short_lived();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let _unhurried = vfs::watch(folder.path(), Arc::new(Unhurried));
    let said = |error: &dyn std::error::Error| {
        let mut said = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let _ = write!(said, ": {error}");
            cause = error.source();
        }
        said
    };
    let mut store = Store::open(folder.path()).map_err(|error| said(&error))?;
    store.check().map_err(|error| said(&error))?;
    store
        .recover(Timestamp::now())
        .map_err(|error| said(&error))?;
    let broken = judge(facts, &all(&store));
    if !broken.is_empty() {
        return Err(broken.join("; "));
    }
    drop(store);
    integrity(folder.path())?;
    audit(folder.path())
}

/// Verifies the audit.
pub fn audit(folder: &Path) -> Result<(), String> {
    let said = |error: StoreError| error.to_string();
    let audit = Audit::open(folder).map_err(said)?.unwrap();
    let mut findings = audit.verify(None, None).map_err(said)?.findings;
    // The file beside the history is not SQLite's: the disks that are made here do not have it.
    findings.retain(|finding| *finding != Finding::NoHead);
    match findings.first() {
        Some(finding) => Err(finding.to_string()),
        None => Ok(()),
    }
}

/// Looks through tables and indexes.
pub fn integrity(folder: &Path) -> Result<(), String> {
    let found: String = Connection::open(folder.join("history.db"))
        .and_then(|file| file.query_row("PRAGMA integrity_check", [], |row| row.get(0)))
        .map_err(|error| error.to_string())?;
    if found == "ok" { Ok(()) } else { Err(found) }
}

/// A disk for a moment: nothing waits for it.
struct Unhurried;

impl Watch for Unhurried {
    fn before(&self, _: &Path, deed: Deed<'_>) -> Fate {
        if deed == Deed::Sync {
            Fate::Pretended
        } else {
            Fate::Done
        }
    }
}
