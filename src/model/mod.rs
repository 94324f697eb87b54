//! The state of the desk, and the only thing that changes it.
//!
//! [`Model::update`] takes one stamped event and answers with orders for the outside. It never waits,
//! never reads a clock, never draws: a list of stamped events replays a session, key by key. Each pane
//! is a small machine in a file of its own; what they share (operations, searches, what is followed) is
//! beside them. A reply first clears what was waiting for it, then is judged.

mod act;
mod answers;
mod attention;
pub mod begin;
pub mod card;
pub mod check;
pub mod checkup;
pub mod compose;
pub mod effect;
pub mod event;
pub mod evidence;
pub mod field;
pub mod follow;
pub mod history;
mod keys;
pub mod lock;
mod note;
mod offers;
pub mod operations;
pub mod palette;
pub mod recipient;
pub mod search;
pub mod setting;
pub mod settings;
pub mod setup;
pub mod stage;
pub mod thread;
mod touch;
pub mod tour;
pub mod verify;
pub mod ways;

use jiff::SignedDuration;

use crate::domain::{Connection, Failure, HistoryRow, OpId, Phrase, Policy, Timestamp, phrase};
use crate::keymap::Place;
use crate::layout::{self, Size};

pub use effect::Effect;
pub use event::{Ask, Click, Event, Opened, Pasted, PhoneItem, Stamped};
pub use setting::{Choice, Setting};

pub use attention::Attention;

use begin::Sure;
use compose::Compose;
use follow::Follow;
use history::History;
use lock::Lock;
use operations::Operations;
use palette::Palette;
use search::Searches;
use settings::Settings;
use setup::Setup;
use thread::Thread;
use tour::Tour;
use verify::Verify;
use ways::Ways;

/// How long a notice stays.
const NOTICE_STAYS: SignedDuration = SignedDuration::from_secs(8);
/// How long it stays at least, whatever is pressed.
const NOTICE_READ: SignedDuration = SignedDuration::from_secs(1);

/// The whole desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The time of the last event.
    pub now: Timestamp,
    /// The size of the terminal.
    pub size: Size,
    /// What the settings of this computer say.
    pub setting: Setting,
    /// What the lead allows.
    pub policy: Policy,
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
    /// What the customer answers who is written to.
    pub thread: Thread,
    /// What was done.
    pub history: History,
    /// Changing the settings.
    pub settings: Settings,
    /// The one path of every operation.
    pub operations: Operations,
    /// What is not known.
    pub searches: Searches,
    /// What is on its way.
    pub follow: Follow,
    /// The ways that a service turned out not to have.
    pub ways: Ways,
    /// The pretend customer's phone, in the demo.
    pub phone: Vec<PhoneItem>,
    /// The tour, while it lasts.
    pub tour: Option<Tour>,
    /// How many check-ups there were.
    pub checkups: u32,
    /// What earlier runs left unsettled, until it is known which account is connected.
    pub unsettled: Vec<HistoryRow>,
    /// Whether the agent looks at the desk.
    pub attention: Attention,
    /// Whether the desk is hidden from people who walk by.
    pub lock: Lock,
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
        /// What is looked for.
        filter: field::Field,
    },
    /// All actions by name.
    Palette(Palette),
    /// Something waits: leave all the same?
    Quit,
    /// Remove the keys?
    SignOut,
    /// A trainee is told what will happen: send it?
    Sure(Box<Sure>),
    /// A page for the admin, scrolled by so many lines.
    Note {
        /// Which.
        note: setup::note::Note,
        /// Lines scrolled away.
        scroll: u16,
    },
    /// The pretend phone.
    Phone,
    /// The stops of the tour.
    Tour {
        /// The marked one.
        marked: usize,
    },
    /// Withdraw a text that waits at Twilio for its time?
    Withdraw(OpId),
    /// What the customer answered.
    Replies {
        /// The newest texts that are scrolled away.
        scroll: usize,
    },
    /// A card to read in the middle of a call.
    Card {
        /// Which.
        card: card::Card,
        /// Lines scrolled away.
        scroll: u16,
    },
}

/// A sentence that goes by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// The sentence.
    pub text: Phrase,
    /// Until when it stays.
    pub until: Timestamp,
}

impl Model {
    /// An empty desk, before anything was read.
    pub fn new(setting: Setting, policy: Policy, size: Size, now: Timestamp) -> Self {
        let tour = setting.tour.then(|| Tour::new(now));
        let settings = Settings::new(&setting);
        Self {
            now,
            size,
            setting,
            policy,
            connection: None,
            connect_failure: None,
            setup: None,
            pane: Pane::Verify,
            overlay: None,
            notice: None,
            verify: Verify::default(),
            compose: Compose::default(),
            thread: Thread::default(),
            history: History::default(),
            settings,
            operations: Operations::default(),
            searches: Searches::default(),
            follow: Follow::default(),
            ways: Ways::default(),
            phone: Vec::new(),
            checkups: 0,
            tour,
            unsettled: Vec::new(),
            attention: Attention::default(),
            lock: Lock::new(now),
        }
    }

