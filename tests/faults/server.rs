//! A server that reads requests properly and answers them badly.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How the server answers a request that it has read.
#[derive(Clone)]
pub enum Manner {
    /// Writes this, and keeps the connection.
    Write(String),
    /// Writes this, then closes.
    WriteAndClose(String),
    /// Closes at once.
    Close,
    /// Resets the connection, after writing this.
    Reset(String),
    /// Writes the first on the first request and the second on all others.
    Then(String, String),
    /// Never answers.
    Stall,
    /// Writes head and body without an end.
    Endless,
}

pub struct Server {
    pub origin: String,
    requests: Arc<AtomicUsize>,
    bodies: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            requests: Arc::default(),
            bodies: Arc::default(),
            connections: Arc::default(),
        };
        let (requests, bodies) = (server.requests.clone(), server.bodies.clone());
        let connections = server.connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                let (manner, requests, bodies) = (manner.clone(), requests.clone(), bodies.clone());
                tokio::spawn(serve(stream, manner, requests, bodies));
            }
        });
        server
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    pub fn bodies(&self) -> usize {
        self.bodies.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(
    mut stream: TcpStream,
    manner: Manner,
    requests: Arc<AtomicUsize>,
    bodies: Arc<AtomicUsize>,
) {
    while read_request(&mut stream, &bodies).await {
        let earlier = requests.fetch_add(1, Ordering::SeqCst);
        let (text, keep) = match &manner {
            Manner::Write(text) => (text.clone(), true),
            Manner::WriteAndClose(text) => (text.clone(), false),
            Manner::Close => return,
            Manner::Reset(text) => {
                let _ = stream.write_all(text.as_bytes()).await;
                // Closing with nothing to linger for sends a reset instead of an orderly end.
                let _ = stream.set_zero_linger();
                return;
            }
            Manner::Then(first, others) => {
                (if earlier == 0 { first } else { others }.clone(), true)
            }
            Manner::Stall => std::future::pending().await,
            Manner::Endless => {
                let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
                let _ = stream.write_all(head.as_bytes()).await;
                let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
                while stream.write_all(chunk.as_bytes()).await.is_ok() {}
                return;
            }
        };
        if stream.write_all(text.as_bytes()).await.is_err() || !keep {
            return;
        }
    }
}

/// Reads head and body; false at the end of the connection. Counts a body once all of it is there.
async fn read_request(stream: &mut TcpStream, bodies: &AtomicUsize) -> bool {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
            let length: usize = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|length| length.trim().parse().ok())
                .unwrap_or(0);
            if read.len() >= end + 4 + length {
                if length > 0 {
                    bodies.fetch_add(1, Ordering::SeqCst);
                }
                return true;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return false,
            Ok(length) => read.extend_from_slice(&buffer[..length]),
        }
    }
}
