//! A Twilio in this process, for sessions on a bad disk: what is sent to it, and what it then holds.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tuilio::domain::connection::Credentials;
use tuilio::domain::sid::VerifyServiceSid;
use tuilio::domain::{PhoneNumber, Secret, Timestamp};
use tuilio::simulator::{Fate, Scene, SimulatedClock, SimulatorTransport, World, host};
use tuilio::twilio::wire::{BasicAuth, Host, Method, Request};
use tuilio::twilio::{Client, TwilioConfig};

/// The account, its service and its number.
pub struct Twilio {
    door: SimulatorTransport,
    account_sid: String,
    auth_token: String,
    pub service: VerifyServiceSid,
    pub number: PhoneNumber,
}

impl Twilio {
    /// A new one, which answers at once.
    pub fn new() -> Self {
        let now = Timestamp::now();
        let mut world = World::new(7, Scene::named("happy").unwrap(), now);
        world.set_latency(Duration::ZERO);
        let credentials = world.credentials();
        let account_sid = credentials.account_sid.clone();
        let auth_token = credentials.auth_token.expose().to_owned();
        let service = credentials.verify_service_sid.parse().unwrap();
        let number = PhoneNumber::from_e164(&credentials.from_number).unwrap();
        let clock = SimulatedClock::new(now, tuilio::simulator::TimeScale::default());
        Self {
            door: SimulatorTransport::new(world, clock),
            account_sid,
            auth_token,
            service,
            number,
        }
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        let keys = Credentials::AuthToken(Secret::new(&self.auth_token));
        let config = TwilioConfig::new(self.account_sid.parse().unwrap(), keys);
        Client::new(config, Arc::new(self.door.clone()))
    }

    /// All texts.
    pub fn messages(&self) -> Vec<Value> {
        let path = format!("/2010-04-01/Accounts/{}/Messages.json", self.account_sid);
        self.ask(Method::Get, &path, &[], "messages")
    }

    /// All sends of codes.
    pub fn attempts(&self) -> Vec<Value> {
        self.ask(Method::Get, "/v2/Attempts", &[], "attempts")
    }

    /// The newest code on a phone; none where nothing came.
    pub fn code(&self, number: &str) -> Option<String> {
        self.door.simulation().with_world(|world| {
            let codes = world.phone(number).filter_map(|item| item.code.clone());
            codes.last()
        })
    }

    /// The answer to the next text is lost.
    pub fn loses_the_next_answer(&self) {
        let fault = [
            ("method", "POST"),
            ("path", "/2010-04-01/Accounts/*/Messages.json"),
            ("fault", "cut_after_store"),
        ];
        self.ask(Method::Post, "/simulator/faults", &fault, "");
    }

    /// Faults that did not strike are taken back.
    pub fn is_well_again(&self) {
        self.ask(Method::Delete, "/simulator/faults", &[], "");
    }

    fn ask(&self, method: Method, path: &str, form: &[(&str, &str)], list: &str) -> Vec<Value> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let request = Request {
            method,
            host: host(path).unwrap_or(Host::Api),
            path: path.to_owned(),
            query: vec![("PageSize".to_owned(), "1000".to_owned())],
            form: form.iter().map(owned).collect(),
            auth: Some(BasicAuth {
                username: self.account_sid.clone(),
                password: Secret::new(&self.auth_token),
            }),
        };
        let Fate::Answer { response, .. } = self.door.simulation().handle(&request) else {
            panic!("no answer to {method:?} {path}")
        };
        assert!(
            response.status < 300,
            "{method:?} {path}: {}",
            response.status
        );
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        body[list].as_array().cloned().unwrap_or_default()
    }
}
