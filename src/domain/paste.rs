//! Credentials and codes in whatever was pasted: prose, `NAME=value` lines, JSON, a copy of the Console.
//!
//! Identifiers say themselves what they are. A token (32 hex digits) and a key secret (32 letters and
//! digits) do not, so the words before them decide, and without words their shape; where even that leaves
//! two readings, it is reported and nothing is taken.
//!
//! Invariant: neither `Debug` nor a problem ever shows a piece of a secret or a code.

mod code;

use std::str::FromStr;

pub use code::{CodeProblem, find_code, is_only_code};

use super::phone::PhoneNumber;
use super::phrase::{Phrase, phrase};
use super::secret::Secret;
use super::sid::{AccountSid, ApiKeySid, MessagingServiceSid, VerifyServiceSid};

/// What was found in a paste. `Debug` shows nothing of the secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pasted {
    /// The account.
    pub account_sid: Option<AccountSid>,
    /// The API key.
    pub key_sid: Option<ApiKeySid>,
    /// The secret of the API key.
    pub secret: Option<Secret>,
    /// The auth token.
    pub token: Option<Secret>,
    /// The Verify service.
    pub verify_service: Option<VerifyServiceSid>,
    /// The Messaging Service.
    pub messaging_service: Option<MessagingServiceSid>,
    /// The number that texts come from.
    pub from_number: Option<PhoneNumber>,
    /// What could be read in two ways and was therefore not taken.
    pub doubts: Vec<Doubt>,
}

/// What in a paste could be read in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// Different values for one thing.
    #[error("there is more than one {0} in this: paste the one that is meant")]
    Several(&'static str),
    /// Several values of thirty-two hex digits without a label, beside an API key without a secret.
    #[error("two values could be the auth token or the key's secret: put their names before them")]
    TokenOrSecret,
}

impl Doubt {
    /// The same as a sentence.
    pub fn said(&self) -> Phrase {
        match self {
            // The names are Twilio's.
            Self::Several(what) => phrase!(
                "There is more than one {what} in this: paste the one that is meant.",
                what = *what
            ),
            Self::TokenOrSecret => phrase!(
                "Two values could be the auth token or the key's secret: put their names before them."
            ),
        }
    }
}

// What is found, in the words of a problem.
const ACCOUNT: &str = "account SID";
const KEY: &str = "API key SID";
const SECRET: &str = "key secret";
const TOKEN: &str = "auth token";
const VERIFY: &str = "Verify service SID";
const MESSAGING: &str = "Messaging Service SID";
const NUMBER: &str = "number";

/// So far before a value its label is looked for, in characters.
const LABEL_REACH: usize = 60;

impl Pasted {
    /// Finds what it can in any text.
    pub fn find(text: &str) -> Self {
        let mut found = Self::default();
        let mut unlabelled: Vec<&str> = Vec::new();
        let mut label_from = 0;
        for (at, word) in words(text) {
            let label = &text[label_from..at];
            let end = at + word.len();
            if word.len() == 34 && found.identifier(word) {
                label_from = end;
            } else if word.len() == 32 {
                label_from = end;
                match labelled(label) {
                    Some(Credential::Token) => {
                        keep(
                            &mut found.token,
                            Secret::new(word),
                            TOKEN,
                            &mut found.doubts,
                        );
                    }
                    Some(Credential::Secret) => {
                        keep(
                            &mut found.secret,
                            Secret::new(word),
                            SECRET,
                            &mut found.doubts,
                        );
                    }
                    None if !unlabelled.contains(&word) => unlabelled.push(word),
                    None => {}
                }
            }
        }
        found.judge(&unlabelled);
        found.number(text);
        found.drop_doubtful();
        found
    }

    /// An auth token or a key's secret is in it, or what may be one.
    pub fn holds_a_secret(&self) -> bool {
        let is_of_one =
            |doubt: &Doubt| matches!(doubt, Doubt::TokenOrSecret | Doubt::Several(SECRET | TOKEN));
        self.token.is_some() || self.secret.is_some() || self.doubts.iter().any(is_of_one)
    }

    /// There is nothing of use in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes an identifier of a kind that is wanted.
    fn identifier(&mut self, word: &str) -> bool {
        let doubts = &mut self.doubts;
        take(&mut self.account_sid, word, ACCOUNT, doubts)
            || take(&mut self.key_sid, word, KEY, doubts)
            || take(&mut self.verify_service, word, VERIFY, doubts)
            || take(&mut self.messaging_service, word, MESSAGING, doubts)
    }

