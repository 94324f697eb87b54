//! What a key does in the first run, and on the pages for the admin that it opens.

use crate::domain::connection::NamedService;
use crate::domain::phrase::phrase;
use crate::domain::{Failure, Phrase, Untrusted};
use crate::keymap::Action;

use super::super::effect::Effect;
use super::super::{Model, Overlay, Pane};
use super::import::{Surroundings, names};
use super::note::Note;
use super::you::You;
use super::{Setup, Step};

impl Model {
    pub(in crate::model) fn act_on_setup(&mut self, action: Action) -> Vec<Effect> {
        let Some(setup) = &mut self.setup else {
            return Vec::new();
        };
        match action {
            Action::Submit if setup.step == Step::Done => {
                let number = setup.own_number.text().to_owned();
                self.setup = None;
                self.pane = Pane::Verify;
                if number.trim().is_empty() {
                    return Vec::new();
                }
                self.pasted(&number)
            }
            Action::Submit => {
                let effects = setup.submit();
                self.introduced();
                let effects = self.connect_by(effects);
                self.read_keys_by(effects)
            }
            Action::NextField | Action::PreviousField => {
                if let Some(you) = &mut setup.you {
                    you.turn(action == Action::NextField);
                }
                Vec::new()
            }
            Action::OtherLanguage => {
                if let Some(you) = &mut setup.you {
                    you.language = you.language.next();
                    self.setting.language = you.language;
                }
                Vec::new()
            }
            Action::SessionOnly => {
                let effects = setup.session_only();
                self.connect_by(effects)
            }
            Action::Import => {
                let effects = setup.import();
                self.connect_by(effects)
            }
            Action::Yes if setup.step == Step::StillPlain => setup.remove_plain(),
            Action::UseProfile => {
                let effects = setup.use_kept();
                self.read_keys_by(effects)
            }
            Action::Demo => vec![Effect::StartDemo],
            Action::Down | Action::Up => {
                setup.mark(action == Action::Down);
                Vec::new()
            }
            Action::Back => {
                if !setup.back() && (setup.from_desk || setup.step == Step::Done) {
                    self.setup = None;
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Begins the set-up.
    pub(in crate::model) fn begin_setup(&mut self, from_desk: bool) -> Vec<Effect> {
        let mut setup = Setup::new(from_desk);
        setup.policy = self.policy.clone();
        if !from_desk {
            setup.you = Some(You::new(&self.setting));
        }
        setup.problem = self.connects_only_this_one().filter(|_| from_desk);
        self.setup = Some(setup);
        let mut effects = vec![Effect::LookAround];
        if !from_desk {
            effects.extend(self.read_profiles());
        }
        effects
    }

    /// The keys of a profile are read to be used, one profile at a time.
    fn read_keys_by(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        if let Some(Effect::ReadKeys { profile }) = effects.first() {
            if self.settings.switching.is_some() {
                return Vec::new();
            }
            self.settings.switching = Some(profile.clone());
        }
        effects
    }

    /// What the machine is like is known.
    pub(in crate::model) fn looked_around(&mut self, surroundings: Surroundings) {
        if let Some(setup) = &mut self.setup {
            setup.surroundings = surroundings;
        }
    }

    /// Keys were taken out of the file in which they lay in plain text, or were not.
    pub(in crate::model) fn plain_removed(&mut self, result: Result<Vec<Untrusted>, Failure>) {
        let Some(setup) = &mut self.setup else {
            return;
        };
        match result {
            Ok(others) => {
                setup.left_plain();
                if setup.from_desk {
                    self.setup = None;
                }
                self.notify(taken_out(&others));
            }
            Err(failure) => setup.problem = Some(failure.phrase()),
        }
    }

    /// What the agent said of themselves holds from now on.
    fn introduced(&mut self) {
        let said = self.setup.as_ref().and_then(Setup::introduction);
        if let Some(Ok(said)) = said {
            self.setting.agent.clone_from(&said.agent);
            self.operations.act_as(said.agent);
            self.setting.default_country = said.country;
            self.setting.language = said.language;
            self.setting.masked = said.masked;
        }
    }

    /// The Verify service that is being looked at, or is in use.
    pub fn noted_service(&self) -> Option<&NamedService> {
        match &self.setup {
            Some(setup) => setup.service(),
            None => self.connection.as_ref()?.verify_service.as_ref(),
        }
    }

    /// Opens the page about the Verify service that is being looked at.
    pub(in crate::model) fn open_safety(&mut self) {
        if let Some(service) = self.noted_service().cloned() {
            self.overlay = Some(Overlay::Note {
                note: Note::Safety(service),
                scroll: 0,
            });
        }
    }

    /// Opens what the lead has set.
    pub(in crate::model) fn open_rules(&mut self) {
        let rules = self.lead_rules();
        if rules.is_empty() {
            self.notify(phrase!("Your lead has set nothing."));
            return;
        }
        self.overlay = Some(Overlay::Note {
            note: Note::Rules(rules),
            scroll: 0,
        });
    }

    /// What the lead has set; that this desk only looks may be the agent's own choice.
    pub fn lead_rules(&self) -> Vec<Phrase> {
        let policy = &self.policy;
        let own = policy.mode_by_choice.then(|| policy.mode_rule()).flatten();
        let rules = policy.rules().into_iter();
        rules.filter(|rule| Some(rule) != own.as_ref()).collect()
    }

    /// Opens the recipe of a narrow key.
    pub(in crate::model) fn open_recipe(&mut self) {
        self.overlay = Some(Overlay::Note {
            note: Note::Recipe,
            scroll: 0,
        });
    }
}

/// What is to be said once a profile is out of the file of twilio-cli, and which others of it hold the same keys.
fn taken_out(others: &[Untrusted]) -> Phrase {
    match others {
        [] => phrase!("Taken out of that file. The keyring has them now."),
        [other] => phrase!(
            "Taken out of that file, where profile {name} still holds the same keys: F8, then c and Ctrl-T, moves it too.",
            name = other.visible()
        ),
        others => phrase!(
            "Taken out of that file, where the profiles {names} still hold the same keys: F8, then c and Ctrl-T, moves them too.",
            names = names(others)
        ),
    }
}
