//! The keys that twilio-cli keeps in plain text, taken out of its file once the keyring has them.

use crate::domain::untrusted::visible;
use crate::domain::{Untrusted, phrase};
use crate::model::Event;
use crate::model::setup::Setup;
use crate::model::setup::import::{PlainPlace, names};

use super::super::Exit;
use super::super::one_shot::OneShot;
use super::super::session::said;

/// A profile that was taken out of the file of twilio-cli.
pub struct Removed {
    file: String,
    profile: String,
    /// The profiles there that hold the same keys.
    others: Vec<Untrusted>,
}

impl Removed {
    /// Where the same keys still are.
    pub fn left(&self) -> Option<String> {
        let left = !self.others.is_empty();
        left.then(|| format!("{}, profile {}", self.file, names(&self.others)))
    }

    pub fn said(&self) -> Vec<String> {
        let removed = phrase!(
            "profile {profile} was taken out of {file}",
            profile = visible(&self.profile),
            file = self.file.as_str()
        );
        let others = self.others.iter().map(|other| {
            phrase!(
                "profile {name} there still holds the same keys: tuilio login --from-twilio-cli={name} --remove-from-twilio-cli takes it out",
                name = other.visible()
            )
        });
        std::iter::once(removed)
            .chain(others)
            .map(|line| said(&line))
            .collect()
    }
}

/// Takes them out; none where they came from elsewhere.
pub async fn remove(one_shot: &mut OneShot, setup: &mut Setup) -> Result<Option<Removed>, Exit> {
    let Some(PlainPlace::TwilioCli { file, profile }) = setup.imported.clone() else {
        return Ok(None);
    };
    for effect in setup.remove_plain() {
        one_shot.perform(effect);
    }
    loop {
        if let Event::PlainRemoved(result) = one_shot.next().await? {
            let others = result?;
            setup.left_plain();
            return Ok(Some(Removed {
                file,
                profile,
                others,
            }));
        }
    }
}
