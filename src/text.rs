//! Text in cells: how wide it is, how it is cut, wrapped and filled up.
//!
//! Everything goes by cluster (what a reader takes for one character), as the terminal does, so that no
//! flag, family or accented letter is ever torn. Texts of others come here cleaned
//! ([`Untrusted::visible`](crate::domain::Untrusted::visible)).
//!
//! Invariant: nothing is wider than it was allowed to be, except a single cluster that alone is.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What stands for the part of a text that did not fit.
const ELLIPSIS: &str = "…";

/// A text in ASCII letters, as readable as it can be: accents go, letters without a plain twin become
/// what they are written as, marks of ours have forms of their own. What is left becomes a `?` for each
/// character that a reader would see.
pub fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for cluster in text.graphemes(true) {
        let before = plain.len();
        for c in cluster.nfkd() {
            match c {
                c if c.is_ascii() => plain.push(c),
                c => plain.push_str(twin(c)),
            }
        }
        if plain.len() == before && cluster.width() > 0 {
            plain.push_str(&"?".repeat(cluster.width()));
        }
    }
    Cow::Owned(plain)
}

/// The same for a text whose every character counts: what has no twin is spelled out, as `<U+4F60>`.
pub fn spelled(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for cluster in text.graphemes(true) {
        let twin = ascii(cluster);
        if twin.contains('?') && !cluster.is_ascii() {
            for c in cluster.chars() {
                // A string takes whatever is written to it.
                let _ = write!(plain, "<U+{:04X}>", u32::from(c));
            }
        } else {
            plain.push_str(&twin);
        }
    }
    Cow::Owned(plain)
}

/// What is written for a character that is not in ASCII, if anything.
fn twin(c: char) -> &'static str {
    match c {
        '•' | '●' => "*",
        '·' | '–' | '—' | '‐' | '‑' | '−' => "-",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '’' | '‘' | '‚' | '‹' | '›' => "'",
        '⏎' => "\\",
        '¡' => "!",
        'ß' => "ss",
        'æ' => "ae",
        'Æ' => "AE",
        'œ' => "oe",
        'Œ' => "OE",
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'þ' => "th",
        'Þ' => "Th",
        'ı' => "i",
        '€' => "EUR",
        '£' => "GBP",
        _ => "",
    }
}

/// How many cells a text takes in one row.
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// The text, or as much of it as fits before a `…`.
pub fn truncate(text: &str, room: usize) -> Cow<'_, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    if room == 0 {
        return Cow::Borrowed("");
    }
    let end = fitting(text, room - 1);
    Cow::Owned(format!("{}{ELLIPSIS}", &text[..end]))
}

/// As much of a sentence as fits and still says something by itself: all of it, or what stands before a
/// full stop, a semicolon, a colon, a bracket, or a comma. None where not even that fits.
pub fn clause(text: &str, room: usize) -> Option<&str> {
    if width(text) <= room {
        return Some(text);
    }
    [". ", "; ", " (", ": ", ", "].iter().find_map(|end| {
        let mut heads = text.rmatch_indices(*end).map(|(at, _)| &text[..at]);
        Some(heads.find(|head| width(head) <= room)?.trim_end())
    })
}

/// The text in exactly so many cells: cut, or filled up with spaces.
pub fn pad(text: &str, room: usize) -> String {
    let mut text = truncate(text, room).into_owned();
    let spaces = room.saturating_sub(width(&text));
    text.extend(std::iter::repeat_n(' ', spaces));
    text
}

/// Where the longest end of a text that fits begins, in bytes; for a field that scrolls with its cursor.
pub fn tail_start(text: &str, room: usize) -> usize {
    let mut used = 0;
    text.grapheme_indices(true)
        .rev()
        .take_while(|(_, cluster)| {
            used += cluster.width();
            used <= room
        })
        .last()
        .map_or(text.len(), |(at, _)| at)
}

/// Where the longest part that fits ends, in bytes.
fn fitting(text: &str, room: usize) -> usize {
    let mut used = 0;
    text.grapheme_indices(true)
        .find(|(_, cluster)| {
            used += cluster.width();
            used > room
        })
        .map_or(text.len(), |(at, _)| at)
}

