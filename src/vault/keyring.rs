//! The system's keyring: Secret Service, Keychain or Credential Manager, through the `keyring` crate.
//!
//! That crate blocks, knows no deadline, and panics inside an async runtime. So one thread of its own
//! talks to it, and callers wait for that thread only until their deadline. A thread that hangs is left
//! behind and never joined; calls that nobody waits for any more are not begun. A call that was begun
//! may still take effect after its deadline.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, OnceLock, Weak};
use std::thread;
use std::time::Duration;

use secrecy::zeroize::Zeroizing;

use super::{Vault, VaultError};
use crate::domain::Secret;

/// How long a call may take. Long enough for a keyring that is started by it, short enough to ask a
/// person what to do.
pub const DEADLINE: Duration = Duration::from_secs(3);

/// The name of the program in the keyring.
const SERVICE: &str = "tuilio";

/// The system's keyring. Its thread starts with the first call.
#[derive(Debug, Default)]
pub struct KeyringVault {
    requests: OnceLock<Sender<Request>>,
}

#[derive(Debug)]
struct Request {
    profile: String,
    deed: Deed,
    answer: SyncSender<Answer>,
    /// Alive as long as the caller waits.
    wanted: Weak<()>,
}

#[derive(Debug)]
enum Deed {
    Read,
    Write(Secret),
    Delete,
}

type Answer = Result<Option<Secret>, VaultError>;

impl Vault for KeyringVault {
    fn read(&self, profile: &str) -> Result<Option<Secret>, VaultError> {
        self.ask(profile, Deed::Read)
    }

    fn write(&self, profile: &str, secret: &Secret) -> Result<(), VaultError> {
        self.ask(profile, Deed::Write(secret.clone())).map(drop)
    }

    fn delete(&self, profile: &str) -> Result<(), VaultError> {
        self.ask(profile, Deed::Delete).map(drop)
    }
}

impl KeyringVault {
    fn ask(&self, profile: &str, deed: Deed) -> Answer {
        let waiting = Arc::new(());
        let (answer, answered) = mpsc::sync_channel(1);
        let request = Request {
            profile: profile.to_owned(),
            deed,
            answer,
            wanted: Arc::downgrade(&waiting),
        };
        // A thread that could not be started, or that broke down, has hung up.
        let requests = self.requests.get_or_init(start);
        requests.send(request).map_err(|_| VaultError::Missing)?;
        answered
            .recv_timeout(DEADLINE)
            .map_err(|error| match error {
                RecvTimeoutError::Timeout => VaultError::TimedOut,
                RecvTimeoutError::Disconnected => VaultError::Missing,
            })?
    }
}

fn start() -> Sender<Request> {
    let (requests, received) = mpsc::channel();
    // Where no thread can be had, the receiver goes with the closure, and callers notice.
    let _ = thread::Builder::new()
        .name("vault".to_owned())
        .spawn(move || serve(&received));
    requests
}

fn serve(requests: &Receiver<Request>) {
    for request in requests {
        if request.wanted.strong_count() > 0 {
            let answer = perform(&request.profile, &request.deed);
            // Too late for a caller that went away.
            let _ = request.answer.send(answer);
        }
    }
}

fn perform(profile: &str, deed: &Deed) -> Answer {
    // Connects once; where that failed, the crate keeps the failure until the program ends.
    if ::keyring::Entry::store_status().is_err() {
        return Err(VaultError::Missing);
    }
    let outcome = entry(profile).and_then(|entry| match deed {
        Deed::Read => entry
            .get_password()
            .map(|text| Some(Secret::new(Zeroizing::new(text).as_str()))),
        Deed::Write(secret) => entry.set_password(secret.expose()).map(|()| None),
        Deed::Delete => entry.delete_credential().map(|()| None),
    });
    // Never formatted: see `VaultError`.
    outcome.or_else(|error| match VaultError::from_keyring(&error) {
        None => Ok(None),
        Some(error) => Err(error),
    })
}

/// The item of a profile. Only the Secret Service lets its label be chosen.
fn entry(profile: &str) -> keyring_core::Result<keyring_core::Entry> {
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        let label = format!("{SERVICE}/{profile}");
        let modifiers = std::collections::HashMap::from([("label", label.as_str())]);
        keyring_core::Entry::new_with_modifiers(SERVICE, profile, &modifiers)
    }
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    keyring_core::Entry::new(SERVICE, profile)
}
