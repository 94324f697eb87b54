//! The whole desk in simulated time, driven by one seed: random people, a random network, random
//! failures, crashes at any point. What has to hold is looked at after each step.
//!
//! `cargo test --test simulation` plays a thousand seeds. For more there is
//! `cargo test --release --test simulation -- --seeds 1000000 --from 0 --hours 1`, and for one seed
//! `-- --seed 17`. A seed gives the same play each time, byte for byte.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]
#![expect(clippy::print_stdout, reason = "it reports to whoever started it")]

mod audit;
mod codes;
mod counters;
#[path = "../journeys/desk.rs"]
#[expect(dead_code, reason = "the stories need more of it")]
mod desk;
#[expect(dead_code, reason = "others use the rest")]
#[path = "../support/dice.rs"]
mod dice;
mod intents;
mod invariants;
mod ledger;
#[path = "../journeys/life.rs"]
mod life;
#[path = "../journeys/line.rs"]
mod line;
mod network;
mod office;
#[path = "../journeys/picture.rs"]
mod picture;
mod run;
mod script;
mod secrets;
mod step;
mod vault;
mod waits;
mod watch;
#[path = "../journeys/world.rs"]
#[expect(dead_code, reason = "the stories need more of it")]
mod world;

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};

use counters::{Counters, MUST_BE_REACHED};
use ledger::Violation;
use network::Weather;

use step::{Failing, Step};

/// Seeds of the normal run.
const SEEDS: u64 = 1_000;
/// Threads that play.
const THREADS: usize = 2;

