//! `tuilio paths`: where everything lies that tuilio writes.

use serde::Serialize;

use super::output::Report;
use super::session::paths;

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Places {
    config: Option<String>,
    history: Option<String>,
    locks: Option<String>,
    log: Option<String>,
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
        ("log", paths.log_file()),
    ];
    let lines = places
        .iter()
        .map(|(what, path)| format!("{what:8} {}", path.display()))
        .collect();
    let [config, history, locks, log] = places.map(|(_, path)| Some(path.display().to_string()));
    Report::done(
        Places {
            config,
            history,
            locks,
            log,
        },
        lines,
    )
}
