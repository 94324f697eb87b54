//! What really goes over a socket: the bytes that a server has to understand.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tuilio::domain::call::Call;
use tuilio::domain::message::MessageFilter;
use tuilio::domain::{NewMessage, Sender};
use tuilio::twilio::{Client, Endpoint, Origin, RetryPolicy, TwilioConfig};

use super::{AC, MG, config, number, sid};

/// The head (its lines in lower case but the first) and body of the one request that a call makes.
async fn sent(call: Call) -> (String, Vec<String>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let config = TwilioConfig {
        endpoint: Endpoint::Origin(Origin::parse(&origin).unwrap()),
        ..config().with_timeouts(Duration::from_mins(5), Duration::from_mins(5))
    };
    let client = Client::connect(config).with_retry_policy(RetryPolicy::never());
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut text = String::new();
        let mut buffer = [0; 4096];
        loop {
            let length = stream.read(&mut buffer).await.unwrap();
            text.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let wanted = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "))
                    .map_or(0, |length| length.parse().unwrap());
                if body.len() >= wanted {
                    break;
                }
            }
        }
        let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(answer).await.unwrap();
        text
    };
    let (text, result) = tokio::join!(server, client.perform(call, &|_| ()));
    assert!(result.is_err());
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines().map(ToOwned::to_owned);
    (lines.next().unwrap(), lines.collect(), body.to_owned())
}

#[tokio::test]
async fn a_text_is_a_form_with_basic_authentication() {
    let text = NewMessage::new(
        number("+14155550123"),
        Sender::Service(sid(MG)),
        "Hi & bye = ü+",
    );
    let (line, headers, body) = sent(Call::SendMessage(text)).await;
    assert_eq!(
        line,
        format!("POST /2010-04-01/Accounts/{AC}/Messages.json HTTP/1.1")
    );
    assert_eq!(
        body,
        format!("To=%2B14155550123&MessagingServiceSid={MG}&Body=Hi+%26+bye+%3D+%C3%BC%2B")
    );
    let has = |header: &str| headers.iter().any(|line| line == header);
    assert!(
        has("content-type: application/x-www-form-urlencoded"),
        "{headers:?}"
    );
    assert!(has("accept: application/json"));
    assert!(has("accept-charset: utf-8"));
    // "AC0123456789abcdef0123456789abcdef:token"
    assert!(has(
        "authorization: Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjp0b2tlbg=="
    ));
    let agent = format!("user-agent: tuilio/{} (", env!("CARGO_PKG_VERSION"));
    assert!(
        headers
            .iter()
            .any(|line| line.starts_with(&agent) && line.ends_with(") rust"))
    );
    assert!(
        !headers
            .iter()
            .any(|line| line.starts_with("accept-encoding"))
    );
}

#[tokio::test]
async fn a_plus_is_bare_in_a_path_and_encoded_in_a_query() {
    let look_up = Call::LookUp {
        number: number("+14155550123"),
        line_type: true,
    };
    let (line, ..) = sent(look_up).await;
    assert_eq!(
        line,
        "GET /v2/PhoneNumbers/+14155550123?Fields=line_type_intelligence HTTP/1.1"
    );
    let list = Call::ListMessages(MessageFilter {
        to: Some(number("+14155550123")),
        sent_after: "2026-01-02T03:04:05Z".parse().ok(),
        ..MessageFilter::default()
    });
    let (line, ..) = sent(list).await;
    assert_eq!(
        line,
        format!(
            "GET /2010-04-01/Accounts/{AC}/Messages.json?To=%2B14155550123&DateSent%3E=2026-01-02T03%3A04%3A05Z HTTP/1.1"
        )
    );
}

#[tokio::test]
async fn a_removal_asks_for_no_body() {
    let (line, headers, body) = sent(Call::DeleteMessage(sid(super::SM))).await;
    assert!(line.starts_with("DELETE /2010-04-01/"));
    assert!(body.is_empty());
    assert!(
        !headers
            .iter()
            .any(|line| line.starts_with("accept: application"))
    );
}
