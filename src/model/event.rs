//! Facts, in the past tense: everything that can happen to the desk.
//!
//! Events are the only way in. A list of stamped events replays a session, so whatever an update needs
//! to know (the time, an identifier, an answer) travels inside them. `Debug` is safe to print.

use std::fmt;

use secrecy::zeroize::Zeroizing;

use crate::domain::checkup::Finding;
use crate::domain::connection::Keys;
use crate::domain::record::Found;
use crate::domain::{
    Answer, Connection, Draft, Failure, HistoryRow, LookBack, OpId, Page, Phrase, Policy, Tally,
    Templates, Timestamp, Untrusted,
};
use crate::keymap::{Chord, Place};
use crate::layout::Size;

use super::settings::KnownProfile;
use super::setup::NotKept;
use super::setup::import::Surroundings;

/// An event and when it happened. Time goes forward only: it is taken from a monotonic clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Stamped {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The history was opened and its newest page read.
    Opened(Box<Opened>),
    /// The templates were read.
    TemplatesRead(Templates),
    /// The policy of the lead has changed; none where its file was removed.
    PolicyRead(Option<Box<Policy>>),
    /// The keys of a profile were read from the keyring, or were not.
    KeysRead(Result<Box<(Keys, Connection)>, Failure>),
    /// The desk was connected to an account.
    Connected(Box<Connection>),
    /// There are no keys yet: the first run begins.
    NotConnected,
    /// The keys could not be had: the desk opens, says why, and cannot send.
    ConnectFailed(Failure),
    /// A key was pressed, or is being held.
    Key {
        /// Which.
        chord: Chord,
        /// It repeats by itself.
        held: bool,
    },
    /// Text was pasted.
    Pasted(Pasted),
    /// Keys came as fast as a paste from a terminal that does not say what is one: taken as one.
    Burst(Pasted),
    /// The mouse was pressed on a cell. What stands there is known to whoever drew it, and not here.
    Pointed {
        /// From the left.
        column: u16,
        /// From the top.
        row: u16,
    },
    /// Something on the screen was clicked.
    Clicked(Click),
    /// The wheel was turned, down or up.
    Scrolled {
        /// Down.
        down: bool,
    },
    /// The window has another size.
    Resized(Size),
    /// The window has the agent's attention, or has lost it.
    Focused(bool),
    /// The terminal has said what its background is like.
    Background {
        /// Dark.
        dark: bool,
    },
    /// A deadline that the model had asked for has passed.
    Woke,
    /// An operation is on disk, or could not be written down.
    Intended {
        /// Which.
        op: OpId,
        /// Its row.
        result: Result<Box<HistoryRow>, Failure>,
    },
    /// A question was answered.
    Replied {
        /// Which.
        ask: Ask,
        /// The answer.
        result: Result<Box<Answer>, Failure>,
    },
    /// Twilio asked us to wait; the question goes on by itself.
    Delayed {
        /// Which.
        ask: Ask,
        /// Until when.
        until: Timestamp,
    },
    /// What became of an operation is on disk, or could not be written down.
    Settled {
        /// Which.
        op: OpId,
        /// Its row.
        result: Result<Box<HistoryRow>, Failure>,
    },
    /// A page of the history was read.
    PageLoaded {
        /// Before which row; the newest page where it is none.
        before: Option<i64>,
        /// The page.
        result: Result<Page, Failure>,
    },
    /// Today and the last hour were counted.
    Tallied(Result<Tally, Failure>),
    /// Entries of the history were looked for.
    Found {
        /// Which question that was.
        number: u32,
        /// Before which row; the newest page where it is none.
        before: Option<i64>,
        /// What fits.
        result: Result<Box<Found>, Failure>,
    },
    /// The history was written into a file, or could not be: how many operations, and where. Nothing is
    /// written of none.
    Exported(Result<(usize, String), Failure>),
    /// These operations were deleted from the history, or could not be.
    Deleted(Result<Vec<OpId>, Failure>),
    /// These operations were older than they may be kept, and are gone, or could not be deleted.
    Forgotten(Result<Vec<OpId>, Failure>),
    /// What the history holds about a person was read.
    LookedBack(Result<Box<LookBack>, Failure>),
    /// The start of a verification was looked for in the history.
    StartFound(Result<Option<Box<HistoryRow>>, Failure>),
    /// The draft is on disk, or could not be written.
    DraftSaved(Result<(), Failure>),
    /// The profiles were read, or could not be.
    ProfilesRead(Result<Vec<KnownProfile>, Failure>),
    /// Settings that were changed are on disk, or could not be written.
    SettingsSaved(Result<(), Failure>),
    /// What the machine around the program is like.
    LookedAround(Box<Surroundings>),
    /// Keys were taken out of a file in which they lay in plain text, or were not.
    PlainRemoved(Result<Vec<Untrusted>, Failure>),
    /// The keys of the set-up were kept in the keyring and read back, or were not.
    Kept(Result<(), NotKept>),
    /// The keys of the profile were removed, or were not.
    SignedOut(Result<(), Failure>),
    /// A link was examined.
    Examined {
        /// In which check-up.
        number: u32,
        /// What was found out.
        finding: Box<Finding>,
    },
    /// Something arrived on the pretend customer's phone.
    PhoneRang(Vec<PhoneItem>),
    /// Something is to be said that the start of the program found out.
    Told(Phrase),
    /// A line was handed to the clipboard.
    Copied {
        /// The system's clipboard has it; otherwise only the terminal was asked.
        by_system: bool,
    },
    /// The terminal has gone; there is nobody to draw for.
    TerminalGone,
    /// The program had a fault of its own beside the desk: it ends in good order.
    Faulted,
    /// The keyring remembers a line of the audit that the history lacks: something of it is lost.
    LossProved,
}

