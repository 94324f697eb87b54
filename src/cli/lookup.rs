//! `tuilio lookup`: what Twilio knows of a number.

use clap::Args;
use serde::Serialize;

use crate::domain::{Call, Failure, FailureKind, Recipient, Reply};

use super::one_shot::{self, OneShot};
use super::output::Report;
use super::session::{Record, Whose};
use super::shown::Shown;
use super::{Exit, input};

/// What can be typed.
#[derive(Debug, Args)]
pub struct Options {
    /// The number; - takes the first line of standard input.
    #[arg(long, value_name = "NUMBER")]
    to: String,
    /// Ask for the kind of line as well, which costs money.
    #[arg(long)]
    line_type: bool,
    #[command(flatten)]
    shown: Shown,
}

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Known {
    to: Option<String>,
    valid: Option<bool>,
    validation_errors: Option<Vec<String>>,
    country: Option<String>,
    line_type: Option<String>,
    carrier: Option<String>,
}

/// Asks.
pub async fn run(profile: Option<&str>, options: Options) -> Report<Known> {
    look_up(profile, options).await.unwrap_or_else(Report::from)
}

async fn look_up(profile: Option<&str>, options: Options) -> Result<Report<Known>, Exit> {
    let to = if options.to == "-" {
        input::first_line(&input::whole("the number")?).0.to_owned()
    } else {
        options.to
    };
    one_shot::run(
        Whose::Chosen(profile),
        Record::None,
        async |one_shot: &mut OneShot| {
            let (Recipient::Phone(number), _) =
                input::recipient(&to, one_shot.session.default_country())?
            else {
                return Err(Failure::new(
                    FailureKind::InvalidRecipient,
                    "A lookup is of a phone number, and this is an email address.",
                )
                .into());
            };
            if options.line_type {
                let policy = &one_shot.session.policy;
                policy.paying_for_lookups().map_err(one_shot::refused)?;
            }
            one_shot.connect().await?;
            let mut known = Known {
                to: Some(options.shown.number(&number)),
                ..Known::default()
            };
            let lookup = match one_shot
                .ask(Call::LookUp {
                    number: number.clone(),
                    line_type: options.line_type,
                })
                .await?
            {
                Ok(answer) => match answer.reply {
                    Reply::Lookup(lookup) => lookup,
                    _ => return Err(Exit::fault("The answer was not about a number.")),
                },
                Err(failure) => {
                    return Ok(Report {
                        fields: known,
                        lines: Vec::new(),
                        exit: failure.into(),
                    });
                }
            };
            let line = lookup.line_type.as_ref();
            known.line_type = line.and_then(|line| line.kind.clone());
            known.carrier = line
                .and_then(|line| line.carrier.as_ref())
                .map(|carrier| carrier.raw().to_owned());
            known.valid = Some(lookup.valid);
            known.country = lookup.country_code;
            let why = lookup.validation_errors.join(", ");
            known.validation_errors = Some(lookup.validation_errors);
            let words = [
                Some(options.shown.number(&number)),
                known.country.clone(),
                known.line_type.clone(),
                known.carrier.clone(),
            ];
            let exit = if lookup.valid {
                Exit::DONE
            } else {
                Exit::answer(
                    7,
                    format!("Twilio says that this number cannot exist: {why}."),
                )
            };
            Ok(Report {
                fields: known,
                lines: vec![words.into_iter().flatten().collect::<Vec<_>>().join(", ")],
                exit,
            })
        },
    )
    .await
}
