//! The transport over HTTP.
//!
//! One request is one request: no redirect is followed, nothing is repeated, and only a failure before
//! the connection stood counts as not sent. TLS and its certificates are loaded by the first request
//! over `https`, so that a machine without any can still talk to a simulator on itself. Invariant: no
//! error of it holds an address, a query or a header.

use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

use form_urlencoded::Serializer;
use reqwest::header::{ACCEPT, ACCEPT_CHARSET, CONTENT_TYPE};

use super::config::{ANSWER_TIMEOUT, CONNECT_TIMEOUT, Endpoint, TwilioConfig};
use super::proxy;
use super::transport::{Sending, Transport, TransportError};
use super::wire::{Method, Request, Response};
use crate::domain::untrusted::visible;

/// The longest answer that is read.
const MAX_BODY: usize = 1 << 20;
/// The longest page of a list that is read.
const MAX_LIST: usize = 4 << 20;

/// How long a connection is kept for the next request. Shorter than any server or router keeps it, for
/// a `POST` on a connection that has silently died ends as "not known"; long enough for sends in a row.
const KEPT_ALIVE: Duration = Duration::from_secs(4);

/// Sends requests over HTTP/1.1.
pub struct HttpTransport {
    endpoint: Endpoint,
    connect_timeout: Duration,
    answer_timeout: Duration,
    client: OnceLock<reqwest::Client>,
}

impl HttpTransport {
    /// A transport to the endpoint of a configuration. It opens and loads nothing yet.
    pub fn new(config: &TwilioConfig) -> Self {
        Self {
            endpoint: config.endpoint.clone(),
            connect_timeout: config.connect_timeout,
            answer_timeout: config.answer_timeout,
            client: OnceLock::new(),
        }
    }

    /// A transport to an endpoint, for requests without keys.
    pub fn to(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            connect_timeout: CONNECT_TIMEOUT,
            answer_timeout: ANSWER_TIMEOUT,
            client: OnceLock::new(),
        }
    }

    async fn exchange(&self, request: Request) -> Result<Response, TransportError> {
        let limit = limit(&request);
        let response = self
            .client()?
            .execute(self.prepare(&request)?)
            .await
            .map_err(|error| self.classify(error))?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        Ok(Response {
            status,
            headers,
            body: self.read(response, limit).await?,
        })
    }

    async fn read(
        &self,
        mut response: reqwest::Response,
        limit: usize,
    ) -> Result<Vec<u8>, TransportError> {
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| TransportError::Lost(self.describe(error)))?
        {
            if body.len() + chunk.len() > limit {
                let message = format!("the answer is larger than {} MiB", limit >> 20);
                return Err(TransportError::Lost(message));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn prepare(&self, request: &Request) -> Result<reqwest::Request, TransportError> {
        let mut address = self.endpoint.url(request.host, &request.path);
        if !request.query.is_empty() {
            address.push('?');
            address.push_str(
                &Serializer::new(String::new())
                    .extend_pairs(&request.query)
                    .finish(),
            );
        }
        // Parsed once with its path and once without: a path cannot lead to another host.
        let home = self.endpoint.url(request.host, "/");
        let url = reqwest::Url::parse(&address)
            .ok()
            .filter(|url| {
                reqwest::Url::parse(&home).is_ok_and(|home| home.origin() == url.origin())
            })
            .ok_or_else(|| TransportError::NotSent("the address is not valid".to_owned()))?;
        let client = self.client()?;
        let mut builder = match request.method {
            Method::Get => client.get(url).header(ACCEPT, "application/json"),
            Method::Post => client
                .post(url)
                .header(ACCEPT, "application/json")
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(
                    Serializer::new(String::new())
                        .extend_pairs(&request.form)
                        .finish(),
                ),
            Method::Delete => client.delete(url),
        }
        .header(ACCEPT_CHARSET, "utf-8");
        if let Some(auth) = &request.auth {
            builder = builder.basic_auth(&auth.username, Some(auth.password.expose()));
        }
        builder.build().map_err(|error| self.classify(error))
    }

    /// The client, made on first use. If that fails, the next request tries again: certificates may
    /// have been installed meanwhile.
    fn client(&self) -> Result<&reqwest::Client, TransportError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let built = self.build()?;
        Ok(self.client.get_or_init(|| built))
    }

    fn build(&self) -> Result<reqwest::Client, TransportError> {
        // An error says that the process has a provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent())
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .pool_idle_timeout(KEPT_ALIVE)
            .connect_timeout(self.connect_timeout)
            .timeout(self.answer_timeout);
        builder = proxy::set_out(builder, &self.endpoint)
            .map_err(|error| TransportError::NotSent(error.to_string()))?;
        let is_plain = matches!(&self.endpoint, Endpoint::Origin(origin) if origin.as_str().starts_with("http://"));
        if is_plain {
            builder = builder.tls_certs_only(Vec::new());
        } else {
            builder = builder.https_only(true).tls_certs_merge(extra_roots()?);
        }
        builder.build().map_err(|error| {
            let text = self.describe(error);
            TransportError::NotSent(if text.contains("No CA certificates") {
                "no certificates to trust were found: install ca-certificates or set SSL_CERT_FILE"
                    .to_owned()
            } else {
                text
            })
        })
    }

    /// Not sent is only what failed before the connection stood.
    fn classify(&self, error: reqwest::Error) -> TransportError {
        if error.is_connect() || error.is_builder() {
            TransportError::NotSent(self.describe(error))
        } else {
            TransportError::Lost(self.describe(error))
        }
    }

    /// The innermost cause: it names what happened, while the layers around it name each other and the
    /// address.
    fn describe(&self, error: reqwest::Error) -> String {
        if error.is_timeout() {
            return if error.is_connect() {
                let seconds = self.connect_timeout.as_secs_f32();
                format!("no connection within {seconds} s")
            } else {
                let seconds = self.answer_timeout.as_secs_f32();
                format!("no answer within {seconds} s")
            };
        }
        let error = error.without_url();
        let mut innermost: &dyn Error = &error;
        while let Some(cause) = innermost.source() {
            innermost = cause;
        }
        match in_words(innermost) {
            Some(words) => words.to_owned(),
            None => visible(&innermost.to_string())
                .replace("tunnel error: ", "the proxy does not let it through: "),
        }
    }
}

