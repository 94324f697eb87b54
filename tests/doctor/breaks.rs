//! How each link is broken, and what is then said: the table of `broken`.

use std::fs;

use serde_json::{Value, json};

use crate::program::Tuilio;
use crate::simulator::{Nobody, Simulator};

/// Breaks it.
type How = Box<dyn Fn(Tuilio, &Simulator) -> Tuilio>;

/// What is broken, how, and what is then said.
pub struct Break {
    pub name: &'static str,
    pub how: How,
    pub link: &'static str,
    pub state: &'static str,
    pub says: &'static str,
    pub next: &'static str,
    pub exit: i32,
}

fn fault(method: &str, path: &str, status: u16, code: u32) -> Value {
    json!({"method": method, "path": path, "fault": "status", "status": status, "code": code, "times": 9})
}

fn with(name: &'static str, value: &'static str) -> How {
    Box::new(move |tuilio, _| tuilio.with(name, value))
}

fn planted(fault: Value) -> How {
    Box::new(move |tuilio, simulator| {
        simulator.plant(&fault);
        tuilio
    })
}

fn config(text: &'static str) -> How {
    Box::new(move |tuilio, _| {
        fs::create_dir_all(tuilio.config_dir()).unwrap();
        fs::write(tuilio.config_dir().join("config.toml"), text).unwrap();
        tuilio
    })
}

fn history(bytes: &'static [u8]) -> How {
    Box::new(move |tuilio, _| {
        fs::create_dir_all(tuilio.data_dir()).unwrap();
        fs::write(tuilio.data_dir().join("history.db"), bytes).unwrap();
        tuilio
    })
}

/// A profile whose keys would be in a keyring.
const PROFILE: &str = "[profiles.work]\naccount_sid = \"AC00000000000000000000000000000001\"\n\
     key_sid = \"SK00000000000000000000000000000001\"\norigin = \"loopback\"\n";

