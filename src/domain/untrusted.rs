//! Text that somebody else wrote: message bodies, names, error texts of the API.
//!
//! It is kept as it came and shown only in a form that cannot act on a terminal: there is no
//! `Display`, no `Deref` and no way into a screen but [`Untrusted::visible`].

use std::fmt;

/// Foreign text. `Debug` shows its length alone, since bodies and error texts hold personal data.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Untrusted(String);

impl Untrusted {
    /// Keeps the text as it came.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as it came: for the wire, for the history file and for comparing. Never for a screen.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// The text in a form that is harmless anywhere.
    pub fn visible(&self) -> String {
        visible(&self.0)
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} characters]", self.0.chars().count())
    }
}

/// Replaces what could move a cursor, colour a screen, hide or reorder text.
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
