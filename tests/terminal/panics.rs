//! A fault of our own cannot be provoked from outside. So this program runs again in a pseudo-terminal,
//! with the loop, the screen and the hook of the real desk, and with something in it that panics.

use std::ffi::OsStr;
use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::tz::TimeZone;
use libtest_mimic::Trial;
use portable_pty::CommandBuilder;
use rustix::process::Signal;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tuilio::app::{self, Ending};
use tuilio::domain::{OpState, Policy, Timestamp, phrase};
use tuilio::model::{Event, Model, Setting};
use tuilio::plain;
use tuilio::runtime::log::Log;
use tuilio::runtime::signals::Signals;
use tuilio::runtime::terminal::{self, Screen};
use tuilio::runtime::{Clock, Keeper, Reach, Runtime};
use tuilio::store::Store;
use tuilio::twilio::Endpoint;
use tuilio::vault::MemoryVault;
use tuilio::view::{Look, lines};

use crate::place::{ADA, Place, WHOM};
use crate::pty::{CTRL_C, ENTER, Terminal};
use crate::simulator::Simulator;
use crate::trial;

/// Set in the process that panics, to who does.
pub const WHO: &str = "TUILIO_TEST_PANIC";

/// What a panic may hold and nobody may see.
const CANARY: &str = "canary-415-555-0123";

/// What has somebody panic.
type Cue = fn(&mut Terminal);

pub fn trials() -> Vec<Trial> {
    // One that the desk does not listen to.
    let cue: Cue = |desk| desk.signal(Signal::URG);
    let cases: &[(&str, &str, &str, Cue)] = &[
        ("task", "a_task_ends_the_desk", "panics.rs:", cue),
        ("thread", "a_thread_ends_the_desk", "panics.rs:", cue),
        ("loop", "the_loop_ends_the_desk", "timestamp.rs:", |desk| {
            desk.type_keys(CTRL_C);
        }),
        ("drawing", "a_drawing_ends_the_desk", "panics.rs:", |_| {}),
        ("lines task", "a_task_ends_the_line_mode", "panics.rs:", cue),
        (
            "lines loop",
            "the_loop_ends_the_line_mode",
            "timestamp.rs:",
            cue,
        ),
    ];
    let mut trials: Vec<Trial> = cases
        .iter()
        .map(|&(who, name, place_of_panic, cue)| {
            Trial::test(format!("a_panic_of_{name}_in_good_order"), move || {
                panicked(who, place_of_panic, cue);
                Ok(())
            })
        })
        .collect();
    trials.push(trial(
        "a_panic_of_a_thread_ends_a_command_that_waits_for_it",
        one_shot,
    ));
    trials
}

/// This program again, in which somebody panics.
fn another(place: &Place, who: &str) -> CommandBuilder {
    let this = std::env::current_exe().unwrap();
    let mut command: CommandBuilder = place.command(&this.to_string_lossy());
    command.env(WHO, who);
    command
}

fn panicked(who: &str, place_of_panic: &str, cue: Cue) {
    let place = Place::new();
    let mut terminal = Terminal::start(another(&place, who));
    // Nothing is connected here, so the line mode has not asked anything yet.
    let first = if who.starts_with("lines") {
        "line mode"
    } else {
        WHOM
    };
    terminal.wait_until(first, |state| {
        state.text().contains(first) || state.has_ended()
    });
    cue(&mut terminal);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_as_before();
    let said = terminal.screen();
    assert!(said.contains("ended: Fault"), "{said}");
    assert_says_the_place_alone(&terminal, place_of_panic);
}

/// Twilio never answers, so that nothing but the panic can end it.
fn one_shot() {
    let (place, simulator) = (Place::new(), Simulator::start(&[]));
    simulator.plant(&json!({
        "method": "POST", "path": "/v2/Services/*/Verifications", "fault": "delay", "ms": 60_000,
    }));
    let mut command = place.connected_desk(&simulator, simulator.word("api_secret"));
    let program = another(&place, "command");
    command.get_argv_mut().clone_from(program.get_argv());
    command.args(["verify", "start", "--to", ADA]);
    command.env(WHO, "command");
    let mut terminal = Terminal::start(command);
    // The fault is used up when the request has arrived, and before that the history has it.
    while simulator.get("/simulator/faults") != json!([]) {
        assert!(!terminal.look().has_ended(), "{}", terminal.screen());
        std::thread::yield_now();
    }
    terminal.type_keys(ENTER);
    assert_eq!(terminal.exit_code(), 1);
    terminal.assert_as_before();
    assert_says_the_place_alone(&terminal, "panics.rs:");
    // It is looked up by the next start.
    assert!(matches!(place.history()[0].state, OpState::Intended));
}

