//! What a program shows of itself when it breaks down: no picture of its memory, and no words of a panic.
//!
//! This program runs again as tuilio, for what cannot be brought about from outside: a policy of a test,
//! a panic whose message is a secret, and a look at the process from within after its work is done.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use portable_pty::CommandBuilder;
use tuilio::runtime::core_dump;

use crate::house::House;
use crate::place::{ADA, TUILIO, WHOM};
use crate::pty::{ENTER, Terminal};
use crate::search::assert_clean;
use crate::simulator::Simulator;
use crate::trial;

/// Says to the process that it is tuilio, and where its policy lies.
pub const POLICY: &str = "TUILIO_TEST_POLICY";
/// A pipe by name: what is written into it becomes the message of a panic.
const PANIC: &str = "TUILIO_TEST_PANIC_WITH";
/// The process says what it is like, at its end.
const ASKED: &str = "TUILIO_TEST_ASK_ITSELF";

pub fn trials() -> Vec<Trial> {
    vec![
        trial(
            "a_panic_whose_message_is_a_secret_says_its_place_alone",
            panicked,
        ),
        trial("no_command_leaves_a_picture_of_its_memory", not_dumped),
        #[cfg(target_os = "linux")]
        trial("the_system_sees_that_no_picture_is_to_be_made", limits),
    ]
}

/// Tuilio, under a policy.
pub fn run(policy: OsString) -> ExitCode {
    if let Some(pipe) = std::env::var_os(PANIC) {
        std::thread::spawn(move || {
            // Opens when somebody writes.
            let message = fs::read_to_string(pipe).unwrap();
            panic!("{message}");
        });
    }
    let words = std::env::args_os().skip(1).collect();
    let code = tuilio::cli::run_under(policy.into(), words);
    if std::env::var_os(ASKED).is_some() {
        let said = format!("not dumped: {}\n", core_dump::is_forbidden());
        std::io::stderr().write_all(said.as_bytes()).unwrap();
    }
    code
}

/// In the desk, with a code half typed.
fn panicked() {
    let mut house = House::new();
    let simulator = Simulator::start(&["--seed", "46"]);
    house.mark(&simulator);
    let pipe = house.path("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.env_clear();
    let own = [
        (POLICY, house.path("none.toml").display().to_string()),
        (PANIC, pipe.display().to_string()),
    ];
    for (name, value) in house
        .environment(simulator.url())
        .into_iter()
        .chain(House::keys(&simulator))
        .chain(own)
    {
        command.env(name, value);
    }
    let mut terminal = Terminal::start(command);
    terminal.wait_for(WHOM);
    terminal.press("415 555 0123", "United States");
    terminal.press(ENTER, "Waiting for the code");
    let code = simulator.code(ADA);
    house.mark_code(&code);
    terminal.type_keys(&code[..5]);
    let message = format!(
        "{code} {} {}",
        simulator.word("api_secret"),
        simulator.greeting
    );
    fs::write(&pipe, message).unwrap();
    fs::remove_file(&pipe).unwrap();
    assert_eq!(terminal.exit_code(), 1);
    terminal.assert_given_back();
    let said = terminal.screen();
    assert!(said.contains("a fault of its own at quiet.rs:"), "{said}");
    assert_clean(
        &house.marks,
        "bytes to the terminal",
        &terminal.look().written,
    );
    assert!(house.log().contains("quiet.rs:"), "{}", house.log());
    house.close();
}

/// Also where they fail, and also the one that reads keys.
fn not_dumped() {
    let house = House::new();
    for (words, input) in [
        (&["paths"][..], ""),
        (&["segments"], "Hello"),
        (&["login"], "no keys are in this"),
        (&["verify", "check", "--to", ADA], "123456"),
        (&["history", "--json"], ""),
        (&["nothing"], ""),
    ] {
        let own = [
            (POLICY, house.path("none.toml").display().to_string()),
            (ASKED, "1".to_owned()),
        ];
        let program = std::env::current_exe().unwrap().display().to_string();
        let output = house.run(&program, "http://127.0.0.1:1", &own, words, input);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("not dumped: true"), "{words:?}: {said}");
    }
}

/// The real program, from outside: the desk, the line mode, and the command that waits for keys.
#[cfg(target_os = "linux")]
fn limits() {
    let house = House::new();
    for words in [&["demo", "--plain"][..], &["login"], &["simulator"]] {
        let mut child = Command::new(TUILIO)
            .args(words)
            .env_clear()
            .envs(house.environment("http://127.0.0.1:1"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        expect_no_core(child.id());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let desk = Terminal::start(house.place.demo());
    desk.wait_for(WHOM);
    expect_no_core(desk.process().try_into().unwrap());
}

/// It is so from the first moment on; this waits for that moment.
#[cfg(target_os = "linux")]
fn expect_no_core(process: u32) {
    use std::os::unix::fs::MetadataExt;
    let deadline = Instant::now() + Duration::from_mins(2);
    loop {
        let limits = fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"));
        let words: Vec<&str> = core.unwrap().split_whitespace().collect();
        if words[4..6] == ["0", "0"] {
            break;
        }
        assert!(Instant::now() < deadline, "{words:?}");
        std::thread::yield_now();
    }
    // What is not to be dumped belongs to root, and cannot be read by its own user.
    if !rustix::process::getuid().is_root() {
        let files = ["environ", "mem", "maps"];
        for file in files.map(|file| format!("/proc/{process}/{file}")) {
            while fs::metadata(&file).unwrap().uid() != 0 {
                assert!(Instant::now() < deadline, "{file}");
                std::thread::yield_now();
            }
        }
    }
}
