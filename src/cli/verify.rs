//! `tuilio verify`: send a code, check one, withdraw it, or ask how it stands.

mod gone;

use clap::{Subcommand, ValueEnum};
use secrecy::zeroize::Zeroizing;
use serde::Serialize;

use crate::domain::sid::VerifyServiceSid;
use crate::domain::verification::NewVerification;
use crate::domain::{
    Call, FailureKind, Intent, OpState, Phrase, Recipient, Reply, Settled, Ticket, Verification,
    VerificationChannel, VerificationKey, VerificationStatus, phrase,
};
use crate::model::operations::Order;
use crate::model::recipient::Reading;

use super::one_shot::{self, OneShot};
use super::output::Report;
use super::session::{Record, Whose, said};
use super::shown::{Shown, caution};
use super::{Exit, input};

/// What can be typed.
#[derive(Debug, Subcommand)]
pub enum Options {
    /// Send a code.
    ///
    /// Where the policy of your lead asks for a person's y, as for a trainee, nothing is sent and the status is
    /// 11: a command cannot ask, the desk does.
    Start {
        /// A phone number or an email address; - takes the first line of standard input.
        #[arg(long, value_name = "NUMBER_OR_ADDRESS")]
        to: String,
        /// How; a number gets an SMS and an address an email where this does not say.
        #[arg(long)]
        channel: Option<Channel>,
        /// The ticket that it is for.
        #[arg(long, value_name = "TICKET")]
        ticket: Option<String>,
        #[command(flatten)]
        shown: Shown,
    },
    /// Check the code on standard input.
    Check {
        /// Whom it was sent to, or the SID of the verification; - takes the first line of standard input,
        /// and the code is on the second.
        #[arg(long, value_name = "NUMBER_OR_SID")]
        to: String,
        #[command(flatten)]
        shown: Shown,
    },
    /// Withdraw a code: it can no longer be used.
    Cancel {
        /// Whom it was sent to, or the SID of the verification; - takes the first line of standard input.
        #[arg(long, value_name = "NUMBER_OR_SID")]
        to: String,
        #[command(flatten)]
        shown: Shown,
    },
    /// Ask how an open verification stands. Writes no history.
    Status {
        /// Whom the code was sent to, or the SID of the verification; - takes the first line of standard input.
        #[arg(long, value_name = "NUMBER_OR_SID")]
        to: String,
        #[command(flatten)]
        shown: Shown,
    },
}

/// How a code is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Channel {
    /// A text.
    Sms,
    /// A call that reads it out.
    Call,
    /// A WhatsApp message.
    Whatsapp,
    /// An email.
    Email,
}

impl Channel {
    fn channel(self) -> VerificationChannel {
        match self {
            Self::Sms => VerificationChannel::Sms,
            Self::Call => VerificationChannel::Call,
            Self::Whatsapp => VerificationChannel::WhatsApp,
            Self::Email => VerificationChannel::Email,
        }
    }
}

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Verified {
    operation_id: Option<String>,
    sid: Option<String>,
    status: Option<String>,
    valid: Option<bool>,
    to: Option<String>,
    channel: Option<String>,
    sends: Option<u32>,
    expires_at: Option<String>,
}

/// Which of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Start,
    Check,
    Cancel,
    Status,
}

/// Does it.
pub async fn run(profile: Option<&str>, options: Options) -> Report<Verified> {
    verify(profile, options).await.unwrap_or_else(Report::from)
}

async fn verify(profile: Option<&str>, options: Options) -> Result<Report<Verified>, Exit> {
    let whose = Whose::Chosen(profile);
    match options {
        Options::Start {
            to,
            channel,
            ticket,
            shown,
        } => {
            let ticket = input::ticket(ticket.as_deref())?;
            let (to, _) = taken(to, false)?;
            one_shot::run(whose, Record::OnDisk, async |one_shot: &mut OneShot| {
                start(one_shot, &to, channel, ticket, shown).await
            })
            .await
        }
        Options::Check { to, shown } => {
            let (to, code) = taken(to, true)?;
            let code = input::code(&code)?;
            one_shot::run(whose, Record::OnDisk, async |one_shot: &mut OneShot| {
                let (key, service, to, ticket) = keyed(one_shot, &to).await?;
                let order = Order {
                    code: Some(code),
                    ticket,
                    ..Order::of(Intent::VerifyCheck { service, key, to })
                };
                operate(one_shot, Verb::Check, order, shown).await
            })
            .await
        }
        Options::Cancel { to, shown } => {
            let (to, _) = taken(to, false)?;
            one_shot::run(whose, Record::OnDisk, async |one_shot: &mut OneShot| {
                let (key, service, to, ticket) = keyed(one_shot, &to).await?;
                let order = Order {
                    ticket,
                    ..Order::of(Intent::VerifyCancel { service, key, to })
                };
                operate(one_shot, Verb::Cancel, order, shown).await
            })
            .await
        }
        Options::Status { to, shown } => {
            let (to, _) = taken(to, false)?;
            one_shot::run(whose, Record::OnDisk, async |one_shot: &mut OneShot| {
                status(one_shot, &to, shown).await
            })
            .await
        }
    }
}

