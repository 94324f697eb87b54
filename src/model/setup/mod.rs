//! The first run: paste what the lead sent, have it checked by live calls, pick service and sender by
//! name, keep the keys in the keyring.
//!
//! The questions go to Twilio one after another; each answer asks for the next one (`check`). A late
//! answer of an earlier try is known by its number and dropped. What is pasted holds a secret: it is
//! never shown, and wiped when it has been read.

mod act;
mod check;
pub mod import;
mod keep;
pub mod names;
pub mod note;
mod pick;
pub mod you;

use crate::domain::connection::{Connection, Keys, NamedSender, NamedService, Rights};
use crate::domain::paste::Pasted;
use crate::domain::sid::{AccountSid, VerifyServiceSid};
use crate::domain::{Phrase, Policy, Sender};
use crate::keymap::{Chord, Place};

use super::effect::Effect;
use super::field::Field;
use super::settings::KnownProfile;

use import::{PlainPlace, Surroundings};
use you::You;

pub use check::{Question, SKEW_THAT_MATTERS};
pub use keep::{NotKept, Part};
pub use pick::none_known;

/// The first run.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// How far it is.
    pub step: Step,
    /// What was pasted. Holds a secret: it is shown as dots, and emptied when it has been read.
    pub paste: Field,
    /// What was found in it.
    pub found: Pasted,
    /// Why the last step did not work, or what has to be decided anew.
    pub problem: Option<Phrase>,
    /// What the answers have shown so far.
    pub connection: Option<Connection>,
    /// How much the keys may do, once it was tried.
    pub rights: Option<Rights>,
    /// Seconds by which Twilio's clock is ahead of this machine's.
    pub skew: Option<i64>,
    /// What the keys may not read, so that it could not be offered.
    pub unreadable: Vec<Question>,
    /// Who sits at the desk; none where that was said before.
    pub you: Option<You>,
    /// Whom to send a first code to: the agent's own number.
    pub own_number: Field,
    /// What the machine around the program is like.
    pub surroundings: Surroundings,
    /// The profiles whose keys are on this computer, and may be used at once.
    pub kept: Vec<KnownProfile>,
    /// Where the keys came from, where they lay in plain text.
    pub imported: Option<PlainPlace>,
    /// There is a desk to go back to.
    pub from_desk: bool,
    /// The profile becomes the active one, whichever it was before.
    pub makes_active: bool,
    /// Somebody named the profile: what other keys it holds are replaced.
    pub replaces: bool,
    /// What the profile has that is replaced: it stays, where the account has it and the paste names no other.
    pub before: Option<Before>,
    /// What the lead allows to be picked.
    pub policy: Policy,
    /// Why what the paste names is not taken: the lead does not allow it.
    pub forbidden: Option<Phrase>,
    keys: Option<Keys>,
    services: Vec<NamedService>,
    senders: Vec<NamedSender>,
    /// The steps that were answered, as they were: Esc goes back through them.
    trail: Vec<Step>,
    tries: u32,
}

/// What a profile held before its keys are replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    /// Whose.
    pub account_sid: AccountSid,
    /// The service that codes are sent under.
    pub verify_service: Option<VerifyServiceSid>,
    /// Whom texts come from.
    pub sender: Option<Sender>,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Demo or account?
    Welcome,
    /// Keys in plain text: which of them?
    PickImport {
        /// The one that is marked.
        marked: usize,
    },
    /// Keys that are kept already: those of which profile?
    PickProfile {
        /// The one that is marked.
        marked: usize,
    },
    /// The paste.
    Paste,
    /// Questions are under way; the one that is being asked.
    Checking(Question),
    /// Several Verify services: pick one.
    PickService {
        /// The services.
        services: Vec<NamedService>,
        /// The one that is marked.
        marked: usize,
    },
    /// Several senders: pick one.
    PickSender {
        /// The senders.
        senders: Vec<NamedSender>,
        /// The one that is marked.
        marked: usize,
    },
    /// Alias, country, language.
    You,
    /// Everything is known; shall it be kept?
    Keep,
    /// The keyring is writing and reading back.
    Keeping,
    /// The keys could not be kept.
    KeepFailed(NotKept),
    /// The keys were moved, and lie in plain text as well.
    StillPlain,
    /// The desk is connected.
    Done,
}

impl Setup {
    /// From the beginning.
    pub fn new(from_desk: bool) -> Self {
        let step = if from_desk {
            Step::Paste
        } else {
            Step::Welcome
        };
        Self {
            step,
            paste: Field::lines(),
            found: Pasted::default(),
            problem: None,
            connection: None,
            rights: None,
            skew: None,
            unreadable: Vec::new(),
            you: None,
            own_number: Field::line(),
            surroundings: Surroundings::default(),
            kept: Vec::new(),
            imported: None,
            from_desk,
            makes_active: from_desk,
            replaces: false,
            before: None,
            policy: Policy::default(),
            forbidden: None,
            keys: None,
            services: Vec::new(),
            senders: Vec::new(),
            trail: Vec::new(),
            tries: 0,
        }
    }

