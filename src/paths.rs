//! Where files live: the platform's own places, unless the environment names others.
//!
//! `TUILIO_CONFIG_DIR` and `TUILIO_DATA_DIR` together hold everything that is ever written. Empty means
//! unset. Nothing is created here; [`regular`] is how what lies there is opened. The policy of the lead lies elsewhere, where no variable reaches
//! ([`config::policy_file`](crate::config::policy_file)).

pub mod own;
pub mod regular;

use std::ffi::OsString;
use std::path::PathBuf;

use directories::ProjectDirs;

/// The settings.
pub const CONFIG_FILE: &str = "config.toml";
/// The folder of the templates, beside the settings.
pub const TEMPLATES_FOLDER: &str = "templates";
/// The history.
pub const HISTORY_FILE: &str = "history.db";
/// The folder of the locks of running processes, beside the history.
pub const LOCKS_FOLDER: &str = "locks";

/// The folder of the log, beside the history.
pub const LOG_FOLDER: &str = "log";
/// The newest file of the log.
pub const LOG_FILE: &str = "tuilio.log";

/// The folders that files live in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Settings and templates.
    pub config_dir: PathBuf,
    /// History, locks, drafts and log.
    pub data_dir: PathBuf,
}

/// Why there is no place for files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this account has no home folder: set TUILIO_CONFIG_DIR and TUILIO_DATA_DIR to folders that may be written"
)]
pub struct NoHome;

impl Paths {
    /// From the environment, by a lookup such as `|name| std::env::var_os(name)`.
    pub fn from_env(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self, NoHome> {
        let named = |name: &str| {
            lookup(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let platform = || ProjectDirs::from("", "", "tuilio").ok_or(NoHome);
        let config = named("TUILIO_CONFIG_DIR");
        let data = named("TUILIO_DATA_DIR");
        Ok(Self {
            config_dir: match config {
                Some(config) => config,
                None => platform()?.config_dir().to_owned(),
            },
            data_dir: match data {
                Some(data) => data,
                None => platform()?.data_local_dir().to_owned(),
            },
        })
    }

    /// The settings.
    pub fn config_file(&self) -> PathBuf {
        self.config_dir.join(CONFIG_FILE)
    }

    /// The themes of the reader.
    pub fn themes_dir(&self) -> PathBuf {
        self.config_dir.join("themes")
    }

    /// The templates.
    pub fn templates_dir(&self) -> PathBuf {
        self.config_dir.join(TEMPLATES_FOLDER)
    }

    /// The history.
    pub fn history_file(&self) -> PathBuf {
        self.data_dir.join(HISTORY_FILE)
    }

    /// The locks of running processes.
    pub fn locks_dir(&self) -> PathBuf {
        self.data_dir.join(LOCKS_FOLDER)
    }

    /// The folder of the log.
    pub fn log_dir(&self) -> PathBuf {
        self.data_dir.join(LOG_FOLDER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(set: &[(&str, &str)]) -> Paths {
        Paths::from_env(|name| {
            let found = set.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        })
        .unwrap()
    }

    #[test]
    fn two_variables_move_everything_that_is_written() {
        let paths = paths(&[("TUILIO_CONFIG_DIR", "/c"), ("TUILIO_DATA_DIR", "/d")]);
        assert_eq!(paths.config_file(), PathBuf::from("/c/config.toml"));
        assert_eq!(paths.history_file(), PathBuf::from("/d/history.db"));
        assert_eq!(paths.locks_dir(), PathBuf::from("/d/locks"));
    }

    #[test]
    fn one_variable_moves_its_own_folder_and_empty_means_unset() {
        let platform = paths(&[]);
        let moved = paths(&[("TUILIO_CONFIG_DIR", "/c"), ("TUILIO_DATA_DIR", "")]);
        assert_eq!(moved.config_dir, PathBuf::from("/c"));
        assert_eq!(moved.data_dir, platform.data_dir);
    }
}
