//! Words of ours that a person reads, before it is decided in which language.
//!
//! A phrase is its English text with blanks in braces, and what fills them. The English is its name, too:
//! [`Language::say`](super::Language::say) finds the translation by it, so that the code reads as the
//! screen does. Text of others (a name, a number, an error of a library) stands in a phrase as it is.
//!
//! Phrases are made by the macro [`phrase!`](crate::domain::phrase!), whose first argument is a literal:
//! a test collects all of them and sees that each language has each.

use std::fmt;

use super::Language;

/// Words of ours, in no language yet. `Display` is English; `Debug` leaves out what fills the blanks.
#[derive(Clone, PartialEq, Eq)]
pub struct Phrase(Words);

#[derive(Clone, PartialEq, Eq)]
enum Words {
    /// English with blanks, and what fills them by name.
    Ours(&'static str, Vec<(&'static str, Phrase)>),
    /// English of ours that has been a text meanwhile: in an error, on the disk.
    Known(String),
    /// Not ours to translate.
    AsIs(String),
}

impl Phrase {
    /// An English text of ours, with what fills its blanks. Written as `phrase!("…", name = value)`.
    pub fn new(english: &'static str, blanks: Vec<(&'static str, Phrase)>) -> Self {
        Self(Words::Ours(english, blanks))
    }

    /// A text without blanks that stands in a table of ours: keys, errors.
    pub fn of(english: &'static str) -> Self {
        Self::new(english, Vec::new())
    }

    /// An English sentence of ours that has been a text meanwhile: in an error, in the history. One that no
    /// language knows is said as it is.
    pub fn known(english: impl Into<String>) -> Self {
        Self(Words::Known(english.into()))
    }

    /// Text of others, or a value that is the same in every language: it is shown as it is.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self(Words::AsIs(text.into()))
    }

    /// Nothing is said.
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Words::Ours(english, _) => english.is_empty(),
            Words::Known(text) | Words::AsIs(text) => text.is_empty(),
        }
    }

    /// In a language, whose words for an English text `translated` knows. An unknown one stays English:
    /// better a word in another language than none.
    pub(super) fn said(
        &self,
        translated: &dyn for<'t> Fn(&'t str) -> Option<&'static str>,
    ) -> String {
        match &self.0 {
            Words::AsIs(text) => text.clone(),
            Words::Known(text) => match translated(text) {
                Some(said) => said.to_owned(),
                None => said_by_pattern(text, translated).unwrap_or_else(|| text.clone()),
            },
            Words::Ours(english, blanks) => fill(translated(english).unwrap_or(english), |name| {
                let blank = blanks.iter().find(|(known, _)| *known == name);
                blank.map(|(_, phrase)| phrase.said(translated))
            }),
        }
    }
}

/// A sentence that has been a text meanwhile may hold a number, which was its blank `{n}`.
fn said_by_pattern(
    text: &str,
    translated: &dyn for<'t> Fn(&'t str) -> Option<&'static str>,
) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .map_or(text.len(), |end| start + end);
    let pattern = format!("{}{{n}}{}", &text[..start], &text[end..]);
    Some(translated(&pattern)?.replace("{n}", &text[start..end]))
}

/// Puts values into the blanks of a text. A blank without a value stays as it is written.
fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        if let Some((Some(value), end)) =
            after.split_once('}').map(|(name, end)| (value(name), end))
        {
            filled.push_str(&value);
            rest = end;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Language::English.say(self))
    }
}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Words::Ours(english, _) => write!(f, "{english:?}"),
            Words::Known(text) | Words::AsIs(text) => {
                write!(f, "[{} characters]", text.chars().count())
            }
        }
    }
}

impl From<&Phrase> for Phrase {
    fn from(phrase: &Phrase) -> Self {
        phrase.clone()
    }
}

/// What fills a blank: a phrase, a number, or a text of others, which stands in the sentence as it is. A text
/// alone is no phrase: whoever shows it says [`Phrase::verbatim`].
#[derive(Debug)]
pub struct Blank(Phrase);

impl From<Blank> for Phrase {
    fn from(blank: Blank) -> Self {
        blank.0
    }
}

impl From<Phrase> for Blank {
    fn from(phrase: Phrase) -> Self {
        Self(phrase)
    }
}

impl From<&Phrase> for Blank {
    fn from(phrase: &Phrase) -> Self {
        Self(phrase.clone())
    }
}

macro_rules! blank_from {
    ($($value:ty),*) => {
        $(impl From<$value> for Blank {
            fn from(value: $value) -> Self {
                Self(Phrase::verbatim(value.to_string()))
            }
        })*
    };
}
blank_from!(&str, &String, String, u8, u16, u32, u64, usize, i64);

/// A [`Phrase`]: `phrase!("{n} checks are waiting.", n = waiting)`.
///
/// The English text is a literal, so that no phrase escapes its translators. A value may be a text of
/// others, a number or a phrase. One and many are two phrases.
#[macro_export]
#[doc(hidden)]
macro_rules! __phrase {
    ($english:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::domain::Phrase::new(
            $english,
            ::std::vec![$((stringify!($name), $crate::domain::Phrase::from($crate::domain::phrase::Blank::from($value)))),*],
        )
    };
}
#[doc(inline)]
pub use __phrase as phrase;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_filled_by_name_wherever_the_translation_puts_them() {
        let phrase = phrase!("{n} checks by {who}", n = 3_usize, who = phrase!("call"));
        let german = |english: &str| match english {
            "{n} checks by {who}" => Some("Durch {who}: {n} Prüfungen"),
            "call" => Some("Anruf"),
            _ => None,
        };
        assert_eq!(phrase.said(&german), "Durch Anruf: 3 Prüfungen");
        assert_eq!(phrase.to_string(), "3 checks by call");
    }

    #[test]
    fn a_sentence_that_was_a_text_meanwhile_is_known_by_its_words_and_its_number() {
        let german = |english: &str| match english {
            "Done." => Some("Erledigt."),
            "At most {n} a day." => Some("Höchstens {n} am Tag."),
            _ => None,
        };
        for (text, said) in [
            ("Done.", "Erledigt."),
            ("At most 20 a day.", "Höchstens 20 am Tag."),
            ("At most 20 a week.", "At most 20 a week."),
        ] {
            assert_eq!(Phrase::known(text).said(&german), said);
        }
    }

    #[test]
    fn what_others_wrote_is_neither_translated_nor_taken_for_a_blank() {
        let phrase = phrase!("From {name}.", name = "{name} call");
        let said = phrase.said(&|english| (english == "call").then_some("Anruf"));
        assert_eq!(said, "From {name} call.");
        assert_eq!(phrase!("a { b } {c").to_string(), "a { b } {c");
    }

    #[test]
    fn debug_leaves_out_what_fills_the_blanks() {
        let phrase = phrase!("To {to}", to = "+14155550123");
        assert_eq!(format!("{phrase:?}"), "\"To {to}\"");
        assert_eq!(
            format!("{:?}", Phrase::verbatim("secret")),
            "[6 characters]"
        );
    }
}
