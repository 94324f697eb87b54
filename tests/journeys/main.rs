//! The desk, story by story: keys, pastes and time go in, and what is checked afterwards is the screen,
//! the history on disk and the simulated Twilio. No state of the desk is built by hand here.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod approve;
mod asking;
mod beside;
mod cautions;
mod clocks;
mod compose;
mod desk;
mod docs;
mod doctor;
mod drafts;
mod elsewhere;
mod failing;
mod families;
mod first_run;
mod footers;
mod from_history;
mod history;
mod honest;
mod hostile;
mod keys_counted;
mod lead;
mod legible;
#[expect(dead_code, reason = "the simulation has more things happen")]
mod life;
mod line;
mod lines;
mod monkey;
mod numbers;
mod offered;
mod pages;
mod pasted;
mod picture;
mod pressure;
mod private;
mod replies;
mod restart;
mod said;
mod scenes;
mod screens;
mod settings;
mod states;
mod states_screens;
mod storm;
mod svg;
mod texts;
mod tidy;
mod told;
mod touch;
mod tour;
mod unknown;
mod waits;
mod withdrawn;
mod world;
