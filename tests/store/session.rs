//! A session of a desk: what it does between two starts, by the shipped machine of operations, over the
//! shipped history and a pretend Twilio.
//!
//! What the history promised is noted as a fact in the moment of the promise. The one judge of all
//! experiments compares the facts, the history as a later run finds it, and what Twilio holds.

use std::path::Path;

use jiff::tz::TimeZone;
use tuilio::domain::verification::NewVerification;
use tuilio::domain::{
    Code, Failure, HistoryRow, Intent, NewMessage, OpId, OpState, PhoneNumber, Policy, Recipient,
    Sender, Timestamp, VerificationChannel, VerificationKey,
};
use tuilio::model::operations::{Operations, Order, Progress};
use tuilio::model::search::{Claims, Searches};
use tuilio::model::skews::Skews;
use tuilio::model::{Ask, Effect, Event};
use tuilio::runtime::{Opening, carry_out};
use tuilio::store::{History, Store, StoreError};
use tuilio::twilio::Client;

use crate::twilio::Twilio;

/// What was promised or done.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// The history answered that the intent is written.
    Intended(OpId),
    /// It went to Twilio.
    Posted(OpId),
    /// The history answered that this is written of it.
    Settled(OpId, Box<OpState>),
}

/// Where facts go.
pub type Notes<'a> = &'a dyn Fn(Fact);

/// What became of an order, as the desk learns it.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// It was not written down, so it was not sent; why.
    NotIntended(Failure),
    /// It is in the history as that.
    Written(OpState),
    /// It came to that, which could not be written.
    NotWritten(OpState, Failure),
}

/// A run of the program.
pub struct Session<'a> {
    pub store: Store,
    operations: Operations,
    client: Client,
    notes: Notes<'a>,
}

impl<'a> Session<'a> {
    /// Opens the history as every command does.
    pub fn open(folder: &Path, twilio: &Twilio, notes: Notes<'a>) -> Result<Self, Failure> {
        let Opening { store, opened, .. } = Opening::on_disk(folder, Timestamp::now())?;
        let mut operations = Operations::new(opened.session, None);
        let client = twilio.client();
        operations.act_for(client.config().account_sid.clone(), None);
        Ok(Self {
            store,
            operations,
            client,
            notes,
        })
    }

    /// Has one thing done, from the intent to the outcome.
    pub async fn perform(&mut self, intent: Intent, code: Option<Code>) -> Told {
        let order = Order {
            code,
            ..Order::of(intent)
        };
        let now = Timestamp::now();
        let (op, effect) = self
            .operations
            .begin(order, &Policy::default(), now, &TimeZone::UTC)
            .unwrap();
        let mut next = Some(effect);
        loop {
            let effect = next.take().unwrap();
            let (progress, effect) = self.step(op, effect).await;
            match progress {
                Progress::Calling(_) | Progress::Outcome { .. } => next = effect,
                Progress::NotIntended(failure) => return Told::NotIntended(failure),
                Progress::Written(row) => return Told::Written(row.state),
                Progress::NotWritten { state, failure } => {
                    return Told::NotWritten(state, failure);
                }
            }
        }
    }

    async fn step(&mut self, op: OpId, effect: Effect) -> (Progress, Option<Effect>) {
        match effect {
            Effect::Call { call, .. } => {
                (self.notes)(Fact::Posted(op));
                let result = self.client.perform(call, &|_| ()).await;
                let result = result.map(Box::new).map_err(Failure::from);
                self.operations.replied(op, result, Timestamp::now())
            }
            effect => match self.write(effect) {
                Event::Intended { op, result } => {
                    self.operations.intended(op, result, Timestamp::now())
                }
                Event::Settled { op, result } => {
                    let progress = self.operations.settled(op, result);
                    progress.map(|progress| (progress, None))
                }
                other => panic!("not an answer to that: {other:?}"),
            },
        }
        .unwrap()
    }

    /// Has the history do something, and notes what it promises.
    pub fn write(&mut self, effect: Effect) -> Event {
        let event = carry_out(&mut self.store, effect, Timestamp::now()).unwrap();
        match &event {
            Event::Intended { op, result: Ok(_) } => (self.notes)(Fact::Intended(*op)),
            Event::Settled {
                op,
                result: Ok(row),
            } => {
                (self.notes)(Fact::Settled(*op, Box::new(row.state.clone())));
            }
            _ => {}
        }
        event
    }

    /// Looks once for everything that is not known, as the desk does when it starts.
    pub async fn look_up(&mut self) -> Result<(), StoreError> {
        let rows = self.store.page(None, 1000)?.rows;
        let claimed = Claims::of(&rows, &Skews::default());
        let mut searches = Searches::default();
        let now = Timestamp::now();
        for row in &self.store.unknown()? {
            searches.row_changed(row, now);
        }
        for effect in searches.woke(now) {
            let mut next = Some(effect);
            while let Some(effect) = next.take() {
                let Effect::Call {
                    ask: Ask::Search(op),
                    call,
                } = effect
                else {
                    self.write(effect);
                    break;
                };
                let result = self.client.perform(call, &|_| ()).await;
                let result = result.map(Box::new).map_err(Failure::from);
                next = searches.replied(op, &result, &claimed, &Skews::default(), Timestamp::now());
            }
        }
        Ok(())
    }
}

/// A text to somebody.
pub fn text(twilio: &Twilio, to: &str, body: &str) -> Intent {
    let sender = Sender::Number(twilio.number.clone());
    Intent::Text(NewMessage::new(phone(to), sender, body))
}

/// A code for somebody.
pub fn start(twilio: &Twilio, to: &str) -> Intent {
    let to = Recipient::Phone(phone(to));
    let channel = VerificationChannel::Sms;
    Intent::VerifyStart(NewVerification::new(twilio.service.clone(), to, channel))
}

/// A check of the code that somebody got.
pub fn check(twilio: &Twilio, to: &str) -> Intent {
    let to = Recipient::Phone(phone(to));
    Intent::VerifyCheck {
        service: twilio.service.clone(),
        key: VerificationKey::To(to.clone()),
        to: Some(to),
    }
}

pub fn phone(number: &str) -> PhoneNumber {
    PhoneNumber::from_e164(number).unwrap()
}

/// Every row, newest first.
pub fn all(store: &Store) -> Vec<HistoryRow> {
    store.page(None, 1_000_000).unwrap().rows
}

/// What a history breaks of its promises; nothing, where all is well. It was opened after the facts, by
/// a run that has looked up what is not known.
pub fn judge(facts: &[Fact], rows: &[HistoryRow]) -> Vec<String> {
    let mut broken = Vec::new();
    for fact in facts {
        let (Fact::Intended(op) | Fact::Posted(op) | Fact::Settled(op, _)) = fact;
        let Some(row) = rows.iter().find(|row| row.operation.id == *op) else {
            broken.push(format!("{op} is lost, though {fact:?}"));
            continue;
        };
        match (fact, &row.state) {
            (Fact::Posted(_), OpState::NotSent(_)) => {
                broken.push(format!("{op} is called not sent, though it was"));
            }
            (Fact::Settled(_, promised), found)
                if **promised != *found && !promised.may_become(found) =>
            {
                broken.push(format!("{op} is {found:?}, though {fact:?}"));
            }
            _ => {}
        }
    }
    broken
}
