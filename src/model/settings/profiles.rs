//! Several profiles: which is used is chosen on the settings pane, and by the next start as well.
//!
//! What waits belongs to the account that it was begun under, so nothing may wait when the keys change:
//! neither when that is asked for nor when the keyring, which may ask a person, has answered. From then
//! on no account is connected until the new one is, so that nothing is begun in between.

use crate::domain::connection::{Keys, Source};
use crate::domain::sid::AccountSid;
use crate::domain::{Connection, Failure, FailureKind, Phrase, Untrusted, phrase};

use super::super::effect::Effect;
use super::super::setting::Choice;
use super::super::setup::Setup;
use super::super::{Model, Pane};
use super::Settings;

/// A profile by the names that people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownProfile {
    /// Its name.
    pub name: String,
    /// That of the account, or its shortened SID. Foreign text.
    pub account: Untrusted,
    /// That of the account, whole.
    pub sid: AccountSid,
}

impl Settings {
    pub(super) fn mark(&mut self, forward: bool) {
        let last = self.profiles.len().saturating_sub(1);
        self.is_moved = true;
        self.marked = if forward {
            (self.marked + 1).min(last)
        } else {
            self.marked.saturating_sub(1)
        };
    }
}

impl Model {
    /// The profile whose keys are in use.
    pub fn profile_in_use(&self) -> Option<&str> {
        match &self.connection.as_ref()?.source {
            Source::Profile(name) => Some(name),
            _ => None,
        }
    }

    /// The pane is opened: the mark begins at the profile in use.
    pub(in crate::model) fn open_settings(&mut self) -> Vec<Effect> {
        self.go(Pane::Settings);
        self.settings.is_moved = false;
        let mut effects = self.read_profiles();
        effects.extend(self.look_again());
        effects
    }

    /// The keyring did not give the keys that the program starts with: it is asked anew, since somebody may have
    /// unlocked it meanwhile.
    pub(in crate::model) fn look_again(&mut self) -> Option<Effect> {
        let failed = self.connect_failure.as_ref();
        let closed = failed.is_some_and(|failure| failure.kind == FailureKind::Vault);
        if self.connection.is_some() || !closed || self.settings.switching.is_some() {
            return None;
        }
        let profile = self.setting.profile.clone()?;
        self.connect_failure = None;
        self.settings.looks_again = true;
        Some(Effect::ReadKeys { profile })
    }

    /// Another process may have added one.
    pub(in crate::model) fn read_profiles(&self) -> Vec<Effect> {
        if self.setting.demo {
            return Vec::new();
        }
        vec![Effect::ReadProfiles]
    }

    pub(in crate::model) fn profiles_read(&mut self, result: Result<Vec<KnownProfile>, Failure>) {
        match result {
            Ok(profiles) => {
                if let Some(setup) = &mut self.setup {
                    setup.kept.clone_from(&profiles);
                }
                let marked = self.settings.profiles.get(self.settings.marked);
                let marked = marked.filter(|_| self.settings.is_moved);
                let marked = marked.map(|profile| profile.name.as_str());
                let wanted = marked.or(self.profile_in_use());
                let at = profiles
                    .iter()
                    .position(|profile| Some(profile.name.as_str()) == wanted);
                self.settings.marked = at.unwrap_or(0);
                self.settings.profiles = profiles;
            }
            Err(failure) => self.notify(failure.phrase()),
        }
    }

    pub(in crate::model) fn clicked_profile(&mut self, at: usize) -> Vec<Effect> {
        if self.settings.marked == at {
            return self.use_profile();
        }
        self.settings.is_moved = true;
        self.settings.marked = at.min(self.settings.profiles.len().saturating_sub(1));
        Vec::new()
    }

    /// Another profile has to wait.
    fn is_taken(&self) -> bool {
        self.waits_here().is_some() || self.setup.as_ref().is_some_and(Setup::is_keeping)
    }

    pub(super) fn use_profile(&mut self) -> Vec<Effect> {
        if self.settings.profiles.len() < 2 {
            return self.look_again().into_iter().collect();
        }
        let settings = &self.settings;
        let marked = settings.profiles.get(settings.marked);
        let Some(profile) = marked else {
            return Vec::new();
        };
        let is_reading = settings.switching.is_some() || settings.looks_again;
        if is_reading || self.profile_in_use() == Some(&profile.name) {
            return Vec::new();
        }
        let profile = profile.name.clone();
        if self.is_taken() {
            self.notify(not_while_busy());
            return Vec::new();
        }
        self.settings.switching = Some(profile.clone());
        vec![Effect::ReadKeys { profile }]
    }

    /// The keys of a profile were read, or were not: those that the program starts with, or others.
    pub(in crate::model) fn keys_read(
        &mut self,
        result: Result<Box<(Keys, Connection)>, Failure>,
    ) -> Vec<Effect> {
        let switching = self.settings.switching.is_some();
        if !self.is_wanted(&result) {
            self.settings.looks_again = false;
            return Vec::new();
        }
        let (keys, connection) = match result {
            Ok(read) => *read,
            Err(failure) if switching => {
                self.settings.switching = None;
                self.notify(failure.phrase());
                return Vec::new();
            }
            Err(failure) => {
                self.connect_failure = Some(failure);
                if std::mem::take(&mut self.settings.looks_again) {
                    self.notify(phrase!(
                        "Looked again just now: the keys could not be read."
                    ));
                }
                return Vec::new();
            }
        };
        if switching {
            let setup = self.setup.as_ref();
            let in_setup = setup.is_some_and(|setup| !setup.is_at_the_door());
            if self.is_taken() || in_setup {
                self.settings.switching = None;
                self.notify(not_while_busy());
                return Vec::new();
            }
            self.verify.leave_checks();
            self.connection = None;
        }
        vec![Effect::Use {
            keys,
            connection: Box::new(connection),
        }]
    }

    /// Nothing else was connected, chosen or begun while the keyring was asked: it may take its time.
    fn is_wanted(&self, result: &Result<Box<(Keys, Connection)>, Failure>) -> bool {
        match (&self.settings.switching, result) {
            (Some(wanted), Ok(read)) => {
                matches!(&read.1.source, Source::Profile(name) if name == wanted)
            }
            (Some(_), Err(_)) => true,
            (None, _) => {
                let setup = self.setup.as_ref();
                let in_setup = setup.is_some_and(|setup| !setup.is_at_the_door());
                self.connection.is_none() && !in_setup
            }
        }
    }

    /// An account is connected: where it was chosen here, the next start takes it as well.
    pub(in crate::model) fn switched(&mut self) -> Vec<Effect> {
        self.settings.is_moved = false;
        let mut effects = match self.settings.switching.take() {
            Some(name) if self.profile_in_use() == Some(&name) => {
                self.notify(phrase!("Profile {profile} is in use now.", profile = &name));
                self.keep_setting(Choice::Active(name))
            }
            _ => Vec::new(),
        };
        let is_the_same = self.profile_in_use() == self.setting.profile.as_deref();
        if std::mem::take(&mut self.settings.looks_again) && is_the_same {
            self.notify(phrase!(
                "The keyring has given the keys: you are connected now."
            ));
        }
        if self.pane == Pane::Settings {
            effects.extend(self.read_profiles());
        }
        effects
    }
}

fn not_while_busy() -> Phrase {
    phrase!(
        "Not while something waits or is under way: it belongs to the account that is connected. End it first."
    )
}
