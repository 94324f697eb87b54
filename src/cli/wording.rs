//! What a text of a script says: typed, from standard input, or a template with its blanks filled.
//!
//! All of it is put together before the history is opened, so that a mistake in it leaves nothing behind.

use clap::Args;

use crate::domain::template::is_ticket;
use crate::domain::{Template, Templates, Ticket, phrase};

use super::{Exit, input, lead, session};

/// What can be typed.
#[derive(Debug, Args)]
pub struct Wording {
    /// The text; - or nothing takes it from standard input, whole, without one final newline.
    #[arg(long, value_name = "TEXT", conflicts_with = "template")]
    body: Option<String>,
    /// A template by its title, or by a part of it, in the place of a text.
    #[arg(long, value_name = "TITLE")]
    template: Option<String>,
    /// What fills a blank of the template, such as name=Ada; once for each blank. The blank {ticket} is
    /// filled by --ticket.
    #[arg(long, value_name = "BLANK=VALUE", requires = "template")]
    set: Vec<String>,
}

/// A recipient as it was typed, and what is to be sent there.
pub struct Worded {
    /// To whom.
    pub to: String,
    /// What.
    pub body: String,
    /// It is one of the templates, whoever has filled it.
    pub from_template: bool,
}

impl Wording {
    /// Recipient and text, from the line, from standard input and from the templates.
    pub fn read(&self, to: &str, ticket: Option<&Ticket>) -> Result<Worded, Exit> {
        let templates = lead::shelf(&session::paths()?, &session::policy()).read();
        let (to, body) = match (to, &self.template) {
            ("-", Some(title)) => {
                let text = input::whole(&phrase!("the number"))?;
                let (to, rest) = input::first_line(&text);
                if !rest.trim().is_empty() {
                    return Err(Exit::unfit(phrase!(
                        "The text is a template's, so standard input holds the number alone."
                    )));
                }
                (to.to_owned(), self.filled(&templates, title, ticket)?)
            }
            ("-", None) => {
                let text = input::whole(&phrase!("the number"))?;
                let (to, rest) = input::first_line(&text);
                let body = self.typed();
                (
                    to.to_owned(),
                    body.unwrap_or(input::without_newline(rest)).to_owned(),
                )
            }
            (to, Some(title)) => (to.to_owned(), self.filled(&templates, title, ticket)?),
            (to, None) => {
                let body = match self.typed() {
                    Some(body) => body.to_owned(),
                    None => input::without_newline(&input::whole(&phrase!("the text"))?).to_owned(),
                };
                (to.to_owned(), body)
            }
        };
        Ok(Worded {
            from_template: templates.allow(&body),
            to,
            body,
        })
    }

    /// The text, where it is not on standard input.
    fn typed(&self) -> Option<&str> {
        self.body.as_deref().filter(|body| *body != "-")
    }

    fn filled(
        &self,
        templates: &Templates,
        title: &str,
        ticket: Option<&Ticket>,
    ) -> Result<String, Exit> {
        let template = named(templates, title)?;
        let mut values: Vec<(&str, &str)> = Vec::new();
        for set in &self.set {
            let (blank, value) = set.split_once('=').ok_or_else(|| {
                Exit::unfit(phrase!(
                    "--set needs the name of a blank and its value: --set name=Ada."
                ))
            })?;
            let blank = blank.trim();
            if !template.blank_names().contains(&blank) {
                return Err(Exit::unfit(phrase!(
                    "The template has no blank {name}; its blanks are: {all}.",
                    name = format!("{{{blank}}}"),
                    all = template.blank_names().join(", ")
                )));
            }
            values.push((blank, value));
        }
        let value = |blank: &str| {
            let set = values.iter().find(|(name, _)| *name == blank);
            let known = set.map(|(_, value)| (*value).to_owned());
            known.or_else(|| Some(ticket.filter(|_| is_ticket(blank))?.as_str().to_owned()))
        };
        template.filled(value).map_err(|blank| {
            Exit::unfit(phrase!(
                "The blank {blank} of the template is empty: fill it by --set \"{name}=...\".",
                blank = format!("{{{blank}}}"),
                name = blank
            ))
        })
    }
}

/// The template of that title, or the only one with that in its title.
fn named<'a>(templates: &'a Templates, title: &str) -> Result<&'a Template, Exit> {
    let found: Vec<&Template> = templates
        .named(title)
        .map(|(_, template)| template)
        .collect();
    let same = |template: &&&Template| {
        let known = template.title.raw().trim().to_lowercase();
        known == title.trim().to_lowercase()
    };
    if let Some(template) = found.iter().find(same) {
        return Ok(template);
    }
    match found[..] {
        [template] => Ok(template),
        [] if let ([], Some(why)) = (&templates.list[..], templates.left_out.first()) => {
            Err(Exit::unfit(why.clone()))
        }
        [] => Err(Exit::unfit(phrase!(
            "There is no template of that title: templates are the text files in the folder that tuilio paths names."
        ))),
        _ => Err(Exit::unfit(phrase!(
            "{n} templates have that in their titles: write more of it.",
            n = found.len()
        ))),
    }
}
