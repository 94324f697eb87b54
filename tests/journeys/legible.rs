//! Every screen can be read in every language at every size: no word of ours is cut, none touches its
//! neighbour, no row begins with a mark that ends a sentence, the way out and the list of all actions stay
//! under the pane, and what to say to the customer is there as long as the caller is on the line.

use tuilio::domain::Language;
use tuilio::keymap::{Action, Place};
use tuilio::layout::{self, Size};
use tuilio::plain::Spoken;
use tuilio::text;

use crate::desk::{Desk, MOBILE};

/// Columns, rows, and whether it is in ASCII, whose marks are wider.
const SIZES: [(u16, u16, bool); 6] = [
    (60, 15, false),
    (60, 15, true),
    (80, 24, false),
    (100, 24, true),
    (100, 30, false),
    (140, 40, false),
];

/// Looks at the desk as it is, in every language at every size.
fn look(desk: &mut Desk) {
    listen(desk);
    each(desk, |desk, rows| {
        let areas = layout::areas(desk.model.size);
        let first = usize::from(areas.body.y);
        let last = usize::from(areas.footer.y);
        for row in &rows[first..last] {
            let column = |at: u16| {
                let before = |end: u16| end > 0 && text::width(row) >= usize::from(end);
                before(at).then(|| cell(row, at - 1)).flatten()
            };
            // A text that is wrapped leaves the last column free: what stands there was cut.
            let bar =
                cell(row, areas.body.right()) == Some(if desk.look.ascii { '|' } else { '│' });
            let left = if bar { areas.body.right() } else { 0 };
            let ends = [left, desk.model.size.width];
            let is_free = |at: u16| column(at).is_none_or(|c| " ─│╮╯-|+".contains(c));
            assert!(ends.into_iter().all(is_free), "{row:?} is cut");
            assert!(!is_shortened(row), "{row:?} is shortened");
            assert!(!is_jammed(row), "{row:?} is jammed");
            let begins = row.trim_start().chars().next();
            assert!(!matches!(begins, Some(';' | ':' | ',')), "{row:?}");
        }
        let keys = rows[last];
        assert!(
            !is_doubled(keys),
            "two keys with the same words in {keys:?}"
        );
        let places = desk.model.places();
        if places.contains(&Place::Desk) {
            assert!(keys.contains("F1 ") && keys.contains("Ctrl-K "), "{keys:?}");
        }
        let leaves = |place: &&Place| {
            let back = desk.look.keymap.chord(**place, Action::Back);
            !place.is_around() && **place != Place::To && back.is_some()
        };
        if let Some(place) = places.first().filter(leaves) {
            let key = desk.look.keymap.chord(*place, Action::Back);
            let key = key.unwrap().to_string();
            assert!(keys.contains(&format!("{key} ")), "{key} not in {keys:?}");
        }
    });
}

/// What whoever reads lines is told: no key that a line cannot press.
fn listen(desk: &mut Desk) {
    let plain = std::mem::replace(&mut desk.model.setting.plain, true);
    let rows = Spoken::default().news(&desk.model, desk.look);
    desk.model.setting.plain = plain;
    for row in rows {
        let mut words = row.split(|c: char| !c.is_alphanumeric() && c != '-');
        let key = words.find(|word| {
            let function = word.strip_prefix('F');
            function.is_some_and(|n| n.parse::<u8>().is_ok())
                || word.starts_with("Ctrl-")
                || ["Esc", "Tab", "Down", "Up"].contains(word)
        });
        assert!(key.is_none(), "{key:?} in {row:?}");
    }
}

/// The same, and the customer hears what to say.
fn look_while_speaking(desk: &mut Desk) {
    look(desk);
    each(desk, |_, rows| {
        let says = rows.iter().any(|row| row.contains(" \""));
        assert!(says, "nothing to say");
    });
}

fn each(desk: &mut Desk, check: impl Fn(&Desk, &[&str]) + std::panic::RefUnwindSafe) {
    let (language, size) = (desk.model.setting.language, desk.model.size);
    for language in Language::ALL {
        desk.model.setting.language = language;
        for (width, height, ascii) in SIZES {
            desk.model.size = Size { width, height };
            desk.look.ascii = ascii;
            let screen = desk.screen();
            let rows: Vec<&str> = screen.lines().collect();
            let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                assert!(!ascii || screen.is_ascii(), "a sign that is not in ASCII");
                check(desk, &rows);
            }));
            assert!(
                checked.is_ok(),
                "{language:?} at {width}x{height}:\n{screen}"
            );
        }
    }
    (desk.model.setting.language, desk.model.size) = (language, size);
    desk.look.ascii = false;
}

/// What stands in a column.
fn cell(row: &str, column: u16) -> Option<char> {
    let mut used = 0;
    row.chars().find(|c| {
        used += text::width(c.encode_utf8(&mut [0; 4]));
        used > usize::from(column)
    })
}

