//! What was reached: a simulation that never meets what it is for would prove nothing.

use std::collections::BTreeMap;

/// How often something was reached, by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters(BTreeMap<&'static str, u64>);

/// What a run of a thousand seeds has to meet at least once.
pub const MUST_BE_REACHED: &[&str] = &[
    "texts stored",
    "codes stored",
    "checks approved",
    "wrong codes",
    "answers lost",
    "requests lost",
    "requests that arrived late",
    "lists that lagged",
    "told to wait (429)",
    "not known",
    "not known, then found",
    "not known, then not sent",
    "sent again after a last look",
    "sent again on a yes",
    "twins refused",
    "finds of another row",
    "texts of another machine",
    "crashes",
    "crashes between POST and settle",
    "crashes found as the folder lay",
    "requests in the air at a crash",
    "recovered by another run",
    "two desks at once",
    "scripts",
    "history failed",
    "outcome not written",
    "keyring failed",
    "clock set",
    "machine slept",
    "a wait was overslept",
    "a request was overslept",
    "went on by itself",
    "a code was overtaken while it waited",
    "a text was overtaken while it was held",
    "held keys",
    "lines typed",
    "pretend phone rang",
    "audits looked at",
    "records changed",
    "records cut",
    "records rewound",
    "Esc led home",
];

impl Counters {
    pub fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (what, n) in &other.0 {
            *self.0.entry(what).or_default() += n;
        }
    }

    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().map(|(&what, &n)| (what, n))
    }
}
