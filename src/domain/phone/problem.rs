//! Why a text is not a phone number, in sentences for the agent.

use std::fmt;

use super::PhoneNumber;

/// Why a text is not a phone number. `Display` is one sentence: what, why, what next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneProblem {
    /// Nothing but white space.
    Empty,
    /// Text without a digit.
    NoDigits,
    /// An email address.
    Email,
    /// Digits are missing.
    TooShort {
        /// In which country that was judged.
        country: Option<&'static str>,
    },
    /// Too many digits.
    TooLong {
        /// In which country that was judged.
        country: Option<&'static str>,
    },
    /// Letters stand among the digits.
    Letters {
        /// The letters, at most twelve.
        letters: String,
    },
    /// No country has the code after the plus sign.
    UnknownCallingCode,
    /// No code in the number, and no country of that name to take it from.
    UnknownCountry {
        /// What was given as the default country, cleaned.
        country: String,
    },
    /// No number of the country has that many digits, nor does any begin so.
    Impossible {
        /// In which country that was judged.
        country: Option<&'static str>,
    },
    /// More than one number, each in the order of the text: the agent chooses.
    Several(Vec<PhoneNumber>),
}

impl std::error::Error for PhoneProblem {}

impl fmt::Display for PhoneProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |country: Option<&'static str>| match country {
            Some(name) => format!("a phone number ({name})"),
            None => "a phone number".to_owned(),
        };
        match self {
            Self::Empty => f.write_str("there is no number yet: type or paste one"),
            Self::NoDigits => f.write_str("there are no digits in this: type or paste a number"),
            Self::Email => f.write_str(
                "this is an email address: choose email as the way, or type a phone number",
            ),
            Self::TooShort { country } => write!(
                f,
                "this is too short for {}: look for missing digits, such as the area code",
                of(*country)
            ),
            Self::TooLong { country } => write!(
                f,
                "this is too long for {}: look for an extra digit, or begin with + and the country code",
                of(*country)
            ),
            Self::Letters { letters } => write!(
                f,
                "a number cannot hold letters ({letters}): type the digits that are meant"
            ),
            Self::UnknownCallingCode => f.write_str(
                "no country has the code after the plus sign: read the first digits again",
            ),
            Self::UnknownCountry { country } if country.is_empty() => {
                f.write_str("no default country is set: begin with + and the country code")
            }
            Self::UnknownCountry { country } => write!(
                f,
                "the default country {country} is not known: begin with + and the country code"
            ),
            Self::Impossible { country } => write!(
                f,
                "this has the wrong number of digits for {}: read it again, group by group",
                of(*country)
            ),
            Self::Several(numbers) => {
                let ends: Vec<&str> = numbers.iter().map(PhoneNumber::ends_with_digits).collect();
                write!(
                    f,
                    "there are {} numbers in this, ending {}: choose one",
                    numbers.len(),
                    ends.join(" and ")
                )
            }
        }
    }
}
