//! Who is killed: commands and desks, each in the middle of something of its own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::program::Tuilio;
use crate::twilio::Twilio;

/// What a process is in the middle of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// `tuilio send`.
    Send,
    /// `tuilio send`, while another one writes into the same history.
    SendBeside,
    /// `tuilio verify start`.
    Start,
    /// `tuilio verify check` of a code that was sent before.
    Check,
    /// A desk in line mode that sends a code and checks it.
    DeskChecks,
    /// A desk in line mode that sends a text.
    DeskSends,
}

/// All of them.
pub const DEEDS: [Deed; 6] = [
    Deed::Send,
    Deed::SendBeside,
    Deed::Start,
    Deed::Check,
    Deed::DeskChecks,
    Deed::DeskSends,
];

impl Deed {
    /// Whether it is about a text; otherwise it is about a verification.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Send | Self::SendBeside | Self::DeskSends)
    }

    /// Begins it.
    pub fn begin(self, tuilio: &Tuilio, twilio: &Twilio, to: &str) -> Victim {
        match self {
            Self::Send | Self::SendBeside => {
                let body = body(to);
                Victim::begin(tuilio, &["send", "--to", to, "--body", &body], "")
            }
            Self::Start => Victim::begin(tuilio, &["verify", "start", "--to", to], ""),
            Self::Check => {
                let code = twilio.0.code(to);
                Victim::begin(tuilio, &["verify", "check", "--to", to], &code)
            }
            Self::DeskChecks => Victim::begin(tuilio, &["--plain"], &format!("{to}\n\n")),
            Self::DeskSends => {
                let script = format!("F6\n{to}\n{}\n\n\n", body(to));
                Victim::begin(tuilio, &["--plain"], &script)
            }
        }
    }

    /// What is typed when the process has said that, and what it says last.
    fn cue(self, twilio: &Twilio, to: &str, line: &str) -> Cue {
        match self {
            Self::DeskChecks if line.contains("Waiting for the code") => {
                Cue::Type(twilio.0.code(to))
            }
            Self::DeskChecks if line.contains("Approved") => Cue::Done,
            // Where it is night at the customer's home.
            Self::DeskSends if line.contains("yes, send it,") => Cue::Type("y".to_owned()),
            Self::DeskSends if line.contains("next text") => Cue::Done,
            _ => Cue::None,
        }
    }
}

enum Cue {
    None,
    Type(String),
    Done,
}

/// The text of a round, which is like no other.
pub fn body(to: &str) -> String {
    format!("for {to}")
}

/// A process, and what it says.
pub struct Victim {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    began: Instant,
}

impl Victim {
    fn begin(tuilio: &Tuilio, line: &[&str], input: &str) -> Self {
        let began = Instant::now();
        let mut child = tuilio.start(line);
        let mut stdin = child.stdin.take().unwrap();
        // It reads this when it gets there; it may be dead before.
        let _ = stdin.write_all(input.as_bytes());
        let stdin = (line == ["--plain"]).then_some(stdin);
        let lines = listen(child.stdout.take().unwrap());
        // Nobody waits for what it complains of: a pipe that is full would hold it up.
        let _complaints = listen_to_complaints(child.stderr.take().unwrap());
        Self {
            child,
            stdin,
            lines,
            began,
        }
    }

    /// Lets it work, answering as a person would, until it is done or that moment has come; whether it
    /// was done.
    pub fn work(&mut self, deed: Deed, twilio: &Twilio, to: &str, until: Duration) -> bool {
        loop {
            let left = until.saturating_sub(self.began.elapsed());
            let Ok(line) = self.lines.recv_timeout(left) else {
                // Its output has ended, or its time.
                return self.began.elapsed() < until;
            };
            match deed.cue(twilio, to, &line) {
                Cue::None => {}
                Cue::Type(text) => {
                    let stdin = self.stdin.as_mut().unwrap();
                    let _ = writeln!(stdin, "{text}");
                }
                Cue::Done => return true,
            }
        }
    }

    /// Lets it go on to its end; how long all of it took.
    pub fn finish(mut self) -> (Duration, Option<i32>) {
        let took = self.began.elapsed();
        if let Some(mut stdin) = self.stdin.take() {
            let _ = writeln!(stdin, "quit");
        }
        let code = self.child.wait().unwrap().code();
        (took, code)
    }

    /// Kills it, where it still lives when that moment has come.
    pub fn kill_at(mut self, moment: Duration) {
        // The moment may lie within a silence; there is nothing to wait for but the time.
        let (_never, silence) = channel::<()>();
        let _ = silence.recv_timeout(moment.saturating_sub(self.began.elapsed()));
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn listen(stdout: ChildStdout) -> Receiver<String> {
    let (lines, heard) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                break;
            }
        }
    });
    heard
}

fn listen_to_complaints(mut stderr: std::process::ChildStderr) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let _ = std::io::copy(&mut stderr, &mut std::io::sink());
    })
}
