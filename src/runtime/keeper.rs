//! Keys and settings, kept and forgotten: the secret half in the keyring, the rest in the configuration.
//!
//! It blocks, for as long as the keyring's deadline allows: it is called off the loop.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Around;
use super::audit::{self, Looked, Sealer};
use super::log::{Heard, Log};
use super::profile::{chosen_sender, connection, mark, unlock};
use crate::config::{self, ChosenService, Config, Origin, Profile};
use crate::domain::connection::{Connection, Credentials, Keys, Source};
use crate::domain::{Failure, FailureKind, Secret, Untrusted, phrase};
use crate::model::Choice;
use crate::model::settings::KnownProfile;
use crate::model::setup::import::Surroundings;
use crate::model::setup::names::{KeyMark, Taken};
use crate::model::setup::you::Introduction;
use crate::model::setup::{NotKept, Part};
use crate::twilio::Region;
use crate::vault::{KeyringVault, MemoryVault, StoredCredentials, UntilSilent, Vault, VaultError};

/// Keeps keys.
pub struct Keeper {
    vault: Arc<dyn Vault>,
    config_file: PathBuf,
    around: Around,
}

impl Keeper {
    /// In the keyring of the system; nothing is asked of it before keys are read or kept.
    pub fn in_keyring(config_file: PathBuf) -> Self {
        Self::new(Arc::new(KeyringVault::default()), config_file).looking(Around::here())
    }

    /// In memory, for the demo.
    pub fn in_memory() -> Self {
        Self::new(Arc::new(MemoryVault::default()), PathBuf::new())
    }

    /// With this vault and this configuration file.
    pub fn new(vault: Arc<dyn Vault>, config_file: PathBuf) -> Self {
        Self {
            vault,
            config_file,
            around: Around::default(),
        }
    }

    /// Where to look for keys in plain text; nowhere, unless that is said.
    pub fn looking(self, around: Around) -> Self {
        Self { around, ..self }
    }

    /// The same, with its vault's failures in a log.
    pub fn heard_by(self, log: Log) -> Self {
        Self {
            vault: Arc::new(Heard::new(self.vault, log)),
            ..self
        }
    }

    /// The same, with a vault that is not asked again once it did not answer.
    pub(super) fn until_silent(&self) -> Self {
        Self {
            vault: Arc::new(UntilSilent::new(Arc::clone(&self.vault))),
            config_file: self.config_file.clone(),
            around: self.around.clone(),
        }
    }

    /// What the machine around the program is like.
    pub fn look_around(&self) -> Surroundings {
        let profiles = Config::load(&self.config_file).map(|config| config.profiles);
        let profiles = profiles.unwrap_or_default().into_iter();
        let taken = profiles.map(|(profile, kept)| Taken {
            profile,
            keys: mark(&kept),
        });
        Surroundings {
            taken: taken.collect(),
            ..self.around.look()
        }
    }

    /// Keeps keys and settings under the profile that the connection names, and makes it the active one
    /// where there is no other or where that is wanted. Nothing is kept where the keyring fails, or where the
    /// profile holds other keys, which are replaced only where somebody named it.
    pub fn keep(
        &self,
        keys: &Keys,
        connection: &Connection,
        kept: Option<(Origin, Option<&Region>)>,
        introduction: Option<&Introduction>,
        makes_active: bool,
        replaces: bool,
    ) -> Result<(), NotKept> {
        let not_kept = |part| move |failure| NotKept { part, failure };
        let not_prepared = not_kept(Part::Preparing);
        let Source::Profile(name) = &connection.source else {
            return Err(not_prepared(Failure::new(
                FailureKind::Internal,
                "These keys belong to no profile, so they are not kept.",
            )));
        };
        let Some((origin, region)) = kept else {
            return Err(not_prepared(Failure::new(
                FailureKind::Credentials,
                "Keys for another origin than Twilio are not kept: use them for this session only.",
            )));
        };
        config::check_name(name).map_err(|error| not_prepared(config_failed(&error)))?;
        let (stored, key_sid) = match &keys.credentials {
            Credentials::AuthToken(token) => (StoredCredentials::AuthToken(token.clone()), None),
            Credentials::ApiKey { sid, secret } => (
                StoredCredentials::ApiSecret(secret.clone()),
                Some(sid.clone()),
            ),
        };
        let ours = KeyMark::of(keys, region.map(Region::region));
        if !replaces && self.holds_others(name, &ours) {
            return Err(not_prepared(Failure::new(
                FailureKind::Credentials,
                "The profile of that name has got other keys meanwhile, which stay. Go back and begin again: these get a name of their own.",
            )));
        }
        let failed = |part| move |error: VaultError| not_kept(part)(error.into());
        let secret = stored.encode().map_err(failed(Part::Preparing))?;
        let before = self.vault.read(name).map_err(failed(Part::Preparing))?;
        self.vault
            .write(name, &secret)
            .map_err(failed(Part::Writing))?;
        self.vault.read_back(name, &secret).map_err(|error| {
            self.put_back(name, before.as_ref());
            failed(Part::ReadingBack)(error)
        })?;
        let profile = Profile {
            account_sid: keys.account_sid.clone(),
            account_name: connection.account_name.clone(),
            is_trial: connection.is_trial,
            key_sid,
            origin,
            verify_service: connection
                .verify_service
                .as_ref()
                .map(|service| ChosenService {
                    sid: service.sid.clone(),
                    name: Some(service.name.clone()),
                }),
            sender: connection.sender.as_ref().and_then(chosen_sender),
            region: region.map(|region| region.region().to_owned()),
            edge: region.map(|region| region.edge().to_owned()),
        };
        let saved = Config::save_profile(&self.config_file, name, &profile).and_then(|_| {
            if makes_active {
                Config::set_active(&self.config_file, name)?;
            }
            introduction.map_or(Ok(()), |said| {
                let agent = said.agent.as_deref();
                Config::introduce(&self.config_file, agent, &said.country, said.language)?;
                if said.masked {
                    Config::set(&self.config_file, "masked", true)?;
                }
                Ok(())
            })
        });
        saved.map_err(|error| {
            self.put_back(name, before.as_ref());
            not_kept(Part::Settings)(config_failed(&error))
        })?;
        Ok(())
    }

