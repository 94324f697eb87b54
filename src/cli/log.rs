//! The log of this run: opened by the first command that has a place for it, closed by the end.

use std::sync::OnceLock;

use crate::paths::Paths;
use crate::runtime::log::{Level, Line, Log, LogFile, VARIABLE};

use super::session;

/// What was typed.
static COMMAND: OnceLock<&str> = OnceLock::new();

static LOG: OnceLock<Log> = OnceLock::new();

/// This run is of that command.
pub fn begins(command: &'static str) {
    COMMAND.get_or_init(|| command);
}

/// The log beside the history. What the variable says and nobody understands is no reason to be silent.
pub fn open(paths: &Paths) -> Log {
    let log = LOG.get_or_init(|| {
        let log = Log::open(&paths.log_dir(), level().unwrap_or_default());
        log.note(&Line::started(COMMAND.get().copied().unwrap_or("tuilio")));
        log
    });
    log.clone()
}

/// How much is written; none where the variable says something else than one of its words.
pub fn level() -> Option<Level> {
    session::env(VARIABLE).unwrap_or_default().parse().ok()
}

/// Whether anything is.
pub fn is_written() -> bool {
    level().unwrap_or_default() != Level::Off
}

/// The program ends with this number.
pub fn close(exit: u8) {
    if let Some(log) = LOG.get() {
        log.note(&Line::Ended { exit });
        log.close();
    }
}

/// Nothing of it is left, and nothing more is written.
pub fn erase(paths: &Paths) -> std::io::Result<()> {
    if let Some(log) = LOG.get() {
        log.close();
    }
    LogFile::in_folder(&paths.log_dir()).remove()
}
