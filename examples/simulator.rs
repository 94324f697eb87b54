//! The simulator for tests of any Twilio client: `cargo run --example simulator -- [SCENE]`.
//!
//! Its first line holds all that a client needs; an interrupt ends it.

use std::io;

use tuilio::simulator::{Options, ServeError, serve};

#[tokio::main]
async fn main() -> Result<(), ServeError> {
    let options = Options {
        scene: std::env::args()
            .nth(1)
            .unwrap_or_else(|| "happy".to_owned()),
        ..Options::default()
    };
    let interrupted = async {
        // Where signals cannot be heard, it is served until the process is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    serve(options, io::stdout(), interrupted).await
}
