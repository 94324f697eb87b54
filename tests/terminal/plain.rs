//! The line mode of the built program, through pipes: a check from the first line to the approval.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use libtest_mimic::Trial;

use crate::simulator::STARTING;
use crate::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("a_check_is_done_by_lines_with_no_escape_sequence", check),
        trial("the_end_of_the_input_ends_the_line_mode", end_of_input),
        trial("a_dumb_terminal_gets_lines", dumb),
    ]
}

struct Lines {
    child: Child,
    out: BufReader<ChildStdout>,
    seen: String,
}

impl Lines {
    fn start(change: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tuilio"));
        command
            .env_clear()
            // A measurement of coverage says where it is written.
            .envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)))
            .env("TZ", "UTC");
        change(&mut command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let alone = STARTING.lock();
        let mut child = command.spawn().unwrap();
        drop(alone);
        let out = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            out,
            seen: String::new(),
        }
    }

    fn say(&mut self, line: &str) {
        let mut stdin = self.child.stdin.as_ref().unwrap();
        writeln!(stdin, "{line}").unwrap();
    }

    /// Reads up to the line that has these words, and gives it back.
    fn hear(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.out.read_line(&mut line).unwrap();
            assert!(read > 0, "{words:?} was not said:\n{}", self.seen);
            self.seen.push_str(&line);
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Everything that was said, after the program has ended by itself with 0.
    fn end(mut self) -> String {
        drop(self.child.stdin.take());
        self.out.read_to_string(&mut self.seen).unwrap();
        assert!(self.child.wait().unwrap().success());
        self.seen
    }
}

fn check() {
    let mut lines = Lines::start(|command| command.args(["demo", "--plain"]));
    lines.say("415 555 0123");
    lines.hear("United States");
    lines.say("");
    lines.hear("Waiting for the code");
    let said = lines.hear("verification code is");
    let (_, after) = said.split_once("verification code is").unwrap();
    let code: String = after.chars().filter(char::is_ascii_digit).take(6).collect();
    assert_eq!(code.len(), 6, "{said}");
    lines.say(&code);
    lines.hear("Approved");
    lines.say("quit");
    let said = lines.end();
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

fn end_of_input() {
    let mut lines = Lines::start(|command| command.args(["demo", "--plain"]));
    lines.say("415 555 0123");
    lines.say("");
    let said = lines.end();
    assert!(
        said.contains("Sent"),
        "what was begun came to its end: {said}"
    );
}

fn dumb() {
    let lines = Lines::start(|command| command.arg("demo").env("TERM", "dumb"));
    assert!(lines.end().contains("Whose phone are we checking?"));
}
