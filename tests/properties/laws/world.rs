//! The pretend Twilio: anybody may ask it anything, by any of its doors.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tuilio::domain::{Secret, Timestamp};
use tuilio::simulator::{Fate, Scene, SimulatedClock, Simulation, TimeScale, World, host, server};
use tuilio::twilio::wire::{BasicAuth, Host, Method, Request, Response};

use super::chars::HOSTILE;
use super::tape::Tape;

const START: &str = "2026-03-04T14:00:00Z";

const PATHS: &[&str] = &[
    "/2010-04-01/Accounts.json",
    "/2010-04-01/Accounts/{AC}.json",
    "/2010-04-01/Accounts/{AC}/Balance.json",
    "/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json",
    "/2010-04-01/Accounts/{AC}/Messages.json",
    "/2010-04-01/Accounts/{AC}/Messages.json",
    "/2010-04-01/Accounts/{AC}/Messages/{any}.json",
    "/2010-04-01/Accounts/{AC}/Messages/{any}/Media.json",
    "/2010-04-01/Accounts/{AC}/Messages/{any}/Feedback.json",
    "/v1/Services",
    "/v1/Services/{MG}",
    "/v1/Services/{MG}/PhoneNumbers",
    "/v2/Services",
    "/v2/Services/{VA}",
    "/v2/Services/{VA}/Verifications",
    "/v2/Services/{VA}/Verifications",
    "/v2/Services/{VA}/Verifications/{any}",
    "/v2/Services/{VA}/VerificationCheck",
    "/v2/Attempts",
    "/v2/Attempts/Summary",
    "/v2/Attempts/{any}",
    "/v2/PhoneNumbers/{any}",
    "/simulator/faults",
    "/simulator/phones/{any}",
];

const NAMES: &[&str] = &[
    "To",
    "From",
    "Body",
    "MessagingServiceSid",
    "ValidityPeriod",
    "SendAt",
    "ScheduleType",
    "SmartEncoded",
    "Status",
    "Channel",
    "Code",
    "VerificationSid",
    "Locale",
    "SendDigits",
    "Tags",
    "CustomFriendlyName",
    "CustomMessage",
    "PageSize",
    "Page",
    "PageToken",
    "DateSent",
    "DateSent>",
    "DateSent<",
    "DateCreatedAfter",
    "DateCreatedBefore",
    "ChannelData.To",
    "VerifyServiceSid",
    "Country",
    "Fields",
    "Outcome",
    "fault",
    "path",
    "method",
    "times",
    "ms",
    "status",
    "code",
    "retry_after",
    "body",
    "FriendlyName",
    "CodeLength",
];

const VALUES: &[&str] = &[
    "",
    "+14155550100",
    "+14155550105",
    "+14155550188",
    "+12645550140",
    "+15005550006",
    "Hello",
    "sms",
    "call",
    "email",
    "whatsapp",
    "sna",
    "123456",
    "canceled",
    "approved",
    "en",
    "1",
    "0",
    "-1",
    "1000",
    "18446744073709551615",
    "4294967295",
    "14400",
    "9999-12-31T23:59:59Z",
    "-009999-01-02T01:59:59Z",
    "2026-03-04",
    "2026-03-05T14:00:00Z",
    "0000-00-00",
    "fixed",
    "true",
    "PA00000000000000000000000000000001",
    "PB",
    "PAé",
    "{}",
    "[]",
    "{\"a\":1}",
    "cut_before_store",
    "cut_after_store",
    "cut_mid_body",
    "malformed",
    "oversized",
    "delay",
    "status",
    "error_before_store",
    "error_after_store",
    "/*",
    "/2010-04-01/Accounts/*/Messages.json",
    "/v2/**",
    "POST",
    "GET",
    "line_type_intelligence",
    "ada@example.org",
    "@",
    "w,w,1,2",
    "9999-12-30T22:00:00.999999999Z",
    "confirmed",
];

fn fill(path: &str, world: &World, any: &str) -> String {
    let credentials = world.credentials();
    path.replace("{AC}", &credentials.account_sid)
        .replace("{MG}", &credentials.messaging_service_sid)
        .replace("{VA}", &credentials.verify_service_sid)
        .replace("{any}", any)
}

