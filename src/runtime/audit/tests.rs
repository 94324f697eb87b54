//! The keyring and the audit together: what is sealed, what is remembered, and what a person accepts.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use super::keyring::memory;
use super::*;
use crate::domain::{OpId, PhoneNumber, Recipient, Secret};
use crate::model::{Effect, Event};
use crate::runtime::Clock;
use crate::runtime::log::Log;
use crate::runtime::store::{Order, StoreThread};
use crate::store::{Journal, Point, Store, samples};
use crate::vault::MemoryVault;

/// Longer than anything takes on a busy machine.
const LONG: Duration = Duration::from_mins(1);

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
    let vault = memory_vault();
    assert!(obtain(vault.as_ref(), false).unwrap().is_none());
    let made = obtain(vault.as_ref(), true).unwrap().unwrap();
    let again = obtain(vault.as_ref(), true).unwrap().unwrap();
    assert_eq!(again.name(), made.name());
    vault.write(ITEM, &Secret::new("something else")).unwrap();
    assert_eq!(
        obtain(vault.as_ref(), true).err(),
        Some(VaultError::BadData)
    );
    assert!(crate::config::check_name(ITEM).is_err());
}

#[test]
fn a_keyring_that_fails_leaves_the_audit_without_a_key() {
    let (orders, queue) = channel();
    for may_make in [true, false] {
        let silent: Arc<dyn Vault> = Arc::new(Silent(VaultError::TimedOut));
        Sealer::new(orders.clone(), may_make, None, Witness::default()).seal(&silent);
    }
    assert!(queue.try_recv().is_err());
    Sealer::new(orders, true, None, Witness::default()).seal(&memory_vault());
    assert!(matches!(queue.try_recv(), Ok(Order::Seal(_))));
}

fn memory_vault() -> Arc<dyn Vault> {
    Arc::new(MemoryVault::default())
}

/// A program that writes a line and ends; it may use that keyring.
fn run(folder: &Path, vault: Option<&Arc<dyn Vault>>) {
    let mut store = Store::open(folder).unwrap();
    store.accept_audit(Timestamp::UNIX_EPOCH).unwrap();
    let (events, _inbox) = tokio::sync::mpsc::unbounded_channel();
    let thread = StoreThread::start(store, Clock::start(), events, Log::default());
    if let Some(vault) = vault {
        thread.sealer().seal(vault);
    }
    thread.finish(LONG);
}

fn found(folder: &Path, vault: &Arc<dyn Vault>) -> Verdict {
    verify(folder, vault.as_ref(), None)
        .unwrap()
        .unwrap()
        .verdict
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
    let vault = memory_vault();
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
    assert_eq!(found(path, &memory_vault()).findings, []);
    for lines in [6, 7] {
        let stripped = found(path, &vault);
        assert_eq!(stripped.findings, [Finding::NotAsRemembered(4)]);
        assert_eq!((stripped.lines, stripped.unkeyed), (lines, lines));
        run(path, Some(&vault));
    }
    assert!(
        found(path, &vault)
            .findings
            .iter()
            .all(Finding::is_of_the_end)
    );
    accept(path, vault.as_ref(), Timestamp::UNIX_EPOCH).unwrap();
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
    forget(vault.as_ref(), path).unwrap();
    assert!(verify(path, vault.as_ref(), None).unwrap().is_none());
    run(path, Some(&vault));
    assert_eq!(found(path, &vault).sealed_to, 2);
}

