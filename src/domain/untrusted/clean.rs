//! The one cleaning of foreign text.
//!
//! Replacement, not removal: a deleted tab would turn "100⇥0" into "1000". C0 controls become their
//! pictures, line ends `⏎`, odd spaces a space, and whatever is invisible or reorders text U+FFFD.
//! Joiners stay only where they do their work: between pictographs, and inside Arabic and Indic words.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

use crate::domain::digit::is_space;

const REPLACEMENT: char = '\u{fffd}';
const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';
const EMOJI_STYLE: char = '\u{fe0f}';
/// A family of four is the largest picture that is made of others; a longer chain is one cell without end.
const MOST_JOINERS: usize = 3;
const KEYCAP: char = '\u{20e3}';
/// How many characters may stand in one cell. A kiss with skin tones has ten and the longest syllable of a Sanskrit
/// word twelve; tones, letters of Korean and joined consonants could go on without an end.
const MOST_IN_A_CELL: usize = 16;

/// The text in one line, without anything that could move a cursor, colour a screen, hide or reorder.
pub fn visible(text: &str) -> String {
    clean(text).0
}

/// The same, split where the text has line ends of any kind.
pub fn visible_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !is_line_end(c) {
            continue;
        }
        lines.push(visible(&text[start..at]));
        start = at + c.len_utf8();
        if c == '\r' && chars.next_if(|&(_, next)| next == '\n').is_some() {
            start += 1;
        }
    }
    lines.push(visible(&text[start..]));
    lines
}

/// Something in the text would not be seen, or would change what is seen: it deserves a badge.
pub fn has_hidden(text: &str) -> bool {
    clean(text).1
}

/// A text of which more is to be written: what would not be seen or would reorder it is taken out, and the first of
/// that is named. Joiners that do their work stay.
pub fn without_invisible(text: &str) -> (String, Option<char>) {
    let mut out = String::with_capacity(text.len());
    let mut first = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let works = matches!(c, ZWJ | ZWNJ | EMOJI_STYLE) && joins(&out, c, next);
        if is_invisible(c) && !works {
            first.get_or_insert(c);
        } else {
            out.push(c);
        }
    }
    (out, first)
}

/// The clean text, and whether a control, an invisible character or a pile of marks was replaced.
fn clean(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut hidden = false;
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let shown = match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                '⏎'
            }
            _ if is_line_end(c) => '⏎',
            _ if is_space(c) => ' ',
            ZWJ | ZWNJ | EMOJI_STYLE if joins(&out, c, next) => {
                out.push(c);
                continue;
            }
            '\0'..='\u{1f}' => {
                hidden = true;
                char::from_u32(u32::from(c) + 0x2400).unwrap_or(REPLACEMENT)
            }
            _ if c.is_control() || is_invisible(c) => {
                hidden = true;
                REPLACEMENT
            }
            _ if c.width() == Some(0) => {
                marks += 1;
                let limit = mark_limit(c);
                if marks > limit {
                    // One sign for the whole pile, with a joiner that has nothing to join any more: two hundred
                    // marks in a cell are no text.
                    out.truncate(out.trim_end_matches([ZWJ, ZWNJ]).len());
                    while chars.next_if(|&c| is_mark(c)).is_some() {}
                    hidden = true;
                    REPLACEMENT
                } else {
                    out.push(c);
                    continue;
                }
            }
            _ => c,
        };
        marks = 0;
        out.push(shown);
    }
    match bounded(&out) {
        Some(bounded) => (bounded, true),
        None => (out, hidden),
    }
}

/// The same where what would stand in one cell goes on for too long: its beginning, and one sign for the rest.
fn bounded(text: &str) -> Option<String> {
    let is_long = |cluster: &str| cluster.chars().nth(MOST_IN_A_CELL).is_some();
    if text.is_ascii() || !text.graphemes(true).any(is_long) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for cluster in text.graphemes(true) {
        if is_long(cluster) {
            let start: String = cluster.chars().take(MOST_IN_A_CELL).collect();
            // A joiner that has nothing to join any more would be seen by the next cleaning.
            out.push_str(start.trim_end_matches([ZWJ, ZWNJ, EMOJI_STYLE]));
            out.push(REPLACEMENT);
        } else {
            out.push_str(cluster);
        }
    }
    Some(out)
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// It takes no room of its own and is not one of those that [`clean`] replaces or keeps by themselves.
fn is_mark(c: char) -> bool {
    c.width() == Some(0) && !is_invisible(c) && !c.is_control() && !is_line_end(c)
}

/// Ordinary words of the scripts from Devanagari to Khmer carry three marks (nukta, vowel, nasal).
fn mark_limit(c: char) -> usize {
    match c {
        '\u{900}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => 4,
        _ => 2,
    }
}

/// Format characters, fillers, variation selectors, tags, private use and noncharacters.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}'
    ) || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether a joiner or the emoji style sits where it has a meaning. `before` is what was let through,
