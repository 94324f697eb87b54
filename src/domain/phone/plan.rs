//! The numbering plans of the world: the one place that names the `rlibphonenumber` crate.
//!
//! Only a plus sign and ASCII digits, at most [`LONGEST`] of them, ever reach the crate, and a panic
//! inside it is an answer ("impossible"), not the end of the desk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use rlibphonenumber::enums::{NumberLengthType, PhoneNumberFormat, PhoneNumberType, Region};
use rlibphonenumber::{NotANumberError, PHONE_NUMBER_UTIL, ParseError, ValidationError};

use super::PhoneNumber;
use crate::domain::place;

/// No number with its dialling prefixes is longer.
const LONGEST: usize = 24;

/// What the plan of a country says of some digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) number: PhoneNumber,
    /// It matches a range that is in use; else its length alone is right.
    pub(super) valid: bool,
}

/// Why digits are no number, and the name of the country in which that was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    TooShort(Option<&'static str>),
    TooLong(Option<&'static str>),
    Impossible(Option<&'static str>),
    CallingCode,
}

/// Loads the plans, some 15 ms the first time. Any thread may do it; who comes meanwhile waits.
pub fn warm() {
    // A failure shows again, as "impossible", where a number is read.
    let _loaded =
        guarded(|| LazyLock::force(&PHONE_NUMBER_UTIL).get_country_code_for_region(Region::US));
}

/// The country with a plan of its own that this ISO code names.
pub(super) fn region(country: &str) -> Option<Region> {
    let region = Region::from_code(country).ok()?;
    guarded(|| PHONE_NUMBER_UTIL.get_country_code_for_region(region))
        .flatten()
        .map(|_| region)
}

/// Reads `+` and digits, or digits alone as they are dialled in `home`.
pub(super) fn read(dialled: &str, home: Option<Region>) -> Result<Read, Misfit> {
    if dialled.len() > LONGEST {
        return Err(Misfit::TooLong(
            home.filter(|_| !dialled.starts_with('+')).and_then(name),
        ));
    }
    guarded(|| judge(dialled, home)).unwrap_or(Err(Misfit::Impossible(None)))
}

fn judge(dialled: &str, home: Option<Region>) -> Result<Read, Misfit> {
    let local = home.filter(|_| !dialled.starts_with('+'));
    let local_name = local.and_then(name);
    let parsed = PHONE_NUMBER_UTIL
        .parse(dialled, home)
        .map_err(|error| match error {
            ParseError::InvalidCountryCode => Misfit::CallingCode,
            ParseError::TooShortAfterIdd
            | ParseError::TooShortNsn
            | ParseError::NotANumber(NotANumberError::NotMatchedValidNumberPattern) => {
                Misfit::TooShort(local_name)
            }
            ParseError::TooLongNsn => Misfit::TooLong(local_name),
            ParseError::NotANumber(_) => Misfit::Impossible(local_name),
        })?;
    let country = PHONE_NUMBER_UTIL
        .get_region_for_number(&parsed)
        .or(local)
        .or_else(|| PHONE_NUMBER_UTIL.get_region_for_country_code(parsed.country_code))
        .and_then(name);
    match PHONE_NUMBER_UTIL.is_possible_number_with_reason(&parsed) {
        Ok(NumberLengthType::IsPossible) => {}
        Ok(NumberLengthType::IsPossibleLocalOnly) | Err(ValidationError::TooShort) => {
            return Err(Misfit::TooShort(country));
        }
        Err(ValidationError::TooLong) => return Err(Misfit::TooLong(country)),
        Err(ValidationError::InvalidLength) => return Err(Misfit::Impossible(country)),
        Err(ValidationError::InvalidCountryCode) => return Err(Misfit::CallingCode),
    }
    let e164 = PHONE_NUMBER_UTIL.format(&parsed, PhoneNumberFormat::E164);
    let valid = PHONE_NUMBER_UTIL.is_valid_number(&parsed);
    // With a zero left over before its area code it would be another number each time it is read.
    if !valid && is_another(&e164) {
        return Err(Misfit::Impossible(country));
    }
    Ok(Read {
        number: PhoneNumber::from_e164(&e164).map_err(|_| Misfit::Impossible(country))?,
        valid,
    })
}

/// A number that is another one when it is read again.
fn is_another(e164: &str) -> bool {
    PHONE_NUMBER_UTIL
        .parse(e164, None)
        .is_ok_and(|again| PHONE_NUMBER_UTIL.format(&again, PhoneNumberFormat::E164) != e164)
}

/// The international form of its country, with spaces alone between the groups.
pub(super) fn grouped(e164: &str) -> Option<String> {
    let text = guarded(|| {
        let parsed = PHONE_NUMBER_UTIL.parse(e164, None).ok()?;
        Some(
            PHONE_NUMBER_UTIL
                .format(&parsed, PhoneNumberFormat::International)
                .into_owned(),
        )
    })
    .flatten()?;
    let groups: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .collect();
    // A plan may drop a digit that it takes for a prefix. What is shown must be what is dialled.
    (groups.concat() == e164[1..]).then(|| format!("+{}", groups.join(" ")))
}

/// The country of a number, or the main one where its plan does not know the range.
pub(super) fn country(e164: &str) -> Option<String> {
    guarded(|| {
        let parsed = PHONE_NUMBER_UTIL.parse(e164, None).ok()?;
        PHONE_NUMBER_UTIL
            .get_region_for_number(&parsed)
            .or_else(|| PHONE_NUMBER_UTIL.get_region_for_country_code(parsed.country_code))
            .filter(|&region| region != Region::World)
            .map(|region| region.to_string())
    })
    .flatten()
}

/// Its owner is paid by whoever calls or texts it.
pub(super) fn is_premium(e164: &str) -> bool {
    guarded(|| {
        PHONE_NUMBER_UTIL.parse(e164, None).is_ok_and(|parsed| {
            PHONE_NUMBER_UTIL.get_number_type(&parsed) == PhoneNumberType::PremiumRate
        })
    })
    .unwrap_or_default()
}

fn name(region: Region) -> Option<&'static str> {
    place::country_name(&region.as_region_str())
}

/// None where the crate panicked.
fn guarded<T>(ask: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(ask)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_with_a_numbering_plan_has_a_name() {
        for region in PHONE_NUMBER_UTIL.get_supported_regions() {
            assert!(name(region).is_some(), "{region}");
        }
    }

    #[test]
    fn a_panic_behind_the_door_is_an_answer() {
        assert_eq!(guarded(|| -> u8 { panic!("as a crate might") }), None);
    }
}
