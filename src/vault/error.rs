//! Why a vault did not do its part, in one sentence each: what failed, and what to do.
//!
//! Errors of the keyring library are never formatted, since some carry the secret: they are mapped
//! here, and what is inside of them is dropped.

use crate::domain::{Failure, FailureKind};

/// Why a vault did not do its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// There is no keyring service, or no way to it.
    #[error("no system keyring was found: start one and try again")]
    Missing,
    /// The keyring is locked, or has no place for items yet.
    #[error("the system keyring is locked: unlock it and try again")]
    Locked,
    /// No answer in time. The keyring may be asking a person, and may still do what it was asked.
    #[error(
        "the system keyring does not answer: see whether it asks to be unlocked, else restart it, and try again"
    )]
    TimedOut,
    /// The keyring said no.
    #[error("the system keyring refused: try again")]
    Refused,
    /// What the keyring holds is not what was put there.
    #[error(
        "the system keyring holds something that tuilio did not write: log in again to replace it"
    )]
    BadData,
}

impl VaultError {
    /// Its name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Locked => "locked",
            Self::TimedOut => "timed_out",
            Self::Refused => "refused",
            Self::BadData => "bad_data",
        }
    }

    /// The same in our words. `None` where the error only says that nothing is kept.
    pub(super) fn from_keyring(error: &keyring_core::Error) -> Option<Self> {
        use keyring_core::Error;
        match error {
            Error::NoEntry => None,
            Error::NoStorageAccess(_) => Some(Self::Locked),
            Error::NoDefaultStore | Error::NotSupportedByStore(_) => Some(Self::Missing),
            Error::BadEncoding(_)
            | Error::BadDataFormat(..)
            | Error::BadStoreFormat(_)
            | Error::Ambiguous(_) => Some(Self::BadData),
            _ => Some(Self::Refused),
        }
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Failure::new(FailureKind::Vault, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use keyring_core::Error;

    use super::*;

    #[test]
    fn an_error_of_the_keyring_is_told_by_its_kind_and_never_repeats_a_secret() {
        let canary = || b"hunter2-hunter2".to_vec();
        let cause = || -> Box<dyn std::error::Error + Send + Sync> { "hunter2-hunter2".into() };
        let word = || "hunter2-hunter2".to_owned();
        for (error, ours) in [
            (Error::NoEntry, None),
            (Error::NoStorageAccess(cause()), Some(VaultError::Locked)),
            (Error::PlatformFailure(cause()), Some(VaultError::Refused)),
            (Error::BadEncoding(canary()), Some(VaultError::BadData)),
            (
                Error::BadDataFormat(canary(), cause()),
                Some(VaultError::BadData),
            ),
            (Error::BadStoreFormat(word()), Some(VaultError::BadData)),
            (Error::Ambiguous(Vec::new()), Some(VaultError::BadData)),
            (Error::TooLong(word(), 9), Some(VaultError::Refused)),
            (Error::Invalid(word(), word()), Some(VaultError::Refused)),
            (Error::NoDefaultStore, Some(VaultError::Missing)),
            (
                Error::NotSupportedByStore(word()),
                Some(VaultError::Missing),
            ),
        ] {
            let mapped = VaultError::from_keyring(&error);
            assert_eq!(mapped, ours);
            if let Some(mapped) = mapped {
                let shown = format!("{mapped} {mapped:?} {:?}", Failure::from(mapped));
                assert!(!shown.contains("hunter2"), "{shown}");
            }
        }
    }
}
