//! The questions that show what a set of keys opens: the account, its senders, its services, and whether
//! the keys may do more than a desk needs.
//!
//! Keys are refused where Twilio does not know them. Where it knows them and they may not read something,
//! the set-up goes on without it: a narrow key is what we ask for.

use crate::domain::account::{MessagingService, OwnedNumber};
use crate::domain::catalogue;
use crate::domain::connection::{
    Connection, Credentials, Keys, NamedSender, NamedService, Rights, Source,
};
use crate::domain::message::{MessageFilter, tells_trial};
use crate::domain::paste::{Doubt, Pasted};
use crate::domain::phrase::phrase;
use crate::domain::sid::VerifyServiceSid;
use crate::domain::{
    Answer, Call, Failure, FailureKind, Phrase, Reply, Sender, Timestamp, Untrusted,
};

use super::super::effect::Effect;
use super::super::event::Ask;
use super::{Setup, Step};

/// Clocks that are further apart than this, in seconds, are worth a word.
pub const SKEW_THAT_MATTERS: i64 = 30;

/// Twilio knows the keys, and they may not do that.
const NOT_PERMITTED: u32 = 70051;

/// So many texts are looked at for one that went out.
const NEWEST_TEXTS: u32 = 50;

/// A question of the set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Name, state and kind of the account.
    Account,
    /// The numbers that can send.
    Numbers,
    /// The Messaging Services.
    MessagingServices,
    /// All Verify services.
    VerifyServices,
    /// The Verify service that was pasted, where the keys may not list all.
    PastedService,
    /// Something harmless that the desk does not need: what is left to spend.
    Rights,
    /// The newest texts: where the account may not be read, they tell whether it is a trial one.
    Texts,
}

impl Question {
    /// What is being asked, in words.
    pub fn what(self) -> Phrase {
        match self {
            Self::Account => phrase!("the account"),
            Self::Numbers => phrase!("the numbers"),
            Self::MessagingServices => phrase!("the Messaging Services"),
            Self::VerifyServices => phrase!("the Verify services"),
            Self::PastedService => phrase!("the Verify service of the paste"),
            Self::Rights => phrase!("what these keys may do"),
            Self::Texts => phrase!("whether the account is a trial one"),
        }
    }
}

impl Setup {
    /// A question was answered.
    pub fn replied(
        &mut self,
        try_number: u32,
        result: Result<Box<Answer>, Failure>,
        now: Timestamp,
    ) -> Vec<Effect> {
        let Step::Checking(question) = self.step else {
            return Vec::new();
        };
        if try_number != self.tries {
            return Vec::new();
        }
        if let Ok(Some(date)) = result.as_ref().map(|answer| answer.date) {
            self.skew = Some(now.duration_until(date).as_secs());
        }
        match (question, result.map(|answer| answer.reply)) {
            (Question::Account, Ok(Reply::Account(account))) => {
                if account.status != "active" {
                    return self.refuse(phrase!(
                        "Twilio says that this account is {state}. Ask your lead, then try again.",
                        state = Untrusted::new(account.status).visible()
                    ));
                }
                // A standard key may not read the account, so this one is as wide as the token.
                self.rights = Some(Rights::Everything);
                if let Some(connection) = &mut self.connection {
                    connection.account_name = Some(account.friendly_name);
                    connection.is_trial = account.is_trial;
                }
                self.ask(Question::Numbers)
            }
            // That the numbers can be read proves the keys as well.
            (Question::Account, Err(failure))
                if failure.kind == FailureKind::Credentials && self.is_api_key() =>
            {
                self.ask(Question::Numbers)
            }
            (Question::Numbers, Ok(Reply::Numbers(numbers))) => {
                let numbers = numbers.into_iter().filter(|number| number.sms);
                self.senders.extend(numbers.map(from_number));
                self.ask(Question::MessagingServices)
            }
            (Question::MessagingServices, Ok(Reply::MessagingServices(services))) => {
                let services = services.into_iter().map(from_service);
                self.senders.splice(0..0, services);
                self.ask(Question::VerifyServices)
            }
            (Question::VerifyServices, Ok(Reply::VerifyServices(services))) => {
                self.services = services.into_iter().map(NamedService::from).collect();
                self.ask_rights()
            }
            (Question::PastedService, Ok(Reply::VerifyService(service))) => {
                self.services = vec![service.into()];
                self.ask_rights()
            }
            // The one of the profile that is replaced is gone.
            (Question::PastedService, Err(failure))
                if failure.kind == FailureKind::NotFound && self.found.verify_service.is_none() =>
            {
                self.ask_rights()
            }
            (Question::Rights, answer) => {
                self.rights = match answer {
                    Ok(_) => Some(Rights::TooMuch),
                    Err(failure) if failure.kind == FailureKind::Credentials => {
                        Some(Rights::Narrow)
                    }
                    // Not worth another try: the keys are proved already.
                    Err(_) => None,
                };
                self.ask(Question::Texts)
            }
            (Question::Texts, answer) => {
                if let (Some(connection), Ok(Reply::Messages(page))) =
                    (&mut self.connection, answer)
                {
                    connection.is_trial = tells_trial(&page.items) == Some(true);
                }
                self.choose_service();
                Vec::new()
            }
            (question, Err(failure)) if failure.code == Some(NOT_PERMITTED) => {
                self.not_permitted(question)
            }
            (_, Ok(_)) => self.refuse(phrase!(
                "Twilio gave an answer that tuilio does not understand. Try again."
            )),
            (_, Err(failure)) if failure.code.is_some() => {
                let entry = catalogue::for_failure(&failure);
                self.refuse(phrase!(
                    "{meaning} Paste them again, all of them; if they are right, ask your lead.",
                    meaning = entry.meaning.clone()
                ))
            }
            (_, Err(failure)) => self.refuse(failure.phrase()),
        }
    }

