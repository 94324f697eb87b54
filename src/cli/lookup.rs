//! `tuilio lookup`: what Twilio knows of a number. It is written into the history like everything that
//! was asked for, since it may cost; where that cannot be written, it is answered all the same.

use clap::Args;
use serde::Serialize;

use crate::domain::{Failure, FailureKind, Intent, OpState, Recipient, Settled, phrase};

use crate::model::operations::Order;

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
        input::first_line(&input::whole(&phrase!("the number"))?)
            .0
            .to_owned()
    } else {
        options.to
    };
    one_shot::run(
        Whose::Chosen(profile),
        Record::WherePossible,
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
            let intent = Intent::LookUp {
                number: number.clone(),
                line_type: options.line_type,
            };
            let outcome = one_shot.carry_out(Order::of(intent)).await?;
            let OpState::Settled(Settled::Lookup {
                valid,
                validation_errors,
                country,
                line_type,
                carrier,
            }) = outcome.state
            else {
                let exit = outcome.state.failure().cloned().map_or_else(
                    || Exit::fault("The answer was not about a number."),
                    Exit::from,
                );
                return Ok(Report {
                    fields: known,
                    lines: Vec::new(),
                    exit,
                });
            };
            known.line_type = line_type;
            known.carrier = carrier.map(|carrier| carrier.raw().to_owned());
            known.valid = Some(valid);
            known.country = country;
            let why = validation_errors.join(", ");
            known.validation_errors = Some(validation_errors);
            let words = [
                Some(options.shown.number(&number)),
                known.country.clone(),
                known.line_type.clone(),
                known.carrier.clone(),
            ];
            let exit = if valid {
                Exit::DONE
            } else {
                Exit::answer(
                    7,
                    phrase!(
                        "Twilio says that this number cannot exist: {why}.",
                        why = why
                    ),
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
