//! The whole desk, with an agent who may press anything, a customer who may write anything, and a network
//! that may answer anything: what is shown cannot act, what is pasted does not send, and nothing panics.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::Value;
use tuilio::domain::connection::{
    Connection, Credentials, Keys, NamedSender, NamedService, Source,
};
use tuilio::domain::{
    Failure, HistoryRow, Intent, Page, Policy, Secret, Sender, Templates, Timestamp, Untrusted,
};
use tuilio::keymap::{Chord, Key, Place};
use tuilio::layout::Size;
use tuilio::model::{Effect, Event, Model, Opened, Pasted, PhoneItem, Setting, Stamped};
use tuilio::plain::{self, Spoken};
use tuilio::runtime::carry_out;
use tuilio::runtime::log::Line;
use tuilio::simulator::{Fate, Scene, World, host};
use tuilio::store::{Journal, Store};
use tuilio::twilio::transport::{Sending, Transport, TransportError};
use tuilio::twilio::wire::{BasicAuth, Host, Method, Request, Response};
use tuilio::twilio::{Client, TwilioConfig};
use tuilio::view::{self, Look};

use super::answers::at_once;
use super::chars::{HOSTILE, acts, assert_harmless, hides};
use super::tape::Tape;

const START: &str = "2026-03-04T14:00:00Z";

/// Sizes that the desk is looked at in.
const SIZES: &[(u16, u16)] = &[
    (80, 24),
    (40, 10),
    (60, 15),
    (140, 40),
    (100, 30),
    (1, 1),
    (20, 60),
];

/// What stands in an answer where it should not.
const ODD: &[&str] = &[
    "null",
    "true",
    "-1",
    "0",
    "1e308",
    "18446744073709551615",
    "4294967295",
    "[]",
    "{}",
    "[[[[1]]]]",
    "\"\"",
    "\"9999-12-30T22:00:00Z\"",
    "\"-009999-01-02T01:59:59Z\"",
    "\"Fri, 31 Dec 9999 23:59:59 +0000\"",
    "\"Thu, 01 Jan 1970 00:00:00 +0000\"",
    "\"2026-03-04T14:00:00Z\"",
    "\"4294967295\"",
    "\"delivered\"",
    "\"approved\"",
    "\"pending\"",
    "\"expired\"",
    "\"canceled\"",
    "\"undelivered\"",
    "\"inbound\"",
];

/// What becomes of the next answers.
#[derive(Debug, Clone, Default)]
struct Crook {
    /// Which leaf of the answer gets another value.
    leaf: Option<(usize, Value)>,
    status: Option<u16>,
    header: Option<(&'static str, String)>,
    cut: Option<usize>,
}

/// The world, behind somebody who meddles.
struct Way {
    world: World,
    now: Timestamp,
    crook: Crook,
}

#[derive(Clone)]
struct Wire(Arc<Mutex<Way>>);

impl Transport for Wire {
    fn send(&self, request: Request) -> Sending<'_> {
        let mut line = self.0.lock().unwrap();
        let now = line.now;
        let fate = line.world.handle(now, &request);
        let result = match fate {
            Fate::Answer { response, .. } => Ok(line.crook.apply(response)),
            Fate::Cut { .. } | Fate::CutMidBody { .. } => {
                Err(TransportError::Lost("the connection closed".to_owned()))
            }
        };
        Box::pin(async move { result })
    }
}

impl Crook {
    fn apply(&self, mut response: Response) -> Response {
        if let Some((at, value)) = &self.leaf
            && let Ok(mut body) = serde_json::from_slice::<Value>(&response.body)
        {
            let count = leaves(&mut body, usize::MAX, value);
            if count > 0 {
                leaves(&mut body, at % count, value);
            }
            response.body = serde_json::to_vec(&body).unwrap();
        }
        if let Some(status) = self.status {
            response.status = status;
        }
        if let Some((name, value)) = &self.header {
            response.headers.retain(|(known, _)| known != name);
            response.headers.push(((*name).to_owned(), value.clone()));
        }
        if let Some(end) = self.cut {
            response.body.truncate(end);
        }
        response
    }
}

/// Puts a value in the place of one leaf; says how many there are.
fn leaves(json: &mut Value, wanted: usize, value: &Value) -> usize {
    fn walk(json: &mut Value, seen: &mut usize, wanted: usize, value: &Value) {
        match json {
            Value::Object(fields) => fields
                .values_mut()
                .for_each(|field| walk(field, seen, wanted, value)),
            Value::Array(items) => items
                .iter_mut()
                .for_each(|item| walk(item, seen, wanted, value)),
            leaf => {
                if *seen == wanted {
                    *leaf = value.clone();
                }
                *seen += 1;
            }
        }
    }
    let mut seen = 0;
    walk(json, &mut seen, wanted, value);
    seen
}

