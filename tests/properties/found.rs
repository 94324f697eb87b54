//! What once broke a law, so that it never does again: the law, the bytes, and what was wrong, in a sentence.

/// All of it.
pub const FOUND: &[(&str, &[u8], &str)] = &[
    (
        "desk",
        b"\x00\x00\x01\x03\x01\x09\x04\x00\x02\x0c\x04\x00\x08\x14\x05\x02\x08\x64\x0f\x00",
        "A date header of the year -9999 ended the desk: what was reckoned from it left the calendar.",
    ),
    (
        "rows",
        b"\x08\x08\x09\x09\x0a\x0a\x00\x00\x00\x0b\x08\x00\x00\x00\x00\x00\x06\x00",
        "A row that says that its clock was ages ahead ended the desk that looked for it.",
    ),
    (
        "answers",
        b"\x06\x00\x09{\"sid\":\"VA00000000000000000000000000000001\",\"code_length\":4294967295}",
        "A service with codes of four billion digits was believed, and a box drawn for each digit.",
    ),
    (
        "exports",
        b"\x0548213\x00\x00 =1+1",
        "A cell with a space before its formula stayed a formula.",
    ),
    (
        "exports",
        b"\x0548213\x00\x00Hallo;=cmd|/C calc!A0",
        "Where lists are separated by semicolons, the midst of a text became a formula.",
    ),
    (
        "cleaning",
        "zero\u{200b}width\u{e0041}".as_bytes(),
        "JSON showed zero-width characters and tags as they are.",
    ),
    (
        "cleaning",
        "👨\u{200d}👩\u{200d}👧\u{200d}👦\u{200d}👨\u{200d}👩\u{200d}👧\u{200d}👦\u{200d}👨\u{200d}👩\u{200d}👧\u{200d}👦".as_bytes(),
        "Pictures joined without end stood in one cell.",
    ),
    (
        "cleaning",
        "ि\u{93c}\u{94d}\u{200d}\u{8f7}".as_bytes(),
        "A joiner before a pile of marks was kept by the first cleaning and not by the second.",
    ),
    (
        "words",
        "a\u{202e}da@example.org".as_bytes(),
        "An address could hold a mark that turns its direction.",
    ),
    (
        "cleaning",
        "👍🏻🏻🏻🏻🏻🏻🏻🏻🏻🏻🏻🏻🏻🏻🏻🏻🏻🏻🏻🏻".as_bytes(),
        "Skin tones without end stood in one cell.",
    ),
    (
        "cleaning",
        "ᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀᄀ".as_bytes(),
        "Letters of a Korean syllable without end stood in one cell, which was wider than the screen.",
    ),
    (
        "cleaning",
        "क्क्क्क्क्क्क्क्क्क्क्क्क्क्क्क्क्क्".as_bytes(),
        "Joined consonants without end stood in one cell.",
    ),
    (
        "words",
        "\u{fffd}\u{fffd}••••@e\u{fffd}ample.org".as_bytes(),
        "A name that looks like its own mask was taken for a name that is shown: the law said too much.",
    ),
    (
        "field",
        "\u{0}\u{0}\u{7}\u{61c}marks".as_bytes(),
        "An Arabic letter mark could be pasted into a field of one line.",
    ),
    (
        "field",
        "\u{0}\u{0}\u{5}a\u{2028}b".as_bytes(),
        "A line end of Unicode's own could be pasted into a field of one line.",
    ),
    (
        "phone",
        b"\x000049 000) 15488",
        "A number with two zeros left before its area code was another number each time it was read.",
    ),
    (
        "config",
        b"\"\\u001b[2J\\u202e\" = 1\n",
        "The name of an unknown setting was repeated with its escape sequence.",
    ),
    (
        "policy",
        b"\"\\u001b[2J\\u202e\" = 1\n",
        "The name of an unknown rule was repeated with its escape sequence.",
    ),
    (
        "theme",
        b"\"\\u001b[2J\\u202e\" = {}\n",
        "The name of an unknown meaning was repeated with its escape sequence.",
    ),
    (
        "chord",
        b"Alt-Ctrl-k",
        "A key with Ctrl and Alt had a name that read as no key.",
    ),
    (
        "chord",
        b"\x1b",
        "A control character was taken for a key and stood in the footer.",
    ),
    (
        "chord",
        "\u{2029}".as_bytes(),
        "A line end of Unicode's own was taken for a key.",
    ),
    (
        "scene",
        b"description = \"\"\n[verify]\nvalidity_seconds = 9223372036854775807\n",
        "A scene with codes that live for ever overflowed.",
    ),
    (
        "scene",
        b"description = \"\"\n[[recipient]]\nnumber = \"+14155550100\"\nearlier = { seconds = 1, sends = 4294967295 }\n",
        "A scene with four billion sends never came to its end.",
    ),
];
