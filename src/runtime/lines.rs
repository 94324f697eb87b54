//! Lines from standard input, for the line mode.
//!
//! A thread of its own reads them, since a read of a terminal cannot be given up. It is never joined: it
//! ends with the input or with the program. A line may hold a key or a code, so what goes is wiped. Where Ctrl-Z
//! does not stop the program, it is a byte of the line like any other, which nobody meant.
//!
//! A terminal does not say of lines that they are a paste, since brackets for it would need an escape sequence. Nobody
//! types so fast, though.

use std::io::{self, BufRead, IsTerminal};
use std::thread;
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

/// The longest line that is taken; what is longer is cut.
const LONGEST: usize = 64 * 1024;

/// As a terminal sends it.
const CTRL_Z: u8 = 0x1a;

/// Lines of a terminal that follow each other so soon came at once.
const AT_ONCE: Duration = Duration::from_millis(20);

/// What comes in.
pub enum Entered {
    /// A line that was typed, or read from a file.
    Line(Zeroizing<String>),
    /// Several lines at once, as a paste brings them.
    Paste(Zeroizing<String>),
}

/// Lines as they are typed.
pub struct Lines {
    typed: UnboundedReceiver<Zeroizing<String>>,
    /// Those that have come at once so far.
    at_once: Vec<Zeroizing<String>>,
    by_hand: bool,
}

impl Lines {
    /// Begins to read.
    pub fn start() -> io::Result<Self> {
        let (lines, receiver) = unbounded_channel();
        let read = move || {
            for line in io::stdin().lock().split(b'\n').map_while(Result::ok) {
                let mut line = Zeroizing::new(line);
                line.retain(|byte| *byte != CTRL_Z);
                let line = String::from_utf8_lossy(&line[..line.len().min(LONGEST)]).into_owned();
                if lines.send(line.into()).is_err() {
                    break;
                }
            }
        };
        thread::Builder::new()
            .name("lines".to_owned())
            .spawn(read)?;
        Ok(Self {
            typed: receiver,
            at_once: Vec::new(),
            by_hand: io::stdin().is_terminal(),
        })
    }

    /// The next one; none when the input has ended. Nothing is lost where nobody waits for the answer to the end.
    pub async fn next(&mut self) -> Option<Entered> {
        if self.at_once.is_empty() {
            let line = self.typed.recv().await?;
            if !self.by_hand {
                return Some(Entered::Line(line));
            }
            self.at_once.push(line);
        }
        while let Ok(Some(line)) = timeout(AT_ONCE, self.typed.recv()).await {
            self.at_once.push(line);
        }
        Some(entered(std::mem::take(&mut self.at_once)))
    }
}

fn entered(mut lines: Vec<Zeroizing<String>>) -> Entered {
    if lines.len() == 1 {
        return Entered::Line(lines.remove(0));
    }
    // Made at its whole size: text that is moved to grow leaves a copy behind.
    let size = lines.iter().map(|line| line.len() + 1).sum();
    let mut text = Zeroizing::new(String::with_capacity(size));
    for (at, line) in lines.iter().enumerate() {
        text.push_str(if at == 0 { "" } else { "\n" });
        text.push_str(line.trim_end_matches('\r'));
    }
    Entered::Paste(text)
}

/// How many lines the terminal shows at once.
pub fn rows() -> u16 {
    crossterm::terminal::size().map_or(50, |(_, rows)| rows)
}
