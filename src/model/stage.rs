//! Where a check stands, what was asked for last, how it ended, and the digits that are being typed.

use std::fmt;

use crate::domain::{Failure, OpId, Timestamp};

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
    /// The right code was read back.
    Approved {
        /// When.
        at: Timestamp,
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

/// How a check ended without an approval.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending {
    /// The code could not be sent.
    NotSent(Failure),
    /// The agent withdrew it.
    Cancelled,
    /// Ten minutes are over.
    Expired,
    /// Five wrong codes.
    UsedUp,
    /// Twilio has no such verification any more, and our own record does not tell why.
    Gone(Failure),
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
