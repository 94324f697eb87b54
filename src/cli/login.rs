//! `tuilio login`: keys from standard input, checked by a live call, kept in the keyring.
//!
//! The wizard of the desk does the work; here it is fed a whole paste at once. Where it would have to ask
//! which service or sender, the names of all stand in the answer and nothing is kept.

mod plain_text;

use clap::Args;
use secrecy::zeroize::Zeroizing;
use serde::Serialize;

use crate::config::{ChosenSender, Profile, check_name};
use crate::domain::connection::{Connection, Rights, Source};
use crate::domain::paste::Doubt;
use crate::domain::safety::Concern;
use crate::domain::{Failure, FailureKind, PhoneNumber, Phrase, Sender, phrase};
use crate::model::setup::import::{PlainPlace, Surroundings};
use crate::model::setup::{Before, SKEW_THAT_MATTERS, Setup, Step};
use crate::model::{Ask, Effect, Event};

use super::one_shot::{self, OneShot};
use super::output::Report;
use super::session::{Record, Whose, named, said};
use super::{Exit, input};

/// What can be typed.
#[derive(Debug, Args)]
pub struct Options {
    /// The Verify service for codes, where the account has several.
    #[arg(long, value_name = "VA...")]
    verify_service: Option<String>,
    /// The number or the Messaging Service that texts come from, where the account has several.
    #[arg(long, value_name = "NUMBER_OR_MG")]
    sender: Option<String>,
    /// Take the keys of a profile of twilio-cli, not standard input; without a name, those in use there.
    #[arg(long, value_name = "PROFILE", num_args = 0..=1, default_missing_value = "")]
    from_twilio_cli: Option<String>,
    /// Then take them out of the file in which twilio-cli keeps them in plain text.
    #[arg(long, requires = "from_twilio_cli")]
    remove_from_twilio_cli: bool,
}

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct LoggedIn {
    profile: Option<String>,
    account_sid: Option<String>,
    verify_service_sid: Option<String>,
    sender: Option<String>,
    /// Only confirmed recipients, and a prefix before every text.
    is_trial: Option<bool>,
    /// `everything`, `more_than_needed` or `narrow`.
    key_rights: Option<&'static str>,
    /// Seconds by which Twilio's clock is ahead of this machine's.
    clock_skew_seconds: Option<i64>,
    proxy: Option<String>,
    certificates: Option<String>,
    warnings: Option<Vec<Warning>>,
    /// Where the same keys still lie in plain text.
    plain_text_in: Option<String>,
}

/// Something about the Verify service that makes it a poor one for a phone desk.
#[derive(Debug, Serialize)]
struct Warning {
    name: &'static str,
    message: String,
}

/// Checks and keeps them.
pub async fn run(profile: Option<&str>, options: Options) -> Report<LoggedIn> {
    login(profile, &options).await.unwrap_or_else(Report::from)
}

async fn login(profile: Option<&str>, options: &Options) -> Result<Report<LoggedIn>, Exit> {
    let name = named(profile);
    if let Some(name) = &name {
        check_name(name).map_err(|error| Exit::unfit(error.phrase()))?;
    }
    let paste = match options.from_twilio_cli {
        Some(_) => Zeroizing::default(),
        None => input::whole(&phrase!("the paste with the keys"))?,
    };
    let mut setup = Setup::new(true);
    // Another profile stays the active one until it is told otherwise.
    setup.makes_active = false;
    // Whoever names one means it.
    setup.replaces = name.is_some();
    setup.paste.insert(&paste);
    setup.edited();
    let (connection, removed, active) = one_shot::run(
        Whose::Nobodys,
        Record::None,
        async |one_shot: &mut OneShot| {
            setup.surroundings = look_around(one_shot).await?;
            setup.policy = one_shot.session.policy.clone();
            let profiles = &one_shot.session.config.profiles;
            setup.before = name
                .as_ref()
                .and_then(|name| profiles.get(name))
                .map(before);
            let effects = match &options.from_twilio_cli {
                Some(profile) => import(&mut setup, profile)?,
                None => setup.submit(),
            };
            // A check forgets what was found before it.
            choose(&mut setup, options)?;
            drive(one_shot, &mut setup, effects).await?;
            let connection = setup
                .connection
                .as_mut()
                .ok_or_else(|| Exit::fault("The keys were lost before they could be kept."))?;
            fits(connection, options)?;
            if let Some(name) = name {
                connection.source = Source::Profile(name);
            }
            let connection = connection.clone();
            let effects = setup.submit();
            drive(one_shot, &mut setup, effects).await?;
            let removed = if options.remove_from_twilio_cli {
                plain_text::remove(one_shot, &mut setup).await?
            } else {
                None
            };
            let active = one_shot.session.config.active.clone();
            Ok((connection, removed, active))
        },
    )
    .await?;
    let mut report = report(&connection, &setup, removed.as_ref());
    if let Source::Profile(kept) = &connection.source
        && let Some(active) = active.filter(|active| active != kept)
    {
        report.lines.push(said(&phrase!(
            "profile {active} stays the one in use: tuilio profiles use {profile} changes that",
            active = active,
            profile = kept.as_str()
        )));
    }
    Ok(report)
}

