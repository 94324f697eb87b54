//! Kills, one after another, on histories that live on; and the comparison in the end.

use std::collections::BTreeMap;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;

use crate::count;
use crate::dice::Dice;
use crate::program::Tuilio;
use crate::report::{Phase, Report};
use crate::simulator::Simulator;
use crate::twilio::Twilio;
use crate::victim::{DEEDS, Deed, body};

/// Kills where nobody asks for more.
const USUAL: usize = 20;
/// How many of them one history lives through.
const A_HISTORY: usize = 10;
/// Answers take so many milliseconds, so that a fair part of all kills falls while one is awaited; on a
/// machine that is busy, on which programs start slowly, more is needed.
const LATENCY: usize = 400;
/// Histories that live at the same time. They share the simulator and nothing else.
const LANES: usize = 4;
/// Nothing takes longer than this, unless it hangs.
const PATIENCE: Duration = Duration::from_mins(1);
/// At least one in so many kills must fall between POST and settle. Few kills prove nothing of it.
const SHARE: usize = 5;
const ENOUGH: usize = 100;

pub fn trial() {
    let rounds = count("TUILIO_CRASH_ROUNDS", USUAL);
    let seed = count("TUILIO_SEED", 1) as u64;
    let latency = count("TUILIO_CRASH_LATENCY", LATENCY);
    let simulator = Simulator::start(&["--latency", &latency.to_string()]);
    let twilio = Twilio(&simulator);
    let usual = usual_durations(&twilio);
    println!("usual durations: {usual:?}");
    let histories = rounds.div_ceil(A_HISTORY);
    let mut report = Report::default();
    for abreast in (0..histories).collect::<Vec<_>>().chunks(LANES) {
        std::thread::scope(|scope| {
            let lives: Vec<_> = abreast
                .iter()
                .map(|&number| {
                    let (twilio, usual) = (&twilio, &usual);
                    let kills = A_HISTORY.min(rounds - number * A_HISTORY);
                    scope.spawn(move || Life::new(twilio, number, seed).lead(kills, usual))
                })
                .collect();
            for life in lives {
                report.add(life.join().unwrap());
            }
        });
    }
    println!("seed {seed}, {report}");
    let bad = [&report.lost, &report.doubled, &report.wrong];
    for found in bad {
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
    let between = report.in_phase(Phase::PostToSettle);
    assert!(
        report.rounds < ENOUGH || between * SHARE >= report.rounds,
        "{between} of {} kills between POST and settle",
        report.rounds
    );
}

/// How long each deed takes where nobody is killed: the mean of two.
fn usual_durations(twilio: &Twilio) -> BTreeMap<Deed, Duration> {
    let tuilio = Tuilio::at(twilio.0);
    let duration = |(number, deed): (usize, Deed)| {
        let both: Duration = (0..2)
            .map(|time| {
                let to = format!("+1415300{:04}", number * 10 + time);
                if deed == Deed::Check {
                    twilio.start(&to);
                }
                let mut victim = deed.begin(&tuilio, twilio, &to);
                assert!(victim.work(deed, twilio, &to, PATIENCE), "{deed:?} hangs");
                let (took, code) = victim.finish();
                assert_eq!(code, Some(0), "{deed:?}");
                took
            })
            .sum();
        (deed, both / 2)
    };
    DEEDS.into_iter().enumerate().map(duration).collect()
}

/// A history, and all that is done on it.
struct Life<'a> {
    twilio: &'a Twilio<'a>,
    tuilio: Tuilio,
    number: usize,
    dice: Dice,
    rounds: Vec<Round>,
}

/// One kill.
struct Round {
    deed: Deed,
    to: String,
    /// What the history held of its last operation at that moment: the kind and the state.
    found: Option<(String, String)>,
    /// What another process did at the same time, and was not killed for.
    beside: Option<String>,
}

impl<'a> Life<'a> {
    fn new(twilio: &'a Twilio<'a>, number: usize, seed: u64) -> Self {
        Self {
            twilio,
            tuilio: Tuilio::at(twilio.0),
            number,
            dice: Dice::new(seed.wrapping_mul(1 << 32) + number as u64),
            rounds: Vec::new(),
        }
    }

