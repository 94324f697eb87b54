//! The draft: a text that was begun and not sent, as it stands in its fields.
//!
//! It is kept while it is typed, so that neither Esc nor a crash loses it. Nothing in it is judged: a
//! half-typed number is a draft, too.

use super::Timestamp;
use super::paste::Pasted;
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

    /// As it may be written down: without a field into which the keys of an account were pasted by mistake.
    #[must_use]
    pub fn without_secrets(self) -> Self {
        let harmless = |field: Untrusted| {
            if Pasted::find(field.raw()).holds_a_secret() {
                Untrusted::default()
            } else {
                field
            }
        };
        Self {
            to: harmless(self.to),
            body: harmless(self.body),
            ticket: harmless(self.ticket),
            ..self
        }
    }

    /// Nothing is in it, so there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        [&self.to, &self.body, &self.ticket]
            .iter()
            .all(|field| field.raw().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_were_pasted_into_a_wrong_field_are_not_written_down() {
        let secret = "A1b2C3d4".repeat(4);
        let token = "0123456789abcdef".repeat(2);
        for (field, is_kept) in [
            (secret.clone(), false),
            (token.clone(), false),
            (format!("auth token: {token}"), false),
            (format!("{token} {secret}"), false),
            ("+1 415 555 0123".to_owned(), true),
            ("+14155550123 +14155550177".to_owned(), true),
            ("Dear Ada, your card is ready.".to_owned(), true),
        ] {
            let draft = Draft {
                to: Untrusted::new(&field),
                body: Untrusted::new(&field),
                ticket: Untrusted::new(&field),
                ..Draft::empty(Timestamp::UNIX_EPOCH)
            };
            let kept = draft.clone().without_secrets();
            assert_eq!(kept.is_empty(), !is_kept, "{field}");
            assert_eq!(kept.is_as(&draft), is_kept, "{field}");
        }
    }
}