/// Plays that found something once: what that was, the seed, and the steps that it took.
const REGRESSIONS: &[(&str, u64, &[Step])] = &[
    (
        "a lost text is found although smart encoding has changed its letters",
        0,
        &[Step::Check(1), Step::Text { to: 0, body: 2 }],
    ),
    (
        "the send of a code that was read back is no unsent one",
        77,
        &[
            Step::HistoryFails(Failing::Settle, 1),
            Step::Check(0),
            Step::Wait(1_000),
            Step::Code {
                right: true,
                pasted: false,
            },
        ],
    ),
    (
        "what was found out and could not be written down is looked for again",
        100_078,
        &[
            Step::Fault {
                fault: 10,
                times: 5,
            },
            Step::Weather(Weather::Rough),
            Step::Text { to: 3, body: 2 },
            Step::Check(0),
            Step::Wait(300),
            Step::Code {
                right: true,
                pasted: true,
            },
            Step::HistoryFails(Failing::Settle, 3),
            Step::Wait(200_000),
        ],
    ),
    (
        "of two lost texts with the same words one is found, and one is not sent",
        121,
        &[
            Step::Leave,
            Step::Fault { fault: 9, times: 1 },
            Step::Text { to: 1, body: 0 },
            Step::Wait(40_000),
            Step::Keys("y"),
            Step::Check(0),
        ],
    ),
    (
        "a check does not wait for a day because the clock was set back by one",
        140,
        &[Step::Clock(-90_000), Step::Check(1), Step::Wait(3_000)],
    ),
    (
        "a send that is asked for again and lost as well is not taken for the first",
        1_001_851,
        &[
            Step::Crash {
                after: 2,
                as_it_lay: true,
            },
            Step::Text { to: 0, body: 0 },
            Step::Text { to: 2, body: 0 },
            Step::Check(1),
            Step::Fault { fault: 0, times: 2 },
            Step::Text { to: 2, body: 0 },
            Step::Wait(40_000),
            Step::Keys("y"),
        ],
    ),
    (
        "a start whose outcome was not written is found by its own run's clock",
        2_001_193,
        &[
            Step::Clock(-30),
            Step::HistoryFails(Failing::Settle, 1),
            Step::Check(0),
            Step::Wait(3_000),
            Step::Code {
                right: true,
                pasted: true,
            },
        ],
    ),
    (
        "nor does a clock that is set back by a day later hide it",
        4_002_631,
        &[
            Step::HistoryFails(Failing::Settle, 2),
            Step::Check(0),
            Step::Wait(3_000),
            Step::Code {
                right: true,
                pasted: false,
            },
            Step::Wait(1_000),
            Step::Clock(-90_000),
        ],
    ),
    (
        "a call and a text of one code within a second are told apart",
        4_009_671,
        &[
            Step::Text { to: 0, body: 1 },
            Step::Text { to: 0, body: 0 },
            Step::Keys("c"),
            Step::HistoryFails(Failing::All, 3),
            Step::Wait(700_000),
        ],
    ),
    (
        "an older text of another machine is not ours because a clock was a day behind",
        4_001_349,
        &[
            Step::Clock(-90_000),
            Step::Crash {
                after: 3,
                as_it_lay: false,
            },
            Step::Wait(700_000),
            Step::Check(6),
            Step::Elsewhere { to: 2, body: 1 },
            Step::Wait(700_000),
            Step::Text { to: 2, body: 1 },
        ],
    ),
    (
        "what was deleted from the history is not taken for a lost one with the same words",
        5_047_727,
        &[
            Step::Fault { fault: 9, times: 1 },
            Step::Text { to: 2, body: 0 },
            Step::Wait(40_000),
            Step::Keys("<F4><Home><Enter>y"),
            Step::Wait(200_000),
            Step::Keys("<Delete>"),
            Step::Keys("y"),
        ],
    ),
    (
        "ten minutes are not over because a clock was set two hours ahead",
        4_030_397,
        &[
            Step::Weather(Weather::Rough),
            Step::Text { to: 3, body: 2 },
            Step::Clock(7_200),
            Step::Wait(12_000),
        ],
    ),
    (
        "a trainee's desk sleeps when a wait is over",
        7_016_879,
        &[
            Step::Fault { fault: 4, times: 5 },
            Step::Check(5),
            Step::Keys("<F4><Home><Enter>y"),
            Step::Wait(200_000),
        ],
    ),
    (
        "until when a code is good is told by the clock of the run that finds it",
        8_022_067,
        &[
            Step::Weather(Weather::Rough),
            Step::Clock(-90_000),
            Step::Check(6),
            Step::Wait(1_000),
            Step::Check(0),
        ],
    ),
    (
        "an answer that the machine slept over does not tell the time",
        9_003_852,
        &[
            Step::Fault {
                fault: 16,
                times: 5,
            },
            Step::Sleep(40_000),
            Step::Text { to: 2, body: 0 },
            Step::Script { to: 1, body: 1 },
        ],
    ),
    (
        "nor that of the send of a code, by which it could not be found any more",
        9_009_565,
        &[Step::Check(0), Step::Sleep(300), Step::Check(3)],
    ),
    (
        "a text that was held does not leave because the other desk has another clock",
        9_009_616,
        &[
            Step::Clock(7_200),
            Step::Text { to: 2, body: 2 },
            Step::OtherDesk,
            Step::Text { to: 2, body: 2 },
            Step::Wait(12_000),
        ],
    ),
];

fn main() -> ExitCode {
    let folder = place();
    std::env::set_current_dir(folder.path()).unwrap();
    run::keep_panics();
    let mut words = std::env::args().skip(1).peekable();
    if words.peek().is_some_and(|word| {
        matches!(
            word.as_str(),
            "--seeds" | "--from" | "--hours" | "--seed" | "--steps" | "--threads"
        )
    }) {
        return by_hand(words);
    }
    let trials = vec![
        Trial::test(
            "a_thousand_seeds_keep_every_promise_and_reach_what_they_are_for",
            thousand,
        ),
        Trial::test("a_seed_plays_the_same_play_byte_for_byte", same),
        Trial::test("plays_that_found_something_stay_clean", regressions),
    ];
    let mut arguments = Arguments::from_args();
    // Each plays on threads of its own, in folders that are named by their seeds.
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Memory where there is a place in it: the histories of a thousand plays are written durably.
fn place() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// What was played.
struct Played {
    seeds: u64,
    time: Duration,
    counters: Counters,
    found: Option<(u64, Violation)>,
}

/// Plays seeds until there are enough, the time is over, or one finds something.
fn play(from: u64, seeds: u64, steps: usize, threads: usize, until: Option<Duration>) -> Played {
    let began = Instant::now();
    let next = AtomicU64::new(from);
    let total = Mutex::new((Counters::default(), 0_u64, None::<(u64, Violation)>));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    let late = until.is_some_and(|until| began.elapsed() >= until);
                    if seed >= from.saturating_add(seeds)
                        || late
                        || total.lock().unwrap().2.is_some()
                    {
                        return;
                    }
                    let outcome = run::run(seed, &run::steps(seed, steps));
                    let mut total = total.lock().unwrap();
                    total.0.add(&outcome.counters);
                    total.1 += 1;
                    if let Some(violation) = outcome.violation
                        && total.2.as_ref().is_none_or(|(found, _)| seed < *found)
                    {
                        total.2 = Some((seed, violation));
                    }
                }
            });
        }
    });
    let (counters, seeds, found) = total.into_inner().unwrap();
    Played {
        seeds,
        time: began.elapsed(),
        counters,
        found,
    }
}

