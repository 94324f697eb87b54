//! What a network and a stranger at its other end do, to every call of the client.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tuilio::domain::call::Call;
use tuilio::domain::message::{Message, MessageFilter};
use tuilio::domain::secret::Secret;
use tuilio::domain::{PhoneNumber, Sender};
use tuilio::twilio::{
    self, Client, Credentials, Endpoint, Error, Origin, RetryPolicy, TwilioConfig, request,
};

use super::asked::{self, Asked};
use super::judge;
use super::manners::{answer, manner};
use super::page;
use super::server::{Manner, Server, Step};

const SENT: &[u8] = br#"{"sid":"SM0123456789abcdef0123456789abcdef","status":"queued"}"#;
/// What the system may hold for the other side while nobody reads, on the way there and back.
const BUFFERS: usize = 12 << 20;

/// What is found: the word, how many requests arrived, and whether the call ended at its limit.
async fn cell(asked: &Asked, name: &str, ends: &str, limit: u64, call: &Call) -> String {
    let elsewhere = Server::start(Manner::write(answer("201 Created", &[], SENT))).await;
    let meant = request::encode(&asked.config, call);
    let right = asked::ask(&mut asked.world.clone(), asked.now, &meant);
    let server = Server::start(manner(name, &right, &elsewhere.origin)).await;
    let patience = match ends {
        "at once" => Duration::from_mins(5),
        "at the limit" => Duration::from_secs(limit),
        other => panic!("{other:?}"),
    };
    let client = client_of(asked.config.clone(), &server.origin, patience);
    let result = client.perform(call.clone(), &|_| ()).await;
    assert_eq!(elsewhere.connections(), 0, "{name}");
    let tries = server.connections().max(1);
    assert!(
        server.written() < tries * ((4 << 20) + BUFFERS),
        "{name}: {}",
        server.written()
    );
    let mut at_limit = "";
    if let Err(error) = &result {
        let password = asked.config.basic_auth().password;
        judge::is_discreet(error, &[password.expose()]);
        let timed_out = error
            .to_string()
            .contains(&format!("no answer within {limit} s"));
        if timed_out != (ends == "at the limit") {
            at_limit = ", at another time";
        }
    }
    let word = judge::word(&result, call.changes_something());
    format!("{word}, {}{at_limit}", server.requests())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_misdeed_of_the_network_has_its_state_in_every_call() {
    let asked = &Asked::new();
    let rows = page::table("What the network does");
    let cells = rows
        .iter()
        .flat_map(|row| asked.calls.iter().map(move |call| (row, call)));
    let wrong: Vec<String> = stream::iter(cells)
        .map(|(row, call)| async move {
            let name = asked::name(call);
            let expected = row[page::column(page::kind(name), 2)];
            let mut found = String::new();
            // On a busy machine a request may not even arrive within a short limit.
            for limit in [2, 15] {
                found = cell(asked, row[0], row[1], limit, call).await;
                // Where it is a matter of who is faster, both are told.
                if expected.split(" / ").any(|expected| expected == found) {
                    return None;
                }
            }
            Some(format!("{}: {name}: {found}, and not: {expected}", row[0]))
        })
        .buffer_unordered(256)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn client_of(config: TwilioConfig, origin: &str, patience: Duration) -> Client {
    let config = config
        .with_endpoint(Endpoint::Origin(Origin::parse(origin).unwrap()))
        .with_timeouts(Duration::from_mins(5), patience);
    Client::connect(config).with_retry_policy(RetryPolicy {
        first_wait: Duration::from_millis(2),
        // On a busy machine the tries alone may take longer than a call may wait.
        max_total: Duration::from_mins(10),
        ..RetryPolicy::default()
    })
}

/// A client with all the time that it needs.
pub fn client_to(config: TwilioConfig, origin: &str) -> Client {
    client_of(config, origin, Duration::from_mins(5))
}

fn client(origin: &str) -> Client {
    let account = "AC0123456789abcdef0123456789abcdef".parse().unwrap();
    let sender = PhoneNumber::from_e164("+15005550006").unwrap();
    let config = TwilioConfig::new(account, Credentials::AuthToken(Secret::new("hunter2")))
        .with_sender(Sender::Number(sender));
    client_to(config, origin)
}

async fn send(client: &Client) -> Result<Message, Error> {
    twilio::send_sms(client, asked::CUSTOMER, "Hi").await
}

#[tokio::test]
async fn silence_beyond_the_limit_is_told_with_its_limit() {
    let server = Server::start(Manner::always(vec![Step::Stall])).await;
    let config = client(&server.origin).config().clone();
    let hasty = client_of(config, &server.origin, Duration::from_millis(300));
    let error = send(&hasty).await.unwrap_err();
    assert!(
        error.to_string().contains("no answer within 0.3 s"),
        "{error}"
    );
}

#[tokio::test]
async fn refusals_are_final_and_have_their_code() {
    for (status, body, code) in [
        (
            "400 Bad",
            r#"{"code":21211,"message":"Invalid 'To' Phone Number: +14155550100"}"#,
            Some(21211),
        ),
        (
            "401 Unauthorized",
            r#"{"code":20003,"message":"Authenticate"}"#,
            Some(20003),
        ),
        ("403 Forbidden", "<html>", None),
    ] {
        let told = answer(
            status,
            &["Twilio-Request-Id: RQ0123456789abcdef0123456789abcdef"],
            body.as_bytes(),
        );
        let server = Server::start(Manner::write(told)).await;
        let error = send(&client(&server.origin)).await.unwrap_err();
        judge::is_discreet(&error, &["hunter2"]);
        let Error::TwilioApi {
            code: found,
            request_id,
            ..
        } = error
        else {
            panic!("{status}: {error:?}");
        };
        assert_eq!(
            (found, request_id.as_deref()),
            (code, Some("RQ0123456789abcdef0123456789abcdef"))
        );
        assert_eq!(server.bodies(), 1);
    }
}

#[tokio::test]
async fn a_long_page_is_read_and_a_longer_one_is_not() {
    let padding = " ".repeat(2 << 20);
    let body = format!(r#"{{"messages":[],{padding}"next_page_uri":null}}"#);
    let server = Server::start(Manner::write(answer("200 OK", &[], body.as_bytes()))).await;
    let page = MessageFilter {
        page_size: Some(1000),
        ..MessageFilter::default()
    };
    let long = client(&server.origin).with_retry_policy(RetryPolicy::never());
    assert!(long.messages().list(&page).await.is_ok());
    let sid = "SM0123456789abcdef0123456789abcdef".parse().unwrap();
    let error = long.messages().fetch(&sid).await.unwrap_err();
    assert!(error.to_string().contains("larger than 1 MiB"), "{error}");

    let longer = vec![b' '; 5 << 20];
    let server = Server::start(Manner::write(answer("200 OK", &[], &longer))).await;
    let longer = client(&server.origin).with_retry_policy(RetryPolicy::never());
    let error = longer.messages().list(&page).await.unwrap_err();
    assert!(error.to_string().contains("larger than 4 MiB"), "{error}");
}

#[tokio::test]
async fn texts_in_a_row_share_a_connection() {
    let server = Server::start(Manner::write(answer("201 Created", &[], SENT))).await;
    let client = client(&server.origin);
    for _ in 0..20 {
        send(&client).await.unwrap();
    }
    assert_eq!((server.bodies(), server.connections()), (20, 1));
}

/// The trap of kept connections: the server goes away between two requests, at any moment.
#[tokio::test]
async fn a_kept_connection_that_dies_never_makes_a_second_request() {
    let asked = Asked::new();
    let mut changes = asked.calls.clone();
    changes.retain(Call::changes_something);
    for round in 0..10 {
        for call in &changes {
            let meant = request::encode(&asked.config, call);
            let right = asked::ask(&mut asked.world.clone(), asked.now, &meant);
            let told = answer(&right.status.to_string(), &[], &right.body);
            let last = if round % 2 == 0 {
                Step::Close
            } else {
                Step::Reset
            };
            let server = Server::start(Manner::always(vec![Step::Write(told), last])).await;
            let client = client_of(asked.config.clone(), &server.origin, Duration::from_mins(5));
            let mut not_known = 0;
            for _ in 0..4 {
                match client.perform(call.clone(), &|_| ()).await {
                    Ok(_) => {}
                    Err(error) if error.may_have_taken_effect() => not_known += 1,
                    Err(error) => panic!("round {round}: {error:?}"),
                }
            }
            assert!(server.requests() <= 4, "round {round}");
            assert!(server.requests() + not_known >= 4, "round {round}");
        }
    }
}

#[tokio::test]
async fn an_unsafe_path_does_not_lead_to_another_host() {
    use tuilio::twilio::transport::{Transport, TransportError};
    use tuilio::twilio::wire::{Host, Method, Request};
    let server = Server::start(Manner::write(answer("200 OK", &[], b"{}"))).await;
    let elsewhere = Server::start(Manner::write(answer("200 OK", &[], b"{}"))).await;
    let client = client(&server.origin);
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
