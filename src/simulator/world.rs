//! The world itself: one account at a pretend Twilio, and the one way to speak to it.
//!
//! [`World::handle`] is the only thing that changes it, and everything else follows from the moment that
//! is asked about. There is no clock, no thread and no chance in it: the same seed, scene, start and
//! requests give the same answers, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Bound;
use std::time::Duration;

use super::account::{FROM_NUMBER, OwnedNumber};
use super::answer::{Answer, Refusal, response};
use super::attempts::Attempt;
use super::codes;
use super::credentials::Credentials;
use super::dice::Dice;
use super::faults::{self, FaultPlan, Strike};
use super::messages::Message;
use super::phones::{PhoneItem, UnderWay};
use super::recipient::Does;
use super::route::{Place, Route, host, place};
use super::scene::Scene;
use super::services::{MessagingService, VerifyService};
use super::shelf::Shelf;
use super::verify::Verification;
use crate::domain::Timestamp;
use crate::twilio::wire::Method::{Delete, Get, Post};
use crate::twilio::wire::{Request, Response};

/// A pretend Twilio with one account. Plain data: a clone is another world with the same past.
#[derive(Clone)]
pub struct World {
    pub(super) now: Timestamp,
    pub(super) founded: Timestamp,
    pub(super) origin: String,
    pub(super) latency: Duration,
    pub(super) scene: Scene,
    pub(super) dice: Dice,
    pub(super) credentials: Credentials,
    pub(super) numbers: Vec<OwnedNumber>,
    pub(super) messaging_services: Vec<MessagingService>,
    pub(super) verify_services: Vec<VerifyService>,
    pub(super) messages: Shelf<Message>,
    pub(super) verifications: Shelf<Verification>,
    /// The latest verification by service and recipient.
    pub(super) latest: BTreeMap<(String, String), String>,
    pub(super) attempts: Shelf<Attempt>,
    pub(super) phones: Vec<PhoneItem>,
    pub(super) under_way: BTreeMap<(Timestamp, u64), UnderWay>,
    pub(super) parcels: u64,
    /// What people are going to do, in the order of time.
    pub(super) plans: BTreeMap<(Timestamp, u64), Plan>,
    /// Who has opted out of texts from whom: sender or Messaging Service, and number.
    pub(super) opted_out: BTreeSet<(String, String)>,
    /// Moments at which something visible changes.
    pub(super) agenda: BTreeSet<Timestamp>,
    pub(super) faults: Vec<FaultPlan>,
}

/// What somebody is going to do.
#[derive(Clone)]
pub(super) enum Plan {
    /// A colleague at another desk, to a verification.
    Colleague { verification: String, does: Does },
    /// A customer, to a text.
    Reply {
        from: String,
        to: String,
        body: String,
    },
}

/// What a door does for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It answers, after that long in real time.
    Answer {
        /// What it answers.
        response: Response,
        /// How long it waits before.
        delay: Duration,
    },
    /// It closes the connection without a word.
    Cut {
        /// How long it waits before.
        delay: Duration,
    },
    /// It sends head and half of the body, then closes the connection.
    CutMidBody {
        /// What it would have answered.
        response: Response,
        /// How long it waits before.
        delay: Duration,
    },
}

impl World {
    /// A new world. `start` is the moment at which the account has just been set up.
    pub fn new(seed: u64, scene: Scene, start: Timestamp) -> Self {
        let mut dice = Dice::new(seed);
        let credentials = Credentials::roll(&mut dice, FROM_NUMBER);
        let numbers = OwnedNumber::all(|| dice.sid("PN"));
        let pool = numbers.iter().filter(|n| n.sms).map(|n| n.number).collect();
        let messaging_services =
            MessagingService::all(&credentials.messaging_service_sid, dice.sid("MG"), pool);
        let verify_services =
            VerifyService::all(&credentials.verify_service_sid, || dice.sid("VA"));
        Self {
            now: start,
            founded: start,
            origin: "http://127.0.0.1".to_owned(),
            latency: Duration::from_millis(scene.latency_ms()),
            faults: scene.faults.clone(),
            scene,
            dice,
            credentials,
            numbers,
            messaging_services,
            verify_services,
            messages: Shelf::default(),
            verifications: Shelf::default(),
            latest: BTreeMap::new(),
            attempts: Shelf::default(),
            phones: Vec::new(),
            under_way: BTreeMap::new(),
            parcels: 0,
            plans: BTreeMap::new(),
            opted_out: BTreeSet::new(),
            agenda: BTreeSet::new(),
        }
    }

    /// Tells it where it is reached, for the absolute links in its answers: no final slash.
    pub fn set_origin(&mut self, origin: impl Into<String>) {
        self.origin = origin.into();
    }

