//! A keyring that works, or does not.

use std::sync::atomic::{AtomicBool, Ordering};

use tuilio::domain::Secret;
use tuilio::runtime::audit::ITEM;
use tuilio::store::Key;
use tuilio::vault::{MemoryVault, Vault, VaultError};

/// Keeps secrets in memory while it is in the mood for it.
pub struct MoodyVault {
    kept: MemoryVault,
    fails: AtomicBool,
}

impl MoodyVault {
    /// With a key for the audit, which is that of the play.
    pub fn with_key(seed: u64) -> Self {
        let kept = MemoryVault::default();
        let key = Secret::new(format!("{seed:064x}"));
        kept.write(ITEM, &key).unwrap();
        Self {
            kept,
            fails: AtomicBool::new(false),
        }
    }

    /// The key of the audit, whatever the mood.
    pub fn audit_key(&self) -> Option<Key> {
        tuilio::runtime::audit::read(&self.kept).unwrap()
    }

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