    /// A profile of this name holds other keys. What cannot be read is told by the writing.
    fn holds_others(&self, name: &str, ours: &KeyMark) -> bool {
        let config = Config::load(&self.config_file).unwrap_or_default();
        let profile = config.profiles.get(name);
        profile.is_some_and(|profile| mark(profile) != *ours)
    }

    /// Half a change would pair the old settings with the new secret. Where it cannot be taken back
    /// either, the sentence about the part that failed is still the one that helps.
    fn put_back(&self, name: &str, before: Option<&Secret>) {
        let _ = match before {
            Some(before) => self.vault.write(name, before),
            None => self.vault.delete(name),
        };
    }

    /// The profiles that there are.
    pub fn profiles(&self) -> Result<Vec<KnownProfile>, Failure> {
        let config = Config::load(&self.config_file).map_err(|error| config_failed(&error))?;
        let known = |(name, profile): (String, Profile)| {
            let sid = profile.account_sid;
            let account = profile
                .account_name
                .unwrap_or_else(|| Untrusted::new(sid.short()));
            KnownProfile { name, account, sid }
        };
        Ok(config.profiles.into_iter().map(known).collect())
    }

    /// Reads the keys of a profile that may go this way, and what they open.
    pub fn keys_for(
        &self,
        name: &str,
        goes: impl Fn(&Profile) -> bool,
    ) -> Result<(Keys, Connection), Failure> {
        let config = Config::load(&self.config_file).map_err(|error| config_failed(&error))?;
        let profile = config.profiles.get(name);
        let profile = profile.filter(|profile| goes(profile)).ok_or_else(|| {
            let other_way = phrase!(
                "The keys of profile {name} go another way. Leave, and start tuilio --profile {name}.",
                name = name
            );
            Failure::new(
                FailureKind::Credentials,
                other_way.to_string(),
            )
            .in_words(Some(other_way))
        })?;
        Ok((self.keys(name, profile)?, connection(name, profile)))
    }

    /// What is kept for a profile, if the keyring says.
    pub(super) fn kept(&self, name: &str) -> Result<Option<Secret>, VaultError> {
        self.vault.read(name)
    }

    /// Reads the keys of a profile.
    pub fn keys(&self, name: &str, profile: &Profile) -> Result<Keys, Failure> {
        let kept = self.vault.read(name).map_err(Failure::from)?;
        let Some(kept) = kept else {
            let none = phrase!(
                "The system keyring has no keys for profile {name}. Connect the account again (F8, then c), or run tuilio login --profile {name}.",
                name = name
            );
            return Err(Failure::new(FailureKind::Vault, none.to_string()).in_words(Some(none)));
        };
        unlock(profile, &kept).map_err(Failure::from)
    }

    /// Brings the key of the audit from the same keyring.
    pub fn seal(&self, sealer: &Sealer) {
        sealer.seal(&self.vault);
    }

    /// Looks at so many of the last lines of the audit in a folder.
    pub fn audit(&self, folder: &Path, most: i64) -> Result<Option<Looked>, Failure> {
        Ok(audit::verify_end(folder, self.vault.as_ref(), most)?)
    }

