//! `tuilio paths`: where everything lies that tuilio writes, and the policy that it only reads.

use serde::Serialize;

use super::output::Report;
use super::session::{self, paths};
use crate::paths::LOG_FILE;

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Places {
    config: Option<String>,
    history: Option<String>,
    locks: Option<String>,
    log: Option<String>,
    policy: Option<String>,
}

/// Lists them.
pub fn run() -> Report<Places> {
    let paths = match paths() {
        Ok(paths) => paths,
        Err(exit) => return exit.into(),
    };
    let places = [
        ("config", paths.config_file()),
        ("history", paths.history_file()),
        ("locks", paths.locks_dir()),
        ("log", paths.log_dir().join(LOG_FILE)),
        ("policy", session::policy_file().to_owned()),
    ];
    let lines = places
        .iter()
        .map(|(what, path)| format!("{what:8} {}", path.display()))
        .collect();
    let [config, history, locks, log, policy] =
        places.map(|(_, path)| Some(path.display().to_string()));
    Report::done(
        Places {
            config,
            history,
            locks,
            log,
            policy,
        },
        lines,
    )
}
