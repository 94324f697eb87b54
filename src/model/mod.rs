//! The state of the desk, and the only thing that changes it.
//!
//! [`Model::update`] takes one stamped event and answers with orders for the outside. It never waits,
//! never reads a clock, never draws: a list of stamped events replays a session, key by key. Each pane
//! is a small machine in a file of its own; what they share (operations, searches, what is followed) is
//! beside them. A reply first clears what was waiting for it, then is judged.

pub mod check;
pub mod compose;
pub mod effect;
pub mod event;
pub mod evidence;
pub mod field;
pub mod follow;
pub mod history;
mod keys;
pub mod operations;
pub mod palette;
pub mod recipient;
pub mod search;
pub mod setup;
pub mod verify;

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::domain::sid::MessageSid;
use crate::domain::{
    Call, Connection, Failure, FailureKind, HistoryRow, Intent, OpId, OpState, Reply, Settled,
    Timestamp,
};
use crate::keymap::{Action, Place};
use crate::layout::Size;

pub use effect::Effect;
pub use event::{Ask, Event, Opened, Pasted, PhoneItem, Stamped};

use compose::Compose;
use follow::Follow;
use history::History;
use operations::{Operations, Progress};
use palette::Palette;
use search::Searches;
use setup::Setup;
use verify::{Start, Verify};

/// How long a notice stays.
const NOTICE_STAYS: SignedDuration = SignedDuration::from_secs(8);

/// The whole desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The time of the last event.
    pub now: Timestamp,
    /// The size of the terminal.
    pub size: Size,
    /// What does not change while the program runs.
    pub setting: Setting,
    /// What the desk is connected to; none before the keys have been read.
    pub connection: Option<Connection>,
    /// Why it is not connected, where that has a reason.
    pub connect_failure: Option<Failure>,
    /// The first run, while it lasts.
    pub setup: Option<Setup>,
    /// The pane on screen.
    pub pane: Pane,
    /// What lies over it and owns all keys.
    pub overlay: Option<Overlay>,
    /// A sentence that goes by itself.
    pub notice: Option<Notice>,
    /// Verifying phones.
    pub verify: Verify,
    /// Writing texts.
    pub compose: Compose,
    /// What was done.
    pub history: History,
    /// The one path of every operation.
    pub operations: Operations,
    /// What is not known.
    pub searches: Searches,
    /// What is on its way.
    pub follow: Follow,
    /// The pretend customer's phone, in the demo.
    pub phone: Vec<PhoneItem>,
}

/// What does not change while the program runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// On the simulator inside the program.
    pub demo: bool,
    /// The country of numbers without a country code, ISO 3166 alpha-2.
    pub default_country: String,
    /// The time zone of this machine.
    pub zone: TimeZone,
    /// Where the history is kept, in words.
    pub kept_in: String,
    /// Where the configuration is kept, in words.
    pub configured_in: String,
}

/// The panes of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// Check a phone.
    Verify,
    /// Send a text.
    Message,
    /// What was done.
    History,
    /// Account, service, sender, files.
    Settings,
}

/// What lies over a pane.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// Help for a place, scrolled by so many lines.
    Help {
        /// The places that were in force.
        places: Vec<Place>,
        /// Lines scrolled away.
        scroll: u16,
    },
    /// All actions by name.
    Palette(Palette),
    /// Something waits: leave all the same?
    Quit,
    /// Remove the keys?
    SignOut,
    /// The pretend phone.
    Phone,
}

/// A sentence that goes by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Until when it stays.
    pub until: Timestamp,
}

impl Model {
    /// An empty desk, before anything was read.
    pub fn new(setting: Setting, size: Size, now: Timestamp) -> Self {
        Self {
            now,
            size,
            setting,
            connection: None,
            connect_failure: None,
            setup: None,
            pane: Pane::Verify,
            overlay: None,
            notice: None,
            verify: Verify::default(),
            compose: Compose::default(),
            history: History::default(),
            operations: Operations::default(),
            searches: Searches::default(),
            follow: Follow::default(),
            phone: Vec::new(),
        }
    }

