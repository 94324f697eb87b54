//! What is printed: choices that do what they say, help that names what can be typed, lines that are whole in
//! every language.

use tuilio::domain::Language;
use tuilio::model::Event;
use tuilio::plain::{choices, events, greeting};

use super::Talk;
use crate::desk::{Desk, MOBILE};

#[test]
fn no_line_names_a_key_that_is_not_typed() {
    use tuilio::plain::Spoken;
    let mut desk = Desk::demo("happy");
    desk.model.setting.plain = true;
    let mut spoken = Spoken::default();
    let mut said = spoken.news(&desk.model, desk.look);
    desk.paste("415 555 0100");
    said.extend(spoken.news(&desk.model, desk.look));
    desk.press("<Enter>").wait(3.0);
    for _ in 0..2 {
        let slip = if desk.code_on_phone(MOBILE) == "111111" {
            "222222"
        } else {
            "111111"
        };
        desk.press(slip).press("<Enter>").wait(2.0);
        said.extend(spoken.news(&desk.model, desk.look));
    }
    let said = said.join("\n");
    assert!(
        said.contains("follow the refusal script (\"how to refuse\")"),
        "{said}"
    );
    assert!(said.contains("or call, WhatsApp"), "{said}");
    for key in ["Up, Down", "F3", "F2", "Ctrl-", "Tab"] {
        assert!(!said.contains(key), "{key} in {said}");
    }
}

/// Lines that lead to many places of the desk.
const WALK: [&str; 22] = [
    "message",
    "415 555 0100",
    ":2",
    "Ada",
    "48213",
    "",
    "0",
    ":back",
    "verify",
    "415 555 0100",
    "",
    "000000",
    "history",
    "/",
    "0100",
    "",
    "",
    "0",
    "0",
    "settings",
    "verify",
    "x",
];

#[test]
fn what_is_printed_as_a_choice_does_what_is_printed() {
    for language in Language::ALL {
        let mut desk = Desk::demo("happy");
        desk.model.setting.language = language;
        let mut talk = Talk::on(desk);
        for line in WALK {
            talk.say(line);
            let (model, look) = (&talk.desk.model, talk.desk.look);
            for choice in choices(model, tuilio::view::spoken(model, look)) {
                let meant = events(
                    model,
                    look,
                    if choice.typed == "Enter" {
                        ""
                    } else {
                        &choice.typed
                    },
                );
                let pressed = matches!(meant.as_slice(), [Event::Key { chord, .. }] if *chord == choice.chord);
                assert!(
                    pressed,
                    "{language:?}, after {line:?}: {choice:?} is {meant:?}"
                );
            }
        }
    }
}

#[test]
fn the_first_line_is_in_the_language_of_the_desk_and_its_commands_work() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.desk.model.setting.language = Language::German;
    let said = greeting(&talk.desk.model, talk.desk.look);
    assert!(said.contains("Zeilenmodus. \"Hilfe\" nennt"), "{said}");
    talk.say("Hilfe").hears("Hilfe zu: ");
    talk.say("0").say("beenden");
    assert_eq!(talk.desk.left.len(), 1);
}

#[test]
fn the_help_names_what_is_typed_and_no_key_that_a_line_has_not() {
    for (lines, says) in [
        (&[][..], &["history, To the history.", "quit, Quit."][..]),
        (
            &["415 555 0100", ""],
            &[
                "c, call, Call the number",
                "0-9, Type the code as one line.",
            ],
        ),
        (
            &["message", "415 555 0100"],
            &[
                ":history, To the history.",
                ":back, Go back to the number.",
                ":quit, Quit.",
                ":who is calling?, The card",
            ],
        ),
        (
            &["message", "415 555 0100", "Hello", ""],
            &[
                "Enter, Send the text.",
                "0, back, Go back to the text. Nothing was sent.",
            ],
        ),
        (&["history"], &["verify, To the verify pane."]),
        (&["settings"], &["verify, To the verify pane."]),
    ] {
        // Once each way is enough where nothing is sent.
        for demo in [true, false].into_iter().take(3 - lines.len().min(2)) {
            let mut talk = Talk::on(if demo {
                Desk::demo("happy")
            } else {
                Desk::at_work("happy")
            });
            for line in lines {
                talk.say(line);
            }
            talk.say(if lines.len() == 2 && lines[0] == "message" {
                ":help"
            } else {
                "help"
            });
            for words in says {
                talk.hears(words);
            }
            let said = talk.heard.join("\n");
            for key in [
                "F1", "F2", "F7", "F9", "F12", "Ctrl-", "Esc", "Tab", "Up,", "Down,", "PageDown",
                "No key",
            ] {
                assert!(!said.contains(key), "{key} after {lines:?}:\n{said}");
            }
            assert_eq!(said.contains("in the demo, "), demo, "{said}");
            assert_eq!(said.contains("Prove each link"), !demo, "{said}");
            talk.say("0");
        }
    }
}

