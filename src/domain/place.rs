//! Where a number is at home: country, state or province, and what the clock says there.
//!
//! It helps an agent to read a number back ("United States, California") and not to ring at night. It is
//! a likelihood, never a fact about the person: numbers travel. Where zones share a country or an area,
//! there is no time.
//!
//! Invariants: no clock of its own, and no file of the machine: the time zones are built in.

mod areas;
mod countries;

use jiff::Zoned;
use jiff::tz::TimeZoneDatabase;

use super::phone::PhoneNumber;
use super::{Phrase, Timestamp, phrase};

/// Where a number is at home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166 alpha-2, such as `US`.
    pub code: &'static str,
    /// The country's name in English.
    pub country: &'static str,
    /// State or province, for the United States and Canada.
    pub region: Option<&'static str>,
    /// The likely time zone, such as `America/Los_Angeles`.
    pub zone: Option<&'static str>,
}

impl Place {
    /// The place of a number; none for numbers of no country, such as satellite phones.
    pub fn of(number: &PhoneNumber) -> Option<Self> {
        let (calling_code, national) = number.split();
        if calling_code == "1"
            && let Some(place) = area(national)
        {
            return Some(place);
        }
        let code = number.country()?;
        let mut place = Self::of_country(&code)?;
        place.zone = zone_within(place.code, national).or(place.zone);
        Some(place)
    }

    /// The place that a country is, by its ISO code in any case.
    pub fn of_country(code: &str) -> Option<Self> {
        countries::COUNTRIES
            .iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(code))
            .map(|&(code, country, zone)| Self {
                code,
                country,
                region: None,
                zone,
            })
    }

    /// `United States, California`.
    pub fn name(&self) -> String {
        match self.region {
            Some(region) => format!("{}, {region}", self.country),
            None => self.country.to_owned(),
        }
    }

    /// The same, for whoever reads another language. States and provinces keep their own names.
    pub fn phrase(&self) -> Phrase {
        let country = Phrase::of(self.country);
        match self.region {
            Some(region) => phrase!("{country}, {region}", country = country, region = region),
            None => country,
        }
    }

    /// What the clock says there at a moment.
    pub fn local_time(&self, now: Timestamp) -> Option<Zoned> {
        let zone = TimeZoneDatabase::bundled().get(self.zone?).ok()?;
        Some(now.to_zoned(zone))
    }
}

/// The English names of all countries.
pub fn countries() -> impl Iterator<Item = &'static str> {
    countries::COUNTRIES.iter().map(|&(_, name, _)| name)
}

/// The English name of a country, by its ISO code.
pub fn country_name(code: &str) -> Option<&'static str> {
    Place::of_country(code).map(|place| place.country)
}

/// What the clock says where a number is at home; none where that cannot be told.
pub fn local_time(number: &PhoneNumber, now: Timestamp) -> Option<Zoned> {
    Place::of(number)?.local_time(now)
}

/// The place of an area code of the North American plan.
fn area(national: &str) -> Option<Place> {
    let code: u16 = national.get(..3)?.parse().ok()?;
    let &(country, region, zone, _) = areas::AREAS
        .iter()
        .find(|(.., codes)| codes.contains(&code))?;
    let place = Place::of_country(country)?;
    Some(Place {
        region,
        zone: zone.or(place.zone),
        ..place
    })
}

