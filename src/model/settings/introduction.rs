//! Who sits at the desk, changed later than in the first run: the alias, and the country of numbers without one.
//!
//! Both are typed beside each other and taken together, by Enter; Esc leaves them as they were. A number that stands
//! in a field already keeps the country that it was read with.

use crate::domain::Phrase;
use crate::keymap::{Action, Chord};

use super::super::field::Field;
use super::super::setting::{Choice, Setting};
use super::super::setup::you::You;
use super::super::{Effect, Model};

/// What is being typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Introduction {
    /// As in the first run.
    pub you: You,
    /// What was wrong with it at the last Enter.
    pub problem: Option<Phrase>,
}

impl Introduction {
    /// What the settings say so far.
    pub fn new(setting: &Setting) -> Self {
        Self {
            you: You::new(setting),
            problem: None,
        }
    }

    /// The field that takes what is typed.
    pub fn field(&mut self) -> Option<&mut Field> {
        self.problem = None;
        self.you.field()
    }

    /// To the other field. Language and numbers have keys of their own on the pane.
    fn turn(&mut self) {
        self.you.turn(true);
        while self.you.field().is_none() {
            self.you.turn(true);
        }
    }
}

impl Model {
    /// Does what an action says to what is being typed.
    pub(super) fn act_on_introduction(&mut self, action: Action) -> Vec<Effect> {
        let Some(introduction) = &mut self.settings.introduction else {
            return Vec::new();
        };
        match action {
            Action::NextField | Action::PreviousField => introduction.turn(),
            Action::Submit => return self.take_introduction(),
            Action::Back => self.settings.introduction = None,
            _ => {}
        }
        Vec::new()
    }

    /// A key is typed into it.
    pub(in crate::model) fn typed_on_settings(&mut self, chord: Chord) {
        let introduction = self.settings.introduction.as_mut();
        if let Some(field) = introduction.and_then(Introduction::field) {
            field.edit(chord);
        }
    }

    /// A text is pasted into it; whether there was a field for it.
    pub(in crate::model) fn pasted_on_settings(&mut self, text: &str) -> bool {
        let introduction = self.settings.introduction.as_mut();
        let field = introduction.and_then(Introduction::field);
        field.map(|field| field.insert(text)).is_some()
    }

    /// What was typed holds at once, and is written down.
    fn take_introduction(&mut self) -> Vec<Effect> {
        let Some(introduction) = &mut self.settings.introduction else {
            return Vec::new();
        };
        let said = match introduction.you.read() {
            Ok(said) => said,
            Err((row, why)) => {
                introduction.you.row = row;
                introduction.problem = Some(why);
                return Vec::new();
            }
        };
        self.settings.introduction = None;
        let mut effects = Vec::new();
        if self.setting.agent != said.agent {
            self.setting.agent.clone_from(&said.agent);
            self.operations.act_as(said.agent.clone());
            effects.extend(self.keep_setting(Choice::Agent(said.agent)));
        }
        if self.setting.default_country != said.country {
            self.setting.default_country.clone_from(&said.country);
            effects.extend(self.keep_setting(Choice::Country(said.country)));
        }
        effects
    }
}
