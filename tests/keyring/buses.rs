//! Session buses of our own: none, a dead one, one without a keyring, and one whose keyring is late.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use tokio::sync::watch;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use crate::child::{Asker, LEISURE, SHORT};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("without_a_bus_the_keyring_is_missing_at_once", || {
            no_bus();
            Ok(())
        }),
        Trial::test("an_address_that_is_none_is_a_missing_keyring", || {
            no_address();
            Ok(())
        }),
        Trial::test("a_bus_that_never_answers_ends_at_the_deadline", dead_bus),
        Trial::ignorable_test("a_bus_without_a_keyring_is_missing", || Ok(empty_bus())),
        Trial::ignorable_test("a_keyring_that_hangs_while_it_starts_is_given_up", || {
            Ok(hanging_start())
        }),
        Trial::ignorable_test(
            "a_keyring_that_is_started_later_is_found_by_the_next_try",
            keyring_started_later,
        ),
        Trial::ignorable_test(
            "a_keyring_that_answers_late_is_given_up_and_then_used",
            late_keyring,
        ),
    ]
}

fn no_bus() {
    let mut asker = Asker::start(&[]);
    assert_eq!(asker.answer().1, "Err(Missing)");
    assert!(asker.ends_well());
}

fn no_address() {
    for address in ["nonsense", "unix:", "tcp:host=nowhere.invalid,port=1", ";;"] {
        let mut asker = Asker::start(&[("DBUS_SESSION_BUS_ADDRESS", address)]);
        assert_eq!(asker.answer().1, "Err(Missing)", "{address}");
        assert!(asker.ends_well());
    }
}

/// The bus starts a program for the service, which never becomes one.
fn hanging_start() -> Completion {
    let folder = tempfile::tempdir().unwrap();
    let service = "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sleep 60\n";
    let file = folder.path().join("org.freedesktop.secrets.service");
    std::fs::write(file, service).unwrap();
    let Some(bus) = Bus::start_in(folder) else {
        return Completion::ignored_with("dbus-daemon is not installed");
    };
    let mut asker = Asker::in_haste(&[("DBUS_SESSION_BUS_ADDRESS", &bus.address)]);
    expect_timeout(asker.answer());
    assert!(asker.ends_well(), "the hanging thread held the process");
    Completion::Completed
}

fn dead_bus() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let socket = folder.path().join("bus");
    // Connections queue up in the socket and nobody ever reads them.
    let _listener = UnixListener::bind(&socket)?;
    let address = format!("unix:path={}", socket.display());
    let mut asker = Asker::in_haste(&[("DBUS_SESSION_BUS_ADDRESS", &address)]);
    expect_timeout(asker.answer());
    asker.ask_again();
    expect_timeout(asker.answer());
    assert!(asker.ends_well(), "the hanging thread held the process");
    Ok(())
}

/// It was given up at the deadline. However busy the machine is, what is not given up has another answer, or none.
pub fn expect_timeout((took, answer): (Duration, String)) {
    assert_eq!(answer, "Err(TimedOut)");
    assert!(took >= SHORT, "{took:?}");
}

fn empty_bus() -> Completion {
    let Some(bus) = Bus::start() else {
        return Completion::ignored_with("dbus-daemon is not installed");
    };
    let mut asker = Asker::start(&[("DBUS_SESSION_BUS_ADDRESS", &bus.address)]);
    assert_eq!(asker.answer().1, "Err(Missing)");
    assert!(asker.ends_well());
    Completion::Completed
}

fn keyring_started_later() -> Result<Completion, Failed> {
    let folder = tempfile::tempdir()?;
    let address = format!("unix:path={}/bus", folder.path().display());
    let mut asker = Asker::start(&[("DBUS_SESSION_BUS_ADDRESS", &address)]);
    assert_eq!(asker.answer().1, "Err(Missing)");

    let Some(bus) = Bus::start_in(folder) else {
        return Ok(Completion::ignored_with("dbus-daemon is not installed"));
    };
    asker.ask_again();
    assert_eq!(
        asker.answer().1,
        "Err(Missing)",
        "a bus alone is no keyring"
    );

    let (_release, released) = watch::channel(true);
    let _service = serve(&bus, released)?;
    asker.ask_again();
    assert_eq!(asker.answer().1, "Ok(None)");
    assert!(asker.ends_well());
    Ok(Completion::Completed)
}

