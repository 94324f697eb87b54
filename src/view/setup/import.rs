//! Keys that lie in plain text on this machine.

use crate::domain::phrase::phrase;
use crate::domain::{Phrase, Untrusted};
use crate::keymap::{Action, Place};
use crate::model::setup::Setup;
use crate::model::setup::import::PlainPlace;

use super::super::paper::{Paper, Weight};
use super::super::theme::Role;
use super::heading;

/// The offer on the first page, where there are such keys.
pub fn offer(paper: &mut Paper, setup: &Setup, place: Place) {
    let Some(first) = setup.surroundings.imports.first() else {
        return;
    };
    let what = match &first.place {
        PlainPlace::TwilioCli { .. } => {
            phrase!("the keys of twilio-cli are in plain text now; move them?")
        }
        PlainPlace::Environment => {
            phrase!("the keys of the environment are in plain text now; move them?")
        }
    };
    paper.offer(place, Action::Import, what);
}

pub fn pick(paper: &mut Paper, setup: &Setup, marked: usize) {
    let names: Vec<String> = setup
        .surroundings
        .imports
        .iter()
        .map(|import| {
            let account = import.keys.account_sid.short();
            let region = match (&import.keys.region, &import.stranded) {
                (Some(region), _) => Some(region.region().to_owned()),
                (None, stranded) => stranded.as_ref().map(Untrusted::visible),
            };
            let account = match region {
                Some(region) => format!("{account}   {region}"),
                None => account,
            };
            paper.look().say(match &import.place {
                PlainPlace::TwilioCli { profile, .. } => phrase!(
                    "{profile}   {account}   twilio-cli",
                    profile = Untrusted::new(profile.as_str()).visible(),
                    account = account
                ),
                PlainPlace::Environment => {
                    phrase!("TWILIO_*   {account}   environment", account = account)
                }
            })
        })
        .collect();
    super::pick::pick(
        paper,
        setup,
        phrase!("Which keys shall be moved?"),
        phrase!("They are checked at Twilio first, and then kept in the keyring."),
        &names,
        marked,
    );
}

pub fn still_plain(paper: &mut Paper, setup: &Setup) {
    heading(paper, phrase!("The keys are in the keyring"));
    let said: Phrase = match &setup.imported {
        Some(PlainPlace::TwilioCli { file, profile }) => phrase!(
            "They are in plain text as well, in {file}, profile {profile}. Without them there, twilio-cli does not know this profile any more; everything else in the file stays.",
            file = file.clone(),
            profile = Untrusted::new(profile.as_str()).visible()
        ),
        _ => phrase!(
            "They are in the environment as well, as TWILIO_*. Take them out of the file that sets them, such as ~/.profile: until then they count more than this profile."
        ),
    };
    paper.section(Weight::Vital).marked(Role::Needs, said);
    if let Some(problem) = &setup.problem {
        paper.section(Weight::Vital).marked(Role::Wrong, problem);
    }
    paper.section(Weight::Vital);
    if matches!(setup.imported, Some(PlainPlace::TwilioCli { .. })) {
        paper.offer(
            Place::StillPlain,
            Action::Yes,
            phrase!("take them out of that file"),
        );
    }
    paper.offer(Place::StillPlain, Action::Back, phrase!("leave them there"));
}
