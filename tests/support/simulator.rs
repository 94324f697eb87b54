//! A simulator of our own: the built binary as a server, gone with whoever started it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

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

    /// Starts one on an address, with more options.
    pub fn listening(address: &str, options: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_tuilio"))
            .args(["simulator", "--listen", address])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut greeting = String::new();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        stdout.read_line(&mut greeting).unwrap();
        let greeted = serde_json::from_str(&greeting).unwrap_or_default();
        let simulator = Self {
            process,
            greeting: greeting.trim_end().to_owned(),
            greeted,
        };
        assert!(
            simulator.greeted.is_object(),
            "not a greeting: {greeting:?}"
        );
        simulator
    }

    /// A word of the first line, such as `auth_token`.
    pub fn word(&self, name: &str) -> &str {
        self.greeted[name].as_str().unwrap()
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        self.word("url")
    }

    /// Its address and port.
    pub fn address(&self) -> &str {
        self.url().strip_prefix("http://").unwrap()
    }

    /// What arrived on a phone, oldest first.
    pub fn phone(&self, number: &str) -> Vec<Value> {
        let body = self.read(&format!("/simulator/phones/{number}"));
        match serde_json::from_str(&body) {
            Ok(Value::Array(items)) => items,
            _ => panic!("not a list: {body}"),
        }
    }

    /// The newest code on a phone.
    pub fn code(&self, number: &str) -> String {
        let newest = self.phone(number).pop().expect("nothing arrived");
        newest["code"].as_str().expect("no code in it").to_owned()
    }

    fn read(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        let host = self.address();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
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
