//! Keys: where they may come from, what is told about them, and where they never are.

use crate::program::Tuilio;
use crate::simulator::Simulator;
use crate::{ADA, all_keys, keys, only_row, send};

#[test]
fn a_code_or_a_secret_as_an_argument_is_refused_and_not_repeated() {
    let tuilio = Tuilio::new();
    for line in [
        &["verify", "check", "--to", ADA, "--code", "482913"][..],
        &["verify", "check", "--to", ADA, "--code=482913"],
        &["verify", "check", "--to", ADA, "482913"],
        &["login", "--token", "482913"],
        &["login", "--secret=482913"],
        &["login", "482913"],
    ] {
        let ended = tuilio.run(line);
        assert_eq!(ended.code, Some(2), "{line:?} {ended:?}");
        assert!(
            ended.stderr.contains("standard input"),
            "{line:?} {ended:?}"
        );
        assert!(
            !format!("{ended:?}").contains("482913"),
            "{line:?} {ended:?}"
        );
    }
}

#[test]
fn without_whole_keys_nothing_is_sent() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::new();
    let ended = tuilio.run(&send(ADA, "Hello"));
    assert_eq!(
        (ended.code, ended.stderr.contains("tuilio login")),
        (Some(8), true),
        "{ended:?}"
    );
    let half = Tuilio::at(&simulator).with("TWILIO_API_SECRET", "");
    let ended = half.run(&send(ADA, "Hello"));
    assert_eq!(
        (ended.code, ended.stderr.contains("TWILIO_API_SECRET")),
        (Some(8), true),
        "{ended:?}"
    );
    assert_eq!(
        only_row(&half).1,
        "refused",
        "the operation is known, so it is written down"
    );
    let ended = Tuilio::at(&simulator)
        .with("TUILIO_PROFILE", "gone")
        .run(&send(ADA, "Hello"));
    assert_eq!(
        (ended.code, ended.stderr.contains("gone")),
        (Some(8), true),
        "{ended:?}"
    );
    assert!(simulator.phone(ADA).is_empty());
}

#[test]
fn a_paste_is_checked_and_without_a_keyring_nothing_is_kept() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::new().with("TUILIO_API_URL", simulator.url());
    let paste = &simulator.greeting;
    let ended = tuilio.feed(&["login", "--profile", "work", "--json"], paste);
    let object = ended.object();
    assert_eq!(ended.code, Some(8), "{ended:?}");
    assert!(ended.stderr.contains("keyring"), "{ended:?}");
    assert_eq!(
        keys(&object),
        all_keys(
            "profile account_sid verify_service_sid sender is_trial key_rights warnings \
             clock_skew_seconds proxy certificates plain_text_in"
        )
    );
    assert!(!tuilio.config_dir().join("config.toml").exists());
    assert!(!format!("{ended:?}").contains(simulator.word("api_secret")));
}

#[test]
fn a_paste_that_does_not_do_says_what_is_missing() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::new().with("TUILIO_API_URL", simulator.url());
    let account = simulator.word("account_sid");
    let wrong = format!(
        "TWILIO_ACCOUNT_SID={account}\nTWILIO_AUTH_TOKEN={}\n",
        "0".repeat(32)
    );
    for (paste, exit, words) in [
        ("", 2, "account SID"),
        ("hello", 2, "account SID"),
        (account, 2, "auth token"),
        (wrong.as_str(), 8, ""),
    ] {
        let ended = tuilio.feed(&["login"], paste);
        assert_eq!(ended.code, Some(exit), "{paste:?} {ended:?}");
        assert!(ended.stderr.contains(words), "{paste:?} {ended:?}");
    }
    let ended = tuilio.feed(&["login", "--profile", "my work"], &simulator.greeting);
    assert_eq!(
        (ended.code, ended.stderr.contains("A profile is named")),
        (Some(2), true),
        "{ended:?}"
    );
    let ended = tuilio.feed(
        &[
            "login",
            "--verify-service",
            &format!("VA{}", "0".repeat(32)),
        ],
        &simulator.greeting,
    );
    assert_eq!(
        (ended.code, ended.stderr.contains("none of the account")),
        (Some(2), true),
        "{ended:?}"
    );
}

#[test]
fn several_services_or_senders_are_named_and_none_is_taken() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::new().with("TUILIO_API_URL", simulator.url());
    let (account, token) = (simulator.word("account_sid"), simulator.word("auth_token"));
    let paste = format!("The account is {account}, its auth token {token}.");
    let service = simulator.word("verify_service_sid");
    for (more, option, named) in [
        (&[][..], "--verify-service", service),
        (
            &["--verify-service", service],
            "--sender",
            simulator.word("from_number"),
        ),
    ] {
        let line: Vec<&str> = ["login", "--json"].iter().chain(more).copied().collect();
        let ended = tuilio.feed(&line, &paste);
        let object = ended.object();
        assert_eq!(ended.code, Some(2), "{ended:?}");
        for text in [object["error"]["message"].as_str().unwrap(), &ended.stderr] {
            assert!(text.contains(option) && text.contains(named), "{ended:?}");
        }
    }
}

#[test]
fn with_keys_in_the_environment_the_keyring_is_not_touched() {
    let simulator = Simulator::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bus");
    let bus = std::os::unix::net::UnixListener::bind(&path).unwrap();
    bus.set_nonblocking(true).unwrap();
    let address = format!("unix:path={}", path.display());
    let tuilio = Tuilio::at(&simulator).with("DBUS_SESSION_BUS_ADDRESS", &address);
    assert_eq!(tuilio.run(&send(ADA, "Hello")).code, Some(0));
    let nobody = bus.accept().map(drop).unwrap_err();
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_command_without_its_keyring_names_only_what_it_can_do() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::new().with("TUILIO_API_URL", simulator.url());
    std::fs::create_dir_all(tuilio.config_dir()).unwrap();
    std::fs::write(
        tuilio.config_dir().join("config.toml"),
        "active = \"work\"\n[profiles.work]\naccount_sid = \"AC00000000000000000000000000000001\"\n\
         sender = { number = \"+12025550142\" }\norigin = \"loopback\"\n",
    )
    .unwrap();
    let ended = tuilio.run(&send(ADA, "Hello"));
    assert_eq!(ended.code, Some(8), "{ended:?}");
    assert!(
        ended
            .stderr
            .contains("start one and try again. Keys in the TWILIO_ variables"),
        "{ended:?}"
    );
    assert!(!ended.stderr.contains("this session"), "{ended:?}");
}
