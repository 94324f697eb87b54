//! A server over raw TCP that reads requests properly, answers them badly, and counts what it saw.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One thing that the server does. After the last one it waits for the next request.
#[derive(Clone)]
pub enum Step {
    /// Writes this.
    Write(Vec<u8>),
    /// Writes this byte by byte, with that long in between.
    Slowly(Vec<u8>, Duration),
    /// Writes this again and again.
    Forever(Vec<u8>),
    /// Writes this again and again, with that long in between.
    EverSlowly(Vec<u8>, Duration),
    /// Does nothing any more.
    Stall,
    /// Closes the connection.
    Close,
    /// Resets the connection.
    Reset,
}

/// How the server behaves on a connection.
#[derive(Clone)]
pub struct Manner {
    /// It reads each request before it does anything.
    pub reads: bool,
    /// What it does with the first request, the second, and so on; the last of them is for all others.
    pub answers: Vec<Vec<Step>>,
}

impl Manner {
    /// The same for every request that it has read.
    pub fn always(steps: Vec<Step>) -> Self {
        Self {
            reads: true,
            answers: vec![steps],
        }
    }

    /// This as an answer to every request.
    pub fn write(text: impl Into<Vec<u8>>) -> Self {
        Self::always(vec![Step::Write(text.into())])
    }

    /// The connection is not even listened to.
    pub fn deaf(step: Step) -> Self {
        Self {
            reads: false,
            answers: vec![vec![step]],
        }
    }
}

#[derive(Default)]
struct Counts {
    requests: AtomicUsize,
    bodies: AtomicUsize,
    connections: AtomicUsize,
    written: AtomicUsize,
}

pub struct Server {
    pub origin: String,
    counts: Arc<Counts>,
}

impl Server {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            counts: Arc::default(),
        };
        let counts = Arc::clone(&server.counts);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counts.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, manner.clone(), Arc::clone(&counts)));
            }
        });
        server
    }

    /// Requests that came whole.
    pub fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }

    /// Those of them that had a body.
    pub fn bodies(&self) -> usize {
        self.counts.bodies.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    /// Bytes that the other side, or a buffer on the way, took.
    pub fn written(&self) -> usize {
        self.counts.written.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, manner: Manner, counts: Arc<Counts>) {
    loop {
        let mut earlier = 0;
        if manner.reads {
            let Some(has_body) = read_request(&mut stream).await else {
                return;
            };
            earlier = counts.requests.fetch_add(1, Ordering::SeqCst);
            counts
                .bodies
                .fetch_add(usize::from(has_body), Ordering::SeqCst);
        }
        for step in &manner.answers[earlier.min(manner.answers.len() - 1)] {
            if !carry_out(step, &mut stream, &counts).await {
                return;
            }
        }
    }
}

/// Whether the connection is still there.
async fn carry_out(step: &Step, stream: &mut TcpStream, counts: &Counts) -> bool {
    match step {
        Step::Write(bytes) => write(stream, bytes, counts).await,
        Step::Slowly(bytes, gap) => {
            for byte in bytes {
                if !write(stream, &[*byte], counts).await {
                    return false;
                }
                tokio::time::sleep(*gap).await;
            }
            true
        }
        Step::Forever(bytes) => {
            while write(stream, bytes, counts).await {}
            false
        }
        Step::EverSlowly(bytes, gap) => {
            while write(stream, bytes, counts).await {
                tokio::time::sleep(*gap).await;
            }
            false
        }
        Step::Stall => std::future::pending().await,
        Step::Close => false,
        Step::Reset => {
            // Closing with nothing to linger for sends a reset instead of an orderly end.
            let _ = stream.set_zero_linger();
            false
        }
    }
}

async fn write(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8], counts: &Counts) -> bool {
    let went = stream.write_all(bytes).await.is_ok();
    if went {
        counts.written.fetch_add(bytes.len(), Ordering::SeqCst);
    }
    went
}

/// Reads a head and its body, and says whether there was one; nothing at the end of the connection.
pub async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<bool> {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some((_, has_body)) = end_of_request(&read) {
            return Some(has_body);
        }
        match stream.read(&mut buffer).await {
            Ok(length @ 1..) => read.extend_from_slice(&buffer[..length]),
            _ => return None,
        }
    }
}

/// How many whole requests, heads with their bodies, these bytes hold.
pub fn whole_requests(mut read: &[u8]) -> usize {
    let mut whole = 0;
    while let Some((end, _)) = end_of_request(read) {
        whole += 1;
        read = &read[end..];
    }
    whole
}

/// Where the first request ends, once all of it is there, and whether it has a body.
fn end_of_request(read: &[u8]) -> Option<(usize, bool)> {
    let head = read.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let length: usize = String::from_utf8_lossy(&read[..head])
        .to_ascii_lowercase()
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|length| length.trim().parse().ok())
        .unwrap_or(0);
    (read.len() >= head + length).then_some((head + length, length > 0))
}
