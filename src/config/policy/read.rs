//! From text to a policy, or to all of its mistakes.

use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::civil::Time;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Mistake;
use crate::config::error::line_of;
use crate::domain::message::Sender;
use crate::domain::place;
use crate::domain::policy::{Mode, Quiet, QuietHours};
use crate::domain::untrusted::visible;
use crate::domain::{PhoneNumber, Phrase, Policy, VerificationChannel, phrase};

/// The longest time that a text may be held back: nobody waits longer before a screen.
const LONGEST_HOLD: u32 = 60;
/// A number of days or minutes beyond which nobody means it.
const MANY: u32 = 100_000;

/// Reads a whole policy.
pub fn policy(text: &str) -> Result<Policy, Vec<Mistake>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        text,
        mistakes: Vec::new(),
    };
    for error in errors {
        // What is expected there; the parser quotes no value.
        let what = visible(&error.message().replace('\n', ", "));
        reader.mistake(error.span().unwrap_or_default(), Phrase::verbatim(what));
    }
    let mut policy = Policy::default();
    if reader.mistakes.is_empty() {
        for (key, value) in table.get_ref() {
            reader.rule(&mut policy, key.get_ref(), &key.span(), value);
        }
    }
    if reader.mistakes.is_empty() {
        return Ok(policy);
    }
    reader.mistakes.sort_by_key(|mistake| mistake.line);
    Err(reader.mistakes)
}

