//! What the simulator answers to each kind of question, and what it may be asked.

use tuilio::domain::{Secret, Timestamp};
use tuilio::simulator::{Fate, Scene, World, host};
use tuilio::twilio::wire::{BasicAuth, Host, Method, Request};

use super::super::answers::DECODERS;
use super::super::tape::Recording;
use super::texts;

/// A decoder by its place, and what it was answered.
pub type Recorded = (usize, Vec<u8>);

/// A decoder by its name, and what it is asked for.
type Asked<'a> = (&'a str, Method, String, &'a [(&'a str, &'a str)]);

/// Every kind of answer, as the simulator gives it.
pub fn recorded() -> Vec<Recorded> {
    let start: Timestamp = "2026-03-04T14:00:00Z".parse().unwrap();
    let mut world = World::new(7, Scene::named("happy").unwrap(), start);
    let credentials = world.credentials().clone();
    let (ac, va) = (&credentials.account_sid, &credentials.verify_service_sid);
    let account = format!("/2010-04-01/Accounts/{ac}");
    let service = format!("/v2/Services/{va}");
    let to = "+14155550100";
    let text = [
        ("To", to),
        ("From", credentials.from_number.as_str()),
        ("Body", "Hello 👋"),
    ];
    let started = [("To", to), ("Channel", "sms")];
    let checked = [("To", to), ("Code", "000000")];
    let list: Vec<Asked<'_>> = vec![
        (
            "message",
            Method::Post,
            format!("{account}/Messages.json"),
            &text,
        ),
        (
            "messages",
            Method::Get,
            format!("{account}/Messages.json"),
            &[],
        ),
        (
            "verification",
            Method::Post,
            format!("{service}/Verifications"),
            &started,
        ),
        (
            "verification",
            Method::Get,
            format!("{service}/Verifications/{to}"),
            &[],
        ),
        (
            "verification",
            Method::Post,
            format!("{service}/VerificationCheck"),
            &checked,
        ),
        ("attempts", Method::Get, "/v2/Attempts".to_owned(), &[]),
        (
            "attempt_summary",
            Method::Get,
            "/v2/Attempts/Summary".to_owned(),
            &[],
        ),
        ("verify_service", Method::Get, service.clone(), &[]),
        (
            "verify_services",
            Method::Get,
            "/v2/Services".to_owned(),
            &[],
        ),
        ("lookup", Method::Get, format!("/v2/PhoneNumbers/{to}"), &[]),
        ("account", Method::Get, format!("{account}.json"), &[]),
        (
            "balance",
            Method::Get,
            format!("{account}/Balance.json"),
            &[],
        ),
        (
            "numbers",
            Method::Get,
            format!("{account}/IncomingPhoneNumbers.json"),
            &[],
        ),
        (
            "messaging_services",
            Method::Get,
            "/v1/Services".to_owned(),
            &[],
        ),
        // Error answers.
        (
            "message",
            Method::Post,
            format!("{account}/Messages.json"),
            &[("To", "x")],
        ),
        (
            "verification",
            Method::Post,
            format!("{service}/Verifications"),
            &[("To", "+1")],
        ),
    ];
    list.into_iter()
        .map(|(name, method, path, form)| {
            let request = Request {
                method,
                host: host(&path).unwrap_or(Host::Api),
                path,
                query: Vec::new(),
                form: form
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                auth: Some(BasicAuth {
                    username: ac.clone(),
                    password: Secret::new(credentials.auth_token.expose()),
                }),
            };
            let Fate::Answer { response, .. } = world.handle(start, &request) else {
                panic!("nobody planted a fault")
            };
            let decoder = DECODERS
                .iter()
                .position(|(known, _)| *known == name)
                .unwrap();
            (decoder, response.body)
        })
        .collect()
}

pub fn answers() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = recorded()
        .into_iter()
        .map(|(decoder, body)| {
            Recording::default()
                .byte(decoder as u8)
                .byte(0)
                .byte(9)
                .rest(body)
        })
        .collect();
    for (status, body) in [
        (8, &br#"{"code":21211,"message":"Invalid 'To' +14155550123 ada@example.org","more_info":"x","status":400}"#[..]),
        (8, br#"{"type":"about:blank","title":"Forbidden","status":403,"code":70051,"detail":"\u001b[2J\u202e"}"#),
        (14, b"<html>bad gateway</html>"),
        (0, br#"{"sid":"SM00000000000000000000000000000001","status":"sent\u200d","price":-1e308}"#),
    ] {
        seeds.push(Recording::default().byte(0).byte(status).byte(9).rest(body));
    }
    seeds
}

pub fn outcomes() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (at, (_, body)) in recorded().into_iter().enumerate() {
        for status in [0, 8, 11, 14] {
            seeds.push(
                Recording::default()
                    .byte(at as u8)
                    .byte(0)
                    .byte(status)
                    .text("Wed, 04 Mar 2026 14:00:00 GMT")
                    .text("2")
                    .text("RQ0123456789")
                    .text("application/json")
                    .rest(&body),
            );
        }
    }
    seeds
}

pub fn world() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for path in 0..24 {
        for value in [1, 12, 24, 26, 27, 30, 41] {
            let mut seed = vec![0; 9];
            seed.extend([
                1, value, 1, path, 3, 9, 0, 4, 1, 9, 2, 4, 6, 9, 5, 4, value, 0, 1, 9, 0, 30,
            ]);
            seed.extend([
                2, 0, 1, path, 3, 9, 9, 4, 1, 9, 1, 4, value, 9, 5, 4, value, 0, 1, 9, 2, 30,
            ]);
            seeds.push(seed);
        }
    }
    seeds
}

pub fn door() -> Vec<Vec<u8>> {
    texts(&[
        "GET /v2/Services HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /simulator/faults HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n{\"path\":\"/*\",\"fault\":\"cut_before_store\"}",
        "POST /v2/Services/x/Verifications HTTP/1.1\r\nAuthorization: Basic QUMxOnNlY3JldA==\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=%",
        "PATCH /x HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "GET /%ff%00/../..//?a=%zz&%%% HTTP/1.1\r\nAuthorization: Basic !!!\r\n\r\n",
        "GET http://evil.example/ HTTP/1.0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}",
        "GET / HTTP/1.1\r\nX: \u{0}\r\n\r\n",
    ])
}
