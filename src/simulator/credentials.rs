//! What a client needs to know to use a world: the fields of the simulator's first line.

use serde::{Serialize, Serializer};

use super::dice::Dice;
use crate::domain::Secret;

/// The account, both ways to authenticate, and what to send from. Serialising shows the secrets, since
/// that is what they are for; `Debug` does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Credentials {
    /// `AC…`.
    pub account_sid: String,
    /// The account's token.
    #[serde(serialize_with = "exposed")]
    pub auth_token: Secret,
    /// `SK…`: a standard key, which may not read `/Accounts`.
    pub api_key: String,
    /// The key's secret.
    #[serde(serialize_with = "exposed")]
    pub api_secret: Secret,
    /// The first Verify service.
    pub verify_service_sid: String,
    /// The first Messaging Service.
    pub messaging_service_sid: String,
    /// A number that may send texts.
    pub from_number: String,
}

impl Credentials {
    pub(super) fn roll(dice: &mut Dice, from_number: &str) -> Self {
        Self {
            account_sid: dice.sid("AC"),
            auth_token: Secret::new(dice.token()),
            api_key: dice.sid("SK"),
            api_secret: Secret::new(dice.token()),
            verify_service_sid: dice.sid("VA"),
            messaging_service_sid: dice.sid("MG"),
            from_number: from_number.to_owned(),
        }
    }
}

fn exposed<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_shown_on_the_first_line_and_nowhere_else() {
        let credentials = Credentials::roll(&mut Dice::new(1), "+12025550142");
        let line = serde_json::to_value(&credentials).unwrap();
        assert_eq!(line["auth_token"], credentials.auth_token.expose());
        assert_eq!(line.as_object().unwrap().len(), 7);
        assert!(!format!("{credentials:?}").contains(credentials.api_secret.expose()));
        assert_eq!(credentials.account_sid.len(), 34);
    }
}
