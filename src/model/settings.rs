//! The settings pane: what an agent changes there holds at once, and is written down by the way.
//!
//! One write is under way at a time, so that two quick keys never overwrite each other; what is changed
//! meanwhile goes with the next one. What cannot be written holds until the program ends, and that is said.
//! The demo writes nothing.

mod introduction;
mod profiles;

use crate::domain::{Failure, Timestamp, phrase};
use crate::keymap::Action;

use super::effect::Effect;
use super::setting::{AUTO, Choice, Setting, THEMES};
use super::{Model, Pane};

pub use introduction::Introduction;
pub use profiles::KnownProfile;

/// What is being changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// A write is under way.
    saving: bool,
    /// What it does not hold yet.
    unsaved: Vec<Choice>,
    /// The profiles that there are, by their names.
    pub profiles: Vec<KnownProfile>,
    /// The marked one.
    pub marked: usize,
    /// The agent has moved the mark since the pane was opened; until then it stands on the one in use.
    is_moved: bool,
    /// When the desk came back in the place of the set-up: an Enter may be meant for that still.
    pub(super) since: Option<Timestamp>,
    /// The one whose keys are being read, to be used in place of those in use.
    pub switching: Option<String>,
    /// The keyring is asked anew for the keys that it did not give at the start.
    looks_again: bool,
    /// Alias and country, while they are being typed.
    pub introduction: Option<Introduction>,
}

impl Settings {
    /// Nothing more comes of the keys that are being read.
    pub(super) fn reading_ended(&mut self) {
        self.switching = None;
        self.looks_again = false;
    }
}

impl Model {
    pub(super) fn act_on_settings(&mut self, action: Action) -> Vec<Effect> {
        if self.settings.introduction.is_some() {
            return self.act_on_introduction(action);
        }
        let setting = &mut self.setting;
        let choice = match action {
            Action::Introduce => {
                self.settings.introduction = Some(Introduction::new(setting));
                return Vec::new();
            }
            Action::OtherLanguage => {
                setting.language = setting.language.next();
                Choice::Language(setting.language)
            }
            Action::Theme => {
                let theme = theme_after(setting);
                setting.theme = Some(theme.clone());
                let follows = theme == AUTO;
                let mut effects = self.keep_setting(Choice::Theme(theme));
                if follows {
                    effects.push(Effect::AskBackground);
                }
                return effects;
            }
            Action::Notices => {
                setting.notices = setting.notices.next();
                Choice::Notices(setting.notices)
            }
            Action::Masked => {
                if let Err(why) = self.policy.revealing() {
                    self.notify(why);
                    return Vec::new();
                }
                setting.masked = !setting.masked;
                Choice::Masked(setting.masked)
            }
            Action::Bell => {
                setting.bell = !setting.bell;
                Choice::Bell(setting.bell)
            }
            Action::Links => {
                setting.links = !setting.links;
                Choice::Links(setting.links)
            }
            Action::Down | Action::Up => {
                self.settings.mark(action == Action::Down);
                return Vec::new();
            }
            Action::Submit => return self.use_profile(),
            Action::Back => return self.go(Pane::Verify),
            _ => return Vec::new(),
        };
        self.keep_setting(choice)
    }

    /// Has it written down, where settings are.
    pub(super) fn keep_setting(&mut self, choice: Choice) -> Vec<Effect> {
        if self.setting.demo {
            self.notify(phrase!(
                "Changed until the demo ends, which writes no file."
            ));
            return Vec::new();
        }
        self.settings.unsaved.push(choice);
        self.save_settings()
    }

    /// A write has ended.
    pub(super) fn settings_saved(&mut self, result: Result<(), Failure>) -> Vec<Effect> {
        self.settings.saving = false;
        if let Err(failure) = result {
            self.notify(phrase!(
                "Changed until you leave: it cannot be written down. {why}",
                why = failure.phrase()
            ));
        }
        self.save_settings()
    }

    fn save_settings(&mut self) -> Vec<Effect> {
        if self.settings.saving || self.settings.unsaved.is_empty() {
            return Vec::new();
        }
        self.settings.saving = true;
        vec![Effect::SaveSettings(std::mem::take(
            &mut self.settings.unsaved,
        ))]
    }
}

/// The theme after the one that is in use: those of the program, then the agent's own.
fn theme_after(setting: &Setting) -> String {
    let own = setting.own_themes.iter().map(String::as_str);
    let own = own.filter(|name| !THEMES.contains(name));
    let names: Vec<&str> = THEMES.into_iter().chain(own).collect();
    let at = names
        .iter()
        .position(|name| setting.theme.as_deref() == Some(name));
    names[(at.unwrap_or(0) + 1) % names.len()].to_owned()
}
