//! A fault of our own cannot be provoked from outside. So this program runs again in a pseudo-terminal,
//! with the loop, the screen and the hook of the real desk, and with something in it that panics.

use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;
use libtest_mimic::Trial;
use portable_pty::CommandBuilder;
use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tuilio::app::{self, Ending};
use tuilio::domain::{Policy, Timestamp};
use tuilio::model::{Model, Setting};
use tuilio::runtime::signals::Signals;
use tuilio::runtime::terminal::{self, Screen};
use tuilio::runtime::{Clock, Keeper, Reach, Runtime};
use tuilio::store::Store;
use tuilio::twilio::Endpoint;
use tuilio::vault::MemoryVault;
use tuilio::view::Look;

use crate::place::{Place, WHOM};
use crate::pty::{CTRL_C, Terminal};
use crate::trial;

/// Set in the process that panics, to who does.
pub const WHO: &str = "TUILIO_TEST_PANIC";

/// What a panic may hold and nobody may see.
const CANARY: &str = "canary-415-555-0123";

pub fn trials() -> Vec<Trial> {
    vec![
        trial("a_panic_of_a_task_ends_the_desk_in_good_order", || {
            panicked("task", "panics.rs:", |desk| desk.signal(Signal::USR1));
        }),
        trial("a_panic_of_the_loop_ends_the_desk_in_good_order", || {
            panicked("loop", "timestamp.rs:", |desk| desk.type_keys(CTRL_C));
        }),
    ]
}

fn panicked(who: &str, place_of_panic: &str, cue: fn(&mut Terminal)) {
    let place = Place::new();
    let this = std::env::current_exe().unwrap();
    let mut command: CommandBuilder = place.command(&this.to_string_lossy());
    command.env(WHO, who);
    let mut terminal = Terminal::start(command);
    terminal.wait_for(WHOM);
    cue(&mut terminal);
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_given_back();
    let said = terminal.screen();
    assert!(said.contains("ended: Fault"), "{said}");
    assert!(said.contains(place_of_panic), "{said}");
    let written = String::from_utf8_lossy(&terminal.look().written).into_owned();
    assert!(
        !written.contains(CANARY) && !written.contains("panicked"),
        "{said}"
    );
}

/// The desk that panics. It says how it ended.
pub fn run(who: &OsStr) {
    let tasks = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let ending = tasks.block_on(desk(who == "loop"));
    let sentence = terminal::fault_sentence();
    let said = format!("ended: {ending:?}\r\n{sentence}\r\n");
    std::io::stderr().write_all(said.as_bytes()).unwrap();
}

async fn desk(at_the_end_of_time: bool) -> Ending {
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
        ..Setting::default()
    };
    let look = Look {
        color: false,
        ascii: false,
        ..Look::default()
    };
    let mut screen = Screen::take().unwrap();
    terminal::on_panic(runtime.events(), runtime.log());
    let size = screen.size().unwrap();
    let now = if at_the_end_of_time {
        // What Ctrl-C says stays for some seconds, and there are none left.
        Timestamp::MAX
    } else {
        let mut cue = signal(SignalKind::user_defined1()).unwrap();
        tokio::spawn(async move {
            cue.recv().await;
            panic!("{CANARY}");
        });
        clock.now()
    };
    let model = Model::new(setting, Policy::default(), size, now);
    app::run(
        &mut screen,
        look,
        model,
        runtime,
        inbox,
        Signals::listen().unwrap(),
    )
    .await
    .unwrap()
}
