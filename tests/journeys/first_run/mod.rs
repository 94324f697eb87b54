//! From what the lead sent to a desk that works.

mod account;
mod plain_text;

use std::sync::Arc;

use tuilio::domain::Secret;
use tuilio::domain::connection::{Credentials, Source};
use tuilio::model::Effect;
use tuilio::vault::{MemoryVault, Vault, VaultError};

use crate::desk::{Desk, MOBILE};

struct Run {
    desk: Desk,
    vault: Arc<MemoryVault>,
    folder: tempfile::TempDir,
}

impl Run {
    fn new() -> Self {
        Self::on("happy")
    }

    /// With an account as this scene has it.
    fn on(scene: &str) -> Self {
        let (vault, folder) = (
            Arc::new(MemoryVault::default()),
            tempfile::tempdir().unwrap(),
        );
        let desk = Desk::first_run_on(
            scene,
            Arc::clone(&vault) as Arc<dyn Vault>,
            &folder.path().join("config.toml"),
        );
        Self {
            desk,
            vault,
            folder,
        }
    }

    /// What the lead sent.
    fn letter(&self) -> String {
        let (account, key, secret) = self.keys();
        format!("Hi! Account: {account}\nkey is {key}, secret: {secret}\nCheers")
    }

    /// The letter is pasted.
    fn pasted(&mut self) -> &mut Desk {
        let letter = self.letter();
        self.desk.paste(&letter)
    }

    /// All is answered, with the second service.
    fn connected(&mut self) -> &mut Desk {
        self.pasted()
            .press("<Enter><Down><Enter><Enter><Enter><Enter><Enter>")
    }

    /// Under which the keys are kept.
    fn profile(&self) -> String {
        let connection = self.desk.model.connection.as_ref();
        match connection.map(|connection| &connection.source) {
            Some(Source::Profile(profile)) => profile.clone(),
            other => panic!("no profile: {other:?}"),
        }
    }

    fn keys(&self) -> (String, String, String) {
        let (keys, _) = self.desk.account(Source::Session);
        let Credentials::ApiKey { sid, secret } = keys.credentials else {
            panic!("not an API key")
        };
        (
            keys.account_sid.as_str().to_owned(),
            sid.as_str().to_owned(),
            secret.expose().to_owned(),
        )
    }
}

#[test]
fn six_keys_lead_from_the_lead_s_letter_to_the_desk() {
    let mut run = Run::new();
    let letter = run.letter();
    let (_, _, secret) = run.keys();
    run.desk
        .sees("Welcome to tuilio")
        .paste(&letter)
        .sees("with its secret")
        .sees_no(&secret);
    run.desk
        .press("<Enter>")
        .sees("Which Verify service sends your codes?")
        .sees("Acme Bank");
    run.desk
        .press("<Enter>")
        .sees("From whom do your texts come?")
        .sees("Acme Support");
    run.desk.press("<Enter>").sees("Your alias");
    run.desk.press("<Enter>").sees("Keep the keys");
    run.desk.press("<Enter>").sees("You are connected");
    assert_eq!(run.desk.pressed, 6);
    run.desk
        .press("<Enter>")
        .sees("Whose phone are we checking?");
    let config = std::fs::read_to_string(run.folder.path().join("config.toml")).unwrap();
    assert!(!config.contains(&secret), "the secret is in a file");
    let profile = run.profile();
    assert!(config.contains(&profile), "{config}");
    assert!(
        run.vault
            .read(&profile)
            .unwrap()
            .is_some_and(|kept| kept.expose().contains(&secret))
    );
    run.desk.paste("415 555 0100").press("<Enter>");
    let code = run.desk.code_on_phone(MOBILE);
    run.desk.press(&code).wait(0.5);
    run.desk.sees("Approved");
}

#[test]
fn the_first_code_goes_to_the_agent_s_own_phone_and_not_before_enter() {
    let mut run = Run::new();
    run.pasted()
        .press("<Enter><Enter><Enter><Enter><Enter>")
        .sees("You are connected")
        .press("415 555 0100<Enter>")
        .sees("Whose phone are we checking?")
        .sees("+1 415 555 0100");
    assert_eq!(run.desk.rows().len(), 0, "nothing is sent by a page");
    run.desk.press("<Enter>");
    let code = run.desk.code_on_phone(MOBILE);
    run.desk.press(&code).wait(0.5);
    run.desk.sees("Approved");
}

#[test]
fn who_sits_at_the_desk_is_written_down_and_holds_at_once() {
    let mut run = Run::new();
    run.pasted()
        .press("<Enter><Enter><Enter>")
        .sees("Your alias")
        .sees("Later, the settings change it.")
        .press("desk 7<Enter>")
        .sees("An alias has letters, digits")
        .press("<Ctrl-U>desk 7<Tab><Enter>")
        .sees("An alias has letters, digits")
        // What is typed goes where the mistake is.
        .press("<Ctrl-U>desk-7<Tab><Ctrl-U>xx<Tab><Enter>")
        .sees("A country is two letters")
        .press("<Ctrl-U>de")
        .sees("Germany")
        .press("<Enter>")
        .sees("Keep the keys")
        .press("<Enter>")
        .sees("You are connected");
    let config = std::fs::read_to_string(run.folder.path().join("config.toml")).unwrap();
    for line in [
        "agent = \"desk-7\"",
        "default_country = \"DE\"",
        "language = \"en\"",
    ] {
        assert!(config.contains(line), "{config}");
    }
    run.desk
        .press("<Enter>")
        .paste("0171 5550 123")
        .sees("Germany");
}

