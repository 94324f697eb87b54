//! Requests and responses as bytes and words: what passes between the client and Twilio, or between
//! the client and the simulator, whichever door it takes.

use std::fmt;

use crate::domain::secret::Secret;

/// The methods that Twilio's APIs use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Create or change.
    Post,
    /// Remove.
    Delete,
}

impl Method {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// Which of Twilio's hosts a request goes to. Their paths never collide, so one origin can serve all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// `api.twilio.com`: accounts, messages, numbers.
    Api,
    /// `verify.twilio.com`.
    Verify,
    /// `lookups.twilio.com`.
    Lookups,
    /// `messaging.twilio.com`: Messaging Services.
    Messaging,
}

/// User name and password of HTTP Basic: account SID and auth token, or API key SID and its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasicAuth {
    /// `AC…` or `SK…`.
    pub username: String,
    /// Token or secret.
    pub password: Secret,
}

/// A request. `Debug` shows method and path with digits masked; query and form stay hidden, since they
/// hold numbers, bodies and codes.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Which host.
    pub host: Host,
    /// Path as it goes over the wire: percent-encoded, a plus sign in a number stays bare.
    pub path: String,
    /// Decoded names and values of the query, in order.
    pub query: Vec<(String, String)>,
    /// Decoded names and values of the form body, in order.
    pub form: Vec<(String, String)>,
    /// Who asks.
    pub auth: Option<BasicAuth>,
}

impl Request {
    /// Twilio charges for the answer: it is asked for what is paid by name.
    pub fn costs(&self) -> bool {
        self.host == Host::Lookups && self.query.iter().any(|(name, _)| name == "Fields")
    }

    /// The first value of that name in the form body.
    pub fn form_value(&self, name: &str) -> Option<&str> {
        self.form
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of that name in the query.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: String = self
            .path
            .chars()
            .map(|c| if c.is_ascii_digit() { '•' } else { c })
            .collect();
        write!(f, "{} {path}", self.method.as_str())
    }
}

/// A response. `Debug` shows its status and length alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Names and values, in order; names in any case.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Response {
    /// 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first value of that header, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}
