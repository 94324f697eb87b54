//! The profiles of twilio-cli, which keeps their keys in plain text: read, and taken out of its file.
//!
//! Its file is `~/.twilio-cli/config.json`: under `profiles`, by name, `accountSid`, `apiKey`, `apiSecret` and
//! `region`; the name of the one in use under `activeProject`, and for all of them `edge`. What is not taken
//! out stays as it is, byte for byte, and no copy of the file is left behind.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use directories::BaseDirs;
use secrecy::zeroize::Zeroizing;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::domain::connection::{Credentials, Keys};
use crate::domain::{Secret, Untrusted};
use crate::twilio::Endpoint;
use crate::twilio::environment::regional;

/// Where twilio-cli keeps its profiles on this machine.
pub fn usual_file() -> Option<PathBuf> {
    Some(BaseDirs::new()?.home_dir().join(".twilio-cli/config.json"))
}

/// The edge by which a region is reached where nobody names one.
const USUAL_EDGES: [(&str, &str); 2] = [("ie1", "dublin"), ("au1", "sydney")];

/// A profile that holds keys.
pub struct Found {
    /// Its name.
    pub profile: String,
    /// Its keys.
    pub keys: Keys,
    /// The region that they are of, where no host can be made of it.
    pub stranded: Option<Untrusted>,
}

/// The profiles that hold keys, the one in use first. The edge of the environment counts more than the file's.
pub fn profiles(file: &Path, edge: Option<String>) -> Vec<Found> {
    let Ok(text) = fs::read_to_string(file).map(Zeroizing::new) else {
        return Vec::new();
    };
    let Ok(top) = serde_json::from_str::<Object>(&text) else {
        return Vec::new();
    };
    let active = top
        .get("activeProject")
        .and_then(|name| serde_json::from_str::<String>(name.get()).ok());
    let profiles = top
        .get("profiles")
        .and_then(|raw| serde_json::from_str::<Object>(raw.get()).ok())
        .unwrap_or_default();
    let edge = edge.or_else(|| top.word("edge"));
    let mut found: Vec<Found> = profiles
        .0
        .into_iter()
        .filter_map(|(name, profile)| keys(name, profile, edge.as_deref()))
        .collect();
    found.sort_by_key(|found| Some(&found.profile) != active.as_ref());
    found
}

/// Takes a profile out of the file.
pub fn remove(file: &Path, name: &str) -> io::Result<()> {
    // A link to the file stays a link.
    let file = fs::canonicalize(file)?;
    let text = Zeroizing::new(fs::read_to_string(&file)?);
    let left = without(&text, name).map_err(io::Error::from)?;
    let part = file.with_extension(format!("{}.part", std::process::id()));
    let written = write_like(&file, &part, &left).and_then(|()| fs::rename(&part, &file));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

fn without(text: &str, name: &str) -> serde_json::Result<Zeroizing<String>> {
    let top: Object = serde_json::from_str(text)?;
    let mut entries = Vec::new();
    for (key, value) in &top.0 {
        let value = match key.as_str() {
            "profiles" => {
                let mut profiles: Object = serde_json::from_str(value.get())?;
                profiles.0.retain(|(known, _)| known != name);
                profiles.text()?
            }
            "activeProject" if serde_json::from_str::<&str>(value.get()).ok() == Some(name) => {
                Zeroizing::new("null".to_owned())
            }
            _ => Zeroizing::new(value.get().to_owned()),
        };
        entries.push((serde_json::to_string(key)?, value));
    }
    Ok(object(
        entries
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str())),
    ))
}

fn write_like(file: &Path, part: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut written = options.open(part)?;
    written.set_permissions(fs::metadata(file)?.permissions())?;
    written.write_all(text.as_bytes())?;
    written.sync_all()
}

fn keys(name: String, profile: &RawValue, edge: Option<&str>) -> Option<Found> {
    let profile: Object = serde_json::from_str(profile.get()).ok()?;
    let text = |key: &str| {
        let raw = profile.get(key)?;
        serde_json::from_str::<String>(raw.get())
            .map(Zeroizing::new)
            .ok()
    };
    let account_sid = text("accountSid")?.trim().parse().ok()?;
    let (key, secret) = (text("apiKey")?, Secret::new(text("apiSecret")?.as_str()));
    if secret.expose().is_empty() {
        return None;
    }
    let credentials = match key.trim().parse() {
        Ok(sid) => Credentials::ApiKey { sid, secret },
        // An account that stands in the place of a key has its token beside it.
        Err(_) if key.trim().starts_with("AC") => Credentials::AuthToken(secret),
        Err(_) => return None,
    };
    let region = profile.word("region");
    let way = match (region.as_deref(), edge) {
        (Some(region), None) => {
            let usual = USUAL_EDGES.iter().find(|(known, _)| *known == region);
            regional(Some(region), usual.map(|(_, edge)| *edge))
        }
        (region, edge) => regional(region, edge),
    };
    let (region, stranded) = match way {
        Ok(Endpoint::Regional(region)) => (Some(region), None),
        Ok(Endpoint::Twilio | Endpoint::Origin(_)) => (None, None),
        Err(_) => (None, Some(Untrusted::new(region.unwrap_or_default()))),
    };
    Some(Found {
        profile: name,
        keys: Keys {
            account_sid,
            credentials,
            region,
        },
        stranded,
    })
}

