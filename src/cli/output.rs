//! What a command says: data on standard output, talk on standard error.
//!
//! With `--json`, data is one object and a newline, also on failure, and every key is there. Strings in
//! it are as they came, but what could act on a terminal is escaped. A reader that has had enough ends
//! the command quietly; a disk that is full does not.

use std::io::{self, Write};

use serde::Serialize;

use super::Exit;
use crate::domain::untrusted::{escaped, visible};

/// Grows by one where a key of the JSON changes its meaning.
const SCHEMA: u32 = 1;

/// What a command came to: its own keys, the same in lines for people, and its end.
#[derive(Debug)]
pub struct Report<T> {
    /// The keys of the command itself.
    pub fields: T,
    /// The same for people.
    pub lines: Vec<String>,
    /// How it ends.
    pub exit: Exit,
}

impl<T> Report<T> {
    /// Everything went well.
    pub fn done(fields: T, lines: Vec<String>) -> Self {
        Self {
            fields,
            lines,
            exit: Exit::DONE,
        }
    }
}

impl<T: Default> From<Exit> for Report<T> {
    fn from(exit: Exit) -> Self {
        Self {
            fields: T::default(),
            lines: Vec::new(),
            exit,
        }
    }
}

impl<T: Serialize> Report<T> {
    /// Writes it to standard output, and says how the command ends.
    pub fn tell(self, json: bool) -> Exit {
        let text = if json {
            object(&self.fields, &self.exit)
        } else {
            let clean = self.lines.iter().map(|line| visible(line) + "\n");
            Ok(clean.collect())
        };
        match text.map_err(io::Error::from).and_then(|text| write(&text)) {
            Ok(()) => self.exit,
            Err(_) if self.exit.code() != 0 => self.exit,
            Err(error) => Exit::fault(format!(
                "It is done, but could not be written to standard output: {error}."
            )),
        }
    }
}

/// Writes text as it is to standard output. That nobody reads it any more is no error.
pub fn write(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes a whole page of text, such as a manual, and ends.
pub fn page(text: &str) -> Exit {
    match write(text) {
        Ok(()) => Exit::DONE,
        Err(error) => Exit::fault(format!(
            "It could not be written to standard output: {error}."
        )),
    }
}

/// Says something to whoever sits before it.
pub fn say(sentence: &str) {
    // Nobody is left to be told that talk cannot be heard.
    let _ = writeln!(io::stderr(), "tuilio: {}", visible(sentence));
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    schema: u32,
    ok: bool,
    exit: u8,
    error: Option<Fault<'a>>,
    #[serde(flatten)]
    fields: &'a T,
}

#[derive(Serialize)]
struct Fault<'a> {
    code: Option<String>,
    status: Option<u16>,
    message: &'a str,
    may_have_taken_effect: bool,
    retry_after: Option<u32>,
    request_id: Option<&'a str>,
}

/// The object and its newline.
fn object<T: Serialize>(fields: &T, exit: &Exit) -> serde_json::Result<String> {
    let error = exit.failure().map(|failure| Fault {
        code: failure.code.map(|code| code.to_string()),
        status: failure.status,
        message: &failure.message,
        may_have_taken_effect: failure.may_have_taken_effect(),
        retry_after: failure.retry_after,
        request_id: failure.request_id.as_deref(),
    });
    let envelope = Envelope {
        schema: SCHEMA,
        ok: exit.code() == 0,
        exit: exit.code(),
        error,
        fields,
    };
    Ok(escaped(&serde_json::to_string(&envelope)?) + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, Serialize)]
    struct Keys {
        body: Option<String>,
    }

    #[test]
    fn strings_are_whole_and_act_on_nothing() {
        let body = "a\u{1b}[2J\u{9b}\u{202e}\u{7f}\u{2028}e\u{301} \u{1f44d}".to_owned();
        let text = object(
            &Keys {
                body: Some(body.clone()),
            },
            &Exit::DONE,
        )
        .unwrap();
        assert!(
            !text
                .trim_end()
                .chars()
                .any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)),
            "{text:?}"
        );
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["body"], body);
        assert_eq!(text.matches('\n').count(), 1);
    }

    #[test]
    fn keys_are_there_also_on_failure() {
        let exit = Exit::usage("No.");
        let text = object(&Keys::default(), &exit).unwrap();
        assert_eq!(
            text,
            "{\"schema\":1,\"ok\":false,\"exit\":2,\"error\":{\"code\":null,\"status\":null,\"message\":\"No.\",\
             \"may_have_taken_effect\":false,\"retry_after\":null,\"request_id\":null},\"body\":null}\n"
        );
    }
}
