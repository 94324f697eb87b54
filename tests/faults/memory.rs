//! How much memory a desk takes where an answer has no end: the built program, asked of the system.
//!
//! Every request is answered in one of the ways of the page, while a text is sent, its answer is lost and it
//! is looked for. The desk is still there afterwards, and the most that it ever had is read from `/proc`.

use std::io::{BufRead, BufReader, Write};
use std::process::Child;

use tuilio::twilio::wire::Response;

use super::manners::{answer, manner};
use super::server::{Manner, Server, Step};
use crate::program::Tuilio;

/// What a desk may take on top of one that gets short answers, in KiB: twice what was measured for the worst of
/// them, seventy thousand texts in a page of 4 MiB.
const MOST: u64 = 80 << 10;

/// The ways of the page in which an answer is long, and some of its own.
const ENDLESS: &[&str] = &[
    "a head of 64 KiB",
    "a head without an end",
    "a header without an end",
    "a body without an end",
    "a body of 64 MiB",
    "chunks without a size",
    "lists in lists",
    "lists in an object",
    "a page of small texts",
    "a page that unpacks to half a gigabyte",
];

fn of(name: &str) -> Manner {
    let ok = |body: &[u8]| Manner::write(answer("200 OK", &[], body));
    match name {
        "a page of small texts" => {
            let text = r#"{"sid":"SM0123456789abcdef0123456789abcdef","status":"sent"},"#;
            let texts = text.repeat((4 << 20) / text.len() - 2);
            let texts = texts.trim_end_matches(',');
            ok(format!(r#"{{"messages":[{texts}],"next_page_uri":null}}"#).as_bytes())
        }
        "a page that unpacks to half a gigabyte" => Manner::always(vec![Step::Write(answer(
            "200 OK",
            &["Content-Encoding: gzip"],
            &bomb(1 << 29),
        ))]),
        name => {
            let right = Response {
                status: 200,
                headers: Vec::new(),
                body: b"{}".to_vec(),
            };
            manner(name, &right, "")
        }
    }
}

/// So many zeros, packed: one, and the same again in steps of 258, in the fixed code of DEFLATE.
fn bomb(zeros: usize) -> Vec<u8> {
    let (mut packed, mut byte, mut filled) = (b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec(), 0_u8, 0);
    // The last block, of the fixed code; a zero; then a length of 258 and a distance of one.
    let again = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0].repeat(zeros / 258);
    for bit in [&[1, 1, 0][..], &[0, 0, 1, 1, 0, 0, 0, 0], &again, &[0; 7]].concat() {
        byte |= bit << filled;
        filled += 1;
        if filled == 8 {
            packed.push(byte);
            (byte, filled) = (0, 0);
        }
    }
    packed.push(byte);
    // Whoever unpacks it meets the zeros before a sum that is not right.
    packed.extend([0; 8]);
    packed
}

/// The most memory that a desk ever had, in KiB, when it has sent a text and looked for it.
fn most_of(server: &Server) -> u64 {
    let sid = |prefix: &str| format!("{prefix}{}", "1".repeat(32));
    let tuilio = Tuilio::new()
        .with("TUILIO_API_URL", &server.origin)
        .with("TWILIO_ACCOUNT_SID", &sid("AC"))
        .with("TWILIO_API_KEY", &sid("SK"))
        .with("TWILIO_API_SECRET", "a-secret-of-no-account")
        .with("TWILIO_VERIFY_SERVICE_SID", &sid("VA"))
        .with("TWILIO_FROM_NUMBER", "+15005550006");
    let mut desk = Killed(tuilio.start(&["--plain"]));
    let mut keys = desk.0.stdin.take().unwrap();
    keys.write_all(b"F6\n+14155550123\nHello\n\n\n").unwrap();
    let mut said = String::new();
    let mut output = BufReader::new(desk.0.stdout.take().unwrap());
    let mut asked = false;
    while !said.contains("Not known") {
        let read = output.read_line(&mut said).unwrap();
        assert!(read > 0, "{said}");
        // Where it is night at the customer's home.
        if !asked && said.contains("yes, send it,") {
            asked = true;
            keys.write_all(b"y\n").unwrap();
        }
    }
    // It is looked for again and again: by then one look has come to its end.
    let asked = server.requests();
    while server.requests() < asked + 4 {
        assert_eq!(desk.0.try_wait().unwrap(), None, "{said}");
        std::thread::yield_now();
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", desk.0.id())).unwrap();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let most = most.unwrap().trim().trim_end_matches(" kB");
    most.parse().unwrap()
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[expect(clippy::print_stdout, reason = "what was measured is the result")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_without_an_end_takes_a_bounded_part_of_the_memory() {
    let short = Manner::write(answer("500 Internal Server Error", &[], b"{}"));
    let mut desks = Vec::new();
    for (name, manner) in std::iter::once(("short answers", short))
        .chain(ENDLESS.iter().map(|name| (*name, of(name))))
    {
        let server = Server::start(manner).await;
        desks.push((
            name,
            tokio::task::spawn_blocking(move || (most_of(&server), server.written())),
        ));
    }
    let mut usual = None;
    for (name, desk) in desks {
        let (most, written) = desk.await.unwrap();
        println!(
            "{name}: {most} KiB, of {} KiB that were written to it",
            written >> 10
        );
        let usual = *usual.get_or_insert(most);
        assert!(
            most < usual + MOST,
            "{name}: {most} KiB, and {usual} KiB usually"
        );
    }
}
