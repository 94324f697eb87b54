//! Backup, restore and the move to another machine: the commands of docs/record.md as they stand there, run with
//! the real program, two real keyrings, and a neighbour that passes for another machine.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Completion, Trial};
use serde_json::{Value, json};

use crate::buses::Bus;
use crate::program::{Ended, PROGRAM};
use crate::simulator::{STARTING, Simulator};

const ADA: &str = "+14155550123";

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::ignorable_test("a_record_is_backed_up_and_put_back_as_written_down", || {
            Ok(with(&["sqlite3"], put_back_without_a_keyring))
        }),
        Trial::ignorable_test(
            "a_record_and_its_key_are_put_back_and_moved_as_written_down",
            || {
                let tools = [
                    "sqlite3",
                    "secret-tool",
                    "dbus-daemon",
                    "gnome-keyring-daemon",
                ];
                Ok(with(&tools, put_back_and_moved))
            },
        ),
    ]
}

/// Runs a test where its tools are, and says what is missing where they are not.
fn with(tools: &[&str], test: fn()) -> Completion {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |tool: &&&str| std::env::split_paths(&path).any(|dir| dir.join(tool).is_file());
    if let Some(tool) = tools.iter().find(|tool| !is_there(tool)) {
        return Completion::ignored_with(format!("{tool} is not installed"));
    }
    test();
    Completion::Completed
}

/// The commands of the page, from the backup to the move: what stands together runs together.
fn commands() -> Vec<String> {
    let page = include_str!("../../docs/record.md");
    let (_, page) = page.split_once("\n## Backup\n").unwrap();
    let (page, _) = page.split_once("\n## Newer, damaged, older\n").unwrap();
    let mut blocks: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in page.lines() {
        // What goes on in an item of a list stands three places in.
        let is_command = line.starts_with("    ");
        match blocks.last_mut() {
            Some(block) if is_command && goes_on => block.extend(["\n", line.trim()]),
            _ if is_command => blocks.push(line.trim().to_owned()),
            _ => {}
        }
        goes_on = is_command;
    }
    blocks
}

/// What each of them is for, in their order.
struct Page {
    back_up: String,
    look_at_the_backup: String,
    put_back: String,
    look: String,
    accept: String,
    name_the_last_line: String,
    bring: String,
    bring_the_key: String,
    look_for_the_line: String,
}

impl Page {
    fn read() -> Self {
        let commands = commands();
        let all = format!("{commands:#?}");
        let [
            back_up,
            look_at_the_backup,
            put_back,
            look,
            accept,
            name_the_last_line,
            bring,
            bring_the_key,
            look_for_the_line,
        ] = <[String; 9]>::try_from(commands).unwrap_or_else(|_| panic!("other commands: {all}"));
        for (command, word) in [
            (&back_up, "VACUUM INTO"),
            (&look_at_the_backup, "TUILIO_DATA_DIR=$PWD/backup"),
            (&put_back, "mv ~/.local/share/tuilio "),
            (&accept, "tuilio audit accept"),
            (&bring, "scp "),
            (&bring_the_key, "secret-tool lookup"),
            (&look_for_the_line, "--line NUMBER"),
        ] {
            assert!(command.contains(word), "{word}: {all}");
        }
        Self {
            back_up,
            look_at_the_backup,
            put_back,
            look,
            accept,
            name_the_last_line,
            bring,
            bring_the_key,
            look_for_the_line,
        }
    }
}

/// A machine with one person on it, whose shell finds tuilio and, under the name NEW, the other machine.
struct Machine {
    home: tempfile::TempDir,
    environment: Vec<(&'static str, String)>,
    keyring: Option<(Child, Bus)>,
}

impl Machine {
    fn new(simulator: &Simulator) -> Self {
        let home = tempfile::tempdir().unwrap();
        let bin = home.path().join("bin");
        fs::create_dir(&bin).unwrap();
        std::os::unix::fs::symlink(PROGRAM, bin.join("tuilio")).unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let environment = vec![
            ("PATH", format!("{}:{path}", bin.display())),
            ("HOME", home.path().display().to_string()),
            ("TZ", "UTC".to_owned()),
            ("TUILIO_API_URL", simulator.url().to_owned()),
        ];
        Self {
            home,
            environment,
            keyring: None,
        }
    }

