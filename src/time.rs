//! Times as the server writes them: `Retry-After`, and the ends of gates.

use crate::text::{cut, number, split};

/// Milliseconds; as a moment, those since 1970 on a wall clock, which may jump.
pub type Millis = u64;

pub(crate) const SECOND: Millis = 1000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// How long a `Retry-After` header asks to wait: seconds, or a date (RFC 9110 §10.2.3).
/// `None` for anything else.
///
/// # Examples
/// ```
/// use civitai_permissions::retry_after;
/// assert_eq!(retry_after("2", 0), Some(2000));
/// assert_eq!(retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 15_000), Some(45_000));
/// assert_eq!(retry_after("soon", 0), None);
/// ```
#[must_use]
pub fn retry_after(header: &str, now: Millis) -> Option<Millis> {
    let header = header.as_bytes().trim_ascii();
    match number(header) {
        Some(seconds) => Some(seconds.saturating_mul(SECOND)),
        None => Some(http_date(header)?.saturating_sub(now)),
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers may still send.
fn http_date(text: &[u8]) -> Option<Millis> {
    let [[.., b','], day, month, year, clock, b"GMT"] = split(text, b' ')[..] else { return None };
    let name = b"JanFebMarAprMayJunJulAugSepOctNovDec".chunks_exact(3).position(|name| name == month)?;
    date(number(year)?, name as u64 + 1, number(day)?)?.checked_add(clock_time(clock)?)
}

/// `2026-08-15T00:00:00.000Z`, as JavaScript writes a date; a date alone means its midnight.
pub(crate) fn iso_date(text: &str) -> Option<Millis> {
    let (day, clock) = text.as_bytes().split_at_checked(10)?;
    let [year, month, day] = split(day, b'-')[..] else { return None };
    let midnight = date(number(year)?, number(month)?, number(day)?)?;
    let clock = match clock {
        [] => return Some(midnight),
        [b'T', clock @ .., b'Z'] => clock,
        _ => return None,
    };
    let (time, fraction) = cut(clock, b'.');
    let fraction = match fraction {
        None => 0,
        Some(digits) if digits.len() == 3 => number(digits)?,
        Some(_) => return None,
    };
    midnight.checked_add(clock_time(time)?)?.checked_add(fraction)
}

fn clock_time(text: &[u8]) -> Option<Millis> {
    let [hours, minutes, seconds] = split(text, b':')[..] else { return None };
    let (hours, minutes, seconds) = (number(hours)?, number(minutes)?, number(seconds)?);
    if hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    Some(hours * HOUR + minutes * MINUTE + seconds * SECOND)
}

/// The midnight at which a day of the Gregorian calendar begins, from 1970 to 9999.
fn date(year: u64, month: u64, day: u64) -> Option<Millis> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Counted in years that begin in March, so that the leap day is a year's last
    // (Howard Hinnant, "chrono-compatible low-level date algorithms").
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year / 400, year % 400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era).checked_sub(719_468)?.checked_mul(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_agree_with_the_calendar() {
        assert_eq!(iso_date("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(iso_date("2000-03-01T00:00:00Z"), Some(951_868_800_000));
        assert_eq!(iso_date("2026-08-15T12:34:56.789Z"), Some(1_786_797_296_789));
        assert_eq!(iso_date("2024-02-29"), Some(1_709_164_800_000));
        assert_eq!(iso_date("1970-01-01T23:59:60Z"), Some(DAY), "a leap second");
        assert_eq!(http_date(b"Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000));
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in [
            "",
            "soon",
            "-1",
            "1.5",
            "Sun, 06 Nov 1994",
            "Sun, 06 Nox 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 GMT x",
            "Sun, 06 Nov 1994 08:49:37:00 GMT",
            "Sun 06 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(retry_after(text, 0), None, "{text}");
        }
        for clock in
            ["24:00:00", "00:60:00", "00:00:61", "00:00", "00:00:00.12", "00:00:00.1234", "00:00:00.x00"]
        {
            let text = format!("2026-08-15T{clock}Z");
            assert_eq!(iso_date(&text), None, "{text}");
        }
        for text in ["", "2026", "2026-13-01", "2026-08-15T25:00:00Z", "2026-08-15T00:00:00+01:00", "null"] {
            assert_eq!(iso_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_that_has_passed_asks_for_no_wait() {
        assert_eq!(retry_after("Thu, 01 Jan 1970 00:00:10 GMT", 20_000), Some(0));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parsers(text in ".*", now in any::<u64>()) {
            let _ = (retry_after(&text, now), iso_date(&text));
        }

        #[test]
        fn seconds_are_seconds(seconds in 0u64..10_000_000) {
            prop_assert_eq!(retry_after(&seconds.to_string(), 7), Some(seconds * 1000));
        }

        #[test]
        fn a_day_later_is_a_day_more(days in 0u64..2_900_000) {
            // The civil date, by the same author's inverse algorithm.
            let civil = |days: u64| {
                let z = days + 719_468;
                let (era, doe) = (z / 146_097, z % 146_097);
                let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
                let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
                let mp = (5 * doy + 2) / 153;
                let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
                (yoe + era * 400 + u64::from(month <= 2), month, day)
            };
            let (year, month, day) = civil(days);
            prop_assume!(year <= 9999);
            prop_assert_eq!(date(year, month, day), Some(days * DAY));
        }
    }
}
