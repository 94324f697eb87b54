//! tuilio: a terminal desk for support staff who send texts and verify phone numbers through Twilio.
#![forbid(unsafe_code)]

pub mod domain;
pub mod simulator;
pub mod twilio;
