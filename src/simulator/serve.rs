//! The simulator as a program of its own: one line that says all, then HTTP until told to stop.

use std::future::Future;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use serde::Serialize;
use tokio::net::TcpListener;

use super::clock::{SimulatedClock, TimeScale};
use super::scene::{Scene, SceneError};
use super::simulation::Simulation;
use super::{Credentials, World, server};
use crate::domain::Timestamp;

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Which scene.
    pub scene: String,
    /// Where identifiers, codes and secrets come from.
    pub seed: u64,
    /// Simulated seconds in a real second.
    pub time_scale: TimeScale,
    /// How long every answer takes, in place of what the scene says.
    pub latency: Option<Duration>,
    /// Other machines may reach it.
    pub allow_remote: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            scene: "happy".to_owned(),
            seed: 1,
            time_scale: TimeScale::default(),
            latency: None,
            allow_remote: false,
        }
    }
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is not this machine's alone.
    #[error(
        "{0} is not a loopback address: other machines could read every code; --allow-remote permits it"
    )]
    Remote(SocketAddr),
    /// The scene is not there.
    #[error("no scene to serve")]
    Scene(#[from] SceneError),
    /// Nobody can be heard there.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The first line could not be written.
    #[error("cannot write the first line")]
    FirstLine(#[source] io::Error),
}

#[derive(Serialize)]
struct FirstLine<'a> {
    url: &'a str,
    #[serde(flatten)]
    credentials: &'a Credentials,
}

/// Listens, writes one line of JSON with everything that a client needs, and serves until told to stop.
pub async fn serve(
    options: Options,
    mut stdout: impl Write,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    if !options.listen.ip().is_loopback() && !options.allow_remote {
        return Err(ServeError::Remote(options.listen));
    }
    let start = Timestamp::now();
    let mut world = World::new(options.seed, Scene::named(&options.scene)?, start);
    if let Some(latency) = options.latency {
        world.set_latency(latency);
    }
    let cannot_listen = |source| ServeError::Listen {
        address: options.listen,
        source,
    };
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(cannot_listen)?;
    let url = origin(listener.local_addr().map_err(cannot_listen)?);
    world.set_origin(&url);
    let line = serde_json::to_string(&FirstLine {
        url: &url,
        credentials: world.credentials(),
    })
    .map_err(|error| ServeError::FirstLine(error.into()))?;
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .map_err(ServeError::FirstLine)?;
    let clock = SimulatedClock::new(start, options.time_scale);
    server::run(listener, shutdown, Simulation::new(world, clock)).await;
    Ok(())
}

/// Where a client reaches it: a socket that hears everywhere is reached by loopback too.
fn origin(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn other_machines_need_leave() {
        let options = Options {
            listen: "0.0.0.0:0".parse().unwrap(),
            ..Options::default()
        };
        let mut out = Vec::new();
        let error = serve(options, &mut out, async {}).await.unwrap_err();
        assert!(error.to_string().contains("--allow-remote"), "{error}");
        assert!(out.is_empty());
    }

    #[tokio::test]
    async fn the_first_line_says_everything_and_ends_with_a_newline() {
        let mut out = Vec::new();
        serve(Options::default(), &mut out, async {}).await.unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.ends_with('\n') && text.lines().count() == 1);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        let keys: Vec<_> = line
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            keys,
            [
                "account_sid",
                "api_key",
                "api_secret",
                "auth_token",
                "from_number",
                "messaging_service_sid",
                "url",
                "verify_service_sid"
            ]
        );
    }

    #[test]
    fn the_origin_can_be_dialled() {
        for (address, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:8080", "http://127.0.0.1:8080"),
            ("[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(origin(address.parse().unwrap()), url);
        }
    }
}
