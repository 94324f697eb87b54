//! The languages that tuilio speaks: on the screen, and to the customer.
//!
//! English stands in the code. The others stand in `assets/phrases`, a folder each, by the English text;
//! a language is read when it is first spoken.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use super::Phrase;

/// A language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English, in which the phrases are written.
    #[default]
    English,
    /// Spanish.
    Spanish,
    /// French.
    French,
    /// German.
    German,
}

type Words = BTreeMap<String, String>;

static SPANISH: LazyLock<Words> = LazyLock::new(|| {
    read([
        include_str!("../../assets/phrases/es/screen.toml"),
        include_str!("../../assets/phrases/es/errors.toml"),
        include_str!("../../assets/phrases/es/countries.toml"),
    ])
});
static FRENCH: LazyLock<Words> = LazyLock::new(|| {
    read([
        include_str!("../../assets/phrases/fr/screen.toml"),
        include_str!("../../assets/phrases/fr/errors.toml"),
        include_str!("../../assets/phrases/fr/countries.toml"),
    ])
});
static GERMAN: LazyLock<Words> = LazyLock::new(|| {
    read([
        include_str!("../../assets/phrases/de/screen.toml"),
        include_str!("../../assets/phrases/de/errors.toml"),
        include_str!("../../assets/phrases/de/countries.toml"),
    ])
});

/// The files are part of the program, and a test reads each: what cannot be read is not there.
fn read(files: [&str; 3]) -> Words {
    let mut words = Words::new();
    for file in files {
        words.extend(toml::from_str::<Words>(file).unwrap_or_default());
    }
    words
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::English, Self::Spanish, Self::French, Self::German];

    /// A phrase in this language.
    pub fn say(self, phrase: &Phrase) -> String {
        match self.words() {
            Some(words) => phrase.said(&|english| words.get(english).map(String::as_str)),
            None => phrase.said(&|_| None),
        }
    }

    /// From a tag or a locale, such as `es`, `es-MX` or `de_DE.UTF-8`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or(tag);
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// What is spoken in a country (ISO 3166 alpha-2), where one of ours is spoken by nearly everybody. In
    /// Canada, Belgium or Switzerland nobody can tell beforehand.
    pub fn of_country(code: &str) -> Option<Self> {
        const SPOKEN: [(Language, &str); 4] = [
            (
                Language::English,
                "US GB IE AU NZ AG AI BB BM BS DM GD GU JM KN KY LC MS TC TT VC VG VI",
            ),
            (
                Language::Spanish,
                "ES MX AR BO CL CO CR CU DO EC GT HN NI PA PE PR PY SV UY VE",
            ),
            (Language::French, "FR GF GP MC MQ RE YT PM"),
            (Language::German, "DE AT LI"),
        ];
        SPOKEN
            .into_iter()
            .find(|(_, countries)| countries.split(' ').any(|known| known == code))
            .map(|(language, _)| language)
    }

    /// Its ISO 639-1 code, which Verify's `Locale` takes as well.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::German => "de",
        }
    }

    /// Its own name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
            Self::French => "Français",
            Self::German => "Deutsch",
        }
    }

    /// The next one, and after the last one the first.
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|&language| language == self);
        Self::ALL[(at.unwrap_or(0) + 1) % Self::ALL.len()]
    }

    fn words(self) -> Option<&'static Words> {
        match self {
            Self::English => None,
            Self::Spanish => Some(&SPANISH),
            Self::French => Some(&FRENCH),
            Self::German => Some(&GERMAN),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_its_tag_or_a_locale() {
        for (tag, language) in [
            ("es", Some(Language::Spanish)),
            ("es-MX", Some(Language::Spanish)),
            ("de_AT.UTF-8", Some(Language::German)),
            ("FR", Some(Language::French)),
            ("C", None),
            ("", None),
            ("english", None),
        ] {
            assert_eq!(Language::from_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn a_country_has_the_language_of_nearly_everybody_or_none() {
        for (country, language) in [
            ("US", Some(Language::English)),
            ("MX", Some(Language::Spanish)),
            ("FR", Some(Language::French)),
            ("AT", Some(Language::German)),
            ("CA", None),
            ("CH", None),
            ("JP", None),
            ("", None),
        ] {
            assert_eq!(Language::of_country(country), language, "{country}");
        }
    }

    #[test]
    fn each_language_is_reached_in_turn() {
        let mut language = Language::English;
        for _ in Language::ALL {
            language = language.next();
        }
        assert_eq!(language, Language::English);
    }
}
