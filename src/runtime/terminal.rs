//! The terminal: taken once, always given back.
//!
//! One place turns modes on and one turns them off, on every way out: the end, an error, a panic, a
//! signal, Ctrl-Z. Giving back is done at most once for each taking, and only a panic of the thread that
//! draws does it from the panic hook: another thread's panic ends the program in good order instead.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::panic::{self, PanicHookInfo};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crossterm::cursor::{RestorePosition, SavePosition, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange,
};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    SetTitle, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use rustix::event::{self, PollFd, PollFlags, Timespec};
use rustix::io::Errno;
use tokio::sync::mpsc::UnboundedSender;

use super::log::{Line, Log, Word};
use super::osc;
use crate::domain::Notices;
use crate::layout::Size;
use crate::model::Event;

/// Clicks and the wheel, in the form that knows wide screens. Motion is not asked for: nothing happens by
/// hovering or dragging, and a mouse that moves wakes nobody.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";
/// The shell's title is put on the terminal's pile of titles, and taken from it at the end.
const PUSH_TITLE: &str = "\x1b[22;2t";
const POP_TITLE: &str = "\x1b[23;2t";
const BELL: &str = "\x07";

/// The modes are on.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The screen of the desk.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    /// What is shown may not be what was drawn.
    stale: bool,
    /// The title of the window, as it was set last.
    title: String,
    /// Clicks and the wheel come to the desk.
    mouse: bool,
}

impl Screen {
    /// Takes the terminal. A clear error where there is none.
    pub fn take() -> io::Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::new(
                io::ErrorKind::NotConnected,
                "there is no terminal here: the desk needs one, on standard input and standard output",
            ));
        }
        turn_on()?;
        let terminal = Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(
            1 << 16,
            io::stdout(),
        )))
        .inspect_err(|_| give_back())?;
        Ok(Self {
            terminal,
            stale: false,
            title: String::new(),
            mouse: false,
        })
    }

    /// Its size.
    pub fn size(&self) -> io::Result<Size> {
        let size = self.terminal.size()?;
        Ok(Size {
            width: size.width,
            height: size.height,
        })
    }

    /// Draws a frame; only what changed is written. What the picture says of itself comes back; where it
    /// names links, the cells there are written once more, as links.
    pub fn draw<T: Default>(
        &mut self,
        picture: impl FnOnce(&mut Frame) -> T,
        links: impl Fn(&T) -> Vec<(Rect, String)>,
    ) -> io::Result<T> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        if std::mem::take(&mut self.stale) {
            // Clears. The library's own `clear` would ask the terminal where the cursor is, whose answer
            // has to get past the task that reads keys, and give up after two seconds.
            let size = self.terminal.size()?;
            self.terminal.resize(size.into())?;
        }
        let mut said = T::default();
        let frame = self.terminal.draw(|frame| said = picture(frame))?;
        let cells = |area: Rect| -> Vec<(u16, u16, Cell)> {
            let inside = area.intersection(frame.area).positions();
            inside
                .map(|at| (at.x, at.y, frame.buffer[at].clone()))
                .collect()
        };
        let links: Vec<_> = links(&said)
            .into_iter()
            .filter(|(_, to)| to.bytes().all(|byte| byte.is_ascii_graphic()))
            .map(|(area, to)| (to, cells(area)))
            .collect();
        let backend = self.terminal.backend_mut();
        for (to, cells) in links {
            // A cell of the library holds no link. Its width is the same with one, and the cursor goes
            // back to where it was.
            queue!(
                backend,
                SavePosition,
                Print(format_args!("\x1b]8;;{to}\x1b\\"))
            )?;
            backend.draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell)))?;
            queue!(backend, Print("\x1b]8;;\x1b\\"), RestorePosition)?;
        }
        execute!(backend, EndSynchronizedUpdate)?;
        Ok(said)
    }

    /// Gives the window a title, where it has another one.
    pub fn title(&mut self, title: &str) -> io::Result<()> {
        if self.title == title {
            return Ok(());
        }
        title.clone_into(&mut self.title);
        queue!(self.terminal.backend_mut(), SetTitle(title))
    }

    /// Takes clicks and the wheel, or leaves them to the terminal, which selects text with them.
    pub fn mouse(&mut self, on: bool) -> io::Result<()> {
        if self.mouse == on {
            return Ok(());
        }
        self.mouse = on;
        let modes = if on { MOUSE_ON } else { MOUSE_OFF };
        execute!(self.terminal.backend_mut(), Print(modes))
    }

    /// Asks the terminal for the colour of its background (OSC 11). The answer, if there is any, comes in
    /// among the keys.
    pub fn ask_background(&mut self) -> io::Result<()> {
        execute!(self.terminal.backend_mut(), Print("\x1b]11;?\x1b\\"))
    }

    /// Rings the terminal's bell; what it does with it is its setting.
    pub fn ring(&mut self) -> io::Result<()> {
        execute!(self.terminal.backend_mut(), Print(BELL))
    }

    /// Forgets what is on the screen, so that the next drawing writes everything.
    pub fn redraw(&mut self) {
        self.stale = true;
    }

    /// Hands a line to the terminal's clipboard (OSC 52). Whether it takes it, it does not say.
    /// Whether it was handed over: one that is too long for terminals is not.
    pub fn copy(&mut self, line: &str) -> io::Result<bool> {
        let Some(sequence) = osc::clipboard(line, in_tmux()) else {
            return Ok(false);
        };
        execute!(self.terminal.backend_mut(), Print(sequence))?;
        Ok(true)
    }

    /// Shows a notice beside the picture, where the terminal knows how.
    pub fn notify(&mut self, form: Notices, text: &str) -> io::Result<()> {
        let sequence = osc::notice(form, text, in_tmux());
        execute!(self.terminal.backend_mut(), Print(sequence))
    }

    /// Gives the terminal back, stops until the shell continues the program, and takes it again.
    pub fn suspend(&mut self) -> io::Result<()> {
        io::Write::flush(self.terminal.backend_mut())?;
        give_back();
        // All of the job, as the terminal itself would: a script that started us would wait for us
        // otherwise, and the shell for the script.
        rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
        turn_on()?;
        self.redraw();
        self.title.clear();
        self.mouse = false;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A frame that broke off has begun in the buffer, and would be written after the end.
        let _ = io::Write::flush(self.terminal.backend_mut());
        give_back();
    }
}

