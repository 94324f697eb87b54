//! Filling a template without a person who walks its blanks: from a script, and from what is known already.

use super::{Template, blanks};

/// The blank that the number of the ticket fills by itself.
const TICKET: &str = "ticket";

/// A blank is the ticket's; its name comes without braces.
pub fn is_ticket(blank: &str) -> bool {
    blank.trim().eq_ignore_ascii_case(TICKET)
}

impl Template {
    /// What its blanks are called, without braces, each once.
    pub fn blank_names(&self) -> Vec<&str> {
        let body = self.body.raw();
        let mut names: Vec<&str> = Vec::new();
        for blank in blanks(body) {
            let name = &body[blank.start + 1..blank.end - 1];
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The text with every blank filled; else the name of the first one that has no value.
    pub fn filled(&self, value: impl Fn(&str) -> Option<String>) -> Result<String, &str> {
        let body = self.body.raw();
        let mut text = String::with_capacity(body.len());
        let mut at = 0;
        for blank in blanks(body) {
            let name = &body[blank.start + 1..blank.end - 1];
            text.push_str(&body[at..blank.start]);
            let value = value(name).filter(|value| !value.trim().is_empty());
            text.push_str(&value.ok_or(name)?);
            at = blank.end;
        }
        text.push_str(&body[at..]);
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_blank_is_filled_or_the_first_empty_one_is_named() {
        let template = Template::parse("a.txt", "Hello {name}, {ticket} is {name}'s.").unwrap();
        assert_eq!(template.blank_names(), ["name", "ticket"]);
        let name = |name: &str| (name == "name").then(|| "Ada {ticket}".to_owned());
        assert_eq!(template.filled(name), Err("ticket"));
        let both =
            |blank: &str| name(blank).or_else(|| is_ticket(blank).then(|| "48213".to_owned()));
        assert_eq!(
            template.filled(both).unwrap(),
            "Hello Ada {ticket}, 48213 is Ada {ticket}'s.",
            "a value is no template"
        );
        assert_eq!(template.filled(|_| Some(" ".to_owned())), Err("name"));
    }
}
