//! The state of the desk, and the only thing that changes it.
//!
//! [`Model::update`] takes one stamped event and answers with orders for the outside. It never waits,
//! never reads a clock, never draws: a list of stamped events replays a session, key by key. Each pane
//! is a small machine in a file of its own; what they share (operations, searches, what is followed) is
//! beside them. A reply first clears what was waiting for it, then is judged.

pub mod account;
mod act;
mod answers;
mod attention;
pub mod begin;
pub mod card;
pub mod check;
pub mod checkup;
pub mod compose;
pub mod effect;
mod elsewhere;
pub mod event;
pub mod evidence;
pub mod field;
pub mod follow;
pub mod history;
mod keys;
mod lead;
pub mod lock;
pub mod lookup;
mod note;
pub mod numbers;
mod offers;
mod once_more;
pub mod operations;
mod out_of_sight;
pub mod palette;
mod pasted;
mod places;
pub mod recipient;
pub mod search;
pub mod setting;
pub mod settings;
pub mod setup;
mod sign_out;
pub mod skews;
pub mod stage;
pub mod thread;
mod touch;
pub mod tour;
mod trial;
mod unheeded;
mod update;
pub mod verify;
mod waits;
pub mod ways;

use jiff::SignedDuration;

use crate::domain::{
    Connection, Failure, HistoryRow, OpId, PhoneNumber, Phrase, Policy, Timestamp,
};
use crate::keymap::Place;
use crate::layout::{self, Size};

pub use effect::Effect;
pub use event::{Ask, Click, Event, Opened, Pasted, PhoneItem, Stamped};
pub use setting::{Choice, Setting};

pub use attention::Attention;
pub use out_of_sight::ToldOf;

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
    /// Something of the history may be lost, so that what was sent before may be sent again.
    pub unaccepted: bool,
    /// Whether the agent looks at the desk.
    pub attention: Attention,
    /// How many texts and codes turned out not to have arrived, in this run.
    pub undelivered: usize,
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
    /// Signed out: delete the history, too?
    ForgetAll,
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
    /// The numbers of a paste that had several.
    Numbers(numbers::Numbers),
    /// Look this number up, for money?
    LookUp(PhoneNumber),
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
    /// What the agent was at, where it answers a key or a paste: it goes when that is over.
    pub of: Option<Whereabouts>,
    /// The check out of sight that it tells of, as it stood: it goes when that is over, or in sight.
    pub told_of: Option<ToldOf>,
}

/// What the agent is at. Where any of it changes, what was said about it speaks of nothing on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Whereabouts {
    /// On this pane.
    pub pane: Pane,
    /// With these keys in force.
    pub places: Vec<Place>,
    /// With this check.
    pub check: Option<usize>,
}

impl Model {
    /// An empty desk, before anything was read.
    pub fn new(setting: Setting, policy: Policy, size: Size, now: Timestamp) -> Self {
        let tour = setting.tour.then(|| Tour::new(now));
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
            settings: Settings::default(),
            operations: Operations::default(),
            searches: Searches::default(),
            follow: Follow::default(),
            ways: Ways::default(),
            phone: Vec::new(),
            checkups: 0,
            tour,
            unsettled: Vec::new(),
            unaccepted: false,
            attention: Attention::default(),
            undelivered: 0,
            lock: Lock::new(now),
        }
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
            self.verify.reads_at,
            self.counts_down().then(|| verify::next_second(self.now)),
            self.message_deadline(),
            search,
            follow,
            replies,
            self.notice.as_ref().map(|notice| notice.until),
            self.history.revealed_until(),
            self.attention.deadline(&self.policy),
            self.lock.deadline(self.lock_minutes()),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The callers who wait are on screen with the time that each has left, in seconds.
    fn counts_down(&self) -> bool {
        let is_listed = (self.pane == Pane::Verify && self.setup.is_none())
            || layout::is_too_small(self.size)
            || (layout::has_beside(self.size) && !self.setting.demo);
        let mut others = self.verify.others_waiting();
        is_listed
            && !self.setting.plain
            && !self.lock.is_closed()
            && others.any(|check| check.is_open() && check.expires_at.is_some())
    }

    /// After how many minutes the desk is hidden.
    fn lock_minutes(&self) -> Option<u32> {
        self.policy.idle_lock_minutes
    }

    /// Something waits or is under way, so that leaving is worth a question.
    pub fn is_busy(&self) -> bool {
        self.operations.any_unanswered()
            || (self.connection.is_some() && !self.searches.is_empty())
            || matches!(self.compose.stage, compose::Stage::Held { .. })
            || self.verify.checks.iter().any(check::Check::is_unfinished)
            || self.setup.as_ref().is_some_and(Setup::is_keeping)
    }

    /// When today began, where the agent is.
    pub fn midnight(&self) -> Timestamp {
        self.midnight_of(self.now)
    }

    /// When the day of a moment began, where the agent is.
    fn midnight_of(&self, moment: Timestamp) -> Timestamp {
        let there = moment.to_zoned(self.setting.zone.clone());
        there.start_of_day().map_or(moment, |day| day.timestamp())
    }

    /// When the day began on which the lead's counts are taken: by the computer's own clock, whatever the agent
    /// has set.
    fn day_of_counts(&self) -> Timestamp {
        operations::day_of(self.now, &self.setting.own_zone)
    }

    /// Shows a sentence for a while.
    fn notify(&mut self, text: impl Into<Phrase>) {
        self.notice = Some(Notice {
            text: text.into(),
            until: self.now + NOTICE_STAYS,
            of: None,
            told_of: None,
        });
    }

    fn woke(&mut self) -> Vec<Effect> {
        let now = self.now;
        self.notice.take_if(|notice| now >= notice.until);
        self.history.woke(now);
        self.looked_away();
        let mut effects = self.look_before_going_on();
        let midnight = self.midnight();
        if self.history.wants_count(now, midnight) {
            let account = self.connection.as_ref();
            effects.push(Effect::Tally {
                midnight,
                account: account.map(|connection| connection.account_sid.clone()),
            });
        }
        effects.extend(self.search_history());
        effects.extend(self.forget_history());
        effects.extend(self.look_back());
        effects.extend(self.read_what_others_did());
        // What is on screen clears itself in time; what was said as a line has no time limit.
        let on_screen = self.pane == Pane::Verify && self.setup.is_none() && !self.setting.plain;
        self.number_typed_for_code();
        for start in self.verify.woke(now, on_screen) {
            effects.extend(self.begin(start));
        }
        self.ask_about_waits();
        if self.connection.is_some() {
            effects.extend(self.inquire());
            let waiting = self.verify.checks.iter().any(check::Check::is_open);
            self.follow.attend(waiting, now);
            effects.extend(self.searches.woke(now));
            effects.extend(self.follow.woke(now, self.operations.skews()));
        }
        effects
    }
}
