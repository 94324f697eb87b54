//! The audit and the keyring: where the key of the hashes comes from, and who asks for it.
//!
//! One item of the keyring, made when keys are first read from it or kept in it. Nobody waits for it who
//! does not wait for the keyring anyway: where there is none, or it does not answer, the audit goes on
//! without a key and says so. A key is never made anew where lines were made with one that cannot be found.

use std::path::Path;
use std::sync::mpsc::Sender;

use super::opening::{Opening, failure};
use super::store::Order;
use crate::domain::failure::with_causes;
use crate::domain::{AuditNumber, Failure, FailureKind, Timestamp};
use crate::store::{Audit, Key, StoreError};
use crate::vault::{KeyringVault, Vault, VaultError};

pub use crate::store::{Finding, Line, Verdict};

/// The name of the item. No profile can be called like that.
pub const ITEM: &str = "audit key";

/// Brings the key from the keyring to the history.
pub struct Sealer {
    orders: Sender<Order>,
    may_make: bool,
}

impl Sealer {
    /// Orders go there. A key may be made where no line was made with one.
    pub fn new(orders: Sender<Order>, may_make: bool) -> Self {
        Self { orders, may_make }
    }

    /// Reads the key, or makes it, and hands it over.
    pub fn seal(&self, vault: &dyn Vault) {
        if let Ok(Some(key)) = obtain(vault, self.may_make) {
            // The history may be closed by now.
            let _ = self.orders.send(Order::Seal(key));
        }
    }
}

/// The key of the keyring; a new one where there is none and one may be made.
pub fn obtain(vault: &dyn Vault, may_make: bool) -> Result<Option<Key>, VaultError> {
    if let Some(key) = read(vault)? {
        return Ok(Some(key));
    }
    if may_make {
        let key = Key::random().map_err(|_| VaultError::Refused)?;
        vault.write(ITEM, &key.to_secret())?;
    }
    // Another process may have made one in the same moment: the one that is there is everybody's.
    read(vault)
}

/// The key of the keyring, where there is one.
pub fn read(vault: &dyn Vault) -> Result<Option<Key>, VaultError> {
    match vault.read(ITEM)? {
        Some(secret) => Key::parse(&secret).map(Some).ok_or(VaultError::BadData),
        None => Ok(None),
    }
}

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

/// Looks at the audit in a folder, and for a line that was quoted elsewhere; none where there is no history.
pub fn verify(
    folder: &Path,
    vault: &dyn Vault,
    quoted: Option<&AuditNumber>,
) -> Result<Option<Looked>, Failure> {
    look(folder, vault, quoted, |audit, key| {
        audit.verify(key, quoted)
    })
}

/// Looks at so many of the last lines; where there are no more, at everything.
pub fn verify_end(folder: &Path, vault: &dyn Vault, most: i64) -> Result<Option<Looked>, Failure> {
    look(folder, vault, None, |audit, key| {
        audit.verify_end(key, most)
    })
}

