//! A relay before a server that counts the requests that pass it whole: what really left the client.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::server::whole_requests;

pub struct Relay {
    pub origin: String,
    requests: Arc<AtomicUsize>,
}

impl Relay {
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Self {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            requests: Arc::default(),
        };
        let requests = relay.requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass(stream, server.clone(), requests.clone()));
            }
        });
        relay
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// Passes bytes both ways until either side has closed.
async fn pass(client: TcpStream, server: String, requests: Arc<AtomicUsize>) {
    let server = TcpStream::connect(server).await.unwrap();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let there = async {
        let (mut read, mut counted, mut buffer) = (Vec::new(), 0, [0; 4096]);
        while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
            read.extend_from_slice(&buffer[..length]);
            let whole = whole_requests(&read);
            requests.fetch_add(whole - counted, Ordering::SeqCst);
            counted = whole;
            if to_server.write_all(&buffer[..length]).await.is_err() {
                return;
            }
        }
    };
    let back = async {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
            if to_client.write_all(&buffer[..length]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = there => {}
        () = back => {}
    }
}
