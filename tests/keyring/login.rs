//! The whole way of a profile: from a paste into the keyring, to a text that is sent with it, to nothing.

use libtest_mimic::{Completion, Failed};
use serde_json::{Value, json};

use crate::keyring::Item;
use crate::program::Tuilio;
use crate::simulator::Simulator;

/// A profile of this run alone; whatever happens, its keys go.
struct Profile<'a> {
    tuilio: &'a Tuilio,
    name: String,
}

impl Drop for Profile<'_> {
    fn drop(&mut self) {
        let _ = self
            .tuilio
            .run(&["logout", "--profile", self.name.as_str()]);
    }
}

/// The keys of twilio-cli are moved: checked, kept, taken out of its file, and told what they are like.
pub fn login_from_twilio_cli() -> Result<Completion, Failed> {
    let bus = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
    let simulator = Simulator::start(&[]);
    let home = tempfile::tempdir()?;
    let folder = home.path().join(".twilio-cli");
    std::fs::create_dir(&folder)?;
    let file = folder.join("config.json");
    let keys = json!({
        "accountSid": simulator.word("account_sid"),
        "apiKey": simulator.word("api_key"),
        "apiSecret": simulator.word("api_secret"),
    });
    let text = json!({"profiles": {"acme": keys, "copy": keys}, "activeProject": "acme"});
    std::fs::write(&file, text.to_string())?;
    let tuilio = Tuilio::new()
        .with("HOME", &home.path().display().to_string())
        .with("DBUS_SESSION_BUS_ADDRESS", &bus)
        .with("TUILIO_API_URL", simulator.url());
    let profile = Profile {
        tuilio: &tuilio,
        name: format!("test-import-{}", std::process::id()),
    };
    let mut line = vec!["login", "--json", "--profile", profile.name.as_str()];
    line.extend(["--verify-service", simulator.word("verify_service_sid")]);
    line.extend(["--sender", simulator.word("messaging_service_sid")]);
    line.push("--from-twilio-cli");

    let object = tuilio.run(&line).object();
    assert_eq!(object["exit"], 0, "{object}");
    assert_eq!(object["key_rights"], "more_than_needed");
    assert_eq!(object["warnings"], json!([]));
    let place = object["plain_text_in"].as_str().unwrap_or_default();
    assert!(place.contains(&file.display().to_string()), "{place}");
    assert_eq!(std::fs::read_to_string(&file)?, text.to_string());

    line.extend(["acme", "--remove-from-twilio-cli"]);
    let object = tuilio.run(&line).object();
    let place = object["plain_text_in"].as_str().unwrap_or_default();
    assert!(place.ends_with("profile copy"), "{object}");

    let line: Vec<_> = line
        .iter()
        .map(|word| if *word == "acme" { "copy" } else { word })
        .collect();
    let object = tuilio.run(&line).object();
    assert_eq!(
        (&object["exit"], &object["plain_text_in"]),
        (&json!(0), &Value::Null)
    );
    let left = std::fs::read_to_string(&file)?;
    assert!(
        !left.contains(simulator.word("api_secret")),
        "it is still there"
    );
    assert_eq!(serde_json::from_str::<Value>(&left)?["profiles"], json!({}));

    // Signing out of everything leaves neither keys nor history.
    let start = ["verify", "start", "--to", "+14155550123", "--json"];
    assert_eq!(tuilio.run(&start).object()["exit"], 0);
    assert!(tuilio.data_dir().join("history.db").exists());
    let object = tuilio.run(&["logout", "--everything", "--json"]).object();
    assert_eq!(
        object["profiles"],
        json!([profile.name.as_str()]),
        "{object}"
    );
    assert_eq!(
        tuilio.run(&["profiles", "--json"]).object()["profiles"],
        json!([])
    );
    let left = std::fs::read_dir(tuilio.data_dir())?.count();
    assert_eq!(left, 0, "nothing of the history is left");
    drop(profile);
    Ok(Completion::Completed)
}

