//! The privacy screen: after some minutes without a key the desk is hidden from people who walk by.
//!
//! It is no lock on the computer, and claims to be none: Enter twice shows the desk again. Everything goes
//! on meanwhile, checks wait and answers come in; only keys, clicks and pastes reach nothing.

use jiff::SignedDuration;

use crate::domain::Timestamp;

/// Whether the desk is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lock {
    /// When somebody last did something.
    touched: Timestamp,
    /// Hidden; and so many times in a row was Enter pressed since.
    hidden: Option<u8>,
}

impl Lock {
    /// Somebody has just started the desk.
    pub fn new(now: Timestamp) -> Self {
        Self {
            touched: now,
            hidden: None,
        }
    }

    /// Nothing of the desk is to be seen.
    pub fn is_closed(self) -> bool {
        self.hidden.is_some()
    }

    /// Enter was pressed once; once more shows the desk.
    pub fn is_opening(self) -> bool {
        self.hidden == Some(1)
    }

    /// Somebody is there. While the desk is hidden, nothing but Enter counts.
    pub fn touch(&mut self, now: Timestamp) {
        self.touched = now;
    }

    /// Enter on the hidden desk, or another key there.
    pub fn press(&mut self, enter: bool) {
        self.hidden = match (self.hidden, enter) {
            (Some(1), true) | (None, _) => None,
            (Some(_), true) => Some(1),
            (Some(_), false) => Some(0),
        };
    }

    /// When it hides the desk, after so many minutes.
    pub fn deadline(self, minutes: Option<u32>) -> Option<Timestamp> {
        let minutes = minutes.filter(|_| self.hidden.is_none())?;
        Some(self.touched + SignedDuration::from_mins(minutes.into()))
    }

    /// Time has passed.
    pub fn woke(&mut self, now: Timestamp, minutes: Option<u32>) {
        if self.deadline(minutes).is_some_and(|at| now >= at) {
            self.hidden = Some(0);
        }
    }
}