/// A failure in words, with as few steps as it needs.
fn report(seed: u64, steps: usize, violation: &Violation) -> String {
    let few = run::shrink(seed, run::steps(seed, steps), violation.name);
    let outcome = run::run(seed, &few);
    let what = outcome.violation.as_ref().unwrap_or(violation);
    let lines: Vec<String> = few.iter().map(|step| format!("  {step:?}")).collect();
    format!(
        "seed {seed} breaks: {}\n{}\nafter {} of its {steps} steps:\n{}\nAgain: cargo test --test simulation -- --seed {seed} --steps {steps}",
        violation.name,
        what.what,
        few.len(),
        lines.join("\n")
    )
}

fn thousand() -> Result<(), Failed> {
    let played = play(0, SEEDS, run::STEPS, THREADS, None);
    if let Some((seed, violation)) = &played.found {
        return Err(report(*seed, run::STEPS, violation).into());
    }
    let missed: Vec<_> = MUST_BE_REACHED
        .iter()
        .filter(|what| played.counters.of(what) == 0)
        .collect();
    if missed.is_empty() {
        Ok(())
    } else {
        Err(format!("never reached: {missed:?}").into())
    }
}

fn same() -> Result<(), Failed> {
    for seed in SEEDS..SEEDS + 8 {
        let steps = run::steps(seed, run::STEPS);
        let (once, twice) = (run::run(seed, &steps), run::run(seed, &steps));
        if once != twice {
            return Err(format!(
                "seed {seed} is another play the second time:\n{once:?}\n{twice:?}"
            )
            .into());
        }
    }
    Ok(())
}

fn regressions() -> Result<(), Failed> {
    for (what, seed, steps) in REGRESSIONS {
        if let Some(violation) = run::run(*seed, steps).violation {
            return Err(format!("{what}: {} {}", violation.name, violation.what).into());
        }
    }
    Ok(())
}

/// Seeds by hand, with a summary.
fn by_hand(mut words: impl Iterator<Item = String>) -> ExitCode {
    let (mut from, mut seeds, mut steps, mut threads, mut hours) =
        (0, u64::MAX, run::STEPS, THREADS, None);
    while let Some(word) = words.next() {
        let value = words.next().unwrap_or_default();
        let number = || value.parse::<u64>().unwrap();
        match word.as_str() {
            "--seeds" => seeds = number(),
            "--from" => from = number(),
            "--seed" => (from, seeds) = (number(), 1),
            "--steps" => steps = number() as usize,
            "--threads" => threads = number() as usize,
            "--hours" => {
                hours = Some(Duration::from_secs_f64(
                    value.parse::<f64>().unwrap() * 3_600.0,
                ));
            }
            other => {
                println!("{other} is not known");
                return ExitCode::from(2);
            }
        }
    }
    let played = play(from, seeds, steps, threads, hours);
    let counted = u32::try_from(played.seeds).unwrap_or(u32::MAX);
    let rate = f64::from(counted) / played.time.as_secs_f64();
    println!(
        "{} seeds from {from} in {:.0} s, {rate:.1} a second",
        played.seeds,
        played.time.as_secs_f64()
    );
    for (what, n) in played.counters.iter() {
        println!("{n:>12}  {what}");
    }
    match played.found {
        Some((seed, violation)) => {
            println!("{}", report(seed, steps, &violation));
            ExitCode::FAILURE
        }
        None => ExitCode::SUCCESS,
    }
}
