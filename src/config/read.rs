//! Values of the settings, each read in its one right form. An error says the form and not what was found.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::domain::{Language, Notices};

/// The longest time that anybody plans for: a hundred years.
const LONGEST: u32 = 36_500;

/// Two capital letters.
pub fn country<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let code = String::deserialize(from)?;
    if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        Ok(Some(code))
    } else {
        Err(D::Error::custom(
            "a country is two capital letters, such as US",
        ))
    }
}

/// One of ours, by its code.
pub fn language<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Language>, D::Error> {
    let tag = String::deserialize(from)?;
    let found = Language::ALL
        .into_iter()
        .find(|language| language.tag() == tag);
    found.map(Some).ok_or_else(|| {
        let tags = Language::ALL.map(Language::tag).join(", ");
        D::Error::custom(format!("a language is one of {tags}"))
    })
}

/// A form of notices.
pub fn notices<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Notices>, D::Error> {
    let name = String::deserialize(from)?;
    Notices::named(&name)
        .map(Some)
        .ok_or_else(|| D::Error::custom("notices are off, osc9 or osc777"))
}

/// A short word: it goes to Twilio as a tag and stands in every line of the history.
pub fn alias<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let alias = String::deserialize(from)?;
    let fits = (1..=40).contains(&alias.chars().count())
        && alias
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if fits {
        Ok(Some(alias))
    } else {
        Err(D::Error::custom(
            "an alias of an agent has 1 to 40 letters, digits, dashes, dots and underscores",
        ))
    }
}

/// How long entries are kept.
pub fn days<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    let days = u32::deserialize(from)?;
    if (1..=LONGEST).contains(&days) {
        Ok(Some(days))
    } else {
        Err(D::Error::custom(format!(
            "entries are kept for a number of days from 1 to {LONGEST}"
        )))
    }
}