#[test]
fn the_language_of_the_screen_turns_at_once() {
    let mut run = Run::new();
    run.pasted().press("<Enter><Enter><Enter>");
    let language = run.desk.model.setting.language;
    run.desk.press("<Ctrl-G>");
    assert_eq!(run.desk.model.setting.language, language.next());
    run.desk.press("<Up><Right>");
    assert_eq!(run.desk.model.setting.language, language.next().next());
}

#[test]
fn an_auth_token_works_and_is_warned_of() {
    let mut run = Run::new();
    let (account, ..) = run.keys();
    let token = run.desk.auth_token();
    run.desk
        .paste(&format!("{account} {token}"))
        .sees("may do everything")
        .sees_no(&token);
    run.desk.press("<Enter>").sees("Which Verify service");
}

#[test]
fn a_wrong_secret_is_found_out_by_a_call_and_asked_for_again() {
    let mut run = Run::new();
    let (account, key, _) = run.keys();
    run.desk
        .paste(&format!("{account} {key} secret: {}", "0".repeat(32)))
        .press("<Enter>")
        .sees("✗")
        .sees("Paste here");
    run.pasted().press("<Enter>").sees("Which Verify service");
}

#[test]
fn half_a_letter_is_answered_with_what_is_missing() {
    let mut run = Run::new();
    let (account, key, _) = run.keys();
    run.desk
        .paste("hello")
        .press("<Enter>")
        .sees("There is no account SID in it.");
    run.desk
        .press("<Esc>")
        .paste(&account)
        .press("<Enter>")
        .sees("There is no key in it");
    run.desk
        .press("<Esc>")
        .paste(&format!("{account} {key}"))
        .sees("its secret is missing")
        .press("<Enter>")
        .sees("The secret of the API key is missing.");
    assert_eq!(run.desk.rows().len(), 0);
}

#[test]
fn a_value_that_could_be_two_things_is_asked_about() {
    let mut run = Run::new();
    let (account, key, secret) = run.keys();
    run.desk
        .paste(&format!(
            "{account} {key} {secret} {secret:.16}0123456789abcdef"
        ))
        .press("<Enter>")
        .sees("could be the auth token or the key's secret: put their names before them.")
        .sees_no(&secret);
}

#[test]
fn esc_stops_the_questions_and_a_late_answer_is_dropped() {
    let mut run = Run::new();
    let letter = run.letter();
    run.desk
        .latency(5.0)
        .paste(&letter)
        .press("<Enter>")
        .sees("Asking Twilio")
        .press("<Esc>")
        .wait(30.0);
    run.desk.sees("Paste here").sees_no("Which Verify service");
}

#[test]
fn a_keyring_that_fails_leaves_the_session() {
    struct Locked;
    impl Vault for Locked {
        fn read(&self, _: &str) -> Result<Option<Secret>, VaultError> {
            Ok(None)
        }
        fn write(&self, _: &str, _: &Secret) -> Result<(), VaultError> {
            Ok(())
        }
        fn delete(&self, _: &str) -> Result<(), VaultError> {
            Ok(())
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let desk = Desk::first_run(Arc::new(Locked), &config);
    let mut run = Run {
        desk,
        vault: Arc::default(),
        folder,
    };
    run.pasted()
        .press("<Enter><Enter><Enter><Enter><Enter>")
        .sees("Written.")
        .sees("Reading back failed")
        .sees("try again")
        .sees("this session only");
    assert!(!config.exists(), "nothing is kept where the keyring fails");
    run.desk.press("s").sees("You are connected");
}

#[test]
fn the_demo_is_one_key_away() {
    let mut run = Run::new();
    run.desk.press("d");
    assert_eq!(run.desk.left, [Effect::StartDemo]);
}

#[test]
fn leaving_the_first_run_needs_no_question() {
    let mut run = Run::new();
    run.desk.press("<Esc><Ctrl-Q>");
    assert_eq!(run.desk.left, [Effect::Quit]);
}

#[test]
fn leaving_while_the_keyring_writes_is_asked_about() {
    let mut run = Run::new();
    run.desk.keyring_takes = std::time::Duration::from_secs(2);
    run.pasted()
        .press("<Enter><Enter><Enter><Enter><Enter>")
        .sees("Writing them into")
        .press("<Esc>")
        .sees("Writing them into")
        .press("<Ctrl-Q>")
        .sees("The keyring is still writing the keys.");
    assert!(run.desk.left.is_empty());
    run.desk.press("<Esc>").wait(3.0).sees("You are connected");
}

#[test]
fn what_is_pasted_into_a_step_without_a_field_is_said_not_to_be_taken() {
    let mut run = Run::new();
    let letter = run.letter();
    run.desk.paste(&letter).press("<Enter>").sees("Acme Bank");
    for _ in 0..2 {
        let before = run.desk.model.setup.clone();
        run.desk
            .paste(&letter)
            .sees("What you pasted was not taken: there is no field for it here.");
        assert_eq!(run.desk.model.setup, before);
        run.desk.press("<Enter>");
    }
    run.desk.sees("Your alias").paste("ada");
    run.desk.press("<Enter>").sees("Keep the keys");
    run.desk
        .paste(&letter)
        .sees("What you pasted was not taken");
    run.desk.press("<Enter>").sees("You are connected");
}
