//! Reading a recipient while it is being typed: what it is so far, and what keeps it from being sent to.

use crate::domain::phone::{Parsed, PhoneProblem, Progress, Validity};
use crate::domain::verification::EmailAddress;
use crate::domain::{PhoneNumber, Phrase, Recipient, phrase};

/// What a typed or pasted text is.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Reading {
    /// Nothing yet.
    #[default]
    Empty,
    /// It can still become a number or an address.
    Unfinished,
    /// A number.
    Phone {
        /// The number.
        number: PhoneNumber,
        /// It has the right length but is not known to exist: a caution, not a refusal.
        doubtful: bool,
        /// What to press behind a switchboard.
        extension: Option<String>,
    },
    /// An email address.
    Email(EmailAddress),
    /// It cannot be right, and why.
    Wrong(Phrase),
}

impl Reading {
    /// Reads a text; numbers without a country code are of the default country.
    pub fn of(text: &str, default_country: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::Empty;
        }
        if text.contains('@') && !PhoneNumber::is_sip(text) {
            return EmailAddress::find(text).map_or(Self::Unfinished, Self::Email);
        }
        match PhoneNumber::parse(text, default_country) {
            Ok(Parsed {
                number,
                validity,
                extension,
            }) => Self::Phone {
                number,
                doubtful: validity == Validity::PossibleOnly,
                extension,
            },
            Err(_) if PhoneNumber::progress(text, default_country) == Progress::Short => {
                Self::Unfinished
            }
            Err(problem) => Self::Wrong(problem.phrase()),
        }
    }

    /// The recipient, where it is one.
    pub fn recipient(&self) -> Option<Recipient> {
        match self {
            Self::Phone { number, .. } => Some(Recipient::Phone(number.clone())),
            Self::Email(address) => Some(Recipient::Email(address.clone())),
            _ => None,
        }
    }

    /// What is odd about sending there, whether it is a call or not: it costs, or reaches somebody else.
    pub fn oddity(&self, by_call: bool) -> Option<Phrase> {
        let Self::Phone {
            number, extension, ..
        } = self
        else {
            return None;
        };
        if number.is_premium() {
            return Some(phrase!(
                "This is a premium-rate number: whoever owns it is paid for being reached, and it is nobody's own phone."
            ));
        }
        let digits = extension.as_ref().filter(|_| !by_call)?;
        Some(phrase!(
            "Extension {digits} is reached by a call alone: a text goes to the number itself.",
            digits = digits
        ))
    }

    /// One sentence on why Enter does nothing, for a text that is not one.
    pub fn complaint(&self, text: &str, default_country: &str) -> Option<Phrase> {
        match self {
            Self::Phone { .. } | Self::Email(_) => None,
            Self::Wrong(why) => Some(why.clone()),
            Self::Empty => Some(PhoneProblem::Empty.phrase()),
            Self::Unfinished if text.contains('@') && !PhoneNumber::is_sip(text) => Some(phrase!(
                "This is not a whole email address yet: it needs a name, an @ and a domain such as example.org."
            )),
            Self::Unfinished => Some(match PhoneNumber::parse(text, default_country) {
                Err(problem) => problem.phrase(),
                Ok(_) => return None,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_softphone_is_its_number_and_never_a_mailbox() {
        let read = |text| Reading::of(text, "US").recipient();
        let number = PhoneNumber::from_e164("+14155550140").unwrap();
        for text in [
            "sip:+14155550140@acme.example",
            "sips:4155550140@acme.example",
            "\"Ada Lovelace\" <sip:+14155550140@acme.example;user=phone>",
        ] {
            assert_eq!(read(text), Some(Recipient::Phone(number.clone())), "{text}");
        }
        for (text, why) in [
            (
                "sip:ada@acme.example",
                "This is a link that holds no number",
            ),
            ("sip:1001@acme.example", "This is too short"),
        ] {
            let why = |said: Phrase| said.to_string().starts_with(why);
            let reading = Reading::of(text, "US");
            assert_eq!(reading.recipient(), None, "{text}");
            assert!(reading.complaint(text, "US").is_some_and(why), "{text}");
        }
    }

    #[test]
    fn an_address_is_read_as_mail_programs_copy_it() {
        let ada = EmailAddress::parse("ada@example.org").unwrap();
        for text in [
            "ada@example.org",
            "Ada <ada@example.org>",
            "\"Ada Lovelace\" <ada@example.org>;",
            "\"ada@example.org\" <ada@example.org>",
            "<ada@example.org>",
            "mailto:ada@example.org?subject=Hello",
        ] {
            assert_eq!(
                Reading::of(text, "US"),
                Reading::Email(ada.clone()),
                "{text}"
            );
        }
        for text in [
            "Ada <ada@example.org>, Bob <bob@example.org>",
            "\"bob@example.org\" <ada@example.org>",
            "ada@example.org, bob@example.org",
            "<ada@example.org",
            "xmpp:ada@example.org",
        ] {
            assert_eq!(Reading::of(text, "US"), Reading::Unfinished, "{text}");
        }
    }
}
