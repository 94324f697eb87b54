//! The cards: who is on the line, and how to refuse.
//!
//! What is to be said stands in the language of the screen and in the customer's, sentence by sentence.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::{Language, Phrase, phrase};
use crate::model::Model;
use crate::model::card::Card;

use super::paper::rows;
use super::theme::{Look, Role};

/// Fills the pane with a card, scrolled by so many lines.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect, card: Card, scroll: u16) {
    let mut page = Page {
        look,
        customer: model.customer_language(),
        width: usize::from(area.width.saturating_sub(6).clamp(8, 90)),
        lines: Vec::new(),
    };
    match card {
        Card::Caller => caller(&mut page),
        Card::Refusal => refusal(&mut page),
    }
    let most = (page.lines.len() as u16).saturating_sub(area.height);
    frame.render_widget(
        Paragraph::new(page.lines).scroll((scroll.min(most), 0)),
        area,
    );
}

/// What to ask before a code is asked for.
fn caller(page: &mut Page) {
    page.title(phrase!("Who is on the line?"));
    page.point(phrase!(
        "Did they call us, or did I call the number on file? If neither: stop. Hang up, and call the number on file."
    ));
    page.say(phrase!(
        "Before I send a code: did you call our number yourself just now?"
    ));
    page.point(phrase!(
        "Is the phone the one in the customer record? A number that the caller brings along proves nothing. Tab, then paste the one on file: same or differs."
    ));
    page.say(phrase!(
        "I can send the code only to the number that we have on file."
    ));
    page.point(phrase!(
        "Does somebody else speak in the background, or tell the caller what to say? Then stop."
    ));
    page.say(phrase!(
        "Are you alone, and has nobody asked you to make this call?"
    ));
    page.point(phrase!(
        "Hurry, anger, a story, \"just this once\": pressure is the sign. F3 has the words to refuse."
    ));
    page.point(phrase!(
        "The customer reads the code to you. You never read one out, and you never ask for any other code."
    ));
    page.say(phrase!(
        "Read this code to me only because you called us. Never give one to somebody who calls you."
    ));
    page.point(phrase!(
        "An approval shows that the caller can read messages on that phone, now. It does not show who the caller is."
    ));
}

/// What to say to somebody who has no code.
fn refusal(page: &mut Page) {
    page.title(phrase!("How to refuse"));
    page.point(phrase!(
        "There is no key that approves without a code: not here, and not for your lead. So nobody can talk you into it."
    ));
    page.say(phrase!(
        "I am sorry, I cannot go on without the code. It protects you from people who pretend to be you."
    ));
    page.point(phrase!("They insist, or are in a hurry:"));
    page.say(phrase!(
        "I understand that this is urgent. My system has no way around it, for anybody."
    ));
    page.point(phrase!("They want the code on a new number:"));
    page.say(phrase!(
        "I cannot use a new number on this call. Please change it first, in the way that we have for it."
    ));
    page.point(phrase!("They ask you to read the code out, or to guess it with them:"));
    page.say(phrase!(
        "I do not see the code. Only the phone that it was sent to shows it."
    ));
    page.point(phrase!("To end the call:"));
    page.say(phrase!(
        "Please call us again when you have that phone with you. Nothing has changed on your account."
    ));
    page.point(phrase!(
        "Then stop the check (x), so that its code no longer works, and tell your lead."
    ));
}

/// A card that is being written.
struct Page {
    look: Look,
    customer: Option<Language>,
    width: usize,
    lines: Vec<Line<'static>>,
}

impl Page {
    fn title(&mut self, title: Phrase) {
        self.lines.push(Line::default());
        self.wrapped("", Role::Strong, &self.look.say(title));
    }

    fn point(&mut self, point: Phrase) {
        self.lines.push(Line::default());
        self.wrapped("", Role::Plain, &self.look.say(point));
    }

    /// Words to say, in both languages.
    fn say(&mut self, words: Phrase) {
        let ours = self.look.say(&words);
        self.wrapped("  ", Role::Focus, &format!("\"{ours}\""));
        if let Some(customer) = self.customer {
            let theirs = self.look.text(&customer.say(&words));
            if theirs != ours {
                self.wrapped("  ", Role::Focus, &format!("\"{theirs}\""));
            }
        }
    }

    fn wrapped(&mut self, indent: &'static str, role: Role, text: &str) {
        for row in rows(text, self.width - indent.len()) {
            self.lines.push(Line::from(vec![
                Span::raw(format!("   {indent}")),
                Span::styled(row, self.look.style(role)),
            ]));
        }
    }
}