/// A row of a wrapped text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is shown, in bytes of the text.
    pub shown: Range<usize>,
    /// Where the next row begins: past the spaces and the line end that are not shown.
    pub next: usize,
    /// How many cells it takes.
    pub width: usize,
}

/// Wraps a text at spaces, at its own line ends, between wide characters, and inside a word that is
/// longer than a row. Spaces that do not fit at the end of a row are not shown and not moved to the next.
pub fn wrap(text: &str, room: usize) -> Vec<Line> {
    let mut rows = Wrapping::new(room);
    for (at, cluster) in text.grapheme_indices(true) {
        // In French a space stands before such a mark, and no row begins with it; none ends in a quotation
        // that begins.
        let mark = text[at + cluster.len()..].starts_with([';', ':', '!', '?', '»']);
        let opens = text[..at].ends_with('«');
        rows.take(at, cluster, cluster == " " && !mark && !opens);
    }
    rows.finish(text.len())
}

/// Row and column (in cells) of a place in a wrapped text; for the cursor.
pub fn locate(text: &str, lines: &[Line], at: usize) -> (usize, usize) {
    let row = lines
        .iter()
        .rposition(|line| line.shown.start <= at)
        .unwrap_or(0);
    let column = lines.get(row).map_or(0, |line| {
        let end = at.clamp(line.shown.start, line.shown.end);
        text.get(line.shown.start..end).map_or(0, width)
    });
    (row, column)
}

/// The place in a wrapped text that is nearest to a row and column; for moving up and down, and for a
/// click.
pub fn place_at(text: &str, lines: &[Line], row: usize, column: usize) -> usize {
    let Some(line) = lines.get(row.min(lines.len().saturating_sub(1))) else {
        return 0;
    };
    let shown = text.get(line.shown.clone()).unwrap_or_default();
    line.shown.start + fitting(shown, column)
}

/// The row that is being filled.
struct Wrapping {
    room: usize,
    lines: Vec<Line>,
    /// Where the row begins, where what it shows ends, and how wide that is.
    start: usize,
    end: usize,
    used: usize,
    /// Where the row may be broken, how wide it is up to there without the spaces that hang over, and
    /// where that ends.
    chance: Option<Chance>,
    /// A space did not fit: whatever comes next begins a row.
    hanging: bool,
}

#[derive(Clone, Copy)]
struct Chance {
    at: usize,
    used: usize,
}

impl Wrapping {
    fn new(room: usize) -> Self {
        Self {
            room: room.max(1),
            lines: Vec::new(),
            start: 0,
            end: 0,
            used: 0,
            chance: None,
            hanging: false,
        }
    }

    fn take(&mut self, at: usize, cluster: &str, may_break: bool) {
        let next = at + cluster.len();
        if matches!(cluster, "\n" | "\r" | "\r\n") {
            self.close(self.end, self.used, next);
            return;
        }
        let wide = cluster.width();
        if self.used + wide > self.room || (self.hanging && !may_break) {
            if may_break {
                self.hanging = true;
                return;
            }
            self.make_room(at, wide);
        }
        self.end = next;
        self.used += wide;
        if may_break || wide > 1 {
            self.chance = Some(Chance {
                at: next,
                used: self.used,
            });
        }
    }

    /// Closes the row before the cluster at `at`, or earlier where a word began.
    fn make_room(&mut self, at: usize, wide: usize) {
        if self.hanging {
            self.close(self.end, self.used, at);
        } else if let Some(Chance { at: broken, used }) = self.chance {
            let (end, left) = (self.end, self.used - used);
            self.close(broken, used, broken);
            self.end = end.max(broken);
            self.used = left;
            // What was carried over is part of a word and may itself leave too little room.
            if self.used + wide > self.room && self.used > 0 {
                self.close(at, self.used, at);
            }
        } else if at > self.start {
            self.close(at, self.used, at);
        }
    }

