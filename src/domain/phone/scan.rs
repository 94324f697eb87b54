//! Finds what could be a number in a pasted text.
//!
//! The text is first brought to one alphabet (ASCII digits, one space, one dash, no marks that only
//! change direction), then cut into runs of digits with what may stand between the digits of one number.
//! A run that letters have grown into is marked, never shortened to the digits that are left of it.

use super::link::{is_link, numbers_for_links};
use crate::domain::digit::{ascii_digit, is_dash, is_space};

/// Digits that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Run {
    /// Digits and the signs between them, from the first digit or the plus sign on.
    pub(super) text: String,
    /// Digits after `ext`, `x` or `#`.
    pub(super) extension: Option<String>,
    /// Letters among the digits or stuck to their end.
    pub(super) letters: Option<String>,
    /// Where the run ends, in characters of the normal text.
    pub(super) end: usize,
    pub(super) start: usize,
}

impl Run {
    /// The digits alone.
    pub(super) fn digits(&self) -> String {
        self.text.chars().filter(char::is_ascii_digit).collect()
    }
}

/// What a text holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Scan {
    /// Runs in their order.
    pub(super) runs: Vec<Run>,
    /// A word was left out because it is an email address.
    pub(super) email: bool,
    /// A word was left out because it is a link to something else than a number.
    pub(super) link: bool,
    /// There is something other than white space.
    pub(super) any: bool,
}

/// So many signs may stand between two digits of one number, as in `) - (`.
const WIDEST_GAP: usize = 4;
/// Words that announce an extension, longest first.
const EXTENSION_WORDS: [&str; 7] = ["durchwahl", "extension", "poste", "extn", "ext", "x", "#"];

/// Cuts a pasted text into runs.
pub(super) fn scan(pasted: &str) -> Scan {
    let (text, context) = normal(&numbers_for_links(pasted));
    let mut found = Scan {
        any: !text.trim().is_empty(),
        ..Scan::default()
    };
    let mut signs: Vec<char> = Vec::with_capacity(text.len());
    for word in text.split_inclusive([' ', '\n']) {
        let link = is_link(word);
        let address = !link
            && word.split_once('@').is_some_and(|(name, domain)| {
                name.ends_with(char::is_alphanumeric) && domain.contains('.')
            });
        if address || link {
            found.email |= address;
            found.link |= link;
            signs.push('\n');
        } else {
            signs.extend(word.chars());
        }
    }
    let mut at = 0;
    while at < signs.len() {
        let run = begins(&signs, at).then(|| run_at(&signs, at));
        // A plus sign that is too far from its digits begins nothing.
        if let Some(mut run) = run.filter(|run| run.end > at) {
            at = run.end;
            if let Some(context) = &context
                && !run.text.starts_with('+')
            {
                run.text = format!("{context} {}", run.text);
            }
            found.runs.push(run);
        } else {
            at += 1;
        }
    }
    mark_letters(&signs, &mut found.runs);
    found
}

/// One alphabet for all that people paste, and the context of a `tel:` address (RFC 3966).
fn normal(pasted: &str) -> (String, Option<String>) {
    let pasted = pasted
        .replace("%2B", "+")
        .replace("%2b", "+")
        .replace("%20", " ");
    let (pasted, context) = match pasted.split_once(";phone-context=") {
        Some((number, context)) => (
            number,
            Some(context)
                .filter(|context| context.starts_with('+'))
                .map(|context| context.chars().take_while(|&c| c != ';').collect()),
        ),
        None => (pasted.as_str(), None),
    };
    let text = pasted
        .chars()
        .filter(|c| {
            !matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}')
        })
        .map(|c| match c {
            _ if is_space(c) => ' ',
            _ if is_dash(c) => '-',
            '\u{2028}' | '\u{2029}' => '\n',
            _ if c.is_control() => '\n',
            '\u{ff0b}' => '+',
            '\u{ff08}' => '(',
            '\u{ff09}' => ')',
            '\u{ff0e}' | '\u{b7}' | '\u{2022}' => '.',
            '\u{ff0f}' => '/',
            _ => ascii_digit(c).unwrap_or(c),
        })
        .collect();
    (text, context)
}

/// A digit, or a plus sign with a digit after it.
fn begins(signs: &[char], at: usize) -> bool {
    match signs[at] {
        '+' => signs[at + 1..]
            .iter()
            .find(|c| !matches!(c, ' ' | '(' | ')' | '+'))
            .is_some_and(char::is_ascii_digit),
        c => c.is_ascii_digit(),
    }
}

