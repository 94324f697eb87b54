//! Trials of a harness of our own, and how many of something they do.
#![expect(clippy::expect_used, reason = "a test that cannot go on says where")]

use libtest_mimic::Trial;

/// A trial that passes unless it panics.
pub fn trial(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

/// How many times, by a variable of the environment.
pub fn count(variable: &str, usual: usize) -> usize {
    std::env::var(variable).map_or(usual, |count| count.parse().expect("a number"))
}
