//! A key is replaced at Twilio: what is said meanwhile, and that a new login is all it takes.

use libtest_mimic::{Completion, Failed, Trial};
use serde_json::Value;
use tuilio::domain::Secret;
use tuilio::vault::{StoredCredentials, Vault};

use crate::keyring::{Item, with_keyring};
use crate::place::ADA;
use crate::program::Tuilio;
use crate::simulator::Simulator;

pub fn trials() -> Vec<Trial> {
    vec![Trial::ignorable_test(
        "a_key_that_was_replaced_is_refused_until_the_new_one_is_logged_in",
        || with_keyring(replaced),
    )]
}

fn replaced() -> Result<Completion, Failed> {
    let bus = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::new()
        .with("DBUS_SESSION_BUS_ADDRESS", &bus)
        .with("TUILIO_API_URL", simulator.url());
    let item = Item::of_this_run("rotated");
    let _remembered = Item::of_profile(&format!("audit of {}", tuilio.data_dir().display()));
    let login = ["login", "--profile", item.profile.as_str()];
    assert_eq!(tuilio.feed(&login, &simulator.greeting).code, Some(0));
    assert_eq!(states(&tuilio), ["ok", "ok"]);

    // What the keyring holds is the secret of before.
    let old = StoredCredentials::ApiSecret(Secret::new("marked-old-secret")).encode()?;
    item.vault.write(&item.profile, &old)?;
    let refused = tuilio.feed(&["send", "--to", ADA, "--json"], "Hello");
    assert_eq!(refused.code, Some(8), "{refused:?}");
    let error = &refused.object()["error"];
    assert_eq!(error["may_have_taken_effect"], false, "{error}");
    assert_eq!(states(&tuilio), ["ok", "failed"]);
    assert!(simulator.phone(ADA).is_empty());

    assert_eq!(tuilio.feed(&login, &simulator.greeting).code, Some(0));
    assert_eq!(states(&tuilio), ["ok", "ok"]);
    assert_eq!(tuilio.feed(&["send", "--to", ADA], "Hello").code, Some(0));
    let names = tuilio.run(&["profiles", "--json"]).object();
    assert_eq!(
        names["profiles"].as_array().map(Vec::len),
        Some(1),
        "{names}"
    );
    let rows: Vec<Value> = tuilio.history();
    assert_eq!(rows.len(), 2, "what was refused stays in the history");

    // A keyring that holds something else, and one that holds nothing.
    item.vault.write(&item.profile, &Secret::new("not ours"))?;
    assert_eq!(states(&tuilio), ["failed", "skipped"]);
    item.vault.delete(&item.profile)?;
    assert_eq!(states(&tuilio), ["failed", "skipped"]);
    Ok(Completion::Completed)
}

/// The keyring, and whether Twilio takes the keys.
fn states(tuilio: &Tuilio) -> [String; 2] {
    let object = tuilio.run(&["doctor", "--json"]).object();
    let links = object["links"].as_array().unwrap();
    ["keyring", "account"].map(|name| {
        let link = links.iter().find(|link| link["link"] == name).unwrap();
        let state = link["state"].as_str().unwrap().to_owned();
        assert!(!object.to_string().contains("marked-old-secret"));
        assert_eq!(link["next"].is_null(), state != "failed", "{link}");
        state
    })
}
