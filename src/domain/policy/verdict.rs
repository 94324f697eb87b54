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
    /// A person was asked what the lead wants to have asked, and said yes.
    pub yes: bool,
}

impl Circumstances<'_> {
    /// Nothing is known but the time.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            ticket: None,
            from_template: false,
            yes: false,
        }
    }
}

impl Policy {
    /// Whether an operation may begin. Asked once, before it is written down; caps on the day are counted
    /// where it is written down.
    pub fn permits(&self, intent: &Intent, circumstances: &Circumstances) -> Verdict {
        self.acting()?;
        match intent {
            Intent::Text(message) => self.text(message, circumstances)?,
            Intent::VerifyStart(start) => self.verification(start, circumstances)?,
            Intent::LookUp {
                line_type: true, ..
            } => self.paying_for_lookups()?,
            // What is out already may be ended under any rule.
            _ => return Ok(()),
        }
        if circumstances.yes {
            return Ok(());
        }
        self.unasked(intent, circumstances.now)
    }

    /// Whether it may happen although nobody was asked. Whoever can ask does so before.
    fn unasked(&self, intent: &Intent, now: Timestamp) -> Verdict {
        if let Intent::Text(message) = intent
            && let Hour::Caution(why) = self.hour(&message.to, message.send_at.unwrap_or(now))?
        {
            return Err(phrase!(
                "{why} Set by your lead: such a text needs a y, and nobody can be asked for it here. Send it from the desk: run tuilio.",
                why = why
            ));
        }
        if self.mode == Mode::Trainee && reaches_somebody(intent) {
            return Err(phrase!(
                "Set by your lead: every send of a trainee needs a y, and nobody can be asked for it here. Send it from the desk: run tuilio."
            ));
        }
        Ok(())
    }

    /// Whether anything may be changed at all.
    pub fn acting(&self) -> Verdict {
        if let Some(why) = &self.off {
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
            .off
            .clone()
            .unwrap_or_else(|| phrase!("Set by your lead: numbers stay masked.")))
    }

    /// Whether a lookup that costs money may be asked for.
    pub fn paying_for_lookups(&self) -> Verdict {
        if self.paid_lookup {
            return Ok(());
        }
        Err(self.off.clone().unwrap_or_else(|| {
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

/// Whether something goes out to somebody.
fn reaches_somebody(intent: &Intent) -> bool {
    matches!(intent, Intent::Text(_) | Intent::VerifyStart(_))
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
#[path = "verdict_tests.rs"]
mod tests;
