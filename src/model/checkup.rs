//! The check-up on the desk: a page that fills while each link is looked at.
//!
//! A page that was left takes no findings any more, and its key begins anew: what was found out before is
//! of no use to somebody who has just mended something.

use crate::domain::checkup::{Finding, Health, Link};

use super::effect::Effect;
use super::setup::note::Note;
use super::{Model, Overlay};

/// A check-up, as far as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checkup {
    /// Tells check-ups apart.
    pub number: u32,
    /// What was found out, in the order of the links.
    pub findings: Vec<Finding>,
}

impl Checkup {
    /// The link that is being looked at; none at the end.
    pub fn under_way(&self) -> Option<Link> {
        Link::ALL.get(self.findings.len()).copied()
    }

    /// How many links are like that.
    pub fn count(&self, health: Health) -> usize {
        let alike = self.findings.iter().filter(|found| found.health == health);
        alike.count()
    }
}

impl Model {
    /// Begins a check-up; one that is under way goes on.
    pub(super) fn examine(&mut self) -> Vec<Effect> {
        if let Some(Overlay::Note {
            note: Note::Checkup(checkup),
            ..
        }) = &self.overlay
            && checkup.under_way().is_some()
        {
            return Vec::new();
        }
        self.checkups += 1;
        let checkup = Checkup {
            number: self.checkups,
            findings: Vec::new(),
        };
        self.overlay = Some(Overlay::Note {
            note: Note::Checkup(checkup),
            scroll: 0,
        });
        vec![Effect::Examine {
            number: self.checkups,
        }]
    }

    /// A link was examined.
    pub(super) fn examined(&mut self, number: u32, finding: Finding) {
        if let Some(Overlay::Note {
            note: Note::Checkup(checkup),
            ..
        }) = &mut self.overlay
            && checkup.number == number
        {
            checkup.findings.push(finding);
        }
    }
}
