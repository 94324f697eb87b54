//! The command line: what can be typed, and where it goes.
//!
//! Each command is a verb in a file of its own. They share one session (paths, settings, keys, history)
//! and one path from intent to settled, the same that the desk takes.

mod demo;
mod desk;
mod session;
mod simulator;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::domain::Failure;
use crate::simulator::TimeScale;

/// A terminal desk for support staff: verify that a customer holds a phone number, send a text, see what
/// happened, through Twilio. Not affiliated with Twilio.
#[derive(Debug, Parser)]
#[command(name = "tuilio", version, about)]
struct Arguments {
    /// The profile whose keys are used.
    #[arg(long, global = true, value_name = "NAME")]
    profile: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The desk on a Twilio inside the program: no network, no key, no cost, nothing kept.
    Demo {
        /// What the pretend customers are like.
        #[arg(long, default_value = "happy", value_name = "NAME")]
        scene: String,
        /// The same number gives the same codes.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// A Twilio look-alike as an HTTP server, for tests of any Twilio client.
    Simulator {
        /// Where to listen; port 0 takes a free one.
        #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR:PORT")]
        listen: SocketAddr,
        /// What the pretend customers are like.
        #[arg(long, default_value = "happy", value_name = "NAME")]
        scene: String,
        /// The same number gives the same identifiers, secrets and codes.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Simulated seconds in a real second.
        #[arg(long, default_value_t = 1.0, value_name = "X")]
        time_scale: f64,
        /// How long every answer takes, in milliseconds.
        #[arg(long, value_name = "MS")]
        latency: Option<u64>,
        /// Let other machines reach it: they can read every code.
        #[arg(long)]
        allow_remote: bool,
    },
}

/// What the program ends with, and the sentence for standard error.
#[derive(Debug)]
pub struct Exit {
    code: u8,
    sentence: Option<String>,
}

impl Exit {
    /// Done.
    pub const DONE: Self = Self {
        code: 0,
        sentence: None,
    };

    /// Ended by a signal: 128 and its number.
    pub fn signal(number: u8) -> Self {
        Self {
            code: 128 + number,
            sentence: None,
        }
    }

    /// A fault of ours, or of the machine.
    pub fn fault(sentence: impl Into<String>) -> Self {
        Self {
            code: 1,
            sentence: Some(sentence.into()),
        }
    }

    /// The command does not fit.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self {
            code: 2,
            sentence: Some(sentence.into()),
        }
    }
}

impl From<Failure> for Exit {
    fn from(failure: Failure) -> Self {
        let entry = crate::domain::catalogue::for_failure(&failure);
        Self {
            code: entry.exit,
            sentence: Some(failure.message),
        }
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers; anything else is a mistake of the line that was typed.
            let code = u8::from(error.use_stderr()) * 2;
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let exit = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
    {
        Ok(tasks) => {
            let exit = tasks.block_on(dispatch(arguments));
            // A keyring that hangs must not keep the program: its thread is left behind.
            tasks.shutdown_background();
            exit
        }
        Err(error) => Exit::fault(format!("tuilio could not start: {error}.")),
    };
    if let Some(sentence) = &exit.sentence {
        let _ = writeln!(
            io::stderr(),
            "tuilio: {}",
            crate::domain::untrusted::visible(sentence)
        );
    }
    ExitCode::from(exit.code)
}

async fn dispatch(arguments: Arguments) -> Exit {
    let result = match arguments.command {
        None => desk::run(arguments.profile.as_deref()).await,
        Some(Command::Demo { scene, seed }) => demo::run(&scene, seed).await,
        Some(Command::Simulator {
            listen,
            scene,
            seed,
            time_scale,
            latency,
            allow_remote,
        }) => match TimeScale::new(time_scale) {
            Ok(time_scale) => {
                let options = crate::simulator::Options {
                    listen,
                    scene,
                    seed,
                    time_scale,
                    latency: latency.map(Duration::from_millis),
                    allow_remote,
                };
                simulator::run(options).await
            }
            Err(error) => Err(Exit::usage(error.to_string())),
        },
    };
    result.unwrap_or_else(|exit| exit)
}
