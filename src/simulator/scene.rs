//! Scenes: named worlds as data. A scene plants faults, sets delays and says how recipients behave.
//!
//! A scene only ever adds to what is true everywhere: its own recipients come before those of
//! `assets/recipients.toml`, and the first entry that matches a number counts.

use serde::Deserialize;

use super::faults::FaultPlan;

const RECIPIENTS: &str = include_str!("../../assets/recipients.toml");

/// Name and text of every scene, the default first.
const SCENES: [(&str, &str); 12] = [
    ("happy", include_str!("../../assets/scenes/happy.toml")),
    (
        "wrong_code",
        include_str!("../../assets/scenes/wrong_code.toml"),
    ),
    (
        "landline",
        include_str!("../../assets/scenes/landline.toml"),
    ),
    ("blocked", include_str!("../../assets/scenes/blocked.toml")),
    (
        "not_arrived",
        include_str!("../../assets/scenes/not_arrived.toml"),
    ),
    (
        "lost_reply",
        include_str!("../../assets/scenes/lost_reply.toml"),
    ),
    (
        "rate_limited",
        include_str!("../../assets/scenes/rate_limited.toml"),
    ),
    ("expired", include_str!("../../assets/scenes/expired.toml")),
    (
        "opted_out",
        include_str!("../../assets/scenes/opted_out.toml"),
    ),
    (
        "closed_country",
        include_str!("../../assets/scenes/closed_country.toml"),
    ),
    (
        "slow_network",
        include_str!("../../assets/scenes/slow_network.toml"),
    ),
    (
        "sms_and_calls_only",
        include_str!("../../assets/scenes/sms_and_calls_only.toml"),
    ),
];

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
    #[serde(default)]
    latency_ms: u64,
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

/// What Verify has been set up for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct VerifySetup {
    pub(super) email: bool,
    pub(super) whatsapp: bool,
    pub(super) validity_seconds: u64,
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

/// How one number, or all that begin alike, behave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Recipient {
    number: String,
    note: String,
    pub(super) line: Line,
    pub(super) carrier: Option<String>,
    /// Messages refuses the number with this code.
    pub(super) message_refused: Option<u32>,
    /// Verify refuses the number with this code on these channels.
    pub(super) verify_refused: Option<VerifyRefused>,
    pub(super) text: TextBehaviour,
    pub(super) call: CallEnd,
    /// An older code lies on the phone already.
    pub(super) old_code: bool,
}

impl Recipient {
    fn is(&self, number: &str) -> bool {
        match self.number.strip_suffix('*') {
            Some(start) => number.starts_with(start),
            None => self.number == number,
        }
    }

    /// The network's name.
    pub(super) fn carrier(&self) -> &str {
        self.carrier.as_deref().unwrap_or("Pretend Wireless")
    }
}

/// A refusal of Verify's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyRefused {
    pub(super) code: u32,
    pub(super) channels: Vec<String>,
}

/// How a text fares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TextBehaviour {
    pub(super) ends: TextEnd,
    pub(super) error_code: Option<u32>,
    pub(super) queued_seconds: u64,
    pub(super) receipt_seconds: Option<u64>,
}

/// Where a text ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TextEnd {
    #[default]
    Delivered,
    Undelivered,
    Failed,
    /// The carrier never reports back.
    Sent,
}

/// Where a call ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum CallEnd {
    #[default]
    Completed,
    Busy,
    NoAnswer,
    Failed,
}

/// Kind of line, in Lookup's words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Line {
    #[default]
    Mobile,
    Landline,
    NonFixedVoip,
}

impl Line {
    pub(super) fn lookup_word(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Landline => "landline",
            Self::NonFixedVoip => "nonFixedVoip",
        }
    }

    pub(super) fn verify_word(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Landline => "landline",
            Self::NonFixedVoip => "voip",
        }
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(happy.recipient("+14155550100"), Recipient::default());
        assert!(happy.recipient("+12645550140").verify_refused.is_some());
        let opted_out = Scene::named("opted_out").unwrap();
        assert_eq!(
            opted_out.recipient("+14155550188").message_refused,
            Some(21610)
        );
    }
}