fn serve(bus: &Bus, released: watch::Receiver<bool>) -> zbus::Result<zbus::blocking::Connection> {
    zbus::blocking::connection::Builder::address(bus.address.as_str())?
        .name("org.freedesktop.secrets")?
        .serve_at("/org/freedesktop/secrets", LateService { released })?
        .build()
}

fn late_keyring() -> Result<Completion, Failed> {
    let Some(bus) = Bus::start() else {
        return Ok(Completion::ignored_with("dbus-daemon is not installed"));
    };
    let (release, released) = watch::channel(false);
    let _service = serve(&bus, released)?;
    let mut asker = Asker::in_haste(&[("DBUS_SESSION_BUS_ADDRESS", &bus.address)]);
    expect_timeout(asker.answer());

    // The answer to a question that was given up; the next question finds the keyring at work.
    release.send(true)?;
    asker.tell(LEISURE);
    assert_eq!(asker.answer().1, "Ok(None)");
    assert!(asker.ends_well());
    Ok(Completion::Completed)
}

/// An empty Secret Service that opens no session before it is released.
struct LateService {
    released: watch::Receiver<bool>,
}

#[zbus::interface(name = "org.freedesktop.Secret.Service")]
impl LateService {
    async fn open_session(
        &self,
        algorithm: String,
        key: OwnedValue,
    ) -> zbus::fdo::Result<(OwnedValue, OwnedObjectPath)> {
        let failed = |reason: &str| zbus::fdo::Error::Failed(reason.to_owned());
        if algorithm != "dh-ietf1024-sha256-aes128-cbc-pkcs7" || key.value_signature() != "ay" {
            return Err(failed("secrets would travel in the clear"));
        }
        let mut released = self.released.clone();
        let gone = |_| failed("the test is over");
        released
            .wait_for(|&released| released)
            .await
            .map_err(gone)?;
        // Any group element will do as a public key: no secret is ever sent.
        let key = Value::from(vec![2_u8]).try_to_owned().unwrap();
        Ok((key, OwnedObjectPath::try_from("/session").unwrap()))
    }

    #[expect(
        clippy::unused_self,
        clippy::needless_pass_by_value,
        reason = "the shape of an operation of the D-Bus interface"
    )]
    fn search_items(
        &self,
        attributes: HashMap<String, String>,
    ) -> zbus::fdo::Result<(Vec<OwnedObjectPath>, Vec<OwnedObjectPath>)> {
        if attributes.get("service").map(String::as_str) == Some("tuilio") {
            Ok((Vec::new(), Vec::new()))
        } else {
            Err(zbus::fdo::Error::Failed("somebody else's item".to_owned()))
        }
    }
}

/// A message bus that knows no services but those that join it.
pub struct Bus {
    daemon: Child,
    pub address: String,
    _folder: tempfile::TempDir,
}

impl Bus {
    /// A new one; none where the machine has none.
    pub fn start() -> Option<Self> {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    fn start_in(folder: tempfile::TempDir) -> Option<Self> {
        let config = folder.path().join("bus.conf");
        let text = format!(
            "<busconfig><type>session</type><listen>unix:path={}/bus</listen>\
             <servicedir>{}</servicedir><policy context=\"default\"><allow send_destination=\"*\"/><allow eavesdrop=\"false\"/>\
             <allow own=\"*\"/></policy></busconfig>",
            folder.path().display(),
            folder.path().display()
        );
        std::fs::write(&config, text).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        Some(Self {
            daemon,
            address: address.trim().to_owned(),
            _folder: folder,
        })
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