#[test]
fn what_the_help_lists_is_what_can_be_typed() {
    use tuilio::view::lines::{is_for_the_eye, typed};
    for language in Language::ALL {
        for before in [&[][..], &["415 555 0100", ""], &["message", "415 555 0100"]] {
            let mut desk = Desk::at_work("happy");
            desk.model.setting.language = language;
            let mut talk = Talk::on(desk);
            for line in before {
                talk.say(line);
            }
            let model = &talk.desk.model;
            let look = tuilio::view::spoken(model, talk.desk.look);
            let in_text = before.len() == 2 && before[0] == "message";
            for binding in model.setting.keymap.in_force(&model.places()) {
                let command = typed(look, binding, in_text);
                let word = match command.split_once(", ") {
                    Some((letter, _)) if letter.chars().count() == 1 => letter,
                    _ => &command,
                };
                if is_for_the_eye(binding) || word == "Enter" || word == ":1" {
                    continue;
                }
                let meant = events(model, look, word);
                let [Event::Key { chord, .. }] = meant.as_slice() else {
                    panic!("{language:?} {before:?}: {command} is {meant:?}");
                };
                let action = model.setting.keymap.resolve(&model.places(), *chord);
                assert_eq!(
                    action,
                    Some(binding.action),
                    "{language:?} {before:?}: {command}"
                );
            }
        }
    }
}

#[test]
fn no_line_is_jammed_or_cut_or_names_a_key_in_any_language() {
    for language in Language::ALL {
        let mut desk = Desk::demo("happy");
        desk.model.setting.language = language;
        let mut talk = Talk::on(desk);
        for line in [
            "415 555 0188",
            "",
            "0",
            "415 555 0100",
            "",
            "000000",
            "F2",
            "0",
            "F3",
            "0",
            "F6",
            "415 555 0100",
            ":2",
            "Ada",
            "48213",
            "",
            "",
            "0",
            "F4",
            "",
            "0",
            "/",
            "0188",
            "",
            "0",
            "F8",
            "F7",
            "x",
        ] {
            talk.say(line).stays(8.0);
        }
        for line in &talk.all {
            let cut = line.contains('\u{2026}');
            let jammed = line.char_indices().any(|(at, c)| {
                let after = line[at + c.len_utf8()..].chars().next();
                let before = line[..at].chars().next_back();
                let sign = matches!(c, '\u{2713}' | '\u{2717}') && before.is_some_and(|b| b != ' ');
                let is_address = line.contains("://");
                let glued = matches!(c, '?' | '!') && after.is_some_and(char::is_alphanumeric);
                // In Spanish and French a mark of attention may follow a word, but only in a sentence.
                let mark = c == '!' && after == Some(' ') && !line.contains('"');
                sign || mark || (glued && !is_address)
            });
            let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric()).collect();
            let named = ["Tab", "Esc", "Ctrl", "F2", "F3"]
                .iter()
                .find(|key| words.contains(key));
            assert!(!cut && !jammed && named.is_none(), "{language:?}: {line}");
        }
        // What is a label stands apart from what it names.
        let label = match language {
            Language::Spanish => "\u{bf}No lleg\u{f3}?, r, ",
            Language::French => "Pas reçu ?, r, ",
            Language::German => "Datei, nirgends",
            Language::English => "No code?, r, ",
        };
        let all = talk.all.join("\n");
        assert!(all.contains(label), "{label} is not in\n{all}");
    }
}
