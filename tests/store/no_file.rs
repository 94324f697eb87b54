//! Something that is no file stands where the program keeps one: a sentence at once, and nobody waits.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::program::{Ended, Tuilio};
use crate::simulator::Simulator;

/// Long enough for any machine; whoever waits for the other end of a pipe waits for ever.
const PATIENCE: Duration = Duration::from_mins(1);

pub fn trial() {
    let simulator = Simulator::start(&[]);
    let tuilio = Tuilio::at(&simulator);
    let theirs = tuilio.folder().join("theirs");
    fs::write(&theirs, "theirs").unwrap();
    for what in ["a named pipe", "a folder", "a link"] {
        for (place, said) in [
            ("data/history.db", "was not opened"),
            ("data/history.db-wal", "was not opened"),
            ("data/locks/opening", "was not opened"),
            ("config/config.toml", "The settings cannot be read from"),
            ("data/log/tuilio.log", ""),
            ("data/log", ""),
            ("data/audit-head.json", "was not opened"),
            ("data/reserve", ""),
        ] {
            // Settings may be a link, and a folder is what the log has.
            if matches!(
                (place, what),
                ("config/config.toml", "a link") | ("data/log", "a folder")
            ) {
                continue;
            }
            let _ = fs::remove_dir_all(tuilio.data_dir());
            let place = tuilio.folder().join(place);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            put(what, &place, &theirs);
            let body = format!("{what} at {}", place.display());
            let ended = in_time(tuilio.start(&["send", "--to", "+14155550123", "--body", &body]));
            if said.is_empty() {
                assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{body}");
            } else {
                let told = format!("{}", place.display());
                let why = format!(": it is {what} and not a file: move it away.");
                assert_ne!(ended.code, Some(0), "{body}: {ended:?}");
                assert_eq!(ended.stderr.lines().count(), 1, "{body}: {ended:?}");
                for part in [said, &told, &why] {
                    assert!(ended.stderr.contains(part), "{body}: {ended:?}");
                }
            }
            assert_eq!(fs::read(&theirs).unwrap(), b"theirs", "{body}");
            if place.is_dir() && !place.is_symlink() {
                fs::remove_dir_all(&place).unwrap();
            } else {
                fs::remove_file(&place).unwrap();
            }
        }
    }
}

fn put(what: &str, place: &Path, theirs: &Path) {
    match what {
        "a folder" => fs::create_dir(place).unwrap(),
        "a link" => symlink(theirs, place).unwrap(),
        _ => {
            let made = Command::new("mkfifo").arg(place).status();
            assert!(made.unwrap().success());
        }
    }
}

fn in_time(child: Child) -> Ended {
    let id = child.id().to_string();
    let (tell, told) = channel();
    std::thread::spawn(move || tell.send(child.wait_with_output()));
    let Ok(output) = told.recv_timeout(PATIENCE) else {
        let _ = Command::new("kill").args(["-9", &id]).status();
        panic!("it waits");
    };
    output.unwrap().into()
}
