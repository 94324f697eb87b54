//! What once broke a law, so that it never does again: the law, the bytes, and what was wrong, in a sentence.

/// All of it.
pub const FOUND: &[(&str, &[u8], &str)] = &[];
