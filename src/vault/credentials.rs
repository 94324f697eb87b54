//! What is kept for a profile: one short JSON text, `{"auth_token": …}` or `{"api_secret": …}`.

use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};

use super::VaultError;
use crate::domain::Secret;

/// The secret half of a profile's credentials. Which key it belongs to stands in the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredCredentials {
    /// The account's own token: may do everything, and is good until it is replaced.
    AuthToken(Secret),
    /// The secret of an API key, which can be withdrawn alone.
    ApiSecret(Secret),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Written<'a> {
    AuthToken(&'a str),
    ApiSecret(&'a str),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Read {
    AuthToken(String),
    ApiSecret(String),
}

impl StoredCredentials {
    /// The secret itself.
    pub fn secret(&self) -> &Secret {
        match self {
            Self::AuthToken(secret) | Self::ApiSecret(secret) => secret,
        }
    }

    /// As the vault keeps it.
    pub fn encode(&self) -> Result<Secret, VaultError> {
        let written = match self {
            Self::AuthToken(secret) => Written::AuthToken(secret.expose()),
            Self::ApiSecret(secret) => Written::ApiSecret(secret.expose()),
        };
        let text = serde_json::to_string(&written).map_err(|_| VaultError::BadData)?;
        Ok(Secret::new(Zeroizing::new(text).as_str()))
    }

    /// From what the vault kept.
    pub fn decode(kept: &Secret) -> Result<Self, VaultError> {
        // The reason is dropped: it may quote what it could not read.
        let read = serde_json::from_str(kept.expose()).map_err(|_| VaultError::BadData)?;
        let secret = |text: String| {
            let secret = Secret::new(Zeroizing::new(text).as_str());
            if secret.expose().is_empty() {
                Err(VaultError::BadData)
            } else {
                Ok(secret)
            }
        };
        Ok(match read {
            Read::AuthToken(text) => Self::AuthToken(secret(text)?),
            Read::ApiSecret(text) => Self::ApiSecret(secret(text)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_survive_the_vault_and_never_show_themselves() {
        for (credentials, kept) in [
            (
                StoredCredentials::AuthToken(Secret::new("hunter2\"hunter2")),
                r#"{"auth_token":"hunter2\"hunter2"}"#,
            ),
            (
                StoredCredentials::ApiSecret(Secret::new("hunter2")),
                r#"{"api_secret":"hunter2"}"#,
            ),
        ] {
            let encoded = credentials.encode().unwrap();
            assert_eq!(encoded.expose(), kept);
            assert_eq!(
                StoredCredentials::decode(&encoded).as_ref(),
                Ok(&credentials)
            );
            assert!(!format!("{credentials:?}").contains("hunter2"));
        }
    }

    #[test]
    fn what_is_not_ours_is_bad_data() {
        for kept in [
            "",
            "hunter2",
            "{}",
            r#"{"auth_token":""}"#,
            r#"{"password":"hunter2"}"#,
            r#"{"auth_token":"a","api_secret":"b"}"#,
        ] {
            let answer = StoredCredentials::decode(&Secret::new(kept));
            assert_eq!(answer, Err(VaultError::BadData), "{kept}");
        }
    }
}
