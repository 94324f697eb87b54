//! A vault whose failures are heard by the log: by their kind, and without a word of the keyring's.

use std::sync::Arc;
use std::time::Instant;

use super::{Line, Log};
use crate::domain::Secret;
use crate::vault::{Vault, VaultError};

/// Hands everything on to a vault, and notes what it does not do.
pub struct Heard {
    vault: Arc<dyn Vault>,
    log: Log,
}

impl Heard {
    /// This vault.
    pub fn new(vault: Arc<dyn Vault>, log: Log) -> Self {
        Self { vault, log }
    }

    fn hear<T>(
        &self,
        deed: &'static str,
        done: impl FnOnce(&dyn Vault) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let began = Instant::now();
        done(&*self.vault).inspect_err(|&error| {
            self.log.note(&Line::keyring(deed, error, began.elapsed()));
        })
    }
}

impl Vault for Heard {
    fn read(&self, profile: &str) -> Result<Option<Secret>, VaultError> {
        self.hear("read", |vault| vault.read(profile))
    }

    fn write(&self, profile: &str, secret: &Secret) -> Result<(), VaultError> {
        self.hear("write", |vault| vault.write(profile, secret))
    }

    fn delete(&self, profile: &str) -> Result<(), VaultError> {
        self.hear("delete", |vault| vault.delete(profile))
    }
}
