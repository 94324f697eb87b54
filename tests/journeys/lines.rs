//! The line mode: the same desk by lines alone. What is typed goes in as a line, what changes comes out as
//! lines, and nothing in them steers a terminal.

use tuilio::domain::Language;
use tuilio::model::Event;
use tuilio::plain::{Spoken, choices, events, greeting, is_free, refusal};
use tuilio::twilio::wire::Method::Post;
use tuilio::view::lines;

use crate::desk::{Desk, MOBILE};

/// A desk that is spoken with.
struct Talk {
    desk: Desk,
    spoken: Spoken,
    heard: Vec<String>,
    all: Vec<String>,
}

impl Talk {
    fn on(mut desk: Desk) -> Self {
        desk.model.setting.plain = true;
        desk.resize(lines::SIZE.width, lines::SIZE.height);
        let mut talk = Self {
            desk,
            spoken: Spoken::default(),
            heard: Vec::new(),
            all: Vec::new(),
        };
        talk.listen();
        talk
    }

    fn listen(&mut self) {
        let news = self.spoken.news(&self.desk.model, self.desk.look);
        for line in &news {
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
        self.all.extend(news.iter().cloned());
        self.heard.extend(news);
    }

    /// Types a line, and hears what comes of it until the desk is free again.
    fn say(&mut self, line: &str) -> &mut Self {
        self.heard.clear();
        let meant = events(&self.desk.model, self.desk.look, line);
        if meant.is_empty() {
            let said = refusal(&self.desk.model, self.desk.look, line);
            self.heard.push(said);
        }
        for event in meant {
            self.desk.happen(event);
            self.listen();
        }
        let mut patience = 100;
        while !is_free(&self.desk.model) && patience > 0 {
            self.desk.wait(0.2);
            self.listen();
            patience -= 1;
        }
        self
    }

    fn wait(&mut self, seconds: f64) -> &mut Self {
        self.heard.clear();
        self.desk.wait(seconds);
        self.listen();
        self
    }

    /// Waits for what else comes of the same line.
    fn stays(&mut self, seconds: f64) -> &mut Self {
        self.desk.wait(seconds);
        self.listen();
        self
    }

    #[track_caller]
    fn hears(&mut self, words: &str) -> &mut Self {
        let heard = self.heard.iter().any(|line| line.contains(words));
        assert!(heard, "{words:?} was not said:\n{}", self.heard.join("\n"));
        self
    }

    #[track_caller]
    fn does_not_hear(&mut self, words: &str) -> &mut Self {
        let heard = self.heard.iter().find(|line| line.contains(words));
        assert!(heard.is_none(), "{words:?} was said: {heard:?}");
        self
    }

    fn body(&self) -> &str {
        self.desk.model.compose.body.text()
    }

    #[track_caller]
    fn hears_nothing(&mut self) -> &mut Self {
        assert!(self.heard.is_empty(), "{}", self.heard.join("\n"));
        self
    }
}

#[test]
fn the_whole_check_goes_by_lines_alone() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.hears("Whose phone are we checking?");
    talk.say("(415) 555-0100")
        .hears("United States, California")
        .hears("plus 1, 4 1 5, 5 5 5, 0 1 0 0");
    assert_eq!(
        talk.desk.on_phone(MOBILE),
        0,
        "a line never sends by itself"
    );
    talk.say("").hears("Sent").hears("Tries left, 5 of 5");
    let code = talk.desk.code_on_phone(MOBILE);
    let wrong = if code == "111111" { "222222" } else { "111111" };
    talk.say(wrong)
        .hears("That was not the code.")
        .hears("Tries left, 4 of 5");
    talk.say(&code).hears("Approved");
    talk.hears("the caller can read messages on this phone, now.");
    let all = talk.all.join("\n");
    assert!(
        !all.contains(&code) && !all.contains(wrong),
        "a code was said:\n{all}"
    );
    talk.wait(600.0).hears_nothing();
    talk.say("n").hears("Whose phone are we checking?");
}

