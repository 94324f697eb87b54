//! The client: one request after the other, with the waits in between, until there is a reply or an error.
//!
//! It puts the pure halves together: encode, send, decode, and let [`retry::decide`](super::retry::decide)
//! say what comes next. Dropping a future of it leaves the fate of its request open, as a lost answer
//! does. Invariant: at most one request at a time for each call, never a second one where the first may
//! have had an effect, and none that changes something long after it was wanted.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::account::Accounts;
use super::config::TwilioConfig;
use super::echo::strike;
use super::error::Error;
use super::http::HttpTransport;
use super::lookup::Lookups;
use super::refusal::{Refusal, date, request_id};
use super::request;
use super::response::NoReply;
use super::retry::{Decision, Outcome, RetryPolicy, decide, is_overslept};
use super::sender::Messages;
use super::transport::{Transport, TransportError};
use super::verifier::Verifications;
use super::wire::{Host, Method, Request, Response};
use crate::domain::call::{Answer, Call, Reply};
use crate::domain::message::ListPage;
use crate::domain::overslept;

/// How many pages of a list that is read to its end are asked for: a bound against a list without one.
const MAX_PAGES: usize = 50;

/// What comes later than this, by the clock that goes on while the machine sleeps, has waited for it to wake up: no
/// request has longer than half of it, and the time that it tells is long over.
const FRESH: Duration = Duration::from_secs(20);

/// A client of Twilio's API for one account. Clones share connections.
#[derive(Clone)]
pub struct Client {
    config: Arc<TwilioConfig>,
    transport: Arc<dyn Transport>,
    policy: RetryPolicy,
    seed: u64,
    steady: Steady,
}

/// A clock that nobody sets; where it can, it goes on while the machine sleeps.
type Steady = Arc<dyn Fn() -> Duration + Send + Sync>;

impl Client {
    /// A client over a transport of the caller's: the simulator's, or one of a test. Its waits are the
    /// same in every run.
    pub fn new(config: TwilioConfig, transport: Arc<dyn Transport>) -> Self {
        Self {
            config: Arc::new(config),
            transport,
            policy: RetryPolicy::default(),
            seed: 0,
            steady: Arc::new(|| Duration::ZERO),
        }
    }

    /// A client over HTTP. It opens nothing before its first request.
    pub fn connect(config: TwilioConfig) -> Self {
        let transport = Arc::new(HttpTransport::new(&config));
        Self::new(config, transport).with_seed(RandomState::new().hash_one("waits"))
    }

    /// The same with another patience.
    pub fn with_retry_policy(self, policy: RetryPolicy) -> Self {
        Self { policy, ..self }
    }

    /// The same with another seed of its waits.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The same with a clock that goes on while the machine sleeps, which that of its waits may not.
    pub fn with_steady_clock(self, steady: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self {
            steady: Arc::new(steady),
            ..self
        }
    }

    /// What it was made with.
    pub fn config(&self) -> &TwilioConfig {
        &self.config
    }

    /// Texts.
    pub fn messages(&self) -> Messages<'_> {
        Messages(self.line(&|_| ()))
    }

    /// Verifications, sends of their codes, and Verify services.
    pub fn verifications(&self) -> Verifications<'_> {
        Verifications(self.line(&|_| ()))
    }

    /// What is known of numbers.
    pub fn lookups(&self) -> Lookups<'_> {
        Lookups(self.line(&|_| ()))
    }

    /// The account, its money and its senders.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts(self.line(&|_| ()))
    }

    /// Asks whatever `call` asks. Before each wait, `on_wait` is told how long it will be.
    pub async fn perform(
        &self,
        call: Call,
        on_wait: &(dyn Fn(Duration) + Sync),
    ) -> Result<Answer, Error> {
        let line = self.line(on_wait);
        let (messages, verifications) = (Messages(line), Verifications(line));
        let (lookups, accounts) = (Lookups(line), Accounts(line));
        Ok(match call {
            Call::SendMessage(new) => messages.send(&new).await?.map(Reply::Message),
            Call::FetchMessage(sid) => messages.fetch(&sid).await?.map(Reply::Message),
            Call::ListMessages(filter) => messages.list(&filter).await?.map(Reply::Messages),
            Call::NextMessages { filter, cursor } => {
                messages.next(&filter, &cursor).await?.map(Reply::Messages)
            }
            Call::CancelMessage(sid) => messages.cancel(&sid).await?.map(Reply::Message),
            Call::RedactMessage(sid) => messages.redact(&sid).await?.map(Reply::Message),
            Call::DeleteMessage(sid) => {
                messages.delete(&sid).await?.map(|()| Reply::MessageDeleted)
            }
            Call::StartVerification(new) => {
                verifications.start(&new).await?.map(Reply::Verification)
            }
            Call::FetchVerification { service, key } => verifications
                .fetch(&service, &key)
                .await?
                .map(Reply::Verification),
            Call::CancelVerification { service, key } => verifications
                .cancel(&service, &key)
                .await?
                .map(Reply::Verification),
            Call::CheckVerification { service, key, code } => verifications
                .check(&service, &key, &code)
                .await?
                .map(Reply::Verification),
            Call::ListAttempts(filter) => {
                verifications.attempts(&filter).await?.map(Reply::Attempts)
            }
            Call::NextAttempts { filter, cursor } => verifications
                .next_attempts(&filter, &cursor)
                .await?
                .map(Reply::Attempts),
            Call::SummariseAttempts(filter) => verifications
                .summary(&filter)
                .await?
                .map(Reply::AttemptSummary),
            Call::ListVerifyServices => verifications.services().await?.map(Reply::VerifyServices),
            Call::FetchVerifyService(sid) => {
                verifications.service(&sid).await?.map(Reply::VerifyService)
            }
            Call::LookUp { number, line_type } => lookups
                .look_up(&number, line_type)
                .await?
                .map(Reply::Lookup),
            Call::FetchAccount => accounts.fetch().await?.map(Reply::Account),
            Call::FetchBalance => accounts.balance().await?.map(Reply::Balance),
            Call::ListNumbers => accounts.numbers().await?.map(Reply::Numbers),
            Call::ListMessagingServices => accounts
                .messaging_services()
                .await?
                .map(Reply::MessagingServices),
        })
    }

    fn line<'a>(&'a self, on_wait: &'a (dyn Fn(Duration) + Sync)) -> Line<'a> {
        Line {
            client: self,
            on_wait,
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("account_sid", &self.config.account_sid)
            .field("endpoint", &self.config.endpoint)
            .finish_non_exhaustive()
    }
}

