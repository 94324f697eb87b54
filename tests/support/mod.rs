//! A caller at a simulated account: it asks the world directly, and its clock moves when it says so.

use std::time::Duration;

use serde_json::Value;
use tuilio::domain::{Secret, Timestamp};
use tuilio::simulator::{Fate, Scene, World, host};
use tuilio::twilio::wire::{BasicAuth, Host, Method, Request, Response};

/// When every test begins.
pub const START: &str = "2026-03-04T05:06:07Z";

pub struct Caller {
    pub world: World,
    pub at: Timestamp,
}

impl Caller {
    pub fn new(scene: &str) -> Self {
        let at = START.parse().unwrap();
        Self {
            world: World::new(7, Scene::named(scene).unwrap(), at),
            at,
        }
    }

    pub fn wait(&mut self, seconds: f64) {
        self.at += Duration::from_secs_f64(seconds);
    }

    pub fn request(&self, method: Method, link: &str, form: &[(&str, &str)]) -> Request {
        let (path, query) = link.split_once('?').unwrap_or((link, ""));
        let credentials = self.world.credentials();
        Request {
            method,
            host: host(path).unwrap_or(Host::Api),
            path: path.to_owned(),
            query: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            form: form
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            auth: Some(BasicAuth {
                username: credentials.account_sid.clone(),
                password: Secret::new(credentials.auth_token.expose()),
            }),
        }
    }

    pub fn fate(&mut self, request: &Request) -> Fate {
        self.world.handle(self.at, request)
    }

    pub fn ask(&mut self, request: &Request) -> Response {
        match self.fate(request) {
            Fate::Answer { response, .. } => response,
            other => panic!("no answer but {other:?}"),
        }
    }

    fn json(&mut self, request: &Request) -> (u16, Value) {
        let response = self.ask(request);
        let body = if response.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&response.body).unwrap()
        };
        (response.status, body)
    }

    pub fn get(&mut self, link: &str) -> (u16, Value) {
        let request = self.request(Method::Get, link, &[]);
        self.json(&request)
    }

    pub fn post(&mut self, link: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let request = self.request(Method::Post, link, form);
        self.json(&request)
    }

    pub fn delete(&mut self, link: &str) -> (u16, Value) {
        let request = self.request(Method::Delete, link, &[]);
        self.json(&request)
    }

    /// A path below the account.
    pub fn account(&self, below: &str) -> String {
        let sid = &self.world.credentials().account_sid;
        format!("/2010-04-01/Accounts/{sid}{below}")
    }

    /// A path below the first Verify service.
    pub fn service(&self, below: &str) -> String {
        let sid = &self.world.credentials().verify_service_sid;
        format!("/v2/Services/{sid}{below}")
    }

    /// Sends a text from the account's number, with more fields or others in place.
    pub fn send(&mut self, to: &str, more: &[(&str, &str)]) -> (u16, Value) {
        let from = self.world.credentials().from_number.clone();
        let mut form = vec![("To", to), ("From", from.as_str()), ("Body", "Hello")];
        form.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        form.extend_from_slice(more);
        let path = self.account("/Messages.json");
        self.post(&path, &form)
    }

    pub fn start(&mut self, to: &str, channel: &str) -> (u16, Value) {
        let path = self.service("/Verifications");
        self.post(&path, &[("To", to), ("Channel", channel)])
    }

    pub fn check(&mut self, to: &str, code: &str) -> (u16, Value) {
        let path = self.service("/VerificationCheck");
        self.post(&path, &[("To", to), ("Code", code)])
    }

    /// The last code on a phone.
    pub fn code(&self, address: &str) -> String {
        let last = self.world.phone(address).last().expect("nothing arrived");
        last.code.clone().expect("no code in it")
    }
}