#[test]
fn a_countdown_is_not_said_each_second() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("415 555 0100").say("");
    talk.wait(12.0).hears("Delivered");
    talk.wait(5.0).hears_nothing();
}

#[test]
fn a_text_is_written_reviewed_and_sent_by_lines() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").hears("From, Acme Support");
    talk.say("415 555 0100");
    talk.say("quit is a word here").hears("quit is a word here");
    talk.say("a second line").say("").hears("a second line");
    assert_eq!(talk.desk.on_phone(MOBILE), 0);
    talk.say("").wait(10.0).hears("Delivered");
    assert_eq!(
        talk.desk.messages()[0]["body"],
        "quit is a word here\na second line"
    );
}

#[test]
fn what_is_typed_is_a_command_by_its_letter_its_number_its_key_or_its_words() {
    for line in ["c", "call"] {
        let mut talk = Talk::on(Desk::at_work("happy"));
        talk.say("415 555 0100").say("").say(line).wait(3.0);
        assert_eq!(talk.desk.attempts()[0]["channel"], "call", "{line}");
    }
    for line in ["F4", "history"] {
        let mut talk = Talk::on(Desk::at_work("happy"));
        talk.say(line).hears("Nothing was sent yet.");
    }
}

#[test]
fn a_line_that_means_nothing_here_does_nothing() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("415 555 0188").say("").hears("landline");
    let model = talk.desk.model.clone();
    assert_eq!(events(&model, talk.desk.look, "99"), Vec::new());
    assert_eq!(events(&model, talk.desk.look, "call them back"), Vec::new());
}

#[test]
fn leaving_with_a_check_under_way_asks_first() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("415 555 0100").say("");
    talk.say("quit").hears("Leave tuilio?");
    assert!(talk.desk.left.is_empty());
    talk.say("quit");
    assert_eq!(talk.desk.left.len(), 1);
}

#[test]
fn what_a_customer_wrote_cannot_steer_a_terminal_that_prints_it() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").say("415 555 0100");
    talk.say("\u{1b}[2Jgone \u{202e}back \u{7}bell").say("");
    let all = talk.all.join("\n");
    assert!(
        !all.contains('\u{1b}') && !all.contains('\u{202e}'),
        "{all:?}"
    );
}

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

#[test]
fn one_of_several_pasted_numbers_is_taken_by_its_number_in_the_list() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("office 415 555 0100, mobile 415 555 0101")
        .hears("Which number is meant?")
        .hears("1: +1 415 555 0100")
        .hears("2: +1 415 555 0101")
        .hears("Choices: 1-2 take that one");
    talk.say("3").hears("That is none of the choices.");
    talk.say("2").hears("plus 1, 4 1 5, 5 5 5, 0 1 0 1");
    assert_eq!(talk.desk.requests(Post, "/Verifications"), 0);
    talk.say("").wait(1.0);
    assert_eq!(
        talk.desk.last_form_value("/Verifications", "To").as_deref(),
        Some("+14155550101")
    );
}

#[test]
fn in_a_text_every_line_is_text_and_a_command_has_a_colon() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").say("415 555 0105");
    talk.hears("Each line is text to the customer. A command begins with a colon.")
        .hears("Choices: :1 to :6 take a template, :search, Enter review, :empty line, :back, :replies, :help.")
        .hears("Templates, :1 Card on its way")
        .hears(":2 Ticket received");
    talk.say("Hello Ada");
    talk.does_not_hear("Each line is text")
        .hears(":help, :undo.");
    for line in [
        "0", "1", "2", "help", "quit", "history", "replies", "new line", "Esc", "F4", "y", "?",
    ] {
        talk.say(line);
    }
    assert_eq!(
        talk.body(),
        "Hello Ada\n0\n1\n2\nhelp\nquit\nhistory\nreplies\nnew line\nEsc\nF4\ny\n?"
    );
    talk.say(":help").hears("Help for: Message: the text");
    talk.say("0").hears("Each line is text to the customer.");
    talk.say(":back").say("").hears("Each line is text");
    talk.say(":REPLIES").hears("Nothing was sent");
}

