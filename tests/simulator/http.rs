//! The HTTP door, spoken to in bytes, as any client does.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tuilio::domain::Timestamp;
use tuilio::simulator::{Credentials, Scene, SimulatedClock, Simulation, TimeScale, World, server};

use crate::{ADA, sid};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// A server that runs until it is told to stop.
struct Server {
    address: SocketAddr,
    credentials: Credentials,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

async fn serve() -> Server {
    let start: Timestamp = crate::support::START.parse().unwrap();
    let world = World::new(7, Scene::named("happy").unwrap(), start);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let credentials = world.credentials().clone();
    let simulation = Simulation::new(world, SimulatedClock::new(start, TimeScale::default()));
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(async move {
        let shutdown = async {
            stopped.await.ok();
        };
        server::run(listener, shutdown, simulation).await;
    });
    Server {
        address,
        credentials,
        stop,
        ended,
    }
}

/// One connection, kept alive.
struct Connection {
    stream: TcpStream,
    authorization: String,
}

impl Server {
    fn connect(&self) -> Connection {
        let known = &self.credentials;
        let pair = format!("{}:{}", known.api_key, known.api_secret.expose());
        Connection {
            stream: TcpStream::connect(self.address).unwrap(),
            authorization: STANDARD.encode(pair),
        }
    }

    fn messages(&self) -> String {
        let account = &self.credentials.account_sid;
        format!("/2010-04-01/Accounts/{account}/Messages.json")
    }

    fn verifications(&self) -> String {
        let service = &self.credentials.verify_service_sid;
        format!("/v2/Services/{service}/Verifications")
    }
}

impl Connection {
    fn write(&mut self, method: &str, path: &str, kind: &str, body: &str) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {}\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            self.authorization,
            body.len()
        );
        self.stream.write_all(request.as_bytes()).unwrap();
    }

    /// Reads one answer: status, head and body. None where the connection ends before it does.
    fn read(&mut self) -> Option<(u16, String, Vec<u8>)> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            if self.stream.read(&mut byte).ok()? == 0 {
                return None;
            }
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut body = vec![0; announced(&head)];
        self.stream.read_exact(&mut body).ok()?;
        Some((status, head, body))
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> (u16, Value) {
        self.write(method, path, FORM, body);
        let (status, _, body) = self.read().expect("the connection was cut");
        let json = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&body).unwrap()
        };
        (status, json)
    }

    fn plant(&mut self, fault: &str) -> u16 {
        self.write("POST", "/simulator/faults", JSON, fault);
        self.read().expect("the back door was cut").0
    }
}

fn announced(head: &str) -> usize {
    head.to_ascii_lowercase()
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_carries_a_whole_verification() {
    let server = serve().await;
    let mut connection = server.connect();
    let start = server.verifications();
    let form = "To=%2B14155550100&Channel=sms&CustomFriendlyName=Two+Words%20More";
    let (status, started) = connection.ask("POST", &start, form);
    assert_eq!(status, 201, "{started}");
    for path in ["+14155550100", "%2B14155550100", sid(&started)] {
        let (status, fetched) = connection.ask("GET", &format!("{start}/{path}"), "");
        assert_eq!(
            (status, &fetched["status"]),
            (200, &json!("pending")),
            "{path}"
        );
    }
    let phone = "/simulator/phones/";
    let (_, plain) = connection.ask("GET", &format!("{phone}+14155550100"), "");
    let (_, encoded) = connection.ask("GET", &format!("{phone}%2B14155550100"), "");
    assert_eq!(plain, encoded);
    let said = plain[0]["body"].as_str().unwrap();
    assert!(said.contains("Two Words More"), "{said}");
    let keys: Vec<_> = plain[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["at", "body", "code", "from", "kind"]);
    let (_, nobody) = connection.ask("GET", &format!("{phone}nobody@example.org"), "");
    assert_eq!(nobody, json!([]));
    let check = start.replace("Verifications", "VerificationCheck");
    let code = plain[0]["code"].as_str().unwrap();
    let form = format!("To=%2B14155550100&Code={code}");
    assert_eq!(
        connection.ask("POST", &check, &form).1["status"],
        "approved"
    );
    server.stop.send(()).unwrap();
    server.ended.await.unwrap();
    assert!(
        connection.read().is_none(),
        "the connection outlives the server"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_planted_in_json_and_cut_real_connections() {
    let server = serve().await;
    let messages = server.messages();
    let mut planter = server.connect();
    let text = format!("To={}&From=%2B12025550142&Body=Hi", ADA.replace('+', "%2B"));
    for (fault, stored) in [
        ("cut_before_store", 0),
        ("cut_after_store", 1),
        ("cut_mid_body", 2),
    ] {
        let path = "/2010-04-01/Accounts/*/Messages.json";
        let plan = json!({"method": "POST", "path": path, "fault": fault, "times": 1});
        assert_eq!(planter.plant(&plan.to_string()), 201);
        let mut connection = server.connect();
        connection.write("POST", &messages, FORM, &text);
        assert!(
            connection.read().is_none(),
            "{fault} lets a whole answer through"
        );
        let (_, list) = planter.ask("GET", &messages, "");
        assert_eq!(
            list["messages"].as_array().unwrap().len(),
            stored,
            "{fault}"
        );
    }
    for body in [r#"{"path":"/a","fault":"malformed","colour":1}"#, "[]", "{"] {
        assert_eq!(planter.plant(body), 400, "{body}");
    }
    planter.plant(r#"{"path":"/v1/*","fault":"malformed","times":3}"#);
    let (_, left) = planter.ask("GET", "/simulator/faults", "");
    assert_eq!(
        left,
        json!([{"path": "/v1/*", "fault": "malformed", "times": 3}])
    );
    assert_eq!(planter.ask("DELETE", "/simulator/faults", "").0, 204);
    assert_eq!(planter.ask("GET", "/simulator/faults", "").1, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_answer_announces_the_whole() {
    let server = serve().await;
    let mut connection = server.connect();
    connection.plant(r#"{"path":"/v1/*","fault":"cut_mid_body"}"#);
    connection.write("GET", "/v1/Services", "text/plain", "");
    let mut bytes = Vec::new();
    connection.stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").expect("no head came");
    let announced = announced(head);
    assert!(
        !body.is_empty() && body.len() < announced,
        "{} of {announced}",
        body.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_its_headers_and_odd_requests_are_answered() {
    let server = serve().await;
    let mut connection = server.connect();
    connection.write("GET", "/v2/Services", FORM, "");
    let (status, head, _) = connection.read().unwrap();
    assert_eq!(status, 200);
    for header in [
        "date: wed, 04 mar 2026 05:06:",
        "twilio-request-id: rq",
        "twilio-concurrent-requests: ",
    ] {
        assert_eq!(head.matches(header).count(), 1, "{head}");
    }
    assert_eq!(head.matches("\ndate: ").count(), 1);
    for method in ["PUT", "PATCH", "OPTIONS"] {
        assert_eq!(
            connection.ask(method, "/v2/Services", "").0,
            405,
            "{method}"
        );
    }
    connection.authorization = STANDARD.encode("AC1:wrong");
    assert_eq!(connection.ask("GET", "/v2/Services", "").1["code"], 20003);
}
