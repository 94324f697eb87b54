//! Whether the agent looks at the desk, as far as the terminal tells.
//!
//! Coming back asks Twilio once about what is on its way. Going away masks the numbers after a while,
//! where the lead wants that, and lets the bell ring and the terminal show a
//! notice for what ends meanwhile, where the agent wants that.

use jiff::SignedDuration;

use crate::domain::{
    HistoryRow, MessageStatus, Notices, OpState, Policy, Settled, Timestamp, phrase,
};

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

    /// Numbers are masked wherever they need not be read whole: by the agent's choice, by the lead's, or
    /// while the agent looks elsewhere.
    pub fn hides_numbers(&self) -> bool {
        self.setting.masked || self.policy.revealing().is_err() || self.is_masked()
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
            self.history.conceal();
        }
    }

    /// How much has come to an end.
    pub(super) fn endings(&self) -> Endings {
        let mut endings = Endings {
            undelivered: self.undelivered,
            ..Endings::default()
        };
        for check in &self.verify.checks {
            match check.stage {
                Stage::Approved { .. } => endings.approved += 1,
                Stage::Ended(_) => endings.ended += 1,
                _ => {}
            }
        }
        let refused = matches!(
            &self.compose.stage,
            compose::Stage::Out {
                state: OpState::Refused(_) | OpState::NotSent(_),
                ..
            }
        );
        endings.undelivered += usize::from(refused);
        endings
    }

    /// Something ended that was open before, and the agent may not be looking: the bell and the notice,
    /// each where it is wanted.
    pub(super) fn call_the_agent(&self, before: Endings) -> Vec<Effect> {
        let now = self.endings();
        let text = if now.approved > before.approved {
            phrase!("A check was approved.")
        } else if now.ended > before.ended {
            phrase!("A check has ended without an approval.")
        } else if now.undelivered > before.undelivered {
            phrase!("A text or a code did not arrive.")
        } else {
            return Vec::new();
        };
        if self.attention == Attention::Here {
            return Vec::new();
        }
        let bell = self.setting.bell.then_some(Effect::Ring);
        let form = self.setting.notices;
        let notice = (form != Notices::Off).then(|| Effect::Notify {
            form,
            text: self.setting.language.say(&text),
        });
        bell.into_iter().chain(notice).collect()
    }

    /// The history has news: a code or a text turned out not to have arrived.
    pub(super) fn count_undelivered(&mut self, row: &HistoryRow) {
        let before = self.history.row(row.operation.id);
        if is_lost(&row.state) && before.is_some_and(|before| !is_lost(&before.state)) {
            self.undelivered += 1;
        }
    }
}

/// What has come to an end in this run, of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Endings {
    approved: usize,
    ended: usize,
    undelivered: usize,
}

/// The network has said that it did not arrive.
fn is_lost(state: &OpState) -> bool {
    let status = match state {
        OpState::Settled(Settled::Text { status, .. }) => status,
        OpState::Settled(Settled::Verification {
            delivery: Some(delivery),
            ..
        }) => &delivery.status,
        _ => return false,
    };
    matches!(status, MessageStatus::Undelivered | MessageStatus::Failed)
}
