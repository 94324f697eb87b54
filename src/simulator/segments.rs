//! How many parts a text is billed for, as the network counts them.
//!
//! A world is the side that bills, so it counts for itself: septets of GSM 03.38 where every character
//! has one, else UTF-16 units; a header takes room in every part as soon as there are two.

/// The basic table of GSM 03.38, one septet each.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// The extension table: an escape and a septet.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// Parts of a text; an empty one has one.
pub(super) fn segments(body: &str) -> usize {
    let septets: Option<Vec<usize>> = body.chars().map(septets).collect();
    match septets {
        Some(sizes) => parts(&sizes, 160, 153),
        None => parts(
            &body.chars().map(char::len_utf16).collect::<Vec<_>>(),
            70,
            67,
        ),
    }
}

/// Swaps the look-alikes that word processors put in for the characters that cost one septet.
pub(super) fn smart_encoded(body: &str) -> String {
    let mut plain = String::with_capacity(body.len());
    for c in body.chars() {
        match c {
            '\u{ab}' | '\u{bb}' | '\u{201c}'..='\u{201f}' => plain.push('"'),
            '`' | '\u{b4}' | '\u{2018}' | '\u{2019}' | '\u{201b}' => plain.push('\''),
            '\u{2010}' | '\u{2013}'..='\u{2015}' | '\u{2022}' => plain.push('-'),
            '\u{201a}' => plain.push(','),
            '\u{2026}' => plain.push_str("..."),
            '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => plain.push_str("  "),
            '\u{200b}' | '\u{200c}' | '\u{2060}' | '\u{feff}' => {}
            other => plain.push(other),
        }
    }
    plain
}

fn septets(c: char) -> Option<usize> {
    if BASIC.contains(c) {
        Some(1)
    } else if EXTENDED.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// Fills parts greedily; what counts as one character is never split.
fn parts(sizes: &[usize], single: usize, each: usize) -> usize {
    if sizes.iter().sum::<usize>() <= single {
        return 1;
    }
    let (mut parts, mut used) = (1, 0);
    for size in sizes {
        if used + size > each {
            parts += 1;
            used = 0;
        }
        used += size;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_counts_septets_or_units() {
        for (body, count) in [
            (String::new(), 1),
            ("1".repeat(160), 1),
            ("1".repeat(161), 2),
            ("1".repeat(307), 3),
            (format!("{}{}", "1".repeat(158), "€"), 1),
            (format!("{}{}", "1".repeat(159), "€"), 2),
            (format!("{}€{}", "1".repeat(152), "1".repeat(153)), 3),
            ("ú".repeat(70), 1),
            ("ú".repeat(71), 2),
            (format!("{}{}", "1".repeat(68), "😜"), 1),
            (format!("{}{}", "1".repeat(69), "😜"), 2),
        ] {
            assert_eq!(segments(&body), count, "{body}");
        }
    }

    #[test]
    fn smart_encoding_saves_a_curly_quote() {
        let curly = format!("don\u{2019}t{}", "1".repeat(80));
        assert_eq!((segments(&curly), segments(&smart_encoded(&curly))), (2, 1));
    }
}