#[test]
fn a_mistyped_command_is_never_written_to_a_customer() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").say("415 555 0100").say("Hello");
    for line in [":bakc", ":", ": )", ":7", ":b"] {
        talk.say(line).hears("nothing was written");
        assert_eq!(talk.body(), "Hello", "{line}");
    }
    talk.say("::-)");
    assert_eq!(talk.body(), "Hello\n:-)");
}

#[test]
fn the_last_line_of_a_text_can_be_taken_back() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").say("415 555 0100");
    talk.say("Hello")
        .say(":empty line")
        .say("Bye \u{1f44b}\u{1f3fd}");
    assert_eq!(talk.body(), "Hello\n\nBye \u{1f44b}\u{1f3fd}");
    talk.say(":undo");
    assert_eq!(talk.body(), "Hello\n");
    talk.say(":undo").say(":undo");
    assert_eq!(talk.body(), "");
    talk.say(":undo").hears("nothing was written");
}

#[test]
fn each_line_fills_one_blank_of_a_template_and_then_the_next() {
    let mut talk = Talk::on(Desk::demo("happy"));
    talk.say("message").say("415 555 0100");
    talk.hears(":1 to :").say("1");
    assert_eq!(talk.body(), "1", "a line without a colon is text");
    talk.say(":undo").say(":2");
    talk.hears("Your next line goes into {name}. A command begins with a colon.");
    let template = talk.body().to_owned();
    talk.say("Ada").hears("Your next line goes into {ticket}.");
    talk.say("").hears("{ticket} is not filled in yet.");
    talk.say("48213").hears("Every blank is filled.");
    let filled = template
        .replace("{name}", "Ada")
        .replace("{ticket}", "48213");
    assert_eq!(talk.body(), filled);
    talk.say(":blank before").say("Bo");
    assert_eq!(talk.body(), filled.replace("Ada", "Bo"));
    talk.say("Thank you");
    assert_eq!(
        talk.body(),
        format!("{}\nThank you", filled.replace("Ada", "Bo"))
    );
    talk.say("").hears("Thank you").hears("Enter send");
}

