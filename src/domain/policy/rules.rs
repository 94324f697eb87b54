//! What a policy does, in words: for the admin who wrote it, and for the agent who works under it.

use super::super::message::Sender;
use super::super::untrusted::visible;
use super::super::{Phrase, phrase};
use super::verdict::{channel_name, country_name, listed, time_of_day};
use super::{Mode, Policy, Quiet};

impl Policy {
    /// What the desk is for, where it is not for everything: by the lead, or by the agent's own choice.
    pub fn mode_rule(&self) -> Option<Phrase> {
        match (self.mode, self.mode_by_choice) {
            (Mode::Full, _) => None,
            (Mode::ReadOnly, true) => Some(phrase!("Looking only, by your own choice.")),
            (Mode::ReadOnly, false) => Some(phrase!("Looking only: nothing is sent.")),
            (Mode::Trainee, _) => Some(phrase!(
                "Trainee: every send says what will happen, and asks for a y."
            )),
        }
    }

    /// What it changes, a sentence for each rule; empty where everything is allowed.
    pub fn rules(&self) -> Vec<Phrase> {
        let mut rules: Vec<Phrase> = self.off.clone().into_iter().collect();
        let mut say = |rule: Option<Phrase>| rules.extend(rule);
        say(self.mode_rule());
        say(self.countries.as_ref().map(|codes| {
            match listed(codes.iter().map(|code| country_name(code))) {
                Some(names) => {
                    phrase!("Codes and texts go to {countries} only.", countries = names)
                }
                None => phrase!("Codes and texts go to no phone."),
            }
        }));
        say(self
            .channels
            .as_ref()
            .map(|ways| match listed(ways.iter().map(channel_name)) {
                Some(ways) => phrase!("Codes go by {ways} only.", ways = ways),
                None => phrase!("No codes are sent."),
            }));
        say(self
            .senders
            .as_ref()
            .map(|senders| match listed(senders.iter().map(sender_name)) {
                Some(names) => phrase!("Texts come from {senders} only.", senders = names),
                None => phrase!("No texts are sent."),
            }));
        say(self.services.as_ref().map(|services| {
            match listed(services.iter().map(|sid| Phrase::verbatim(sid.short()))) {
                Some(names) => {
                    phrase!(
                        "Codes are sent under Verify service {services} only.",
                        services = names
                    )
                }
                None => phrase!("Codes are sent under no Verify service."),
            }
        }));
        let switch = |on: bool, rule: Phrase| on.then_some(rule);
        say(switch(
            self.templates_only,
            phrase!("Texts are made from templates only."),
        ));
        say(switch(
            self.ticket_required,
            phrase!("Nothing is sent without the number of a ticket."),
        ));
        say(self.texts_a_day.map(|n| match n {
            1 => phrase!("Each agent sends at most 1 text a day."),
            n => phrase!("Each agent sends at most {n} texts a day.", n = n),
        }));
        say(self.verifications_a_day.map(|n| match n {
            1 => phrase!("Each agent sends at most 1 code a day."),
            n => phrase!("Each agent sends at most {n} codes a day.", n = n),
        }));
        let path = |path: &str| Phrase::verbatim(visible(path));
        say(self
            .data_dir
            .as_deref()
            .map(|folder| phrase!("The history lies in {folder}.", folder = path(folder))));
        say(self.templates.as_ref().map(|folder| {
            phrase!(
                "Templates come from {folder} only.",
                folder = path(&folder.to_string_lossy())
            )
        }));
        let quiet = self.quiet_hours.filter(|quiet| quiet.from != quiet.to);
        say(quiet.map(|quiet| {
            let (from, to) = (time_of_day(quiet.from), time_of_day(quiet.to));
            match quiet.then {
                Quiet::Refuse => phrase!(
                    "No texts from {from} to {to}, by the customer's clock.",
                    from = from,
                    to = to
                ),
                Quiet::Caution => phrase!(
                    "A text from {from} to {to}, by the customer's clock, asks for a y.",
                    from = from,
                    to = to
                ),
            }
        }));
        say(self.retention_days.map(|n| match n {
            1 => phrase!("Entries of the history go after a day."),
            n => phrase!("Entries of the history go after {n} days.", n = n),
        }));
        say(self.idle_lock_minutes.map(|n| match n {
            1 => phrase!("The screen is hidden after a minute without a key."),
            n => phrase!(
                "The screen is hidden after {n} minutes without a key.",
                n = n
            ),
        }));
        say(match self.hold_seconds {
            0 => None,
            1 => Some(phrase!(
                "A text is held back for a second, in which it can be undone."
            )),
            n => Some(phrase!(
                "A text is held back for {n} seconds, in which it can be undone.",
                n = n
            )),
        });
        say(switch(
            !self.auto_check,
            phrase!("A code is checked on Enter, not on its last digit."),
        ));
        say(switch(
            self.mask_on_focus_loss,
            phrase!("Numbers are masked when the window loses the focus."),
        ));
        // One that cannot be read says so, which is enough.
        let readable = self.off.is_none();
        say(switch(
            readable && !self.reveal,
            phrase!("Numbers stay masked."),
        ));
        say(switch(
            readable && !self.paid_lookup,
            phrase!("Lookups that cost money are switched off."),
        ));
        rules
    }
}

fn sender_name(sender: &Sender) -> Phrase {
    match sender {
        Sender::Number(number) => Phrase::verbatim(number.grouped()),
        Sender::Name(name) => Phrase::verbatim(name),
        Sender::Service(sid) => Phrase::verbatim(sid.short()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_that_allows_everything_has_no_rule_and_each_other_says_so() {
        assert!(Policy::default().rules().is_empty());
        let strict = Policy {
            mode: Mode::Trainee,
            countries: Some(vec!["US".to_owned(), "CA".to_owned()]),
            templates_only: true,
            texts_a_day: Some(5),
            hold_seconds: 3,
            reveal: false,
            ..Policy::default()
        };
        let said: Vec<String> = strict.rules().iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "Trainee: every send says what will happen, and asks for a y.",
                "Codes and texts go to United States and Canada only.",
                "Texts are made from templates only.",
                "Each agent sends at most 5 texts a day.",
                "A text is held back for 3 seconds, in which it can be undone.",
                "Numbers stay masked.",
            ]
        );
    }
}