#[test]
fn a_keyring_from_before_it_remembered_and_a_moved_or_restored_record_go_on() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let vault = memory_vault();
    run(here.path(), Some(&vault));
    // The key alone, as earlier programs kept it, and as it is brought to another machine.
    forget(vault.as_ref(), here.path()).unwrap();
    run(here.path(), Some(&vault));
    let point = remembered(vault.as_ref(), here.path()).unwrap().unwrap();
    assert_eq!(point.number, 4);
    let spelled = here.path().join(".").join("");
    assert_eq!(remembered(vault.as_ref(), &spelled).unwrap(), Some(point));
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
    accept(here.path(), vault.as_ref(), Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(found(here.path(), &vault).findings, []);
    // What is none of ours in its place is no reason to seal.
    vault
        .write(&memory(here.path()), &Secret::new("4 of something"))
        .unwrap();
    run(here.path(), Some(&vault));
    let looked = verify(here.path(), vault.as_ref(), None).unwrap().unwrap();
    assert!(looked.only_lacks_key());
    assert!(looked.verdict.sealed_to < looked.verdict.lines);
    accept(here.path(), vault.as_ref(), Timestamp::UNIX_EPOCH).unwrap();
    let looked = verify(here.path(), vault.as_ref(), None).unwrap().unwrap();
    assert!(looked.no_key.is_none());
    assert_eq!(looked.verdict.findings, []);
}