/// What can be said better than the cause says it: that a machine's clock or certificates may be at fault.
fn in_words(cause: &(dyn Error + 'static)) -> Option<&'static str> {
    use rustls::CertificateError::*;
    if let Some(outer) = cause.downcast_ref::<std::io::Error>() {
        // What an input error was made of is no source of it.
        // Whether it is told as an end or as a reset is a matter of what was still on its way.
        use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
        let kind = outer.kind();
        return if matches!(
            kind,
            UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe
        ) {
            Some("the other side closed the connection")
        } else {
            in_words(outer.get_ref()?)
        };
    }
    Some(match cause.downcast_ref()? {
        rustls::Error::InvalidCertificate(why) => match why {
            Expired | ExpiredContext { .. } => {
                "the certificate of the other side has expired, or the clock of this machine is wrong"
            }
            NotValidYet | NotValidYetContext { .. } => {
                "the certificate of the other side is not valid yet, or the clock of this machine is wrong"
            }
            UnknownIssuer => {
                "the certificate of the other side is of an unknown authority: that of a proxy may be needed in SSL_CERT_FILE"
            }
            NotValidForName | NotValidForNameContext { .. } => {
                "the certificate of the other side is of another name"
            }
            _ => return None,
        },
        rustls::Error::InvalidMessage(_) => "the other side does not speak TLS",
        _ => return None,
    })
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(self.exchange(request))
    }
}

/// Certificates of `SSL_CERT_FILE` where the system's own verifier does not read it; elsewhere it does,
/// with `SSL_CERT_DIR`.
fn extra_roots() -> Result<Vec<reqwest::Certificate>, TransportError> {
    if !cfg!(any(windows, target_vendor = "apple")) {
        return Ok(Vec::new());
    }
    let Some(path) = std::env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty()) else {
        return Ok(Vec::new());
    };
    std::fs::read(path)
        .ok()
        .and_then(|pem| reqwest::Certificate::from_pem_bundle(&pem).ok())
        .ok_or_else(|| TransportError::NotSent("SSL_CERT_FILE cannot be read".to_owned()))
}

/// Pages of lists may be longer than anything else, and are told by the name of their size or place.
fn limit(request: &Request) -> usize {
    let is_list = request.method == Method::Get
        && (request.query_value("PageSize").is_some()
            || request.query_value("PageToken").is_some());
    if is_list { MAX_LIST } else { MAX_BODY }
}

fn user_agent() -> String {
    format!(
        "tuilio/{} ({} {}) rust",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}
