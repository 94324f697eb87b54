//! What goes wrong before a connection to Twilio stands: names, certificates, proxies.
//!
//! A client finds proxy and certificates in the environment of its process, so the test runs itself once
//! more in one that has what it needs. There the proxy listens, and behaves by the name that it is asked
//! to connect to: `p4010.refuses.test` is refused, `p4010.through.test` leads to port 4010 of this machine.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;
use tuilio::domain::call::Call;
use tuilio::twilio::{Client, Endpoint, Error, Origin, RetryPolicy, request};

use super::asked::{self, Asked};
use super::certificates::{Authority, self_signed};
use super::judge;
use super::manners::answer;
use super::page;
use super::server::{Manner, Server, read_request};

const MARK: &str = "TUILIO_TEST_DOORS";
/// Of the proxy's user: it is in the environment, and must not be in an error.
const PASSWORD: &str = "marked-password-of-the-proxy";
/// How long a connection may take where it never stands.
const HASTE: Duration = Duration::from_secs(2);

/// Who listens where the client should reach Twilio.
#[derive(Clone)]
enum Listener {
    /// A server that speaks TLS with this, and answers.
    Tls(TlsAcceptor),
    /// The same, which hangs up once the connection stands.
    Brief(TlsAcceptor),
    /// One that answers without TLS.
    Plain,
    /// One that hangs up.
    Closes,
    /// One that resets.
    Resets,
    /// One that says nothing.
    Silent,
}

impl Listener {
    async fn serve(self, stream: TcpStream, told: &[u8], requests: &AtomicUsize) {
        match self {
            Self::Tls(acceptor) => {
                if let Ok(stream) = acceptor.accept(stream).await {
                    converse(stream, told, requests).await;
                }
            }
            Self::Brief(acceptor) => drop(acceptor.accept(stream).await),
            Self::Plain => {
                let mut stream = stream;
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&answer("400 Bad Request", &[], b"")).await;
            }
            Self::Closes => drop(stream),
            Self::Resets => {
                let _ = stream.set_zero_linger();
            }
            Self::Silent => std::future::pending().await,
        }
    }
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    told: &[u8],
    requests: &AtomicUsize,
) {
    while read_request(&mut stream).await.is_some() {
        requests.fetch_add(1, Ordering::SeqCst);
        if stream.write_all(told).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

/// Every listener by the name that it has on the page, with what stands for its port in the address.
fn listener(name: &str, known: &Authority) -> (Option<Listener>, &'static str) {
    let fitting = || Some(Listener::Tls(known.fitting()));
    let stranger = || Authority::new("Nobody's authority");
    let here = "https://localhost:PORT";
    match name {
        "TLS that fits" => (fitting(), here),
        "nobody listens" => (None, here),
        "the name is not known" => (None, "https://nowhere.invalid"),
        "a certificate of another name" => (
            Some(Listener::Tls(known.server(&["other.test"], 2020, 2100))),
            here,
        ),
        "a certificate that has expired" => (
            Some(Listener::Tls(known.server(&["localhost"], 2020, 2021))),
            here,
        ),
        "a certificate that is not valid yet" => (
            Some(Listener::Tls(known.server(&["localhost"], 2099, 2100))),
            here,
        ),
        "a certificate of an unknown authority" => {
            (Some(Listener::Tls(stranger().fitting())), here)
        }
        "a certificate that signed itself" => (Some(Listener::Tls(self_signed())), here),
        "no TLS" => (Some(Listener::Plain), here),
        "hangs up on the handshake" => (Some(Listener::Closes), here),
        "resets the handshake" => (Some(Listener::Resets), here),
        "is silent in the handshake" => (Some(Listener::Silent), here),
        "hangs up after the handshake" => (Some(Listener::Brief(known.fitting())), here),
        "a proxy lets through" => (fitting(), "https://pPORT.through.test"),
        "a proxy leads to a stranger" => (
            Some(Listener::Tls(stranger().fitting())),
            "https://pPORT.through.test",
        ),
        "a proxy lets through and hangs up" => {
            (Some(Listener::Closes), "https://pPORT.through.test")
        }
        "a proxy refuses" => (None, "https://p1.refuses.test"),
        "a proxy wants a password" => (None, "https://p1.asks.test"),
        "a proxy leads elsewhere" => (None, "https://p1.redirects.test"),
        "a proxy hangs up" => (None, "https://p1.closes.test"),
        "a proxy resets" => (None, "https://p1.resets.test"),
        "a proxy is silent" => (None, "https://p1.silent.test"),
        "a proxy speaks another protocol" => (None, "https://p1.mail.test"),
        "a proxy answers without an end" => (None, "https://p1.endless.test"),
        "a proxy that is not there" | "a proxy that cannot be read" | "a proxy of another kind" => {
            (None, "https://p1.through.test")
        }
        other => panic!("nothing is known of {other:?}"),
    }
}

/// A proxy that does what it is asked by the name of a host.
async fn proxy(address: SocketAddr) {
    let listener = TcpListener::bind(address).await.unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(connect(stream));
        }
    });
}

