//! The system's keyring: Secret Service, Keychain or Credential Manager, through the stores of the
//! `keyring-core` crate.
//!
//! They block, know no deadline, and panic inside an async runtime. So one thread of its own talks to
//! them, and callers wait for that thread only until their deadline. A thread that hangs is left behind
//! and never joined; calls that nobody waits for any more are not begun. A call that was begun may still
//! take effect after its deadline. A connection that could not be made, or that broke, is made anew by
//! the next call: a keyring may be started, or restarted, while the program runs.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, OnceLock, Weak};
use std::thread;
use std::time::Duration;

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
use keyring_core::Entry;
use keyring_core::api::CredentialStoreApi;
use secrecy::zeroize::Zeroizing;
#[cfg(windows)]
use windows_native_keyring_store::Store;
#[cfg(all(unix, not(target_os = "macos")))]
use zbus_secret_service_keyring_store::Store;

use super::{Vault, VaultError};
use crate::domain::Secret;

/// How long a call may take, if nothing else is said. Long enough for a keyring that is started by it on a busy
/// machine, and for a person who is asked to unlock it; short enough to say that it does not answer. Nobody waits
/// for it who could do something else: the desk is at work meanwhile.
pub const DEADLINE: Duration = Duration::from_secs(15);

/// The name of the program in the keyring.
const SERVICE: &str = "tuilio";

/// The system's keyring. Its thread starts with the first call.
#[derive(Debug)]
pub struct KeyringVault {
    requests: OnceLock<Sender<Request>>,
    deadline: Duration,
}

impl Default for KeyringVault {
    fn default() -> Self {
        Self {
            requests: OnceLock::new(),
            deadline: DEADLINE,
        }
    }
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
    /// The same, with calls that may take so long.
    pub fn within(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

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
            .recv_timeout(self.deadline)
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
    let mut connected = None;
    for request in requests {
        if request.wanted.strong_count() > 0 {
            let answer = perform(&mut connected, &request.profile, &request.deed);
            // Too late for a caller that went away.
            let _ = request.answer.send(answer);
        }
    }
}

fn perform(connected: &mut Option<Arc<Store>>, profile: &str, deed: &Deed) -> Answer {
    let store = match connected {
        Some(store) => store,
        None => connected.insert(Store::new().map_err(|_| VaultError::Missing)?),
    };
    let outcome = entry(store, profile).and_then(|entry| match deed {
        Deed::Read => entry
            .get_password()
            .map(|text| Some(Secret::new(Zeroizing::new(text).as_str()))),
        Deed::Write(secret) => entry.set_password(secret.expose()).map(|()| None),
        Deed::Delete => entry.delete_credential().map(|()| None),
    });
    // Never formatted: see `VaultError`.
    outcome.or_else(|error| match VaultError::from_keyring(&error) {
        None => Ok(None),
        Some(error) => {
            // The connection may be what broke.
            *connected = None;
            Err(error)
        }
    })
}

/// The item of a profile. Only the Secret Service lets its label be chosen.
fn entry(store: &Store, profile: &str) -> keyring_core::Result<Entry> {
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        let label = format!("{SERVICE}/{profile}");
        let modifiers = std::collections::HashMap::from([("label", label.as_str())]);
        store.build(SERVICE, profile, Some(&modifiers))
    }
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    store.build(SERVICE, profile, None)
}
