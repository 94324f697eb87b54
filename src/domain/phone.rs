//! Phone numbers: E.164 inside, any shape outside.
//!
//! A [`PhoneNumber`] is right from the moment it exists, and everything that is shown of it is derived:
//! grouped for the eye, spoken aloud, masked for logs and lists. What people paste is read by
//! [`parse`](PhoneNumber::parse), which refuses rather than guesses, since a wrong guess is a code in
//! somebody else's hands.
//!
//! Invariant: `Debug`, `Display` and [`PhoneNumber::masked`] never load the numbering plans, which take
//! some 15 ms the first time; [`warm`] loads them where that does not hurt.

mod link;
mod parse;
mod plan;
mod problem;
mod scan;

use std::fmt;

pub use parse::{Parsed, Progress, Validity};
pub use plan::warm;
pub use problem::PhoneProblem;

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

    /// Whether a number in somebody's answer may be this one. Twilio writes some in another way than they were
    /// asked for (the 1 of Mexico, the 9 of Argentina and Brazil), and an account may have them redacted.
    pub fn may_be_written(&self, text: &str) -> bool {
        let Ok(other) = Self::from_e164(text.trim()) else {
            return true;
        };
        let ends = |number: &Self| {
            (
                number.0[..3].to_owned(),
                number.0[number.0.len() - 7..].to_owned(),
            )
        };
        ends(self) == ends(&other)
    }

    /// The address of a softphone is in a text: it may hold a number, and is no mailbox.
    pub fn is_sip(text: &str) -> bool {
        text.split_whitespace().any(link::is_sip)
    }

    /// Reads whatever was pasted or typed. `default_country` (ISO 3166 alpha-2) is where a number
    /// without a country code belongs.
    pub fn parse(pasted: &str, default_country: &str) -> Result<Parsed, PhoneProblem> {
        parse::parse(pasted, default_country)
    }

    /// The same while somebody is typing: what is merely unfinished is not called wrong.
    pub fn progress(typed: &str, default_country: &str) -> Progress {
        parse::progress(typed, default_country)
    }

    /// `+14155550123`: for the wire and the history file.
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// `+1 415 555 0123`: in the groups of its country, for the eye.
    pub fn grouped(&self) -> String {
        plan::grouped(&self.0).unwrap_or_else(|| {
            let (code, national) = self.split();
            format!("+{code} {}", in_groups(national))
        })
    }

    /// `plus 1, 4 1 5, 5 5 5, 0 1 2 3`: for reading aloud, by a person or by a screen reader.
    pub fn spoken(&self) -> String {
        let groups: Vec<String> = self
            .grouped()
            .trim_start_matches('+')
            .split(' ')
            .map(|group| {
                let digits: Vec<String> = group.chars().map(String::from).collect();
                digits.join(" ")
            })
            .collect();
        format!("plus {}", groups.join(", "))
    }

    /// `+1 415 ••• ••23`: country code, first group and last two digits, for lists and logs.
    pub fn masked(&self) -> String {
        let (code, national) = self.split();
        let head = first_group(code, national).min(national.len().saturating_sub(5));
        let (first, rest) = national.split_at(head);
        let hidden: String = rest
            .char_indices()
            .map(|(at, digit)| if at + 2 < rest.len() { '•' } else { digit })
            .collect();
        let first = if first.is_empty() {
            String::new()
        } else {
            format!(" {first}")
        };
        format!("+{code}{first} {}", in_groups(&hidden))
    }

    /// The last two digits: how a person on the phone is told which number is meant.
    pub fn ends_with_digits(&self) -> &str {
        &self.0[self.0.len() - 2..]
    }

    /// ISO 3166 alpha-2 of the country that the number belongs to, by its numbering plan.
    pub fn country(&self) -> Option<String> {
        plan::country(&self.0)
    }

    /// Its owner is paid by whoever calls or texts it.
    pub fn is_premium(&self) -> bool {
        plan::is_premium(&self.0)
    }

    /// Country calling code and national number.
    pub(super) fn split(&self) -> (&str, &str) {
        let digits = &self.0[1..];
        digits.split_at(calling_code_length(digits))
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

/// How many digits a country code has: zones 1 and 7 are whole, the list has two, the rest three
/// (ITU-T E.164, assigned country codes).
fn calling_code_length(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

/// How many digits of the national number a masked form keeps: the first group, where it is well known.
fn first_group(code: &str, national: &str) -> usize {
    match (code, national.as_bytes().first()) {
        ("33", _) => 1,
        ("44", Some(b'2')) => 2,
        ("44", Some(b'7')) => 4,
        _ => 3,
    }
}

/// Groups of three, with a last one of up to four, and eight as four and four.
fn in_groups(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let mut groups: Vec<String> = Vec::new();
    let mut rest = signs.as_slice();
    while rest.len() > 4 {
        let (group, after) = rest.split_at(if rest.len() == 8 { 4 } else { 3 });
        groups.push(group.iter().collect());
        rest = after;
    }
    groups.push(rest.iter().collect());
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> PhoneNumber {
        PhoneNumber::from_e164(text).expect(text)
    }

    #[test]
    fn e164_is_a_plus_and_7_to_15_digits() {
        for (text, right) in [
            ("+14155550123", true),
            ("+2901234", true),
            ("14155550123", false),
            ("+04155550123", false),
            ("+1415", false),
            ("+1234567890123456", false),
            ("+1415555012a", false),
            ("+", false),
            ("", false),
        ] {
            assert_eq!(PhoneNumber::from_e164(text).is_ok(), right, "{text}");
        }
    }

    #[test]
    fn a_masked_number_keeps_code_first_group_and_last_two_digits() {
        for (text, masked) in [
            ("+14155550123", "+1 415 ••• ••23"),
            ("+447700900117", "+44 7700 ••• •17"),
            ("+442079460918", "+44 20 •••• ••18"),
            ("+4915112345604", "+49 151 •••• ••04"),
            ("+33612345671", "+33 6 •••• ••71"),
            ("+97150123456", "+971 501 ••• 56"),
            ("+2901234", "+290 ••34"),
            ("+29012345", "+290 ••• 45"),
        ] {
            assert_eq!(number(text).masked(), masked);
            assert_eq!(format!("{:?}", number(text)), masked);
        }
    }

    #[test]
    fn a_number_is_grouped_for_the_eye_and_spoken_digit_by_digit() {
        let ours = number("+14155550123");
        assert_eq!(ours.grouped(), "+1 415 555 0123");
        assert_eq!(ours.spoken(), "plus 1, 4 1 5, 5 5 5, 0 1 2 3");
        assert_eq!(ours.ends_with_digits(), "23");
        assert_eq!(number("+447700900117").grouped(), "+44 7700 900117");
        assert_eq!(number("+390612345678").grouped(), "+39 06 1234 5678");
        assert_eq!(number("+999123456789").grouped(), "+999 123 456 789");
    }

    proptest! {
        #[test]
        fn a_masked_number_hides_at_least_two_digits_and_never_more_than_all_but_two(text in r"\+[1-9][0-9]{6,14}") {
            let masked = number(&text).masked();
            let shown = masked.chars().filter(char::is_ascii_digit).count();
            let hidden = masked.chars().filter(|&c| c == '•').count();
            prop_assert_eq!(shown + hidden, text.len() - 1);
            prop_assert!(hidden >= 2);
            prop_assert!(masked.ends_with(number(&text).ends_with_digits()));
        }

        #[test]
        fn grouping_changes_no_digit(text in r"\+[1-9][0-9]{6,14}") {
            let grouped = number(&text).grouped();
            let digits: String = grouped.chars().filter(char::is_ascii_digit).collect();
            prop_assert_eq!(&digits, &text[1..]);
        }
    }
}
