use proptest::prelude::*;

use super::*;

/// Pieces and how often each is repeated.
type Text = &'static [(&'static str, usize)];

/// Alphabet, segments, chars, units of the segments.
type Expected = (Encoding, usize, &'static [usize]);

const GSM: Encoding = Encoding::Gsm7;
const UCS: Encoding = Encoding::Ucs2;

fn build(text: Text) -> String {
    text.iter()
        .map(|(piece, times)| piece.repeat(*times))
        .collect()
}

#[test]
fn texts_are_counted_as_twilio_counts_them() {
    let cases: &[(Text, Expected)] = &[
        (&[], (GSM, 0, &[0])),
        (&[("a", 70)], (GSM, 70, &[70])),
        (&[("a", 159)], (GSM, 159, &[159])),
        (&[("a", 160)], (GSM, 160, &[160])),
        (&[("a", 161)], (GSM, 161, &[153, 8])),
        (&[("a", 306)], (GSM, 306, &[153, 153])),
        (&[("a", 307)], (GSM, 307, &[153, 153, 1])),
        (
            &[("a", 1531)],
            (
                GSM,
                1531,
                &[153, 153, 153, 153, 153, 153, 153, 153, 153, 153, 1],
            ),
        ),
        (&[("ж", 70)], (UCS, 70, &[70])),
        (&[("ж", 71)], (UCS, 71, &[67, 4])),
        (&[("ж", 201)], (UCS, 201, &[67, 67, 67])),
        // Characters of the extension table take two places and are not cut.
        (&[("^", 1)], (GSM, 2, &[2])),
        (&[("[", 1)], (GSM, 2, &[2])),
        (&[("\u{c}", 1)], (GSM, 2, &[2])),
        (&[("€", 1), ("1", 158)], (GSM, 160, &[160])),
        (&[("]", 1), ("1", 158)], (GSM, 160, &[160])),
        (&[("{", 1), ("1", 159)], (GSM, 161, &[153, 8])),
        (&[("~", 1), ("1", 159)], (GSM, 161, &[153, 8])),
        (&[("€", 80)], (GSM, 160, &[160])),
        (&[("a", 158), ("€", 1)], (GSM, 160, &[160])),
        (&[("a", 151), ("€", 1), ("b", 20)], (GSM, 173, &[153, 20])),
        (&[("a", 152), ("€", 1), ("b", 20)], (GSM, 174, &[152, 22])),
        // One character outside makes the whole text UCS-2.
        (&[("Α", 1)], (UCS, 1, &[1])),
        (&[("é", 1)], (GSM, 1, &[1])),
        (&[("e\u{301}", 1)], (UCS, 1, &[2])),
        (&[("È", 1)], (UCS, 1, &[1])),
        (&[("\0", 1)], (UCS, 1, &[1])),
        (&[("a\u{a0}b", 1)], (UCS, 3, &[3])),
        (&[("a\u{ad}b", 1)], (UCS, 3, &[3])),
        (&[("don’t", 1)], (UCS, 5, &[5])),
        (&[("• item", 1)], (UCS, 6, &[6])),
        (&[("„x‚", 1)], (UCS, 3, &[3])),
        (&[("Acme™", 1)], (UCS, 5, &[5])),
        (&[("’", 1), ("a", 159)], (UCS, 160, &[67, 67, 26])),
        (&[("ж€", 1)], (UCS, 2, &[2])),
        (&[("a", 160), ("😀", 1)], (UCS, 161, &[67, 67, 28])),
        (&[("Ça va? Très bien, merci à vous", 1)], (GSM, 30, &[30])),
        (&[("ça va? Très bien, merci à vous", 1)], (UCS, 30, &[30])),
        (&[("Zażółć gęślą jaźń", 1)], (UCS, 17, &[17])),
        // Line ends.
        (&[("a\r\nb", 1)], (GSM, 4, &[4])),
        (&[("\r\n", 80), ("a", 1)], (GSM, 161, &[153, 8])),
        (&[("ж", 68), ("\r\n", 1)], (UCS, 70, &[70])),
        (&[("\rabcde\r\n123", 1)], (GSM, 11, &[11])),
        (&[("\nabcde\n\n123\n", 1)], (GSM, 12, &[12])),
        // Clusters are not cut.
        (&[("😀", 36)], (UCS, 36, &[66, 6])),
        (&[("😜", 1), ("2", 68)], (UCS, 69, &[70])),
        (&[("😜", 1), ("2", 69)], (UCS, 70, &[67, 4])),
        (&[("😜", 1), ("2", 133)], (UCS, 134, &[67, 67, 1])),
        (&[("a", 65), ("😀", 1), ("b", 10)], (UCS, 76, &[67, 10])),
        (&[("a", 66), ("😀", 1), ("b", 10)], (UCS, 77, &[66, 12])),
        (&[("🇮🇹", 1)], (UCS, 1, &[4])),
        (&[("🇮🇹", 1), ("a", 66)], (UCS, 67, &[70])),
        (&[("a", 65), ("🇮🇹", 1), ("b", 10)], (UCS, 76, &[65, 14])),
        (&[("👨\u{200d}👩\u{200d}👧\u{200d}👦", 1)], (UCS, 1, &[11])),
        (&[("👨\u{200d}👩\u{200d}👧\u{200d}👦", 6)], (UCS, 6, &[66])),
        (
            &[("🏳\u{fe0f}\u{200d}🌈", 1), ("a", 65)],
            (UCS, 66, &[67, 4]),
        ),
        (&[("1\u{fe0f}\u{20e3}", 1)], (UCS, 1, &[3])),
        (
            &[("a", 65), ("e\u{301}\u{301}", 1), ("b", 10)],
            (UCS, 76, &[65, 13]),
        ),
        (&[("a", 1), ("\u{301}", 70)], (UCS, 1, &[0, 71])),
        (&[("\u{ba8}\u{bbf}", 1)], (UCS, 1, &[2])),
        (&[("你", 71)], (UCS, 71, &[67, 4])),
        // Clusters of the current Unicode, which Twilio's table counts as two, two and four.
        (&[("🫱🏻\u{200d}🫲🏿", 1)], (UCS, 1, &[9])),
        (&[("👩\u{200d}🦰", 1)], (UCS, 1, &[5])),
        (&[("नमस्ते", 1)], (UCS, 3, &[6])),
    ];
    for (text, (encoding, chars, per_segment)) in cases {
        let count = SmsText::count(&build(text));
        assert_eq!(count.encoding, *encoding, "{text:?}");
        assert_eq!(count.chars, *chars, "{text:?}");
        assert_eq!(count.per_segment_units, *per_segment, "{text:?}");
        assert_eq!(count.segments, per_segment.len(), "{text:?}");
        assert_eq!(count.units, per_segment.iter().sum::<usize>(), "{text:?}");
    }
}

#[test]
fn a_full_text_of_1600_units_is_24_segments() {
    let count = SmsText::count(&"ж".repeat(1600));
    assert_eq!((count.segments, count.per_segment_units[23]), (24, 59));
}

#[test]
fn each_extension_character_and_each_accent_outside_costs_at_its_limit() {
    for c in ["|", "^", "€", "{", "}", "[", "]", "~", "\\", "\u{c}"] {
        assert_eq!(
            SmsText::count(&format!("{c}{}", "1".repeat(158))).segments,
            1
        );
        assert_eq!(
            SmsText::count(&format!("{c}{}", "1".repeat(159))).segments,
            2
        );
    }
    for c in ["Á", "Ú", "ú", "ç", "í", "Í", "ó", "Ó"] {
        assert_eq!(SmsText::count(&c.repeat(70)).segments, 1, "{c}");
        assert_eq!(SmsText::count(&c.repeat(71)).segments, 2, "{c}");
    }
}

#[test]
fn the_first_costly_character_is_named_with_its_place() {
    for (text, expected) in [
        ("plain [text] costs €5", None),
        ("don’t", Some(("’", 1, 4, Some("'")))),
        ("one\ntwo\r\nthr…e", Some(("…", 3, 4, Some("...")))),
        ("été\r😀", Some(("😀", 2, 1, None))),
        ("e\u{301}", Some(("e\u{301}", 1, 1, None))),
        ("a\tb", Some(("\t", 1, 2, Some("       ")))),
        ("ab🇮🇹’", Some(("🇮🇹", 1, 3, None))),
    ] {
        let costly = SmsText::count(text).first_costly;
        let costly = costly
            .as_ref()
            .map(|c| (c.char.as_str(), c.line, c.column, c.plain));
        assert_eq!(costly, expected, "{text:?}");
    }
}

#[test]
fn what_is_left_is_the_room_in_the_last_segment() {
    for (text, left) in [
        (String::new(), 160),
        ("a".repeat(160), 0),
        ("a".repeat(161), 145),
        ("ж".repeat(10), 60),
        ("ж".repeat(71), 63),
    ] {
        assert_eq!(SmsText::count(&text).left, left);
    }
}

#[test]
fn the_plain_form_of_a_typed_apostrophe_saves_a_segment() {
    let text = format!("Don’t share this code{}", " with anyone".repeat(8));
    assert_eq!(SmsText::count(&text).segments, 2);
    assert_eq!(SmsText::count(&plain(&text)).segments, 1);
}

proptest! {
    #[test]
    fn segments_hold_all_units_and_none_is_overfull_but_by_one_cluster(text in any::<String>()) {
        let count = SmsText::count(&text);
        prop_assert_eq!(count.per_segment_units.iter().sum::<usize>(), count.units);
        prop_assert_eq!(count.encoding == Encoding::Ucs2, count.first_costly.is_some());
        let largest = text.graphemes(true).map(|g| g.encode_utf16().count()).max().unwrap_or(0);
        for &units in &count.per_segment_units {
            prop_assert!(units <= count.encoding.single().max(largest));
        }
    }
}
