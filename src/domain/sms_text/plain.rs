//! Smart encoding: look-alikes of GSM-7 characters, as Twilio replaces them.
//!
//! The pairs are those of Twilio's calculator, version 1.3.0, odd ones included: a no-break space
//! becomes two spaces and a tab seven. Letters with accents and emoji are not touched, since a reader
//! would notice. The live service may differ in detail.

/// The text with every look-alike replaced, as `SmartEncoded` would send it.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match replacement(c) {
            Some(plain) => out.push_str(plain),
            None => out.push(c),
        }
    }
    out
}

/// What stands in for one character.
#[rustfmt::skip]
pub(super) fn replacement(c: char) -> Option<&'static str> {
    let plain = match u32::from(c) {
        0xab | 0xbb | 0x2ba | 0x2ee | 0x201c..=0x201f | 0x275d | 0x275e | 0x301d | 0x301e | 0xff02 => "\"",
        0x60 | 0xb4 | 0x2b9 | 0x2bb..=0x2bd | 0x2c8 | 0x2ca | 0x2cb | 0x313 | 0x314 | 0x2018 | 0x2019
            | 0x201b | 0x275b | 0x275c | 0xfe10 | 0xfe11 | 0xff07 => "'",
        0x2010 | 0x2013..=0x2015 | 0x2022 | 0x2043 | 0x23bc | 0x23bd | 0xfe63 | 0xff0d => "-",
        0xf7 | 0x337 | 0x338 | 0x2044 | 0x2215 | 0x29f8 | 0xff0f => "/",
        0x20e5 | 0x29f5 | 0x29f9 | 0xfe68 | 0xff3c => "\\",
        0x20d2 | 0x20d3 | 0x2223 | 0x239c | 0x239f | 0x23b8 | 0x23b9 | 0x23d0 | 0xff5c => "|",
        0x332 | 0x2017 | 0xff3f => "_",
        0x326 | 0x201a | 0x3001 | 0xfe50 | 0xfe51 | 0xff0c | 0xff64 => ",",
        0x3002 | 0xfe52 | 0xff0e | 0xff61 => ".",
        0x2768 | 0x276a | 0x27ee | 0x2985 | 0xfe59 | 0xff08 => "(",
        0x2769 | 0x276b | 0x27ef | 0x2986 | 0xfe5a | 0xff09 => ")",
        0x204e | 0x2217 | 0x229b | 0x2722..=0x2725 | 0x2731..=0x2733 | 0x273a..=0x273d | 0x2743
            | 0x2749..=0x274b | 0x29c6 | 0xfe61 | 0xff0a => "*",
        0x2d0 | 0x2f8 | 0x2982 | 0xa789 | 0xfe13 | 0xff1a => ":",
        0x204f | 0xfe14 | 0xfe54 | 0xff1b => ";",
        0x1c3 | 0xfe15 | 0xfe57 | 0xff01 => "!",
        0xfe16 | 0xfe56 | 0xff1f => "?",
        0x2d6 | 0xfe62 | 0xff0b => "+",
        0x347 | 0xa78a | 0xfe66 | 0xff1d => "=",
        0x2039 | 0xfe64 | 0xff1c => "<",
        0x203a | 0xfe65 | 0xff1e => ">",
        0x2c6 | 0x302 | 0x1dcd | 0xff3e => "^",
        0x2dc | 0x2f7 | 0x303 | 0x330 | 0x334 | 0x223c | 0xff5e => "~",
        0xfe6b | 0xff20 => "@",
        0xfe69 | 0xff04 => "$",
        0xfe5f | 0xff03 => "#",
        0xfe6a | 0xff05 => "%",
        0xfe60 | 0xff06 => "&",
        0x2774 | 0xfe5b | 0xff5b => "{",
        0x2775 | 0xfe5c | 0xff5d => "}",
        0xff3b => "[",
        0xff3d => "]",
        0xff10..=0xff19 => one_of("0123456789", u32::from(c) - 0xff10)?,
        0xff21..=0xff3a => one_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", u32::from(c) - 0xff21)?,
        0x1d00 => "A", 0x299 => "B", 0x1d04 => "C", 0x1d05 => "D", 0x1d07 => "E", 0xa730 => "F",
        0x262 => "G", 0x29c => "H", 0x26a => "I", 0x1d0a => "J", 0x1d0b => "K", 0x29f => "L",
        0x1d0d => "M", 0x274 => "N", 0x1d0f => "O", 0x1d18 => "P", 0x280 => "R", 0xa731 => "S",
        0x1d1b => "T", 0x1d1c => "U", 0x1d20 => "V", 0x1d21 => "W", 0x28f => "Y", 0x1d22 => "Z",
        0xbc => "1/4", 0xbd => "1/2", 0xbe => "3/4", 0x2026 => "...", 0x203c => "!!",
        0x2001 | 0x2028 | 0x2029 => " ",
        0x80 | 0x8d | 0x90 | 0x9b | 0x9f | 0xa0 | 0x2000 | 0x2002..=0x200a | 0x202f | 0x205f | 0x3000 => "  ",
        0x09 => "       ",
        0x00 | 0x03 | 0x04 | 0x10..=0x14 | 0x17 | 0x19 | 0x200b | 0x200c | 0x2060 | 0xfeff => "",
        _ => return None,
    };
    Some(plain)
}

/// One character of an ASCII list.
fn one_of(list: &'static str, at: u32) -> Option<&'static str> {
    let at = usize::try_from(at).ok()?;
    list.get(at..=at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sms_text::gsm7::septets;

    #[test]
    fn there_are_271_pairs_and_every_replacement_is_gsm7() {
        let pairs: Vec<&str> = ('\0'..=char::MAX).filter_map(replacement).collect();
        assert_eq!(pairs.len(), 271);
        for plain in pairs {
            assert!(plain.chars().all(|c| septets(c).is_some()), "{plain}");
        }
    }

    #[test]
    fn look_alikes_become_plain_and_the_rest_stays() {
        for (text, expected) in [
            ("don’t – “now”…", "don't - \"now\"..."),
            ("„x‚", "\"x,"),
            ("a\u{a0}b\tc", "a  b       c"),
            ("\u{feff}\0ABC\u{ff11}", "ABC1"),
            ("été 😀 ж", "été 😀 ж"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
