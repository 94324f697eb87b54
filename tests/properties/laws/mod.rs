//! Laws: what must hold whatever comes in from outside.
//!
//! A law takes bytes, makes of them what its part of the program reads, and fails by a panic where a promise
//! does not hold. Each stands here once: `tests/properties` tries it with made-up and mutated input in the
//! normal run, a target in `fuzz/` of the same name lets a fuzzer search for as long as one likes.
//! Nothing in a law depends on anything but its bytes, so that what was found is found again.

pub mod answers;
pub mod chars;
pub mod desk;
pub mod files;
pub mod history;
pub mod people;
pub mod seeds;
pub mod tape;
pub mod terminal;
pub mod text;
pub mod world;

/// A law by its name.
pub struct Law {
    /// The name of the fuzz target, too.
    pub name: &'static str,
    /// Fails by a panic.
    pub holds: fn(&[u8]),
    /// Input that it takes to the heart of its matter, from the repository's own files.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

macro_rules! laws {
    ($($module:ident :: $name:ident),* $(,)?) => {
        /// All of them.
        pub const ALL: &[Law] = &[
            $(Law { name: stringify!($name), holds: $module::$name, seeds: seeds::$name }),*
        ];
    };
}
laws!(
    text::cleaning,
    text::exports,
    text::cells,
    text::segments,
    answers::answers,
    answers::outcomes,
    answers::addresses,
    people::phone,
    people::keys_in_a_paste,
    people::code_in_a_paste,
    people::words,
    files::config,
    files::policy,
    files::chord,
    files::theme,
    files::template,
    files::scene,
    files::twilio_cli,
    files::keyring,
    history::query,
    history::rows,
    terminal::input,
    terminal::field,
    desk::desk,
    desk::lines,
    world::world,
    world::door,
);
