//! What a world says to one request: an [`Answer`] or a [`Refusal`], both of which become a response.
//!
//! A refusal is always Twilio's envelope of exactly four keys.

use serde_json::{Value, json};

use super::dates;
use crate::domain::Timestamp;
use crate::twilio::wire::Response;

/// An operation that was done.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Option<Value>,
}

impl Answer {
    pub(super) fn ok(body: Value) -> Self {
        Self {
            status: 200,
            body: Some(body),
        }
    }

    pub(super) fn created(body: Value) -> Self {
        Self {
            status: 201,
            body: Some(body),
        }
    }

    pub(super) fn deleted() -> Self {
        Self {
            status: 204,
            body: None,
        }
    }
}

/// An operation that was refused: nothing was sent, nothing is billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: u32,
    pub(super) message: String,
    pub(super) retry_after: Option<u32>,
}

impl Refusal {
    pub(super) fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry_after: None,
        }
    }

    pub(super) fn bad(code: u32, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    /// A parameter that Verify does not take.
    pub(super) fn parameter(name: &str) -> Self {
        Self::bad(60200, format!("Invalid parameter `{name}`"))
    }

    pub(super) fn unauthenticated() -> Self {
        Self::new(401, 20003, "Authenticate")
    }

    /// Nothing lies at that path. Twilio names it without its version.
    pub(super) fn not_found(path: &str) -> Self {
        let below = path
            .strip_prefix('/')
            .and_then(|rest| rest.split_once('/'))
            .map_or(path.to_owned(), |(_, below)| format!("/{below}"));
        Self::new(
            404,
            20404,
            format!("The requested resource {below} was not found"),
        )
    }

    pub(super) fn wrong_method(method: &str) -> Self {
        Self::new(
            405,
            20004,
            format!("{method} is not allowed on this resource"),
        )
    }

    fn body(&self) -> Value {
        json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status,
        })
    }
}

/// Makes a response, with the headers that every answer has.
pub(super) fn response(said: Result<Answer, Refusal>, request_id: &str, at: Timestamp) -> Response {
    let (status, body, retry_after) = match said {
        Ok(answer) => (answer.status, answer.body, None),
        Err(refusal) => (refusal.status, Some(refusal.body()), refusal.retry_after),
    };
    let mut headers = vec![
        ("Date".to_owned(), dates::http(at)),
        ("Twilio-Request-Id".to_owned(), request_id.to_owned()),
        ("Twilio-Concurrent-Requests".to_owned(), "1".to_owned()),
    ];
    if let Some(seconds) = retry_after {
        headers.push(("Retry-After".to_owned(), seconds.to_string()));
    }
    if body.is_some() {
        headers.push((
            "Content-Type".to_owned(),
            "application/json; charset=utf-8".to_owned(),
        ));
    }
    Response {
        status,
        headers,
        body: body.map_or_else(Vec::new, |value| value.to_string().into_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_exactly_four_keys() {
        let refusal = Refusal::bad(21604, "no recipient");
        let response = response(Err(refusal), "RQ1", Timestamp::UNIX_EPOCH);
        let body: serde_json::Map<String, Value> = serde_json::from_slice(&response.body).unwrap();
        let keys: Vec<_> = body.keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "message", "more_info", "status"]);
        assert_eq!(response.status, 400);
        assert_eq!(
            response.header("date"),
            Some("Thu, 01 Jan 1970 00:00:00 GMT")
        );
    }

    #[test]
    fn a_missing_resource_is_named_without_its_version() {
        assert_eq!(
            Refusal::not_found("/v2/Services/VA1").message,
            "The requested resource /Services/VA1 was not found"
        );
    }
}
