//! Text that must not be seen: tokens, API key secrets, verification codes.
//!
//! `Debug` says nothing, there is no `Display`, and the memory is wiped when the value goes.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A token or an API key secret.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text over; white space around it is dropped, since it comes from pastes.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(SecretString::from(text.as_ref().trim()))
    }

    /// The text itself, for the one place that needs it: a request header or the keyring.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The code that a customer reads out: 4 to 10 digits.
///
/// Twilio's own default is six digits; a service may be set to any length from 4 to 10
/// (Verify service resource, `CodeLength`).
#[derive(Clone, PartialEq, Eq)]
pub struct Code(Secret);

/// Why a text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has 4 to 10 digits and nothing else")]
pub struct NotACode;

impl Code {
    /// Takes 4 to 10 ASCII digits; spaces, dashes and dots between them are dropped.
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        let secret = Secret::new(
            text.chars()
                .filter(|c| !matches!(c, ' ' | '-' | '.' | '\u{a0}'))
                .collect::<String>(),
        );
        let digits = secret.expose();
        if (4..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(secret))
        } else {
            Err(NotACode)
        }
    }

    /// The digits, for the one request that carries them.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[code]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_shows_itself() {
        let secret = Secret::new(" hunter2-hunter2 \n");
        assert_eq!(secret.expose(), "hunter2-hunter2");
        assert_eq!(format!("{secret:?} {secret:#?}"), "[secret] [secret]");
    }

    #[test]
    fn a_code_is_four_to_ten_digits_however_they_are_grouped() {
        for (text, digits) in [
            ("482913", Some("482913")),
            ("482 913", Some("482913")),
            ("4-8-2-9", Some("4829")),
            ("123", None),
            ("12345678901", None),
            ("48291a", None),
            ("", None),
        ] {
            assert_eq!(
                Code::parse(text).ok().as_ref().map(Code::expose),
                digits,
                "{text:?}"
            );
        }
        assert_eq!(format!("{:?}", Code::parse("482913")), "Ok([code])");
    }
}
