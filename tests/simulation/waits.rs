//! What waits and then goes on by itself: a code that Twilio asked to hold back, a text that is held for a
//! while, a request that its client repeats.
//!
//! Such a thing was asked for once, for its moment. It goes on where nobody has sent the same since it began to
//! wait, and not long after it was due: a machine that slept sends nothing that nobody has in mind any more.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use tuilio::domain::{Intent, OpId, Timestamp};
use tuilio::model::Model;
use tuilio::model::check::Stage as CheckStage;
use tuilio::model::compose::Stage;

use crate::intents::{Truth, content};
use crate::ledger::{Ledger, Row};

/// So late something may go on unasked.
const GRACE: Duration = Duration::from_secs(10);

/// One thing that waits.
pub struct Wait {
    /// What it is, in words; none where it is the text that is held.
    content: Option<String>,
    until: Timestamp,
    /// Operations that were there when it began to wait.
    before: BTreeSet<OpId>,
    /// The same was sent meanwhile, and a person is asked.
    overtaken: bool,
}

/// What waits at a desk.
#[derive(Default)]
pub struct Waits(Vec<Wait>);

impl Waits {
    /// What waited for that, if anything did.
    pub fn of(&self, intent: &Intent) -> Option<&Wait> {
        let is_text = matches!(intent, Intent::Text(_));
        let content = content(intent);
        self.0.iter().find(|wait| match &wait.content {
            Some(theirs) => *theirs == content,
            None => is_text,
        })
    }

    /// How many will be overslept when the machine wakes up then.
    pub fn overslept(&self, wakes: Timestamp) -> usize {
        let late = self.0.iter().filter(|wait| wakes > wait.until + GRACE);
        late.count()
    }

    /// What waits now. The history was asked, and nothing went on.
    pub fn follow(&mut self, ledger: &mut Ledger, model: &Model, looked: bool) {
        let paused = model.verify.checks.iter().filter_map(|check| {
            let CheckStage::Paused { until, intent, .. } = &check.stage else {
                return None;
            };
            Some((Some(content(intent)), *until, check.overtaken().is_some()))
        });
        let held = match model.compose.stage {
            Stage::Held { until, .. } => Some((None, until, false)),
            _ => None,
        };
        let mut was = std::mem::take(&mut self.0);
        for (content, until, overtaken) in paused.chain(held) {
            let known = was
                .iter()
                .position(|wait| wait.content == content && wait.until == until);
            let mut wait = known.map_or_else(
                || Wait {
                    content,
                    until,
                    before: ledger.on_disk().into_keys().collect(),
                    overtaken: false,
                },
                |at| was.swap_remove(at),
            );
            if overtaken && !std::mem::replace(&mut wait.overtaken, true) {
                ledger
                    .counters
                    .count("a code was overtaken while it waited");
            }
            self.0.push(wait);
        }
        if looked && was.iter().any(|wait| wait.content.is_none()) {
            ledger
                .counters
                .count("a text was overtaken while it was held");
        }
    }
}

impl Wait {
    /// It goes on, and nobody was asked.
    pub fn goes_on(&self, ledger: &mut Ledger, op: OpId, now: Timestamp) {
        ledger.counters.count("went on by itself");
        let content = ledger.truths[&op].content.clone();
        let late = now.duration_since(self.until);
        if is_late(self.until, now) {
            ledger.broken(
                "nothing that waited goes out long after its moment",
                format!("{op} ({content}) goes on {late:?} after it was due"),
            );
        }
        if let Some(other) = ledger.sent_meanwhile(op, &self.before) {
            ledger.broken(
                "what waits does not go on where the same was sent meanwhile",
                format!("{op} ({content}) goes on, and {other} came meanwhile"),
            );
        }
    }
}

/// What was due at that moment, or was wanted then, is not done unasked any more.
pub fn is_late(due: Timestamp, now: Timestamp) -> bool {
    now.duration_since(due) > SignedDuration::try_from(GRACE).unwrap()
}

/// It may be at Twilio.
fn may_be_out(row: &Row) -> bool {
    matches!(row.state.as_str(), "intended" | "unknown" | "settled")
}

impl Ledger {
    /// What reached the same phone, or may have, since an operation began to wait.
    fn sent_meanwhile(&self, op: OpId, before: &BTreeSet<OpId>) -> Option<OpId> {
        let ours = &self.truths[&op];
        let same = |row: &Row, truth: &Truth| match row.kind.as_str() {
            "text" => truth.words.is_some() && truth.words == ours.words && may_be_out(row),
            "verify_start" => ours.words.is_none() && truth.to == ours.to && may_be_out(row),
            "verify_check" => {
                ours.words.is_none()
                    && truth.to == ours.to
                    && row.status.as_deref() == Some("approved")
            }
            _ => false,
        };
        let rows = self.on_disk();
        let newer = rows
            .iter()
            .filter(|(other, _)| **other != op && !before.contains(other));
        newer
            .filter(|(other, row)| self.truths.get(other).is_some_and(|truth| same(row, truth)))
            .map(|(other, _)| *other)
            .next()
    }

    /// A client was told to wait, when the machine had slept for so long.
    pub fn told_to_wait(&mut self, op: OpId, slept: Duration) {
        self.truths.entry(op).or_default().told_to_wait = Some(slept);
    }

    /// A request leaves: where it has waited, the machine did not sleep meanwhile, or only a little.
    pub fn leaves_in_time(&mut self, op: OpId, slept: Duration) {
        let truth = &self.truths[&op];
        let asleep = truth
            .told_to_wait
            .map_or(Duration::ZERO, |before| slept.saturating_sub(before));
        if asleep > GRACE {
            let what = format!(
                "{op} ({}) leaves {asleep:?} after it was due",
                truth.content
            );
            self.broken("nothing that waited goes out long after its moment", what);
        }
    }
}
