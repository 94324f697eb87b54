//! The system's clipboard, by the program that the system has for it.
//!
//! Such a program takes the line on its standard input and says by its exit whether it kept it, which is
//! more than a terminal does. It is written to, and never read. It is told where the session is and
//! nothing else of our environment, in which keys may stand.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a program may take to say that it has the line, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);
/// What such a program may know: where it is, and the way to its session.
const KNOWN: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "DISPLAY",
    "XAUTHORITY",
    "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR",
    "XDG_SESSION_TYPE",
    "__CF_USER_TEXT_ENCODING",
    "SystemRoot",
];
/// Between two looks at whether it has ended.
const LOOK: Duration = Duration::from_millis(10);

/// Gives the line to the first program that takes it, and says whether one did. Blocks for a moment.
pub fn put(line: &str) -> bool {
    programs().iter().any(|words| take(words, line))
}

/// What may be there, the likeliest first: only where there is a session of its kind.
fn programs() -> Vec<&'static [&'static str]> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let mut programs: Vec<&[&str]> = Vec::new();
    if cfg!(target_os = "macos") {
        programs.push(&["pbcopy"]);
    }
    if cfg!(windows) {
        programs.push(&["clip"]);
    }
    if set("WAYLAND_DISPLAY") {
        programs.push(&["wl-copy"]);
    }
    if set("DISPLAY") {
        programs.push(&["xclip", "-selection", "clipboard"]);
        programs.push(&["xsel", "--clipboard", "--input"]);
    }
    programs
}

fn take(words: &[&str], line: &str) -> bool {
    let Some((program, arguments)) = words.split_first() else {
        return false;
    };
    let started = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| KNOWN.iter().any(|known| name == known)))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else {
        return false;
    };
    let written = child
        .stdin
        .take()
        .is_some_and(|mut input| input.write_all(line.as_bytes()).is_ok());
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        match child.try_wait() {
            Ok(Some(status)) => return written && status.success(),
            Ok(None) => std::thread::sleep(LOOK),
            Err(_) => return false,
        }
    }
    // It hangs: nobody knows what became of the line. Without it, it would outlive the desk.
    let _ = child.kill();
    let _ = child.wait();
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_a_program_that_ends_well_has_taken_the_line() {
        assert!(take(
            &["sh", "-c", "read line && test \"$line\" = evidence"],
            "evidence\n"
        ));
        assert!(!take(&["sh", "-c", "exit 1"], "evidence\n"));
        assert!(!take(&["no-such-program-here"], "evidence\n"));
    }

    #[test]
    fn such_a_program_learns_nothing_of_the_environment_but_the_way_to_its_session() {
        // Cargo sets these for every test.
        assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
        let sees = "test -n \"$PATH\" && test -z \"$CARGO_MANIFEST_DIR$CARGO_PKG_NAME\"";
        assert!(take(&["sh", "-c", sees], ""));
    }
}
