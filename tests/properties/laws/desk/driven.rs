//! A desk that is driven by a law: the shipped model, history and client, in time that the law lets pass.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use tuilio::domain::connection::{
    Connection, Credentials, Keys, NamedSender, NamedService, Source,
};
use tuilio::domain::{Failure, Page, Policy, Secret, Sender, Templates, Timestamp, Untrusted};
use tuilio::keymap::{Chord, Key, Place};
use tuilio::layout::Size;
use tuilio::model::{Effect, Event, Model, Opened, Pasted, PhoneItem, Setting, Stamped};
use tuilio::plain::Spoken;
use tuilio::runtime::carry_out;
use tuilio::runtime::log::Line;
use tuilio::simulator::{Scene, World, host};
use tuilio::store::{Journal, Store};
use tuilio::twilio::wire::{BasicAuth, Host, Method, Request};
use tuilio::twilio::{Client, TwilioConfig};
use tuilio::view::Look;

use super::super::answers::at_once;
use super::super::chars::{HOSTILE, assert_harmless};
use super::START;
use super::crook::{Crook, Way, Wire};
use super::seen::{is_no_deed, logged, look};

pub struct Desk {
    pub model: Model,
    pub look: Look,
    pub store: Store,
    pub line: Arc<Mutex<Way>>,
    pub client: Client,
    pub inbox: VecDeque<Event>,
    pub spoken: Option<Spoken>,
    pub left: bool,
}

pub fn model(size: Size) -> Model {
    let setting = Setting {
        kept_in: "/home/desk/history.db".to_owned(),
        configured_in: "/home/desk/config.toml".to_owned(),
        ..Setting::default()
    };
    Model::new(setting, Policy::default(), size, START.parse().unwrap())
}

pub fn connection(world: &World, name: &str) -> Connection {
    let credentials = world.credentials();
    Connection {
        source: Source::Profile("acme".to_owned()),
        account_sid: credentials.account_sid.parse().unwrap(),
        home: None,
        account_name: Some(Untrusted::from(name)),
        is_trial: world.is_trial(),
        verify_service: Some(NamedService {
            sid: credentials.verify_service_sid.parse().unwrap(),
            name: Untrusted::from(name),
            code_length: 6,
            concerns: None,
        }),
        sender: Some(NamedSender {
            sender: Sender::Number(
                tuilio::domain::PhoneNumber::from_e164(&credentials.from_number).unwrap(),
            ),
            name: Untrusted::from(name),
        }),
    }
}

impl Desk {
    pub fn new(scene: &str, size: Size, name: &str, plain: bool) -> Self {
        let start: Timestamp = START.parse().unwrap();
        let world = World::new(7, Scene::named(scene).unwrap(), start);
        let connection = connection(&world, name);
        let keys = Keys {
            account_sid: connection.account_sid.clone(),
            credentials: Credentials::AuthToken(Secret::new(
                world.credentials().auth_token.expose(),
            )),
            region: None,
        };
        let line = Arc::new(Mutex::new(Way {
            world,
            now: start,
            crook: Crook::default(),
        }));
        let config = TwilioConfig::new(keys.account_sid, keys.credentials);
        let client = Client::new(config, Arc::new(Wire(Arc::clone(&line))));
        let mut model = model(size);
        model.setting.demo = name.is_empty();
        model.setting.plain = plain;
        let store = Store::in_memory().unwrap();
        let opened = Opened {
            session: store.session(),
            page: Page::default(),
            unknown: Vec::new(),
            unfinished: Vec::new(),
            draft: None,
            unaccepted: false,
        };
        let mut desk = Self {
            model,
            look: Look::default(),
            store,
            line,
            client,
            inbox: VecDeque::new(),
            spoken: plain.then(Spoken::default),
            left: false,
        };
        desk.happen(Event::Opened(Box::new(opened)));
        desk.happen(Event::Connected(Box::new(connection)));
        desk
    }

    pub fn now(&self) -> Timestamp {
        self.line.lock().unwrap().now
    }

    /// An event, and all that comes of it.
    pub fn happen(&mut self, event: Event) {
        self.inbox.push_back(event);
        let mut patience = 400;
        while let Some(event) = self.inbox.pop_front() {
            patience -= 1;
            assert!(patience > 0, "the desk never comes to rest: {event:?}");
            logged(Line::of(&event));
            let pasted = matches!(event, Event::Pasted(_));
            let at = self.now();
            for effect in self.model.update(Stamped { at, event }) {
                if pasted {
                    is_no_deed(&effect);
                }
                self.perform(effect);
            }
        }
    }

