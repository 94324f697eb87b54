//! The line mode: the same desk by lines alone. What is typed goes in as a line, what changes comes out as
//! lines, and nothing in them steers a terminal.

use tuilio::plain::{Spoken, events, is_free};
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
        for event in events(&self.desk.model, self.desk.look, line) {
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

    #[track_caller]
    fn hears(&mut self, words: &str) -> &mut Self {
        let heard = self.heard.iter().any(|line| line.contains(words));
        assert!(heard, "{words:?} was not said:\n{}", self.heard.join("\n"));
        self
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
    talk.say("3").hears_nothing();
    talk.say("2").hears("plus 1, 4 1 5, 5 5 5, 0 1 0 1");
    assert_eq!(talk.desk.requests(Post, "/Verifications"), 0);
    talk.say("").wait(1.0);
    assert_eq!(
        talk.desk.last_form_value("/Verifications", "To").as_deref(),
        Some("+14155550101")
    );
}
