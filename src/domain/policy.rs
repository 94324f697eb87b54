//! What the lead allows: a plain value, and one question each for everything that may be forbidden.
//!
//! A policy is read from a file of the administrator's by `config`, anew where that changes while a desk is
//! open. [`Default`] allows everything. Each question answers with a [`Verdict`]: the sentence of a refusal
//! names who set the rule, and goes to the screen and to a script as it is. [`Policy::permits`] asks them
//! all, and stands before every operation.
//!
//! Invariant: where a policy could not be read, or what it counts could not be counted, nothing that changes
//! something is permitted.

mod keeping;
mod rules;
mod verdict;

use std::path::PathBuf;

use jiff::civil::Time;

use super::message::Sender;
use super::sid::VerifyServiceSid;
use super::verification::VerificationChannel;
use super::{Intent, Phrase, Timestamp};

pub use keeping::takes_a_place;
pub use verdict::{Circumstances, Hour, Verdict};

/// What the lead allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What the desk is for.
    pub mode: Mode,
    /// The agent asked for the mode when starting the program; no lead did.
    pub mode_by_choice: bool,
    /// Why nothing may be sent: there is a policy, and it cannot be read, or it cannot be kept to here.
    pub off: Option<Phrase>,
    /// The countries that texts, calls and codes may go to, ISO 3166 alpha-2; all where it is none.
    pub countries: Option<Vec<String>>,
    /// The ways in which codes may be sent; all where it is none.
    pub channels: Option<Vec<VerificationChannel>>,
    /// Whom texts may come from; anybody where it is none.
    pub senders: Option<Vec<Sender>>,
    /// The services under which codes may be sent; any where it is none.
    pub services: Option<Vec<VerifyServiceSid>>,
    /// A text begins with a template; no free text leaves.
    pub templates_only: bool,
    /// Nothing leaves without the number of a ticket.
    pub ticket_required: bool,
    /// How many texts an agent may send on a day.
    pub texts_a_day: Option<u32>,
    /// How many codes an agent may send on a day, each send counted.
    pub verifications_a_day: Option<u32>,
    /// The folder that the history lies in, in which `{user}` stands for the name of the user; where no variable
    /// leads it elsewhere if it is none.
    pub data_dir: Option<String>,
    /// The folder that templates are read from, in the place of the agent's own.
    pub templates: Option<PathBuf>,
    /// When texts do not go out, by the customer's clock.
    pub quiet_hours: Option<QuietHours>,
    /// After how many days an entry of the history goes.
    pub retention_days: Option<u32>,
    /// After how many minutes without a key the screen is hidden.
    pub idle_lock_minutes: Option<u32>,
    /// For how many seconds a text is held back, in which it can be undone.
    pub hold_seconds: u32,
    /// The last digit of a code may start the check.
    pub auto_check: bool,
    /// Numbers that are shown are masked again when the window loses the focus.
    pub mask_on_focus_loss: bool,
    /// Numbers may be shown whole.
    pub reveal: bool,
    /// Lookups that cost money may be asked for.
    pub paid_lookup: bool,
}

/// What the desk is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// Everything that the other rules leave.
    #[default]
    Full,
    /// Looking at the history; nothing is sent, checked or stopped.
    ReadOnly,
    /// As [`Full`](Self::Full), but every send explains itself and asks for a `y` first.
    Trainee,
}

/// When texts do not go out, by the customer's clock. May go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// From then on.
    pub from: Time,
    /// Until then.
    pub to: Time,
    /// What happens to a text in them.
    pub then: Quiet,
}

/// What happens to a text in the quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quiet {
    /// It is not sent.
    Refuse,
    /// The agent is asked.
    Caution,
}

/// What an agent may do so often on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    /// What is counted.
    pub of: Capped,
    /// How often.
    pub at_most: u32,
}

/// A cap on the day that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCap {
    /// What and how often.
    pub cap: Cap,
    /// When the day began.
    pub since: Timestamp,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capped {
    /// Texts.
    Texts,
    /// Sends of codes.
    Verifications,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            mode: Mode::Full,
            mode_by_choice: false,
            off: None,
            countries: None,
            channels: None,
            senders: None,
            services: None,
            templates_only: false,
            ticket_required: false,
            texts_a_day: None,
            verifications_a_day: None,
            data_dir: None,
            templates: None,
            quiet_hours: None,
            retention_days: None,
            idle_lock_minutes: None,
            hold_seconds: 0,
            auto_check: true,
            mask_on_focus_loss: false,
            reveal: true,
            paid_lookup: true,
        }
    }
}

impl Policy {
    /// The policy of a desk whose policy cannot be read: nothing may be sent.
    pub fn unreadable(why: impl Into<Phrase>) -> Self {
        Self {
            off: Some(why.into()),
            reveal: false,
            paid_lookup: false,
            ..Self::default()
        }
    }

    /// The same, for somebody who only looks.
    pub fn read_only_by_choice(self) -> Self {
        if self.mode == Mode::ReadOnly {
            return self;
        }
        Self {
            mode: Mode::ReadOnly,
            mode_by_choice: true,
            ..self
        }
    }

    /// What caps an intent, if something does.
    pub fn cap(&self, intent: &Intent) -> Option<Cap> {
        match intent {
            Intent::Text(_) => self.cap_on(Capped::Texts),
            Intent::VerifyStart(_) => self.cap_on(Capped::Verifications),
            _ => None,
        }
    }

    /// What caps this, if something does.
    pub fn cap_on(&self, of: Capped) -> Option<Cap> {
        let at_most = match of {
            Capped::Texts => self.texts_a_day,
            Capped::Verifications => self.verifications_a_day,
        };
        at_most.map(|at_most| Cap { of, at_most })
    }
}

impl QuietHours {
    /// Whether a clock stands within them.
    pub fn contain(&self, time: Time) -> bool {
        if self.from <= self.to {
            (self.from..self.to).contains(&time)
        } else {
            time >= self.from || time < self.to
        }
    }
}
