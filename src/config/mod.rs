//! The settings: `config.toml`, whom to be at Twilio, and which keys may go where.
//!
//! The file belongs to its reader: an unknown key is an error with its line, and what tuilio writes
//! leaves comments and everything else as it was. No secret is ever in it, and no error repeats a value
//! of it, in case somebody put one there.

mod edit;
mod error;
mod keys;
mod language;
mod policy;
mod profile;
mod read;
mod select;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::domain::{Language, Notices};
use crate::keymap::Keymap;

pub use self::error::ConfigError;
pub use self::language::language;
pub use self::policy::{
    Mistake, PolicyError, PolicyNews, PolicyWatch, load as load_policy, parse_policy, policy_file,
    read_policy,
};
pub use self::profile::{ChosenSender, ChosenService, Origin, Profile};
pub use self::select::{
    Defaults, SelectError, Selected, Target, defaults, endpoint, select, target,
};

/// What the settings say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The profile that is used where nothing else is asked for.
    pub active: Option<String>,
    /// Country of numbers that are typed without one, ISO 3166 alpha-2.
    #[serde(deserialize_with = "read::country")]
    pub default_country: Option<String>,
    /// The language of the screen; else that of the system.
    #[serde(deserialize_with = "read::language")]
    pub language: Option<Language>,
    /// The language that customers are usually spoken to in.
    #[serde(deserialize_with = "read::language")]
    pub customer_language: Option<Language>,
    /// What the agent is called in the history and at Twilio: an alias.
    #[serde(deserialize_with = "read::alias")]
    pub agent: Option<String>,
    /// The name of a theme.
    pub theme: Option<String>,
    /// Clicks and the wheel are for the desk.
    pub mouse: Option<bool>,
    /// Numbers are masked wherever they need not be read whole.
    pub masked: Option<bool>,
    /// The bell rings on an approval and on a failure.
    pub bell: Option<bool>,
    /// The terminal shows a notice on an approval and on a failure: `off`, `osc9` or `osc777`.
    #[serde(deserialize_with = "read::notices")]
    pub notices: Option<Notices>,
    /// Identifiers are links to Twilio's console.
    pub links: Option<bool>,
    /// Nothing but ASCII is drawn.
    pub ascii: Option<bool>,
    /// The last digit of a code starts the check.
    pub auto_check: Option<bool>,
    /// After how many days an entry of the history goes.
    #[serde(deserialize_with = "read::days")]
    pub retention_days: Option<u32>,
    /// The keys in force, by the table `[keys]`.
    #[serde(rename = "keys", deserialize_with = "keys::read_apart")]
    pub keymap: Keymap,
    /// The profiles by name.
    pub profiles: BTreeMap<String, Profile>,
}

impl Config {
    /// Reads a file; no file is as good as an empty one.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::parse(path, &edit::read(path)?)
    }

    /// Adds or replaces a profile in a file. The first one becomes the active one.
    pub fn save_profile(path: &Path, name: &str, profile: &Profile) -> Result<Self, ConfigError> {
        check_name(name)?;
        Self::edit(path, |document, config| {
            edit::put_profile(document, name, profile);
            if config.profiles.is_empty() {
                edit::put(document.as_table_mut(), "active", Some(name.into()));
            }
            Ok(())
        })
    }

    /// Takes a profile out of a file. Where it was the active one, none is active afterwards.
    pub fn remove_profile(path: &Path, name: &str) -> Result<Self, ConfigError> {
        Self::edit(path, |document, config| {
            edit::remove_profile(document, name);
            if config.active.as_deref() == Some(name) {
                document.remove("active");
            }
            Ok(())
        })
    }

    /// Writes down who sits at the desk.
    pub fn introduce(
        path: &Path,
        agent: Option<&str>,
        country: &str,
        language: Language,
    ) -> Result<Self, ConfigError> {
        Self::edit(path, |document, _| {
            let table = document.as_table_mut();
            edit::put(table, "agent", agent.map(Into::into));
            edit::put(table, "default_country", Some(country.into()));
            edit::put(table, "language", Some(language.tag().into()));
            Ok(())
        })
    }

    /// Writes a setting down by its name.
    pub fn set(
        path: &Path,
        name: &str,
        value: impl Into<toml_edit::Value>,
    ) -> Result<Self, ConfigError> {
        Self::edit(path, |document, _| {
            edit::put(document.as_table_mut(), name, Some(value.into()));
            Ok(())
        })
    }

    /// Takes a setting out by its name.
    pub fn unset(path: &Path, name: &str) -> Result<Self, ConfigError> {
        Self::edit(path, |document, _| {
            edit::put(document.as_table_mut(), name, None);
            Ok(())
        })
    }

    /// Makes a profile the active one.
    pub fn set_active(path: &Path, name: &str) -> Result<Self, ConfigError> {
        Self::edit(path, |document, config| {
            if !config.profiles.contains_key(name) {
                return Err(ConfigError::NoProfile(name.to_owned()));
            }
            edit::put(document.as_table_mut(), "active", Some(name.into()));
            Ok(())
        })
    }

    /// Writes down that the account of a profile is a trial one.
    pub fn set_trial(path: &Path, name: &str) -> Result<Self, ConfigError> {
        Self::edit(path, |document, config| {
            let profile = config.profiles.get(name);
            let profile = profile.ok_or_else(|| ConfigError::NoProfile(name.to_owned()))?;
            let trial = Profile {
                is_trial: true,
                ..profile.clone()
            };
            edit::put_profile(document, name, &trial);
            Ok(())
        })
    }

    /// Changes the text of a file, and writes it only if it still says something that can be read.
    fn edit(
        path: &Path,
        change: impl FnOnce(&mut toml_edit::DocumentMut, &Self) -> Result<(), ConfigError>,
    ) -> Result<Self, ConfigError> {
        let text = edit::read(path)?;
        let before = Self::parse(path, &text)?;
        let mut document = edit::document(path, &text)?;
        change(&mut document, &before)?;
        let text = document.to_string();
        let after = Self::parse(path, &text)?;
        edit::write(path, &text)?;
        Ok(after)
    }

    /// Reads the text of a file; the path is for what is said about it.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let config: Self =
            toml::from_str(text).map_err(|error| ConfigError::unreadable(path, text, &error))?;
        Ok(Self {
            keymap: keys::keymap(path, text)?,
            ..config
        })
    }
}

