//! The keyring of this machine, where there is one that is unlocked.

use std::path::PathBuf;
use std::process::Command;

use libtest_mimic::{Completion, Failed, Trial};
use tuilio::domain::Secret;
use tuilio::vault::{KeyringVault, StoredCredentials, Vault, VaultError};

use crate::keyring::{Item, with_keyring};

const CANARY: &str = "canary-4b1d9c-not-in-any-file";

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::ignorable_test("keys_are_kept_replaced_and_forgotten", || {
            with_keyring(kept_replaced_forgotten)
        }),
        Trial::ignorable_test("the_file_of_the_keyring_holds_no_plain_text", || {
            with_keyring(no_plain_text)
        }),
        Trial::ignorable_test(
            "a_paste_becomes_a_profile_that_sends_and_is_forgotten",
            || with_keyring(crate::login::login_use_logout),
        ),
        Trial::ignorable_test("keys_of_twilio_cli_are_moved_and_judged", || {
            with_keyring(crate::login::login_from_twilio_cli)
        }),
        Trial::ignorable_test("other_programs_show_the_item_by_its_profile", || {
            with_keyring(shown_by_others)
        }),
    ]
}

fn kept_replaced_forgotten() -> Result<Completion, Failed> {
    let item = Item::of_this_run("kept");
    let (vault, profile) = (&item.vault, item.profile.as_str());
    assert_eq!(vault.read(profile)?, None);
    vault.delete(profile)?;
    for credentials in [
        StoredCredentials::AuthToken(Secret::new(CANARY)),
        StoredCredentials::ApiSecret(Secret::new("another, with \"quotes\"")),
    ] {
        vault.write_and_read_back(profile, &credentials.encode()?)?;
        let kept = KeyringVault::default()
            .read(profile)?
            .ok_or("nothing kept")?;
        assert_eq!(StoredCredentials::decode(&kept)?, credentials);
    }
    vault.write(profile, &Secret::new("not ours"))?;
    let kept = vault.read(profile)?.ok_or("nothing kept")?;
    assert_eq!(StoredCredentials::decode(&kept), Err(VaultError::BadData));
    vault.delete(profile)?;
    assert_eq!(vault.read(profile)?, None);
    Ok(Completion::Completed)
}

fn no_plain_text() -> Result<Completion, Failed> {
    let item = Item::of_this_run("plain");
    item.vault
        .write_and_read_back(&item.profile, &Secret::new(CANARY))?;
    let Some(folder) = keyrings() else {
        return Ok(Completion::ignored_with(
            "this keyring keeps no files in the folder of GNOME's",
        ));
    };
    let mut files = 0;
    for entry in std::fs::read_dir(folder)? {
        let bytes = std::fs::read(entry?.path())?;
        let canary = CANARY.as_bytes();
        assert!(!bytes.windows(canary.len()).any(|window| window == canary));
        files += 1;
    }
    assert!(files > 0, "nothing was looked at");
    Ok(Completion::Completed)
}

fn keyrings() -> Option<PathBuf> {
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let data =
        data.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share")))?;
    Some(data.join("keyrings")).filter(|folder| folder.is_dir())
}

fn shown_by_others() -> Result<Completion, Failed> {
    let item = Item::of_this_run("shown");
    item.vault.write(&item.profile, &Secret::new(CANARY))?;
    let Ok(output) = Command::new("secret-tool")
        .args(["search", "service", "tuilio", "username", &item.profile])
        .output()
    else {
        return Ok(Completion::ignored_with("secret-tool is not installed"));
    };
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let label = format!("label = tuilio/{}\n", item.profile);
    assert!(
        shown.contains(&label),
        "{}",
        shown.replace(CANARY, "[secret]")
    );
    Ok(Completion::Completed)
}
