//! The code in a pasted message.
//!
//! A customer may send a screenful: "Your Acme code is 482 913, good for 10 minutes". Only digits of the
//! right count, and only one reading of them, are a code; everything else is named without being shown.

use std::fmt;

use crate::domain::digit::{ascii_digit, is_dash, is_space};
use crate::domain::failure::clause;
use crate::domain::secret::Code;
use crate::domain::{Phrase, phrase};

/// Why no code was found in a text. Never shows a digit of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeProblem {
    /// Not a digit.
    NoDigits,
    /// Digits of another count.
    OtherCount {
        /// The longest count of digits in the text.
        found: usize,
        /// How many a code has.
        wanted: usize,
    },
    /// Letters stick to the digits.
    Letters {
        /// How many digits a code has.
        wanted: usize,
    },
    /// Different codes.
    Several,
}

impl CodeProblem {
    /// One sentence for the agent: what, why, what next.
    pub fn phrase(self) -> Phrase {
        match self {
            Self::NoDigits => phrase!("There are no digits in this: ask for the newest message."),
            Self::OtherCount { found, wanted } => phrase!(
                "This has {found} digits where a code has {wanted}: ask for the newest message.",
                found = found,
                wanted = wanted
            ),
            Self::Letters { wanted } => phrase!(
                "Letters stand among the digits: type the {wanted} digits of the code.",
                wanted = wanted
            ),
            Self::Several => {
                phrase!("There is more than one code in this: type the one of the newest message.")
            }
        }
    }
}

impl std::error::Error for CodeProblem {}

impl fmt::Display for CodeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clause(&self.phrase().to_string()))
    }
}

/// Digits that stand together, and whether letters stick to them.
#[derive(Default)]
struct Group {
    digits: String,
    lettered: bool,
    /// A single space, dash or dot joins it to the next.
    joined: bool,
}

/// Finds the one code of so many digits in a text.
pub fn find_code(text: &str, length: usize) -> Result<Code, CodeProblem> {
    let groups = groups(text);
    let found = groups.iter().map(|group| group.digits.len()).max();
    let Some(found) = found else {
        return Err(CodeProblem::NoDigits);
    };
    // First what is grouped, then what stands alone: `482 913`, but also `482913 10 minutes`.
    let chains = chains(&groups);
    let alone: Vec<String> = groups
        .iter()
        .filter(|group| !group.lettered)
        .map(|group| group.digits.clone())
        .collect();
    for candidates in [&chains, &alone] {
        let mut right: Vec<&String> = candidates
            .iter()
            .filter(|digits| digits.len() == length)
            .collect();
        right.sort();
        right.dedup();
        match right.as_slice() {
            [] => {}
            [digits] => {
                return Code::parse(digits).map_err(|_| CodeProblem::OtherCount {
                    found: digits.len(),
                    wanted: length,
                });
            }
            _ => return Err(CodeProblem::Several),
        }
    }
    if groups.iter().any(|group| group.lettered) {
        return Err(CodeProblem::Letters { wanted: length });
    }
    let longest = chains.iter().map(String::len).max().unwrap_or(found);
    Err(CodeProblem::OtherCount {
        found: longest,
        wanted: length,
    })
}

/// The code is all that has digits in a text: nothing else in it can have been meant.
pub fn is_only_code(text: &str, code: &Code) -> bool {
    let digits: String = groups(text).into_iter().map(|group| group.digits).collect();
    digits == code.expose()
}

/// Cuts a text into groups of digits.
fn groups(text: &str) -> Vec<Group> {
    let signs: Vec<char> = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'))
        .map(|c| match c {
            _ if is_space(c) => ' ',
            _ if is_dash(c) => '-',
            _ => ascii_digit(c).unwrap_or(c),
        })
        .collect();
    let letter = |at: Option<usize>| {
        at.and_then(|at| signs.get(at))
            .is_some_and(char::is_ascii_alphabetic)
    };
    let mut groups = Vec::new();
    let mut group = Group::default();
    for (at, c) in signs.iter().enumerate() {
        if !c.is_ascii_digit() {
            continue;
        }
        group.lettered |= letter(at.checked_sub(1)) || letter(at.checked_add(1));
        group.digits.push(*c);
        if !signs.get(at + 1).is_some_and(char::is_ascii_digit) {
            group.joined = matches!(signs.get(at + 1), Some(' ' | '-' | '.'))
                && signs.get(at + 2).is_some_and(char::is_ascii_digit);
            groups.push(std::mem::take(&mut group));
        }
    }
    groups
}

/// Groups that are joined, as one; without those that letters stick to.
fn chains(groups: &[Group]) -> Vec<String> {
    groups
        .split_inclusive(|group| !group.joined)
        .filter(|chain| chain.iter().all(|group| !group.lettered))
        .map(|chain| chain.iter().map(|group| group.digits.as_str()).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digits(text: &str) -> Result<String, CodeProblem> {
        find_code(text, 6).map(|code| code.expose().to_owned())
    }

    #[test]
    fn the_one_code_of_a_message_is_found() {
        for text in [
            "482913",
            "482 913\n",
            "482-913",
            "4 8 2 9 1 3",
            "Your Acme code is 482 913",
            "Your Acme verification code is: 482913. Don't share it; it is good for 10 minutes.",
            "482913 is your code. Questions: +1 800 555 0199",
            "G-482913 is your code",
            "482913 10 minutes",
            "@acme.example #482913",
            "482913, again 482 913",
            "\u{202a}٤٨٢٩١٣\u{202c}",
            "验证码482913,请勿泄露",
        ] {
            assert_eq!(digits(text).as_deref(), Ok("482913"), "{text}");
        }
    }

    #[test]
    fn a_code_beside_other_digits_is_not_alone() {
        for (text, alone) in [
            (" 482 913\n", true),
            ("Your Acme code is 482 913.", true),
            ("482913 10 minutes", false),
            ("482913 is not it, call 415 555 0101", false),
            ("482913, again 482913", false),
        ] {
            let code = find_code(text, 6).unwrap();
            assert_eq!(is_only_code(text, &code), alone, "{text}");
        }
    }

    #[test]
    fn what_is_no_code_is_named_and_not_shown() {
        let other = |found| CodeProblem::OtherCount { found, wanted: 6 };
        for (text, problem) in [
            ("", CodeProblem::NoDigits),
            ("no code came", CodeProblem::NoDigits),
            ("48291", other(5)),
            ("4829134", other(7)),
            ("482 9134", other(7)),
            ("48291, good for 10 minutes", other(5)),
            ("48O913", CodeProblem::Letters { wanted: 6 }),
            ("x482913", CodeProblem::Letters { wanted: 6 }),
            ("482913 or 482931", CodeProblem::Several),
        ] {
            let found = digits(text);
            assert_eq!(found, Err(problem), "{text}");
            assert!(!problem.to_string().contains("4829"), "{text}");
        }
        assert_eq!(
            find_code("123", 3),
            Err(CodeProblem::OtherCount {
                found: 3,
                wanted: 3
            })
        );
    }

    proptest! {
        #[test]
        fn a_code_that_is_found_stands_in_the_text(text in "[0-9a-z .-]{0,40}") {
            if let Ok(code) = find_code(&text, 6) {
                let all: String = text.chars().filter(char::is_ascii_digit).collect();
                prop_assert!(all.contains(code.expose()));
            }
        }
    }
}
