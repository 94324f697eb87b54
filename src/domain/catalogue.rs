//! The error catalogue: what a failure means to the person at the desk, what to do, what to say.
//!
//! One table, `assets/errors.toml`, serves screens and scripts. A known code has an entry of
//! its own, an unknown one that of its family; a failure that never got a code has one for its kind.
//! Twilio's own error texts are for developers and change, so they decide nothing here.
//!
//! How `exit` is chosen, the first that fits: 8, we are not let in or not set up for it (keys, account,
//! Verify service); 9, it may have happened; 4, what was asked about is over; 7, the number or address is
//! wrong; 1, a request that should not have left in this form; 5, our own haste, to be tried later; 6, all
//! that stands between us and the customer: sender, country, consent, network, and every delivery report.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::failure::{Failure, FailureKind};

/// Whether the same thing may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Retry {
    /// No: it would fail again.
    No,
    /// After something was changed.
    Fix,
    /// After waiting.
    Later,
    /// It could reach the customer twice, so a person decides.
    Ask,
}

/// What one failure means to the person at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// A few words for a list: "Opted out".
    pub title: String,
    /// What happened.
    pub meaning: String,
    /// What the agent does next.
    pub todo: String,
    /// A sentence for the customer; empty where nothing is to be said.
    #[serde(default)]
    pub say: String,
    /// Whether the same thing may be tried again.
    pub retry: Retry,
    /// How a one-shot command ends on it.
    pub exit: u8,
}

/// What the code means: its own entry, or that of its family.
pub fn entry(code: u32) -> &'static Entry {
    known(code)
        .or_else(|| CATALOGUE.family.get(&Number(code / 1000)))
        .unwrap_or(&CATALOGUE.failure.unknown_code)
}

/// What the failure means.
///
/// Its code decides where Twilio refused it. Where the request never arrived, or may have taken effect,
/// that outweighs any code: a fault of Twilio's on a read and on a send have one code and two meanings.
pub fn for_failure(failure: &Failure) -> &'static Entry {
    let kinds = &CATALOGUE.failure;
    let coded = failure.code.and_then(known);
    match failure.kind {
        FailureKind::Refused => match failure.code {
            Some(code) => entry(code),
            None => &kinds.refused,
        },
        FailureKind::NotFound => coded.unwrap_or(&kinds.not_found),
        FailureKind::RateLimit => coded.unwrap_or(&kinds.rate_limit),
        FailureKind::Credentials => coded.unwrap_or(&kinds.credentials),
        FailureKind::InvalidRecipient => &kinds.invalid_recipient,
        FailureKind::InvalidCode => &kinds.invalid_code,
        FailureKind::NotSent if failure.is_overslept() => &kinds.overslept,
        FailureKind::NotSent => &kinds.not_sent,
        FailureKind::NoAnswer => &kinds.no_answer,
        FailureKind::NoTrace => &kinds.no_trace,
        FailureKind::OutcomeUnknown if failure.is_held_back() => &kinds.held_back,
        FailureKind::OutcomeUnknown => &kinds.outcome_unknown,
        FailureKind::Store => &kinds.store,
        FailureKind::Vault => &kinds.vault,
        FailureKind::Policy => &kinds.policy,
        FailureKind::Internal => &kinds.internal,
    }
}

/// Twilio's own page about the code.
pub fn link(code: u32) -> String {
    format!("https://www.twilio.com/docs/errors/{code}")
}

/// The codes that have an entry of their own, in ascending order.
pub fn codes() -> impl Iterator<Item = u32> {
    CATALOGUE.code.keys().map(|code| code.0)
}

fn known(code: u32) -> Option<&'static Entry> {
    CATALOGUE.code.get(&Number(code))
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the table is part of the program, and a test parses it"
    )]
    toml::from_str(include_str!("../../assets/errors.toml")).expect("assets/errors.toml parses")
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    code: BTreeMap<Number, Entry>,
    family: BTreeMap<Number, Entry>,
    failure: Kinds,
}

/// A key of the table. TOML's keys are text.
#[derive(PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct Number(u32);

impl TryFrom<String> for Number {
    type Error = std::num::ParseIntError;

