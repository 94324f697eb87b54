//! tuilio: a terminal desk for support staff who send texts and verify phone numbers through Twilio.
#![forbid(unsafe_code)]

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod keymap;
pub mod layout;
pub mod model;
pub mod text;
pub mod simulator;
pub mod runtime;
pub mod twilio;
pub mod view;
pub mod paths;
pub mod store;
pub mod vault;