/// Serves one `CONNECT`.
async fn connect(mut client: TcpStream) {
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match client.read(&mut byte).await {
            Ok(1) => line.push(byte[0]),
            _ => return,
        }
    }
    let line = String::from_utf8(line).unwrap();
    let host = line.strip_prefix("CONNECT ").unwrap().split(':').next();
    let mut labels = host.unwrap().split('.');
    let port: u16 = labels.next().unwrap()[1..].parse().unwrap();
    let said: &[u8] = match labels.next().unwrap() {
        "through" => {
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let established = b"HTTP/1.1 200 Connection established\r\n\r\n";
            if client.write_all(established).await.is_ok() {
                let _ = copy_bidirectional(&mut client, &mut server).await;
            }
            return;
        }
        "refuses" => b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        "asks" => b"HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
        "redirects" => b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n",
        "closes" => b"",
        "resets" => {
            let _ = client.set_zero_linger();
            return;
        }
        "silent" => std::future::pending().await,
        "mail" => b"220 mail.example ready\r\n\r\n",
        "endless" => {
            let _ = client.write_all(b"HTTP/1.1 200 OK\r\n").await;
            while client
                .write_all(b"X: xxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n")
                .await
                .is_ok()
            {}
            return;
        }
        other => panic!("{other}"),
    };
    let _ = client.write_all(said).await;
}

/// What is found: the word, how many requests arrived, and whether the call ended at its limit.
async fn cell(
    asked: &Asked,
    known: &Authority,
    name: &str,
    ends: &str,
    call: &Call,
) -> (String, Option<String>) {
    let meant = request::encode(&asked.config, call);
    let right = asked::ask(&mut asked.world.clone(), asked.now, &meant);
    let told: Arc<[u8]> = answer(&right.status.to_string(), &[], &right.body).into();
    let requests = Arc::new(AtomicUsize::new(0));
    let (listener, origin) = listener(name, known);
    // A port that is taken and not listened to is nobody else's.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    let _taken = match listener {
        None => Some(socket),
        Some(listener) => {
            let socket = socket.listen(64).unwrap();
            let counted = Arc::clone(&requests);
            tokio::spawn(async move {
                while let Ok((stream, _)) = socket.accept().await {
                    let (listener, told) = (listener.clone(), Arc::clone(&told));
                    let counted = Arc::clone(&counted);
                    tokio::spawn(async move { listener.serve(stream, &told, &counted).await });
                }
            });
            None
        }
    };
    let origin = Origin::parse(&origin.replace("PORT", &port.to_string())).unwrap();
    let (connect, limit) = match ends {
        "at once" => (Duration::from_mins(5), false),
        "at the limit" => (HASTE, true),
        other => panic!("{other:?}"),
    };
    let config = asked
        .config
        .clone()
        .with_endpoint(Endpoint::Origin(origin))
        .with_timeouts(connect, Duration::from_mins(5));
    let client = Client::connect(config).with_retry_policy(RetryPolicy {
        first_wait: Duration::from_millis(2),
        // On a busy machine the tries alone may take longer than a call may wait.
        max_total: Duration::from_mins(10),
        ..RetryPolicy::default()
    });
    let result = client.perform(call.clone(), &|_| ()).await;
    let word = judge::word(&result, call.changes_something());
    let mut found = format!("{word}, {}", requests.load(Ordering::SeqCst));
    let said = result.as_ref().err().map(|error| {
        let password = asked.config.basic_auth().password;
        judge::is_discreet(error, &[password.expose(), PASSWORD]);
        error.to_string()
    });
    let at_limit = said
        .as_ref()
        .is_some_and(|said| said.contains("no connection within 2 s"));
    if at_limit != limit {
        found.push_str(", at another time");
    }
    (found, said)
}

/// What the environment names in the place of a proxy that is there, by the row that is about it.
const NO_PROXIES: [(&str, &str); 3] = [
    ("a proxy that is not there", "http://desk:PASSWORD@ADDRESS"),
    (
        "a proxy that cannot be read",
        "http://desk:/PASSWORD@ADDRESS",
    ),
    ("a proxy of another kind", "socks5://desk:PASSWORD@ADDRESS"),
];