/// Zones of area codes in countries that have several, where the area is that of a landline.
fn zone_within(country: &str, national: &str) -> Option<&'static str> {
    match (country, national.get(..2)?) {
        ("AU", area) if area.starts_with('2') => Some("Australia/Sydney"),
        ("AU", area) if area.starts_with('3') => Some("Australia/Melbourne"),
        ("AU", area) if area.starts_with('7') => Some("Australia/Brisbane"),
        ("AU", "86" | "89") => (!national.starts_with("889")).then_some("Australia/Perth"),
        // In Brazil mobile numbers carry the area, too.
        ("BR", "68") => Some("America/Rio_Branco"),
        ("BR", "92" | "97") => Some("America/Manaus"),
        ("BR", "95") => Some("America/Boa_Vista"),
        ("BR", "69") => Some("America/Porto_Velho"),
        ("BR", "65" | "66") => Some("America/Cuiaba"),
        ("BR", "67") => Some("America/Campo_Grande"),
        ("BR", _) => Some("America/Sao_Paulo"),
        ("ES", "82" | "92") if matches!(national.get(..3)?, "822" | "828" | "922" | "928") => {
            Some("Atlantic/Canary")
        }
        ("ID", "21" | "22" | "24") => Some("Asia/Jakarta"),
        ("MX", "55" | "56" | "33" | "81") => Some("America/Mexico_City"),
        ("PT", "29") => match national.get(..3)? {
            "291" => Some("Atlantic/Madeira"),
            "292" | "295" | "296" => Some("Atlantic/Azores"),
            _ => None,
        },
        ("RU", "49") => Some("Europe/Moscow"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn number(text: &str) -> PhoneNumber {
        PhoneNumber::from_e164(text).expect(text)
    }

    #[test]
    fn a_number_has_a_place_and_where_it_can_be_told_a_time() {
        // Winter in the north: 12:00 UTC on 15 January 2026.
        let now: Timestamp = "2026-01-15T12:00:00Z".parse().expect("a moment");
        for (text, name, time) in [
            ("+14155550123", "United States, California", Some("04:00")),
            ("+16055550123", "United States, South Dakota", None),
            ("+18005550123", "United States", None),
            ("+15005550006", "United States", None),
            ("+14165550123", "Canada, Ontario", Some("07:00")),
            ("+13065550123", "Canada, Saskatchewan", Some("06:00")),
            ("+18765550123", "Jamaica", Some("07:00")),
            ("+447700900123", "United Kingdom", Some("12:00")),
            ("+4915112345604", "Germany", Some("13:00")),
            ("+919812345678", "India", Some("17:30")),
            ("+61412345678", "Australia", None),
            ("+61293744000", "Australia", Some("23:00")),
            ("+61889444000", "Australia", None),
            ("+5511961234567", "Brazil", Some("09:00")),
            ("+5592991234567", "Brazil", Some("08:00")),
            ("+79161234567", "Russia", None),
            ("+77010001234", "Kazakhstan", Some("17:00")),
            ("+34922123456", "Spain", Some("12:00")),
            ("+34612345678", "Spain", Some("13:00")),
        ] {
            let place = Place::of(&number(text)).expect(text);
            assert_eq!(place.name(), name, "{text}");
            let local = local_time(&number(text), now);
            let local = local.map(|local| local.strftime("%H:%M").to_string());
            assert_eq!(local.as_deref(), time, "{text}");
        }
    }

    #[test]
    fn summer_time_is_known_without_the_files_of_the_machine() {
        let now: Timestamp = "2026-07-15T12:00:00Z".parse().expect("a moment");
        let local = local_time(&number("+14155550123"), now).expect("California has a zone");
        assert_eq!(local.strftime("%H:%M").to_string(), "05:00");
    }

    #[test]
    fn numbers_of_no_country_have_no_place() {
        for text in ["+881612345678", "+80012345678", "+999123456789"] {
            assert_eq!(Place::of(&number(text)), None, "{text}");
        }
    }

    #[test]
    fn every_row_names_a_zone_that_exists_and_no_code_stands_twice() {
        let zones = countries::COUNTRIES.iter().filter_map(|row| row.2);
        for zone in zones.chain(areas::AREAS.iter().filter_map(|row| row.2)) {
            assert!(TimeZoneDatabase::bundled().get(zone).is_ok(), "{zone}");
        }
        let codes: Vec<&str> = countries::COUNTRIES.iter().map(|row| row.0).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "sorted, and none twice");
        let mut seen = BTreeSet::new();
        for (country, .., codes) in areas::AREAS {
            assert!(country_name(country).is_some(), "{country}");
            for code in *codes {
                assert!(seen.insert(code), "{code} stands twice");
            }
        }
    }
}
