//! What every command shares: where things are, whose keys are used, the history, the way to Twilio.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jiff::tz::TimeZone;

use crate::config::{self, Config, Defaults, Selected, defaults, endpoint, select, target};
use crate::domain::connection::{Connection, Keys, Source};
use crate::domain::failure::with_causes;
use crate::domain::{Failure, FailureKind, Language, Phrase, Policy};
use crate::model::{Event, Opened, Setting};
use crate::paths::{self, LOG_FILE, Paths};
use crate::runtime::log::Line;
use crate::runtime::{self, Clock, Inbox, Keeper, Opening, Reach, Runtime, Told};

use super::{Exit, lead, log, look};

/// An open session.
pub struct Session {
    /// Where things are.
    pub paths: Paths,
    /// The settings.
    pub config: Config,
    /// What the lead allows.
    pub policy: Policy,
    /// Whose keys are used.
    pub selected: Result<Selected, Failure>,
    /// Performs effects.
    pub runtime: Runtime,
    /// Where events come out.
    pub inbox: Inbox,
    /// What the history held at the start.
    pub opened: Opened,
    /// What is to be said of it, on the one line of a screen and in full.
    pub notice: Option<Told>,
    /// What is to be said of a full disk.
    pub full_disk: Option<Told>,
}

/// Whose keys a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// Those of a profile, or whoever is next in the order.
    Chosen(Option<&'a str>),
    /// Nobody's that are known already.
    Nobodys,
}

/// Whether a command needs the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    /// It reads or writes it.
    OnDisk,
    /// It writes into it where it can; a disk that cannot be written is no reason to fail.
    WherePossible,
    /// It does not.
    None,
}

/// A variable of the environment.
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where things are.
pub fn paths() -> Result<Paths, Exit> {
    let paths = Paths::from_env(|name| std::env::var_os(name));
    let paths = paths.map_err(|error| Exit::fault(sentence(&error)))?;
    Ok(lead::placed(paths, &policy()))
}

/// Where things are, and the settings.
pub fn settings() -> Result<(Paths, Config), Exit> {
    let paths = paths()?;
    let config = Config::load(&paths.config_file()).map_err(|error| Exit::unfit(error.phrase()))?;
    if let Some(language) = config.language {
        LANGUAGE.get_or_init(|| language);
    }
    Ok((paths, config))
}

/// The language of the settings, once they were read.
static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// A phrase as whoever reads the lines of a command understands it: in the language of the settings, else in
/// that of the system.
pub fn said(phrase: &Phrase) -> String {
    language().say(phrase)
}

/// The language of these lines.
pub fn language() -> Language {
    config::language(LANGUAGE.get().copied(), env)
}

/// The settings of a desk that writes none: as good as empty ones where there is no place for any.
pub fn settings_if_any() -> Result<Config, Exit> {
    match Paths::from_env(|name| std::env::var_os(name)) {
        Ok(_) => settings().map(|(_, config)| config),
        Err(_) => Ok(Config::default()),
    }
}

impl Session {
    /// Opens everything but the keyring.
    pub fn open(whose: Whose, record: Record) -> Result<Self, Exit> {
        let (paths, config) = settings()?;
        let target = target(env).map_err(|error| Exit::usage(sentence(&error)))?;
        let failed = |error| Failure::from(&error);
        let selected = match whose {
            Whose::Chosen(profile) => select(profile, env, &config),
            Whose::Nobodys => Ok(Selected::None),
        };
        let chosen = selected.and_then(|selected| {
            endpoint(&selected, env, &config).map(|endpoint| (selected, endpoint))
        });
        let (selected, endpoint) = match chosen.map_err(failed) {
            Ok((selected, endpoint)) => (Ok(selected), endpoint),
            // New keys may still be connected in their place, where the environment says.
            Err(failure) => (
                Err(failure),
                endpoint(&Selected::None, env, &config).map_err(failed)?,
            ),
        };
        let clock = Clock::start();
        let log = log::open(&paths);
        let opening = match record {
            Record::OnDisk => Opening::on_disk(&paths.data_dir, clock.now())?,
            Record::WherePossible => Opening::on_disk(&paths.data_dir, clock.now())
                .or_else(|_| Opening::in_memory(clock.now()))?,
            Record::None => Opening::in_memory(clock.now())?,
        };
        let (notice, full_disk) = (opening.notice(), opening.full_disk());
        let Opening {
            store,
            opened,
            recovered,
            ..
        } = opening;
        if recovered > 0 {
            log.note(&Line::Recovered {
                operations: recovered,
            });
        }
        let reach = Reach::Http {
            endpoint,
            origin: target.origin(),
        };
        let keeper = Keeper::in_keyring(paths.config_file());
        let (runtime, inbox) = Runtime::with_log(store, clock, reach, keeper, log);
        Ok(Self {
            paths,
            config,
            policy: policy(),
            selected,
            runtime,
            inbox,
            opened,
            notice,
            full_disk,
        })
    }