type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'a> {
    text: &'a str,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn mistake(&mut self, span: Range<usize>, what: Phrase) {
        self.mistakes.push(Mistake {
            line: line_of(self.text, Some(span)),
            what,
        });
    }

    fn rule(&mut self, policy: &mut Policy, key: &str, at: &Range<usize>, value: &Value) {
        match key {
            "mode" => {
                let what = phrase!("a mode is \"full\", \"read-only\" or \"trainee\"");
                let mode = self.word(value, &what, |word| match word {
                    "full" => Some(Mode::Full),
                    "read-only" => Some(Mode::ReadOnly),
                    "trainee" => Some(Mode::Trainee),
                    _ => None,
                });
                policy.mode = mode.unwrap_or_default();
            }
            "countries" => {
                let what = phrase!("a country is two capital letters, such as \"US\"");
                policy.countries = self.list(value, &what, |code| {
                    let known = place::Place::of_country(code)?.code;
                    (known == code).then(|| known.to_owned())
                });
            }
            "channels" => {
                let what = phrase!("a channel is \"sms\", \"call\", \"whatsapp\" or \"email\"");
                policy.channels = self.list(value, &what, |word| match word {
                    "sms" => Some(VerificationChannel::Sms),
                    "call" => Some(VerificationChannel::Call),
                    "whatsapp" => Some(VerificationChannel::WhatsApp),
                    "email" => Some(VerificationChannel::Email),
                    _ => None,
                });
            }
            "senders" => {
                let what = phrase!(
                    "a sender is a number in E.164, such as \"+15005550006\", or a Messaging Service, which starts with MG"
                );
                policy.senders = self.list(value, &what, sender);
            }
            "services" => {
                let what = phrase!("a Verify service starts with VA and has 34 characters");
                policy.services = self.list(value, &what, |sid| sid.parse().ok());
            }
            "templates_only" => policy.templates_only = self.switch(value),
            "ticket_required" => policy.ticket_required = self.switch(value),
            "texts_a_day" => policy.texts_a_day = self.number(value, 0, MANY),
            "verifications_a_day" => policy.verifications_a_day = self.number(value, 0, MANY),
            "data_dir" => policy.data_dir = self.folder(value),
            "templates" => policy.templates = self.folder(value).map(PathBuf::from),
            "quiet_hours" => policy.quiet_hours = self.quiet_hours(value),
            "retention_days" => policy.retention_days = self.number(value, 1, MANY),
            "idle_lock_minutes" => policy.idle_lock_minutes = self.number(value, 1, MANY),
            "hold_seconds" => {
                policy.hold_seconds = self.number(value, 0, LONGEST_HOLD).unwrap_or_default();
            }
            "auto_check" => policy.auto_check = self.switch(value),
            "mask_on_focus_loss" => policy.mask_on_focus_loss = self.switch(value),
            "reveal" => policy.reveal = self.switch(value),
            "paid_lookup" => policy.paid_lookup = self.switch(value),
            unknown => self.mistake(
                at.clone(),
                // Whoever wrote it.
                phrase!(
                    "there is no rule {name}: docs/policy.md lists them",
                    name = visible(unknown)
                ),
            ),
        }
    }

    fn switch(&mut self, value: &Value) -> bool {
        let found = value.get_ref().as_bool();
        if found.is_none() {
            self.mistake(value.span(), phrase!("this is true or false"));
        }
        found.unwrap_or_default()
    }

    fn number(&mut self, value: &Value, least: u32, most: u32) -> Option<u32> {
        let number = value.get_ref().as_integer().and_then(|number| {
            let digits = number.as_str().replace('_', "");
            let number = u32::from_str_radix(&digits, number.radix()).ok()?;
            (least..=most).contains(&number).then_some(number)
        });
        if number.is_none() {
            let what = phrase!(
                "this is a number from {least} to {most}",
                least = least,
                most = most
            );
            self.mistake(value.span(), what);
        }
        number
    }

    fn folder(&mut self, value: &Value) -> Option<String> {
        let what = phrase!("a folder is written from the root on, such as \"/srv/tuilio\"");
        self.word(value, &what, |folder| {
            let is_one = Path::new(folder).is_absolute() && !folder.contains('\0');
            is_one.then(|| folder.to_owned())
        })
    }

    fn word<T>(
        &mut self,
        value: &Value,
        what: &Phrase,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = value.get_ref().as_str().and_then(read);
        if word.is_none() {
            self.mistake(value.span(), what.clone());
        }
        word
    }

    /// All of them, or none: a list with a mistake in it must not read as a shorter one.
    fn list<T>(
        &mut self,
        value: &Value,
        what: &Phrase,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some(values) = value.get_ref().as_array() else {
            self.mistake(value.span(), phrase!("this is a list; {what}", what = what));
            return None;
        };
        let found: Vec<_> = values
            .iter()
            .map(|value| self.word(value, what, &read))
            .collect();
        found.into_iter().collect()
    }

    fn quiet_hours(&mut self, value: &Value) -> Option<QuietHours> {
        let Some(table) = value.get_ref().as_table() else {
            let what = phrase!(
                "this is a table such as { from = \"20:00\", to = \"08:00\", then = \"refuse\" }"
            );
            self.mistake(value.span(), what);
            return None;
        };
        let hour = phrase!("a time is hours and minutes, such as \"20:00\"");
        let (mut from, mut to, mut then) = (None, None, Some(Quiet::Refuse));
        let before = self.mistakes.len();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "from" => from = self.word(value, &hour, time),
                "to" => to = self.word(value, &hour, time),
                "then" => {
                    let what = phrase!("this is \"refuse\" or \"caution\"");
                    then = self.word(value, &what, |word| match word {
                        "refuse" => Some(Quiet::Refuse),
                        "caution" => Some(Quiet::Caution),
                        _ => None,
                    });
                }
                _ => self.mistake(key.span(), phrase!("quiet hours have from, to and then")),
            }
        }
        match (from, to, then) {
            (Some(from), Some(to), Some(then)) if from != to => Some(QuietHours { from, to, then }),
            _ => {
                if self.mistakes.len() == before {
                    let what = phrase!("quiet hours go from one time to another one");
                    self.mistake(value.span(), what);
                }
                None
            }
        }
    }
}

fn sender(text: &str) -> Option<Sender> {
    if let Ok(number) = PhoneNumber::from_e164(text) {
        return Some(Sender::Number(number));
    }
    text.parse().ok().map(Sender::Service)
}

