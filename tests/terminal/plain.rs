//! The line mode of the built program: through pipes, a check from the first line to the approval; in a
//! terminal, what is shown of what is typed.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use libtest_mimic::Trial;
use rustix::process::Signal;

use crate::place::Place;
use crate::pty::Terminal;
use crate::simulator::{STARTING, Simulator};
use crate::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("a_check_is_done_by_lines_with_no_escape_sequence", check),
        trial("a_paste_of_several_lines_sends_nothing", paste),
        trial("the_end_of_the_input_ends_the_line_mode", end_of_input),
        trial("a_dumb_terminal_gets_lines", dumb),
        trial("keys_that_are_pasted_as_a_line_are_not_shown", keys),
        trial("the_echo_is_given_back_at_every_end", echo),
        trial(
            "ctrl_z_at_a_secret_gives_no_shell_a_silent_terminal",
            ctrl_z,
        ),
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

fn paste() {
    let place = Place::new();
    let mut command = place.desk("http://127.0.0.1:9");
    command.args(["demo", "--plain"]);
    let mut terminal = Terminal::start(command);
    terminal.wait_for("Whose phone are we checking?");
    terminal.type_keys("415 555 0123\r\r\r");
    terminal.wait_for("United States");
    terminal.type_keys("F6\r");
    terminal.wait_for("First Enter shows the review");
    assert!(!terminal.screen().contains("Waiting for the code"));
    terminal.type_keys("415 555 0123\r");
    terminal.wait_for("Each line is text to the customer");
    terminal.type_keys("Dear Ada\r\rTwo\r\rBye\r");
    terminal.wait_for("18 of 160 characters");
    terminal.type_keys(":quit\r");
    terminal.exit_code();
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

fn keys() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut command = place.desk(simulator.url());
    command.arg("--plain");
    let mut terminal = Terminal::start(command);
    terminal.wait_for("not shown, for it may hold a secret");
    terminal.type_keys(&format!("{}\r", simulator.greeting.trim()));
    terminal.wait_for("with its secret");
    terminal.type_keys("\r");
    terminal.wait_for("Your alias");
    assert!(terminal.is_cooked(), "an alias is shown while it is typed");
    terminal.type_keys("desk-7\r");
    terminal.wait_for("Your alias, desk-7");
    let written = String::from_utf8_lossy(&terminal.look().written).into_owned();
    for secret in ["api_secret", "auth_token"] {
        assert!(!written.contains(simulator.word(secret)), "{written}");
    }
    terminal.type_keys("quit\r");
    terminal.exit_code();
    terminal.assert_as_before();
}

fn ctrl_z() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut command = place.command("sh");
    command.env("TUILIO_CONFIG_DIR", place.config());
    command.env("TUILIO_DATA_DIR", place.data());
    command.env("TUILIO_API_URL", simulator.url());
    let script = r#"set -m; "$0" --plain; echo "in the shell""#;
    command.args(["-c", script, crate::place::TUILIO]);
    let mut terminal = Terminal::start(command);
    terminal.wait_for("not shown, for it may hold a secret");
    terminal.type_keys(&format!("\x1a{}\r", simulator.greeting.trim()));
    terminal.wait_for("with its secret");
    assert!(!terminal.screen().contains("in the shell"));
    terminal.type_keys("\r");
    terminal.wait_for("Your alias");
    terminal.type_keys("quit\r");
    terminal.wait_for("in the shell");
    terminal.exit_code();
    terminal.assert_as_before();
}

fn echo() {
    for end in [
        None,
        Some(Signal::TERM),
        Some(Signal::HUP),
        Some(Signal::INT),
    ] {
        let place = Place::new();
        let mut command = place.desk("http://127.0.0.1:9");
        command.arg("--plain");
        let mut terminal = Terminal::start(command);
        terminal.wait_for("not shown, for it may hold a secret");
        assert!(!terminal.is_cooked());
        match end {
            None => terminal.type_keys("\x04"),
            Some(signal) => terminal.signal(signal),
        }
        terminal.exit_code();
        terminal.assert_as_before();
    }
}
