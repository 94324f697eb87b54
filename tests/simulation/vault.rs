//! A keyring that works, or does not.

use std::sync::atomic::{AtomicBool, Ordering};

use tuilio::domain::Secret;
use tuilio::vault::{MemoryVault, Vault, VaultError};

/// Keeps secrets in memory while it is in the mood for it.
#[derive(Default)]
pub struct MoodyVault {
    kept: MemoryVault,
    fails: AtomicBool,
}

impl MoodyVault {
    pub fn fails(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }

    fn mood(&self) -> Result<(), VaultError> {
        if self.fails.load(Ordering::SeqCst) {
            Err(VaultError::Locked)
        } else {
            Ok(())
        }
    }
}

impl Vault for MoodyVault {
    fn read(&self, profile: &str) -> Result<Option<Secret>, VaultError> {
        self.mood()?;
        self.kept.read(profile)
    }

    fn write(&self, profile: &str, secret: &Secret) -> Result<(), VaultError> {
        self.mood()?;
        self.kept.write(profile, secret)
    }

    fn delete(&self, profile: &str) -> Result<(), VaultError> {
        self.mood()?;
        self.kept.delete(profile)
    }
}
