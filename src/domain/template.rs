//! Templates: texts that somebody has worded beforehand, with blanks for what differs.
//!
//! A template is a plain text file. Files are offered in the order of their names. A first line that
//! begins with `# ` is the title; without one the file's name is (`1-card-sent.txt` is "Card sent").
//! A blank is a name in braces, such as `{name}`; any other brace is a brace. Something stands between two
//! blanks: where they touch, nobody could say of a filled text where the one ends and the other begins.
//!
//! Invariant: a template is text that Twilio would take, however its blanks are filled by a word or two, and
//! that a field takes as it is.

mod fill;

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::message::LONGEST_BODY;
use super::sms_text::{plain, without_controls};
use super::untrusted::{is_invisible, without_invisible};
use super::{Phrase, Untrusted, phrase};

pub use fill::is_ticket;

/// The longest name of a blank.
const LONGEST_NAME: usize = 40;
/// The longest that a blank may be filled with where nothing but templates may be sent.
const LONGEST_VALUE: usize = 80;

/// The templates that come with the program: examples, used in the demo.
const EXAMPLES: [(&str, &str); 6] = [
    (
        "1-card-on-its-way.txt",
        include_str!("../../assets/templates/1-card-on-its-way.txt"),
    ),
    (
        "2-ticket-received.txt",
        include_str!("../../assets/templates/2-ticket-received.txt"),
    ),
    (
        "3-ticket-solved.txt",
        include_str!("../../assets/templates/3-ticket-solved.txt"),
    ),
    (
        "4-call-back-time.txt",
        include_str!("../../assets/templates/4-call-back-time.txt"),
    ),
    (
        "5-document-needed.txt",
        include_str!("../../assets/templates/5-document-needed.txt"),
    ),
    (
        "6-could-not-reach-you.txt",
        include_str!("../../assets/templates/6-could-not-reach-you.txt"),
    ),
];

/// A text with blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// What it is called.
    pub title: Untrusted,
    /// What it says, blanks and all.
    pub body: Untrusted,
    /// The first character that was taken out of the file because nobody sees it, or because it reorders what is seen.
    pub hidden: Option<char>,
}

/// All templates, and what is wrong with the files that are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Templates {
    /// In the order in which they are offered.
    pub list: Vec<Template>,
    /// A sentence for each file that was left out.
    pub left_out: Vec<Phrase>,
}

/// Why a file is no template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Nothing is in it.
    Empty,
    /// It has this many characters too many.
    TooLong(usize),
    /// Two blanks touch, in this line of the file.
    Touching(usize),
    /// It is not text in UTF-8.
    NotText,
    /// It could not be read, and why.
    Unreadable(String),
}

impl Template {
    /// From the name of a file and what stands in it.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let control = text.chars().find(|c| c.is_control() && !c.is_whitespace());
        // Here, so that a blank stands at the same place for whoever fills it.
        let (text, invisible) = without_invisible(&without_controls(text));
        let (title, body) = match text.strip_prefix("# ") {
            Some(rest) => rest.split_once('\n').unwrap_or((rest, "")),
            None => ("", text.as_str()),
        };
        let (title, body) = (title.trim(), body.trim());
        let units = body.encode_utf16().count();
        if body.is_empty() {
            Err(Problem::Empty)
        } else if units > LONGEST_BODY {
            Err(Problem::TooLong(units - LONGEST_BODY))
        } else if let Some(at) = touching(body) {
            let before = &text[..text.rfind(body).unwrap_or(0) + at];
            Err(Problem::Touching(before.matches('\n').count() + 1))
        } else {
            let title = if title.is_empty() {
                title_of(file)
            } else {
                title.to_owned()
            };
            Ok(Self {
                title: Untrusted::new(title),
                body: Untrusted::new(body),
                hidden: control.or(invisible),
            })
        }
    }

    /// Where a text that was made from this template has what fills its blanks; none where the text is
    /// another one.
    pub fn fit(&self, text: &str) -> Option<Vec<Range<usize>>> {
        fit(self.body.raw(), text).or_else(|| fit(&plain(self.body.raw()), text))
    }

    /// Nothing but one blank, or blanks and what cannot be seen between them: it says nothing of its own.
    pub fn is_bare(&self) -> bool {
        let body = self.body.raw();
        let blanks = blanks(body);
        let kept = |at: usize| blanks.iter().all(|blank| !blank.contains(&at));
        !body
            .char_indices()
            .any(|(at, c)| kept(at) && c.is_alphanumeric())
    }

    /// The text is this template with short, one-line values in its blanks: no free text hides in it.
    pub fn allows(&self, text: &str) -> bool {
        self.fit(text).is_some_and(|values| {
            values.into_iter().all(|value| {
                let value = &text[value];
                !value.contains(['\n', '\r']) && value.chars().count() <= LONGEST_VALUE
            })
        })
    }
}

