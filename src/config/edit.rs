//! The text of the settings: read whole, changed in place, written in one step.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::error::line_of;
use super::{ChosenSender, ConfigError, Profile};
use crate::domain::Untrusted;
use crate::paths::regular;

/// The text of a file; empty where there is none.
pub fn read(path: &Path) -> Result<String, ConfigError> {
    match regular::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(cause) => Err(ConfigError::NotRead {
            path: path.to_owned(),
            cause,
        }),
    }
}

/// The text as something that can be changed without losing a comment.
pub fn document(path: &Path, text: &str) -> Result<DocumentMut, ConfigError> {
    text.parse()
        .map_err(|error: toml_edit::TomlError| ConfigError::Unreadable {
            path: path.to_owned(),
            line: line_of(text, error.span()),
            message: error.message().replace('\n', ", "),
        })
}

/// Sets a value, or takes it out. What stands around an earlier one on its line stays.
pub fn put(table: &mut dyn TableLike, key: &str, value: Option<Value>) {
    let Some(mut value) = value else {
        table.remove(key);
        return;
    };
    // In its place: a key that is put in anew would lose the comment above it.
    if let Some(earlier) = table.get_mut(key).and_then(Item::as_value_mut) {
        *value.decor_mut() = earlier.decor().clone();
        *earlier = value;
        return;
    }
    table.insert(key, Item::Value(value));
}

/// Writes a profile over an earlier one of that name, or behind all others.
pub fn put_profile(document: &mut DocumentMut, name: &str, profile: &Profile) {
    let profiles = document.entry("profiles").or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let Some(profiles) = profiles.as_table_like_mut() else {
        return;
    };
    let table = profiles.entry(name).or_insert(Item::Table(Table::new()));
    let Some(table) = table.as_table_like_mut() else {
        return;
    };
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    put(
        table,
        "account_sid",
        Some(profile.account_sid.as_str().into()),
    );
    put(
        table,
        "account_name",
        foreign(profile.account_name.as_ref()),
    );
    put(table, "is_trial", profile.is_trial.then(|| true.into()));
    put(
        table,
        "key_sid",
        profile.key_sid.as_ref().map(|sid| sid.as_str().into()),
    );
    put(table, "origin", Some(profile.origin.as_str().into()));
    let service = profile.verify_service.as_ref().map(|service| {
        inline([
            ("sid", Some(service.sid.as_str().into())),
            ("name", foreign(service.name.as_ref())),
        ])
    });
    put(table, "verify_service", service);
    let sender = profile.sender.as_ref().map(|sender| match sender {
        ChosenSender::Number(number) => inline([("number", Some(number.e164().into()))]),
        ChosenSender::MessagingService { sid, name } => inline([
            ("messaging_service", Some(sid.as_str().into())),
            ("name", foreign(name.as_ref())),
        ]),
    });
    put(table, "sender", sender);
    put(table, "region", text(&profile.region));
    put(table, "edge", text(&profile.edge));
}

/// Takes a profile out.
pub fn remove_profile(document: &mut DocumentMut, name: &str) {
    let profiles = document.get_mut("profiles");
    if let Some(profiles) = profiles.and_then(Item::as_table_like_mut) {
        profiles.remove(name);
    }
}

fn inline<const N: usize>(values: [(&str, Option<Value>); N]) -> Value {
    values
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect::<InlineTable>()
        .into()
}

fn foreign(text: Option<&Untrusted>) -> Option<Value> {
    text.map(|text| text.raw().into())
}

/// Writes a whole file beside the old one and puts it in its place: a reader sees the one or the other.
pub fn write(path: &Path, text: &str) -> Result<(), ConfigError> {
    // A link to the settings, as managers of such files make, stays a link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    replace(&path, text).map_err(|cause| ConfigError::NotWritten { path, cause })
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder.create(folder)?;
    }
    let part = path.with_extension(format!("{}.part", std::process::id()));
    let written = write_private(&part, text).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
