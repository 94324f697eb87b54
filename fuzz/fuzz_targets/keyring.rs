#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tuilio_fuzz::laws::files::keyring(bytes));