    /// Writes down what was changed on the settings pane.
    pub fn save(&self, choices: &[Choice]) -> Result<(), Failure> {
        let file = &self.config_file;
        for choice in choices {
            match choice {
                Choice::Language(language) => Config::set(file, "language", language.tag()),
                Choice::Theme(name) => Config::set(file, "theme", name),
                Choice::Mouse(on) => Config::set(file, "mouse", *on),
                Choice::Notices(form) => Config::set(file, "notices", form.name()),
                Choice::Masked(on) => Config::set(file, "masked", *on),
                Choice::Bell(on) => Config::set(file, "bell", *on),
                Choice::Links(on) => Config::set(file, "links", *on),
                Choice::Agent(Some(alias)) => Config::set(file, "agent", alias),
                Choice::Agent(None) => Config::unset(file, "agent"),
                Choice::Country(country) => Config::set(file, "default_country", country),
                Choice::Active(name) => Config::set_active(file, name),
                Choice::Trial(name) => Config::set_trial(file, name),
            }
            .map_err(|error| config_failed(&error))?;
        }
        Ok(())
    }

    /// Removes keys and settings of a profile.
    pub fn forget(&self, name: &str) -> Result<(), Failure> {
        self.vault.delete(name).map_err(Failure::from)?;
        Config::remove_profile(&self.config_file, name).map_err(|error| config_failed(&error))?;
        Ok(())
    }
}

/// Whether the keyring of the system gives what it keeps for these profiles, so that it can be removed.
pub fn prove_keyring(profiles: &[String]) -> Result<(), Failure> {
    let vault = KeyringVault::default();
    profiles
        .iter()
        .try_for_each(|name| vault.read(name).map(drop).map_err(Failure::from))
}

fn config_failed(error: &crate::config::ConfigError) -> Failure {
    Failure::new(FailureKind::Store, error.to_string()).in_words(Some(error.phrase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sid::AccountSid;
    use crate::model::{Effect, Event};
    use crate::runtime::errands::run_errand;
    use crate::runtime::{Reach, Shelf};
    use crate::twilio::Endpoint;

    #[test]
    fn keys_of_a_region_are_kept_with_it_and_come_back_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let keeper = Keeper::new(Arc::new(MemoryVault::default()), file.clone());
        let reach = Reach::Http {
            endpoint: Endpoint::Twilio,
            origin: Some(Origin::Twilio),
        };
        for region in [Region::new("ie1", "dublin").ok(), None] {
            let account_sid: AccountSid = format!("AC{}", "1".repeat(32)).parse().unwrap();
            let keys = Keys {
                account_sid: account_sid.clone(),
                credentials: Credentials::AuthToken(Secret::new("a token")),
                region,
            };
            let keep = Effect::Keep {
                keys: keys.clone(),
                connection: Box::new(Connection {
                    source: Source::Profile("work".to_owned()),
                    account_sid,
                    home: None,
                    account_name: None,
                    is_trial: false,
                    verify_service: None,
                    sender: None,
                }),
                introduction: None,
                makes_active: true,
                replaces: true,
            };
            let shelf = Shelf::Examples;
            let event = run_errand(&keeper, &reach, &shelf, keep).unwrap();
            assert_eq!(event, Event::Kept(Ok(())));
            let back = keeper.keys_for("work", |profile| reach.leads_to(profile));
            assert_eq!(back.unwrap().0, keys);
        }
    }

    #[test]
    fn settings_that_cannot_be_written_leave_the_keys_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let vault = Arc::new(MemoryVault::default());
        let keeper = Keeper::new(vault.clone(), file.join("config.toml"));
        let account_sid = format!("AC{}", "1".repeat(32)).parse().unwrap();
        let connection = Connection {
            source: Source::Profile("work".to_owned()),
            account_sid,
            home: None,
            account_name: None,
            is_trial: false,
            verify_service: None,
            sender: None,
        };
        let keys = Keys {
            account_sid: connection.account_sid.clone(),
            credentials: Credentials::AuthToken(Secret::new("new")),
            region: None,
        };
        for before in [None, Some(Secret::new("old"))] {
            if let Some(before) = &before {
                vault.write("work", before).unwrap();
            }
            let kept = keeper.keep(
                &keys,
                &connection,
                Some((Origin::Twilio, None)),
                None,
                true,
                false,
            );
            assert_eq!(
                kept.map_err(|not_kept| (not_kept.part, not_kept.failure.kind)),
                Err((Part::Settings, FailureKind::Store))
            );
            assert_eq!(vault.read("work").unwrap(), before);
        }
    }
}
