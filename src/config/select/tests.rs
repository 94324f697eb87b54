//! Who is chosen, and what may go where.

use super::*;
use crate::config::Profile;
use crate::domain::connection::Credentials;

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const API_KEY: &str = "SK00000000000000000000000000000001";

fn lookup<'a>(set: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |name| {
        let found = set.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    }
}

/// `work` was checked at Twilio and is active, `demo` on this machine.
fn config() -> Config {
    let profile = |origin| Profile {
        account_sid: ACCOUNT.parse().unwrap(),
        account_name: None,
        is_trial: false,
        key_sid: None,
        origin,
        verify_service: None,
        sender: None,
        region: None,
        edge: None,
    };
    Config {
        active: Some("work".to_owned()),
        profiles: [
            ("work".to_owned(), profile(Origin::Twilio)),
            ("demo".to_owned(), profile(Origin::Loopback)),
        ]
        .into(),
        ..Config::default()
    }
}

fn chosen(flag: Option<&str>, set: &[(&str, &str)]) -> Result<String, String> {
    match select(flag, lookup(set), &config()) {
        Ok(Selected::Environment(_)) => Ok("environment".to_owned()),
        Ok(Selected::Profile(name)) => Ok(name),
        Ok(Selected::None) => Ok("none".to_owned()),
        Err(error) => Err(Failure::from(&error).message),
    }
}

#[test]
fn the_nearest_choice_wins() {
    let account = ("TWILIO_ACCOUNT_SID", ACCOUNT);
    let token = ("TWILIO_AUTH_TOKEN", "token");
    let local = ("TUILIO_API_URL", "http://127.0.0.1:4010");
    for (flag, set, who) in [
        (None, vec![], "work"),
        (None, vec![account, token], "environment"),
        (
            None,
            vec![("TUILIO_PROFILE", "work"), account, token],
            "work",
        ),
        (Some("work"), vec![("TUILIO_PROFILE", "gone")], "work"),
        (
            Some("demo"),
            vec![("TUILIO_PROFILE", "work"), local],
            "demo",
        ),
        (None, vec![("TUILIO_PROFILE", "")], "work"),
        (
            None,
            vec![("TWILIO_ACCOUNT_SID", " "), ("TWILIO_API_KEY", "")],
            "work",
        ),
    ] {
        assert_eq!(chosen(flag, &set).as_deref(), Ok(who), "{flag:?} {set:?}");
    }
    let nobody = select(None, lookup(&[]), &Config::default());
    assert_eq!(nobody, Ok(Selected::None));
}

#[test]
fn a_name_that_is_not_there_is_never_replaced_by_another() {
    for (flag, set) in [
        (Some("gone"), vec![]),
        (None, vec![("TUILIO_PROFILE", "gone")]),
    ] {
        let error = chosen(flag, &set).unwrap_err();
        assert!(error.starts_with("There is no profile gone"), "{error}");
    }
    let dangling = Config {
        active: Some("gone".to_owned()),
        ..Config::default()
    };
    assert!(select(None, lookup(&[]), &dangling).is_err());
}

#[test]
fn a_set_is_taken_whole_and_a_key_beats_a_token() {
    let account = ("TWILIO_ACCOUNT_SID", ACCOUNT);
    let key = ("TWILIO_API_KEY", API_KEY);
    let secret = ("TWILIO_API_SECRET", "secret");
    let token = ("TWILIO_AUTH_TOKEN", "token");
    for (set, answer) in [
        (vec![account, key, secret, token], Ok("secret")),
        (vec![account, key, secret], Ok("secret")),
        (vec![account, token], Ok("token")),
        (
            vec![account, key, token],
            Err("TWILIO_API_SECRET is missing"),
        ),
        (vec![account], Err("TWILIO_AUTH_TOKEN, is missing")),
        (vec![account, key], Err("TWILIO_API_SECRET is missing")),
        (vec![account, secret], Err("TWILIO_API_KEY is missing")),
        (vec![key, secret], Err("TWILIO_ACCOUNT_SID is missing")),
        (vec![token], Err("TWILIO_ACCOUNT_SID is missing")),
        (
            vec![account, ("TWILIO_API_KEY", ACCOUNT), secret],
            Err("TWILIO_API_KEY does not hold what it should: an API key SID starts with SK"),
        ),
        (
            vec![("TWILIO_ACCOUNT_SID", "token"), token],
            Err("TWILIO_ACCOUNT_SID does not hold what it should: an account SID starts with AC"),
        ),
    ] {
        match (select(None, lookup(&set), &config()), answer) {
            (Ok(Selected::Environment(found)), Ok(expected)) => {
                let (Credentials::ApiKey { secret, .. } | Credentials::AuthToken(secret)) =
                    &found.credentials;
                assert_eq!(secret.expose(), expected);
                let shown = format!("{found:?}");
                assert!(
                    !shown.contains("token") && !shown.contains("\"secret"),
                    "{shown}"
                );
            }
            (Err(error), Err(expected)) => {
                let shown = Failure::from(&error).message;
                assert!(shown.contains(expected), "{shown}");
            }
            (found, _) => panic!("{found:?} for {set:?}"),
        }
    }
}