/// A word goes on as dots. Addresses and names of others may.
fn is_shortened(row: &str) -> bool {
    let mut words = row.split(' ').filter(|word| word.chars().count() > 1);
    words.any(|word| word.ends_with('…') && !word.contains('@'))
}

/// Two keys are told in the same words.
fn is_doubled(keys: &str) -> bool {
    let words = keys
        .trim()
        .split("   ")
        .filter_map(|key| key.split_once(' '));
    // How long one has to wait is no word.
    let words: Vec<&str> = words
        .filter_map(|(_, words)| words.split(" (").next())
        .collect();
    let mut once = words.clone();
    once.sort_unstable();
    once.dedup();
    once.len() < words.len()
}

/// A mark stands at the end of a word, or a word begins within another.
fn is_jammed(row: &str) -> bool {
    let names = ["WhatsApp", "VoIP"];
    row.split(' ').any(|word| {
        let ours = !word.contains(['/', '@', '.']) && !names.iter().any(|name| word.contains(name));
        let letters: Vec<char> = word.chars().collect();
        let meet = |pair: &[char]| {
            let (one, two) = (pair[0], pair[1]);
            one.is_alphanumeric() && "✓✗▸?".contains(two) && two != '?'
                || ours && one.is_lowercase() && two.is_uppercase()
        };
        letters.windows(2).any(meet)
    })
}

#[test]
fn a_cut_a_shortened_a_jammed_and_a_doubled_row_are_each_found() {
    assert!(is_doubled(
        " Enter dejarlo   Tab siguiente   Esc dejarlo   F1 ayuda"
    ));
    assert!(!is_doubled(" 0-9 código   r otra vez (0:30)   x parar"));
    assert!(is_shortened("   14:00   vérifi… +1 415"));
    assert!(!is_shortened("   … Waiting   j••••@example.c… "));
    for row in ["enviado✓ Código", "nirgendsDie Demo", "r sendenEnter"] {
        assert!(is_jammed(row), "{row}");
    }
    assert!(!is_jammed("   c  call   w  WhatsApp   ✓ Sent"));
    assert_eq!(cell("a│b", 1), Some('│'));
}

fn wrong(desk: &Desk) -> &'static str {
    if desk.code_on_phone(MOBILE) == "111111" {
        "222222"
    } else {
        "111111"
    }
}

/// A desk of the demo that is looked at here alone.
fn demo(scene: &str, keys: &str, seconds: f64) -> Desk {
    seen(Desk::demo(scene), keys, seconds)
}

fn seen(mut desk: Desk, keys: &str, seconds: f64) -> Desk {
    desk.looks_at_all_sizes = false;
    desk.press(keys).wait(seconds);
    desk
}

#[test]
fn before_a_code_is_sent() {
    let mut desk = demo("happy", "", 0.1);
    look(&mut desk);
    desk.press("4155550100");
    look_while_speaking(&mut desk);
    desk.press("<Esc>+525555550100");
    look_while_speaking(&mut desk);
    desk.press("<Esc>+12645550140<Enter>");
    look(&mut desk);
    let mut desk = seen(Desk::at_work("trial"), "4155550103<Enter>", 0.1);
    look(&mut desk);
}

#[test]
fn while_a_code_is_awaited() {
    let mut desk = demo("happy", "4155550100<Enter>", 12.0);
    look_while_speaking(&mut desk);
    let slip = wrong(&desk);
    for _ in 0..2 {
        desk.press(slip).wait(1.0);
        look_while_speaking(&mut desk);
    }
    desk.wait(31.0).press("c").wait(15.0);
    look_while_speaking(&mut desk);
    for _ in 0..3 {
        desk.press(slip).press("<Enter>").wait(1.0);
    }
    look_while_speaking(&mut desk);
    desk.press("x").wait(1.0);
    look(&mut desk);
    let mut desk = demo("happy", "4155550105<Enter>", 30.0);
    look_while_speaking(&mut desk);
    desk.press("<Esc>4155550101<Enter>").wait(3.0);
    look_while_speaking(&mut desk);
    let code = desk.code_on_phone("+14155550101");
    desk.press(&code).wait(1.0);
    look(&mut desk);
}

#[test]
fn what_comes_of_a_check() {
    for number in ["4155550188", "+12645550140"] {
        let mut desk = demo("happy", &format!("{number}<Enter>"), 0.1);
        desk.press("y").wait(1.0);
        look_while_speaking(&mut desk);
    }
    for scene in tuilio::simulator::Scene::names() {
        let mut desk = seen(Desk::at_work(scene), "4155550100<Enter>", 25.0);
        desk.press("123456").wait(1.0);
        look(&mut desk);
    }
    let mut desk = demo("happy", "4155550100<Enter>", 620.0);
    look_while_speaking(&mut desk);
    let mut desk = Desk::demo("happy");
    let start = "/v2/Services/*/Verifications";
    desk.plant("POST", start, "cut_before_store", &[]);
    let mut desk = seen(desk, "4155550100<Enter>", 5.0);
    look_while_speaking(&mut desk);
}

