//! Every language says everything, and says it in its own words.
//!
//! The phrases are collected from the source (`phrase!` and `Phrase::of` with a literal), from the keymap
//! table and from the error catalogue. What is missing is printed as lines for the file that lacks it.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use tuilio::domain::{Language, Phrase};
use tuilio::keymap::{Action, Chord, Keymap, Place, table};
use tuilio::view::Look;

const LANGUAGES: [&str; 3] = ["es", "fr", "de"];

/// Words that are the same in other languages, beside names, numbers and abbreviations.
const SAME: &[&str] = &[
    "auth token",
    "chmod 600 {path}",
    "chmod 700 {path}",
    "demo",
    "in 2h, 18:30, tomorrow 9:00, mon 14:30",
    "ticket",
    "ticket {ticket}",
    "tuilio",
    "twilio-cli",
    "message",
    "page",
    "code",
    "text",
    "name",
    "plus",
    "in {place}: {key}",
    "HTTP {status}",
    "Twilio {code}",
    "{title}: {why} (Twilio {code}).",
    "{why} (Twilio {code})",
    "{min} min {s} s",
    "{name}   Messaging Service   {sid}",
    "{profile}   {account}   twilio-cli",
    "0-9 code",
    "mobile",
    "In {time}.",
];

type Words = BTreeMap<String, String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn words(language: &str, file: &str) -> Words {
    let path = root().join(format!("assets/phrases/{language}/{file}.toml"));
    let text = std::fs::read_to_string(&path).unwrap();
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The literals of `phrase!("…")` and `Phrase::of("…")`, but not those of tests.
fn literals(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        if is_test_module(&tokens[at..]) {
            at += 5;
            continue;
        }
        let named = |at: usize, name: &str| matches!(tokens.get(at), Some(TokenTree::Ident(ident)) if ident == name);
        let sign = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
        // A sentence of an error is ours as well; it is looked up by its text.
        if named(at, "Failure")
            && sign(at + 1, ':')
            && named(at + 3, "new")
            && let Some(TokenTree::Group(group)) = tokens.get(at + 4)
        {
            found.extend(group.stream().into_iter().filter_map(|token| {
                let text = syn::parse_str::<syn::LitStr>(&token.to_string())
                    .ok()?
                    .value();
                text.ends_with('.').then_some(text)
            }));
        }
        let call = if named(at, "phrase") && sign(at + 1, '!') {
            Some(at + 2)
        } else if named(at, "Phrase") && sign(at + 1, ':') && named(at + 3, "of") {
            Some(at + 4)
        } else {
            None
        };
        if let Some(TokenTree::Group(group)) = call.and_then(|call| tokens.get(call))
            && let Some(TokenTree::Literal(literal)) = group.stream().into_iter().next()
            && let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string())
        {
            found.insert(text.value());
        }
        if let TokenTree::Group(group) = &tokens[at] {
            literals(group.stream(), found);
        }
        at += 1;
    }
}

/// `#[cfg(test)] mod name { … }`
fn is_test_module(tokens: &[TokenTree]) -> bool {
    let attribute = matches!(tokens.get(1), Some(TokenTree::Group(group))
        if group.delimiter() == Delimiter::Bracket && group.stream().to_string().replace(' ', "") == "cfg(test)");
    let module = matches!(tokens.get(2), Some(TokenTree::Ident(ident)) if ident == "mod");
    attribute && module
}

/// Letters outside the blanks: a phrase of blanks alone has nothing to translate.
fn has_words(text: &str) -> bool {
    let mut depth = 0;
    let mut letters = 0;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 0 && c.is_alphabetic() => letters += 1,
            _ => {}
        }
    }
    letters > 1
}

fn of_the_screen() -> BTreeSet<String> {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    let mut found = BTreeSet::new();
    for file in files {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with("tests.rs") {
            continue;
        }
        let source = std::fs::read_to_string(&file).unwrap();
        literals(source.parse().unwrap(), &mut found);
    }
    for binding in table::TABLE {
        found.extend([binding.hint.to_owned(), binding.help.to_owned()]);
    }
    found.extend(Place::ALL.iter().map(|place| place.title().to_owned()));
    found.extend(of_the_scenes());
    found.extend(of_the_keyring());
    found.retain(|text| has_words(text));
    found
}

/// What the scenes of the demo show, which are told in a list.
fn of_the_scenes() -> Vec<String> {
    let names = tuilio::simulator::Scene::names();
    let scenes = names.map(|name| tuilio::simulator::Scene::named(name).unwrap());
    scenes.map(|scene| scene.description().to_owned()).collect()
}

