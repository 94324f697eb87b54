//! What the history is filtered by, as it is typed: `status:failed since:7d ticket:48213 to:+1415 sam`.
//!
//! A word with a colon asks for one thing, a word without one is looked for in texts, tickets, numbers and
//! addresses, and in what the list says of a state or an account; all of them must hold. A pasted number, in
//! whatever groups, asks for all about it. The parser is pure; the store makes one question of it.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use super::digit::{ascii_digit, is_dash};
use super::standing;
use super::{Language, PhoneNumber, Phrase, Timestamp, phrase};

pub use super::standing::Standing;

/// All of these must hold. `Debug` tells their number alone: they may hold a phone number.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HistoryQuery {
    /// What must hold.
    pub terms: Vec<Term>,
}

/// One thing that must hold of an entry: of at least one of its rows.
#[derive(Clone, PartialEq, Eq)]
pub enum Term {
    /// Where it stands.
    Status(Standing),
    /// Begun at or after.
    Since(Timestamp),
    /// Begun before.
    Until(Timestamp),
    /// For this ticket, or one that begins so.
    Ticket(String),
    /// By this agent.
    Agent(String),
    /// To a number or an address that begins so, or holds these digits.
    To(String),
    /// By this way, in Twilio's word.
    By(String),
    /// Of this kind.
    Kind(Kind),
    /// With this error code of Twilio's.
    Error(u32),
    /// All about this number; what was typed may be a ticket, too.
    Number {
        /// The number.
        number: PhoneNumber,
        /// As it was typed.
        typed: String,
    },
    /// In the text, the ticket, the number or the address; or in what the list says of its state and its account.
    Word {
        /// The word.
        text: String,
        /// States with this word in their name.
        standings: Vec<Standing>,
        /// Refusals with this word in their name, by Twilio's code.
        errors: Vec<u32>,
    },
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A verification.
    Verify,
    /// A lookup.
    Lookup,
}

/// What reading depends on besides the text.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The time.
    pub now: Timestamp,
    /// Where the agent is: days begin at midnight there.
    pub zone: &'a TimeZone,
    /// The country of numbers without a country code.
    pub default_country: &'a str,
    /// In which the list names its states.
    pub language: Language,
}

impl HistoryQuery {
    /// Everything fits.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// As it is typed; or one sentence on what cannot be read.
    pub fn parse(text: &str, reader: Reader) -> Result<Self, Phrase> {
        let text = text.trim();
        if let Some(term) = whole_number(text, reader) {
            return Ok(Self { terms: vec![term] });
        }
        let mut terms = Vec::new();
        let mut words = text.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let Some((key, value)) = word.split_once(':') else {
                terms.push(bare(word, reader));
                continue;
            };
            let mut value = value.to_owned();
            if key.eq_ignore_ascii_case("to") {
                // A number is often written in groups.
                while let Some(group) = words.next_if(|word| is_of_a_number(word)) {
                    value.push_str(group);
                }
            }
            // It is still being typed: it asks for nothing yet.
            if !value.is_empty() {
                terms.push(keyed(&key.to_ascii_lowercase(), &value, reader)?);
            } else if !is_key(key) {
                return Err(unknown(key));
            }
        }
        Ok(Self { terms })
    }
}

fn keyed(key: &str, value: &str, reader: Reader) -> Result<Term, Phrase> {
    Ok(match key {
        "status" => Term::Status(standing::keyed(value)?),
        "since" => Term::Since(moment(value, reader)?),
        "until" => Term::Until(end_of(value, reader)?),
        "ticket" => Term::Ticket(value.to_owned()),
        "agent" => Term::Agent(value.to_owned()),
        "to" => Term::To(recipient(value)),
        "by" => Term::By(way(value)?.to_owned()),
        "kind" => Term::Kind(kind(value)?),
        "error" => Term::Error(
            value
                .parse()
                .map_err(|_| phrase!("An error is a number of Twilio's: write error:30003."))?,
        ),
        _ => return Err(unknown(key)),
    })
}

fn is_key(key: &str) -> bool {
    [
        "status", "since", "until", "ticket", "agent", "to", "by", "kind", "error",
    ]
    .iter()
    .any(|known| known.eq_ignore_ascii_case(key))
}

fn unknown(key: &str) -> Phrase {
    phrase!(
        "There is no filter called {key}: use status, since, until, ticket, to, by, kind, agent or error.",
        key = super::untrusted::visible(key)
    )
}

fn way(value: &str) -> Result<&'static str, Phrase> {
    let value = value.to_ascii_lowercase();
    ["sms", "call", "whatsapp", "email"]
        .into_iter()
        .find(|word| word.starts_with(&value))
        .ok_or_else(|| phrase!("A way is sms, call, whatsapp or email: write by:call."))
}

