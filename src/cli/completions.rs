//! `tuilio completions`: a script that completes command lines in a shell.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::output::page;
use super::{Arguments, Exit};

/// Prints it.
pub fn run(shell: Shell) -> Exit {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "tuilio", &mut script);
    page(&String::from_utf8_lossy(&script))
}
