//! A desk that is driven by keys in simulated time.
//!
//! Everything in it is what ships: the model, the history (SQLite), the client with its waits, the
//! keeper of keys and the simulated Twilio. Only the clock is the test's: time stands still until a
//! story lets it pass, and then jumps from one thing that happens to the next, so that the same story
//! always shows the same screens. Each key takes a millisecond.

// Others take this file by its path.
#[path = "desk/begun.rs"]
mod begun;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tuilio::domain::connection::{Connection, Credentials, Keys, Source};
use tuilio::domain::{HistoryRow, Sender, Timestamp, Untrusted};
use tuilio::keymap::{Chord, Key, Place};
use tuilio::layout::Size;
use tuilio::model::{Ask, Effect, Event, Model, Pasted};
use tuilio::runtime::{Keeper, Shelf, look_into, named_sender, named_service};
use tuilio::simulator::World;
use tuilio::store::{History, Store};
use tuilio::twilio::{Client, TwilioConfig};
use tuilio::view::Look;

use crate::life::{Onlooker, live_together};
use crate::line::{Line, Road};
use crate::picture;

/// When every story begins: a Wednesday afternoon.
pub const START: &str = "2026-03-04T14:00:00Z";
/// A mobile in reach.
pub const MOBILE: &str = "+14155550100";

/// A desk and everything around it.
pub struct Desk {
    /// What the agent sees the state of.
    pub model: Model,
    /// How it looks.
    pub look: Look,
    /// Each step is drawn at a dozen sizes, to see that it can be.
    pub looks_at_all_sizes: bool,
    /// Keys and pastes so far.
    pub pressed: usize,
    /// What was handed to the clipboard.
    pub copied: Vec<String>,
    /// Orders to leave, to suspend or to open the demo that came out of the desk.
    pub left: Vec<Effect>,
    /// How often the bell rang.
    pub rings: usize,
    pub(crate) store: Store,
    pub(crate) line: Arc<Line>,
    /// How questions travel.
    pub(crate) road: Road,
    /// The keys in use.
    pub(crate) keys: Option<Keys>,
    /// What its clock is ahead of the world's.
    pub(crate) ahead: SignedDuration,
    /// Questions that wait for their answers; they go with the desk.
    pub(crate) asked: JoinSet<()>,
    /// Who looks on.
    pub(crate) onlooker: Option<Rc<dyn Onlooker>>,
    /// It has ended in the middle of something.
    pub(crate) dead: bool,
    pub(crate) keeper: Keeper,
    /// Where the templates are.
    pub shelf: Shelf,
    /// How long the keyring takes to write and read back.
    pub keyring_takes: Duration,
    pub(crate) rang: usize,
    pub(crate) events: UnboundedSender<Event>,
    pub(crate) inbox: UnboundedReceiver<Event>,
    pub(crate) tokio: Rc<tokio::runtime::Runtime>,
}

impl Desk {
    /// Lets time pass at this desk and at another one.
    pub fn wait_with(&mut self, other: &mut Self, seconds: f64) {
        let tokio = Rc::clone(&self.tokio);
        tokio.block_on(async {
            let until = Instant::now() + Duration::from_secs_f64(seconds);
            live_together(&mut [self, other], until).await;
        });
    }

    /// The machine sleeps: time passes, timers stand still, and nothing happens at this desk.
    pub fn stand_still(&mut self, seconds: f64) {
        let (tokio, line) = (Rc::clone(&self.tokio), Arc::clone(&self.line));
        tokio.block_on(line.sleep(Duration::from_secs_f64(seconds)));
    }

    pub(crate) fn open(&mut self) {
        let now = self.now();
        let (opened, _) = look_into(&mut self.store, now).unwrap();
        self.happen(Event::Opened(Box::new(opened)));
    }

    pub(crate) fn connect(&mut self, keys: &Keys, connection: Connection) {
        self.keys = Some(keys.clone());
        self.happen(Event::Connected(Box::new(connection)));
    }

    /// A client for one question, with these keys.
    pub(crate) fn client(&self, ask: Ask, keys: &Keys) -> Client {
        let config = TwilioConfig::new(keys.account_sid.clone(), keys.credentials.clone());
        let line = Arc::clone(&self.line);
        Client::new(config, (self.road)(ask)).with_steady_clock(move || line.steady())
    }

    /// The keys of the world's account, and what they open.
    pub fn account(&self, source: Source) -> (Keys, Connection) {
        account(&self.line.world.lock().unwrap(), source)
    }

    /// The account's token, which may do everything.
    pub fn auth_token(&self) -> String {
        self.line
            .world
            .lock()
            .unwrap()
            .credentials()
            .auth_token
            .expose()
            .to_owned()
    }

    // What the agent does.