#[test]
fn the_text() {
    let mut desk = demo("happy", "<F6>", 0.1);
    for keys in [
        "4155550100",
        "<Enter>2Ada<Tab>48213",
        "<Enter>",
        "<Enter>",
        "n4155550110<Enter>Hello<Enter><Enter>",
    ] {
        desk.press(keys).wait(2.0);
        look(&mut desk);
    }
    desk.plant_on_texts("cut_before_store");
    desk.press("n4155550101<Enter>Hello<Enter><Enter>")
        .wait(5.0);
    look(&mut desk);
}

#[test]
fn the_history_the_settings_and_the_pages() {
    let mut desk = seen(Desk::at_work("happy"), "4155550100<Enter>", 5.0);
    let slip = wrong(&desk);
    desk.press(slip).wait(5.0);
    desk.reads_back(MOBILE).wait(5.0);
    desk.press("n4155550188<Enter>").wait(5.0);
    desk.press("njane@example.com<Enter>").wait(5.0);
    desk.press("<Esc>4155550105<Enter>").wait(60.0);
    desk.press("<Esc><F6>4155550101<Enter>Your ticket 12 is closed.<Enter><Enter>");
    desk.wait(30.0)
        .press("n4155550110<Enter>Hello<Enter><Enter>");
    desk.wait(5.0).press("<F7>4155550102<Enter>x").wait(5.0);
    desk.press("n<F4>");
    look(&mut desk);
    for keys in ["u", "<Enter>", "j", "j", "j", "j", "<Esc>/415", "<Esc>"] {
        desk.press(keys).wait(0.5);
        look(&mut desk);
    }
    for keys in [
        "<F8>",
        "o",
        "<Esc><F1>",
        "<Esc><F2>",
        "<Esc><F3>",
        "<Esc><Ctrl-K>",
        "call",
    ] {
        desk.press(keys).wait(0.5);
        look(&mut desk);
    }
    let mut desk = demo("happy", "4155550100<Enter>", 3.0);
    for keys in [
        "<F1>",
        "<Esc><F9>",
        "<Esc><Ctrl-K>",
        "<Esc><Ctrl-Q>",
        "<Esc><Ctrl-O>",
        "<Enter>",
    ] {
        desk.press(keys).wait(0.5);
        look(&mut desk);
    }
}

#[test]
fn what_stands_beside_the_pane() {
    let mut desk = seen(Desk::at_work("happy"), "4155550105<Enter>", 60.0);
    desk.press("<Esc>4155550100<Enter>").wait(5.0);
    desk.press("<Esc><F6>4155550110<Enter>Hello<Enter><Enter>")
        .wait(5.0)
        .press("n4155550105<Enter>Hello<Enter><Enter>")
        .wait(40.0)
        .press("n<F4>");
    for _ in 0..4 {
        look(&mut desk);
        desk.press("j");
    }
    // Who was checked, and who was written to, before.
    desk.press("<F7>4155550105");
    look(&mut desk);
    desk.press("<Esc>4155550100<Enter>").wait(5.0);
    look(&mut desk);
    desk.press("<Esc><F6>4155550110<Enter>Hello again<Enter>");
    look(&mut desk);
}

#[test]
fn what_the_lead_has_set() {
    for policy in [
        "mode = \"read_only\"",
        "reveal = false",
        "channels = [\"sms\"]\nticket_required = true",
        "verifications_a_day = 1",
    ] {
        let mut desk = seen(Desk::under(policy), "4155550100<Enter>", 3.0);
        look(&mut desk);
        desk.press("<Esc>4155550101<Enter>").wait(1.0);
        look(&mut desk);
        desk.press("<F8>");
        look(&mut desk);
    }
}

#[test]
fn the_first_run() {
    let folder = tempfile::tempdir().unwrap();
    let vault = std::sync::Arc::new(tuilio::vault::MemoryVault::default());
    let desk = Desk::first_run(vault, &folder.path().join("config.toml"));
    let mut desk = seen(desk, "", 0.1);
    look(&mut desk);
    desk.press("<Enter>");
    look(&mut desk);
    let (keys, _) = desk.account(tuilio::domain::connection::Source::Session);
    let tuilio::domain::connection::Credentials::ApiKey { sid, secret } = &keys.credentials else {
        panic!("not an API key")
    };
    let paste = [keys.account_sid.as_str(), sid.as_str(), secret.expose()].join("\n");
    desk.paste(&paste);
    look(&mut desk);
    for _ in 0..4 {
        desk.press("<Enter>").wait(30.0);
        look(&mut desk);
    }
}
