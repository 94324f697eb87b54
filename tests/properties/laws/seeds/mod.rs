//! Input to begin with, made of what lies in the repository and of what the simulator answers: one list for
//! each law, by the same name. It is small, and the same on each run.

mod answered;
mod files;
mod told;

pub use self::answered::{answers, door, outcomes, recorded, world};
pub use self::files::{config, keyring, policy, scene, template, theme, twilio_cli};
pub use self::told::{desk, field, input, lines};
use super::chars::HOSTILE;
use super::tape::Recording;

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

pub fn cleaning() -> Vec<Vec<u8>> {
    texts(HOSTILE)
}

pub fn exports() -> Vec<Vec<u8>> {
    let record = |text: &&str| {
        Recording::default()
            .text("48213")
            .text(text)
            .text("ACME")
            .rest(text)
    };
    HOSTILE.iter().map(record).collect()
}

pub fn cells() -> Vec<Vec<u8>> {
    let record = |text: &&str| Recording::default().byte(12).byte(7).rest(text);
    HOSTILE.iter().map(record).collect()
}

pub fn segments() -> Vec<Vec<u8>> {
    let mut seeds = texts(HOSTILE);
    seeds.push("x".repeat(161).into_bytes());
    seeds.push("^€[]{}~|\\".repeat(20).into_bytes());
    seeds.push("“Hello” – it’s me…".repeat(5).into_bytes());
    seeds
}

pub fn addresses() -> Vec<Vec<u8>> {
    texts(&[
        "https://gateway.example:8443",
        "http://127.0.0.1:4010/",
        "http://[::1]:4010",
        "http://localhost",
        "http://0x7f.1",
        "https://user:pass@api.twilio.com",
        "https://api.twilio.com@evil.example",
        "http://localhost.evil.example",
        "https://例え.jp",
        "ie1 dublin",
        "au1 sydney.evil.example/#",
    ])
}

pub fn phone() -> Vec<Vec<u8>> {
    let numbers = [
        "+1 415 555 0123",
        "(415) 555-0123 ext. 12",
        "tel:+1-415-555-0123;ext=12",
        "0049 (0) 151 1234567",
        "٠١٢٣٤٥٦٧٨٩",
        "+44\u{200b}7700\u{2011}900117",
        "4155550123 / 4155550124",
        "415 55O 0123",
        "Call +39 06 1234 5678 or +39 06 1234 5679",
        "ada@example.org",
        "1-800-FLOWERS",
        "+999 123",
        "＋１４１５５５５０１２３",
        "%2B14155550123",
        "555-0123;phone-context=+1-415",
        "++++1",
        "0000000000000000000000000000000000000000",
        "112",
        "+1",
    ];
    (0..3)
        .flat_map(|country| numbers.map(|number| Recording::default().byte(country).rest(number)))
        .collect()
}

pub fn keys_in_a_paste() -> Vec<Vec<u8>> {
    let (hex, rich) = ("0123456789abcdef".repeat(2), "aB3dE5gH".repeat(4));
    [
        format!("Account SID: AC{hex}\nAuth Token: {hex}"),
        format!("export TWILIO_API_KEY=SK{hex}\nexport TWILIO_API_SECRET={rich}\nTWILIO_ACCOUNT_SID=AC{hex}"),
        format!("{{\"sid\":\"SK{hex}\",\"secret\":\"{rich}\",\"service\":\"VA{hex}\",\"from\":\"+14155550123\"}}"),
        format!("{hex} {rich} MG{hex} +1 (415) 555-0123 from +14155550124"),
        format!("token {hex}\nsecret {hex}"),
    ]
    .map(String::into_bytes)
    .into()
}

