//! The outside: the only place that starts tasks and threads, reads the clock and holds the doors open.
//!
//! It performs [`Effect`]s and answers with [`Event`]s in one inbox, whoever asked: the desk or a one-shot
//! command. The history has a thread of its own, so that a slow disk never keeps a
//! key waiting; requests are tasks; the keyring is asked off the loop. Nothing is decided here.

mod around;
pub mod audit;
pub mod burst;
mod clipboard;
pub mod clock;
#[cfg(unix)]
pub mod core_dump;
pub mod doctor;
#[cfg(unix)]
pub mod echo;
mod errands;
pub mod input;
mod keeper;
mod lead;
pub mod lines;
pub mod log;
mod opening;
mod osc;
mod profile;
mod reach;
#[cfg(unix)]
pub mod signals;
mod store;
mod templates;
#[cfg(unix)]
pub mod terminal;
mod twilio_cli;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::config::Profile;
use crate::domain::connection::{Keys, Source};
use crate::domain::{Call, Connection, Failure, FailureKind, Timestamp, phrase};
use crate::model::{Ask, Effect, Event};
use crate::store::Store;
use crate::twilio::Client;

pub use crate::store::write_new;
pub use around::{Around, remove_plain};
pub use clock::Clock;
use doctor::{InUse, Patient};
pub use errands::run_errand;
pub use keeper::{Keeper, prove_keyring};
pub use lead::Lead;
use log::{Line, Log};
pub use opening::{Opening, Told, erase_history, look_into, sent_since, unsettled};
pub use profile::{named_sender, named_service};
pub use reach::Reach;
use store::StoreThread;
pub use store::carry_out;
pub use templates::Shelf;

/// How long leaving waits for the history: longer than one write waits for its turn among other programs.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Where events come out.
pub type Inbox = mpsc::UnboundedReceiver<Event>;

/// Performs effects.
pub struct Runtime {
    tasks: Handle,
    events: mpsc::UnboundedSender<Event>,
    clock: Clock,
    store: StoreThread,
    reach: Reach,
    keeper: Arc<Keeper>,
    client: Option<Arc<Client>>,
    shelf: Shelf,
    lead: Option<Lead>,
    log: Log,
    patient: Option<Patient>,
    /// Keys that are in use and kept nowhere.
    in_use: Option<InUse>,
}

impl Runtime {
    /// With an open history, a way to Twilio, and a place for keys. To be called within tokio.
    pub fn new(store: Store, clock: Clock, reach: Reach, keeper: Keeper) -> (Self, Inbox) {
        Self::with_log(store, clock, reach, keeper, Log::default())
    }

    /// The same, with a log of what it does.
    pub fn with_log(
        store: Store,
        clock: Clock,
        reach: Reach,
        keeper: Keeper,
        log: Log,
    ) -> (Self, Inbox) {
        let (events, inbox) = mpsc::unbounded_channel();
        let runtime = Self {
            tasks: Handle::current(),
            store: StoreThread::start(store, clock, events.clone(), log.clone()),
            events,
            clock,
            reach,
            keeper: Arc::new(keeper.heard_by(log.clone())),
            client: None,
            shelf: Shelf::default(),
            lead: None,
            log,
            patient: None,
            in_use: None,
        };
        (runtime, inbox)
    }

    /// Templates are read from there; otherwise they are the examples.
    pub fn take_templates_from(&mut self, shelf: Shelf) {
        self.shelf = shelf;
    }

    /// Who is examined where somebody asks for that: the program as it was started.
    pub fn take_patient(&mut self, patient: Patient) {
        self.patient = Some(patient);
    }

    /// Where others put their events.
    pub fn events(&self) -> mpsc::UnboundedSender<Event> {
        self.events.clone()
    }

    /// Where it is written what the program did.
    pub fn log(&self) -> Log {
        self.log.clone()
    }

    /// The clock that stamps events.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Uses these keys from now on.
    pub fn connect(&mut self, keys: &Keys, mut connection: Connection) {
        match self.reach.client(keys) {
            Ok(client) => {
                connection.home = self.reach.of(keys).home().map(str::to_owned);
                self.client = Some(Arc::new(client));
                self.in_use = (connection.source == Source::Session).then(|| InUse {
                    keys: keys.clone(),
                    reach: self.reach.of(keys),
                });
                if let (Some(patient), Source::Profile(name)) =
                    (&mut self.patient, &connection.source)
                {
                    patient.profile = Some(name.clone());
                }
                self.tell(Event::Connected(Box::new(connection)));
            }
            Err(failure) => self.tell(Event::ConnectFailed(failure)),
        }
    }

