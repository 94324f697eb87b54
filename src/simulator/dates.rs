//! The three ways in which Twilio writes a date, and the ways in which a filter may.
//!
//! The 2010 API writes RFC 2822 with a numeric zone, the other APIs ISO 8601 in UTC, HTTP its own form.
//! All have whole seconds and are in UTC.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// `Thu, 24 Aug 2023 05:01:45 +0000`.
pub(super) fn rfc2822(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// `2015-07-30T20:00:00Z`.
pub(super) fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `Thu, 24 Aug 2023 05:01:45 GMT`.
pub(super) fn http(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// What a date filter covers, first and last moment: a whole day, or one second. None for odd text,
/// which the live service tolerates by not filtering.
pub(super) fn span(text: &str) -> Option<(Timestamp, Timestamp)> {
    let up_to = |start: Timestamp, length: SignedDuration| {
        let length = length - SignedDuration::from_nanos(1);
        Some((start, start.saturating_add(length).ok()?))
    };
    if let Some(moment) = moment(text) {
        return up_to(moment, SignedDuration::from_secs(1));
    }
    let day = text.parse::<Date>().ok()?;
    let start = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
    up_to(start, SignedDuration::from_hours(24))
}

/// A moment in ISO 8601; without a zone it is taken for UTC.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    if !text.contains(':') {
        return None;
    }
    text.parse::<Timestamp>().ok().or_else(|| {
        let naive = text.parse::<DateTime>().ok()?;
        Some(naive.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

/// A moment that many milliseconds later.
pub(super) fn after(at: Timestamp, milliseconds: u64) -> Timestamp {
    let length = SignedDuration::from_millis(i64::try_from(milliseconds).unwrap_or(i64::MAX));
    at.saturating_add(length).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_api_has_its_own_form() {
        let at: Timestamp = "2023-08-24T05:01:45.9Z".parse().unwrap();
        assert_eq!(rfc2822(at), "Thu, 24 Aug 2023 05:01:45 +0000");
        assert_eq!(iso(at), "2023-08-24T05:01:45Z");
        assert_eq!(http(at), "Thu, 24 Aug 2023 05:01:45 GMT");
    }

    #[test]
    fn a_filter_covers_a_day_or_a_second() {
        for (text, first, last) in [
            (
                "2026-01-02",
                "2026-01-02T00:00:00Z",
                "2026-01-02T23:59:59.999999999Z",
            ),
            (
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:04:05.999999999Z",
            ),
            (
                "2026-01-02T03:04:05",
                "2026-01-02T03:04:05Z",
                "2026-01-02T03:04:05.999999999Z",
            ),
        ] {
            assert_eq!(
                span(text),
                Some((first.parse().unwrap(), last.parse().unwrap())),
                "{text}"
            );
        }
        assert_eq!(span("last Tuesday"), None);
        // The last second of the calendar ends with it.
        let end = "9999-12-30T22:00:00.999999999Z";
        assert_eq!(span(end), Some((Timestamp::MAX, Timestamp::MAX)));
    }
}
