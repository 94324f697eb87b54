//! `tuilio doctor`: each link between here and a customer's phone, in a line, with what to do next.
//!
//! The same check-up stands behind a key of the desk. Lines come as they are found out; the object comes
//! at the end. It ends with 0 where nothing is broken, else with the number of the first broken link.

use std::sync::Arc;

use serde::Serialize;

use crate::domain::checkup::{Finding, Health};
use crate::domain::untrusted::visible;
use crate::domain::{Failure, FailureKind, phrase};
use crate::runtime::Keeper;
use crate::runtime::doctor::{self, Patient};
use crate::runtime::log::VARIABLE;
use crate::runtime::signals::Signals;

use super::output::{self, Report};
use super::session::said;
use super::{Exit, log, look, session};

/// The keys of its own.
#[derive(Debug, Default, Serialize)]
pub struct Examined {
    links: Option<Vec<Entry>>,
}

/// A link.
#[derive(Debug, Serialize)]
pub struct Entry {
    link: &'static str,
    /// `ok`, `warning`, `failed` or `skipped`.
    state: &'static str,
    message: String,
    next: Option<String>,
}

/// Examines.
pub async fn run(profile: Option<&str>, json: bool) -> Exit {
    let report = match Box::pin(examine(profile, json)).await {
        Ok(report) => report,
        Err(exit) => exit.into(),
    };
    report.tell(json)
}

async fn examine(profile: Option<&str>, json: bool) -> Result<Report<Examined>, Exit> {
    let mut signals = Signals::listen()
        .map_err(|error| Exit::fault(format!("Signals could not be listened to: {error}.")))?;
    let patient = patient(profile)?;
    let mut findings = Vec::new();
    let look = doctor::examine(&patient, None, |finding| {
        if !json {
            // That nobody reads it any more is told at the end, by the exit alone.
            let _ = output::write(&(visible(&line(&finding)) + "\n"));
        }
        findings.push(finding);
    });
    tokio::select! {
        biased;
        stop = signals.next() => return Err(Exit::signal(stop)),
        () = look => {}
    }
    Ok(Report {
        exit: exit(&findings),
        fields: Examined {
            links: Some(findings.iter().map(entry).collect()),
        },
        lines: Vec::new(),
    })
}

/// The program as it would start now.
pub fn patient(profile: Option<&str>) -> Result<Patient, Exit> {
    let paths = session::paths()?;
    Ok(Patient {
        profile: session::named(profile),
        policy_file: session::policy_file().to_owned(),
        off: session::policy().off,
        environment: session::env,
        keeper: Arc::new(Keeper::in_keyring(paths.config_file()).heard_by(log::open(&paths))),
        colors: look::colors(),
        level: session::env(VARIABLE).unwrap_or_default().parse(),
        log: log::open(&paths),
        paths,
    })
}

fn line(finding: &Finding) -> String {
    let what = match &finding.next {
        Some(next) => phrase!("{what} Next: {next}", what = &finding.what, next = next),
        None => finding.what.clone(),
    };
    format!(
        "{:<8} {:<11} {}",
        finding.health.as_str(),
        finding.link.as_str(),
        said(&what)
    )
}

fn entry(finding: &Finding) -> Entry {
    Entry {
        link: finding.link.as_str(),
        state: finding.health.as_str(),
        message: finding.what.to_string(),
        next: finding.next.as_ref().map(ToString::to_string),
    }
}

fn exit(findings: &[Finding]) -> Exit {
    let broken = || findings.iter().filter(|f| f.health == Health::Broken);
    let Some(first) = broken().next() else {
        return Exit::DONE;
    };
    let failure = first
        .failure
        .clone()
        .unwrap_or_else(|| Failure::new(FailureKind::Internal, first.what.to_string()));
    let (link, what) = (first.link.as_str(), &first.what);
    let sentence = match broken().count() {
        1 => phrase!(
            "1 link does not hold, {link}: {what}",
            link = link,
            what = what
        ),
        n => phrase!(
            "{n} links do not hold. The first is {link}: {what}",
            n = n,
            link = link,
            what = what
        ),
    };
    Exit::broken(first.exit().unwrap_or(1), failure, sentence)
}
