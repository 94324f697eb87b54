//! What the desk costs: nothing while nothing happens, and little when much happens at once.

use libtest_mimic::Trial;

use crate::place::{BOB, Place, connected};
use crate::pty::{CTRL_Q, ENTER, F6};
use crate::simulator::Simulator;
use crate::trial;

/// A long text, typed faster than anybody types.
const KEYS: usize = 200;

pub fn trials() -> Vec<Trial> {
    vec![
        #[cfg(target_os = "linux")]
        trial("an_idle_desk_writes_nothing_and_does_nothing", linux::idle),
        trial("many_keys_at_once_are_few_frames_and_none_is_lost", burst),
    ]
}

fn burst() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    let mut terminal = connected(&place, &simulator);
    terminal.press(F6, "[Message]");
    terminal.press("415 555 0125", "+1 415 555 0125");
    terminal.press(ENTER, "Enter review");
    let text: String = ('a'..='z').cycle().take(KEYS).collect();
    let before = terminal.look().frames();
    terminal.press(&text, "2 texts");
    terminal.wait_for(&text[KEYS - 10..]);
    let frames = terminal.look().frames() - before;
    assert!(frames <= KEYS / 10, "{frames} frames for {KEYS} keys");
    let send = terminal.review();
    terminal.press(send, "Delivered");
    assert_eq!(simulator.phone(BOB)[0]["body"], text);
    terminal.type_keys(CTRL_Q);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::time::Duration;

    use crate::place::{Place, connected};
    use crate::pty::{CTRL_Q, ESC, Terminal};
    use crate::simulator::Simulator;

    /// How long the desk is watched. The wait is what is measured.
    const WATCH: Duration = Duration::from_secs(3);

    pub fn idle() {
        let (place, simulator) = (Place::new(), Simulator::start(&[]));
        let mut terminal = connected(&place, &simulator);
        // Once a number was read, the numbering plans are loaded and nothing is left to do.
        terminal.press("415 555 0123", "United States");
        terminal.type_keys(ESC);
        terminal.wait_gone("United States");
        // A connection that nobody needs any more is closed after four seconds, and a thread that nobody needs
        // ends after ten: one wake each, in one of the watches. Whatever comes again and again is in all of them.
        let mut watched = watch(&terminal);
        for _ in 0..9 {
            if watched.0 != watched.1 {
                watched = watch(&terminal);
            }
        }
        assert_eq!(watched.1, watched.0);
        terminal.type_keys(CTRL_Q);
        assert_eq!(terminal.exit_code(), 0);
        terminal.assert_given_back();
    }

    /// What it had done before, and after.
    fn watch(terminal: &Terminal) -> (Effort, Effort) {
        let before = Effort::at_rest(terminal);
        std::thread::sleep(WATCH);
        (before, Effort::of(terminal))
    }

    /// What a process has done so far.
    #[derive(Debug, PartialEq)]
    struct Effort {
        written: usize,
        /// Of each thread: its number, its ticks on a processor, how often it fell asleep.
        threads: Vec<(String, u64, u64)>,
    }

    impl Effort {
        /// Once what led here has died away, which a busy machine may delay.
        fn at_rest(terminal: &Terminal) -> Self {
            let mut last = Self::of(terminal);
            for _ in 0..20 {
                std::thread::sleep(WATCH / 6);
                let now = Self::of(terminal);
                if now == last {
                    return now;
                }
                last = now;
            }
            last
        }

        fn of(terminal: &Terminal) -> Self {
            let tasks = format!("/proc/{}/task", terminal.process());
            let mut threads: Vec<_> = std::fs::read_dir(tasks)
                .unwrap()
                .filter_map(|task| {
                    let task = task.ok()?;
                    // A thread may end between being listed and being read.
                    let read = |file| std::fs::read_to_string(task.path().join(file)).ok();
                    let name = format!("{} {}", task.file_name().display(), read("comm")?.trim());
                    Some((name, ticks(&read("stat")?), naps(&read("status")?)))
                })
                .collect();
            threads.sort();
            Self {
                written: terminal.look().written.len(),
                threads,
            }
        }
    }

    /// User and system time, the 14th and 15th field; the name in the second may hold spaces.
    fn ticks(stat: &str) -> u64 {
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let fields = fields.split_whitespace().skip(11).take(2);
        fields.map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    }

    fn naps(status: &str) -> u64 {
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        line.unwrap().trim().parse().unwrap()
    }
}
