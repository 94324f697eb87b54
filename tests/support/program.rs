//! The program from outside: command lines, most of them against a simulator.
//!
//! Nothing of the machine comes in: the environment is emptied, and settings and history lie in folders
//! of their own, which go away with the test.
#![expect(clippy::expect_used, reason = "a test that cannot go on says where")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::simulator::{STARTING, Simulator};

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_tuilio");

/// A machine of its own: folders and an environment for command lines.
pub struct Tuilio {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Tuilio {
    /// Without keys.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        let environment = [
            ("TUILIO_CONFIG_DIR", path("config")),
            ("TUILIO_DATA_DIR", path("data")),
            ("HOME", path("home")),
            ("TZ", "UTC".to_owned()),
        ];
        let environment = environment.map(|(name, value)| (name.to_owned(), value));
        Self {
            folder,
            environment: environment.into(),
        }
    }

    /// With the keys of a simulator in the environment, and its service and number.
    pub fn at(simulator: &Simulator) -> Self {
        Self::new()
            .with("TUILIO_API_URL", simulator.url())
            .with("TWILIO_ACCOUNT_SID", simulator.word("account_sid"))
            .with("TWILIO_API_KEY", simulator.word("api_key"))
            .with("TWILIO_API_SECRET", simulator.word("api_secret"))
            .with(
                "TWILIO_VERIFY_SERVICE_SID",
                simulator.word("verify_service_sid"),
            )
            .with("TWILIO_FROM_NUMBER", simulator.word("from_number"))
    }

    /// The same with a variable; an empty value counts as none.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(other, _)| other != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The folder of the settings.
    pub fn config_dir(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// The folder of the history.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A place beside both.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A command line, ready to start.
    pub fn command(&self, line: &[&str]) -> Command {
        self.command_of(PROGRAM, line)
    }

    /// A command line of another program, in the same environment.
    pub fn command_of(&self, program: &str, line: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(line)
            .env_clear()
            // A measurement of coverage says where it is written.
            .envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)))
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command line with nothing on standard input.
    pub fn run(&self, line: &[&str]) -> Ended {
        self.feed(line, "")
    }

    /// Runs a command line with that on standard input.
    pub fn feed(&self, line: &[&str], input: impl AsRef<[u8]>) -> Ended {
        let mut child = self.start(line);
        let mut stdin = child.stdin.take().expect("it has an input");
        // A command that refuses its line reads nothing.
        let _ = stdin.write_all(input.as_ref());
        drop(stdin);
        child.wait_with_output().expect("it ends").into()
    }

    /// Starts a command line and leaves it running, with all three streams piped.
    pub fn start(&self, line: &[&str]) -> Child {
        let _alone = STARTING.lock();
        self.command(line)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }

    /// The rows of the history, newest first.
    pub fn history(&self) -> Vec<Value> {
        let ended = self.run(&["history", "--json"]);
        ended.object()["rows"]
            .as_array()
            .expect("there are rows")
            .clone()
    }
}

/// How a command line ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit status; none where a signal killed it.
    pub code: Option<i32>,
    /// Data.
    pub stdout: String,
    /// Talk.
    pub stderr: String,
}

impl Ended {
    /// The one object on standard output.
    pub fn object(&self) -> Value {
        assert_eq!(self.stdout.matches('\n').count(), 1, "{self:?}");
        assert!(self.stdout.ends_with('\n'), "{self:?}");
        let object: Value = serde_json::from_str(&self.stdout).expect("it is JSON");
        assert_eq!(object["schema"], 1);
        assert_eq!(object["exit"], self.code.unwrap_or(-1), "{self:?}");
        assert_eq!(object["ok"], self.code == Some(0), "{self:?}");
        object
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("all output is UTF-8");
        Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}
