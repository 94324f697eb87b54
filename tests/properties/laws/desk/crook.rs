//! A network that meddles: one leaf, the status, a header or the length of each answer may be another.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tuilio::domain::Timestamp;
use tuilio::simulator::{Fate, World};
use tuilio::twilio::transport::{Sending, Transport, TransportError};
use tuilio::twilio::wire::{Request, Response};

use super::super::chars::HOSTILE;
use super::super::tape::Tape;

/// What stands in an answer where it should not.
pub const ODD: &[&str] = &[
    "null",
    "true",
    "-1",
    "0",
    "1e308",
    "18446744073709551615",
    "4294967295",
    "[]",
    "{}",
    "[[[[1]]]]",
    "\"\"",
    "\"9999-12-30T22:00:00Z\"",
    "\"-009999-01-02T01:59:59Z\"",
    "\"Fri, 31 Dec 9999 23:59:59 +0000\"",
    "\"Thu, 01 Jan 1970 00:00:00 +0000\"",
    "\"2026-03-04T14:00:00Z\"",
    "\"4294967295\"",
    "\"delivered\"",
    "\"approved\"",
    "\"pending\"",
    "\"expired\"",
    "\"canceled\"",
    "\"undelivered\"",
    "\"inbound\"",
];

/// What becomes of the next answers.
#[derive(Debug, Clone, Default)]
pub struct Crook {
    /// Which leaf of the answer gets another value.
    pub leaf: Option<(usize, Value)>,
    pub status: Option<u16>,
    pub header: Option<(&'static str, String)>,
    pub cut: Option<usize>,
}

/// The world, behind somebody who meddles.
pub struct Way {
    pub world: World,
    pub now: Timestamp,
    pub crook: Crook,
}

#[derive(Clone)]
pub struct Wire(pub Arc<Mutex<Way>>);

impl Transport for Wire {
    fn send(&self, request: Request) -> Sending<'_> {
        let mut line = self.0.lock().unwrap();
        let now = line.now;
        let fate = line.world.handle(now, &request);
        let result = match fate {
            Fate::Answer { response, .. } => Ok(line.crook.apply(response)),
            Fate::Cut { .. } | Fate::CutMidBody { .. } => {
                Err(TransportError::Lost("the connection closed".to_owned()))
            }
        };
        Box::pin(async move { result })
    }
}

impl Crook {
    fn apply(&self, mut response: Response) -> Response {
        if let Some((at, value)) = &self.leaf
            && let Ok(mut body) = serde_json::from_slice::<Value>(&response.body)
        {
            let count = leaves(&mut body, usize::MAX, value);
            if count > 0 {
                leaves(&mut body, at % count, value);
            }
            response.body = serde_json::to_vec(&body).unwrap();
        }
        if let Some(status) = self.status {
            response.status = status;
        }
        if let Some((name, value)) = &self.header {
            response.headers.retain(|(known, _)| known != name);
            response.headers.push(((*name).to_owned(), value.clone()));
        }
        if let Some(end) = self.cut {
            response.body.truncate(end);
        }
        response
    }
}

/// Puts a value in the place of one leaf; says how many there are.
pub fn leaves(json: &mut Value, wanted: usize, value: &Value) -> usize {
    fn walk(json: &mut Value, seen: &mut usize, wanted: usize, value: &Value) {
        match json {
            Value::Object(fields) => fields
                .values_mut()
                .for_each(|field| walk(field, seen, wanted, value)),
            Value::Array(items) => items
                .iter_mut()
                .for_each(|item| walk(item, seen, wanted, value)),
            leaf => {
                if *seen == wanted {
                    *leaf = value.clone();
                }
                *seen += 1;
            }
        }
    }
    let mut seen = 0;
    walk(json, &mut seen, wanted, value);
    seen
}

pub fn crook(tape: &mut Tape) -> Crook {
    let odd = |tape: &mut Tape| match tape.choice(3) {
        0 => Value::from(tape.pick(HOSTILE)),
        1 => Value::from(tape.text()),
        _ => serde_json::from_str(tape.pick(ODD)).unwrap(),
    };
    let mut crook = Crook::default();
    match tape.choice(6) {
        0 => {}
        1 | 2 => crook.leaf = Some((usize::from(tape.byte()), odd(tape))),
        3 => crook.status = Some(tape.pick(&[200, 201, 302, 400, 401, 404, 408, 429, 500, 503])),
        4 => {
            let name = tape.pick(&["Date", "Retry-After", "Twilio-Request-Id", "Content-Type"]);
            let value = match odd(tape) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            crook.header = Some((name, value));
        }
        _ => crook.cut = Some(usize::from(tape.byte()) * 4),
    }
    crook
}