impl Templates {
    /// Those that come with the program.
    pub fn examples() -> Self {
        Self::of(
            EXAMPLES
                .into_iter()
                .map(|(file, text)| (file.to_owned(), Ok(text.to_owned()))),
        )
    }

    /// From files, each with its name, and with what stands in it or why that cannot be read.
    pub fn of(files: impl IntoIterator<Item = (String, Result<String, Problem>)>) -> Self {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_by_key(|(file, _)| in_order(file));
        let mut templates = Self::default();
        for (file, text) in files {
            match text.and_then(|text| Template::parse(&file, &text)) {
                Ok(template) => templates.list.push(template),
                Err(problem) => templates.left_out.push(problem.phrase(&file)),
            }
        }
        templates
    }

    /// Those with this in their titles, whatever the case, with their places.
    pub fn named(&self, part: &str) -> impl Iterator<Item = (usize, &Template)> {
        let part = part.trim().to_lowercase();
        self.list
            .iter()
            .enumerate()
            .filter(move |(_, template)| template.title.raw().to_lowercase().contains(&part))
    }

    /// The first blank of any of them that stands in a text as its template has it.
    pub fn blank_left_in(&self, text: &str) -> Option<Range<usize>> {
        let is_known = |blank: &Range<usize>| {
            let name = plain(&text[blank.start + 1..blank.end - 1]);
            self.list.iter().any(|template| {
                let mut names = template.blank_names().into_iter();
                names.any(|known| plain(known) == name)
            })
        };
        blanks(text).into_iter().find(is_known)
    }

    /// The text is one of the templates, filled in.
    pub fn allow(&self, text: &str) -> bool {
        self.list.iter().any(|template| template.allows(text))
    }
}

impl Problem {
    /// One sentence, for the agent.
    pub fn phrase(&self, file: &str) -> Phrase {
        let file = super::untrusted::visible(file);
        match self {
            Self::Empty => phrase!(
                "The template {file} was left out: it is empty.",
                file = file
            ),
            Self::TooLong(n) => phrase!(
                "The template {file} was left out: it is too long for Twilio by {n} characters.",
                file = file,
                n = *n
            ),
            Self::Touching(line) => phrase!(
                "The template {file} was left out: in line {line} two blanks touch. Put a space or a word between them.",
                file = file,
                line = *line
            ),
            Self::NotText => phrase!(
                "The template {file} was left out: it is not plain text in UTF-8.",
                file = file
            ),
            Self::Unreadable(why) => phrase!(
                "The template {file} was left out: it could not be read ({why}).",
                file = file,
                why = super::untrusted::visible(why)
            ),
        }
    }
}

/// Where a text has blanks, braces and all.
pub fn blanks(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        let name = &text[open + 1..];
        let name = name.find(['{', '}']).map(|end| &name[..end]);
        at = open + 1;
        if let Some(name) = name.filter(|name| is_name(name)) {
            let end = open + 1 + name.len();
            if text[end..].starts_with('}') {
                found.push(open..end + 1);
                at = end + 1;
            }
        }
    }
    found
}

/// The first thing in a text that looks like a blank, whatever hides in it.
pub fn lookalike(text: &str) -> Option<String> {
    let seen: String = text.chars().filter(|&c| !is_invisible(c)).collect();
    let first = blanks(&seen).into_iter().next()?;
    Some(seen[first].to_owned())
}