/// Whether a profile may be called that; better asked before its keys are kept.
pub fn check_name(name: &str) -> Result<(), ConfigError> {
    if is_name(name) {
        Ok(())
    } else {
        Err(ConfigError::BadName)
    }
}

/// Letters, digits, dashes and underscores: a name that needs no quotes anywhere.
fn is_name(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::domain::{PhoneNumber, Untrusted};

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    fn sid<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str) -> T {
        format!("{prefix}{}", "0".repeat(32)).parse().unwrap()
    }

    fn profile() -> Profile {
        Profile {
            account_sid: sid("AC"),
            account_name: Some(Untrusted::new("Acme \"Support\"")),
            is_trial: true,
            key_sid: Some(sid("SK")),
            origin: Origin::Twilio,
            verify_service: Some(ChosenService {
                sid: sid("VA"),
                name: Some(Untrusted::new("Acme")),
            }),
            sender: Some(ChosenSender::MessagingService {
                sid: sid("MG"),
                name: None,
            }),
            region: Some("ie1".to_owned()),
            edge: None,
        }
    }

    #[test]
    fn no_file_is_as_good_as_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::load(&folder.path().join("config.toml")).unwrap();
        assert_eq!(config, Config::default());
    }

    #[test]
    fn everything_that_may_be_set_is_read() {
        let (_folder, path) = file(
            "default_country = \"DE\"\nlanguage = \"de\"\ncustomer_language = \"es\"\nagent = \"desk-7\"\n\
             theme = \"dusk\"\nmouse = false\nbell = true\nlinks = false\nmasked = true\nnotices = \"osc777\"\n\
             ascii = true\nauto_check = false\nretention_days = 30\n",
        );
        let config = Config::load(&path).unwrap();
        let expected = Config {
            default_country: Some("DE".to_owned()),
            language: Some(Language::German),
            customer_language: Some(Language::Spanish),
            agent: Some("desk-7".to_owned()),
            theme: Some("dusk".to_owned()),
            mouse: Some(false),
            bell: Some(true),
            links: Some(false),
            masked: Some(true),
            notices: Some(Notices::Osc777),
            ascii: Some(true),
            auto_check: Some(false),
            retention_days: Some(30),
            ..Config::default()
        };
        assert_eq!(config, expected);
    }

    #[test]
    fn keys_are_changed_everywhere_or_in_one_place() {
        use crate::keymap::{Action, Chord, Place};
        let (_folder, path) =
            file("[keys]\ncall_instead = [\"k\", \"F11\"]\n\n[keys.code]\nsend_again = \"a\"\n");
        let keymap = Config::load(&path).unwrap().keymap;
        for (place, action, key) in [
            (Place::Code, Action::CallInstead, "k"),
            (Place::Ended, Action::CallInstead, "k"),
            (Place::Code, Action::SendAgain, "a"),
            (Place::Ended, Action::SendAgain, "r"),
        ] {
            assert_eq!(keymap.chord(place, action), Chord::parse(key));
        }
    }

    #[test]
    fn a_saved_profile_is_read_back_and_the_first_becomes_active() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/config.toml");
        let saved = Config::save_profile(&path, "work", &profile()).unwrap();
        let plain = Profile {
            account_name: None,
            key_sid: None,
            origin: Origin::Loopback,
            verify_service: None,
            sender: Some(ChosenSender::Number(
                PhoneNumber::from_e164("+14155550123").unwrap(),
            )),
            region: None,
            ..profile()
        };
        let both = Config::save_profile(&path, "demo", &plain).unwrap();
        assert_eq!(saved.active.as_deref(), Some("work"));
        assert_eq!(both.active.as_deref(), Some("work"));
        assert_eq!(both.profiles["work"], profile());
        assert_eq!(both.profiles["demo"], plain);
        assert_eq!(Config::load(&path).unwrap(), both);
    }

    #[test]
    fn what_the_reader_wrote_is_kept() {
        let (_folder, path) = file(
            "# my settings\ndefault_country = \"DE\" # home\n\n[profiles.old] # keep\n\
             account_sid = \"AC00000000000000000000000000000001\" # first\norigin = \"twilio\"\n",
        );
        Config::save_profile(&path, "work", &profile()).unwrap();
        Config::set_active(&path, "old").unwrap();
        let old = Profile {
            region: Some("au1".to_owned()),
            ..Config::load(&path).unwrap().profiles["old"].clone()
        };
        Config::save_profile(&path, "old", &old).unwrap();
        Config::remove_profile(&path, "work").unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "# my settings\ndefault_country = \"DE\" # home\nactive = \"old\"\n\n[profiles.old] # keep\n\
             account_sid = \"AC00000000000000000000000000000001\" # first\norigin = \"twilio\"\n\
             region = \"au1\"\n"
        );
    }

    #[test]
    fn without_its_profile_nothing_is_active() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        Config::save_profile(&path, "work", &profile()).unwrap();
        let left = Config::remove_profile(&path, "work").unwrap();
        assert_eq!(left, Config::default());
        let error = Config::set_active(&path, "work").unwrap_err().to_string();
        assert_eq!(error, "there is no profile work");
        assert!(Config::save_profile(&path, "my work", &profile()).is_err());
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_never_with_its_value() {
        let account = "account_sid = \"AC00000000000000000000000000000001\"\norigin = \"twilio\"\n";
        for (text, line, words) in [
            ("\ncolour = 1\n".to_owned(), 2, "unknown field `colour`"),
            (
                format!("[profiles.work]\n{account}auth_token = \"hunter2\"\n"),
                4,
                "unknown field `auth_token`",
            ),
            (
                "\n[profiles.work]\norigin = \"twilio\"\n".to_owned(),
                2,
                "missing field `account_sid`",
            ),
            (
                format!("[profiles.work]\n{account}region = 42\n"),
                4,
                "another kind of value belongs here",
            ),
            (
                "[profiles.work]\norigin = \"hunter2\"\n".to_owned(),
                2,
                "another kind of value belongs here",
            ),
            (
                "[profiles.work]\naccount_sid = \"hunter2\"\n".to_owned(),
                2,
                "an account SID starts with AC and has 34 characters",
            ),
            (
                format!("[profiles.work]\n{account}sender = {{ number = \"hunter2\" }}\n"),
                4,
                "",
            ),
            (
                "default_country = \"us\"\n".to_owned(),
                1,
                "a country is two capital letters, such as US",
            ),
            ("active = \"hunter2\n".to_owned(), 1, ""),
            (
                "[keys]\ncall_instead = \"hunter2\"\n".to_owned(),
                2,
                "a key is written as in Ctrl-K, F4, Enter or k",
            ),
            (
                "[keys]\n\n[keys.code]\nstop_check = \"r\"\n".to_owned(),
                4,
                "r is send_again in code already",
            ),
            (
                "[keys]\nhunter3 = \"k\"\n".to_owned(),
                2,
                "there is no action or place hunter3: tuilio keys lists them",
            ),
            (
                "\nlanguage = \"hunter2\"\n".to_owned(),
                2,
                "a language is one of en, es, fr, de",
            ),
            (
                "agent = \"hunter2 hunter2 hunter2 hunter2 hunter2 hunter2\"\n".to_owned(),
                1,
                "an alias of an agent has 1 to 40 letters, digits, dashes, dots and underscores",
            ),
            (
                "retention_days = 0\n".to_owned(),
                1,
                "entries are kept for a number of days from 1 to 36500",
            ),
            (
                "mouse = \"hunter2\"\n".to_owned(),
                1,
                "another kind of value belongs here",
            ),
        ] {
            let (_folder, path) = file(&text);
            let error = Config::load(&path).unwrap_err();
            let shown = error.to_string();
            let place = format!("config.toml, line {line}: {words}");
            assert!(shown.contains(&place), "{place} in {shown}");
            assert!(!format!("{shown} {error:?}").contains("hunter2"), "{shown}");
            let edited = Config::save_profile(&path, "work", &profile());
            assert!(edited.is_err(), "what cannot be read is not written");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_this_user_alone_and_a_link_to_it_stays_a_link() {
        use std::os::unix::fs::PermissionsExt;
        let (folder, path) = file("");
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        Config::save_profile(&link, "work", &profile()).unwrap();
        assert!(link.is_symlink());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(Config::load(&path).unwrap().profiles.len(), 1);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
