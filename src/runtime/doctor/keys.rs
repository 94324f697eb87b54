//! Whose keys are used, whether they can be had from where they are kept, and what goes with them.

use super::{InUse, Patient};
use crate::config::{self, Config, Profile, SelectError, Selected};
use crate::domain::checkup::{Finding, Link};
use crate::domain::connection::{Credentials, Keys};
use crate::domain::failure::with_causes;
use crate::domain::sid::VerifyServiceSid;
use crate::domain::{Failure, FailureKind, Phrase, Sender, phrase};
use crate::runtime::profile::unlock;
use crate::vault::VaultError;

/// Whose keys are used.
pub enum Chosen {
    /// These, which are at hand.
    Keys(Keys),
    /// Those of a profile, which the keyring has.
    Profile(String),
    /// Nobody's, for want of any or for a mistake.
    Nobodys,
}

/// What codes and texts are sent by.
pub struct Services {
    /// The Verify service.
    pub service: Result<Option<VerifyServiceSid>, Phrase>,
    /// The sender.
    pub sender: Result<Option<Sender>, Phrase>,
}

/// Whose keys are used, in the order of the flag, the environment and the active profile.
pub fn chosen(patient: &Patient, in_use: Option<&InUse>, config: &Config) -> (Finding, Chosen) {
    if let Some(in_use) = in_use {
        let finding = Finding::good(
            Link::Keys,
            phrase!("Keys that were typed in for this session only, and are kept nowhere."),
        );
        return (finding, Chosen::Keys(in_use.keys.clone()));
    }
    let none = |what: Phrase, next: Phrase| {
        let failure = Failure::new(FailureKind::Credentials, what.to_string());
        let finding = Finding::broken(Link::Keys, failure, what, next);
        (finding, Chosen::Nobodys)
    };
    let profile = patient.profile.as_deref();
    match config::select(profile, patient.environment, config) {
        Ok(Selected::Environment(keys)) => (of_environment(&keys, config), Chosen::Keys(keys)),
        Ok(Selected::Profile(name)) => {
            let finding = match config.profiles.get(&name) {
                Some(profile) => of_profile(&name, profile),
                None => Finding::good(Link::Keys, Phrase::verbatim(&name)),
            };
            (finding, Chosen::Profile(name))
        }
        Ok(Selected::None) => none(
            phrase!("There are no keys yet."),
            phrase!("Start tuilio and connect an account, or run tuilio login < paste.txt."),
        ),
        Err(SelectError::NoProfile { name }) => none(
            phrase!("There is no profile {name}.", name = &name),
            phrase!(
                "Choose one of tuilio profiles, or run tuilio login --profile {name}.",
                name = &name
            ),
        ),
        Err(SelectError::Environment(error)) => none(
            phrase!(
                "The TWILIO_ variables of the environment cannot be used: {why}.",
                why = with_causes(&error)
            ),
            phrase!("Set all of them or none: the account's SID with the key and its secret."),
        ),
        Err(error) => none(
            Failure::from(&error).phrase(),
            phrase!("Unset TUILIO_API_URL, or choose the profile that belongs to it."),
        ),
    }
}

fn of_environment(keys: &Keys, config: &Config) -> Finding {
    let account = keys.account_sid.short();
    let what = match &config.active {
        Some(name) => phrase!(
            "Those of the environment (TWILIO_*), account {account}, in place of profile {name}.",
            account = account,
            name = name
        ),
        None => phrase!(
            "Those of the environment (TWILIO_*), account {account}.",
            account = account
        ),
    };
    judged(what, matches!(keys.credentials, Credentials::AuthToken(_)))
}

fn of_profile(name: &str, profile: &Profile) -> Finding {
    let what = phrase!(
        "Those of profile {name}, account {account}.",
        name = name,
        account = profile.account_sid.short()
    );
    judged(what, profile.key_sid.is_none())
}

/// An auth token may do everything, and is good until it is replaced.
fn judged(what: Phrase, is_token: bool) -> Finding {
    if is_token {
        return Finding::doubtful(
            Link::Keys,
            phrase!(
                "{keys} It is the account's auth token, which may do everything.",
                keys = what
            ),
            phrase!("Ask for an API key that may do only what is needed, and log in with it."),
        );
    }
    Finding::good(Link::Keys, what)
}

