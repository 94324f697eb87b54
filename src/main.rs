//! The program: parse, open, run, exit.
#![forbid(unsafe_code)]

fn main() {}