/// Recipient and code: either may be on standard input.
fn taken(to: String, with_code: bool) -> Result<(String, Zeroizing<String>), Exit> {
    match (to == "-", with_code) {
        (true, _) => {
            let text = input::whole(&phrase!("the number"))?;
            let (to, rest) = input::first_line(&text);
            Ok((to.to_owned(), rest.to_owned().into()))
        }
        (false, true) => Ok((to, input::whole(&phrase!("the code"))?)),
        (false, false) => Ok((to, Zeroizing::default())),
    }
}

async fn start(
    one_shot: &mut OneShot,
    to: &str,
    channel: Option<Channel>,
    ticket: Option<Ticket>,
    shown: Shown,
) -> Result<Report<Verified>, Exit> {
    let (to, reading) = input::recipient(to, one_shot.session.default_country())?;
    let channel = match (&to, channel) {
        (Recipient::Phone(_), None) => VerificationChannel::Sms,
        (Recipient::Email(_), None | Some(Channel::Email)) => VerificationChannel::Email,
        (Recipient::Email(_), Some(_)) => {
            return Err(Exit::unfit(phrase!(
                "An email address is reached by email only: leave --channel out."
            )));
        }
        (Recipient::Phone(_), Some(Channel::Email)) => {
            return Err(Exit::unfit(phrase!(
                "An email goes to an address, and --to is a number: give the address."
            )));
        }
        (Recipient::Phone(_), Some(channel)) => channel.channel(),
    };
    caution(&reading, channel == VerificationChannel::Call);
    let send_digits = match reading {
        Reading::Phone { extension, .. } if channel == VerificationChannel::Call => extension,
        _ => None,
    };
    one_shot.connect().await?;
    let service = one_shot.service()?;
    let verification = NewVerification {
        send_digits,
        ..NewVerification::new(service, to, channel)
    };
    let order = Order {
        ticket,
        ..Order::of(Intent::VerifyStart(verification))
    };
    operate(one_shot, Verb::Start, order, shown).await
}

async fn operate(
    one_shot: &mut OneShot,
    verb: Verb,
    order: Order,
    shown: Shown,
) -> Result<Report<Verified>, Exit> {
    let channel = match &order.intent {
        Intent::VerifyStart(start) => Some(start.channel.as_str().to_owned()),
        _ => None,
    };
    let to = order.intent.to().map(|to| shown.recipient(&to));
    let key = match &order.intent {
        Intent::VerifyCheck { key, .. } | Intent::VerifyCancel { key, .. } => Some(key.clone()),
        _ => None,
    };
    let outcome = one_shot.carry_out(order).await?;
    let fields = Verified {
        operation_id: Some(outcome.op.to_string()),
        to,
        channel,
        ..Verified::default()
    };
    Ok(match &outcome.state {
        OpState::Settled(settled) => report(
            fields,
            verb,
            settled,
            outcome.verification.as_deref(),
            shown,
        ),
        OpState::Refused(failure) if failure.kind == FailureKind::NotFound => Report {
            fields,
            lines: Vec::new(),
            exit: match key {
                Some(key) => gone::exit(one_shot, &key, failure.clone()).await?,
                None => failure.clone().into(),
            },
        },
        _ => Report {
            fields,
            lines: Vec::new(),
            exit: outcome.failed("The answer was not about a verification."),
        },
    })
}