pub fn code_in_a_paste() -> Vec<Vec<u8>> {
    [
        "Your Acme code is 482 913, good for 10 minutes.",
        "482913",
        "4-8-2-9-1-3",
        "G-482913",
        "４８２９１３",
        "482913 or 482914",
        "a1b2c3",
        "123456 10:30 2026-03-04",
        "١٢٣٤٥٦",
    ]
    .map(|text| Recording::default().byte(2).rest(text))
    .into()
}

pub fn words() -> Vec<Vec<u8>> {
    let mut seeds = texts(&[
        "48213",
        "ACME-48213",
        " a  b\tc ",
        "ada@example.org",
        "a\u{202e}da@example.org",
        "ada@exam\u{200b}ple.org",
        "ada\u{200d}@example.org",
        "SM00000000000000000000000000000001",
        "SMé0000000000000000000000000000000",
    ]);
    seeds.extend(texts(HOSTILE));
    seeds
}

pub fn chord() -> Vec<Vec<u8>> {
    texts(&[
        "Ctrl-K",
        "Alt-Ctrl-k",
        "Ctrl-Alt-K",
        "Alt-Alt-x",
        "Ctrl- ",
        "Space",
        "F12",
        "F255",
        "Shift-Tab",
        "Alt-Enter",
        "é",
        "Ctrl-É",
        "\u{1b}",
        "\u{202e}",
        "Ctrl-\u{9b}",
        "Alt-\u{200b}",
        "\u{301}",
        "F",
        "F0",
        "Alt-F4",
        "İ",
        "Ctrl-ß",
        "Alt-Space",
        "-",
        "Ctrl--",
    ])
}

pub fn query() -> Vec<Vec<u8>> {
    let mut seeds = texts(&[
        "status:failed since:7d ticket:48213 to:+1415 sam",
        "since:2026-03-04 until:today",
        "to:+1 415 555 0123",
        "kind:text by:sms",
        "error:30003 agent:desk-7",
        "% _ \\ ' \"",
        "since:9999-12-31",
        "until:9999-12-31",
        "since:9223372036854775807d",
        "since:-1d",
        "415 555 0123",
        "status:",
        "colour:red",
        "\u{1b}[2J:x",
        "since:é",
        "since:0d until:-9999-01-01",
        "İ ß é",
    ]);
    seeds.extend(texts(HOSTILE));
    seeds
}

pub fn rows() -> Vec<Vec<u8>> {
    // A row, by which of the usual values stands in each of its columns.
    let row =
        |kind: u8, intent: u8, state: u8, sid: u8, status: u8, outcome: u8, at: u8| -> Vec<u8> {
            let of = |value: u8, count: u8| (8..8 + count).find(|n| n % count == value).unwrap();
            let (recipient, body, open) = (of(0, 3), of(1, 3), 9);
            vec![
                of(at, 4),
                of(kind, 4),
                recipient,
                body,
                of(intent, 5),
                of(state, 6),
                of(sid, 3),
                of(status, 5),
                open,
                of(outcome, 4),
                of(at % 2, 2),
                8,
                of(0, 2),
                of(1, 2),
                9,
                0,
            ]
        };
    let mut seeds = Vec::new();
    for at in 0..4 {
        // A text, a check, a lookup, and texts that were refused, not sent, and not known.
        seeds.push(row(0, 0, 1, 0, 0, 0, at));
        seeds.push(row(0, 1, 0, 0, 3, 0, at));
        seeds.push(row(1, 2, 1, 1, 1, 1, at));
        seeds.push(row(2, 3, 1, 1, 2, 1, at));
        seeds.push(row(3, 4, 1, 2, 4, 2, at));
        for state in 2..5 {
            seeds.push(row(0, 0, state, 2, 0, 3, at));
            seeds.push(row(1, 2, state, 2, 0, 3, at));
        }
    }
    for seed in seeds.clone() {
        // What a column may hold besides.
        for column in [1, 3, 7, 11, 13] {
            let mut seed = seed.clone();
            seed[column] = seed[column].wrapping_add(1);
            seeds.push(seed);
        }
    }
    seeds
}