/// Reads the keys from where they are kept. The keyring may ask a person to unlock it.
pub async fn read(patient: &Patient, chosen: Chosen, config: &Config) -> (Finding, Option<Keys>) {
    let name = match chosen {
        Chosen::Keys(keys) => {
            let finding = Finding::skipped(
                Link::Keyring,
                phrase!("Skipped, because these keys do not come from it."),
            );
            return (finding, Some(keys));
        }
        Chosen::Nobodys => None,
        Chosen::Profile(name) => Some(name),
    };
    let keeper = patient.keeper.clone();
    // Where there is no profile, the name of none.
    let item = name.clone().unwrap_or_else(|| "nobody".to_owned());
    let kept = tokio::task::spawn_blocking(move || keeper.kept(&item)).await;
    let kept = kept.unwrap_or(Err(VaultError::Missing));
    let Some(name) = name else {
        let finding = match kept {
            Ok(_) => Finding::good(Link::Keyring, phrase!("The system keyring answers.")),
            Err(error) => {
                let (what, next) = words(error);
                Finding::doubtful(Link::Keyring, what, next)
            }
        };
        return (finding, None);
    };
    let again = || {
        phrase!(
            "Run tuilio login --profile {name} with the keys.",
            name = &name
        )
    };
    let broken = |error: VaultError, what: Phrase, next: Phrase| {
        let finding = Finding::broken(Link::Keyring, error.into(), what, next);
        (finding, None)
    };
    match kept {
        Err(error) => {
            let (what, next) = words(error);
            broken(error, what, next)
        }
        Ok(None) => broken(
            VaultError::Missing,
            phrase!(
                "The system keyring answers, and has no keys of profile {name}.",
                name = &name
            ),
            again(),
        ),
        Ok(Some(secret)) => match config
            .profiles
            .get(&name)
            .map(|known| unlock(known, &secret))
        {
            Some(Ok(keys)) => {
                let finding = Finding::good(
                    Link::Keyring,
                    phrase!(
                        "The system keyring is unlocked; item tuilio/{name} was read.",
                        name = &name
                    ),
                );
                (finding, Some(keys))
            }
            _ => broken(
                VaultError::BadData,
                phrase!(
                    "What the system keyring holds as tuilio/{name} was not written by tuilio, or belongs to other settings.",
                    name = &name
                ),
                again(),
            ),
        },
    }
}

/// What is wrong with a keyring, and what to do.
fn words(error: VaultError) -> (Phrase, Phrase) {
    match error {
        VaultError::Missing => (
            phrase!("No system keyring was found."),
            phrase!(
                "Start one, such as gnome-keyring, in a session with a bus; or set the TWILIO_ variables."
            ),
        ),
        VaultError::Locked => (
            phrase!("The system keyring is locked."),
            phrase!("Unlock it, by its own program or by signing in to this computer anew."),
        ),
        VaultError::TimedOut => (
            phrase!("The system keyring does not answer."),
            phrase!("See whether it asks to be unlocked, or restart it."),
        ),
        VaultError::Refused | VaultError::BadData => (
            phrase!("The system keyring refused."),
            phrase!("Open it with its own program, and see what it says."),
        ),
    }
}

/// What codes and texts are sent by: the environment's choice, else the profile's.
pub fn services(patient: &Patient, config: &Config) -> Services {
    let selected = config::select(patient.profile.as_deref(), patient.environment, config);
    let profile = match &selected {
        Ok(Selected::Profile(name)) => config.profiles.get(name),
        _ => None,
    };
    let defaults = config::defaults(patient.environment)
        .map_err(|error| Phrase::verbatim(with_causes(&error)));
    let (service, sender) = match defaults {
        Ok(defaults) => (Ok(defaults.verify_service), Ok(defaults.sender)),
        Err(why) => (Err(why.clone()), Err(why)),
    };
    Services {
        service: service.map(|named| {
            let own = || {
                profile?
                    .verify_service
                    .as_ref()
                    .map(|known| known.sid.clone())
            };
            named.or_else(own)
        }),
        sender: sender.map(|named| {
            let own = || profile?.sender.as_ref().map(config::ChosenSender::sender);
            named.or_else(own)
        }),
    }
}
