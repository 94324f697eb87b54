//! What the machine around the program is like: keys that lie in plain text, and what stands between it
//! and Twilio.

use std::path::{Path, PathBuf};

use crate::domain::untrusted::visible;
use crate::domain::{Failure, FailureKind};
use crate::model::setup::import::{Import, PlainPlace, Surroundings};
use crate::twilio::Endpoint;
use crate::twilio::environment::keys_from_env;
use crate::twilio::proxy::Proxy;

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
            // What cannot be read is told by the first request that needs it.
            let proxy = Proxy::of_environment(&Endpoint::Twilio).ok().flatten();
            surroundings.proxy = proxy.map(|proxy| proxy.place);
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