fn kind(value: &str) -> Result<Kind, Phrase> {
    let value = value.to_ascii_lowercase();
    [
        ("text", Kind::Text),
        ("verify", Kind::Verify),
        ("check", Kind::Verify),
        ("lookup", Kind::Lookup),
    ]
    .into_iter()
    .find(|(word, _)| word.starts_with(&value))
    .map(|(_, kind)| kind)
    .ok_or_else(|| phrase!("A kind is text, verify or lookup: write kind:text."))
}

/// `7d`, `24h`, `30m`, `today`, `yesterday`, or a date.
fn moment(value: &str, reader: Reader) -> Result<Timestamp, Phrase> {
    if let Some(day) = day(value, reader) {
        return beginning(day, reader).ok_or_else(no_time);
    }
    let (digits, unit) =
        value.split_at(value.len() - value.chars().last().map_or(0, char::len_utf8));
    let n: i64 = digits.parse().map_err(|_| no_time())?;
    let back = match unit {
        "d" => n.checked_mul(24 * 60),
        "h" => n.checked_mul(60),
        "m" => Some(n),
        _ => None,
    };
    back.and_then(SignedDuration::try_from_mins)
        .and_then(|back| reader.now.checked_sub(back).ok())
        .ok_or_else(no_time)
}

/// The end of a day, or that long ago.
fn end_of(value: &str, reader: Reader) -> Result<Timestamp, Phrase> {
    match day(value, reader) {
        Some(day) => day
            .checked_add(1.day())
            .ok()
            .and_then(|next| beginning(next, reader))
            .ok_or_else(no_time),
        None => moment(value, reader),
    }
}

fn day(value: &str, reader: Reader) -> Option<Date> {
    let today = reader.now.to_zoned(reader.zone.clone()).date();
    match value.to_ascii_lowercase().as_str() {
        "today" => Some(today),
        "yesterday" => today.yesterday().ok(),
        value => value.parse().ok(),
    }
}

fn beginning(day: Date, reader: Reader) -> Option<Timestamp> {
    let midnight = day.to_zoned(reader.zone.clone()).ok()?;
    Some(midnight.timestamp())
}

fn no_time() -> Phrase {
    phrase!("A time is 7d, 24h, 30m, today, yesterday or a date such as 2026-03-01.")
}

fn bare(word: &str, reader: Reader) -> Term {
    match day(word, reader).and_then(|day| beginning(day, reader)) {
        // The two days that have a name; a date alone may stand in a text.
        Some(midnight) if word.chars().all(char::is_alphabetic) => Term::Since(midnight),
        _ => Term::Word {
            standings: standing::named(word, reader.language),
            errors: standing::errors_named(word, reader.language),
            text: word.to_owned(),
        },
    }
}

fn whole_number(text: &str, reader: Reader) -> Option<Term> {
    if !text.split_whitespace().all(is_of_a_number) {
        return None;
    }
    let number = PhoneNumber::parse(text, reader.default_country)
        .ok()?
        .number;
    Some(Term::Number {
        number,
        typed: text.to_owned(),
    })
}

/// Digits, and what stands between the digits of a number.
fn is_of_a_number(word: &str) -> bool {
    word.chars().any(|c| ascii_digit(c).is_some())
        && word.chars().all(|c| {
            ascii_digit(c).is_some()
                || is_dash(c)
                || matches!(c, '+' | '(' | ')' | '.' | '/' | '…' | '•')
        })
}

/// What a number or an address begins with, or the digits within.
fn recipient(value: &str) -> String {
    if !is_of_a_number(value) {
        return value.to_owned();
    }
    let plus = value.starts_with('+').then_some('+');
    plus.into_iter()
        .chain(value.chars().filter_map(ascii_digit))
        .collect()
}

/// The digits of a word, where a number may be meant.
pub fn digits(word: &str) -> Option<String> {
    let digits: String = word.chars().filter_map(ascii_digit).collect();
    (is_of_a_number(word) && digits.len() >= 2).then_some(digits)
}

/// What a word says of the end of an account's name, where it is written as the list marks those of another account:
/// `AC..65a7`.
pub fn end_of_account(word: &str) -> Option<&str> {
    let (kind, end) = word.split_once("..")?;
    let is_end = end.len() <= 4 && end.chars().all(|c| c.is_ascii_hexdigit());
    (kind.eq_ignore_ascii_case("AC") && is_end).then_some(end)
}

