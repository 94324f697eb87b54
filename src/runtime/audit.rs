//! The audit and the keyring: where the key of the hashes comes from, and who asks for it.
//!
//! One item of the keyring, made when keys are first read from it or kept in it. Nobody waits for it who
//! does not wait for the keyring anyway: where there is none, or it does not answer, the audit goes on
//! without a key and says so. A key is never made anew where lines were made with one that cannot be found.
//!
//! A second item for each folder remembers the last line that was seen by whoever had the key. Somebody who
//! can write all files but cannot use the keyring can make a whole audit anew without a key, but not one that
//! holds that line.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};

use super::opening::{Opening, failure};
use super::store::{Order, Seal};
use crate::domain::failure::with_causes;
use crate::domain::{AuditNumber, Failure, FailureKind, Secret, Timestamp};
use crate::store::{Audit, Key, Point, StoreError};
use crate::vault::{DEADLINE, KeyringVault, Vault, VaultError};

pub use crate::store::{Finding, Line, Verdict};

/// The name of the item. No profile can be called like that.
pub const ITEM: &str = "audit key";
/// What the names of the other items begin with.
const MEMORY: &str = "audit of ";

/// Brings the key from the keyring to the history.
pub struct Sealer {
    orders: Sender<Order>,
    may_make: bool,
    /// Where the history lies; none in memory.
    place: Option<PathBuf>,
}

impl Sealer {
    /// Orders go there. A key may be made where no line was made with one.
    pub fn new(orders: Sender<Order>, may_make: bool, place: Option<PathBuf>) -> Self {
        Self {
            orders,
            may_make,
            place,
        }
    }

    /// Reads the key, or makes it, and hands it over; then has the keyring remember how far the audit is.
    pub fn seal(&self, vault: &dyn Vault) {
        let Ok(Some(key)) = obtain(vault, self.may_make) else {
            return;
        };
        let remembered = match &self.place {
            None => Ok(None),
            Some(folder) => remembered(vault, folder),
        };
        // Whoever does not know what was sealed, seals nothing.
        let Ok(remembered) = remembered else {
            return;
        };
        let (sealed, answer) = channel();
        let before = remembered.clone();
        // The history may be closed by now.
        let _ = self.orders.send(Order::Seal(Seal {
            key,
            remembered,
            sealed,
        }));
        if let Some(folder) = &self.place
            && let Ok(Some(point)) = answer.recv_timeout(DEADLINE)
            && before.as_ref() != Some(&point)
        {
            // What it remembers already stays true.
            let _ = remember(vault, folder, &point);
        }
    }
}

/// The last line of the audit in a folder that the keyring has seen.
pub fn remembered(vault: &dyn Vault, folder: &Path) -> Result<Option<Point>, VaultError> {
    match vault.read(&memory(folder))? {
        Some(kept) => Point::parse(kept.expose())
            .map(Some)
            .ok_or(VaultError::BadData),
        None => Ok(None),
    }
}

fn remember(vault: &dyn Vault, folder: &Path, point: &Point) -> Result<(), VaultError> {
    vault.write(&memory(folder), &Secret::new(point.to_text()))
}

/// Has the keyring forget the audit in a folder, which is erased.
pub fn forget(vault: &dyn Vault, folder: &Path) -> Result<(), VaultError> {
    vault.delete(&memory(folder))
}

