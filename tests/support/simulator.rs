//! A simulator of our own: the built binary as a server, gone with whoever started it.
//!
//! Nothing of the machine comes in: its environment is empty. The guard exists before the first line is
//! read, so the process is stopped also where that line is not what it should be.
#![expect(clippy::expect_used, reason = "a test that cannot go on says where")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Held while a process is started: one that starts while a pseudo-terminal is being opened would inherit
/// its ends, and keep it open for as long as it runs.
pub static STARTING: Mutex<()> = Mutex::new(());

/// A port of this machine at which nobody listens, and which nobody else gets while this is held: the near end
/// of a connection has it.
pub struct Nobody {
    near: TcpStream,
    _far: TcpListener,
}

impl Nobody {
    pub fn new() -> Self {
        let far = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let near = far.local_addr().and_then(TcpStream::connect);
        Self {
            near: near.expect("it listens"),
            _far: far,
        }
    }

    /// Where nobody answers.
    pub fn url(&self) -> String {
        format!("http://{}", self.near.local_addr().expect("it is open"))
    }
}

/// A running simulator.
pub struct Simulator {
    process: Child,
    /// Its first line, as printed.
    pub greeting: String,
    greeted: Value,
}

impl Simulator {
    /// Starts one on a free port, with more options.
    pub fn start(options: &[&str]) -> Self {
        Self::listening("127.0.0.1:0", options)
    }

    /// Starts one whose address another one may take over later, since no other test gets it in between. All of
    /// 127.0.0.0/8 is the machine itself where there is Linux; elsewhere it is left to chance.
    pub fn apart(options: &[&str]) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = std::process::id() << 2 | STARTED.fetch_add(1, Ordering::SeqCst) & 3;
        let [_, one, two, three] = number.to_be_bytes();
        if cfg!(target_os = "linux") {
            Self::listening(&format!("127.{one}.{two}.{three}:0"), options)
        } else {
            Self::start(options)
        }
    }

    /// Starts one on an address, with more options.
    pub fn listening(address: &str, options: &[&str]) -> Self {
        let alone = STARTING.lock();
        let process = Command::new(env!("CARGO_BIN_EXE_tuilio"))
            .args(["simulator", "--listen", address])
            .args(options)
            .env_clear()
            // A measurement of coverage says where it is written.
            .envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the simulator starts");
        drop(alone);
        let mut simulator = Self {
            process,
            greeting: String::new(),
            greeted: Value::Null,
        };
        simulator.hear();
        simulator
    }

    /// Reads the first line. The output stays open for as long as the process runs.
    fn hear(&mut self) {
        let stdout = self.process.stdout.as_mut().expect("it has an output");
        BufReader::new(stdout)
            .read_line(&mut self.greeting)
            .expect("it says where it is");
        self.greeting.truncate(self.greeting.trim_end().len());
        self.greeted = serde_json::from_str(&self.greeting).unwrap_or_default();
        let greeting = &self.greeting;
        assert!(self.greeted.is_object(), "not a greeting: {greeting:?}");
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// A word of the first line, such as `auth_token`.
    pub fn word(&self, name: &str) -> &str {
        self.greeted[name].as_str().expect("the first line has it")
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        self.word("url")
    }

    /// Its address and port.
    pub fn address(&self) -> &str {
        self.url().strip_prefix("http://").expect("a plain origin")
    }

    /// A GET of its own paths.
    pub fn get(&self, path: &str) -> Value {
        let body = self.talk("GET", path, "", 200);
        serde_json::from_str(&body).expect("it answers in JSON")
    }

    /// What arrived on a phone, oldest first.
    pub fn phone(&self, number: &str) -> Vec<Value> {
        match self.get(&format!("/simulator/phones/{number}")) {
            Value::Array(items) => items,
            other => panic!("not a list: {other}"),
        }
    }

    /// Waits until something has arrived on a phone.
    pub fn wait_for_phone(&self, number: &str) {
        let deadline = Instant::now() + Duration::from_mins(2);
        while self.phone(number).is_empty() {
            assert!(Instant::now() < deadline, "nothing came to {number}");
            std::thread::yield_now();
        }
    }

    /// The newest code on a phone.
    pub fn code(&self, number: &str) -> String {
        let newest = self.phone(number).pop().expect("something arrived");
        newest["code"].as_str().expect("a code is in it").to_owned()
    }

    /// Plants a fault.
    pub fn plant(&self, fault: &Value) {
        self.talk("POST", "/simulator/faults", &fault.to_string(), 201);
    }

    /// Plants a fault on sends of texts.
    pub fn plant_on_texts(&self, fault: &str) {
        self.plant(&json!({"method": "POST", "path": "/2010-04-01/Accounts/*/Messages.json", "fault": fault}));
    }

    /// One request over a connection of its own, which must have that status; what comes after the head.
    fn talk(&self, method: &str, path: &str, body: &str, status: u16) -> String {
        let host = self.address();
        let mut stream = TcpStream::connect(host).expect("it listens");
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("it hears");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("it answers");
        let (head, body) = response.split_once("\r\n\r\n").expect("a head and a body");
        let answered = head.starts_with(&format!("HTTP/1.1 {status} "));
        assert!(answered, "{head}\n{body}");
        body.to_owned()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about it here.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