/// Where a blank begins right behind another one.
fn touching(text: &str) -> Option<usize> {
    let blanks = blanks(text);
    let pair = blanks.windows(2).find(|pair| pair[0].end == pair[1].start);
    pair.map(|pair| pair[1].start)
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(char::is_alphabetic)
        && chars.all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-') || is_mark(c))
        && name.chars().count() <= LONGEST_NAME
}

/// An accent or a vowel sign that is written behind its letter.
fn is_mark(c: char) -> bool {
    c.width() == Some(0) && !c.is_control() && !is_invisible(c)
}

/// The pieces between the blanks, found in the text one after another: what lies between them is what
/// fills the blanks.
fn fit(template: &str, text: &str) -> Option<Vec<Range<usize>>> {
    let blanks = blanks(template);
    let Some(first) = blanks.first() else {
        return (template == text).then(Vec::new);
    };
    let mut at = first.start;
    if !text.starts_with(&template[..first.start]) {
        return None;
    }
    let mut values = Vec::with_capacity(blanks.len());
    for (n, blank) in blanks.iter().enumerate() {
        let end = if let Some(next) = blanks.get(n + 1) {
            let piece = &template[blank.end..next.start];
            let found = at + text.get(at..)?.find(piece)?;
            values.push(at..found);
            found + piece.len()
        } else {
            let piece = &template[blank.end..];
            let found = text.len().checked_sub(piece.len())?;
            if found < at || !text.ends_with(piece) {
                return None;
            }
            values.push(at..found);
            text.len()
        };
        at = end;
    }
    Some(values)
}

