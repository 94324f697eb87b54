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
    /// When it shall leave, where that is not at once.
    pub send_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Draft {
    /// With nothing in it.
    pub fn empty(updated_at: Timestamp) -> Self {
        Self {
            to: Untrusted::default(),
            body: Untrusted::default(),
            ticket: Untrusted::default(),
            send_at: None,
            updated_at,
        }
    }

    /// The same stands in it, whenever it was written.
    pub fn is_as(&self, other: &Self) -> bool {
        let of = |draft: &Self| Self {
            updated_at: self.updated_at,
            ..draft.clone()
        };
        *self == of(other)
    }

    /// Nothing is in it, so there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        [&self.to, &self.body, &self.ticket]
            .iter()
            .all(|field| field.raw().is_empty())
    }
}
