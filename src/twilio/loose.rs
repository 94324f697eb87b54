//! Reading JSON that is almost as documented.
//!
//! Twilio writes some numbers as text and some as numbers, dates in two styles, and adds fields and
//! words over time. A [`Loose`] value takes any of these and gives what the reader asks for, or nothing:
//! a surprise in one field must not hide the answer around it, for then a text that was sent would
//! count as lost.

use std::fmt;
use std::str::FromStr;

use jiff::fmt::rfc2822::DateTimeParser;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::domain::untrusted::visible;
use crate::domain::{Timestamp, Untrusted};

/// A text, number or boolean as text; nothing for null, lists and objects.
#[derive(Clone, Default)]
pub(super) struct Loose(Option<String>);

impl Loose {
    /// The text, unless it is empty.
    pub(super) fn text(self) -> Option<String> {
        self.0.filter(|text| !text.is_empty())
    }

    /// A short word that is shown and compared as it is: statuses, countries, prices. Cleaned, since
    /// an answer may hold anything.
    pub(super) fn word(self) -> Option<String> {
        const LONGEST: usize = 64;
        let text = self.text()?;
        Some(visible(&text).chars().take(LONGEST).collect())
    }

    /// The text as somebody else's, unless it is empty.
    pub(super) fn foreign(self) -> Option<Untrusted> {
        self.text().map(Untrusted::new)
    }

    /// Whatever can be read from the text: numbers, SIDs.
    pub(super) fn parsed<T: FromStr>(&self) -> Option<T> {
        self.0.as_deref()?.trim().parse().ok()
    }

    /// The moment, in either style.
    pub(super) fn moment(&self) -> Option<Timestamp> {
        moment(self.0.as_deref()?)
    }

    /// `true` in any of its spellings.
    pub(super) fn is_true(&self) -> bool {
        self.0
            .as_deref()
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }
}

/// `Thu, 24 Aug 2023 05:01:45 +0000`, or `2015-07-30T20:00:00Z` with or without a fraction.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    /// A wrong weekday is no reason to lose the date.
    static RFC_2822: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
    let text = text.trim();
    RFC_2822
        .parse_timestamp(text)
        .ok()
        .or_else(|| text.parse().ok())
        .filter(|moment| (EARLIEST..LATEST).contains(&moment.as_second()))
}

/// 1970 and 3000: what lies beyond is no date of Twilio's, and reckoning with it would leave the calendar.
const EARLIEST: i64 = 0;
const LATEST: i64 = 32_503_680_000;

/// A whole body that is one JSON object. A list is refused here, since it would fill the fields of a
/// struct one after the other.
pub(super) fn object<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    if body.trim_ascii_start().first() == Some(&b'{') {
        serde_json::from_slice(body).ok()
    } else {
        None
    }
}

/// A part of an answer, or its default where it has another shape.
pub(super) fn part<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    if value.is_object() {
        Ok(serde_json::from_value(value).unwrap_or_default())
    } else {
        Ok(T::default())
    }
}

/// The items of a list that have the right shape; none where it is no list.
pub(super) fn items<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let serde_json::Value::Array(values) = serde_json::Value::deserialize(deserializer)? else {
        return Ok(Vec::new());
    };
    Ok(values
        .into_iter()
        .filter_map(|value| serde_json::from_value(value).ok())
        .collect())
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<Loose, E> {
        Ok(Loose(Some(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Loose, E> {
        Ok(Loose(Some(text)))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Loose, E> {
        Ok(Loose(Some(flag.to_string())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Loose, E> {
        Ok(Loose(Some(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Loose, E> {
        Ok(Loose(Some(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Loose, E> {
        Ok(Loose(Some(number.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Loose, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_as_numbers_and_as_text() {
        for (json, number) in [
            ("30008", Some(30008)),
            ("\"30008\"", Some(30008)),
            ("\" 1 \"", Some(1)),
            ("null", None),
            ("\"\"", None),
            ("-1", None),
            ("[1]", None),
            ("{\"a\":[1,{}]}", None),
        ] {
            let loose: Loose = serde_json::from_str(json).unwrap();
            assert_eq!(loose.parsed::<u32>(), number, "{json}");
        }
    }

    #[test]
    fn dates_come_in_two_styles() {
        let expected: Timestamp = "2023-08-24T05:01:45Z".parse().unwrap();
        for text in [
            "Thu, 24 Aug 2023 05:01:45 +0000",
            "Mon, 24 Aug 2023 05:01:45 +0000",
            "Thu, 24 Aug 2023 05:01:45 GMT",
            "2023-08-24T05:01:45Z",
        ] {
            assert_eq!(moment(text), Some(expected), "{text}");
        }
        assert!(moment("2023-08-24T05:01:45.123456789Z").is_some());
        for text in [
            "yesterday",
            "-009999-01-02T01:59:59Z",
            "9999-12-30T22:00:00Z",
            "Fri, 31 Dec 9999 23:59:59 +0000",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
