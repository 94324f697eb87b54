//! The items of the keyring: the key of the audit, and for each folder the last line that was seen.
//!
//! Where a call fails, the caller goes on without: no step of an operation depends on a keyring.

use std::path::{Path, PathBuf};

use crate::domain::Secret;
use crate::store::{Key, Point};
use crate::vault::{Vault, VaultError};

/// The name of the item. No profile can be called like that.
pub const ITEM: &str = "audit key";
/// What the names of the other items begin with.
const MEMORY: &str = "audit of ";

/// The last line of the audit in a folder that the keyring has seen.
pub fn remembered(vault: &dyn Vault, folder: &Path) -> Result<Option<Point>, VaultError> {
    match vault.read(&memory(folder))? {
        Some(kept) => Point::parse(kept.expose())
            .map(Some)
            .ok_or(VaultError::BadData),
        None => Ok(None),
    }
}

/// Has the keyring remember a line.
pub fn remember(vault: &dyn Vault, folder: &Path, point: &Point) -> Result<(), VaultError> {
    vault.write(&memory(folder), &Secret::new(point.to_text()))
}

/// Has the keyring forget the audit in a folder, which is erased.
pub fn forget(vault: &dyn Vault, folder: &Path) -> Result<(), VaultError> {
    vault.delete(&memory(folder))
}

/// An audit is known by where it lies: whatever it says of itself, whoever can write it can write.
pub fn memory(folder: &Path) -> String {
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