/// An object whose entries keep their order, and whose values their text.
#[derive(Default)]
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Object<'a> {
    fn get(&self, key: &str) -> Option<&'a RawValue> {
        let found = self.0.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| *value)
    }

    /// A text that says something.
    fn word(&self, key: &str) -> Option<String> {
        let word = serde_json::from_str::<String>(self.get(key)?.get()).ok()?;
        Some(word.trim().to_owned()).filter(|word| !word.is_empty())
    }

    fn text(&self) -> serde_json::Result<Zeroizing<String>> {
        let keys: Vec<String> = self
            .0
            .iter()
            .map(|(key, _)| serde_json::to_string(key))
            .collect::<Result<_, _>>()?;
        let values = self.0.iter().map(|(_, value)| value.get());
        Ok(object(keys.iter().map(String::as_str).zip(values)))
    }
}

/// The text of an object.
fn object<'a>(entries: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Zeroizing<String> {
    // Made at its whole size: text that is moved to grow leaves a copy behind.
    let size = entries
        .clone()
        .map(|(key, value)| key.len() + value.len() + 2)
        .sum::<usize>();
    let mut text = Zeroizing::new(String::with_capacity(size + 2));
    text.push('{');
    for (n, (key, value)) in entries.enumerate() {
        if n > 0 {
            text.push(',');
        }
        text.push_str(key);
        text.push(':');
        text.push_str(value);
    }
    text.push('}');
    text
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Object(entries))
            }
        }
        from.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> String {
        let (account, key) = ("1".repeat(32), "2".repeat(32));
        format!(
            "{{\"email\":{{}},  \"prompts\": {{\"b\":1.50,\"a\":[ ]}},\"projects\":[],\n\"profiles\":{{\
             \"old\":{{\"accountSid\":\"AC{account}\"}},\
             \"zoe\":{{\"accountSid\":\"AC{account}\",\"apiKey\":\"SK{key}\",\"apiSecret\":\"one-secret\"}},\
             \"acme\":{{\"accountSid\":\"AC{account}\",\"region\":null,\"apiKey\":\"SK{key}\",\"apiSecret\":\"hunter2-hunter2\"}}\
             }},\"activeProject\":\"acme\"}}"
        )
    }

    #[test]
    fn profiles_with_keys_are_found_and_the_one_in_use_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.json");
        fs::write(&file, text()).unwrap();
        let found = profiles(&file, None);
        let names: Vec<_> = found.iter().map(|found| found.profile.as_str()).collect();
        assert_eq!(names, ["acme", "zoe"]);
        let Credentials::ApiKey { secret, .. } = &found[0].keys.credentials else {
            panic!("not an API key")
        };
        assert_eq!(secret.expose(), "hunter2-hunter2");
        assert!(profiles(&folder.path().join("nothing"), None).is_empty());
        fs::write(&file, "no json").unwrap();
        assert!(profiles(&file, None).is_empty());
    }

    #[test]
    fn a_profile_brings_its_region_and_the_edge_of_all_or_says_that_it_cannot() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.json");
        for (region, edge, environment, found) in [
            ("null", "null", None, Ok(None)),
            ("\"us1\"", "null", None, Ok(None)),
            ("\"ie1\"", "null", None, Ok(Some(("ie1", "dublin")))),
            (
                "\"au1\"",
                "\"singapore\"",
                None,
                Ok(Some(("au1", "singapore"))),
            ),
            (
                "\"au1\"",
                "\"singapore\"",
                Some("sydney"),
                Ok(Some(("au1", "sydney"))),
            ),
            (
                "null",
                "\"frankfurt\"",
                None,
                Ok(Some(("us1", "frankfurt"))),
            ),
            ("\"xx9\"", "null", None, Err("xx9")),
            (
                "\"ie1.evil.example/\"",
                "\"dublin\"",
                None,
                Err("ie1.evil.example/"),
            ),
        ] {
            let text = text().replace("\"region\":null", &format!("\"region\":{region}"));
            let text = text.replacen('{', &format!("{{\"edge\":{edge},"), 1);
            fs::write(&file, text).unwrap();
            let first = profiles(&file, environment.map(str::to_owned)).remove(0);
            let way = match (&first.keys.region, &first.stranded) {
                (region, None) => Ok(region.as_ref().map(|way| (way.region(), way.edge()))),
                (_, Some(region)) => Err(region.visible()),
            };
            assert_eq!(way, found.map_err(str::to_owned), "{region} {edge}");
        }
    }

    #[test]
    fn one_profile_is_taken_out_and_nothing_else_changes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.json");
        fs::write(&file, text()).unwrap();
        remove(&file, "acme").unwrap();
        let left = fs::read_to_string(&file).unwrap();
        assert!(!left.contains("hunter2") && left.contains("one-secret"));
        assert!(
            left.contains("\"prompts\":{\"b\":1.50,\"a\":[ ]}"),
            "{left}"
        );
        assert!(left.contains("\"old\":") && left.ends_with("\"activeProject\":null}"));
        assert!(left.find("email") < left.find("prompts"));
        let files = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 1, "no copy stays behind");
    }
}
