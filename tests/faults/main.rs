//! What the network can do to a request, and what the client makes of it.
//!
//! A server over raw TCP misbehaves in one way for each test; it counts the requests whose body it saw.
//! The promise: a text leaves at most once, and "not sent" is said only where nothing can have left.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where its own set-up fails"
)]

mod server;

use std::fmt::Write as _;
use std::time::Duration;

use tokio::net::TcpListener;
use tuilio::domain::message::{Message, MessageFilter};
use tuilio::domain::secret::Secret;
use tuilio::domain::{PhoneNumber, Sender};
use tuilio::twilio::{
    self, Client, Credentials, Endpoint, Error, Origin, RetryPolicy, TwilioConfig,
};

use server::{Manner, Server};

const SENT: &str = r#"{"sid":"SM0123456789abcdef0123456789abcdef","status":"queued"}"#;
const EMPTY_LIST: &str = r#"{"messages":[],"next_page_uri":null}"#;
const BUSY: &str = r#"{"code":20429,"message":"Too many requests","status":429}"#;

fn answer(status: &str, headers: &[&str], body: &str) -> String {
    let mut text = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    for header in headers {
        write!(text, "{header}\r\n").unwrap();
    }
    text + "\r\n" + body
}

fn client(origin: &str, answer_timeout: Duration) -> Client {
    let account = "AC0123456789abcdef0123456789abcdef".parse().unwrap();
    let config = TwilioConfig::new(account, Credentials::AuthToken(Secret::new("hunter2")))
        .with_sender(Sender::Number(
            PhoneNumber::from_e164("+15005550006").unwrap(),
        ))
        .with_endpoint(Endpoint::Origin(Origin::parse(origin).unwrap()))
        .with_timeouts(Duration::from_secs(5), answer_timeout);
    Client::connect(config).with_retry_policy(RetryPolicy {
        first_wait: Duration::from_millis(2),
        ..RetryPolicy::default()
    })
}

const PATIENT: Duration = Duration::from_secs(20);

async fn send(client: &Client) -> Result<Message, Error> {
    twilio::send_sms(client, "+14155550123", "Hi").await
}

