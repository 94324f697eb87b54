//! The name of a line of the audit, as it is quoted: its number and the beginning of its hash.
//!
//! Written into a ticket, it says later whether the audit still holds the line that it held then.

use std::fmt;
use std::str::FromStr;

/// How many digits of a hash are quoted.
const QUOTED: usize = 4;

/// A line of the audit, such as `1842/3f9c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditNumber {
    number: i64,
    mark: String,
}

/// Why a text names no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a line of the audit is named like 1842/3f9c")]
pub struct NotAnAuditNumber;

impl AuditNumber {
    /// The line of that number and hash.
    pub fn new(number: i64, hash: &str) -> Self {
        Self {
            number,
            mark: hash.chars().take(QUOTED).collect(),
        }
    }

    /// Its place: the first line is 1.
    pub fn number(&self) -> i64 {
        self.number
    }
}

impl fmt::Display for AuditNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.mark)
    }
}

impl FromStr for AuditNumber {
    type Err = NotAnAuditNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, mark) = text.split_once('/').ok_or(NotAnAuditNumber)?;
        let is_mark = mark.len() == QUOTED && mark.bytes().all(|b| b.is_ascii_hexdigit());
        let number = number.parse().ok().filter(|&number| number > 0 && is_mark);
        Ok(Self {
            number: number.ok_or(NotAnAuditNumber)?,
            mark: mark.to_ascii_lowercase(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_named_by_its_number_and_the_beginning_of_its_hash() {
        let line = AuditNumber::new(1842, "3f9c00ff");
        assert_eq!(line.to_string(), "1842/3f9c");
        assert_eq!("1842/3F9C".parse(), Ok(line));
        for text in [
            "",
            "1842",
            "1842/",
            "0/3f9c",
            "-1/3f9c",
            "1842/3f9",
            "1842/3f9g",
            "1/3f9c0",
        ] {
            assert_eq!(text.parse::<AuditNumber>(), Err(NotAnAuditNumber), "{text}");
        }
    }
}
