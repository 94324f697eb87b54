//! Keys that lie in plain text on this machine: those of twilio-cli, and those of the environment. They
//! can be moved into the keyring; where they were is then named, and cleared after a yes.

use crate::domain::Untrusted;
use crate::domain::connection::{Credentials, Keys};
use crate::domain::paste::Pasted;
use crate::domain::phrase::phrase;

use super::super::effect::Effect;
use super::names::Taken;
use super::{Setup, Step};

/// Where keys lie in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlainPlace {
    /// A profile in the file of twilio-cli.
    TwilioCli {
        /// The file.
        file: String,
        /// The profile.
        profile: String,
    },
    /// `TWILIO_*` in the environment.
    Environment,
}

/// Keys in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Where they lie.
    pub place: PlainPlace,
    /// The keys.
    pub keys: Keys,
    /// The region that they are of, where it cannot be used: such keys are refused, for elsewhere they are
    /// nobody's. Foreign text.
    pub stranded: Option<Untrusted>,
}

/// What the machine around the program is like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Keys in plain text.
    pub imports: Vec<Import>,
    /// The profiles that there are.
    pub taken: Vec<Taken>,
    /// The region that keys of none are good in here, where one is set.
    pub region: Option<String>,
    /// The proxy that requests go through, without a user's name.
    pub proxy: Option<String>,
    /// The file or folder of certificates that were named in place of the system's.
    pub certificates: Option<String>,
}

impl Setup {
    /// Moves what lies in plain text: the only one at once, several by name.
    pub fn import(&mut self) -> Vec<Effect> {
        match self.surroundings.imports.len() {
            0 => Vec::new(),
            1 => self.import_row(0),
            _ => {
                self.step = Step::PickImport { marked: 0 };
                Vec::new()
            }
        }
    }

    /// Uses keys that are kept: those of the only profile at once, several by name.
    pub fn use_kept(&mut self) -> Vec<Effect> {
        match self.kept.len() {
            0 => Vec::new(),
            1 => self.use_row(0),
            _ => {
                self.step = Step::PickProfile { marked: 0 };
                Vec::new()
            }
        }
    }

    /// Has the keys of one of them read.
    pub(super) fn use_row(&self, row: usize) -> Vec<Effect> {
        let profile = self.kept.get(row).map(|profile| profile.name.clone());
        let read = profile.map(|profile| Effect::ReadKeys { profile });
        read.into_iter().collect()
    }

    /// Nothing is being set up yet: a profile that is kept may be used in its place.
    pub fn is_at_the_door(&self) -> bool {
        matches!(self.step, Step::Welcome | Step::PickProfile { .. })
    }

    /// Has one of them checked.
    pub fn import_row(&mut self, row: usize) -> Vec<Effect> {
        let Some(import) = self.surroundings.imports.get(row).cloned() else {
            return Vec::new();
        };
        if let Some(region) = import.stranded {
            self.problem = Some(phrase!(
                "These keys are of the region {region}, and the edge by which it is reached is not known: name it with TWILIO_EDGE, then start tuilio again.",
                region = region.visible()
            ));
            self.step = Step::Paste;
            return Vec::new();
        }
        let mut found = Pasted {
            account_sid: Some(import.keys.account_sid.clone()),
            ..Pasted::default()
        };
        match &import.keys.credentials {
            Credentials::AuthToken(token) => found.token = Some(token.clone()),
            Credentials::ApiKey { sid, secret } => {
                found.key_sid = Some(sid.clone());
                found.secret = Some(secret.clone());
            }
        }
        self.found = found;
        let effects = self.check(import.keys);
        self.imported = Some(import.place);
        effects
    }

    /// Yes: they are taken out of the file.
    pub fn remove_plain(&mut self) -> Vec<Effect> {
        let Some(PlainPlace::TwilioCli { file, profile }) = self.imported.clone() else {
            return Vec::new();
        };
        vec![Effect::RemovePlain { file, profile }]
    }

    /// On to the last page.
    pub fn left_plain(&mut self) {
        self.imported = None;
        self.problem = None;
        self.step = Step::Done;
    }
}

/// Names in a line.
pub fn names(names: &[Untrusted]) -> String {
    let names: Vec<String> = names.iter().map(Untrusted::visible).collect();
    names.join(", ")
}
