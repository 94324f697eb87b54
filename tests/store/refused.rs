//! The built program where it cannot write: the folder, the disk, or more than so many bytes.

use libtest_mimic::Completion;
use serde_json::Value;
use tuilio::store::Store;

use crate::holdings::Twilio;
use crate::program::{Ended, PROGRAM, Tuilio};
use crate::simulator::Simulator;

const ADA: &str = "+14155550123";

pub fn unwritable() {
    let simulator = Simulator::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let mut places = vec![file.join("below")];
    if cfg!(target_os = "linux") {
        places.push("/proc/tuilio".into());
    }
    // A folder that may be read and not be written stops everybody but root.
    #[cfg(unix)]
    if !rustix::process::geteuid().is_root() {
        use std::os::unix::fs::PermissionsExt;
        let closed = folder.path().join("closed");
        drop(Store::open(&closed).unwrap());
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o500)).unwrap();
        places.push(closed);
    }
    for place in places {
        let place = place.display().to_string();
        let tuilio = Tuilio::at(&simulator).with("TUILIO_DATA_DIR", &place);
        for line in [
            &["send", "--to", ADA, "--body", "hello"][..],
            &["verify", "start", "--to", ADA],
        ] {
            let ended = tuilio.run(line);
            assert_eq!(ended.code, Some(1), "{ended:?}");
            assert!(ended.stderr.contains(&place), "{ended:?}");
            is_a_sentence(&ended);
        }
        let german = tuilio.with("LANG", "de_DE.UTF-8").run(&["history"]);
        let said = "tuilio: Der Verlauf kann unter ";
        assert!(german.stderr.starts_with(said), "{german:?}");
        is_a_sentence(&german);
    }
    assert_eq!(simulator.phone(ADA), Vec::<Value>::new());
}

/// The limit is on each file, so that by turns the log, the history and its reserve cannot grow.
pub fn limited() {
    let simulator = Simulator::start(&[]);
    let twilio = Twilio(&simulator);
    let tuilio = Tuilio::at(&simulator);
    assert_eq!(send(&tuilio, "", &number(0)).code, Some(0));
    // In blocks of 512 bytes. Where the signal is not ignored it ends the process, as a crash does.
    let limits = [8, 40, 72, 104, 136, 152, 168, 184, 2100];
    let ways = [("trap '' XFSZ;", "ignored"), ("", "deadly")];
    let mut numbers = (1..).map(number);
    let mut refused = 0;
    let mut tried = Vec::new();
    for (before, signal) in ways {
        for limit in limits {
            let to = numbers.next().unwrap();
            let ended = send(&tuilio, &format!("{before} ulimit -f {limit};"), &to);
            match ended.code {
                Some(0) => assert_eq!(twilio.texts(&to).len(), 1),
                Some(1) => {
                    refused += 1;
                    is_a_sentence(&ended);
                    assert_eq!(twilio.texts(&to).len(), 0, "{ended:?}");
                }
                // Ended by the signal, before it could be heard.
                code => assert_eq!((code, signal), (None, "deadly"), "{ended:?}"),
            }
            tried.push(to);
        }
    }
    assert!(refused > 0, "no limit was ever reached");
    compare(&tuilio, &twilio, &tried);
}

/// What the disk sees of no database: locks, folders, the reserve, the end of the audit, and how SQLite's own
/// calls fail where they really do. One call of each command fails.
const CALLS: &[(&str, &str, u32)] = &[
    ("fallocate", "ENOSPC", 1),
    ("fallocate", "EOPNOTSUPP", 1),
    ("flock", "ENOLCK", 4),
    ("mkdir", "ENOSPC", 1),
    ("rename", "EIO", 2),
    ("unlink", "EIO", 2),
    ("fsync", "EIO", 4),
    ("fdatasync", "EIO", 4),
    ("ftruncate", "EIO", 2),
    ("pwrite64", "ENOSPC", 4),
    ("getdents64", "EIO", 2),
];

pub fn traced() -> Completion {
    let simulator = Simulator::start(&[]);
    let twilio = Twilio(&simulator);
    let tuilio = Tuilio::at(&simulator);
    let words = ["-qq", "-o", "/dev/null", PROGRAM, "--version"];
    let probe = tuilio.command_of("strace", &words).output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        return Completion::ignored_with("strace is not here, or may not trace");
    }
    let mut numbers = (1..).map(number);
    let mut refused = 0;
    let mut tried = Vec::new();
    for (call, error, times) in CALLS {
        for time in 1..=*times {
            let to = numbers.next().unwrap();
            let inject = format!("inject={call}:error={error}:when={time}");
            let words = [
                "-qq",
                "-f",
                "-o",
                "/dev/null",
                "-e",
                &inject,
                PROGRAM,
                "send",
                "--to",
                &to,
                "--body",
                "hello",
            ];
            let ended: Ended = tuilio.command_of("strace", &words).output().unwrap().into();
            if ended.code == Some(1) {
                refused += 1;
                assert_eq!(twilio.texts(&to).len(), 0, "{inject}: {ended:?}");
            }
            tried.push(to);
        }
    }
    assert!(refused > 0, "no call that failed was ever noticed");
    compare(&tuilio, &twilio, &tried);
    Completion::Completed
}

