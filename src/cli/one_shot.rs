//! One question or one operation, from its beginning to its end.
//!
//! The machine that the desk drives is driven here by a loop of a few lines: perform an effect, feed the
//! event back, until the outcome is on disk. A signal ends the loop; what was intended then stays in the
//! history, and whoever opens that next finds it as not known.
//!
//! Keys that cannot be had are an answer like any other: the operation is written down, and settled as
//! refused or not sent without a request.

use crate::config::{ChosenSender, Selected};
use crate::domain::sid::{AccountSid, VerificationSid, VerifyServiceSid};
use crate::domain::verification::{NewVerification, VALIDITY_SECONDS};
use crate::domain::{
    Answer, Call, Failure, FailureKind, HistoryRow, Intent, OpId, OpState, Phrase, Sender, Settled,
    Ticket, Timestamp, Verification, VerificationKey, phrase,
};
use crate::model::operations::{Operations, Order, Progress};
use crate::model::{Ask, Effect, Event};
use crate::paths::own;
use crate::runtime::signals::Signals;
use crate::runtime::{self, terminal};

use super::Exit;
use super::output::say;
use super::session::{Record, Session, Whose, choices, said};

/// A session for one thing.
pub struct OneShot {
    /// The session.
    pub session: Session,
    signals: Signals,
    /// Why nothing can be asked.
    unconnected: Option<Failure>,
    /// Whose keys are used.
    account: Option<AccountSid>,
    /// Where Twilio keeps what they do.
    home: Option<String>,
}

/// What has become of an operation.
pub struct Outcome {
    /// Which.
    pub op: OpId,
    /// What became of it.
    pub state: OpState,
    /// As Twilio holds it now.
    pub verification: Option<Box<Verification>>,
    /// A signal ended it meanwhile.
    stopped: Option<Exit>,
}

impl Outcome {
    /// How the command ends with it, where that is not the answer that was hoped for.
    pub fn failed(&self, no_failure: &str) -> Exit {
        match (self.state.failure().cloned(), &self.stopped) {
            (Some(failure), Some(stop)) => Exit::cut_short(stop, failure),
            (Some(failure), None) => failure.into(),
            (None, _) => Exit::fault(no_failure),
        }
    }
}

/// Opens a session, does the one thing, and closes the history whatever came of it.
pub async fn run<T>(
    whose: Whose<'_>,
    record: Record,
    deed: impl AsyncFnOnce(&mut OneShot) -> Result<T, Exit>,
) -> Result<T, Exit> {
    let signals = Signals::listen()
        .map_err(|error| Exit::fault(format!("Signals could not be listened to: {error}.")))?;
    let mut one_shot = OneShot {
        session: Session::open(whose, record)?,
        signals,
        unconnected: None,
        account: None,
        home: None,
    };
    let runtime = &one_shot.session.runtime;
    terminal::on_panic(runtime.events(), runtime.log());
    if let Some(told) = &one_shot.session.notice {
        say(&said(&told.full));
    }
    let result = deed(&mut one_shot).await;
    one_shot.session.runtime.finish(runtime::PATIENCE);
    result
}

/// What the history knows of a verification that was started.
pub struct Started {
    /// What was asked for.
    pub start: NewVerification,
    /// The ticket that it is for.
    pub ticket: Option<Ticket>,
    /// Twilio's name for it, where it was still open when it was last heard of.
    pub sid: Option<VerificationSid>,
}

impl OneShot {
    /// The time.
    pub fn now(&self) -> Timestamp {
        self.session.runtime.clock().now()
    }

    /// What happens next.
    pub async fn next(&mut self) -> Result<Event, Exit> {
        tokio::select! {
            biased;
            stop = self.signals.next() => Err(Exit::signal(stop)),
            event = self.session.inbox.recv() => match event {
                // Whoever was to answer may be who broke down.
                Some(Event::Faulted) => Err(Exit::fault(terminal::fault_sentence())),
                Some(Event::LossProved) => {
                    self.session.opened.unaccepted = true;
                    Ok(Event::LossProved)
                }
                Some(event) => Ok(event),
                None => Err(Exit::fault("tuilio lost its own thread, so nothing more was done.")),
            },
        }
    }

    /// Orders something. Without keys a call is answered by the reason for that.
    pub fn perform(&mut self, effect: Effect) {
        match (effect, &self.unconnected) {
            (Effect::Call { ask, .. }, Some(failure)) => {
                // The inbox is ours, so it is open.
                let _ = self.session.runtime.events().send(Event::Replied {
                    ask,
                    result: Err(failure.clone()),
                });
            }
            (effect, _) => self.session.runtime.perform(effect),
        }
    }

