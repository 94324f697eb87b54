//! A bit turns over, somewhere in the history of a small day: wherever it is, no operation disappears without a word,
//! none is told to be otherwise than it was without a word, and nothing is sent twice without a yes.
//!
//! The day is done once. Then it is damaged in a new way for each seed, opened like every start opens it, looked up
//! and asked for what is not known once more. `TUILIO_FLIPS=N` does that N times, `TUILIO_SEED=N` one of them.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use tuilio::domain::{Code, Failure, HistoryRow, Intent, OpId, OpState, Settled};
use tuilio::model::{Effect, Event};
use tuilio::store::{Audit, History};

use crate::dice::Dice;
use crate::session::{Session, Told, check, start, text};
use crate::trials::count;
use crate::twilio::Twilio;
use crate::{at_work, short_lived};

const ADA: &str = "+14155550123";
const BOB: &str = "+14155550124";
/// What was lost on its way, and is asked for once more.
const LOST: &str = "what nobody heard of";
const FILES: [&str; 2] = ["history.db", "audit-head.json"];

/// A day and what was known at its end.
struct Day {
    files: [Vec<u8>; 2],
    rows: Vec<HistoryRow>,
    twilio: Twilio,
}

pub fn trial() {
    let day = at_work(Day::new());
    let seeds = match std::env::var("TUILIO_SEED") {
        Ok(seed) => {
            let seed: u64 = seed.parse().unwrap();
            seed..seed + 1
        }
        Err(_) => 0..count("TUILIO_FLIPS", 120) as u64,
    };
    let mut counts = Counts::default();
    let mut bad = Vec::new();
    for seed in seeds.clone() {
        let folder = short_lived();
        let what = day.damaged(folder.path(), seed);
        if let Err(why) = at_work(day.goes_on(folder.path(), &mut counts)) {
            bad.push(format!("seed {seed}, {what}: {why}"));
        }
    }
    println!(
        "{} damaged histories: {counts:?}, {} bad",
        seeds.end - seeds.start,
        bad.len()
    );
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// What became of them.
#[derive(Debug, Default)]
struct Counts {
    refused: usize,
    rescued: usize,
    unreadable: usize,
    stopped: usize,
}

impl Day {
    async fn new() -> Self {
        let folder = short_lived();
        let twilio = Twilio::new();
        let posted = RefCell::new(0);
        let notes = |_| *posted.borrow_mut() += 1;
        let mut session = Session::open(folder.path(), &twilio, &notes).unwrap();
        let wrong = Code::parse("000000").unwrap();
        for n in 0..4 {
            session
                .perform(text(&twilio, ADA, &format!("text {n}")), None)
                .await;
        }
        session.perform(start(&twilio, BOB), None).await;
        session.perform(check(&twilio, BOB), Some(wrong)).await;
        let code = Code::parse(&twilio.code(BOB).unwrap()).unwrap();
        session.perform(check(&twilio, BOB), Some(code)).await;
        twilio.loses_the_next_answer();
        let lost = session.perform(text(&twilio, ADA, LOST), None).await;
        assert!(
            matches!(lost, Told::Written(OpState::Unknown(_))),
            "{lost:?}"
        );
        session
            .perform(text(&twilio, BOB, "the last one"), None)
            .await;
        let rows = crate::session::all(&session.store);
        assert_eq!(rows.len(), 9);
        drop(session);
        let files = FILES.map(|file| fs::read(folder.path().join(file)).unwrap());
        Self {
            files,
            rows,
            twilio,
        }
    }

    /// Lays it out with one damage; says which.
    fn damaged(&self, folder: &Path, seed: u64) -> String {
        let mut dice = Dice::new(seed);
        let [mut history, head] = self.files.clone();
        let place = dice.below(history.len());
        let length = match dice.roll(20) {
            0..14 => {
                history[place] ^= 1 << dice.roll(8);
                1
            }
            14..19 => {
                let end = (place + 1 + dice.below(40)).min(history.len());
                dice.garble(&mut history[place..end]);
                end - place
            }
            _ => {
                let page = place / 4096 * 4096;
                history[page..page + 4096].fill(0);
                4096
            }
        };
        for (file, bytes) in FILES.iter().zip([history, head]) {
            fs::write(folder.join(file), bytes).unwrap();
        }
        format!("{length} bytes from {place}")
    }

    async fn goes_on(&self, folder: &Path, counts: &mut Counts) -> Result<(), String> {
        let sent = self.copies();
        let again = text(&self.twilio, ADA, LOST);
        // What a start does not meet is met later, and kept aside by the start after that.
        let (mut tries, mut alarmed) = (0, false);
        let rows = loop {
            tries += 1;
            let session = Session::open(folder, &self.twilio, &|_| ());
            let mut session = match session {
                Ok(session) => session,
                Err(failure) => {
                    counts.refused += 1;
                    return said(&failure);
                }
            };
            let unaccepted = session
                .store
                .is_unaccepted()
                .map_err(|error| error.to_string());
            alarmed |= unaccepted.clone().unwrap_or(true);
            if unaccepted == Ok(false) {
                // Whoever asks for it once more before it is looked up is told that it may be out.
                let told = session.perform(again.clone(), None).await;
                if self.copies() != sent {
                    return Err(format!("sent twice without a yes: {told:?}"));
                }
            }
            let page = session.write(Effect::LoadPage { before: None });
            let looked_up = session.look_up().await;
            match (page, looked_up) {
                (Event::PageLoaded { result: Ok(_), .. }, Ok(())) => {
                    let page = session.store.page(None, 100);
                    let rows = page.map_err(|error| error.to_string())?.rows;
                    if unaccepted == Ok(false) && !is_found(&rows) {
                        let told = session.perform(again.clone(), None).await;
                        if self.copies() != sent {
                            return Err(format!("sent twice without being found: {told:?}"));
                        }
                    }
                    break rows;
                }
                (page, looked_up) if tries > 2 => {
                    return Err(format!("cannot be read for good: {page:?} {looked_up:?}"));
                }
                _ => {}
            }
        };
        counts.rescued += usize::from(fs::read_dir(folder).unwrap().flatten().any(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with("history-damaged-")
        }));
        counts.stopped += usize::from(alarmed);
        counts.unreadable += rows
            .iter()
            .filter(|row| row.operation.intent.is_unreadable())
            .count();
        self.compare(folder, &rows, alarmed)
    }

    /// Each operation is there, as it was or told to be otherwise.
    fn compare(&self, folder: &Path, rows: &[HistoryRow], alarmed: bool) -> Result<(), String> {
        let audit = Audit::open(folder).map_err(|error| error.to_string())?;
        let found = audit.map(|audit| audit.verify(None, None));
        let told = match found {
            Some(Ok(verdict)) => !verdict.findings.is_empty(),
            // It says that it is damaged.
            Some(Err(_)) | None => true,
        };
        for was in &self.rows {
            let op: OpId = was.operation.id;
            let Some(is) = rows.iter().find(|row| row.operation.id == op) else {
                if alarmed && told {
                    continue;
                }
                let there: Vec<_> = rows
                    .iter()
                    .map(|row| row.operation.id.to_string())
                    .collect();
                return Err(format!(
                    "{op} is gone, alarm {alarmed}, told {told}: {there:?}"
                ));
            };
            let unknown = matches!(is.state, OpState::Unknown(_));
            let is_same = was.state.word() == is.state.word()
                || unknown
                || matches!(
                    (&was.state, &is.state),
                    (OpState::Unknown(_), OpState::Settled(_))
                );
            if !is_same && !told {
                return Err(format!("{op} is {:?}, and nothing says so", is.state));
            }
            if matches!(was.state, OpState::Unknown(_)) && matches!(is.state, OpState::NotSent(_)) {
                return Err(format!("{op} is called not sent, though it was"));
            }
        }
        Ok(())
    }

    /// How often the lost one is at Twilio.
    fn copies(&self) -> usize {
        let messages = self.twilio.messages();
        messages
            .iter()
            .filter(|message| message["body"] == LOST)
            .count()
    }
}

/// The lost one was found: whoever asks for it then asks for another one.
fn is_found(rows: &[HistoryRow]) -> bool {
    rows.iter().any(|row| {
        matches!(&row.operation.intent, Intent::Text(text) if text.body.raw() == LOST)
            && matches!(row.state, OpState::Settled(Settled::Text { .. }))
    })
}

/// What is refused is refused with a sentence.
fn said(failure: &Failure) -> Result<(), String> {
    let message = &failure.message;
    if message.is_empty() || message.contains('\n') {
        return Err(format!("not a sentence: {message:?}"));
    }
    Ok(())
}
