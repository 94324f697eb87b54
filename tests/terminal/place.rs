//! A home of its own for a desk: settings and history in a folder that goes away, and no environment
//! but what is named.

use std::path::{Path, PathBuf};

use portable_pty::CommandBuilder;
use tuilio::domain::HistoryRow;
use tuilio::store::{History, Store};

use crate::pty::{ENTER, ESC, F6, Terminal};
use crate::simulator::Simulator;

/// Somebody within reach.
pub const ADA: &str = "+14155550123";
/// Somebody else.
pub const BOB: &str = "+14155550125";
/// What the desk asks first.
pub const WHOM: &str = "Whose phone are we checking?";

/// What stands in the empty field of a number.
const NUMBER: &str = "number, typed or pasted";

/// The built program.
pub const TUILIO: &str = env!("CARGO_BIN_EXE_tuilio");

/// A home folder.
pub struct Place {
    home: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { home }
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn config(&self) -> PathBuf {
        self.home().join("config")
    }

    pub fn data(&self) -> PathBuf {
        self.home().join("data")
    }

    /// A program at home here, without a keyring.
    pub fn command(&self, program: &str) -> CommandBuilder {
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        // A measurement of coverage says where it is written.
        if let Some(file) = std::env::var_os("LLVM_PROFILE_FILE") {
            command.env("LLVM_PROFILE_FILE", file);
        }
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.home());
        command.env("TERM", "xterm-256color");
        command.env("TZ", "UTC");
        command.cwd(self.home());
        command
    }

    /// The demo, which needs nothing.
    pub fn demo(&self) -> CommandBuilder {
        let mut command = self.command(TUILIO);
        command.arg("demo");
        command
    }

    /// The desk, which asks for Twilio at this address.
    pub fn desk(&self, url: &str) -> CommandBuilder {
        let mut command = self.command(TUILIO);
        command.env("TUILIO_CONFIG_DIR", self.config());
        command.env("TUILIO_DATA_DIR", self.data());
        command.env("TUILIO_API_URL", url);
        command
    }

    /// The desk with keys from the environment; its secret may be another.
    pub fn connected_desk(&self, simulator: &Simulator, secret: &str) -> CommandBuilder {
        let mut command = self.desk(simulator.url());
        for (name, field) in [
            ("TWILIO_ACCOUNT_SID", "account_sid"),
            ("TWILIO_API_KEY", "api_key"),
            ("TWILIO_VERIFY_SERVICE_SID", "verify_service_sid"),
            ("TWILIO_MESSAGING_SERVICE_SID", "messaging_service_sid"),
        ] {
            command.env(name, simulator.word(field));
        }
        command.env("TWILIO_API_SECRET", secret);
        command
    }

    /// The history, newest first. The desk may still be running.
    pub fn history(&self) -> Vec<HistoryRow> {
        Store::open(&self.data())
            .unwrap()
            .page(None, 100)
            .unwrap()
            .rows
    }

    /// No file here holds one of these, in plain bytes.
    pub fn assert_nowhere(&self, secrets: &[&str]) {
        let files = files(self.home());
        assert!(!files.is_empty(), "nothing was looked at");
        for file in files {
            // A file of the history's may go between being listed and being read.
            let bytes = std::fs::read(&file).unwrap_or_default();
            for secret in secrets {
                let found = bytes
                    .windows(secret.len())
                    .any(|at| at == secret.as_bytes());
                assert!(!found, "a secret is in {}", file.display());
            }
        }
    }
}

/// All files below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Starts the desk with keys from the environment, and waits for its first question, and for the service that will
/// send the code: nothing comes in by itself after that.
pub fn connected(place: &Place, simulator: &Simulator) -> Terminal {
    let command = place.connected_desk(simulator, simulator.word("api_secret"));
    let terminal = Terminal::start(command);
    terminal.wait_for("environment");
    terminal.wait_for(WHOM);
    terminal.wait_for("Acme Support");
    terminal
}

/// Starts the demo and waits for its first question, and for the service that will send the code.
pub fn demo(place: &Place) -> Terminal {
    let terminal = Terminal::start(place.demo());
    terminal.wait_for(WHOM);
    terminal.wait_for("Acme Support");
    terminal
}

/// Sends a text to [`BOB`], where the last one may still be shown, and waits for one of these.
pub fn send_text(terminal: &mut Terminal, body: &str, then: &[&str]) {
    if !terminal.screen().contains("[Message]") {
        terminal.press(F6, "[Message]");
    }
    if !terminal.screen().contains(NUMBER) {
        terminal.press(ESC, NUMBER);
    }
    terminal.press("415 555 0125", "+1 415 555 0125");
    terminal.press(ENTER, "Enter review");
    terminal.press(body, body);
    let send = terminal.review();
    let ended = |screen: &str| then.iter().any(|words| screen.contains(words));
    let before = terminal.screen();
    assert!(!ended(&before), "{then:?} was there before:\n{before}");
    terminal.type_keys(send);
    terminal.wait_until("the end of a send", |state| ended(&state.text()));
}
