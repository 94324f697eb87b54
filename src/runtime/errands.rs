//! What is done off the loop because it blocks: the keyring, the settings, the templates, and a look at
//! the machine.
//!
//! An errand is an order that is answered by one event. The desk has it done on a thread for such work;
//! whoever has a clock of its own, as a simulation has, does it in its place.

use crate::model::{Effect, Event};

use super::{Keeper, Reach, Shelf, around};

/// Does an errand; an order that is none comes back.
pub fn run_errand(
    keeper: &Keeper,
    reach: &Reach,
    shelf: &Shelf,
    order: Effect,
) -> Result<Event, Box<Effect>> {
    Ok(match order {
        Effect::ReadTemplates => Event::TemplatesRead(shelf.read()),
        Effect::Keep {
            keys,
            connection,
            introduction,
            makes_active,
            replaces,
        } => {
            let reach = reach.of(&keys);
            let kept = reach.origin().map(|origin| (origin, reach.region()));
            Event::Kept(keeper.keep(
                &keys,
                &connection,
                kept,
                introduction.as_deref(),
                makes_active,
                replaces,
            ))
        }
        Effect::ReadProfiles => Event::ProfilesRead(keeper.profiles()),
        Effect::ReadKeys { profile } => {
            let read = keeper.keys_for(&profile, |profile| reach.leads_to(profile));
            Event::KeysRead(read.map(Box::new))
        }
        Effect::SaveSettings(choices) => Event::SettingsSaved(keeper.save(&choices)),
        Effect::LookAround => {
            let mut surroundings = keeper.look_around();
            surroundings.region = reach.region().map(|region| region.region().to_owned());
            Event::LookedAround(Box::new(surroundings))
        }
        Effect::RemovePlain { file, profile } => {
            Event::PlainRemoved(around::remove_plain(&file, &profile))
        }
        Effect::SignOut { profile } => Event::SignedOut(keeper.forget(&profile)),
        other => return Err(Box::new(other)),
    })
}
