//! The echo of a terminal, which is off while a line that is typed may hold a secret.
//!
//! The terminal shows what is typed before any program reads it, so it is told beforehand. The end of a line
//! is shown all the same, for whoever types has to see that it was taken. Meanwhile Ctrl-Z stops nobody: a
//! shell would get a terminal that shows nothing. Invariant: whoever goes, by whatever way that can be seen
//! coming, leaves the echo as it was found.

use std::io;

use rustix::process::getpgrp;
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetpgrp, tcsetattr,
};

/// Stands for no key (POSIX, `_POSIX_VDISABLE`).
const NO_KEY: u8 = if cfg!(target_os = "linux") { 0 } else { 0xff };

/// The echo of standard input, where that is a terminal.
#[derive(Debug, Default)]
pub struct Echo {
    /// And the key that stops a program.
    before: Option<(LocalModes, u8)>,
}

impl Echo {
    /// Nothing that is typed from now on is shown; whether there is a terminal that has been told so.
    pub fn hide(&mut self) -> bool {
        let set = change(|setting| {
            let stop = &mut setting.special_codes[SpecialCodeIndex::VSUSP];
            self.before.get_or_insert((setting.local_modes, *stop));
            *stop = NO_KEY;
            setting.local_modes.remove(LocalModes::ECHO);
            setting.local_modes.insert(LocalModes::ECHONL);
        });
        set.is_some()
    }

    /// What is typed is shown as it was before.
    pub fn give_back(&mut self) {
        if let Some((before, stop)) = self.before.take() {
            let shown = LocalModes::ECHO | LocalModes::ECHONL;
            change(|setting| {
                setting.local_modes = (setting.local_modes - shown) | (before & shown);
                setting.special_codes[SpecialCodeIndex::VSUSP] = stop;
            });
        }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Changes the terminal, if this program has it: one in the background would be stopped by that.
fn change(change: impl FnOnce(&mut Termios)) -> Option<()> {
    let input = io::stdin();
    let mut setting = tcgetattr(&input).ok()?;
    if tcgetpgrp(&input).ok()? != getpgrp() {
        return None;
    }
    let so = |setting: &Termios| {
        let stop = setting.special_codes[SpecialCodeIndex::VSUSP];
        (setting.local_modes, stop)
    };
    let before = so(&setting);
    change(&mut setting);
    if so(&setting) != before {
        tcsetattr(&input, OptionalActions::Now, &setting).ok()?;
    }
    Some(())
}