    /// What the settings say to the desk.
    pub fn setting(&self) -> Setting {
        Setting {
            kept_in: self.paths.history_file().display().to_string(),
            profile: match &self.selected {
                Ok(Selected::Profile(name)) => Some(name.clone()),
                _ => None,
            },
            configured_in: self.paths.config_file().display().to_string(),
            logged_in: log::is_written()
                .then(|| self.paths.log_dir().join(LOG_FILE).display().to_string()),
            ..setting(&self.config)
        }
    }

    /// The country of numbers without a country code.
    pub fn default_country(&self) -> &str {
        self.config.default_country.as_deref().unwrap_or("US")
    }

    /// Begins to read the keys; the answer is an event.
    pub fn connect(&mut self) {
        let events = self.runtime.events();
        match &self.selected {
            Err(failure) => {
                let _ = events.send(Event::ConnectFailed(failure.clone()));
            }
            Ok(Selected::None) => {
                let _ = events.send(Event::NotConnected);
            }
            Ok(Selected::Environment(keys)) => match choices() {
                Ok(choices) => self.runtime.connect(keys, of_environment(keys, choices)),
                Err(failure) => {
                    let _ = events.send(Event::ConnectFailed(failure));
                }
            },
            Ok(Selected::Profile(name)) => {
                if let Some(profile) = self.config.profiles.get(name) {
                    self.runtime.read_keys(name.clone(), profile.clone());
                }
            }
        }
    }
}

/// The profile that is named, on the line or in the environment.
pub fn named(profile: Option<&str>) -> Option<String> {
    let flag = profile.map(str::to_owned).filter(|name| !name.is_empty());
    flag.or_else(|| env("TUILIO_PROFILE").filter(|name| !name.trim().is_empty()))
}

/// What the environment says of sender and service.
pub fn choices() -> Result<Defaults, Failure> {
    defaults(env).map_err(|error| Failure::new(FailureKind::Credentials, with_causes(&error)))
}

/// What the `TWILIO_*` names of the environment connect to.
fn of_environment(keys: &Keys, choices: Defaults) -> Connection {
    Connection {
        source: Source::Environment,
        account_sid: keys.account_sid.clone(),
        home: None,
        account_name: None,
        is_trial: false,
        verify_service: choices
            .verify_service
            .map(|sid| runtime::named_service(&sid, None)),
        sender: choices
            .sender
            .map(|sender| runtime::named_sender(&sender, None)),
    }
}

/// The time zone of this machine; UTC where it has none.
pub fn zone() -> TimeZone {
    TimeZone::try_system().unwrap_or(TimeZone::UTC)
}

/// Whether the desk is to be lines: asked for, or because this terminal cannot draw.
pub fn is_plain(asked: bool) -> bool {
    let set = |name| env(name).is_some_and(|value| !value.is_empty() && value != "0");
    asked || set("TUILIO_PLAIN") || env("TERM").is_some_and(|term| term == "dumb")
}

static POLICY_FILE: OnceLock<PathBuf> = OnceLock::new();

/// Where the policy lies, unless the caller of the program as a library has said otherwise, before
/// anything else.
pub fn policy_file() -> &'static Path {
    POLICY_FILE.get_or_init(config::policy_file)
}

/// From now on the policy lies there. The first word counts.
pub fn policy_lies_in(path: PathBuf) {
    // Said once, by the one caller of `run_under`.
    let _ = POLICY_FILE.set(path);
}

static LOOKS_ONLY: OnceLock<()> = OnceLock::new();

/// Whoever started the program wants to look only.
pub fn look_only() {
    LOOKS_ONLY.get_or_init(|| ());
}

static POLICY: OnceLock<Policy> = OnceLock::new();

/// What the lead allowed when the program was started.
pub fn policy() -> Policy {
    let read = || config::load_policy(policy_file());
    in_force(POLICY.get_or_init(read).clone())
}

/// A policy as it acts here, whether it was read at the start or later.
pub fn in_force(policy: Policy) -> Policy {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let policy = lead::in_force(policy, policy_file(), set);
    match LOOKS_ONLY.get() {
        Some(()) => policy.read_only_by_choice(),
        None => policy,
    }
}

/// What the settings say to a desk, wherever it keeps its history.
pub fn setting(config: &Config) -> Setting {
    let otherwise = Setting::default();
    Setting {
        default_country: config
            .default_country
            .clone()
            .unwrap_or(otherwise.default_country),
        zone: zone(),
        own_zone: paths::own::zone(),
        language: config::language(config.language, env),
        customer_language: config.customer_language,
        agent: config.agent.clone(),
        auto_check: config.auto_check.unwrap_or(otherwise.auto_check),
        masked: config.masked.unwrap_or(otherwise.masked),
        bell: config.bell.unwrap_or(otherwise.bell),
        notices: config.notices.unwrap_or(otherwise.notices),
        mouse: config.mouse.unwrap_or(otherwise.mouse),
        links: look::links(config.links.unwrap_or(otherwise.links)),
        theme: config.theme.clone(),
        keymap: config.keymap,
        retention_days: config.retention_days,
        ..otherwise
    }
}

/// An error and what it comes from, in one sentence.
pub fn sentence(error: &dyn std::error::Error) -> String {
    format!("{}.", with_causes(error))
}
