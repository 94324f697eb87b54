//! The policy file of the lead, read strictly: what is not understood is a mistake, and with a mistake in
//! it the whole file counts for nothing but a refusal.
//!
//! Where the file lies is built into the program. No variable moves it and no option does, so that nobody
//! gets around it by starting the program differently; a test hands its own path to [`load`] and to
//! [`cli::run_under`](crate::cli::run_under). All mistakes are told at once, each with its line, and none
//! repeats a value.

mod read;
mod watch;

use std::io;
use std::path::{Path, PathBuf};

use crate::domain::{Phrase, Policy, phrase};
use crate::paths::regular;

pub use watch::{PolicyNews, PolicyWatch};

/// Where the policy lies on this system.
pub fn policy_file() -> PathBuf {
    // On Windows not by way of %ProgramData%: an agent could set that to a folder of their own.
    let path = if cfg!(windows) {
        r"C:\ProgramData\tuilio\policy.toml"
    } else if cfg!(target_os = "macos") {
        "/Library/Application Support/tuilio/policy.toml"
    } else {
        "/etc/tuilio/policy.toml"
    };
    PathBuf::from(path)
}

/// A mistake in a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it, without the value.
    pub what: Phrase,
}

/// Why there is no policy that could be followed.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file cannot be read.
    #[error("the policy cannot be read from {}", path.display())]
    NotRead {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The file has mistakes.
    #[error("the policy in {} has mistakes", path.display())]
    Mistaken {
        /// The file.
        path: PathBuf,
        /// All of them, by line.
        mistakes: Vec<Mistake>,
    },
}

impl PolicyError {
    /// What the agent is told, who can do nothing about it.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::NotRead { path, .. } => phrase!(
                "Nothing is sent: the policy of your lead cannot be read from {path}. Tell your lead.",
                path = path.display().to_string()
            ),
            Self::Mistaken { path, mistakes } => phrase!(
                "Nothing is sent: the policy of your lead in {path} has a mistake in line {line}. Tell your lead.",
                path = path.display().to_string(),
                line = mistakes.first().map_or(1, |mistake| mistake.line)
            ),
        }
    }
}

/// Reads the text of a policy; else all mistakes in it, by line.
pub fn parse_policy(text: &str) -> Result<Policy, Vec<Mistake>> {
    read::policy(text)
}

/// Reads a policy; none where there is no file.
pub fn read_policy(path: &Path) -> Result<Option<Policy>, PolicyError> {
    understand(path, find(path))
}

/// What lies in the place of a policy; nothing where there is no file.
fn find(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match regular::read(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound && is_absent(path) => Ok(None),
        found => found.map(Some),
    }
}

/// What was found as a policy.
fn understand(
    path: &Path,
    found: io::Result<Option<Vec<u8>>>,
) -> Result<Option<Policy>, PolicyError> {
    let found = found.map_err(|cause| PolicyError::NotRead {
        path: path.to_owned(),
        cause,
    })?;
    let Some(bytes) = found else {
        return Ok(None);
    };
    let mistaken = |mistakes| PolicyError::Mistaken {
        path: path.to_owned(),
        mistakes,
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        mistaken(vec![Mistake {
            line: before.split(|&byte| byte == b'\n').count(),
            what: phrase!("this is not text in UTF-8"),
        }])
    })?;
    parse_policy(&text).map(Some).map_err(mistaken)
}

/// There really is nothing, neither a file nor a link to one that is gone, in its place or on the way to it:
/// whoever made a link meant that there be a policy.
fn is_absent(path: &Path) -> bool {
    for place in path.ancestors() {
        match place.symlink_metadata() {
            // The rest of the way begins in a folder, and is not there.
            Ok(found) => return !found.is_symlink() || (place != path && place.is_dir()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => return false,
        }
    }
    true
}

/// The policy that is in force by a file: everything is allowed where there is none, and nothing is sent
/// where it cannot be followed.
pub fn load(path: &Path) -> Policy {
    in_force(read_policy(path))
}

fn in_force(read: Result<Option<Policy>, PolicyError>) -> Policy {
    match read {
        Ok(policy) => policy.unwrap_or_default(),
        Err(error) => Policy::unreadable(error.phrase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_the_place_of_the_policy_sends_nothing_and_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policy.toml");
        let pipe = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(pipe.unwrap().success());
        let why = load(&path).acting().unwrap_err().to_string();
        assert!(
            why.starts_with("Nothing is sent: the policy of your lead cannot be read"),
            "{why}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_policy_that_is_gone_sends_nothing() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        symlink(place("gone"), place("policy.toml")).unwrap();
        symlink(place("policy.toml"), place("twice.toml")).unwrap();
        symlink(place("gone"), place("tuilio")).unwrap();
        for path in ["policy.toml", "twice.toml", "tuilio/policy.toml"] {
            let why = load(&place(path)).acting().unwrap_err().to_string();
            assert!(why.contains("cannot be read"), "{path}: {why}");
        }
        // A folder that is there, by a link or not, and empty: nobody has set anything.
        std::fs::create_dir(place("gone")).unwrap();
        for path in ["tuilio/policy.toml", "gone/policy.toml", "none/policy.toml"] {
            assert_eq!(load(&place(path)), Policy::default(), "{path}");
        }
    }

    #[test]
    fn no_file_allows_everything_and_one_that_cannot_be_followed_sends_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policy.toml");
        assert_eq!(load(&path), Policy::default());
        for (text, line) in [
            (b"reveal = maybe\n".as_slice(), 1),
            (b"\nmode = \"hunter2\"\n", 2),
            (b"\n\n\xff\n", 3),
        ] {
            std::fs::write(&path, text).unwrap();
            let policy = load(&path);
            let why = policy.acting().unwrap_err().to_string();
            assert!(
                why.starts_with("Nothing is sent: the policy of your lead")
                    && why.contains(&format!("line {line}"))
                    && !why.contains("hunter2"),
                "{why}"
            );
        }
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        let why = load(&path).acting().unwrap_err().to_string();
        assert!(why.contains("cannot be read"), "{why}");
    }
}
