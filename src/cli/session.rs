//! What every command shares: where things are, whose keys are used, the history, the way to Twilio.

use std::io::IsTerminal;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::config::{Config, Selected, Target, select, target};
use crate::domain::connection::{Connection, Keys, Source};
use crate::domain::{Failure, Timestamp};
use crate::model::{Event, Opened};
use crate::paths::Paths;
use crate::runtime::{self, Clock, Inbox, Keeper, Reach, Runtime};
use crate::store::{History, Journal, Store, StoreError};
use crate::twilio::environment;
use crate::vault::KeyringVault;
use crate::view::Look;

use super::Exit;

/// How many rows are read at the start.
const FIRST_PAGE: usize = 100;
/// How many texts on their way are followed from earlier runs.
const UNFINISHED: usize = 100;

/// An open session.
pub struct Session {
    /// Where things are.
    pub paths: Paths,
    /// The settings.
    pub config: Config,
    /// Whose keys are used.
    pub selected: Result<Selected, Failure>,
    /// Performs effects.
    pub runtime: Runtime,
    /// Where events come out.
    pub inbox: Inbox,
    /// What the history held at the start.
    pub opened: Opened,
}

/// A variable of the environment.
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl Session {
    /// Opens everything but the keyring.
    pub fn open(profile: Option<&str>) -> Result<Self, Exit> {
        let paths = Paths::from_env(|name| std::env::var_os(name))
            .map_err(|error| Exit::fault(sentence(&error)))?;
        let config =
            Config::load(&paths.config_file()).map_err(|error| Exit::usage(sentence(&error)))?;
        let target = target(env).map_err(|error| Exit::usage(sentence(&error)))?;
        let selected = select(profile, env, &config).map_err(|error| Failure::from(&error));
        let region = region(&selected, &config, &target);
        let clock = Clock::start();
        let mut store =
            Store::open(&paths.data_dir).map_err(|error| Exit::fault(store_sentence(&error)))?;
        let opened = first_look(&mut store, clock.now())
            .map_err(|error| Exit::fault(store_sentence(&error)))?;
        let keeper = Keeper::new(Arc::new(KeyringVault::default()), paths.config_file());
        let (runtime, inbox) = Runtime::new(store, clock, Reach::Http { target, region }, keeper);
        Ok(Self {
            paths,
            config,
            selected,
            runtime,
            inbox,
            opened,
        })
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
            Ok(Selected::Environment(environment)) => {
                let keys = Keys {
                    account_sid: environment.account_sid.clone(),
                    credentials: environment.credentials.clone(),
                };
                match of_environment(&keys) {
                    Ok(connection) => self.runtime.connect(&keys, connection),
                    Err(failure) => {
                        let _ = events.send(Event::ConnectFailed(failure));
                    }
                }
            }
            Ok(Selected::Profile(name)) => {
                if let Some(profile) = self.config.profiles.get(name) {
                    self.runtime.read_keys(name.clone(), profile.clone());
                }
            }
        }
    }
}

/// What the `TWILIO_*` names of the environment connect to.
fn of_environment(keys: &Keys) -> Result<Connection, Failure> {
    let wrong = |error: crate::twilio::ConfigError| {
        Failure::new(crate::domain::FailureKind::Credentials, error.to_string())
    };
    let service = environment::verify_service_from_env(env).map_err(wrong)?;
    let sender = environment::sender_from_env(env).map_err(wrong)?;
    Ok(Connection {
        source: Source::Environment,
        account_sid: keys.account_sid.clone(),
        account_name: None,
        is_trial: false,
        verify_service: service.map(|sid| runtime::named_service(&sid, None)),
        sender: sender.map(|sender| runtime::named_sender(&sender, None)),
    })
}

fn region(
    selected: &Result<Selected, Failure>,
    config: &Config,
    target: &Target,
) -> Option<(String, String)> {
    if *target != Target::Twilio {
        return None;
    }
    let (region, edge) = match selected {
        Ok(Selected::Environment(environment)) => {
            (environment.region.clone(), environment.edge.clone())
        }
        Ok(Selected::Profile(name)) => {
            let profile = config.profiles.get(name)?;
            (profile.region.clone(), profile.edge.clone())
        }
        _ => (None, None),
    };
    match (region, edge) {
        (Some(region), Some(edge)) => Some((region, edge)),
        (None, Some(edge)) => Some(("us1".to_owned(), edge)),
        _ => None,
    }
}

/// What the history holds, after what ended processes left behind was taken over.
pub fn first_look(store: &mut Store, now: Timestamp) -> Result<Opened, StoreError> {
    store.recover(now)?;
    Ok(Opened {
        session: store.session(),
        page: store.page(None, FIRST_PAGE)?,
        unknown: store.unknown()?,
        unfinished: store.unfinished(UNFINISHED)?,
    })
}

/// The time zone of this machine; UTC where it has none.
pub fn zone() -> TimeZone {
    TimeZone::try_system().unwrap_or(TimeZone::UTC)
}

/// How the desk looks here.
pub fn look() -> Look {
    let set = |name| env(name).is_some_and(|value| !value.is_empty());
    let dumb = env("TERM").is_some_and(|term| term == "dumb" || term == "linux");
    Look {
        color: !set("NO_COLOR") && std::io::stdout().is_terminal(),
        ascii: set("TUILIO_ASCII") || dumb,
    }
}

/// An error and what it comes from, in one sentence.
pub fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text.push('.');
    text
}

/// What failed about the history, and what to do.
pub fn store_sentence(error: &StoreError) -> String {
    let next = match error {
        StoreError::Unwritable { .. } => " Set TUILIO_DATA_DIR to a folder that you may write.",
        StoreError::Foreign { .. } => " Move it away, or set TUILIO_DATA_DIR to another folder.",
        StoreError::Full => " Make room, then start again.",
        StoreError::Busy => " Wait a moment, then start again.",
        StoreError::Damaged { .. } | StoreError::Broken(_) => {
            " Move the file aside, then start again; keep it for your admin."
        }
        _ => "",
    };
    format!("{}{next}", sentence(error))
}
