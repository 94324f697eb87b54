//! Under which name keys are kept. The same keys go where they are already; others get a name that is free,
//! so that no profile's keys are ever put in the place of another's unless somebody named it.

use crate::domain::connection::{Connection, Credentials, Keys, Region};
use crate::domain::sid::{AccountSid, ApiKeySid};

use super::Setup;
use super::import::PlainPlace;

/// The longest name that a profile may have.
const LONGEST: usize = 40;

/// Which keys they are, without any secret: enough to tell one set from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMark {
    /// Whose.
    pub account: AccountSid,
    /// The API key; none where it is the auth token.
    pub key: Option<ApiKeySid>,
    /// The region in which they are good; none for the usual one.
    pub region: Option<String>,
}

impl KeyMark {
    /// Of keys which, where they are of no region, go to this one.
    pub fn of(keys: &Keys, region_here: Option<&str>) -> Self {
        let region = keys.region.as_ref().map(Region::region);
        Self {
            account: keys.account_sid.clone(),
            key: match &keys.credentials {
                Credentials::ApiKey { sid, .. } => Some(sid.clone()),
                Credentials::AuthToken(_) => None,
            },
            region: region.or(region_here).map(str::to_owned),
        }
    }
}

/// A profile that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its name.
    pub profile: String,
    /// Which keys it holds.
    pub keys: KeyMark,
}

impl Setup {
    /// The name under which these keys are kept, unless somebody names another.
    pub fn profile_name(&self) -> Option<String> {
        if let Some(profile) = self.kept_already() {
            return Some(profile.to_owned());
        }
        let wanted = self.wanted_name()?;
        if self.is_free(&wanted) {
            return Some(wanted);
        }
        let start: String = wanted.chars().take(LONGEST - 4).collect();
        // One of so many is free.
        let most = self.surroundings.taken.len() + 2;
        (2..=most)
            .map(|n| format!("{start}-{n}"))
            .find(|name| self.is_free(name))
    }

    /// The profile that holds the same keys.
    pub fn kept_already(&self) -> Option<&str> {
        let region_here = self.surroundings.region.as_deref();
        let ours = KeyMark::of(self.keys.as_ref()?, region_here);
        let mut taken = self.surroundings.taken.iter();
        taken
            .find(|taken| taken.keys == ours)
            .map(|taken| taken.profile.as_str())
    }

    /// The name that these keys would have, had not other keys got it before.
    pub fn name_of_others(&self) -> Option<String> {
        let wanted = self.wanted_name()?;
        (self.kept_already().is_none() && !self.is_free(&wanted)).then_some(wanted)
    }

    /// That of the profile of twilio-cli that they come from, else one made of what they open.
    fn wanted_name(&self) -> Option<String> {
        let own = match &self.imported {
            Some(PlainPlace::TwilioCli { profile, .. }) => fitting(profile),
            _ => None,
        };
        own.or_else(|| self.connection.as_ref().map(made_of))
    }

    fn is_free(&self, name: &str) -> bool {
        let mut taken = self.surroundings.taken.iter();
        !taken.any(|taken| taken.profile == name)
    }
}

/// A name of others in the letters that a profile's may have.
fn fitting(name: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let name: String = name
        .chars()
        .take(LONGEST)
        .map(|c| if fits(c) { c } else { '-' })
        .collect();
    let name = name.trim_matches('-');
    (!name.is_empty()).then(|| name.to_owned())
}

/// A short name: the first word of the account's name, where the keys may read it, and the end of its SID, so
/// that two accounts never share one.
fn made_of(connection: &Connection) -> String {
    let name = connection
        .account_name
        .as_ref()
        .map(|name| name.raw().to_lowercase())
        .unwrap_or_default();
    let word = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .find(|word| !word.is_empty())
        .unwrap_or("work");
    let word: String = word.chars().take(20).collect();
    let sid = connection.account_sid.as_str();
    format!("{word}-{}", &sid[sid.len() - 4..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_others_is_taken_in_the_letters_that_a_profile_may_have() {
        for (name, fits) in [
            ("acme", Some("acme")),
            ("Acme Support", Some("Acme-Support")),
            ("a/b:c_1", Some("a-b-c_1")),
            ("  ", None),
            ("Ünïted", Some("n-ted")),
        ] {
            assert_eq!(fitting(name).as_deref(), fits, "{name}");
        }
        assert_eq!(
            fitting(&"x".repeat(60)).map(|name| name.len()),
            Some(LONGEST)
        );
    }
}
