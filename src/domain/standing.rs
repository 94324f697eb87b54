//! Where an entry of the history stands, and by which words it is asked for: those of `status:`, and those
//! that the list shows, in English and in the language of the screen.

use super::{Language, Phrase, catalogue, phrase};

/// Where an entry stands, in the words of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The code was read back and was right.
    Approved,
    /// The network reports it.
    Delivered,
    /// A text that Twilio took and nobody reports yet.
    Sent,
    /// A code that may still be read back.
    Waiting,
    /// It did not arrive, was refused or not sent.
    Failed,
    /// Of these, what the network did not bring.
    NotDelivered,
    /// Of these, what never left.
    NotSent,
    /// Of these, a check with five wrong codes.
    UsedUp,
    /// Nobody knows yet whether it went out.
    Unknown,
    /// A code that was not read back in time.
    Expired,
    /// Withdrawn.
    Stopped,
}

const STANDINGS: [(&str, Standing); 15] = [
    ("approved", Standing::Approved),
    ("delivered", Standing::Delivered),
    ("read", Standing::Delivered),
    ("sent", Standing::Sent),
    ("queued", Standing::Sent),
    ("waiting", Standing::Waiting),
    ("pending", Standing::Waiting),
    ("failed", Standing::Failed),
    ("undelivered", Standing::Failed),
    ("refused", Standing::Failed),
    ("unknown", Standing::Unknown),
    ("expired", Standing::Expired),
    ("stopped", Standing::Stopped),
    ("cancelled", Standing::Stopped),
    ("canceled", Standing::Stopped),
];

/// What `status:` asks for.
pub(super) fn keyed(value: &str) -> Result<Standing, Phrase> {
    // The beginning of a word is enough, so that the list follows the typing.
    let value = value.to_ascii_lowercase();
    STANDINGS
        .iter()
        .find(|(word, _)| word.starts_with(&value))
        .map(|(_, standing)| *standing)
        .ok_or_else(|| {
            phrase!(
                "A status is approved, delivered, sent, waiting, failed, unknown, expired or stopped."
            )
        })
}

/// So much of a word stands for it while it is being typed.
const BEGINNING: usize = 4;

/// Shorter words stand in any sentence.
const SHORTEST: usize = 3;

/// What the list says, and where such an entry stands.
const SAID: [(&str, Standing); 14] = [
    ("Approved", Standing::Approved),
    ("Delivered", Standing::Delivered),
    ("Read", Standing::Delivered),
    ("Sent", Standing::Sent),
    ("On its way", Standing::Sent),
    ("Scheduled", Standing::Sent),
    ("Waiting", Standing::Waiting),
    ("Not delivered", Standing::NotDelivered),
    ("Not sent", Standing::NotSent),
    ("Failed", Standing::Failed),
    ("Five wrong codes", Standing::UsedUp),
    ("Not known, checking", Standing::Unknown),
    ("Expired", Standing::Expired),
    ("Stopped", Standing::Stopped),
];

/// The states in whose name the list has that word.
pub(super) fn named(word: &str, language: Language) -> Vec<Standing> {
    let mut named = Vec::new();
    for (said, standing) in SAID {
        if !named.contains(&standing) && is_said(word, said, language) {
            named.push(standing);
        }
    }
    named
}

/// The refusals in whose name the list has that word, by Twilio's codes.
pub(super) fn errors_named(word: &str, language: Language) -> Vec<u32> {
    let titled = |code: &u32| is_said(word, &catalogue::entry(*code).title, language);
    catalogue::codes().filter(titled).collect()
}

fn is_said(word: &str, said: &'static str, language: Language) -> bool {
    let word = word.to_lowercase();
    let begins = word.chars().count() >= BEGINNING;
    let whole = word.chars().count() >= SHORTEST;
    [Language::English, language].into_iter().any(|language| {
        let said = language.say(&Phrase::of(said)).to_lowercase();
        said.split(|c: char| !c.is_alphanumeric())
            .any(|one| (whole && one == word) || (begins && one.starts_with(&word)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_list_is_known_in_english_and_in_the_language_of_the_screen() {
        let delivered = [Standing::Delivered, Standing::NotDelivered];
        for (word, language) in [
            ("Delivered", Language::English),
            ("deliv", Language::English),
            ("delivered", Language::Spanish),
            ("entregado", Language::Spanish),
        ] {
            assert_eq!(named(word, language), delivered, "{word}");
        }
        assert_eq!(named("entregado", Language::English), []);
        assert_eq!(
            named("del", Language::English),
            [],
            "three letters are in any text"
        );
        assert_eq!(
            named("sent", Language::English),
            [Standing::Sent, Standing::NotSent]
        );
        assert!(errors_named("landline", Language::English).contains(&60205));
        assert!(errors_named("refund", Language::English).is_empty());
    }

    #[test]
    fn what_the_list_says_is_translated() {
        for language in Language::ALL
            .into_iter()
            .filter(|it| *it != Language::English)
        {
            for (said, _) in SAID {
                assert_ne!(language.say(&Phrase::of(said)), said, "{language}");
            }
        }
    }
}
