//! What Twilio knows of a number, before anything is sent to it.
//!
//! Whether a number can exist is free to ask; the kind of its line costs money, so it is asked for by
//! name. A number that cannot exist is an answer, not an error.

use super::client::Line;
use super::error::Error;
use super::{request, response};
use crate::domain::call::Answer;
use crate::domain::lookup::Lookup;
use crate::domain::phone::PhoneNumber;

/// Lookups: [`Client::lookups`](super::Client::lookups).
#[derive(Clone, Copy)]
pub struct Lookups<'a>(pub(super) Line<'a>);

impl Lookups<'_> {
    /// Asks what is known of a number; with `line_type` also the kind of line, which costs money.
    pub async fn look_up(
        &self,
        number: &PhoneNumber,
        line_type: bool,
    ) -> Result<Answer<Lookup>, Error> {
        let request = request::look_up(self.0.config(), number, line_type);
        let is_it = |found: &Lookup| {
            let written = found.phone_number.as_ref();
            written.is_none_or(|written| number.may_be_written(written.raw()))
        };
        let decode = response::about(response::lookup, is_it);
        let asked = self.0.ask(request, decode).await;
        asked.map_err(|error| {
            if line_type {
                error.of_a_paid_question()
            } else {
                error
            }
        })
    }
}
