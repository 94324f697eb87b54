//! `tuilio man`: the manual, for `man -l -`.

use crate::domain::phrase;
use clap::CommandFactory;
use clap_mangen::Man;

use super::output::page;
use super::{Arguments, Exit};

/// Prints the page of tuilio, or of one of its commands.
pub fn run(command: Option<&str>) -> Exit {
    let mut tuilio = Arguments::command();
    tuilio.build();
    let command = match command {
        None => tuilio,
        Some(name) => match tuilio.find_subcommand(name) {
            Some(found) => found.clone(),
            None => {
                return Exit::unfit(phrase!(
                    "There is no such command: tuilio --help lists all of them."
                ));
            }
        },
    };
    let mut text = Vec::new();
    match Man::new(command).render(&mut text) {
        Ok(()) => page(&String::from_utf8_lossy(&text)),
        Err(error) => Exit::fault(format!("The manual could not be written: {error}.")),
    }
}