/// A client, and who is told of its waits.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    client: &'a Client,
    on_wait: &'a (dyn Fn(Duration) + Sync),
}

impl Line<'_> {
    pub(super) fn config(&self) -> &TwilioConfig {
        self.client.config()
    }

    /// Sends until there is an answer to report, and decodes it.
    pub(super) async fn ask<T>(
        &self,
        request: Request,
        decode: impl Fn(&Response) -> Result<T, NoReply>,
    ) -> Result<Answer<T>, Error> {
        let method = request.method;
        let (began, steady) = (Instant::now(), &self.client.steady);
        let began_steady = steady();
        let passed = || {
            let steady = steady().saturating_sub(began_steady);
            began.elapsed().max(steady)
        };
        let mut attempt = 1;
        loop {
            let left = passed();
            let (outcome, error) = match self.client.transport.send(request.clone()).await {
                Ok(mut response) => {
                    if !response.is_success() {
                        strike(&mut response, &request);
                    }
                    match decode(&response) {
                        Ok(reply) => {
                            let is_fresh = passed().saturating_sub(left) <= FRESH;
                            return Ok(Answer {
                                reply,
                                request_id: request_id(&response),
                                date: date(&response).filter(|_| is_fresh),
                            });
                        }
                        Err(NoReply::Refused(refusal)) => {
                            (answered(&refusal), Error::refused(method, refusal))
                        }
                        Err(NoReply::Unreadable) => {
                            let id = request_id(&response);
                            return Err(Error::unreadable(method, response.status, id));
                        }
                    }
                }
                Err(TransportError::NotSent(message)) => {
                    (Outcome::NotSent, Error::NotSent { message })
                }
                Err(TransportError::Lost(message)) => (Outcome::Lost, Error::lost(method, message)),
            };
            let Client { policy, seed, .. } = self.client;
            let elapsed = passed();
            // A question that costs money is repeated no more than what changes something.
            let fate = if request.costs() {
                Method::Post
            } else {
                method
            };
            match decide(policy, fate, outcome, attempt, elapsed, *seed) {
                Decision::Stop => return Err(error),
                Decision::Wait(wait) => {
                    (self.on_wait)(wait);
                    tokio::time::sleep(wait).await;
                    if is_overslept(method, elapsed + wait, passed()) {
                        let message = overslept::SENTENCE.to_owned();
                        return Err(Error::NotSent { message });
                    }
                    attempt += 1;
                }
            }
        }
    }

    /// Reads a list to its end, page by page, on the host that it began on.
    pub(super) async fn ask_all<T>(
        &self,
        host: Host,
        first: Request,
        decode: impl Fn(&Response) -> Result<ListPage<T>, NoReply>,
    ) -> Result<Answer<Vec<T>>, Error> {
        let mut answer = self.ask(first, &decode).await?;
        let mut items = Vec::new();
        for _ in 1..MAX_PAGES {
            items.append(&mut answer.reply.items);
            let Some(cursor) = &answer.reply.next else {
                break;
            };
            let next = request::next_page(self.config(), host, cursor);
            answer = self.ask(next, &decode).await?;
        }
        Ok(answer.map(|page| {
            items.extend(page.items);
            items
        }))
    }
}

fn answered(refusal: &Refusal) -> Outcome {
    Outcome::Answered {
        status: refusal.status,
        code: refusal.code,
        retry_after: refusal.retry_after,
    }
}
