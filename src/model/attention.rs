//! Whether the agent looks at the desk, as far as the terminal tells.
//!
//! Coming back asks Twilio once about what is on its way. Going away masks the numbers after a while,
//! where the lead wants that, and lets the bell ring for what ends meanwhile, where the agent wants that.

use jiff::SignedDuration;

use crate::domain::{OpState, Policy, Timestamp};

use super::check::Stage;
use super::effect::Effect;
use super::{Model, compose};

/// How long numbers stay after the agent has gone to another window.
const STAYS: SignedDuration = SignedDuration::from_secs(15);

/// Whether the agent looks at the desk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Attention {
    /// The terminal has not said.
    #[default]
    Unknown,
    /// The window has the focus.
    Here,
    /// Another window has it.
    Away {
        /// Since when.
        since: Timestamp,
        /// Long enough for the numbers to be masked.
        long: bool,
    },
}

impl Attention {
    /// When the numbers are masked.
    pub fn deadline(self, policy: &Policy) -> Option<Timestamp> {
        match self {
            Self::Away { since, long: false } if policy.mask_on_focus_loss => Some(since + STAYS),
            _ => None,
        }
    }
}

impl Model {
    /// The numbers on the screen are masked, because the agent looks elsewhere.
    pub fn is_masked(&self) -> bool {
        matches!(self.attention, Attention::Away { long: true, .. })
            && self.policy.mask_on_focus_loss
    }

    pub(super) fn focused(&mut self, here: bool) -> Vec<Effect> {
        if here {
            if matches!(self.attention, Attention::Away { .. }) {
                self.follow.ask_now(self.now);
                self.searches.ask_now(self.now);
            }
            self.attention = Attention::Here;
        } else if !matches!(self.attention, Attention::Away { .. }) {
            self.attention = Attention::Away {
                since: self.now,
                long: false,
            };
        }
        Vec::new()
    }

    pub(super) fn looked_away(&mut self) {
        let due = self.attention.deadline(&self.policy);
        if let Attention::Away { since, .. } = self.attention
            && due.is_some_and(|due| self.now >= due)
        {
            self.attention = Attention::Away { since, long: true };
            self.history.revealed_until = None;
        }
    }

    /// How much has come to an end: checks that are over, and a text that did not go well.
    pub(super) fn endings(&self) -> usize {
        let checks = self.verify.checks.iter();
        let over = checks
            .filter(|check| matches!(check.stage, Stage::Approved { .. } | Stage::Ended(_)))
            .count();
        let failed = matches!(
            &self.compose.stage,
            compose::Stage::Out {
                state: OpState::Refused(_) | OpState::NotSent(_),
                ..
            }
        );
        over + usize::from(failed)
    }

    /// Something ended that was open before, and the agent may not be looking.
    pub(super) fn calls_the_agent(&self, before: usize) -> bool {
        self.setting.bell && self.attention != Attention::Here && self.endings() > before
    }
}
