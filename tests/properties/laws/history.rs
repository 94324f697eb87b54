//! The history: what is typed to filter it, and what stands in its file.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;
use tuilio::domain::export::{Format, export};
use tuilio::domain::history_query::{HistoryQuery, Reader};
use tuilio::domain::{
    Intent, Language, NewMessage, OpId, Operation, PhoneNumber, Sender, Timestamp,
};
use tuilio::store::{History, Journal, Store, Twin};

use super::chars::assert_harmless;
use super::tape::Tape;

fn now() -> Timestamp {
    "2026-03-04T14:00:00Z".parse().unwrap()
}

thread_local! {
    static SHELF: RefCell<Shelf> = RefCell::new(Shelf::new());
    static SMALL: RefCell<Store> = RefCell::new(small());
}

/// A history of a few texts, to be asked.
fn small() -> Store {
    let mut store = Store::in_memory().unwrap();
    for (seq, body) in ["Hello", "100 % of_it\\", "'; --", "été ß İ"]
        .into_iter()
        .enumerate()
    {
        let operation = Operation {
            id: OpId {
                session: store.session(),
                seq: seq as u32,
            },
            intent: Intent::Text(NewMessage::new(
                PhoneNumber::from_e164("+14155550123").unwrap(),
                Sender::Name("ACME".to_owned()),
                body,
            )),
            at: now(),
            account: None,
            home: None,
            ticket: None,
            agent: None,
            skew_seconds: None,
        };
        store.intend(&operation, Twin::Refuse).unwrap();
    }
    store
}

/// Whatever is typed is a question that the history can answer, or one sentence.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let reader = Reader {
        now: now(),
        zone: &TimeZone::UTC,
        default_country: "US",
        language: Language::English,
    };
    match HistoryQuery::parse(&text, reader) {
        Ok(query) => {
            assert_eq!(HistoryQuery::parse(&text, reader).as_ref(), Ok(&query));
            let debug = format!("{query:?}");
            assert!(debug.len() < 60, "{debug}");
            SMALL.with_borrow(|store| {
                let all = store.find(&query, None, 100, now()).unwrap();
                assert!(all.matches <= all.total && all.total == 4);
                assert!(!query.is_empty() || all.matches == 4);
                let one = store.find(&query, None, 1, now()).unwrap();
                assert_eq!(one.matches, all.matches);
                assert!(one.page.rows.len() <= 1);
            });
        }
        Err(sentence) => assert_harmless(&sentence.to_string(), "a sentence"),
    }
}

/// A history in a file that somebody else writes into.
struct Shelf {
    store: Store,
    other: Connection,
    _folder: TempDir,
}

impl Shelf {
    fn new() -> Self {
        let place = if Path::new("/dev/shm").is_dir() {
            PathBuf::from("/dev/shm")
        } else {
            std::env::temp_dir()
        };
        let folder = tempfile::tempdir_in(place).unwrap();
        let store = Store::open(folder.path()).unwrap();
        let other = Connection::open(folder.path().join("history.db")).unwrap();
        other
            .execute_batch("PRAGMA synchronous=OFF; PRAGMA ignore_check_constraints=ON; PRAGMA foreign_keys=OFF;")
            .unwrap();
        Self {
            store,
            other,
            _folder: folder,
        }
    }
}

