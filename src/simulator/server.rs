//! The HTTP door: any Twilio client can come in.
//!
//! One origin serves the paths of all four hosts. What can be read at all is handed to the world; the
//! door itself only knows bytes, sizes and connections.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::AUTHORIZATION;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::Fate;
use super::faults::fields_of_json;
use super::route::host;
use super::simulation::Simulation;
use crate::domain::Secret;
use crate::twilio::wire::{BasicAuth, Host, Method, Request, Response};

/// The most that a request may hold.
const MAX_REQUEST: usize = 1024 * 1024;
/// How long the head of a request may take, and a connection may idle.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long to wait when no connection can be taken, for want of descriptors for instance.
const BREATH: Duration = Duration::from_millis(100);

type Body = UnsyncBoxBody<Bytes, Cut>;

/// The connection is to be closed without another byte.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut")]
struct Cut;

/// Serves until told to stop; connections that are open then are closed.
pub async fn run(
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
    simulation: Arc<Simulation>,
) {
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, Arc::clone(&simulation)));
                }
                // Too many open files, most likely: others have to end first.
                Err(_) => tokio::time::sleep(BREATH).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// One connection, for as many requests as come over it.
async fn converse(stream: TcpStream, simulation: Arc<Simulation>) {
    // Answers are small and wanted at once; where that cannot be set they are merely later.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| answer(request, &simulation));
    let connection = http1::Builder::new()
        .auto_date_header(false)
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service);
    // A client that goes away early is its own business.
    let _ = connection.await;
}

async fn answer(
    request: hyper::Request<Incoming>,
    simulation: &Simulation,
) -> Result<hyper::Response<Body>, Cut> {
    let fate = match read(request).await {
        Ok(request) => simulation.handle(&request),
        Err(Unreadable::Method(word)) => at_once(simulation.refuse_method(&word)),
        Err(Unreadable::Body(why)) => at_once(simulation.refuse_form(why)),
        Err(Unreadable::Broken) => return Err(Cut),
    };
    let (Fate::Answer { delay, .. } | Fate::Cut { delay } | Fate::CutMidBody { delay, .. }) = &fate;
    if !delay.is_zero() {
        tokio::time::sleep(*delay).await;
    }
    match fate {
        Fate::Answer { response, .. } => write(response, whole),
        Fate::CutMidBody { response, .. } => write(response, half),
        Fate::Cut { .. } => Err(Cut),
    }
}

fn at_once(response: Response) -> Fate {
    Fate::Answer {
        response,
        delay: Duration::ZERO,
    }
}

/// Why no request could be made of what came.
enum Unreadable {
    Method(String),
    Body(&'static str),
    Broken,
}

async fn read(request: hyper::Request<Incoming>) -> Result<Request, Unreadable> {
    let (head, body) = request.into_parts();
    let method = match head.method {
        hyper::Method::GET => Method::Get,
        hyper::Method::POST => Method::Post,
        hyper::Method::DELETE => Method::Delete,
        other => return Err(Unreadable::Method(other.to_string())),
    };
    let body = Limited::new(body, MAX_REQUEST)
        .collect()
        .await
        .map_err(|error| {
            if error.is::<LengthLimitError>() {
                Unreadable::Body("the request is too long")
            } else {
                Unreadable::Broken
            }
        })?
        .to_bytes();
    let path = head.uri.path().to_owned();
    let query = form(head.uri.query().unwrap_or_default().as_bytes());
    let auth = head
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| basic(value.to_str().ok()?));
    Ok(Request {
        method,
        host: host(&path).unwrap_or(Host::Api),
        form: match method {
            Method::Post => fields(&path, &body)?,
            Method::Get | Method::Delete => Vec::new(),
        },
        path,
        query,
        auth,
    })
}

/// The simulator's own paths take JSON as well as a form; Twilio's take a form.
fn fields(path: &str, body: &[u8]) -> Result<Vec<(String, String)>, Unreadable> {
    let json = body
        .trim_ascii_start()
        .first()
        .is_some_and(|b| b"{[\"".contains(b));
    if path.starts_with("/simulator/") && json {
        fields_of_json(body).ok_or(Unreadable::Body(
            "a JSON object of words and numbers is needed",
        ))
    } else {
        Ok(form(body))
    }
}

fn form(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

fn basic(header: &str) -> Option<BasicAuth> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (username, password) = decoded.split_once(':')?;
    Some(BasicAuth {
        username: username.to_owned(),
        password: Secret::new(password),
    })
}

fn write(response: Response, body: fn(Vec<u8>) -> Body) -> Result<hyper::Response<Body>, Cut> {
    let mut builder = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    if response.status != 204 {
        builder = builder.header("Content-Length", response.body.len());
    }
    builder.body(body(response.body)).map_err(|_| Cut)
}

fn whole(body: Vec<u8>) -> Body {
    Full::new(Bytes::from(body))
        .map_err(|never: Infallible| match never {})
        .boxed_unsync()
}

/// Sends the first half, lets it reach the wire, and then breaks off.
fn half(mut body: Vec<u8>) -> Body {
    body.truncate(body.len() / 2);
    let first = stream::once(async move { Ok(Frame::data(Bytes::from(body))) });
    let then = stream::once(async {
        tokio::task::yield_now().await;
        Err(Cut)
    });
    StreamBody::new(first.chain(then)).boxed_unsync()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_authentication_is_read_in_any_case() {
        let auth = basic("bAsIc QUMxOnNlY3JldDp3aXRoOmNvbG9ucw==").unwrap();
        assert_eq!(auth.username, "AC1");
        assert_eq!(auth.password.expose(), "secret:with:colons");
        for header in ["Bearer QUMxOg==", "Basic", "Basic !!!", "Basic QUMx"] {
            assert_eq!(basic(header), None, "{header}");
        }
    }

    #[test]
    fn a_space_in_a_form_is_a_plus_sign_or_twenty() {
        for body in ["Body=a+b", "Body=a%20b"] {
            assert_eq!(
                form(body.as_bytes()),
                [("Body".to_owned(), "a b".to_owned())]
            );
        }
    }
}
