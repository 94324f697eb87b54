//! The questions, and the sentences that answer them.

use super::super::message::{NewMessage, Sender};
use super::super::place::{self, Place};
use super::super::sid::VerifyServiceSid;
use super::super::verification::{NewVerification, Recipient, VerificationChannel};
use super::super::{Intent, PhoneNumber, Phrase, Timestamp, phrase};
use super::{Cap, Capped, Mode, Policy, Quiet};

/// Whether something may be done; if not, why not, in words for the agent.
pub type Verdict = Result<(), Phrase>;

/// What the clock of the customer says to a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hour {
    /// It may go.
    Fine,
    /// It may go on a yes.
    Caution(Phrase),
}

/// What is known beside an intent when it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances<'a> {
    /// The time.
    pub now: Timestamp,
    /// The number of the ticket that it is for.
    pub ticket: Option<&'a str>,
    /// The text was made from a template.
    pub from_template: bool,
}

impl Circumstances<'_> {
    /// Nothing is known but the time.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            ticket: None,
            from_template: false,
        }
    }
}

impl Policy {
    /// Whether an operation may begin. Asked once, before it is written down; caps on the day are counted
    /// where it is written down.
    pub fn permits(&self, intent: &Intent, circumstances: &Circumstances) -> Verdict {
        self.acting()?;
        match intent {
            Intent::Text(message) => self.text(message, circumstances),
            Intent::VerifyStart(start) => self.verification(start, circumstances),
            Intent::LookUp {
                line_type: true, ..
            } => self.paying_for_lookups(),
            // What is out already may be ended under any rule.
            _ => Ok(()),
        }
    }

    /// Whether anything may be changed at all.
    pub fn acting(&self) -> Verdict {
        if let Some(why) = &self.unreadable {
            return Err(why.clone());
        }
        match (self.mode, self.mode_by_choice) {
            (Mode::ReadOnly, true) => Err(phrase!(
                "This desk was started to look only, so nothing is sent. Start it without --read-only to send."
            )),
            (Mode::ReadOnly, false) => Err(phrase!(
                "Set by your lead: this desk is for looking only, so nothing is sent."
            )),
            (Mode::Full | Mode::Trainee, _) => Ok(()),
        }
    }

    /// Whether a text may be sent.
    fn text(&self, message: &NewMessage, circumstances: &Circumstances) -> Verdict {
        self.recipient(&Recipient::Phone(message.to.clone()))?;
        self.sender(&message.sender)?;
        self.wording(circumstances.from_template)?;
        self.ticket(circumstances.ticket)?;
        let leaves = message.send_at.unwrap_or(circumstances.now);
        self.hour(&message.to, leaves).map(drop)
    }

    /// Whether a code may be sent.
    fn verification(&self, start: &NewVerification, circumstances: &Circumstances) -> Verdict {
        self.recipient(&start.to)?;
        self.channel(&start.channel)?;
        self.service(&start.service)?;
        self.ticket(circumstances.ticket)
    }

    /// Whether anything may go there. An email address is in no country.
    pub fn recipient(&self, to: &Recipient) -> Verdict {
        let (Some(allowed), Recipient::Phone(number)) = (&self.countries, to) else {
            return Ok(());
        };
        let country = country(number);
        if country.is_some_and(|code| allowed.iter().any(|known| known == code)) {
            return Ok(());
        }
        let names = allowed.iter().map(|code| country_name(code));
        Err(match listed(names) {
            Some(countries) => {
                phrase!(
                    "Set by your lead: codes and texts go to {countries} only.",
                    countries = countries
                )
            }
            None => phrase!("Set by your lead: codes and texts go to no phone at all."),
        })
    }

    /// Whether codes may go that way.
    pub fn channel(&self, channel: &VerificationChannel) -> Verdict {
        let Some(allowed) = &self.channels else {
            return Ok(());
        };
        if allowed.contains(channel) {
            return Ok(());
        }
        Err(match listed(allowed.iter().map(channel_name)) {
            Some(ways) => phrase!("Set by your lead: codes go by {ways} only.", ways = ways),
            None => phrase!("Set by your lead: no codes are sent."),
        })
    }

