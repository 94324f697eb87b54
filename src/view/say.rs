//! What to say to the customer: in the language of the screen, and in the customer's where it is another.
//!
//! The agent understands the first and reads out the second. Both come of one phrase, so that they cannot
//! say different things.

use crate::domain::{Language, Phrase, phrase};

use super::paper::{Paper, Weight};
use super::theme::Role;

impl Paper {
    /// A section with words to say, which are given without quotation marks. Where room is short, the
    /// customer's language gives way.
    pub fn say(
        &mut self,
        weight: Weight,
        words: impl Into<Phrase>,
        customer: Option<Language>,
    ) -> &mut Self {
        let words = words.into();
        let screen = self.look().language;
        let ours = quoted(screen, &words);
        self.section(weight)
            .labelled_text(phrase!("Say"), Role::Plain, Phrase::verbatim(&ours));
        if let Some(customer) = customer {
            let theirs = quoted(customer, &words);
            if theirs != ours {
                self.section(weight).labelled_text(
                    Phrase::verbatim(customer.name()),
                    Role::Plain,
                    Phrase::verbatim(theirs),
                );
            }
        }
        self
    }
}

/// Words between quotation marks.
fn quoted(language: Language, words: &Phrase) -> String {
    format!("\"{}\"", language.say(words))
}