/// The terminal is tmux, which has another one around it.
fn in_tmux() -> bool {
    std::env::var_os("TMUX").is_some_and(|value| !value.is_empty())
}

fn turn_on() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()
        .and_then(|()| {
            execute!(
                io::stdout(),
                Print(PUSH_TITLE),
                EnterAlternateScreen,
                EnableBracketedPaste,
                EnableFocusChange
            )
        })
        .inspect_err(|_| give_back())
}

/// Turns off every mode that was turned on. Errors are of no use to anybody here: the terminal may be gone.
pub fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(
            io::stdout(),
            EndSynchronizedUpdate,
            Print(MOUSE_OFF),
            DisableFocusChange,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            // A terminal without a pile of titles is left with none, which is its own.
            SetTitle(""),
            Print(POP_TITLE),
            Show
        );
        let _ = disable_raw_mode();
        let _ = io::stdout().flush();
    }
}

/// Where the program had a fault of its own, for the sentence after the terminal was given back.
static FAULT: Mutex<Option<String>> = Mutex::new(None);

/// The thread that loads the numbering plans, which answers for its own panics.
pub const WARMING: &str = "numbering plans";

/// A panic says nothing by itself. Only the place in the source is kept: a panic's message may hold what
/// was typed or received.
pub fn hush_panics() {
    panic::set_hook(Box::new(keep_place));
}

/// What a panic does: nothing to the screen. On this thread, the terminal is given back while the panic
/// unwinds, unless somebody catches it before; on any other thread the program is asked to end.
pub fn on_panic(events: UnboundedSender<Event>, log: Log) {
    let own = thread::current().id();
    panic::set_hook(Box::new(move |info| {
        if thread::current().name() == Some(WARMING) {
            return;
        }
        log.note(&Line::Panicked {
            place: info.location().map(Word::place),
        });
        keep_place(info);
        if thread::current().id() != own {
            // A closed inbox means that the desk is ending anyway.
            let _ = events.send(Event::Faulted);
        }
    }));
}

fn keep_place(info: &PanicHookInfo) {
    let place = info.location().map(|place| {
        // The file alone: where a build machine keeps its sources is nobody's business.
        let file = Path::new(place.file()).file_name().unwrap_or_default();
        format!("{}:{}", file.to_string_lossy(), place.line())
    });
    *FAULT.lock().unwrap_or_else(PoisonError::into_inner) = place;
}

/// The sentence after a fault of ours. Holds no data.
pub fn fault_sentence() -> String {
    let place = FAULT.lock().unwrap_or_else(PoisonError::into_inner).take();
    let place = place
        .map(|place| format!(" at {place}"))
        .unwrap_or_default();
    format!(
        "tuilio had a fault of its own{place} and ended. What was sent is in the history; what is not known is looked up at the next start."
    )
}

/// Tells when the terminal has gone away. The library that reads keys does not, and the signal goes to
/// the leader of the session alone, which may be a shell that ignores it. A thread that sleeps until
/// then costs nothing; it is never joined.
pub fn watch(events: UnboundedSender<Event>) -> io::Result<()> {
    let watch = move || {
        if hangs_up(None) {
            // A closed inbox means that the desk has ended before.
            let _ = events.send(Event::TerminalGone);
        }
    };
    let name = "terminal".to_owned();
    thread::Builder::new().name(name).spawn(watch).map(drop)
}

/// The terminal has gone away already.
pub fn has_gone() -> bool {
    hangs_up(Some(&Timespec::default()))
}

/// Waits so long for the terminal to go away, and says whether it did.
fn hangs_up(patience: Option<&Timespec>) -> bool {
    let input = io::stdin();
    // Asked for nothing, it answers for a hang-up alone, and not for keys.
    let mut terminal = [PollFd::new(&input, PollFlags::empty())];
    let answer = rustix::io::retry_on_intr(|| event::poll(&mut terminal, patience));
    let gone = PollFlags::HUP | PollFlags::ERR;
    answer.is_ok() && terminal[0].revents().intersects(gone)
}

/// The error is that of a terminal that has gone away.
pub fn means_gone(error: &io::Error) -> bool {
    [Errno::IO, Errno::NXIO, Errno::PIPE]
        .iter()
        .any(|gone| error.raw_os_error() == Some(gone.raw_os_error()))
}

/// The terminal has gone away: nothing may be written to it any more, or the writing itself would fail.
pub fn let_go() {
    TAKEN.store(false, Ordering::SeqCst);
    if let Ok(null) = std::fs::File::options()
        .read(true)
        .write(true)
        .open("/dev/null")
    {
        let _ = rustix::stdio::dup2_stdin(&null);
        let _ = rustix::stdio::dup2_stdout(&null);
        let _ = rustix::stdio::dup2_stderr(&null);
    }
}
