//! The first run: paste what the lead sent, have it checked by a live call, pick service and sender by
//! name, keep the keys in the keyring.
//!
//! The questions go to Twilio one after another; each answer asks for the next one. A late answer of an
//! earlier try is known by its number and dropped.

use crate::domain::account::{MessagingService, OwnedNumber};
use crate::domain::catalogue;
use crate::domain::connection::{Connection, Credentials, Keys, NamedSender, NamedService, Source};
use crate::domain::failure::sentence;
use crate::domain::paste::Pasted;
use crate::domain::verification::VerifyService;
use crate::domain::{Answer, Call, Failure, FailureKind, Reply, Sender};
use crate::keymap::Place;

use super::effect::Effect;
use super::event::Ask;
use super::field::Field;

/// The first run.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// How far it is.
    pub step: Step,
    /// What was pasted. Holds a secret: it is shown as dots, and emptied when it has been read.
    pub paste: Field,
    /// What was found in it.
    pub found: Pasted,
    /// Why the last step did not work.
    pub problem: Option<String>,
    /// What the answers have shown so far.
    pub connection: Option<Connection>,
    /// There is a desk to go back to.
    pub from_desk: bool,
    keys: Option<Keys>,
    senders: Vec<NamedSender>,
    tries: u32,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Demo or account?
    Welcome,
    /// The paste.
    Paste,
    /// Questions are under way; what is being asked, in words.
    Checking(&'static str),
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
    /// Everything is known; shall it be kept?
    Keep,
    /// The keyring is writing and reading back.
    Keeping,
    /// The keyring did not do its part.
    KeepFailed(Failure),
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
            from_desk,
            keys: None,
            senders: Vec::new(),
            tries: 0,
        }
    }

    /// Where the agent's attention is.
    pub fn place(&self) -> Place {
        match self.step {
            Step::Welcome => Place::Welcome,
            Step::Paste => Place::Paste,
            Step::Checking(_) | Step::Keeping => Place::SetupBusy,
            Step::PickService { .. } | Step::PickSender { .. } => Place::Pick,
            Step::Keep => Place::Keep,
            Step::KeepFailed(_) => Place::KeepFailed,
        }
    }

    /// Which of the five steps it is.
    pub fn number(&self) -> u8 {
        match self.step {
            Step::Welcome => 0,
            Step::Paste => 1,
            Step::Checking(_) => 2,
            Step::PickService { .. } => 3,
            Step::PickSender { .. } => 4,
            Step::Keep | Step::Keeping | Step::KeepFailed(_) => 5,
        }
    }

    /// The paste changed: what is in it?
    pub fn edited(&mut self) {
        self.found = Pasted::find(self.paste.text());
        self.problem = None;
    }

    /// Enter.
    pub fn submit(&mut self) -> Vec<Effect> {
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
            step @ (Step::Checking(_) | Step::Keeping) => {
                self.step = step;
                Vec::new()
            }
        }
    }

    /// Use the keys and keep them nowhere.
    pub fn session_only(&mut self) -> Vec<Effect> {
        self.use_keys(Source::Session)
    }

    /// One step back; whether there was one.
    pub fn back(&mut self) -> bool {
        self.tries += 1;
        self.problem = None;
        match self.step {
            Step::Welcome => return false,
            Step::Paste if self.from_desk => return false,
            Step::Paste => {
                *self = Self {
                    tries: self.tries,
                    ..Self::new(false)
                }
            }
            _ => self.step = Step::Paste,
        }
        true
    }

    /// Moves the mark of a list.
    pub fn mark(&mut self, forward: bool) {
        let (Step::PickService { marked, .. } | Step::PickSender { marked, .. }) = &mut self.step
        else {
            return;
        };
        *marked = if forward {
            *marked + 1
        } else {
            marked.saturating_sub(1)
        };
        self.clamp();
    }

    /// A question was answered.
    pub fn replied(
        &mut self,
        try_number: u32,
        result: Result<Box<Answer>, Failure>,
    ) -> Vec<Effect> {
        if try_number != self.tries || !matches!(self.step, Step::Checking(_)) {
            return Vec::new();
        }
        let api_key = matches!(
            self.keys.as_ref().map(|keys| &keys.credentials),
            Some(Credentials::ApiKey { .. })
        );
        match result.map(|answer| answer.reply) {
            Ok(Reply::Account(account)) => {
                if account.status != "active" {
                    return self.refuse(format!(
                        "Twilio says that this account is {}. Ask your lead, then try again.",
                        account.status
                    ));
                }
                if let Some(connection) = &mut self.connection {
                    connection.account_name = Some(account.friendly_name);
                    connection.is_trial = account.is_trial;
                }
                self.ask("the numbers", Call::ListNumbers)
            }
            Ok(Reply::Numbers(numbers)) => {
                self.senders.extend(
                    numbers
                        .into_iter()
                        .filter(|number| number.sms)
                        .map(from_number),
                );
                self.ask("the Messaging Services", Call::ListMessagingServices)
            }
            Ok(Reply::MessagingServices(services)) => {
                let services = services.into_iter().map(from_service);
                self.senders.splice(0..0, services);
                self.ask("the Verify services", Call::ListVerifyServices)
            }
            Ok(Reply::VerifyServices(services)) => {
                self.choose_service(services);
                Vec::new()
            }
            // A standard API key may not read the account: that the numbers can be read proves it as well.
            Err(failure)
                if failure.kind == FailureKind::Credentials
                    && api_key
                    && self.step == Step::Checking(ACCOUNT) =>
            {
                self.ask("the numbers", Call::ListNumbers)
            }
            Ok(_) => self.refuse(
                "Twilio gave an answer that tuilio does not understand. Try again.".to_owned(),
            ),
            Err(failure) if failure.code.is_some() => {
                let entry = catalogue::for_failure(&failure);
                self.refuse(format!("{} {}", entry.meaning, KEYS_AGAIN))
            }
            Err(failure) => self.refuse(failure.message),
        }
    }

    /// The keyring has written and read back, or has not.
    pub fn kept(&mut self, result: Result<(), Failure>) -> Vec<Effect> {
        if self.step != Step::Keeping {
            return Vec::new();
        }
        match result {
            Ok(()) => {
                let source = self
                    .connection
                    .as_ref()
                    .map_or(Source::Session, |connection| connection.source.clone());
                self.use_keys(source)
            }
            Err(failure) => {
                self.step = Step::KeepFailed(failure);
                Vec::new()
            }
        }
    }

    fn check_paste(&mut self) -> Vec<Effect> {
        let found = &self.found;
        let Some(account_sid) = found.account_sid.clone() else {
            self.problem = Some(missing(
                found,
                "There is no account SID in it. It starts with AC and has 34 characters; paste everything that your lead sent.",
            ));
            return Vec::new();
        };
        let credentials = match (&found.key_sid, &found.secret, &found.token) {
            (Some(sid), Some(secret), _) => Credentials::ApiKey {
                sid: sid.clone(),
                secret: secret.clone(),
            },
            (_, _, Some(token)) => Credentials::AuthToken(token.clone()),
            (Some(_), None, None) => {
                self.problem = Some(missing(
                    found,
                    "The secret of the API key is missing. Paste it too; order and layout do not matter.",
                ));
                return Vec::new();
            }
            _ => {
                self.problem = Some(missing(
                    found,
                    "There is no key in it: an API key (SK…) with its secret, or an auth token. Paste that too.",
                ));
                return Vec::new();
            }
        };
        self.connection = Some(Connection {
            source: Source::Session,
            account_sid: account_sid.clone(),
            account_name: None,
            is_trial: false,
            verify_service: None,
            sender: None,
        });
        self.keys = Some(Keys {
            account_sid,
            credentials,
        });
        self.senders.clear();
        self.paste.clear();
        self.tries += 1;
        self.ask(ACCOUNT, Call::FetchAccount)
    }

    fn ask(&mut self, what: &'static str, call: Call) -> Vec<Effect> {
        let Some(keys) = self.keys.clone() else {
            return Vec::new();
        };
        self.step = Step::Checking(what);
        vec![Effect::TryKeys {
            ask: Ask::Setup(self.tries),
            keys,
            call,
        }]
    }

    fn refuse(&mut self, problem: String) -> Vec<Effect> {
        self.tries += 1;
        self.step = Step::Paste;
        self.problem = Some(problem);
        Vec::new()
    }

    fn choose_service(&mut self, services: Vec<VerifyService>) {
        let services: Vec<NamedService> = services
            .into_iter()
            .map(|service| NamedService {
                sid: service.sid,
                name: service.friendly_name,
                code_length: service.code_length,
            })
            .collect();
        let pasted = self
            .found
            .verify_service
            .as_ref()
            .and_then(|sid| services.iter().find(|service| service.sid == *sid));
        match (pasted, services.as_slice()) {
            (Some(service), _) => self.take_service(Some(service.clone())),
            (None, []) => self.take_service(None),
            (None, [only]) => self.take_service(Some(only.clone())),
            (None, _) => {
                self.step = Step::PickService {
                    services,
                    marked: 0,
                }
            }
        }
    }

    fn take_service(&mut self, service: Option<NamedService>) {
        if let Some(connection) = &mut self.connection {
            connection.verify_service = service;
        }
        let pasted = self.senders.iter().find(|named| match &named.sender {
            Sender::Service(sid) => self.found.messaging_service.as_ref() == Some(sid),
            Sender::Number(number) => {
                self.found.messaging_service.is_none()
                    && self.found.from_number.as_ref() == Some(number)
            }
            Sender::Name(_) => false,
        });
        match (pasted, self.senders.as_slice()) {
            (Some(sender), _) => self.take_sender(Some(sender.clone())),
            (None, []) => self.take_sender(None),
            (None, [only]) => self.take_sender(Some(only.clone())),
            (None, senders) => {
                self.step = Step::PickSender {
                    senders: senders.to_vec(),
                    marked: 0,
                }
            }
        }
    }

    fn take_sender(&mut self, sender: Option<NamedSender>) {
        if let Some(connection) = &mut self.connection {
            connection.sender = sender;
            connection.source = Source::Profile(profile_name(connection));
        }
        self.step = Step::Keep;
    }

    fn keep(&mut self) -> Vec<Effect> {
        let (Some(keys), Some(connection)) = (self.keys.clone(), self.connection.clone()) else {
            return Vec::new();
        };
        self.step = Step::Keeping;
        vec![Effect::Keep {
            keys,
            connection: Box::new(connection),
        }]
    }

    fn use_keys(&mut self, source: Source) -> Vec<Effect> {
        let (Some(keys), Some(mut connection)) = (self.keys.clone(), self.connection.clone())
        else {
            return Vec::new();
        };
        connection.source = source;
        vec![Effect::Use {
            keys,
            connection: Box::new(connection),
        }]
    }

    fn clamp(&mut self) {
        match &mut self.step {
            Step::PickService { services, marked } => {
                *marked = (*marked).min(services.len().saturating_sub(1));
            }
            Step::PickSender { senders, marked } => {
                *marked = (*marked).min(senders.len().saturating_sub(1));
            }
            _ => {}
        }
    }
}

