//! Sending texts, and what becomes of them.
//!
//! Twilio knows no idempotency key for a text, so nothing here sends one twice: an answer that got lost
//! is reported as [`Error::OutcomeUnknown`] and is looked up by [`Messages::list`].

use super::client::{Client, Line};
use super::config::ConfigError;
use super::error::Error;
use super::wire::{Host, Request};
use super::{request, response};
use crate::domain::call::Answer;
use crate::domain::message::{ListPage, Message, MessageFilter, NewMessage, PageCursor, may_say};
use crate::domain::phone::PhoneNumber;
use crate::domain::sid::MessageSid;

/// Texts of an account: [`Client::messages`].
#[derive(Clone, Copy)]
pub struct Messages<'a>(pub(super) Line<'a>);

impl Messages<'_> {
    /// Sends a text.
    pub async fn send(&self, new: &NewMessage) -> Result<Answer<Message>, Error> {
        let request = request::send_message(self.0.config(), new);
        let is_it = |sent: &Message| {
            new.to.may_be_written(sent.to.raw()) && may_say(sent.body.raw(), new.body.raw())
        };
        self.0
            .ask(request, response::about(response::message, is_it))
            .await
    }

    /// Reads one text.
    pub async fn fetch(&self, sid: &MessageSid) -> Result<Answer<Message>, Error> {
        let request = request::fetch_message(self.0.config(), sid);
        self.0
            .ask(
                request,
                response::about(response::message, |found| found.sid == *sid),
            )
            .await
    }

    /// Reads a page of texts, newest first.
    pub async fn list(&self, filter: &MessageFilter) -> Result<Answer<ListPage<Message>>, Error> {
        let request = request::list_messages(self.0.config(), filter);
        self.page(filter, request).await
    }

    /// Reads the page that follows, of the list that was asked for with the same filter.
    pub async fn next(
        &self,
        filter: &MessageFilter,
        cursor: &PageCursor,
    ) -> Result<Answer<ListPage<Message>>, Error> {
        let request = request::next_page(self.0.config(), Host::Api, cursor);
        self.page(filter, request).await
    }

    async fn page(
        &self,
        filter: &MessageFilter,
        request: Request,
    ) -> Result<Answer<ListPage<Message>>, Error> {
        let fits = |page: &ListPage<Message>| page.items.iter().all(|text| filter.may_list(text));
        self.0
            .ask(request, response::about(response::messages, fits))
            .await
    }

    /// Withdraws a scheduled text.
    pub async fn cancel(&self, sid: &MessageSid) -> Result<Answer<Message>, Error> {
        let request = request::cancel_message(self.0.config(), sid);
        self.0
            .ask(
                request,
                response::about(response::message, |found| found.sid == *sid),
            )
            .await
    }

    /// Empties the body of a text at Twilio.
    pub async fn redact(&self, sid: &MessageSid) -> Result<Answer<Message>, Error> {
        let request = request::redact_message(self.0.config(), sid);
        self.0
            .ask(
                request,
                response::about(response::message, |found| found.sid == *sid),
            )
            .await
    }

    /// Removes a text at Twilio.
    pub async fn delete(&self, sid: &MessageSid) -> Result<Answer<()>, Error> {
        let request = request::delete_message(self.0.config(), sid);
        self.0.ask(request, response::message_deleted).await
    }
}

/// Sends a text from the configured sender to a number in E.164.
pub async fn send_sms(client: &Client, to: &str, body: &str) -> Result<Message, Error> {
    let to = PhoneNumber::from_e164(to.trim()).map_err(Error::InvalidPhoneNumber)?;
    let sender = client
        .config()
        .sender
        .clone()
        .ok_or(ConfigError::NoSender)?;
    let new = NewMessage::new(to, sender, body);
    Ok(client.messages().send(&new).await?.reply)
}
