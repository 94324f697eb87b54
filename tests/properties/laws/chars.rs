//! Characters that may not reach a reader, in a list of its own: it is not the one that the program cleans
//! by, so that a hole in that one shows.

/// What acts on a terminal, or turns text around.
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What cannot be seen, and may hide something. The two joiners and the style of emoji are no part of it:
/// they shape words and families.
pub fn hides(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}

/// How many characters of foreign text may stand in one cell.
pub const MOST_IN_A_CELL: usize = 16;

/// A joiner, or the style of emoji.
pub fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0f}')
}

/// Fails where a text that a reader sees holds what it may not.
#[track_caller]
pub fn assert_harmless(text: &str, what: &str) {
    if let Some(c) = text.chars().find(|&c| acts(c) || hides(c)) {
        panic!("{what} holds {c:?}: {text:?}");
    }
}

/// Fails where several lines that a reader sees hold what they may not.
#[track_caller]
pub fn assert_harmless_lines(text: &str, what: &str) {
    for line in text.split('\n') {
        assert_harmless(line, what);
    }
}

/// What people who mean harm write, each a family of its own.
pub const HOSTILE: &[&str] = &[
    // Escape sequences of a terminal.
    "\u{1b}[2J\u{1b}[H",
    "\u{1b}[31;1mred\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "\u{1b}]8;;http://evil.example\u{1b}\\click\u{1b}]8;;\u{1b}\\",
    "\u{1b}]52;c;ZXZpbA==\u{7}",
    "\u{1b}]1337;File=name=eA==:AAAA\u{7}",
    "\u{1b}]11;?\u{1b}\\",
    "\u{1b}[6n\u{1b}[c\u{1b}[>q",
    "\u{1b}P$q\"p\u{1b}\\",
    "\u{1b}_Gf=24;AAAA\u{1b}\\",
    "\u{1b}^private\u{1b}\\",
    "\u{1b}X start of string\u{1b}\\",
    "\u{1b}[?1049l\u{1b}[?1000h\u{1b}[?2004h",
    "\u{1b}[200~pasted\u{1b}[201~",
    "\u{1b}#8\u{1b}c\u{1b}7\u{1b}8",
    "\u{1b}(0lqqqk\u{1b}(B",
    "\u{1b}[1;1r\u{1b}[999S\u{1b}[5i",
    "\u{1b}",
    "\u{1b}\u{1b}\u{1b}[",
    // The same in eight bits.
    "\u{9b}31mred\u{9b}0m",
    "\u{9d}0;title\u{9c}",
    "\u{90}$q\u{9c}\u{98}\u{9e}\u{9f}",
    "\u{84}\u{85}\u{88}\u{8d}\u{8e}\u{8f}",
    // Single controls.
    "a\0b",
    "bell\u{7}\u{7}",
    "pass\u{8}\u{8}\u{8}\u{8}word",
    "tab\there\t\tthere",
    "line\nline\rover\r\nline",
    "vertical\u{b}form\u{c}feed",
    "\u{e}shift out\u{f}",
    "xon\u{11}xoff\u{13}\u{1a}\u{4}\u{3}",
    "delete\u{7f}\u{7f}",
    // Direction.
    "pay \u{202e}001 USD\u{202c}",
    "\u{202d}forced\u{202c}\u{202a}\u{202b}",
    "\u{2066}isolate\u{2069}\u{2067}\u{2068}",
    "\u{200e}\u{200f}\u{61c}marks",
    "שלום עולם 123",
    "مرحبا بالعالم ١٢٣",
    "abc\u{5d0}\u{5d1}(c)",
    // Not to be seen.
    "zero\u{200b}width\u{200b}\u{200b}",
    "join\u{200d}er\u{200c}s",
    "\u{feff}mark\u{feff}",
    "soft\u{ad}hyphen\u{2060}word",
    "tags\u{e0001}\u{e0041}\u{e0042}\u{e007f}",
    "variation\u{fe00}\u{fe0f}\u{e0100}",
    "\u{115f}\u{1160}\u{3164}\u{ffa0}filler",
    "\u{fff9}inter\u{fffa}linear\u{fffb}",
    "\u{206a}\u{206f}\u{180e}\u{34f}",
    "\u{e000}\u{f8ff}\u{f0000}\u{10ffff}private",
    "\u{fdd0}\u{fffe}\u{ffff}\u{1fffe}none",
    "line\u{2028}separator\u{2029}paragraph\u{85}next",
    "spaces\u{a0}\u{2003}\u{2009}\u{202f}\u{3000}\u{1680}",
    // Floods and widths.
    "z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}algo",
    "\u{489}\u{489}\u{489}\u{20dd}\u{20e3}\u{20e3}",
    "👨\u{200d}👩\u{200d}👧\u{200d}👦\u{200d}👨\u{200d}👩\u{200d}👧\u{200d}👦\u{200d}",
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}🇩🇪🇩",
    "全角文字と半角ｶﾅ한글𠜎𠜱",
    "﷽﷽﷽𒐫𒈙⸻",
    "क्षि\u{93c}\u{94d}\u{200d}ষ্ট্র\u{9cd}",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    // What a spreadsheet carries out.
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    " =1+1",
    "\u{a0}=1+1",
    "\t=1\r\n=2\n+3",
    "＝1＋1",
    "\"=1\",\"x\"",
    ";=1;|pipe",
    // What a shell, a path, a template or a format would carry out.
    "$(reboot) `id` ; rm -rf / | cat",
    "../../../etc/passwd\0.txt",
    "CON.txt:stream",
    "{name} {n} {} {{x}} %s %n %x",
    "<script>alert(1)</script>&amp;",
    "'; DROP TABLE operations; --",
    "{\"json\": [1, 2, {\"a\": null}]} \\u001b[2J \\x1b[2J",
    "https://console.twilio.com@evil.example/\u{202e}moc.oiliwt",
    "аpple.com раураl",
    "ｆｕｌｌｗｉｄｔｈ１２３４５６",
];