    /// Whether texts may come from there.
    pub fn sender(&self, sender: &Sender) -> Verdict {
        let allowed = self.senders.as_ref();
        if allowed.is_none_or(|allowed| allowed.contains(sender)) {
            return Ok(());
        }
        Err(phrase!(
            "Set by your lead: texts may not come from this sender."
        ))
    }

    /// Whether codes may be sent under that service.
    pub fn service(&self, service: &VerifyServiceSid) -> Verdict {
        let allowed = self.services.as_ref();
        if allowed.is_none_or(|allowed| allowed.contains(service)) {
            return Ok(());
        }
        Err(phrase!(
            "Set by your lead: codes may not be sent under this Verify service."
        ))
    }

    /// Whether a text may be worded like that.
    pub fn wording(&self, from_template: bool) -> Verdict {
        if from_template || !self.templates_only {
            return Ok(());
        }
        Err(phrase!(
            "Set by your lead: texts are made from templates only."
        ))
    }

    /// Whether there is a ticket where there has to be one.
    pub fn ticket(&self, ticket: Option<&str>) -> Verdict {
        if !self.ticket_required || ticket.is_some_and(|ticket| !ticket.trim().is_empty()) {
            return Ok(());
        }
        Err(phrase!(
            "Set by your lead: nothing is sent without the number of a ticket."
        ))
    }

    /// Whether a text may reach a customer at that time.
    pub fn hour(&self, to: &PhoneNumber, leaves: Timestamp) -> Result<Hour, Phrase> {
        let Some(quiet) = self.quiet_hours else {
            return Ok(Hour::Fine);
        };
        let Some(there) = place::local_time(to, leaves) else {
            return Ok(Hour::Caution(phrase!(
                "Your lead has set quiet hours, and the time where this customer lives cannot be told."
            )));
        };
        if !quiet.contain(there.time()) {
            return Ok(Hour::Fine);
        }
        let (from, to) = (time_of_day(quiet.from), time_of_day(quiet.to));
        let time = time_of_day(there.time());
        match quiet.then {
            Quiet::Refuse => Err(phrase!(
                "Set by your lead: no texts from {from} to {to}. It is about {time} there.",
                from = from,
                to = to,
                time = time
            )),
            Quiet::Caution => Ok(Hour::Caution(phrase!(
                "Quiet hours are from {from} to {to}. It is about {time} there.",
                from = from,
                to = to,
                time = time
            ))),
        }
    }

    /// Whether one more may leave today, after so many.
    pub fn another(&self, intent: &Intent, today: u32) -> Verdict {
        match self.cap(intent) {
            Some(cap) => cap.another(today),
            None => Ok(()),
        }
    }

    /// Whether numbers may be shown whole.
    pub fn revealing(&self) -> Verdict {
        if self.reveal {
            return Ok(());
        }
        Err(self
            .unreadable
            .clone()
            .unwrap_or_else(|| phrase!("Set by your lead: numbers stay masked.")))
    }

    /// Whether a lookup that costs money may be asked for.
    pub fn paying_for_lookups(&self) -> Verdict {
        if self.paid_lookup {
            return Ok(());
        }
        Err(self.unreadable.clone().unwrap_or_else(|| {
            phrase!("Set by your lead: lookups that cost money are switched off.")
        }))
    }
}

impl Cap {
    /// Whether one more may leave, after so many on the same day.
    pub fn another(self, today: u32) -> Verdict {
        if today < self.at_most {
            Ok(())
        } else {
            Err(self.reached())
        }
    }

    /// No more of it today.
    pub fn reached(self) -> Phrase {
        match (self.of, self.at_most) {
            (Capped::Texts, 1) => {
                phrase!("Set by your lead: at most 1 text a day, and you have sent it.")
            }
            (Capped::Verifications, 1) => {
                phrase!("Set by your lead: at most 1 code a day, and you have sent it.")
            }
            (Capped::Texts, _) => phrase!(
                "Set by your lead: at most {n} texts a day, and you have sent them.",
                n = self.at_most
            ),
            (Capped::Verifications, _) => phrase!(
                "Set by your lead: at most {n} codes a day, and you have sent them.",
                n = self.at_most
            ),
        }
    }
}

/// The country of a number; a number of none is in no list.
fn country(number: &PhoneNumber) -> Option<&'static str> {
    Place::of(number).map(|place| place.code)
}

/// A country, in a list.
pub(super) fn country_name(code: &str) -> Phrase {
    place::country_name(code).map_or_else(|| Phrase::verbatim(code), Phrase::of)
}