#[test]
fn what_was_put_back_is_accepted_once_by_a_line_and_only_what_can_be_looked_at_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let vault = memory_vault();
    assert!(verify(path, vault.as_ref(), None).unwrap().is_none());
    assert_eq!(each_line(path, |_, _| Ok(())), Ok(None));
    let mut store = Store::open(path).unwrap();
    let key = obtain(vault.as_ref(), true).unwrap().unwrap();
    store.seal_with(key, None, Timestamp::UNIX_EPOCH).unwrap();
    drop(store);
    std::fs::remove_file(path.join("audit-head.json")).unwrap();
    let found = verify(path, vault.as_ref(), None).unwrap().unwrap().verdict;
    assert_eq!(found.findings, [Finding::NoHead]);
    let line = accept(path, vault.as_ref(), Timestamp::UNIX_EPOCH).unwrap();
    let found = verify(path, vault.as_ref(), Some(&line)).unwrap().unwrap();
    assert_eq!(found.verdict.findings, []);
    let mut events = Vec::new();
    let told = each_line(path, |_, line| {
        events.push(line.unwrap().event.clone());
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

/// Asks as a desk does before it sends, and answers whether a person is to be asked.
fn is_asked_about(thread: &StoreThread, inbox: &mut UnboundedReceiver<Event>) -> bool {
    thread.order(Effect::LookBack {
        to: Recipient::Phone(PhoneNumber::from_e164("+14155550123").unwrap()),
        ticket: None,
    });
    loop {
        if let Some(Event::LookedBack(back)) = inbox.blocking_recv() {
            return back.unwrap().unaccepted;
        }
    }
}

#[test]
fn what_only_the_keyring_knows_to_be_lost_is_asked_about_until_somebody_accepts_it() {
    for whole_folder in [false, true] {
        let (folder, earlier) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = folder.path();
        let vault = memory_vault();
        run(path, Some(&vault));
        for file in ["history.db", "audit-head.json"] {
            std::fs::copy(path.join(file), earlier.path().join(file)).unwrap();
        }
        run(path, Some(&vault));
        remove(path);
        if !whole_folder {
            for file in ["history.db", "audit-head.json"] {
                std::fs::copy(earlier.path().join(file), path.join(file)).unwrap();
            }
        }
        let store = Store::open(path).unwrap();
        assert!(!store.is_unaccepted().unwrap(), "the files say nothing");
        let (events, mut inbox) = tokio::sync::mpsc::unbounded_channel();
        let thread = StoreThread::start(store, Clock::start(), events, Log::default());
        assert!(!is_asked_about(&thread, &mut inbox));
        // Said once, however often the keyring is asked.
        for is_said in [true, false] {
            thread.sealer().seal(&vault);
            let said = inbox.try_recv();
            assert_eq!(matches!(said, Ok(Event::LossProved)), is_said, "{said:?}");
            assert!(is_asked_about(&thread, &mut inbox));
        }
        // By a command, while the desk is open.
        accept(path, vault.as_ref(), Timestamp::UNIX_EPOCH).unwrap();
        assert!(!is_asked_about(&thread, &mut inbox));
        thread.sealer().seal(&vault);
        assert!(!is_asked_about(&thread, &mut inbox));
        assert!(inbox.try_recv().is_err());
        thread.finish(LONG);
        assert_eq!(found(path, &vault).findings, []);
        // The key alone is gone: what is remembered is compared all the same.
        vault.delete(ITEM).unwrap();
        remove(path);
        let mut store = Store::open(path).unwrap();
        store
            .seal_with(Key::random().unwrap(), None, Timestamp::UNIX_EPOCH)
            .unwrap();
        let (events, mut inbox) = tokio::sync::mpsc::unbounded_channel();
        let thread = StoreThread::start(store, Clock::start(), events, Log::default());
        thread.sealer().seal(&vault);
        assert!(is_asked_about(&thread, &mut inbox));
        thread.finish(LONG);
    }
}

/// A keyring that tells of each line that it is to remember.
struct Telling {
    vault: MemoryVault,
    lines: Sender<i64>,
}

impl Vault for Telling {
    fn read(&self, item: &str) -> Result<Option<Secret>, VaultError> {
        self.vault.read(item)
    }
    fn write(&self, item: &str, secret: &Secret) -> Result<(), VaultError> {
        self.vault.write(item, secret)?;
        if let Some(point) = Point::parse(secret.expose()) {
            self.lines.send(point.number).unwrap();
        }
        Ok(())
    }
    fn delete(&self, item: &str) -> Result<(), VaultError> {
        self.vault.delete(item)
    }
}

/// A program that goes on, with a keyring that tells.
struct Open {
    thread: StoreThread,
    session: u32,
    vault: Arc<dyn Vault>,
    lines: Receiver<i64>,
}

impl Open {
    fn at(folder: &Path, vault: MemoryVault) -> Self {
        let store = Store::open(folder).unwrap();
        let session = store.session();
        let (events, _inbox) = tokio::sync::mpsc::unbounded_channel();
        let thread = StoreThread::start(store, Clock::start(), events, Log::default());
        let (told, lines) = channel();
        let vault: Arc<dyn Vault> = Arc::new(Telling { vault, lines: told });
        thread.sealer().seal(&vault);
        Self {
            thread,
            session,
            vault,
            lines,
        }
    }

    /// Writes one line.
    fn intend(&self, seq: u32) {
        let session = self.session;
        let operation = samples::text(OpId { session, seq }, "+14155550123", &seq.to_string());
        self.thread.order(Effect::Intend {
            operation,
            again_after: None,
            cap: None,
        });
    }

    /// Waits until the keyring was told of that line.
    fn told(&self, line: i64) {
        while self.lines.recv_timeout(LONG).unwrap() != line {}
    }

    /// Which lines the keyring was told meanwhile, to the end.
    fn end(self) -> Vec<i64> {
        self.thread.finish(LONG);
        self.lines.try_iter().collect()
    }
}

#[test]
fn the_keyring_remembers_what_is_written_while_the_program_runs_and_when_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::at(folder.path(), MemoryVault::default());
    for seq in 1..=5 {
        open.intend(seq);
    }
    open.told(6);
    open.intend(6);
    let vault = Arc::clone(&open.vault);
    assert_eq!(open.end(), [7]);
    assert_eq!(found(folder.path(), &vault).findings, []);
    // Where nothing was written, nothing is told.
    let open = Open::at(folder.path(), copy_of(&*vault, folder.path()));
    assert_eq!(open.end(), [0; 0]);
}

/// Another way to the same keyring.
fn copy_of(vault: &dyn Vault, folder: &Path) -> MemoryVault {
    let copy = MemoryVault::default();
    for item in [ITEM.to_owned(), memory(folder)] {
        if let Some(kept) = vault.read(&item).unwrap() {
            copy.write(&item, &kept).unwrap();
        }
    }
    copy
}

#[test]
fn an_audit_that_is_made_anew_under_an_open_desk_is_not_what_the_keyring_remembers_then() {
    let folder = tempfile::tempdir().unwrap();
    let open = Open::at(folder.path(), MemoryVault::default());
    open.intend(1);
    open.intend(2);
    open.told(3);
    let other = rusqlite::Connection::open(folder.path().join("history.db")).unwrap();
    other
        .execute_batch(
            "BEGIN;
             CREATE TEMP TABLE kept AS SELECT sql FROM sqlite_schema WHERE type = 'trigger';
             DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed;
             UPDATE audit SET at = '2026-01-02T03:04:05Z', hash = lower(hex(randomblob(32))) WHERE number = 3;",
        )
        .unwrap();
    let triggers: String = other
        .query_row("SELECT group_concat(sql, ';') FROM kept", [], |row| {
            row.get(0)
        })
        .unwrap();
    other
        .execute_batch(&format!("{triggers}; DROP TABLE kept; COMMIT"))
        .unwrap();
    drop(other);
    open.intend(3);
    let vault = Arc::clone(&open.vault);
    assert_eq!(open.end(), [0; 0]);
    let findings = found(folder.path(), &vault).findings;
    assert!(
        findings.contains(&Finding::NotAsRemembered(3)),
        "{findings:?}"
    );
}

#[test]
fn what_a_person_accepts_elsewhere_gives_an_open_desk_its_key_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let vault = memory_vault();
    run(path, Some(&vault));
    remove(path);
    run(path, None);
    let open = Open::at(path, copy_of(vault.as_ref(), path));
    open.intend(1);
    assert!(found(path, &open.vault).unkeyed > 0);
    accept(path, open.vault.as_ref(), Timestamp::UNIX_EPOCH).unwrap();
    let accepted = found(path, &open.vault);
    assert_eq!(
        (accepted.findings, accepted.sealed_to),
        (vec![], accepted.lines)
    );
    open.intend(2);
    // Whether the key came before that line or after it.
    loop {
        open.lines.recv_timeout(LONG).unwrap();
        let whole = found(path, &open.vault);
        assert_eq!(whole.findings, []);
        if whole.lines > accepted.lines && whole.sealed_to == whole.lines {
            break;
        }
    }
    assert_eq!(open.end(), [0; 0]);
}

