//! Whether this machine has a keyring that can be used, and items in it that go away again.

use std::sync::LazyLock;
use std::time::Duration;

use libtest_mimic::{Completion, Failed};
use tuilio::domain::Secret;
use tuilio::vault::{KeyringVault, Vault};

/// Why the keyring of this machine cannot be used. It is asked once, by keeping something for a moment.
static UNUSABLE: LazyLock<Option<String>> = LazyLock::new(|| {
    if cfg!(target_os = "linux") && std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none() {
        return Some("no session bus: DBUS_SESSION_BUS_ADDRESS is not set".to_owned());
    }
    let item = Item::of_this_run("probe");
    let kept = item
        .vault
        .write_and_read_back(&item.profile, &Secret::new("probe"));
    kept.err().map(|error| error.to_string())
});

/// Runs a test where there is a keyring, and says why not where there is none.
pub fn with_keyring(test: fn() -> Result<Completion, Failed>) -> Result<Completion, Failed> {
    match &*UNUSABLE {
        Some(reason) => Ok(Completion::ignored_with(reason)),
        None => test(),
    }
}

/// An item of the keyring, gone with the test.
pub struct Item {
    pub vault: KeyringVault,
    pub profile: String,
}

impl Item {
    /// An item that belongs to this run alone.
    pub fn of_this_run(name: &str) -> Self {
        Self::of_profile(&format!("test-{name}-{}", std::process::id()))
    }

    /// The item of a profile.
    pub fn of_profile(profile: &str) -> Self {
        Self {
            vault: KeyringVault::default().within(Duration::from_mins(2)),
            profile: profile.to_owned(),
        }
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        let _ = self.vault.delete(&self.profile);
    }
}
