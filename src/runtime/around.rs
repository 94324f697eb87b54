//! What the machine around the program is like: keys that lie in plain text, and what stands between it
//! and Twilio.

use std::path::{Path, PathBuf};

use crate::domain::connection::Keys;
use crate::domain::untrusted::visible;
use crate::domain::{Failure, FailureKind, Untrusted, phrase};
use crate::model::setup::import::{Import, PlainPlace, Surroundings};
use crate::twilio::Endpoint;
use crate::twilio::environment::{endpoint_from_env, keys_from_env};
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
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        if let Some(file) = &self.twilio_cli {
            let edge = Some("TWILIO_EDGE").filter(|_| self.environment);
            let profiles = twilio_cli::profiles(file, edge.and_then(set)).into_iter();
            surroundings.imports.extend(profiles.map(|found| Import {
                place: PlainPlace::TwilioCli {
                    file: file.display().to_string(),
                    profile: found.profile,
                },
                keys: found.keys,
                stranded: found.stranded,
            }));
        }
        if self.environment {
            if let Ok(Some(keys)) = keys_from_env(set) {
                let region = match endpoint_from_env(set) {
                    Ok(Endpoint::Regional(region)) => Some(region),
                    Ok(Endpoint::Twilio | Endpoint::Origin(_)) | Err(_) => None,
                };
                surroundings.imports.push(Import {
                    place: PlainPlace::Environment,
                    keys: Keys { region, ..keys },
                    stranded: None,
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

/// Takes a profile out of the file of twilio-cli. The other profiles there that hold the same keys, by name.
pub fn remove_plain(file: &str, profile: &str) -> Result<Vec<Untrusted>, Failure> {
    let path = Path::new(file);
    let (removed, left): (Vec<_>, Vec<_>) = twilio_cli::profiles(path, None)
        .into_iter()
        .partition(|found| found.profile == profile);
    twilio_cli::remove(path, profile).map_err(|error| {
        let why = phrase!(
            "The file {file} could not be changed: {why}.",
            file = file,
            why = error.to_string()
        );
        Failure::new(FailureKind::Store, why.to_string()).in_words(Some(why))
    })?;
    let same = |found: &twilio_cli::Found| {
        removed
            .iter()
            .any(|removed| removed.keys.credentials == found.keys.credentials)
    };
    Ok(left
        .into_iter()
        .filter(same)
        .map(|found| Untrusted::new(found.profile))
        .collect())
}
