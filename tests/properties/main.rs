//! The laws of [`laws`], tried with made-up, hostile and mutated input.
//!
//! Each law is tried with its seeds, with what was once found to break it, with hostile texts, and with as
//! many mutations of all of these as `TUILIO_CASES` says (a few hundred otherwise). The fuzz targets of the
//! same names, which search on by themselves, stand in `fuzz/`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a law is broken by a panic"
)]

mod found;
mod laws;
mod output;
#[path = "../support/program.rs"]
#[expect(dead_code, reason = "the one-shot commands have more to say elsewhere")]
mod program;
#[path = "../support/simulator.rs"]
#[expect(dead_code, reason = "nothing is sent here")]
mod simulator;

use std::path::Path;

use laws::seeds::recorded;
use laws::{ALL, Law, answers};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tuilio::twilio::response::NoReply;
use tuilio::twilio::wire::Response;

/// How many mutations of its seeds a law is tried with.
fn cases(usual: u32) -> u32 {
    std::env::var("TUILIO_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(usual)
}

/// A change to a seed.
#[derive(Debug, Clone)]
enum Change {
    Cut(Index),
    Drop(Index, u8),
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Hostile(Index, Index),
    Repeat(Index, u8),
    Splice(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Change::Cut),
        (at(), any::<u8>()).prop_map(|(at, n)| Change::Drop(at, n)),
        (at(), 1..=255_u8).prop_map(|(at, mask)| Change::Flip(at, mask)),
        (at(), prop::collection::vec(any::<u8>(), 1..8))
            .prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (at(), at()).prop_map(|(at, which)| Change::Hostile(at, which)),
        (at(), 2..20_u8).prop_map(|(at, n)| Change::Repeat(at, n)),
        (at(), at()).prop_map(|(at, other)| Change::Splice(at, other)),
    ]
}

fn changed(seeds: &[Vec<u8>], seed: Index, changes: &[Change]) -> Vec<u8> {
    let mut bytes = seeds[seed.index(seeds.len())].clone();
    for change in changes {
        let place = |at: &Index| at.index(bytes.len() + 1);
        match change {
            Change::Cut(at) => bytes.truncate(place(at)),
            Change::Drop(at, n) => {
                let from = place(at);
                let to = (from + usize::from(*n)).min(bytes.len());
                bytes.drain(from..to);
            }
            Change::Flip(at, mask) => {
                let at = place(at);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= mask;
                }
            }
            Change::Insert(at, more) => {
                let at = place(at);
                bytes.splice(at..at, more.iter().copied());
            }
            Change::Hostile(at, which) => {
                let at = place(at);
                let text = laws::chars::HOSTILE[which.index(laws::chars::HOSTILE.len())];
                bytes.splice(at..at, text.bytes());
            }
            Change::Repeat(at, n) => {
                let from = place(at);
                let part = bytes[from..(from + 24).min(bytes.len())].repeat(usize::from(*n));
                bytes.splice(from..from, part);
            }
            Change::Splice(at, other) => {
                let at = place(at);
                let other = &seeds[other.index(seeds.len())];
                bytes.truncate(at);
                bytes.extend(&other[at.min(other.len())..]);
            }
        }
        bytes.truncate(16 * 1024);
    }
    bytes
}

/// The laws of the whole desk take their time.
fn most_seeds(name: &str) -> usize {
    match name {
        "lines" => 8,
        "desk" | "rows" => 60,
        _ => 400,
    }
}

/// Tries a law with all that there is for it.
fn keeps(name: &str, usual: u32) {
    let law: &Law = ALL
        .iter()
        .find(|law| law.name == name)
        .expect("a law of that name");
    let mut seeds = (law.seeds)();
    for (of, bytes, why) in found::FOUND {
        if *of == name {
            assert!(
                why.ends_with('.'),
                "say in a sentence what was found: {why}"
            );
            seeds.push(bytes.to_vec());
        }
    }
    assert!(!seeds.is_empty(), "{name} has no seed");
    seeds.push(Vec::new());
    // What was found before, and as many of the others as there is time for.
    let stride = if cases(0) > 0 {
        1
    } else {
        1 + seeds.len() / most_seeds(name)
    };
    let found = found::FOUND.iter().filter(|(of, _, _)| *of == name);
    let known = found.map(|(_, bytes, _)| *bytes);
    for seed in known.chain(seeds.iter().step_by(stride).map(Vec::as_slice)) {
        (law.holds)(seed);
    }
    let config = Config {
        cases: cases(usual),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..Config::default()
    };
    let input = (any::<Index>(), prop::collection::vec(change(), 1..6))
        .prop_map(|(seed, changes)| Bytes(changed(&seeds, seed, &changes)));
    // The normal run tries the same input each time: what is new is for longer runs to find.
    let mut runner = if std::env::var_os("TUILIO_CASES").is_some() {
        TestRunner::new(config)
    } else {
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
    };
    runner
        .run(&input, |Bytes(bytes)| {
            (law.holds)(&bytes);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
}

/// Shown in a form that can be put into [`found`].
#[derive(Clone)]
struct Bytes(Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

macro_rules! twins {
    ($($name:ident: $cases:literal),* $(,)?) => {
        $(#[test]
        fn $name() {
            keeps(stringify!($name), $cases);
        })*

        const TWINS: &[&str] = &[$(stringify!($name)),*];
    };
}
twins!(
    cleaning: 1600,
    exports: 800,
    cells: 1600,
    segments: 800,
    answers: 2400,
    outcomes: 1200,
    addresses: 1600,
    phone: 200,
    keys_in_a_paste: 1200,
    code_in_a_paste: 1600,
    words: 1600,
    config: 800,
    policy: 1200,
    chord: 1600,
    theme: 1200,
    template: 1200,
    scene: 60,
    twilio_cli: 800,
    keyring: 1600,
    query: 200,
    rows: 150,
    input: 1600,
    field: 800,
    desk: 60,
    lines: 40,
    world: 150,
    door: 60,
);

#[test]
fn each_law_has_a_twin_and_a_target() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    for law in ALL {
        let name = law.name;
        assert!(TWINS.contains(&name), "{name} has no twin");
        let target = std::fs::read_to_string(root.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(
            target.contains(&format!("::{name}(")),
            "the target {name} tries another law"
        );
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "{name} is no target of fuzz/Cargo.toml"
        );
    }
    assert_eq!(ALL.len(), TWINS.len());
    for (name, _, _) in found::FOUND {
        assert!(TWINS.contains(name), "{name} is no law");
    }
}

/// A body that was cut off must not pass for an answer: every beginning of every recorded one.
#[test]
fn no_beginning_of_an_answer_is_an_answer() {
    let mut tried = 0;
    for (decoder, body) in recorded() {
        let (name, decode) = answers::DECODERS[decoder];
        let step = if cases(0) > 0 {
            1
        } else {
            1 + body.len() / 700
        };
        for end in (0..body.len()).step_by(step).chain([body.len() - 1]) {
            let answer = Response {
                status: 200,
                headers: Vec::new(),
                body: body[..end].to_vec(),
            };
            assert_eq!(
                decode(&answer),
                Err(NoReply::Unreadable),
                "{name} cut at {end}"
            );
            tried += 1;
        }
    }
    assert!(tried > 3_000, "{tried}");
}
