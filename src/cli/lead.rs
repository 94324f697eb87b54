//! What the policy of the lead says of places: where the history lies, and where templates come from.
//!
//! What is counted for a day is counted in the history, so an agent must not be able to begin a new one by
//! starting the program differently. Where one of the variables would do that, nothing is sent.

use std::path::{Path, PathBuf};

use crate::domain::untrusted::visible;
use crate::domain::{Phrase, Policy, phrase};
use crate::paths::{Paths, TEMPLATES_FOLDER, own};
use crate::runtime::Shelf;

/// Stands for the name of the user in the folder of the history.
const USER: &str = "{user}";

/// The policy as it acts here: with the templates beside it, and off where what it counts cannot be counted.
pub fn in_force(policy: Policy, file: &Path, set: impl Fn(&str) -> bool) -> Policy {
    let templates = policy.templates.clone().or_else(|| {
        let beside = file.parent()?.join(TEMPLATES_FOLDER);
        (policy.templates_only && beside.symlink_metadata().is_ok()).then_some(beside)
    });
    let off = policy.off.clone().or_else(|| uncounted(&policy, set));
    Policy {
        off,
        templates,
        ..policy
    }
}

/// The places of files, with the history where the lead wants it.
pub fn placed(paths: Paths, policy: &Policy) -> Paths {
    match policy.data_dir.as_deref().and_then(named) {
        Some(data_dir) => Paths { data_dir, ..paths },
        None => paths,
    }
}

/// Where templates are read from.
pub fn shelf(paths: &Paths, policy: &Policy) -> Shelf {
    match &policy.templates {
        Some(folder) => Shelf::OfLead(folder.clone()),
        None => Shelf::Folder(paths.templates_dir()),
    }
}

/// A policy that comes while the history is open here: off where the lead wants it to lie elsewhere.
pub fn while_open(policy: Policy, open: &Paths) -> Policy {
    let Ok(paths) = Paths::from_env(|name| std::env::var_os(name)) else {
        return policy;
    };
    let wanted = placed(paths, &policy).data_dir;
    if policy.off.is_some() || real(&wanted) == real(&open.data_dir) {
        return policy;
    }
    let off = phrase!(
        "Set by your lead: the history lies in {folder} from now on, and this desk has opened another one, so nothing is sent. Leave it and start again.",
        folder = visible(&wanted.to_string_lossy())
    );
    Policy {
        off: Some(off),
        ..policy
    }
}

/// The folder that the lead has named; none where it has the name of a user in it, and there is none.
fn named(folder: &str) -> Option<PathBuf> {
    if !folder.contains(USER) {
        return Some(folder.into());
    }
    own::name().map(|name| folder.replace(USER, &name).into())
}

/// Why what is counted for a day cannot be counted, if that is so.
fn uncounted(policy: &Policy, set: impl Fn(&str) -> bool) -> Option<Phrase> {
    if let Some(folder) = &policy.data_dir {
        let nobody = named(folder).is_none();
        let why = phrase!(
            "Set by your lead: each user has a folder for the history. The system knows no name of this user, so nothing is sent. Tell your lead."
        );
        return nobody.then_some(why);
    }
    if !policy.is_capped() {
        return None;
    }
    // Elsewhere no other clock can be asked for.
    let of_the_clock = ["TZ", "TZDIR"];
    if let Some(name) = of_the_clock
        .into_iter()
        .find(|name| !cfg!(unix) && set(name))
    {
        return Some(phrase!(
            "Set by your lead: what is sent is counted for each day. {name} sets another clock, so nothing is sent. Unset {name} and start again.",
            name = name
        ));
    }
    let Some(folder) = own::data_dir() else {
        return Some(phrase!(
            "Set by your lead: what is sent is counted for each day. The system knows no home folder of this user, so nothing is sent. Tell your lead: data_dir in the policy names another folder."
        ));
    };
    let here = Paths::from_env(|name| std::env::var_os(name)).ok();
    if here.is_some_and(|here| real(&here.data_dir) == real(&folder)) {
        return None;
    }
    let moves = ["TUILIO_DATA_DIR", "XDG_DATA_HOME"];
    let name = moves.into_iter().find(|name| set(name)).unwrap_or("HOME");
    Some(phrase!(
        "Set by your lead: what is sent is counted for each day, in {folder}. {name} leads elsewhere, so nothing is sent. Unset {name} and start again.",
        folder = folder.display().to_string(),
        name = name
    ))
}

/// A folder by its real name, as far as it is there.
fn real(folder: &Path) -> PathBuf {
    for there in folder.ancestors() {
        if let (Ok(real), Ok(rest)) = (there.canonicalize(), folder.strip_prefix(there)) {
            return real.join(rest);
        }
    }
    folder.to_owned()
}