    /// Decides by shape what no label names. All hex in lower case is a token, unless a key still lacks
    /// its secret: then the only one is that. Anything richer is a secret.
    fn judge(&mut self, unlabelled: &[&str]) {
        let known = |secret: &Option<Secret>, word: &str| {
            secret
                .as_ref()
                .is_some_and(|secret| secret.expose() == word)
        };
        let (hex, rich): (Vec<&str>, Vec<&str>) = unlabelled
            .iter()
            .copied()
            .filter(|word| !known(&self.token, word) && !known(&self.secret, word))
            .partition(|word| word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
        for word in rich.into_iter().filter(|word| is_random(word)) {
            keep(
                &mut self.secret,
                Secret::new(word),
                SECRET,
                &mut self.doubts,
            );
        }
        match hex.as_slice() {
            // Who pastes a key means to use it. Twilio says so where it was the token all the same.
            [only] if self.lacks_secret() => self.secret = Some(Secret::new(only)),
            [_, _, ..] if self.lacks_secret() => self.doubts.push(Doubt::TokenOrSecret),
            _ => {
                for word in hex {
                    keep(&mut self.token, Secret::new(word), TOKEN, &mut self.doubts);
                }
            }
        }
    }

    /// The number after a word such as `from`, or else the only one in E.164.
    fn number(&mut self, text: &str) {
        let all: Vec<(bool, PhoneNumber)> = text
            .match_indices('+')
            .filter_map(|(at, _)| {
                let tail = &text[at..];
                let end = tail[1..]
                    .find(|c: char| !(c.is_ascii_digit() || " ()-.\u{a0}".contains(c)))
                    .map_or(tail.len(), |end| end + 1);
                let number = read_number(&tail[..end])?;
                let label = before(text, at).to_ascii_lowercase();
                let named = ["from", "sender", "number", "phone"]
                    .iter()
                    .any(|word| label.contains(word));
                Some((named, number))
            })
            .collect();
        let any_named = all.iter().any(|(named, _)| *named);
        for (_, number) in all.into_iter().filter(|(named, _)| *named == any_named) {
            keep(&mut self.from_number, number, NUMBER, &mut self.doubts);
        }
    }

    /// Of several values none is taken: the first is not more likely than the last.
    fn drop_doubtful(&mut self) {
        for doubt in &self.doubts {
            match doubt {
                Doubt::Several(ACCOUNT) => self.account_sid = None,
                Doubt::Several(KEY) => self.key_sid = None,
                Doubt::Several(SECRET) => self.secret = None,
                Doubt::Several(TOKEN) => self.token = None,
                Doubt::Several(VERIFY) => self.verify_service = None,
                Doubt::Several(MESSAGING) => self.messaging_service = None,
                Doubt::Several(_) => self.from_number = None,
                Doubt::TokenOrSecret => {}
            }
        }
    }

    /// There is a key, and none of the values is its secret by name or shape.
    fn lacks_secret(&self) -> bool {
        self.key_sid.is_some() && self.secret.is_none()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Credential {
    Token,
    Secret,
}

/// Runs of ASCII letters and digits, and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let other = |c: char| !c.is_ascii_alphanumeric();
    text.split_inclusive(other)
        .scan(0, move |next, piece| {
            let at = *next;
            *next += piece.len();
            Some((at, piece.trim_end_matches(other)))
        })
        .filter(|(_, word)| !word.is_empty())
}

/// What the words before a value call it; the nearest counts.
fn labelled(label: &str) -> Option<Credential> {
    let label = before(label, label.len()).to_ascii_lowercase();
    let (token, secret) = (label.rfind("token"), label.rfind("secret"));
    match (token, secret) {
        (None, None) => None,
        _ if token > secret => Some(Credential::Token),
        _ => Some(Credential::Secret),
    }
}

/// The text just before a place, as far as a label reaches.
fn before(text: &str, at: usize) -> &str {
    let from = text[..at]
        .char_indices()
        .rev()
        .take(LABEL_REACH)
        .last()
        .map_or(at, |(from, _)| from);
    &text[from..at]
}

/// Not a long word, but what a generator of secrets makes: digits, or capitals within.
fn is_random(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit())
        || (word.bytes().any(|b| b.is_ascii_lowercase())
            && word.bytes().skip(1).any(|b| b.is_ascii_uppercase()))
}

/// E.164 as it stands needs no numbering plans; other shapes do.
fn read_number(text: &str) -> Option<PhoneNumber> {
    let text = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    PhoneNumber::from_e164(text)
        .ok()
        .or_else(|| Some(PhoneNumber::parse(text, "").ok()?.number))
}

fn take<T: FromStr + PartialEq>(
    place: &mut Option<T>,
    word: &str,
    what: &'static str,
    doubts: &mut Vec<Doubt>,
) -> bool {
    match word.parse() {
        Ok(value) => {
            keep(place, value, what, doubts);
            true
        }
        Err(_) => false,
    }
}

/// Keeps the first of several, and says that there was another.
fn keep<T: PartialEq>(
    place: &mut Option<T>,
    value: T,
    what: &'static str,
    doubts: &mut Vec<Doubt>,
) {
    match place {
        Some(known) if *known == value => {}
        Some(_) if doubts.contains(&Doubt::Several(what)) => {}
        Some(_) => doubts.push(Doubt::Several(what)),
        None => *place = Some(value),
    }
}

#[cfg(test)]
#[path = "paste/tests.rs"]
mod tests;