/// An answer is Twilio's shape: a status, headers of one line, and JSON where there is a body.
fn is_an_answer(response: &Response, broken: bool) {
    assert!((200..600).contains(&response.status), "{}", response.status);
    for (name, value) in &response.headers {
        assert!(!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        assert!(value.chars().all(|c| !c.is_control()), "{name}: {value:?}");
    }
    assert!(response.body.len() <= 9 * 1024 * 1024);
    if response.status == 204 {
        assert!(response.body.is_empty());
    } else if !broken && response.body.len() < 1024 * 1024 {
        let json: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
        if response.status >= 400 {
            assert!(
                json["code"].is_u64()
                    && json["message"].is_string()
                    && json["status"] == response.status
            );
        }
    }
}

/// A world answers everything with an answer, and its time only goes forward.
pub fn world(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let scenes: Vec<&str> = Scene::names().collect();
    let mut now: Timestamp = START.parse().unwrap();
    let mut world = World::new(
        tape.number(),
        Scene::named(tape.pick(&scenes)).unwrap(),
        now,
    );
    let mut sids: Vec<String> = Vec::new();
    let mut planted = false;
    let mut steps = 0;
    while !tape.is_empty() && steps < 60 {
        steps += 1;
        let any = match tape.choice(4) {
            0 => tape.text(),
            1 => tape.pick(VALUES).to_owned(),
            _ => match sids.len() {
                0 => "+14155550100".to_owned(),
                n => sids[tape.choice(n)].clone(),
            },
        };
        let path = match tape.choice(12) {
            0 => tape.text(),
            _ => fill(tape.pick(PATHS), &world, &any),
        };
        let mut fields = Vec::new();
        for _ in 0..tape.choice(6) {
            let name = if tape.byte() < 8 {
                tape.text()
            } else {
                tape.pick(NAMES).to_owned()
            };
            let value = match tape.choice(6) {
                0 => tape.text(),
                1 => tape.pick(HOSTILE).to_owned(),
                2 => fill(tape.pick(&["{AC}", "{MG}", "{VA}", "{any}"]), &world, &any),
                3 => world.credentials().from_number.clone(),
                _ => tape.pick(VALUES).to_owned(),
            };
            fields.push((name, value));
        }
        let method = tape.pick(&[Method::Post, Method::Get, Method::Post, Method::Delete]);
        let (query, form) = if method == Method::Post {
            (Vec::new(), fields)
        } else {
            (fields, Vec::new())
        };
        let secret = match tape.choice(6) {
            0 => "wrong",
            _ => world.credentials().auth_token.expose(),
        };
        let auth = (tape.byte() > 4).then(|| BasicAuth {
            username: world.credentials().account_sid.clone(),
            password: Secret::new(secret),
        });
        planted |= path.starts_with("/simulator/faults") && method == Method::Post;
        let request = Request {
            method,
            host: host(&path).unwrap_or(Host::Api),
            path,
            query,
            form,
            auth,
        };
        match world.handle(now, &request) {
            Fate::Answer { response, .. } | Fate::CutMidBody { response, .. } => {
                is_an_answer(&response, planted);
                let sid = serde_json::from_slice::<serde_json::Value>(&response.body).ok();
                let sid = sid.and_then(|json| json["sid"].as_str().map(str::to_owned));
                sids.extend(sid);
            }
            Fate::Cut { .. } => {}
        }
        assert!(world.now() >= now);
        now = world.now();
        assert!(world.next_change(now).is_none_or(|at| at > now));
        let wait = match tape.choice(4) {
            0 | 1 => u64::from(tape.byte()),
            2 => u64::from(tape.byte()) * 3_600,
            // A hundred years at most.
            _ => tape.number() % 3_155_760_000,
        };
        now = now
            .checked_add(SignedDuration::from_secs(wait.cast_signed()))
            .unwrap_or(now);
        if now.as_second() > 100_000_000_000 {
            break;
        }
        world.advance(now);
    }
}

/// What a scene does to those who are written to, called and checked.
pub fn a_day_of(mut world: World, start: Timestamp) {
    let mut now = start;
    let auth = BasicAuth {
        username: world.credentials().account_sid.clone(),
        password: Secret::new(world.credentials().auth_token.expose()),
    };
    let from = world.credentials().from_number.clone();
    for to in [
        "+14155550100",
        "+14155550123",
        "+14155550188",
        "ada@example.org",
    ] {
        for (path, fields) in [
            (
                "/2010-04-01/Accounts/{AC}/Messages.json",
                vec![("To", to), ("From", from.as_str()), ("Body", "Hello")],
            ),
            (
                "/v2/Services/{VA}/Verifications",
                vec![("To", to), ("Channel", "sms")],
            ),
            (
                "/v2/Services/{VA}/Verifications",
                vec![("To", to), ("Channel", "call")],
            ),
            (
                "/v2/Services/{VA}/VerificationCheck",
                vec![("To", to), ("Code", "111111")],
            ),
            ("/v2/Attempts", vec![]),
            ("/2010-04-01/Accounts/{AC}/Messages.json", vec![]),
        ] {
            let path = fill(path, &world, "");
            let method = if fields.is_empty() {
                Method::Get
            } else {
                Method::Post
            };
            let request = Request {
                method,
                host: host(&path).unwrap_or(Host::Api),
                path,
                query: Vec::new(),
                form: fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
                auth: Some(auth.clone()),
            };
            if let Fate::Answer { response, .. } = world.handle(now, &request) {
                is_an_answer(&response, true);
            }
            now += Duration::from_mins(10);
        }
    }
    world.advance(now + Duration::from_hours(24));
}

/// Bytes over a socket are answered, refused or cut; the next caller is served all the same.
pub fn door(bytes: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let start: Timestamp = START.parse().unwrap();
        let world = World::new(7, Scene::named("happy").unwrap(), start);
        let simulation = Simulation::new(world, SimulatedClock::new(start, TimeScale::default()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let door = tokio::spawn(server::run(
            listener,
            async {
                let _ = stopped.await;
            },
            Arc::clone(&simulation),
        ));
        // A delay that was asked for is no fault.
        let patience = Duration::from_mins(1);
        let talk = async {
            let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            answer
        };
        let delayed = String::from_utf8_lossy(bytes).contains("delay");
        if !delayed {
            let answer = tokio::time::timeout(patience, talk)
                .await
                .unwrap_or_else(|_| panic!("the door hangs"));
            assert!(
                answer.is_empty() || answer.starts_with(b"HTTP/1."),
                "{}",
                String::from_utf8_lossy(&answer)
            );
            let mut next = tokio::net::TcpStream::connect(address).await.unwrap();
            let ask = b"GET /simulator/phones/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            next.write_all(ask).await.unwrap();
            let mut answer = Vec::new();
            tokio::time::timeout(patience, next.read_to_end(&mut answer))
                .await
                .unwrap()
                .unwrap();
            assert!(
                answer.starts_with(b"HTTP/1.1 200"),
                "{}",
                String::from_utf8_lossy(&answer)
            );
        }
        let _ = stop.send(());
        let _ = door.await;
    });
}
