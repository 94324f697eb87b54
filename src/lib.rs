//! tuilio: a terminal desk for support staff who send texts and verify phone numbers through Twilio.
#![forbid(unsafe_code)]

pub mod config;
pub mod domain;
pub mod paths;
pub mod store;
pub mod twilio;
pub mod vault;
