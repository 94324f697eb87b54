//! The draft: a text that was begun and not sent, as it stands in its fields.
//!
//! It is kept while it is typed, so that neither Esc nor a crash loses it. Nothing in it is judged: a
//! half-typed number is a draft, too.

use super::Timestamp;
use super::untrusted::Untrusted;

/// A text that was not sent yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Whom it is for, as it was typed.
    pub to: Untrusted,
    /// The text.
    pub body: Untrusted,
    /// The ticket, as it was typed.
    pub ticket: Untrusted,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Draft {
    /// Nothing is in it, so there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        [&self.to, &self.body, &self.ticket]
            .iter()
            .all(|field| field.raw().is_empty())
    }
}
