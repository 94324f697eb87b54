//! What may be on a disk after the power went: everything up to the last sync of each file, and of what
//! came after it any part, in any order, torn between sectors or turned into garbage.
//!
//! That a file was removed is safe once its folder is synced, which SQLite does together with the first
//! sync of a log that it has opened.

use std::collections::{BTreeMap, BTreeSet};

use super::record::Step;
use crate::dice::Dice;
use crate::session::Fact;

/// The smallest piece that a disk writes whole.
const SECTOR: usize = 512;

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A disk while it runs.
#[derive(Default)]
struct Disk<'a> {
    /// What no power cut takes away.
    safe: Files,
    /// What is on its way, by file and in order.
    under_way: BTreeMap<&'a str, Vec<&'a Step>>,
    /// Logs that were opened and not synced since.
    opened: BTreeSet<&'a str>,
}

/// The disk after a cut behind so many steps, and what had been promised by then.
pub fn after_cut(steps: &[Step], cut: usize, dice: &mut Dice) -> (Files, Vec<Fact>) {
    let mut disk = Disk::default();
    let mut facts = Vec::new();
    for step in &steps[..cut] {
        match step {
            Step::Write { file, .. } | Step::Truncate { file, .. } => disk.later(file, step),
            Step::Open { file } => {
                if file.ends_with("-wal") || file.ends_with("-journal") {
                    disk.opened.insert(file);
                }
            }
            Step::Sync { file } => {
                disk.settle(file);
                if disk.opened.remove(file.as_str()) {
                    disk.settle_removals();
                }
            }
            Step::Delete { file, for_good } => {
                disk.later(file, step);
                if *for_good {
                    disk.settle_removals();
                }
            }
            Step::Name { from, to } => {
                assert!(!disk.under_way.contains_key(from.as_str()), "not synced");
                if let Some(content) = disk.safe.remove(from) {
                    disk.safe.insert(to.clone(), content);
                }
            }
            Step::Fact(fact) => facts.push(fact.clone()),
        }
    }
    (disk.cut(dice), facts)
}

impl<'a> Disk<'a> {
    fn later(&mut self, file: &'a str, step: &'a Step) {
        self.under_way.entry(file).or_default().push(step);
    }

    fn settle(&mut self, file: &str) {
        for step in self.under_way.remove(file).unwrap_or_default() {
            apply(&mut self.safe, step);
        }
    }

    fn settle_removals(&mut self) {
        for (file, steps) in &mut self.under_way {
            let removal = |step: &&Step| matches!(step, Step::Delete { .. });
            if let Some(last) = steps.iter().rposition(removal) {
                steps.drain(..=last);
                self.safe.remove(*file);
            }
        }
    }

    fn cut(mut self, dice: &mut Dice) -> Files {
        for (file, steps) in self.under_way {
            if steps.is_empty() {
                continue;
            }
            // A file that was removed and made anew is another file: either removal came through or not,
            // and what was written into the other one does not mix with this one.
            let lives: Vec<&[&Step]> = steps
                .split_inclusive(|step| matches!(step, Step::Delete { .. }))
                .collect();
            let last = dice.below(lives.len());
            if last > 0 {
                self.safe.remove(file);
            }
            let mut kept: Vec<Step> = lives[last]
                .iter()
                .filter(|_| dice.heads())
                .map(|step| (*step).clone())
                .collect();
            if dice.heads() {
                dice.shuffle(&mut kept);
            }
            for mut step in kept {
                if let Step::Write { bytes, .. } = &mut step {
                    tear(bytes, dice);
                }
                apply(&mut self.safe, &step);
            }
        }
        self.safe
    }
}

/// Of three writes one comes through in part; what is behind it was not written, or is garbage.
fn tear(bytes: &mut Vec<u8>, dice: &mut Dice) {
    if dice.below(3) > 0 {
        return;
    }
    let whole = SECTOR * dice.below(bytes.len() / SECTOR + 1);
    if dice.heads() {
        bytes.truncate(whole);
    } else {
        dice.garble(&mut bytes[whole..]);
    }
}

fn apply(files: &mut Files, step: &Step) {
    match step {
        Step::Write {
            file,
            offset,
            bytes,
        } => {
            let content = files.entry(file.clone()).or_default();
            let end = offset + bytes.len();
            if content.len() < end {
                content.resize(end, 0);
            }
            content[*offset..end].copy_from_slice(bytes);
        }
        Step::Truncate { file, size } => files.entry(file.clone()).or_default().resize(*size, 0),
        Step::Delete { file, .. } => {
            files.remove(file);
        }
        Step::Open { .. } | Step::Name { .. } | Step::Sync { .. } | Step::Fact(_) => {}
    }
}
