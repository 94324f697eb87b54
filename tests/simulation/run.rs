//! One play from a seed: its steps, what was reached, and what was broken.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::counters::Counters;
use crate::dice::Dice;
use crate::invariants;
use crate::ledger::Violation;
use crate::office::Office;
use crate::step::{self, Step};

/// Steps of a play, unless it is said otherwise.
pub const STEPS: usize = 12;

/// What came of a play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Of every screen, every order and every row.
    pub digest: u64,
    pub counters: Counters,
    pub violation: Option<Violation>,
}

thread_local! {
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Panics within a play are kept instead of printed: they are violations like others.
pub fn keep_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let playing = PANIC.with_borrow_mut(|kept| {
            let playing = kept.is_some();
            if playing {
                *kept = Some(info.to_string());
            }
            playing
        });
        if !playing {
            usual(info);
        }
    }));
}

/// The steps of a seed.
pub fn steps(seed: u64, count: usize) -> Vec<Step> {
    step::play(&mut Dice::new(seed), count)
}

/// Plays these steps.
pub fn run(seed: u64, steps: &[Step]) -> Outcome {
    let root = Path::new("play").join(seed.to_string());
    let _ = std::fs::remove_dir_all(&root);
    let tampered = seed % 8 == 5;
    PANIC.set(Some(String::new()));
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut office = Office::open(&root, seed);
        for (n, step) in steps.iter().enumerate() {
            office.take(step);
            invariants::hold(&mut office, n);
            if tampered && n == steps.len() / 2 {
                office.keep_aside();
            }
            if !office.ledger.lock().unwrap().violations.is_empty() {
                break;
            }
        }
        let broken = !office.ledger.lock().unwrap().violations.is_empty();
        if !broken {
            office.come_to_rest(seed.is_multiple_of(8));
            if tampered {
                office.tamper();
            }
        }
        if std::env::var_os("TUILIO_SHOW").is_some() {
            office.show();
        }
        let ledger = office.ledger.lock().unwrap();
        Outcome {
            digest: ledger.digest(),
            counters: ledger.counters.clone(),
            violation: ledger.violations.first().cloned(),
        }
    }));
    let panicked = PANIC.take().filter(|panic| !panic.is_empty());
    let _ = std::fs::remove_dir_all(&root);
    let mut outcome = played.unwrap_or_else(|_| Outcome {
        digest: 0,
        counters: Counters::default(),
        violation: None,
    });
    if let Some(what) = panicked {
        outcome.violation.get_or_insert(Violation {
            name: "nothing panics",
            what,
        });
    }
    outcome
}

/// Leaves out what the violation does not need.
pub fn shrink(seed: u64, mut steps: Vec<Step>, name: &str) -> Vec<Step> {
    let mut size = steps.len() / 2;
    let mut runs = 0;
    while size > 0 {
        let mut at = 0;
        while at < steps.len() && runs < 200 {
            let mut fewer = steps.clone();
            fewer.drain(at..(at + size).min(steps.len()));
            runs += 1;
            let outcome = run(seed, &fewer);
            if outcome
                .violation
                .is_some_and(|violation| violation.name == name)
            {
                steps = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    steps
}