/// What a profile holds besides its keys.
fn before(profile: &Profile) -> Before {
    let service = profile.verify_service.as_ref();
    Before {
        account_sid: profile.account_sid.clone(),
        verify_service: service.map(|service| service.sid.clone()),
        sender: profile.sender.as_ref().map(ChosenSender::sender),
    }
}

async fn look_around(one_shot: &mut OneShot) -> Result<Surroundings, Exit> {
    one_shot.perform(Effect::LookAround);
    loop {
        if let Event::LookedAround(surroundings) = one_shot.next().await? {
            return Ok(*surroundings);
        }
    }
}

/// Takes the keys of a profile of twilio-cli; those in use there where none is named.
fn import(setup: &mut Setup, named: &str) -> Result<Vec<Effect>, Exit> {
    let imports = setup.surroundings.imports.iter();
    let found = imports.map(|import| &import.place).position(|place| {
        matches!(place, PlainPlace::TwilioCli { profile, .. } if named.is_empty() || profile == named)
    });
    match found {
        Some(row) => Ok(setup.import_row(row)),
        None if named.is_empty() => Err(Exit::unfit(phrase!(
            "twilio-cli has no profile with keys here."
        ))),
        None => Err(Exit::unfit(phrase!(
            "twilio-cli has no profile {name} with keys here.",
            name = named
        ))),
    }
}

/// What is named on the line counts more than what stands in the paste.
fn choose(setup: &mut Setup, options: &Options) -> Result<(), Exit> {
    if let Some(sid) = &options.verify_service {
        let sid = sid
            .parse()
            .map_err(|error| Exit::usage(format!("--verify-service does not fit: {error}.")))?;
        setup.found.verify_service = Some(sid);
    }
    if let Some(sender) = &options.sender {
        (setup.found.messaging_service, setup.found.from_number) =
            match (sender.parse(), PhoneNumber::from_e164(sender)) {
                (Ok(sid), _) => (Some(sid), None),
                (_, Ok(number)) => (None, Some(number)),
                (Err(not_a_sid), Err(not_e164)) => {
                    return Err(Exit::usage(format!(
                        "--sender does not fit: {not_e164}, and {not_a_sid}."
                    )));
                }
            };
    }
    Ok(())
}

