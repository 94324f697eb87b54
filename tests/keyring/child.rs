//! A process that asks the keyring: for each line that it is told, which says what to do.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tuilio::domain::Secret;
use tuilio::vault::{KeyringVault, Vault};

/// Set in the process that asks.
pub const ASKED: &str = "TUILIO_TEST_ASK_KEYRING";

/// Has it write.
pub const WRITE: &str = "write";
/// Has twenty of its threads read at once.
pub const CROWD: &str = "crowd";
/// Has it read, and be in haste from then on.
pub const HASTE: &str = "haste";
/// Has it read, and take its time again.
pub const LEISURE: &str = "leisure";

/// Where an answer is to come, that of a keyring on a busy machine does come.
const LONG: Duration = Duration::from_mins(2);
/// Where none is to come, this is waited for it.
pub const SHORT: Duration = Duration::from_secs(1);

/// Asks and says what was answered, and after how many milliseconds.
pub fn run() {
    let mut vault = KeyringVault::default();
    let mut ask = |deed: &str| {
        match deed {
            HASTE => vault = std::mem::take(&mut vault).within(SHORT),
            LEISURE => vault = std::mem::take(&mut vault).within(LONG),
            _ => {}
        }
        let start = Instant::now();
        let answer = match deed {
            WRITE => format!("{:?}", vault.write("nobody", &Secret::new("a probe"))),
            CROWD => crowd(&vault),
            _ => format!("{:?}", vault.read("nobody")),
        };
        let line = format!("{}|{answer}\n", start.elapsed().as_millis());
        std::io::stdout().write_all(line.as_bytes()).unwrap();
    };
    for line in std::io::stdin().lock().lines() {
        ask(&line.unwrap());
    }
}

/// Twenty at once: what they were answered, where it was the same.
fn crowd(vault: &KeyringVault) -> String {
    let mut answers: Vec<String> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| format!("{:?}", vault.read("nobody"))))
            .collect();
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    });
    answers.sort();
    answers.dedup();
    answers.join(" and ")
}

/// The process, from outside.
pub struct Asker {
    process: Child,
    // Dropped first: the end of its input ends the process.
    told: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Asker {
    /// Starts with these variables set, and no other way to a bus, and asks with time for an answer.
    pub fn start(set: &[(&str, &str)]) -> Self {
        Self::begin(set, LEISURE)
    }

    /// The same, in haste.
    pub fn in_haste(set: &[(&str, &str)]) -> Self {
        Self::begin(set, HASTE)
    }

    fn begin(set: &[(&str, &str)], deed: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("DISPLAY")
            .env("XDG_RUNTIME_DIR", "/nonexistent")
            .env(ASKED, "1")
            .envs(set.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut asker = Self {
            told: process.stdin.take(),
            answers: BufReader::new(process.stdout.take().unwrap()).lines(),
            process,
        };
        asker.tell(deed);
        asker
    }

    /// The next answer, and how long it took.
    pub fn answer(&mut self) -> (Duration, String) {
        let line = self.answers.next().unwrap().unwrap();
        let (millis, answer) = line.split_once('|').unwrap();
        let took = Duration::from_millis(millis.parse().unwrap());
        (took, answer.to_owned())
    }

    /// Has it ask again.
    pub fn ask_again(&mut self) {
        self.tell("");
    }

    /// Has it do something.
    pub fn tell(&mut self, deed: &str) {
        let line = format!("{deed}\n");
        self.told
            .as_mut()
            .unwrap()
            .write_all(line.as_bytes())
            .unwrap();
    }

    /// Ends it, and says whether it ended well by itself: a thread that hangs must not hold it.
    pub fn ends_well(mut self) -> bool {
        drop(self.told.take());
        self.process.wait().unwrap().success()
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