/// The columns of an entry, with what could stand in them.
const COLUMNS: [(&str, &[&str]); 16] = [
    (
        "at",
        &[
            "2026-03-04T13:59:00Z",
            "9999-12-30T22:00:00.999999999Z",
            "-009999-01-02T01:59:59Z",
            "0000-01-01T00:00:00Z",
        ],
    ),
    ("kind", &["text", "verify_start", "verify_check", "lookup"]),
    (
        "recipient",
        &["+14155550123", "ada@example.org", "+1\u{202e}"],
    ),
    ("body", &["Hello", "\u{1b}[2J\u{202e}\u{e0041}", "=1+1"]),
    (
        "intent",
        &[
            r#"{"text":{"sender":{"name":"ACME"},"validity_seconds":null,"send_at":null,"smart_encoded":null}}"#,
            r#"{"text":{"sender":{"number":"+15005550006"},"validity_seconds":4294967295,"send_at":"9999-12-30T22:00:00Z","smart_encoded":true}}"#,
            r#"{"verify_start":{"service":"VA00000000000000000000000000000001","channel":"sms","locale":null,"send_digits":null,"tags":[]}}"#,
            r#"{"verify_check":{"service":"VA00000000000000000000000000000001","key":{"to":"+14155550123"},"recipient_known":true}}"#,
            r#"{"look_up":{"line_type":true}}"#,
        ],
    ),
    (
        "state",
        &[
            "intended", "settled", "not_sent", "refused", "unknown", "else",
        ],
    ),
    (
        "sid",
        &[
            "SM00000000000000000000000000000001",
            "VE00000000000000000000000000000001",
            "SM1",
        ],
    ),
    (
        "status",
        &["sent", "pending", "approved", "\u{1b}[2J", "valid"],
    ),
    ("open", &[]),
    (
        "outcome",
        &[
            r#"{"text":{"error":30003,"segments":4294967295}}"#,
            r#"{"verification":{"channel":"sms","sends":5,"expires_at":"9999-12-30T22:00:00Z","delivery":{"status":"delivered","error":null,"attempt":null,"call":"\u001b[2J","carrier":"\u202e"}}}"#,
            r#"{"lookup":{"valid":true,"validation_errors":["\u001b"],"country":"US","line_type":"mobile","carrier":"x"}}"#,
            r#"{"failure":{"kind":"refused","code":21211,"status":400,"message":"\u001b[2J\u202e","retry_after":4294967295,"request_id":null}}"#,
        ],
    ),
    (
        "updated_at",
        &["2026-03-04T13:59:01Z", "9999-12-30T22:00:00Z"],
    ),
    ("account", &["AC00000000000000000000000000000001"]),
    ("ticket", &["48213", "+1 415 555 0123"]),
    ("agent", &["desk-7", "\u{1b}]0;x\u{7}\u{202e}"]),
    ("session", &[]),
    ("home", &["us1", "ie1", "https://twilio.example.org"]),
];

/// What a clock may be said to have been ahead.
const AHEAD: [i64; 8] = [
    0,
    -30,
    86_400,
    15_000_000_000,
    -15_000_000_000,
    400_000_000_000,
    i64::MAX,
    i64::MIN,
];

/// A row that somebody else wrote is read or reported as damage. What is read can be shown and exported.
pub fn rows(bytes: &[u8]) {
    let mut tape = Tape::new(bytes);
    let mut values: Vec<(&str, Value)> = COLUMNS
        .iter()
        .map(|&(name, usual)| {
            let free = Value::Text;
            let value = match (tape.byte(), usual) {
                (0..=7, _)
                    if ![
                        "at",
                        "kind",
                        "intent",
                        "state",
                        "updated_at",
                        "open",
                        "session",
                    ]
                    .contains(&name) =>
                {
                    Value::Null
                }
                (255, _) if !["open", "session"].contains(&name) => free(tape.text()),
                (n, []) => Value::Integer(i64::from(n % 2)),
                (n, usual) => free(usual[usize::from(n) % usual.len()].to_owned()),
            };
            (name, value)
        })
        .collect();
    values.push(("seq", Value::Integer(3)));
    let ahead = AHEAD.get(usize::from(tape.byte()) % 16);
    let ahead = ahead.map_or(Value::Null, |&seconds| Value::Integer(seconds));
    values.push(("skew_seconds", ahead));
    let read = SHELF.with_borrow_mut(|shelf| {
        shelf.other.execute("DELETE FROM operations", []).unwrap();
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        let blanks = vec!["?"; names.len()].join(", ");
        let insert = format!(
            "INSERT INTO operations ({}) VALUES ({blanks})",
            names.join(", ")
        );
        let values = values.iter().map(|(_, value)| value);
        let written = shelf
            .other
            .execute(&insert, rusqlite::params_from_iter(values));
        // What the file itself refuses is not there to be read.
        written.ok()?;
        let _ = shelf.store.unknown();
        let _ = shelf.store.unfinished(100);
        let _ = shelf.store.tally(now(), now(), now(), None);
        let everything = HistoryQuery::default();
        let _ = shelf.store.find(&everything, None, 100, now());
        Some(shelf.store.page(None, 100))
    });
    match read {
        None => {}
        Some(Err(error)) => {
            let causes = tuilio::domain::failure::with_causes(&error);
            assert_harmless(&causes, "an error of the history");
        }
        Some(Ok(page)) => {
            for format in [Format::Csv, Format::JsonLines] {
                let file = String::from_utf8(
                    export(&page.rows, format, false, Timestamp::UNIX_EPOCH).unwrap(),
                )
                .unwrap();
                super::chars::assert_harmless_lines(&file.replace('\r', ""), "an export");
            }
            let debug = format!("{page:?}");
            assert!(!debug.contains("4155550123"), "{debug}");
            super::desk::shows(&page, tape.byte());
        }
    }
}
