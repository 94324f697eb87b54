//! Phone numbers.

use std::fmt;

/// A number in E.164: `+`, then 7 to 15 digits. `Debug` and `Display` are masked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(String);

/// Why a text is not a number in E.164.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a number in E.164 is a plus sign and 7 to 15 digits")]
pub struct NotE164;

impl PhoneNumber {
    /// Takes a number that is in E.164 already, as the API writes it. Loads no metadata.
    pub fn from_e164(text: &str) -> Result<Self, NotE164> {
        let digits = text.strip_prefix('+').ok_or(NotE164)?;
        if (7..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0')
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotE164)
        }
    }

    /// `+14155550123`: for the wire and the history file.
    pub fn e164(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl PhoneNumber {
    /// The form that may be shown and logged.
    pub fn masked(&self) -> String {
        let digits = self.0.trim_start_matches('+');
        format!("+{}••••{}", &digits[..1], &digits[digits.len() - 2..])
    }
}