struct Desk {
    model: Model,
    look: Look,
    store: Store,
    line: Arc<Mutex<Way>>,
    client: Client,
    inbox: VecDeque<Event>,
    spoken: Option<Spoken>,
    left: bool,
}

fn model(size: Size) -> Model {
    let setting = Setting {
        kept_in: "/home/desk/history.db".to_owned(),
        configured_in: "/home/desk/config.toml".to_owned(),
        ..Setting::default()
    };
    Model::new(setting, Policy::default(), size, START.parse().unwrap())
}

fn connection(world: &World, name: &str) -> Connection {
    let credentials = world.credentials();
    Connection {
        source: Source::Profile("acme".to_owned()),
        account_sid: credentials.account_sid.parse().unwrap(),
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
    fn new(scene: &str, size: Size, name: &str, plain: bool) -> Self {
        let start: Timestamp = START.parse().unwrap();
        let world = World::new(7, Scene::named(scene).unwrap(), start);
        let connection = connection(&world, name);
        let keys = Keys {
            account_sid: connection.account_sid.clone(),
            credentials: Credentials::AuthToken(Secret::new(
                world.credentials().auth_token.expose(),
            )),
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

    fn now(&self) -> Timestamp {
        self.line.lock().unwrap().now
    }

    /// An event, and all that comes of it.
    fn happen(&mut self, event: Event) {
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

    fn perform(&mut self, effect: Effect) {
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
    fn wait(&mut self, seconds: i64) {
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

    fn press(&mut self, keys: &str) {
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

    fn paste(&mut self, text: &str) {
        self.happen(Event::Pasted(Pasted(text.to_owned().into())));
    }

    /// A text from the customer.
    fn customer_writes(&mut self, body: &str) {
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

    fn listen(&mut self) {
        if let Some(spoken) = &mut self.spoken {
            for line in spoken.news(&self.model, self.look) {
                assert_harmless(&line, "a line");
            }
        }
    }

    fn see(&self) {
        look(&self.model, self.look);
    }
}

/// Draws it, and looks at every cell and every link.
fn look(model: &Model, look: Look) {
    let size = model.size;
    let mut terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
    let mut links = Vec::new();
    terminal
        .draw(|frame| links = view::draw(frame, model, look).links)
        .unwrap();
    for cell in terminal.backend().buffer().content() {
        if let Some(c) = cell.symbol().chars().find(|&c| acts(c) || hides(c)) {
            panic!("{c:?} is on the screen, in {:?}", cell.symbol());
        }
        assert!(
            cell.symbol().chars().count() <= 20,
            "a pile of marks: {:?}",
            cell.symbol()
        );
    }
    for (_, link) in links {
        assert!(
            link.starts_with("https://") && link.is_ascii() && !link.contains(char::is_whitespace),
            "{link}"
        );
    }
    assert_harmless(&view::title(model, look), "the title");
}

/// What is logged is one line of plain words and numbers, whatever was at hand.
fn logged(line: Option<Line>) {
    let Some(line) = line else {
        return;
    };
    let written = line.written(START.parse().unwrap(), 1);
    assert!(
        written.is_ascii()
            && written.iter().position(|&b| b == b'\n') == written.len().checked_sub(1)
    );
    let written = String::from_utf8(written).unwrap();
    assert!(
        !written.trim_end().chars().any(char::is_control) && !written.contains("415555"),
        "{written}"
    );
    let json: Value = serde_json::from_str(&written).unwrap();
    assert!(json.is_object() && written.len() < 400, "{written}");
}

/// What a paste may not do by itself. A code is the exception that is asked for: its last digit starts the
/// check.
#[track_caller]
fn is_no_deed(effect: &Effect) {
    let deed = match effect {
        Effect::Intend { operation, .. } => !matches!(operation.intent, Intent::VerifyCheck { .. }),
        Effect::Call { call, .. } => call.changes_something(),
        Effect::Delete { .. }
        | Effect::Forget { .. }
        | Effect::SignOut { .. }
        | Effect::Keep { .. }
        | Effect::RemovePlain { .. }
        | Effect::Export { .. }
        | Effect::Quit
        | Effect::Suspend
        | Effect::StartDemo => true,
        _ => false,
    };
    assert!(!deed, "a paste led to {effect:?}");
}

const KEYS: &[&str] = &[
    "<Enter>",
    "<Esc>",
    "<Tab>",
    "<Shift-Tab>",
    "<Up>",
    "<Down>",
    "<Left>",
    "<Right>",
    "<Home>",
    "<End>",
    "<PageUp>",
    "<PageDown>",
    "<Backspace>",
    "<Delete>",
    "<F1>",
    "<F2>",
    "<F3>",
    "<F4>",
    "<F5>",
    "<F6>",
    "<F7>",
    "<F8>",
    "<F9>",
    "<F10>",
    "<F11>",
    "<F12>",
    "<Ctrl-K>",
    "<Ctrl-T>",
    "<Ctrl-J>",
    "<Ctrl-R>",
    "<Ctrl-L>",
    "<Ctrl-U>",
    "<Ctrl-W>",
    "<Ctrl-F>",
    "<Ctrl-S>",
    "<Ctrl-Y>",
    "<Ctrl-O>",
    "<Ctrl-G>",
    "<Ctrl-N>",
    "<Ctrl-P>",
    "<Ctrl-E>",
    "<Ctrl-D>",
    "<Space>",
    "?",
    "/",
    "y",
    "n",
    "r",
    "c",
    "w",
    "e",
    "x",
    "m",
    "o",
    "u",
    "j",
    "k",
    "l",
    "d",
    "s",
    "t",
    "v",
    "a",
    "b",
    "g",
    "h",
    "i",
    "p",
    "q",
    "z",
    "1",
    "2",
    "9",
    "0",
    "111111",
    "222222",
    "4829",
];

const STORIES: &[&str] = &[
    "<Esc><Esc><F7>415 555 0100<Enter><Enter>",
    "<Esc><Esc><F7>415 555 0105<Enter><Enter>",
    "<Esc><Esc><F6>415 555 0100<Enter>Hello<Enter><Enter>",
    "<Esc><Esc><F7>ada@example.org<Enter><Enter>",
    "<Esc><Esc><F4><Enter>",
    "<Esc><Esc><F4>/status:sent<Enter>",
    "<Esc><Esc><F8>",
    "<Esc><Esc><F1>",
    "<Ctrl-K>",
    "111111<Enter>",
];

const SCENES: &[&str] = &[
    "happy",
    "conversation",
    "lost_reply",
    "trial",
    "not_arrived",
    "two_desks",
    "rate_limited",
    "landline",
];

fn crook(tape: &mut Tape) -> Crook {
    let odd = |tape: &mut Tape| match tape.choice(3) {
        0 => Value::from(tape.pick(HOSTILE)),
        1 => Value::from(tape.text()),
        _ => serde_json::from_str(tape.pick(ODD)).unwrap(),
    };
    let mut crook = Crook::default();
    match tape.choice(6) {
        0 => {}
        1 | 2 => crook.leaf = Some((usize::from(tape.byte()), odd(tape))),
        3 => crook.status = Some(tape.pick(&[200, 201, 302, 400, 401, 404, 408, 429, 500, 503])),
        4 => {
            let name = tape.pick(&["Date", "Retry-After", "Twilio-Request-Id", "Content-Type"]);
            let value = match odd(tape) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            crook.header = Some((name, value));
        }
        _ => crook.cut = Some(usize::from(tape.byte()) * 4),
    }
    crook
}

/// Whatever is pressed, pasted, written and answered.
pub fn desk(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let (width, height) = tape.pick(SIZES);
    let scene = tape.pick(SCENES);
    let name = if tape.byte().is_multiple_of(4) {
        ""
    } else {
        tape.pick(HOSTILE)
    };
    let mut desk = Desk::new(scene, Size { width, height }, name, false);
    if tape.byte().is_multiple_of(4) {
        desk.look = Look {
            ascii: true,
            color: false,
            ..Look::default()
        };
    }
    let mut steps = 0;
    while !tape.is_empty() && steps < 24 && !desk.left {
        steps += 1;
        step(&mut desk, &mut tape);
        desk.see();
    }
    desk.wait(700);
    desk.see();
}

fn step(desk: &mut Desk, tape: &mut Tape) {
    match tape.choice(16) {
        0..4 => desk.press(tape.pick(KEYS)),
        4 | 5 => desk.press(tape.pick(STORIES)),
        6 => desk.paste(tape.pick(HOSTILE)),
        7 => {
            let text = tape.text();
            desk.paste(&text);
        }
        8 => desk.wait(i64::from(tape.byte()) * 3),
        9 | 10 => {
            let crook = crook(tape);
            desk.line.lock().unwrap().crook = crook;
        }
        11 => {
            let body = if tape.byte().is_multiple_of(2) {
                tape.pick(HOSTILE).to_owned()
            } else {
                tape.text()
            };
            desk.customer_writes(&body);
        }
        12 => {
            let (width, height) = tape.pick(SIZES);
            desk.happen(Event::Resized(Size { width, height }));
        }
        13 => {
            let (column, row) = (u16::from(tape.byte()), u16::from(tape.byte()));
            let size = desk.model.size;
            let mut terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
            let mut click = None;
            terminal
                .draw(|frame| click = view::draw(frame, &desk.model, desk.look).at(column, row))
                .unwrap();
            if let Some(click) = click {
                desk.happen(Event::Clicked(click));
            }
        }
        14 => {
            let event = tape.pick(&[0, 1, 2, 3]);
            desk.happen(match event {
                0 => Event::Focused(false),
                1 => Event::Focused(true),
                2 => Event::Scrolled { down: true },
                _ => Event::Scrolled { down: false },
            });
        }
        _ => {
            // The code that is on the phone, or one that is not.
            let code = {
                let line = desk.line.lock().unwrap();
                line.world
                    .phones()
                    .last()
                    .and_then(|item| item.code.clone())
            };
            let code = code.unwrap_or_else(|| "123456".to_owned());
            if tape.byte().is_multiple_of(2) {
                desk.paste(&code);
            } else {
                desk.press(&code);
            }
        }
    }
}

/// Whatever is typed in the line mode, what comes back are harmless lines.
pub fn lines(bytes: &[u8]) {
    const LINES: &[&str] = &[
        "",
        "415 555 0100",
        "message",
        "history",
        "settings",
        "verify",
        "help",
        "111111",
        "y",
        "n",
        "c",
        "r",
        "x",
        "0",
        "1",
        "2",
        "3",
        "F1",
        "F8",
        ":quit",
        ":F4",
        "Ctrl-K",
        "Hello",
        "(415) 555-0105",
        "ada@example.org",
    ];
    let mut tape = Tape::new(bytes);
    let scene = tape.pick(SCENES);
    let name = tape.pick(HOSTILE);
    let mut desk = Desk::new(scene, view::lines::SIZE, name, true);
    let mut steps = 0;
    while !tape.is_empty() && steps < 16 && !desk.left {
        steps += 1;
        let line = match tape.choice(4) {
            0 => tape.pick(HOSTILE).to_owned(),
            1 => tape.text(),
            _ => tape.pick(LINES).to_owned(),
        };
        if tape.byte().is_multiple_of(4) {
            let crook = crook(&mut tape);
            desk.line.lock().unwrap().crook = crook;
        }
        for event in plain::events(&desk.model, desk.look, &line) {
            desk.happen(event);
            desk.listen();
        }
        desk.wait(i64::from(tape.byte()));
        desk.listen();
    }
}

/// Draws a page of a history that somebody else may have written, list and entries, and lets time pass.
pub fn shows(page: &Page, how: u8) {
    let (width, height) = SIZES[usize::from(how) % SIZES.len()];
    let world = World::new(7, Scene::named("happy").unwrap(), START.parse().unwrap());
    let mut model = model(Size { width, height });
    let rows = |wanted: fn(&HistoryRow) -> bool| {
        page.rows
            .iter()
            .filter(|row| wanted(row))
            .cloned()
            .collect()
    };
    let events = [
        Event::Opened(Box::new(Opened {
            session: 99,
            page: page.clone(),
            unknown: rows(|row| row.state.word() == "unknown"),
            unfinished: rows(|row| row.state.word() == "settled"),
            draft: None,
        })),
        Event::Connected(Box::new(connection(&world, "Acme"))),
    ];
    let key = |name: &str| Event::Key {
        chord: Chord::parse(name).unwrap(),
        held: false,
    };
    let keys = ["F4", "Enter", "F1", "Esc", "Esc", "F6", "F7"].map(key);
    let now: Timestamp = START.parse().unwrap();
    let mut at = now;
    for event in events.into_iter().chain(keys).chain([Event::Woke]) {
        at = at.checked_add(SignedDuration::from_secs(40)).unwrap();
        model.update(Stamped { at, event });
        look(&model, Look::default());
        let _ = model.deadline();
    }
}