    /// Takes an event in, and says what is to be done about it.
    pub fn update(&mut self, Stamped { at, event }: Stamped) -> Vec<Effect> {
        self.now = self.now.max(at);
        let mut effects = match event {
            Event::Opened(opened) => self.opened(*opened),
            Event::Connected(connection) => self.connected(*connection),
            Event::KeysRead(Ok(read)) => {
                let (keys, connection) = *read;
                vec![Effect::Use {
                    keys,
                    connection: Box::new(connection),
                }]
            }
            Event::NotConnected => {
                self.setup = Some(Setup::new(false));
                Vec::new()
            }
            Event::KeysRead(Err(failure)) | Event::ConnectFailed(failure) => {
                self.connect_failure = Some(failure);
                Vec::new()
            }
            Event::Key { chord, held } => self.key(chord, held),
            Event::Pasted(Pasted(text)) => self.pasted(&text),
            Event::Resized(size) => {
                self.size = size;
                Vec::new()
            }
            Event::Woke => Vec::new(),
            Event::Intended { op, result } => {
                let step = self.operations.intended(op, result);
                self.progressed(op, step)
            }
            Event::Replied { ask, result } => self.replied(ask, result),
            Event::Delayed { ask, until } => {
                if let Ask::Operation(op) = ask {
                    self.verify.delayed(op, until);
                }
                Vec::new()
            }
            Event::Settled { op, result } => self.settled(op, result),
            Event::PageLoaded(result) => {
                match result {
                    Ok(page) => self.history.append(page),
                    Err(failure) => {
                        self.history.append_failed();
                        self.notify(failure.message);
                    }
                }
                Vec::new()
            }
            Event::Kept(result) => self
                .setup
                .as_mut()
                .map(|setup| setup.kept(result))
                .unwrap_or_default(),
            Event::SignedOut(result) => {
                match result {
                    Ok(()) => {
                        self.connection = None;
                        self.setup = Some(Setup::new(false));
                    }
                    Err(failure) => self.notify(failure.message),
                }
                Vec::new()
            }
            Event::PhoneRang(items) => {
                self.phone = items;
                Vec::new()
            }
            Event::Copied => {
                self.notify("Copied, by way of the terminal. If nothing can be pasted, this terminal does not take it.");
                Vec::new()
            }
            Event::TerminalGone | Event::Faulted => vec![Effect::Quit],
        };
        effects.extend(self.woke());
        effects
    }

