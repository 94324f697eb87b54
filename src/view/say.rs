//! What to say to the customer: in the language of the screen, and in the customer's where it is another.
//!
//! The agent understands the first and reads out the second. Both come of one phrase, so that they cannot
//! say different things.

use crate::domain::{Language, Phrase, phrase};

use super::paper::{Paper, Weight};
use super::theme::Role;

impl Paper {
    /// A section with words to say, which are given without quotation marks. Where room is short, they are
    /// those that the customer hears.
    pub fn say(&mut self, words: impl Into<Phrase>, customer: Option<Language>) -> &mut Self {
        let words = words.into();
        let screen = self.look().language;
        let ours = quoted(screen, &words);
        let theirs = customer
            .map(|language| (language, quoted(language, &words)))
            .filter(|(_, theirs)| *theirs != ours);
        self.section(Weight::Important).labelled_text(
            phrase!("Say"),
            Role::Plain,
            Phrase::verbatim(&ours),
        );
        let (label, heard) = match theirs {
            Some((language, theirs)) => {
                let name = Phrase::verbatim(language.name());
                self.labelled_text(name.clone(), Role::Plain, Phrase::verbatim(&theirs));
                (name, theirs)
            }
            None => (phrase!("Say"), ours),
        };
        self.or_shorter(|paper| {
            paper.run_in(label, Phrase::verbatim(heard));
        })
    }
}

/// Words between quotation marks.
fn quoted(language: Language, words: &Phrase) -> String {
    format!("\"{}\"", language.say(words))
}
