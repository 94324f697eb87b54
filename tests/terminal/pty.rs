//! The real program in a real pseudo-terminal, with eyes and fingers.
//!
//! A thread reads what the program writes and shows it on a screen of its own; everything waits on a
//! condition of that screen, never on time. A frame counts when it is whole, as on a terminal that
//! knows synchronized updates. The setting of the terminal (termios) is read through the master's end.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

use crate::simulator;

pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const F4: &str = "\x1bOS";
pub const F6: &str = "\x1b[17~";
pub const F7: &str = "\x1b[18~";
pub const F8: &str = "\x1b[19~";
pub const F9: &str = "\x1b[20~";
pub const CTRL_C: &str = "\x03";
pub const CTRL_L: &str = "\x0c";
pub const CTRL_Q: &str = "\x11";
pub const CTRL_Z: &str = "\x1a";

/// How long anything may take, on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(2);

/// What begins a frame, and what ends it.
const FRAME: [&[u8]; 2] = [b"\x1b[?2026h", b"\x1b[?2026l"];

/// A terminal with a program in it.
pub struct Terminal {
    glass: Arc<Glass>,
    // Both gone once the terminal was closed.
    keys: Option<Box<dyn Write + Send>>,
    master: Option<Box<dyn MasterPty + Send>>,
    process: Pid,
    before: String,
}

/// What can be seen from outside, and the bell that rings when it changes.
struct Glass {
    state: Mutex<State>,
    changed: Condvar,
}

/// What can be seen from outside.
pub struct State {
    parser: vt100::Parser,
    /// Everything that was written.
    pub written: Vec<u8>,
    reading: bool,
    let_go: bool,
    code: Option<u32>,
}

impl State {
    /// The screen as text, without the blanks at the ends of lines.
    pub fn text(&self) -> String {
        let text = self.parser.screen().contents();
        let lines: Vec<_> = text.lines().map(str::trim_end).collect();
        lines.join("\n").trim_end().to_owned()
    }

    /// The alternate screen is shown.
    pub fn is_alternate(&self) -> bool {
        self.parser.screen().alternate_screen()
    }

    /// Which clicks the program wants to hear of.
    pub fn mouse(&self) -> vt100::MouseProtocolMode {
        self.parser.screen().mouse_protocol_mode()
    }

    /// The program has ended.
    pub fn has_ended(&self) -> bool {
        self.code.is_some()
    }

    /// How many frames were begun.
    pub fn frames(&self) -> usize {
        count(&self.written, FRAME[0])
    }

    fn is_whole(&self) -> bool {
        last(&self.written, FRAME[0]) <= last(&self.written, FRAME[1])
    }

    /// What is not as a shell expects it: whatever was turned on, by whatever number it goes.
    fn left_on(&self) -> Vec<String> {
        let mut left: Vec<_> = private_modes(&self.written)
            .into_iter()
            .filter(|&(mode, on)| on != (mode == CURSOR))
            .map(|(mode, on)| format!("mode {mode} {}", if on { "on" } else { "off" }))
            .collect();
        let written = String::from_utf8_lossy(&self.written);
        let times = |what: &str| written.matches(what).count();
        let piled = |n: u8| times(&format!("\x1b[{n}t")) + times(&format!("\x1b[{n};2t"));
        if piled(22) != piled(23) || times("\x1b[22;0t") + times("\x1b[22;1t") > 0 {
            left.push("a title on the pile".to_owned());
        }
        // The keyboard of some terminals, and colours of the terminal itself.
        for mode in [
            "\x1b[>", "\x1b[=", "\x1b=", "\x1b]4;", "\x1b]10;", "\x1b]12;",
        ] {
            if times(mode) > 0 {
                left.push(format!("{mode:?} is set and never taken back"));
            }
        }
        if let Some((_, link)) = written.rsplit_once("\x1b]8;;")
            && !link.starts_with('\x1b')
        {
            left.push("a link".to_owned());
        }
        let screen = self.parser.screen();
        if screen.hide_cursor() || screen.alternate_screen() || screen.bracketed_paste() {
            left.push("a mode".to_owned());
        }
        let plain = vt100::Color::Default;
        if (screen.fgcolor(), screen.bgcolor()) != (plain, plain)
            || screen.bold()
            || screen.dim()
            || screen.italic()
            || screen.underline()
            || screen.inverse()
        {
            left.push("colours".to_owned());
        }
        left
    }
}