impl fmt::Debug for HistoryQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} terms]", self.terms.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<Term>, String> {
        let reader = Reader {
            now: "2026-03-04T14:00:00Z".parse().unwrap(),
            zone: &TimeZone::fixed(jiff::tz::offset(-5)),
            default_country: "US",
            language: Language::English,
        };
        HistoryQuery::parse(text, reader)
            .map(|query| query.terms)
            .map_err(|problem| problem.to_string())
    }

    fn word(text: &str) -> Term {
        Term::Word {
            text: text.to_owned(),
            standings: Vec::new(),
            errors: Vec::new(),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn each_key_asks_for_one_thing() {
        let to = |text: &str| Term::To(text.to_owned());
        for (text, terms) in [
            ("", vec![]),
            ("status:failed", vec![Term::Status(Standing::Failed)]),
            ("STATUS:canceled", vec![Term::Status(Standing::Stopped)]),
            ("status:exp", vec![Term::Status(Standing::Expired)]),
            ("since:24h", vec![Term::Since(at("2026-03-03T14:00:00Z"))]),
            ("since:7d", vec![Term::Since(at("2026-02-25T14:00:00Z"))]),
            (
                "since:2026-03-01",
                vec![Term::Since(at("2026-03-01T05:00:00Z"))],
            ),
            (
                "until:2026-03-01",
                vec![Term::Until(at("2026-03-02T05:00:00Z"))],
            ),
            ("today", vec![Term::Since(at("2026-03-04T05:00:00Z"))]),
            ("ticket:48213", vec![Term::Ticket("48213".to_owned())]),
            ("to:+1415…", vec![to("+1415")]),
            ("to:+1 (415) 555", vec![to("+1415555")]),
            ("to:ada@", vec![to("ada@")]),
            ("by:whats", vec![Term::By("whatsapp".to_owned())]),
            ("kind:lookup", vec![Term::Kind(Kind::Lookup)]),
            ("agent:desk-7", vec![Term::Agent("desk-7".to_owned())]),
            ("error:30003", vec![Term::Error(30003)]),
            ("status: ticket:", vec![]),
            ("refund 48213", vec![word("refund"), word("48213")]),
        ] {
            assert_eq!(parse(text).as_ref(), Ok(&terms), "{text}");
        }
    }

    #[test]
    fn a_pasted_number_asks_for_all_about_it_in_whatever_groups() {
        for text in [
            "+14155550100",
            " (415) 555-0100\n",
            "+1 415 555 0100",
            "415.555.0100",
        ] {
            let terms = parse(text).unwrap();
            assert!(
                matches!(&terms[..], [Term::Number { number, .. }] if number.e164() == "+14155550100"),
                "{text}: {} terms",
                terms.len()
            );
        }
        assert!(matches!(&parse("48213").unwrap()[..], [Term::Word { .. }]));
    }

    #[test]
    fn what_cannot_be_read_is_one_sentence() {
        for (text, words) in [
            ("colour:red", "There is no filter called colour"),
            ("colour:", "There is no filter called colour"),
            ("status:blue", "A status is approved"),
            ("since:soon", "A time is 7d"),
            ("since:99999999999999999999d", "A time is 7d"),
            ("since:9223372036854775807d", "A time is 7d"),
            ("since:é", "A time is 7d"),
            ("by:pigeon", "A way is sms"),
            ("kind:fax", "A kind is text"),
            ("error:many", "An error is a number"),
        ] {
            let sentence = parse(text).unwrap_err();
            assert!(sentence.contains(words), "{text}: {sentence}");
        }
    }

    #[test]
    fn an_account_is_named_as_the_list_marks_it_also_while_it_is_typed() {
        for (word, end) in [
            ("AC..65a7", Some("65a7")),
            ("ac..65A", Some("65A")),
            ("AC..", Some("")),
            ("AC..65a7b", None),
            ("AC..65x", None),
            ("VE..65a7", None),
            ("AC.65a7", None),
            ("65a7", None),
        ] {
            assert_eq!(end_of_account(word), end, "{word}");
        }
    }

    #[test]
    fn debug_shows_no_number() {
        let query = HistoryQuery {
            terms: vec![Term::To("+14155550100".to_owned())],
        };
        assert_eq!(format!("{query:?}"), "[1 terms]");
    }

    impl fmt::Debug for Term {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Status(standing) => write!(f, "{standing:?}"),
                Self::Since(at) => write!(f, "since {at}"),
                Self::Until(at) => write!(f, "until {at}"),
                Self::Kind(kind) => write!(f, "{kind:?}"),
                Self::Error(code) => write!(f, "error {code}"),
                Self::Ticket(text)
                | Self::Agent(text)
                | Self::To(text)
                | Self::By(text)
                | Self::Word { text, .. } => write!(f, "{text}"),
                Self::Number { number, .. } => write!(f, "{number:?}"),
            }
        }
    }
}