    /// When time has to be told next; none where nothing on screen or under way has a deadline.
    pub fn deadline(&self) -> Option<Timestamp> {
        let panes = match (self.pane, &self.setup) {
            (Pane::Verify, None) => self.verify.deadline(self.now),
            _ => self
                .verify
                .checks
                .iter()
                .filter_map(check::Check::deadline)
                .min(),
        };
        let sending = matches!(
            &self.compose.stage,
            compose::Stage::Out {
                state: OpState::Intended | OpState::Unknown(_),
                ..
            }
        );
        let seconds =
            (sending && self.pane == Pane::Message).then(|| verify::next_second(self.now));
        // Nothing is asked of Twilio before there is an account, so nothing is due either.
        let asking = self
            .connection
            .is_some()
            .then(|| [self.searches.deadline(), self.follow.deadline()])
            .unwrap_or_default();
        let [search, follow] = asking;
        [
            panes,
            seconds,
            search,
            follow,
            self.notice.as_ref().map(|notice| notice.until),
            self.history.revealed_until,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Where the agent's attention is, innermost first.
    pub fn places(&self) -> Vec<Place> {
        let overlay = self.overlay.as_ref().map(|overlay| match overlay {
            Overlay::Help { .. } => Place::Help,
            Overlay::Palette(_) => Place::Palette,
            Overlay::Quit => Place::QuitQuestion,
            Overlay::SignOut => Place::SignOutQuestion,
            Overlay::Phone => Place::Phone,
        });
        match (overlay, &self.setup) {
            (Some(place), _) => vec![place, Place::Always],
            (None, Some(setup)) => vec![setup.place(), Place::Always],
            (None, None) => vec![self.pane_place(), Place::Desk, Place::Always],
        }
    }

    /// The place of the pane on screen, whatever lies over it.
    pub fn pane_place(&self) -> Place {
        match self.pane {
            Pane::Verify => self.verify.place(),
            Pane::Message => self.compose.place(),
            Pane::History => self.history.place(),
            Pane::Settings => Place::Settings,
        }
    }

    /// Something waits or is under way, so that leaving is worth a question.
    pub fn is_busy(&self) -> bool {
        self.operations.any_open() || self.verify.checks.iter().any(check::Check::is_unfinished)
    }

    /// Shows a sentence for a while.
    fn notify(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice {
            text: text.into(),
            until: self.now + NOTICE_STAYS,
        });
    }

    fn opened(&mut self, opened: Opened) -> Vec<Effect> {
        self.operations = Operations::new(opened.session);
        self.history.open(opened.page);
        for row in opened.unknown.iter().chain(&opened.unfinished) {
            self.searches.row_changed(row, self.now);
            self.follow.row_changed(row, self.now);
        }
        Vec::new()
    }

    fn connected(&mut self, connection: Connection) -> Vec<Effect> {
        if let Some(service) = &connection.verify_service {
            for rows in open_verifications(self.history.rows(), self.now) {
                let known = self.verify.checks.iter().any(|check| {
                    rows.iter()
                        .any(|row| check.last_send == Some(row.operation.id))
                });
                if !known && let Some(check) = check::Check::from_rows(service, &rows) {
                    self.verify.checks.push(check);
                }
            }
        }
        let service = connection
            .verify_service
            .as_ref()
            .map(|service| service.sid.clone());
        self.connection = Some(connection);
        self.connect_failure = None;
        self.setup = None;
        // Its name and the length of its codes may have changed since they were written down.
        service
            .map(|sid| Effect::Call {
                ask: Ask::Service,
                call: Call::FetchVerifyService(sid),
            })
            .into_iter()
            .collect()
    }

    /// What Twilio says of the service in use. Keys that may not read it may still send under it.
    fn service_read(&mut self, result: Result<Box<crate::domain::Answer>, Failure>) {
        let known = self
            .connection
            .as_mut()
            .and_then(|connection| connection.verify_service.as_mut());
        match (result.map(|answer| answer.reply), known) {
            (Ok(Reply::VerifyService(service)), Some(known)) if known.sid == service.sid => {
                known.name = service.friendly_name;
                known.code_length = service.code_length;
            }
            (Err(failure), _)
                if failure.kind == FailureKind::Credentials && failure.status == Some(401) =>
            {
                self.notify(failure.message)
            }
            _ => {}
        }
    }

    /// A new row, or a changed one, goes to everybody who may care.
    fn row_changed(&mut self, row: HistoryRow) {
        self.searches.row_changed(&row, self.now);
        self.follow.row_changed(&row, self.now);
        self.verify.row_changed(&row, self.now);
        self.compose.row_changed(row.operation.id, &row.state);
        self.history.upsert(row);
    }

    fn progressed(&mut self, op: OpId, step: Option<(Progress, Option<Effect>)>) -> Vec<Effect> {
        let Some((progress, effect)) = step else {
            return Vec::new();
        };
        self.verify.progress(op, &progress, self.now);
        self.compose.progress(op, &progress);
        match progress {
            Progress::Calling(row) | Progress::Written(row) => self.row_changed(*row),
            Progress::NotIntended(failure) => self.notify(failure.message),
            Progress::NotWritten { failure, .. } => {
                self.notify(format!("It was done, but could not be written into the history: {} It will be looked up at the next start.", failure.message));
            }
            Progress::Outcome { .. } => {}
        }
        effect.into_iter().collect()
    }

    fn replied(
        &mut self,
        ask: Ask,
        result: Result<Box<crate::domain::Answer>, Failure>,
    ) -> Vec<Effect> {
        match ask {
            Ask::Operation(op) => {
                let step = self.operations.replied(op, result, self.now);
                self.progressed(op, step)
            }
            Ask::Search(op) => {
                let claimed = self.claimed_messages();
                self.searches
                    .replied(op, &result, &claimed, self.now)
                    .into_iter()
                    .collect()
            }
            Ask::Messages => self.follow.messages(&result, self.now),
            Ask::Message(op) => self.follow.message(op, &result),
            Ask::Attempts => self.follow.attempts(&result, self.now),
            Ask::Service => {
                self.service_read(result);
                Vec::new()
            }
            // A desk never asks it.
            Ask::Once => Vec::new(),
            Ask::Setup(number) => self
                .setup
                .as_mut()
                .map(|setup| setup.replied(number, result))
                .unwrap_or_default(),
        }
    }

    fn settled(&mut self, op: OpId, result: Result<Box<HistoryRow>, Failure>) -> Vec<Effect> {
        if let Some(progress) = self.operations.settled(op, result.clone()) {
            return self.progressed(op, Some((progress, None)));
        }
        match result {
            Ok(row) => self.row_changed(*row),
            Err(failure) => self.notify(failure.message),
        }
        Vec::new()
    }

    fn woke(&mut self) -> Vec<Effect> {
        let now = self.now;
        self.notice.take_if(|notice| now >= notice.until);
        self.history.woke(now);
        let mut effects = Vec::new();
        for start in self.verify.woke(now) {
            effects.extend(self.begin(start));
        }
        if self.connection.is_some() {
            effects.extend(self.searches.woke(now));
            effects.extend(self.follow.woke(now));
        }
        effects
    }

    /// Begins something on the verify pane.
    fn begin(&mut self, start: Start) -> Vec<Effect> {
        let service = match &start {
            Start::Of(at, _) => self
                .verify
                .checks
                .get(*at)
                .map(|check| check.service.clone()),
            Start::New { .. } => self
                .connection
                .as_ref()
                .and_then(|connection| connection.verify_service.clone()),
        };
        let Some(service) = service else {
            self.verify.complaint = Some(self.why_not_connected("There is no Verify service on this account, so no code can be sent. Ask your lead to create one, then connect again (F8)."));
            return Vec::new();
        };
        let (intent, code) = self.verify.intent(&start, &service);
        let (op, effect) = self.operations.begin(intent.clone(), code, false, self.now);
        self.verify.begun(start, &intent, &service, op, self.now);
        vec![effect]
    }

    /// Sends the text under review.
    fn send_text(&mut self, allow_twin: bool) -> Vec<Effect> {
        let Some(sender) = self
            .connection
            .as_ref()
            .and_then(|connection| connection.sender.as_ref())
        else {
            self.compose.complaint = Some(self.why_not_connected("There is no sender on this account, so no text can be sent. Ask your lead for a number or a Messaging Service, then connect again (F8)."));
            self.compose.stage = compose::Stage::Body;
            return Vec::new();
        };
        let Some(intent) = self.compose.intent(&sender.sender) else {
            return Vec::new();
        };
        let (op, effect) = self.operations.begin(intent, None, allow_twin, self.now);
        self.compose.begun(op, self.now);
        vec![effect]
    }

    /// Sends once more what is not known to have gone out. Only ever on a person's yes.
    fn send_once_more(&mut self, intent: Intent) -> (OpId, Vec<Effect>) {
        let (op, effect) = self.operations.begin(intent, None, true, self.now);
        (op, vec![effect])
    }

    fn why_not_connected(&self, connected: &str) -> String {
        match (&self.connection, &self.connect_failure) {
            (Some(_), _) => connected.to_owned(),
            (None, Some(failure)) => failure.message.clone(),
            (None, None) => "The keys are still being read. Try again in a moment.".to_owned(),
        }
    }

    fn claimed_messages(&self) -> BTreeSet<MessageSid> {
        let sids = self
            .history
            .rows()
            .iter()
            .filter_map(|row| match &row.state {
                OpState::Settled(Settled::Text { sid, .. }) => Some(sid.clone()),
                _ => None,
            });
        sids.collect()
    }

    /// The orders that a key or the palette can give, for tests and for the tour.
    pub fn can(&self, action: Action) -> bool {
        crate::keymap::read::in_force(&self.places())
            .iter()
            .any(|binding| binding.action == action)
    }
}

/// The rows of each verification that may still be open, oldest first.
fn open_verifications(rows: &[HistoryRow], now: Timestamp) -> Vec<Vec<&HistoryRow>> {
    let mut grouped: std::collections::BTreeMap<
        &crate::domain::sid::VerificationSid,
        Vec<&HistoryRow>,
    > = std::collections::BTreeMap::new();
    for row in rows.iter().rev() {
        if let OpState::Settled(Settled::Verification { sid, .. }) = &row.state {
            grouped.entry(sid).or_default().push(row);
        }
    }
    let open = |rows: &Vec<&HistoryRow>| {
        let over = rows.iter().any(|row| matches!(&row.state, OpState::Settled(Settled::Verification { status, .. }) if !status.is_open()));
        let expires = rows.iter().find_map(|row| match &row.state {
            OpState::Settled(Settled::Verification { expires_at, .. }) => *expires_at,
            _ => None,
        });
        !over && expires.is_some_and(|at| at > now)
    };
    grouped.into_values().filter(open).collect()
}