/// The cursor is shown, which is the other way about than all other modes.
const CURSOR: u16 = 25;

/// The private modes that were set or reset, and which it was in the end.
fn private_modes(written: &[u8]) -> BTreeMap<u16, bool> {
    let written = String::from_utf8_lossy(written);
    let mut modes = BTreeMap::new();
    for piece in written.split("\x1b[?").skip(1) {
        let end = piece.find(|c: char| !c.is_ascii_digit() && c != ';');
        let Some((numbers, rest)) = end.map(|end| piece.split_at(end)) else {
            continue;
        };
        let on = match rest.chars().next() {
            Some('h') => true,
            Some('l') => false,
            _ => continue,
        };
        modes.extend(numbers.split(';').map(|mode| (mode.parse().unwrap(), on)));
    }
    modes
}

fn count(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).filter(|&at| at == what).count()
}

fn last(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|at| at == what)
}

fn side(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).unwrap()
}

fn size(width: u16, height: u16) -> PtySize {
    PtySize {
        rows: height,
        cols: width,
        pixel_width: 0,
        pixel_height: 0,
    }
}

impl Terminal {
    /// Starts a program in a terminal of 80 by 24.
    pub fn start(command: CommandBuilder) -> Self {
        Self::sized(command, 80, 24)
    }

    /// Starts a program in a terminal of this size.
    pub fn sized(command: CommandBuilder, width: u16, height: u16) -> Self {
        let _alone = simulator::STARTING.lock();
        let pair = native_pty_system().openpty(size(width, height)).unwrap();
        let before = termios(&*pair.master);
        let glass = Arc::new(Glass {
            state: Mutex::new(State {
                parser: vt100::Parser::new(side(height), side(width), 0),
                written: Vec::new(),
                reading: true,
                let_go: false,
                code: None,
            }),
            changed: Condvar::new(),
        });
        let mut child = pair.slave.spawn_command(command).unwrap();
        let process = i32::try_from(child.process_id().unwrap()).unwrap();
        let reader = pair.master.try_clone_reader().unwrap();
        let (eyes, end) = (Arc::clone(&glass), Arc::clone(&glass));
        std::thread::spawn(move || eyes.read(reader));
        std::thread::spawn(move || {
            let status = child.wait().unwrap();
            end.change(|state| state.code = Some(status.exit_code()));
        });
        Self {
            glass,
            keys: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            process: Pid::from_raw(process).unwrap(),
            before,
        }
    }

