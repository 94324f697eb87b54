//! What a phone network knows of a number before anything is sent to it.
//!
//! A number that is possible is taken, even where no such range is in use yet; only what can never be
//! a number is refused. Channel addresses such as `whatsapp:+1…` are not numbers.

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumberFormat, Region, ValidationError,
};

use crate::domain::PhoneNumber;

/// The number in E.164, if the text is one that can exist.
pub(super) fn possible(text: &str) -> Option<&str> {
    PhoneNumber::from_e164(text).ok()?;
    let parsed = PHONE_NUMBER_UTIL.parse(text, None).ok()?;
    // The test numbers of the documentation, +1 500 555 00xx, are possible too.
    matches!(
        parsed.is_possible_with_reason(),
        Ok(NumberLengthType::IsPossible)
    )
    .then_some(text)
}

/// What Lookup says of a number.
pub(super) struct Known {
    pub(super) e164: String,
    pub(super) national: String,
    pub(super) calling_code: String,
    pub(super) country: Option<String>,
    /// Lookup's words for why it cannot be a number.
    pub(super) errors: Vec<&'static str>,
}

/// Reads a number, with the country that national ones are taken for.
pub(super) fn know(text: &str, country: Option<&str>) -> Result<Known, &'static str> {
    // Looked up rather than parsed: the library's parser takes any two letters for a region.
    let region = country
        .and_then(|code| {
            PHONE_NUMBER_UTIL
                .get_supported_regions()
                .find(|region| region.to_string().eq_ignore_ascii_case(code))
        })
        .unwrap_or(Region::US);
    let parsed = PHONE_NUMBER_UTIL
        .parse(text, Some(region))
        .map_err(|_| "NOT_A_NUMBER")?;
    let errors = match parsed.is_possible_with_reason() {
        Ok(_) if parsed.is_valid() => Vec::new(),
        Ok(_) => vec!["INVALID_BUT_POSSIBLE"],
        Err(ValidationError::TooShort) => vec!["TOO_SHORT"],
        Err(ValidationError::TooLong) => vec!["TOO_LONG"],
        Err(ValidationError::InvalidCountryCode) => vec!["INVALID_COUNTRY_CODE"],
        Err(_) => vec!["INVALID_LENGTH"],
    };
    Ok(Known {
        e164: parsed.format_as(PhoneNumberFormat::E164).into_owned(),
        national: parsed.format_as(PhoneNumberFormat::National).into_owned(),
        calling_code: parsed.country_code.to_string(),
        country: parsed.get_region_code().map(|region| region.to_string()),
        errors,
    })
}

/// ISO 3166 alpha-2 of the number's country, as far as it is known.
pub(super) fn country(e164: &str) -> Option<String> {
    let parsed = PHONE_NUMBER_UTIL.parse(e164, None).ok()?;
    parsed
        .get_region_code()
        .or_else(|| PHONE_NUMBER_UTIL.get_region_for_country_code(parsed.country_code))
        .map(|region| region.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_possible_is_taken() {
        for (text, right) in [
            ("+14155550100", true),
            ("+12645550140", true),
            ("+15005550006", true),
            ("+447700900123", true),
            ("+1415555010", false),
            ("+141555501000", false),
            ("14155550100", false),
            ("+1 415 555 0100", false),
            ("whatsapp:+14155550100", false),
            ("+99912345678", false),
            ("", false),
        ] {
            assert_eq!(possible(text).is_some(), right, "{text}");
        }
    }

    #[test]
    fn a_national_number_is_read_for_the_country_asked_for() {
        for (text, country, e164) in [
            ("(415) 992-9960", None, "+14159929960"),
            ("07700 900123", Some("gb"), "+447700900123"),
            ("(415) 992-9960", Some("QQ"), "+14159929960"),
        ] {
            let known = know(text, country).map(|known| known.e164);
            assert_eq!(known.as_deref(), Ok(e164));
        }
    }

    #[test]
    fn a_country_is_known_even_of_a_range_that_is_not_in_use() {
        for (number, iso) in [
            ("+14155550100", "US"),
            ("+447700900123", "GB"),
            ("+573003003030", "CO"),
        ] {
            assert_eq!(country(number).as_deref(), Some(iso));
        }
    }
}