/// An audit is known by where it lies: whatever it says of itself, whoever can write it can write.
fn memory(folder: &Path) -> String {
    let place = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let place: PathBuf = place.components().collect();
    format!("{MEMORY}{}", place.display())
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
    // Before the history, which may go on meanwhile.
    let remembered = remembered(vault, folder);
    let known = remembered.clone().unwrap_or_default();
    let Some(audit) = open(folder)? else {
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
    let (key, no_key) = match audit.is_keyed().map(|keyed| keyed.then(|| read(vault))) {
        Ok(Some(Ok(key))) => (key, remembered.err().map(unread)),
        Ok(Some(Err(error))) => (None, Some(unread(error))),
        // Without a keyring there was no seal.
        Ok(None) => {
            let trouble = remembered.err();
            let trouble = trouble.filter(|trouble| *trouble != VaultError::Missing);
            (None, trouble.map(unread))
        }
        Err(error) => return Err(failure(&error)),
    };
    let audit = audit.remembered(known);
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
        "The system keyring {what}, so it cannot be told whether the lines are those that were sealed with its key: {next}, then verify again."
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

/// Whether it is only about how far the audit had come, and which one it is: a person may know better who has
/// put it back, or who has looked at what was lost.
pub fn is_of_the_end(found: &Finding) -> bool {
    matches!(
        found,
        Finding::CutOff { .. }
            | Finding::Replaced(_)
            | Finding::NotAsRemembered(_)
            | Finding::Rescued(_)
            | Finding::NoHead
            | Finding::HeadChanged
    )
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

fn open(folder: &Path) -> Result<Option<Audit>, Failure> {
    Audit::open(folder).map_err(|error| failure(&error))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::runtime::Clock;
    use crate::runtime::log::Log;
    use crate::runtime::store::StoreThread;
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
            Sealer::new(orders.clone(), may_make, None).seal(&Silent(VaultError::TimedOut));
        }
        assert!(queue.try_recv().is_err());
        Sealer::new(orders, true, None).seal(&MemoryVault::default());
        assert!(matches!(queue.try_recv(), Ok(Order::Seal(_))));
    }

    /// A program that writes a line and ends; it may use that keyring.
    fn run(folder: &Path, vault: Option<&dyn Vault>) {
        let mut store = Store::open(folder).unwrap();
        store.accept_audit(Timestamp::UNIX_EPOCH).unwrap();
        let (events, _inbox) = tokio::sync::mpsc::unbounded_channel();
        let thread = StoreThread::start(store, Clock::start(), events, Log::default());
        if let Some(vault) = vault {
            thread.sealer().seal(vault);
        }
        thread.finish(std::time::Duration::from_mins(1));
    }

    fn found(folder: &Path, vault: &dyn Vault) -> Verdict {
        verify(folder, vault, None).unwrap().unwrap().verdict
    }

    fn remove(folder: &Path) {
        for file in ["history.db", "audit-head.json"] {
            std::fs::remove_file(folder.join(file)).unwrap();
        }
    }

    #[test]
    fn an_audit_made_anew_without_the_key_is_found_out_and_not_sealed_before_it_is_accepted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let vault = MemoryVault::default();
        for lines in [2, 4] {
            run(path, Some(&vault));
            let whole = found(path, &vault);
            assert_eq!((whole.findings, whole.sealed_to), (vec![], lines));
        }
        // Whoever has no key makes one that is whole by itself, with as many lines and more.
        remove(path);
        for _ in 0..6 {
            run(path, None);
        }
        assert_eq!(found(path, &MemoryVault::default()).findings, []);
        for lines in [6, 7] {
            let stripped = found(path, &vault);
            assert_eq!(stripped.findings, [Finding::NotAsRemembered(4)]);
            assert_eq!((stripped.lines, stripped.unkeyed), (lines, lines));
            run(path, Some(&vault));
        }
        assert!(found(path, &vault).findings.iter().all(is_of_the_end));
        accept(path, &vault, Timestamp::UNIX_EPOCH).unwrap();
        let accepted = found(path, &vault);
        assert_eq!((accepted.findings, accepted.sealed_to), (vec![], 10));
        run(path, Some(&vault));
        assert_eq!(found(path, &vault).findings, []);
        // A keyring that cannot be asked says nothing in its favour.
        remove(path);
        run(path, None);
        let locked = verify(path, &Silent(VaultError::Locked), None);
        assert!(locked.unwrap().unwrap().only_lacks_key());
        let none = verify(path, &Silent(VaultError::Missing), None);
        assert!(!none.unwrap().unwrap().only_lacks_key());
        remove(path);
        let findings = found(path, &vault).findings;
        assert_eq!(findings, [Finding::NotAsRemembered(12)]);
        // One that was erased is forgotten.
        forget(&vault, path).unwrap();
        assert!(verify(path, &vault, None).unwrap().is_none());
        run(path, Some(&vault));
        assert_eq!(found(path, &vault).sealed_to, 2);
    }

    #[test]
    fn a_keyring_from_before_it_remembered_and_a_moved_or_restored_record_go_on() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let vault = MemoryVault::default();
        run(here.path(), Some(&vault));
        // The key alone, as earlier programs kept it, and as it is brought to another machine.
        forget(&vault, here.path()).unwrap();
        run(here.path(), Some(&vault));
        let point = remembered(&vault, here.path()).unwrap().unwrap();
        assert_eq!(point.number, 4);
        let spelled = here.path().join(".").join("");
        assert_eq!(remembered(&vault, &spelled).unwrap(), Some(point));
        for file in ["history.db", "audit-head.json"] {
            std::fs::copy(here.path().join(file), there.path().join(file)).unwrap();
        }
        run(there.path(), Some(&vault));
        let moved = found(there.path(), &vault);
        assert_eq!((moved.findings, moved.sealed_to), (vec![], 6));
        // Both files as they once were.
        run(here.path(), Some(&vault));
        remove(here.path());
        for file in ["history.db", "audit-head.json"] {
            std::fs::copy(there.path().join(file), here.path().join(file)).unwrap();
        }
        let findings = found(here.path(), &vault).findings;
        assert_eq!(findings, [Finding::NotAsRemembered(6)]);
        accept(here.path(), &vault, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(found(here.path(), &vault).findings, []);
        // What is none of ours in its place is no reason to seal.
        vault
            .write(&memory(here.path()), &Secret::new("4 of something"))
            .unwrap();
        run(here.path(), Some(&vault));
        let looked = verify(here.path(), &vault, None).unwrap().unwrap();
        assert!(looked.only_lacks_key());
        assert!(looked.verdict.sealed_to < looked.verdict.lines);
        accept(here.path(), &vault, Timestamp::UNIX_EPOCH).unwrap();
        let looked = verify(here.path(), &vault, None).unwrap().unwrap();
        assert!(looked.no_key.is_none());
        assert_eq!(looked.verdict.findings, []);
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
        store.seal_with(key, None, Timestamp::UNIX_EPOCH).unwrap();
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
