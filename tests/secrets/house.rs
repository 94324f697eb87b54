//! A machine to live on for a day: a home whose every file is searched, programs that note what they are
//! told, processes that are watched, and a list of what must not be found.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;

use crate::place::{self, Place, TUILIO};
use crate::processes::{Seen, Watch};
use crate::pty::Terminal;
use crate::search::{Mark, assert_clean};
use crate::simulator::Simulator;

/// Set for a program that is given keys by its environment, on purpose.
const GIVEN: &str = "GIVEN_KEYS";

pub struct House {
    pub place: Place,
    pub marks: Vec<Mark>,
    /// The codes as a screen may show them.
    pub spaced: Vec<Mark>,
    /// The way to the keyring of this session is known.
    pub keyring: bool,
    watch: Option<Watch>,
}

impl House {
    pub fn new() -> Self {
        let house = Self {
            place: Place::new(),
            marks: Vec::new(),
            spaced: Vec::new(),
            keyring: false,
            watch: Some(Watch::start()),
        };
        for folder in ["bin", "tmp", "told", "xdg"] {
            fs::create_dir(house.path(folder)).unwrap();
        }
        // The program for the clipboard: it notes all that it learns.
        let script = "#!/bin/sh\nnote=\"$HOME/told/$$\"\ncat >\"$note.input\"\nenv >\"$note.environment\"\n\
                      printf '%s\\n' \"$0\" \"$@\" >\"$note.arguments\"\n";
        let clipboard = house.path("bin").join("xclip");
        fs::write(&clipboard, script).unwrap();
        fs::set_permissions(&clipboard, fs::Permissions::from_mode(0o700)).unwrap();
        house
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.place.home().join(name)
    }

    /// The keys of a simulator must not be found, from now on.
    pub fn mark(&mut self, simulator: &Simulator) {
        for name in ["api_secret", "auth_token"] {
            self.marks.push(Mark::secret(name, simulator.word(name)));
        }
    }

    /// Nor must this code.
    pub fn mark_code(&mut self, code: &str) {
        self.marks.push(Mark::code("code", code));
        self.spaced.push(Mark::spaced("code", code));
    }

    /// The variables of this machine, for whatever runs on it.
    pub fn environment(&self, url: &str) -> Vec<(&'static str, String)> {
        let path = std::env::var("PATH").unwrap_or_default();
        let text = |name: &str| self.path(name).display().to_string();
        let mut all = vec![
            ("PATH", format!("{}:{path}", text("bin"))),
            ("HOME", self.place.home().display().to_string()),
            ("TMPDIR", text("tmp")),
            ("XDG_CACHE_HOME", text("xdg/cache")),
            ("XDG_CONFIG_HOME", text("xdg/config")),
            ("XDG_DATA_HOME", text("xdg/data")),
            ("XDG_STATE_HOME", text("xdg/state")),
            ("TUILIO_CONFIG_DIR", text("config")),
            ("TUILIO_DATA_DIR", text("data")),
            ("TUILIO_LOG", "info".to_owned()),
            ("TUILIO_API_URL", url.to_owned()),
            ("TERM", "xterm-256color".to_owned()),
            ("DISPLAY", ":0".to_owned()),
            ("TZ", "UTC".to_owned()),
            ("RUST_BACKTRACE", "full".to_owned()),
        ];
        // A measurement of coverage says where it is written: not among the files that are searched.
        let profile = std::env::var("LLVM_PROFILE_FILE");
        all.extend(profile.ok().map(|file| ("LLVM_PROFILE_FILE", file)));
        let bus = ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"];
        for name in bus.into_iter().filter(|_| self.keyring) {
            all.extend(std::env::var(name).ok().map(|value| (name, value)));
        }
        all
    }

    /// The keys of a simulator, for a program that is to have them by its environment.
    pub fn keys(simulator: &Simulator) -> Vec<(&'static str, String)> {
        [
            ("TWILIO_ACCOUNT_SID", "account_sid"),
            ("TWILIO_API_KEY", "api_key"),
            ("TWILIO_API_SECRET", "api_secret"),
            ("TWILIO_VERIFY_SERVICE_SID", "verify_service_sid"),
            ("TWILIO_MESSAGING_SERVICE_SID", "messaging_service_sid"),
        ]
        .map(|(name, field)| (name, simulator.word(field).to_owned()))
        .into_iter()
        .chain([(GIVEN, "1".to_owned())])
        .collect()
    }

