//! What the system shows of processes while they run: arguments and environment, of the program and of
//! every child that it starts.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What was seen of a process.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    pub arguments: Vec<u8>,
    /// None where the system keeps it to itself, as it does for a process that is not to be dumped.
    pub environment: Option<Vec<u8>>,
}

/// A process is another one after it became another program, so its arguments name it, too.
type Processes = BTreeMap<(u32, Vec<u8>), Seen>;

/// Looks at all descendants of this process as often as it can, until it is told to stop.
pub struct Watch {
    over: Arc<AtomicBool>,
    seen: Arc<Mutex<Processes>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    pub fn start() -> Self {
        let (over, seen) = (
            Arc::<AtomicBool>::default(),
            Arc::<Mutex<Processes>>::default(),
        );
        let (until, into) = (Arc::clone(&over), Arc::clone(&seen));
        let thread = std::thread::spawn(move || {
            while !until.load(Ordering::SeqCst) {
                look(&into);
                std::thread::park_timeout(std::time::Duration::from_millis(15));
            }
            look(&into);
        });
        Self {
            over,
            seen,
            thread: Some(thread),
        }
    }

    /// Everything that was seen.
    pub fn end(mut self) -> Vec<Seen> {
        self.over.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            thread.join().unwrap();
        }
        self.seen.lock().unwrap().values().cloned().collect()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

fn look(seen: &Mutex<Processes>) {
    for pid in descendants() {
        let read = |file: &str| fs::read(format!("/proc/{pid}/{file}"));
        let Ok(arguments) = read("cmdline") else {
            continue;
        };
        let now = Seen {
            arguments: arguments.clone(),
            environment: read("environ").ok(),
        };
        // One that is just becoming another program has none, or those of both: it is seen by the next look.
        if arguments.is_empty() || read("cmdline").ok().as_ref() != Some(&arguments) {
            continue;
        }
        seen.lock().unwrap().insert((pid, arguments), now);
    }
}

fn descendants() -> Vec<u32> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<u32>().ok())
        else {
            continue;
        };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let parent = stat
            .rsplit_once(')')
            .and_then(|(_, rest)| rest.split_whitespace().nth(1));
        if let Some(parent) = parent.and_then(|parent| parent.parse::<u32>().ok()) {
            parents.push((pid, parent));
        }
    }
    let mut found = vec![std::process::id()];
    let mut next = 0;
    while let Some(&one) = found.get(next) {
        found.extend(
            parents
                .iter()
                .filter(|(_, parent)| *parent == one)
                .map(|(pid, _)| *pid),
        );
        next += 1;
    }
    found.split_off(1)
}
