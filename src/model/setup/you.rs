//! Who sits at this desk: an alias, the country of numbers without one, the language of the screen.

use crate::domain::phrase::phrase;
use crate::domain::place::country_name;
use crate::domain::{Language, Phrase};
use crate::keymap::Chord;

use super::super::field::Field;
use super::super::setting::Setting;

/// The longest alias.
const LONGEST_ALIAS: usize = 40;

/// What is being filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct You {
    /// What the agent is called in the history and at Twilio.
    pub agent: Field,
    /// The country of numbers without a country code.
    pub country: Field,
    /// The language of the screen.
    pub language: Language,
    /// Numbers are masked wherever they need not be read whole.
    pub masked: bool,
    /// Which line waits for the agent.
    pub row: Row,
}

/// A line of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The alias.
    Agent,
    /// The country.
    Country,
    /// The language.
    Language,
    /// Whether numbers are masked.
    Masked,
}

/// What was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// What the agent is called, if anything.
    pub agent: Option<String>,
    /// The country of numbers without a country code, ISO 3166 alpha-2.
    pub country: String,
    /// The language of the screen.
    pub language: Language,
    /// Numbers are masked wherever they need not be read whole.
    pub masked: bool,
}

impl You {
    /// What the settings say so far.
    pub fn new(setting: &Setting) -> Self {
        let field = |text: &str| {
            let mut field = Field::line();
            field.insert(text);
            field
        };
        Self {
            agent: field(setting.agent.as_deref().unwrap_or_default()),
            country: field(&setting.default_country),
            language: setting.language,
            masked: setting.masked,
            row: Row::Agent,
        }
    }

    /// The next line, or the one before.
    pub fn turn(&mut self, forward: bool) {
        self.row = match (self.row, forward) {
            (Row::Agent, true) | (Row::Masked, false) => Row::Country,
            (Row::Country, true) | (Row::Language, false) => Row::Masked,
            (Row::Masked, true) | (Row::Agent, false) => Row::Language,
            (Row::Language, true) | (Row::Country, false) => Row::Agent,
        };
    }

    /// The line that waits for text.
    pub fn field(&mut self) -> Option<&mut Field> {
        match self.row {
            Row::Agent => Some(&mut self.agent),
            Row::Country => Some(&mut self.country),
            Row::Language | Row::Masked => None,
        }
    }

    /// Types at the line that waits; any key turns the language, or says whether numbers are masked.
    pub fn edit(&mut self, chord: Chord) {
        let masked = self.row == Row::Masked;
        match self.field() {
            Some(field) => {
                field.edit(chord);
            }
            None if masked => self.masked = !self.masked,
            None => self.language = self.language.next(),
        }
    }

    /// What is filled in, or what is wrong with it, and on which line.
    pub fn read(&self) -> Result<Introduction, (Row, Phrase)> {
        let agent = self.agent.text().trim();
        let fits = agent.chars().count() <= LONGEST_ALIAS
            && agent
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if !fits {
            return Err((
                Row::Agent,
                phrase!("An alias has letters, digits, dashes, dots and underscores, 40 at most."),
            ));
        }
        let country = self.country.text().trim().to_ascii_uppercase();
        if country_name(&country).is_none() {
            return Err((
                Row::Country,
                phrase!("A country is two letters, such as US, GB or DE."),
            ));
        }
        Ok(Introduction {
            agent: (!agent.is_empty()).then(|| agent.to_owned()),
            country,
            language: self.language,
            masked: self.masked,
        })
    }
}
