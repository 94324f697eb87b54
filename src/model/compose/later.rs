//! Reading a time as people write it: `in 2h`, `tomorrow 9:00`, `mon 14:30`, `2026-03-05 09:00`.
//!
//! Times of day are by the customer's clock where it is known, since the point is when it rings there.
//! A time of day alone is the next one; a day needs its time. The bounds are Twilio's: a Messaging
//! Service takes a text for five minutes to 35 days ahead.

use jiff::civil::{Date, Time, Weekday};
use jiff::{SignedDuration, Span, Zoned};

use crate::domain::{Phrase, Timestamp, phrase};

/// Nothing nearer is taken: Twilio's five minutes, and one to press Enter.
const SOONEST: SignedDuration = SignedDuration::from_mins(6);
/// Nothing nearer than this is sent: Twilio's five minutes, and some seconds for the way.
const STILL_TAKEN: SignedDuration = SignedDuration::from_secs(315);
/// Nothing farther is taken: Twilio's 35 days, less a minute for clocks that differ.
const LATEST: SignedDuration = SignedDuration::from_secs(35 * 86_400 - 60);

/// When a text shall leave; `now` is the clock by which times of day are meant.
pub fn read(text: &str, now: &Zoned) -> Result<Timestamp, Phrase> {
    let at = moment(&text.trim().to_lowercase(), now).ok_or_else(|| {
        phrase!("This is no time yet. Write it like: in 2h, 18:30, tomorrow 9:00, mon 14:30, 2026-03-31 09:00.")
    })?;
    let ahead = now.duration_until(&at);
    if ahead < SOONEST {
        Err(phrase!(
            "That is too soon: Twilio keeps a text for five minutes at least. Send it now, or choose a later time."
        ))
    } else if ahead > LATEST {
        Err(phrase!(
            "That is too far: Twilio keeps a text for 35 days at most."
        ))
    } else {
        Ok(at.timestamp())
    }
}

/// Twilio would still take a text for that time.
pub fn is_still_taken(at: Timestamp, now: Timestamp) -> bool {
    now.duration_until(at) >= STILL_TAKEN
}

fn moment(text: &str, now: &Zoned) -> Option<Zoned> {
    let text = [
        "in ", "en ", "dans ", "at ", "um ", "on ", "am ", "a las ", "à ",
    ]
    .iter()
    .find_map(|word| text.strip_prefix(word))
    .unwrap_or(text)
    .trim();
    if let Some(span) = span(text) {
        return now.checked_add(span).ok();
    }
    let (day, time) = match text.split_once(char::is_whitespace) {
        Some((day, time)) => match day_of(day, now.date()) {
            Some(day) => (Some(day), time.trim()),
            None => (None, text),
        },
        None => (None, text),
    };
    let time = ["at ", "um ", "a las ", "à "]
        .iter()
        .find_map(|word| time.strip_prefix(word))
        .unwrap_or(time);
    let (time, plain) = time_of(time)?;
    let zone = now.time_zone().clone();
    let on = |day: Date| day.to_datetime(time).to_zoned(zone.clone()).ok();
    match day {
        Some(day) => on(day),
        // A bare number is an hour only where a day stands before it.
        None if plain => None,
        None => {
            let today = on(now.date())?;
            if today > *now {
                Some(today)
            } else {
                on(now.date().tomorrow().ok()?)
            }
        }
    }
}

/// `2h`, `90 min`, `1 hour 30 minutes`, `3 days`.
fn span(text: &str) -> Option<Span> {
    let begins = text.starts_with(|c: char| c.is_ascii_digit());
    let ends = text.ends_with(|c: char| c.is_alphabetic());
    if !begins || !ends {
        return None;
    }
    let mut english = text.to_owned();
    for (from, to) in [
        ("stunden", "hours"),
        ("stunde", "hour"),
        ("std", "hours"),
        ("minuten", "minutes"),
        ("minutos", "minutes"),
        ("minuto", "minute"),
        ("horas", "hours"),
        ("hora", "hour"),
        ("heures", "hours"),
        ("heure", "hour"),
        ("tagen", "days"),
        ("tage", "days"),
        ("tag", "day"),
        ("días", "days"),
        ("dias", "days"),
        ("día", "day"),
        ("jours", "days"),
        ("jour", "day"),
    ] {
        english = english.replace(from, to);
    }
    let span: Span = english.parse().ok()?;
    (span.is_positive()).then_some(span)
}