    /// Reads the keys; why they cannot be used is kept for whoever asks something.
    pub async fn connect(&mut self) -> Result<(), Exit> {
        self.session.connect();
        self.unconnected = loop {
            match self.next().await? {
                Event::KeysRead(Ok(read)) => {
                    let (keys, connection) = *read;
                    self.perform(Effect::Use {
                        keys,
                        connection: Box::new(connection),
                    });
                }
                Event::Connected(connection) => {
                    self.account = Some(connection.account_sid);
                    self.home = connection.home;
                    break None;
                }
                Event::KeysRead(Err(failure)) => break Some(or_environment(&failure)),
                Event::ConnectFailed(failure) => break Some(failure),
                Event::NotConnected => break Some(no_keys()),
                _ => {}
            }
        };
        Ok(())
    }

    /// Why nothing can be asked, if that is so.
    pub fn connected(&self) -> Result<(), Failure> {
        self.unconnected.clone().map_or(Ok(()), Err)
    }

    /// Whom texts come from where the command does not say: the environment, else the profile.
    pub fn sender(&self) -> Result<Sender, Exit> {
        let profile = self
            .profile()
            .and_then(|profile| profile.sender.as_ref())
            .map(ChosenSender::sender);
        self.choice(choices()?.sender.or(profile), phrase!("No sender is known: name one by --from or --messaging-service, or set TWILIO_MESSAGING_SERVICE_SID or TWILIO_FROM_NUMBER."))
    }

    /// The service that codes are sent under: the environment's, else the profile's.
    pub fn service(&self) -> Result<VerifyServiceSid, Exit> {
        let profile = self
            .profile()
            .and_then(|profile| profile.verify_service.as_ref())
            .map(|service| service.sid.clone());
        self.choice(choices()?.verify_service.or(profile), phrase!("No Verify service is known: set TWILIO_VERIFY_SERVICE_SID, or connect the account again with tuilio login --verify-service."))
    }

    /// Keys that are missing are the more important thing to say.
    fn choice<T>(&self, choice: Option<T>, sentence: Phrase) -> Result<T, Exit> {
        match (choice, &self.unconnected) {
            (Some(choice), _) => Ok(choice),
            (None, Some(failure)) => Err(failure.clone().into()),
            (None, None) => Err(Exit::unfit(sentence)),
        }
    }

    fn profile(&self) -> Option<&crate::config::Profile> {
        match &self.session.selected {
            Ok(Selected::Profile(name)) => self.session.config.profiles.get(name),
            _ => None,
        }
    }

    /// The one question.
    pub async fn ask(&mut self, call: Call) -> Result<Result<Box<Answer>, Failure>, Exit> {
        self.perform(Effect::Call {
            ask: Ask::Once,
            call,
        });
        loop {
            match self.next().await? {
                Event::Replied {
                    ask: Ask::Once,
                    result,
                } => return Ok(result),
                Event::Delayed { until, .. } => self.say_delay(until),
                _ => {}
            }
        }
    }

    /// The one path of operations, for the account that is connected.
    pub fn operations(&self) -> Operations {
        let mut operations = Operations::new(
            self.session.opened.session,
            self.session.config.agent.clone(),
        );
        if let Some(account) = &self.account {
            operations.act_for(account.clone(), self.home.clone());
        }
        operations
    }

    /// Writes down what is intended, has it done, and writes down what became of it.
    pub async fn carry_out(&mut self, order: Order) -> Result<Outcome, Exit> {
        if self.session.opened.unaccepted
            && matches!(order.intent, Intent::Text(_) | Intent::VerifyStart(_))
        {
            return Err(unaccepted());
        }
        let mut operations = self.operations();
        let kind = order.intent.kind();
        let changes = !matches!(order.intent, Intent::LookUp { .. });
        let policy = &self.session.policy;
        let (op, effect) = operations
            .begin(order, policy, self.now(), &own::zone())
            .map_err(|why| {
                self.perform(Effect::NoteRefusal { kind });
                refused(why)
            })?;
        self.perform(effect);
        let mut answered = None;
        loop {
            let event = match self.next().await {
                Err(stop) if changes && stop.is_by_signal() => return Ok(cut_short(op, stop)),
                event => event?,
            };
            if let Event::Delayed { until, .. } = event {
                self.say_delay(until);
            }
            let Some((progress, effect)) = operations.take(event, self.now()) else {
                continue;
            };
            if let Some(effect) = effect {
                self.perform(effect);
            }
            match progress {
                Progress::Calling(_) => {}
                Progress::NotIntended(failure) => return Err(failure.into()),
                Progress::Outcome { verification, .. } => answered = verification,
                Progress::Written(row) => {
                    return Ok(Outcome {
                        op,
                        state: row.state,
                        verification: answered,
                        stopped: None,
                    });
                }
                Progress::NotWritten { state, failure } => {
                    say(&said(&phrase!(
                        "What came of it could not be written into the history, and is looked up again later: {why}",
                        why = failure.phrase()
                    )));
                    return Ok(Outcome {
                        op,
                        state,
                        verification: answered,
                        stopped: None,
                    });
                }
            }
        }
    }