    fn lead(mut self, kills: usize, usual: &BTreeMap<Deed, Duration>) -> Report {
        for kill in 0..kills {
            let deed = DEEDS[kill % DEEDS.len()];
            self.kill(deed, usual[&deed]);
            // Every other time the next process takes up what this one left.
            if self.dice.heads() {
                self.refresh();
            }
        }
        self.refresh();
        self.compare()
    }

    fn kill(&mut self, deed: Deed, usual: Duration) {
        let to = format!(
            "+1415{:07}",
            4_000_000 + self.number * 100 + self.rounds.len()
        );
        if deed == Deed::Check {
            self.twilio.start(&to);
        }
        let whole = usize::try_from(usual.as_micros()).unwrap();
        let moment = Duration::from_micros(self.dice.below(whole) as u64);
        let mut victim = deed.begin(&self.tuilio, self.twilio, &to);
        let beside = (deed == Deed::SendBeside).then(|| {
            let to = format!(
                "+1415{:07}",
                5_000_000 + self.number * 100 + self.rounds.len()
            );
            let other = Deed::Send.begin(&self.tuilio, self.twilio, &to);
            (to, other)
        });
        victim.work(deed, self.twilio, &to, moment);
        victim.kill_at(moment);
        let found = self.found(&to);
        let beside = beside.map(|(to, mut other)| {
            assert!(other.work(Deed::Send, self.twilio, &to, PATIENCE));
            let (_, code) = other.finish();
            assert_eq!(code, Some(0), "the process beside the one that was killed");
            to
        });
        self.rounds.push(Round {
            deed,
            to,
            found,
            beside,
        });
    }

    /// The state in the history, read from a copy: reading the file itself would mend it.
    fn found(&self, to: &str) -> Option<(String, String)> {
        // A process beside it may write while it is copied: a copy that is torn is made anew.
        let mut copies = (0..100).map(|_| self.in_a_copy(to));
        copies.find_map(Result::ok).unwrap()
    }

