//! Where a check stands, what was asked for last, how it ended, and the digits that are being typed.

use std::fmt;

use crate::domain::{Failure, Intent, OpId, Phrase, Timestamp};

/// Where a check stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// A code is being sent.
    Sending {
        /// The operation.
        op: OpId,
        /// Since when.
        since: Timestamp,
    },
    /// The code is out; the customer reads it, the agent types it.
    Waiting,
    /// All digits are typed; the check begins at that moment.
    Settling {
        /// When.
        until: Timestamp,
    },
    /// The code is being checked.
    Checking {
        /// The operation.
        op: OpId,
        /// Since when.
        since: Timestamp,
    },
    /// The check is being withdrawn.
    Stopping {
        /// The operation.
        op: OpId,
    },
    /// Twilio asked us to wait. Nothing took effect; it goes on by itself, unless the agent says no.
    Paused {
        /// Until when.
        until: Timestamp,
        /// What goes on then.
        intent: Box<Intent>,
        /// Why.
        failure: Failure,
        /// How it goes on.
        resumes: Resumes,
    },
    /// Twilio has no such open verification: it is being found out why.
    Explaining {
        /// What Twilio said.
        failure: Failure,
    },
    /// The right code was read back.
    Approved {
        /// When that was learned.
        at: Timestamp,
        /// When Twilio says it was: the answer to the check was lost, and that was read back.
        read_back: Option<Timestamp>,
    },
    /// It is over in another way.
    Ended(Ending),
    /// It is not known whether the last request took effect; it is being looked up.
    Unknown {
        /// The operation.
        op: OpId,
        /// What it was.
        what: What,
        /// Since when.
        since: Timestamp,
    },
}

/// How something goes on that was paused.
#[derive(Debug, Clone, PartialEq)]
pub enum Resumes {
    /// By itself, when its time has come.
    ByItself,
    /// Its time has come: the history is asked what others have sent meanwhile.
    Looking,
    /// On a yes, for this was sent meanwhile.
    OnYes(Phrase),
}

/// What a request was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Sending a code.
    Send,
    /// Checking one.
    Check,
    /// Withdrawing the verification.
    Stop,
}

/// How a check ended without an approval from here.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending {
    /// The code could not be sent.
    NotSent(Failure),
    /// It was withdrawn.
    Cancelled {
        /// By this desk, and not by somebody else.
        here: bool,
    },
    /// Its time is over.
    Expired,
    /// Five wrong codes.
    UsedUp,
    /// Twilio gave up on it.
    Failed,
    /// The code was read back before, elsewhere or in another window.
    Approved {
        /// When.
        at: Option<Timestamp>,
        /// On this computer, as our own history says, and not by somebody else.
        here: bool,
        /// The answer was lost, and that it was is read back from Twilio.
        read_back: bool,
    },
    /// Twilio has never sent a code for it.
    NeverStarted,
    /// Twilio has no such verification any more, and nothing that can be asked tells why.
    Gone(Failure),
}

impl Ending {
    /// A new code can be sent at once, to the same phone.
    pub fn allows_a_new_code(&self) -> bool {
        !matches!(self, Self::NotSent(_) | Self::UsedUp)
    }
}

/// What is typed of a code. `Debug` shows the count alone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Digits(pub(super) String);

impl Digits {
    /// The digits typed so far: for the code box, and for nothing else.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for Digits {
    fn drop(&mut self) {
        // The allocation is wiped by the type that takes the digits over.
        drop(crate::domain::Secret::new(std::mem::take(&mut self.0)));
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} digits]", self.0.len())
    }
}
