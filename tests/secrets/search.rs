//! What must not be found, and the finding of it: as it is, and in the forms in which programs carry text
//! about without meaning to.
//!
//! A search that finds nothing proves something only if it would have found it. So every form has a trial
//! that hides a secret by somebody else's encoder, at every offset, and looks for it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use libtest_mimic::Trial;

use crate::trial;

/// Something that must not be found.
pub struct Mark {
    /// What it is, for the sentence that says where it was found.
    pub name: String,
    forms: Vec<Form>,
}

struct Form {
    name: &'static str,
    /// A byte for each character, so that the search of the standard library does the work.
    needle: String,
    /// A number that stands alone: six digits within longer ones are nothing.
    alone: bool,
}

/// A form of a mark, and where it stands.
#[derive(Debug, PartialEq)]
pub struct Leak {
    /// What was found.
    pub mark: String,
    /// How it was written.
    pub form: &'static str,
    /// At which byte.
    pub at: usize,
}

impl Mark {
    /// A token or the secret of a key.
    pub fn secret(name: &str, text: &str) -> Self {
        assert!(text.len() >= 16, "too short to be told from chance");
        Self::new(name, text, false)
    }

    /// A code: so short that it counts only where it stands alone.
    pub fn code(name: &str, digits: &str) -> Self {
        assert!(digits.len() >= 6, "too short to be told from chance");
        Self::new(name, digits, true)
    }

    /// A code as a screen may show it, with room between its digits.
    pub fn spaced(name: &str, digits: &str) -> Self {
        let (first, second) = digits.split_at(digits.len() / 2);
        let one_by_one: Vec<String> = digits.chars().map(String::from).collect();
        let forms = [
            ("digit by digit", one_by_one.join(" ")),
            ("in two groups", format!("{first} {second}")),
            ("with a dash", format!("{first}-{second}")),
        ];
        let form = |(name, needle)| Form {
            name,
            needle,
            alone: true,
        };
        Self {
            name: name.to_owned(),
            forms: forms.into_iter().map(form).collect(),
        }
    }

    fn new(name: &str, text: &str, alone: bool) -> Self {
        let bytes = text.as_bytes();
        let hex = |upper: bool, before: &str| {
            let byte = |byte: &u8| {
                if upper {
                    format!("{before}{byte:02X}")
                } else {
                    format!("{before}{byte:02x}")
                }
            };
            bytes.iter().map(byte).collect::<String>()
        };
        let form: String = form_urlencoded::byte_serialize(bytes).collect();
        let json = serde_json::to_string(text).unwrap();
        let json_codes: Vec<_> = text
            .encode_utf16()
            .map(|unit| format!("\\u{unit:04x}"))
            .collect();
        let wide: String = text.chars().flat_map(|c| [c, '\0']).collect();
        let mut forms = vec![
            ("as it is", text.to_owned(), alone),
            ("reversed", text.chars().rev().collect(), alone),
            ("hex", hex(false, ""), false),
            ("hex in capitals", hex(true, ""), false),
            ("every byte URL-encoded", hex(false, "%"), false),
            ("every byte URL-encoded in capitals", hex(true, "%"), false),
            ("as in a form", form, alone),
            ("escaped for JSON", json.trim_matches('"').to_owned(), alone),
            ("as code units of JSON", json_codes.concat(), false),
            ("in UTF-16", wide, false),
        ];
        for (name, engine) in [("base64", &STANDARD), ("base64 for URLs", &URL_SAFE)] {
            for offset in 0..3 {
                forms.push((name, within_base64(engine, bytes, offset), false));
            }
        }
        let mut mark = Self {
            name: name.to_owned(),
            forms: Vec::new(),
        };
        for (name, needle, alone) in forms {
            let needle = as_characters(needle.as_bytes());
            if mark.forms.iter().all(|form| form.needle != needle) {
                mark.forms.push(Form {
                    name,
                    needle,
                    alone,
                });
            }
        }
        mark
    }
}

/// The characters that stand for these bytes alone, so many bytes after the beginning of what is encoded.
fn within_base64(engine: &impl base64::Engine, bytes: &[u8], offset: usize) -> String {
    let mut whole = vec![0; offset];
    whole.extend_from_slice(bytes);
    let text = engine.encode(&whole);
    // Six bits a character: those at the edges stand for the neighbours, too.
    let first = (offset * 8).div_ceil(6);
    let last = whole.len() * 8 / 6;
    text[first..last].to_owned()
}

