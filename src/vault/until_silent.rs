//! A vault that is asked until it does not answer: each silence costs whoever waits a whole deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Vault, VaultError};
use crate::domain::Secret;

/// Hands everything on to a vault; once that was silent, says so at once.
pub struct UntilSilent {
    vault: Arc<dyn Vault>,
    silent: AtomicBool,
}

impl UntilSilent {
    /// This vault.
    pub fn new(vault: Arc<dyn Vault>) -> Self {
        Self {
            vault,
            silent: AtomicBool::new(false),
        }
    }

    fn ask<T>(
        &self,
        done: impl FnOnce(&dyn Vault) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        if self.silent.load(Ordering::Relaxed) {
            return Err(VaultError::TimedOut);
        }
        done(&*self.vault).inspect_err(|error| {
            if *error == VaultError::TimedOut {
                self.silent.store(true, Ordering::Relaxed);
            }
        })
    }
}

impl Vault for UntilSilent {
    fn read(&self, profile: &str) -> Result<Option<Secret>, VaultError> {
        self.ask(|vault| vault.read(profile))
    }

    fn write(&self, profile: &str, secret: &Secret) -> Result<(), VaultError> {
        self.ask(|vault| vault.write(profile, secret))
    }

    fn delete(&self, profile: &str) -> Result<(), VaultError> {
        self.ask(|vault| vault.delete(profile))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Fails so, and counts how often it was asked.
    struct Failing(VaultError, Mutex<u32>);

    impl Failing {
        fn fail<T>(&self) -> Result<T, VaultError> {
            *self.1.lock().unwrap() += 1;
            Err(self.0)
        }
    }

    impl Vault for Failing {
        fn read(&self, _: &str) -> Result<Option<Secret>, VaultError> {
            self.fail()
        }
        fn write(&self, _: &str, _: &Secret) -> Result<(), VaultError> {
            self.fail()
        }
        fn delete(&self, _: &str) -> Result<(), VaultError> {
            self.fail()
        }
    }

    #[test]
    fn a_silent_vault_is_asked_once_and_one_that_answers_each_time() {
        for (error, times) in [(VaultError::TimedOut, 1), (VaultError::Locked, 3)] {
            let failing = Arc::new(Failing(error, Mutex::new(0)));
            let vault = UntilSilent::new(failing.clone());
            assert_eq!(vault.read("work"), Err(error));
            assert_eq!(vault.write("work", &Secret::new("a token")), Err(error));
            assert_eq!(vault.delete("work"), Err(error));
            assert_eq!(*failing.1.lock().unwrap(), times);
        }
    }
}
