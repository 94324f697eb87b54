//! Where keys are kept: the system's keyring, or memory for a session.
//!
//! One item for each profile, shown by keyring programs as `tuilio/<profile>`. A keyring may be absent,
//! locked, waiting for a person, or dead behind a socket that still accepts; so every call ends within a
//! deadline, with a sentence that says what failed and what to do. There is no third place: never a
//! file, never plain text, never silently.

mod credentials;
mod error;
mod keyring;
mod memory;
mod until_silent;

pub use self::credentials::StoredCredentials;
pub use self::error::VaultError;
pub use self::keyring::{DEADLINE, KeyringVault};
pub use self::memory::MemoryVault;
pub use self::until_silent::UntilSilent;

use crate::domain::Secret;

/// Keeps one secret text for each profile.
pub trait Vault: Send + Sync {
    /// What is kept for a profile. `None` says that nothing was found, which after a restart of the
    /// keyring may also mean that it is not available yet.
    fn read(&self, profile: &str) -> Result<Option<Secret>, VaultError>;

    /// Keeps a text, in place of an earlier one.
    fn write(&self, profile: &str, secret: &Secret) -> Result<(), VaultError>;

    /// Forgets what is kept. Nothing kept is fine.
    fn delete(&self, profile: &str) -> Result<(), VaultError>;

    /// Keeps a text and makes sure that it is there: some keyrings take what they then lose.
    fn write_and_read_back(&self, profile: &str, secret: &Secret) -> Result<(), VaultError> {
        self.write(profile, secret)?;
        self.read_back(profile, secret)
    }

    /// Makes sure that a text is there as it was written.
    fn read_back(&self, profile: &str, secret: &Secret) -> Result<(), VaultError> {
        if self.read(profile)?.as_ref() == Some(secret) {
            Ok(())
        } else {
            Err(VaultError::BadData)
        }
    }
}