#[test]
fn a_template_of_a_number_that_is_not_there_is_no_text() {
    let mut talk = Talk::on(Desk::demo("happy"));
    talk.say("message").say("415 555 0100");
    talk.say(":9").hears("nothing was written");
    talk.say(":0").hears("nothing was written");
    assert_eq!(talk.body(), "");
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
    for language in [
        Language::English,
        Language::Spanish,
        Language::French,
        Language::German,
    ] {
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

/// The digits that the caller of the tour reads out.
#[track_caller]
fn read_out(talk: &Talk) -> String {
    let said = talk.all.iter().rev().find_map(|line| {
        let (_, after) = line
            .split_once("It is here. ")
            .or_else(|| line.split_once("message here. "))?;
        let digits: String = after.chars().filter(char::is_ascii_digit).take(6).collect();
        (digits.len() == 6).then_some(digits)
    });
    said.unwrap_or_else(|| panic!("nobody reads a code:\n{}", talk.all.join("\n")))
}

#[test]
fn the_tour_from_start_to_end_by_lines_alone() {
    let mut talk = Talk::on(Desk::demo("happy"));
    talk.say("the tour").say("").hears("stop 1 of 7");
    talk.hears("skip: 0")
        .hears("Type 415 555 0100, then press Enter.");
    talk.say("415 555 0100")
        .hears("plus 1, 4 1 5")
        .say("")
        .stays(1.0);
    let code = read_out(&talk);
    talk.say(&code).hears("Approved").hears("next stop: Enter");
    talk.say("")
        .hears("stop 2 of 7")
        .say("4155550101")
        .say("")
        .stays(1.0);
    let code = read_out(&talk);
    talk.say(&code).hears("The box is empty again");
    let code = read_out(&talk);
    talk.say(&code).hears("next stop: Enter");
    talk.say("").say("4155550188").say("").stays(1.0);
    talk.hears("Press c to call").say("c").stays(1.0);
    let code = read_out(&talk);
    talk.say(&code).hears("next stop: Enter");
    talk.say("0").hears("stop 4 of 7");
    talk.say("+12645550140").say("").say("y").stays(1.0);
    talk.hears("Press c for a call").say("c").stays(1.0);
    talk.say("").say("4155550105").say("").stays(1.0);
    talk.hears("Nothing has come yet.").stays(10.0);
    talk.hears("Press c to call").say("c").stays(1.0);
    let code = read_out(&talk);
    talk.say(&code);
    talk.say("").say("4155550106").say("").stays(1.0);
    talk.hears("Press \"who is calling?\": who is calling? Then 0.");
    talk.say("who is calling?")
        .say("0")
        .hears("Press \"how to refuse\"");
    talk.say("how to refuse").say("0").hears("there is none");
    talk.say("x").stays(1.0);
    talk.hears("next stop: Enter")
        .say("")
        .hears("Press \"history\"");
    talk.say("history").hears("type 0100").say("/").say("0100");
    talk.hears("Press y on an approved check")
        .say("")
        .say("y")
        .hears("Press x");
    talk.say("x").hears("next stop: Enter");
    talk.say("").hears("The tour is over");
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
    for language in [
        Language::English,
        Language::Spanish,
        Language::French,
        Language::German,
    ] {
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
fn a_text_that_names_keys_is_read_as_it_will_go_out() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("message").say("415 555 0100");
    talk.say("Press Ctrl-Q, F3 or Tab, then Esc.");
    talk.hears("Press Ctrl-Q, F3 or Tab, then Esc.");
    talk.say("").hears("Press Ctrl-Q, F3 or Tab, then Esc.");
}

#[test]
fn no_line_is_jammed_or_cut_or_names_a_key_in_any_language() {
    for language in [
        Language::English,
        Language::Spanish,
        Language::French,
        Language::German,
    ] {
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
            Language::Spanish => "\u{bf}Sin c\u{f3}digo?, r, ",
            Language::French => "Pas reçu ?, r, ",
            Language::German => "Datei, nirgends",
            Language::English => "No code?, r, ",
        };
        let all = talk.all.join("\n");
        assert!(all.contains(label), "{label} is not in\n{all}");
    }
}

#[test]
fn a_new_line_takes_the_place_of_what_stood_in_a_field_of_one_line() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("4155550100").say("").say("F4").say("1");
    for line in [
        "/",
        "to:+1415",
        "to:+44",
        "status:approved",
        "status:failed",
    ] {
        talk.say(line);
    }
    let filter = talk.desk.model.history.filter.as_ref().unwrap();
    assert_eq!(filter.field.text(), "status:failed");
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("help").say("415 555 0123").say("111111");
    talk.hears("Help with: 111111");
    talk.does_not_hear("415 555 0123111111");
    // A code and a number of the text as before; what is written to a customer grows.
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("F6").say("4155550100").say("Hello").say("there");
    assert_eq!(talk.body(), "Hello\nthere");
    talk.say("")
        .say("s")
        .say("soon")
        .say("")
        .say("in 3 h")
        .say("");
    talk.hears("Send this text?");
}

#[test]
fn a_scheduled_text_is_withdrawn_by_lines() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("F6").say("4155550100").say("See you").say("");
    talk.say("s").say("tomorrow 9:00").say("").say("");
    talk.wait(10.0);
    talk.say("n").say("F4").hears("Leaves 05 Mar 17:00");
    talk.say("").hears("2026-03-05 09:00 there, 17:00 here");
    talk.say("x").hears("Withdraw this text?");
    talk.say("y").stays(1.0).hears("Cancelled");
    assert_eq!(talk.desk.messages()[0]["status"], "canceled");
}
