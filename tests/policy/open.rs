//! A policy that is put there, changed or removed while a desk is open.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout};

use super::simulator::Simulator;
use super::{ADA, Desk};

/// A desk line by line, which goes on.
struct Open {
    child: Child,
    stdin: ChildStdin,
    out: BufReader<ChildStdout>,
    said: String,
}

impl Open {
    fn new(desk: &Desk) -> Self {
        let mut child = desk.start(&["--plain"]);
        let (stdin, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut open = Self {
            child,
            stdin,
            out: BufReader::new(out),
            said: String::new(),
        };
        open.hear("Whose phone are we checking?");
        open
    }

    fn say(&mut self, line: &str) {
        writeln!(self.stdin, "{line}").unwrap();
    }

    /// Reads up to the line that has these words.
    fn hear(&mut self, words: &str) {
        loop {
            let mut line = String::new();
            let read = self.out.read_line(&mut line).unwrap();
            assert!(read > 0, "{words:?} was not said:\n{}", self.said);
            self.said.push_str(&line);
            if line.contains(words) {
                return;
            }
        }
    }

    fn leave(mut self) {
        self.say("quit");
        assert!(self.child.wait().unwrap().success());
    }
}

pub fn followed() {
    let simulator = Simulator::start(&[]);
    let desk = Desk::under(&simulator, "");
    fs::remove_file(&desk.policy).unwrap();
    let mut open = Open::new(&desk);
    open.say(ADA);
    open.hear("United States");
    for (policy, why) in [
        ("mode = \"read-only\"\n", "this desk is for looking only"),
        ("mode = \n", "has a mistake in line 1"),
        (
            "services = []\n",
            "may not be sent under this Verify service",
        ),
    ] {
        fs::write(&desk.policy, policy).unwrap();
        open.say("");
        open.hear(why);
    }
    fs::remove_file(&desk.policy).unwrap();
    open.say("help");
    open.hear("The policy of your lead was removed.");
    open.say("0");
    open.say("");
    open.leave();
    assert!(desk.rows().is_empty());
}

pub fn elsewhere() {
    let simulator = Simulator::start(&[]);
    let desk = Desk::counting(&simulator, "texts_a_day = 5\n");
    let mut open = Open::new(&desk);
    let other = desk.tuilio.folder().join("other");
    let policy = format!("texts_a_day = 5\ndata_dir = '{}'\n", other.display());
    fs::write(&desk.policy, policy).unwrap();
    open.say(ADA);
    open.hear("this desk has opened another one, so nothing is sent");
    open.leave();
}