    /// What can be seen now.
    pub fn look(&self) -> MutexGuard<'_, State> {
        self.glass.state.lock().unwrap()
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        self.look().text()
    }

    /// Waits until it is so; fails with the screen where it never is.
    pub fn wait_until(&self, what: &str, so: impl Fn(&State) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.look();
        while !(state.is_whole() && so(&state)) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let (code, text) = (state.code, state.text());
                drop(state);
                panic!("waited in vain for {what:?} (exit {code:?}):\n{text}");
            }
            state = self.glass.changed.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Waits until the screen shows a text.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(text, |state| state.text().contains(text));
    }

    /// Waits until the screen does not show a text any more.
    pub fn wait_gone(&self, text: &str) {
        self.wait_until(&format!("no {text}"), |state| !state.text().contains(text));
    }

    /// Types, all at once.
    pub fn type_keys(&mut self, keys: &str) {
        let terminal = self.keys.as_mut().unwrap();
        terminal.write_all(keys.as_bytes()).unwrap();
        terminal.flush().unwrap();
    }

    /// Types where somebody may still read it; a program that has just ended does not.
    pub fn type_keys_if_open(&mut self, keys: &str) {
        let terminal = self.keys.as_mut().unwrap();
        let _ = terminal
            .write_all(keys.as_bytes())
            .and_then(|()| terminal.flush());
    }

    /// Types, then waits for a text that was not there before: one that was would prove nothing, and the
    /// next key would come too early.
    pub fn press(&mut self, keys: &str, text: &str) {
        let before = self.screen();
        assert!(
            !before.contains(text),
            "{text:?} was there before {keys:?}:\n{before}"
        );
        self.type_keys(keys);
        self.wait_for(text);
    }

    /// Shows the review of a text, until the desk takes it for read and offers to send it. Says by which key: at
    /// night, where the customer is at home, it asks for a yes.
    pub fn review(&mut self) -> &'static str {
        self.press(ENTER, "Send this text?");
        let (by_day, by_night) = ("Enter send", "y yes, send it");
        self.wait_until("a key that sends", |state| {
            let text = state.text();
            text.contains(by_day) || text.contains(by_night)
        });
        if self.screen().contains(by_night) {
            "y"
        } else {
            ENTER
        }
    }

    /// Pastes as a terminal does: in brackets where the program wants them, with bare returns where not.
    pub fn paste(&mut self, text: &str) {
        let pasted = text.replace('\n', "\r");
        if self.look().parser.screen().bracketed_paste() {
            self.type_keys(&format!("\x1b[200~{pasted}\x1b[201~"));
        } else {
            self.type_keys(&pasted);
        }
    }

    /// Makes the window larger or smaller.
    pub fn resize(&self, width: u16, height: u16) {
        let mut state = self.look();
        state
            .parser
            .screen_mut()
            .set_size(side(height), side(width));
        self.master
            .as_ref()
            .unwrap()
            .resize(size(width, height))
            .unwrap();
    }

    /// Sends a signal from outside.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.process, signal).unwrap();
    }

    /// The number of the process.
    pub fn process(&self) -> i32 {
        self.process.as_raw_nonzero().get()
    }

    /// Takes the terminal away, as closing its window does.
    pub fn close(&mut self) {
        self.glass.change(|state| state.let_go = true);
        // The reader holds the terminal too, until it sees the echo of this.
        self.type_keys("5");
        self.wait_until("the reader to let go", |state| !state.reading);
        drop(self.keys.take());
        drop(self.master.take());
    }

    /// Waits for the end, and for the last words; the exit code.
    pub fn exit_code(&self) -> u32 {
        self.wait_until("the end", |state| state.code.is_some() && !state.reading);
        self.look().code.unwrap()
    }

    /// The terminal is set as it was before the program.
    pub fn is_cooked(&self) -> bool {
        termios(&**self.master.as_ref().unwrap()) == self.before
    }

    /// Everything is as it was before the program, which had the whole terminal.
    pub fn assert_given_back(&self) {
        self.assert_as_before();
        assert!(
            last(&self.look().written, b"\x1b[?1049h").is_some(),
            "the desk never had the terminal"
        );
    }

    /// Everything is as it was before the program.
    pub fn assert_as_before(&self) {
        assert!(self.is_cooked(), "the terminal is not set as before");
        let state = self.look();
        let left = state.left_on();
        assert!(left.is_empty(), "left: {left:?}\n{}", state.text());
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self
            .glass
            .state
            .lock()
            .is_ok_and(|state| state.code.is_none())
        {
            // It may have ended in this moment.
            let _ = kill_process(self.process, Signal::KILL);
        }
    }
}

impl Glass {
    fn read(&self, mut reader: impl Read) {
        let mut chunk = [0; 4096];
        while let Ok(length @ 1..) = reader.read(&mut chunk) {
            let mut let_go = false;
            self.change(|state| {
                state.parser.process(&chunk[..length]);
                state.written.extend_from_slice(&chunk[..length]);
                let_go = state.let_go && state.is_whole();
            });
            if let_go {
                break;
            }
        }
        drop(reader);
        self.change(|state| state.reading = false);
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
        self.changed.notify_all();
    }
}

fn termios(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}