fn time(text: &str) -> Option<Time> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |part: &str| {
        let two = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        two.then(|| part.parse::<i8>().ok()).flatten()
    };
    Time::new(number(hours)?, number(minutes)?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_read() {
        let text = r#"
            mode = "trainee"
            countries = ["US", "CA"]
            channels = ["sms", "call", "whatsapp", "email"]
            senders = ["+15005550006", "MG11111111111111111111111111111111"]
            services = ["VA11111111111111111111111111111111"]
            templates_only = true
            ticket_required = true
            texts_a_day = 50
            verifications_a_day = 1_00
            data_dir = "/srv/tuilio/{user}"
            templates = "/etc/tuilio/templates"
            quiet_hours = { from = "20:00", to = "08:00", then = "caution" }
            retention_days = 30
            idle_lock_minutes = 5
            hold_seconds = 3
            auto_check = false
            mask_on_focus_loss = true
            reveal = false
            paid_lookup = false
        "#;
        let policy = policy(text).unwrap();
        let one = "1".repeat(32);
        assert_eq!(
            policy,
            Policy {
                mode: Mode::Trainee,
                mode_by_choice: false,
                off: None,
                countries: Some(vec!["US".to_owned(), "CA".to_owned()]),
                channels: Some(vec![
                    VerificationChannel::Sms,
                    VerificationChannel::Call,
                    VerificationChannel::WhatsApp,
                    VerificationChannel::Email,
                ]),
                senders: Some(vec![
                    Sender::Number(PhoneNumber::from_e164("+15005550006").unwrap()),
                    Sender::Service(format!("MG{one}").parse().unwrap()),
                ]),
                services: Some(vec![format!("VA{one}").parse().unwrap()]),
                templates_only: true,
                ticket_required: true,
                texts_a_day: Some(50),
                verifications_a_day: Some(100),
                data_dir: Some("/srv/tuilio/{user}".to_owned()),
                templates: Some(PathBuf::from("/etc/tuilio/templates")),
                quiet_hours: Some(QuietHours {
                    from: Time::constant(20, 0, 0, 0),
                    to: Time::constant(8, 0, 0, 0),
                    then: Quiet::Caution,
                }),
                retention_days: Some(30),
                idle_lock_minutes: Some(5),
                hold_seconds: 3,
                auto_check: false,
                mask_on_focus_loss: true,
                reveal: false,
                paid_lookup: false,
            }
        );
    }

    #[test]
    fn an_empty_file_allows_everything_and_an_empty_list_nothing() {
        assert_eq!(policy("# nothing yet\n"), Ok(Policy::default()));
        let none = policy("channels = []\ntexts_a_day = 0\n").unwrap();
        assert_eq!(none.channels, Some(Vec::new()));
        assert_eq!(none.texts_a_day, Some(0));
    }

    #[test]
    fn all_mistakes_are_told_each_with_its_line_and_none_with_its_value() {
        let text = "mode = \"hunter2\"\ncountries = [\"US\",\n  \"us\", \"hunter2\"]\ncolour = 1\n\
             texts_a_day = -1\nretention_days = 0\nreveal = \"hunter2\"\nsenders = \"hunter2\"\n\
             services = [\"VA1\"]\nquiet_hours = { from = \"8\", to = \"25:00\", whenever = 1 }\n\
             hold_seconds = 61\ndata_dir = \"hunter2\"\ntemplates = 1\n";
        let mistakes = policy(text).unwrap_err();
        let told: Vec<_> = mistakes
            .iter()
            .map(|mistake| (mistake.line, mistake.what.to_string()))
            .collect();
        let starts = [
            (1, "a mode is"),
            (3, "a country is"),
            (3, "a country is"),
            (4, "there is no rule colour"),
            (5, "this is a number from 0"),
            (6, "this is a number from 1"),
            (7, "this is true or false"),
            (8, "this is a list; a sender is"),
            (9, "a Verify service starts with VA"),
            (10, "a time is"),
            (10, "a time is"),
            (10, "quiet hours have"),
            (11, "this is a number from 0 to 60"),
            (12, "a folder is"),
            (13, "a folder is"),
        ];
        assert_eq!(told.len(), starts.len(), "{told:#?}");
        for ((line, what), (expected, start)) in told.iter().zip(starts) {
            assert!(*line == expected && what.starts_with(start), "{told:#?}");
            assert!(!what.contains("hunter2"), "{what}");
        }
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line_too() {
        for (text, line) in [
            ("reveal = true\nreveal = false\n", 2),
            ("\nmode = \"full\n", 2),
            ("mode\n", 1),
            ("[quiet_hours]\nfrom = \"20:00\"\n", 1),
        ] {
            let mistakes = policy(text).unwrap_err();
            assert_eq!(mistakes[0].line, line, "{text:?}: {mistakes:?}");
        }
    }
}