/// Carries the wizard on until it waits for a person: at the summary, or with the keys kept.
async fn drive(
    one_shot: &mut OneShot,
    setup: &mut Setup,
    mut effects: Vec<Effect>,
) -> Result<(), Exit> {
    let mut failed: Option<Failure> = None;
    loop {
        for effect in effects {
            if matches!(effect, Effect::Use { .. }) {
                return Ok(());
            }
            one_shot.perform(effect);
        }
        if let Some(why) = setup.forbidden.clone() {
            return Err(one_shot::refused(why));
        }
        match &setup.step {
            Step::Checking(_) | Step::Keeping => {}
            Step::Keep => return Ok(()),
            Step::KeepFailed(not_kept) => return Err(not_kept.failure.clone().into()),
            Step::PickService { services, .. } => {
                let names: Vec<String> = services
                    .iter()
                    .map(|service| format!("{} ({})", service.name.visible(), service.sid))
                    .collect();
                let named = setup.found.verify_service.is_some();
                return Err(several_services(named, &names));
            }
            Step::PickSender { senders, .. } => {
                let names: Vec<String> = senders
                    .iter()
                    .map(|sender| {
                        format!("{} ({})", sender.name.visible(), written(&sender.sender))
                    })
                    .collect();
                let named =
                    setup.found.messaging_service.is_some() || setup.found.from_number.is_some();
                return Err(several_senders(named, &names));
            }
            Step::Welcome
            | Step::Paste
            | Step::PickImport { .. }
            | Step::PickProfile { .. }
            | Step::You
            | Step::StillPlain
            | Step::Done => {
                return Err(refused(setup, failed));
            }
        }
        effects = match one_shot.next().await? {
            Event::Replied {
                ask: Ask::Setup(number),
                result,
            } => {
                failed = result.as_ref().err().cloned();
                setup.replied(number, result, one_shot.now())
            }
            Event::Kept(result) => setup.kept(result),
            _ => Vec::new(),
        };
    }
}

fn refused(setup: &Setup, failed: Option<Failure>) -> Exit {
    match (failed, &setup.problem) {
        (Some(failure), _) => failure.into(),
        // The paste was read and Twilio was asked: what it said of the account is not the paste's fault.
        (None, Some(problem)) if setup.connection.is_some() => {
            let failure = Failure::new(FailureKind::Credentials, problem.to_string());
            failure.in_words(Some(problem.clone())).into()
        }
        (None, problem) => {
            let nothing = || phrase!("There is nothing of use in the paste.");
            let problem = problem.clone().unwrap_or_else(nothing);
            let doubt = setup.found.doubts.first().map(Doubt::said);
            // It may be the problem itself.
            let doubt = doubt.filter(|doubt| doubt.to_string() != problem.to_string());
            Exit::unfit(match &doubt {
                Some(doubt) => phrase!("{what} {next}", what = &problem, next = doubt),
                None => problem,
            })
        }
    }
}

fn several_services(named: bool, names: &[String]) -> Exit {
    let names = names.join(", ");
    Exit::unfit(if named {
        phrase!(
            "What --verify-service or the paste names is none of the account's Verify services: name one by --verify-service. They are {names}.",
            names = names
        )
    } else {
        phrase!(
            "The account has several Verify services: name one by --verify-service. They are {names}.",
            names = names
        )
    })
}

fn several_senders(named: bool, names: &[String]) -> Exit {
    let names = names.join(", ");
    Exit::unfit(if named {
        phrase!(
            "What --sender or the paste names is none of the account's senders: name one by --sender. They are {names}.",
            names = names
        )
    } else {
        phrase!(
            "The account has several senders: name one by --sender. They are {names}.",
            names = names
        )
    })
}

/// What was named on the line must be there, and not something else in its place.
fn fits(connection: &Connection, options: &Options) -> Result<(), Exit> {
    let service = connection
        .verify_service
        .as_ref()
        .map(|service| service.sid.to_string());
    if options.verify_service.is_some() && service != options.verify_service {
        return Err(Exit::unfit(phrase!(
            "The account has no Verify service of that SID, so nothing was kept."
        )));
    }
    let sender = connection
        .sender
        .as_ref()
        .map(|sender| written(&sender.sender));
    if options.sender.is_some() && sender != options.sender {
        return Err(Exit::unfit(phrase!(
            "The account has no such sender, so nothing was kept."
        )));
    }
    Ok(())
}

