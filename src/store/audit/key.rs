//! The key of the audit: 32 random bytes that stay in the keyring and in memory.
//!
//! Whoever has the file but not the key can read every line and make none. Two keys are told apart by a
//! name that says nothing about them.

use std::fmt;
use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};

use crate::domain::Secret;

const LENGTH: usize = 32;
/// What a block of SHA-256 holds: HMAC fills a shorter key up with zeros.
const BLOCK: usize = 64;

/// A key; wiped when it goes.
pub struct Key {
    bytes: Zeroizing<[u8; BLOCK]>,
    name: String,
}

impl Key {
    /// A new one, from the randomness of the system.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        getrandom::fill(bytes.as_mut_slice())?;
        Ok(Self::of(&bytes))
    }

    /// Reads what [`Key::to_secret`] wrote.
    pub fn parse(secret: &Secret) -> Option<Self> {
        let text = secret.expose();
        let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if text.len() != 2 * LENGTH || !is_hex {
            return None;
        }
        let mut bytes = Zeroizing::new([0; LENGTH]);
        for (place, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(2 * place..2 * place + 2)?;
            *byte = u8::from_str_radix(digits, 16).ok()?;
        }
        Some(Self::of(&bytes))
    }

    /// The text that is kept in the keyring.
    pub fn to_secret(&self) -> Secret {
        Secret::new(Zeroizing::new(hex(&self.bytes[..LENGTH])))
    }

    /// Its name, which stands in every line that was made with it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Proves a text.
    pub fn seal(&self, text: &str) -> String {
        let mut mac = Hmac::<Sha256>::new((&*self.bytes).into());
        mac.update(text.as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    fn of(bytes: &[u8; LENGTH]) -> Self {
        let mut block = Zeroizing::new([0; BLOCK]);
        block[..LENGTH].copy_from_slice(bytes);
        let mut key = Self {
            bytes: block,
            name: String::new(),
        };
        key.name = key.seal("name").chars().take(16).collect();
        key
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.name)
    }
}

/// What stands in the place of a seal where there is no key.
pub fn plain(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A string takes whatever is written to it.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_the_keyring_and_never_shows_itself() {
        let key = Key::random().unwrap();
        let secret = key.to_secret();
        let again = Key::parse(&secret).unwrap();
        assert_eq!(again.name(), key.name());
        assert_eq!(again.seal("a"), key.seal("a"));
        assert_ne!(Key::random().unwrap().seal("a"), key.seal("a"));
        assert!(!format!("{key:?}").contains(secret.expose()));
        for other in [
            "",
            "hunter2",
            &"g".repeat(64),
            &"é".repeat(32),
            &"a".repeat(63),
            &"+1".repeat(32),
        ] {
            assert!(Key::parse(&Secret::new(other)).is_none(), "{other}");
        }
    }

    #[test]
    fn seals_are_those_of_the_standards() {
        // RFC 4231, test case 2, has the key "Jefe"; here it stands as 32 bytes, which HMAC does anyway.
        let mut bytes = [0; LENGTH];
        bytes[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            Key::of(&bytes).seal("what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        // FIPS 180-2, B.1.
        assert_eq!(
            plain("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
