//! Whether the policy has changed since it was read, for a program that goes on meanwhile.

use std::io;
use std::path::PathBuf;

use super::{find, in_force, understand};
use crate::domain::Policy;

/// Looks at the place of a policy again and again. The file is compared as a whole: it is small, and one that
/// is written twice within a tick of the clock has the same size and time, and is another one.
#[derive(Debug)]
pub struct PolicyWatch {
    file: PathBuf,
    seen: Option<Result<Option<Vec<u8>>, io::ErrorKind>>,
}

/// What has become of the policy.
#[derive(Debug, Clone, PartialEq)]
pub enum PolicyNews {
    /// From now on it is this one, which may be that it cannot be followed.
    Changed(Box<Policy>),
    /// The file is gone.
    Removed,
}

impl PolicyWatch {
    /// Of the file in this place. The first look finds whatever lies there new.
    pub fn of(file: PathBuf) -> Self {
        Self { file, seen: None }
    }

    /// What has become of it since the last look.
    pub fn look(&mut self) -> Option<PolicyNews> {
        let found = find(&self.file);
        let seen = Some(match &found {
            Ok(bytes) => Ok(bytes.clone()),
            Err(cause) => Err(cause.kind()),
        });
        if seen == self.seen {
            return None;
        }
        let before = std::mem::replace(&mut self.seen, seen);
        // An empty one is about to be written, as a rule.
        let is_empty = |bytes: &Option<Vec<u8>>| bytes.as_ref().is_none_or(Vec::is_empty);
        if found.as_ref().is_ok_and(is_empty) {
            return before.is_some().then_some(PolicyNews::Removed);
        }
        let policy = in_force(understand(&self.file, found));
        Some(PolicyNews::Changed(Box::new(policy)))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn each_change_is_told_once_and_a_file_that_was_never_there_is_not_gone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("policy.toml");
        let mut watch = PolicyWatch::of(file.clone());
        assert_eq!(watch.look(), None);
        let mut set = |text: &str| {
            fs::write(&file, text).unwrap();
            let news = watch.look();
            assert_eq!(watch.look(), None, "{text}");
            match news {
                Some(PolicyNews::Changed(policy)) => policy,
                other => panic!("{text}: {other:?}"),
            }
        };
        // Of one size, and most likely within one tick.
        assert_eq!(set("texts_a_day = 1\n").texts_a_day, Some(1));
        assert_eq!(set("texts_a_day = 2\n").texts_a_day, Some(2));
        assert!(set("texts_a_day = x\n").off.is_some());
        fs::write(&file, "").unwrap();
        assert_eq!(watch.look(), Some(PolicyNews::Removed));
        fs::remove_file(&file).unwrap();
        assert_eq!(watch.look(), Some(PolicyNews::Removed));
        assert_eq!(watch.look(), None);
        fs::create_dir(&file).unwrap();
        let Some(PolicyNews::Changed(policy)) = watch.look() else {
            panic!("it cannot be read, and nobody is told");
        };
        assert!(policy.off.is_some());
    }
}