    /// Makes every answer take that long, in real time.
    pub fn set_latency(&mut self, latency: Duration) {
        self.latency = latency;
    }

    /// What a client needs to use it.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Its account is a trial one.
    pub fn is_trial(&self) -> bool {
        self.scene.account.trial
    }

    /// The moment up to which everything has happened.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Lets time pass. A moment that is over already changes nothing.
    pub fn advance(&mut self, at: Timestamp) {
        let until = self.now.max(at);
        while let Some(entry) = self.plans.first_entry() {
            if entry.key().0 > until {
                break;
            }
            self.now = self.now.max(entry.key().0);
            let plan = entry.remove();
            self.carry_out(plan);
        }
        self.now = until;
        self.arrive();
        while self
            .agenda
            .first()
            .is_some_and(|moment| *moment <= self.now)
        {
            self.agenda.pop_first();
        }
    }

    /// When something visible changes next: a status, a price, an expiry, or something on a phone.
    pub fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        self.agenda
            .range((Bound::Excluded(after), Bound::Unbounded))
            .next()
            .copied()
    }

    /// Lets one request happen.
    pub fn handle(&mut self, at: Timestamp, request: &Request) -> Fate {
        self.advance(at);
        let place = place(&request.path);
        if let Some(Place {
            route: route @ (Route::Faults | Route::Phone { .. }),
            ..
        }) = &place
        {
            let said = self.back_door(route, request);
            return Fate::Answer {
                response: self.respond(said),
                delay: Duration::ZERO,
            };
        }
        let strike = if request.path.starts_with("/simulator/") {
            None
        } else {
            faults::take(&mut self.faults, request)
        };
        self.suffer(strike, place, request)
    }

    /// The answer to a request whose method no resource knows.
    pub fn refuse_method(&mut self, at: Timestamp, method: &str) -> Response {
        self.advance(at);
        self.respond(Err(Refusal::wrong_method(method)))
    }

    /// The answer to a request that cannot be read.
    pub fn refuse_form(&mut self, at: Timestamp, why: &str) -> Response {
        self.advance(at);
        self.respond(Err(Refusal::bad(20422, why)))
    }

    /// Somebody is going to do that.
    pub(super) fn plan(&mut self, at: Timestamp, plan: Plan) {
        self.agenda.insert(at);
        let place = (at, self.parcels);
        self.parcels += 1;
        self.plans.insert(place, plan);
    }

    fn carry_out(&mut self, plan: Plan) {
        match plan {
            Plan::Colleague { verification, does } => self.colleague_does(&verification, does),
            Plan::Reply { from, to, body } => self.customer_writes(&from, &to, &body),
        }
    }

    fn suffer(&mut self, strike: Option<Strike>, place: Option<Place>, request: &Request) -> Fate {
        let delay = self.latency;
        match strike {
            Some(Strike::Refuse(refusal)) => {
                let response = self.respond(Err(refusal));
                return Fate::Answer { response, delay };
            }
            Some(Strike::CutBefore) => return Fate::Cut { delay },
            _ => {}
        }
        let said = self.perform(place, request);
        let mut response = self.respond(said);
        match strike {
            Some(Strike::Late(late)) => Fate::Answer {
                response,
                delay: delay + late,
            },
            Some(Strike::ErrorAfter(refusal)) => Fate::Answer {
                response: self.respond(Err(refusal)),
                delay,
            },
            Some(Strike::CutAfter) => Fate::Cut { delay },
            Some(Strike::CutMidBody) => Fate::CutMidBody { response, delay },
            Some(Strike::Malformed) => {
                faults::malform(&mut response.body);
                Fate::Answer { response, delay }
            }
            Some(Strike::Oversized) => {
                faults::swell(&mut response.body);
                Fate::Answer { response, delay }
            }
            Some(Strike::Refuse(_) | Strike::CutBefore) | None => Fate::Answer { response, delay },
        }
    }

    fn respond(&mut self, said: Result<Answer, Refusal>) -> Response {
        let request_id = self.dice.request_id();
        response(said, &request_id, self.now)
    }

    fn back_door(&mut self, route: &Route, request: &Request) -> Result<Answer, Refusal> {
        match (request.method, route) {
            (Get, Route::Phone { address }) => Ok(Answer::ok(serde_json::json!(
                self.phone(plain(address)).collect::<Vec<_>>()
            ))),
            (Post, Route::Phone { address }) => self.write_from_phone(plain(address), request),
            (Get, Route::Faults) => Ok(Answer::ok(serde_json::json!(self.faults))),
            (Post, Route::Faults) => {
                let plan =
                    FaultPlan::read(&request.form).map_err(|why| Refusal::bad(20422, why))?;
                let body = serde_json::json!(plan);
                self.faults.push(plan);
                Ok(Answer::created(body))
            }
            (Delete, Route::Faults) => {
                self.faults.clear();
                Ok(Answer::deleted())
            }
            _ => Err(Refusal::wrong_method(request.method.as_str())),
        }
    }

    fn perform(&mut self, place: Option<Place>, request: &Request) -> Result<Answer, Refusal> {
        let path = request.path.as_str();
        if path.starts_with("/simulator/") {
            return Err(Refusal::not_found(path));
        }
        let key = self.authenticate(request)?;
        if let Some(no) = &self.scene.account.refused
            && path.starts_with(&no.under)
        {
            let message = codes::sentence(no.code);
            return Err(Refusal::new(no.status, no.code, message));
        }
        let place = place
            .filter(|_| host(path) == Some(request.host))
            .ok_or_else(|| Refusal::not_found(path))?;
        let account = &self.credentials.account_sid;
        if place.account.as_ref().is_some_and(|sid| sid != account) {
            return Err(Refusal::unauthenticated());
        }
        // A standard key reaches everything but the accounts themselves.
        if key == Key::Standard && matches!(place.route, Route::Accounts | Route::Account { .. }) {
            return Err(Refusal::unauthenticated());
        }
        match (request.method, &place.route) {
            (Get, Route::Accounts) => Ok(self.list_accounts(request)),
            (Get, Route::Account { .. }) => Ok(self.fetch_account()),
            (Get, Route::Balance) => Ok(self.fetch_balance()),
            (Get, Route::Numbers) => Ok(self.list_numbers(request)),
            (Get, Route::Number { sid }) => self.fetch_number(sid, path),
            (Post, Route::Messages) => self.create_message(request),
            (Get, Route::Messages) => Ok(self.list_messages(request)),
            (Get, Route::Message { sid }) => self.fetch_message(sid, path),
            (Post, Route::Message { sid }) => self.update_message(sid, request),
            (Delete, Route::Message { sid }) => self.delete_message(sid, path),
            (Get, Route::MediaList { message }) => self.list_media(message, request),
            (Get, Route::Media { message, sid }) => self.fetch_media(message, sid, path),
            (Post, Route::Feedback { message }) => self.create_feedback(message, request),
            (Get, Route::MessagingServices) => Ok(self.list_messaging_services(request)),
            (Get, Route::MessagingService { sid }) => self.fetch_messaging_service(sid, path),
            (Get, Route::Senders { service }) => self.list_senders(service, request),
            (Get, Route::VerifyServices) => Ok(self.list_verify_services(request)),
            (Get, Route::VerifyService { sid }) => self.fetch_verify_service(sid, path),
            (Post, Route::Verifications { service }) => self.start_verification(service, request),
            (Get, Route::Verification { service, key }) => {
                self.fetch_verification(service, key, path)
            }
            (Post, Route::Verification { service, key }) => {
                self.update_verification(service, key, request)
            }
            (Post, Route::VerificationCheck { service }) => {
                self.check_verification(service, request)
            }
            (Get, Route::Attempts) => Ok(self.list_attempts(request)),
            (Get, Route::AttemptSummary) => Ok(self.summarise_attempts(request)),
            (Get, Route::Attempt { sid }) => self.fetch_attempt(sid, path),
            (Get, Route::Lookup { number }) => Ok(self.look_up(number, request)),
            _ => Err(Refusal::wrong_method(request.method.as_str())),
        }
    }

    fn authenticate(&self, request: &Request) -> Result<Key, Refusal> {
        let auth = request.auth.as_ref().ok_or_else(Refusal::unauthenticated)?;
        let known = &self.credentials;
        if auth.username == known.account_sid && auth.password == known.auth_token {
            Ok(Key::Token)
        } else if auth.username == known.api_key && auth.password == known.api_secret {
            Ok(Key::Standard)
        } else {
            Err(Refusal::unauthenticated())
        }
    }
}

/// With what a request proved who asks.
#[derive(PartialEq, Eq)]
enum Key {
    Token,
    Standard,
}

/// The address without the channel before it.
fn plain(address: &str) -> &str {
    address.strip_prefix("whatsapp:").unwrap_or(address)
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("now", &self.now)
            .field("messages", &self.messages.len())
            .field("verifications", &self.verifications.len())
            .field("attempts", &self.attempts.len())
            .field("phone_items", &self.phones.len())
            .field("faults", &self.faults.len())
            .finish_non_exhaustive()
    }
}
