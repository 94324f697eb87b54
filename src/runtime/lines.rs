//! Lines from standard input, for the line mode.
//!
//! A thread of its own reads them, since a read of a terminal cannot be given up. It is never joined: it
//! ends with the input or with the program. A line may hold a key or a code, so what goes is wiped. Where Ctrl-Z
//! does not stop the program, it is a byte of the line like any other, which nobody meant.

use std::io::{self, BufRead};
use std::thread;

use secrecy::zeroize::Zeroizing;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The longest line that is taken; what is longer is cut.
const LONGEST: usize = 64 * 1024;

/// As a terminal sends it.
const CTRL_Z: u8 = 0x1a;

/// Lines as they are typed.
pub struct Lines(UnboundedReceiver<Zeroizing<String>>);

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
        Ok(Self(receiver))
    }

    /// The next one; none when the input has ended.
    pub async fn next(&mut self) -> Option<Zeroizing<String>> {
        self.0.recv().await
    }
}
/// How many lines the terminal shows at once.
pub fn rows() -> u16 {
    crossterm::terminal::size().map_or(50, |(_, rows)| rows)
}