/// Tries the row of the page that is about such a proxy, or all others.
async fn try_rows(only: Option<&str>, known: &Authority) {
    let asked = &Asked::new();
    let rows = page::table("Before the connection stands");
    let rows: Vec<_> = rows
        .iter()
        .filter(|row| match only {
            Some(name) => row[0] == name,
            None => NO_PROXIES.iter().all(|(name, _)| row[0] != *name),
        })
        .collect();
    let cells = rows
        .iter()
        .flat_map(|row| asked.calls.iter().map(move |call| (row, call)));
    assert!(!rows.is_empty(), "the page has no row about {only:?}");
    let wrong: Vec<String> = stream::iter(cells)
        .map(|(row, call)| async move {
            let name = asked::name(call);
            let expected = row[page::column(page::kind(name), 2)];
            let (found, said) = cell(asked, known, row[0], row[1], call).await;
            let right = found == expected
                && said
                    .as_ref()
                    .is_none_or(|said| !row[6].is_empty() && said.contains(row[6]));
            (!right).then(|| {
                format!(
                    "{}: {name}: {found}, and not: {expected}\n  {said:?}",
                    row[0]
                )
            })
        })
        .buffer_unordered(128)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
#[cfg(target_os = "linux")]
fn what_fails_before_the_connection_stands_is_not_sent() {
    const NAME: &str = "doors::what_fails_before_the_connection_stands_is_not_sent";
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
    };
    let known = Authority::new("An authority for one test");
    match std::env::var(MARK).as_deref() {
        // All of 127.0.0.0/8 is this machine: an address of its own leaves the port to no chance.
        Err(_) => {
            let id = std::process::id();
            let address = format!("127.77.{}.{}:3128", (id >> 8) & 0xff, (id & 0xff).max(1));
            let there = (address.as_str(), "http://desk:PASSWORD@ADDRESS");
            for (mark, value) in NO_PROXIES.into_iter().chain([there]) {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("authority.pem");
                let proxy = value.replace("PASSWORD", PASSWORD);
                let proxy = proxy.replace("ADDRESS", &address);
                let child = std::process::Command::new(std::env::current_exe().unwrap())
                    .args(["--exact", NAME, "--nocapture"])
                    .env(MARK, mark)
                    .env("SSL_CERT_FILE", &file)
                    .env_remove("SSL_CERT_DIR")
                    .env("HTTPS_PROXY", &proxy)
                    .env_remove("https_proxy")
                    .env_remove("ALL_PROXY")
                    .env_remove("all_proxy")
                    .env("NO_PROXY", "nowhere.invalid")
                    .env_remove("no_proxy")
                    .output()
                    .unwrap();
                let said = String::from_utf8_lossy(&child.stdout);
                let shouted = String::from_utf8_lossy(&child.stderr);
                assert!(child.status.success(), "{said}\n{shouted}");
                assert!(said.contains("1 passed"), "{said}");
            }
        }
        Ok(mark) => {
            std::fs::write(std::env::var_os("SSL_CERT_FILE").unwrap(), &known.pem).unwrap();
            runtime().block_on(async {
                if NO_PROXIES.iter().any(|(name, _)| *name == mark) {
                    try_rows(Some(mark), &known).await;
                } else {
                    proxy(mark.parse().unwrap()).await;
                    try_rows(None, &known).await;
                }
            });
        }
    }
}

/// Runs itself once more in a process whose environment has no certificates and a proxy that is not there.
#[test]
fn a_bare_machine_talks_to_itself_and_says_what_it_lacks_for_more() {
    const NAME: &str = "doors::a_bare_machine_talks_to_itself_and_says_what_it_lacks_for_more";
    const BARE: &str = "TUILIO_TEST_BARE_MACHINE";
    if std::env::var_os(BARE).is_none() {
        let folder = tempfile::tempdir().unwrap();
        let none = folder.path().join("none.pem");
        std::fs::write(&none, "").unwrap();
        let nowhere = "http://127.0.0.1:1";
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME])
            .env(BARE, "1")
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
    let asked = Asked::new();
    let client = |origin: &str| {
        let endpoint = Endpoint::Origin(Origin::parse(origin).unwrap());
        Client::connect(asked.config.clone().with_endpoint(endpoint))
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let call = &asked.calls[0];
        let meant = request::encode(&asked.config, call);
        let right = asked::ask(&mut asked.world.clone(), asked.now, &meant);
        let told = answer(&right.status.to_string(), &[], &right.body);
        let server = Server::start(Manner::write(told)).await;
        let sent = client(&server.origin).perform(call.clone(), &|_| ()).await;
        assert!(sent.is_ok(), "{sent:?}");
        assert_eq!(server.bodies(), 1);

        let nowhere = client("https://127.0.0.1:1");
        let error = nowhere.perform(call.clone(), &|_| ()).await.unwrap_err();
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