/// A file's name as a title: without its number, its end and its dashes.
fn title_of(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let bare = stem.trim_start_matches(|c: char| c.is_ascii_digit() || "-_. ".contains(c));
    let words = if bare.is_empty() { stem } else { bare }.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// Files with numbers stand in the order of the numbers: 2 before 10.
fn in_order(file: &str) -> (u64, String) {
    let digits: String = file.chars().take_while(char::is_ascii_digit).collect();
    (digits.parse().unwrap_or(u64::MAX), file.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(body: &str) -> Template {
        Template::parse("a.txt", body).unwrap()
    }

    #[test]
    fn a_title_is_the_first_line_or_the_name_of_the_file() {
        for (file, text, title, body) in [
            (
                "1-card_on-its-way.txt",
                "Hello.\n",
                "Card on its way",
                "Hello.",
            ),
            (
                "x.txt",
                "# Ticket solved\n\nHello,\nJane",
                "Ticket solved",
                "Hello,\nJane",
            ),
            ("x.txt", "#1 in the list", "X", "#1 in the list"),
            ("12.txt", "a\r\nb", "12", "a\nb"),
            ("12.txt", "\u{1b}\u{1b}Hi\u{b}\tyou\0", "12", "Hi\n you"),
        ] {
            let template = Template::parse(file, text).unwrap();
            assert_eq!(
                (template.title.raw(), template.body.raw()),
                (title, body),
                "{file}"
            );
        }
    }

    #[test]
    fn what_nobody_sees_in_a_file_is_taken_out_and_the_first_of_it_is_known() {
        for (text, body, hidden) in [
            ("\u{1b}[31mHi\u{1b}[0m", "Hi", Some('\u{1b}')),
            ("pay {na\u{200b}me}\u{202e}", "pay {name}", Some('\u{200b}')),
            ("\u{feff}Hi\r\n\tyou 👍🏽", "Hi\n you 👍🏽", None),
        ] {
            let template = template(text);
            assert_eq!((template.body.raw(), template.hidden), (body, hidden));
        }
    }

    #[test]
    fn a_file_that_is_no_template_is_one_sentence_and_the_rest_works() {
        let templates = Templates::of([
            ("10-c.txt".to_owned(), Ok("C".to_owned())),
            ("2-b.txt".to_owned(), Ok("B".to_owned())),
            ("3.txt".to_owned(), Ok("# Only a title".to_owned())),
            ("4.txt".to_owned(), Ok("x".repeat(1602))),
            ("5.txt".to_owned(), Err(Problem::NotText)),
            (
                "6.txt".to_owned(),
                Ok("# The {a}{b}\n\nHello {name},\nticket {a}{ticket}.".to_owned()),
            ),
            ("a.txt".to_owned(), Ok("# {a}{b}\nA".to_owned())),
        ]);
        let titles: Vec<&str> = templates.list.iter().map(|t| t.title.raw()).collect();
        assert_eq!(titles, ["B", "C", "{a}{b}"]);
        let sentences: Vec<String> = templates.left_out.iter().map(ToString::to_string).collect();
        assert_eq!(
            sentences,
            [
                "The template 3.txt was left out: it is empty.",
                "The template 4.txt was left out: it is too long for Twilio by 2 characters.",
                "The template 5.txt was left out: it is not plain text in UTF-8.",
                "The template 6.txt was left out: in line 4 two blanks touch. Put a space or a word between them.",
            ]
        );
    }

    #[test]
    fn a_blank_is_a_name_in_braces_and_other_braces_are_braces() {
        for (text, names) in [
            (
                "Hello {name}, at {call-back time}.",
                vec!["{name}", "{call-back time}"],
            ),
            ("{} {1} {{a} {b", vec!["{a}"]),
            ("if (x) { y; }", vec![]),
            ("{été}", vec!["{été}"]),
            (
                "{e\u{301}te\u{301}} {नाम्}",
                vec!["{e\u{301}te\u{301}}", "{नाम्}"],
            ),
            ("{na\u{200b}me}", vec![]),
        ] {
            let found: Vec<&str> = blanks(text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, names, "{text}");
        }
    }

    #[test]
    fn a_filled_template_is_known_again_and_a_text_of_ones_own_is_not() {
        let two = template("Hello {name}, ticket {number} is solved.");
        let text = "Hello Jane, ticket 12 is solved.";
        let values = two.fit(text).unwrap();
        assert_eq!(
            (&text[values[0].clone()], &text[values[1].clone()]),
            ("Jane", "12")
        );
        for other in [
            "Hello Jane",
            "Hi Jane, ticket 12 is solved.",
            "",
            "Hello Jane, ticket 12 is solved. Bye",
        ] {
            assert_eq!(two.fit(other), None, "{other}");
        }
        assert!(two.allows(text));
        assert!(!two.allows(&format!("Hello {}, ticket 1 is solved.", "x".repeat(81))));
        assert!(!two.allows("Hello a\nb, ticket 1 is solved."));
        assert!(template("We’ve closed it.").allows("We've closed it."));
        assert!(template("No blank").allows("No blank"));
        assert!(!template("aXa").allows("a"));
        assert_eq!(template("ab{x}ba").fit("aba"), None);
    }

    #[test]
    fn what_is_left_of_a_blank_is_found_wherever_it_stands() {
        let templates = Templates::of([(
            "a.txt".to_owned(),
            Ok("Hello {nＡme}, {ticket}.".to_owned()),
        )]);
        for (text, left) in [
            ("Oh {x}, {ticket} it is", Some("{ticket}")),
            ("{nAme} and {ticket}", Some("{nAme}")),
            ("{x} {tic\u{200b}ket}", None),
        ] {
            let found = templates.blank_left_in(text);
            assert_eq!(found.map(|at| &text[at]), left, "{text:?}");
        }
        assert_eq!(
            lookalike("{1} {tic\u{200b}ket}").as_deref(),
            Some("{ticket}")
        );
        assert_eq!(lookalike("if (x) { y; }"), None);
    }

    #[test]
    fn the_examples_are_templates_and_each_is_one_text() {
        let examples = Templates::examples();
        assert_eq!((examples.list.len(), examples.left_out.len()), (6, 0));
        for example in &examples.list {
            let count = super::super::sms_text::SmsText::count(example.body.raw());
            assert_eq!(count.segments, 1, "{}", example.title.raw());
            assert!(count.left >= 20, "{} leaves no room", example.title.raw());
        }
        assert!(blanks(examples.list[0].body.raw()).is_empty(), "five keys");
    }
}