/// What a part of the screen stands for when it is clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Click {
    /// This key.
    Press(Chord),
    /// The row of the list on screen, counted from its first.
    Row(usize),
    /// The field in which the agent's attention is at this place.
    Field(Place),
}

/// Text that was pasted: data for the focused field, never keys. `Debug` shows its length alone. It may be
/// a set of keys, so it is wiped when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Pasted(pub Zeroizing<String>);

impl fmt::Debug for Pasted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} characters]", self.0.chars().count())
    }
}

/// What is known when the history has been opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// Names this run: the first half of every operation's name.
    pub session: u32,
    /// The newest page.
    pub page: Page,
    /// What is not known, and shall be looked up.
    pub unknown: Vec<HistoryRow>,
    /// What is still on its way, and shall be followed.
    pub unfinished: Vec<HistoryRow>,
    /// A text that an ended run had not sent yet.
    pub draft: Option<Draft>,
    /// Something of it may be lost, and nobody has taken it as it is.
    pub unaccepted: bool,
}

/// Names a question, so that its answer finds its way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// The call of an operation.
    Operation(OpId),
    /// A look for an operation whose outcome is not known.
    Search(OpId),
    /// The round of all texts on their way.
    Messages,
    /// A text that was not on the round's page.
    Message(OpId),
    /// What the customer answered who is written to.
    Replies,
    /// The withdrawal of a text that waits for its time.
    Withdrawal(OpId),
    /// The round of all codes on their way.
    Attempts,
    /// The sends of a code that was not on the round's page.
    AttemptsOf(OpId),
    /// What became of the check whose last operation this is.
    Inquiry(OpId),
    /// A Verify service that codes are out under: its name, and how long its codes are.
    Service,
    /// What the Messaging Service is called that texts come from.
    Sender,
    /// The one question of a one-shot command.
    Once,
    /// A step of the set-up; the number tells tries apart.
    Setup(u32),
}

impl Ask {
    /// The operation that it is about, where it is about one.
    pub fn operation(self) -> Option<OpId> {
        match self {
            Self::Operation(op)
            | Self::Search(op)
            | Self::Message(op)
            | Self::Withdrawal(op)
            | Self::AttemptsOf(op)
            | Self::Inquiry(op) => Some(op),
            Self::Messages
            | Self::Replies
            | Self::Attempts
            | Self::Service
            | Self::Sender
            | Self::Once
            | Self::Setup(_) => None,
        }
    }
}

/// Something on the pretend customer's phone.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneItem {
    /// Whose phone: number or address.
    pub to: String,
    /// `sms`, `call`, `whatsapp` or `email`.
    pub kind: String,
    /// Who it says it comes from.
    pub from: String,
    /// What it says; a call, in words.
    pub body: String,
    /// The code in it, if it carries one.
    pub code: Option<String>,
    /// When it came.
    pub at: Timestamp,
}

impl fmt::Debug for PhoneItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.kind, self.at)
    }
}
