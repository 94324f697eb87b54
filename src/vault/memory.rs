//! A vault that is gone with the program: for keys that a person wants kept for this session only.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Vault, VaultError};
use crate::domain::Secret;

/// Keeps secrets in memory.
#[derive(Debug, Default)]
pub struct MemoryVault {
    kept: Mutex<BTreeMap<String, Secret>>,
}

impl MemoryVault {
    fn with<T>(&self, deed: impl FnOnce(&mut BTreeMap<String, Secret>) -> T) -> T {
        // A map of whole values is whole even where another thread broke off.
        deed(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Vault for MemoryVault {
    fn read(&self, profile: &str) -> Result<Option<Secret>, VaultError> {
        Ok(self.with(|kept| kept.get(profile).cloned()))
    }

    fn write(&self, profile: &str, secret: &Secret) -> Result<(), VaultError> {
        self.with(|kept| kept.insert(profile.to_owned(), secret.clone()));
        Ok(())
    }

    fn delete(&self, profile: &str) -> Result<(), VaultError> {
        self.with(|kept| kept.remove(profile));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_has_its_own_secret_until_it_is_deleted() {
        let vault = MemoryVault::default();
        let secret = Secret::new("hunter2");
        assert_eq!(vault.read("work"), Ok(None));
        assert_eq!(vault.delete("work"), Ok(()));
        assert_eq!(vault.write_and_read_back("work", &secret), Ok(()));
        assert_eq!(vault.read("work"), Ok(Some(secret.clone())));
        assert_eq!(vault.read("home"), Ok(None));
        assert!(!format!("{vault:?}").contains("hunter2"));
        assert_eq!(vault.delete("work"), Ok(()));
        assert_eq!(vault.read("work"), Ok(None));
    }

    #[test]
    fn a_vault_that_loses_what_it_took_is_found_out() {
        struct Sieve;
        impl Vault for Sieve {
            fn read(&self, _: &str) -> Result<Option<Secret>, VaultError> {
                Ok(None)
            }
            fn write(&self, _: &str, _: &Secret) -> Result<(), VaultError> {
                Ok(())
            }
            fn delete(&self, _: &str) -> Result<(), VaultError> {
                Ok(())
            }
        }
        let answer = Sieve.write_and_read_back("work", &Secret::new("hunter2"));
        assert_eq!(answer, Err(VaultError::BadData));
    }
}