/// The word for a way of sending a code, within a sentence.
pub(super) fn channel_name(channel: &VerificationChannel) -> Phrase {
    match channel {
        VerificationChannel::Sms => phrase!("SMS"),
        VerificationChannel::Call => phrase!("call"),
        VerificationChannel::WhatsApp => phrase!("WhatsApp"),
        VerificationChannel::Email => phrase!("email"),
        VerificationChannel::Other(word) => Phrase::verbatim(word),
    }
}

/// `a, b and c`.
pub(super) fn listed(items: impl IntoIterator<Item = Phrase>) -> Option<Phrase> {
    let mut items: Vec<Phrase> = items.into_iter().collect();
    let last = items.pop()?;
    let Some(before) = items
        .into_iter()
        .reduce(|list, item| phrase!("{list}, {item}", list = list, item = item))
    else {
        return Some(last);
    };
    Some(phrase!("{list} and {item}", list = before, item = last))
}

/// `20:00`.
pub(super) fn time_of_day(time: jiff::civil::Time) -> String {
    time.strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::super::QuietHours;
    use super::*;

    /// 09:41 in California, 18:41 in Germany.
    const NOW: &str = "2026-03-04T17:41:00Z";

    fn number(e164: &str) -> PhoneNumber {
        PhoneNumber::from_e164(e164).unwrap()
    }

    fn sid<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str) -> T {
        format!("{prefix}{}", "1".repeat(32)).parse().unwrap()
    }

    fn text(to: &str) -> Intent {
        let sender = Sender::Service(sid("MG"));
        Intent::Text(NewMessage::new(number(to), sender, "Hello"))
    }

    fn code(to: &str, channel: VerificationChannel) -> Intent {
        let to = Recipient::Phone(number(to));
        Intent::VerifyStart(NewVerification::new(sid("VA"), to, channel))
    }

    fn told(policy: &Policy, intent: &Intent) -> String {
        told_with(policy, intent, |_| {})
    }

    fn told_with(
        policy: &Policy,
        intent: &Intent,
        change: impl FnOnce(&mut Circumstances<'static>),
    ) -> String {
        let mut circumstances = Circumstances::at(NOW.parse().unwrap());
        change(&mut circumstances);
        match policy.permits(intent, &circumstances) {
            Ok(()) => String::new(),
            Err(why) => why.to_string(),
        }
    }

    #[test]
    fn the_default_permits_everything() {
        let policy = Policy::default();
        assert_eq!(told(&policy, &text("+4915112345604")), "");
        assert_eq!(
            told(&policy, &code("+14155550100", VerificationChannel::Call)),
            ""
        );
        assert_eq!(policy.revealing(), Ok(()));
        assert_eq!(policy.paying_for_lookups(), Ok(()));
        assert_eq!(policy.another(&text("+14155550100"), 10_000), Ok(()));
    }

    #[test]
    fn each_rule_refuses_in_a_sentence_that_says_who_set_it() {
        let us = || text("+14155550100");
        let cases: Vec<(Policy, Intent, &str)> = vec![
            (
                Policy {
                    countries: Some(vec!["US".to_owned(), "CA".to_owned()]),
                    ..Policy::default()
                },
                text("+4915112345604"),
                "Set by your lead: codes and texts go to United States and Canada only.",
            ),
            (
                Policy {
                    countries: Some(Vec::new()),
                    ..Policy::default()
                },
                us(),
                "Set by your lead: codes and texts go to no phone at all.",
            ),
            (
                Policy {
                    channels: Some(vec![
                        VerificationChannel::Sms,
                        VerificationChannel::Call,
                        VerificationChannel::Email,
                    ]),
                    ..Policy::default()
                },
                code("+14155550100", VerificationChannel::WhatsApp),
                "Set by your lead: codes go by SMS, call and email only.",
            ),
            (
                Policy {
                    senders: Some(vec![Sender::Number(number("+15005550006"))]),
                    ..Policy::default()
                },
                us(),
                "Set by your lead: texts may not come from this sender.",
            ),
            (
                Policy {
                    services: Some(Vec::new()),
                    ..Policy::default()
                },
                code("+14155550100", VerificationChannel::Sms),
                "Set by your lead: codes may not be sent under this Verify service.",
            ),
            (
                Policy {
                    templates_only: true,
                    ..Policy::default()
                },
                us(),
                "Set by your lead: texts are made from templates only.",
            ),
            (
                Policy {
                    ticket_required: true,
                    ..Policy::default()
                },
                us(),
                "Set by your lead: nothing is sent without the number of a ticket.",
            ),
            (
                Policy {
                    mode: Mode::ReadOnly,
                    ..Policy::default()
                },
                us(),
                "Set by your lead: this desk is for looking only, so nothing is sent.",
            ),
            (
                Policy::default().read_only_by_choice(),
                us(),
                "This desk was started to look only, so nothing is sent. Start it without --read-only to send.",
            ),
            (
                Policy::unreadable(phrase!("The policy cannot be read.")),
                us(),
                "The policy cannot be read.",
            ),
        ];
        for (policy, intent, sentence) in cases {
            assert_eq!(told(&policy, &intent), sentence);
        }
    }

    #[test]
    fn what_a_rule_allows_passes() {
        let policy = Policy {
            countries: Some(vec!["US".to_owned()]),
            channels: Some(vec![VerificationChannel::Sms]),
            senders: Some(vec![Sender::Service(sid("MG"))]),
            services: Some(vec![sid("VA")]),
            templates_only: true,
            ticket_required: true,
            mode: Mode::Trainee,
            ..Policy::default()
        };
        let with_ticket = |of: &mut Circumstances<'static>| {
            of.ticket = Some("48213");
            of.from_template = true;
        };
        assert_eq!(told_with(&policy, &text("+14155550100"), with_ticket), "");
        let code = code("+14155550100", VerificationChannel::Sms);
        assert_eq!(told_with(&policy, &code, with_ticket), "");
        assert_ne!(told_with(&policy, &code, |of| of.ticket = Some(" ")), "");
    }

    #[test]
    fn what_is_out_may_be_ended_under_any_rule_but_not_by_one_who_only_looks() {
        let cancel = Intent::VerifyCancel {
            service: sid("VA"),
            key: super::super::super::VerificationKey::Sid(sid("VE")),
            to: None,
        };
        let strict = Policy {
            countries: Some(Vec::new()),
            services: Some(Vec::new()),
            ticket_required: true,
            ..Policy::default()
        };
        assert_eq!(told(&strict, &cancel), "");
        assert_ne!(told(&strict.read_only_by_choice(), &cancel), "");
    }

    #[test]
    fn quiet_hours_go_by_the_customers_clock_and_over_midnight() {
        let hours = |from: &str, to: &str, then| Policy {
            quiet_hours: Some(QuietHours {
                from: from.parse().unwrap(),
                to: to.parse().unwrap(),
                then,
            }),
            ..Policy::default()
        };
        let night = hours("18:00", "08:00", Quiet::Refuse);
        assert_eq!(
            told(&night, &text("+4915112345604")),
            "Set by your lead: no texts from 18:00 to 08:00. It is about 18:41 there."
        );
        assert_eq!(told(&night, &text("+14155550100")), "");
        let morning = hours("09:00", "10:00", Quiet::Caution);
        let now = NOW.parse().unwrap();
        assert!(matches!(
            morning.hour(&number("+14155550100"), now),
            Ok(Hour::Caution(_))
        ));
        assert_eq!(morning.hour(&number("+4915112345604"), now), Ok(Hour::Fine));
        // A country of several zones.
        assert!(matches!(
            night.hour(&number("+61412345678"), now),
            Ok(Hour::Caution(_))
        ));
        // A code is read out by somebody who is awake and on the line.
        let code = code("+4915112345604", VerificationChannel::Call);
        assert_eq!(told(&night, &code), "");
    }

    #[test]
    fn a_cap_counts_what_it_is_for() {
        let policy = Policy {
            texts_a_day: Some(2),
            verifications_a_day: Some(0),
            ..Policy::default()
        };
        let text = text("+14155550100");
        assert_eq!(policy.another(&text, 1), Ok(()));
        assert_eq!(
            policy.another(&text, 2).unwrap_err().to_string(),
            "Set by your lead: at most 2 texts a day, and you have sent them."
        );
        assert!(
            policy
                .another(&code("+14155550100", VerificationChannel::Sms), 0)
                .is_err()
        );
    }
}