async fn status(one_shot: &mut OneShot, to: &str, shown: Shown) -> Result<Report<Verified>, Exit> {
    let (key, service, to, _) = keyed(one_shot, to).await?;
    one_shot.connected()?;
    let fields = Verified {
        to: to.map(|to| shown.recipient(&to)),
        ..Verified::default()
    };
    let result = one_shot
        .ask(Call::FetchVerification {
            service,
            key: key.clone(),
        })
        .await?;
    let mut operations = one_shot.operations();
    operations.hear(&result, one_shot.now());
    let answer = match result {
        Ok(answer) => answer,
        Err(failure) => {
            let exit = if failure.kind == FailureKind::NotFound {
                gone::exit(one_shot, &key, failure).await?
            } else {
                failure.into()
            };
            return Ok(Report {
                fields,
                lines: Vec::new(),
                exit,
            });
        }
    };
    let skew = operations.skews().now().as_secs();
    match &answer.reply {
        Reply::Verification(verification) => Ok(report(
            fields,
            Verb::Status,
            &Settled::verification(verification, skew),
            Some(verification),
            shown,
        )),
        _ => Err(Exit::fault("The answer was not about a verification.")),
    }
}

/// Which verification is meant, under which service it was started, whom it went to, and for which ticket.
async fn keyed(one_shot: &mut OneShot, to: &str) -> Result<Keyed, Exit> {
    let key = match to.trim().parse() {
        Ok(sid) => VerificationKey::Sid(sid),
        Err(_) => VerificationKey::To(input::recipient(to, one_shot.session.default_country())?.0),
    };
    one_shot.connect().await?;
    let started = one_shot.started(&key).await?;
    let Some(started) = started else {
        let to = match &key {
            VerificationKey::To(to) => Some(to.clone()),
            VerificationKey::Sid(_) => None,
        };
        return Ok((key, one_shot.service()?, to, None));
    };
    // By its own name, so that the answer about another check of the same number is none.
    let key = started.sid.map_or(key, VerificationKey::Sid);
    let NewVerification { service, to, .. } = started.start;
    Ok((key, service, Some(to), started.ticket))
}

/// What is known of a verification that somebody means.
type Keyed = (
    VerificationKey,
    VerifyServiceSid,
    Option<Recipient>,
    Option<Ticket>,
);

fn report(
    fields: Verified,
    verb: Verb,
    settled: &Settled,
    verification: Option<&Verification>,
    shown: Shown,
) -> Report<Verified> {
    let Settled::Verification {
        sid,
        status,
        channel,
        sends,
        expires_at,
        ..
    } = settled
    else {
        return Report {
            fields,
            lines: Vec::new(),
            exit: Exit::fault("The answer was not about a verification."),
        };
    };
    let to = fields.to.or_else(|| shown.foreign(verification?.to.raw()));
    let line = said(&phrase!(
        "{status} {sid} to {to}",
        status = status.as_str(),
        sid = sid.as_str(),
        to = to
            .as_deref()
            .map_or_else(|| phrase!("somebody"), Phrase::verbatim)
    ));
    let fields = Verified {
        sid: Some(sid.to_string()),
        status: Some(status.as_str().to_owned()),
        valid: Some(*status == VerificationStatus::Approved),
        to,
        channel: Some(channel.as_str().to_owned()),
        sends: *sends,
        expires_at: expires_at.map(|at| at.to_string()),
        operation_id: fields.operation_id,
    };
    Report {
        fields,
        lines: vec![line],
        exit: exit(verb, status),
    }
}

/// Whether the answer is the one that was asked for.
fn exit(verb: Verb, status: &VerificationStatus) -> Exit {
    let over = || {
        Exit::answer(
            4,
            phrase!(
                "This check is over: Twilio calls it {status}.",
                status = status.as_str()
            ),
        )
    };
    match (verb, status) {
        (_, VerificationStatus::Approved) if verb != Verb::Cancel => Exit::DONE,
        (Verb::Cancel, VerificationStatus::Canceled) => Exit::DONE,
        (Verb::Check, status) if status.is_open() => Exit::answer(
            3,
            phrase!("That was not the code. The check is still open."),
        ),
        (Verb::Start | Verb::Status, status) if status.is_open() => Exit::DONE,
        (Verb::Cancel, status) if status.is_open() => {
            Exit::answer(1, phrase!("Twilio left the check open."))
        }
        _ => over(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_ends_each_verb_in_its_own_way() {
        use VerificationStatus::*;
        for (verb, status, code) in [
            (Verb::Start, Pending, 0),
            (Verb::Check, Approved, 0),
            (Verb::Check, Pending, 3),
            (Verb::Check, Expired, 4),
            (Verb::Check, MaxAttemptsReached, 4),
            (Verb::Cancel, Canceled, 0),
            (Verb::Cancel, Approved, 4),
            (Verb::Status, Pending, 0),
            (Verb::Status, Approved, 0),
            (Verb::Status, Canceled, 4),
        ] {
            assert_eq!(exit(verb, &status).code(), code, "{verb:?} {status:?}");
        }
    }
}
