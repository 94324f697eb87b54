//! What the kills came to, counted.

use std::collections::BTreeMap;
use std::fmt;

use crate::victim::Deed;

/// Where a kill fell, by what the history held at that moment and the simulator in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    BeforeIntent,
    IntentToPost,
    PostToSettle,
    After,
}

/// What was found when all was looked up.
#[derive(Debug, Default)]
pub struct Report {
    pub rounds: usize,
    pub phases: BTreeMap<Phase, usize>,
    pub deeds: BTreeMap<Deed, usize>,
    /// Held by Twilio, and in no row of the history.
    pub lost: Vec<String>,
    /// Held by Twilio twice.
    pub doubled: Vec<String>,
    /// Held by Twilio, and said not to have been sent; or otherwise told wrongly.
    pub wrong: Vec<String>,
    /// Begun, not settled when the process died, and settled with what Twilio holds afterwards.
    pub adopted: usize,
    /// Not known, and therefore refused when the same was asked for again.
    pub asked: usize,
}

impl Report {
    pub fn add(&mut self, other: Self) {
        self.rounds += other.rounds;
        for (phase, count) in other.phases {
            *self.phases.entry(phase).or_default() += count;
        }
        for (deed, count) in other.deeds {
            *self.deeds.entry(deed).or_default() += count;
        }
        self.lost.extend(other.lost);
        self.doubled.extend(other.doubled);
        self.wrong.extend(other.wrong);
        self.adopted += other.adopted;
        self.asked += other.asked;
    }

    pub fn in_phase(&self, phase: Phase) -> usize {
        self.phases.get(&phase).copied().unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let deeds: Vec<String> = self
            .deeds
            .iter()
            .map(|(deed, count)| format!("{deed:?} {count}"))
            .collect();
        writeln!(f, "{} kills: {}", self.rounds, deeds.join(", "))?;
        writeln!(
            f,
            "before the intent {}, intent to POST {}, POST to settle {}, after {}",
            self.in_phase(Phase::BeforeIntent),
            self.in_phase(Phase::IntentToPost),
            self.in_phase(Phase::PostToSettle),
            self.in_phase(Phase::After),
        )?;
        write!(
            f,
            "lost {}, doubled {}, told wrongly {}, adopted {}, asked {}",
            self.lost.len(),
            self.doubled.len(),
            self.wrong.len(),
            self.adopted,
            self.asked
        )
    }
}
