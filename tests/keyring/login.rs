//! The whole way of a profile: from a paste into the keyring, to a text that is sent with it, to nothing.

use libtest_mimic::{Completion, Failed};
use serde_json::{Value, json};

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
