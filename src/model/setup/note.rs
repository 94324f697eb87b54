//! Pages about what others set up: what the admin has to do, what the lead has set, to be read here and
//! copied with one key.

use crate::domain::connection::NamedService;
use crate::domain::phrase::phrase;
use crate::domain::{Phrase, recipe, safety};
use crate::model::checkup::Checkup;

/// A page for the admin.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// The recipe of a narrow key.
    Recipe,
    /// What the lead has set.
    Rules(Vec<Phrase>),
    /// What is unsafe about a Verify service, and what to change.
    Safety(NamedService),
    /// Each link to a customer's phone, and what to do where one does not hold.
    Checkup(Checkup),
}

impl Note {
    /// What stands above it.
    pub fn title(&self) -> Phrase {
        match self {
            Self::Recipe => phrase!("A narrow key for this desk"),
            Self::Rules(_) => phrase!("Set by your lead"),
            Self::Checkup(_) => phrase!("What is wrong, link by link"),
            Self::Safety(_) => phrase!("Is this Verify service safe for a phone desk?"),
        }
    }

    /// The whole page as a text, in the words that `say` makes of a phrase.
    pub fn text(&self, say: impl Fn(&Phrase) -> String) -> String {
        match self {
            Self::Recipe => recipe::text(say),
            Self::Rules(rules) => {
                let rules = rules.iter().map(|rule| format!("- {}", say(rule)));
                let lines: Vec<String> = std::iter::once(say(&self.title())).chain(rules).collect();
                lines.join("\n")
            }
            Self::Checkup(checkup) => {
                let mut lines = vec![say(&self.title())];
                for found in &checkup.findings {
                    let mut line = format!(
                        "- {}: {}: {}",
                        found.health.as_str(),
                        say(&found.link.title()),
                        say(&found.what)
                    );
                    if let Some(next) = &found.next {
                        line = format!("{line} {}", say(next));
                    }
                    lines.push(line);
                }
                lines.join("\n")
            }
            Self::Safety(service) => {
                let mut lines = vec![format!(
                    "{} ({}, {})",
                    say(&self.title()),
                    service.name.visible(),
                    service.sid
                )];
                for concern in service.concerns.iter().flatten() {
                    lines.push(format!(
                        "- {} {}",
                        say(&concern.what()),
                        say(&concern.remedy())
                    ));
                }
                lines.push(format!("- {}", say(&safety::question())));
                lines.join("\n")
            }
        }
    }
}