    /// Reads the paste, and asks the first question where it holds a whole set of keys.
    pub(super) fn check_paste(&mut self) -> Vec<Effect> {
        match keys(&self.found) {
            Ok(keys) => self.check(keys),
            Err(problem) => {
                self.problem = Some(problem);
                Vec::new()
            }
        }
    }

    /// Has a set of keys checked.
    pub(super) fn check(&mut self, keys: Keys) -> Vec<Effect> {
        self.connection = Some(Connection {
            source: Source::Session,
            account_sid: keys.account_sid.clone(),
            home: None,
            account_name: None,
            is_trial: false,
            verify_service: None,
            sender: None,
        });
        self.rights = match keys.credentials {
            Credentials::AuthToken(_) => Some(Rights::Everything),
            Credentials::ApiKey { .. } => None,
        };
        self.keys = Some(keys);
        self.imported = None;
        self.problem = None;
        self.skew = None;
        self.senders.clear();
        self.services.clear();
        self.trail.clear();
        self.unreadable.clear();
        self.paste.clear();
        self.tries += 1;
        self.ask(Question::Account)
    }

    fn is_api_key(&self) -> bool {
        let credentials = self.keys.as_ref().map(|keys| &keys.credentials);
        matches!(credentials, Some(Credentials::ApiKey { .. }))
    }

    fn ask(&mut self, question: Question) -> Vec<Effect> {
        let call = match question {
            Question::Account => Call::FetchAccount,
            Question::Numbers => Call::ListNumbers,
            Question::MessagingServices => Call::ListMessagingServices,
            Question::VerifyServices => Call::ListVerifyServices,
            Question::PastedService => match self.service_meant() {
                Some(sid) => Call::FetchVerifyService(sid),
                None => return self.ask_rights(),
            },
            Question::Rights => Call::FetchBalance,
            Question::Texts => Call::ListMessages(MessageFilter {
                page_size: Some(NEWEST_TEXTS),
                ..MessageFilter::default()
            }),
        };
        let Some(keys) = self.keys.clone() else {
            return Vec::new();
        };
        self.step = Step::Checking(question);
        vec![Effect::TryKeys {
            ask: Ask::Setup(self.tries),
            keys,
            call,
        }]
    }

    /// Only a key that may not read the account leaves open what it may do, and whether that is a trial.
    fn ask_rights(&mut self) -> Vec<Effect> {
        if self.rights.is_none() {
            return self.ask(Question::Rights);
        }
        self.choose_service();
        Vec::new()
    }

    /// The keys are known and may not read that: it goes on without.
    fn not_permitted(&mut self, question: Question) -> Vec<Effect> {
        self.unreadable.push(question);
        match question {
            Question::Numbers => self.ask(Question::MessagingServices),
            Question::MessagingServices => self.ask(Question::VerifyServices),
            Question::VerifyServices => self.ask(Question::PastedService),
            _ => {
                let meant = self.service_meant();
                self.services.extend(meant.map(by_sid));
                self.ask_rights()
            }
        }
    }

    pub(in crate::model) fn refuse(&mut self, problem: Phrase) -> Vec<Effect> {
        self.tries += 1;
        self.trail.clear();
        self.step = Step::Paste;
        self.problem = Some(problem);
        Vec::new()
    }
}

/// The keys in a paste, or what is missing.
fn keys(found: &Pasted) -> Result<Keys, Phrase> {
    let missing = |what: Phrase| {
        // Where something was found and not taken, that is the reason.
        let doubt = found.doubts.first();
        Err(doubt.map_or(what, Doubt::said))
    };
    let Some(account_sid) = found.account_sid.clone() else {
        return missing(phrase!(
            "There is no account SID in it. It starts with AC and has 34 characters; paste everything that your lead sent."
        ));
    };
    let credentials = match (&found.key_sid, &found.secret, &found.token) {
        (Some(sid), Some(secret), _) => Credentials::ApiKey {
            sid: sid.clone(),
            secret: secret.clone(),
        },
        (_, _, Some(token)) => Credentials::AuthToken(token.clone()),
        (Some(_), None, None) => {
            return missing(phrase!(
                "The secret of the API key is missing. Paste it too; order and layout do not matter."
            ));
        }
        _ => {
            return missing(phrase!(
                "There is no key in it: an API key (SK…) with its secret, or an auth token. Paste that too."
            ));
        }
    };
    Ok(Keys {
        account_sid,
        credentials,
        region: None,
    })
}

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

/// A service of which nothing else may be read.
fn by_sid(sid: VerifyServiceSid) -> NamedService {
    NamedService {
        name: Untrusted::new(sid.short()),
        sid,
        code_length: 6,
        concerns: None,
    }
}
