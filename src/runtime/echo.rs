//! The echo of a terminal, which is off while a line that is typed may hold a secret.
//!
//! The terminal shows what is typed before any program reads it, so it is told beforehand. The end of a line
//! is shown all the same, for whoever types has to see that it was taken. Invariant: whoever goes, by
//! whatever way, leaves the echo as it was found.

use std::io;

use rustix::process::getpgrp;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcgetpgrp, tcsetattr};

/// The echo of standard input, where that is a terminal.
#[derive(Debug, Default)]
pub struct Echo {
    before: Option<LocalModes>,
}

impl Echo {
    /// Nothing that is typed from now on is shown; whether there is a terminal that has been told so.
    pub fn hide(&mut self) -> bool {
        let set = change(|modes| {
            self.before.get_or_insert(*modes);
            modes.remove(LocalModes::ECHO);
            modes.insert(LocalModes::ECHONL);
        });
        set.is_some()
    }

    /// What is typed is shown as it was before.
    pub fn give_back(&mut self) {
        if let Some(before) = self.before.take() {
            let shown = LocalModes::ECHO | LocalModes::ECHONL;
            change(|modes| *modes = (*modes - shown) | (before & shown));
        }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Changes the terminal, if this program has it: one in the background would be stopped by that.
fn change(change: impl FnOnce(&mut LocalModes)) -> Option<()> {
    let input = io::stdin();
    let mut setting = tcgetattr(&input).ok()?;
    if tcgetpgrp(&input).ok()? != getpgrp() {
        return None;
    }
    let before = setting.local_modes;
    change(&mut setting.local_modes);
    if setting.local_modes != before {
        tcsetattr(&input, OptionalActions::Now, &setting).ok()?;
    }
    Some(())
}