fn day_of(word: &str, today: Date) -> Option<Date> {
    match word {
        "today" | "hoy" | "heute" | "aujourd'hui" | "aujourd’hui" => Some(today),
        "tomorrow" | "mañana" | "manana" | "morgen" | "demain" => today.tomorrow().ok(),
        word => match weekday(word) {
            Some(weekday) => today.nth_weekday(1, weekday).ok(),
            None => word.parse().ok(),
        },
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let word = word.trim_end_matches('.');
    Some(match word {
        "mon" | "monday" | "lun" | "lunes" | "lundi" | "mo" | "montag" => Monday,
        "tue" | "tues" | "tuesday" | "mar" | "martes" | "mardi" | "di" | "dienstag" => Tuesday,
        "wed" | "wednesday" | "mié" | "mie" | "miércoles" | "mer" | "mercredi" | "mi"
        | "mittwoch" => Wednesday,
        "thu" | "thur" | "thurs" | "thursday" | "jue" | "jueves" | "jeu" | "jeudi" | "do"
        | "donnerstag" => Thursday,
        "fri" | "friday" | "vie" | "viernes" | "ven" | "vendredi" | "fr" | "freitag" => Friday,
        "sat" | "saturday" | "sáb" | "sab" | "sábado" | "sam" | "samedi" | "sa" | "samstag" => {
            Saturday
        }
        "sun" | "sunday" | "dom" | "domingo" | "dim" | "dimanche" | "so" | "sonntag" => Sunday,
        _ => return None,
    })
}

/// A time of day, and whether it was a bare number.
fn time_of(text: &str) -> Option<(Time, bool)> {
    let text = text.trim_end_matches("uhr").trim();
    let (text, afternoon) = match (text.strip_suffix("pm"), text.strip_suffix("am")) {
        (Some(rest), _) => (rest.trim(), Some(true)),
        (_, Some(rest)) => (rest.trim(), Some(false)),
        _ => (text, None),
    };
    let (hour, minute) = text.split_once([':', '.', 'h']).unwrap_or((text, ""));
    let number = |text: &str| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<i8>().ok()).flatten()
    };
    let plain = minute.is_empty() && afternoon.is_none();
    let minute = if minute.is_empty() {
        0
    } else {
        number(minute)?
    };
    let hour = match (number(hour)?, afternoon) {
        (hour, None) => hour,
        (12, Some(false)) => 0,
        (12, Some(true)) => 12,
        (hour @ 1..=11, Some(pm)) => hour + if pm { 12 } else { 0 },
        _ => return None,
    };
    Some((Time::new(hour, minute, 0, 0).ok()?, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Wednesday, 14:00 there.
    fn now() -> Zoned {
        "2026-03-04T14:00:00[Europe/Madrid]".parse().unwrap()
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, there) in [
            ("in 2h", "2026-03-04 16:00"),
            ("2 hours", "2026-03-04 16:00"),
            ("In 90 min", "2026-03-04 15:30"),
            ("in 1h 30m", "2026-03-04 15:30"),
            ("in 3 days", "2026-03-07 14:00"),
            ("in 2 Stunden", "2026-03-04 16:00"),
            ("18:30", "2026-03-04 18:30"),
            ("at 6pm", "2026-03-04 18:00"),
            ("9:00", "2026-03-05 09:00"),
            ("tomorrow 9", "2026-03-05 09:00"),
            ("tomorrow at 9:15", "2026-03-05 09:15"),
            ("mañana 9:00", "2026-03-05 09:00"),
            ("morgen um 9 Uhr", "2026-03-05 09:00"),
            ("demain 9h30", "2026-03-05 09:30"),
            ("fri 12am", "2026-03-06 00:00"),
            ("Wednesday 10:00", "2026-03-11 10:00"),
            ("today 23:59", "2026-03-04 23:59"),
            ("2026-03-31 09:00", "2026-03-31 09:00"),
        ] {
            let at = read(text, &now()).unwrap_or_else(|why| panic!("{text}: {why}"));
            let at = at.to_zoned(now().time_zone().clone());
            assert_eq!(at.strftime("%Y-%m-%d %H:%M").to_string(), there, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_or_out_of_bounds_is_a_sentence() {
        for (text, word) in [
            ("", "no time yet"),
            ("9", "no time yet"),
            ("tomorrow", "no time yet"),
            ("25:00", "no time yet"),
            ("13pm", "no time yet"),
            ("soon", "no time yet"),
            ("in 5 min", "too soon"),
            ("today 13:00", "too soon"),
            ("in 36 days", "too far"),
            ("in 99999999 years", "no time yet"),
        ] {
            let why = read(text, &now()).unwrap_err().to_string();
            assert!(why.contains(word), "{text}: {why}");
        }
    }

    #[test]
    fn a_time_that_has_come_near_is_not_taken_any_more() {
        let now = now().timestamp();
        assert!(is_still_taken(now + SignedDuration::from_secs(315), now));
        assert!(!is_still_taken(now + SignedDuration::from_secs(314), now));
    }
}