/// so that a second cleaning judges by the same neighbours.
fn joins(before: &str, c: char, next: Option<char>) -> bool {
    let Some(last) = before.chars().next_back() else {
        return false;
    };
    match c {
        EMOJI_STYLE => is_pictograph(last) || (is_keycap_base(last) && next == Some(KEYCAP)),
        ZWJ if next.is_some_and(is_pictograph) => {
            joined(before).is_some_and(|joiners| joiners < MOST_JOINERS)
        }
        _ => is_joining_script(last) && next.is_some_and(is_joining_script),
    }
}

/// How many joiners hold the pictographs at the end of a text together; none where it ends in no pictograph.
fn joined(text: &str) -> Option<usize> {
    let mut joiners = 0;
    let mut signs = text
        .chars()
        .rev()
        .filter(|&c| c != EMOJI_STYLE && !is_skin_tone(c));
    loop {
        if !signs.next().is_some_and(is_pictograph) {
            // A joiner before it would have been replaced, so this is the end of the text.
            return None;
        }
        if joiners == MOST_JOINERS || signs.next() != Some(ZWJ) {
            return Some(joiners);
        }
        joiners += 1;
    }
}

fn is_keycap_base(c: char) -> bool {
    matches!(c, '0'..='9' | '#' | '*')
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// The segmentation rules know what may be joined by ZWJ: a pictograph, a ZWJ and a pictograph are one
/// cluster, which spares us a second table that would grow old.
fn is_pictograph(c: char) -> bool {
    !c.is_ascii()
        && [c, ZWJ, '\u{1f600}']
            .iter()
            .collect::<String>()
            .graphemes(true)
            .count()
            == 1
}

/// Letters and marks of scripts in which joiners shape words.
fn is_joining_script(c: char) -> bool {
    let script = matches!(c,
        '\u{620}'..='\u{65f}' | '\u{66e}'..='\u{6d3}' | '\u{6fa}'..='\u{6ff}'
        | '\u{710}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}' | '\u{900}'..='\u{dff}'
        | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1820}'..='\u{18aa}'
        | '\u{fb50}'..='\u{fdcf}' | '\u{fe70}'..='\u{fefc}');
    script && !is_invisible(c) && (c.is_alphabetic() || c.width() == Some(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_stands_in_one_cell_comes_to_an_end() {
        for (first, again) in [("👍", "🏻"), ("", "ᄀ"), ("", "क\u{94d}"), ("", "\u{d4e}")] {
            let text = format!("{first}{}.", again.repeat(40));
            let shown = visible(&text);
            assert!(has_hidden(&text) && shown.contains("\u{fffd}."), "{shown}");
            let longest = shown.graphemes(true).map(|cell| cell.chars().count()).max();
            assert!(longest <= Some(MOST_IN_A_CELL), "{shown}");
            assert_eq!(visible(&shown), shown);
        }
        for text in [
            "कार्त्स्न्य",
            "각",
            "กำ",
            "👩🏻\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨🏻",
            "🇩🇪🇫🇷",
        ] {
            assert_eq!(visible(text), text);
            assert!(!has_hidden(text), "{text}");
        }
    }

    #[test]
    fn what_could_act_hide_or_reorder_is_shown_as_a_sign() {
        for (text, shown, hidden) in [
            ("plain text, été, 你好", "plain text, été, 你好", false),
            ("\x1b[2J\x07", "␛[2J␇", true),
            ("100\t0", "100 0", false),
            ("a\r\nb\nc\rd\u{2028}e\u{85}f", "a⏎b⏎c⏎d⏎e⏎f", false),
            ("a\u{a0}b\u{3000}c", "a b c", false),
            ("\u{7f}\u{9b}31m", "\u{fffd}\u{fffd}31m", true),
            ("pay\u{202e}001\u{2069}", "pay\u{fffd}001\u{fffd}", true),
            (
                "a\u{200b}b\u{feff}c\u{ad}d",
                "a\u{fffd}b\u{fffd}c\u{fffd}d",
                true,
            ),
            (
                "x\u{e0041}\u{e000}\u{fdd0}\u{1ffff}",
                "x\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
                true,
            ),
            (
                "\u{fff9}\u{34f}\u{3164}\u{17b4}",
                "\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
                true,
            ),
            ("e\u{301}\u{302}", "e\u{301}\u{302}", false),
            (
                "e\u{301}\u{302}\u{303}\u{304}!",
                "e\u{301}\u{302}\u{fffd}!",
                true,
            ),
        ] {
            assert_eq!(visible(text), shown, "{text:?}");
            assert_eq!(has_hidden(text), hidden, "{text:?}");
        }
    }

    #[test]
    fn joiners_stay_where_they_do_their_work() {
        for (text, kept) in [
            ("👨\u{200d}👩\u{200d}👧", true),
            ("🏳\u{fe0f}\u{200d}🌈", true),
            ("👩🏽\u{200d}🚀", true),
            (
                "👨\u{200d}👩\u{200d}👧\u{200d}👦👩🏽\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👩🏽",
                true,
            ),
            ("👨\u{200d}👩\u{200d}👧\u{200d}👦\u{200d}👶", false),
            ("❤\u{fe0f}", true),
            ("1\u{fe0f}\u{20e3}", true),
            ("🇮🇹", true),
            ("می\u{200c}خواهم", true),
            ("क्\u{200d}ष", true),
            ("র\u{200d}্যাব", true),
            ("पकड़\u{93c}ें", true),
            ("pass\u{200d}word", false),
            ("pass\u{200c}word", false),
            ("1\u{fe0f}", false),
            ("a\u{fe0f}", false),
            ("😀\u{200d}", false),
            ("\u{200d}😀", false),
            ("می\u{200c}", false),
        ] {
            assert_eq!(visible(text) == text, kept, "{text:?}");
            assert_eq!(has_hidden(text), !kept, "{text:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_taken_out_and_joiners_that_do_their_work_stay() {
        for (text, left, first) in [
            ("pay\u{202e}001\u{200b}", "pay001", Some('\u{202e}')),
            ("pass\u{200d}word", "password", Some('\u{200d}')),
            (
                "می\u{200c}خواهم ❤\u{fe0f}",
                "می\u{200c}خواهم ❤\u{fe0f}",
                None,
            ),
            ("a\nb\u{301}", "a\nb\u{301}", None),
        ] {
            assert_eq!(
                without_invisible(text),
                (left.to_owned(), first),
                "{text:?}"
            );
        }
    }

    #[test]
    fn lines_split_at_every_kind_of_line_end() {
        assert_eq!(
            visible_lines("a\r\nb\n\nc\u{2029}\x1b"),
            ["a", "b", "", "c", "␛"]
        );
        assert_eq!(visible_lines(""), [""]);
    }

    fn hostile() -> impl Strategy<Value = String> {
        let bad = prop::sample::select(vec![
            '\r',
            '\n',
            '\x1b',
            '\u{9b}',
            '\u{200d}',
            '\u{200c}',
            '\u{fe0f}',
            '\u{20e3}',
            '\u{301}',
            '\u{202e}',
            '\u{e0041}',
            '😀',
            '🏽',
            '❤',
            '1',
            'a',
            'ر',
            'क',
            '\u{94d}',
            '\u{93c}',
            '\u{fffd}',
            '\u{1160}',
            '가',
            '\u{2028}',
        ]);
        prop::collection::vec(prop_oneof![4 => bad, 1 => any::<char>()], 0..24)
            .prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn no_control_comes_out_and_twice_is_once(text in hostile()) {
            let once = visible(&text);
            prop_assert!(!once.chars().any(|c| c.is_control() || is_line_end(c)), "{once:?}");
            prop_assert_eq!(visible(&once), once.clone());
            prop_assert!(!has_hidden(&once), "{:?}", once);
            let seen = without_invisible(&text).0;
            prop_assert_eq!(without_invisible(&seen), (seen.clone(), None));
            for line in visible_lines(&text) {
                prop_assert!(!line.contains('\n'));
            }
        }
    }

    #[test]
    fn invisible_characters_never_come_out() {
        for c in ('\0'..='\u{2ffff}').chain('\u{e0000}'..='\u{e0fff}') {
            if is_invisible(c) {
                assert_eq!(visible(&format!("a{c}b")), "a\u{fffd}b");
            }
        }
    }
}