    fn close(&mut self, shown: usize, width: usize, next: usize) {
        self.lines.push(Line {
            shown: self.start..shown,
            next,
            width,
        });
        self.start = next;
        self.end = next;
        self.used = 0;
        self.chance = None;
        self.hanging = false;
    }

    fn finish(mut self, length: usize) -> Vec<Line> {
        self.close(self.end, self.used, length);
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn width_counts_cells_not_characters() {
        for (text, cells) in [
            ("abc", 3),
            ("été", 3),
            ("e\u{301}", 1),
            ("你好", 4),
            ("🇮🇹", 2),
            ("👨\u{200d}👩\u{200d}👧", 2),
            ("•", 1),
            ("", 0),
        ] {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn of_a_sentence_that_is_too_long_a_part_is_said_that_says_something() {
        let text = "Look it up: kind, network. Twilio charges for it.";
        assert_eq!(clause(text, 80), Some(text));
        assert_eq!(clause(text, 30), Some("Look it up: kind, network"));
        assert_eq!(clause(text, 20), Some("Look it up"));
        assert_eq!(clause(text, 5), None);
    }

    #[test]
    fn no_row_begins_with_a_mark_that_ends_a_sentence() {
        let text = "Est-ce bien lui ? Oui";
        for room in 6..30 {
            let lines = wrap(text, room);
            let mut rows = lines.iter().map(|line| &text[line.shown.clone()]);
            assert!(rows.all(|row| !row.starts_with('?')), "{room}");
        }
    }

    #[test]
    fn no_row_ends_in_the_middle_of_a_quotation_mark_and_its_space() {
        let text = "Est-ce bien « lui » ? Oui";
        for room in 10..30 {
            let lines = wrap(text, room);
            let mut rows = lines.iter().map(|line| &text[line.shown.clone()]);
            let whole = |row: &str| !row.ends_with('«') && !row.starts_with(['»', '?']);
            assert!(rows.all(whole), "{room}");
        }
    }

    #[test]
    fn what_has_no_twin_in_ascii_is_spelled_out_where_it_counts() {
        assert_eq!(spelled("Café? 你好 5 €"), "Cafe? <U+4F60><U+597D> 5 EUR");
        assert_eq!(spelled("plain?"), "plain?");
    }

    #[test]
    fn letters_of_other_languages_stay_readable_in_ascii() {
        for (text, plain) in [
            ("Préférences", "Preferences"),
            ("Größe, Übung", "Grosse, Ubung"),
            ("¿Cuál señor?", "?Cual senor?"),
            ("e\u{301}te\u{301}", "ete"),
            ("DEMO · nicht verbunden", "DEMO - nicht verbunden"),
            ("+1 415 ••• ••23", "+1 415 *** **23"),
            ("„Łódź“ – ‚œuvre‘", "\"Lodz\" - 'oeuvre'"),
            ("wait…", "wait..."),
            ("12\u{a0}€", "12 EUR"),
            ("日本 😀", "???? ??"),
            ("שלום", "????"),
            ("a\u{200d}b", "ab"),
        ] {
            assert_eq!(ascii(text), plain, "{text}");
        }
    }

    #[test]
    fn a_cut_text_ends_in_an_ellipsis_and_tears_no_cluster() {
        for (text, room, cut) in [
            ("Acme Support", 12, "Acme Support"),
            ("Acme Support", 6, "Acme …"),
            ("你好世界", 5, "你好…"),
            ("你好世界", 4, "你…"),
            ("ab👨\u{200d}👩\u{200d}👧cd", 4, "ab…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
        ] {
            assert_eq!(truncate(text, room), cut, "{text} in {room}");
        }
        assert_eq!(pad("ab", 4), "ab  ");
        assert_eq!(pad("你好", 3), "你…");
        assert_eq!(pad("你好世", 4), "你… ");
    }

    fn rows(text: &str, room: usize) -> Vec<&str> {
        wrap(text, room)
            .into_iter()
            .map(|line| &text[line.shown])
            .collect()
    }

    #[test]
    fn words_wrap_and_long_ones_are_broken() {
        for (text, room, expected) in [
            ("", 5, vec![""]),
            ("one two three", 7, vec!["one two", "three"]),
            ("one two three", 8, vec!["one two ", "three"]),
            ("one two   three", 7, vec!["one two", "three"]),
            ("abcdefgh", 3, vec!["abc", "def", "gh"]),
            ("a bcdefgh", 4, vec!["a ", "bcde", "fgh"]),
            ("a\nb\r\n\nc", 5, vec!["a", "b", "", "c"]),
            ("end\n", 5, vec!["end", ""]),
            ("你好世界", 5, vec!["你好", "世界"]),
            ("ab你好", 4, vec!["ab你", "好"]),
            ("🇮🇹🇮🇹", 3, vec!["🇮🇹", "🇮🇹"]),
            ("  x", 2, vec!["  ", "x"]),
        ] {
            assert_eq!(rows(text, room), expected, "{text:?} in {room}");
        }
    }

    #[test]
    fn the_cursor_is_found_in_a_wrapped_text_and_back() {
        let text = "one two three\nfour";
        let lines = wrap(text, 7);
        for (at, place) in [
            (0, (0, 0)),
            (5, (0, 5)),
            (7, (0, 7)),
            (8, (1, 0)),
            (13, (1, 5)),
            (14, (2, 0)),
            (18, (2, 4)),
            (99, (2, 4)),
        ] {
            assert_eq!(locate(text, &lines, at), place, "{at}");
        }
        for (place, at) in [((0, 3), 3), ((1, 2), 10), ((1, 99), 13), ((9, 1), 15)] {
            assert_eq!(place_at(text, &lines, place.0, place.1), at, "{place:?}");
        }
    }

    fn texts() -> impl Strategy<Value = String> {
        let sign = prop::sample::select(vec![
            "a", "b", " ", " ", "\n", "\r\n", "é", "e\u{301}", "你", "😀", "🇮🇹", "-", "\u{fffd}",
        ]);
        prop::collection::vec(sign, 0..40).prop_map(|signs| signs.concat())
    }

    proptest! {
        #[test]
        fn no_row_is_too_wide_and_nothing_is_lost(text in texts(), room in 2_usize..12) {
            let mut at = 0;
            for line in wrap(&text, room) {
                prop_assert_eq!(line.shown.start, at);
                prop_assert_eq!(line.width, width(&text[line.shown.clone()]));
                prop_assert!(line.width <= room, "{:?} in {}", &text[line.shown.clone()], room);
                let unseen = &text[line.shown.end..line.next];
                prop_assert!(unseen.chars().all(|c| matches!(c, ' ' | '\n' | '\r')), "{:?}", unseen);
                at = line.next;
            }
            prop_assert_eq!(at, text.len());
        }

        #[test]
        fn any_text_wraps_without_tearing_a_cluster(text in any::<String>(), room in 0_usize..6) {
            let bounds: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
            for line in wrap(&text, room) {
                prop_assert!(bounds.contains(&line.shown.start) && bounds.contains(&line.shown.end));
                let lone = text[line.shown.clone()].graphemes(true).filter(|g| g.width() > 0).count() <= 1;
                prop_assert!(line.width <= room.max(1) || lone);
            }
        }

        #[test]
        fn what_is_in_ascii_is_ascii(text in any::<String>()) {
            prop_assert!(ascii(&text).is_ascii());
        }

        #[test]
        fn a_cut_or_padded_text_fits(text in any::<String>(), room in 0_usize..20) {
            prop_assert!(width(&truncate(&text, room)) <= room);
            prop_assert_eq!(width(&pad(&text, room)), room);
        }

        #[test]
        fn the_cursor_comes_back_to_where_it_was(text in texts(), room in 2_usize..12) {
            let lines = wrap(&text, room);
            for line in &lines {
                for (offset, _) in text[line.shown.clone()].grapheme_indices(true) {
                    let at = line.shown.start + offset;
                    let (row, column) = locate(&text, &lines, at);
                    prop_assert_eq!(place_at(&text, &lines, row, column), at);
                }
            }
        }
    }
}