fn report(
    connection: &Connection,
    setup: &Setup,
    removed: Option<&plain_text::Removed>,
) -> Report<LoggedIn> {
    let Source::Profile(profile) = &connection.source else {
        return Exit::fault("The keys were kept under no name.").into();
    };
    let sender = connection
        .sender
        .as_ref()
        .map(|sender| written(&sender.sender));
    let service = connection
        .verify_service
        .as_ref()
        .map(|service| service.sid.to_string());
    let none = || phrase!("none");
    let mut lines = vec![said(&phrase!(
        "profile {profile}: account {account}, Verify service {service}, sender {sender}; the keys are in the system keyring",
        profile = profile.as_str(),
        account = connection.account_sid.short(),
        service = connection
            .verify_service
            .as_ref()
            .map_or_else(none, |service| Phrase::verbatim(service.name.visible())),
        sender = connection
            .sender
            .as_ref()
            .map_or_else(none, |sender| Phrase::verbatim(sender.name.visible()))
    ))];
    let service_in_use = connection.verify_service.iter();
    let concerns: Vec<&Concern> = service_in_use
        .flat_map(|service| service.concerns.iter().flatten())
        .collect();
    let warnings: Vec<Warning> = concerns
        .iter()
        .map(|concern| Warning {
            name: concern.as_str(),
            message: format!("{} {}", concern.what(), concern.remedy()),
        })
        .collect();
    let plain_text_in = setup.imported.as_ref().map(|place| match place {
        PlainPlace::TwilioCli { file, profile } => format!("{file}, profile {profile}"),
        PlainPlace::Environment => "the environment".to_owned(),
    });
    if setup.kept_already() == Some(profile) {
        lines.push(said(&phrase!("the same keys were there already")));
    }
    if let Some(other) = setup.name_of_others().filter(|other| other != profile) {
        lines.push(said(&phrase!(
            "profile {name} holds other keys, which stay: --profile {name} replaces them",
            name = other
        )));
    }
    let rights = match setup.rights {
        Some(Rights::Everything) => Some(phrase!("the key may do everything in this account")),
        Some(Rights::TooMuch) => Some(phrase!("the key may do more than is needed")),
        Some(Rights::Narrow) => Some(phrase!("the key may do only what is needed")),
        None => None,
    };
    lines.extend(rights.as_ref().map(said));
    if connection.is_trial {
        lines.push(said(&phrase!(
            "trial account: only confirmed recipients, and a prefix before every text"
        )));
    }
    if let Some(skew) = setup.skew.filter(|skew| skew.abs() >= SKEW_THAT_MATTERS) {
        lines.push(said(&phrase!(
            "clocks: Twilio's is {n} s ahead of this machine's",
            n = skew
        )));
    }
    lines.extend(
        setup
            .surroundings
            .proxy
            .iter()
            .map(|proxy| said(&phrase!("proxy: {proxy}", proxy = proxy.as_str()))),
    );
    lines.extend(
        setup
            .surroundings
            .certificates
            .iter()
            .map(|path| said(&phrase!("certificates: {path}", path = path.as_str()))),
    );
    lines.extend(concerns.iter().map(|concern| {
        said(&phrase!(
            "warning: {what} {remedy}",
            what = concern.what(),
            remedy = concern.remedy()
        ))
    }));
    lines.extend(plain_text_in.iter().map(|place| {
        said(&phrase!("the same keys are still in plain text in {place}: --remove-from-twilio-cli takes them out", place = place.as_str()))
    }));
    lines.extend(removed.iter().flat_map(|removed| removed.said()));
    let fields = LoggedIn {
        profile: Some(profile.clone()),
        account_sid: Some(connection.account_sid.to_string()),
        verify_service_sid: service,
        sender,
        is_trial: Some(connection.is_trial),
        key_rights: setup.rights.map(Rights::as_str),
        clock_skew_seconds: setup.skew,
        proxy: setup.surroundings.proxy.clone(),
        certificates: setup.surroundings.certificates.clone(),
        warnings: Some(warnings),
        plain_text_in: plain_text_in.or_else(|| removed?.left()),
    };
    Report::done(fields, lines)
}

/// A sender of one's own is no customer: its number is not masked.
fn written(sender: &Sender) -> String {
    match sender {
        Sender::Number(number) => number.e164().to_owned(),
        Sender::Name(name) => name.clone(),
        Sender::Service(sid) => sid.to_string(),
    }
}