#[test]
fn keys_go_where_they_were_checked_and_nowhere_else() {
    let local = ("TUILIO_API_URL", "http://localhost:4010/");
    let other = ("TUILIO_API_URL", "https://example.org");
    let environment = [
        ("TWILIO_ACCOUNT_SID", ACCOUNT),
        ("TWILIO_AUTH_TOKEN", "token"),
    ];
    for (flag, url, answer) in [
        (Some("work"), None, Ok("work")),
        (Some("work"), Some(local), Err("only go there")),
        (Some("work"), Some(other), Err("from the environment only")),
        (Some("demo"), None, Err("belongs to a simulator")),
        (Some("demo"), Some(local), Ok("demo")),
        (Some("demo"), Some(other), Err("from the environment only")),
        (None, None, Ok("environment")),
        (None, Some(local), Ok("environment")),
        (None, Some(other), Ok("environment")),
    ] {
        let set: Vec<_> = environment.into_iter().chain(url).collect();
        match (chosen(flag, &set), answer) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(error), Err(expected)) => assert!(error.contains(expected), "{error}"),
            (found, _) => panic!("{found:?} for {flag:?} {url:?}"),
        }
    }
    let active = chosen(None, &[local]).unwrap_err();
    assert!(active.contains("only go there"), "{active}");
}

#[test]
fn only_an_origin_is_an_origin() {
    let local = |url: &str| Some(Target::Loopback(Address::parse(url).unwrap()));
    let other = |url: &str| Some(Target::Other(Address::parse(url).unwrap()));
    for (url, expected) in [
        ("http://127.0.0.1:4010", local("http://127.0.0.1:4010")),
        ("http://127.0.0.1:4010/", local("http://127.0.0.1:4010")),
        ("http://127.8.8.8", local("http://127.8.8.8")),
        ("HTTP://LocalHost:1", local("http://localhost:1")),
        ("http://[::1]:4010", local("http://[::1]:4010")),
        ("https://[::1]", local("https://[::1]")),
        ("https://example.org", other("https://example.org")),
        (
            "https://example.org:8443",
            other("https://example.org:8443"),
        ),
        ("https://[2001:db8::1]", other("https://[2001:db8::1]")),
        ("http://example.org", None),
        ("http://127.0.0.1.example.org", None),
        ("http://127.0.0.1@example.org", None),
        ("https://user:hunter2@example.org", None),
        ("http://localhost:4010/path", None),
        ("http://localhost:4010?query", None),
        ("http://localhost#example.org", None),
        ("http://localhost\\@example.org", None),
        ("http://localhost:", local("http://localhost")),
        ("http://localhost:0", None),
        ("http://localhost:99999", None),
        ("http://localhost:+80", None),
        ("http://[::1]example.org", None),
        ("http://[localhost]", None),
        ("http://", None),
        ("localhost:4010", None),
        ("ftp://localhost", None),
    ] {
        let found = target(lookup(&[("TUILIO_API_URL", url)])).ok();
        assert_eq!(found, expected, "{url}");
    }
}

#[test]
fn keys_of_a_profile_go_by_its_own_region_and_those_of_the_environment_by_theirs() {
    let mut config = config();
    let work = config.profiles.get_mut("work").unwrap();
    (work.region, work.edge) = (Some("ie1".to_owned()), Some("dublin".to_owned()));
    let edge = [("TWILIO_EDGE", "sydney")];
    let host = |selected: &Selected, set: &[(&str, &str)]| {
        let endpoint = endpoint(selected, lookup(set), &config).unwrap();
        endpoint.url(crate::twilio::wire::Host::Verify, "/v2")
    };
    let work = Selected::Profile("work".to_owned());
    assert_eq!(
        host(&work, &edge),
        "https://verify.dublin.ie1.twilio.com/v2"
    );
    let nobody = host(&Selected::None, &edge);
    assert_eq!(nobody, "https://verify.sydney.us1.twilio.com/v2");
    let local = [("TUILIO_API_URL", "http://127.0.0.1:4010")];
    let demo = Selected::Profile("demo".to_owned());
    assert_eq!(host(&demo, &local), "http://127.0.0.1:4010/v2");
}
