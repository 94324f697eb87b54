//! What the set-up asks: do the credentials work, is there money, who can send.
//!
//! A standard API key may read everything here but the account itself, so a refusal of
//! [`Accounts::fetch`] says nothing about the key; [`Accounts::numbers`] does.

use super::client::Line;
use super::error::Error;
use super::wire::Host;
use super::{request, response};
use crate::domain::account::{Account, Balance, MessagingService, OwnedNumber};
use crate::domain::call::Answer;

/// The account of a client: [`Client::accounts`](super::Client::accounts).
#[derive(Clone, Copy)]
pub struct Accounts<'a>(pub(super) Line<'a>);

impl Accounts<'_> {
    /// Reads the account. Its auth token, which Twilio sends along, is not decoded.
    pub async fn fetch(&self) -> Result<Answer<Account>, Error> {
        let request = request::fetch_account(self.0.config());
        let ours = &self.0.config().account_sid;
        let decode = response::about(response::account, |found: &Account| found.sid == *ours);
        self.0.ask(request, decode).await
    }

    /// Reads what is left to spend; a subaccount has no balance of its own.
    pub async fn balance(&self) -> Result<Answer<Balance>, Error> {
        let request = request::fetch_balance(self.0.config());
        self.0.ask(request, response::balance).await
    }

    /// Reads all numbers of the account.
    pub async fn numbers(&self) -> Result<Answer<Vec<OwnedNumber>>, Error> {
        let request = request::list_numbers(self.0.config());
        self.0.ask_all(Host::Api, request, response::numbers).await
    }

    /// Reads all Messaging Services.
    pub async fn messaging_services(&self) -> Result<Answer<Vec<MessagingService>>, Error> {
        let request = request::list_messaging_services(self.0.config());
        self.0
            .ask_all(Host::Messaging, request, response::messaging_services)
            .await
    }
}