/// A character for each byte.
fn as_characters(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// Everything that is found.
pub fn find(marks: &[Mark], bytes: &[u8]) -> Vec<Leak> {
    let text = as_characters(bytes);
    let mut leaks = Vec::new();
    for mark in marks {
        for form in &mark.forms {
            let found = text.match_indices(&form.needle).find(|(at, needle)| {
                let before = text[..*at].chars().next_back();
                let after = text[at + needle.len()..].chars().next();
                // The last letter of an escape sequence may stand before it, the digits of an identifier not.
                let of_more =
                    |c: Option<char>| c.is_some_and(|c| matches!(c, '0'..='9' | 'a'..='f'));
                !form.alone || !(of_more(before) || of_more(after))
            });
            if let Some((at, _)) = found {
                leaks.push(Leak {
                    mark: mark.name.clone(),
                    form: form.name,
                    at: text[..at].chars().count(),
                });
            }
        }
    }
    leaks
}

/// Fails where something is found, and says what, in which form and where, but not the thing itself.
pub fn assert_clean(marks: &[Mark], place: &str, bytes: &[u8]) {
    let leaks = find(marks, bytes);
    assert!(leaks.is_empty(), "{place}: {leaks:?}");
}

/// That the search finds what it says.
pub fn trials() -> Vec<Trial> {
    vec![
        trial("the_search_finds_every_form_at_every_offset", every_form),
        trial("the_search_finds_a_secret_within_basic_credentials", basic),
        trial("the_search_finds_what_has_to_be_escaped", escaped),
        trial("the_search_tells_a_code_from_a_part_of_a_number", alone),
        trial("the_search_says_where_and_never_what", says_where),
    ]
}

const SECRET: &str = "9f86d081884c7d659a2feaa0c55ad015";

type Encode = fn(&[u8]) -> Vec<u8>;

fn every_form() {
    let marks = [Mark::secret("secret", SECRET)];
    let encoders: &[(&str, Encode)] = &[
        ("as it is", <[u8]>::to_vec),
        ("reversed", |bytes| bytes.iter().rev().copied().collect()),
        ("hex", |bytes| {
            bytes
                .iter()
                .flat_map(|b| format!("{b:02x}").into_bytes())
                .collect()
        }),
        ("hex in capitals", |bytes| {
            bytes
                .iter()
                .flat_map(|b| format!("{b:02X}").into_bytes())
                .collect()
        }),
        ("every byte URL-encoded", |bytes| {
            bytes
                .iter()
                .flat_map(|b| format!("%{b:02x}").into_bytes())
                .collect()
        }),
        ("every byte URL-encoded in capitals", |bytes| {
            bytes
                .iter()
                .flat_map(|&b| percent_encoding::percent_encode_byte(b).bytes())
                .collect()
        }),
        ("as code units of JSON", |bytes| {
            bytes
                .iter()
                .flat_map(|b| format!("\\u00{b:02x}").into_bytes())
                .collect()
        }),
        ("in UTF-16", |bytes| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        }),
        ("base64", |bytes| STANDARD.encode(bytes).into_bytes()),
        ("base64 for URLs", |bytes| {
            URL_SAFE.encode(bytes).into_bytes()
        }),
    ];
    for (name, encode) in encoders {
        for before in 0..9 {
            for after in 0..4 {
                // Neighbours of several kinds: base64 joins them with the secret.
                let mut plain = b"~user:\xff?pw"[..before].to_vec();
                plain.extend_from_slice(SECRET.as_bytes());
                plain.extend_from_slice(&b"}\xfb>"[..after.min(3)]);
                let found = find(&marks, &encode(&plain));
                assert!(!found.is_empty(), "{name}, {before} before, {after} after");
            }
        }
    }
    let other = "0123456789abcdef0123456789abcdef";
    for (_, encode) in encoders {
        assert_eq!(find(&marks, &encode(other.as_bytes())), []);
    }
}

fn basic() {
    let marks = [Mark::secret("secret", SECRET)];
    for user in ["SK", "SK1", "SK12"] {
        let header = format!(
            "Authorization: Basic {}\r\n",
            STANDARD.encode(format!("{user}:{SECRET}"))
        );
        let found = find(&marks, header.as_bytes());
        assert_eq!(found.len(), 1, "{user}");
        assert_eq!(found[0].form, "base64");
    }
}

fn escaped() {
    let odd = "pass word/+&=%\"\\\u{e9}ABCDEF";
    let marks = [Mark::secret("secret", odd)];
    let url: String = form_urlencoded::byte_serialize(odd.as_bytes()).collect();
    for text in [serde_json::to_string(odd).unwrap(), url, odd.to_owned()] {
        assert!(!find(&marks, text.as_bytes()).is_empty(), "{text}");
    }
}

fn alone() {
    let marks = [Mark::code("code", "482913")];
    for (text, is_found) in [
        ("code 482913.", true),
        ("482913", true),
        ("\x1b[5;3H482913\x1b[0m", true),
        ("319284", true),
        ("1482913", false),
        ("482913a", false),
        ("2026-11-22T21:59:03.4829135Z", false),
        ("343832393133", true),
    ] {
        assert_eq!(
            !find(&marks, text.as_bytes()).is_empty(),
            is_found,
            "{text:?}"
        );
    }
    for text in ["4 8 2 9 1 3", "482 913", "it was 482-913."] {
        let found = find(&[Mark::spaced("code", "482913")], text.as_bytes());
        assert_eq!(found.len(), 1, "{text}");
    }
    for offset in 0..3 {
        let sentence = format!("{}Your code is 482913, bye", &"ab"[..offset.min(2)]);
        assert!(!find(&marks, STANDARD.encode(sentence).as_bytes()).is_empty());
    }
}

fn says_where() {
    let marks = [Mark::secret("token", SECRET)];
    let leaks = find(&marks, format!("{{\u{e9}: {SECRET}}}").as_bytes());
    let said = format!("{leaks:?}");
    assert_eq!(leaks[0].at, 5, "in bytes");
    assert!(said.contains("token") && !said.contains(SECRET), "{said}");
}
