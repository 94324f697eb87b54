//! Keyrings that are locked: a real one that nobody unlocks, and one that asks a person, who says no or
//! nothing at all.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Completion, Failed, Trial};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use crate::buses::{Bus, expect_timeout};
use crate::child::{Asker, CROWD, WRITE};

/// How long the daemon may take to start.
const PATIENCE: Duration = Duration::from_mins(2);

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::ignorable_test("a_keyring_without_a_place_for_items_is_locked", || {
            Ok(no_place())
        }),
        Trial::ignorable_test("a_keyring_that_nobody_unlocks_is_locked", || Ok(locked())),
        Trial::ignorable_test("a_prompt_that_is_dismissed_is_a_locked_keyring", || {
            prompted(true)
        }),
        Trial::ignorable_test("a_prompt_that_nobody_answers_is_given_up", || {
            prompted(false)
        }),
    ]
}

/// The keyring of GNOME on a bus of its own.
struct Daemon(Child);

impl Daemon {
    /// None where the machine has none. A password unlocks the keyring, and makes it where there is none.
    fn start(bus: &Bus, home: &Path, password: Option<&str>) -> Option<Self> {
        let mut command = Command::new("gnome-keyring-daemon");
        command
            .args(["--foreground", "--components=secrets"])
            .args(password.map(|_| "--unlock"))
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("GNOME_KEYRING_CONTROL")
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut daemon = command.spawn().ok()?;
        let mut stdin = daemon.stdin.take().unwrap();
        // One that needs none does not read it.
        let _ = stdin.write_all(password.unwrap_or_default().as_bytes());
        Some(Self(daemon))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks until there is a keyring, whatever it says.
fn first_answer(asker: &mut Asker) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (_, answer) = asker.answer();
        if answer != "Err(Missing)" || Instant::now() > deadline {
            return answer;
        }
        asker.ask_again();
    }
}

/// It looks as if nothing had been kept; only writing tells.
fn no_place() -> Completion {
    let home = tempfile::tempdir().unwrap();
    let daemon = Bus::start().and_then(|bus| Some((Daemon::start(&bus, home.path(), None)?, bus)));
    let Some((_daemon, bus)) = daemon else {
        return Completion::ignored_with("dbus-daemon or gnome-keyring-daemon is not installed");
    };
    let mut asker = Asker::start(&[("DBUS_SESSION_BUS_ADDRESS", &bus.address)]);
    assert_eq!(first_answer(&mut asker), "Ok(None)");
    asker.tell(WRITE);
    assert_eq!(asker.answer().1, "Err(Locked)");
    assert!(asker.ends_well());
    Completion::Completed
}

fn locked() -> Completion {
    let home = tempfile::tempdir().unwrap();
    let Some(bus) = Bus::start() else {
        return Completion::ignored_with("dbus-daemon is not installed");
    };
    let Some(daemon) = Daemon::start(&bus, home.path(), Some("a password")) else {
        return Completion::ignored_with("gnome-keyring-daemon is not installed");
    };
    let mut asker = Asker::start(&[("DBUS_SESSION_BUS_ADDRESS", &bus.address)]);
    assert_eq!(first_answer(&mut asker), "Ok(None)");
    asker.tell(WRITE);
    let answer = asker.answer().1;
    if answer == "Err(Locked)" {
        return Completion::ignored_with("this gnome-keyring-daemon cannot be unlocked here");
    }
    assert_eq!(answer, "Ok(())");
    asker.tell(CROWD);
    assert_eq!(asker.answer().1, "Ok(Some([secret]))", "twenty at once");
    drop(daemon);

    // The next session, before anybody has typed the password.
    let _daemon = Daemon::start(&bus, home.path(), None);
    asker.ask_again();
    let answer = first_answer(&mut asker);
    // The connection to the daemon that has ended may be found out by the first question after it.
    let answer = if answer == "Err(Locked)" {
        answer
    } else {
        asker.ask_again();
        first_answer(&mut asker)
    };
    assert_eq!(answer, "Err(Locked)");
    assert!(asker.ends_well());
    Completion::Completed
}

fn prompted(dismissed: bool) -> Result<Completion, Failed> {
    let Some(bus) = Bus::start() else {
        return Ok(Completion::ignored_with("dbus-daemon is not installed"));
    };
    let _service = zbus::blocking::connection::Builder::address(bus.address.as_str())?
        .name("org.freedesktop.secrets")?
        .serve_at("/org/freedesktop/secrets", Asking)?
        .serve_at("/prompt", Question { dismissed })?
        .build()?;
    let set = [("DBUS_SESSION_BUS_ADDRESS", bus.address.as_str())];
    let mut asker = if dismissed {
        Asker::start(&set)
    } else {
        Asker::in_haste(&set)
    };
    if dismissed {
        assert_eq!(asker.answer().1, "Err(Locked)");
    } else {
        expect_timeout(asker.answer());
    }
    assert!(asker.ends_well());
    Ok(Completion::Completed)
}

/// A Secret Service with one item, which is locked until a person says otherwise.
struct Asking;

#[zbus::interface(name = "org.freedesktop.Secret.Service")]
#[expect(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    reason = "the shape of the operations of the D-Bus interface"
)]
impl Asking {
    fn open_session(
        &self,
        algorithm: String,
        key: OwnedValue,
    ) -> zbus::fdo::Result<(OwnedValue, OwnedObjectPath)> {
        if algorithm != "dh-ietf1024-sha256-aes128-cbc-pkcs7" || key.value_signature() != "ay" {
            let reason = "secrets would travel in the clear".to_owned();
            return Err(zbus::fdo::Error::Failed(reason));
        }
        let key = Value::from(vec![2_u8]).try_to_owned().unwrap();
        Ok((key, path("/session")))
    }

    fn search_items(
        &self,
        attributes: HashMap<String, String>,
    ) -> (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) {
        assert_eq!(attributes["service"], "tuilio");
        (Vec::new(), vec![path("/item")])
    }

    fn unlock(&self, objects: Vec<OwnedObjectPath>) -> (Vec<OwnedObjectPath>, OwnedObjectPath) {
        assert_eq!(objects, [path("/item")]);
        (Vec::new(), path("/prompt"))
    }
}

/// A question to a person.
struct Question {
    dismissed: bool,
}

#[zbus::interface(name = "org.freedesktop.Secret.Prompt")]
impl Question {
    async fn prompt(
        &self,
        window_id: String,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        drop(window_id);
        if self.dismissed {
            Self::completed(&emitter, true, Value::from("")).await?;
        }
        Ok(())
    }

    #[zbus(signal)]
    async fn completed(
        emitter: &SignalEmitter<'_>,
        dismissed: bool,
        result: Value<'_>,
    ) -> zbus::Result<()>;
}

fn path(text: &'static str) -> OwnedObjectPath {
    OwnedObjectPath::try_from(text).unwrap()
}