fn run_at(signs: &[char], start: usize) -> Run {
    let mut end = start;
    let mut at = start;
    while at < signs.len() && at - end <= WIDEST_GAP {
        match signs[at] {
            c if c.is_ascii_digit() => end = at + 1,
            '+' if at == start || end == start => {}
            // With spaces around it, a slash stands between two numbers.
            '/' if signs.get(at + 1) != Some(&' ') && signs[at - 1] != ' ' => {}
            ' ' | '-' | '.' | '(' | ')' | '_' | '~' => {}
            _ => break,
        }
        at += 1;
    }
    let mut run = Run {
        text: signs[start..end].iter().collect(),
        start,
        end,
        ..Run::default()
    };
    if run.digits().len() >= 7
        && let Some((extension, end)) = extension_at(signs, run.end)
    {
        run.extension = Some(extension);
        run.end = end;
    }
    run
}

/// `ext 12`, `x12`, `;ext=12`, `#12`: up to eight digits, and where they end.
fn extension_at(signs: &[char], from: usize) -> Option<(String, usize)> {
    let skip = |from: usize, filler: &[char]| {
        let rest = signs.get(from..).unwrap_or_default();
        from + rest
            .iter()
            .take(3)
            .take_while(|c| filler.contains(c))
            .count()
    };
    let at = skip(from, &[' ', ',', ';', '.', '(', '-']);
    let word = EXTENSION_WORDS.iter().find(|word| {
        let length = word.chars().count();
        signs
            .get(at..at + length)
            .is_some_and(|have| have.iter().map(char::to_ascii_lowercase).eq(word.chars()))
    })?;
    let at = skip(at + word.chars().count(), &[' ', '.', ':', '=', '#', '-']);
    let digits: String = signs[at..]
        .iter()
        .take_while(|c| c.is_ascii_digit())
        .collect();
    let end = at + digits.len();
    let ends = signs.get(end).is_none_or(|c| !c.is_alphanumeric());
    ((1..=8).contains(&digits.len()) && ends).then_some((digits, end))
}

/// Finds letters that stand where digits should, and spoils the runs that they touch.
fn mark_letters(signs: &[char], runs: &mut [Run]) {
    for this in 0..runs.len() {
        if runs[this].extension.is_some() {
            continue;
        }
        let (start, end) = (runs[this].start, runs[this].end);
        let digits = runs[this].digits().len();

        if signs[start] != '+'
            && let Some(before) = letter_before(&signs[..start])
        {
            runs[this].letters = Some(before);
        }

        let gap = signs[end..].iter().take_while(|&&c| is_joint(c)).count();
        let word = letters(signs[end + gap..].iter());
        if word.is_empty() {
            continue;
        }
        let after = end + gap + word.len();
        let stuck = gap == 0;
        let joined = gap == 1 && signs[end] != ' ' && digits < 7;
        let spelled = gap == 1
            && digits < 7
            && digits + word.len() >= 10
            && word.iter().all(char::is_ascii_uppercase);
        // `415 55O 0123`: a lone word between two runs that sticks to one of them.
        let next = runs.get(this + 1).map(|next| next.start).filter(|&next| {
            signs[after..next].iter().all(|&c| is_joint(c))
                && next - after <= 2
                && (stuck || next == after)
                && gap <= 2
        });
        if stuck || joined || spelled || next.is_some() {
            let word: String = word.into_iter().take(12).collect();
            if next.is_some() {
                runs[this + 1].letters = Some(word.clone());
            }
            runs[this].letters = Some(word);
        }
    }
}

fn letters<'a>(signs: impl Iterator<Item = &'a char>) -> Vec<char> {
    signs.copied().take_while(|c| c.is_alphabetic()).collect()
}

/// A letter in the place of a first digit: `O30 123`, `+I 415`. A longer word is a label.
fn letter_before(signs: &[char]) -> Option<String> {
    let gap = signs
        .iter()
        .rev()
        .take(2)
        .take_while(|&&c| is_joint(c))
        .count();
    let (rest, between) = signs.split_at(signs.len() - gap);
    let word = letters(rest.iter().rev());
    let plus = rest.len() > word.len() && rest[rest.len() - word.len() - 1] == '+';
    let lone = word.len() == 1 && !between.contains(&' ');
    (!word.is_empty() && (plus || lone)).then(|| word.iter().rev().take(12).collect())
}

/// A sign that may stand between the digits of one number.
fn is_joint(c: char) -> bool {
    matches!(c, '-' | '.' | ' ' | '/' | '(' | ')')
}
