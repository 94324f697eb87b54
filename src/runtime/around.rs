//! What the machine around the program is like: keys that lie in plain text, and what stands between it
//! and Twilio.

use std::path::{Path, PathBuf};

use crate::domain::untrusted::visible;
use crate::domain::{Failure, FailureKind};
use crate::model::setup::import::{Import, PlainPlace, Surroundings};
use crate::twilio::environment::keys_from_env;

use super::twilio_cli;

/// Where to look.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The file of twilio-cli.
    pub twilio_cli: Option<PathBuf>,
    /// The environment of the program counts.
    pub environment: bool,
}

impl Around {
    /// This machine.
    pub fn here() -> Self {
        Self {
            twilio_cli: twilio_cli::usual_file(),
            environment: true,
        }
    }

    /// Looks. What cannot be read is not there.
    pub fn look(&self) -> Surroundings {
        let mut surroundings = Surroundings::default();
        if let Some(file) = &self.twilio_cli {
            let profiles = twilio_cli::profiles(file).into_iter();
            surroundings
                .imports
                .extend(profiles.map(|(profile, keys)| Import {
                    place: PlainPlace::TwilioCli {
                        file: file.display().to_string(),
                        profile,
                    },
                    keys,
                }));
        }
        if self.environment {
            let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
            if let Ok(Some(keys)) = keys_from_env(set) {
                surroundings.imports.push(Import {
                    place: PlainPlace::Environment,
                    keys,
                });
            }
            let proxy = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
            surroundings.proxy = proxy.into_iter().find_map(set).map(|url| place_of(&url));
            let certificates = ["SSL_CERT_FILE", "SSL_CERT_DIR"];
            surroundings.certificates = certificates
                .into_iter()
                .find_map(set)
                .map(|path| visible(&path));
        }
        surroundings
    }
}

/// Takes a profile out of the file of twilio-cli.
pub fn remove_plain(file: &str, profile: &str) -> Result<(), Failure> {
    twilio_cli::remove(Path::new(file), profile).map_err(|error| {
        Failure::new(
            FailureKind::Store,
            format!("The file {file} could not be changed: {error}."),
        )
    })
}

/// Host and port of a proxy: a user and a password may stand before them.
pub(super) fn place_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    visible(rest.split('/').next().unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_named_without_its_user() {
        for url in [
            "http://user:hunter2@proxy.example:3128/",
            "proxy.example:3128",
            "https://proxy.example:3128",
        ] {
            assert_eq!(place_of(url), "proxy.example:3128");
        }
    }
}
