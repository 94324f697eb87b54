//! What a story finds out at Twilio, and what it plants there.

use std::time::Duration;

use serde_json::Value;
use tuilio::domain::{Secret, Timestamp};
use tuilio::simulator::{Fate, World, host};
use tuilio::twilio::wire::{BasicAuth, Host, Method, Request};

use crate::desk::Desk;

impl Desk {
    /// Gives the world's phones a look: the newest code on one of them.
    #[track_caller]
    pub fn code_on_phone(&self, number: &str) -> String {
        let world = self.line.world.lock().unwrap();
        let code = world
            .phone(number)
            .filter_map(|item| item.code.clone())
            .last();
        code.unwrap_or_else(|| panic!("no code on the phone {number}"))
    }

    /// How many things came to a phone, of all kinds.
    pub fn on_phone(&self, number: &str) -> usize {
        self.line.world.lock().unwrap().phone(number).count()
    }

    /// How many requests of that method went to a path that ends so.
    pub fn requests(&self, method: Method, end: &str) -> usize {
        let log = self.line.log.lock().unwrap();
        log.iter()
            .filter(|request| request.method == method && request.path.ends_with(end))
            .count()
    }

    /// How many times a verification was fetched by itself.
    pub fn looks_at_codes(&self) -> usize {
        let log = self.line.log.lock().unwrap();
        log.iter()
            .filter(|request| {
                request.method == Method::Get && request.path.contains("/Verifications/")
            })
            .count()
    }

    /// What the last request of that method, to a path that ends so, had in a field of its form.
    pub fn last_form_value(&self, end: &str, name: &str) -> Option<String> {
        let log = self.line.log.lock().unwrap();
        log.iter()
            .rev()
            .find(|request| request.path.ends_with(end))
            .and_then(|request| request.form_value(name))
            .map(str::to_owned)
    }

    /// All texts, newest first.
    pub fn messages(&self) -> Vec<Value> {
        let account = self
            .line
            .world
            .lock()
            .unwrap()
            .credentials()
            .account_sid
            .clone();
        self.list(
            &format!("/2010-04-01/Accounts/{account}/Messages.json"),
            "messages",
        )
    }

    /// All sends of codes, newest first.
    pub fn attempts(&self) -> Vec<Value> {
        self.list("/v2/Attempts", "attempts")
    }

    /// Plants a fault.
    pub fn plant(
        &mut self,
        method: &str,
        path: &str,
        fault: &str,
        more: &[(&str, &str)],
    ) -> &mut Self {
        let mut form = vec![("method", method), ("path", path), ("fault", fault)];
        form.extend_from_slice(more);
        self.ask(Method::Post, "/simulator/faults", &form, "");
        self
    }

    /// Plants a fault on sends of texts.
    pub fn plant_on_texts(&mut self, fault: &str) -> &mut Self {
        self.plant("POST", "/2010-04-01/Accounts/*/Messages.json", fault, &[])
    }

    /// The holder of a phone writes to the account's number that wrote to it last.
    pub fn customer_writes(&mut self, number: &str, body: &str) -> &mut Self {
        let path = format!("/simulator/phones/{number}");
        self.ask(Method::Post, &path, &[("body", body)], "");
        self
    }

    /// Makes every answer take that long.
    pub fn latency(&mut self, seconds: f64) -> &mut Self {
        self.line
            .world
            .lock()
            .unwrap()
            .set_latency(Duration::from_secs_f64(seconds));
        self
    }

    /// The first request to a path that ends so was lost on its way, and reaches Twilio after all.
    #[track_caller]
    pub fn arrives_late(&mut self, end: &str) -> &mut Self {
        let log = self.line.log.lock().unwrap().clone();
        let lost = log
            .iter()
            .find(|request| request.method == Method::Post && request.path.ends_with(end));
        let now = self.now() - self.ahead;
        let mut world = self.line.world.lock().unwrap();
        let arrives = world.handle(now, lost.unwrap());
        assert!(matches!(arrives, Fate::Answer { response, .. } if response.status == 201));
        drop(world);
        self
    }

    /// Somebody else of the company checks a code, by another program.
    pub fn colleague_checks(&mut self, number: &str, code: &str) -> &mut Self {
        let service = self
            .line
            .world
            .lock()
            .unwrap()
            .credentials()
            .verify_service_sid
            .clone();
        let path = format!("/v2/Services/{service}/VerificationCheck");
        self.ask(Method::Post, &path, &[("To", number), ("Code", code)], "");
        self
    }

    fn list(&self, path: &str, name: &str) -> Vec<Value> {
        let now = self.now() - self.ahead;
        list(&self.line.world.lock().unwrap(), now, path, name)
    }

    fn ask(&self, method: Method, path: &str, form: &[(&str, &str)], list: &str) -> Vec<Value> {
        // By the world's own clock, however wrong the desk's may be.
        let now = self.now() - self.ahead;
        ask(
            &mut self.line.world.lock().unwrap(),
            now,
            method,
            path,
            form,
            list,
        )
    }
}

/// A list as it truly is, whatever faults are planted and without leaving a trace.
pub(crate) fn list(world: &World, now: Timestamp, path: &str, list: &str) -> Vec<Value> {
    let mut world = world.clone();
    ask(
        &mut world,
        now,
        Method::Delete,
        "/simulator/faults",
        &[],
        "",
    );
    ask(&mut world, now, Method::Get, path, &[], list)
}

/// Asks the world itself.
pub(crate) fn ask(
    world: &mut World,
    now: Timestamp,
    method: Method,
    path: &str,
    form: &[(&str, &str)],
    list: &str,
) -> Vec<Value> {
    let auth = BasicAuth {
        username: world.credentials().account_sid.clone(),
        password: Secret::new(world.credentials().auth_token.expose()),
    };
    let request = Request {
        method,
        host: host(path).unwrap_or(Host::Api),
        path: path.to_owned(),
        query: vec![("PageSize".to_owned(), "100".to_owned())],
        form: form
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        auth: Some(auth),
    };
    let Fate::Answer { response, .. } = world.handle(now, &request) else {
        panic!("no answer to {request:?}")
    };
    assert!(
        response.status < 300,
        "{request:?}: {}",
        String::from_utf8_lossy(&response.body)
    );
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    body[list].as_array().cloned().unwrap_or_default()
}
