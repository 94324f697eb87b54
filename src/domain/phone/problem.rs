//! Why a text is not a phone number, in sentences for the agent.

use std::fmt;

use super::PhoneNumber;
use crate::domain::failure::clause;
use crate::domain::{Phrase, phrase};

/// Why a text is not a phone number. `Display` is the sentence as part of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneProblem {
    /// Nothing but white space.
    Empty,
    /// Text without a digit.
    NoDigits,
    /// An email address.
    Email,
    /// A link to something else.
    Link,
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

impl PhoneProblem {
    /// One sentence for the agent: what, why, what next.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Empty => phrase!("There is no number yet: type or paste one."),
            Self::NoDigits => phrase!("There are no digits in this: type or paste a number."),
            Self::Email => phrase!(
                "This is an email address: choose email as the way, or type a phone number."
            ),
            Self::Link => phrase!("This is a link that holds no number: paste the number itself."),
            Self::TooShort { country } => phrase!(
                "This is too short for {number}: look for missing digits, such as the area code.",
                number = a_number(*country)
            ),
            Self::TooLong { country } => phrase!(
                "This is too long for {number}: look for an extra digit, or begin with + and the country code.",
                number = a_number(*country)
            ),
            Self::Letters { letters } => phrase!(
                "A number cannot hold letters ({letters}): type the digits that are meant.",
                letters = letters
            ),
            Self::UnknownCallingCode => {
                phrase!("No country has the code after the plus sign: read the first digits again.")
            }
            Self::UnknownCountry { country } if country.is_empty() => {
                phrase!("No default country is set: begin with + and the country code.")
            }
            Self::UnknownCountry { country } => phrase!(
                "The default country {country} is not known: begin with + and the country code.",
                country = country
            ),
            Self::Impossible { country } => phrase!(
                "This has the wrong number of digits for {number}: read it again, group by group.",
                number = a_number(*country)
            ),
            Self::Several(numbers) => {
                let ends: Vec<&str> = numbers.iter().map(PhoneNumber::ends_with_digits).collect();
                phrase!(
                    "There are {n} numbers in this, ending {ends}: choose one.",
                    n = numbers.len(),
                    ends = ends.join(", ")
                )
            }
        }
    }
}

fn a_number(country: Option<&'static str>) -> Phrase {
    match country {
        Some(name) => phrase!("a phone number ({country})", country = Phrase::of(name)),
        None => phrase!("a phone number"),
    }
}

impl std::error::Error for PhoneProblem {}

impl fmt::Display for PhoneProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clause(&self.phrase().to_string()))
    }
}