    fn try_from(key: String) -> Result<Self, Self::Error> {
        key.parse().map(Self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    invalid_recipient: Entry,
    invalid_code: Entry,
    unknown_code: Entry,
    refused: Entry,
    not_found: Entry,
    rate_limit: Entry,
    credentials: Entry,
    not_sent: Entry,
    overslept: Entry,
    no_answer: Entry,
    no_trace: Entry,
    outcome_unknown: Entry,
    held_back: Entry,
    store: Entry,
    vault: Entry,
    policy: Entry,
    internal: Entry,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words that mean something to a developer only.
    const JARGON: &str = "
        api 10dlc a2p callback campaign client concurrent contentsid credential credentials
        e.164 endpoint error exception form gateway geo http https integration invalid json
        malformed metadata mms null otp parameter parameters payload post provision psd2 queued
        request resource response retry server sid sim sna string timeout token tts url vetting
        webhook";

    fn every_entry() -> Vec<(String, &'static Entry)> {
        let catalogue = &*CATALOGUE;
        let kinds = &catalogue.failure;
        let failures = [
            &kinds.invalid_recipient,
            &kinds.invalid_code,
            &kinds.unknown_code,
            &kinds.refused,
            &kinds.not_found,
            &kinds.rate_limit,
            &kinds.credentials,
            &kinds.not_sent,
            &kinds.overslept,
            &kinds.no_trace,
            &kinds.outcome_unknown,
            &kinds.held_back,
            &kinds.store,
            &kinds.vault,
            &kinds.internal,
        ];
        let codes = catalogue.code.iter();
        let families = catalogue.family.iter();
        codes
            .map(|(code, entry)| (format!("code {}", code.0), entry))
            .chain(families.map(|(family, entry)| (format!("family {}", family.0), entry)))
            .chain(
                failures
                    .into_iter()
                    .map(|entry| (entry.title.clone(), entry)),
            )
            .collect()
    }

    fn failure(kind: FailureKind, code: Option<u32>) -> Failure {
        Failure {
            code,
            ..Failure::new(kind, "")
        }
    }

    #[test]
    fn codes_ascend_in_the_file_without_doubles() {
        let written: Vec<u32> = include_str!("../../assets/errors.toml")
            .lines()
            .filter_map(|line| line.strip_prefix("[code.")?.strip_suffix(']'))
            .map(|code| code.parse().unwrap())
            .collect();
        assert_eq!(written, codes().collect::<Vec<_>>());
        assert!(written.len() > 150, "{} codes", written.len());
    }

    #[test]
    fn every_entry_says_what_it_means_and_what_to_do_in_whole_sentences() {
        for (name, entry) in every_entry() {
            for text in [&entry.meaning, &entry.todo] {
                assert!(
                    text.ends_with('.') || text.ends_with('?'),
                    "{name}: {text:?}"
                );
                assert!(
                    text.starts_with(|c: char| c.is_ascii_uppercase()),
                    "{name}: {text:?}"
                );
            }
            assert!(
                entry.say.is_empty() || entry.say.ends_with(['.', '?']),
                "{name}: {:?}",
                entry.say
            );
        }
    }

    #[test]
    fn titles_fit_into_a_column_of_a_list() {
        for (name, entry) in every_entry() {
            let width = entry.title.chars().count();
            assert!((1..=22).contains(&width), "{name}: {:?}", entry.title);
            assert!(!entry.title.ends_with('.'), "{name}: {:?}", entry.title);
        }
    }

    #[test]
    fn nothing_is_said_in_words_of_developers() {
        for (name, entry) in every_entry() {
            for text in [&entry.title, &entry.meaning, &entry.todo, &entry.say] {
                let words = text.to_lowercase();
                let found = words
                    .split(|c: char| c.is_whitespace() || ",;:?!\"()".contains(c))
                    .map(|word| word.trim_end_matches('.'))
                    .find(|word| JARGON.split_whitespace().any(|jargon| jargon == *word));
                assert_eq!(found, None, "{name}: {text:?}");
                assert!(text.is_ascii(), "{name}: {text:?}");
            }
        }
    }

    #[test]
    fn every_exit_is_one_that_scripts_know_and_is_a_failure() {
        let known = [1, 2, 4, 5, 6, 7, 8, 9, 10];
        for (name, entry) in every_entry() {
            assert!(known.contains(&entry.exit), "{name}: exit {}", entry.exit);
        }
    }

    #[test]
    fn promised_exits_hold() {
        let promised: [(u8, &[u32]); 5] = [
            (4, &[20404, 60202]),
            (5, &[20429, 60203, 60207, 60212]),
            (6, &[21408, 21610, 21612, 21614, 60205, 60410, 60605]),
            (7, &[21211, 60200]),
            (8, &[20003, 70051]),
        ];
        for (exit, codes) in promised {
            for &code in codes {
                assert_eq!(entry(code).exit, exit, "{code}");
            }
        }
    }

    #[test]
    fn waiting_is_offered_only_where_it_can_help_and_never_to_one_who_opted_out() {
        for code in [21610, 30004, 30630, 30640] {
            assert_eq!(entry(code).retry, Retry::No, "{code}");
        }
        for code in [20500, 20503, 30410] {
            assert_eq!(entry(code).retry, Retry::Ask, "{code}");
            assert_eq!(entry(code).exit, 9, "{code}");
        }
    }

    #[test]
    fn an_unknown_code_is_explained_by_its_family() {
        let families = [
            (20999, "Refused by Twilio"),
            (21999, "Refused by Twilio"),
            (30999, "Not delivered"),
            (35999, "Cannot send later"),
            (60999, "Check refused"),
            (63999, "Not delivered"),
            (4_000_000_000, "Refused by Twilio"),
            (0, "Refused by Twilio"),
        ];
        for (code, title) in families {
            assert_eq!(known(code), None, "{code}");
            assert_eq!(entry(code).title, title, "{code}");
        }
        assert!(entry(30999).meaning.contains("did not arrive"));
    }

    #[test]
    fn a_refusal_is_explained_by_its_code() {
        let opted_out = for_failure(&failure(FailureKind::Refused, Some(21610)));
        assert_eq!(opted_out.title, "Opted out");
        let used_up = for_failure(&failure(FailureKind::RateLimit, Some(60202)));
        assert_eq!(used_up.exit, 4);
        let permission = for_failure(&failure(FailureKind::Credentials, Some(70051)));
        assert_eq!(permission, entry(70051));
    }

    #[test]
    fn what_became_of_a_request_outweighs_its_code() {
        let unknown = for_failure(&failure(FailureKind::OutcomeUnknown, Some(20500)));
        assert_eq!((unknown.exit, unknown.retry), (9, Retry::Ask));
        let down = for_failure(&failure(FailureKind::NotSent, Some(20503)));
        assert_eq!((down.exit, down.retry), (10, Retry::Later));
    }

    #[test]
    fn a_failure_without_a_known_code_is_explained_by_its_kind() {
        let exits = [
            (FailureKind::InvalidRecipient, 7),
            (FailureKind::InvalidCode, 2),
            (FailureKind::Refused, 6),
            (FailureKind::NotFound, 4),
            (FailureKind::RateLimit, 5),
            (FailureKind::Credentials, 8),
            (FailureKind::NotSent, 10),
            (FailureKind::NoAnswer, 10),
            (FailureKind::NoTrace, 10),
            (FailureKind::OutcomeUnknown, 9),
            (FailureKind::Store, 1),
            (FailureKind::Vault, 8),
            (FailureKind::Internal, 1),
        ];
        for (kind, exit) in exits {
            assert_eq!(for_failure(&failure(kind, None)).exit, exit, "{kind:?}");
        }
        for kind in [
            FailureKind::NotFound,
            FailureKind::RateLimit,
            FailureKind::Credentials,
        ] {
            let plain = for_failure(&failure(kind, None));
            assert_eq!(for_failure(&failure(kind, Some(29_999))), plain);
        }
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        let table = include_str!("../../assets/errors.toml");
        assert!(toml::from_str::<Catalogue>(table).is_ok());
        let misspelt = table.replacen("say = ", "sya = ", 1);
        assert!(toml::from_str::<Catalogue>(&misspelt).is_err());
    }

    #[test]
    fn a_code_has_a_page_at_twilio() {
        assert_eq!(link(21610), "https://www.twilio.com/docs/errors/21610");
    }
}