    fn in_a_copy(&self, to: &str) -> rusqlite::Result<Option<(String, String)>> {
        let copy = tempfile::tempdir().unwrap();
        for name in ["history.db", "history.db-wal", "history.db-journal"] {
            // What is not there yet is not copied.
            let _ = std::fs::copy(self.tuilio.data_dir().join(name), copy.path().join(name));
        }
        let file = Connection::open(copy.path().join("history.db"))?;
        let has_table = "SELECT count(*) FROM sqlite_master WHERE name = 'operations'";
        // The first process may be dead before it made the table.
        if file.query_row(has_table, [], |row| row.get::<_, i64>(0))? == 0 {
            return Ok(None);
        }
        file.prepare("SELECT kind, state FROM operations WHERE recipient = ?1 ORDER BY row DESC")?
            .query_row([to], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
    }

    fn refresh(&self) -> Vec<Value> {
        let line = [
            "history",
            "--refresh",
            "--reveal",
            "--limit",
            "1000",
            "--json",
        ];
        let ended = self.tuilio.run(&line);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.object()["rows"].as_array().unwrap().clone()
    }

    fn compare(&self) -> Report {
        let mut report = Report::default();
        let rows = self.refresh();
        for round in &self.rounds {
            report.rounds += 1;
            *report.deeds.entry(round.deed).or_default() += 1;
            let held = self.held(round, &rows, &mut report);
            let found = round.found.as_ref();
            let phase = match found.map(|(_, state)| state.as_str()) {
                None => Phase::BeforeIntent,
                // The whole commit was in the log, and the process was dead before it told the one beside
                // it, which wrote its own over it. The history had promised nothing yet.
                Some("intended")
                    if round.beside.is_some() && !held && !Self::knows(round, &rows) =>
                {
                    Phase::BeforeIntent
                }
                Some("intended") if held => Phase::PostToSettle,
                Some("intended") => Phase::IntentToPost,
                Some(_) => Phase::After,
            };
            *report.phases.entry(phase).or_default() += 1;
            if phase == Phase::PostToSettle {
                report.adopted += 1;
            }
            if phase == Phase::IntentToPost && round.deed.is_text() {
                self.ask_again(round, &mut report);
            }
            if phase == Phase::IntentToPost && !Self::knows(round, &rows) {
                report
                    .lost
                    .push(format!("the intent of {:?} to {}", round.deed, round.to));
            }
            if let Some(to) = &round.beside {
                self.text(to, "settled", &rows, &mut report);
            }
        }
        let audit = self.tuilio.run(&["audit", "verify"]);
        if audit.code != Some(0) {
            report.wrong.push(format!("the audit: {audit:?}"));
        }
        report
    }

    /// Whether the last operation of a round is in the history.
    fn knows(round: &Round, rows: &[Value]) -> bool {
        round.found.as_ref().is_some_and(|(kind, _)| {
            rows.iter()
                .any(|row| row["to"] == *round.to && row["kind"] == **kind)
        })
    }

    /// Whether the simulator holds the last operation of a round; what does not fit goes into the report.
    fn held(&self, round: &Round, rows: &[Value], report: &mut Report) -> bool {
        if round.deed.is_text() {
            return self.text(&round.to, "", rows, report);
        }
        let to = &round.to;
        let of = |kind: &str| -> Vec<&Value> {
            let is_it = |row: &&Value| row["to"] == **to && row["kind"] == kind;
            rows.iter().filter(is_it).collect()
        };
        let verifications = self.twilio.verifications(to);
        if self.twilio.codes(to) > 1 || verifications.len() > 1 {
            report
                .doubled
                .push(format!("{:?} {to}: {verifications:?}", round.deed));
        }
        let mut approved = false;
        for (sid, converted) in verifications {
            approved = converted;
            let settled = |row: &&Value| row["state"] == "settled" && row["sid"] == sid;
            if round.deed != Deed::Check && !of("verify_start").iter().any(settled) {
                let starts = of("verify_start");
                report.lost.push(format!("the code of {sid}: {starts:?}"));
            }
            let is_approved = |row: &&Value| settled(row) && row["status"] == "approved";
            if converted && !of("verify_check").iter().any(is_approved) {
                let checks = of("verify_check");
                report
                    .lost
                    .push(format!("the approval of {sid}: {checks:?}"));
            }
        }
        for row in of("verify_start").into_iter().chain(of("verify_check")) {
            if matches!(row["state"].as_str(), Some("not_sent" | "intended")) {
                report.wrong.push(format!("{:?}: {row}", round.deed));
            }
        }
        match &round.found {
            Some((kind, _)) if kind == "verify_start" => self.twilio.codes(to) > 0,
            _ => approved,
        }
    }

    /// The same of a text. `wanted` is the one state that is right, where there is only one.
    fn text(&self, to: &str, wanted: &str, rows: &[Value], report: &mut Report) -> bool {
        let texts = self.twilio.texts(to);
        if texts.len() > 1 {
            report.doubled.push(format!("{to}: {texts:?}"));
        }
        let row = rows.iter().find(|row| row["to"] == *to);
        let state = row
            .and_then(|row| row["state"].as_str())
            .unwrap_or("absent");
        match (texts.first(), row) {
            (Some(sid), Some(row)) if row["sid"] == **sid && state == "settled" => {}
            (Some(sid), row) => report.lost.push(format!("{sid} to {to}: {row:?}")),
            (None, _) if matches!(state, "absent" | "unknown") => {}
            (None, row) => report.wrong.push(format!("{to}: {row:?}")),
        }
        if !wanted.is_empty() && state != wanted {
            report.wrong.push(format!("{to} is {state}"));
        }
        !texts.is_empty()
    }

    /// Whoever repeats the command of a process that was killed is told that it is not known; nothing is
    /// sent.
    fn ask_again(&self, round: &Round, report: &mut Report) {
        let ended = self
            .tuilio
            .run(&["send", "--to", &round.to, "--body", &body(&round.to)]);
        if ended.code != Some(9) || !self.twilio.texts(&round.to).is_empty() {
            report
                .wrong
                .push(format!("sent again without a question: {ended:?}"));
        }
        report.asked += 1;
    }
}
