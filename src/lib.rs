//! tuilio: a terminal desk on which support staff verify that a customer holds a phone number, send a
//! text, and see what became of both, through Twilio. Not affiliated with Twilio.
//!
//! # The screen, and where it comes from
//!
//! ```text
//!  [Verify]   Message    History    Settings          Acme Support · work    view::chrome
//! ────────────────────────────────────────────────────────────────────────
//!    +1 415 555 0123   United States, California   by SMS                     view::verify,
//!                                                                             model::check
//!    ✓ Sent 14:01:12     ✓ Delivered 14:01:15     … Waiting for the code      view::words
//!
//!  ▸ Code        4 8 2   _ _ _
//!
//!    Tries left  5 of 5  ●●●●●       Good until 14:11  8:42 left
//!    Sends left  4 of 5  ●●●●○       Send again in     0:21
//! ────────────────────────────────────────────────────────────────────────
//!  0-9 code   r again (0:21)   c call   x stop this check   F1 help           keymap::table
//! ```
//!
//! # The journey of one value
//!
//! A key becomes an [`Event`](model::Event) in [`runtime::input`]; the loop in [`app`] stamps it and hands
//! it to [`Model::update`](model::Model::update); what is to be done comes back as an
//! [`Effect`](model::Effect), plain data. [`runtime`] performs it: `Intend` writes the operation down in
//! [`store`], `Call` goes through [`twilio::request`] to the wire, the answer comes back through
//! [`twilio::response`] as an event, `Settle` writes down what became of it. [`view`] draws the model.
//! One direction, one inbox, no tick. The one-shot commands in [`cli`] drive the same
//! [`Operations`](model::operations::Operations) by the same effects.
//!
//! # The floors of the house
//!
//! ```text
//! main
//! cli   plain   app              commands, and the loops of the desk
//! runtime   simulator   view     the outside   a pretend Twilio   the screen
//! model   twilio   store   vault the state   the client   the history   the keyring
//! keymap   layout   text   config   paths
//! domain                         values
//! ```
//!
//! Every arrow goes down; a test reads the imports and fails on one that does not. What stands below
//! `runtime` on the way of the desk (`model`, `view`, `keymap`, `layout`, `text`, `domain`, the pure
//! halves of `twilio`, the simulator without its doors) has no clock, no thread, no task and no I/O.
//!
//! # What always holds
//!
//! - Whatever changes the world is on disk before it is sent, and settled after. What is not settled is
//!   *not known*, is looked up, and is never sent again without a person's yes.
//! - A secret or a verification code is in no file, log, panic, `Debug` or process argument; a phone
//!   number is masked in all of these but the arguments.
//! - What others wrote is cleaned before it is shown.
#![forbid(unsafe_code)]

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod keymap;
pub mod layout;
pub mod model;
pub mod paths;
pub mod plain;
pub mod runtime;
pub mod simulator;
pub mod store;
pub mod text;
pub mod twilio;
pub mod vault;
pub mod view;