fn look(
    folder: &Path,
    vault: &dyn Vault,
    quoted: Option<&AuditNumber>,
    verify: impl FnOnce(&Audit, Option<&Key>) -> Result<Verdict, StoreError>,
) -> Result<Option<Looked>, Failure> {
    let Some(audit) = open(folder)? else {
        let findings = Audit::without_history(folder, quoted);
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
    let (key, no_key) = match audit.is_keyed().map(|keyed| keyed.then(|| read(vault))) {
        Ok(Some(Ok(key))) => (key, None),
        Ok(Some(Err(error))) => (None, Some(unread(error))),
        Ok(None) => (None, None),
        Err(error) => return Err(failure(&error)),
    };
    let verdict = verify(&audit, key.as_ref());
    let verdict = verdict.map_err(|error| failure(&error))?;
    Ok(Some(Looked { verdict, no_key }))
}

fn unread(error: VaultError) -> Failure {
    let (what, next) = match error {
        VaultError::Missing => ("was not found", "start it"),
        VaultError::Locked => ("is locked", "unlock it"),
        VaultError::TimedOut => (
            "did not answer in time",
            "see whether it asks to be unlocked",
        ),
        VaultError::Refused => ("refused", "see what it says"),
        VaultError::BadData => (
            "holds another thing in the place of the key",
            "put the key back that docs/record.md tells of",
        ),
    };
    let told = format!(
        "The system keyring {what}, so the lines that were made with its key are not proved: {next}, then verify again."
    );
    Failure::new(FailureKind::Vault, told)
}

/// Hands the lines over, in order; none where there is no history. A line that cannot be read ends it.
pub fn each_line(
    folder: &Path,
    mut deed: impl FnMut(&Line) -> Result<(), Failure>,
) -> Result<Option<usize>, Failure> {
    let Some(audit) = open(folder)? else {
        return Ok(None);
    };
    let (mut last, mut count) = (0, 0);
    loop {
        let lines = audit.lines(last).map_err(|error| failure(&error))?;
        if lines.is_empty() {
            return Ok(Some(count));
        }
        for (number, line) in lines {
            let line = line.ok_or_else(|| {
                let found = Finding::Unreadable(number);
                Failure::new(FailureKind::Store, format!("{}.", with_causes(&found)))
            })?;
            deed(&line)?;
            (last, count) = (number, count + 1);
        }
    }
}

/// Whether it is only about how far the audit had come, which a person may know better who has put it back.
pub fn is_of_the_end(found: &Finding) -> bool {
    matches!(
        found,
        Finding::CutOff { .. } | Finding::Replaced(_) | Finding::NoHead | Finding::HeadChanged
    )
}

/// Takes a record as it is that was put back by hand, with a line that says so.
pub fn accept(folder: &Path, vault: &dyn Vault, now: Timestamp) -> Result<AuditNumber, Failure> {
    let mut store = Opening::on_disk(folder, now)?.store;
    let failed = |error: StoreError| failure(&error);
    if let Ok(Some(key)) = read(vault) {
        store.seal_with(key, now).map_err(failed)?;
    }
    store.accept_audit(now).map_err(failed)
}

/// The keyring of this machine.
pub fn keyring() -> impl Vault {
    KeyringVault::default()
}

fn open(folder: &Path) -> Result<Option<Audit>, Failure> {
    Audit::open(folder).map_err(|error| failure(&error))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::domain::Secret;
    use crate::store::Store;
    use crate::vault::MemoryVault;

    /// A keyring that answers nothing but this.
    struct Silent(VaultError);

    impl Vault for Silent {
        fn read(&self, _: &str) -> Result<Option<Secret>, VaultError> {
            Err(self.0)
        }
        fn write(&self, _: &str, _: &Secret) -> Result<(), VaultError> {
            Err(self.0)
        }
        fn delete(&self, _: &str) -> Result<(), VaultError> {
            Err(self.0)
        }
    }

    #[test]
    fn one_key_is_made_once_and_never_where_another_one_was_lost() {
        let vault = MemoryVault::default();
        assert!(obtain(&vault, false).unwrap().is_none());
        let made = obtain(&vault, true).unwrap().unwrap();
        let again = obtain(&vault, true).unwrap().unwrap();
        assert_eq!(again.name(), made.name());
        vault.write(ITEM, &Secret::new("something else")).unwrap();
        assert_eq!(obtain(&vault, true).err(), Some(VaultError::BadData));
        assert!(crate::config::check_name(ITEM).is_err());
    }

    #[test]
    fn a_keyring_that_fails_leaves_the_audit_without_a_key() {
        let (orders, queue) = channel();
        for may_make in [true, false] {
            Sealer::new(orders.clone(), may_make).seal(&Silent(VaultError::TimedOut));
        }
        assert!(queue.try_recv().is_err());
        Sealer::new(orders, true).seal(&MemoryVault::default());
        assert!(matches!(queue.try_recv(), Ok(Order::Seal(_))));
    }

    #[test]
    fn what_was_put_back_is_accepted_once_by_a_line_and_only_what_can_be_looked_at_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let vault = MemoryVault::default();
        assert!(verify(path, &vault, None).unwrap().is_none());
        assert_eq!(each_line(path, |_| Ok(())), Ok(None));
        let mut store = Store::open(path).unwrap();
        let key = obtain(&vault, true).unwrap().unwrap();
        store.seal_with(key, Timestamp::UNIX_EPOCH).unwrap();
        drop(store);
        std::fs::remove_file(path.join("audit-head.json")).unwrap();
        let found = verify(path, &vault, None).unwrap().unwrap().verdict;
        assert_eq!(found.findings, [Finding::NoHead]);
        let line = accept(path, &vault, Timestamp::UNIX_EPOCH).unwrap();
        let found = verify(path, &vault, Some(&line)).unwrap().unwrap();
        assert_eq!(found.verdict.findings, []);
        let mut events = Vec::new();
        let told = each_line(path, |line| {
            events.push(line.event.clone());
            Ok(())
        });
        assert_eq!(
            (told, events.join(" ").as_str()),
            (Ok(Some(2)), "keyed accepted")
        );
        let locked = verify(path, &Silent(VaultError::Locked), None);
        let locked = locked.unwrap().unwrap();
        assert!(locked.only_lacks_key());
        for error in [
            VaultError::Missing,
            VaultError::Locked,
            VaultError::TimedOut,
            VaultError::Refused,
            VaultError::BadData,
        ] {
            let told = unread(error).message;
            assert!(told.ends_with(", then verify again."), "{told}");
        }
        let empty = verify(path, &MemoryVault::default(), None);
        let empty = empty.unwrap().unwrap();
        assert!(!empty.only_lacks_key() && !empty.verdict.findings.is_empty());
    }
}
