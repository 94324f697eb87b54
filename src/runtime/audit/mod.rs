//! The audit and the keyring: where the key of the hashes comes from, and who asks for it.
//!
//! One item of the keyring, made when keys are first read from it or kept in it. Nobody waits for it who
//! does not wait for the keyring anyway: where there is none, or it does not answer, the audit goes on
//! without a key and says so. A key is never made anew where lines were made with one that cannot be found.
//!
//! A second item for each folder remembers the last line that was seen by whoever had the key. Somebody who
//! can write all files but cannot use the keyring can make a whole audit anew without a key, but not one that
//! holds that line. How the items are read and written is in `keyring`, when they are in `seal`.

mod keyring;
mod seal;
#[cfg(test)]
mod tests;

use std::path::Path;

use super::opening::{Opening, failure};
use crate::domain::{AuditNumber, Failure, FailureKind, Timestamp};
use crate::store::{Audit, Key, StoreError};
use crate::vault::{KeyringVault, Vault, VaultError};

pub use crate::store::{Accepted, Finding, Line, Verdict};
pub use keyring::{ITEM, forget, obtain, read};
use keyring::{remember, remembered};
pub use seal::{Sealer, Witness};

/// What a look at the audit came to.
#[derive(Debug, Default)]
pub struct Looked {
    /// What was found.
    pub verdict: Verdict,
    /// Why the key could not be read, where lines were made with one.
    pub no_key: Option<Failure>,
}

impl Looked {
    /// Nothing fits but what could not be looked at for want of the key.
    pub fn only_lacks_key(&self) -> bool {
        let lacks = |found: &Finding| matches!(found, Finding::Unproved { .. });
        self.no_key.is_some() && self.verdict.findings.iter().all(lacks)
    }
}

/// Why it could not be looked at.
#[derive(Debug)]
pub struct Unread {
    /// The file itself is the reason, and not what hinders its reading.
    pub is_of_the_file: bool,
    /// In words.
    pub failure: Failure,
}

impl From<StoreError> for Unread {
    fn from(error: StoreError) -> Self {
        let is_of_the_file = matches!(
            error,
            StoreError::Damaged { .. }
                | StoreError::Altered { .. }
                | StoreError::Foreign { .. }
                | StoreError::Newer { .. }
                | StoreError::NotAFile { .. }
        );
        let failure = failure(&error);
        Self {
            is_of_the_file,
            failure,
        }
    }
}

impl From<Unread> for Failure {
    fn from(unread: Unread) -> Self {
        unread.failure
    }
}

/// Looks at the audit in a folder, and for a line that was quoted elsewhere; none where there is no history.
pub fn verify(
    folder: &Path,
    vault: &dyn Vault,
    quoted: Option<&AuditNumber>,
) -> Result<Option<Looked>, Unread> {
    look(folder, vault, quoted, |audit, key| {
        audit.verify(key, quoted)
    })
}

/// Looks at so many of the last lines; where there are no more, at everything.
pub fn verify_end(folder: &Path, vault: &dyn Vault, most: i64) -> Result<Option<Looked>, Unread> {
    look(folder, vault, None, |audit, key| {
        audit.verify_end(key, most)
    })
}

fn look(
    folder: &Path,
    vault: &dyn Vault,
    quoted: Option<&AuditNumber>,
    verify: impl FnOnce(&Audit, Option<&Key>) -> Result<Verdict, StoreError>,
) -> Result<Option<Looked>, Unread> {
    // Before the history, which may go on meanwhile.
    let remembered = remembered(vault, folder);
    let known = remembered.clone().unwrap_or_default();
    let Some(audit) = Audit::open(folder)? else {
        let findings = Audit::without_history(folder, known.as_ref(), quoted);
        let verdict = Verdict {
            findings,
            ..Verdict::default()
        };
        let looked = Looked {
            verdict,
            no_key: None,
        };
        return Ok((!looked.verdict.findings.is_empty()).then_some(looked));
    };
    let key = || match &remembered {
        // Each silence costs a whole deadline.
        Err(VaultError::TimedOut) => Err(VaultError::TimedOut),
        _ => read(vault),
    };
    let (key, no_key) = match audit.is_keyed().map(|keyed| keyed.then(key)) {
        Ok(Some(Ok(key))) => (key, remembered.err().map(unread)),
        Ok(Some(Err(error))) => (None, Some(unread(error))),
        // Without a keyring there was no seal.
        Ok(None) => {
            let trouble = remembered.err();
            let trouble = trouble.filter(|trouble| *trouble != VaultError::Missing);
            (None, trouble.map(unread))
        }
        Err(error) => return Err(error.into()),
    };
    let audit = audit.remembered(known);
    let verdict = verify(&audit, key.as_ref())?;
    Ok(Some(Looked { verdict, no_key }))
}

fn unread(error: VaultError) -> Failure {
    let (what, next) = match error {
        VaultError::Missing => ("was not found", "start it"),
        VaultError::Locked => ("is locked", "unlock it"),
        VaultError::TimedOut => (
            "does not answer",
            "see whether it asks to be unlocked, or restart it",
        ),
        VaultError::Refused => ("refused", "see what it says"),
        VaultError::BadData => (
            "holds another thing in the place of the key",
            "put the key back that docs/record.md tells of",
        ),
    };
    let told = format!(
        "The system keyring {what}, so it cannot be told whether the lines are those that were sealed with its key: {next}, then verify again."
    );
    Failure::new(FailureKind::Vault, told)
}

/// Hands the lines over by their numbers, in order; none where there is no history. One that cannot be read hinders
/// none of the others.
pub fn each_line(
    folder: &Path,
    mut deed: impl FnMut(i64, Option<&Line>) -> Result<(), Failure>,
) -> Result<Option<usize>, Failure> {
    let Some(audit) = Audit::open(folder).map_err(|error| failure(&error))? else {
        return Ok(None);
    };
    let (mut last, mut count) = (0, 0);
    loop {
        let lines = audit.lines(last).map_err(|error| failure(&error))?;
        if lines.is_empty() {
            return Ok(Some(count));
        }
        for (number, line) in lines {
            deed(number, line.as_ref())?;
            (last, count) = (number, count + 1);
        }
    }
}

/// Takes a record as it is that was put back by hand, with a line that says so.
pub fn accept(folder: &Path, vault: &dyn Vault, now: Timestamp) -> Result<AuditNumber, Failure> {
    let mut store = Opening::on_disk(folder, now)?.store;
    let failed = |error: StoreError| failure(&error);
    let remembered = remembered(vault, folder);
    let key = read(vault).ok().flatten();
    let may_be_remembered =
        key.is_some() || !matches!(remembered, Ok(None) | Err(VaultError::Missing));
    if let Some(key) = key {
        // Whatever the keyring remembers.
        store.seal_with(key, None, now).map_err(failed)?;
    }
    let line = store.accept_audit(now).map_err(failed)?;
    if may_be_remembered && let Some(point) = store.named_end().map_err(failed)? {
        remember(vault, folder, &point)?;
    }
    Ok(line)
}

/// The keyring of this machine.
pub fn keyring() -> impl Vault {
    KeyringVault::default()
}