    /// Presses keys: characters as they are, others by name, such as `415 555 0100<Enter>`.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for chord in chords(keys) {
            self.pressed += 1;
            if chord == Chord::plain(Key::Enter) && self.model.places()[0] == Place::Review {
                // A review is read before it is sent.
                self.live_for(Duration::from_secs(1));
            }
            self.happen(Event::Key { chord, held: false });
        }
        self.look_at_all_sizes();
        self
    }

    /// Holds a key down for so many repeats.
    pub fn hold(&mut self, key: &str, repeats: usize) -> &mut Self {
        for chord in chords(key).repeat(repeats) {
            self.happen(Event::Key { chord, held: true });
        }
        self
    }

    /// Pastes a text.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.pressed += 1;
        self.happen(Event::Pasted(Pasted(text.to_owned().into())));
        self.look_at_all_sizes();
        self
    }

    /// Types as fast as a paste, in a terminal that has not said what is one.
    pub fn burst(&mut self, text: &str) -> &mut Self {
        self.pressed += 1;
        self.happen(Event::Burst(Pasted(text.to_owned().into())));
        self.look_at_all_sizes();
        self
    }

    /// The customer reads the newest code on a phone out, and the agent types it.
    #[track_caller]
    pub fn reads_back(&mut self, number: &str) -> &mut Self {
        let code = self.code_on_phone(number);
        self.press(&code)
    }

    /// Clicks on a text on the screen.
    #[track_caller]
    pub fn click(&mut self, text: &str) -> &mut Self {
        let (column, row) = self.find(text);
        let spots = picture::spots(&self.model, self.look);
        let click = spots.at(column, row);
        let click = click.unwrap_or_else(|| {
            panic!("a click on {text:?} means nothing:\n{}", self.screen());
        });
        self.happen(Event::Clicked(click));
        self.look_at_all_sizes();
        self
    }

    /// Where a text stands on the screen.
    #[track_caller]
    pub fn find(&self, text: &str) -> (u16, u16) {
        let screen = self.screen();
        let found = screen.lines().enumerate().find_map(|(row, line)| {
            let at = line.find(text)?;
            Some((tuilio::text::width(&line[..at]), row))
        });
        let (column, row) =
            found.unwrap_or_else(|| panic!("{text:?} is not on the screen:\n{screen}"));
        (u16::try_from(column).unwrap(), u16::try_from(row).unwrap())
    }

    /// Turns the wheel.
    pub fn scroll(&mut self, down: bool) -> &mut Self {
        self.happen(Event::Scrolled { down });
        self
    }

    /// Lets time pass.
    pub fn wait(&mut self, seconds: f64) -> &mut Self {
        self.live_for(Duration::from_secs_f64(seconds));
        self.look_at_all_sizes();
        self
    }

    /// Gives the window another size.
    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.happen(Event::Resized(Size { width, height }));
        self
    }

    /// Lets anything happen to the desk.
    pub fn happen(&mut self, event: Event) {
        self.events.send(event).unwrap();
        self.live_for(Duration::from_millis(1));
    }

    // What there is to see.

    /// The time, by the clock of the desk.
    pub fn now(&self) -> Timestamp {
        let _inside = self.tokio.enter();
        self.line.now() + self.ahead
    }

    /// The screen as text, one line a row.
    pub fn screen(&self) -> String {
        picture::text(&self.model, self.look)
    }

    /// The screen as a picture to be reviewed.
    pub fn picture(&self) -> String {
        picture::picture(&self.model, self.look)
    }

    /// Whether the screen shows that, wherever it is wrapped.
    pub fn shows(&self, text: &str) -> bool {
        flat(&self.screen()).contains(&flat(text))
    }

    /// Stops with the screen where it does not show that.
    #[track_caller]
    pub fn sees(&mut self, text: &str) -> &mut Self {
        assert!(
            self.shows(text),
            "{text:?} is not on the screen:\n{}",
            self.screen()
        );
        self
    }

    /// Stops with the screen where it does show that.
    #[track_caller]
    pub fn sees_no(&mut self, text: &str) -> &mut Self {
        assert!(
            !self.shows(text),
            "{text:?} is on the screen:\n{}",
            self.screen()
        );
        self
    }

    /// The history, newest first.
    pub fn rows(&self) -> Vec<HistoryRow> {
        self.store.page(None, 100).unwrap().rows
    }

    /// The history in words, oldest first: what, and what became of it.
    pub fn record(&self) -> Vec<String> {
        let mut rows = self.rows();
        rows.reverse();
        rows.iter()
            .map(|row| {
                format!(
                    "{} {}",
                    row.operation.intent.kind(),
                    picture::state(&row.state)
                )
            })
            .collect()
    }
}

pub(crate) fn account(world: &World, source: Source) -> (Keys, Connection) {
    let credentials = world.credentials();
    let account_sid: tuilio::domain::sid::AccountSid = credentials.account_sid.parse().unwrap();
    let secret = Credentials::ApiKey {
        sid: credentials.api_key.parse().unwrap(),
        secret: credentials.api_secret.clone(),
    };
    let keys = Keys {
        account_sid: account_sid.clone(),
        credentials: secret,
        region: None,
    };
    let name = || Some(Untrusted::from("Acme Support"));
    let service = named_service(&credentials.verify_service_sid.parse().unwrap(), name());
    let sender = named_sender(
        &Sender::Service(credentials.messaging_service_sid.parse().unwrap()),
        name(),
    );
    let connection = Connection {
        source,
        account_sid,
        home: None,
        account_name: Some(Untrusted::from("Acme Support")),
        is_trial: world.is_trial(),
        verify_service: Some(service),
        sender: Some(sender),
    };
    (keys, connection)
}

/// The keys in a text: characters as they are, others by name between angle brackets.
pub fn chords(keys: &str) -> Vec<Chord> {
    let mut chords = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let named = rest
            .strip_prefix('<')
            .and_then(|after| after.split_once('>'))
            .and_then(|(name, after)| Some((Chord::parse(name)?, after)));
        if let Some((chord, after)) = named {
            chords.push(chord);
            rest = after;
        } else {
            chords.push(Chord::plain(Key::Char(first)));
            rest = &rest[first.len_utf8()..];
        }
    }
    chords
}

/// A text in one line, so that a sentence is found wherever it was wrapped.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
