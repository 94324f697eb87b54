//! Verifications: a code goes out, the customer reads it back, the code is checked.
//!
//! A wrong code is an answer to [`Verifications::check`] (status `pending`), for its caller counts the
//! tries; [`check_verification`] makes an error of everything but `approved`. A code that is sent again
//! is the same code under the same SID.

use super::client::{Client, Line};
use super::config::ConfigError;
use super::error::Error;
use super::wire::{Host, Request};
use super::{request, response};
use crate::domain::call::Answer;
use crate::domain::message::{ListPage, PageCursor};
use crate::domain::phone::PhoneNumber;
use crate::domain::secret::Code;
use crate::domain::sid::VerifyServiceSid;
use crate::domain::verification::{
    Attempt, AttemptFilter, AttemptSummary, EmailAddress, NewVerification, Recipient, Verification,
    VerificationChannel, VerificationKey, VerificationStatus, VerifyService,
};

/// Verifications of an account: [`Client::verifications`].
#[derive(Clone, Copy)]
pub struct Verifications<'a>(pub(super) Line<'a>);

impl Verifications<'_> {
    /// Starts a verification, or sends its code again.
    pub async fn start(&self, new: &NewVerification) -> Result<Answer<Verification>, Error> {
        let request = request::start_verification(self.0.config(), new);
        let key = VerificationKey::To(new.to.clone());
        self.0
            .ask(request, response::verification_of(&new.service, &key))
            .await
    }

    /// Reads an open verification; one that is over is not found.
    pub async fn fetch(
        &self,
        service: &VerifyServiceSid,
        key: &VerificationKey,
    ) -> Result<Answer<Verification>, Error> {
        let request = request::fetch_verification(self.0.config(), service, key);
        self.0
            .ask(request, response::verification_of(service, key))
            .await
    }

    /// Withdraws an open verification.
    pub async fn cancel(
        &self,
        service: &VerifyServiceSid,
        key: &VerificationKey,
    ) -> Result<Answer<Verification>, Error> {
        let request = request::cancel_verification(self.0.config(), service, key);
        self.0
            .ask(request, response::verification_of(service, key))
            .await
    }

    /// Checks a code. A wrong one is answered with a verification that is still pending; one that is
    /// over with [`Error::TokenExpired`].
    pub async fn check(
        &self,
        service: &VerifyServiceSid,
        key: &VerificationKey,
        code: &Code,
    ) -> Result<Answer<Verification>, Error> {
        let request = request::check_verification(self.0.config(), service, key, code);
        self.0
            .ask(request, response::verification_of(service, key))
            .await
            .map_err(Error::of_a_check)
    }

    /// Reads a page of sends of codes, newest first.
    pub async fn attempts(
        &self,
        filter: &AttemptFilter,
    ) -> Result<Answer<ListPage<Attempt>>, Error> {
        let request = request::list_attempts(self.0.config(), filter);
        self.page(filter, request).await
    }

    /// Reads the page of sends of codes that follows, of the list that was asked for with the same filter.
    pub async fn next_attempts(
        &self,
        filter: &AttemptFilter,
        cursor: &PageCursor,
    ) -> Result<Answer<ListPage<Attempt>>, Error> {
        let request = request::next_page(self.0.config(), Host::Verify, cursor);
        self.page(filter, request).await
    }

    async fn page(
        &self,
        filter: &AttemptFilter,
        request: Request,
    ) -> Result<Answer<ListPage<Attempt>>, Error> {
        let fits = |page: &ListPage<Attempt>| page.items.iter().all(|send| filter.may_list(send));
        self.0
            .ask(request, response::about(response::attempts, fits))
            .await
    }

    /// Counts sends of codes. Twilio counts by service, time, channel and country only.
    pub async fn summary(&self, filter: &AttemptFilter) -> Result<Answer<AttemptSummary>, Error> {
        let request = request::summarise_attempts(self.0.config(), filter);
        self.0.ask(request, response::attempt_summary).await
    }

    /// Reads all Verify services.
    pub async fn services(&self) -> Result<Answer<Vec<VerifyService>>, Error> {
        let request = request::list_verify_services(self.0.config());
        self.0
            .ask_all(Host::Verify, request, response::verify_services)
            .await
    }

    /// Reads one Verify service.
    pub async fn service(&self, sid: &VerifyServiceSid) -> Result<Answer<VerifyService>, Error> {
        let request = request::fetch_verify_service(self.0.config(), sid);
        let is_it = |found: &VerifyService| found.sid == *sid;
        let decode = response::about(response::verify_service, is_it);
        self.0.ask(request, decode).await
    }
}

/// Starts a verification under the configured service: to an address by email, to a number in E.164 by
/// any other channel.
pub async fn start_verification(
    client: &Client,
    to: &str,
    channel: VerificationChannel,
) -> Result<Verification, Error> {
    let to = if channel == VerificationChannel::Email {
        Recipient::Email(EmailAddress::parse(to).map_err(Error::InvalidEmailAddress)?)
    } else {
        Recipient::Phone(PhoneNumber::from_e164(to.trim()).map_err(Error::InvalidPhoneNumber)?)
    };
    let new = NewVerification::new(configured_service(client)?, to, channel);
    Ok(client.verifications().start(&new).await?.reply)
}

/// Checks the code that the holder of a number (or address) read out, under the configured service.
/// Only an approved verification is returned.
pub async fn check_verification(
    client: &Client,
    to: &str,
    code: &str,
) -> Result<Verification, Error> {
    let to = if to.contains('@') {
        Recipient::Email(EmailAddress::parse(to).map_err(Error::InvalidEmailAddress)?)
    } else {
        Recipient::Phone(PhoneNumber::from_e164(to.trim()).map_err(Error::InvalidPhoneNumber)?)
    };
    let code = Code::parse(code).map_err(Error::InvalidCode)?;
    let service = configured_service(client)?;
    let answer = client
        .verifications()
        .check(&service, &VerificationKey::To(to), &code)
        .await?;
    let request_id = answer.request_id;
    match answer.reply.status {
        VerificationStatus::Approved => Ok(answer.reply),
        status if status.is_open() => Err(Error::VerificationFailed { status, request_id }),
        status => Err(Error::TokenExpired {
            code: None,
            status: 200,
            message: format!("the verification is {}", status.as_str()),
            request_id,
        }),
    }
}

fn configured_service(client: &Client) -> Result<VerifyServiceSid, ConfigError> {
    client
        .config()
        .verify_service
        .clone()
        .ok_or(ConfigError::NoVerifyService)
}
