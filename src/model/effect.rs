//! Orders, in the imperative: everything that the desk can ask of the outside.
//!
//! Plain data: comparable, printable, recordable. Nothing depends on the order within a list of effects;
//! where one thing must follow another, the first one's event asks for the second.

use crate::domain::connection::Keys;
use crate::domain::export::Format;
use crate::domain::history_query::HistoryQuery;
use crate::domain::policy::DayCap;
use crate::domain::sid::AccountSid;
use crate::domain::{
    Call, Connection, Draft, Notices, OpId, OpState, Operation, Recipient, Ticket, Timestamp,
    VerificationKey,
};

use super::event::Ask;
use super::setting::Choice;
use super::setup::you::Introduction;

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write an operation down, durably. Answered by `Intended`.
    Intend {
        /// Which.
        operation: Operation,
        /// A person was asked about this one, whose outcome is not known, and said yes to sending it once more.
        again_after: Option<OpId>,
        /// How often its agent may do that on this day, where the lead has set it.
        cap: Option<DayCap>,
    },
    /// Ask Twilio. Answered by `Replied`.
    Call {
        /// The name of the question.
        ask: Ask,
        /// The question.
        call: Call,
    },
    /// Write down what became of an operation. Answered by `Settled`.
    Settle {
        /// Which.
        op: OpId,
        /// What became of it.
        state: OpState,
    },
    /// Read a page of the history. Answered by `PageLoaded`.
    LoadPage {
        /// The oldest row that is known; none for the newest page, which other processes write into.
        before: Option<i64>,
    },
    /// Read the templates anew. Answered by `TemplatesRead`.
    ReadTemplates,
    /// Count today and the last hour. Answered by `Tallied`.
    Tally {
        /// When today began.
        midnight: Timestamp,
        /// Whose; everybody's where no account is connected.
        account: Option<AccountSid>,
    },
    /// Look up what the history holds about a person, and whether a ticket was verified. Answered by
    /// `LookedBack`.
    LookBack {
        /// Whom.
        to: Recipient,
        /// Which ticket, where there is one.
        ticket: Option<Ticket>,
    },
    /// Find entries of the history. Answered by `Found`.
    Find {
        /// Tells questions apart.
        number: u32,
        /// What must hold.
        query: HistoryQuery,
        /// Only those whose newest row is older.
        before: Option<i64>,
        /// How many at most.
        limit: usize,
    },
    /// Write what fits a filter into a file of the folder `exports`, numbers masked. Answered by `Exported`.
    Export {
        /// What must hold.
        query: HistoryQuery,
        /// How it is written.
        format: Format,
    },
    /// Delete settled operations from the history. Answered by `Deleted`.
    Delete {
        /// Which.
        ops: Vec<OpId>,
        /// Also what is not known for long, which nobody here can look up.
        given_up: bool,
    },
    /// Delete what is settled and older than it may be kept. Answered by `Forgotten`.
    Forget {
        /// Whatever was begun before.
        before: Timestamp,
    },
    /// Find the newest start of a verification under an account, at its place. Answered by `StartFound`.
    FindStart {
        /// By recipient or SID.
        key: VerificationKey,
        /// Whose; anybody's where no account is connected.
        account: Option<AccountSid>,
        /// Where that account's Twilio keeps what it does.
        home: Option<String>,
    },
    /// Keep the draft of a text; an empty one is removed. Answered by `DraftSaved`.
    SaveDraft(Draft),
    /// Ask Twilio with keys that are not in use yet. Answered by `Replied`.
    TryKeys {
        /// The name of the question.
        ask: Ask,
        /// The keys.
        keys: Keys,
        /// The question.
        call: Call,
    },
    /// Keep the keys in the keyring and the rest in the configuration. Answered by `Kept`.
    Keep {
        /// The keys.
        keys: Keys,
        /// What they open; its source names the profile.
        connection: Box<Connection>,
        /// Who sits at the desk, where that was asked.
        introduction: Option<Box<Introduction>>,
        /// The profile becomes the active one, whichever it was before.
        makes_active: bool,
        /// Other keys that the profile holds are replaced.
        replaces: bool,
    },
    /// Use the keys from now on. Answered by `Connected`.
    Use {
        /// The keys.
        keys: Keys,
        /// What they open.
        connection: Box<Connection>,
    },
    /// Let go of the keys in use, which were signed out: nothing is asked with them any more, and they leave
    /// the memory.
    Disconnect,
    /// Read which profiles there are. Answered by `ProfilesRead`.
    ReadProfiles,
    /// Read the keys of a profile from the keyring. Answered by `KeysRead`.
    ReadKeys {
        /// Its name.
        profile: String,
    },
    /// Write settings down that were changed. Answered by `SettingsSaved`.
    SaveSettings(Vec<Choice>),
    /// See what the machine is like: keys in plain text, proxy, certificates. Answered by `LookedAround`.
    LookAround,
    /// Take keys out of the file in which they lie in plain text. Answered by `PlainRemoved`.
    RemovePlain {
        /// The file.
        file: String,
        /// The profile in it.
        profile: String,
    },
    /// Examine every link. Answered by as many `Examined`.
    Examine {
        /// Tells check-ups apart.
        number: u32,
    },
    /// Write into the log that the lead's rules did not allow something.
    NoteRefusal {
        /// What it was.
        kind: &'static str,
    },
    /// Open the demo in this desk's place. Answered by `Opened` and `Connected`.
    StartDemo,
    /// Remove a profile and its keys. Answered by `SignedOut`.
    SignOut {
        /// Its name.
        profile: String,
    },
    /// Hand a line to the clipboard. Answered by `Copied`.
    Copy(String),
    /// Call the agent, who looks elsewhere: the terminal's bell.
    Ring,
    /// Show the agent, who looks elsewhere, a notice of the terminal. It holds no number and no code.
    Notify {
        /// In the form that the terminal knows.
        form: Notices,
        /// What it says.
        text: String,
    },
    /// Ask the terminal what its background is like.
    AskBackground,
    /// Draw everything anew.
    Redraw,
    /// Go to the background until the shell says otherwise.
    Suspend,
    /// End.
    Quit,
}