#[test]
fn a_keyring_that_has_gone_silent_holds_the_end_up_for_a_moment_only() {
    /// Never answers, once it was told to.
    struct Hanging(MemoryVault, std::sync::atomic::AtomicBool);
    impl Vault for Hanging {
        fn read(&self, item: &str) -> Result<Option<Secret>, VaultError> {
            while self.1.load(std::sync::atomic::Ordering::SeqCst) {
                std::thread::park();
            }
            self.0.read(item)
        }
        fn write(&self, item: &str, secret: &Secret) -> Result<(), VaultError> {
            self.0.write(item, secret)
        }
        fn delete(&self, item: &str) -> Result<(), VaultError> {
            self.0.delete(item)
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let session = store.session();
    let (events, _inbox) = tokio::sync::mpsc::unbounded_channel();
    let thread = StoreThread::start(store, Clock::start(), events, Log::default());
    let hanging = Arc::new(Hanging(MemoryVault::default(), false.into()));
    let vault: Arc<dyn Vault> = hanging.clone();
    thread.sealer().seal(&vault);
    hanging.1.store(true, std::sync::atomic::Ordering::SeqCst);
    let operation = samples::text(OpId { session, seq: 1 }, "+14155550123", "hello");
    thread.order(Effect::Intend {
        operation,
        again_after: None,
        cap: None,
    });
    thread.finish(LONG);
    // It is closed, and what was ordered is in it.
    let lines = each_line(folder.path(), |_, _| Ok(())).unwrap();
    assert_eq!(lines, Some(2));
}
