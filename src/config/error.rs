//! What can be wrong with the settings. Values are never repeated: one may be a misplaced secret.

use std::io;
use std::path::{Path, PathBuf};

use crate::domain::untrusted::visible;
use crate::domain::{Phrase, phrase};

/// Why the settings could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file says something that is not understood.
    #[error("{}, line {line}: {message}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The file cannot be read.
    #[error("the settings cannot be read from {}", path.display())]
    NotRead {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The file cannot be written.
    #[error("the settings cannot be written to {}", path.display())]
    NotWritten {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The name of a profile has something else in it than letters, digits, dashes and underscores.
    #[error("a profile is named with letters, digits, dashes and underscores, 40 at most")]
    BadName,
    /// There is no such profile.
    #[error("there is no profile {0}")]
    NoProfile(String),
}

impl ConfigError {
    /// The same as a sentence, for whoever reads it in another language. What the system or the reader of the
    /// file says stays as it is.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Unreadable {
                path,
                line,
                message,
            } => phrase!(
                "{path}, line {line}: {why}.",
                path = path.display().to_string(),
                line = *line,
                why = Phrase::known(message)
            ),
            Self::NotRead { path, cause } => phrase!(
                "The settings cannot be read from {path}: {why}.",
                path = path.display().to_string(),
                why = cause.to_string()
            ),
            Self::NotWritten { path, cause } => phrase!(
                "The settings cannot be written to {path}: {why}.",
                path = path.display().to_string(),
                why = cause.to_string()
            ),
            Self::BadName => phrase!(
                "A profile is named with letters, digits, dashes and underscores, 40 at most."
            ),
            Self::NoProfile(name) => {
                phrase!("There is no profile {name}.", name = name)
            }
        }
    }

    pub(super) fn unreadable(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        let message = error.message();
        // These quote the value that they found.
        let quotes = [
            "invalid type",
            "invalid value",
            "unknown variant",
            "invalid length",
        ]
        .iter()
        .any(|start| message.starts_with(start));
        Self::Unreadable {
            path: path.to_owned(),
            line: line_of(text, error.span()),
            message: if quotes {
                phrase!("another kind of value belongs here").to_string()
            } else {
                visible(&message.replace('\n', ", "))
            },
        }
    }
}

/// The line, from 1, in which a span begins.
pub(super) fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start);
    1 + text.bytes().take(start).filter(|&b| b == b'\n').count()
}
