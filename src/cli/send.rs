//! `tuilio send`: one text.

use clap::Args;
use serde::Serialize;

use crate::domain::message::LONGEST_BODY;
use crate::domain::{
    Failure, FailureKind, Intent, NewMessage, OpState, PhoneNumber, Recipient, Sender, Settled,
    phrase,
};
use crate::model::operations::Order;

use super::one_shot::{self, OneShot, Outcome};
use super::output::Report;
use super::session::{Record, Whose, said};
use super::shown::{Shown, caution};
use super::wording::{Worded, Wording};
use super::{Exit, input};

/// What can be typed.
#[derive(Debug, Args)]
pub struct Options {
    /// The recipient's number. With - it is the first line of standard input, and the text is --body or
    /// the lines after it, also with --body -.
    #[arg(long, value_name = "NUMBER")]
    to: String,
    /// The number that the text comes from.
    #[arg(long, value_name = "E164", conflicts_with = "messaging_service")]
    from: Option<String>,
    /// The Messaging Service that the text comes from.
    #[arg(long, value_name = "MG...")]
    messaging_service: Option<String>,
    #[command(flatten)]
    wording: Wording,
    /// The ticket that it is for.
    #[arg(long, value_name = "TICKET")]
    ticket: Option<String>,
    #[command(flatten)]
    shown: Shown,
}

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Sent {
    operation_id: Option<String>,
    sid: Option<String>,
    status: Option<String>,
    to: Option<String>,
    from: Option<String>,
    num_segments: Option<u32>,
}

/// Sends it.
pub async fn run(profile: Option<&str>, options: Options) -> Report<Sent> {
    send(profile, options).await.unwrap_or_else(Report::from)
}

async fn send(profile: Option<&str>, options: Options) -> Result<Report<Sent>, Exit> {
    let from = options.sender()?;
    let ticket = input::ticket(options.ticket.as_deref())?;
    let Worded {
        to,
        body,
        from_template,
    } = options.wording.read(&options.to, ticket.as_ref())?;
    if body.is_empty() {
        return Err(Exit::unfit(phrase!(
            "There is nothing to send: the text is empty."
        )));
    }
    let over = body.encode_utf16().count().saturating_sub(LONGEST_BODY);
    if over > 0 {
        return Err(Exit::unfit(phrase!(
            "The text is too long for Twilio by {n} characters: shorten it, or send it in two.",
            n = over
        )));
    }
    one_shot::run(
        Whose::Chosen(profile),
        Record::OnDisk,
        async |one_shot: &mut OneShot| {
            let to = match input::recipient(&to, one_shot.session.default_country())? {
                (Recipient::Phone(number), reading) => {
                    caution(&reading, false);
                    number
                }
                (Recipient::Email(_), _) => {
                    let why = "A text goes to a phone number, and this is an email address.";
                    return Err(Failure::new(FailureKind::InvalidRecipient, why).into());
                }
            };
            one_shot.connect().await?;
            let sender = match from {
                Some(sender) => sender,
                None => one_shot.sender()?,
            };
            let message = NewMessage::new(to, sender, body);
            let order = Order {
                ticket: ticket.clone(),
                from_template,
                ..Order::of(Intent::Text(message.clone()))
            };
            let outcome = one_shot.carry_out(order).await?;
            Ok(report(&outcome, &message, options.shown))
        },
    )
    .await
}

impl Options {
    fn sender(&self) -> Result<Option<Sender>, Exit> {
        if let Some(sid) = &self.messaging_service {
            let sid = sid.parse().map_err(|error| {
                Exit::usage(format!("--messaging-service does not fit: {error}."))
            })?;
            return Ok(Some(Sender::Service(sid)));
        }
        let number = self.from.as_deref().map(PhoneNumber::from_e164).transpose();
        Ok(number
            .map_err(|error| Exit::usage(format!("--from does not fit: {error}.")))?
            .map(Sender::Number))
    }
}

fn report(outcome: &Outcome, message: &NewMessage, shown: Shown) -> Report<Sent> {
    let mut sent = Sent {
        operation_id: Some(outcome.op.to_string()),
        to: Some(shown.number(&message.to)),
        from: Some(match &message.sender {
            Sender::Number(number) => shown.number(number),
            Sender::Name(name) => name.clone(),
            Sender::Service(sid) => sid.to_string(),
        }),
        ..Sent::default()
    };
    match &outcome.state {
        OpState::Settled(Settled::Text {
            sid,
            status,
            error_code,
            segments,
        }) => {
            sent.sid = Some(sid.to_string());
            sent.status = Some(status.as_str().to_owned());
            sent.num_segments = *segments;
            let word = status.as_str();
            let (sid, to) = (sid.as_str(), shown.number(&message.to));
            let line = said(&match segments {
                // Behind a service they are counted later.
                None | Some(0) => {
                    phrase!("{status} {sid} to {to}", status = word, sid = sid, to = to)
                }
                Some(1) => {
                    phrase!(
                        "{status} {sid} to {to}, 1 segment",
                        status = word,
                        sid = sid,
                        to = to
                    )
                }
                Some(n) => phrase!(
                    "{status} {sid} to {to}, {n} segments",
                    status = word,
                    sid = sid,
                    to = to,
                    n = *n
                ),
            });
            let exit = error_code.map_or(Exit::DONE, |code| {
                let failure = Failure::new(
                    FailureKind::Refused,
                    "Twilio took the text, but it failed at once",
                );
                Failure {
                    code: Some(code),
                    ..failure
                }
                .into()
            });
            Report {
                fields: sent,
                lines: vec![line],
                exit,
            }
        }
        _ => Report {
            fields: sent,
            lines: Vec::new(),
            exit: outcome.failed("The answer was not about a text."),
        },
    }
}
