//! Keys that another tool left in plain text, and keys that leave again.

use std::path::PathBuf;

use tuilio::vault::Vault;

use super::Run;

impl Run {
    fn twilio_cli_file(&self) -> PathBuf {
        self.folder.path().join("twilio-cli.json")
    }

    /// Another tool has left that behind, and the next start of the desk finds it.
    fn leaves_in_plain_text(&mut self, text: &str) -> PathBuf {
        let file = self.twilio_cli_file();
        std::fs::write(&file, text).unwrap();
        self.desk.happen(tuilio::model::Event::NotConnected);
        file
    }
}

/// A profile of that tool with these keys.
fn profile(account: &str, key: &str, secret: &str) -> String {
    format!("{{\"accountSid\":\"{account}\",\"apiKey\":\"{key}\",\"apiSecret\":\"{secret}\"}}")
}

fn twilio_cli(run: &Run) -> String {
    let (account, key, secret) = run.keys();
    let acme = profile(&account, &key, &secret);
    format!(
        "{{\"email\":{{}},\"prompts\":{{\"x\":1}},\"projects\":[],\"profiles\":{{\"acme\":{acme}}},\"activeProject\":\"acme\"}}"
    )
}

#[test]
fn keys_of_twilio_cli_are_moved_and_taken_out_of_its_file_after_a_yes() {
    let mut run = Run::new();
    let text = twilio_cli(&run);
    let (_, _, secret) = run.keys();
    let file = run.leaves_in_plain_text(&text);
    run.desk
        .sees("in plain text now; move them?")
        .press("i<Enter><Enter><Enter>")
        .sees("Keep the keys")
        .press("<Enter>")
        .sees("They are in plain text as well")
        .sees("profile acme")
        .sees_no(&secret);
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        text,
        "nothing before a yes"
    );
    run.desk
        .press("<Enter>")
        .sees("They are in plain text as well");
    run.desk.press("y").sees("You are connected");
    let left = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        left,
        "{\"email\":{},\"prompts\":{\"x\":1},\"projects\":[],\"profiles\":{},\"activeProject\":null}"
    );
    let profile = run.profile();
    let kept = run.vault.read(&profile).unwrap().unwrap();
    assert!(kept.expose().contains(&secret));
}

#[test]
fn keys_of_a_region_that_no_host_can_be_made_of_are_refused_and_others_go_to_theirs() {
    let mut run = Run::new();
    let (account, key, secret) = run.keys();
    let profile = |region: &str| {
        format!(
            "{{\"accountSid\":\"{account}\",\"apiKey\":\"{key}\",\"apiSecret\":\"{secret}\",\"region\":\"{region}\"}}"
        )
    };
    let text = format!(
        "{{\"profiles\":{{\"far\":{},\"near\":{}}}}}",
        profile("xx9"),
        profile("ie1")
    );
    run.leaves_in_plain_text(&text);
    run.desk
        .press("i")
        .sees("far")
        .sees("xx9")
        .sees("near")
        .sees("ie1")
        .press("<Enter>")
        .sees("These keys are of the region xx9")
        .sees_no(&secret)
        .press("<Ctrl-T><Down><Enter><Enter><Enter><Enter>")
        .sees("Keep the keys")
        .press("<Enter><Esc>")
        .sees("You are connected");
}