fn assert_says_the_place_alone(terminal: &Terminal, place_of_panic: &str) {
    let written = String::from_utf8_lossy(&terminal.look().written).into_owned();
    let flat: String = written.split_whitespace().collect();
    assert!(flat.contains(place_of_panic), "{written}");
    for word in [CANARY, "panicked", "/tests/", "backtrace"] {
        assert!(!flat.contains(word), "{written}");
    }
}

/// The program that panics. A desk says how it ended.
pub fn run(who: &OsStr) -> ExitCode {
    let who = who.to_string_lossy().into_owned();
    if who == "command" {
        std::thread::spawn(|| {
            let _ = std::io::stdin().read_line(&mut String::new());
            panic!("{CANARY}");
        });
        let words = std::env::args_os().skip(1).collect();
        return tuilio::cli::run_under(PathBuf::from("/nonexistent"), words);
    }
    let ending = if who == "drawing" {
        drawing()
    } else {
        let tasks = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        tasks.block_on(desk(&who))
    };
    let sentence = terminal::fault_sentence();
    let said = format!("ended: {ending:?}\r\n{sentence}\r\n");
    std::io::stderr().write_all(said.as_bytes()).unwrap();
    ExitCode::SUCCESS
}

/// A frame that breaks off in its middle, as the loop would meet it.
fn drawing() -> Ending {
    let mut screen = Screen::take().unwrap();
    let (events, _inbox) = tokio::sync::mpsc::unbounded_channel();
    terminal::on_panic(events, Log::default());
    screen.title("tuilio").unwrap();
    let broken = std::panic::catch_unwind(AssertUnwindSafe(|| {
        screen.draw(|_| -> () { panic!("{CANARY}") }, |()| Vec::new())
    }));
    drop(screen);
    assert!(broken.is_err());
    Ending::Fault
}

async fn desk(who: &str) -> Ending {
    let plain = who.starts_with("lines");
    let at_the_end_of_time = who.ends_with("loop");
    let clock = Clock::start();
    // No keys are ever read, so nobody goes there.
    let reach = Reach::Http {
        endpoint: Endpoint::Twilio,
        origin: None,
    };
    let keeper = Keeper::new(Arc::new(MemoryVault::default()), PathBuf::new());
    let store = Store::in_memory().unwrap();
    let (runtime, inbox) = Runtime::new(store, clock, reach, keeper);
    let setting = Setting {
        demo: true,
        default_country: "US".to_owned(),
        zone: TimeZone::UTC,
        agent: None,
        kept_in: String::new(),
        configured_in: String::new(),
        plain,
        ..Setting::default()
    };
    let look = Look {
        color: false,
        ascii: false,
        ..Look::default()
    };
    let mut screen = (!plain).then(|| Screen::take().unwrap());
    terminal::on_panic(runtime.events(), runtime.log());
    let size = screen
        .as_ref()
        .map_or(lines::SIZE, |screen| screen.size().unwrap());
    let mut cue = signal(SignalKind::from_raw(Signal::URG.as_raw())).unwrap();
    let (events, in_thread) = (runtime.events(), who == "thread");
    tokio::spawn(async move {
        cue.recv().await;
        if at_the_end_of_time {
            // Said for some seconds, and there are none left.
            let _ = events.send(Event::Told(phrase!("No time is left.")));
        } else if in_thread {
            std::thread::spawn(|| panic!("{CANARY}"));
        } else {
            panic!("{CANARY}");
        }
    });
    let now = if at_the_end_of_time {
        Timestamp::MAX
    } else {
        clock.now()
    };
    let model = Model::new(setting, Policy::default(), size, now);
    let signals = Signals::listen().unwrap();
    let ending = match &mut screen {
        Some(screen) => Box::pin(app::run(screen, look, model, runtime, inbox, signals)).await,
        None => plain::run(look, model, runtime, inbox, signals).await,
    };
    ending.unwrap()
}
