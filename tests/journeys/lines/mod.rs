//! The line mode: the same desk by lines alone. What is typed goes in as a line, what changes comes out as
//! lines, and nothing in them steers a terminal.

mod printed;
mod text;

use tuilio::domain::Language;
use tuilio::model::Event;
use tuilio::plain::{Spoken, events, is_free, no_paste, paste, refusal};
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
        self.happens(meant)
    }

    /// Pastes several lines at once.
    fn paste(&mut self, text: &str) -> &mut Self {
        self.heard.clear();
        let meant = paste(&self.desk.model, text);
        if meant.is_empty() {
            let said = no_paste(&self.desk.model, self.desk.look);
            self.heard.push(said);
        }
        self.happens(meant)
    }

    fn happens(&mut self, meant: Vec<Event>) -> &mut Self {
        for event in meant {
            self.spoken.line(&self.desk.model);
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
fn a_paste_of_several_lines_is_data_and_no_line_of_it_acts() {
    let mut talk = Talk::on(Desk::demo("happy"));
    talk.paste("\n\n").hears("Several lines came at once");
    talk.paste("4155550123\n\n").hears("United States");
    assert_eq!(talk.desk.requests(Post, "Verifications"), 0);
    talk.paste("y\n\nquit\n");
    assert_eq!(talk.desk.requests(Post, "Verifications"), 0);

    let mut talk = Talk::on(Desk::demo("happy"));
    talk.say("F6").paste("4155550123\n\n");
    talk.paste("Dear Ada\n\n:send\n");
    assert_eq!(talk.body(), "Dear Ada\n\n:send\n");
    // The end of the paste, which the terminal gives out with Enter.
    talk.say("Bye");
    assert_eq!(talk.body(), "Dear Ada\n\n:send\n\nBye");
    assert_eq!(talk.desk.requests(Post, "Messages"), 0);
}

#[test]
fn a_countdown_is_not_said_each_second() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("415 555 0100").say("");
    talk.wait(12.0).hears("Delivered");
    talk.wait(5.0).hears_nothing();
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
fn an_empty_line_where_it_answers_nothing_says_which_lines_do() {
    let nothing = "An empty line does nothing here. Choices: y yes";
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("+12645550140").say("").hears("Send all the same?");
    for _ in 0..2 {
        talk.say("").hears(nothing).hears("n back");
    }
    talk.say("0")
        .say("message")
        .say("+1 264 555 0140")
        .say("Hello");
    talk.say("").hears("Choices: y yes");
    talk.say("").hears(nothing);
    assert_eq!(talk.desk.requests(Post, ""), 0);
    for (language, said) in [
        (Language::Spanish, "Una línea vacía no hace nada aquí."),
        (Language::French, "Une ligne vide ne fait rien ici."),
        (Language::German, "Eine leere Zeile bewirkt hier nichts."),
    ] {
        talk.desk.model.setting.language = language;
        talk.say("").hears(said);
    }
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("415 555 0100").say("").say("quit").hears("Leave");
    talk.say("").hears("An empty line does nothing here.");
}

#[test]
fn a_line_that_gets_the_same_answer_as_the_one_before_hears_it_again() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    for _ in 0..3 {
        talk.say("").hears("There is no number yet");
    }
    talk.say("12").say("");
    let why = talk.desk.model.verify.complaint.clone();
    let why = why.unwrap().to_string();
    talk.say("").hears(&why).say("").hears(&why);
    assert_eq!(talk.heard.len(), 1, "{:?}", talk.heard);
    talk.say("415 555 0100").say("");
    for _ in 0..2 {
        talk.say("").hears("digits").stays(1.0);
    }
    talk.say("0").say("message");
    for _ in 0..2 {
        talk.say("").hears("There is no number yet");
    }
    talk.say("415 555 0100");
    for _ in 0..2 {
        talk.say(":review").hears("There is no text yet.");
    }
    // What comes by itself is said once.
    talk.say("Hello").say("").wait(3.0);
    talk.does_not_hear("There is no text yet.");
}

#[test]
fn alias_and_country_are_changed_by_lines_alone() {
    let mut talk = Talk::on(Desk::at_work("happy"));
    talk.say("settings").hears("alias: none, country: US");
    talk.say("a").hears("Your alias").hears("Enter keep it");
    talk.say("desk 7").say("");
    for _ in 0..2 {
        talk.say("").hears("An alias has letters");
    }
    talk.say("desk-7")
        .say("next")
        .say("GB")
        .hears("United Kingdom");
    talk.say("").hears("alias: desk-7, country: GB");
    talk.say("a").say("desk-8").say("0");
    talk.hears("alias: desk-7, country: GB");
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
    talk.say("")
        .hears("Press y on an approved check")
        .say("y")
        .hears("Press x");
    talk.say("x").hears("the end: Enter");
    talk.say("").hears("The tour is over");
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
fn a_lead_who_locks_idle_desks_locks_lines_too() {
    let mut talk = Talk::on(Desk::under("idle_lock_minutes = 2\n"));
    talk.say("415 555 0100").say("").hears("Tries left");
    talk.wait(119.0).does_not_hear("Locked").wait(2.0);
    talk.hears("Locked")
        .hears("One check is waiting.")
        .hears("Enter twice shows the desk")
        .hears("What was printed before may still be in this terminal.");
    let code = talk.desk.code_on_phone(MOBILE);
    for line in [
        &code[..],
        "+49 1511 2345604",
        "history",
        "help",
        "y",
        "message",
        "2",
    ] {
        let quits = talk.say(line).desk.left.len();
        assert_eq!(quits, 0, "{line}");
        talk.hears("Locked: nothing was taken.");
        for word in ["415", "0100", "1511", "Acme", "Approved", code.as_str()] {
            talk.does_not_hear(word);
        }
    }
    talk.wait(700.0).hears_nothing();
    talk.say("").hears("once more shows the desk").say("x");
    talk.say("").does_not_hear("Acme").say("");
    talk.hears("+1 415 555 0100");
    assert!(talk.desk.model.lock.deadline(Some(2)).is_some());
}

#[test]
fn what_a_filter_finds_is_said_entry_by_entry() {
    let mut desk = Desk::demo("happy");
    for number in ["4155550100", "4155550101"] {
        desk.press(&format!("<F6>{number}<Enter>Hello<Enter><Enter>"))
            .wait(20.0);
        desk.model.compose.next();
    }
    let mut talk = Talk::on(desk);
    talk.say("history").hears("••00").hears("••01");
    talk.say("filter").say("to:+14155550101").stays(2.0);
    talk.hears("1 of 2").hears("••01").does_not_hear("••00");
}