#[test]
fn keys_in_plain_text_stay_where_they_are_without_a_yes() {
    let mut run = Run::new();
    let text = twilio_cli(&run);
    let file = run.leaves_in_plain_text(&text);
    run.desk
        .press("i<Enter><Enter><Enter><Enter>")
        .sees("They are in plain text as well")
        .press("<Esc>")
        .sees("You are connected");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn without_keys_in_plain_text_nothing_is_offered() {
    let mut run = Run::new();
    run.desk
        .sees_no("move them?")
        .press("i")
        .sees("Welcome to tuilio");
}

#[test]
fn signing_out_offers_to_delete_the_history_and_keeps_it_without_a_yes() {
    for (answer, left) in [("<Enter>", 1), ("y", 0)] {
        let mut run = Run::new();
        run.connected()
            .sees("Whose phone are we checking?")
            .press("<F6>")
            .paste("415 555 0100")
            .press("<Enter>")
            .paste("Hello")
            .press("<Enter>")
            .wait(1.0)
            .press("<Enter>")
            .wait(60.0);
        run.desk.press("<Esc><F8>o").sees("Sign out?").press("y");
        run.desk
            .sees("Delete the history of this computer as well?")
            .press(answer)
            .sees("Welcome to tuilio");
        assert_eq!(run.desk.rows().len(), left, "{answer}");
    }
}

#[test]
fn keys_in_plain_text_are_moved_from_the_settings_too() {
    let mut run = Run::new();
    run.connected();
    let text = twilio_cli(&run);
    std::fs::write(run.twilio_cli_file(), &text).unwrap();
    run.desk
        .press("<F8>c")
        .sees("Connect to Twilio")
        .sees_no("First run")
        .sees("in plain text now; move them?")
        .press("<Ctrl-T>")
        .sees_no("in plain text now; move them?");
}

#[test]
fn of_several_keys_in_plain_text_one_is_picked_by_name_and_the_others_stay() {
    let mut run = Run::new();
    let (account, key, secret) = run.keys();
    let text = format!(
        "{{\"profiles\":{{\"old\":{},\"support\":{}}},\"activeProject\":\"old\"}}",
        profile(&account, &key, "an-old-secret-that-is-refused-now"),
        profile(&account, &key, &secret)
    );
    let file = run.leaves_in_plain_text(&text);
    run.desk
        .press("i")
        .sees("Which keys shall be moved?")
        .sees("old")
        .sees("support")
        .sees_no(&secret);
    // The mark stops at both ends, and the wrong ones are refused by Twilio, not kept.
    run.desk
        .press("<Up><Enter>")
        .sees_no("Keep the keys")
        .press("<Esc>");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    run.desk.happen(tuilio::model::Event::NotConnected);
    run.desk
        .press("i<Down><Down><Enter><Enter><Enter><Enter>")
        .sees("Keep the keys")
        .press("<Enter>")
        .sees("profile support")
        .press("y")
        .sees("You are connected");
    let left = std::fs::read_to_string(&file).unwrap();
    assert!(
        left.contains("\"old\"") && !left.contains("support"),
        "{left}"
    );
    assert!(!left.contains(&secret), "{left}");
}

#[test]
fn a_second_profile_of_twilio_cli_is_moved_from_the_settings_and_leaves_the_file_as_well() {
    for (answer, left) in [("y", ""), ("<Esc>", "billing")] {
        let mut run = Run::new();
        let (account, key, secret) = run.keys();
        let token = run.desk.auth_token();
        let text = format!(
            "{{\"profiles\":{{\"billing\":{},\"support desk\":{}}},\"activeProject\":\"support desk\"}}",
            profile(&account, &account, &token),
            profile(&account, &key, &secret)
        );
        let file = run.leaves_in_plain_text(&text);
        run.desk
            .press("i<Enter><Enter><Enter><Enter>")
            .sees("Keep the keys")
            .sees("tuilio/support-desk")
            .press("<Enter>y")
            .sees("You are connected")
            .press("<Enter><F8>c<Ctrl-T><Enter><Enter>")
            .sees("Keep the keys")
            .sees("tuilio/billing")
            .press("<Enter>")
            .sees("They are in plain text as well")
            .sees("profile billing")
            .press(answer)
            .sees("billing")
            .sees("[Settings]");
        let still = std::fs::read_to_string(&file).unwrap();
        assert_eq!(still.contains(&token), !left.is_empty(), "{still}");
        assert!(still.contains(left) && !still.contains(&secret), "{still}");
        for (profile, kept) in [("support-desk", &secret), ("billing", &token)] {
            let found = run.vault.read(profile).unwrap().unwrap();
            assert!(found.expose().contains(kept), "{profile}");
        }
    }
}

#[test]
fn other_keys_never_take_the_place_of_those_that_have_a_name_and_the_same_ones_go_there_again() {
    let mut run = Run::new();
    let letter = run.letter();
    let (account, key, _) = run.keys();
    let name = format!("work-{}", &account[account.len() - 4..]);
    run.desk
        .paste(&letter)
        .press("<Enter><Down><Enter><Enter><Enter><Enter><Enter>")
        .press("<F8>c")
        .paste(&letter)
        .press("<Enter><Enter><Enter>")
        .sees(&format!("tuilio/{name}\""))
        .sees("where the same keys are already")
        .press("<Enter>")
        .sees("[Settings]");
    // The profile is that of another key of the same account.
    let other = tuilio::domain::Secret::new("the secret of another key");
    run.vault.write(&name, &other).unwrap();
    let file = run.folder.path().join("config.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    let of_another = config.replace(&key, &format!("SK{}", "9".repeat(32)));
    assert_ne!(of_another, config);
    std::fs::write(&file, of_another).unwrap();
    run.desk
        .press("c")
        .paste(&letter)
        .press("<Enter><Enter><Enter>")
        .sees(&format!("tuilio/{name}-2\""))
        .sees(&format!("because {name} holds other keys, which stay"))
        .press("<Enter>")
        .sees("[Settings]");
    let stays = run.vault.read(&name).unwrap().unwrap();
    assert_eq!(stays.expose(), other.expose());
    assert!(run.vault.read(&format!("{name}-2")).unwrap().is_some());
}

#[test]
fn a_name_that_somebody_else_took_in_the_meantime_is_not_taken_from_them() {
    let mut run = Run::new();
    let letter = run.letter();
    let (account, key, secret) = run.keys();
    let name = format!("work-{}", &account[account.len() - 4..]);
    run.desk
        .paste(&letter)
        .press("<Enter><Down><Enter><Enter><Enter><Enter><Enter>");
    let file = run.folder.path().join("config.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    run.desk
        .press("<F8>c")
        .paste(&letter)
        .press("<Enter><Enter><Enter>")
        .sees("where the same keys are already");
    let of_another = config.replace(&key, &format!("SK{}", "9".repeat(32)));
    std::fs::write(&file, &of_another).unwrap();
    run.desk
        .press("<Enter>")
        .sees("Nothing was written.")
        .sees("has got other keys meanwhile");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), of_another);
    let kept = run.vault.read(&name).unwrap().unwrap();
    assert!(kept.expose().contains(&secret));
}

#[test]
fn where_other_profiles_hold_the_keys_that_were_taken_out_they_are_named() {
    let mut run = Run::new();
    let (account, key, secret) = run.keys();
    let same = profile(&account, &key, &secret);
    let other = profile(&account, &key, "another-secret-that-nobody-uses");
    run.leaves_in_plain_text(&format!(
        "{{\"profiles\":{{\"work\":{same},\"home\":{same},\"old\":{other}}},\"activeProject\":\"work\"}}"
    ));
    run.desk
        .press("i<Enter><Enter><Enter><Enter>")
        .sees("Keep the keys")
        .press("<Enter>y")
        .sees("where profile home still holds the same keys")
        .press("<Enter><F8>c<Ctrl-T><Enter><Enter><Enter>")
        .sees("Keep the keys")
        .press("<Enter>y")
        .sees("Taken out of that file. The keyring has them now.");
}