    pub fn perform(&mut self, effect: Effect) {
        let now = self.now();
        let effect = match carry_out(&mut self.store, effect, now) {
            Ok(event) => return self.inbox.push_back(event),
            Err(effect) => *effect,
        };
        match effect {
            Effect::Call { ask, call } => {
                let result = at_once(self.client.perform(call, &|_| {}));
                let (took, failed) = (Duration::from_secs(1), result.as_ref().err());
                let failed = failed.map(|error| Failure::from(error.clone()));
                let said = match (&result, &failed) {
                    (Ok(answer), _) => Ok(answer.request_id.as_deref()),
                    (Err(_), failed) => Err(failed.as_ref().unwrap()),
                };
                logged(Some(Line::called("call", ask, took, 0, said)));
                self.inbox.push_back(Event::Replied {
                    ask,
                    result: result.map(Box::new).map_err(Failure::from),
                });
            }
            Effect::ReadTemplates => {
                let hostile = HOSTILE
                    .iter()
                    .take(12)
                    .map(|text| ((*text).to_owned(), Ok((*text).to_owned())));
                self.inbox
                    .push_back(Event::TemplatesRead(Templates::of(hostile)));
            }
            Effect::Copy(line) => {
                assert_harmless(&line.replace('\n', " "), "the clipboard");
                self.inbox.push_back(Event::Copied { by_system: false });
            }
            Effect::Quit | Effect::StartDemo => self.left = true,
            _ => {}
        }
    }

    /// Time passes, deadline by deadline.
    pub fn wait(&mut self, seconds: i64) {
        let until = self
            .now()
            .checked_add(SignedDuration::from_secs(seconds))
            .unwrap();
        let mut patience = 40;
        while let Some(at) = self
            .model
            .deadline()
            .filter(|&at| at <= until && patience > 0)
        {
            patience -= 1;
            let at = at.max(self.now());
            self.line.lock().unwrap().now = at;
            self.happen(Event::Woke);
        }
        self.line.lock().unwrap().now = until;
        let items: Vec<PhoneItem> = {
            let line = &mut *self.line.lock().unwrap();
            line.world.advance(line.now);
            let items = line.world.phones().iter();
            items
                .map(|item| PhoneItem {
                    to: item.to.clone(),
                    kind: item.kind.as_str().to_owned(),
                    from: item.from.clone(),
                    body: item.body.clone(),
                    code: item.code.clone(),
                    at: item.at,
                })
                .collect()
        };
        if self.model.setting.demo {
            self.happen(Event::PhoneRang(items));
        }
        self.happen(Event::Woke);
    }

    pub fn press(&mut self, keys: &str) {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let (name, after) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
                Some((name, after)) => (name.to_owned(), after),
                None => (first.to_string(), &rest[first.len_utf8()..]),
            };
            rest = after;
            let Some(chord) = Chord::parse(&name) else {
                continue;
            };
            if chord == Chord::plain(Key::Enter)
                && self.model.places().first() == Some(&Place::Review)
            {
                self.wait(1);
            }
            self.happen(Event::Key { chord, held: false });
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.happen(Event::Pasted(Pasted(text.to_owned().into())));
    }

    /// A text from the customer.
    pub fn customer_writes(&mut self, body: &str) {
        let path = "/simulator/phones/+14155550100";
        let mut line = self.line.lock().unwrap();
        let request = Request {
            method: Method::Post,
            host: host(path).unwrap_or(Host::Api),
            path: path.to_owned(),
            query: Vec::new(),
            form: vec![("body".to_owned(), body.to_owned())],
            auth: Some(BasicAuth {
                username: line.world.credentials().account_sid.clone(),
                password: Secret::new(line.world.credentials().auth_token.expose()),
            }),
        };
        let now = line.now;
        line.world.handle(now, &request);
    }

    pub fn listen(&mut self) {
        if let Some(spoken) = &mut self.spoken {
            for line in spoken.news(&self.model, self.look) {
                assert_harmless(&line, "a line");
            }
        }
    }

    pub fn see(&self) {
        look(&self.model, self.look);
    }
}
