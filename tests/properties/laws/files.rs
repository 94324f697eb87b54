//! Files that somebody else may have written: settings, policy, themes, templates, scenes, other tools' keys.

use std::cell::RefCell;
use std::path::Path;

use tempfile::TempDir;
use tuilio::config::{Config, parse_policy};
use tuilio::domain::connection::Credentials;
use tuilio::domain::failure::with_causes;
use tuilio::domain::template::{Template, blanks};
use tuilio::domain::{Secret, Templates, Timestamp};
use tuilio::keymap::{self, Chord};
use tuilio::model::compose::Compose;
use tuilio::runtime::{Around, remove_plain};
use tuilio::simulator::{Scene, World};
use tuilio::store::{Key, Point};
use tuilio::vault::StoredCredentials;
use tuilio::view::{Depth, Role, Theme};

use super::chars::{assert_harmless, assert_harmless_lines};
use super::tape::Tape;

/// Settings are read, or refused with a line and without a value.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let path = Path::new("config.toml");
    match Config::parse(path, &text) {
        Ok(config) => {
            assert_eq!(Config::parse(path, &text).unwrap(), config);
            if let Some(country) = &config.default_country {
                assert!(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()));
            }
            for word in [&config.agent].into_iter().flatten() {
                assert_harmless(word, "an agent");
                assert!(word.chars().count() <= 40);
            }
            assert!(
                config
                    .retention_days
                    .is_none_or(|days| (1..=36_500).contains(&days))
            );
        }
        Err(error) => {
            let said = with_causes(&error);
            assert_harmless(&said, "an error of the settings");
            never_quotes(&text, &said);
        }
    }
}

/// Text between quotes and longer than a word of ours is a value; it may be a misplaced secret.
fn never_quotes(text: &str, said: &str) {
    for line in text.lines() {
        let value = line.split_once('=').and_then(|(key, value)| {
            let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
            (!key.contains(value)).then_some(value)
        });
        let plain = |value: &&str| {
            value.len() >= 12
                && value.bytes().all(|b| b.is_ascii_alphanumeric())
                && text.matches(value).count() == 1
        };
        if let Some(value) = value.filter(plain) {
            assert!(!said.contains(value), "{value:?} is quoted: {said}");
        }
    }
}

/// A policy is followed, or refused with all its mistakes, and none of them repeats a value.
pub fn policy(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match parse_policy(&text) {
        Ok(policy) => assert_eq!(parse_policy(&text), Ok(policy)),
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            let lines = text.bytes().filter(|&b| b == b'\n').count() + 1;
            for mistake in &mistakes {
                assert!((1..=lines).contains(&mistake.line), "{mistake:?}");
                let what = mistake.what.to_string();
                assert_harmless(&what, "a mistake");
                never_quotes(&text, &what);
            }
            assert!(mistakes.is_sorted_by_key(|mistake| mistake.line));
        }
    }
}

/// A key that can be written has one name, which can be shown and reads as the same key.
pub fn chord(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some(chord) = Chord::parse(&text) else {
        return;
    };
    let name = chord.to_string();
    assert_harmless(&name, "the name of a key");
    assert_eq!(Chord::parse(&name), Some(chord), "{text:?} is {name:?}");
    let debug = format!("{chord:?}");
    match chord.key {
        keymap::Key::Char(_) if !chord.ctrl && !chord.alt => assert_eq!(debug, "[a character]"),
        _ => assert_eq!(debug, name),
    }
}

/// A theme is read, or refused with its line.
pub fn theme(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Theme::parse(&text) {
        Ok(theme) => {
            for depth in [Depth::Sixteen, Depth::Indexed, Depth::Full] {
                for (role, _) in Role::ALL {
                    let style = theme.at(depth).style(role);
                    let full = |color| matches!(color, Some(ratatui::style::Color::Rgb(..)));
                    assert!(depth == Depth::Full || !(full(style.fg) || full(style.bg)));
                }
            }
        }
        Err(error) => {
            assert_harmless(&with_causes(&error), "an error of a theme");
            assert!(error.line <= text.bytes().filter(|&b| b == b'\n').count() + 1);
        }
    }
}

/// A template can be filled in and is known again; its problems can be shown.
pub fn template(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let (file, value) = (tape.text(), tape.text());
    let text = tape.rest_text();
    let templates = Templates::of([(file.clone(), Ok(text.clone()))]);
    for sentence in &templates.left_out {
        assert_harmless(&sentence.to_string(), "a sentence");
    }
    assert_eq!(templates.list.len() + templates.left_out.len(), 1);
    let Ok(template) = Template::parse(&file, &text) else {
        return;
    };
    assert_harmless(&template.title.visible(), "a title");
    let body = template.body.raw();
    assert!(!body.is_empty() && body.encode_utf16().count() <= 1600);
    assert!(template.fit(body).is_some(), "a template fits itself");
    let mut filled = String::new();
    let mut end = 0;
    for blank in blanks(body) {
        assert!(body[blank.clone()].starts_with('{') && body[blank.clone()].ends_with('}'));
        filled.push_str(&body[end..blank.start]);
        filled.push_str(&value);
        end = blank.end;
    }
    filled.push_str(&body[end..]);
    if template.allows(&filled) {
        assert!(templates.allow(&filled));
    }
    for range in template.fit(&filled).unwrap_or_default() {
        assert!(filled.get(range).is_some());
    }
    fills_in(&templates, body, &value);
    let debug = format!("{template:?}");
    assert!(body.chars().count() < 12 || !debug.contains(body));
}