/// What is missing; where something was found and not taken, why.
fn missing(found: &Pasted, what: &str) -> String {
    found
        .doubts
        .first()
        .map_or_else(|| what.to_owned(), |doubt| sentence(&doubt.to_string()))
}

/// What to do about keys that Twilio did not take.
const KEYS_AGAIN: &str = "Paste them again, all of them; if they are right, ask your lead.";

/// The first question; a standard API key may not ask it.
const ACCOUNT: &str = "the account";

fn from_number(number: OwnedNumber) -> NamedSender {
    NamedSender {
        sender: Sender::Number(number.number),
        name: number.friendly_name,
    }
}

fn from_service(service: MessagingService) -> NamedSender {
    NamedSender {
        sender: Sender::Service(service.sid),
        name: service.friendly_name,
    }
}

/// A short name for a profile: the first word of the account's name, where the keys may read it, and the
/// end of its SID, so that two accounts never share one.
pub fn profile_name(connection: &Connection) -> String {
    let name = connection
        .account_name
        .as_ref()
        .map(|name| name.raw().to_lowercase())
        .unwrap_or_default();
    let word = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .find(|word| !word.is_empty())
        .unwrap_or("work");
    let word: String = word.chars().take(20).collect();
    let sid = connection.account_sid.as_str();
    format!("{word}-{}", &sid[sid.len() - 4..])
}