pub fn breaks() -> Vec<Break> {
    let on = |name, link, state, says, next, exit, how| Break {
        name,
        how,
        link,
        state,
        says,
        next,
        exit,
    };
    vec![
        on(
            "a mistake in the settings",
            "settings",
            "failed",
            "line 2: unknown field `colour`",
            "Mend that line",
            2,
            config("\ncolour = 1\n"),
        ),
        on(
            "no keys",
            "keys",
            "failed",
            "There are no keys yet.",
            "tuilio login",
            8,
            Box::new(|tuilio, _| {
                ["TWILIO_ACCOUNT_SID", "TWILIO_API_KEY", "TWILIO_API_SECRET"]
                    .into_iter()
                    .fold(tuilio, |tuilio, name| tuilio.with(name, ""))
            }),
        ),
        on(
            "half a set",
            "keys",
            "failed",
            "TWILIO_API_SECRET is missing",
            "Set all of them or none",
            8,
            with("TWILIO_API_SECRET", ""),
        ),
        on(
            "a profile that is not there",
            "keys",
            "failed",
            "There is no profile gone.",
            "tuilio profiles",
            8,
            with("TUILIO_PROFILE", "gone"),
        ),
        on(
            "no keyring",
            "keyring",
            "failed",
            "No system keyring was found.",
            "Start one",
            8,
            Box::new(|tuilio, _| {
                fs::create_dir_all(tuilio.config_dir()).unwrap();
                fs::write(tuilio.config_dir().join("config.toml"), PROFILE).unwrap();
                tuilio.with("TUILIO_PROFILE", "work")
            }),
        ),
        on(
            "no place for the history",
            "folder",
            "failed",
            "cannot be",
            "TUILIO_DATA_DIR",
            1,
            with("TUILIO_DATA_DIR", "/proc/nowhere/data"),
        ),
        on(
            "a folder that others may enter",
            "folder",
            "warning",
            "other accounts",
            "chmod 700",
            0,
            Box::new(|tuilio, _| {
                use std::os::unix::fs::PermissionsExt;
                fs::create_dir_all(tuilio.data_dir()).unwrap();
                fs::set_permissions(tuilio.data_dir(), fs::Permissions::from_mode(0o755)).unwrap();
                tuilio
            }),
        ),
        on(
            "something else in the place of the history",
            "history",
            "failed",
            "is not a history of tuilio",
            "Move that file away",
            1,
            history(b"my shopping list"),
        ),
        on(
            "a damaged history",
            "history",
            "failed",
            "damaged",
            "The next start keeps the file aside",
            1,
            Box::new(|tuilio, _| {
                assert_eq!(
                    tuilio.feed(&["send", "--to", "+14155550123"], "Hello").code,
                    Some(0)
                );
                let file = tuilio.data_dir().join("history.db");
                let mut bytes = fs::read(&file).unwrap();
                bytes[4096..].fill(0xa5);
                fs::write(&file, bytes).unwrap();
                let _ = fs::remove_file(tuilio.data_dir().join("history.db-wal"));
                tuilio
            }),
        ),
        on(
            "a history of a newer tuilio",
            "history",
            "failed",
            "a newer tuilio is needed",
            "Install a tuilio",
            1,
            Box::new(|tuilio, _| {
                assert_eq!(tuilio.run(&["history"]).code, Some(0));
                let file = tuilio.data_dir().join("history.db");
                let mut bytes = fs::read(&file).unwrap();
                bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
                fs::write(&file, bytes).unwrap();
                tuilio
            }),
        ),
        on(
            "a host that is not known",
            "names",
            "failed",
            "The name of no-such-host.invalid is not known here.",
            "online",
            10,
            with("TUILIO_API_URL", "https://no-such-host.invalid"),
        ),
        on(
            "nobody listens",
            "connection",
            "failed",
            "cannot be reached",
            "firewall",
            10,
            Box::new({
                let nobody = Nobody::new();
                move |tuilio, _| tuilio.with("TUILIO_API_URL", &nobody.url())
            }),
        ),
        on(
            "no certificates to trust, or one that does not fit",
            "connection",
            "failed",
            "cannot be reached",
            "",
            10,
            Box::new(|tuilio, simulator| {
                // No TLS is spoken there at all.
                tuilio.with(
                    "TUILIO_API_URL",
                    &format!("https://{}", simulator.address()),
                )
            }),
        ),
        on(
            "a secret that was replaced",
            "account",
            "failed",
            "Twilio did not take the keys (20003).",
            "get the new ones",
            8,
            with("TWILIO_API_SECRET", "an-old-secret"),
        ),
        on(
            "a fault of Twilio's",
            "account",
            "failed",
            "",
            "status.twilio.com",
            10,
            planted(fault("GET", "/2010-04-01/Accounts/*", 503, 20503)),
        ),
        on(
            "too many requests",
            "account",
            "failed",
            "",
            "Wait a minute",
            5,
            planted(fault("GET", "/2010-04-01/Accounts/*", 429, 20429)),
        ),
        on(
            "texts may not be read",
            "messages",
            "warning",
            "may not read texts",
            "Give the key the right",
            0,
            planted(fault(
                "GET",
                "/2010-04-01/Accounts/*/Messages.json",
                403,
                70051,
            )),
        ),
        on(
            "checks may not be read",
            "verify",
            "warning",
            "may not read checks",
            "Give the key the right",
            0,
            planted(fault("GET", "/v2/Attempts", 403, 70051)),
        ),
        on(
            "numbers may not be looked up",
            "lookups",
            "warning",
            "may not look numbers up",
            "Give the key the right",
            0,
            planted(fault("GET", "/v2/PhoneNumbers/*", 403, 70051)),
        ),
        on(
            "the auth token",
            "rights",
            "warning",
            "may do everything",
            "only what is needed",
            0,
            Box::new(|tuilio, simulator| {
                tuilio
                    .with("TWILIO_API_KEY", "")
                    .with("TWILIO_API_SECRET", "")
                    .with("TWILIO_AUTH_TOKEN", simulator.word("auth_token"))
            }),
        ),
        on(
            "a service that is gone",
            "service",
            "failed",
            "no Verify service VA",
            "--verify-service",
            8,
            with(
                "TWILIO_VERIFY_SERVICE_SID",
                "VA00000000000000000000000000000001",
            ),
        ),
        on(
            "no service",
            "service",
            "warning",
            "No Verify service is chosen",
            "--verify-service",
            0,
            with("TWILIO_VERIFY_SERVICE_SID", ""),
        ),
        on(
            "a service in another shape",
            "service",
            "failed",
            "TWILIO_VERIFY_SERVICE_SID",
            "Correct",
            8,
            with("TWILIO_VERIFY_SERVICE_SID", "hunter2"),
        ),
        on(
            "a sender that is not the account's",
            "sender",
            "failed",
            "no sender",
            "--sender",
            8,
            with("TWILIO_FROM_NUMBER", "+12025550199"),
        ),
        on(
            "no sender",
            "sender",
            "warning",
            "No sender is chosen",
            "--sender",
            0,
            with("TWILIO_FROM_NUMBER", ""),
        ),
        on(
            "a log nobody understands",
            "log",
            "warning",
            "TUILIO_LOG",
            "off, error, warn or info",
            0,
            with("TUILIO_LOG", "loud"),
        ),
    ]
}
