//! The command line: what can be typed, and where it goes.
//!
//! Each command is a verb in a file of its own. They share one session (paths, settings, keys, history)
//! and one path from intent to settled, the same that the desk takes.

mod audit;
mod completions;
mod demo;
mod desk;
mod doctor;
mod exit;
mod history;
mod input;
mod keys;
mod lead;
mod log;
mod login;
mod logout;
mod look;
mod lookup;
mod man;
mod one_shot;
mod output;
mod paths;
mod policy;
mod profiles;
mod refuse;
mod segments;
mod send;
mod session;
mod shown;
mod simulator;
mod verify;
mod wording;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::domain::phrase;
use crate::runtime::terminal;
use crate::simulator::TimeScale;

pub use exit::Exit;

/// A terminal desk for support staff: verify that a customer holds a phone number, send a text, see what
/// happened, through Twilio. Not affiliated with Twilio.
#[derive(Debug, Parser)]
#[command(name = "tuilio", version, about)]
struct Arguments {
    /// The profile whose keys are used.
    #[arg(long, global = true, value_name = "NAME")]
    profile: Option<String>,
    /// Print one JSON object instead of lines.
    #[arg(long, global = true)]
    json: bool,
    /// Look at the history only: nothing is sent.
    #[arg(long)]
    read_only: bool,
    /// The desk line by line, for screen readers and for terminals that cannot draw.
    #[arg(long, global = true)]
    plain: bool,
    /// Whether the desk uses colours.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: look::Colors,
    /// No links to Twilio's console, in terminals that know links.
    #[arg(long, global = true)]
    no_links: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Send a text.
    ///
    /// Where the policy of your lead asks for a person's y, for a trainee or in quiet hours, nothing is sent and
    /// the status is 11: a command cannot ask, the desk does.
    Send(send::Options),
    /// Verify that a customer holds a phone number or an email address.
    #[command(subcommand)]
    Verify(verify::Options),
    /// List what was sent and verified, newest first.
    History(history::Options),
    /// Ask what Twilio knows of a number.
    Lookup(lookup::Options),
    /// Count the segments of the text on standard input.
    Segments,
    /// Check the keys on standard input and keep them in the system keyring.
    Login(login::Options),
    /// Forget a profile and its keys.
    Logout(logout::Options),
    /// List the profiles, or change the active one.
    Profiles {
        #[command(subcommand)]
        change: Option<profiles::Options>,
    },
    /// Prove each link to the customer's phone, and say what to do where one does not hold.
    Doctor,
    /// Say where settings, history, log and policy are.
    Paths,
    /// Say what your lead allows, or check a policy file.
    Policy {
        #[command(subcommand)]
        what: policy::Options,
    },
    /// Check that the record is what was written, or write its lines for other programs.
    Audit {
        #[command(subcommand)]
        what: audit::Options,
    },
    /// List the keys of the desk.
    Keys {
        /// As a table for config.toml.
        #[arg(long)]
        config: bool,
    },
    /// Print a completion script for a shell.
    Completions {
        /// Which.
        shell: clap_complete::Shell,
    },
    /// Print the manual, of tuilio or of one command.
    Man {
        /// The command.
        command: Option<String>,
    },
    /// The desk on a Twilio inside the program: no network, no key, no cost, nothing kept.
    Demo {
        /// What the pretend customers are like; --list names all.
        #[arg(long, default_value = "happy", value_name = "NAME")]
        scene: String,
        /// List the scenes, with a line each.
        #[arg(long)]
        list: bool,
        #[command(flatten)]
        world: demo::Pretend,
    },
    /// Seven calls in four minutes: learn the desk on pretend customers.
    Tour {
        #[command(flatten)]
        world: demo::Pretend,
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

impl Command {
    /// Its name, as it is typed.
    fn name(&self) -> &'static str {
        match self {
            Self::Send(_) => "send",
            Self::Verify(_) => "verify",
            Self::History(_) => "history",
            Self::Lookup(_) => "lookup",
            Self::Segments => "segments",
            Self::Login(_) => "login",
            Self::Logout(_) => "logout",
            Self::Profiles { .. } => "profiles",
            Self::Doctor => "doctor",
            Self::Paths => "paths",
            Self::Policy { .. } => "policy",
            Self::Audit { .. } => "audit",
            Self::Keys { .. } => "keys",
            Self::Completions { .. } => "completions",
            Self::Man { .. } => "man",
            Self::Demo { .. } => "demo",
            Self::Tour { .. } => "tour",
            Self::Simulator { .. } => "simulator",
        }
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    run_words(std::env::args_os().skip(1).collect())
}

/// Runs the program under a policy that lies elsewhere: for tests. Nothing that the program itself is
/// started with leads here.
pub fn run_under(policy: PathBuf, words: Vec<OsString>) -> ExitCode {
    session::policy_lies_in(policy);
    run_words(words)
}

fn run_words(words: Vec<OsString>) -> ExitCode {
    // A system that refuses even that is no reason to refuse an agent.
    #[cfg(unix)]
    let _ = crate::runtime::core_dump::forbid();
    terminal::hush_panics();
    let whole = || match refuse::parse(words) {
        Ok(arguments) => start(arguments),
        Err(exit) => exit,
    };
    // Nothing is used any more after a panic but the sentence about it.
    let exit = panic::catch_unwind(AssertUnwindSafe(whole))
        .unwrap_or_else(|_| Exit::fault(terminal::fault_sentence()));
    if let Some(sentence) = exit.sentence() {
        output::say(&session::said(sentence));
    }
    log::close(exit.code());
    ExitCode::from(exit.code())
}

fn start(arguments: Arguments) -> Exit {
    match tokio::runtime::Builder::new_multi_thread()
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
    }
}

async fn dispatch(arguments: Arguments) -> Exit {
    let Arguments {
        profile,
        json,
        plain,
        color,
        no_links,
        read_only,
        command,
    } = arguments;
    if read_only {
        session::look_only();
    }
    look::ask_for(color);
    if no_links {
        look::without_links();
    }
    let plain = session::is_plain(plain);
    let profile = profile.as_deref();
    log::begins(command.as_ref().map_or("desk", Command::name));
    let Some(command) = command else {
        if json {
            return Exit::unfit(phrase!(
                "--json belongs to a command such as tuilio history; the desk is no object."
            ));
        }
        return Box::pin(desk::run(profile, plain))
            .await
            .unwrap_or_else(|exit| exit);
    };
    match command {
        Command::Send(options) => send::run(profile, options).await.tell(json),
        Command::Verify(options) => verify::run(profile, options).await.tell(json),
        Command::History(options) => history::run(profile, options).await.tell(json),
        Command::Lookup(options) => lookup::run(profile, options).await.tell(json),
        Command::Segments => segments::run().tell(json),
        Command::Login(options) => login::run(profile, options).await.tell(json),
        Command::Logout(options) => logout::run(profile, &options).await.tell(json),
        Command::Profiles { change } => profiles::run(change).tell(json),
        Command::Doctor => doctor::run(profile, json).await,
        Command::Paths => paths::run().tell(json),
        Command::Policy { what } => policy::run(&what).tell(json),
        Command::Audit { what } => audit::run(&what).tell(json),
        Command::Keys { config } => keys::run(config),
        Command::Completions { shell } => completions::run(shell),
        Command::Man { command } => man::run(command.as_deref()),
        Command::Demo { list: true, .. } => demo::list().tell(json),
        Command::Demo { scene, world, .. } => demo::run(&scene, world, false, plain)
            .await
            .unwrap_or_else(|exit| exit),
        Command::Tour { world } => demo::run("happy", world, true, plain)
            .await
            .unwrap_or_else(|exit| exit),
        Command::Simulator {
            listen,
            scene,
            seed,
            time_scale,
            latency,
            allow_remote,
        } => match TimeScale::new(time_scale) {
            Ok(time_scale) => {
                let options = crate::simulator::Options {
                    listen,
                    scene,
                    seed,
                    time_scale,
                    latency: latency.map(Duration::from_millis),
                    allow_remote,
                };
                simulator::run(options).await.unwrap_or_else(|exit| exit)
            }
            Err(error) => Exit::usage(error.to_string()),
        },
    }
}