pub fn login_use_logout() -> Result<Completion, Failed> {
    let bus = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::new()
        .with("DBUS_SESSION_BUS_ADDRESS", &bus)
        .with("TUILIO_API_URL", simulator.url());
    let profile = Profile {
        tuilio: &tuilio,
        name: format!("test-login-{}", std::process::id()),
    };
    let name = profile.name.as_str();
    let _remembered = Item::of_profile(&format!("audit of {}", tuilio.data_dir().display()));

    let ended = tuilio.feed(&["login", "--json", "--profile", name], &simulator.greeting);
    let object = ended.object();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(object["profile"], name);
    assert_eq!(object["account_sid"], simulator.word("account_sid"));
    assert_eq!(object["sender"], simulator.word("messaging_service_sid"));
    let service = simulator.word("verify_service_sid");
    assert_eq!(object["verify_service_sid"], service);
    let settings = std::fs::read_to_string(tuilio.config_dir().join("config.toml"))?;
    for secret in ["api_secret", "auth_token"] {
        let secret = simulator.word(secret);
        assert!(!settings.contains(secret) && !format!("{ended:?}").contains(secret));
    }

    // The keys alone are replaced: what was chosen with the old ones stays, unless another is named.
    let account = simulator.word("account_sid");
    let token = format!("{account} {}", simulator.word("auth_token"));
    let (sid, secret) = (simulator.word("api_key"), simulator.word("api_secret"));
    let (number, texts) = (
        simulator.word("from_number"),
        simulator.word("messaging_service_sid"),
    );
    let key = format!("{account} {sid} {secret}");
    for (paste, more, sender) in [
        (&token, &[][..], texts),
        (&key, &["--sender", number], number),
        (&token, &[], number),
        (&key, &["--sender", texts], texts),
    ] {
        let line: Vec<&str> = ["login", "--json", "--profile", name]
            .iter()
            .chain(more)
            .copied()
            .collect();
        let ended = tuilio.feed(&line, paste);
        let object = ended.object();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(
            (&object["sender"], &object["verify_service_sid"]),
            (&json!(sender), &json!(service)),
            "{ended:?}"
        );
    }

    let listed = tuilio.run(&["profiles", "--json"]).object();
    let first = &listed["profiles"][0];
    assert_eq!(
        (&first["active"], &first["origin"]),
        (&json!(true), &json!("loopback")),
        "the first becomes the active one"
    );
    let line = ["send", "--to", "+14155550123", "--body", "Hello", "--json"];
    let sent = tuilio.run(&line).object();
    assert_eq!(
        (&sent["exit"], &sent["from"]),
        (&json!(0), &json!(simulator.word("messaging_service_sid"))),
        "{sent}"
    );
    let start = ["verify", "start", "--to", "+14155550123", "--json"];
    assert_eq!(tuilio.run(&start).object()["exit"], 0);
    // Each line of the record was made with the key that the keyring keeps.
    let audit = tuilio.run(&["audit", "verify", "--json"]).object();
    assert_eq!(
        (&audit["whole"], &audit["unkeyed"], &audit["sealed_to"]),
        (&json!(true), &json!(0), &audit["lines"]),
        "{audit}"
    );

    // The keyring remembers it when its files do not.
    let files = std::fs::read_dir(tuilio.data_dir())?.flatten();
    for file in files.filter(|file| file.path().is_file()) {
        std::fs::remove_file(file.path())?;
    }
    let ended = tuilio.run(&["audit", "verify"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let told = "of the audit, which the system keyring remembers, is not there";
    assert!(ended.stderr.contains(told), "{ended:?}");
    assert_eq!(tuilio.run(&line).object()["exit"], 9);
    let audit = tuilio.run(&["audit", "verify", "--json"]).object();
    assert_eq!(
        (&audit["whole"], &audit["sealed_to"]),
        (&json!(false), &Value::Null),
        "what came without a person's word is not sealed: {audit}"
    );
    assert_eq!(tuilio.run(&["audit", "accept"]).code, Some(0));
    assert_eq!(tuilio.run(&line).object()["exit"], 0);
    let audit = tuilio.run(&["audit", "verify", "--json"]).object();
    assert_eq!(
        (&audit["whole"], &audit["sealed_to"]),
        (&json!(true), &audit["lines"]),
        "{audit}"
    );

    let ended = tuilio.run(&["logout", "--json"]);
    assert_eq!(
        (ended.code, &ended.object()["profile"]),
        (Some(0), &json!(name)),
        "{ended:?}"
    );
    let listed = tuilio.run(&["profiles", "--json"]).object();
    assert_eq!(listed["profiles"], json!([]));
    let nobody = tuilio.run(&line);
    assert_eq!(
        (nobody.code, &nobody.object()["operation_id"]),
        (Some(8), &Value::Null),
        "{nobody:?}"
    );
    drop(profile);
    Ok(Completion::Completed)
}