/// Whoever fills a template in walks every blank of it, and no text that still holds one comes to its review.
fn fills_in(templates: &Templates, body: &str, value: &str) {
    let mut compose = Compose::default();
    compose.take_in(templates.clone());
    assert!(compose.take_number(1));
    assert_eq!(compose.body.text(), body, "the field takes it as it is");
    let count = blanks(body).len();
    assert_eq!(compose.blanks.count(), count);
    assert_eq!(compose.blanks.unfilled(body), blanks(body));
    for _ in 0..count {
        let unready = compose.unready();
        let text = compose.body.text();
        assert!(
            unready.is_some() || templates.blank_left_in(text).is_none(),
            "{text:?} came to its review"
        );
        for span in compose
            .blanks
            .unfilled(text)
            .into_iter()
            .chain(compose.blanks.marked(text))
        {
            assert!(text.get(span).is_some());
        }
        compose.turn_blank(true);
        compose.insert_into_body(value);
    }
    // Cut anywhere and put back, as a draft is.
    let half = body.floor_char_boundary(body.len() / 2);
    for text in [body, &body[half..], &body[..half]] {
        compose.put_back(text);
        let text = compose.body.text().to_owned();
        assert!(
            compose.unready().is_some() || blanks(&text).is_empty(),
            "{text:?} came to its review"
        );
    }
    for key in ["Backspace", "Delete", "Left", "Ctrl-W", "x"] {
        let chord = Chord::parse(key).unwrap();
        compose.type_into_body(chord);
        let text = compose.body.text();
        for span in compose
            .blanks
            .unfilled(text)
            .into_iter()
            .chain(compose.blanks.marked(text))
        {
            assert!(text.get(span).is_some());
        }
    }
}

/// A scene is read or refused, and a world stands in it for a day.
pub fn scene(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Scene::parse("mine", &text) {
        Ok(scene) => {
            let start: Timestamp = "2026-03-04T14:00:00Z".parse().unwrap();
            super::world::a_day_of(World::new(7, scene, start), start);
        }
        // The command line cleans what it says line by line; the error holds lines of the file.
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

thread_local! {
    static FOLDER: RefCell<TempDir> = RefCell::new(
        tempfile::tempdir_in(if Path::new("/dev/shm").is_dir() { "/dev/shm".into() } else { std::env::temp_dir() })
            .unwrap(),
    );
}

/// Keys of another tool are found or not, are never shown, and one profile is taken out without the others.
pub fn twilio_cli(bytes: &[u8]) {
    let file = FOLDER.with_borrow(|folder| folder.path().join("config.json"));
    std::fs::write(&file, bytes).unwrap();
    let around = Around {
        twilio_cli: Some(file.clone()),
        environment: false,
    };
    let found = around.look();
    assert_harmless(&file.display().to_string(), "a path");
    for import in &found.imports {
        let debug = format!("{import:?}");
        let (Credentials::AuthToken(secret) | Credentials::ApiKey { secret, .. }) =
            &import.keys.credentials;
        let secret = secret.expose();
        let beside = String::from_utf8_lossy(bytes).matches(secret).count() > 1;
        assert!(
            secret.len() < 12 || beside || !debug.contains(secret),
            "a secret in Debug"
        );
    }
    let Some(first) = found.imports.first() else {
        return;
    };
    let tuilio::model::setup::import::PlainPlace::TwilioCli { profile, .. } = &first.place else {
        panic!("the environment was not asked for");
    };
    remove_plain(&file.display().to_string(), profile).unwrap();
    let left = around.look();
    let others = |around: &tuilio::model::setup::import::Surroundings| {
        let names = around.imports.iter().filter(|other| {
            !matches!(&other.place, tuilio::model::setup::import::PlainPlace::TwilioCli { profile: name, .. } if name == profile)
        });
        names.map(|import| import.keys.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        left.imports.len(),
        others(&left).len(),
        "the profile is gone"
    );
    let (mut before, mut after) = (others(&found), others(&left));
    let by_account = |keys: &tuilio::domain::connection::Keys| keys.account_sid.to_string();
    before.sort_by_key(by_account);
    after.sort_by_key(by_account);
    assert_eq!(before, after, "and the others are not");
    assert_harmless_lines(&format!("{:?}", left.imports.len()), "a count");
}

/// What lies in the keyring may have been put there by somebody else: it is read and reads as itself, or refused
/// without a word of it.
pub fn keyring(bytes: &[u8]) {
    let kept = Secret::new(String::from_utf8_lossy(bytes));
    match StoredCredentials::decode(&kept) {
        Ok(credentials) => {
            let secret = credentials.secret().expose();
            assert!(!secret.is_empty());
            let other = Secret::new("another");
            let other = match credentials {
                StoredCredentials::AuthToken(_) => StoredCredentials::AuthToken(other),
                StoredCredentials::ApiSecret(_) => StoredCredentials::ApiSecret(other),
            };
            assert_eq!(format!("{credentials:?}"), format!("{other:?}"));
            let again = credentials.encode().unwrap();
            assert_eq!(StoredCredentials::decode(&again).unwrap(), credentials);
        }
        Err(error) => assert_harmless(&with_causes(&error), "an error of the keyring"),
    }
    if let Some(key) = Key::parse(&kept) {
        let text = kept.expose();
        assert_eq!(key.to_secret().expose(), text.to_ascii_lowercase());
        assert!(!format!("{key:?}").contains(text));
    }
    if let Some(point) = Point::parse(kept.expose()) {
        assert_eq!(Point::parse(&point.to_text()), Some(point));
    }
}