/// What the keyring did not do, which becomes a sentence on its way.
fn of_the_keyring() -> Vec<String> {
    use tuilio::vault::VaultError::{BadData, Locked, Missing, Refused, TimedOut};
    [Missing, Locked, TimedOut, Refused, BadData]
        .map(|error| tuilio::domain::Failure::from(error).message)
        .to_vec()
}

fn of_the_catalogue() -> BTreeSet<String> {
    fn texts(value: &toml::Value, found: &mut BTreeSet<String>) {
        let toml::Value::Table(table) = value else {
            return;
        };
        for (name, value) in table {
            match (name.as_str(), value) {
                ("title" | "meaning" | "todo" | "say", toml::Value::String(text)) => {
                    found.insert(text.clone());
                }
                _ => texts(value, found),
            }
        }
    }
    let mut found = BTreeSet::new();
    let text = std::fs::read_to_string(root().join("assets/errors.toml")).unwrap();
    texts(&toml::from_str::<toml::Value>(&text).unwrap(), &mut found);
    found.retain(|text| has_words(text));
    found
}

fn blanks(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// What is wrong with a file of translations.
fn complaints(
    language: &str,
    file: &str,
    english: &BTreeSet<String>,
    words: &Words,
) -> Vec<String> {
    let mut found = Vec::new();
    for text in english.iter().filter(|text| !words.contains_key(*text)) {
        found.push(format!(
            "assets/phrases/{language}/{file}.toml lacks\n{} = \"\"",
            toml::Value::String(text.clone())
        ));
    }
    for (text, translated) in words {
        let place = format!("assets/phrases/{language}/{file}.toml: {text:?}");
        if !english.contains(text) {
            found.push(format!("{place} is said nowhere"));
        } else if translated.trim().is_empty() {
            found.push(format!("{place} has no translation"));
        } else if blanks(text) != blanks(translated) {
            found.push(format!("{place} has other blanks in {translated:?}"));
        } else if translated == text && is_prose(text) && !SAME.contains(&text.as_str()) {
            found.push(format!("{place} is still English"));
        } else if text.ends_with('.') != translated.ends_with('.') {
            found.push(format!("{place} ends in another way: {translated:?}"));
        }
    }
    found
}

/// Each language's file says all of it, and nothing else.
fn assert_complete(file: &str, english: &BTreeSet<String>) {
    let found: Vec<String> = LANGUAGES
        .iter()
        .flat_map(|language| complaints(language, file, english, &words(language, file)))
        .collect();
    assert!(
        found.is_empty(),
        "{} complaints\n{}",
        found.len(),
        found.join("\n")
    );
}

/// More than names and abbreviations: at least one word in small letters.
fn is_prose(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .any(|word| word.len() > 2 && word.chars().all(char::is_lowercase))
}

#[test]
fn every_language_has_every_phrase_of_the_screen() {
    let english = of_the_screen();
    assert!(english.len() > 300, "the phrases are not found any more");
    assert_complete("screen", &english);
}

#[test]
fn every_language_has_every_error_of_the_catalogue() {
    let screen = of_the_screen();
    let mut english = of_the_catalogue();
    english.retain(|text| !screen.contains(text));
    assert_complete("errors", &english);
}

#[test]
fn every_language_has_every_country() {
    let english: BTreeSet<String> = tuilio::domain::place::countries()
        .map(str::to_owned)
        .collect();
    assert!(english.len() > 200);
    assert_complete("countries", &english);
}

#[test]
fn no_two_keys_under_a_pane_have_the_same_words_in_any_language() {
    let is_shown = |place: Place, action| {
        !matches!(place, Place::Desk | Place::Always)
            || matches!(
                action,
                Action::Help
                    | Action::Palette
                    | Action::Quit
                    | Action::ShowPhone
                    | Action::WhoIsCalling
                    | Action::Refuse
            )
    };
    for language in Language::ALL {
        for &place in Place::ALL {
            let places = [place, Place::Desk, Place::Always];
            let mut bindings = Keymap::default().in_force(&places);
            bindings.retain(|binding| is_shown(binding.place, binding.action));
            let mut said = BTreeMap::new();
            for binding in bindings {
                let words = language.say(&Phrase::of(binding.hint));
                let other = said.insert(words.clone(), binding.chords);
                assert_eq!(other, None, "{words:?} at {place:?} in {language:?}");
            }
        }
    }
}

/// A sentence names it as a word of its own.
fn names(sentence: &str, key: &str) -> bool {
    let mut found = sentence.match_indices(key);
    let is_apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    found.any(|(at, _)| {
        let after = &sentence[at + key.len()..];
        is_apart(sentence[..at].chars().next_back()) && is_apart(after.chars().next())
    })
}

#[test]
fn sentences_call_a_key_as_the_row_of_keys_does_in_every_language() {
    // The others are words of English as well: there only what is left of them can be found.
    const NEVER_ELSE: [&str; 7] = ["Enter", "Esc", "Tab", "Up", "Down", "PageDown", "Backspace"];
    const ALSO_WORDS: [&str; 6] = ["Left", "Right", "Home", "End", "PageUp", "Delete"];
    for language in Language::ALL
        .into_iter()
        .filter(|language| *language != Language::English)
    {
        let look = Look {
            language,
            ..Look::default()
        };
        for key in NEVER_ELSE.into_iter().chain(ALSO_WORDS) {
            let said = look.key(Chord::parse(key).unwrap());
            for (english, translated) in words(language.tag(), "screen") {
                let is_other = said != key && names(&translated, key);
                let is_lost =
                    NEVER_ELSE.contains(&key) && names(&english, key) && !names(&translated, &said);
                assert!(!is_other && !is_lost, "{key} is {said}: {translated:?}");
            }
        }
    }
}

/// The literals that stand as labels: the first argument of what writes a label, and what is put into a
/// `label` before.
fn labels(tokens: TokenStream, found: &mut BTreeSet<String>) {
    const WRITERS: [&str; 6] = [
        "labelled",
        "labelled_text",
        "labelled_marked",
        "quoted",
        "field",
        "focus_line",
    ];
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_word =
        |token: &TokenTree, word: &str| matches!(token, TokenTree::Ident(ident) if ident == word);
    let ends = |token: &&TokenTree, sign: char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign);
    for (at, token) in tokens.iter().enumerate() {
        let rest = &tokens[at + 1..];
        let label: TokenStream = match rest.first() {
            Some(TokenTree::Group(arguments))
                if WRITERS.iter().any(|name| is_word(token, name)) =>
            {
                let first = arguments.stream().into_iter();
                first.take_while(|token| !ends(&token, ',')).collect()
            }
            Some(_) if is_word(token, "label") => rest
                .iter()
                .take_while(|token| !ends(token, ';'))
                .cloned()
                .collect(),
            _ => TokenStream::new(),
        };
        literals(label, found);
        if let TokenTree::Group(group) = token {
            labels(group.stream(), found);
        }
    }
}

