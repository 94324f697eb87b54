//! What the simulator holds, asked as any client of Twilio asks.

use std::io::{Read, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::simulator::Simulator;

/// The simulator's own side of things.
pub struct Twilio<'a>(pub &'a Simulator);

impl Twilio<'_> {
    /// The SIDs of the texts to a number, of which each round has its own.
    pub fn texts(&self, to: &str) -> Vec<String> {
        let account = self.0.word("account_sid");
        let to = to.replace('+', "%2B");
        let path = format!("/2010-04-01/Accounts/{account}/Messages.json?To={to}&PageSize=50");
        let (status, list) = self.ask("GET", &path, "");
        assert_eq!(status, 200);
        let messages = list["messages"].as_array().unwrap();
        let sid = |message: &Value| message["sid"].as_str().unwrap().to_owned();
        messages.iter().map(sid).collect()
    }

    /// How many codes came to a phone.
    pub fn codes(&self, to: &str) -> usize {
        let items = self.0.phone(to);
        items.iter().filter(|item| item["code"].is_string()).count()
    }

    /// The verifications that were sent to a number, each with whether it was approved.
    pub fn verifications(&self, to: &str) -> Vec<(String, bool)> {
        let to = to.replace('+', "%2B");
        let path = format!("/v2/Attempts?ChannelData.To={to}&PageSize=50");
        let (status, list) = self.ask("GET", &path, "");
        assert_eq!(status, 200);
        let attempts = list["attempts"].as_array().unwrap();
        let read = |attempt: &Value| {
            let sid = attempt["verification_sid"].as_str().unwrap().to_owned();
            (sid, attempt["conversion_status"] == "converted")
        };
        attempts.iter().map(read).collect()
    }

    /// Sends a code to a number, by nobody's history.
    pub fn start(&self, to: &str) {
        let service = self.0.word("verify_service_sid");
        let path = format!("/v2/Services/{service}/Verifications");
        let form = format!("To={}&Channel=sms", to.replace('+', "%2B"));
        assert_eq!(self.ask("POST", &path, &form).0, 201);
    }

    fn ask(&self, method: &str, path: &str, form: &str) -> (u16, Value) {
        let host = self.0.address();
        let keys = format!(
            "{}:{}",
            self.0.word("account_sid"),
            self.0.word("auth_token")
        );
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {}\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{form}",
            STANDARD.encode(keys),
            form.len()
        );
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap())
    }
}