    /// Takes an event in, and says what is to be done about it.
    pub fn update(&mut self, Stamped { at, event }: Stamped) -> Vec<Effect> {
        self.now = self.now.max(at);
        let before = self.endings();
        let by_hand = matches!(
            event,
            Event::Key { .. } | Event::Pasted(_) | Event::Clicked(_) | Event::Scrolled { .. }
        );
        self.lock.woke(self.now, self.lock_minutes());
        if by_hand {
            self.lock.touch(self.now);
            if self.lock.is_closed() && !matches!(event, Event::Key { .. }) {
                return Vec::new();
            }
        }
        let mut effects = match event {
            Event::Opened(opened) => self.opened(*opened),
            Event::TemplatesRead(templates) => {
                self.compose.take_in(templates);
                Vec::new()
            }
            Event::Connected(connection) => self.connected(*connection),
            Event::KeysRead(result) => self.keys_read(result),
            Event::ProfilesRead(result) => {
                self.profiles_read(result);
                Vec::new()
            }
            Event::NotConnected => self.begin_setup(false),
            Event::LookedAround(surroundings) => {
                self.looked_around(*surroundings);
                Vec::new()
            }
            Event::PlainRemoved(result) => {
                self.plain_removed(result);
                Vec::new()
            }
            Event::ConnectFailed(failure) => {
                self.settings.switching = None;
                self.connect_failure = Some(failure);
                Vec::new()
            }
            Event::Key { chord, held } => self.key(chord, held),
            Event::Pasted(Pasted(text)) => self.pasted(&text),
            Event::Told(what) => {
                self.notify(what);
                Vec::new()
            }
            Event::Pointed { .. } | Event::Background { .. } => Vec::new(),
            Event::Focused(here) => self.focused(here),
            Event::Clicked(click) => self.clicked(&click),
            Event::Scrolled { down } => self.scrolled(down),
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
            Event::PageLoaded { before, result } => {
                match (before, result) {
                    (Some(_), Ok(page)) => self.history.append(page),
                    (None, Ok(page)) => self.newest_rows(page),
                    (_, Err(failure)) => {
                        self.history.append_failed();
                        self.notify(failure.phrase());
                    }
                }
                Vec::new()
            }
            Event::Tallied(result) => {
                let midnight = self.midnight();
                self.history.counted(result.ok(), self.now, midnight);
                Vec::new()
            }
            Event::LookedBack(result) => {
                match result {
                    Ok(back) => self.history.look_back = Some(*back),
                    Err(failure) => self.notify(failure.message),
                }
                Vec::new()
            }
            Event::Found {
                number,
                before,
                result,
            } => {
                self.found(number, before, result);
                Vec::new()
            }
            Event::Exported(result) => {
                self.exported(result);
                Vec::new()
            }
            Event::Deleted(result) => {
                self.deleted(result);
                Vec::new()
            }
            Event::Forgotten { before, result } => {
                self.forgotten(before, result);
                Vec::new()
            }
            // A desk never asks for it.
            Event::StartFound(_) => Vec::new(),
            Event::DraftSaved(result) => {
                if let Err(failure) = result {
                    self.notify(failure.phrase());
                }
                Vec::new()
            }
            Event::SettingsSaved(result) => self.settings_saved(result),
            Event::Kept(result) => self
                .setup
                .as_mut()
                .map(|setup| setup.kept(result))
                .unwrap_or_default(),
            Event::SignedOut(result) => {
                match result {
                    Ok(()) => {
                        self.connection = None;
                        let mut effects = vec![Effect::Disconnect];
                        effects.extend(self.begin_setup(false));
                        return effects;
                    }
                    Err(failure) => self.notify(failure.phrase()),
                }
                Vec::new()
            }
            Event::Examined { number, finding } => {
                self.examined(number, *finding);
                Vec::new()
            }
            Event::PhoneRang(items) => {
                self.phone = items;
                Vec::new()
            }
            Event::Copied { by_system: true } => {
                self.notify(phrase!("Copied to the clipboard."));
                Vec::new()
            }
            Event::Copied { by_system: false } => {
                self.notify(phrase!(
                    "Copied by way of the terminal. Not every terminal takes it."
                ));
                Vec::new()
            }
            Event::TerminalGone | Event::Faulted => vec![Effect::Quit],
        };
        effects.extend(self.woke());
        self.watch_tour();
        effects.extend(self.about_somebody_new());
        if self.connection.is_some() {
            effects.extend(self.replies_woke());
        }
        self.keep_draft(&mut effects);
        if self.calls_the_agent(before) {
            effects.push(Effect::Ring);
        }
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
        // Nothing is asked of Twilio before there is an account, so nothing is due either.
        let asking = if self.connection.is_some() {
            [
                self.searches.deadline(),
                self.follow.deadline(),
                self.replies_deadline(),
            ]
        } else {
            Default::default()
        };
        let [search, follow, replies] = asking;
        [
            panes,
            self.message_deadline(),
            search,
            follow,
            replies,
            self.notice.as_ref().map(|notice| notice.until),
            self.history.revealed_until,
            self.attention.deadline(&self.policy),
            self.lock.deadline(self.lock_minutes()),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// After how many minutes the desk is hidden. Lines that were said cannot be hidden any more.
    fn lock_minutes(&self) -> Option<u32> {
        self.policy
            .idle_lock_minutes
            .filter(|_| !self.setting.plain)
    }

    /// Where the agent's attention is, innermost first.
    pub fn places(&self) -> Vec<Place> {
        let overlay = self.overlay.as_ref().map(|overlay| match overlay {
            Overlay::Help { .. } => Place::Help,
            Overlay::Palette(_) => Place::Palette,
            Overlay::Quit => Place::QuitQuestion,
            Overlay::SignOut => Place::SignOutQuestion,
            Overlay::Sure(_) => Place::SureQuestion,
            Overlay::Withdraw(_) => Place::WithdrawQuestion,
            Overlay::Replies { .. } => Place::Replies,
            Overlay::Note { .. } => Place::Note,
            Overlay::Phone => Place::Phone,
            Overlay::Tour { .. } => Place::TourCard,
            Overlay::Card { .. } => Place::Card,
        });
        if layout::is_too_small(self.size) {
            // Nothing is shown, so nothing may be done but leaving.
            return vec![Place::Always];
        }
        if self.lock.is_closed() && self.overlay != Some(Overlay::Quit) {
            return vec![Place::Locked];
        }
        match (overlay, &self.setup) {
            (Some(place), _) => vec![place, Place::Always],
            (None, Some(setup)) => vec![setup.place(), Place::Always],
            (None, None) => {
                let places = match self.pane {
                    Pane::Verify => self.verify.places(),
                    // Over an empty text digits take a template; everything else is as in any text.
                    _ if self.pane_place() == Place::EmptyText => {
                        vec![Place::EmptyText, Place::Body]
                    }
                    _ => vec![self.pane_place()],
                };
                let mut places = self.with_tour(places);
                places.extend([Place::Desk, Place::Always]);
                places
            }
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
        self.operations.any_unanswered()
            || !self.searches.is_empty()
            || matches!(self.compose.stage, compose::Stage::Held { .. })
            || self.verify.checks.iter().any(check::Check::is_unfinished)
            || self.setup.as_ref().is_some_and(Setup::is_keeping)
    }

    /// When today began, where the agent is.
    pub fn midnight(&self) -> Timestamp {
        let now = self.now.to_zoned(self.setting.zone.clone());
        now.start_of_day().map_or(self.now, |day| day.timestamp())
    }

    /// Shows a sentence for a while.
    fn notify(&mut self, text: impl Into<Phrase>) {
        self.notice = Some(Notice {
            text: text.into(),
            until: self.now + NOTICE_STAYS,
        });
    }

    fn woke(&mut self) -> Vec<Effect> {
        let now = self.now;
        self.notice.take_if(|notice| now >= notice.until);
        self.history.woke(now);
        self.looked_away();
        let mut effects = self.message_woke();
        let midnight = self.midnight();
        if self.history.wants_count(now, midnight) {
            effects.push(Effect::Tally { midnight });
        }
        effects.extend(self.search_history());
        effects.extend(self.forget_history(midnight));
        effects.extend(self.look_back());
        // What is on screen clears itself in time; what was said as a line has no time limit.
        let on_screen = self.pane == Pane::Verify && self.setup.is_none() && !self.setting.plain;
        for start in self.verify.woke(now, on_screen) {
            effects.extend(self.begin(start));
        }
        if self.connection.is_some() {
            effects.extend(self.inquire());
            let waiting = self.verify.checks.iter().any(check::Check::is_open);
            self.follow.attend(waiting, now);
            effects.extend(self.searches.woke(now));
            effects.extend(self.follow.woke(now));
        }
        effects
    }
}