#[test]
fn every_label_leaves_what_stands_behind_it_in_its_column_in_every_language() {
    let mut files = Vec::new();
    rust_files(&root().join("src/view"), &mut files);
    let mut found = BTreeSet::new();
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        labels(source.parse().unwrap(), &mut found);
    }
    assert!(
        found.len() > 40,
        "the labels are not found any more: {found:?}"
    );
    for label in &found {
        for language in Language::ALL {
            let said = language.say(&Phrase::known(label.as_str()));
            assert!(tuilio::text::width(&said) < 12, "{said:?} in {language:?}");
        }
    }
}

/// The rows that what happened, what to do and what to say take in the smallest window.
fn rows_of(entry: &toml::Table, language: Language) -> usize {
    let rows = |name: &str| {
        let english = entry.get(name).and_then(toml::Value::as_str).unwrap_or("");
        let said = language.say(&Phrase::known(english));
        let quoted = if name == "say" { "\"" } else { "" };
        tuilio::text::wrap(&format!("{quoted}{said}{quoted}"), 44).len()
    };
    ["meaning", "todo", "say"].map(rows).iter().sum()
}

#[test]
fn what_to_do_about_an_error_has_room_in_the_smallest_window_in_every_language() {
    let text = std::fs::read_to_string(root().join("assets/errors.toml")).unwrap();
    let catalogue: toml::Table = toml::from_str(&text).unwrap();
    let groups = catalogue.values().filter_map(toml::Value::as_table);
    let entries = groups
        .flatten()
        .filter_map(|(name, entry)| Some((name, entry.as_table()?)));
    for (name, entry) in entries {
        let most = rows_of(entry, Language::English).max(8);
        for language in Language::ALL {
            let rows = rows_of(entry, language);
            assert!(
                rows <= most,
                "{name} takes {rows} rows in {language:?}, not {most}"
            );
        }
    }
}

#[test]
fn a_missing_a_stale_an_untranslated_and_a_broken_phrase_are_each_found() {
    let english =
        BTreeSet::from(["Say {n} words.", "One more word.", "Third word."].map(str::to_owned));
    let words = Words::from(
        [
            ("Say {n} words.", "Sage {m} Wörter."),
            ("One more word.", "One more word."),
            ("Gone.", "Weg."),
        ]
        .map(|(text, translated)| (text.to_owned(), translated.to_owned())),
    );
    let found = complaints("de", "screen", &english, &words).join("\n");
    for complaint in [
        "lacks\n\"Third word.\"",
        "other blanks",
        "still English",
        "said nowhere",
    ] {
        assert!(found.contains(complaint), "{complaint} in {found}");
    }
}