    /// Does what is ordered. `Ring`, `Redraw`, `Suspend`, `Copy`, `StartDemo` and `Quit` are for whoever owns
    /// the terminal.
    pub fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Intend { .. }
            | Effect::Settle { .. }
            | Effect::LoadPage { .. }
            | Effect::Tally { .. }
            | Effect::LookBack { .. }
            | Effect::Find { .. }
            | Effect::Delete { .. }
            | Effect::Export { .. }
            | Effect::Forget { .. }
            | Effect::FindStart { .. }
            | Effect::SaveDraft(_) => self.store.order(effect),
            Effect::Call { ask, call } => match &self.client {
                Some(client) => self.ask(ask, call, Arc::clone(client)),
                None => self.tell(Event::Replied {
                    ask,
                    result: Err(not_connected()),
                }),
            },
            Effect::TryKeys { ask, keys, call } => match self.reach.client(&keys) {
                Ok(client) => self.ask(ask, call, Arc::new(client)),
                Err(failure) => self.tell(Event::Replied {
                    ask,
                    result: Err(failure),
                }),
            },
            Effect::ReadTemplates
            | Effect::Keep { .. }
            | Effect::ReadProfiles
            | Effect::ReadKeys { .. }
            | Effect::SaveSettings(_)
            | Effect::LookAround
            | Effect::RemovePlain { .. }
            | Effect::SignOut { .. } => {
                let (reach, shelf) = (self.reach.clone(), self.shelf.clone());
                let sealer = self.store.sealer();
                self.off_the_loop(move |keeper| {
                    let event = run_errand(keeper, &reach, &shelf, effect).ok()?;
                    if matches!(event, Event::Kept(Ok(())) | Event::KeysRead(Ok(_))) {
                        keeper.seal(&sealer);
                    }
                    Some(event)
                });
            }
            Effect::Use { keys, connection } => self.connect(&keys, *connection),
            Effect::Disconnect => self.client = None,
            Effect::Examine { number } => self.examine(number),
            Effect::NoteRefusal { kind } => self.log.note(&Line::NotAllowed { kind }),
            Effect::Copy(_)
            | Effect::Ring
            | Effect::Notify { .. }
            | Effect::AskBackground
            | Effect::Redraw
            | Effect::Suspend
            | Effect::StartDemo
            | Effect::Quit => {}
        }
    }

    /// Reads the keys of a profile from the keyring. Answered by `KeysRead`.
    pub fn read_keys(&self, name: String, profile: Profile) {
        let sealer = self.store.sealer();
        self.off_the_loop(move |keeper| {
            let result = keeper
                .keys(&name, &profile)
                .map(|keys| Box::new((keys, profile::connection(&name, &profile))));
            // Before whoever waits for the keys begins anything: a script is over soon.
            if result.is_ok() {
                keeper.seal(&sealer);
            }
            Some(Event::KeysRead(result))
        });
    }

    /// Hands a line to the system's clipboard, where it has one. Answered by `Copied`.
    /// A line that neither takes is said to be too long: the terminal was not offered it.
    pub fn copy(&self, line: String, offered: bool) {
        let events = self.events.clone();
        self.tasks.spawn_blocking(move || {
            let by_system = clipboard::put(&line);
            let _ = events.send(if by_system || offered {
                Event::Copied { by_system }
            } else {
                Event::Told(phrase!(
                    "This is too long for the clipboard of a terminal, and nothing was copied."
                ))
            });
        });
    }

    /// Waits until everything that was to be written down is, and closes the history. Requests that are
    /// still under way stay written down as intended, and are looked up by the next start.
    pub fn finish(self, patience: Duration) {
        self.store.finish(patience);
    }

    /// Examines every link, beside everything else.
    fn examine(&self, number: u32) {
        let Some(patient) = self.patient.clone() else {
            return;
        };
        let (events, in_use) = (self.events.clone(), self.in_use.clone());
        self.tasks.spawn(async move {
            let tell = |finding| {
                let finding = Box::new(finding);
                let _ = events.send(Event::Examined { number, finding });
            };
            Box::pin(doctor::examine(&patient, in_use, tell)).await;
        });
    }

    fn ask(&self, ask: Ask, call: Call, client: Arc<Client>) {
        let (events, clock, log) = (self.events.clone(), self.clock, self.log.clone());
        self.tasks.spawn(async move {
            let (name, began, waits) = (log::call_name(&call), Instant::now(), AtomicU32::new(0));
            let tell = |event| {
                match &event {
                    Event::Delayed { .. } => {
                        waits.fetch_add(1, Relaxed);
                    }
                    Event::Replied { result, .. } => {
                        let request = result.as_ref().map(|answer| answer.request_id.as_deref());
                        let (took, waits) = (began.elapsed(), waits.load(Relaxed));
                        log.note(&Line::called(name, ask, took, waits, request));
                    }
                    _ => {}
                }
                // A closed inbox means that the program is ending: nobody is left to be told.
                let _ = events.send(event);
            };
            put_question(&client, ask, call, &|| clock.now(), &tell).await;
        });
    }

    fn off_the_loop(&self, work: impl FnOnce(&Keeper) -> Option<Event> + Send + 'static) {
        let (events, keeper) = (self.events.clone(), Arc::clone(&self.keeper));
        let log = self.log.clone();
        self.tasks.spawn_blocking(move || {
            if let Some(event) = work(&keeper) {
                log.note_event(&event);
                let _ = events.send(event);
            }
        });
    }

    fn tell(&self, event: Event) {
        self.log.note_event(&event);
        let _ = self.events.send(event);
    }
}

/// Asks Twilio, and tells of each wait and of the answer.
pub async fn put_question(
    client: &Client,
    ask: Ask,
    call: Call,
    now: &(dyn Fn() -> Timestamp + Sync),
    tell: &(dyn Fn(Event) + Sync),
) {
    let on_wait = |wait: Duration| {
        let until =
            now() + jiff::SignedDuration::try_from(wait).unwrap_or(jiff::SignedDuration::MAX);
        tell(Event::Delayed { ask, until });
    };
    let result = client
        .perform(call, &on_wait)
        .await
        .map(Box::new)
        .map_err(Failure::from);
    tell(Event::Replied { ask, result });
}

/// Loads the numbering plans on a thread of their own, so that the first key does not wait for them.
pub fn load_numbering_plans() -> std::io::Result<()> {
    std::thread::Builder::new()
        .name(terminal::WARMING.to_owned())
        .spawn(crate::domain::phone::warm)
        .map(drop)
}

fn not_connected() -> Failure {
    Failure::new(
        FailureKind::Credentials,
        "No account is connected, so nothing was sent. Press F8, then c, to connect one.",
    )
}