    /// The newest start of a verification under the account that is connected. By SID it is whichever has
    /// it; by recipient, only one whose code may still be good: an older one may have been sent under
    /// another service than the one that is meant now.
    pub async fn started(&mut self, key: &VerificationKey) -> Result<Option<Started>, Exit> {
        let Some(row) = self.find_start(key).await? else {
            return Ok(None);
        };
        let age = self.now().duration_since(row.operation.at).as_secs();
        let may_be_good = age < VALIDITY_SECONDS || matches!(key, VerificationKey::Sid(_));
        let sid = match &row.state {
            OpState::Settled(Settled::Verification { sid, status, .. }) if status.is_open() => {
                Some(sid.clone())
            }
            _ => None,
        };
        Ok(match row.operation.intent {
            Intent::VerifyStart(start) if may_be_good => Some(Started {
                start,
                ticket: row.operation.ticket,
                sid,
            }),
            _ => None,
        })
    }

    /// The newest start of a verification under the account that is connected, however old it is.
    pub async fn find_start(
        &mut self,
        key: &VerificationKey,
    ) -> Result<Option<Box<HistoryRow>>, Exit> {
        self.perform(Effect::FindStart {
            key: key.clone(),
            account: self.account.clone(),
            home: self.home.clone(),
        });
        loop {
            if let Event::StartFound(result) = self.next().await? {
                return Ok(result?);
            }
        }
    }

    /// Rows of the history, newest first, page by page until there are enough.
    pub async fn rows(
        &mut self,
        enough: impl Fn(&[HistoryRow]) -> bool,
    ) -> Result<Vec<HistoryRow>, Exit> {
        let mut rows: Vec<HistoryRow> = Vec::new();
        loop {
            self.perform(Effect::LoadPage {
                before: rows.last().map(|row| row.row),
            });
            let page = loop {
                if let Event::PageLoaded { result, .. } = self.next().await? {
                    break result?;
                }
            };
            rows.extend(page.rows);
            if !page.more || enough(&rows) {
                return Ok(rows);
            }
        }
    }

    fn say_delay(&self, until: Timestamp) {
        let wait = self.session.runtime.clock().until(until);
        say(&said(&phrase!(
            "Not done yet: the next try is in {n} s.",
            n = wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
        )));
    }
}

/// What the lead does not allow is not begun, and leaves no row.
pub fn refused(why: Phrase) -> Exit {
    let failure = Failure::new(FailureKind::Policy, why.to_string());
    Exit::failed(failure, why)
}

/// What a signal has ended is not known. It stays as intended in the history, whose next reader finds that out.
fn cut_short(op: OpId, stop: Exit) -> Outcome {
    let why = phrase!(
        "Stopped before an answer came: it may have taken effect, so do not repeat it. It is kept as not known; tuilio history --refresh looks it up, and so does the next desk."
    );
    say(&said(&why));
    Outcome {
        op,
        state: OpState::Unknown(Failure::new(FailureKind::OutcomeUnknown, why.to_string())),
        verification: None,
        stopped: Some(stop),
    }
}

/// What the history has lost may be this very send. No command decides that; a person does, once.
fn unaccepted() -> Exit {
    let why = phrase!(
        "Nothing was sent: something of the history is lost, and with it whether this has gone out already. Look in Twilio's console; once a person has taken the history as it is, by tuilio audit accept, commands send again."
    );
    Exit::failed(
        Failure::new(FailureKind::OutcomeUnknown, why.to_string()),
        why,
    )
}

/// A script may have its keys from elsewhere.
fn or_environment(failure: &Failure) -> Failure {
    let said = phrase!(
        "{why} Keys in the TWILIO_ variables of the environment need no keyring.",
        why = failure.phrase()
    );
    Failure::new(failure.kind, said.to_string()).in_words(Some(said))
}

fn no_keys() -> Failure {
    Failure::new(
        FailureKind::Credentials,
        "There are no keys yet: run tuilio login < paste.txt, or set TWILIO_ACCOUNT_SID with TWILIO_API_KEY and TWILIO_API_SECRET.",
    )
}