/// After all that, everything that the simulator holds is in the history and nothing else is said.
fn compare(tuilio: &Tuilio, twilio: &Twilio, tried: &[String]) {
    let rows = tuilio.run(&["history", "--refresh", "--reveal", "--json"]);
    let rows = rows.object()["rows"].as_array().unwrap().clone();
    for to in tried {
        let texts = twilio.texts(to);
        let row = rows.iter().find(|row| row["to"] == **to);
        match texts.as_slice() {
            [] => assert!(row.is_none_or(|row| row["state"] == "unknown"), "{row:?}"),
            [sid] => {
                assert_eq!(row.unwrap()["sid"], **sid);
                assert_eq!(row.unwrap()["state"], "settled");
            }
            _ => panic!("sent twice: {row:?}"),
        }
    }
    Store::open(&tuilio.data_dir()).unwrap().check().unwrap();
    let verified = tuilio.run(&["audit", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

/// Says what each command came to, in a line. The disk is in a name space of its own and goes away by
/// itself; what stands on it in the end is copied away.
const ON_A_SMALL_DISK: &str = r#"
mount -t tmpfs -o size=2m tmpfs "$TUILIO_DATA_DIR" || exit 77
tuilio() {
    "$TUILIO" "$@" >"$OUT/out" 2>&1
    echo "$? $(head -n 1 "$OUT/out")"
}
tuilio send --to +14155550101 --body hello
dd if=/dev/zero of="$TUILIO_DATA_DIR/filler" bs=512 2>/dev/null
tuilio send --to +14155550102 --body hello
tuilio history
rm "$TUILIO_DATA_DIR/filler"
mount -o remount,ro "$TUILIO_DATA_DIR"
tuilio send --to +14155550103 --body hello
mount -o remount,rw "$TUILIO_DATA_DIR"
tuilio send --to +14155550104 --body hello
tuilio audit verify
"#;

pub fn full() -> Completion {
    let simulator = Simulator::start(&[]);
    let twilio = Twilio(&simulator);
    let tuilio = Tuilio::at(&simulator);
    std::fs::create_dir_all(tuilio.data_dir()).unwrap();
    let done = tuilio
        .command_of(
            "unshare",
            &["--map-root-user", "--mount", "sh", "-c", ON_A_SMALL_DISK],
        )
        .env("TUILIO", PROGRAM)
        .env("OUT", tuilio.folder())
        .output();
    let Some(done) = done.ok().filter(|done| done.status.success()) else {
        return Completion::ignored_with("no small disk can be made here (unshare, mount)");
    };
    let said = String::from_utf8(done.stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    let words = [
        "0 queued",
        "1 tuilio: The disk that holds the history is full, so nothing was sent.",
        "0 2",
        "1 tuilio: The history cannot be written",
        "0 queued",
        "0 The audit is whole",
    ];
    assert_eq!(lines.len(), words.len(), "{said}");
    for (line, words) in lines.iter().zip(words) {
        assert!(line.starts_with(words), "{words:?}: {said}");
    }
    let held = [1, 2, 3, 4].map(|at| twilio.texts(&format!("+1415555010{at}")).len());
    assert_eq!(held, [1, 0, 0, 1], "{said}");
    Completion::Completed
}

/// A command under what a shell sets up before.
fn send(tuilio: &Tuilio, before: &str, to: &str) -> Ended {
    let line = format!("{before} exec \"$0\" \"$@\"");
    let words = ["-c", &line, PROGRAM, "send", "--to", to, "--body", "hello"];
    tuilio
        .command_of("sh", &words)
        // What a measurement of coverage writes would not fit under the limit, and it would complain.
        .env("LLVM_PROFILE_FILE", "/dev/null")
        .output()
        .unwrap()
        .into()
}

fn number(at: u32) -> String {
    format!("+1415556{at:04}")
}

fn is_a_sentence(ended: &Ended) {
    let said = ended.stderr.trim_end();
    let is_one = said.starts_with("tuilio: ") && said.ends_with('.') && !said.contains('\n');
    assert!(is_one && ended.stdout.is_empty(), "{ended:?}");
}