/// An error says what happened, and nothing of whom or where.
fn assert_discreet(error: &Error, origin: &str) {
    let text = format!("{error} {error:?}");
    let address = origin.trim_start_matches("http://");
    for secret in [address, "hunter2", "4155550123", "Authorization", "http://"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn a_text_leaves_at_most_once_whatever_the_server_does() {
    let half = answer("201 Created", &[], SENT);
    let half = half[..half.len() - 20].to_owned();
    for (name, manner) in [
        ("closed before an answer", Manner::Close),
        ("reset before an answer", Manner::Reset(String::new())),
        (
            "closed in the head",
            Manner::WriteAndClose("HTTP/1.1 20".into()),
        ),
        ("closed in the body", Manner::WriteAndClose(half.clone())),
        ("reset in the body", Manner::Reset(half)),
        (
            "no HTTP",
            Manner::WriteAndClose("220 mail ready\r\n\r\n".into()),
        ),
        (
            "error of the server",
            Manner::Write(answer("500 Oops", &[], r#"{"code":20500}"#)),
        ),
        (
            "error of a gateway",
            Manner::Write(answer("502 Bad", &["Content-Type: text/html"], "<html>")),
        ),
        (
            "busy service",
            Manner::Write(answer("503 Busy", &["Retry-After: 1"], "")),
        ),
        (
            "garbage",
            Manner::Write(answer("200 OK", &[], "\u{1}\u{2}<<<")),
        ),
        (
            "a page of a hotel",
            Manner::Write(answer(
                "200 OK",
                &["Content-Type: text/html"],
                "<html>Welcome</html>",
            )),
        ),
        (
            "nothing in it",
            Manner::Write(answer("201 Created", &[], "")),
        ),
        ("no end", Manner::Endless),
        (
            "a head without end",
            Manner::WriteAndClose(format!(
                "HTTP/1.1 201 Created\r\nX: {}\r\n",
                "x".repeat(1 << 20)
            )),
        ),
    ] {
        let server = Server::start(manner).await;
        let error = send(&client(&server.origin, PATIENT)).await.unwrap_err();
        assert!(error.may_have_taken_effect(), "{name}: {error:?}");
        assert_discreet(&error, &server.origin);
        assert_eq!(server.bodies(), 1, "{name}");
    }
}

#[tokio::test]
async fn silence_beyond_the_limit_is_not_known() {
    let server = Server::start(Manner::Stall).await;
    let error = send(&client(&server.origin, Duration::from_millis(300)))
        .await
        .unwrap_err();
    assert!(error.may_have_taken_effect());
    assert!(
        error.to_string().contains("no answer within 0.3 s"),
        "{error}"
    );
    assert_eq!(server.bodies(), 1);
}

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = send(&client(&origin, PATIENT)).await.unwrap_err();
    assert!(matches!(error, Error::NotSent { .. }), "{error:?}");
    assert!(error.to_string().contains("refused"), "{error}");
    assert_discreet(&error, &origin);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [
        "301 Moved",
        "302 Found",
        "303 See",
        "307 Temporary",
        "308 Permanent",
    ] {
        let elsewhere = Server::start(Manner::Write(answer("201 Created", &[], SENT))).await;
        let location = format!("Location: {}/2010-04-01/x", elsewhere.origin);
        let server = Server::start(Manner::Write(answer(status, &[&location], ""))).await;
        let client = client(&server.origin, PATIENT);
        let error = send(&client).await.unwrap_err();
        assert!(error.may_have_taken_effect(), "{status}: {error:?}");
        assert_eq!(
            (server.bodies(), elsewhere.connections()),
            (1, 0),
            "{status}"
        );

        let error = client.messages().list(&MessageFilter::default()).await;
        assert!(matches!(error, Err(Error::Unavailable { .. })), "{status}");
        assert_eq!(elsewhere.connections(), 0, "{status}");
    }
}

#[tokio::test]
async fn a_busy_server_is_tried_again_with_the_same_text() {
    let busy = answer("429 Too Many Requests", &[], BUSY);
    let server = Server::start(Manner::Then(busy.clone(), answer("201 Created", &[], SENT))).await;
    assert!(send(&client(&server.origin, PATIENT)).await.is_ok());
    assert_eq!(server.bodies(), 2);

    let server = Server::start(Manner::Write(busy)).await;
    let error = send(&client(&server.origin, PATIENT)).await.unwrap_err();
    assert!(matches!(
        error,
        Error::RateLimit {
            code: Some(20429),
            ..
        }
    ));
    assert_eq!(server.bodies(), 4);
}

#[tokio::test]
async fn refusals_are_final_and_have_their_code() {
    for (status, body, code) in [
        (
            "400 Bad",
            r#"{"code":21211,"message":"Invalid 'To' Phone Number: +14155550123"}"#,
            Some(21211),
        ),
        (
            "401 Unauthorized",
            r#"{"code":20003,"message":"Authenticate"}"#,
            Some(20003),
        ),
        ("403 Forbidden", "<html>", None),
    ] {
        let server = Server::start(Manner::Write(answer(
            status,
            &["Twilio-Request-Id: RQ1"],
            body,
        )))
        .await;
        let error = send(&client(&server.origin, PATIENT)).await.unwrap_err();
        assert_discreet(&error, &server.origin);
        let Error::TwilioApi {
            code: found,
            request_id,
            ..
        } = error
        else {
            panic!("{status}: {error:?}");
        };
        assert_eq!((found, request_id.as_deref()), (code, Some("RQ1")));
        assert_eq!(server.bodies(), 1);
    }
}

#[tokio::test]
async fn an_answer_of_another_type_is_judged_by_what_is_in_it() {
    let told = answer("201 Created", &["Content-Type: text/plain"], SENT);
    let server = Server::start(Manner::Write(told)).await;
    assert!(send(&client(&server.origin, PATIENT)).await.is_ok());
}

#[tokio::test]
async fn a_question_is_asked_again() {
    let oops = answer("500 Oops", &[], "");
    let server = Server::start(Manner::Then(oops, answer("200 OK", &[], EMPTY_LIST))).await;
    let client = client(&server.origin, PATIENT);
    assert!(
        client
            .messages()
            .list(&MessageFilter::default())
            .await
            .is_ok()
    );
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_long_page_is_read_and_an_endless_one_is_not() {
    let padding = " ".repeat(2 << 20);
    let body = format!(r#"{{"messages":[],{padding}"next_page_uri":null}}"#);
    let server = Server::start(Manner::Write(answer("200 OK", &[], &body))).await;
    let page = MessageFilter {
        page_size: Some(1000),
        ..MessageFilter::default()
    };
    let long = client(&server.origin, PATIENT).with_retry_policy(RetryPolicy::never());
    assert!(long.messages().list(&page).await.is_ok());
    let sid = "SM0123456789abcdef0123456789abcdef".parse().unwrap();
    let error = long.messages().fetch(&sid).await.unwrap_err();
    assert!(error.to_string().contains("larger than 1 MiB"), "{error}");

    let server = Server::start(Manner::Endless).await;
    let endless = client(&server.origin, PATIENT).with_retry_policy(RetryPolicy::never());
    let error = endless.messages().list(&page).await.unwrap_err();
    assert!(error.to_string().contains("larger than 4 MiB"), "{error}");
}

#[tokio::test]
async fn texts_in_a_row_share_a_connection() {
    let server = Server::start(Manner::Write(answer("201 Created", &[], SENT))).await;
    let client = client(&server.origin, PATIENT);
    for _ in 0..20 {
        send(&client).await.unwrap();
    }
    assert_eq!((server.bodies(), server.connections()), (20, 1));
}

/// The trap of kept connections: the server goes away between two requests, at any moment.
#[tokio::test]
async fn a_kept_connection_that_dies_never_makes_a_second_text() {
    for round in 0..50 {
        let server = Server::start(Manner::WriteAndClose(answer("201 Created", &[], SENT))).await;
        let client = client(&server.origin, PATIENT);
        let mut unknown = 0;
        for _ in 0..4 {
            match send(&client).await {
                Ok(_) => {}
                Err(error) if error.may_have_taken_effect() => unknown += 1,
                Err(error) => panic!("round {round}: {error:?}"),
            }
        }
        assert!(server.bodies() <= 4, "round {round}");
        assert!(server.bodies() + unknown >= 4, "round {round}");
    }
}

#[tokio::test]
async fn an_unsafe_path_does_not_lead_to_another_host() {
    use tuilio::twilio::transport::{Transport, TransportError};
    use tuilio::twilio::wire::{Host, Method, Request};
    let server = Server::start(Manner::Write(answer("200 OK", &[], "{}"))).await;
    let elsewhere = Server::start(Manner::Write(answer("200 OK", &[], "{}"))).await;
    let client = client(&server.origin, PATIENT);
    let transport = twilio::HttpTransport::new(client.config());
    let other = elsewhere.origin.trim_start_matches("http://");
    let result = transport
        .send(Request {
            method: Method::Get,
            host: Host::Api,
            path: format!("@{other}/x"),
            query: Vec::new(),
            form: Vec::new(),
            auth: None,
        })
        .await;
    assert!(
        matches!(result, Err(TransportError::NotSent(_))),
        "{result:?}"
    );
    assert_eq!((server.connections(), elsewhere.connections()), (0, 0));
}

#[tokio::test]
async fn a_handshake_that_fails_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://{}", listener.local_addr().unwrap());
    let client = client(&origin, PATIENT);
    let hang_up = async { drop(listener.accept().await.unwrap()) };
    let (result, ()) = tokio::join!(send(&client), hang_up);
    assert!(matches!(result, Err(Error::NotSent { .. })), "{result:?}");
}

/// Runs itself once more in a process whose environment has no certificates and a proxy that is not there.
#[test]
fn a_bare_machine_talks_to_itself_and_says_what_it_lacks_for_more() {
    const NAME: &str = "a_bare_machine_talks_to_itself_and_says_what_it_lacks_for_more";
    const MARK: &str = "TUILIO_TEST_BARE_MACHINE";
    if std::env::var_os(MARK).is_none() {
        let folder = tempfile::tempdir().unwrap();
        let none = folder.path().join("none.pem");
        std::fs::write(&none, "").unwrap();
        let nowhere = "http://127.0.0.1:1";
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME])
            .env(MARK, "1")
            .env("SSL_CERT_FILE", &none)
            .env_remove("SSL_CERT_DIR")
            .env("HTTP_PROXY", nowhere)
            .env("http_proxy", nowhere)
            .env("HTTPS_PROXY", nowhere)
            .env("ALL_PROXY", nowhere)
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success(), "{said}");
        assert!(said.contains("1 passed"), "{said}");
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let server = Server::start(Manner::Write(answer("201 Created", &[], SENT))).await;
        send(&client(&server.origin, PATIENT)).await.unwrap();
        assert_eq!(server.bodies(), 1);

        let error = send(&client("https://127.0.0.1:1", PATIENT))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::NotSent { .. }), "{error:?}");
        // Where the system keeps its certificates elsewhere than in files, an empty file takes none away.
        if cfg!(not(any(windows, target_vendor = "apple"))) {
            assert!(
                error
                    .to_string()
                    .contains("install ca-certificates or set SSL_CERT_FILE"),
                "{error}"
            );
        }
    });
}