    /// The same with keys in the environment and no keyring.
    fn with_keys_of(mut self, simulator: &Simulator) -> Self {
        for (name, word) in [
            ("TWILIO_ACCOUNT_SID", "account_sid"),
            ("TWILIO_API_KEY", "api_key"),
            ("TWILIO_API_SECRET", "api_secret"),
            ("TWILIO_FROM_NUMBER", "from_number"),
        ] {
            let word = simulator.word(word).to_owned();
            self.environment.push((name, word));
        }
        self
    }

    /// The same with a keyring of its own, unlocked.
    fn with_keyring(mut self) -> Self {
        let bus = Bus::start().unwrap();
        let runtime = self.home.path().join("runtime");
        fs::create_dir(&runtime).unwrap();
        fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700)).unwrap();
        self.environment
            .push(("XDG_RUNTIME_DIR", runtime.display().to_string()));
        self.environment
            .push(("DBUS_SESSION_BUS_ADDRESS", bus.address.clone()));
        let mut daemon = self
            .command("gnome-keyring-daemon")
            .args(["--unlock", "--components=secrets", "--foreground"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = daemon.stdin.take().unwrap();
        stdin.write_all(b"a password of this machine").unwrap();
        drop(stdin);
        self.keyring = Some((daemon, bus));
        let deadline = Instant::now() + Duration::from_mins(2);
        let probe =
            "printf probe | secret-tool store --label probe a probe && secret-tool clear a probe";
        while self.sh(probe).code != Some(0) {
            assert!(Instant::now() < deadline, "the keyring does not start");
        }
        self
    }

    /// Gives this machine's shell a way to the other one.
    fn knows(&self, other: &Self) {
        let environment: Vec<String> = other
            .environment
            .iter()
            .map(|(name, value)| format!("{name}='{value}'"))
            .collect();
        let (environment, home) = (environment.join(" "), other.home.path().display());
        // As the real ones do: the words make one line for the shell over there, and a path begins at home.
        let ssh = format!(
            "[ \"$1\" = NEW ] || exit 255\nshift\ncd '{home}'\nexec env -i {environment} sh -c \"$*\"\n"
        );
        let scp = format!(
            "[ \"$1\" != -r ] || shift\nfor to; do :; done\nto=${{to#NEW:}}\nwhile [ $# -gt 1 ]; do cp -r \"$1\" '{home}'/\"$to\"; shift; done\n"
        );
        for (name, script) in [("ssh", ssh), ("scp", scp)] {
            let file = self.home.path().join("bin").join(name);
            fs::write(&file, format!("#!/bin/sh\nset -eu\n{script}")).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).unwrap();
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            // A measurement of coverage says where it is written.
            .envs(std::env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home.path());
        command
    }

    /// Types something into the shell.
    fn sh(&self, line: &str) -> Ended {
        self.feed(line, "")
    }

    fn feed(&self, line: &str, input: &str) -> Ended {
        let alone = STARTING.lock();
        let mut child = self
            .command("sh")
            .args(["-euc", line])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(alone);
        let mut stdin = child.stdin.take().unwrap();
        // Whoever wants nothing reads nothing.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap().into()
    }

    /// It works.
    fn does(&self, line: &str) -> Ended {
        let ended = self.sh(line);
        assert_eq!(ended.code, Some(0), "{line}\n{ended:?}");
        ended
    }

    fn sends(&self, body: &str) {
        self.does(&format!("tuilio send --to {ADA} --body {body}"));
    }

    /// How the audit stands: whether it is whole, and whether all of it is sealed.
    fn audit(&self) -> (Value, bool) {
        let found = self.sh("tuilio audit verify --json").object();
        (
            found["whole"].clone(),
            found["sealed_to"] == found["lines"] && found["unkeyed"] == json!(0),
        )
    }

    fn bodies(&self) -> Vec<String> {
        let rows = self.does("tuilio history --json").object();
        let rows = rows["rows"].as_array().cloned().unwrap_or_default();
        let body = |row: &Value| row["body"].as_str().unwrap_or_default().to_owned();
        rows.iter().map(body).collect()
    }

    fn data(&self) -> PathBuf {
        self.home.path().join(".local/share/tuilio")
    }

    fn backup(&self) -> PathBuf {
        self.home.path().join("backup")
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if let Some((daemon, _)) = &mut self.keyring {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

/// As a desk does that is open meanwhile: the newest part of the history lies in its log.
fn open(folder: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(folder.join("history.db")).unwrap();
    connection
        .query_row("SELECT count(*) FROM audit", [], |row| row.get::<_, i64>(0))
        .unwrap();
    connection
}

fn assert_private(folder: &Path) {
    for name in ["", "history.db", "audit-head.json"] {
        let path = folder.join(name);
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
}

fn put_back_without_a_keyring() {
    let (page, simulator) = (Page::read(), Simulator::start(&[]));
    let machine = Machine::new(&simulator).with_keys_of(&simulator);
    machine.sends("one");
    let desk = open(&machine.data());
    machine.sends("two");
    assert!(machine.data().join("history.db-wal").exists());
    machine.does(&page.back_up);
    assert_private(&machine.backup());
    machine.does(&page.look_at_the_backup);
    machine.sends("three");
    drop(desk);
    machine.does(&page.put_back);
    machine.does(&page.look);
    assert_eq!(machine.bodies(), ["two", "one"]);
    machine.sends("four");
    machine.does(&page.look);
    assert_private(&machine.data());
}

fn put_back_and_moved() {
    let (page, simulator) = (Page::read(), Simulator::start(&[]));
    let machine = Machine::new(&simulator).with_keyring();
    let login = "tuilio login --profile work";
    assert_eq!(machine.feed(login, &simulator.greeting).code, Some(0));
    machine.sends("one");
    machine.does(&page.back_up);
    machine.does(&page.look_at_the_backup);
    machine.sends("two");
    machine.does(&page.put_back);
    let found = machine.sh(&page.look);
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(
        found.stderr.contains("which the system keyring remembers"),
        "{found:?}"
    );
    // What came after the backup may have gone out: only the keyring knows that there was anything.
    for body in ["two", "three"] {
        let refused = machine.sh(&format!("tuilio send --to {ADA} --body {body} --json"));
        assert_eq!(refused.code, Some(9), "{refused:?}");
        assert!(
            refused.stderr.contains("tuilio audit accept"),
            "{refused:?}"
        );
    }
    machine.does(&page.accept);
    machine.sends("three");
    assert_eq!(machine.bodies(), ["three", "one"]);
    assert_eq!(machine.audit(), (json!(true), true));
    let aside = machine.home.path().join("aside");
    fs::rename(machine.data(), &aside).unwrap();
    let refused = machine.sh(&format!("tuilio send --to {ADA} --body three --json"));
    assert_eq!(
        refused.code,
        Some(9),
        "the whole folder is gone: {refused:?}"
    );
    fs::remove_dir_all(machine.data()).unwrap();
    fs::rename(&aside, machine.data()).unwrap();

    let other = Machine::new(&simulator).with_keyring();
    machine.knows(&other);
    fs::remove_dir_all(machine.backup()).unwrap();
    machine.does(&page.back_up);
    let named = machine.does(&page.name_the_last_line).stdout;
    let (_, line) = named.split_once("the last is ").unwrap();
    let line = line.split_once(".\n").unwrap().0.to_owned();
    machine.does(&page.bring);
    assert_private(&other.data());
    // Before its key is there, it cannot be proved.
    let unproved = other.sh(&page.look);
    assert_eq!(unproved.code, Some(1), "{unproved:?}");
    assert!(
        unproved.stderr.contains("which is not at hand"),
        "{unproved:?}"
    );
    machine.does(&page.bring_the_key);
    assert_eq!(other.feed(login, &simulator.greeting).code, Some(0));
    other.does(&page.look_for_the_line.replace("NUMBER", &line));
    other.sends("four");
    assert_eq!(other.bodies(), ["four", "three", "one"]);
    assert_eq!(other.audit(), (json!(true), true), "the same key goes on");
}
