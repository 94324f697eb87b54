//! Scenes: named worlds as data. A scene plants faults, sets delays and says how recipients behave.
//!
//! A scene only ever adds to what is true everywhere: its own recipients come before those of
//! `assets/recipients.toml`, and the first entry that matches a number counts.

use serde::Deserialize;

use super::bounds;
use super::faults::FaultPlan;
use super::recipient::Recipient;

const RECIPIENTS: &str = include_str!("../../assets/recipients.toml");

macro_rules! scenes {
    ($($name:literal),* $(,)?) => {
        /// Name and text of every scene, the default first.
        const SCENES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../assets/scenes/", $name, ".toml")))),*
        ];
    };
}
scenes!(
    "happy",
    "wrong_code",
    "landline",
    "blocked",
    "not_arrived",
    "lost_reply",
    "lost_request",
    "lost_check",
    "rate_limited",
    "too_many_starts",
    "service_limit",
    "expired",
    "tries_used_up",
    "sends_used_up",
    "two_desks",
    "approved_elsewhere",
    "cancelled_elsewhere",
    "never_started",
    "opted_out",
    "conversation",
    "closed_country",
    "slow_network",
    "sms_and_calls_only",
    "trial",
    "keys_refused",
    "narrow_key",
    "account_suspended",
);

/// Why there is no scene.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SceneError {
    /// No scene has that name.
    #[error("there is no scene {name:?}; there are {}", Scene::names().collect::<Vec<_>>().join(", "))]
    Unknown {
        /// The name that was asked for.
        name: String,
    },
    /// The text of a scene cannot be read.
    #[error("the scene {name:?} cannot be read")]
    Unreadable {
        /// Which scene.
        name: String,
        /// What is wrong with its text.
        #[source]
        source: toml::de::Error,
    },
}

/// How a world is set up.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    description: String,
    #[serde(default, deserialize_with = "bounds::milliseconds")]
    latency_ms: u64,
    #[serde(default)]
    pub(super) account: AccountSetup,
    #[serde(default)]
    pub(super) verify: VerifySetup,
    #[serde(default, rename = "fault")]
    pub(super) faults: Vec<FaultPlan>,
    #[serde(default, rename = "recipient")]
    recipients: Vec<Recipient>,
}

impl Scene {
    /// The scene of that name.
    pub fn named(name: &str) -> Result<Self, SceneError> {
        let (_, text) = SCENES
            .iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| SceneError::Unknown {
                name: name.to_owned(),
            })?;
        Self::parse(name, text)
    }

    /// Reads a scene from its text: a file of one's own, for instance.
    pub fn parse(name: &str, text: &str) -> Result<Self, SceneError> {
        let unreadable = |source| SceneError::Unreadable {
            name: name.to_owned(),
            source,
        };
        let mut scene: Self = toml::from_str(text).map_err(unreadable)?;
        let everywhere: People = toml::from_str(RECIPIENTS).map_err(unreadable)?;
        scene.recipients.extend(everywhere.recipients);
        Ok(scene)
    }

    /// The names of all scenes, the default first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SCENES.iter().map(|(name, _)| *name)
    }

    /// What the scene shows, in one sentence.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// How long every answer takes, in milliseconds.
    pub(super) fn latency_ms(&self) -> u64 {
        self.latency_ms
    }

    /// How that number behaves.
    pub(super) fn recipient(&self, number: &str) -> Recipient {
        self.recipients
            .iter()
            .find(|recipient| recipient.is(number))
            .cloned()
            .unwrap_or_default()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct People {
    #[serde(rename = "recipient")]
    recipients: Vec<Recipient>,
}

/// What kind of account it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AccountSetup {
    /// Its texts go to `verified` numbers alone, and say that they come from a trial.
    pub(super) trial: bool,
    pub(super) verified: Vec<String>,
    /// Whoever asks is refused.
    pub(super) refused: Option<KeyRefused>,
}

/// How keys are refused, for all paths or for those that begin so.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyRefused {
    pub(super) status: u16,
    pub(super) code: u32,
    #[serde(default)]
    pub(super) under: String,
}

/// What Verify has been set up for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct VerifySetup {
    pub(super) email: bool,
    pub(super) whatsapp: bool,
    #[serde(deserialize_with = "bounds::seconds")]
    pub(super) validity_seconds: u64,
    #[serde(deserialize_with = "bounds::seconds")]
    pub(super) arrival_seconds: u64,
}

impl Default for VerifySetup {
    fn default() -> Self {
        Self {
            email: true,
            whatsapp: true,
            validity_seconds: crate::domain::verification::VALIDITY_SECONDS.unsigned_abs(),
            arrival_seconds: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::recipient::Line;
    use super::*;

    #[test]
    fn every_scene_can_be_read_and_says_what_it_shows() {
        for name in Scene::names() {
            let scene = Scene::named(name).unwrap_or_else(|error| panic!("{error:?}"));
            assert!(!scene.description().is_empty(), "{name}");
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_all_names() {
        let error = Scene::named("sunny").unwrap_err().to_string();
        assert!(
            error.starts_with("there is no scene \"sunny\"; there are happy, wrong_code,"),
            "{error}"
        );
    }

    #[test]
    fn a_field_that_nobody_reads_is_an_error() {
        assert!(Scene::parse("mine", "description = \"\"\nlatencyms = 3").is_err());
    }

    #[test]
    fn the_recipients_of_the_scene_come_before_those_of_everywhere() {
        let happy = Scene::named("happy").unwrap();
        assert_eq!(happy.recipient("+14155550188").line, Line::Landline);
        assert_eq!(happy.recipient("+14155550123"), Recipient::default());
        assert!(happy.recipient("+12645550140").verify_refused.is_some());
        let opted_out = Scene::named("opted_out").unwrap();
        assert_eq!(
            opted_out.recipient("+14155550188").message_refused,
            Some(21610)
        );
    }
}
