//! Command lines that do not fit, and those that must not: codes and secrets as arguments.
//!
//! Arguments can be read by everybody on the machine and stay in the history of the shell. So a code or
//! a secret in them is refused before anything else, and is never repeated; neither is a word that fits
//! nowhere, since it may be one.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use super::output::Report;
use super::{
    Arguments, Exit, audit, history, login, logout, lookup, one_shot, paths, policy, profiles,
    segments, send, session, verify,
};
use crate::domain::phrase;
use crate::domain::untrusted::mask_numbers;

/// What people would call a secret.
const SECRETS: [&str; 8] = [
    "--code",
    "--secret",
    "--token",
    "--auth-token",
    "--api-secret",
    "--api-key",
    "--password",
    "--key",
];

/// The command line; or the end of the program. Help and version are printed here.
pub fn parse(line: Vec<OsString>) -> Result<Arguments, Exit> {
    let words: Vec<String> = line
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let words = words.as_slice();
    if words.iter().any(|word| is_secret(word)) {
        return Err(answer(
            words,
            Exit::unfit(phrase!(
                "Codes and secrets are read from standard input, never from arguments, which others on this machine can read: printf '%s' CODE | tuilio verify check --to NUMBER, or tuilio login < paste.txt."
            )),
        ));
    }
    if words.iter().any(|word| word == "--reveal") {
        let allowed = session::policy().revealing();
        allowed.map_err(|why| answer(words, one_shot::refused(why)))?;
    }
    let line = std::iter::once(OsString::from("tuilio")).chain(line);
    Arguments::try_parse_from(line).map_err(|error| {
        if error.use_stderr() {
            return answer(words, Exit::usage(sentence(&error)));
        }
        // Help and version are answers; nobody is left to be told that they cannot be read.
        let _ = error.print();
        Exit::DONE
    })
}

fn is_secret(word: &str) -> bool {
    let name = word.split_once('=').map_or(word, |(name, _)| name);
    SECRETS.contains(&name)
}

/// What is wrong with a line, in one sentence.
fn sentence(error: &clap::Error) -> String {
    let stray = match error
        .get(ContextKind::InvalidArg)
        .or_else(|| error.get(ContextKind::InvalidSubcommand))
    {
        Some(ContextValue::String(word)) => {
            matches!(
                error.kind(),
                ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand
            ) && (!word.starts_with('-') || word.chars().any(char::is_numeric))
        }
        _ => false,
    };
    if stray {
        return "there is a word on the line that belongs to no option. A code or a secret is read from standard input, never from an argument; --help lists what fits.".to_owned();
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "the line ends before it says what to do; --help lists what fits.".to_owned();
    }
    let text = error.render().to_string();
    let beside = |line: &str| {
        ["Usage:", "For more", "  tip:"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let lines = text.lines().take_while(|line| !beside(line));
    let words = lines
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ");
    mask_numbers(&format!(
        "{}; --help lists what fits.",
        words.trim_start_matches("error: ").trim_end_matches('.')
    ))
}

/// The same as an object, where one was asked for: with the keys of the command that was meant.
fn answer(words: &[String], exit: Exit) -> Exit {
    if !words.iter().any(|word| word == "--json") {
        return exit;
    }
    match meant(words) {
        Some("send") => Report::<send::Sent>::from(exit).tell(true),
        Some("verify") => Report::<verify::Verified>::from(exit).tell(true),
        Some("history") => Report::<history::Listed>::from(exit).tell(true),
        Some("segments") => Report::<segments::Counted>::from(exit).tell(true),
        Some("lookup") => Report::<lookup::Known>::from(exit).tell(true),
        Some("login") => Report::<login::LoggedIn>::from(exit).tell(true),
        Some("logout") => Report::<logout::LoggedOut>::from(exit).tell(true),
        Some("profiles") => Report::<profiles::Listed>::from(exit).tell(true),
        Some("policy") => Report::<policy::Shown>::from(exit).tell(true),
        Some("audit") => Report::<audit::Audited>::from(exit).tell(true),
        Some("paths") => Report::<paths::Places>::from(exit).tell(true),
        _ => Report {
            fields: Nothing {},
            lines: Vec::new(),
            exit,
        }
        .tell(true),
    }
}

/// The command of a line: the first word that is neither an option nor the value of one.
fn meant(words: &[String]) -> Option<&str> {
    let command = Arguments::command();
    let takes_value = |word: &str| {
        let name = word.strip_prefix("--");
        command
            .get_arguments()
            .any(|known| known.get_long() == name && known.get_action().takes_values())
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if takes_value(word) {
            words.next();
        } else if !word.starts_with('-') {
            return Some(word);
        }
    }
    None
}

#[derive(serde::Serialize)]
struct Nothing {}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(line: &str) -> String {
        let words: Vec<&str> = std::iter::once("tuilio")
            .chain(line.split_whitespace())
            .collect();
        sentence(&Arguments::try_parse_from(words).unwrap_err())
    }

    #[test]
    fn a_stray_word_is_never_repeated() {
        for line in [
            "verify check --to +14155550123 482913",
            "verify 482913",
            "login hunter2hunter2",
            "482913",
            "send --482913",
        ] {
            let sentence = refused(line);
            assert!(
                sentence.contains("standard input")
                    && !sentence.contains("4829")
                    && !sentence.contains("hunter2"),
                "{line}: {sentence}"
            );
        }
    }

    #[test]
    fn the_command_is_found_behind_options_with_values() {
        for (line, command) in [
            ("send --json", Some("send")),
            ("--profile work send --json", Some("send")),
            ("--json --profile=work verify start", Some("verify")),
            ("--profile send", None),
            ("--json", None),
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            assert_eq!(meant(&words), command, "{line}");
        }
    }

    #[test]
    fn what_is_missing_is_named_in_one_line() {
        let sentence = refused("send");
        assert!(
            sentence.contains("--to <NUMBER>") && !sentence.contains('\n'),
            "{sentence}"
        );
        assert!(refused("verify").contains("--help"));
    }

    #[test]
    fn the_names_of_secrets_are_refused_with_and_without_a_value() {
        for (word, secret) in [
            ("--code", true),
            ("--code=1", true),
            ("--token", true),
            ("--to", false),
            ("--channel=call", false),
            ("code", false),
        ] {
            assert_eq!(is_secret(word), secret, "{word}");
        }
    }
}