    /// A desk in a terminal.
    pub fn desk(&self, url: &str, keys: &[(&'static str, String)]) -> Terminal {
        let mut command = CommandBuilder::new(TUILIO);
        command.env_clear();
        for (name, value) in self.environment(url).iter().chain(keys) {
            command.env(name, value);
        }
        command.cwd(self.place.home());
        Terminal::start(command)
    }

    /// A command of ours with that on its standard input; what it says is searched.
    pub fn run(
        &self,
        program: &str,
        url: &str,
        keys: &[(&'static str, String)],
        words: &[&str],
        input: &str,
    ) -> Output {
        use std::io::Write;
        let mut command = Command::new(program);
        command
            .args(words)
            .env_clear()
            .envs(self.environment(url))
            .envs(keys.iter().map(|(name, value)| (name, value)))
            .current_dir(self.place.home())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that refuses its line reads nothing.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let said = words.join(" ");
        assert_clean(&self.marks, &format!("{said}: output"), &output.stdout);
        assert_clean(&self.marks, &format!("{said}: errors"), &output.stderr);
        output
    }

    /// No file holds anything; how many there are.
    pub fn search_files(&self) -> usize {
        let files = place::files(self.place.home());
        for file in &files {
            // A file of the history's may go between being listed and being read.
            let bytes = fs::read(file).unwrap_or_default();
            assert_clean(&self.marks, &file.display().to_string(), &bytes);
            let name = file.display().to_string();
            assert_clean(&self.marks, "the name of a file", name.as_bytes());
        }
        files.len()
    }

    /// Waits until there is an export of that kind.
    pub fn wait_for_file(&self, end: &str) {
        let deadline = Instant::now() + Duration::from_mins(2);
        let is_there = || {
            let mut files = place::files(&self.place.data()).into_iter();
            files.any(|file| {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with("history-") && name.ends_with(end)
            })
        };
        while !is_there() {
            assert!(Instant::now() < deadline, "no {end}");
            std::thread::yield_now();
        }
    }

    /// The log was searched with the files; here is that there is one.
    pub fn log(&self) -> String {
        let logs = place::files(&self.place.data()).into_iter();
        let logs = logs.filter(|file| {
            file.extension()
                .is_some_and(|end| end == "log" || end == "jsonl")
        });
        logs.map(|file| fs::read_to_string(file).unwrap_or_default())
            .collect()
    }

    /// What the program for the clipboard was told. Its arguments are the last that it notes; where they are missing,
    /// the desk has lost its patience with it.
    pub fn told(&self, what: &str) -> Vec<String> {
        let files = place::files(&self.path("told")).into_iter();
        let files = files.filter(|file| file.extension().is_some_and(|end| end == "arguments"));
        files
            .map(|file| file.with_extension(what))
            .map(|file| fs::read_to_string(file).unwrap())
            .collect()
    }

    /// Ends the day: everything is searched a last time, with all that was seen of processes.
    pub fn close(mut self) -> Vec<Seen> {
        self.search_files();
        let seen = self.watch.take().unwrap().end();
        for process in &seen {
            let words = String::from_utf8_lossy(&process.arguments).replace('\0', " ");
            assert_clean(&self.marks, "arguments", &process.arguments);
            let Some(environment) = &process.environment else {
                continue;
            };
            let given = environment
                .split(|&byte| byte == 0)
                .any(|variable| variable.starts_with(GIVEN.as_bytes()));
            if given {
                // Whoever gave them to it can read them there, and it gives them to nobody.
                let own = std::env::current_exe().unwrap().display().to_string();
                assert!(
                    words.starts_with(TUILIO) || words.starts_with(&own),
                    "{words}"
                );
            } else {
                assert_clean(&self.marks, &format!("environment of {words}"), environment);
            }
        }
        seen
    }
}
