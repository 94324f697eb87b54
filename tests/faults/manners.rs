//! The ways in which a network or a stranger at its other end misbehaves, by their names on the page.

use std::time::Duration;

use tuilio::twilio::wire::Response;

use super::server::{Manner, Step};

/// So many answers are read before the limit of a call, and so many are not.
const GAP: Duration = Duration::from_millis(1);
const LONG_GAP: Duration = Duration::from_secs(1);

/// An answer as it goes over the wire, with more headers.
pub fn answer(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// What the server does where it should give that answer. `elsewhere` is another server.
pub fn manner(name: &str, right: &Response, elsewhere: &str) -> Manner {
    use Step::{Close, EverSlowly, Forever, Reset, Slowly, Stall, Write};
    let status = right.status.to_string();
    let body = right.body.as_slice();
    let whole = answer(&status, &[], body);
    // What has no body is cut within its head.
    let half = match body.len() {
        0 => whole[..whole.len() - 2].to_vec(),
        length => whole[..whole.len() - length / 2].to_vec(),
    };
    let head = match body.len() {
        0 => whole[..whole.len() - 2].to_vec(),
        length => whole[..whole.len() - length].to_vec(),
    };
    let first_line = whole[..12].to_vec();
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let steps = |steps: &[Step]| Manner::always(steps.to_vec());
    match name {
        "answers" => Manner::write(whole),
        "closes unread" => Manner::deaf(Close),
        "resets unread" => Manner::deaf(Reset),
        "accepts and is silent" => Manner::deaf(Stall),
        "closes before an answer" => steps(&[Close]),
        "resets before an answer" => steps(&[Reset]),
        "is silent before an answer" => steps(&[Stall]),
        "closes in the first line" => steps(&[Write(first_line), Close]),
        "closes before the body" => steps(&[Write(head), Close]),
        "closes in the body" => steps(&[Write(half), Close]),
        "resets in the body" => steps(&[Write(half), Reset]),
        "is silent in the first line" => steps(&[Write(first_line), Stall]),
        "is silent before the body" => steps(&[Write(head), Stall]),
        "is silent in the body" => steps(&[Write(half), Stall]),
        "byte by byte" => steps(&[Slowly(whole, GAP)]),
        "byte by byte, too slowly" => steps(&[Slowly(whole, LONG_GAP)]),
        "speaks another protocol" => Manner::write("220 mail.example ready\r\n\r\n"),
        "speaks HTTP/2" => {
            Manner::write(&b"\0\0\0\x04\0\0\0\0\0\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\x01"[..])
        }
        "speaks TLS" => Manner::write(&b"\x15\x03\x01\0\x02\x02\x46"[..]),
        "sends noise" => steps(&[Write((0..=255).cycle().take(4096).collect()), Close]),
        "a head of 64 KiB" => Manner::write(answer(
            &status,
            &[&format!("X: {}", "x".repeat(1 << 16))],
            body,
        )),
        "a head without an end" => steps(&[
            Write(format!("HTTP/1.1 {status} OK\r\n").into_bytes()),
            Forever(format!("X: {}\r\n", "x".repeat(1000)).into_bytes()),
        ]),
        "a header without an end" => steps(&[
            Write(format!("HTTP/1.1 {status} OK\r\nX: ").into_bytes()),
            Forever(vec![b'x'; 1 << 16]),
        ]),
        "a body without an end" => steps(&[
            Write(chunked),
            Forever(format!("10000\r\n{}\r\n", "x".repeat(0x10000)).into_bytes()),
        ]),
        "a body of 64 MiB" => steps(&[
            Write(b"HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n".to_vec()),
            Forever(vec![b' '; 1 << 16]),
        ]),
        "chunks without a size" => steps(&[Write([&chunked[..], b"zz\r\n"].concat()), Stall]),
        "two lengths" => Manner::write(answer(&status, &["Content-Length: 3"], body)),
        "another type" => Manner::write(answer(&status, &["Content-Type: text/plain"], body)),
        "compressed, unasked" => Manner::write(answer(
            "200 OK",
            &["Content-Encoding: gzip"],
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0\x43\xbf\xa6\xa3\x02\0\0\0",
        )),
        "lists in lists" => Manner::write(answer("200 OK", &[], "[".repeat(200_000).as_bytes())),
        "lists in an object" => {
            let body = format!("{{\"sid\":{}", "[".repeat(200_000));
            Manner::write(answer("200 OK", &[], body.as_bytes()))
        }
        "a page of a hotel" => Manner::write(answer(
            "200 OK",
            &["Content-Type: text/html"],
            b"<html>Welcome</html>",
        )),
        "no content" => Manner::write("HTTP/1.1 204 No Content\r\n\r\n"),
        "dates of another age" => Manner::write(answer(
            &status,
            &["Date: Sat, 01 Jan 9999 00:00:00 GMT", "Retry-After: -1"],
            body,
        )),
        "an early hint" => Manner::write(
            [
                &b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"[..],
                &whole,
            ]
            .concat(),
        ),
        "go on without an end" => {
            steps(&[EverSlowly(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), GAP)])
        }
        "switches protocols" => {
            Manner::write("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
        }
        "two answers at once" => Manner::write([&whole[..], &whole].concat()),
        "a status of 999" => Manner::write(answer("999 Odd", &[], body)),
        _ => redirect(name, elsewhere),
    }
}

/// `301 here` or `301 elsewhere`.
fn redirect(name: &str, elsewhere: &str) -> Manner {
    let (status, place) = name.split_once(' ').unwrap_or((name, ""));
    assert!(
        ["301", "302", "303", "307", "308"].contains(&status),
        "nothing is known of {name:?}"
    );
    let location = match place {
        "here" => "Location: /2010-04-01/x".to_owned(),
        "elsewhere" => format!("Location: {elsewhere}/2010-04-01/x"),
        _ => panic!("nothing is known of {name:?}"),
    };
    Manner::write(answer(&format!("{status} Moved"), &[&location], b""))
}