    /// Where the agent's attention is.
    pub fn place(&self) -> Place {
        match self.step {
            Step::Welcome => Place::Welcome,
            Step::Paste => Place::Paste,
            Step::Checking(_) => Place::SetupBusy,
            Step::PickImport { .. }
            | Step::PickProfile { .. }
            | Step::PickService { .. }
            | Step::PickSender { .. } => Place::Pick,
            Step::StillPlain => Place::StillPlain,
            Step::You => Place::You,
            Step::Done => Place::SetupDone,
            Step::Keep => Place::Keep,
            Step::Keeping => Place::Keeping,
            Step::KeepFailed(_) => Place::KeepFailed,
        }
    }

    /// Which of the five steps it is.
    pub fn number(&self) -> u8 {
        match self.step {
            Step::Welcome | Step::PickProfile { .. } | Step::StillPlain | Step::Done => 0,
            Step::Paste | Step::PickImport { .. } => 1,
            Step::Checking(_) => 2,
            Step::PickService { .. } | Step::PickSender { .. } => 3,
            Step::You => 4,
            Step::Keep | Step::Keeping | Step::KeepFailed(_) => 5,
        }
    }

    /// The keyring is at work: leaving now would leave half a thing behind.
    pub fn is_keeping(&self) -> bool {
        self.step == Step::Keeping
    }

    /// The service that is being looked at, or was taken.
    pub fn service(&self) -> Option<&NamedService> {
        match &self.step {
            Step::PickService { services, marked } => services.get(*marked),
            _ => self.connection.as_ref()?.verify_service.as_ref(),
        }
    }

    /// The paste changed: what is in it?
    pub fn edited(&mut self) {
        self.found = Pasted::find(self.paste.text());
        self.problem = None;
    }

    /// What is pasted goes into the field of this step; whether there is one.
    pub fn insert(&mut self, text: &str) -> bool {
        match &self.step {
            Step::Welcome | Step::Paste => {
                self.step = Step::Paste;
                self.paste.insert(text);
                self.edited();
                true
            }
            _ => match self.line() {
                Some(field) => {
                    field.insert(text);
                    true
                }
                None => false,
            },
        }
    }

    /// The field of one line that takes what is typed.
    pub fn line(&mut self) -> Option<&mut Field> {
        match &self.step {
            Step::You => self.you.as_mut().and_then(You::field),
            // Nothing can be sent to it where no service is known.
            Step::Done if self.service().is_some() => Some(&mut self.own_number),
            _ => None,
        }
    }

    /// A key that is no command here.
    pub fn edit(&mut self, chord: Chord) {
        match &self.step {
            Step::Paste if self.paste.edit(chord) => self.edited(),
            Step::You => {
                self.problem = None;
                if let Some(you) = &mut self.you {
                    you.edit(chord);
                }
            }
            Step::Done if self.service().is_some() => {
                self.own_number.edit(chord);
            }
            _ => {}
        }
    }

    /// Enter.
    pub fn submit(&mut self) -> Vec<Effect> {
        let answered = self.step.clone();
        let effects = self.answer();
        let is_choice = matches!(
            answered,
            Step::PickService { .. } | Step::PickSender { .. } | Step::You
        );
        if is_choice && self.step != answered && self.step != Step::Paste {
            self.trail.push(answered);
        }
        effects
    }

    fn answer(&mut self) -> Vec<Effect> {
        match std::mem::replace(&mut self.step, Step::Welcome) {
            Step::Welcome => {
                self.step = Step::Paste;
                Vec::new()
            }
            Step::Paste => {
                self.step = Step::Paste;
                self.check_paste()
            }
            Step::PickService { services, marked } => {
                self.take_service(services.get(marked).cloned());
                Vec::new()
            }
            Step::PickSender { senders, marked } => {
                self.take_sender(senders.get(marked).cloned());
                Vec::new()
            }
            Step::Keep | Step::KeepFailed(_) => self.keep(),
            Step::You => {
                self.step = Step::You;
                self.introduced();
                Vec::new()
            }
            Step::PickImport { marked } => self.import_row(marked),
            Step::PickProfile { marked } => self.use_row(marked),
            step @ (Step::Checking(_) | Step::Keeping | Step::StillPlain | Step::Done) => {
                self.step = step;
                Vec::new()
            }
        }
    }

    /// Twilio was asked about what was pasted, and it came to nothing.
    pub fn is_refused(&self) -> bool {
        self.problem.is_some() && self.connection.is_some()
    }

    /// One step back; whether there was one.
    pub fn back(&mut self) -> bool {
        if self.is_keeping() {
            return true;
        }
        self.tries += 1;
        self.problem = None;
        match self.step {
            Step::Welcome | Step::Done => return false,
            Step::Paste if self.from_desk => return false,
            Step::StillPlain => {
                self.left_plain();
                return !self.from_desk;
            }
            Step::Paste | Step::PickImport { .. } => {
                *self = Self {
                    tries: self.tries,
                    you: self.you.take(),
                    surroundings: std::mem::take(&mut self.surroundings),
                    kept: std::mem::take(&mut self.kept),
                    ..Self::new(false)
                }
            }
            Step::PickProfile { .. } => self.step = Step::Welcome,
            // The keys are in memory: what was answered last is asked once more.
            _ => self.step = self.trail.pop().unwrap_or(Step::Paste),
        }
        true
    }
}
