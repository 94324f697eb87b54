//! The program from outside: a simulator as a child, and command lines against it.
//!
//! Nothing of the machine comes in: the environment is emptied, and settings and history lie in folders
//! of their own. Children are stopped when their guards go, also where a test fails.
#![expect(clippy::expect_used, reason = "a test that cannot go on says where")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_tuilio");

/// A simulator in a process of its own.
pub struct Simulator {
    child: Child,
    /// Its first line: where it is, and the keys to it.
    pub line: Value,
}

impl Simulator {
    /// One of a scene, with more options.
    pub fn start(scene: &str, more: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["simulator", "--listen", "127.0.0.1:0", "--scene", scene])
            .args(more)
            .env_clear()
            .stdout(Stdio::piped())
            .spawn()
            .expect("the simulator starts");
        let mut text = String::new();
        let stdout = child.stdout.as_mut().expect("it has an output");
        BufReader::new(stdout)
            .read_line(&mut text)
            .expect("it says where it is");
        let line = serde_json::from_str(&text).expect("its first line is JSON");
        Self { child, line }
    }

    /// A word of its first line.
    pub fn word(&self, name: &str) -> &str {
        self.line[name].as_str().expect("the first line has it")
    }

    /// A GET of its own paths.
    pub fn get(&self, path: &str) -> Value {
        let body = self.talk("GET", path, "");
        serde_json::from_str(&body).expect("it answers in JSON")
    }

    /// Plants a fault.
    pub fn plant(&self, fault: &Value) {
        self.talk("POST", "/simulator/faults", &fault.to_string());
    }

    /// Plants a fault on sends of texts.
    pub fn plant_on_texts(&self, fault: &str) {
        self.plant(&json!({"method": "POST", "path": "/2010-04-01/Accounts/*/Messages.json", "fault": fault}));
    }

    /// What has arrived on a phone.
    pub fn phone(&self, number: &str) -> Vec<Value> {
        let items = self.get(&format!("/simulator/phones/{number}"));
        items.as_array().expect("a list").clone()
    }

    /// The newest code on a phone.
    pub fn code(&self, number: &str) -> String {
        let items = self.phone(number);
        let code = items.last().and_then(|item| item["code"].as_str());
        code.expect("a code has arrived").to_owned()
    }

    /// One request over a connection of its own; what comes after the head.
    fn talk(&self, method: &str, path: &str, body: &str) -> String {
        let address = self.word("url").trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).expect("it listens");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("it hears");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("it answers");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 20"), "{head}\n{body}");
        body.to_owned()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

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
            .with("TUILIO_API_URL", simulator.word("url"))
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
        let mut command = Command::new(PROGRAM);
        command
            .args(line)
            .env_clear()
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
